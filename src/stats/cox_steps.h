/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One coefficient of a fitted Cox model taken apart: what each event time adds to the partial likelihood and its
 * derivatives at the estimate. */
#ifndef KAPLAN_STATS_COX_STEPS_H
#define KAPLAN_STATS_COX_STEPS_H

#include "stats/cox.h"

/* At an event time with events of total weight W and covariate x: `mean` is the risk-weighted mean of x over the risk set,
 * in Efron's form averaged over its steps; score = observed - expected.  The sums over the steps are the model's: 0, the
 * diagonal of the information, the log partial likelihood. */
struct cox_step {
  size_t stratum;
  double time;
  double n_risk, n_event; /* rows, by weight */
  double risk_sum;        /* sum of w exp(linear predictor - shift) over the risk set */
  double mean;
  double observed; /* sum of w x of the events */
  double expected; /* W mean */
  double score, information, loglik;
};

struct cox_steps {
  size_t n;
  struct cox_step *steps; /* by stratum, ascending in time */
  double shift; /* what the linear predictors were lessened by before exp(): 0, or their mean where exp() would overflow */
  double score, information, loglik; /* the sums */
};

/* Takes the coefficient of `column` (not aliased) apart.  Efron's form under Efron ties, else Breslow's: exact ties and
 * penalised models are not the caller's to ask for.  STATUS_CANCELLED, with nothing to clear, when the task says so; else
 * the caller clears it. */
enum status cox_steps_compute(const struct survival_data *data, const double *design, const struct cox_model *model,
                              const struct cox_options *options, size_t column, struct task *task,
                              struct cox_steps *steps);
void cox_steps_clear(struct cox_steps *steps);

#endif
