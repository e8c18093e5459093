/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sandwich variance of Fine and Gray, in two walks over the rows.
 *
 * With m the mean z of a risk set, dH = W / total, G the censoring distribution just before an event time or, G_i, a
 * row's own, a row's error is eta_i + psi_i (of weight w_i):
 *
 *   eta_i = [event] (z_i - m(t_i)) - sum over its risk sets of (z_i - m) dH times its part of exp(z beta)
 *   psi_i = [censored] q(t_i) / Y(t_i) - sum over censored j, t_j <= t_i, of w_j q(t_j) / Y(t_j)^2
 *   q(u)  = sum over event times t >= u of (C(u) - m(t) c(u)) G(t) dH(t)
 *
 * c and C the sums of risk / G_i and risk z / G_i over rows with the competing event before u, Y(u) the rows of time u
 * or later.  Sums of m dH up to a time and of G dH and m G dH from a time on make each of them one product. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/finegray_internal.h"

struct error_walk {
  const struct finegray_problem *problem;
  const struct cox_evaluation *at;
  double *from;                   /* (n_ties + 1): sum of G dH from the event time on */
  double *mean_from;              /* (n_ties + 1) x p: sum of m G dH from the event time on */
  double *passed;                 /* p: sum of m dH up to the row's time */
  double *competing;              /* p: C(u) */
  double *q;                      /* p: q(u), where anyone is censored at u */
  double *censored;               /* p: the second sum of psi */
  double share;                   /* c(u) */
  struct compensated_sum at_risk; /* Y(u) */
  size_t tie;                     /* event times up to the current one */
};

static void sum_from(struct error_walk *walk)
{
  const struct cox_problem *rows = &walk->problem->rows;
  size_t p = rows->n_columns;
  for (size_t t = rows->n_ties; t-- > 0;) {
    double hazard = finegray_tie_censoring(walk->problem, t) * rows->ties[t].hazard;
    walk->from[t] = walk->from[t + 1] + hazard;
    for (size_t j = 0; j < p; j++)
      walk->mean_from[t * p + j] = walk->mean_from[(t + 1) * p + j] + hazard * walk->problem->means[t * p + j];
  }
}

/* q at the time that begins with event time `tie` or lies before it, of `weight` censored rows; and their part of psi
 * for all rows from now on. */
static void censor(struct error_walk *walk, size_t tie, double weight)
{
  size_t p = walk->problem->rows.n_columns;
  double at_risk = compensated_value(&walk->at_risk);
  for (size_t j = 0; j < p; j++) {
    walk->q[j] = walk->competing[j] * walk->from[tie] - walk->share * walk->mean_from[tie * p + j];
    walk->censored[j] -= weight * walk->q[j] / (at_risk * at_risk);
  }
}

/* The error of row i, times the root of its weight. */
static void write_error(const struct error_walk *walk, size_t i, double *error)
{
  const struct cox_problem *rows = &walk->problem->rows;
  size_t p = rows->n_columns;
  const double *z = &rows->design[i * p], *later = &walk->mean_from[walk->tie * p];
  const double *mean = rows->is_event[i] ? &walk->problem->means[(walk->tie - 1) * p] : NULL;
  double weight = cox_weight(rows, i), risk = walk->at->risk[i] / weight, expected = walk->at->expected[i] / weight;
  double share = walk->problem->status[i] == STATUS_COMPETING ? risk / walk->problem->censoring[i] : 0;
  double own = walk->problem->status[i] == STATUS_CENSORED ? 1 / compensated_value(&walk->at_risk) : 0;
  for (size_t j = 0; j < p; j++) {
    double sum = risk * walk->passed[j] - expected * z[j] + walk->censored[j] + own * walk->q[j];
    sum += share > 0 ? share * later[j] : 0;
    sum += mean ? z[j] - mean[j] : 0;
    error[j] = sqrt(weight) * sum;
  }
}

/* The rows [first, end) of one time. */
static void walk_time(struct error_walk *walk, size_t first, size_t end, struct gram *gram)
{
  const struct cox_problem *rows = &walk->problem->rows;
  size_t p = rows->n_columns, tie = walk->tie;
  double censored = 0;
  for (size_t i = first; i < end; i++)
    censored += walk->problem->status[i] == STATUS_CENSORED ? cox_weight(rows, i) : 0;
  if (censored > 0)
    censor(walk, tie, censored);
  if (tie < rows->n_ties && rows->ties[tie].first == first) {
    for (size_t j = 0; j < p; j++)
      walk->passed[j] += rows->ties[tie].hazard * walk->problem->means[tie * p + j];
    walk->tie++;
  }
  for (size_t i = first; i < end; i++)
    write_error(walk, i, gram_next_row(gram));
  for (size_t i = first; i < end; i++) {
    compensated_add(&walk->at_risk, -cox_weight(rows, i));
    if (walk->problem->status[i] != STATUS_COMPETING)
      continue;
    double share = walk->at->risk[i] / walk->problem->censoring[i];
    walk->share += share;
    for (size_t j = 0; j < p; j++)
      walk->competing[j] += share * rows->design[i * p + j];
  }
}

/* product = left middle left', n x n, left symmetric. */
static void sandwich(const double *left, const double *middle, size_t n, double *product)
{
  double *half = memory_new(n * n, sizeof *half);
  memset(product, 0, n * n * sizeof *product);
  for (size_t i = 0; i < n; i++)
    for (size_t k = 0; k < n; k++)
      for (size_t j = 0; j < n; j++)
        half[i * n + j] += left[i * n + k] * middle[k * n + j];
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j <= i; j++) {
      for (size_t k = 0; k < n; k++)
        product[i * n + j] += half[i * n + k] * left[k * n + j];
      product[j * n + i] = product[i * n + j];
    }
  free(half);
}

void finegray_robust_covariance(const struct finegray_problem *problem, const struct cox_evaluation *at,
                                const double *time, const double *covariance, double *robust)
{
  const struct cox_problem *rows = &problem->rows;
  size_t p = rows->n_columns, n_ties = rows->n_ties;
  double *vectors = memory_new(4 * p, sizeof *vectors), *middle = memory_new(p * p, sizeof *middle);
  struct error_walk walk = {.problem = problem,
                            .at = at,
                            .from = memory_new(n_ties + 1, sizeof(double)),
                            .mean_from = memory_new((n_ties + 1) * p, sizeof(double)),
                            .passed = vectors,
                            .competing = vectors + p,
                            .q = vectors + 2 * p,
                            .censored = vectors + 3 * p};
  struct gram gram;
  gram_init(&gram, p, 1, middle);
  sum_from(&walk);
  for (size_t i = 0; i < rows->n; i++)
    compensated_add(&walk.at_risk, cox_weight(rows, i));
  for (size_t first = 0, end; first < rows->n; first = end) {
    for (end = first; end < rows->n && !(time[end] > time[first]); end++)
      ;
    walk_time(&walk, first, end, &gram);
  }
  gram_finish(&gram);
  matrix_mirror(middle, p);
  sandwich(covariance, middle, p, robust);
  free(walk.from);
  free(walk.mean_from);
  free(vectors);
  free(middle);
}
