/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules of README.md ("Comparing"): rows matched on key columns, tolerances, NA, which rows may be more. */
#ifndef KAPLAN_TESTS_COMPARE_H
#define KAPLAN_TESTS_COMPARE_H

#include <stdbool.h>
#include <stdio.h>

#include "tests/reference/json.h"
#include "tests/reference/tsv.h"

struct tolerance {
  double relative, absolute;
};

/* Compares what a command printed (its JSON object) with the expected rows of a table; writes each difference to
 * `differences`, one a line, and returns whether there was none. */
bool compare_answer(const struct json *answer, const char *table, const struct tsv *expected,
                    struct tolerance tolerance, FILE *differences);

#endif
