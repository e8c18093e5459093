/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Standardised mean differences, of numbers and of factors. */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/compensated.h"
#include "stats/samples.h"

static double weight_of(const double *weight, size_t row)
{
  return weight ? weight[row] : 1;
}

struct weighted_moments {
  size_t n;              /* rows that weigh something */
  double mean, variance; /* the mean less the origin */
};

static struct weighted_moments moments_of(const double *values, const uint32_t *group, const double *weight, size_t n,
                                          uint32_t which)
{
  struct weighted_moments moments = {.n = 0};
  struct compensated_sum weights = {0, 0}, sum = {0, 0}, squares = {0, 0};
  for (size_t i = 0; i < n; i++) {
    double w = weight_of(weight, i);
    if (group[i] != which || !(w > 0))
      continue;
    moments.n++;
    compensated_add(&weights, w);
    compensated_add(&sum, w * (values[i] - values[0]));
  }
  double total = compensated_value(&weights);
  moments.mean = compensated_value(&sum) / total;
  for (size_t i = 0; i < n; i++) {
    double w = weight_of(weight, i), deviation = (values[i] - values[0]) - moments.mean;
    if (group[i] == which && w > 0)
      compensated_add(&squares, w * deviation * deviation);
  }
  double m = (double)moments.n;
  moments.variance = m / (m - 1) * (compensated_value(&squares) / total);
  return moments;
}

double standardised_difference(const double *values, const uint32_t *group, const double *weight, size_t n, uint32_t a,
                               uint32_t b)
{
  struct weighted_moments first = moments_of(values, group, weight, n, a);
  struct weighted_moments second = moments_of(values, group, weight, n, b);
  double variance = (first.variance + second.variance) / 2;
  if (first.n < 2 || second.n < 2 || !(variance > 0))
    return (double)NAN;
  return (first.mean - second.mean) / sqrt(variance);
}

/* Proportions of the levels in one group; false where it has no rows. */
static bool proportions_of(const uint32_t *level, size_t n_levels, const uint32_t *group, const double *weight,
                           size_t n, uint32_t which, double *proportion)
{
  double total = 0;
  for (size_t i = 0; i < n; i++) {
    if (group[i] != which)
      continue;
    proportion[level[i]] += weight_of(weight, i);
    total += weight_of(weight, i);
  }
  for (size_t k = 0; k < n_levels; k++)
    proportion[k] /= total;
  return total > 0;
}

/* d' S^-1 d for a symmetric positive definite S (m x m, its lower triangle read), by Cholesky: |L^-1 d|^2.  S and d are
 * overwritten; NaN where S is not positive definite. */
static double quadratic_form(double *s, double *d, size_t m)
{
  double form = 0;
  for (size_t i = 0; i < m; i++) {
    for (size_t j = 0; j <= i; j++) {
      double sum = s[i * m + j];
      for (size_t k = 0; k < j; k++)
        sum -= s[i * m + k] * s[j * m + k];
      if (i == j && !(sum > 0))
        return (double)NAN;
      s[i * m + j] = i == j ? sqrt(sum) : sum / s[j * m + j];
    }
    for (size_t k = 0; k < i; k++)
      d[i] -= s[i * m + k] * d[k];
    d[i] /= s[i * m + i];
    form += d[i] * d[i];
  }
  return form;
}

/* p and q hold m proportions each, the last of which is left out; no level is empty in both. */
static double distance(const double *p, const double *q, size_t m)
{
  size_t k = m - 1;
  double *s = memory_new(k * k, sizeof *s), *d = memory_new(k, sizeof *d);
  for (size_t i = 0; i < k; i++) {
    d[i] = p[i] - q[i];
    for (size_t j = 0; j < i; j++)
      s[i * k + j] = -(p[i] * p[j] + q[i] * q[j]) / 2;
    s[i * k + i] = (p[i] * (1 - p[i]) + q[i] * (1 - q[i])) / 2;
  }
  double form = quadratic_form(s, d, k);
  free(s);
  free(d);
  return sqrt(form);
}

/* The mean covariance is singular exactly where no level occurs in both groups; the most frequent level is the one left
 * out, which conditions it best. */
double standardised_difference_levels(const uint32_t *level, size_t n_levels, const uint32_t *group,
                                      const double *weight, size_t n, uint32_t a, uint32_t b)
{
  double *p = memory_new(n_levels, sizeof *p), *q = memory_new(n_levels, sizeof *q), result = (double)NAN;
  bool both = proportions_of(level, n_levels, group, weight, n, a, p);
  both = proportions_of(level, n_levels, group, weight, n, b, q) && both;
  size_t m = 0, most = 0;
  bool shared = false;
  for (size_t k = 0; k < n_levels && both; k++) {
    if (!(p[k] > 0 || q[k] > 0))
      continue;
    shared = shared || (p[k] > 0 && q[k] > 0);
    p[m] = p[k];
    q[m] = q[k];
    most = p[m] + q[m] > p[most] + q[most] ? m : most;
    m++;
  }
  if (both && shared && m > 1) {
    double last_p = p[m - 1], last_q = q[m - 1];
    p[m - 1] = p[most];
    q[m - 1] = q[most];
    p[most] = last_p;
    q[most] = last_q;
    result = distance(p, q, m);
  }
  free(p);
  free(q);
  return result;
}
