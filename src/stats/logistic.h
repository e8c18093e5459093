/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logistic regression by maximum likelihood, as R's glm(family = binomial).
 *
 * The columns (an intercept is put before them) are centred and made orthonormal first, so that the accuracy is that of
 * a QR decomposition; Newton's method, which is iteratively reweighted least squares here, works on these. */
#ifndef KAPLAN_STATS_LOGISTIC_H
#define KAPLAN_STATS_LOGISTIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/cox.h" /* enum coefficient_state */

/* Coefficient 0 is the intercept, 1 … n_columns those of the columns.  Owns its arrays. */
struct logistic_model {
  size_t n, n_columns;
  double *beta, *std_error;      /* n_columns + 1; NaN where aliased */
  double *covariance;            /* (n_columns + 1)^2, row-major: the inverse information; 0 where aliased */
  enum coefficient_state *state; /* n_columns + 1; aliased: constant, or a combination of columns before it; infinite:
                                    the outcome is separated in its direction, or nothing but separated rows tell of it;
                                    the value is where the fit stopped */
  double rank;                   /* coefficients that are not aliased */
  double deviance, null_deviance, loglik;
  double *linear_predictor, *probability; /* of each row */
  bool separated;                         /* whether any coefficient is infinite */
  bool converged;
  int iterations;
};

/* Fits the probability that outcome[i] is 1 (else 0) to the design (row-major, n x n_columns, finite).  `weight` (>= 0,
 * or NULL: all 1) is a prior weight as in glm(): a row counts that many times; rows of weight 0 get a probability.
 * n_columns may be 0.  Without any weight everything is aliased.  Fails only where the task is cancelled, with nothing
 * to clear. */
enum status logistic_fit(const uint8_t *outcome, const double *weight, const double *design, size_t n, size_t n_columns,
                         struct task *task, struct logistic_model *model);

/* Releases the arrays; an empty model is left. */
void logistic_model_clear(struct logistic_model *model);

#endif
