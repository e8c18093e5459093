/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The infinitesimal jackknife variance of curves with case weights, as R's survfit() takes it where a weight is not whole.
 *
 * A row with weight w, time t_i and status delta moves the curve by
 *     w dS(t)/dw = -S(t) w (delta [t_i <= t] / (n - d)(t_i) - H(min(t, t_i))),   H(t) = sum d / (n (n - d)) to t,
 * and the variance is the sum of the squares over rows.  Rows of one time and status move it alike but for their weight,
 * so that the sums of squared weights by time and status are all that is needed. */
#include "stats/km_robust.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/compensated.h"
#include "stats/distribution.h"
#include "stats/km_limits.h"

bool km_needs_robust(const struct survival_data *data)
{
  if (!data->weight || data->entry)
    return false;
  for (size_t i = 0; i < data->n; i++)
    if (data->weight[i] != floor(data->weight[i]))
      return true;
  return false;
}

/* Fills event_square and censor_square of each curve: rows come in the order of the curves' times. */
static void sum_squares(const struct survival_data *data, struct km_curve *curves)
{
  size_t *at = memory_new(data->n_groups, sizeof *at);
  for (size_t g = 0; g < data->n_groups; g++) {
    curves[g].event_square = memory_new(curves[g].n_times, sizeof(double));
    curves[g].censor_square = memory_new(curves[g].n_times, sizeof(double));
  }
  for (size_t i = 0; i < data->n; i++) {
    const size_t g = survival_group_of(data, i);
    while (curves[g].time[at[g]] < data->time[i])
      at[g]++;
    const double weight = survival_weight_of(data, i);
    *(data->status[i] == STATUS_EVENT ? &curves[g].event_square[at[g]] : &curves[g].censor_square[at[g]]) +=
        weight * weight;
  }
  free(at);
}

static void set_errors(struct km_curve *curve, enum confidence_type type, double z)
{
  struct compensated_sum past = {0, 0};
  double hazard = 0, left = 0;
  for (size_t j = 0; j < curve->n_times; j++)
    left += curve->event_square[j] + curve->censor_square[j];
  for (size_t j = 0; j < curve->n_times; j++) {
    const double n = curve->n_risk[j], survivors = n - curve->n_event[j];
    if (survivors > 0)
      hazard += curve->n_event[j] / (n * survivors);
    const double event = survivors > 0 ? 1 / survivors - hazard : 0; /* at 0 the error is not estimable anyway */
    compensated_add(&past, curve->event_square[j] * event * event + curve->censor_square[j] * hazard * hazard);
    left -= curve->event_square[j] + curve->censor_square[j];
    const double log_error = sqrt(compensated_value(&past) + fmax(left, 0) * hazard * hazard);
    const struct survival_limits limits = survival_limits(type, curve->estimate[j], log_error, z);
    curve->std_error[j] = curve->estimate[j] > 0 ? curve->estimate[j] * log_error : (double)NAN;
    curve->conf_low[j] = limits.low;
    curve->conf_high[j] = limits.high;
  }
}

void km_make_robust(const struct survival_data *data, const struct km_options *options, struct km_curve *curves)
{
  const double z = normal_half_width(options->level);
  sum_squares(data, curves);
  for (size_t g = 0; g < data->n_groups; g++)
    set_errors(&curves[g], options->conf, z);
}

/* A row moves the mean by -w (delta A(t_i) / (n - d)(t_i) - G(t_i)), A(t) the area from t to tau and
 * G(t) = sum A d / (n (n - d)); where n = d the area beyond is 0. */
double km_robust_mean_error(const struct km_curve *curve, double tau)
{
  size_t n_times = 0;
  while (n_times < curve->n_times && curve->time[n_times] <= tau)
    n_times++;
  double *area = memory_new(n_times + 1, sizeof *area), right = tau, sum = 0;
  for (size_t j = n_times; j-- > 0;) {
    sum += curve->estimate[j] * (right - curve->time[j]);
    right = curve->time[j];
    area[j] = sum;
  }
  struct compensated_sum variance = {0, 0};
  double g = 0, beyond = 0;
  for (size_t j = 0; j < n_times; j++) {
    const double n = curve->n_risk[j], survivors = n - curve->n_event[j];
    if (survivors > 0)
      g += area[j] * curve->n_event[j] / (n * survivors);
    const double event = survivors > 0 ? area[j] / survivors - g : g;
    compensated_add(&variance, curve->event_square[j] * event * event + curve->censor_square[j] * g * g);
  }
  for (size_t j = n_times; j < curve->n_times; j++)
    beyond += curve->event_square[j] + curve->censor_square[j];
  free(area);
  return sqrt(compensated_value(&variance) + beyond * g * g);
}
