/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/describe_endpoints.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "session/analysis.h"
#include "verbs/printing.h"

struct endpoint_output {
  struct report *report;
  struct table *endpoints, *events;
  struct printed_table *printed;
};

/* One endpoint's parts as expressions: the competing event (NULL: none), and the event, borrowed from `surv`. */
struct outcome_parts {
  struct expr *surv, *competing;
  const struct expr *event;
};

static void parse_outcome(const struct endpoint *endpoint, struct outcome_parts *parts)
{
  struct error error = ERROR_INIT;
  *parts = (struct outcome_parts){.surv = NULL};
  if (!expr_parse_string(endpoint->definition, &parts->surv, &error) && parts->surv->n_operands)
    parts->event = parts->surv->operands[parts->surv->n_operands - 1];
  if (endpoint->competing && expr_parse_string(endpoint->competing, &parts->competing, &error))
    parts->competing = NULL;
  error_clear(&error);
}

/* What the values of a column that the event is asked of come to. */
struct value_count {
  size_t n, events, competing, censored;
};

enum { VALUES_SHOWN = 12 };

static void tell_values(const struct state *state, const struct endpoint *endpoint, const struct column *column,
                        struct endpoint_output *output)
{
  struct column *factor = column_as_factor(column);
  struct value_count *counts = memory_new(factor->n_levels + 1, sizeof *counts);
  struct text text = TEXT_INIT;
  for (size_t row = 0; row < endpoint->n_rows; row++) {
    if (!bitmap_has(&state->members->rows, row) || isnan(endpoint->time[row]))
      continue;
    struct value_count *count = &counts[column_code(factor, row)];
    count->n++;
    count->events += endpoint->status[row] == STATUS_EVENT;
    count->competing += endpoint->status[row] == STATUS_COMPETING;
    count->censored += endpoint->status[row] == STATUS_CENSORED;
  }
  for (uint32_t code = 1; code <= factor->n_levels; code++) {
    const struct value_count *count = &counts[code];
    const double values[] = {(double)count->n, (double)count->events, (double)count->competing, (double)count->censored};
    if (!count->n)
      continue;
    table_add_text(output->events, endpoint->name);
    table_add_text(output->events, column->name);
    table_add_text(output->events, factor->levels[code - 1].name);
    for (size_t i = 0; i < 4; i++)
      table_add_number(output->events, values[i]);
    if (code > VALUES_SHOWN)
      continue;
    text_append_format(&text, "%s%s is ", text.length ? ", " : "", factor->levels[code - 1].name);
    if (count->events == count->n)
      text_append(&text, "the event");
    else if (count->censored == count->n)
      text_append(&text, "censored");
    else if (count->competing == count->n)
      text_append(&text, "the competing event");
    else
      text_append_format(&text, "the event in %zu", count->events);
    text_append_format(&text, " (%zu)", count->n);
  }
  if (text.length)
    printed_table_note(output->printed, "%s: %s %s%s", endpoint->name, column->name, text_string(&text),
                       factor->n_levels > VALUES_SHOWN ? ", …" : "");
  text_clear(&text);
  free(counts);
  column_release(factor);
}

struct asked {
  const struct state *state;
  const struct column *columns[4];
  size_t n;
};

static void take_column(const char *name, void *data)
{
  struct asked *asked = data;
  const struct column *column = cohort_find_column(asked->state->cohort, name);
  for (size_t i = 0; i < asked->n; i++)
    if (asked->columns[i] == column)
      return;
  if (column && asked->n < sizeof asked->columns / sizeof *asked->columns)
    asked->columns[asked->n++] = column;
}

/* Follow-up by the reverse curve: the median. */
static double followup_of(const struct state *state, const struct gathered *gathered, struct task *task)
{
  const struct km_options options = {.conf = state->settings.conf, .level = state->settings.level, .reverse = true};
  struct km_curve curve;
  if (km_fit(&gathered->data, &options, task, &curve))
    return (double)NAN;
  const double median = km_quantile(&curve, 0.5, state->settings.quantiles, state->settings.level).time;
  km_curve_clear(&curve);
  return median;
}

static void print_endpoint(const struct endpoint *endpoint, bool is_current, const double *values,
                           struct endpoint_output *output)
{
  struct printed_table *printed = output->printed;
  struct text text = TEXT_INIT;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s%s", endpoint->name, is_current ? " (current)" : "");
  for (size_t i = 0; i < 3; i++)
    printing_count(printed, i + 1, values[i]);
  printed_append_time(&text, values[3], 1);
  text_append(&text, "–");
  printed_append_time(&text, values[4], 1);
  printed_table_set(printed, 4, "%s", values[0] > 0 ? text_string(&text) : "");
  text_truncate(&text, 0);
  printed_append_time(&text, values[5], 1);
  printed_table_set(printed, 5, "%s", values[0] > 0 ? text_string(&text) : "");
  text_clear(&text);
  printed_table_note(printed, "%s = %s%s%s%s%s%s", endpoint->name, endpoint->definition,
                     endpoint->competing ? ", competing " : "", endpoint->competing ? endpoint->competing : "",
                     *endpoint->unit ? ", in " : ", unit not told", endpoint->unit, endpoint->entry ? ", late entry" : "");
}

/* Of the endpoint that is current in `state`, which has no filter. */
static enum status describe_endpoint(const struct state *state, bool is_current, struct task *task,
                                     struct endpoint_output *output, struct error *error)
{
  const struct endpoint *endpoint = state_endpoint(state);
  const struct gather_request all = {.n_groups = 0};
  struct gathered gathered;
  size_t events = 0, competing = 0;
  if (gather(state, &all, &gathered, error))
    return STATUS_ERROR;
  for (size_t i = 0; i < gathered.n_used; i++) {
    events += gathered.status[i] == STATUS_EVENT;
    competing += gathered.status[i] == STATUS_COMPETING;
  }
  const double nan = (double)NAN;
  const double first = gathered.n_used ? gathered.time[0] : nan, last = gathered.n_used ? gathered.time[gathered.n_used - 1] : nan;
  const double values[] = {(double)gathered.n_used, (double)events, (double)(gathered.n_used - events - competing), first, last,
                           gathered.n_used ? followup_of(state, &gathered, task) : nan};
  table_add_text(output->endpoints, endpoint->name);
  table_add_text(output->endpoints, endpoint->definition);
  table_add_text(output->endpoints, endpoint->competing);
  table_add_text(output->endpoints, *endpoint->unit ? endpoint->unit : NULL);
  const double cells[] = {values[0], values[1], (double)competing, values[2], (double)(gathered.n_on_view - gathered.n_used),
                          first,     last,      values[5]};
  for (size_t i = 0; i < sizeof cells / sizeof *cells; i++)
    table_add_number(output->endpoints, cells[i]);
  table_add_truth(output->endpoints, is_current);
  gathered_clear(&gathered);
  print_endpoint(endpoint, is_current, values, output);
  struct outcome_parts parts;
  struct asked asked = {.state = state};
  parse_outcome(endpoint, &parts);
  if (parts.event)
    expr_each_column(parts.event, take_column, &asked);
  if (parts.competing)
    expr_each_column(parts.competing, take_column, &asked);
  for (size_t i = 0; i < asked.n; i++)
    tell_values(state, endpoint, asked.columns[i], output);
  if (parts.surv)
    expr_free(parts.surv);
  if (parts.competing)
    expr_free(parts.competing);
  return STATUS_OK;
}

enum status describe_endpoints(const struct state *state, struct task *task, struct report *report, struct error *error)
{
  static const char *const titles[] = {"endpoint", "n", "events", "censored", "time", "follow-up", NULL};
  struct endpoint_output output = {.report = report, .printed = printing_table("Endpoints", titles)};
  output.endpoints = table_new("describe_endpoints", "endpoint definition competing unit n events competing_events censored "
                                                     "left_out first_time last_time followup_median current");
  output.events = table_new("describe_events", "endpoint column value n events competing censored");
  enum status status = STATUS_OK;
  for (size_t e = 0; e < state->n_endpoints && !status; e++) {
    struct state *one = state_copy(state);
    one->endpoint = e;
    status = describe_endpoint(one, e == state->endpoint, task, &output, error);
    state_release(one);
  }
  printed_table_note(output.printed, "Follow-up: median by reverse Kaplan–Meier.");
  report_add_table(report, output.endpoints);
  report_add_table(report, output.events);
  if (state->n_endpoints)
    report_add_printed(report, output.printed);
  else
    printed_table_free(output.printed);
  return status;
}
