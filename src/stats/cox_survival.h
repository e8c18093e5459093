/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Survival predicted by a Cox model for one patient, with its error, as R's survfit(coxph, newdata). */
#ifndef KAPLAN_STATS_COX_SURVIVAL_H
#define KAPLAN_STATS_COX_SURVIVAL_H

#include "stats/cox.h"

/* One row an event time of the patient's stratum, ascending. */
struct cox_survival {
  size_t n_times;
  double *time;
  double *hazard;    /* cumulative, of the patient */
  double *log_error; /* standard error of it, and so of the logarithm of survival: the hazard's and the coefficients' */
};

/* Computes the curve of the stratum for the covariates `profile` (n_columns raw values, as in `design`).  Efron's form
 * under Efron ties, else Breslow's; the coefficients' part uses model->covariance (robust where that is).  The caller
 * clears it. */
enum status cox_survival(const struct survival_data *data, const double *design, const struct cox_model *model,
                         const struct cox_options *options, size_t stratum, const double *profile,
                         struct cox_survival *result);
void cox_survival_clear(struct cox_survival *result);

/* Survival exp(-hazard) just after `time`, and the standard error of its logarithm; 1 and 0 before the first event. */
struct cox_survival_point {
  double survival, log_error;
};
struct cox_survival_point cox_survival_at(const struct cox_survival *result, double time);

/* The first time at which survival is at or under `survival`; NaN where it never is. */
double cox_survival_quantile(const struct cox_survival *result, double survival);

#endif
