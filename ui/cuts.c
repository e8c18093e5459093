/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/cuts.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sort.h"

enum { MOST_CUTS = 40, MOST_VALUES = 16 };

void cut_points_init(struct cut_points *cuts, const struct column *column, const struct row_set *members)
{
  *cuts = (struct cut_points){.column = column_retain(column), .members = row_set_retain(members)};
}

void cut_points_clear(struct cut_points *cuts)
{
  column_release(cuts->column);
  row_set_release(cuts->members);
  free(cuts->points);
  *cuts = (struct cut_points){.column = NULL};
}

bool cut_points_are_of(const struct cut_points *cuts, const struct column *column, const struct state *state)
{
  return cuts->column == column && cuts->members == state->members;
}

void cut_points_find(struct cut_points *cuts, struct task *task)
{
  const struct column *column = cuts->column;
  double *values = memory_resize(NULL, column_n_rows(column), sizeof *values);
  size_t count = 0, distinct = 0;
  for (size_t row = 0; row < column_n_rows(column); row++)
    if (bitmap_has(&cuts->members->rows, row) && isfinite(column_number(column, row)))
      values[count++] = column_number(column, row);
  if (!task_is_cancelled(task))
    sort_numbers(values, count);
  if (task_is_cancelled(task)) {
    free(values);
    return;
  }
  for (size_t i = 1; i < count; i++)
    if (values[i] > values[i - 1])
      values[distinct++] = values[i];
  cuts->n = distinct < MOST_CUTS ? distinct : MOST_CUTS;
  for (size_t i = 0; distinct > MOST_CUTS && i < MOST_CUTS; i++)
    values[i] = values[(i + 1) * (distinct - 1) / (MOST_CUTS + 1)];
  cuts->points = memory_resize(values, cuts->n, sizeof *values);
}

/* The next point above or below the current one; from none, the median. */
static double next_point(const struct cut_points *cuts, double now, bool up)
{
  if (isnan(now))
    return cuts->points[cuts->n / 2];
  for (size_t i = 0; i < cuts->n; i++) {
    const size_t at = up ? i : cuts->n - 1 - i;
    if (up ? cuts->points[at] > now : cuts->points[at] < now)
      return cuts->points[at];
  }
  return now;
}

double cut_points_step(const struct cut_points *cuts, double now, int steps)
{
  if (!cuts->n)
    return (double)NAN;
  for (int i = 0; i < abs(steps); i++)
    now = next_point(cuts, now, steps > 0);
  return now;
}

void next_value_clear(struct next_value *next)
{
  column_release(next->column);
  row_set_release(next->members);
  *next = (struct next_value){.column = NULL};
}

double next_value_above(struct next_value *next, const struct column *column, const struct row_set *members, double below)
{
  if (next->column == column && next->members == members && next->below == below)
    return next->value;
  double value = (double)INFINITY;
  for (size_t row = 0; row < column_n_rows(column); row++)
    if (column_number(column, row) > below && column_number(column, row) < value && bitmap_has(&members->rows, row))
      value = column_number(column, row);
  next_value_clear(next);
  *next = (struct next_value){column_retain(column), row_set_retain(members), below, value};
  return value;
}

bool column_has_values(const struct column *column, const struct row_set *members, size_t most)
{
  double values[MOST_VALUES];
  size_t n = 0;
  most = most < MOST_VALUES ? most : MOST_VALUES;
  for (size_t row = 0; row < column_n_rows(column) && n < most; row++) {
    const double value = column_number(column, row);
    size_t i = 0;
    if (!bitmap_has(&members->rows, row) || !isfinite(value))
      continue;
    while (i < n && values[i] != value)
      i++;
    if (i == n)
      values[n++] = value;
  }
  return n >= most;
}
