/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mann–Whitney and Kruskal–Wallis, from the groups' sums of mid-ranks. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sort.h"
#include "stats/distribution.h"
#include "stats/samples.h"

static const struct sample_test not_estimable = {(double)NAN, (double)NAN, (double)NAN, (double)NAN};

struct rank_sums samples_rank_sums(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct rank_sums sums = {.n = memory_new(n_groups, sizeof(double)), .sum = memory_new(n_groups, sizeof(double))};
  size_t *order = sort_order(values, n);
  for (size_t i = 0, next; i < n; i = next) {
    for (next = i + 1; next < n && values[order[next]] == values[order[i]];)
      next++;
    double run = (double)(next - i), rank = ((double)i + (double)next + 1) / 2;
    sums.ties += run * (run * run - 1);
    for (size_t j = i; j < next; j++) {
      sums.n[group[order[j]]]++;
      sums.sum[group[order[j]]] += rank;
    }
  }
  free(order);
  for (size_t j = 0; j < n_groups; j++) {
    if (sums.n[j] == 0)
      continue;
    sums.n[sums.n_groups] = sums.n[j];
    sums.sum[sums.n_groups++] = sums.sum[j];
  }
  return sums;
}

void rank_sums_clear(struct rank_sums *sums)
{
  free(sums->n);
  free(sums->sum);
}

struct sample_test samples_mann_whitney(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct rank_sums sums = samples_rank_sums(values, group, n, n_groups);
  struct sample_test test = not_estimable;
  if (sums.n_groups == 2) {
    double n1 = sums.n[0], n2 = sums.n[1], total = n1 + n2;
    test.statistic = sums.sum[0] - n1 * (n1 + 1) / 2;
    double variance = n1 * n2 / 12 * ((total + 1) - sums.ties / (total * (total - 1)));
    if (variance > 0 && sums.ties < total * (total * total - 1))
      test.p_value = normal_two_sided((test.statistic - n1 * n2 / 2) / sqrt(variance));
  }
  rank_sums_clear(&sums);
  return test;
}

/* H = 12 / (n (n + 1)) sum n_j (mean rank_j - (n + 1) / 2)^2 / (1 - ties / (n^3 - n)) */
struct sample_test samples_kruskal_wallis(const double *values, const uint32_t *group, size_t n, size_t n_groups)
{
  struct rank_sums sums = samples_rank_sums(values, group, n, n_groups);
  struct sample_test test = not_estimable;
  double total = (double)n, cube = total * (total * total - 1), squares = 0;
  for (size_t j = 0; j < sums.n_groups; j++) {
    double deviation = sums.sum[j] / sums.n[j] - (total + 1) / 2;
    squares += sums.n[j] * deviation * deviation;
  }
  if (sums.n_groups > 1 && sums.ties < cube) {
    test.statistic = 12 * squares / (total * (total + 1)) / ((cube - sums.ties) / cube);
    test.df = (double)(sums.n_groups - 1);
    test.p_value = chi_square_upper(test.statistic, test.df);
  }
  rank_sums_clear(&sums);
  return test;
}
