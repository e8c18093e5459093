/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles of survival time: where packages differ most. */
#include <float.h>
#include <math.h>

#include "stats/distribution.h"
#include "stats/km.h"

/* R's rule, quantile.survfit(): the first time at which `values` (the estimate or a limit) has come down to `survival`;
 * where it is flat at exactly that, the middle between that time and the next drop, or the last time where none comes.
 * Values not estimable are passed over, and with them there is no flat end: the first time counts.  A limit that rises
 * again counts by its first crossing, as print.survfit() has it.  "Exactly" means within sqrt(DBL_EPSILON).  SAS wants the
 * curve to fall below (must_fall). */
static double first_crossing(const struct km_curve *curve, const double *values, double survival, bool must_fall)
{
  const double tolerance = sqrt(DBL_EPSILON);
  size_t j = 0, drop;
  while (j < curve->n_times && !(values[j] <= survival + tolerance))
    j++;
  if (j == curve->n_times)
    return NAN;
  if (fabs(values[j] - survival) >= tolerance)
    return curve->time[j];
  for (drop = j; drop < curve->n_times; drop++)
    if (values[drop] < survival - tolerance)
      return (curve->time[j] + curve->time[drop]) / 2;
  if (must_fall)
    return (double)NAN;
  for (size_t i = 0; i < curve->n_times; i++)
    if (isnan(values[i]))
      return curve->time[j];
  return (curve->time[j] + curve->time[curve->n_times - 1]) / 2;
}

static struct km_quantile quantile_r(const struct km_curve *curve, double survival, bool must_fall)
{
  return (struct km_quantile){.time = first_crossing(curve, curve->estimate, survival, must_fall),
                              .low = first_crossing(curve, curve->conf_low, survival, must_fall),
                              .high = first_crossing(curve, curve->conf_high, survival, must_fall)};
}

/* The first event time with S at or under `survival`; n_times where there is none. */
static size_t first_event_under(const struct km_curve *curve, double survival)
{
  const double tolerance = 1e-12; /* of a product of at most thousands of factors */
  size_t j = 0;
  while (j < curve->n_times && !(curve->n_event[j] > 0 && curve->estimate[j] <= survival + tolerance))
    j++;
  return j;
}

struct km_density km_median_density(const struct km_curve *curve)
{
  struct km_density around = {.u = 0, .survival_u = 1, .l = NAN, .survival_l = NAN, .density = NAN, .std_error = NAN};
  const size_t median = first_event_under(curve, 0.5), l = first_event_under(curve, 0.45);
  for (size_t j = 0; j < curve->n_times && curve->estimate[j] >= 0.55 - 1e-12; j++)
    if (curve->n_event[j] > 0) {
      around.u = curve->time[j];
      around.survival_u = curve->estimate[j];
    }
  if (l == curve->n_times)
    return around;
  around.l = curve->time[l];
  around.survival_l = curve->estimate[l];
  around.density = (around.survival_u - around.survival_l) / (around.l - around.u);
  around.std_error = curve->std_error[median] / around.density;
  return around;
}

static struct km_quantile quantile_spss(const struct km_curve *curve, double survival, double level)
{
  struct km_quantile quantile = {NAN, NAN, NAN};
  size_t j = first_event_under(curve, survival);
  if (j == curve->n_times)
    return quantile;
  quantile.time = curve->time[j];
  if (survival == 0.5) {
    double half = normal_half_width(level) * km_median_density(curve).std_error;
    quantile.low = quantile.time - half;
    if (quantile.low < 0 && quantile.time >= 0)
      quantile.low = 0;
    quantile.high = quantile.time + half;
  }
  return quantile;
}

struct km_quantile km_quantile(const struct km_curve *curve, double survival, enum quantile_rule rule, double level)
{
  return rule == QUANTILE_SPSS ? quantile_spss(curve, survival, level)
                               : quantile_r(curve, survival, rule == QUANTILE_SAS);
}
