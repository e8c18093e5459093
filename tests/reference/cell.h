/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds in what a command printed the cell that targets.tsv names.
 *
 *   TABLE[KEY=VALUE, …].COLUMN     the first row in which each column KEY holds VALUE; TABLE.COLUMN is the first row
 *   TABLE[…].q3 - q1               the difference of two columns; `sd / sqrt(n)` likewise
 *
 * The table's writers shortened some keys, which are read as follows.  Where KEY is no column, it is the variable (or
 * term) and VALUE its level (or, in a table of points, its value): table1[surgery=NR].  `all` is the group of that
 * name, and in table1 the cohort's own count.  Another single word is the variable; several words are a term, with
 * blanks for underscores, and its level: nomogram_points[primary resection no]. */
#ifndef KAPLAN_TESTS_CELL_H
#define KAPLAN_TESTS_CELL_H

#include <stdbool.h>
#include <stdio.h>

#include "tests/reference/json.h"

/* The cell's number; NaN where it holds null.  False, and why on `differences`, where there is no such cell. */
bool cell_value(const struct json *answer, const char *cell, double *value, FILE *differences);

#endif
