/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8 as a terminal shows it: decoding, display width, and the one gate through which data become visible.
 *
 * Cells, column names, levels, file names and error texts are data: they may hold escape sequences, C1 controls or
 * bidirectional overrides.  Everything that is printed or drawn goes through utf8_append_visible() (or the canvas,
 * which calls utf8_visible_glyph()), after which no control code is left. */
#ifndef KAPLAN_BASE_UTF8_H
#define KAPLAN_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* Decodes the character at `bytes` (`length` > 0 bytes are there) into *point; returns its length in bytes.  An invalid
 * byte gives the length 1 and the point UTF8_INVALID | byte. */
#define UTF8_INVALID 0x80000000u
size_t utf8_decode(const char *bytes, size_t length, uint32_t *point);

/* Appends a code point as UTF-8. */
void utf8_append(struct text *text, uint32_t point);

/* Whether the bytes are valid UTF-8. */
bool utf8_is_valid(const char *bytes, size_t length);

/* Columns of a terminal that a code point takes: 0 (combining), 1 or 2; -1 for what must not be sent to a terminal:
 * controls, C1, invalid bytes, bidirectional and zero-width formatting, tags, private use, surrogates. */
int utf8_width(uint32_t point);

/* Columns that the string takes when it is shown through utf8_append_visible(). */
size_t utf8_string_width(const char *string);

/* Appends `string` with whatever utf8_width() refuses made visible: `^[` for escape, `<9B>` for an invalid byte,
 * `<U+202E>` for the rest.  Tabs and newlines become `^I` and `^J`. */
void utf8_append_visible(struct text *text, const char *string);

/* Writes the visible form of one refused point (ASCII, NUL-ended, under 12 bytes). */
void utf8_visible_glyph(uint32_t point, char form[12]);

/* Appends the visible form of `string` in exactly `width` columns: padded with spaces on the right (on the left where
 * `right_aligned`), or cut with an ellipsis ("…", or "~" where `ascii`) when it is wider. */
void utf8_append_fitted(struct text *text, const char *string, size_t width, bool right_aligned, bool ascii);

#endif
