/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command `why` found, read step by step: for a pane that walks through it.
 *
 * The report of `why` has the table `why` (kind, item, value: what the number is made of, in the end) and the table
 * `why_steps`, whose columns depend on the kind; a step of a log-rank test is a row a group.  Its texts are the formula
 * in words. */
#ifndef KAPLAN_VERBS_WHY_H
#define KAPLAN_VERBS_WHY_H

#include "base/text.h"
#include "report/report.h"

enum why_kind {
  WHY_SURVIVAL,
  WHY_MEDIAN,
  WHY_LOGRANK,
  WHY_HR,
  WHY_CONCORDANCE,
  WHY_PAIRS,
  WHY_POINTS,
  WHY_INTERACTION,
  WHY_TABLE1, /* the command's word; what it finds is one of the four that follow */
  WHY_CELLS,  /* a factor's test: a step is a cell */
  WHY_FISHER, /* of 2 x 2: a step is a table with the same margins */
  WHY_MEANS,  /* a number's test: a step is a group */
  WHY_RANKS,
  WHY_FLOW,
  WHY_KINDS
};

/* The kind by the table `why`; WHY_KINDS where the report is none of `why`. */
enum why_kind why_kind_of(const struct report *report);

/* An item of the table `why`; NaN where it has none, or none that is available. */
double why_item(const struct report *report, const char *item);

/* How many steps there are, and how many rows of why_steps each has. */
size_t why_n_steps(const struct report *report);
size_t why_step_rows(const struct report *report);

/* A cell of why_steps: row `row` of step `step`, by the column's name.  NaN and NULL where it is not available. */
double why_number(const struct report *report, size_t step, size_t row, const char *column);
const char *why_text(const struct report *report, size_t step, size_t row, const char *column);

/* The step at which the number stands: the last of a survival, the crossing of a median, else the first. */
size_t why_focus(const struct report *report);

/* Appends one line: the arithmetic of a step with its numbers, "t = 14: 17 at risk, 1 event: S = 0.8067 × (1 - 1/17) =
 * 0.7591". */
void why_explain(const struct report *report, size_t step, struct text *text);

#endif
