/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From rows to curves: count each group's distinct times, sort the rows into them, then estimate curve by curve. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "stats/compensated.h"
#include "stats/distribution.h"
#include "stats/km.h"
#include "stats/km_limits.h"
#include "stats/km_robust.h"

enum {
  ROWS_A_CHECK = 1 << 16, /* rows between two looks at the task */
  ROWS_A_CREW = 1 << 14   /* from so many on groups are shared between the cores */
};

static bool is_time_to_check(size_t i, struct task *task)
{
  return i % ROWS_A_CHECK == 0 && task_is_cancelled(task);
}

/* For each group the place in its arrays of the value last met, and that value. */
struct group_cursor {
  double last; /* NaN: none yet, unequal to every value */
  size_t next; /* distinct values met so far */
};

static struct group_cursor *cursors_new(size_t n_groups)
{
  struct group_cursor *cursors = memory_new(n_groups, sizeof *cursors);
  for (size_t g = 0; g < n_groups; g++)
    cursors[g].last = NAN;
  return cursors;
}

/* The place of `value`, which is the last one or a larger one, in its group's arrays. */
static size_t cursor_place(struct group_cursor *cursor, double value)
{
  if (value != cursor->last) {
    cursor->last = value;
    cursor->next++;
  }
  return cursor->next - 1;
}

/* Room for what curve_estimate() fills. */
static void allocate_estimates(struct km_curve *curve, size_t n_times)
{
  double **columns[] = {&curve->estimate, &curve->std_error, &curve->conf_low, &curve->conf_high};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    *columns[c] = memory_resize(NULL, n_times, sizeof **columns[c]);
}

/* Room for the times of so many rows, which are as many at most. */
static void allocate_times(struct km_curve *curve, size_t n_rows)
{
  double **columns[] = {&curve->time, &curve->n_event, &curve->n_censor};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    *columns[c] = memory_resize(NULL, n_rows, sizeof **columns[c]);
}

/* The times are so many: gives back what is left over, and makes room for the rest. */
static void set_times(struct km_curve *curve, size_t n_times)
{
  double **columns[] = {&curve->time, &curve->n_event, &curve->n_censor};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    *columns[c] = memory_resize(*columns[c], n_times, sizeof **columns[c]);
  curve->n_risk = memory_resize(NULL, n_times, sizeof *curve->n_risk);
  allocate_estimates(curve, n_times);
  curve->n_times = n_times;
}

/* Fills time, n_event and n_censor of each curve. */
static enum status sort_into_times(const struct survival_data *data, const struct km_options *options,
                                   struct task *task, struct km_curve *curves)
{
  struct group_cursor *cursors = cursors_new(data->n_groups);
  size_t *n_rows = memory_new(data->n_groups, sizeof *n_rows);
  enum status status = STATUS_OK;
  for (size_t i = 0; i < data->n; i++)
    n_rows[survival_group_of(data, i)]++;
  for (size_t g = 0; g < data->n_groups; g++)
    allocate_times(&curves[g], n_rows[g]);
  free(n_rows);
  for (size_t i = 0; i < data->n && status == STATUS_OK; i++) {
    struct km_curve *curve = &curves[survival_group_of(data, i)];
    struct group_cursor *cursor = &cursors[survival_group_of(data, i)];
    const size_t before = cursor->next, j = cursor_place(cursor, data->time[i]);
    if (j == before) { /* a new time */
      curve->time[j] = data->time[i];
      curve->n_event[j] = curve->n_censor[j] = 0;
    }
    const bool is_event = (data->status[i] == STATUS_EVENT) != options->reverse;
    *(is_event ? &curve->n_event[j] : &curve->n_censor[j]) += survival_weight_of(data, i);
    if (is_time_to_check(i, task))
      status = STATUS_CANCELLED;
  }
  for (size_t g = 0; g < data->n_groups && status == STATUS_OK; g++)
    set_times(&curves[g], cursors[g].next);
  free(cursors);
  return status;
}

/* Fills entry_time of each curve, and entry_cumulated with the weight that enters at each time, not yet cumulated. */
static enum status sort_into_entries(const struct survival_data *data, struct task *task, struct km_curve *curves)
{
  size_t *rows = sort_order(data->entry, data->n);
  struct group_cursor *cursors = cursors_new(data->n_groups);
  enum status status = STATUS_OK;
  for (size_t i = 0; i < data->n; i++)
    cursor_place(&cursors[survival_group_of(data, rows[i])], data->entry[rows[i]]);
  for (size_t g = 0; g < data->n_groups; g++) {
    curves[g].n_entries = cursors[g].next;
    curves[g].entry_time = memory_new(cursors[g].next, sizeof(double));
    curves[g].entry_cumulated = memory_new(cursors[g].next, sizeof(double));
    cursors[g] = (struct group_cursor){.last = NAN};
  }
  for (size_t i = 0; i < data->n && status == STATUS_OK; i++) {
    struct km_curve *curve = &curves[survival_group_of(data, rows[i])];
    size_t j = cursor_place(&cursors[survival_group_of(data, rows[i])], data->entry[rows[i]]);
    curve->entry_time[j] = data->entry[rows[i]];
    curve->entry_cumulated[j] += survival_weight_of(data, rows[i]);
    if (is_time_to_check(i, task))
      status = STATUS_CANCELLED;
  }
  free(cursors);
  free(rows);
  return status;
}

/* Fills n_risk from the end: those who leave at the time or later, less those who enter at it or later.  Backwards
 * because late risk sets are small sums, not differences of large ones. */
static void curve_count_at_risk(struct km_curve *curve)
{
  struct compensated_sum leaving = {0, 0}, entering = {0, 0};
  size_t e = curve->n_entries;
  for (size_t j = curve->n_times; j-- > 0;) {
    double leaving_now = curve->n_event[j] + curve->n_censor[j];
    compensated_add(&leaving, leaving_now);
    while (e > 0 && curve->entry_time[e - 1] >= curve->time[j])
      compensated_add(&entering, curve->entry_cumulated[--e]);
    curve->n_risk[j] = compensated_value(&leaving) - compensated_value(&entering);
    /* Weights that are not whole leave rounding behind where nobody but those who leave now is at risk. */
    if (curve->n_entries && curve->n_risk[j] - leaving_now < COMPENSATED_NEGLIGIBLE * compensated_value(&leaving))
      curve->n_risk[j] = leaving_now;
  }
  curve->n = compensated_value(&leaving);
  struct compensated_sum entered = {0, 0};
  for (e = 0; e < curve->n_entries; e++) {
    compensated_add(&entered, curve->entry_cumulated[e]);
    curve->entry_cumulated[e] = compensated_value(&entered);
  }
}

/* With n at risk and d events at a time
 *   S = prod (n - d) / n,   Var(log S) = greenwood = sum d / (n (n - d)),   s.e.(S) = S sqrt(greenwood)
 * Once the risk set has died out, S stays 0 and its error is not estimable, whoever enters later.  z 0: no limits. */
static void curve_estimate(struct km_curve *curve, enum confidence_type type, double z)
{
  struct compensated_product survival = {1, 0};
  struct compensated_sum greenwood = {0, 0}, n_events = {0, 0};
  double estimate = 1, std_error = 0;
  struct survival_limits limits = survival_limits(type, estimate, 0, z);
  for (size_t j = 0; j < curve->n_times; j++) {
    double n = curve->n_risk[j], d = curve->n_event[j];
    compensated_add(&n_events, d);
    if (d > 0 && estimate > 0) {
      double left = n - d;
      if (left > 0) {
        compensated_multiply(&survival, left, n);
        compensated_add(&greenwood, d / (n * left));
      }
      estimate = left > 0 ? compensated_product_value(&survival) : 0;
      double log_error = sqrt(compensated_value(&greenwood));
      std_error = left > 0 ? estimate * log_error : (double)NAN;
      if (z > 0)
        limits = survival_limits(type, estimate, log_error, z);
    }
    curve->estimate[j] = estimate;
    curve->std_error[j] = std_error;
    curve->conf_low[j] = limits.low;
    curve->conf_high[j] = limits.high;
  }
  curve->n_events = compensated_value(&n_events);
}

/* What the groups share. */
struct estimation {
  struct km_curve *curves;
  enum confidence_type conf;
  double z;
  struct task *task;
};

static void estimate_group(void *context, size_t group)
{
  const struct estimation *estimation = context;
  if (task_is_cancelled(estimation->task))
    return;
  curve_count_at_risk(&estimation->curves[group]);
  curve_estimate(&estimation->curves[group], estimation->conf, estimation->z);
}

void km_reverse(const struct km_curve *curve, struct km_curve *reversed)
{
  *reversed = (struct km_curve){.n_times = curve->n_times,
                                .time = curve->time,
                                .n_risk = curve->n_risk,
                                .n_event = curve->n_censor,
                                .n_censor = curve->n_event,
                                .n = curve->n};
  allocate_estimates(reversed, curve->n_times);
  curve_estimate(reversed, CONF_PLAIN, 0);
}

void km_reverse_clear(struct km_curve *reversed)
{
  free(reversed->estimate);
  free(reversed->std_error);
  free(reversed->conf_low);
  free(reversed->conf_high);
  *reversed = (struct km_curve){.n_times = 0};
}

enum status km_fit(const struct survival_data *data, const struct km_options *options, struct task *task,
                   struct km_curve *curves)
{
  struct estimation estimation = {curves, options->conf, normal_half_width(options->level), task};
  for (size_t g = 0; g < data->n_groups; g++)
    curves[g] = (struct km_curve){.n_times = 0};
  enum status status = sort_into_times(data, options, task, curves);
  if (status == STATUS_OK && data->entry)
    status = sort_into_entries(data, task, curves);
  if (status == STATUS_OK && data->n >= ROWS_A_CREW)
    parallel_run(data->n_groups, estimate_group, &estimation);
  for (size_t g = 0; g < data->n_groups && status == STATUS_OK && data->n < ROWS_A_CREW; g++)
    estimate_group(&estimation, g);
  if (status == STATUS_OK && task_is_cancelled(task))
    status = STATUS_CANCELLED;
  if (status != STATUS_OK)
    for (size_t g = 0; g < data->n_groups; g++)
      km_curve_clear(&curves[g]);
  else if (!options->reverse && km_needs_robust(data))
    km_make_robust(data, options, curves);
  return status;
}

void km_curve_clear(struct km_curve *curve)
{
  double *columns[] = {curve->time,       curve->n_risk,          curve->n_event,      curve->n_censor,
                       curve->estimate,   curve->std_error,       curve->conf_low,     curve->conf_high,
                       curve->entry_time, curve->entry_cumulated, curve->event_square, curve->censor_square};
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    free(columns[c]);
  *curve = (struct km_curve){.n_times = 0};
}
