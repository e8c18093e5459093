/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models over some of the terms of one formula, on one set of rows: what stepwise selection and comparisons walk
 * through.  The design is built once; each model copies the columns of its terms. */
#ifndef KAPLAN_SESSION_SELECTION_H
#define KAPLAN_SESSION_SELECTION_H

#include <stdbool.h>

#include "session/analysis.h"
#include "stats/cox_score.h"

enum selection_direction { SELECT_FORWARD, SELECT_BACKWARD, SELECT_BOTH };
enum selection_criterion { SELECT_WALD, SELECT_LR, SELECT_AIC };

struct selection_options {
  enum selection_direction direction;
  enum selection_criterion criterion;
  double enter, remove; /* limits of p */
};

/* One change of the model.  AIC: its statistic is not available, `aic` is the new model's. */
struct selection_step {
  bool enters;
  size_t term;
  double statistic, df, p_value, aic;
};

struct selection_path {
  struct selection_step *steps;
  size_t n_steps, capacity;
  bool *is_in; /* of each term, at the end */
  double start_aic; /* of the model it began with */
  bool cycled; /* it stopped because a model came again */
};

/* Selects among the terms of a prepared analysis (cox_prepare()); is_forced[t] (NULL: none) is always in.
 *
 * Wald and likelihood ratio are SPSS's FSTEP and BSTEP: the term with the smallest score-test p under `enter` enters,
 * then terms leave, the one with the greatest p (Wald's or the likelihood ratio's) first, while that is above `remove`;
 * a factor enters and leaves whole.  Forward and both begin with nothing, backward with all (and removes before anything
 * can enter).  AIC is R's step(): the change that lowers it most, until none does; backward only removes, forward only
 * adds, both begins with nothing.  STATUS_CANCELLED when the task says so; the caller clears the path. */
enum status selection_run(const struct cox_analysis *prepared, const struct selection_options *options,
                          const bool *is_forced, struct task *task, struct selection_path *path, struct error *error);
void selection_path_clear(struct selection_path *path);

/* Fits the model of the terms with is_in[t]; the caller clears it. */
enum status selection_fit(const struct cox_analysis *prepared, const bool *is_in, struct task *task,
                          struct cox_model *model, struct error *error);

/* Wald's joint test of one term's coefficients in a fitted model whose columns begin at `first`; aliased columns are
 * left out.  NaN without degrees of freedom. */
struct score_test cox_term_wald(const struct cox_model *model, size_t first, size_t n_columns);

#endif
