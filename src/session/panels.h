/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curves of an analysis once more in each level of another variable, or in each branch: small multiples. */
#ifndef KAPLAN_SESSION_PANELS_H
#define KAPLAN_SESSION_PANELS_H

#include "session/analysis.h"

enum { PANELS_MOST = 64, PANELS_MOST_GROUPS = 20 };

/* What stands for a variable's name where the panels are the branches; a column of that name comes first. */
#define PANELS_OF_BRANCHES "branches"

/* One level, or one branch.  The curves have the places of the analysis's groups; a group that the level lacks has a curve without times. */
struct km_panel {
  char *name, *label; /* of the level: as in the data, and for people; of a branch both are its name */
  double n;           /* rows, or the sum of their weights */
  struct km_curve *curves;
  struct km_quantile *medians;
  double statistic, df, p_value; /* of the log-rank test; NaN where there is nothing to compare, or with weights */
};

struct km_panels {
  char *variable, *label;
  struct km_panel *panels;
  size_t n_panels, n_groups;
  size_t n_further; /* levels with patients that have no panel: there are more than PANELS_MOST */
  size_t n_missing; /* rows of the analysis without a level */
};

/* The factor of that name; NULL for PANELS_OF_BRANCHES.  Fails with the way out where there is none, or it is no factor, or
 * there are no branches. */
enum status km_panels_find(const struct state *state, const char *variable, const struct column **column,
                           struct error *error);

/* Fits curves and tests in each level that has patients, in the order of the levels, on the analysis's own rows; with
 * PANELS_OF_BRANCHES first on all of them ("all"), then in each branch that has patients.  Fails as
 * km_panels_find(), and with more than PANELS_MOST_GROUPS groups; else the caller clears *panels. */
enum status km_panels_analyse(const struct state *state, const char *variable, const struct km_analysis *analysis,
                              struct task *task, struct km_panels *panels, struct error *error);
void km_panels_clear(struct km_panels *panels);

#endif
