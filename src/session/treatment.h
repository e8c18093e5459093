/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making two treatment groups alike: the propensity score of those on view, weights or matched sets from it, and the
 * balance of the covariates before and after. */
#ifndef KAPLAN_SESSION_TREATMENT_H
#define KAPLAN_SESSION_TREATMENT_H

#include "base/task.h"
#include "session/design.h"
#include "stats/logistic.h"
#include "stats/matching.h"
#include "stats/propensity.h"

struct treatment_request {
  const struct formula *formula; /* what the score is made of */
  const char *treatment;         /* column */
  const char *treated, *control; /* levels; control NULL: all others, treated NULL: the last of two on view */
  const struct bitmap *condition;
  bool matches; /* match instead of weigh */
  struct propensity_options weighting;
  size_t ratio;
  double caliper;
  const char *exact; /* match only within the levels of this column, or NULL */
};

/* Standardised mean difference, treated less control, of one column of the design: (mean1 - mean0) / sqrt((v1 + v0) / 2)
 * with the variances of the unadjusted groups before and after, so that only the means move. */
struct treatment_balance {
  double mean[2], adjusted_mean[2]; /* control, treated */
  double before, after;
};

struct treatment_analysis {
  struct formula formula; /* owned copy by text */
  struct design design;
  uint32_t *rows; /* of the cohort */
  uint8_t *treated;
  size_t n, n_on_view;
  struct logistic_model model;
  struct propensity_weights weights; /* where weighed */
  struct matching matching;          /* where matched */
  bool matched;
  struct treatment_balance *balance; /* one a column of the design */
};

/* Fails on unknown columns and levels, and where one group is empty.  The caller clears it. */
enum status treatment_analyse(const struct state *state, const struct treatment_request *request, struct task *task,
                              struct treatment_analysis *analysis, struct error *error);
void treatment_analysis_clear(struct treatment_analysis *analysis);

/* What a row counts after the adjustment: its weight, or 1 in a matched set and else 0 (controls of one set share a
 * weight of 1). */
double treatment_weight(const struct treatment_analysis *analysis, size_t i);

#endif
