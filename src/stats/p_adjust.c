/* SPDX-License-Identifier: GPL-3.0-or-later */
/* p-values of many tests at once, adjusted as R's p.adjust(). */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/logrank.h"

struct ranked_p {
  double p;
  size_t place;
};

static int compare_p(const void *a, const void *b)
{
  const struct ranked_p *first = a, *second = b;
  return (first->p > second->p) - (first->p < second->p);
}

/* What p(i), i = 1 … m ascending, is multiplied by before it is made monotone. */
static double multiplier(enum p_adjustment adjustment, size_t i, size_t m)
{
  double harmonic = 0;
  switch (adjustment) {
  case ADJUST_HOLM:
  case ADJUST_HOCHBERG:
    return (double)(m - i + 1);
  case ADJUST_BY:
    for (size_t k = m; k > 0; k--)
      harmonic += 1 / (double)k;
    return harmonic * (double)m / (double)i;
  default:
    return (double)m / (double)i;
  }
}

/* Holm from the smallest up: the greatest so far.  Hochberg, BH and BY from the largest down: the least so far. */
static void adjust_ranked(const struct ranked_p *ranked, size_t m, enum p_adjustment adjustment, double *adjusted)
{
  const bool up = adjustment == ADJUST_HOLM;
  double standing = up ? 0 : 1;
  for (size_t step = 0; step < m; step++) {
    size_t i = up ? step : m - 1 - step;
    double candidate = multiplier(adjustment, i + 1, m) * ranked[i].p;
    standing = up ? fmax(standing, candidate) : fmin(standing, candidate);
    adjusted[ranked[i].place] = fmin(standing, 1);
  }
}

/* Hommel (1988) as R computes it: q for each number k = m, …, 2 of hypotheses that might be true, and the greatest. */
static void adjust_hommel(const struct ranked_p *ranked, size_t m, double *adjusted)
{
  double *q = memory_new(m, sizeof *q), *greatest = memory_new(m, sizeof *greatest), least = INFINITY;
  for (size_t i = 0; i < m; i++)
    least = fmin(least, (double)m * ranked[i].p / (double)(i + 1));
  for (size_t i = 0; i < m; i++)
    greatest[i] = least;
  for (size_t k = m - 1; m > 2 && k >= 2; k--) {
    const size_t lower = m - k + 1; /* the first so many are bounded by k p(i) */
    double bound = INFINITY;
    for (size_t j = 2; j <= k; j++)
      bound = fmin(bound, (double)k * ranked[lower + j - 2].p / (double)j);
    for (size_t i = 0; i < m; i++)
      q[i] = i < lower ? fmin((double)k * ranked[i].p, bound) : q[lower - 1];
    for (size_t i = 0; i < m; i++)
      greatest[i] = fmax(greatest[i], q[i]);
  }
  for (size_t i = 0; i < m; i++)
    adjusted[ranked[i].place] = fmin(fmax(greatest[i], ranked[i].p), 1);
  free(q);
  free(greatest);
}

void p_adjust(const double *p, size_t n, enum p_adjustment adjustment, double *adjusted)
{
  struct ranked_p *ranked = memory_new(n, sizeof *ranked);
  size_t m = 0;
  for (size_t i = 0; i < n; i++)
    if (!isnan(p[i]))
      ranked[m++] = (struct ranked_p){.p = p[i], .place = i};
  for (size_t i = 0; i < n; i++)
    adjusted[i] = adjustment == ADJUST_BONFERRONI && !isnan(p[i]) ? fmin((double)m * p[i], 1) : p[i];
  qsort(ranked, m, sizeof *ranked, compare_p);
  if (adjustment == ADJUST_HOMMEL && m > 2)
    adjust_hommel(ranked, m, adjusted);
  else if (adjustment == ADJUST_HOMMEL)
    adjust_ranked(ranked, m, ADJUST_HOCHBERG, adjusted);
  else if (adjustment != ADJUST_NONE && adjustment != ADJUST_BONFERRONI)
    adjust_ranked(ranked, m, adjustment, adjusted);
  free(ranked);
}
