/* SPDX-License-Identifier: GPL-3.0-or-later */
/* describe: one page on a cohort that says what was understood, or a closer look at some columns. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/date.h"
#include "session/analysis.h"
#include "stats/samples.h"
#include "verbs/arguments.h"
#include "verbs/describe.h"
#include "verbs/describe_endpoints.h"
#include "verbs/entries.h"
#include "verbs/findings.h"
#include "verbs/printing.h"

/* ---- the cohort ---- */

static void describe_size(const struct state *state, struct report *report)
{
  struct table *table = table_new("describe_cohort", "file rows columns members excluded on_view filter");
  const size_t n = state->cohort->n_rows, members = state->members->count;
  struct text text = TEXT_INIT;
  table_add_text(table, state->source);
  const double values[] = {(double)n, (double)state->cohort->n_columns, (double)members, (double)(n - members),
                           (double)state->on_view->count};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(table, values[i]);
  table_add_text(table, state->filter);
  text_append_format(&text, "%s: %zu %s, %zu %s; %zu in the cohort", state->source ? state->source : "data", n,
                     printing_plural(n, "row", "rows"), state->cohort->n_columns,
                     printing_plural(state->cohort->n_columns, "column", "columns"), members);
  if (members < n)
    text_append_format(&text, ", %zu excluded in %zu %s (flow)", n - members, state->n_steps,
                       printing_plural(state->n_steps, "step", "steps"));
  if (state->filter)
    text_append_format(&text, "; %zu on view: filter %s, though this page is about all %zu", state->on_view->count,
                       state->filter, members);
  text_append_char(&text, '.');
  report_add_table(report, table);
  report_add_note(report, text_string(&text));
  text_clear(&text);
}

/* ---- events per coefficient ---- */

enum { USUAL_EVENTS = 10 };

/* Of the model that is typed (NULL: the current one; without it nothing). */
static enum status describe_model(const struct state *state, const char *typed, struct report *report, struct error *error)
{
  const char *model = typed ? typed : state->model;
  struct formula formula;
  struct cox_analysis analysis;
  if (!model || !state_endpoint(state))
    return STATUS_OK;
  if (formula_parse_string(model, &formula, error))
    return STATUS_ERROR;
  const struct cox_request request = {.formula = &formula};
  enum status status = cox_prepare(state, &request, &analysis, error);
  formula_clear(&formula);
  if (status)
    return status;
  size_t events = 0;
  for (size_t i = 0; i < analysis.gathered.n_used; i++)
    events += analysis.gathered.status[i] == STATUS_EVENT;
  const size_t n = analysis.design.n_columns;
  const double per = (double)events / (double)n;
  struct table *table = table_new("describe_model", "endpoint formula n events coefficients events_per_coefficient");
  table_add_text(table, state_endpoint(state)->name);
  table_add_text(table, model);
  const double values[] = {(double)analysis.gathered.n_used, (double)events, (double)n, per};
  for (size_t i = 0; i < 4; i++)
    table_add_number(table, values[i]);
  report_add_table(report, table);
  if (n) {
    struct text text = TEXT_INIT;
    text_append_format(&text, "Model of %s: %s: %zu %s in %zu complete %s for %zu %s, %.1f each%s.",
                       state_endpoint(state)->name, model, events, printing_plural(events, "event", "events"), analysis.gathered.n_used,
                       printing_plural(analysis.gathered.n_used, "patient", "patients"), n,
                       printing_plural(n, "coefficient", "coefficients"), per,
                       per < USUAL_EVENTS ? " (10 or more are usual)" : "");
    report_add_note(report, text_string(&text));
    text_clear(&text);
  }
  cox_analysis_clear(&analysis);
  return STATUS_OK;
}

/* ---- the columns ---- */

/* What the columns look like: ids, times, events. */
static void describe_roles(const struct state *state, struct report *report)
{
  static const char *const names[] = {"", "id", "time", "event"};
  static const char *const words[] = {"", "an id", "a time", "an event"};
  struct table *table = table_new("describe_roles", "column role");
  struct text lists[4] = {TEXT_INIT, TEXT_INIT, TEXT_INIT, TEXT_INIT}, text = TEXT_INIT;
  for (size_t i = 0; i < state->cohort->n_columns; i++) {
    const struct column *column = state->cohort->columns[i];
    const enum column_role role = column_role_of(state, column);
    if (role == ROLE_NONE)
      continue;
    table_add_text(table, column->name);
    table_add_text(table, names[role]);
    text_append_format(&lists[role], "%s%s", lists[role].length ? ", " : "", column->name);
  }
  for (size_t role = 1; role < 4; role++) {
    if (lists[role].length)
      text_append_format(&text, "%s%s: %s", text.length ? "; " : "Looks like ", words[role], text_string(&lists[role]));
    text_clear(&lists[role]);
  }
  report_add_table(report, table);
  if (text.length)
    text_append_char(&text, '.');
  if (text.length)
    report_add_note(report, text_string(&text));
  if (!state->n_endpoints)
    report_add_note(report, "No endpoint is defined yet: endpoint os = Surv(TIME, EVENT == 1)");
  text_clear(&text);
}

static enum status describe_all(struct verb_context *context, const char *model, struct error *error)
{
  struct report *report = context->report;
  struct state *state = state_copy(context->state);
  struct findings findings;
  describe_size(state, report);
  enum status status = state_set_filter(state, NULL, error);
  if (!status)
    status = describe_endpoints(state, context->task, report, error);
  if (!status)
    status = describe_model(state, model, report, error);
  if (!status) {
    describe_roles(state, report);
    describe_columns(state, report);
    findings_init(&findings);
    for (size_t e = 0; e < state->n_endpoints; e++)
      findings_look_endpoint(state, state->endpoints[e], &findings);
    for (size_t i = 0; i < state->cohort->n_columns && !task_is_cancelled(context->task); i++) {
      findings_look(state, state->cohort->columns[i], &findings);
      task_progress(context->task, (double)(i + 1) / (double)state->cohort->n_columns);
    }
    findings_hand_over(&findings, report);
    status = task_is_cancelled(context->task) ? STATUS_CANCELLED : STATUS_OK;
  }
  state_release(state);
  return status;
}

/* ---- some columns ---- */

struct columns_output {
  struct table *numbers, *levels;
  struct printed_table *printed_numbers, *printed_levels;
};

static void append_place(struct text *text, const struct column *column, double value)
{
  if (isnan(value))
    text_append(text, "NE");
  else if (column->kind == COLUMN_DATE)
    date_append(text, floor(value));
  else
    text_append_format(text, "%.5g", value);
}

static void describe_numbers(const struct state *state, const struct column *column, struct columns_output *output)
{
  size_t n, distinct = 0;
  double *values = members_values(state, column, &n);
  const bool is_date = column->kind == COLUMN_DATE;
  const struct sample_moments moments = sample_moments(values, n);
  double quantiles[5];
  struct text text = TEXT_INIT;
  for (size_t i = 0; i < n; i++)
    distinct += i == 0 || values[i] != values[i - 1];
  for (size_t i = 0; i < 5; i++)
    quantiles[i] = sample_quantile(values, n, (double)i / 4, state->settings.quantile_type);
  const double cells[] = {(double)n,          (double)(state->members->count - n),
                          (double)distinct,   is_date ? (double)NAN : moments.mean,
                          is_date ? (double)NAN : moments.sd};
  table_add_text(output->numbers, column->name);
  for (size_t i = 0; i < 5; i++)
    table_add_number(output->numbers, cells[i]);
  for (size_t i = 0; i < 5; i++) {
    text_truncate(&text, 0);
    if (is_date && n)
      date_append(&text, floor(quantiles[i]));
    if (is_date)
      table_add_text(output->numbers, n ? text_string(&text) : NULL);
    else
      table_add_number(output->numbers, quantiles[i]);
  }
  struct printed_table *printed = output->printed_numbers;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s", column_display_name(column));
  for (size_t i = 0; i < 3; i++)
    printing_count(printed, i + 1, cells[i]);
  text_truncate(&text, 0);
  if (!is_date && n)
    text_append_format(&text, "%.5g (%.4g)", moments.mean, moments.sd);
  printed_table_set(printed, 4, "%s", text_string(&text));
  static const size_t order[] = {2, 1, 3, 0, 4};
  static const char *const before[] = {"", " [", "–", "", "–"}, *const dated[] = {"", " [", " to ", "", " to "};
  text_truncate(&text, 0);
  for (size_t i = 0; i < 5 && n; i++) {
    const bool minus = quantiles[order[i]] < 0 || is_date;
    text_append(&text, minus ? dated[i] : before[i]);
    append_place(&text, column, quantiles[order[i]]);
    if (i == 2) {
      text_append_char(&text, ']');
      printed_table_set(printed, 5, "%s", text_string(&text));
      text_truncate(&text, 0);
    }
  }
  printed_table_set(printed, 6, "%s", text_string(&text));
  text_clear(&text);
  free(values);
}

enum { LEVELS_PRINTED = 30 };

static void describe_levels(const struct state *state, const struct column *column, struct columns_output *output)
{
  const struct endpoint *endpoint = state_endpoint(state);
  size_t *counts = memory_new(column->n_levels + 1, sizeof *counts), *events = memory_new(column->n_levels + 1, sizeof *events);
  size_t present = 0, shown = 0, used = 0;
  for (size_t row = 0; row < state->members->rows.n; row++) {
    const uint32_t code = bitmap_has(&state->members->rows, row) ? column_code(column, row) : 0;
    counts[code]++;
    events[code] += endpoint && !isnan(endpoint->time[row]) && endpoint->status[row] == STATUS_EVENT;
    present += code > 0;
  }
  printed_table_begin_row(output->printed_levels, PRINTED_HEADING);
  printed_table_set(output->printed_levels, 0, "%s: %zu with a value, %zu missing", column_display_name(column), present,
                    state->members->count - present);
  for (uint32_t code = 1; code <= column->n_levels; code++) {
    const struct level *level = &column->levels[code - 1];
    const double percent = present ? 100 * (double)counts[code] / (double)present : (double)NAN;
    table_add_text(output->levels, column->name);
    table_add_text(output->levels, level->name);
    table_add_text(output->levels, level->label);
    table_add_number(output->levels, (double)counts[code]);
    table_add_number(output->levels, percent);
    table_add_number(output->levels, endpoint ? (double)events[code] : (double)NAN);
    used += counts[code] > 0;
    if (!counts[code] || ++shown > LEVELS_PRINTED)
      continue;
    printed_table_begin_row(output->printed_levels, PRINTED_ROW);
    printed_table_set(output->printed_levels, 0, "  %s", level->name);
    printed_table_set(output->printed_levels, 1, "%zu", counts[code]);
    printing_fixed(output->printed_levels, 2, percent, 1);
    if (endpoint)
      printed_table_set(output->printed_levels, 3, "%zu", events[code]);
    printed_table_set(output->printed_levels, 4, "%s", level->label ? level->label : "");
  }
  if (used > LEVELS_PRINTED) {
    printed_table_begin_row(output->printed_levels, PRINTED_ROW);
    printed_table_set(output->printed_levels, 0, "  … %zu more", used - LEVELS_PRINTED);
  }
  free(counts);
  free(events);
}

static enum status describe_some(struct verb_context *context, char *const *names, size_t n)
{
  static const char *const numbers[] = {"column", "n", "missing", "different", "mean (SD)", "median [IQR]", "range", NULL};
  static const char *const levels[] = {"column", "n", "%", "events", NULL};
  const struct state *state = context->state;
  struct columns_output output = {.printed_numbers = printing_table("Numbers and dates", numbers),
                                  .printed_levels = printing_table("Codings", levels)};
  printed_table_add_column(output.printed_levels, "label", ALIGN_LEFT);
  output.numbers = table_new("describe_numbers", "column n missing distinct mean sd min q1 median q3 max");
  output.levels = table_new("describe_levels", "column level label n percent events");
  struct findings findings;
  findings_init(&findings);
  for (size_t i = 0; i < n; i++) {
    const struct column *column = cohort_find_column(state->cohort, names[i]);
    (column->kind == COLUMN_FACTOR ? describe_levels : describe_numbers)(state, column, &output);
    findings_look(state, column, &findings);
  }
  output.printed_numbers->may_stack = true;
  report_add_table(context->report, output.numbers);
  report_add_table(context->report, output.levels);
  if (output.printed_levels->n_rows)
    report_add_printed(context->report, output.printed_levels);
  else
    printed_table_free(output.printed_levels);
  if (output.printed_numbers->n_rows)
    report_add_printed(context->report, output.printed_numbers);
  else
    printed_table_free(output.printed_numbers);
  findings_hand_over(&findings, context->report);
  return STATUS_OK;
}

/* ---- the command ---- */

static enum status run_describe(struct verb_context *context, const struct command *command, struct error *error)
{
  char **names;
  size_t n;
  if (arguments_columns(command, context->state, &names, &n, error))
    return STATUS_ERROR;
  enum status status =
      n ? describe_some(context, names, n) : describe_all(context, arguments_word(command, "model"), error);
  arguments_free_names(names, n);
  return status;
}

static const struct option_syntax describe_options[] = {
    {"model", OPTION_TEXT, NULL, "terms in quotes whose events per coefficient are told, instead of the current model's"},
    {.name = NULL},
};

static const char *const describe_examples[] = {"describe", "describe age grade dx_date",
                                                "describe, model=\"age + grade + surgery\"", NULL};

const struct verb verb_describe = {
    .syntax = {"describe", ARGUMENTS_NAMES, false, describe_options},
    .usage = "describe [VARIABLE …] [, model=\"TERMS\"]",
    .summary = "one page on the cohort: what was understood, and what is worth a second look",
    .details = "About all members, whatever the filter: size; each endpoint with what its event's values mean, unit, range of\n"
               "times and follow-up; events per coefficient of the model; which columns look like ids, times and events; the\n"
               "columns with their values and missing ones; and what may be wrong: times of 0 or none, repeated ids, empty and\n"
               "constant columns, numbers of few values, codes such as 99 that look like missing values, numbers kept as text,\n"
               "levels that differ in case alone, dates after the last contact.  With variables: their codings with counts,\n"
               "their moments and quartiles.",
    .tables = "describe_cohort, describe_endpoints, describe_events, describe_model, describe_roles, columns, "
              "describe_findings; of variables: describe_numbers, describe_levels, describe_findings",
    .examples = describe_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .run = run_describe,
};
