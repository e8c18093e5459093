/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative incidence from two counts of the same risk sets, one a cause.
 *
 * At a time with n at risk, d events of the cause and c of the other, S the Kaplan–Meier estimate for either just
 * before the time and s just after it:
 *   F += S d / n                    s = S (n - d - c) / n
 *   Var F(t) = sum over times u <= t of  (1 - (F(t) - F(u)) / s(u))^2 v_d(u) + ((F(t) - F(u)) / s(u))^2 v_c(u)
 *   v_d = S^2 d / n^2 (1 - (d - 1) / (n - 1)), v_c likewise; where s(u) is 0 the quotient and v_c are left out.
 * A term is (a - b F(t))^2 v: V = sum of (a - b F)^2 v, W = sum of (a - b F) b v and U = sum of b^2 v follow F as it
 * rises, without the cancellation of sums about F = 0. */
#include "stats/cif.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/compensated.h"
#include "stats/distribution.h"
#include "stats/km.h"
#include "stats/km_limits.h"

/* Both causes of all groups over the same times: curves of survival, of which times and counts are read. */
struct cause_counts {
  struct km_curve *by_cause[CIF_CAUSES]; /* n_groups each */
};

static void counts_clear(struct cause_counts *counts, size_t n_groups)
{
  for (size_t c = 0; c < CIF_CAUSES; c++) {
    for (size_t g = 0; g < n_groups; g++)
      km_curve_clear(&counts->by_cause[c][g]);
    free(counts->by_cause[c]);
  }
}

/* Counts the risk sets and each cause's events in them.  The counts are there to be cleared whatever is returned. */
static enum status counts_fill(struct cause_counts *counts, const struct survival_data *data, double level,
                               struct task *task)
{
  const struct km_options options = {.conf = CONF_PLAIN, .level = level};
  uint8_t *is_cause = memory_new(data->n, sizeof *is_cause);
  struct survival_data one_cause = *data;
  enum status status = STATUS_OK;
  one_cause.status = is_cause;
  for (size_t c = 0; c < CIF_CAUSES; c++) {
    counts->by_cause[c] = memory_new(data->n_groups, sizeof **counts->by_cause);
    for (size_t i = 0; i < data->n; i++)
      is_cause[i] = data->status[i] == STATUS_EVENT + c ? STATUS_EVENT : STATUS_CENSORED;
    if (status == STATUS_OK)
      status = km_fit(&one_cause, &options, task, counts->by_cause[c]);
  }
  free(is_cause);
  return status;
}

/* An estimate on its way through the times. */
struct incidence {
  struct compensated_product survival; /* S */
  struct compensated_sum estimate;     /* F */
  double v, w, u;
};

/* S^2 d / n^2 (1 - (d - 1) / (n - 1)). */
static double tied_variance(double survival, double n, double d)
{
  double factor = d > 1 ? (n - d) / (n - 1) : 1;
  return survival * survival * factor * d / (n * n);
}

/* Past a time at which d of n had the event of the cause and c the other. */
static void incidence_pass(struct incidence *at, double n, double d, double c)
{
  double before = compensated_product_value(&at->survival), left = n - d - c, after = 0;
  if (left > COMPENSATED_NEGLIGIBLE * n) {
    compensated_multiply(&at->survival, left, n);
    after = compensated_product_value(&at->survival);
  } else
    at->survival = (struct compensated_product){0, 0};
  if (d > 0) {
    double rise = before * d / n, variance = tied_variance(before, n, d), b = after > 0 ? 1 / after : 0;
    compensated_add(&at->estimate, rise);
    at->v += rise * (rise * at->u - 2 * at->w) + variance;
    at->w += b * variance - rise * at->u;
    at->u += b * b * variance;
  }
  if (c > 0 && after > 0)
    at->u += tied_variance(before, n, c) / (after * after);
}

static void curve_allocate(struct cif_curve *curve, size_t n_times)
{
  double **columns[] = {&curve->time,      &curve->n_risk,   &curve->n_event,  &curve->estimate,
                        &curve->std_error, &curve->conf_low, &curve->conf_high};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    *columns[c] = memory_new(n_times, sizeof **columns[c]);
  curve->n_times = n_times;
}

static size_t count_positive(const double *values, size_t n)
{
  size_t count = 0;
  for (size_t j = 0; j < n; j++)
    count += values[j] > 0;
  return count;
}

/* The curve of the cause counted in `own`; `other` counts the other cause at the same times. */
static void curve_fill(struct cif_curve *curve, const struct km_curve *own, const struct km_curve *other, double z)
{
  struct incidence at = {.survival = {1, 0}};
  size_t row = 0;
  curve_allocate(curve, count_positive(own->n_event, own->n_times));
  curve->n = own->n;
  curve->n_events = own->n_events;
  curve->last_time = own->n_times ? own->time[own->n_times - 1] : (double)NAN;
  for (size_t j = 0; j < own->n_times; j++) {
    double d = own->n_event[j], c = other->n_event[j];
    if (d > 0 || c > 0)
      incidence_pass(&at, own->n_risk[j], d, c);
    if (!(d > 0))
      continue;
    double estimate = compensated_value(&at.estimate), std_error = sqrt(fmax(at.v, 0));
    struct survival_limits limits = survival_limits(CONF_LOG_LOG, estimate, std_error / estimate, z);
    curve->time[row] = own->time[j];
    curve->n_risk[row] = own->n_risk[j];
    curve->n_event[row] = d;
    curve->estimate[row] = estimate;
    curve->std_error[row] = std_error;
    curve->conf_low[row] = limits.low;
    curve->conf_high[row++] = limits.high;
  }
}

enum status cif_fit(const struct survival_data *data, double level, struct task *task, struct cif_curve *curves)
{
  struct cause_counts counts;
  double z = normal_half_width(level);
  memset(curves, 0, CIF_CAUSES * data->n_groups * sizeof *curves);
  enum status status = counts_fill(&counts, data, level, task);
  for (size_t g = 0; g < data->n_groups && status == STATUS_OK; g++) {
    for (size_t c = 0; c < CIF_CAUSES; c++)
      curve_fill(&curves[CIF_CAUSES * g + c], &counts.by_cause[c][g], &counts.by_cause[1 - c][g], z);
    if (task_is_cancelled(task))
      status = STATUS_CANCELLED;
  }
  counts_clear(&counts, data->n_groups);
  if (status != STATUS_OK)
    for (size_t k = 0; k < CIF_CAUSES * data->n_groups; k++)
      cif_curve_clear(&curves[k]);
  return status;
}

void cif_curve_clear(struct cif_curve *curve)
{
  double *columns[] = {curve->time,      curve->n_risk,   curve->n_event,  curve->estimate,
                       curve->std_error, curve->conf_low, curve->conf_high};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    free(columns[c]);
  *curve = (struct cif_curve){.n_times = 0, .last_time = NAN};
}

struct cif_point cif_at(const struct cif_curve *curve, double time)
{
  struct cif_point point = {.time = time};
  if (!(time <= curve->last_time)) {
    point.estimate = point.std_error = point.conf_low = point.conf_high = NAN;
    return point;
  }
  size_t low = 0, high = curve->n_times; /* rows below `low` have passed, those from `high` on have not */
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (curve->time[middle] <= time)
      low = middle + 1;
    else
      high = middle;
  }
  if (low == 0)
    return point;
  point.estimate = curve->estimate[low - 1];
  point.std_error = curve->std_error[low - 1];
  point.conf_low = curve->conf_low[low - 1];
  point.conf_high = curve->conf_high[low - 1];
  return point;
}
