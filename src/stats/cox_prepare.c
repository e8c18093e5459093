/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows by stratum and time, columns centred and scaled, event times found: what a fit does once. */
#include <assert.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/vector.h"
#include "stats/cox_internal.h"

enum { ENTRY_ROWS = 1 << 15 }; /* whose entries one thread looks for at a time */

/* Sorts the rows by stratum, keeping the order of time within; fills stratum_start. */
static void order_rows(struct cox_problem *problem, const struct survival_data *data)
{
  size_t n = data->n, n_strata = problem->n_strata, *start = memory_new(n_strata + 1, sizeof *start);
  problem->stratum_start = start;
  if (!data->stratum) {
    start[n_strata] = n;
    return;
  }
  for (size_t i = 0; i < n; i++)
    start[data->stratum[i] + 1]++;
  for (size_t s = 0; s < n_strata; s++)
    start[s + 1] += start[s];
  if (n_strata == 1)
    return;
  size_t *next = memory_copy(start, n_strata + 1, sizeof *start);
  problem->row = memory_new(n, sizeof *problem->row);
  for (size_t i = 0; i < n; i++)
    problem->row[next[data->stratum[i]]++] = i;
  free(next);
}

static void copy_rows(struct cox_problem *problem, const struct survival_data *data)
{
  problem->is_event = memory_resize(NULL, data->n, sizeof *problem->is_event);
  for (size_t i = 0; i < data->n; i++)
    problem->is_event[i] = data->status[cox_row(problem, i)] == STATUS_EVENT;
  if (!data->weight)
    return;
  problem->weight = memory_new(data->n, sizeof *problem->weight);
  for (size_t i = 0; i < data->n; i++)
    problem->weight[i] = data->weight[cox_row(problem, i)];
}

/* The rows from `first` on that have one time, as a tie; n_events is 0 where none is an event. */
static struct cox_tie read_tie(const struct cox_problem *problem, const double *time, size_t first, size_t stop)
{
  struct cox_tie tie = {.time = time[cox_row(problem, first)], .first = (uint32_t)first};
  size_t i = first;
  for (; i < stop && !(time[cox_row(problem, i)] > tie.time); i++)
    if (problem->is_event[i]) {
      tie.n_events += problem->frequency ? cox_weight(problem, i) : 1;
      tie.weight += cox_weight(problem, i);
    }
  tie.n_events = tie.n_events > 0 ? fmax(round(tie.n_events), 1) : 0;
  tie.end = (uint32_t)i;
  return tie;
}

/* At most so many event times: events, but for those that share the time of the row before them. */
static size_t count_ties(const struct cox_problem *problem, const double *time)
{
  size_t count = 0;
  bool is_counted = false;
  for (size_t i = 0; i < problem->n; i++) {
    is_counted = is_counted && !(time[cox_row(problem, i)] > time[cox_row(problem, i - 1)]);
    count += problem->is_event[i] && !is_counted;
    is_counted = is_counted || problem->is_event[i];
  }
  return count + problem->n_strata;
}

static void find_ties(struct cox_problem *problem, const double *time)
{
  problem->ties = memory_resize(NULL, count_ties(problem, time), sizeof *problem->ties);
  problem->tie_start = memory_new(problem->n_strata + 1, sizeof *problem->tie_start);
  for (size_t s = 0; s < problem->n_strata; s++) {
    size_t stop = problem->stratum_start[s + 1];
    for (size_t i = problem->stratum_start[s]; i < stop;) {
      struct cox_tie tie = read_tie(problem, time, i, stop);
      if (tie.n_events > 0)
        problem->ties[problem->n_ties++] = tie;
      i = tie.end;
    }
    problem->tie_start[s + 1] = problem->n_ties;
  }
}

/* What the threads that look for entries share. */
struct entry_search {
  struct cox_problem *problem;
  const double *entry;
  double *times; /* n_ties: those of the ties, closer together */
};

/* The first event time of the stratum that is after `entry`. */
static size_t tie_after(const struct entry_search *search, size_t stratum, double entry)
{
  size_t low = search->problem->tie_start[stratum], high = search->problem->tie_start[stratum + 1];
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (search->times[middle] > entry)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Sorts the rows that are ever at risk by the event time they enter at: a counting sort. */
static void order_entries(struct cox_problem *problem)
{
  size_t n_ties = problem->n_ties, *next = memory_new(n_ties + 1, sizeof *next);
  for (size_t i = 0; i < problem->n; i++)
    if (problem->entry_tie[i] != COX_NEVER_AT_RISK)
      next[problem->entry_tie[i] + 1]++;
  for (size_t t = 0; t < n_ties; t++)
    next[t + 1] += next[t];
  problem->leave_start = memory_new(problem->n_strata + 1, sizeof *problem->leave_start);
  for (size_t s = 0; s <= problem->n_strata; s++)
    problem->leave_start[s] = next[problem->tie_start[s]];
  const size_t n_leavers = next[n_ties];
  problem->leave_row = memory_resize(NULL, n_leavers, sizeof *problem->leave_row);
  problem->leave_tie = memory_resize(NULL, n_leavers, sizeof *problem->leave_tie);
  for (size_t i = 0; i < problem->n; i++)
    if (problem->entry_tie[i] != COX_NEVER_AT_RISK)
      problem->leave_row[next[problem->entry_tie[i]]++] = (uint32_t)i;
  for (size_t k = 0; k < n_leavers; k++)
    problem->leave_tie[k] = problem->entry_tie[problem->leave_row[k]];
  free(next);
}

/* One past the last event time of the stratum whose rows begin at row i or before. */
static size_t tie_behind(const struct cox_problem *problem, size_t stratum, size_t i)
{
  size_t low = problem->tie_start[stratum], high = problem->tie_start[stratum + 1];
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (problem->ties[middle].first > i)
      high = middle;
    else
      low = middle + 1;
  }
  return low;
}

/* Says for each row of a part at which event time its risk begins. */
static void find_part_entries(void *context, size_t part)
{
  const struct entry_search *search = context;
  const struct cox_problem *problem = search->problem;
  const size_t stop = (part + 1) * ENTRY_ROWS < problem->n ? (part + 1) * ENTRY_ROWS : problem->n;
  size_t s = 0, exit_tie = 0; /* one past the last event time up to the row's own */
  for (size_t i = part * ENTRY_ROWS; i < stop; i++) {
    if (i == part * ENTRY_ROWS || i >= problem->stratum_start[s + 1]) {
      while (i >= problem->stratum_start[s + 1])
        s++;
      exit_tie = tie_behind(problem, s, i);
    }
    while (exit_tie < problem->tie_start[s + 1] && problem->ties[exit_tie].first <= i)
      exit_tie++;
    const size_t t = tie_after(search, s, search->entry[cox_row(problem, i)]);
    problem->entry_tie[i] = t < exit_tie ? (uint32_t)t : COX_NEVER_AT_RISK;
  }
}

static void find_entries(struct cox_problem *problem, const double *entry)
{
  struct entry_search search = {problem, entry, memory_resize(NULL, problem->n_ties, sizeof(double))};
  problem->delayed_entry = true;
  problem->entry_tie = memory_resize(NULL, problem->n, sizeof *problem->entry_tie);
  for (size_t t = 0; t < problem->n_ties; t++)
    search.times[t] = problem->ties[t].time;
  parallel_run((problem->n + ENTRY_ROWS - 1) / ENTRY_ROWS, find_part_entries, &search);
  free(search.times);
  order_entries(problem);
}

/* Sums of a block's deviations x - x0 from the first row of its stratum, by column. */
struct column_sums {
  double weight;
  double *deviation, *square, *low, *high; /* sum w (x - x0), sum w (x - x0)^2, least and largest x - x0 */
};

enum { COLUMN_SUMS = 4 };

/* What the parts share; sums are of each block, in `room`. */
struct column_pass {
  const struct cox_problem *problem;
  struct column_sums *sums;
  double *room; /* n_blocks x COLUMN_SUMS x n_columns */
};

static const double *reference_row(const struct cox_problem *problem, size_t stratum)
{
  return &problem->raw[cox_row(problem, problem->stratum_start[stratum]) * problem->n_columns];
}

VECTOR_CLONES static void sum_columns(const struct cox_problem *problem, const struct cox_block *block, struct column_sums *sums)
{
  const size_t p = problem->n_columns;
  const double *reference = reference_row(problem, block->stratum);
  double *restrict deviation = sums->deviation, *restrict square = sums->square;
  double *restrict low = sums->low, *restrict high = sums->high;
  for (size_t i = block->first; i < block->end; i++) {
    const double *x = &problem->raw[cox_row(problem, i) * p], weight = cox_weight(problem, i);
    sums->weight += weight;
    for (size_t j = 0; j < p; j++) {
      const double step = x[j] - reference[j];
      deviation[j] += weight * step;
      square[j] += weight * step * step;
      low[j] = step < low[j] ? step : low[j];
      high[j] = step > high[j] ? step : high[j];
    }
  }
}

static void sum_part_columns(void *context, size_t part)
{
  const struct column_pass *pass = context;
  const struct cox_problem *problem = pass->problem;
  const size_t p = problem->n_columns;
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    double *room = &pass->room[b * COLUMN_SUMS * p];
    pass->sums[b] = (struct column_sums){
        .deviation = room, .square = room + p, .low = room + 2 * p, .high = room + 3 * p};
    sum_columns(problem, &problem->blocks[b], &pass->sums[b]);
  }
}

static void column_sums_join(struct column_sums *sums, const struct column_sums *more, size_t p)
{
  sums->weight += more->weight;
  for (size_t j = 0; j < p; j++) {
    sums->deviation[j] += more->deviation[j];
    sums->square[j] += more->square[j];
    sums->low[j] = fmin(sums->low[j], more->low[j]);
    sums->high[j] = fmax(sums->high[j], more->high[j]);
  }
}

/* Adds a stratum to the columns' squares about its means (in scale[]), largest deviations (in reach[]) and means (in
 * centre[], as deviations from the very first row); writes the stratum's means. */
static void add_stratum(struct cox_problem *problem, size_t stratum, const struct column_sums *sums)
{
  const size_t p = problem->n_columns;
  const double *reference = reference_row(problem, stratum);
  double *mean = &problem->mean[stratum * p];
  for (size_t j = 0; j < p; j++) {
    const double shift = sums->deviation[j] / sums->weight, largest = fmax(-sums->low[j], sums->high[j]);
    const bool is_noise = largest <= 4 * DBL_EPSILON * fabs(reference[j]);
    mean[j] = reference[j] + shift;
    problem->centre[j] += sums->weight * (mean[j] - problem->raw[j]);
    if (is_noise)
      continue;
    problem->scale[j] += fmax(sums->square[j] - sums->deviation[j] * shift, 0);
    problem->reach[j] = fmax(problem->reach[j], largest);
  }
}

/* Makes the scales of the sums: about the standard deviation, which need not be sharp; 0 for a column that is constant
 * within every stratum (or varies in its last bits only). */
static void set_scales(struct cox_problem *problem, double weight)
{
  for (size_t j = 0; j < problem->n_columns; j++) {
    double deviation = sqrt(problem->scale[j] / weight);
    problem->centre[j] = problem->raw[j] + problem->centre[j] / weight;
    problem->scale[j] = deviation > 0 && isfinite(deviation) ? deviation : problem->reach[j];
    problem->factor[j] = problem->scale[j] > 0 ? 1 / problem->scale[j] : 0;
    problem->reach[j] = 0;
  }
}

/* The reach on the columns' own scale, from the extremes of each stratum. */
static void set_reach(struct cox_problem *problem, size_t stratum, const struct column_sums *sums)
{
  const size_t p = problem->n_columns;
  const double *reference = reference_row(problem, stratum), *mean = &problem->mean[stratum * p];
  for (size_t j = 0; j < p; j++) {
    const double low = reference[j] + sums->low[j] - mean[j], high = reference[j] + sums->high[j] - mean[j];
    problem->reach[j] = fmax(problem->reach[j], fmax(fabs(low), fabs(high)) * problem->factor[j]);
  }
}

/* Means, scales and reaches.  Partial likelihood does not know a shift within a stratum. */
static void standardise(struct cox_problem *problem)
{
  const size_t p = problem->n_columns;
  problem->centre = memory_new(p, sizeof(double));
  problem->scale = memory_new(p, sizeof(double));
  problem->reach = memory_new(p, sizeof(double));
  problem->factor = memory_new(p, sizeof(double));
  problem->mean = memory_new(problem->n_strata * p, sizeof(double));
  if (problem->n == 0 || p == 0)
    return;
  struct column_pass pass = {.problem = problem,
                             .sums = memory_new(problem->n_blocks, sizeof *pass.sums),
                             .room = memory_new(problem->n_blocks * COLUMN_SUMS * p, sizeof(double))};
  double weight = 0;
  parallel_run(problem->n_parts, sum_part_columns, &pass);
  for (size_t b = problem->n_blocks; b-- > 0;)
    if (problem->blocks[b].goes_on)
      column_sums_join(&pass.sums[b], &pass.sums[b + 1], p);
  for (size_t b = 0; b < problem->n_blocks; b++)
    if (b == 0 || !problem->blocks[b - 1].goes_on) {
      add_stratum(problem, problem->blocks[b].stratum, &pass.sums[b]);
      weight += pass.sums[b].weight;
    }
  set_scales(problem, weight);
  for (size_t b = 0; b < problem->n_blocks; b++)
    if (b == 0 || !problem->blocks[b - 1].goes_on)
      set_reach(problem, problem->blocks[b].stratum, &pass.sums[b]);
  free(pass.sums);
  free(pass.room);
}

void cox_write_design(struct cox_problem *problem)
{
  const size_t p = problem->n_columns;
  problem->design = memory_resize(NULL, problem->n * p, sizeof *problem->design);
  for (size_t s = 0; s < problem->n_strata; s++)
    for (size_t i = problem->stratum_start[s]; i < problem->stratum_start[s + 1]; i++)
      cox_read_row(problem, &problem->mean[s * p], i, &problem->design[i * p]);
}

void cox_problem_init(struct cox_problem *problem, const struct survival_data *data, const double *design,
                      size_t n_columns, const struct cox_options *options)
{
  assert(data->n < UINT32_MAX);
  *problem = (struct cox_problem){.n = data->n,
                                  .n_columns = n_columns,
                                  .raw = design,
                                  .n_strata = data->stratum ? data->n_strata : 1,
                                  .method = options->ties,
                                  .frequency = data->weight && options->weight_kind == WEIGHT_FREQUENCY};
  order_rows(problem, data);
  copy_rows(problem, data);
  find_ties(problem, data->time);
  if (data->entry)
    find_entries(problem, data->entry);
  cox_cut_blocks(problem);
  standardise(problem);
  if (problem->method == TIES_EXACT)
    cox_write_design(problem);
}

void cox_problem_clear(struct cox_problem *problem)
{
  free(problem->row);
  free(problem->is_event);
  free(problem->weight);
  free(problem->mean);
  free(problem->factor);
  free(problem->design);
  free(problem->centre);
  free(problem->scale);
  free(problem->reach);
  free(problem->stratum_start);
  free(problem->tie_start);
  free(problem->ties);
  free(problem->time_scale);
  free(problem->entry_tie);
  free(problem->leave_row);
  free(problem->leave_tie);
  free(problem->leave_start);
  free(problem->blocks);
  free(problem->part_start);
  *problem = (struct cox_problem){.n = 0};
}
