/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves as a plot, and the same groups in the panels of another variable. */
#include <math.h>

#include "base/memory.h"
#include "base/number.h"
#include "verbs/present.h"
#include "verbs/present_km.h"
#include "verbs/present_marks.h"
#include "verbs/printing.h"

/* The curve keeps its arrays. */
static void fill_series(struct plot_series *series, const char *label, const struct km_curve *curve,
                        const struct km_quantile *median, enum number_style style)
{
  struct text legend = TEXT_INIT, limits = TEXT_INIT;
  text_append(&legend, "n ");
  printing_append_count(&legend, curve->n);
  text_append(&legend, "  events ");
  printing_append_count(&legend, curve->n_events);
  text_append(&legend, "  median ");
  present_append_quantile(&limits, median);
  style_append_limits(&legend, style, text_string(&limits));
  text_clear(&limits);
  series->label = memory_copy_string(label);
  series->legend = text_take(&legend);
  series->n = curve->n_times;
  series->time = curve->time;
  series->value = curve->estimate;
  series->low = curve->conf_low;
  series->high = curve->conf_high;
  series->n_risk = curve->n_risk;
  series->n_event = curve->n_event;
  series->n_censor = curve->n_censor;
  series->total = curve->n;
  series->median = median->time;
  series->n_entries = curve->n_entries;
  series->entry_time = curve->entry_time;
  series->entry_cumulated = curve->entry_cumulated;
  series->is_borrowed = true;
  plot_series_cumulate(series);
}

static struct plot *new_plot(const struct state *state, size_t n_series)
{
  const struct endpoint *endpoint = state_endpoint(state);
  struct plot *plot = plot_new(n_series);
  plot->x_label = memory_copy_string(present_unit(state));
  plot->y_label = memory_copy_string(endpoint ? endpoint->name : "survival");
  return plot;
}

/* "n 42  p = 0.012" under the level's name. */
static struct plot *panel_plot(const struct km_analysis *analysis, const struct km_panel *panel, const struct state *state)
{
  const size_t n = analysis->gathered.data.n_groups;
  struct plot *plot = new_plot(state, n);
  struct text note = TEXT_INIT;
  text_append_format(&note, "n %.10g", panel->n);
  if (!isnan(panel->p_value)) {
    text_append(&note, "  ");
    style_append_p_sentence(&note, state->settings.style, panel->p_value);
  }
  plot->title = memory_copy_string(panel->label);
  plot->note = text_take(&note);
  for (size_t g = 0; g < n; g++)
    fill_series(&plot->series[g], analysis->gathered.group_labels[g], &panel->curves[g], &panel->medians[g],
                state->settings.style);
  plot_own(plot);
  return plot;
}

static void add_panels(struct plot *plot, const struct km_analysis *analysis, const struct km_panels *panels,
                       const struct state *state)
{
  plot->panels = memory_new(panels->n_panels, sizeof(struct plot *));
  struct text label = TEXT_INIT;
  text_append(&label, panels->label);
  if (panels->n_further)
    text_append_format(&label, ", %zu of %zu levels", panels->n_panels, panels->n_panels + panels->n_further);
  plot->panels_label = text_take(&label);
  for (size_t i = 0; i < panels->n_panels; i++)
    plot->panels[plot->n_panels++] = panel_plot(analysis, &panels->panels[i], state);
}

/* What kind the limits are, where it is not the one that R's survfit gives without being asked. */
static void append_limits(struct text *note, const struct settings *settings)
{
  static const char *const medians[] = {[QUANTILE_R] = "", [QUANTILE_SPSS] = ", SPSS", [QUANTILE_SAS] = ", SAS"};
  if (settings->conf == CONF_LOG && settings->quantiles == QUANTILE_R)
    return;
  text_append_format(note, "%slimits %s%s", note->length ? "; " : "", conf_name(settings->conf), medians[settings->quantiles]);
}

struct plot *present_km_plot(const struct km_analysis *analysis, const struct km_panels *panels, const struct state *state,
                             const struct logrank_result *logrank)
{
  struct plot *plot = new_plot(state, analysis->gathered.data.n_groups);
  for (size_t g = 0; g < plot->n_series; g++)
    fill_series(&plot->series[g], analysis->gathered.group_labels[g], &analysis->curves[g], &analysis->summaries[g].median,
                state->settings.style);
  struct text note = TEXT_INIT;
  if (logrank && !isnan(logrank->p_value)) {
    text_append(&note, "log-rank ");
    style_append_p_sentence(&note, state->settings.style, logrank->p_value);
  }
  append_limits(&note, &state->settings);
  plot->note = note.length ? text_take(&note) : NULL;
  if (analysis->overall) {
    const struct km_quantile none = {NAN, NAN, NAN};
    plot->reference = memory_new(1, sizeof *plot->reference);
    fill_series(plot->reference, "all", analysis->overall, &none, state->settings.style);
  }
  if (panels && panels->n_panels)
    add_panels(plot, analysis, panels, state);
  present_marks_plot(state, plot);
  return plot;
}

/* ---- panels as tables ---- */

struct table *present_km_panels(const struct km_analysis *analysis, const struct km_panels *panels)
{
  struct table *table = table_new("km_panels", "panel group n events median median_low median_high statistic df p_value");
  for (size_t i = 0; i < panels->n_panels; i++) {
    const struct km_panel *panel = &panels->panels[i];
    for (size_t g = 0; g < panels->n_groups; g++) {
      const double values[] = {panel->curves[g].n,      panel->curves[g].n_events, panel->medians[g].time, panel->medians[g].low,
                               panel->medians[g].high, panel->statistic,          panel->df,              panel->p_value};
      table_add_text(table, panel->name);
      table_add_text(table, analysis->gathered.group_names[g]);
      for (size_t k = 0; k < sizeof values / sizeof *values; k++)
        table_add_number(table, values[k]);
    }
  }
  return table;
}

struct printed_table *present_km_panels_printed(const struct km_analysis *analysis, const struct km_panels *panels,
                                                const struct state *state)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "By %s", panels->label);
  struct printed_table *printed = printed_table_new(text_string(&text));
  text_truncate(&text, 0);
  printed_table_add_column(printed, panels->label, ALIGN_LEFT);
  present_append_grouping(&text, state, analysis);
  printed_table_add_column(printed, text_string(&text), ALIGN_LEFT);
  text_truncate(&text, 0);
  printed_table_add_column(printed, "n", ALIGN_RIGHT);
  printed_table_add_column(printed, "events", ALIGN_RIGHT);
  text_append_format(&text, "median (%g %% CI)", analysis->level * 100);
  printed_table_add_column(printed, text_string(&text), ALIGN_RIGHT);
  printed_table_add_column(printed, "log-rank p", ALIGN_RIGHT);
  text_truncate(&text, 0);
  for (size_t i = 0; i < panels->n_panels; i++) {
    const struct km_panel *panel = &panels->panels[i];
    for (size_t g = 0; g < panels->n_groups; g++) {
      printed_table_begin_row(printed, PRINTED_ROW);
      if (!g)
        printed_table_set(printed, 0, "%s", panel->label);
      printed_table_set(printed, 1, "%s", analysis->gathered.group_labels[g]);
      printed_table_set(printed, 2, "%.10g", panel->curves[g].n);
      printed_table_set(printed, 3, "%.10g", panel->curves[g].n_events);
      present_append_quantile(&text, &panel->medians[g]);
      printed_table_set_limits(printed, 4, panel->curves[g].n > 0 ? text_string(&text) : "");
      text_truncate(&text, 0);
      if (!g)
        printing_p(printed, 5, panel->p_value);
    }
  }
  if (panels->n_further)
    printed_table_note(printed, "%zu further levels of %s have no panel.", panels->n_further, panels->label);
  text_clear(&text);
  return printed;
}
