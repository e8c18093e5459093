/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How well a Cox model does, and would do on other patients: optimism by the bootstrap, as rms's validate() and
 * calibrate(cmethod = "KM"). */
#ifndef KAPLAN_STATS_VALIDATION_H
#define KAPLAN_STATS_VALIDATION_H

#include "base/error.h"
#include "base/task.h"
#include "stats/cox.h"

/* rms's indexes: concordance; Dxy = 2 (C - 1/2); Nagelkerke's R2; calibration slope; discrimination D = (LR - 1) / L0,
 * unreliability U, overall quality Q = D - U; Gini's mean difference g of the linear predictor.  L0 is -2 log likelihood
 * of the null model. */
enum validation_index { INDEX_C, INDEX_DXY, INDEX_R2, INDEX_SLOPE, INDEX_D, INDEX_U, INDEX_Q, INDEX_G, N_INDEXES };

struct validation {
  double apparent[N_INDEXES];
  double training[N_INDEXES], test[N_INDEXES]; /* means over the resamples; NaN without any */
  double optimism[N_INDEXES];                  /* training - test */
  double corrected[N_INDEXES];                 /* apparent - optimism */
  double low[N_INDEXES], high[N_INDEXES];      /* percentiles of the training index over the resamples; of C and Dxy over
                                                * all, those that are left out of the means, too */
  size_t n_resamples; /* those that could be fitted: not diverged, nor with a coefficient that cannot be estimated there */
};

/* What is validated.  With `design` NULL the model is not fitted but given (published): its linear predictors are the
 * score, each resample gives the index of the score itself, and there is no optimism. */
struct validation_input {
  const struct survival_data *data;
  const double *design; /* n x n_columns, or NULL */
  size_t n_columns;
  const double *score; /* the linear predictor of each row */
  const struct cox_options *options; /* cluster: whole clusters are drawn */
  const enum coefficient_state *state; /* of the fitted model's coefficients, or NULL: none is aliased */
  const uint32_t *rank; /* of each row (time order) among the rows as the file has them: what the draws count */
};

struct validation_request {
  size_t n_resamples;
  uint32_t seed;
  double level; /* of the percentile limits */
};

/* Computes the indexes on the patients and over the resamples.  As in rms a resample is left out where a coefficient
 * is aliased, or where the fit has not come within 1e-4 of its likelihood in ten iterations; where it has, but a
 * coefficient is infinite, the value reached then stands, as there.  Fails as cox_fit() does; STATUS_CANCELLED when the task
 * says so. */
enum status validation_compute(const struct validation_input *input, const struct validation_request *request,
                               struct task *task, struct validation *validation, struct error *error);

/* Predicted against observed survival at one time, in groups of equal size by predicted survival. */
struct calibration_group {
  double n, predicted, observed, low, high; /* mean prediction; Kaplan–Meier with log limits, NaN beyond the last time */
  double corrected;                         /* observed - optimism; NaN without resamples */
};

/* hazard[s]: the cumulative hazard at `time` of stratum s at a linear predictor of 0.  groups[n_groups] is filled; a
 * group that ties leave empty has n = 0.  A given (published) model has no optimism. */
enum status calibration_compute(const struct validation_input *input, const struct validation_request *request,
                                double time, const double *hazard, size_t n_groups, struct task *task,
                                struct calibration_group *groups, struct error *error);

#endif
