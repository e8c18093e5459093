/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a number can be cut in two: found beside the keys, kept while the column and the cohort stay. */
#ifndef KAPLAN_UI_CUTS_H
#define KAPLAN_UI_CUTS_H

#include <stdbool.h>

#include "base/task.h"
#include "session/state.h"

/* The distinct values of a number among the members but the smallest, at most 40 of them, evenly chosen. */
struct cut_points {
  const struct column *column;   /* retained; NULL: none were looked for */
  const struct row_set *members; /* retained */
  double *points;                /* NULL: not found yet */
  size_t n;
  int steps; /* to be gone when they are found: above 0 up, below 0 down */
};

void cut_points_init(struct cut_points *cuts, const struct column *column, const struct row_set *members);
void cut_points_find(struct cut_points *cuts, struct task *task); /* NULL stays where the task is cancelled */
void cut_points_clear(struct cut_points *cuts);

/* Whether they are of that column among the state's members. */
bool cut_points_are_of(const struct cut_points *cuts, const struct column *column, const struct state *state);

/* The point that many steps above `now` or below it, as far as there are; from none (NaN) the first step is to the median.
 * NaN where there are no points. */
double cut_points_step(const struct cut_points *cuts, double now, int steps);

/* The least value above another among the members, infinite where there is none; remembered, since a frame is drawn at every
 * key. */
struct next_value {
  const struct column *column; /* retained; NULL: nothing is remembered */
  const struct row_set *members;
  double below, value;
};
double next_value_above(struct next_value *next, const struct column *column, const struct row_set *members, double below);
void next_value_clear(struct next_value *next);

/* Whether a number has at least `most` distinct finite values among the members: stops at so many. */
bool column_has_values(const struct column *column, const struct row_set *members, size_t most);

#endif
