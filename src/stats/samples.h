/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A numeric variable compared between groups: t tests, analysis of variance, rank tests; its quantiles and moments; the
 * standardised differences of a baseline table.
 *
 * Throughout `values` are n numbers, none of them NaN, and group[i] is in 0 … n_groups - 1.  Groups without rows are
 * left out.  Nothing is owned.  Sums are over deviations, so that values far from 0 (1e10 and a spread of 1) keep their
 * digits. */
#ifndef KAPLAN_STATS_SAMPLES_H
#define KAPLAN_STATS_SAMPLES_H

#include <stddef.h>
#include <stdint.h>

/* What is not estimable, or not part of a test, is NaN. */
struct sample_test {
  double statistic, df, df2, p_value;
};

/* Student's t of the first group with rows minus the second, with the pooled variance, as R's t.test(var.equal = TRUE);
 * two-sided.  NaN unless exactly two groups have rows, or where the values do not vary (a standard error under ten
 * epsilon of the means, R's "essentially constant"). */
struct sample_test samples_t(const double *values, const uint32_t *group, size_t n, size_t n_groups);

/* The same with Welch's standard error and degrees of freedom, as R's t.test(); of more than two groups Welch's F with df,
 * df2, as R's oneway.test().  NaN where a group has fewer than two rows, or, of more than two, does not vary. */
struct sample_test samples_welch(const double *values, const uint32_t *group, size_t n, size_t n_groups);

/* One-way analysis of variance, as R's anova(lm(values ~ factor(group))): F with df, df2.  NaN with fewer than two
 * groups, without residual degrees of freedom, or where nothing varies within the groups. */
struct sample_test samples_anova(const double *values, const uint32_t *group, size_t n, size_t n_groups);

/* Mann–Whitney: W of the first group with rows, two-sided p from the normal approximation with the correction for ties
 * and without one for continuity, as R's wilcox.test(exact = FALSE, correct = FALSE).  No df.  NaN unless exactly two
 * groups have rows; where all values are equal p alone is. */
struct sample_test samples_mann_whitney(const double *values, const uint32_t *group, size_t n, size_t n_groups);

/* Kruskal–Wallis with the correction for ties, as R's kruskal.test().  NaN with fewer than two groups, or where all
 * values are equal. */
struct sample_test samples_kruskal_wallis(const double *values, const uint32_t *group, size_t n, size_t n_groups);

/* What the two rank tests are made of: rows and sums of mid-ranks of the groups that have rows, in their order; `ties`, the sum
 * over runs of t equal values of t^3 - t.  The caller clears it. */
struct rank_sums {
  size_t n_groups;
  double *n, *sum;
  double ties;
};
struct rank_sums samples_rank_sums(const double *values, const uint32_t *group, size_t n, size_t n_groups);
void rank_sums_clear(struct rank_sums *sums);

/* The quantile (p from 0 to 1) of n ascending values by R's type 6 or 7; NaN for n = 0, NaN among p, other types. */
double sample_quantile(const double *sorted, size_t n, double p, int type);

/* Mean, standard deviation (n - 1), standard error of the mean; NaN for n = 0, and sd and sem for n = 1. */
struct sample_moments {
  double mean, sd, sem;
};
struct sample_moments sample_moments(const double *values, size_t n);

/* (mean_a - mean_b) / sqrt((variance_a + variance_b) / 2) of groups a and b, signed, as R's stddiff and (but for the
 * sign) tableone.  With weights (>= 0; NULL: none)  mean = sum w x / sum w,
 * variance = m / (m - 1) sum w (x - mean)^2 / sum w,  m the rows of the group with w > 0: survey's svyvar(), which
 * tableone's svyCreateTableOne() takes; equal weights are no weights.  NaN where a group has fewer than two such rows,
 * or nothing varies. */
double standardised_difference(const double *values, const uint32_t *group, const double *weight, size_t n, uint32_t a,
                               uint32_t b);

/* The same of a factor, level[i] in 0 … n_levels - 1: sqrt(d' S^-1 d), d the differences of the (weighted) proportions,
 * S the mean of the two multinomial covariances p_k [k = l] - p_k p_l, one level left out (Yang & Dalton, SAS Global
 * Forum 2012, 335); for two levels |p_a - p_b| / sqrt((p_a (1 - p_a) + p_b (1 - p_b)) / 2).  Levels in neither group
 * are left out.  Never negative.  NaN where a group has no rows, one level alone occurs, or no level occurs in both
 * groups (infinite). */
double standardised_difference_levels(const uint32_t *level, size_t n_levels, const uint32_t *group,
                                      const double *weight, size_t n, uint32_t a, uint32_t b);

#endif
