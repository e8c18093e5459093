/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/forest_plot.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pretty.h"

struct forest_plot *forest_plot_new(const char *title, bool is_ratio)
{
  struct forest_plot *plot = memory_new(1, sizeof *plot);
  plot->title = title ? memory_copy_string(title) : NULL;
  plot->is_ratio = is_ratio;
  return plot;
}

static void row_clear(struct forest_row *row)
{
  free(row->label);
  free(row->brief);
  free(row->counts);
  free(row->numbers);
  free(row->p);
  free(row->remark);
  free(row->reason);
  free(row->variable);
  free(row->level);
  free(row->why);
}

void forest_plot_free(struct forest_plot *plot)
{
  if (!plot)
    return;
  for (size_t i = 0; i < plot->n_rows; i++)
    row_clear(&plot->rows[i]);
  free(plot->rows);
  free(plot->title);
  free(plot->label_title);
  free(plot->counts_title);
  free(plot->numbers_title);
  free(plot->axis_title);
  free(plot->reference);
  free(plot->brief_reference);
  free(plot->brief_note);
  free(plot);
}

struct forest_row *forest_plot_add(struct forest_plot *plot, enum forest_row_kind kind, unsigned indent, const char *label)
{
  const double unknown = (double)NAN;
  const struct forest_row row = {.kind = kind,
                                 .indent = indent,
                                 .label = label ? memory_copy_string(label) : NULL,
                                 .estimate = unknown,
                                 .low = unknown,
                                 .high = unknown,
                                 .p_value = unknown,
                                 .weight = unknown};
  MEMORY_APPEND(plot->rows, plot->n_rows, plot->rows_capacity, row);
  return &plot->rows[plot->n_rows - 1];
}

void forest_plot_relabel(struct forest_plot *plot, unsigned indent, const char *label, const char *brief)
{
  struct forest_row *row = &plot->rows[plot->n_rows - 1];
  free(row->label);
  free(row->brief);
  row->indent = indent;
  row->label = memory_copy_string(label);
  row->brief = brief && strcmp(brief, label) != 0 ? memory_copy_string(brief) : NULL;
}

bool forest_row_is_drawn(const struct forest_plot *plot, const struct forest_row *row)
{
  return (row->kind == FOREST_ROW || row->kind == FOREST_SUMMARY) && isfinite(row->estimate) &&
         (!plot->is_ratio || row->estimate > 0);
}

/* ---- the axis ---- */

/* The axis of ratios never shows less than a half to twice.  Limits widen it as far as a tenth to ten times, or three times
 * beyond the estimates; it ends at a thousandth and a thousand times whatever comes. */
#define NEAREST 2.0
#define FURTHEST 10.0
#define BEYOND 3.0
#define END 1000.0

/* The least and the greatest of the rows' estimates, and of their limits that have a place on the axis. */
struct extent {
  double low, high;             /* of the estimates */
  double limit_low, limit_high; /* of the limits */
};

static void widen(struct extent *extent, double low, double high, bool is_ratio)
{
  if (isfinite(low) && (!is_ratio || low > 0))
    extent->limit_low = fmin(extent->limit_low, low);
  if (isfinite(high) && (!is_ratio || high > 0))
    extent->limit_high = fmax(extent->limit_high, high);
}

static struct extent extent_of(const struct forest_plot *plot)
{
  const double null = plot->is_ratio ? 1 : 0;
  struct extent extent = {null, null, null, null};
  for (size_t i = 0; i < plot->n_rows; i++) {
    const struct forest_row *row = &plot->rows[i];
    if (!forest_row_is_drawn(plot, row))
      continue;
    extent.low = fmin(extent.low, row->estimate);
    extent.high = fmax(extent.high, row->estimate);
    widen(&extent, row->low, row->high, plot->is_ratio);
  }
  return extent;
}

/* 1, 2, 5 times a power of ten, by number: 0 is 1, 1 is 2, 3 is 10, -1 is 0.5. */
static double round_value(int number)
{
  static const double steps[] = {1, 2, 5};
  const int power = (int)floor(number / 3.0);
  return steps[number - 3 * power] * pow(10, power);
}

static void ratio_axis(const struct extent *extent, struct forest_axis *axis)
{
  const double low = fmax(fmin(fmax(extent->limit_low, fmin(1 / FURTHEST, extent->low / BEYOND)), 1 / NEAREST), 1 / END);
  const double high = fmin(fmax(fmin(extent->limit_high, fmax(FURTHEST, extent->high * BEYOND)), NEAREST), END);
  int first = 0, last = 0;
  while (round_value(first) > low * (1 + 1e-9))
    first--;
  while (round_value(last) < high * (1 - 1e-9))
    last++;
  axis->low = round_value(first);
  axis->high = round_value(last);
  axis->tick[axis->n_ticks++] = 1;
  for (int pass = 0; pass < 2; pass++) /* the powers of ten, then the others, each from 1 outwards */
    for (int distance = 1; distance <= 9; distance++)
      for (int number = -distance; number <= distance; number += 2 * distance)
        if ((number % 3 != 0) == pass && number >= first && number <= last)
          axis->tick[axis->n_ticks++] = round_value(number);
}

static void linear_axis(const struct extent *extent, struct forest_axis *axis)
{
  const double span = fmax(extent->high - extent->low, fmax(fabs(extent->high), fabs(extent->low)));
  double low = fmax(extent->limit_low, extent->low - BEYOND * span);
  double high = fmin(extent->limit_high, extent->high + BEYOND * span);
  if (!(high > low))
    low = -1, high = 1;
  size_t n;
  double *values = pretty_values(low, high, 5, &n);
  axis->low = values[0];
  axis->high = values[n - 1];
  axis->tick[axis->n_ticks++] = 0;
  for (size_t i = 0; i < n && axis->n_ticks < FOREST_MAX_TICKS; i++)
    if (values[i] != 0)
      axis->tick[axis->n_ticks++] = values[i];
  free(values);
}

void forest_axis_of(const struct forest_plot *plot, struct forest_axis *axis)
{
  const struct extent extent = extent_of(plot);
  *axis = (struct forest_axis){.is_ratio = plot->is_ratio};
  if (plot->is_ratio)
    ratio_axis(&extent, axis);
  else
    linear_axis(&extent, axis);
}

double forest_axis_null(const struct forest_axis *axis)
{
  return axis->is_ratio ? 1 : 0;
}

double forest_axis_place(const struct forest_axis *axis, double value)
{
  if (axis->is_ratio)
    return (log(value) - log(axis->low)) / (log(axis->high) - log(axis->low));
  return (value - axis->low) / (axis->high - axis->low);
}
