/* SPDX-License-Identifier: GPL-3.0-or-later */
/* endpoint, use: the outcome of the analyses. */
#include "session/endpoint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/outcome.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* Counts over those in the cohort: who was dropped before is nobody's concern. */
struct counts {
  size_t valid, events, competing, not_positive;
  size_t left_out[N_LEFT_OUT];
  double time_at_risk;
};

static struct counts count_members(const struct state *state, const struct endpoint *endpoint)
{
  struct counts counts = {.valid = 0};
  for (size_t row = 0; row < endpoint->n_rows; row++) {
    if (!bitmap_has(&state->members->rows, row))
      continue;
    if (isnan(endpoint->time[row])) {
      counts.left_out[endpoint->status[row]]++;
      continue;
    }
    counts.valid++;
    counts.time_at_risk += endpoint->time[row] - (endpoint->entry ? endpoint->entry[row] : 0);
    counts.events += endpoint->status[row] == STATUS_EVENT;
    counts.competing += endpoint->status[row] == STATUS_COMPETING;
    counts.not_positive += endpoint->time[row] <= 0;
  }
  return counts;
}

static void add_table(struct report *report, const struct endpoint *endpoint, const struct state *state,
                      const struct counts *counts)
{
  struct table *table = table_new("endpoint", "name definition n events competing censored left_out time_at_risk merged");
  table_add_text(table, endpoint->name);
  table_add_text(table, endpoint->definition);
  table_add_number(table, (double)counts->valid);
  table_add_number(table, (double)counts->events);
  table_add_number(table, (double)counts->competing);
  table_add_number(table, (double)(counts->valid - counts->events - counts->competing));
  table_add_number(table, (double)(state->members->count - counts->valid));
  table_add_number(table, counts->time_at_risk);
  table_add_number(table, (double)endpoint->n_merged);
  report_add_table(report, table);
}

/* What was left out or is odd among those in the cohort. */
static void warn_of_rows(struct report *report, const struct endpoint *endpoint, const struct counts *counts)
{
  const size_t *left_out = counts->left_out;
  const size_t no_time = left_out[LEFT_OUT_NO_TIME], no_status = left_out[LEFT_OUT_NO_STATUS];
  const size_t before = left_out[LEFT_OUT_BEFORE_LANDMARK], empty = left_out[LEFT_OUT_EMPTY_INTERVAL];
  if (no_time)
    report_warn(report, "%zu %s no time and %s left out of every analysis", no_time,
                printing_plural(no_time, "patient has", "patients have"), printing_plural(no_time, "is", "are"));
  if (no_status)
    report_warn(report, "%zu %s no status and %s left out of every analysis", no_status,
                printing_plural(no_status, "patient has", "patients have"), printing_plural(no_status, "is", "are"));
  if (empty)
    report_warn(report, "%zu %s at or after the exit and %s left out", empty,
                printing_plural(empty, "patient enters", "patients enter"), printing_plural(empty, "is", "are"));
  if (before)
    report_warn(report, "landmark %g: %zu %s with a time at or before it %s left out; the clock %s", endpoint->landmark.time,
                before, printing_plural(before, "patient", "patients"), printing_plural(before, "is", "are"),
                endpoint->landmark.keep_clock ? "runs on, with entry at the landmark" : "starts anew there");
  if (counts->not_positive)
    report_warn(report, "%zu %s at or under zero, kept as R keeps them", counts->not_positive,
                printing_plural(counts->not_positive, "time is", "times are"));
  if (endpoint->n_merged)
    report_warn(report, "%zu %s from another by rounding only and %s taken as equal to it", endpoint->n_merged,
                printing_plural(endpoint->n_merged, "time differs", "times differ"),
                printing_plural(endpoint->n_merged, "is", "are"));
  if (counts->valid && !counts->events)
    report_warn(report, "nobody has the event: is the coding right?");
  else if (counts->valid && counts->events == counts->valid)
    report_warn(report, "everybody has the event: is the coding right?");
}

/* The definition's last argument, between its last top-level comma and the closing parenthesis: what is the event. */
static const char *event_text(const char *definition)
{
  const char *event = definition;
  int depth = 0;
  char quote = '\0'; /* of a string or an odd name: what stands within is no grammar */
  for (const char *at = definition; *at; at++) {
    if (quote) {
      at += quote == '"' && *at == '\\' && at[1];
      quote = *at == quote ? '\0' : quote;
    } else if (*at == '"' || *at == '`') {
      quote = *at;
    } else {
      depth += *at == '(';
      depth -= *at == ')';
      if (*at == ',' && depth == 1)
        event = at + 2;
    }
  }
  return event;
}

enum { MOST_CODES = 8 };

/* The codes of a column among the censored, ascending; n is MOST_CODES + 1 where they are more. */
struct codes {
  const char *column; /* the one that the event is asked of; NULL: none, or several */
  bool has_others;
  double value[MOST_CODES + 1];
  size_t count[MOST_CODES + 1], n;
};

static void note_column(const char *name, void *data)
{
  struct codes *codes = data;
  codes->has_others = codes->has_others || (codes->column && strcmp(codes->column, name) != 0);
  codes->column = name;
}

static void count_code(struct codes *codes, double value)
{
  size_t k = 0;
  while (k < codes->n && codes->value[k] < value)
    k++;
  if (k == codes->n || codes->value[k] != value) {
    memmove(&codes->value[k + 1], &codes->value[k], (codes->n - k) * sizeof *codes->value);
    memmove(&codes->count[k + 1], &codes->count[k], (codes->n - k) * sizeof *codes->count);
    codes->value[k] = value;
    codes->count[k] = 0;
    codes->n++;
  }
  codes->count[k]++;
}

/* Where the event is a value of one column that has more than one other code: " (status 0 in 30, 2 in 4)", so that nobody's
 * death is taken for a censoring unseen. */
static void append_censored_codes(struct text *text, const struct state *state, const struct endpoint *endpoint)
{
  struct codes codes = {.column = NULL};
  struct error error = ERROR_INIT;
  struct expr *event = NULL;
  const char *words = event_text(endpoint->definition);
  char *string = memory_copy_bytes(words, strlen(words) - 1);
  if (expr_parse_string(string, &event, &error) == STATUS_OK &&
      (event->kind == EXPR_IN || (event->kind == EXPR_BINARY && strcmp(event->text, "==") == 0)))
    expr_each_column(event, note_column, &codes);
  const struct column *column = codes.column && !codes.has_others ? cohort_find_column(state->cohort, codes.column) : NULL;
  for (size_t row = 0; column && row < endpoint->n_rows && codes.n <= MOST_CODES; row++) {
    const bool is_counted = bitmap_has(&state->members->rows, row) && !isnan(endpoint->time[row]);
    if (is_counted && endpoint->status[row] == STATUS_CENSORED && !column_is_missing(column, row))
      count_code(&codes, column->kind == COLUMN_FACTOR ? column_code(column, row) : column_number(column, row));
  }
  for (size_t k = 0; codes.n > 1 && codes.n <= MOST_CODES && k < codes.n; k++) {
    if (k)
      text_append(text, ", ");
    else
      text_append_format(text, " (%s ", column->name);
    if (column->kind == COLUMN_FACTOR)
      text_append_format(text, "%s in %zu", column->levels[(uint32_t)codes.value[k] - 1].name, codes.count[k]);
    else
      text_append_format(text, "%.15g in %zu", codes.value[k], codes.count[k]);
  }
  if (codes.n > 1 && codes.n <= MOST_CODES)
    text_append(text, ")");
  expr_free(event);
  free(string);
  error_clear(&error);
}

static void say_what_was_understood(struct report *report, const struct state *state, const struct endpoint *endpoint)
{
  struct counts counts = count_members(state, endpoint);
  const char *event = event_text(endpoint->definition);
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s = %s: %zu %s of %zu\n", endpoint->name, endpoint->definition, counts.valid,
                     printing_plural(counts.valid, "patient", "patients"),
                     state->members->count);
  text_append_format(&text, "event: %.*s in %zu (%.1f %%), censored %zu", (int)(strlen(event) - 1), event, counts.events,
                     counts.valid ? 100.0 * (double)counts.events / (double)counts.valid : 0.0,
                     counts.valid - counts.events - counts.competing);
  append_censored_codes(&text, state, endpoint);
  if (endpoint->competing)
    text_append_format(&text, ", competing %zu (%s)", counts.competing, endpoint->competing);
  text_append_format(&text, "; time at risk %.7g%s%s", counts.time_at_risk, *endpoint->unit ? " " : "",
                     endpoint->unit);
  report_add_text(report, "%s", text_string(&text));
  text_clear(&text);
  add_table(report, endpoint, state, &counts);
  warn_of_rows(report, endpoint, &counts);
}

static enum status run_endpoint(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct command_option *competing = command_find_option(command, "competing");
  const char *clock = arguments_word(command, "clock");
  const struct landmark landmark = {.time = arguments_number(command, "landmark", (double)NAN),
                                    .keep_clock = clock && strcmp(clock, "keep") == 0};
  struct endpoint *endpoint;
  if (clock && isnan(landmark.time)) {
    error_set(error, "clock= is for a landmark, and there is none");
    return error_hint(error, "endpoint os12 = Surv(os_months, death == 1), landmark=12 clock=%s", clock);
  }
  if (outcome_define(&command->tokens, command->begin, command->end, competing ? competing->expr : NULL, &landmark,
                     context->state->cohort, &endpoint, error))
    return STATUS_ERROR;
  struct state *state = state_copy(context->state);
  state_add_endpoint(state, endpoint);
  say_what_was_understood(context->report, state, endpoint);
  session_propose(context->session, state);
  return STATUS_OK;
}

static const struct option_syntax endpoint_options[] = {
    {"competing", OPTION_EXPRESSION, NULL, "the competing event: competing=status == 1"},
    {"landmark", OPTION_NUMBER, NULL, "only those with a time beyond this; the clock starts anew there"},
    {"clock", OPTION_WORD, "reset|keep", "after a landmark: start anew, or run on with entry at the landmark"},
    {.name = NULL},
};

static const char *const endpoint_examples[] = {"endpoint os = Surv(os_months, death == 1)", NULL};

const struct verb verb_endpoint = {
    .syntax = {"endpoint", ARGUMENTS_DEFINITION, false, endpoint_options},
    .usage = "endpoint NAME = Surv(TIME, EVENT) | Surv(ENTRY, EXIT, EVENT) [, competing=EXPR landmark=T clock=keep]",
    .summary = "name an outcome and make it current",
    .details = "EVENT is a question with yes or no: death == 1, status == \"dead\"; a bare 0/1 column serves too, other codes\n"
               "are refused, so that no coding is guessed; where the event is one of more than two codes, those that\n"
               "count as censored are told.  With ENTRY a row is at risk in (entry, exit] (delayed entry,\n"
               "left truncation).  Times that differ by rounding only are one, as in R (aeqSurv).  With landmark=L those are left\n"
               "out whose time is L or less, with the event at L or censored there, and time is counted from L.",
    .examples = endpoint_examples,
    .needs = NEEDS_COHORT,
    .run = run_endpoint,
};

static enum status run_use(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  struct text names = TEXT_INIT;
  enum status status = STATUS_ERROR;
  for (size_t i = 0; i < context->state->n_endpoints; i++) {
    const char *name = context->state->endpoints[i]->name;
    text_append_format(&names, "%s%s", i ? ", " : "", name);
    if (n_words != 1 || strcmp(name, words[0].text) != 0)
      continue;
    struct state *state = state_copy(context->state);
    state->endpoint = i;
    say_what_was_understood(context->report, state, state_endpoint(state));
    session_propose(context->session, state);
    status = STATUS_OK;
  }
  if (status) {
    if (n_words == 1)
      error_set(error, "there is no endpoint %s", words[0].text);
    else
      error_set(error, "use takes the name of one endpoint");
    error_hint(error, "there are: %s", names.length ? text_string(&names) : "none yet");
    if (n_words)
      error_in_command(error, words[0].start, words[0].length);
  }
  text_clear(&names);
  command_words_free(words, n_words);
  return status;
}

static const char *const use_examples[] = {"use os", NULL};

const struct verb verb_use = {
    .syntax = {"use", ARGUMENTS_WORDS, false, NULL},
    .usage = "use NAME",
    .summary = "switch to another endpoint",
    .examples = use_examples,
    .needs = NEEDS_COHORT,
    .run = run_use,
};
