/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published results beside the cohort's own: over its curves, and as a table. */
#ifndef KAPLAN_VERBS_PRESENT_MARKS_H
#define KAPLAN_VERBS_PRESENT_MARKS_H

#include "report/report.h"
#include "session/analysis.h"
#include "session/state.h"

/* Whether a mark is of the current endpoint: only then it is shown. */
bool present_mark_is_shown(const struct state *state, const struct mark *mark);

/* Gives the plot the marks of the current endpoint. */
void present_marks_plot(const struct state *state, struct plot *plot);

/* Adds the table km_marks and its printed form: each mark beside each group's own estimate.  Nothing without marks. */
void present_marks(const struct km_analysis *analysis, const struct state *state, struct report *report);

/* "survival 0.69 (0.42–0.85) at 36 months", "median 20 months"; what a mark says. */
void present_mark_append(struct text *text, const struct mark *mark, const char *unit);

#endif
