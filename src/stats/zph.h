/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Test of proportional hazards: the score test for adding x g(t) to a fitted Cox model, as R's cox.zph() since
 * survival 3.0. */
#ifndef KAPLAN_STATS_ZPH_H
#define KAPLAN_STATS_ZPH_H

#include "stats/cox.h"

/* g(t): 1 - S(t-) of all rows together (R's "km"); the rank of the time among all rows; the time; its logarithm. */
enum zph_transform { ZPH_KM, ZPH_RANK, ZPH_IDENTITY, ZPH_LOG };

/* The columns of one term, tested together. */
struct zph_term {
  size_t first, n_columns;
};

struct zph_test {
  double statistic, df, p_value; /* NaN where the term has no coefficient, or nothing varies */
};

/* Tests each term and, last, all of them (tests[n_terms]).  Aliased columns are left out.  g is centred at its mean over
 * the events; strata, delayed entry and weights are those of the fit.  Efron's form under Efron ties, else Breslow's.
 * `transformed` (n values, NULL allowed) receives g of each row.  Fails where a logarithm is wanted of a time at or under
 * 0; STATUS_CANCELLED when the task says so. */
enum status zph_test(const struct survival_data *data, const double *design, const struct cox_model *model,
                     const struct cox_options *options, const struct zph_term *terms, size_t n_terms,
                     enum zph_transform transform, struct task *task, double *transformed, struct zph_test *tests,
                     struct error *error);

#endif
