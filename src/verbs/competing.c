/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cif, gray: cumulative incidence with competing risks. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/pretty.h"
#include "base/text.h"
#include "stats/cif.h"
#include "stats/gray.h"
#include "stats/km.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

static void warn_of_endpoint(const struct state *state, struct report *report)
{
  const struct endpoint *endpoint = state_endpoint(state);
  if (!endpoint->competing)
    report_warn(report, "the endpoint %s has no competing event: without one the incidence is 1 - Kaplan–Meier; "
                        "endpoint …, competing=EXPR names it", endpoint->name);
}

/* ---- cif ---- */

static void add_curves(const struct gathered *gathered, const struct cif_curve *curves, struct report *report)
{
  struct table *table = table_new("cif_curve", "group cause time estimate std_error conf_low conf_high n_risk n_event");
  for (size_t i = 0; i < CIF_CAUSES * gathered->data.n_groups; i++) {
    const struct cif_curve *curve = &curves[i];
    for (size_t j = 0; j < curve->n_times; j++) {
      const double values[] = {curve->time[j],     curve->estimate[j],  curve->std_error[j], curve->conf_low[j],
                               curve->conf_high[j], curve->n_risk[j], curve->n_event[j]};
      table_add_text(table, gathered->group_names[i / CIF_CAUSES]);
      table_add_number(table, (double)(i % CIF_CAUSES + 1));
      for (size_t k = 0; k < 7; k++)
        table_add_number(table, values[k]);
    }
  }
  report_add_table(report, table);
}

static void add_points(const struct gathered *gathered, const struct cif_curve *curves, const double *times, size_t n,
                       double level, struct report *report)
{
  struct table *table = table_new("cif_at", "group cause time estimate std_error conf_low conf_high");
  struct printed_table *printed = printed_table_new("Cumulative incidence");
  printed_table_add_column(printed, "group", ALIGN_LEFT);
  printed_table_add_column(printed, "cause", ALIGN_LEFT);
  printed_table_add_column(printed, "events", ALIGN_RIGHT);
  for (size_t k = 0; k < n; k++) {
    struct text title = TEXT_INIT;
    text_append_format(&title, "at %g", times[k]);
    printed_table_add_column(printed, text_string(&title), ALIGN_RIGHT);
    text_clear(&title);
  }
  for (size_t i = 0; i < CIF_CAUSES * gathered->data.n_groups; i++) {
    const size_t g = i / CIF_CAUSES;
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", i % CIF_CAUSES ? "" : gathered->group_labels[g]);
    printed_table_set(printed, 1, "%s", i % CIF_CAUSES ? "competing" : "event");
    printing_count(printed, 2, curves[i].n_events);
    for (size_t k = 0; k < n; k++) {
      const struct cif_point point = cif_at(&curves[i], times[k]);
      table_add_text(table, gathered->group_names[g]);
      table_add_number(table, (double)(i % CIF_CAUSES + 1));
      table_add_number(table, point.time);
      table_add_number(table, point.estimate);
      table_add_number(table, point.std_error);
      table_add_number(table, point.conf_low);
      table_add_number(table, point.conf_high);
      if (point.estimate > 0)
        printing_interval(printed, k + 3, point.estimate, point.conf_low, point.conf_high, 3);
      else
        printing_fixed(printed, k + 3, point.estimate, 0);
    }
  }
  printed_table_note(printed, "Aalen–Johansen; limits: %g %%, log-log.  NE: beyond the group's last time.", 100 * level);
  report_add_table(report, table);
  report_add_printed(report, printed);
}

/* One cause in one group over all the times of the group's curve of any event, so that the numbers at risk are right. */
static void fill_series(struct plot_series *series, const struct cif_curve *curve, const struct km_curve *all)
{
  const size_t n = all->n_times;
  series->n = n;
  series->total = all->n;
  series->time = memory_copy(all->time, n, sizeof(double));
  series->n_risk = memory_copy(all->n_risk, n, sizeof(double));
  series->n_event = memory_new(n, sizeof(double));
  series->n_censor = memory_new(n, sizeof(double)); /* of the other cause, too: no longer at risk */
  series->value = memory_new(n, sizeof(double));
  series->low = memory_new(n, sizeof(double));
  series->high = memory_new(n, sizeof(double));
  for (size_t i = 0, own = 0; i < n; i++) {
    while (own < curve->n_times && curve->time[own] < all->time[i])
      own++;
    const bool strikes = own < curve->n_times && curve->time[own] == all->time[i];
    series->n_event[i] = strikes ? curve->n_event[own] : 0;
    series->n_censor[i] = all->n_event[i] + all->n_censor[i] - series->n_event[i];
    const struct cif_point point = cif_at(curve, all->time[i]);
    series->value[i] = 1 - point.estimate;
    series->low[i] = 1 - point.conf_high;
    series->high[i] = 1 - point.conf_low;
  }
  series->n_entries = all->n_entries;
  if (all->n_entries) {
    series->entry_time = memory_copy(all->entry_time, all->n_entries, sizeof(double));
    series->entry_cumulated = memory_copy(all->entry_cumulated, all->n_entries, sizeof(double));
  }
  plot_series_cumulate(series);
}

/* A curve for each cause in each group; without a competing event the event's alone. */
static enum status add_plot(const struct state *state, const struct gathered *gathered, const struct cif_curve *curves,
                            struct task *task, struct report *report)
{
  const struct endpoint *endpoint = state_endpoint(state);
  const size_t n_causes = endpoint->competing ? CIF_CAUSES : 1, n_groups = gathered->data.n_groups;
  const struct km_options options = {.conf = CONF_LOG, .level = state->settings.level};
  struct km_curve *all = memory_new(n_groups, sizeof *all);
  enum status status = km_fit(&gathered->data, &options, task, all);
  if (status) {
    free(all);
    return status;
  }
  struct plot *plot = plot_new(n_causes * n_groups);
  struct text text = TEXT_INIT;
  plot->is_incidence = true;
  plot->x_label = memory_copy_string(*state->settings.unit ? state->settings.unit : endpoint->unit);
  text_append_format(&text, "cumulative incidence, %s", endpoint->name);
  plot->y_label = text_take(&text);
  for (size_t i = 0; i < plot->n_series; i++) {
    const size_t g = i / n_causes, cause = i % n_causes;
    const struct cif_curve *curve = &curves[CIF_CAUSES * g + cause];
    text_append_format(&text, "%s%s", gathered->group_labels[g], n_causes == 1 ? "" : cause ? ", competing" : ", event");
    plot->series[i].label = text_take(&text);
    text_append(&text, "n ");
    printing_append_count(&text, curve->n);
    text_append(&text, "  events ");
    printing_append_count(&text, curve->n_events);
    plot->series[i].legend = text_take(&text);
    fill_series(&plot->series[i], curve, &all[g]);
  }
  for (size_t g = 0; g < n_groups; g++)
    km_curve_clear(&all[g]);
  free(all);
  report_add_plot(report, plot);
  return STATUS_OK;
}

/* The times of at=, or a few round ones up to the last time. */
static enum status read_times(const struct command *command, const struct gathered *gathered, double **times, size_t *n,
                              struct error *error)
{
  if (arguments_numbers(command, "at", times, n, error))
    return STATUS_ERROR;
  const double last = gathered->data.n ? gathered->data.time[gathered->data.n - 1] : 0;
  if (*n || !(last > 0))
    return STATUS_OK;
  double *round = pretty_values(0, last, 4, n);
  *times = memory_new(*n, sizeof **times);
  size_t kept = 0;
  for (size_t i = 0; i < *n; i++)
    if (round[i] > 0 && round[i] <= last)
      (*times)[kept++] = round[i];
  *n = kept;
  free(round);
  return STATUS_OK;
}

static enum status run_cif(struct verb_context *context, const struct command *command, struct error *error)
{
  struct gathered gathered;
  double *times, level = context->state->settings.level;
  size_t n_times;
  if (arguments_gather(command, context->state, &gathered, error))
    return STATUS_ERROR;
  struct cif_curve *curves = memory_new(CIF_CAUSES * gathered.data.n_groups, sizeof *curves);
  enum status status = read_times(command, &gathered, &times, &n_times, error);
  if (!status) {
    status = cif_fit(&gathered.data, level, context->task, curves);
    if (!status) {
      add_curves(&gathered, curves, context->report);
      add_points(&gathered, curves, times, n_times, level, context->report);
      status = add_plot(context->state, &gathered, curves, context->task, context->report);
      printing_rows(context->report, &gathered);
      warn_of_endpoint(context->state, context->report);
      for (size_t i = 0; i < CIF_CAUSES * gathered.data.n_groups; i++)
        cif_curve_clear(&curves[i]);
    }
    free(times);
  }
  free(curves);
  gathered_clear(&gathered);
  return status;
}

static const struct option_syntax cif_options[] = {
    {"at", OPTION_LIST, NULL, "times at which the incidence is printed"},
    {.name = NULL},
};

static const char *const cif_examples[] = {"cif surgery, at=12,36,60", NULL};

const struct verb verb_cif = {
    .syntax = {"cif", ARGUMENTS_NAMES, true, cif_options},
    .usage = "cif [VARIABLE …] [if EXPR] [, at=T,…]",
    .summary = "cumulative incidence of the event and of what competes with it",
    .details = "Aalen and Johansen's estimate with Aalen's variance, as R's cmprsk::cuminc(); limits log-log.  Cause 1 is the\n"
               "event, cause 2 the competing one (endpoint …, competing=EXPR).  1 - Kaplan–Meier would overstate it.\n"
               "Cause-specific models are cox: who has the competing event is censored there.  With plots (--plot, export to\n"
               ".svg) the curves of each group and cause are drawn.",
    .tables = "cif_curve, cif_at",
    .examples = cif_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .draws = true,
    .run = run_cif,
};

/* ---- gray ---- */

static enum status test_groups(struct verb_context *context, const struct gathered *gathered, struct error *error)
{
  static const char *const columns[] = {"cause", "chi-square", "df", "p", NULL};
  const struct gray_result none = {(double)NAN, (double)NAN, (double)NAN};
  struct gray_result results[2] = {none, none};
  if (gathered->data.n_groups > GRAY_MAX_GROUPS) {
    error_set(error, "%zu groups are too many to be tested", gathered->data.n_groups);
    return error_hint(error, "at most %d; cut the variable into classes", (int)GRAY_MAX_GROUPS);
  }
  enum status status = gathered->data.n_groups ? gray_test(&gathered->data, 0, context->task, results) : STATUS_OK;
  if (status)
    return status;
  struct table *table = table_new("gray", "cause statistic df p_value");
  struct printed_table *printed = printing_table("Gray's test", columns);
  for (size_t i = 0; i < 2; i++) {
    if (i && !state_endpoint(context->state)->competing)
      break;
    table_add_number(table, (double)(i + 1));
    table_add_number(table, results[i].statistic);
    table_add_number(table, results[i].df);
    table_add_number(table, results[i].p_value);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", i ? "competing" : "event");
    printing_fixed(printed, 1, results[i].statistic, 2);
    if (!isnan(results[i].statistic))
      printed_table_set(printed, 2, "%g", results[i].df);
    printing_p(printed, 3, results[i].p_value);
  }
  report_add_table(context->report, table);
  report_add_printed(context->report, printed);
  return STATUS_OK;
}

static enum status read_strata(const struct command *command, const struct state *state, struct column ***strata,
                               size_t *n, struct error *error)
{
  const struct command_option *option = command_find_option(command, "strata");
  *strata = memory_new(option ? option->n_items : 0, sizeof **strata);
  *n = 0;
  for (size_t i = 0; option && i < option->n_items; i++) {
    const struct column *column;
    if (arguments_find_column(state, option->items[i], option->start, option->length, &column, error))
      return STATUS_ERROR;
    (*strata)[(*n)++] = column_as_factor(column);
  }
  return STATUS_OK;
}

static enum status run_gray(struct verb_context *context, const struct command *command, struct error *error)
{
  char **names;
  size_t n_names, n_strata;
  struct column **strata;
  struct bitmap *condition = NULL;
  struct gathered gathered = {.rows = NULL};
  if (arguments_columns(command, context->state, &names, &n_names, error))
    return STATUS_ERROR;
  enum status status = read_strata(command, context->state, &strata, &n_strata, error);
  if (!status && !n_names) {
    error_set(error, "gray compares the groups of a variable, and none is named");
    status = error_hint(error, "gray surgery");
  }
  if (!status)
    status = arguments_condition(command, context->state, &condition, error);
  if (!status) {
    const struct gather_request rows = {
        .groups = names, .n_groups = n_names, .strata = strata, .n_strata = n_strata, .condition = condition};
    status = gather(context->state, &rows, &gathered, error);
  }
  if (!status)
    status = test_groups(context, &gathered, error);
  if (!status) {
    printing_rows(context->report, &gathered);
    warn_of_endpoint(context->state, context->report);
    if (gathered.data.n_groups < 2)
      report_warn(context->report, "there are fewer than two groups here: nothing to compare");
  }
  gathered_clear(&gathered);
  arguments_free_condition(condition);
  for (size_t i = 0; i < n_strata; i++)
    column_release(strata[i]);
  free(strata);
  arguments_free_names(names, n_names);
  return status;
}

static const struct option_syntax gray_options[] = {
    {"strata", OPTION_LIST, NULL, "variables within whose levels the groups are compared"},
    {.name = NULL},
};

static const char *const gray_examples[] = {"gray surgery", NULL};

const struct verb verb_gray = {
    .syntax = {"gray", ARGUMENTS_NAMES, true, gray_options},
    .usage = "gray VARIABLE … [if EXPR] [, strata=VARIABLE,…]",
    .summary = "Gray's test: is the cumulative incidence the same in all groups?",
    .details = "As the tests of R's cmprsk::cuminc() (rho 0), for the event and for the competing one.",
    .tables = "gray",
    .examples = gray_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_gray,
};
