/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of counts: chi-square tests of independence and of trend.
 *
 * Throughout `counts` are n_rows x n_columns numbers >= 0, row by row; weighted counts need not be whole.  Rows and
 * columns without counts are left out first.  Nothing is owned. */
#ifndef KAPLAN_STATS_CONTINGENCY_H
#define KAPLAN_STATS_CONTINGENCY_H

#include <stddef.h>

/* NaN where fewer than two rows or two columns have counts. */
struct contingency_test {
  double statistic, df, p_value;
};

/* Pearson's chi-square without correction, as R's chisq.test(correct = FALSE). */
struct contingency_test contingency_chi_square(const double *counts, size_t n_rows, size_t n_columns);

/* The same with Yates' correction, which only a 2 x 2 table has (what is left of it, when empty rows are gone), as R's
 * chisq.test(): each |observed - expected| is less by 0.5, or by itself where it is smaller. */
struct contingency_test contingency_chi_square_yates(const double *counts, size_t n_rows, size_t n_columns);

/* The likelihood-ratio chi-square G = 2 sum observed log(observed / expected), as DescTools' GTest(). */
struct contingency_test contingency_likelihood_ratio(const double *counts, size_t n_rows, size_t n_columns);

/* The smallest expected count; NaN for a table without counts. */
double contingency_least_expected(const double *counts, size_t n_rows, size_t n_columns);

/* The Cochran–Armitage test for a trend of the proportions over n columns, 1 degree of freedom, two-sided, as R's
 * prop.trend.test().  `counts` is 2 x n: those with and those without; `score` are n numbers, or NULL for 1, 2, ….  NaN
 * where a row is empty or all counts have one score. */
struct contingency_test contingency_trend(const double *counts, size_t n, const double *score);

/* Copies the rows and columns that have counts into `kept` (room for n_rows x n_columns), row by row, and says how many
 * there are. */
void contingency_keep_filled(const double *counts, size_t n_rows, size_t n_columns, double *kept, size_t *kept_rows,
                             size_t *kept_columns);

#endif
