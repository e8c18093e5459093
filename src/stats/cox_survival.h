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

/* ---- many patients at the same times ---- */

/* What the curves of all patients of one stratum are made of, cumulated up to some times: cox_survival_from_sums() then
 * gives any patient's in time proportional to n_columns squared, however many rows there are. */
struct cox_survival_sums {
  size_t n_times, n_columns;
  double shift;              /* of the linear predictor */
  double *hazard, *variance; /* at each time */
  double *means;             /* n_times x n_columns */
};

/* The data and the model that was fitted to them. */
struct cox_fitted {
  const struct survival_data *data;
  const double *design;
  const struct cox_model *model;
  const struct cox_options *options;
};

/* Sums up to each of the n_times times (in any order), of one stratum.  The caller clears them. */
void cox_survival_sums_init(const struct cox_fitted *fitted, size_t stratum, const double *times, size_t n_times,
                            struct cox_survival_sums *sums);
void cox_survival_sums_clear(struct cox_survival_sums *sums);

/* The survival of a patient with that profile just after time `i` of the sums, as cox_survival_at() of cox_survival(). */
struct cox_survival_point cox_survival_from_sums(const struct cox_survival_sums *sums, const struct cox_model *model,
                                                 const double *profile, size_t i);

#endif
