/* SPDX-License-Identifier: GPL-3.0-or-later */
/* t tests and analysis of variance, from the groups' sizes, means and sums of squares about them.
 *
 * Means are kept as differences to the first value, which is exact for values close together however far from 0. */
#include "stats/samples.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/beta_tail.h"
#include "stats/compensated.h"

struct group_moments {
  size_t n;
  double mean, squares; /* less the origin; squares about the mean */
};

/* The groups that have rows, in their order. */
struct groups {
  size_t n, n_groups;
  double origin, largest; /* the first value; the largest absolute mean */
  struct group_moments *of;
};

static const struct sample_test not_estimable = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};

/* Adds (value - origin - mean)^power of each row to its group's sum. */
static struct compensated_sum *sum_powers(const double *values, const uint32_t *group, const struct groups *groups,
                                          size_t n_groups, bool squared)
{
  struct compensated_sum *sums = memory_new(n_groups, sizeof *sums);
  for (size_t i = 0; i < groups->n; i++) {
    double deviation = (values[i] - groups->origin) - groups->of[group[i]].mean;
    compensated_add(&sums[group[i]], squared ? deviation * deviation : deviation);
  }
  return sums;
}

static struct groups groups_of(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct groups groups = {.n = n, .origin = n ? values[0] : 0, .of = memory_new(n_groups, sizeof *groups.of)};
  for (size_t i = 0; i < n; i++)
    groups.of[group[i]].n++;
  struct compensated_sum *sums = sum_powers(values, group, &groups, n_groups, false);
  for (size_t j = 0; j < n_groups; j++)
    if (groups.of[j].n)
      groups.of[j].mean = compensated_value(&sums[j]) / (double)groups.of[j].n;
  free(sums);
  sums = sum_powers(values, group, &groups, n_groups, true);
  for (size_t j = 0; j < n_groups; j++) {
    if (groups.of[j].n == 0)
      continue;
    groups.of[j].squares = groups.of[j].n > 1 ? compensated_value(&sums[j]) : 0;
    groups.largest = fmax(groups.largest, fabs(groups.origin + groups.of[j].mean));
    groups.of[groups.n_groups++] = groups.of[j];
  }
  free(sums);
  return groups;
}

static struct sample_test t_of(const struct groups *groups, double std_error, double df)
{
  if (!(df > 0) || !(std_error > 10 * DBL_EPSILON * groups->largest) || isinf(std_error))
    return not_estimable;
  struct sample_test test = not_estimable;
  test.statistic = (groups->of[0].mean - groups->of[1].mean) / std_error;
  test.df = df;
  test.p_value = student_two_sided(test.statistic, df);
  return test;
}

struct sample_test samples_t(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct groups groups = groups_of(values, group, n, n_groups);
  struct sample_test test = not_estimable;
  if (groups.n_groups == 2) {
    double n1 = (double)groups.of[0].n, n2 = (double)groups.of[1].n, df = n1 + n2 - 2;
    double variance = (groups.of[0].squares + groups.of[1].squares) / df;
    test = t_of(&groups, sqrt(variance * (1 / n1 + 1 / n2)), df);
  }
  free(groups.of);
  return test;
}

/* Welch, Biometrika 1951;38:330-336: weights n / s^2, F with the denominator's degrees of freedom from their spread. */
static struct sample_test welch_of_many(const struct groups *groups)
{
  const double k = (double)groups->n_groups;
  double total = 0, mean = 0, between = 0, spread = 0;
  for (size_t j = 0; j < groups->n_groups; j++) {
    const double n = (double)groups->of[j].n, variance = groups->of[j].squares / (n - 1), error = sqrt(variance / n);
    if (n < 2 || !(error > 10 * DBL_EPSILON * groups->largest))
      return not_estimable;
    total += n / variance;
    mean += n / variance * groups->of[j].mean;
  }
  mean /= total;
  for (size_t j = 0; j < groups->n_groups; j++) {
    const double n = (double)groups->of[j].n, weight = n * (n - 1) / groups->of[j].squares;
    between += weight * (groups->of[j].mean - mean) * (groups->of[j].mean - mean);
    spread += (1 - weight / total) * (1 - weight / total) / (n - 1) / (k * k - 1);
  }
  const double f = between / (k - 1) / (1 + 2 * (k - 2) * spread), df2 = 1 / (3 * spread);
  return isfinite(f) ? (struct sample_test){f, k - 1, df2, f_upper(f, k - 1, df2)} : not_estimable;
}

struct sample_test samples_welch(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct groups groups = groups_of(values, group, n, n_groups);
  struct sample_test test = not_estimable;
  if (groups.n_groups == 2 && groups.of[0].n > 1 && groups.of[1].n > 1) {
    double n1 = (double)groups.of[0].n, n2 = (double)groups.of[1].n;
    double v1 = groups.of[0].squares / (n1 - 1) / n1, v2 = groups.of[1].squares / (n2 - 1) / n2, v = v1 + v2;
    double share1 = v1 / v, share2 = v2 / v;
    test = t_of(&groups, sqrt(v), 1 / (share1 * share1 / (n1 - 1) + share2 * share2 / (n2 - 1)));
  } else if (groups.n_groups > 2) {
    test = welch_of_many(&groups);
  }
  free(groups.of);
  return test;
}

/* 1. the mean of all, less the origin; 2. squares between: sum n_j (mean_j - mean)^2; 3. F. */
struct sample_test samples_anova(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct groups groups = groups_of(values, group, n, n_groups);
  struct sample_test test = not_estimable;
  double mean = 0, between = 0, within = 0;
  for (size_t j = 0; j < groups.n_groups; j++)
    mean += (double)groups.of[j].n / (double)n * groups.of[j].mean;
  for (size_t j = 0; j < groups.n_groups; j++) {
    double deviation = groups.of[j].mean - mean;
    between += (double)groups.of[j].n * deviation * deviation;
    within += groups.of[j].squares;
  }
  if (groups.n_groups > 1 && n > groups.n_groups) {
    double df = (double)(groups.n_groups - 1), df2 = (double)(n - groups.n_groups);
    double residual = within / df2, error = sqrt(residual / ((double)n / (double)groups.n_groups));
    if (error > 10 * DBL_EPSILON * groups.largest && isfinite(residual) && isfinite(between))
      test = (struct sample_test){between / df / residual, df, df2, f_upper(between / df / residual, df, df2)};
  }
  free(groups.of);
  return test;
}
