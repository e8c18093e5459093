/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/logrank_statistic.h"

#include <cblas.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/distribution.h"

/* The groups with an expectation but for one, in order: the scores sum to 0, so one is determined by the others.  Which
 * is left out does not change the statistic; leaving out the one that varies most keeps the rest well conditioned. */
static size_t choose_groups(const struct logrank_result *result, size_t *chosen)
{
  size_t k = result->n_groups, omitted = k, n_chosen = 0;
  for (size_t j = 0; j < k; j++)
    if (result->expected[j] > 0 &&
        (omitted == k || result->covariance[j * k + j] > result->covariance[omitted * k + omitted]))
      omitted = j;
  for (size_t j = 0; j < k; j++)
    if (result->expected[j] > 0 && j != omitted)
      chosen[n_chosen++] = j;
  return n_chosen;
}

/* U' V^- U by V = L L' and the forward solution of L x = U, row by row; returns the rank.  A pivot that is rounding
 * beside its own variance (groups that share no risk set with the others) is left out: its pivot, its column of L and
 * its x stay 0. */
static size_t quadratic_form(const struct logrank_result *result, const size_t *chosen, size_t m, double *form)
{
  const double negligible = 1e-10;
  size_t k = result->n_groups, rank = 0;
  double *factor = memory_new(m * m, sizeof *factor), *x = memory_new(m, sizeof *x);
  *form = 0;
  for (size_t i = 0; i < m; i++) {
    double *row = factor + i * m;
    const double *covariance = result->covariance + chosen[i] * k;
    for (size_t j = 0; j < i; j++) {
      double pivot = factor[j * m + j];
      double rest = covariance[chosen[j]] - cblas_ddot((int)j, row, 1, factor + j * m, 1);
      row[j] = pivot > 0 ? rest / pivot : 0;
    }
    double variance = covariance[chosen[i]];
    double rest = variance - cblas_ddot((int)i, row, 1, row, 1);
    if (!(rest > negligible * variance))
      continue;
    row[i] = sqrt(rest);
    x[i] = (result->score[chosen[i]] - cblas_ddot((int)i, row, 1, x, 1)) / row[i];
    *form += x[i] * x[i];
    rank++;
  }
  free(factor);
  free(x);
  return rank;
}

void logrank_set_statistic(struct logrank_result *result)
{
  size_t *chosen = memory_new(result->n_groups, sizeof *chosen);
  double form = 0;
  size_t rank = quadratic_form(result, chosen, choose_groups(result, chosen), &form);
  free(chosen);
  result->statistic = rank ? form : (double)NAN;
  result->df = rank ? (double)rank : (double)NAN;
  result->p_value = chi_square_upper(result->statistic, result->df);
}

/* Scores centred at their mean: the same test, since the scores' sum is 0, with less cancellation. */
struct chi_square logrank_trend(const struct logrank_result *result)
{
  size_t k = result->n_groups;
  double middle = (double)(k + 1) / 2, sum = 0, variance = 0, scale = 0;
  for (size_t j = 0; j < k; j++) {
    double score = (double)(j + 1) - middle;
    sum += score * result->score[j];
    for (size_t l = 0; l < k; l++)
      variance += score * ((double)(l + 1) - middle) * result->covariance[j * k + l];
    scale += score * score * result->covariance[j * k + j];
  }
  bool varies = variance > 1e-12 * scale;
  struct chi_square test = {.statistic = varies ? sum * sum / variance : (double)NAN, .df = varies ? 1 : (double)NAN};
  test.p_value = chi_square_upper(test.statistic, test.df);
  return test;
}
