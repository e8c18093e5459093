/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/present_marks.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "report/plot_mark.h"
#include "verbs/present_km.h"
#include "verbs/printing.h"

bool present_mark_is_shown(const struct state *state, const struct mark *mark)
{
  const struct endpoint *endpoint = state_endpoint(state);
  return endpoint && strcmp(endpoint->name, mark->endpoint) == 0;
}

void present_marks_plot(const struct state *state, struct plot *plot)
{
  for (size_t i = 0; state->marks && i < state->marks->n; i++) {
    const struct mark *mark = &state->marks->marks[i];
    const double place[2] = {mark->is_median ? mark->value : mark->time, mark->is_median ? 0.5 : mark->value};
    if (present_mark_is_shown(state, mark))
      plot_add_mark(plot, mark->name, mark->is_median, place, (double[]){mark->low, mark->high});
  }
}

/* "0.69 (0.42–0.85)", "20 (12–)": a published value with the limits that are known. */
static void append_published(struct text *text, const struct mark *mark)
{
  const double values[3] = {mark->value, mark->low, mark->high};
  for (size_t i = 0; i < 3; i++) {
    if (i == 1 && isnan(mark->low) && isnan(mark->high))
      return;
    text_append(text, i == 1 ? " (" : i == 2 ? "–" : "");
    if (isnan(values[i]))
      continue;
    if (mark->is_median)
      printed_append_time(text, values[i], 2);
    else
      number_append_fixed(text, values[i], 3);
  }
  text_append(text, ")");
}

/* "survival at 36 months", "median (months)". */
static void append_measure(struct text *text, const struct mark *mark, const char *unit)
{
  if (mark->is_median) {
    text_append_format(text, *unit ? "median (%s)" : "median", unit);
    return;
  }
  text_append(text, "survival at ");
  printed_append_time(text, mark->time, 2);
  text_append_format(text, "%s%s", *unit ? " " : "", unit);
}

void present_mark_append(struct text *text, const struct mark *mark, const char *unit)
{
  text_append(text, mark->is_median ? "median " : "survival ");
  append_published(text, mark);
  if (!mark->is_median) {
    text_append(text, " at ");
    printed_append_time(text, mark->time, 2);
  }
  text_append_format(text, "%s%s", *unit ? " " : "", unit);
}

/* The group's own estimate of what the mark is of, with limits. */
static void own_values(const struct km_analysis *analysis, size_t group, const struct mark *mark, double values[3])
{
  if (mark->is_median) {
    const struct km_quantile *median = &analysis->summaries[group].median;
    values[0] = median->time, values[1] = median->low, values[2] = median->high;
    return;
  }
  const struct km_point point = km_at(&analysis->curves[group], mark->time);
  values[0] = point.estimate, values[1] = point.conf_low, values[2] = point.conf_high;
}

static void add_row(const struct km_analysis *analysis, size_t group, const struct mark *mark, struct table *table)
{
  double own[3];
  own_values(analysis, group, mark, own);
  table_add_text(table, analysis->gathered.group_names[group]);
  table_add_text(table, mark->name);
  table_add_text(table, mark->is_median ? "median" : "survival");
  table_add_number(table, mark->is_median ? (double)NAN : mark->time);
  table_add_number(table, mark->value);
  table_add_number(table, mark->low);
  table_add_number(table, mark->high);
  for (size_t i = 0; i < 3; i++)
    table_add_number(table, own[i]);
}

static void append_own(const struct km_analysis *analysis, size_t group, const struct mark *mark, struct text *text)
{
  double own[3];
  own_values(analysis, group, mark, own);
  if (mark->is_median)
    present_append_quantile(text, &analysis->summaries[group].median);
  else if (isnan(own[0]))
    text_append(text, "NE");
  else
    printed_append_interval(text, own[0], own[1], own[2], 3, false);
}

static void print_row(const struct km_analysis *analysis, size_t group, const struct mark *mark, const char *unit,
                      struct printed_table *printed)
{
  struct text text = TEXT_INIT;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s%s", analysis->gathered.data.n_groups > 1 ? "  " : "", mark->name);
  append_measure(&text, mark, unit);
  printed_table_set(printed, 1, "%s", text_string(&text));
  text_truncate(&text, 0);
  append_published(&text, mark);
  printed_table_set_limits(printed, 2, text_string(&text));
  text_truncate(&text, 0);
  append_own(analysis, group, mark, &text);
  printed_table_set_limits(printed, 3, text_string(&text));
  text_clear(&text);
}

/* Each group's heading, and under it the marks with its own estimates; of one group no heading. */
void present_marks(const struct km_analysis *analysis, const struct state *state, struct report *report)
{
  const struct mark_set *set = state->marks;
  const size_t n_groups = analysis->gathered.data.n_groups;
  struct table *table = table_new("km_marks", "group mark measure time published low high estimate conf_low conf_high");
  struct printed_table *printed = printed_table_new("Published results beside this cohort's");
  printed_table_add_column(printed, "", ALIGN_LEFT);
  printed_table_add_column(printed, "of", ALIGN_LEFT);
  printed_table_add_column(printed, "published", ALIGN_RIGHT);
  printed_table_add_column(printed, "own (limits)", ALIGN_RIGHT);
  for (size_t g = 0; set && g < n_groups; g++) {
    if (n_groups > 1) {
      printed_table_begin_row(printed, PRINTED_HEADING);
      printed_table_set(printed, 0, "%s", analysis->gathered.group_labels[g]);
    }
    for (size_t i = 0; i < set->n; i++) {
      if (!present_mark_is_shown(state, &set->marks[i]))
        continue;
      add_row(analysis, g, &set->marks[i], table);
      print_row(analysis, g, &set->marks[i], present_unit(state), printed);
    }
  }
  if (!table_n_rows(table)) {
    table_free(table);
    printed_table_free(printed);
    return;
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
}
