/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Columns in words: what a reader or a `derive` made. */
#ifndef KAPLAN_VERBS_DESCRIBE_H
#define KAPLAN_VERBS_DESCRIBE_H

#include "report/report.h"
#include "session/state.h"

/* Adds the table `columns` (name, type, values, missing, content) over the members of the cohort, as data and printed. */
void describe_columns(const struct state *state, struct report *report);

/* Adds one line on a column: its type, its levels with counts or its range, and how many values are missing. */
void describe_column(const struct state *state, const struct column *column, struct report *report);

/* Warns where the cohort has a column of that name, which is about to be replaced, and says so by true. */
bool describe_replaced(const struct state *state, const char *name, struct report *report);

#endif
