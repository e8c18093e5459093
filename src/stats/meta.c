/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Estimates are taken less the first and in units of the smallest standard error, so that neither their size nor a
 * common offset costs digits; the result is turned back at the end. */
#include "stats/meta.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/distribution.h"

enum { MAX_ITERATIONS = 1000, MAX_HALVINGS = 40 };

/* The studies pooled, shifted and scaled. */
struct studies {
  size_t k;
  double *y, *v; /* estimate, variance */
  double shift, scale;
};

static void studies_init(struct studies *studies, const double *estimate, const double *std_error, size_t k)
{
  *studies = (struct studies){.y = memory_new(k, sizeof(double)), .v = memory_new(k, sizeof(double)), .scale = 1};
  for (size_t i = 0; i < k; i++) {
    if (!isfinite(estimate[i]) || !isfinite(std_error[i]) || !(std_error[i] > 0))
      continue;
    bool first = studies->k == 0;
    studies->shift = first ? estimate[i] : studies->shift;
    studies->scale = first || std_error[i] < studies->scale ? std_error[i] : studies->scale;
    studies->y[studies->k] = estimate[i];
    studies->v[studies->k++] = std_error[i];
  }
  for (size_t i = 0; i < studies->k; i++) {
    double s = studies->v[i] / studies->scale;
    studies->y[i] = (studies->y[i] - studies->shift) / studies->scale;
    studies->v[i] = s * s;
  }
}

static void studies_clear(struct studies *studies)
{
  free(studies->y);
  free(studies->v);
}

/* The sums at one tau2: w, w^2, w^3, the weighted mean, w (y - mean)^2, w^2 (y - mean)^2. */
struct weighted_sums {
  double w, w2, w3, mean, square, square2;
  double loglik; /* restricted, less constants */
};

static struct weighted_sums sum_at(const struct studies *studies, double tau2)
{
  struct weighted_sums sums = {.w = 0};
  for (size_t i = 0; i < studies->k; i++) {
    double w = 1 / (studies->v[i] + tau2);
    sums.w += w;
    sums.w2 += w * w;
    sums.w3 += w * w * w;
    sums.mean += w * studies->y[i];
    sums.loglik += log(w) / 2;
  }
  sums.mean /= sums.w;
  for (size_t i = 0; i < studies->k; i++) {
    double w = 1 / (studies->v[i] + tau2), deviation = studies->y[i] - sums.mean;
    sums.square += w * deviation * deviation;
    sums.square2 += w * w * deviation * deviation;
  }
  sums.loglik -= (log(sums.w) + sums.square) / 2;
  return sums;
}

static double tau2_dersimonian_laird(const struct studies *studies)
{
  struct weighted_sums sums = sum_at(studies, 0);
  double df = (double)studies->k - 1, spread = sums.w - sums.w2 / sums.w;
  return spread > 0 ? fmax((sums.square - df) / spread, 0) : 0;
}

/* Where REML begins: the variance of the estimates less their mean variance. */
static double tau2_hedges(const struct studies *studies)
{
  double mean = 0, square = 0, v = 0, k = (double)studies->k;
  for (size_t i = 0; i < studies->k; i++)
    mean += studies->y[i] / k;
  for (size_t i = 0; i < studies->k; i++) {
    square += (studies->y[i] - mean) * (studies->y[i] - mean);
    v += studies->v[i] / k;
  }
  return fmax(square / (k - 1) - v, 0);
}

/* Fisher scoring: the step is (y'PPy - tr P) / tr PP with P = W - ww' / sum w, halved while the likelihood falls. */
static double tau2_reml(const struct studies *studies, bool *converged)
{
  double tau2 = tau2_hedges(studies);
  struct weighted_sums sums = sum_at(studies, tau2);
  *converged = false;
  for (int iteration = 0; iteration < MAX_ITERATIONS && !*converged; iteration++) {
    double ratio = sums.w2 / sums.w, information = sums.w2 - 2 * sums.w3 / sums.w + ratio * ratio;
    double step = (sums.square2 - (sums.w - ratio)) / information, next = fmax(tau2 + step, 0);
    struct weighted_sums at_next = sum_at(studies, next);
    double slack = 1e-13 * (1 + fabs(sums.loglik));
    for (int halving = 0; halving < MAX_HALVINGS && !(at_next.loglik >= sums.loglik - slack); halving++) {
      next = tau2 + (next - tau2) / 2;
      at_next = sum_at(studies, next);
    }
    *converged = fabs(next - tau2) <= 1e-12 * (tau2 + 1 / sums.w);
    tau2 = next;
    sums = at_next;
  }
  return tau2;
}

static double percent(double part, double whole)
{
  return part > 0 && whole > 0 ? 100 * part / whole : 0;
}

static void set_heterogeneity(const struct studies *studies, enum meta_method method, double tau2,
                              struct meta_result *result)
{
  struct weighted_sums sums = sum_at(studies, 0);
  double df = (double)studies->k - 1;
  result->q = sums.square;
  result->q_df = df;
  result->q_p = df > 0 ? chi_square_upper(sums.square, df) : 1;
  result->i2_q = percent(sums.square - df, sums.square);
  double typical = df * sums.w / (sums.w * sums.w - sums.w2);
  result->i2 = method == META_REML ? percent(tau2, tau2 + typical) : result->i2_q;
}

static void set_test(struct meta_result *result, double level)
{
  double half_width = normal_half_width(level), df = (double)result->k - 1;
  result->statistic = result->estimate / result->std_error;
  result->p_value = normal_two_sided(result->statistic);
  if (result->knapp_hartung) {
    half_width = gsl_cdf_tdist_Qinv((1 - level) / 2, df);
    double size = fabs(result->statistic);
    result->p_value = isnan(size) ? size : isinf(size) ? 0 : 2 * gsl_cdf_tdist_Q(size, df);
  }
  result->conf_low = result->estimate - half_width * result->std_error;
  result->conf_high = result->estimate + half_width * result->std_error;
}

static void pool_studies(const struct studies *studies, enum meta_method method, bool knapp_hartung,
                         struct meta_result *result)
{
  double tau2 = 0;
  result->converged = true;
  if (method == META_DL && studies->k > 1)
    tau2 = tau2_dersimonian_laird(studies);
  if (method == META_REML && studies->k > 1)
    tau2 = tau2_reml(studies, &result->converged);
  struct weighted_sums sums = sum_at(studies, tau2);
  result->knapp_hartung = knapp_hartung && studies->k > 1;
  double factor = result->knapp_hartung ? sums.square / ((double)studies->k - 1) : 1;
  result->estimate = studies->shift + studies->scale * sums.mean;
  result->std_error = studies->scale * sqrt(factor / sums.w);
  result->tau2 = tau2 * studies->scale * studies->scale;
  set_heterogeneity(studies, method, tau2, result);
}

static void set_prediction(struct meta_result *result, enum meta_method method, double level)
{
  result->prediction_low = result->prediction_high = (double)NAN;
  if (method == META_FIXED || result->k < 3)
    return;
  const double t = gsl_cdf_tdist_Qinv((1 - level) / 2, (double)result->k - 2);
  const double half_width = t * sqrt(result->tau2 + result->std_error * result->std_error);
  result->prediction_low = result->estimate - half_width;
  result->prediction_high = result->estimate + half_width;
}

void meta_pool(const double *estimate, const double *std_error, size_t k, enum meta_method method, bool knapp_hartung,
               double level, struct meta_result *result)
{
  const double unknown = (double)NAN;
  struct studies studies;
  studies_init(&studies, estimate, std_error, k);
  *result = (struct meta_result){.k = studies.k,
                                 .estimate = unknown,
                                 .std_error = unknown,
                                 .q = unknown,
                                 .q_df = unknown,
                                 .q_p = unknown,
                                 .i2 = unknown,
                                 .i2_q = unknown,
                                 .tau2 = unknown,
                                 .converged = true};
  if (studies.k > 0)
    pool_studies(&studies, method, knapp_hartung, result);
  set_test(result, level);
  set_prediction(result, method, level);
  studies_clear(&studies);
}
