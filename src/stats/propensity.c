/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/propensity.h"

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"

/* The weight before stabilising; infinite where the row could not have been what it is. */
static double target_weight(enum propensity_target target, double p, bool treated)
{
  double own = treated ? p : 1 - p;
  switch (target) {
  case PROPENSITY_ATE:
  case PROPENSITY_ATE_STABILISED:
    return 1 / own;
  case PROPENSITY_ATT:
    return treated ? 1 : p / own;
  case PROPENSITY_ATC:
    return treated ? (1 - p) / own : 1;
  case PROPENSITY_OVERLAP:
    return 1 - own;
  }
  return 1;
}

/* Weighs the rows kept; the others get 0.  A row that counts nothing (overlap at p = 1) is kept with weight 0. */
static void weigh_rows(const double *probability, const uint8_t *treated, const struct propensity_options *options,
                       struct propensity_weights *weights)
{
  double margin = options->score_margin;
  for (size_t i = 0; i < weights->n; i++) {
    double p = probability[i];
    bool inside = p >= margin && p <= 1 - margin && p >= 0 && p <= 1;
    double weight = inside ? target_weight(options->target, p, treated[i] != 0) : (double)INFINITY;
    if (!isfinite(weight)) {
      weights->n_left_out++;
      continue;
    }
    weights->weight[i] = weight;
    weights->n_kept[treated[i] != 0]++;
  }
}

static void stabilise(const uint8_t *treated, struct propensity_weights *weights)
{
  double all = (double)(weights->n_kept[0] + weights->n_kept[1]);
  for (size_t i = 0; i < weights->n; i++)
    weights->weight[i] *= (double)weights->n_kept[treated[i] != 0] / all;
}

/* Whether the weights of this arm are all 1 by definition. */
static bool is_target_arm(enum propensity_target target, bool treated)
{
  return (target == PROPENSITY_ATT && treated) || (target == PROPENSITY_ATC && !treated);
}

static void cut_weights(const uint8_t *treated, const struct propensity_options *options,
                        struct propensity_weights *weights)
{
  double *sorted = memory_new(weights->n, sizeof *sorted);
  size_t count = 0;
  for (size_t i = 0; i < weights->n; i++)
    if (weights->weight[i] > 0 && !is_target_arm(options->target, treated[i] != 0))
      sorted[count++] = weights->weight[i];
  gsl_sort(sorted, 1, count);
  double limit =
      count ? gsl_stats_quantile_from_sorted_data(sorted, 1, count, options->weight_quantile) : (double)INFINITY;
  free(sorted);
  for (size_t i = 0; i < weights->n; i++)
    if (weights->weight[i] > limit && !is_target_arm(options->target, treated[i] != 0)) {
      weights->weight[i] = limit;
      weights->n_cut++;
    }
}

/* Sum and sum of squares in units of the largest weight. */
struct weight_sums {
  double sum, square;
};

static double effective_size(struct weight_sums sums)
{
  return sums.square > 0 ? sums.sum * sums.sum / sums.square : 0;
}

static double largest_weight(const double *weight, size_t n)
{
  double largest = 0;
  for (size_t i = 0; i < n; i++)
    largest = fmax(largest, weight[i]);
  return largest;
}

double propensity_effective_size(const double *weight, size_t n)
{
  double largest = largest_weight(weight, n);
  struct weight_sums sums = {0, 0};
  for (size_t i = 0; i < n && largest > 0; i++) {
    double part = weight[i] / largest;
    sums.sum += part;
    sums.square += part * part;
  }
  return effective_size(sums);
}

static void summarise(const uint8_t *treated, struct propensity_weights *weights)
{
  double largest = largest_weight(weights->weight, weights->n);
  struct weight_sums sums[2] = {{0, 0}, {0, 0}};
  for (size_t i = 0; i < weights->n && largest > 0; i++) {
    double part = weights->weight[i] / largest;
    sums[treated[i] != 0].sum += part;
    sums[treated[i] != 0].square += part * part;
  }
  weights->largest = weights->n_kept[0] + weights->n_kept[1] ? largest : (double)NAN;
  weights->n_effective[0] = effective_size(sums[0]);
  weights->n_effective[1] = effective_size(sums[1]);
  weights->n_effective[2] =
      effective_size((struct weight_sums){sums[0].sum + sums[1].sum, sums[0].square + sums[1].square});
}

void propensity_weigh(const double *probability, const uint8_t *treated, size_t n,
                      const struct propensity_options *options, struct propensity_weights *weights)
{
  *weights = (struct propensity_weights){.n = n, .weight = memory_new(n, sizeof(double))};
  weigh_rows(probability, treated, options, weights);
  if (options->target == PROPENSITY_ATE_STABILISED && weights->n_left_out < n)
    stabilise(treated, weights);
  if (options->weight_quantile > 0 && options->weight_quantile < 1)
    cut_weights(treated, options, weights);
  summarise(treated, weights);
}

void propensity_weights_clear(struct propensity_weights *weights)
{
  free(weights->weight);
  *weights = (struct propensity_weights){.n = 0};
}
