/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sandwich variance, from score residuals (Lin and Wei 1989). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* What the residuals are added up in: their Gram matrix, or sums by cluster. */
struct sandwich {
  const struct cox_problem *problem;
  const struct cox_options *options;
  double *clusters; /* n_clusters x n_columns, or NULL */
  struct gram gram;
};

/* A row into the middle of the sandwich: on its own, or added to its cluster. */
static void add_residual(void *data, size_t i, const double *residual, const double *event_mean)
{
  struct sandwich *sandwich = data;
  const size_t p = sandwich->problem->n_columns;
  const double weight = cox_weight(sandwich->problem, i);
  (void)event_mean;
  if (sandwich->clusters) {
    double *sum = &sandwich->clusters[sandwich->options->cluster[cox_row(sandwich->problem, i)] * p];
    for (size_t j = 0; j < p; j++)
      sum[j] += weight * residual[j];
    return;
  }
  /* A frequency is that many rows of their own, a case weight one row that weighs more. */
  const double factor = sandwich->problem->frequency ? sqrt(weight) : weight;
  double *row = gram_next_row(&sandwich->gram);
  for (size_t j = 0; j < p; j++)
    row[j] = factor * residual[j];
}

/* product = left right, all n x n. */
static void multiply(const double *left, const double *right, double *product, size_t n)
{
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < n; k++) {
      double sum = 0;
      for (size_t l = 0; l < n; l++)
        sum += left[j * n + l] * right[l * n + k];
      product[j * n + k] = sum;
    }
}

void cox_robust_covariance(const struct cox_problem *problem, const struct cox_evaluation *at,
                           const struct cox_options *options, const double *covariance, double *robust)
{
  size_t p = problem->n_columns;
  double *middle = memory_new(p * p, sizeof *middle), *half = memory_new(p * p, sizeof *half);
  struct sandwich sandwich = {
      .problem = problem,
      .options = options,
      .clusters = options->cluster ? memory_new(options->n_clusters * p, sizeof(double)) : NULL,
  };
  gram_init(&sandwich.gram, p, 1, middle);
  cox_visit_score_residuals(problem, at, add_residual, &sandwich);
  for (size_t c = 0; sandwich.clusters && c < options->n_clusters; c++)
    memcpy(gram_next_row(&sandwich.gram), &sandwich.clusters[c * p], p * sizeof(double));
  gram_finish(&sandwich.gram);
  matrix_mirror(middle, p);
  multiply(covariance, middle, half, p);
  multiply(half, covariance, robust, p);
  free(middle);
  free(half);
  free(sandwich.clusters);
}
