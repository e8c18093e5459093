/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firth's penalised partial likelihood (Heinze and Schemper, Biometrics 2001;57:114-119): finite estimates where a Cox
 * model separates, and less bias where events are few. */
#ifndef KAPLAN_STATS_COX_FIRTH_H
#define KAPLAN_STATS_COX_FIRTH_H

#include "stats/cox.h"

/* The estimate maximises l(beta) + log det I(beta) / 2, I the information under the chosen ties.  Limits and p-values are
 * those of the profile of the penalised likelihood: the coefficient held, the penalty on the whole information. */
struct cox_firth {
  size_t n_columns;
  double *beta, *std_error;      /* NaN where aliased; the error from the inverse information at the estimate */
  double *covariance;            /* n_columns x n_columns, row-major; 0 where aliased */
  double *conf_low, *conf_high;  /* of beta; infinite where the profile never falls so far */
  double *p_value;
  double loglik_null, loglik;    /* penalised, at 0 and at the estimate */
  double lr_statistic, df;
  int iterations;
  bool converged;
};

enum { COX_FIRTH_MAX_COLUMNS = 100 }; /* each has two limits, each of several fits */

/* Fits; `model` is an ordinary fit of the same data, which says which columns are aliased.  Fails under ties=exact and with more columns than that;
 * STATUS_CANCELLED when the task says so, with nothing to clear. */
enum status cox_firth_fit(const struct survival_data *data, const double *design, const struct cox_model *model,
                          const struct cox_options *options, struct task *task, struct cox_firth *firth,
                          struct error *error);
void cox_firth_clear(struct cox_firth *firth);

#endif
