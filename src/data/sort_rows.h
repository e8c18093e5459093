/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows in the order of a column's values. */
#ifndef KAPLAN_DATA_SORT_ROWS_H
#define KAPLAN_DATA_SORT_ROWS_H

#include "data/column.h"

/* Sorts n rows of a column, factors by their levels' order: stable, missing values last in both directions. */
void sort_rows(const struct column *column, bool descending, uint32_t *rows, size_t n);

#endif
