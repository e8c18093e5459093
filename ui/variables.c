/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/variables.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/facet.h"

static void clear_caches(struct variables *variables)
{
  for (size_t i = 0; i < variables->n_caches; i++) {
    free(variables->caches[i].counts);
    free(variables->caches[i].included);
  }
  free(variables->caches);
  variables->caches = NULL;
  variables->n_caches = 0;
}

void variables_clear(struct variables *variables)
{
  clear_caches(variables);
  free(variables->lines);
  for (size_t i = 0; i < variables->n_unfolded; i++)
    free(variables->unfolded[i]);
  free(variables->unfolded);
  state_release(variables->state);
  *variables = (struct variables){.state = NULL};
}

bool variables_is_unfolded(const struct variables *variables, const char *name)
{
  for (size_t i = 0; i < variables->n_unfolded; i++)
    if (strcmp(variables->unfolded[i], name) == 0)
      return true;
  return false;
}

static void build_lines(struct variables *variables)
{
  const struct cohort *cohort = variables->state->cohort;
  size_t capacity = 0;
  free(variables->lines);
  variables->lines = NULL;
  variables->n_lines = 0;
  for (size_t c = 0; cohort && c < cohort->n_columns; c++) {
    const struct column *column = cohort->columns[c];
    struct variable_line line = {.column = c};
    MEMORY_APPEND(variables->lines, variables->n_lines, capacity, line);
    if (column->kind != COLUMN_FACTOR || !variables_is_unfolded(variables, column->name))
      continue;
    for (line.code = 1; line.code <= column->n_levels; line.code++)
      MEMORY_APPEND(variables->lines, variables->n_lines, capacity, line);
  }
}

void variables_fold(struct variables *variables, const char *name, bool unfolded)
{
  size_t i = 0;
  while (i < variables->n_unfolded && strcmp(variables->unfolded[i], name) != 0)
    i++;
  bool is_unfolded = i < variables->n_unfolded;
  if (unfolded && !is_unfolded) {
    MEMORY_APPEND(variables->unfolded, variables->n_unfolded, variables->unfolded_capacity, memory_copy_string(name));
  } else if (!unfolded && is_unfolded) {
    free(variables->unfolded[i]);
    variables->unfolded[i] = variables->unfolded[--variables->n_unfolded];
  }
  if (variables->state)
    build_lines(variables);
}

void variables_follow(struct variables *variables, const struct state *state)
{
  if (variables->state == state)
    return;
  struct state *kept = state_retain(state);
  clear_caches(variables);
  state_release(variables->state);
  variables->state = kept;
  variables->n_caches = state->cohort ? state->cohort->n_columns : 0;
  variables->caches = memory_new(variables->n_caches, sizeof *variables->caches);
  build_lines(variables);
}

size_t variables_find(const struct variables *variables, size_t column, uint32_t code)
{
  size_t i = 0;
  while (i < variables->n_lines && (variables->lines[i].column != column || variables->lines[i].code != code))
    i++;
  return i;
}

const size_t *variables_counts(struct variables *variables, size_t column)
{
  struct variable_cache *cache = &variables->caches[column];
  const struct state *state = variables->state;
  const struct column *factor = state->cohort->columns[column];
  if (cache->counts)
    return cache->counts;
  cache->counts = memory_new(factor->n_levels + 1, sizeof *cache->counts);
  for (size_t row = 0; row < state->cohort->n_rows; row++)
    if (bitmap_has(&state->on_view->rows, row))
      cache->counts[column_code(factor, row)]++;
  return cache->counts;
}

const bool *variables_included(struct variables *variables, size_t column)
{
  struct variable_cache *cache = &variables->caches[column];
  const struct column *factor = variables->state->cohort->columns[column];
  if (cache->included)
    return cache->included;
  struct expr *filter = NULL;
  struct error error = ERROR_INIT;
  if (variables->state->filter && expr_parse_string(variables->state->filter, &filter, &error))
    filter = NULL; /* it was parsed when it was set */
  error_clear(&error);
  cache->included = memory_new(factor->n_levels, sizeof *cache->included);
  facet_read(filter, factor, cache->included);
  expr_free(filter);
  return cache->included;
}

const size_t *variables_histogram(struct variables *variables, size_t column)
{
  struct variable_cache *cache = &variables->caches[column];
  const struct column *numbers = variables->state->cohort->columns[column];
  const struct bitmap *rows = &variables->state->on_view->rows;
  double low = INFINITY, high = -INFINITY;
  if (cache->has_bins)
    return cache->bins;
  cache->has_bins = true;
  for (size_t row = 0; row < rows->n; row++) {
    double value = bitmap_has(rows, row) ? column_number(numbers, row) : (double)NAN;
    if (isfinite(value)) {
      low = value < low ? value : low;
      high = value > high ? value : high;
    }
  }
  for (size_t row = 0; row < rows->n; row++) {
    double value = bitmap_has(rows, row) ? column_number(numbers, row) : (double)NAN;
    if (!isfinite(value))
      continue;
    double share = high > low ? (value - low) / (high - low) : 0;
    size_t bin = (size_t)(share * HISTOGRAM_BINS);
    cache->bins[bin < HISTOGRAM_BINS ? bin : HISTOGRAM_BINS - 1]++;
  }
  return cache->bins;
}
