/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/panels.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum status km_panels_find(const struct state *state, const char *variable, const struct column **column,
                           struct error *error)
{
  *column = state->cohort ? cohort_find_column(state->cohort, variable) : NULL;
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

/* The rows of an analysis sorted by level, each level's still in the order of their times. */
struct sorted_rows {
  size_t *starts; /* by code; code + 1 is where the level ends */
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

static void sort_rows(const struct gathered *gathered, const struct column *column, struct sorted_rows *sorted)
{
  const struct survival_data *data = &gathered->data;
  sorted->starts = memory_new(column->n_levels + 2, sizeof *sorted->starts);
  sorted->time = memory_new(data->n, sizeof *sorted->time);
  sorted->status = memory_new(data->n, sizeof *sorted->status);
  sorted->group = memory_new(data->n, sizeof *sorted->group);
  sorted->entry = data->entry ? memory_new(data->n, sizeof *sorted->entry) : NULL;
  sorted->weight = data->weight ? memory_new(data->n, sizeof *sorted->weight) : NULL;
  for (size_t i = 0; i < data->n; i++)
    sorted->starts[column_code(column, gathered->rows[i]) + 1]++;
  for (size_t code = 1; code < column->n_levels + 2; code++)
    sorted->starts[code] += sorted->starts[code - 1];
  size_t *next = memory_copy(sorted->starts, column->n_levels + 2, sizeof *next);
  for (size_t i = 0; i < data->n; i++) {
    const size_t at = next[column_code(column, gathered->rows[i])]++;
    sorted->time[at] = data->time[i];
    sorted->status[at] = data->status[i];
    sorted->group[at] = (uint32_t)survival_group_of(data, i);
    if (sorted->entry)
      sorted->entry[at] = data->entry[i];
    if (sorted->weight)
      sorted->weight[at] = data->weight[i];
  }
  free(next);
}

static struct survival_data level_data(const struct sorted_rows *sorted, size_t code, size_t n_groups)
{
  const size_t start = sorted->starts[code];
  return (struct survival_data){.n = sorted->starts[code + 1] - start,
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
  sort_rows(&analysis->gathered, column, &sorted);
  panels->variable = memory_copy_string(column->name);
  panels->label = memory_copy_string(column_display_name(column));
  panels->n_missing = sorted.starts[1];
  panels->panels = memory_new(PANELS_MOST, sizeof *panels->panels);
  enum status status = STATUS_OK;
  for (uint32_t code = 1; code <= column->n_levels && !status; code++) {
    const struct survival_data data = level_data(&sorted, code, panels->n_groups);
    if (!data.n)
      continue;
    if (panels->n_panels == PANELS_MOST) {
      panels->n_further++;
      continue;
    }
    struct km_panel *panel = &panels->panels[panels->n_panels++];
    panel->name = memory_copy_string(column->levels[code - 1].name);
    panel->label = memory_copy_string(column_level_display_name(column, code));
    status = fit_panel(state, analysis, &data, task, panel);
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
