/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/plot_window.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

static const char *const function_names[PLOT_FUNCTION_COUNT] = {
    [PLOT_SURVIVAL] = "survival",
    [PLOT_EVENT] = "event",
    [PLOT_CUMULATIVE_HAZARD] = "cumhaz",
    [PLOT_LOG_LOG] = "loglog",
};

const char *plot_function_name(enum plot_function function)
{
  return function_names[function];
}

bool plot_function_find(const char *name, enum plot_function *function)
{
  for (size_t i = 0; i < PLOT_FUNCTION_COUNT; i++) {
    if (strcmp(function_names[i], name) != 0)
      continue;
    *function = (enum plot_function)i;
    return true;
  }
  return false;
}

char *plot_function_label(enum plot_function function, const char *y_label)
{
  static const char *const formats[PLOT_FUNCTION_COUNT] = {
      [PLOT_EVENT] = "1 − %s",
      [PLOT_CUMULATIVE_HAZARD] = "cumulative hazard, −log %s",
      [PLOT_LOG_LOG] = "log(−log %s)",
  };
  if (!formats[function])
    return NULL;
  struct text text = TEXT_INIT;
  const char *slot = strstr(formats[function], "%s");
  text_append_format(&text, "%.*s%s%s", (int)(slot - formats[function]), formats[function], y_label ? y_label : "S",
                     slot + 2);
  return text_take(&text);
}

double plot_function_value(enum plot_function function, double s)
{
  switch (function) {
  case PLOT_EVENT:
    return 1 - s;
  case PLOT_CUMULATIVE_HAZARD:
    return s < 1 ? -log(s) : 0;
  case PLOT_LOG_LOG:
    return s < 1 ? log(-log(s)) : -(double)INFINITY;
  case PLOT_SURVIVAL:
  case PLOT_FUNCTION_COUNT:
    break;
  }
  return s;
}

bool plot_window_is_log(const struct plot_window *window)
{
  return window->function == PLOT_LOG_LOG;
}

double plot_window_position(const struct plot_window *window, double time)
{
  if (!plot_window_is_log(window))
    return (time - window->first) / (window->last - window->first);
  return time > 0 ? log(time / window->first) / log(window->last / window->first) : -1;
}

double plot_window_time(const struct plot_window *window, double position)
{
  if (!plot_window_is_log(window))
    return window->first + position * (window->last - window->first);
  return window->first * exp(position * log(window->last / window->first));
}

/* Without the rounding of a product: 0.3, not 0.30000000000000004. */
static double to_12_digits(double value)
{
  char digits[32];
  snprintf(digits, sizeof digits, "%.12g", value);
  double rounded;
  return number_parse(digits, strlen(digits), &rounded) ? rounded : value;
}

double plot_window_short_time(const struct plot_window *window, double column, size_t columns)
{
  static const double nice[] = {5, 2, 1};
  if (column < 0 || !columns)
    return window->first;
  if (column >= (double)columns)
    return window->last;
  const double time = plot_window_time(window, (column + 0.5) / (double)columns);
  const double most = (time - plot_window_time(window, column / (double)columns)) / 2, power = pow(10, floor(log10(most)));
  size_t i = 0;
  while (i < 2 && nice[i] * power > most * (1 + 1e-9))
    i++;
  return to_12_digits(floor(time / (nice[i] * power) + 0.5) * nice[i] * power);
}

/* ---- what is in a window ---- */

/* Calls for every series of a plot and of its panels. */
struct range {
  struct plot_window window;
  double least, greatest;
  bool any;
};

/* The first index whose value is under `limit`, or at most it; n where there is none.  Survival only falls. */
static size_t first_under(const struct plot_series *series, double limit, bool or_equal)
{
  size_t low = 0, high = series->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (series->value[middle] < limit || (or_equal && series->value[middle] == limit))
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

static void range_take(struct range *range, double survival)
{
  double value = plot_function_value(range->window.function, survival);
  if (!isfinite(value))
    return;
  range->least = range->any ? fmin(range->least, value) : value;
  range->greatest = range->any ? fmax(range->greatest, value) : value;
  range->any = true;
}

static void range_add_series(struct range *range, const struct plot_series *series)
{
  const struct plot_window *window = &range->window;
  if (!series->n || series->time[series->n - 1] < window->first)
    return;
  size_t begun = first_under(series, 1, false), dead = first_under(series, 0, true);
  size_t entered = plot_series_index(series, window->first),
         left = plot_series_index(series, nextafter(window->last, INFINITY));
  range_take(range, entered ? series->value[entered - 1] : 1);
  range_take(range, left ? series->value[left - 1] : 1);
  if (begun >= entered && begun < left)
    range_take(range, series->value[begun]); /* where log(-log S) begins */
  if (dead > 0 && dead < left && dead >= entered)
    range_take(range, series->value[dead - 1]); /* where it and -log S end */
}

static void range_add_plot(struct range *range, const struct plot *plot)
{
  for (size_t i = 0; i < plot->n_panels; i++)
    range_add_plot(range, plot->panels[i]);
  for (size_t i = 0; i < plot->n_series && !plot->n_panels; i++)
    range_add_series(range, &plot->series[i]);
}

bool plot_window_range(const struct plot *plot, const struct plot_window *window, double *least, double *greatest)
{
  struct range range = {.window = *window};
  range_add_plot(&range, plot);
  *least = range.least;
  *greatest = range.greatest;
  return range.any;
}

/* The first time at which a curve falls: where an axis of log time begins. */
static double first_fall(const struct plot *plot)
{
  double first = INFINITY;
  for (size_t i = 0; i < plot->n_series; i++) {
    size_t begun = first_under(&plot->series[i], 1, false);
    if (begun < plot->series[i].n && plot->series[i].time[begun] > 0)
      first = fmin(first, plot->series[i].time[begun]);
  }
  return first;
}

struct plot_window plot_window_of(const struct plot *plot, const struct plot_view *view)
{
  const enum plot_function function = plot->is_incidence ? PLOT_EVENT : view->function;
  struct plot_window window = {.function = function, .low = 0, .high = 1};
  window.first = view->first_time > 0 && isfinite(view->first_time) ? view->first_time : 0;
  window.last = view->last_time > 0 && isfinite(view->last_time) ? view->last_time : plot_last_time(plot);
  if (plot_window_is_log(&window) && window.first <= 0)
    window.first = first_fall(plot);
  if (!(window.last > 0))
    window.last = isfinite(window.first) && window.first > 0 ? 2 * window.first : 1;
  if (!isfinite(window.first) || !(window.first < window.last))
    window.first = plot_window_is_log(&window) ? window.last / 100 : 0;
  if (plot_window_is_log(&window))
    window.first = fmax(window.first, window.last * 1e-12);
  if (function == PLOT_SURVIVAL || function == PLOT_EVENT) {
    if (view->low < view->high)
      window.low = view->low, window.high = view->high;
    return window;
  }
  double least, greatest;
  if (!plot_window_range(plot, &window, &least, &greatest))
    return window;
  window.low = function == PLOT_LOG_LOG ? least : 0;
  window.high = greatest > window.low ? greatest : window.low + 1;
  return window;
}

/* ---- ticks ---- */

static size_t log_ticks(const struct plot_window *window, const double *parts, size_t n_parts, double *ticks,
                        size_t capacity)
{
  size_t n = 0;
  for (double power = pow(10, floor(log10(window->first))); power <= window->last; power *= 10)
    for (size_t i = 0; i < n_parts && n < capacity; i++)
      if (power * parts[i] >= window->first * (1 - 1e-9) && power * parts[i] <= window->last * (1 + 1e-9))
        ticks[n++] = to_12_digits(power * parts[i]);
  return n;
}

/* Multiples of a step inside the window. */
static size_t step_ticks(const struct plot_window *window, double step, double *ticks, size_t capacity)
{
  const double begin = ceil(window->first / step - 1e-9);
  size_t n = 0;
  while (n < capacity && (begin + (double)n) * step <= window->last * (1 + 1e-9)) {
    ticks[n] = to_12_digits((begin + (double)n) * step);
    n++;
  }
  return n;
}

size_t plot_window_ticks(const struct plot_window *window, size_t columns, size_t min_gap, const char *unit,
                         double *ticks, size_t capacity)
{
  static const double three[] = {1, 2, 5}, two[] = {1, 3};
  const double span = window->last - window->first;
  if (plot_window_is_log(window)) {
    const double ratio = window->last / window->first, decade = (double)columns / log10(ratio), gap = (double)min_gap;
    size_t n = decade * log10(2) >= gap ? log_ticks(window, three, 3, ticks, capacity)
                                        : log_ticks(window, two, decade * log10(3) >= gap ? 2 : 1, ticks, capacity);
    if (n > 1 || ratio > 5)
      return n;
    min_gap =
        (size_t)ceil((double)min_gap * window->last * log(ratio) / span); /* late times stand closer than early ones */
  }
  return step_ticks(window, plot_tick_step(span, columns, min_gap, unit), ticks, capacity);
}

/* The step of the value axis: the least of 1, 2, 2.5 and 5 x 10^k that makes no more than the intervals wanted. */
static double level_step(double span, size_t intervals, int *decimals)
{
  static const double nice[] = {1, 2, 2.5, 5, 10};
  double least = span / (double)(intervals ? intervals : 1), power = pow(10, floor(log10(least)));
  size_t i = 0;
  while (i < 4 && nice[i] * power < least * (1 - 1e-9))
    i++;
  *decimals = (int)-floor(log10(nice[i] * power) + 1e-9) + (i == 2);
  *decimals = *decimals < 0 ? 0 : *decimals;
  return nice[i] * power;
}

size_t plot_window_levels(const struct plot_window *window, size_t intervals, double *levels, size_t capacity,
                          int *decimals)
{
  const double step = level_step(window->high - window->low, intervals, decimals);
  const double begin = ceil(window->low / step - 1e-9);
  size_t n = 0;
  while (n < capacity && (begin + (double)n) * step <= window->high + step * 1e-9) {
    levels[n] = (begin + (double)n) * step;
    levels[n] = fabs(levels[n]) < step * 1e-9 ? 0 : levels[n];
    n++;
  }
  return n;
}
