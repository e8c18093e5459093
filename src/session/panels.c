/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/panels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static enum status find_branches(const struct state *state, struct error *error)
{
  if (state->n_branches)
    return STATUS_OK;
  error_set(error, "there are no branches to have panels");
  return error_hint(error, "name a subgroup: branch \"G1\" if grade == \"G1\"");
}

enum status km_panels_find(const struct state *state, const char *variable, const struct column **column,
                           struct error *error)
{
  *column = state->cohort ? cohort_find_column(state->cohort, variable) : NULL;
  if (!*column && strcmp(variable, PANELS_OF_BRANCHES) == 0)
    return find_branches(state, error);
  if (!*column) {
    const char *near = state->cohort ? cohort_suggest_column(state->cohort, variable) : NULL;
    error_set(error, "there is no column %s for panels", variable);
    return near ? error_hint(error, "did you mean %s?", near) : error_hint(error, "see the columns with: help columns");
  }
  if ((*column)->kind == COLUMN_FACTOR)
    return STATUS_OK;
  error_set(error, "panels are of a variable with levels; %s has %s", variable,
            (*column)->kind == COLUMN_DATE ? "dates" : "numbers");
  return error_hint(error, "cut it into classes: derive %s_cut = cut(%s, …)", variable, variable);
}

/* The rows of an analysis by panel, each panel's still in the order of their times.  Of a factor the panels are its codes;
 * of branches they are everybody and each branch, and a row stands in as many as it belongs to. */
struct sorted_rows {
  size_t *starts; /* by panel; the next one is where it ends */
  double *time, *entry, *weight;
  uint8_t *status;
  uint32_t *group;
};

static void sorted_clear(struct sorted_rows *sorted)
{
  free(sorted->starts);
  free(sorted->time);
  free(sorted->entry);
  free(sorted->weight);
  free(sorted->status);
  free(sorted->group);
}

static void sorted_reserve(struct sorted_rows *sorted, const struct survival_data *data, size_t n_panels, size_t n_rows)
{
  sorted->starts = memory_new(n_panels + 1, sizeof *sorted->starts);
  sorted->time = memory_new(n_rows, sizeof *sorted->time);
  sorted->status = memory_new(n_rows, sizeof *sorted->status);
  sorted->group = memory_new(n_rows, sizeof *sorted->group);
  sorted->entry = data->entry ? memory_new(n_rows, sizeof *sorted->entry) : NULL;
  sorted->weight = data->weight ? memory_new(n_rows, sizeof *sorted->weight) : NULL;
}

static void sorted_put(struct sorted_rows *sorted, size_t at, const struct survival_data *data, size_t i)
{
  sorted->time[at] = data->time[i];
  sorted->status[at] = data->status[i];
  sorted->group[at] = (uint32_t)survival_group_of(data, i);
  if (sorted->entry)
    sorted->entry[at] = data->entry[i];
  if (sorted->weight)
    sorted->weight[at] = data->weight[i];
}

static void sort_rows(const struct gathered *gathered, const struct column *column, struct sorted_rows *sorted)
{
  const struct survival_data *data = &gathered->data;
  const size_t n_codes = column->n_levels + 1;
  sorted_reserve(sorted, data, n_codes, data->n);
  for (size_t i = 0; i < data->n; i++)
    sorted->starts[column_code(column, gathered->rows[i]) + 1]++;
  for (size_t code = 1; code <= n_codes; code++)
    sorted->starts[code] += sorted->starts[code - 1];
  size_t *next = memory_copy(sorted->starts, n_codes + 1, sizeof *next);
  for (size_t i = 0; i < data->n; i++)
    sorted_put(sorted, next[column_code(column, gathered->rows[i])]++, data, i);
  free(next);
}

/* Everybody, then each branch. */
static enum status sort_branches(const struct state *state, const struct gathered *gathered, struct sorted_rows *sorted,
                                 struct error *error)
{
  const struct survival_data *data = &gathered->data;
  sorted_reserve(sorted, data, state->n_branches + 1, data->n * (state->n_branches + 1));
  size_t at = 0;
  for (size_t i = 0; i < data->n; i++)
    sorted_put(sorted, at++, data, i);
  sorted->starts[1] = at;
  for (size_t b = 0; b < state->n_branches; b++) {
    struct bitmap rows;
    if (state_select_branch(state, &state->branches[b], &rows, error))
      return STATUS_ERROR;
    for (size_t i = 0; i < data->n; i++)
      if (bitmap_has(&rows, gathered->rows[i]))
        sorted_put(sorted, at++, data, i);
    bitmap_clear(&rows);
    sorted->starts[b + 2] = at;
  }
  return STATUS_OK;
}

static struct survival_data panel_data(const struct sorted_rows *sorted, size_t place, size_t n_groups)
{
  const size_t start = sorted->starts[place];
  return (struct survival_data){.n = sorted->starts[place + 1] - start,
                                .time = sorted->time + start,
                                .status = sorted->status + start,
                                .entry = sorted->entry ? sorted->entry + start : NULL,
                                .weight = sorted->weight ? sorted->weight + start : NULL,
                                .group = n_groups > 1 ? sorted->group + start : NULL,
                                .n_groups = n_groups,
                                .n_strata = 1};
}

static enum status test_panel(const struct survival_data *data, struct task *task, struct km_panel *panel)
{
  const struct logrank_options options = {.weight = LOGRANK_PLAIN};
  struct logrank_result result;
  panel->statistic = panel->df = panel->p_value = NAN;
  if (data->n_groups < 2 || data->weight)
    return STATUS_OK;
  enum status status = logrank_test(data, &options, task, &result);
  if (status)
    return status;
  panel->statistic = result.statistic;
  panel->df = result.df;
  panel->p_value = result.p_value;
  logrank_result_clear(&result);
  return STATUS_OK;
}

static enum status fit_panel(const struct state *state, const struct km_analysis *analysis, const struct survival_data *data,
                             struct task *task, struct km_panel *panel)
{
  const struct km_options options = {.conf = analysis->conf, .level = analysis->level};
  panel->curves = memory_new(data->n_groups, sizeof *panel->curves);
  panel->medians = memory_new(data->n_groups, sizeof *panel->medians);
  enum status status = km_fit(data, &options, task, panel->curves);
  for (size_t g = 0; g < data->n_groups && !status; g++) {
    panel->medians[g] = km_quantile(&panel->curves[g], 0.5, state->settings.quantiles, analysis->level);
    panel->n += panel->curves[g].n;
  }
  return status ? status : test_panel(data, task, panel);
}

/* Where the panels' names are from: a factor's levels, from place 1, or the branches after everybody. */
static const char *panel_name(const struct state *state, const struct column *column, size_t place, const char **label)
{
  if (column) {
    *label = column_level_display_name(column, (uint32_t)place);
    return column->levels[place - 1].name;
  }
  return *label = place ? state->branches[place - 1].name : "all";
}

static enum status fit_panels(const struct state *state, const struct column *column, const struct sorted_rows *sorted,
                              const struct km_analysis *analysis, struct task *task, struct km_panels *panels)
{
  const size_t first = column ? 1 : 0, last = column ? column->n_levels : state->n_branches;
  enum status status = STATUS_OK;
  panels->panels = memory_new(PANELS_MOST, sizeof *panels->panels);
  for (size_t place = first; place <= last && !status; place++) {
    const struct survival_data data = panel_data(sorted, place, panels->n_groups);
    const char *label;
    if (!data.n)
      continue;
    if (panels->n_panels == PANELS_MOST) {
      panels->n_further++;
      continue;
    }
    struct km_panel *panel = &panels->panels[panels->n_panels++];
    panel->name = memory_copy_string(panel_name(state, column, place, &label));
    panel->label = memory_copy_string(label);
    status = fit_panel(state, analysis, &data, task, panel);
  }
  return status;
}

enum status km_panels_analyse(const struct state *state, const char *variable, const struct km_analysis *analysis,
                              struct task *task, struct km_panels *panels, struct error *error)
{
  *panels = (struct km_panels){.n_groups = analysis->gathered.data.n_groups};
  const struct column *column;
  if (km_panels_find(state, variable, &column, error))
    return STATUS_ERROR;
  if (panels->n_groups > PANELS_MOST_GROUPS) {
    error_set(error, "%zu groups are too many for panels by %s", panels->n_groups, variable);
    return error_hint(error, "at most %d; km without panels= draws each of them before all", (int)PANELS_MOST_GROUPS);
  }
  struct sorted_rows sorted = {.starts = NULL};
  enum status status = STATUS_OK;
  if (column)
    sort_rows(&analysis->gathered, column, &sorted);
  else
    status = sort_branches(state, &analysis->gathered, &sorted, error);
  if (!status) {
    panels->variable = memory_copy_string(variable);
    panels->label = memory_copy_string(column ? column_display_name(column) : "branch");
    panels->n_missing = column ? sorted.starts[1] : 0;
    status = fit_panels(state, column, &sorted, analysis, task, panels);
  }
  sorted_clear(&sorted);
  if (status)
    km_panels_clear(panels);
  return status;
}

void km_panels_clear(struct km_panels *panels)
{
  for (size_t i = 0; i < panels->n_panels; i++) {
    struct km_panel *panel = &panels->panels[i];
    for (size_t g = 0; panel->curves && g < panels->n_groups; g++)
      km_curve_clear(&panel->curves[g]);
    free(panel->curves);
    free(panel->medians);
    free(panel->name);
    free(panel->label);
  }
  free(panels->panels);
  free(panels->variable);
  free(panels->label);
  *panels = (struct km_panels){.panels = NULL};
}
