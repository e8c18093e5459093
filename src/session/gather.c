/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/gather.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "lang/token.h"
#include "stats/logrank.h"

/* Codes of several factors combined into one number, the first varying slowest: groups before the empty ones are known. */
struct combination {
  struct column **factors;
  size_t n_factors;
  size_t n_cells; /* product of the numbers of levels */
  const char *what; /* "groups" or "strata", for messages */
};

enum { MAX_CELLS = 1 << 22, MAX_GROUPS = 20000 };

static enum status find_column(const struct state *state, const char *name, const struct column **column,
                               struct error *error)
{
  *column = cohort_find_column(state->cohort, name);
  if (*column)
    return STATUS_OK;
  const char *near = cohort_suggest_column(state->cohort, name);
  error_set(error, "there is no column %s", name);
  return near ? error_hint(error, "did you mean %s?", near)
              : error_hint(error, "see the columns with: help columns");
}

static void combination_clear(struct combination *combination)
{
  for (size_t i = 0; i < combination->n_factors; i++)
    column_release(combination->factors[i]);
  free(combination->factors);
  *combination = (struct combination){.factors = NULL};
}

static void combination_init(struct combination *combination, size_t n)
{
  combination->factors = memory_new(n, sizeof *combination->factors);
  combination->n_cells = 1;
}

/* Takes over the factor's reference. */
static enum status combination_add(struct combination *combination, struct column *factor, struct error *error)
{
  combination->factors[combination->n_factors++] = factor;
  if (combination->n_cells && factor->n_levels > MAX_CELLS / combination->n_cells) {
    error_set(error, "%s has too many values to make %s (%zu)", factor->name, combination->what, factor->n_levels);
    return error_hint(error, "cut it first: derive %s_cut = cut(%s, …)", factor->name, factor->name);
  }
  combination->n_cells *= factor->n_levels;
  return STATUS_OK;
}

static enum status add_groups(struct combination *groups, const struct state *state, const struct gather_request *request,
                              struct error *error)
{
  combination_init(groups, request->n_groups);
  for (size_t i = 0; i < request->n_groups; i++) {
    const struct column *column;
    if (find_column(state, request->groups[i], &column, error) ||
        combination_add(groups, column_as_factor(column), error))
      return STATUS_ERROR;
  }
  return STATUS_OK;
}

static enum status add_strata(struct combination *strata, const struct gather_request *request, struct error *error)
{
  combination_init(strata, request->n_strata);
  for (size_t i = 0; i < request->n_strata; i++)
    if (combination_add(strata, column_retain(request->strata[i]), error))
      return STATUS_ERROR;
  return STATUS_OK;
}

/* The combination of a row's levels, or false where one is missing. */
static inline bool combination_of_row(const struct combination *combination, size_t row, uint32_t *cell)
{
  uint32_t value = 0;
  for (size_t i = 0; i < combination->n_factors; i++) {
    uint32_t code = column_code(combination->factors[i], row);
    if (!code)
      return false;
    value = value * (uint32_t)combination->factors[i]->n_levels + code - 1;
  }
  *cell = value;
  return true;
}

/* Appends "surgery=NR, sex=F" (or labels: "No resection, F") for a combination. */
static void append_cell_name(const struct combination *combination, uint32_t cell, bool labels, struct text *text)
{
  if (combination->n_factors == 0) {
    text_append(text, "all");
    return;
  }
  uint32_t below = (uint32_t)combination->n_cells;
  for (size_t i = 0; i < combination->n_factors; i++) {
    const struct column *factor = combination->factors[i];
    below /= (uint32_t)factor->n_levels;
    uint32_t code = cell / below % (uint32_t)factor->n_levels + 1;
    if (i)
      text_append(text, ", ");
    if (labels)
      text_append(text, column_level_display_name(factor, code));
    else
      text_append_format(text, "%s=%s", factor->name, factor->levels[code - 1].name);
  }
}

/* Renumbers the combinations densely, those without rows left out, in place; *n_used receives how many are left.  The
 * combination of each new number is returned, the caller's to free. */
static uint32_t *compress_cells(uint32_t *cells, size_t n, size_t n_cells, size_t *n_used)
{
  uint32_t *number = memory_new(n_cells, sizeof *number); /* one item at least */
  number[0] = n_cells == 1; /* the whole is a group even without rows */
  for (size_t i = 0; i < n && n_cells > 1; i++)
    number[cells[i]] = 1;
  uint32_t *kept = memory_new(n_cells, sizeof *kept);
  *n_used = 0;
  for (size_t cell = 0; cell < n_cells; cell++) {
    if (!number[cell])
      continue;
    kept[*n_used] = (uint32_t)cell;
    number[cell] = (uint32_t)(*n_used)++;
  }
  for (size_t i = 0; i < n && *n_used < n_cells; i++) /* else each has its number */
    cells[i] = number[cells[i]];
  free(number);
  return kept;
}

/* What the gathering walks by. */
struct sources {
  const struct endpoint *endpoint;
  struct combination groups, strata;
  const struct column *weights;
  size_t bad_weight_row; /* row + 1 of the first weight that is not positive; 0: none */
};

static enum status sources_init(struct sources *sources, const struct state *state, const struct gather_request *request,
                                struct error *error)
{
  *sources = (struct sources){.endpoint = state_endpoint(state), .groups.what = "groups", .strata.what = "strata"};
  if (!state->cohort) {
    error_set(error, "no cohort is loaded");
    return error_hint(error, "load \"FILE.csv\"");
  }
  if (!sources->endpoint) {
    error_set(error, "no endpoint is defined");
    return error_hint(error, "endpoint os = Surv(TIME, EVENT == 1)");
  }
  if (add_groups(&sources->groups, state, request, error) || add_strata(&sources->strata, request, error))
    return STATUS_ERROR;
  if (!request->weights)
    return STATUS_OK;
  if (find_column(state, request->weights, &sources->weights, error))
    return STATUS_ERROR;
  if (sources->weights->kind == COLUMN_NUMBER)
    return STATUS_OK;
  error_set(error, "%s cannot weigh: it is no column of numbers", request->weights);
  return error_hint(error, "weights are positive numbers, one a row");
}

static void sources_clear(struct sources *sources)
{
  combination_clear(&sources->groups);
  combination_clear(&sources->strata);
}

/* A stretch of the endpoint's order, gathered by one thread into the places [begin, begin + n_used). */
struct stretch {
  size_t begin, end, n_used, bad_weight_row;
};

struct gathering {
  const struct sources *sources;
  const struct bitmap *on_view, *condition, *complete; /* NULL: all */
  struct gathered *gathered;
  struct stretch *stretches;
};

enum { STRETCH_ROWS = 1 << 16 };

/* Takes the row at place k of the endpoint's order in at place i, or leaves it out where a value is missing. */
static inline bool gather_row(const struct gathering *gathering, struct stretch *stretch, size_t k, size_t i)
{
  const struct sources *sources = gathering->sources;
  const struct endpoint *endpoint = sources->endpoint;
  struct gathered *gathered = gathering->gathered;
  const uint32_t row = endpoint->order[k];
  if (!combination_of_row(&sources->groups, row, &gathered->group[i]) ||
      !combination_of_row(&sources->strata, row, &gathered->stratum[i]))
    return false;
  if (sources->weights) {
    gathered->weight[i] = column_number(sources->weights, row);
    if (isnan(gathered->weight[i]))
      return false;
    if (!(gathered->weight[i] > 0) || isinf(gathered->weight[i])) {
      if (gathered->weight[i] != 0 && !stretch->bad_weight_row)
        stretch->bad_weight_row = (size_t)row + 1;
      return false; /* a weight of 0 leaves the row out */
    }
  }
  gathered->rows[i] = row;
  gathered->time[i] = endpoint->sorted_time[k];
  gathered->status[i] = endpoint->sorted_status[k];
  if (gathered->entry)
    gathered->entry[i] = endpoint->entry[row];
  return true;
}

static void gather_stretch(void *context, size_t part)
{
  const struct gathering *gathering = context;
  const uint32_t *order = gathering->sources->endpoint->order;
  struct stretch *stretch = &gathering->stretches[part];
  for (size_t k = stretch->begin; k < stretch->end; k++)
    if (bitmap_has(gathering->on_view, order[k]) && (!gathering->condition || bitmap_has(gathering->condition, order[k])) &&
        (!gathering->complete || bitmap_has(gathering->complete, order[k])))
      stretch->n_used += gather_row(gathering, stretch, k, stretch->begin + stretch->n_used);
}

/* Moves n items from place `from` to place `to`, before it. */
#define MOVE(items, to, from, n) ((items) ? (void)memmove((items) + (to), (items) + (from), (n) * sizeof *(items)) : (void)0)

/* Moves the stretches together. */
static void close_gaps(struct gathered *gathered, const struct stretch *stretches, size_t n_stretches)
{
  for (size_t s = 0; s < n_stretches; s++) {
    const size_t from = stretches[s].begin, to = gathered->n_used, n = stretches[s].n_used;
    if (from != to) {
      MOVE(gathered->rows, to, from, n);
      MOVE(gathered->time, to, from, n);
      MOVE(gathered->entry, to, from, n);
      MOVE(gathered->weight, to, from, n);
      MOVE(gathered->status, to, from, n);
      MOVE(gathered->group, to, from, n);
      MOVE(gathered->stratum, to, from, n);
    }
    gathered->n_used += n;
  }
}

static void gather_rows(struct gathering *gathering, struct sources *sources)
{
  const size_t n = sources->endpoint->n_valid, n_stretches = (n + STRETCH_ROWS - 1) / STRETCH_ROWS;
  gathering->stretches = memory_new(n_stretches, sizeof *gathering->stretches);
  for (size_t s = 0; s < n_stretches; s++) {
    gathering->stretches[s].begin = s * STRETCH_ROWS;
    gathering->stretches[s].end = (s + 1) * STRETCH_ROWS < n ? (s + 1) * STRETCH_ROWS : n;
  }
  parallel_run(n_stretches, gather_stretch, gathering);
  close_gaps(gathering->gathered, gathering->stretches, n_stretches);
  for (size_t s = n_stretches; s-- > 0;)
    if (gathering->stretches[s].bad_weight_row)
      sources->bad_weight_row = gathering->stretches[s].bad_weight_row;
  free(gathering->stretches);
}

static void allocate(struct gathered *gathered, const struct sources *sources, size_t n)
{
  gathered->rows = memory_resize(NULL, n, sizeof *gathered->rows);
  gathered->time = memory_resize(NULL, n, sizeof *gathered->time);
  gathered->status = memory_resize(NULL, n, sizeof *gathered->status);
  gathered->group = memory_resize(NULL, n, sizeof *gathered->group);
  gathered->stratum = memory_resize(NULL, n, sizeof *gathered->stratum);
  if (sources->endpoint->entry)
    gathered->entry = memory_resize(NULL, n, sizeof *gathered->entry);
  if (sources->weights)
    gathered->weight = memory_resize(NULL, n, sizeof *gathered->weight);
}

/* Makes near-equal times equal.  A row whose entry is its exit then was never at risk: it is left out, where R's
 * aeqSurv() refuses the data. */
static void merge_times(struct gathered *gathered, const struct endpoint *endpoint)
{
  if (!gathered->n_used || endpoint->is_apart)
    return;
  gathered->n_merged = survival_times_merge(gathered->time, gathered->entry, gathered->n_used);
  size_t kept = 0;
  for (size_t i = 0; i < gathered->n_used; i++) {
    if (gathered->entry && gathered->entry[i] >= gathered->time[i])
      continue;
    if (kept != i) { /* so there is an entry */
      gathered->rows[kept] = gathered->rows[i];
      gathered->time[kept] = gathered->time[i];
      gathered->entry[kept] = gathered->entry[i];
      gathered->status[kept] = gathered->status[i];
      gathered->group[kept] = gathered->group[i];
      gathered->stratum[kept] = gathered->stratum[i];
      if (gathered->weight)
        gathered->weight[kept] = gathered->weight[i];
    }
    kept++;
  }
  gathered->n_shrunk = gathered->n_used - kept;
  gathered->n_used = kept;
}

/* Names the groups and strata that have rows, and points the spans at the arrays. */
static void finish(struct gathered *gathered, const struct sources *sources)
{
  struct survival_data *data = &gathered->data;
  merge_times(gathered, sources->endpoint);
  const size_t n = gathered->n_used;
  *data = (struct survival_data){
      .n = n,
      .time = gathered->time,
      .status = gathered->status,
      .entry = gathered->entry,
      .weight = gathered->weight,
      .group = gathered->group,
      .stratum = gathered->stratum,
  };
  uint32_t *groups = compress_cells(gathered->group, n, sources->groups.n_cells, &data->n_groups);
  gathered->group_names = memory_new(data->n_groups, sizeof *gathered->group_names);
  gathered->group_labels = memory_new(data->n_groups, sizeof *gathered->group_labels);
  for (size_t i = 0; i < data->n_groups; i++) {
    struct text text = TEXT_INIT;
    append_cell_name(&sources->groups, groups[i], false, &text);
    gathered->group_names[i] = text_take(&text);
    append_cell_name(&sources->groups, groups[i], true, &text);
    gathered->group_labels[i] = text_take(&text);
  }
  uint32_t *strata = compress_cells(gathered->stratum, n, sources->strata.n_cells, &data->n_strata);
  gathered->stratum_names = memory_new(data->n_strata, sizeof *gathered->stratum_names);
  for (size_t i = 0; i < data->n_strata; i++) {
    struct text text = TEXT_INIT;
    append_cell_name(&sources->strata, strata[i], false, &text);
    gathered->stratum_names[i] = text_take(&text);
  }
  free(groups);
  free(strata);
  if (data->n_groups == 1)
    data->group = NULL;
  if (data->n_strata == 1)
    data->stratum = NULL;
}

enum status gather(const struct state *state, const struct gather_request *request, struct gathered *gathered,
                   struct error *error)
{
  *gathered = (struct gathered){.rows = NULL};
  struct sources sources;
  if (sources_init(&sources, state, request, error)) {
    sources_clear(&sources);
    return STATUS_ERROR;
  }
  const struct bitmap *on_view = &state->on_view->rows;
  gathered->n_on_view = request->condition ? bitmap_count_both(on_view, request->condition) : state->on_view->count;
  allocate(gathered, &sources, sources.endpoint->n_valid);
  struct gathering gathering = {.sources = &sources,
                                .on_view = on_view,
                                .condition = request->condition,
                                .complete = request->complete,
                                .gathered = gathered};
  gather_rows(&gathering, &sources);
  enum status status = STATUS_OK;
  if (sources.bad_weight_row) {
    error_set(error, "%s is no weight: row %zu has %g", request->weights, sources.bad_weight_row,
              column_number(sources.weights, sources.bad_weight_row - 1));
    status = error_hint(error, "weights are positive numbers; a row with 0 or a missing weight is left out");
  } else {
    finish(gathered, &sources);
  }
  if (!status && gathered->data.n_groups > MAX_GROUPS) {
    error_set(error, "%zu groups are too many", gathered->data.n_groups);
    status = error_hint(error, "cut the variable into a few classes: derive x_cut = cut(x, …)");
  }
  sources_clear(&sources);
  if (status)
    gathered_clear(gathered);
  return status;
}

static void free_names(char **names, size_t n)
{
  for (size_t i = 0; names && i < n; i++)
    free(names[i]);
  free(names);
}

void gathered_clear(struct gathered *gathered)
{
  free_names(gathered->group_names, gathered->data.n_groups);
  free_names(gathered->group_labels, gathered->data.n_groups);
  free_names(gathered->stratum_names, gathered->data.n_strata);
  free(gathered->rows);
  free(gathered->time);
  free(gathered->entry);
  free(gathered->weight);
  free(gathered->status);
  free(gathered->group);
  free(gathered->stratum);
  *gathered = (struct gathered){.rows = NULL};
}
