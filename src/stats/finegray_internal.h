/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Fine–Gray engine share; nobody else includes this.
 *
 * It stands on the Cox engine's rows: in order of time, columns centred and scaled, event times found (one stratum,
 * Breslow's form, frequencies).  Symbols as in cox_internal.h: z a row of the design, w its weight, risk = w exp(z beta
 * - shift), W the weight of an event time's events.  Further: G the censoring distribution just before a time; the risk
 * set of an event time t holds the rows of this time or later with their risk, and earlier rows with the competing
 * event with risk G(t) / G(time).  Both parts are cumulative sums, the second one times G(t). */
#ifndef KAPLAN_STATS_FINEGRAY_INTERNAL_H
#define KAPLAN_STATS_FINEGRAY_INTERNAL_H

#include "stats/cox_internal.h"

struct finegray_problem {
  struct cox_problem rows; /* ties[].total is of the risk set with those who had the competing event */
  const uint8_t *status;   /* of the rows; borrowed */
  double *censoring;       /* of each row: G just before its time, > 0 */
  double *means;           /* n_ties x n_columns: mean z of the risk sets, after finegray_differentiate() */
};

/* Neither `design` nor `data` need outlive it, but data->status. */
void finegray_problem_init(struct finegray_problem *problem, const struct survival_data *data, const double *design,
                           size_t n_columns);
void finegray_problem_clear(struct finegray_problem *problem);

/* The log pseudo-likelihood at beta (n_columns values), with the rows' risk and expected events. */
enum status finegray_evaluate(struct finegray_problem *problem, const double *beta, struct cox_evaluation *at,
                              struct task *task);

/* score, information, gram_diagonal and the means at the beta of the last finegray_evaluate(). */
enum status finegray_differentiate(struct finegray_problem *problem, struct cox_evaluation *at, struct task *task);

/* Maximises the likelihood from beta = 0 into `optimum`, whose arrays are there and zeroed. */
enum status finegray_maximise(struct finegray_problem *problem, struct cox_evaluation *at, struct task *task,
                              struct cox_optimum *optimum);

/* The sandwich variance of the scaled coefficients into `robust` (n_columns x n_columns); `time` is that of the rows,
 * `covariance` the inverse information, and `at` differentiated. */
void finegray_robust_covariance(const struct finegray_problem *problem, const struct cox_evaluation *at,
                                const double *time, const double *covariance, double *robust);

/* The event time's G. */
static inline double finegray_tie_censoring(const struct finegray_problem *problem, size_t t)
{
  return problem->censoring[problem->rows.ties[t].first];
}

#endif
