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

/* With p ascending, rank i = 1 … m:  Holm  max over i' <= i of (m - i' + 1) p(i')   from the smallest up
 *                                    BH    min over i' >= i of m / i' p(i')         from the largest down */
static void adjust_ranked(const struct ranked_p *ranked, size_t m, bool holm, double *adjusted)
{
  double standing = holm ? 0 : 1;
  for (size_t step = 0; step < m; step++) {
    size_t i = holm ? step : m - 1 - step;
    double candidate = holm ? (double)(m - i) * ranked[i].p : (double)m / (double)(i + 1) * ranked[i].p;
    standing = holm ? fmax(standing, candidate) : fmin(standing, candidate);
    adjusted[ranked[i].place] = fmin(standing, 1);
  }
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
  if (adjustment == ADJUST_HOLM || adjustment == ADJUST_BH) {
    qsort(ranked, m, sizeof *ranked, compare_p);
    adjust_ranked(ranked, m, adjustment == ADJUST_HOLM, adjusted);
  }
  free(ranked);
}
