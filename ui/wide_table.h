/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A printed table that is wider than its window: its first column stays, the others move under it by whole columns. */
#ifndef KAPLAN_UI_WIDE_TABLE_H
#define KAPLAN_UI_WIDE_TABLE_H

#include "ui/explorer_internal.h"

struct wide_table {
  size_t first_line, n_lines; /* lines of the view's text that are the table's: titles and rows */
  size_t n;                   /* columns */
  size_t *starts;             /* where each stands in the text, and the end behind the last: n + 1 */
  size_t columns;             /* of the window */
};

/* The one table of the view's text; false where there are none or several, or it fits.  The caller clears it. */
bool wide_table_find(const struct explorer *explorer, size_t columns, struct wide_table *table);
void wide_table_clear(struct wide_table *table);

/* The first of the moving columns that is shown where so many columns of text were passed over, and the last that fits. */
size_t wide_table_first(const struct wide_table *table, size_t passed);
size_t wide_table_last(const struct wide_table *table, size_t first);

/* What is passed over one column further (step 1) or back (-1); never more than brings the last column into the window. */
size_t wide_table_move(const struct wide_table *table, size_t passed, int step);

/* Appends a line of the table as the window shows it. */
void wide_table_append(const struct wide_table *table, size_t passed, const char *line, size_t length, struct text *text);

#endif
