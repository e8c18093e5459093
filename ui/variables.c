/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/variables.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/facet.h"

static void clear_cache(struct variable_cache *cache)
{
  value_count_clear(&cache->count);
  free(cache->included);
  *cache = (struct variable_cache){.is_wanted = false};
}

static void clear_caches(struct variable_cache *caches, size_t n)
{
  for (size_t i = 0; i < n; i++)
    clear_cache(&caches[i]);
  free(caches);
}

void variables_clear(struct variables *variables)
{
  clear_caches(variables->caches, variables->n_caches);
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

enum { PLACES_LOOKED_AT = 4 }; /* a column that was put in or taken out moves the others by one */

/* Takes over what is known of the columns that are still there, and what is asked where the patients on view are the same.  The
 * filter may include other levels now. */
static void inherit(struct variables *variables, struct variables *before)
{
  const struct cohort *cohort = variables->state->cohort;
  const bool same_rows = before->state && before->state->on_view == variables->state->on_view;
  size_t at = 0;
  for (size_t i = 0; i < variables->n_caches && before->n_caches; i++) {
    struct column *const *columns = before->state->cohort->columns;
    size_t k = at;
    while (k < before->n_caches && k < at + PLACES_LOOKED_AT && columns[k] != cohort->columns[i])
      k++;
    if (k >= before->n_caches || columns[k] != cohort->columns[i]) {
      at += at < before->n_caches;
      continue;
    }
    struct variable_cache *cache = &variables->caches[i], *former = &before->caches[k];
    cache->count = former->count;
    cache->is_drawn = former->is_drawn;
    cache->is_wanted = same_rows ? former->is_wanted : former->is_drawn;
    cache->is_asked = same_rows && former->is_asked;
    former->count = (struct value_count){.column = NULL};
    at = k + 1;
  }
}

void variables_follow(struct variables *variables, const struct state *state)
{
  if (variables->state == state)
    return;
  struct variables before = *variables;
  variables->state = state_retain(state);
  variables->n_caches = state->cohort ? state->cohort->n_columns : 0;
  variables->caches = memory_new(variables->n_caches, sizeof *variables->caches);
  inherit(variables, &before);
  clear_caches(before.caches, before.n_caches);
  state_release(before.state);
  build_lines(variables);
}

size_t variables_find(const struct variables *variables, size_t column, uint32_t code)
{
  size_t i = 0;
  while (i < variables->n_lines && (variables->lines[i].column != column || variables->lines[i].code != code))
    i++;
  return i;
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
