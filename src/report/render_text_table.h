/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printed tables as aligned text, and the pieces of text that render_text.c shares with them. */
#ifndef KAPLAN_REPORT_RENDER_TEXT_TABLE_H
#define KAPLAN_REPORT_RENDER_TEXT_TABLE_H

#include <stdbool.h>

#include "base/text.h"
#include "report/printed.h"

/* Appends the table: title, titles of columns, rows, notes.  Where `columns` are too few it gives way as far as it can: titles
 * and names are broken, then cells; with may_close_up its gaps are narrowed if that makes it fit. */
void render_text_table(struct text *out, const struct printed_table *table, size_t columns, bool ascii, bool may_close_up);

/* Where its columns stand in that text: the first column of each in starts[0 … n_columns - 1].  Returns the width of all. */
size_t render_text_columns(const struct printed_table *table, size_t columns, bool ascii, size_t *starts);

/* Appends a paragraph broken between words at `columns`, with a newline at its end. */
void render_text_wrapped(struct text *out, const char *paragraph, size_t columns, bool ascii);

/* How many columns the visible form of a string takes. */
size_t render_text_width(const char *string, bool ascii);

#endif
