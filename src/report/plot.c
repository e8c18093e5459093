/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "report/plot_mark.h"

struct plot *plot_new(size_t n_series)
{
  struct plot *plot = memory_new(1, sizeof *plot);
  plot->series = memory_new(n_series, sizeof *plot->series);
  plot->n_series = n_series;
  for (size_t i = 0; i < n_series; i++)
    plot->series[i].median = NAN;
  return plot;
}

enum { BORROWED = 9 };

/* The arrays that can be borrowed, and how many values each has. */
static void list_arrays(struct plot_series *series, double **arrays[BORROWED], size_t lengths[BORROWED])
{
  double **const all[BORROWED] = {&series->time,    &series->value,    &series->low,        &series->high,           &series->n_risk,
                                  &series->n_event, &series->n_censor, &series->entry_time, &series->entry_cumulated};
  for (size_t i = 0; i < BORROWED; i++) {
    arrays[i] = all[i];
    lengths[i] = i < BORROWED - 2 ? series->n : series->n_entries;
  }
}

static void series_own(struct plot_series *series)
{
  double **arrays[BORROWED];
  size_t lengths[BORROWED];
  list_arrays(series, arrays, lengths);
  for (size_t i = 0; i < BORROWED && series->is_borrowed; i++)
    *arrays[i] = *arrays[i] ? memory_copy(*arrays[i], lengths[i], sizeof **arrays[i]) : NULL;
  series->is_borrowed = false;
}

void plot_own(struct plot *plot)
{
  for (size_t i = 0; i < plot->n_series; i++)
    series_own(&plot->series[i]);
  if (plot->reference)
    series_own(plot->reference);
}

static void series_clear(struct plot_series *series)
{
  double **arrays[BORROWED];
  size_t lengths[BORROWED];
  list_arrays(series, arrays, lengths);
  for (size_t i = 0; i < BORROWED && !series->is_borrowed; i++)
    free(*arrays[i]);
  free(series->label);
  free(series->legend);
  free(series->events_to);
  free(series->censored_to);
}

void plot_free(struct plot *plot)
{
  if (!plot)
    return;
  for (size_t i = 0; i < plot->n_series; i++)
    series_clear(&plot->series[i]);
  free(plot->series);
  if (plot->reference)
    series_clear(plot->reference);
  free(plot->reference);
  for (size_t i = 0; i < plot->n_panels; i++)
    plot_free(plot->panels[i]);
  free(plot->panels);
  free(plot->panels_label);
  plot_marks_free(plot);
  free(plot->title);
  free(plot->x_label);
  free(plot->y_label);
  free(plot->note);
  free(plot);
}

size_t plot_n_panels(const struct plot *plot)
{
  return plot->n_panels ? plot->n_panels : plot->n_series > PLOT_OVERLAID ? plot->n_series : 0;
}

struct plot plot_panel(const struct plot *plot, size_t i)
{
  if (plot->n_panels) {
    struct plot panel = *plot->panels[i];
    panel.marks = plot->marks;
    panel.n_marks = plot->n_marks;
    return panel;
  }
  return (struct plot){.title = plot->series[i].label,
                       .x_label = plot->x_label,
                       .y_label = plot->y_label,
                       .is_incidence = plot->is_incidence,
                       .note = plot->series[i].legend,
                       .series = &plot->series[i],
                       .n_series = 1,
                       .reference = plot->reference,
                       .marks = plot->marks,
                       .n_marks = plot->n_marks};
}

static double *sums_of(const double *numbers, size_t n)
{
  double *sums = memory_new(n, sizeof *sums), sum = 0;
  for (size_t i = 0; i < n; i++)
    sums[i] = sum += numbers[i];
  return sums;
}

void plot_series_cumulate(struct plot_series *series)
{
  free(series->events_to);
  free(series->censored_to);
  series->events_to = sums_of(series->n_event, series->n);
  series->censored_to = sums_of(series->n_censor, series->n);
}

/* How many of the n ascending values are before t, or at most t where `with_t`. */
static size_t count_up_to(const double *values, size_t n, double t, bool with_t)
{
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (values[middle] < t || (with_t && values[middle] == t))
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

double plot_series_value(const struct plot_series *series, double t)
{
  if (!series->n || t > series->time[series->n - 1])
    return NAN;
  size_t passed = count_up_to(series->time, series->n, t, true);
  return passed ? series->value[passed - 1] : 1;
}

double plot_series_value_before(const struct plot_series *series, double t)
{
  size_t passed = count_up_to(series->time, series->n, t, false);
  return passed ? series->value[passed - 1] : 1;
}

size_t plot_series_index(const struct plot_series *series, double t)
{
  return count_up_to(series->time, series->n, t, false);
}

struct plot_counts plot_series_counts(const struct plot_series *series, double t)
{
  struct plot_counts counts = {0, 0, 0};
  size_t passed = count_up_to(series->time, series->n, t, false);
  if (passed && series->events_to && series->censored_to) {
    counts.events = series->events_to[passed - 1];
    counts.censored = series->censored_to[passed - 1];
  }
  for (size_t i = 0; i < passed && !series->events_to; i++) {
    counts.events += series->n_event[i];
    counts.censored += series->n_censor[i];
  }
  double entered = series->total;
  if (series->n_entries) {
    size_t before = count_up_to(series->entry_time, series->n_entries, t, t <= 0);
    entered = before ? series->entry_cumulated[before - 1] : 0;
  }
  counts.at_risk = entered - counts.events - counts.censored;
  return counts;
}

double plot_last_time(const struct plot *plot)
{
  double last = 0;
  for (size_t i = 0; i < plot->n_series; i++)
    if (plot->series[i].n)
      last = fmax(last, plot->series[i].time[plot->series[i].n - 1]);
  return last;
}

double plot_tick_step(double last, size_t columns, size_t min_gap, const char *unit)
{
  static const double months[] = {1, 2, 3, 6, 12, 24, 36, 60, 120, 240, 480, 960};
  static const double nice[] = {1, 2, 5};
  if (!(last > 0) || !isfinite(last) || !columns)
    return 1;
  double least = last * (double)(min_gap ? min_gap : 1) / (double)columns;
  if (unit && strcmp(unit, "months") == 0 && least >= 0.5 && least <= 960)
    for (size_t i = 0; i < sizeof months / sizeof *months; i++)
      if (months[i] >= least)
        return months[i];
  double power = pow(10, floor(log10(least)));
  for (;; power *= 10)
    for (size_t i = 0; i < 3; i++)
      if (nice[i] * power >= least * (1 - 1e-12))
        return nice[i] * power;
}
