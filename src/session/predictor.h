/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The current model as something that predicts: a Cox model fitted to those on view, or a published one that was typed in
 * and is applied to them.
 *
 * Patients whose values are typed (predict) or made up (a nomogram's axes) come as a small cohort with the columns that
 * the model uses; predictor_evaluate() gives their linear predictors, not centred: 0 with every number at 0 and every
 * factor at its reference. */
#ifndef KAPLAN_SESSION_PREDICTOR_H
#define KAPLAN_SESSION_PREDICTOR_H

#include "session/analysis.h"

/* A column of the cohort that the model uses. */
struct predictor_column {
  const struct column *column; /* of the state's cohort, borrowed */
  size_t component;            /* columns that one term ties together have the same: they have one effect together */
  bool is_stratum;             /* used in strata() */
};

struct predictor {
  const struct published *published; /* borrowed; NULL: fitted */
  const struct state *state;         /* borrowed */
  const struct cox_analysis *analysis; /* held with others; published: the gathered rows alone */
  double *linear_predictor;          /* of each gathered row */
  struct predictor_column *columns;
  size_t n_columns, n_components;
  struct cox_baseline *baselines; /* fitted: one a stratum */
};

/* Prepares the state's current model, whose columns the cohort must have.  STATUS_ERROR with a hint where there is no
 * model.  The state stays as it is while the predictor lives; the caller clears it. */
enum status predictor_init(struct predictor *predictor, const struct state *state, struct task *task,
                           struct error *error);
void predictor_clear(struct predictor *predictor);

/* The linear predictors of the patients (a cohort with at least the predictor's columns, complete) into
 * linear_predictor[patients->n_rows].  Fails where a level is unknown to the model. */
enum status predictor_evaluate(const struct predictor *predictor, const struct cohort *patients,
                               double *linear_predictor, struct error *error);

/* One patient's stratum, and covariates as the design codes them (n_columns of it; NULL: not wanted).  Fitted only. */
enum status predictor_place(const struct predictor *predictor, const struct cohort *patients, size_t row,
                            double *covariates, size_t *stratum, struct error *error);

/* The cumulative hazard at `time` for a linear predictor of 0; NaN where it is not known: beyond the last time of the
 * stratum, or before the first or beyond the last time of a published baseline.  0 before the first event. */
double predictor_hazard(const struct predictor *predictor, size_t stratum, double time);

/* A column like the cohort's with these n values: numbers, or codes of its levels. */
struct column *predictor_column_like(const struct column *column, const double *values, size_t n);

#endif
