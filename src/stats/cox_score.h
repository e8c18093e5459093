/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The likelihood of a Cox model where it was not maximised: the score test for further columns, the value at a beta. */
#ifndef KAPLAN_STATS_COX_SCORE_H
#define KAPLAN_STATS_COX_SCORE_H

#include "stats/cox.h"

struct score_test {
  double statistic, df, p_value; /* df: the added columns that the others do not imply; 0 of them: NaN, 0, NaN */
};

/* Tests the last n_added of n_columns columns (row-major design, as for cox_fit()) against the model of those before
 * them, whose fitted coefficients are beta[0 … n_columns - n_added - 1] (NaN: aliased, taken as 0): U' I^-1 U at
 * (beta, 0), as coxph() started there gives it and as SPSS's forward selection enters variables.  STATUS_CANCELLED
 * when the task says so. */
enum status cox_score_test(const struct survival_data *data, const double *design, size_t n_columns, size_t n_added,
                           const double *beta, const struct cox_options *options, struct task *task,
                           struct score_test *test);

/* The log partial likelihood at `beta` (raw columns).  STATUS_CANCELLED when the task says so. */
enum status cox_loglik(const struct survival_data *data, const double *design, size_t n_columns, const double *beta,
                       const struct cox_options *options, struct task *task, double *loglik);

#endif
