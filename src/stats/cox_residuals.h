/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Residuals of a fitted Cox model, as R's residuals.coxph(), in O(n p). */
#ifndef KAPLAN_STATS_COX_RESIDUALS_H
#define KAPLAN_STATS_COX_RESIDUALS_H

#include "stats/cox.h"

/* Per row, in the order of the data; raw columns; owns its arrays.  Columns that are aliased have NaN in dfbeta and 0 else.
 */
struct cox_residuals {
  size_t n, n_columns;
  double *martingale; /* n: events less expected events, per unit of weight */
  double *deviance;   /* n: the same made more symmetric */
  double *score;      /* n x n_columns: each row's share of the score, per unit of weight */
  double *dfbeta;     /* n x n_columns: about the change of beta when the row is left out: its case weight times score times
                         the (model's) covariance; a frequency counts once, one of its patients is left out */
  size_t n_events;           /* rows below, by stratum and ascending in time */
  size_t *event_row;         /* of the data */
  double *schoenfeld;        /* n_events x n_columns: covariates less the mean of the risk set */
  double *scaled_schoenfeld; /* the same times covariance times number of events, plus beta (Grambsch and Therneau) */
};

/* Computes them all.  Efron's form under Efron ties, else Breslow's (R has none for exact ties). */
enum status cox_residuals_compute(const struct survival_data *data, const double *design, const struct cox_model *model,
                                  const struct cox_options *options, struct task *task, struct cox_residuals *residuals);
void cox_residuals_clear(struct cox_residuals *residuals);

#endif
