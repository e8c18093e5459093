/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading a fitted curve: at a time, and its restricted mean. */
#include "stats/km.h"

#include <math.h>

#include "stats/compensated.h"
#include "stats/km_robust.h"

/* How many of the n ascending values are below `limit`, or, `or_equal`, not above it. */
static size_t count_below(const double *values, size_t n, double limit, bool or_equal)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (values[middle] < limit || (or_equal && values[middle] == limit))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

/* How many entered before `time`. */
static double entered_before(const struct km_curve *curve, double time)
{
  size_t count = count_below(curve->entry_time, curve->n_entries, time, false);
  return count ? curve->entry_cumulated[count - 1] : 0;
}

/* Between two times the risk set only grows, by those who enter: take off who enters from `time` on. */
double km_at_risk(const struct km_curve *curve, double time)
{
  size_t j = count_below(curve->time, curve->n_times, time, false);
  if (j == curve->n_times)
    return 0;
  if (!curve->n_entries)
    return curve->n_risk[j];
  double at_risk = curve->n_risk[j] - (entered_before(curve, curve->time[j]) - entered_before(curve, time));
  return at_risk > COMPENSATED_NEGLIGIBLE * curve->n ? at_risk : 0;
}

struct km_point km_at(const struct km_curve *curve, double time)
{
  struct km_point point = {.time = time,
                           .n_risk = km_at_risk(curve, time),
                           .estimate = NAN,
                           .std_error = NAN,
                           .conf_low = NAN,
                           .conf_high = NAN};
  size_t passed = count_below(curve->time, curve->n_times, time, true);
  if (!curve->n_times || !(time <= curve->time[curve->n_times - 1]))
    return point;
  if (passed == 0) {
    point.estimate = point.conf_low = point.conf_high = 1;
    point.std_error = 0;
    return point;
  }
  point.estimate = curve->estimate[passed - 1];
  point.std_error = curve->std_error[passed - 1];
  point.conf_low = curve->conf_low[passed - 1];
  point.conf_high = curve->conf_high[passed - 1];
  return point;
}

struct km_point km_at_extended(const struct km_curve *curve, double time)
{
  const double last = curve->n_times ? curve->time[curve->n_times - 1] : (double)NAN;
  struct km_point point = km_at(curve, time > last ? last : time);
  point.time = time;
  point.n_risk = km_at_risk(curve, time);
  return point;
}

/* Var(mean) = sum over event times t of A(t)^2 d / (n (n - d)), A(t) the area under the curve from t to tau; walked
 * from tau backwards, so that A grows as the curve is passed.  Up to the first time the curve is 1: that time is added
 * whole, negative or not. */
struct km_mean km_restricted_mean(const struct km_curve *curve, double tau, bool bias_corrected)
{
  struct km_mean result = {NAN, NAN};
  if (!curve->n_times || isnan(tau))
    return result;
  struct compensated_sum area = {0, 0}, variance = {0, 0};
  double right = tau;
  for (size_t j = count_below(curve->time, curve->n_times, tau, true); j-- > 0;) {
    double n = curve->n_risk[j], d = curve->n_event[j], left = n - d;
    compensated_add(&area, curve->estimate[j] * (right - curve->time[j]));
    right = curve->time[j];
    double beyond = compensated_value(&area);
    if (d > 0 && left > 0)
      compensated_add(&variance, beyond * beyond * d / (n * left));
  }
  compensated_add(&area, right);
  result.mean = compensated_value(&area);
  result.std_error = curve->event_square ? km_robust_mean_error(curve, tau) : sqrt(compensated_value(&variance));
  if (bias_corrected)
    result.std_error *= curve->n_events > 1 ? sqrt(curve->n_events / (curve->n_events - 1)) : (double)NAN;
  return result;
}
