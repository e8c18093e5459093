/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A model typed in from a paper, not fitted: its linear predictor as an expression, and perhaps its baseline.
 *
 * Immutable and counted, as what a state holds is. */
#ifndef KAPLAN_SESSION_PUBLISHED_H
#define KAPLAN_SESSION_PUBLISHED_H

#include <stdatomic.h>
#include <stddef.h>

#include "lang/expr.h"

struct published {
  atomic_uint references;
  char *name;           /* "Luo 2024" */
  struct expr *formula; /* the linear predictor */
  size_t n_times;       /* of the baseline; 0: survival cannot be predicted */
  double *time;         /* ascending */
  double *hazard;       /* cumulative hazard at a linear predictor of 0 */
};

/* Takes over the expression and the arrays; copies the name.  The baseline is put into ascending order of time. */
struct published *published_new(const char *name, struct expr *formula, double *time, double *hazard, size_t n_times);
struct published *published_retain(const struct published *published);
void published_release(const struct published *published);

/* The cumulative hazard at t: of the last listed time at or before t; NaN before the first time and beyond the last, where
 * the paper says nothing. */
double published_hazard(const struct published *published, double time);

/* The listed time whose hazard stands for t: t itself, or the last before it; NaN where there is none, as above. */
double published_time(const struct published *published, double time);

#endif
