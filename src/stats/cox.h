/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cox's proportional hazards model by maximum partial likelihood, as R's coxph().
 *
 * The information matrix is a weighted Gram matrix of all rows less one of the risk-set means at the events, both
 * BLAS-3 over row blocks, so a Newton step is one pass over the design.  Covariates are centred and scaled first; the
 * linear predictor is shifted by its maximum before exp(). */
#ifndef KAPLAN_STATS_COX_H
#define KAPLAN_STATS_COX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/concordance.h"
#include "stats/survival_data.h"

enum cox_ties { TIES_EFRON, TIES_BRESLOW, TIES_EXACT };

/* What a weight is: nothing, a case weight (coxph's weights=), or that many equal rows. */
enum weight_kind { WEIGHT_CASE, WEIGHT_FREQUENCY };

/* What a fit says of its concordance. */
enum concordance_wanted { CONCORDANCE_WITH_ERROR, CONCORDANCE_ESTIMATE, CONCORDANCE_NONE };

struct cox_options {
  enum cox_ties ties;
  enum weight_kind weight_kind;
  bool robust;             /* sandwich variance; also with cluster, or with a case weight that is not whole */
  const uint32_t *cluster; /* 0-based cluster of each row, or NULL: each row its own */
  size_t n_clusters;
  double level;       /* of the limits: 0.95 */
  int max_iterations; /* 0: 100 */
  double enough;      /* stop once a whole step raises the likelihood by at most this part of itself, as R's
                         coxph.control(eps); 0: at the maximum, whatever that takes */
  enum concordance_wanted concordance; /* what is not wanted is NaN: it takes as long as two Newton steps */
};

/* What became of a coefficient. */
enum coefficient_state {
  COEFFICIENT_FINITE,
  COEFFICIENT_INFINITE, /* the likelihood rises without end in its direction (separation); the value is where the fit
                           stopped, the likelihood being flat */
  COEFFICIENT_ALIASED   /* a linear combination of columns before it, or constant: NaN */
};

struct cox_model {
  size_t n_columns;
  double *beta, *std_error; /* NaN where aliased; the robust error where robust, but the model's where infinite */
  double *covariance;       /* n_columns x n_columns, row-major; robust where robust; 0 where aliased */
  double *model_covariance; /* the inverse information */
  double *centre;           /* of each column: the (weighted) mean; the linear predictor is taken at the raw values */
  enum coefficient_state *state;
  double n, n_events; /* counts; a frequency counts as many */
  double loglik_null, loglik;
  double lr_statistic, wald_statistic, score_statistic; /* Wald: robust where robust */
  double df;                                            /* finite and infinite coefficients */
  struct concordance concordance;                       /* of the linear predictor, as options->concordance wants it; NaN
                                                           where no pair is comparable */
  int iterations;
  int evaluations; /* iterations with the steps that were too long: what R counts as iterations */
  bool converged;
  bool robust;
  double *linear_predictor; /* of each row, not centred */
};

/* Fits the model to data->n rows and the design matrix (row-major, n x n_columns, finite).  n_columns may be 0.
 * Findings (not converged, infinite, aliased) are in the model; fails only where ties=exact is out of reach, weighted
 * by case or to be robust (says so with a hint), or the task is cancelled, with nothing to clear.  Strata have
 * baselines of their own; `group` is not read.  Competing events count as censored.  n is under 2^32.  The caller
 * clears the model. */
enum status cox_fit(const struct survival_data *data, const double *design, size_t n_columns,
                    const struct cox_options *options, struct task *task, struct cox_model *model, struct error *error);
void cox_model_clear(struct cox_model *model);

/* The baseline of one stratum: cumulative hazard at the event times for a row whose linear predictor is 0. */
struct cox_baseline {
  size_t n_times;
  double *time, *hazard;
};

/* Baselines of all strata into baselines[0 … n_strata - 1] (the caller's array; clear each): Efron's form under Efron
 * ties, Breslow's otherwise; R's basehaz(centered = FALSE). */
enum status cox_baselines(const struct survival_data *data, const struct cox_model *model,
                          const struct cox_options *options, struct cox_baseline *baselines, struct error *error);
void cox_baseline_clear(struct cox_baseline *baseline);

#endif
