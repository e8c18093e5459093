/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The gradient of Firth's penalty. */
#ifndef KAPLAN_STATS_COX_PENALTY_H
#define KAPLAN_STATS_COX_PENALTY_H

#include "stats/cox_internal.h"

/* Half the gradient of log det I(beta), n_columns values, at the beta of the last cox_evaluate(); `inverse` is I^-1.
 * Efron's and Breslow's form; O(n p^2). */
void cox_penalty_gradient(const struct cox_problem *problem, const struct cox_evaluation *at, const double *inverse,
                          double *gradient);

#endif
