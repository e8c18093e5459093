/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/state.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "session/kept_model.h"

struct row_set *row_set_new(struct bitmap *rows)
{
  struct row_set *set = memory_new(1, sizeof *set);
  atomic_init(&set->references, 1);
  set->rows = *rows;
  set->count = bitmap_count(rows);
  *rows = (struct bitmap)BITMAP_INIT;
  return set;
}

struct row_set *row_set_retain(const struct row_set *set)
{
  struct row_set *shared = (struct row_set *)set; /* the count is not part of its value */
  if (shared)
    atomic_fetch_add(&shared->references, 1);
  return shared;
}

void row_set_release(const struct row_set *set)
{
  struct row_set *shared = (struct row_set *)set;
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  bitmap_clear(&shared->rows);
  free(shared);
}

struct state *state_new(void)
{
  struct state *state = memory_new(1, sizeof *state);
  atomic_init(&state->references, 1);
  settings_init(&state->settings);
  return state;
}

static char *copy_or_null(const char *string)
{
  return string ? memory_copy_string(string) : NULL;
}

static char **copy_strings(char *const *strings, size_t n)
{
  char **copies = memory_new(n, sizeof *copies);
  for (size_t i = 0; i < n; i++)
    copies[i] = memory_copy_string(strings[i]);
  return copies;
}

static void free_strings(char **strings, size_t n)
{
  for (size_t i = 0; i < n; i++)
    free(strings[i]);
  free(strings);
}

struct state *state_copy(const struct state *state)
{
  struct state *copy = memory_new(1, sizeof *copy);
  atomic_init(&copy->references, 1);
  copy->cohort = state->cohort ? cohort_retain(state->cohort) : NULL;
  copy->source = copy_or_null(state->source);
  copy->file = (struct loaded_file){.path = copy_or_null(state->file.path),
                                    .encoding = copy_or_null(state->file.encoding),
                                    .na = copy_or_null(state->file.na),
                                    .delimiter = state->file.delimiter};
  copy->n_endpoints = state->n_endpoints;
  copy->endpoint = state->endpoint;
  copy->endpoints = memory_new(state->n_endpoints, sizeof *copy->endpoints);
  for (size_t i = 0; i < state->n_endpoints; i++)
    copy->endpoints[i] = endpoint_retain(state->endpoints[i]);
  copy->members = row_set_retain(state->members);
  copy->on_view = row_set_retain(state->on_view);
  copy->filter = copy_or_null(state->filter);
  copy->n_steps = state->n_steps;
  copy->steps = memory_copy(state->steps, state->n_steps, sizeof *copy->steps);
  for (size_t i = 0; i < state->n_steps; i++) {
    copy->steps[i].reason = memory_copy_string(state->steps[i].reason);
    copy->steps[i].command = memory_copy_string(state->steps[i].command);
    copy->steps[i].stage = copy_or_null(state->steps[i].stage);
  }
  copy->n_groups = state->n_groups;
  copy->groups = copy_strings(state->groups, state->n_groups);
  copy->n_branches = state->n_branches;
  copy->branches = memory_new(state->n_branches, sizeof *copy->branches);
  for (size_t i = 0; i < state->n_branches; i++)
    copy->branches[i] = (struct branch){memory_copy_string(state->branches[i].name),
                                        memory_copy_string(state->branches[i].condition)};
  copy->panels = copy_or_null(state->panels);
  copy->model = copy_or_null(state->model);
  copy->published = published_retain(state->published);
  copy->marks = mark_set_retain(state->marks);
  copy->model_settings = state->model_settings;
  copy->model_settings.weights = copy_or_null(state->model_settings.weights);
  copy->model_settings.cluster = copy_or_null(state->model_settings.cluster);
  copy->model_settings.condition = copy_or_null(state->model_settings.condition);
  copy->settings = state->settings;
  copy->kept = kept_model_retain(state->kept);
  return copy;
}

struct state *state_retain(const struct state *state)
{
  struct state *shared = (struct state *)state;
  atomic_fetch_add(&shared->references, 1);
  return shared;
}

static void release_endpoints(struct state *state)
{
  for (size_t i = 0; i < state->n_endpoints; i++)
    endpoint_release(state->endpoints[i]);
  free(state->endpoints);
  state->endpoints = NULL;
  state->n_endpoints = state->endpoint = 0;
}

static void free_steps(struct state *state)
{
  for (size_t i = 0; i < state->n_steps; i++) {
    free(state->steps[i].reason);
    free(state->steps[i].command);
    free(state->steps[i].stage);
  }
  free(state->steps);
  state->steps = NULL;
  state->n_steps = 0;
}

static void free_branches(struct state *state)
{
  for (size_t i = 0; i < state->n_branches; i++) {
    free(state->branches[i].name);
    free(state->branches[i].condition);
  }
  free(state->branches);
  state->branches = NULL;
  state->n_branches = 0;
}

void state_release(const struct state *state)
{
  struct state *shared = (struct state *)state;
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  cohort_release(shared->cohort);
  free(shared->source);
  free(shared->file.path);
  free(shared->file.encoding);
  free(shared->file.na);
  release_endpoints(shared);
  row_set_release(shared->members);
  row_set_release(shared->on_view);
  free(shared->filter);
  free_steps(shared);
  free_strings(shared->groups, shared->n_groups);
  free(shared->panels);
  free_branches(shared);
  free(shared->model);
  published_release(shared->published);
  mark_set_release(shared->marks);
  free(shared->model_settings.weights);
  free(shared->model_settings.cluster);
  free(shared->model_settings.condition);
  kept_model_release(shared->kept);
  free(shared);
}

static bool same_string(const char *a, const char *b)
{
  return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_conventions(const struct settings *a, const struct settings *b)
{
  return a->conf == b->conf && a->ties == b->ties && a->quantiles == b->quantiles && a->mean_limit == b->mean_limit &&
         a->mean_bias_corrected == b->mean_bias_corrected && a->level == b->level &&
         a->style == b->style && strcmp(a->unit, b->unit) == 0;
}

static bool same_model(const struct state *a, const struct state *b)
{
  const struct model_settings *x = &a->model_settings, *y = &b->model_settings;
  return same_string(a->model, b->model) && x->has_ties == y->has_ties && (!x->has_ties || x->ties == y->ties) &&
         x->robust == y->robust && x->firth == y->firth && a->published == b->published &&
         x->weight_kind == y->weight_kind && same_string(x->weights, y->weights) &&
         same_string(x->cluster, y->cluster) && same_string(x->condition, y->condition);
}

/* Panels may be of the branches. */
static bool same_panels(const struct state *a, const struct state *b)
{
  if (!same_string(a->panels, b->panels) || (a->panels && a->n_branches != b->n_branches))
    return false;
  for (size_t i = 0; a->panels && i < a->n_branches; i++)
    if (strcmp(a->branches[i].name, b->branches[i].name) != 0 ||
        strcmp(a->branches[i].condition, b->branches[i].condition) != 0)
      return false;
  return true;
}

bool state_gives_same_results(const struct state *a, const struct state *b)
{
  if (a->cohort != b->cohort || a->on_view != b->on_view || state_endpoint(a) != state_endpoint(b) ||
      a->n_groups != b->n_groups)
    return false;
  for (size_t i = 0; i < a->n_groups; i++)
    if (strcmp(a->groups[i], b->groups[i]) != 0)
      return false;
  return same_panels(a, b) && a->marks == b->marks && same_model(a, b) && same_conventions(&a->settings, &b->settings);
}

const struct endpoint *state_endpoint(const struct state *state)
{
  return state->endpoint < state->n_endpoints ? state->endpoints[state->endpoint] : NULL;
}

void state_set_string(char **field, const char *value)
{
  char *copy = copy_or_null(value);
  free(*field);
  *field = copy;
}

void state_set_groups(struct state *state, char *const *names, size_t n)
{
  char **copies = copy_strings(names, n);
  free_strings(state->groups, state->n_groups);
  state->groups = copies;
  state->n_groups = n;
}

static void reset_model(struct state *state)
{
  published_release(state->published);
  state->published = NULL;
  state_set_string(&state->model, NULL);
  state_set_string(&state->model_settings.weights, NULL);
  state_set_string(&state->model_settings.cluster, NULL);
  state_set_string(&state->model_settings.condition, NULL);
  state->model_settings = (struct model_settings){.has_ties = false};
}

void state_set_model(struct state *state, const char *formula)
{
  char *copy = copy_or_null(formula);
  reset_model(state);
  state->model = copy;
}

void state_set_published(struct state *state, struct published *published)
{
  reset_model(state);
  state->published = published;
}

void state_set_marks(struct state *state, struct mark_set *marks)
{
  mark_set_release(state->marks);
  state->marks = marks;
}

const struct branch *state_find_branch(const struct state *state, const char *name)
{
  for (size_t i = 0; i < state->n_branches; i++)
    if (strcmp(state->branches[i].name, name) == 0)
      return &state->branches[i];
  return NULL;
}

enum status state_select_branch(const struct state *state, const struct branch *branch, struct bitmap *rows,
                                struct error *error)
{
  struct expr *expr;
  if (expr_parse_string(branch->condition, &expr, error))
    return STATUS_ERROR;
  enum status status = expr_select(expr, state->cohort, &state->members->rows, rows, NULL, error);
  expr_free(expr);
  if (!status)
    bitmap_intersect(rows, &state->members->rows);
  return status;
}

void state_add_branch(struct state *state, const char *name, const char *condition)
{
  struct branch *known = (struct branch *)state_find_branch(state, name);
  if (known) {
    state_set_string(&known->condition, condition);
    return;
  }
  state->branches = memory_resize(state->branches, state->n_branches + 1, sizeof *state->branches);
  state->branches[state->n_branches++] = (struct branch){memory_copy_string(name), memory_copy_string(condition)};
}

void state_set_cohort(struct state *state, struct cohort *cohort)
{
  bool same_rows = state->cohort && state->cohort->n_rows == cohort->n_rows && state->members;
  cohort_release(state->cohort);
  state->cohort = cohort;
  if (same_rows)
    return;
  release_endpoints(state);
  free_steps(state);
  free_branches(state);
  state_set_marks(state, NULL);
  state_set_string(&state->filter, NULL);
  struct bitmap all;
  bitmap_init(&all, cohort->n_rows, true);
  state_set_members(state, &all);
}

void state_set_members(struct state *state, struct bitmap *rows)
{
  assert(state->cohort && rows->n == state->cohort->n_rows);
  row_set_release(state->members);
  row_set_release(state->on_view);
  state->members = row_set_new(rows);
  state->on_view = row_set_retain(state->members);
}

void state_add_endpoint(struct state *state, struct endpoint *endpoint)
{
  for (size_t i = 0; i < state->n_endpoints; i++) {
    if (strcmp(state->endpoints[i]->name, endpoint->name) != 0)
      continue;
    endpoint_release(state->endpoints[i]);
    state->endpoints[i] = endpoint;
    state->endpoint = i;
    return;
  }
  state->endpoints = memory_resize(state->endpoints, state->n_endpoints + 1, sizeof *state->endpoints);
  state->endpoint = state->n_endpoints;
  state->endpoints[state->n_endpoints++] = endpoint;
}

enum status state_set_filter(struct state *state, const char *filter, struct error *error)
{
  struct row_set *on_view = NULL;
  if (filter && *filter) {
    struct expr *expr;
    if (expr_parse_string(filter, &expr, error))
      return STATUS_ERROR;
    struct bitmap rows;
    enum status status = expr_select(expr, state->cohort, &state->members->rows, &rows, NULL, error);
    expr_free(expr);
    if (status)
      return status;
    bitmap_intersect(&rows, &state->members->rows);
    on_view = row_set_new(&rows);
  } else {
    filter = NULL;
    on_view = row_set_retain(state->members);
  }
  row_set_release(state->on_view);
  state->on_view = on_view;
  state_set_string(&state->filter, filter);
  return STATUS_OK;
}
