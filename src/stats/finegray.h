/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fine and Gray's proportional model for the subdistribution hazard of an event, as R's cmprsk::crr(). */
#ifndef KAPLAN_STATS_FINEGRAY_H
#define KAPLAN_STATS_FINEGRAY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/cox.h"
#include "stats/survival_data.h"

/* A fitted model; owns its arrays.  coefficient_state is that of cox.h. */
struct finegray_model {
  size_t n_columns;
  double *beta, *std_error; /* NaN where aliased; the error is robust, but the model's where infinite */
  double *covariance;       /* n_columns x n_columns, row-major: the sandwich; 0 where aliased */
  enum coefficient_state *state;
  double n, n_events, n_competing; /* a frequency counts as many */
  double loglik_null, loglik;      /* log pseudo-likelihoods: no test is made of them */
  int iterations;
  bool converged;
};

/* Fits the model to data->n rows and the design matrix (row-major, n x n_columns, finite; n_columns may be 0).
 * STATUS_EVENT is the event.  Breslow's form for ties; who had the competing event stays in the risk set with the
 * weight G(t-) / G(time-), G the Kaplan–Meier estimate of the time to censoring from all rows; the variance is the
 * sandwich with the term that comes from estimating G (Fine and Gray, JASA 94, 1999).  Columns are centred and scaled
 * inside. Weights are frequencies.  `group` and `stratum` are not read.  n is under 2^32.
 *
 * Findings (not converged, infinite, aliased) are in the model.  STATUS_ERROR, with a hint, for delayed entry;
 * STATUS_CANCELLED when the task says so; nothing to clear then.  Else the caller clears the model. */
enum status finegray_fit(const struct survival_data *data, const double *design, size_t n_columns, struct task *task,
                         struct finegray_model *model, struct error *error);
void finegray_model_clear(struct finegray_model *model);

#endif
