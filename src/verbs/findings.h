/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What in a cohort is worth a second look before it is analysed: the last part of `describe`. */
#ifndef KAPLAN_VERBS_FINDINGS_H
#define KAPLAN_VERBS_FINDINGS_H

#include "base/task.h"
#include "report/report.h"
#include "session/state.h"

/* What a column looks like by its name and values. */
enum column_role { ROLE_NONE, ROLE_ID, ROLE_TIME, ROLE_EVENT };

/* By the words of its name and the values of the members: an event has two values, a time is a number. */
enum column_role column_role_of(const struct state *state, const struct column *column);

/* The findings on the way: the table describe_findings (column, finding, n) and its printed form. */
struct findings {
  struct table *table;
  struct printed_table *printed;
};

void findings_init(struct findings *findings);

/* Gives both to the report, or says in it that nothing stands out. */
void findings_hand_over(struct findings *findings, struct report *report);

/* Looks at one column among the members: empty or nearly, constant, few values in a number, codes that look like missing
 * values, numbers kept as text, levels that differ in case or blanks alone, repeated ids, negative times, dates after the
 * last contact. */
void findings_look(const struct state *state, const struct column *column, struct findings *findings);

/* Looks at an endpoint among the members: times of 0, and who has no outcome, and why. */
void findings_look_endpoint(const struct state *state, const struct endpoint *endpoint, struct findings *findings);

/* The values of the members that are not missing, ascending; the caller frees them. */
double *members_values(const struct state *state, const struct column *column, size_t *n);

#endif
