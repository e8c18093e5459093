/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Each row is counted in the interval of its time (and of its entry), then the columns are worked out: n_enter from the
 * last interval back, so that it is a sum of what is left, and survival from the first on. */
#include "stats/lifetable.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/compensated.h"

/* Where the intervals lie: the break points over 0, then steps of `width` from the last (or from 0). */
struct grid {
  const double *breaks;
  size_t n_breaks;
  double width; /* 0: no end after the last break point */
  double last;  /* the last break point; 0 without any */
};

/* Start of interval i; infinite past an open one. */
static double grid_start(const struct grid *grid, size_t i)
{
  if (i <= grid->n_breaks)
    return i == 0 ? 0 : grid->breaks[i - 1];
  return grid->width > 0 ? grid->last + (double)(i - grid->n_breaks) * grid->width : (double)INFINITY;
}

/* How near to a boundary a time is at it. */
static double boundary_tolerance(double boundary, double width)
{
  return fmin(sqrt(DBL_EPSILON) * fmax(1, boundary), 1e-6 * width);
}

/* Whether `time` is at or after the boundary at which an interval of `width` ends. */
static bool is_past(double time, double boundary, double width)
{
  return time >= boundary - boundary_tolerance(boundary, width);
}

/* The interval of a time: the last whose start it has reached.  More than the limit: the limit. */
static size_t grid_find(const struct grid *grid, double time)
{
  size_t low = 0, high = grid->n_breaks; /* boundary `low` is reached, those over `high` are not */
  while (low < high) {
    size_t middle = low + (high - low + 1) / 2;
    double boundary = grid->breaks[middle - 1];
    if (is_past(time, boundary, boundary - (middle > 1 ? grid->breaks[middle - 2] : 0)))
      low = middle;
    else
      high = middle - 1;
  }
  if (low < grid->n_breaks || !(grid->width > 0))
    return low;
  double steps = floor(fmax(time - grid->last, 0) / grid->width);
  if (!(steps < LIFETABLE_MAX_INTERVALS))
    return LIFETABLE_MAX_INTERVALS;
  size_t i = grid->n_breaks + (size_t)steps;
  return i + is_past(time, grid_start(grid, i + 1), grid->width);
}

static void table_allocate(struct lifetable *table, size_t n)
{
  table->n = n;
  double **const arrays[] = {&table->start,     &table->end,       &table->n_enter,     &table->n_withdrawn,
                             &table->n_events,  &table->n_delayed, &table->n_exposed,   &table->survival,
                             &table->std_error, &table->hazard,    &table->hazard_error};
  for (size_t a = 0; a < sizeof arrays / sizeof *arrays; a++)
    *arrays[a] = memory_new(n, sizeof(double));
}

void lifetable_clear(struct lifetable *table)
{
  double *const arrays[] = {table->start,     table->end,       table->n_enter,     table->n_withdrawn,
                            table->n_events,  table->n_delayed, table->n_exposed,   table->survival,
                            table->std_error, table->hazard,    table->hazard_error};
  for (size_t a = 0; a < sizeof arrays / sizeof *arrays; a++)
    free(arrays[a]);
  *table = (struct lifetable){.n = 0};
}

/* Makes room for each group's intervals; false where there are too many. */
static bool allocate_tables(const struct survival_data *data, const struct grid *grid, struct lifetable *tables)
{
  size_t total = 0, *counts = memory_new(data->n_groups, sizeof *counts);
  for (size_t i = 0; i < data->n; i++) {
    size_t needed = grid_find(grid, data->time[i]) + 1, group = survival_group_of(data, i);
    counts[group] = needed > counts[group] ? needed : counts[group];
  }
  for (size_t g = 0; g < data->n_groups && total <= LIFETABLE_MAX_INTERVALS; g++)
    total += counts[g];
  for (size_t g = 0; g < data->n_groups && total <= LIFETABLE_MAX_INTERVALS; g++)
    if (counts[g])
      table_allocate(&tables[g], counts[g]);
  free(counts);
  return total <= LIFETABLE_MAX_INTERVALS;
}

/* A late entry is counted where it happens; one at an interval's start is in n_enter from there on.  Until n_enter is
 * worked out it holds, of each interval, those who came at its very start. */
static void count_entry(const struct grid *grid, double entry, double weight, struct lifetable *table)
{
  if (!(entry > 0)) {
    table->n_enter[0] += weight;
    return;
  }
  size_t i = grid_find(grid, entry);
  double start = grid_start(grid, i);
  if (entry <= start + boundary_tolerance(start, grid_start(grid, i + 1) - start))
    table->n_enter[i] += weight;
  else
    table->n_delayed[i] += weight;
}

static void count_rows(const struct survival_data *data, const struct grid *grid, struct lifetable *tables)
{
  for (size_t i = 0; i < data->n; i++) {
    struct lifetable *table = &tables[survival_group_of(data, i)];
    double weight = survival_weight_of(data, i);
    size_t interval = grid_find(grid, data->time[i]);
    double *left = data->status[i] == STATUS_EVENT ? table->n_events : table->n_withdrawn;
    left[interval] += weight;
    if (data->entry)
      count_entry(grid, data->entry[i], weight, table);
  }
}

/* n_enter of all intervals: who leaves in it or later, less who comes later than its start. */
static void sum_entered(struct lifetable *table, bool delayed_entry)
{
  double leaving = 0, coming = 0, total = 0;
  for (size_t i = 0; i < table->n; i++)
    total += table->n_events[i] + table->n_withdrawn[i];
  for (size_t i = table->n; i-- > 0;) {
    leaving += table->n_events[i] + table->n_withdrawn[i];
    coming += table->n_delayed[i];
    double at_start = table->n_enter[i], entered = leaving - coming;
    table->n_enter[i] = delayed_entry && entered <= COMPENSATED_NEGLIGIBLE * total ? 0 : entered;
    coming += at_start;
  }
}

static void estimate(struct lifetable *table)
{
  double survival = 1, greenwood = 0;
  for (size_t i = 0; i < table->n; i++) {
    double d = table->n_events[i], width = table->end[i] - table->start[i];
    double exposed = table->n_enter[i] - table->n_withdrawn[i] / 2 + table->n_delayed[i] / 2;
    double q = exposed > 0 ? fmin(d / exposed, 1) : 0, p = 1 - q;
    survival *= p;
    greenwood += q > 0 ? q / (p * exposed) : 0;
    double hazard = exposed > 0 && isfinite(width) ? 2 * q / (width * (1 + p)) : (double)NAN;
    double half = width * hazard / 2;
    table->n_exposed[i] = exposed;
    table->survival[i] = survival;
    table->std_error[i] = survival > 0 ? survival * sqrt(greenwood) : (double)NAN;
    table->hazard[i] = hazard;
    table->hazard_error[i] = hazard > 0 ? hazard * sqrt(fmax(1 - half * half, 0) / d) : hazard;
  }
}

/* Whether the grid makes sense; passes over the break points that are not over 0. */
static bool grid_init(struct grid *grid, const double *breaks, size_t n_breaks, double width)
{
  for (; n_breaks > 0 && breaks[0] <= 0; n_breaks--)
    breaks++;
  *grid = (struct grid){.breaks = breaks, .n_breaks = n_breaks, .width = width};
  for (size_t i = 0; i < n_breaks; i++) {
    if (!isfinite(breaks[i]) || !(breaks[i] > grid->last))
      return false;
    grid->last = breaks[i];
  }
  return width >= 0 && isfinite(width);
}

bool lifetable_compute_at(const struct survival_data *data, const double *breaks, size_t n_breaks, double width,
                          struct lifetable *tables)
{
  struct grid grid;
  for (size_t g = 0; g < data->n_groups; g++)
    tables[g] = (struct lifetable){.n = 0};
  if (!grid_init(&grid, breaks, n_breaks, width) || !allocate_tables(data, &grid, tables))
    return false;
  count_rows(data, &grid, tables);
  for (size_t g = 0; g < data->n_groups; g++) {
    for (size_t i = 0; i < tables[g].n; i++) {
      tables[g].start[i] = grid_start(&grid, i);
      tables[g].end[i] = grid_start(&grid, i + 1);
    }
    sum_entered(&tables[g], data->entry != NULL);
    estimate(&tables[g]);
  }
  return true;
}

bool lifetable_compute(const struct survival_data *data, double width, struct lifetable *tables)
{
  return lifetable_compute_at(data, NULL, 0, width > 0 ? width : (double)NAN, tables);
}
