/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The interface's own glyphs in a terminal that has ASCII alone. */
#ifndef KAPLAN_REPORT_ASCII_H
#define KAPLAN_REPORT_ASCII_H

#include <stdint.h>

#include "base/text.h"

/* The ASCII likeness of a glyph of the interface (– — ± … × ≤ ≥ and box drawing), NULL where it has none. */
const char *ascii_likeness(uint32_t point);

/* Appends the visible form of `string`; where `ascii`, with the interface's glyphs replaced and letters of data kept. */
void ascii_append_visible(struct text *text, const char *string, int ascii);

#endif
