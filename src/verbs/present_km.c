/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/present.h"

#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "stats/distribution.h"
#include "verbs/present_km.h"
#include "verbs/printing.h"

enum { TIME_DECIMALS = 2 };

struct table *present_km_curve(const struct km_analysis *analysis)
{
  struct table *table =
      table_new("km_curve", "group time n_risk n_event n_censor estimate std_error conf_low conf_high");
  for (size_t g = 0; g < analysis->gathered.data.n_groups; g++) {
    const struct km_curve *curve = &analysis->curves[g];
    for (size_t i = 0; i < curve->n_times; i++) {
      table_add_text(table, analysis->gathered.group_names[g]);
      table_add_number(table, curve->time[i]);
      table_add_number(table, curve->n_risk[i]);
      table_add_number(table, curve->n_event[i]);
      table_add_number(table, curve->n_censor[i]);
      table_add_number(table, curve->estimate[i]);
      table_add_number(table, curve->std_error[i]);
      table_add_number(table, curve->conf_low[i]);
      table_add_number(table, curve->conf_high[i]);
    }
  }
  return table;
}

static void add_quantile(struct table *table, const struct km_quantile *quantile)
{
  table_add_number(table, quantile->time);
  table_add_number(table, quantile->low);
  table_add_number(table, quantile->high);
}

struct table *present_km_summary(const struct km_analysis *analysis)
{
  struct table *table = table_new("km_summary", "group n events median median_low median_high q25 q25_low q25_high q75 "
                                                "q75_low q75_high rmean rmean_se tau followup_median");
  for (size_t g = 0; g < analysis->gathered.data.n_groups; g++) {
    const struct km_summary *summary = &analysis->summaries[g];
    table_add_text(table, analysis->gathered.group_names[g]);
    table_add_number(table, analysis->curves[g].n);
    table_add_number(table, analysis->curves[g].n_events);
    add_quantile(table, &summary->median);
    add_quantile(table, &summary->q25);
    add_quantile(table, &summary->q75);
    table_add_number(table, summary->mean.mean);
    table_add_number(table, summary->mean.std_error);
    table_add_number(table, summary->tau);
    table_add_number(table, summary->followup_median);
  }
  return table;
}

static struct km_point point_at(const struct km_analysis *analysis, size_t group, const struct km_times *times, size_t i)
{
  const struct km_curve *curve = &analysis->curves[group];
  return times->extend ? km_at_extended(curve, times->times[i]) : km_at(curve, times->times[i]);
}

struct table *present_km_at(const struct km_analysis *analysis, const struct km_times *times)
{
  struct table *table = table_new("km_at", "group time n_risk estimate std_error conf_low conf_high");
  for (size_t g = 0; g < analysis->gathered.data.n_groups; g++) {
    for (size_t i = 0; i < times->n; i++) {
      struct km_point point = point_at(analysis, g, times, i);
      table_add_text(table, analysis->gathered.group_names[g]);
      table_add_number(table, times->times[i]);
      table_add_number(table, point.n_risk);
      table_add_number(table, point.estimate);
      table_add_number(table, point.std_error);
      table_add_number(table, point.conf_low);
      table_add_number(table, point.conf_high);
    }
  }
  return table;
}

void present_append_upper(struct text *text, double time, int decimals)
{
  text_append(text, time < 0 ? " to " : "–");
  printed_append_time(text, time, decimals);
}

void present_append_mean(struct text *text, const struct km_mean *mean)
{
  const bool is_small = fabs(mean->mean) < 0.05; /* times in units that large: their digits, not 0 */
  if (isnan(mean->mean)) {
    text_append(text, "NE");
    return;
  }
  if (is_small)
    text_append_format(text, "%.3g", mean->mean);
  else
    number_append_fixed(text, mean->mean, 1);
  if (!isnan(mean->std_error))
    text_append_format(text, is_small ? " ± %.3g" : " ± %.1f", mean->std_error);
}

void present_append_mean_limit(struct text *text, const struct state *state, double tau)
{
  if (state->settings.mean_limit == MEAN_COMMON && !isnan(tau))
    text_append_format(text, "Mean restricted to %.6g.", tau);
  else
    text_append_format(text, "Mean restricted to each group's own last %s.",
                       state->settings.mean_limit == MEAN_OWN_LAST_EVENT ? "event" : "time");
}

void present_append_quantile(struct text *text, const struct km_quantile *quantile)
{
  printed_append_time(text, quantile->time, TIME_DECIMALS);
  text_append(text, " (");
  printed_append_time(text, quantile->low, TIME_DECIMALS);
  present_append_upper(text, quantile->high, TIME_DECIMALS);
  text_append(text, ")");
}

void present_append_grouping(struct text *text, const struct state *state, const struct km_analysis *analysis)
{
  const size_t n = analysis->gathered.data.n_groups;
  if (!state->n_groups || (n == 1 && strcmp(analysis->gathered.group_names[0], "all") == 0)) {
    text_append(text, "group");
    return;
  }
  for (size_t i = 0; i < state->n_groups; i++) {
    const struct column *column = cohort_find_column(state->cohort, state->groups[i]);
    text_append_format(text, "%s%s", i ? ", " : "", column ? column_display_name(column) : state->groups[i]);
  }
}

static void set_text(struct printed_table *printed, size_t column, struct text *text)
{
  printed_table_set(printed, column, "%s", text_string(text));
  text_truncate(text, 0);
}

const char *present_unit(const struct state *state)
{
  const struct endpoint *endpoint = state_endpoint(state);
  return *state->settings.unit ? state->settings.unit : endpoint ? endpoint->unit : "";
}

/* "Kaplan–Meier estimate of os (months)". */
static void append_title(struct text *text, const char *what, const struct state *state)
{
  const struct endpoint *endpoint = state_endpoint(state);
  text_append_format(text, "%s of %s", what, endpoint ? endpoint->name : "survival");
  if (*present_unit(state))
    text_append_format(text, " (%s)", present_unit(state));
}

struct printed_table *present_km_printed(const struct km_analysis *analysis, const struct state *state)
{
  struct text text = TEXT_INIT;
  append_title(&text, "Kaplan–Meier estimate", state);
  struct printed_table *printed = printed_table_new(text_string(&text));
  text_truncate(&text, 0);
  present_append_grouping(&text, state, analysis);
  printed_table_add_column(printed, text_string(&text), ALIGN_LEFT);
  text_truncate(&text, 0);
  printed_table_add_column(printed, "n", ALIGN_RIGHT);
  printed_table_add_column(printed, "events", ALIGN_RIGHT);
  text_append_format(&text, "median (%g %% CI)", analysis->level * 100);
  printed_table_add_column(printed, text_string(&text), ALIGN_RIGHT);
  text_truncate(&text, 0);
  printed_table_add_column(printed, "quartiles", ALIGN_RIGHT);
  printed_table_add_column(printed, "mean ± SE", ALIGN_RIGHT);
  printed_table_add_column(printed, "follow-up", ALIGN_RIGHT);
  for (size_t g = 0; g < analysis->gathered.data.n_groups; g++) {
    const struct km_summary *summary = &analysis->summaries[g];
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", analysis->gathered.group_labels[g]);
    printing_count(printed, 1, analysis->curves[g].n);
    printing_count(printed, 2, analysis->curves[g].n_events);
    present_append_quantile(&text, &summary->median);
    printed_table_set_limits(printed, 3, text_string(&text));
    text_truncate(&text, 0);
    printed_append_time(&text, summary->q25.time, TIME_DECIMALS);
    present_append_upper(&text, summary->q75.time, TIME_DECIMALS);
    set_text(printed, 4, &text);
    present_append_mean(&text, &summary->mean);
    set_text(printed, 5, &text);
    printed_append_time(&text, summary->followup_median, TIME_DECIMALS);
    set_text(printed, 6, &text);
  }
  printed_table_note(printed, "Limits: %s (Greenwood). Quartiles: times at which survival has fallen to 0.75 and 0.25. "
                              "NR: not reached.", conf_name(analysis->conf));
  present_append_mean_limit(&text, state, analysis->gathered.data.n_groups ? analysis->summaries[0].tau : (double)NAN);
  printed_table_note(printed, "%s Follow-up: median by reverse Kaplan–Meier.", text_string(&text));
  text_clear(&text);
  return printed;
}

struct printed_table *present_km_at_printed(const struct km_analysis *analysis, const struct state *state,
                                            const struct km_times *times)
{
  struct text text = TEXT_INIT;
  append_title(&text, "Survival at given times", state);
  struct printed_table *printed = printed_table_new(text_string(&text));
  text_truncate(&text, 0);
  present_append_grouping(&text, state, analysis);
  printed_table_add_column(printed, text_string(&text), ALIGN_LEFT);
  text_truncate(&text, 0);
  printed_table_add_column(printed, "time", ALIGN_RIGHT);
  printed_table_add_column(printed, "at risk", ALIGN_RIGHT);
  text_append_format(&text, "survival (%g %% CI)", analysis->level * 100);
  printed_table_add_column(printed, text_string(&text), ALIGN_RIGHT);
  text_truncate(&text, 0);
  for (size_t g = 0; g < analysis->gathered.data.n_groups; g++) {
    for (size_t i = 0; i < times->n; i++) {
      struct km_point point = point_at(analysis, g, times, i);
      printed_table_begin_row(printed, PRINTED_ROW);
      if (i == 0)
        printed_table_set(printed, 0, "%s", analysis->gathered.group_labels[g]);
      printed_append_time(&text, times->times[i], TIME_DECIMALS);
      set_text(printed, 1, &text);
      printing_count(printed, 2, point.n_risk);
      printing_interval(printed, 3, point.estimate, point.conf_low, point.conf_high, 3);
    }
  }
  printed_table_note(printed, times->extend ? "Limits: %s. Beyond a group's last time its last value runs on, with 0 at risk."
                                            : "Limits: %s. NE: not estimable, beyond the group's last time.",
                     conf_name(analysis->conf));
  text_clear(&text);
  return printed;
}

void present_km_differences(const struct km_analysis *analysis, const struct km_times *times, struct report *report)
{
  static const char *const columns[] = {"difference", "time", "estimate (limits)", "p", NULL};
  const struct gathered *gathered = &analysis->gathered;
  struct table *table = table_new("km_difference", "group1 group2 time estimate std_error conf_low conf_high p_value");
  struct printed_table *printed = printing_table("Differences of survival", columns);
  const double z = normal_half_width(analysis->level);
  for (size_t g = 1; g < gathered->data.n_groups; g++) {
    for (size_t i = 0; i < times->n; i++) {
      const struct km_point a = point_at(analysis, g, times, i), b = point_at(analysis, 0, times, i);
      const double difference = a.estimate - b.estimate, error = hypot(a.std_error, b.std_error);
      const double values[] = {times->times[i], difference, error, difference - z * error, difference + z * error,
                               normal_two_sided(difference / error)};
      table_add_text(table, gathered->group_names[g]);
      table_add_text(table, gathered->group_names[0]);
      for (size_t k = 0; k < 6; k++)
        table_add_number(table, values[k]);
      printed_table_begin_row(printed, PRINTED_ROW);
      printed_table_set(printed, 0, "%s – %s", gathered->group_labels[g], gathered->group_labels[0]);
      printed_table_set(printed, 1, "%g", times->times[i]);
      printing_interval(printed, 2, difference, values[3], values[4], 3);
      printing_p(printed, 3, values[5]);
    }
  }
  printing_note_limits(printed, analysis->level, "normal");
  report_add_table(report, table);
  report_add_printed(report, printed);
}
