/* SPDX-License-Identifier: GPL-3.0-or-later */
/* mark: a published median or survival laid over the cohort's own curves. */
#include "verbs/mark.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present_km.h"
#include "verbs/present_marks.h"
#include "verbs/printing.h"

/* ---- reading and checking ---- */

static enum status convert_times(struct mark *mark, const char *from, const struct state *state, struct error *error)
{
  const char *to = present_unit(state);
  double factor;
  if (!mark_unit_factor(from, to, &factor)) {
    if (!*to)
      error_set(error, "the unit of %s is not known: %s cannot be converted", mark->endpoint, from);
    else
      error_set(error, "%s cannot be converted to %s", from, to);
    return error_hint(error, "set unit=months says what the cohort's times are in");
  }
  if (!mark->is_median) {
    mark->time *= factor;
    return STATUS_OK;
  }
  mark->value *= factor;
  mark->low *= factor;
  mark->high *= factor;
  return STATUS_OK;
}

static enum status check_survival(const struct mark *mark, struct error *error)
{
  const double values[] = {mark->value, mark->low, mark->high};
  for (size_t i = 0; i < 3; i++) {
    if (isnan(values[i]) || (values[i] >= 0 && values[i] <= 1))
      continue;
    error_set(error, "a survival of %g is not between 0 and 1", values[i]);
    return error_hint(error, values[i] > 1 && values[i] <= 100 ? "the word percent says that it is: survival=69 percent"
                                                               : "survival=0.69, or survival=69 percent");
  }
  if (mark->time >= 0)
    return STATUS_OK;
  return error_set(error, "survival at a time below 0");
}

enum status mark_settle(struct mark *mark, const struct mark_form *form, const struct state *state, struct error *error)
{
  if (form->percent && !mark->is_median) {
    mark->value /= 100;
    mark->low /= 100;
    mark->high /= 100;
  }
  if (form->unit && convert_times(mark, form->unit, state, error))
    return STATUS_ERROR;
  if (!mark->is_median && check_survival(mark, error))
    return STATUS_ERROR;
  if (mark->is_median && !(mark->value > 0 && isfinite(mark->value)))
    return error_set(error, "a median of %g is no time", mark->value);
  if (mark->low > mark->value || mark->high < mark->value) {
    error_set(error, "the limits do not hold the value between them");
    return error_hint(error, "low= is the lower limit, high= the upper one");
  }
  return STATUS_OK;
}

static enum status wrong_form(const struct command *command, struct error *error)
{
  error_set(error, "mark wants a name and what was published: survival at a time, or a median");
  error_hint(error, "mark \"Haugvik 2016\", time=36 survival=0.69 · mark \"Du 2015\", median=20 low=8.9 high=31.1 · mark off");
  return error_in_command(error, 0, strlen(command->line));
}

/* The place of what is wrong is that of the value. */
static enum status settle_typed(const struct command *command, struct mark *mark, const struct mark_form *form,
                                const struct state *state, struct error *error)
{
  const struct command_option *value = command_find_option(command, mark->is_median ? "median" : "survival");
  if (!mark_settle(mark, form, state, error))
    return STATUS_OK;
  return error_in_command(error, value->start, value->length);
}

static enum status read_mark(const struct command *command, const char *name, const struct state *state,
                             struct mark *mark, struct error *error)
{
  const struct mark_form form = {.percent = arguments_flag(command, "percent"), .unit = arguments_word(command, "unit")};
  *mark = (struct mark){
      .name = (char *)name,
      .endpoint = state_endpoint(state)->name,
      .is_median = command_find_option(command, "median") != NULL,
      .time = arguments_number(command, "time", (double)NAN),
      .value = arguments_number(command, "survival", (double)NAN),
      .low = arguments_number(command, "low", (double)NAN),
      .high = arguments_number(command, "high", (double)NAN),
  };
  if (mark->is_median ? !isnan(mark->time) || !isnan(mark->value) : isnan(mark->time) || isnan(mark->value))
    return wrong_form(command, error);
  if (mark->is_median)
    mark->value = arguments_number(command, "median", (double)NAN);
  return settle_typed(command, mark, &form, state, error);
}

/* ---- the command ---- */

/* "3 years = 36 months", where a unit was given. */
static void say_conversion(struct verb_context *context, const struct command *command)
{
  const char *from = arguments_word(command, "unit"), *to = present_unit(context->state);
  const double given = arguments_number(command, command_find_option(command, "median") ? "median" : "time", (double)NAN);
  double factor;
  if (from && strcmp(from, to) != 0 && mark_unit_factor(from, to, &factor))
    report_add_text(context->report, "%.10g %s are %.6g %s", given, from, given * factor, to);
}

static enum status set_mark(struct verb_context *context, const struct command *command, const char *name,
                            struct error *error)
{
  struct mark mark;
  struct text text = TEXT_INIT;
  if (read_mark(command, name, context->state, &mark, error))
    return STATUS_ERROR;
  say_conversion(context, command);
  present_mark_append(&text, &mark, present_unit(context->state));
  report_add_text(context->report, "%s: %s, over the curves of %s", name, text_string(&text), mark.endpoint);
  text_clear(&text);
  if (!mark.is_median && arguments_flag(command, "percent") && mark.value < 0.01 && mark.value > 0)
    report_warn(context->report, "%s: a survival of less than 1 %%; without the word percent it were %g", name,
                100 * mark.value);
  struct state *state = state_copy(context->state);
  state_set_marks(state, mark_set_with(context->state->marks, &mark));
  session_propose(context->session, state);
  return STATUS_OK;
}

static enum status take_away(struct verb_context *context, const struct command_word *name, struct error *error)
{
  const struct mark_set *set = context->state->marks;
  size_t n = set ? set->n : 0;
  struct mark_set *rest = name ? mark_set_without(set, name->text, &n) : NULL;
  if (!n) {
    mark_set_release(rest);
    if (!name)
      return error_set(error, "there is no mark");
    error_set(error, "there is no mark of the name %s", name->text);
    error_hint(error, "mark lists them");
    return error_in_command(error, name->start, name->length);
  }
  struct state *state = state_copy(context->state);
  state_set_marks(state, rest);
  report_add_text(context->report, "%zu %s taken away", n, printing_plural(n, "mark", "marks"));
  session_propose(context->session, state);
  return STATUS_OK;
}

static void list_marks(const struct state *state, struct report *report)
{
  static const char *const columns[] = {"", "endpoint", "published", NULL};
  const struct mark_set *set = state->marks;
  struct table *table = table_new("marks", "mark endpoint measure time published low high");
  struct printed_table *printed = printing_table("Published results over the curves", columns);
  struct text text = TEXT_INIT;
  for (size_t i = 0; set && i < set->n; i++) {
    const struct mark *mark = &set->marks[i];
    table_add_text(table, mark->name);
    table_add_text(table, mark->endpoint);
    table_add_text(table, mark->is_median ? "median" : "survival");
    table_add_number(table, mark->is_median ? (double)NAN : mark->time);
    table_add_number(table, mark->value);
    table_add_number(table, mark->low);
    table_add_number(table, mark->high);
    text_truncate(&text, 0);
    present_mark_append(&text, mark, present_mark_is_shown(state, mark) ? present_unit(state) : "");
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", mark->name);
    printed_table_set(printed, 1, "%s", mark->endpoint);
    printed_table_set(printed, 2, "%s", text_string(&text));
  }
  text_clear(&text);
  report_add_table(report, table);
  if (printed->n_rows) {
    report_add_printed(report, printed);
    return;
  }
  printed_table_free(printed);
  report_add_text(report, "no marks; mark \"NAME\", time=36 survival=0.69 lays one over the curves");
}

static bool is_off(const struct command_word *word)
{
  return !word->is_string && strcmp(word->text, "off") == 0;
}

static enum status run_mark(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n = command_words(command, &words);
  enum status status = STATUS_OK;
  if (n == 0 && !command->n_options)
    list_marks(context->state, context->report);
  else if (n == 1 && is_off(&words[0]) && !command->n_options)
    status = take_away(context, NULL, error);
  else if (n == 2 && is_off(&words[1]) && !command->n_options)
    status = take_away(context, &words[0], error);
  else if (n == 1 && *words[0].text)
    status = set_mark(context, command, words[0].text, error);
  else
    status = wrong_form(command, error);
  command_words_free(words, n);
  return status;
}

static const struct option_syntax mark_options[] = {
    {"time", OPTION_NUMBER, NULL, "the time of the published survival"},
    {"survival", OPTION_NUMBER, NULL, "the published survival then, from 0 to 1"},
    {"median", OPTION_NUMBER, NULL, "the published median instead"},
    {"low", OPTION_NUMBER, NULL, "lower confidence limit, where one is published"},
    {"high", OPTION_NUMBER, NULL, "upper confidence limit"},
    {"percent", OPTION_FLAG, NULL, "survival and its limits are in per cent"},
    {"unit", OPTION_WORD, "days|weeks|months|years", "unit of the times, where it is not that of the endpoint"},
    {.name = NULL},
};

static const char *const mark_examples[] = {"mark \"Haugvik 2016\", time=3 survival=69 percent unit=years",
                                            "mark \"Du 2015\", median=20 low=8.9 high=31.1", "mark", NULL};

const struct verb verb_mark = {
    .syntax = {"mark", ARGUMENTS_WORDS, false, mark_options},
    .usage = "mark \"NAME\", time=T survival=S | median=M [low=L high=H percent unit=U] | mark [\"NAME\"] off | mark",
    .summary = "a published survival or median, laid over the curves",
    .details = "The mark belongs to the endpoint in use and is shown while that one is.  In the figures it stands as a digit that\n"
               "the legend beneath explains, with a bar to its limits; km gives it beside each group's own estimate (table\n"
               "km_marks).  Several commands with one name make one study of several results.  A month is 30.4375 days, a year\n"
               "365.25.  mark alone lists the marks; marks takes them from a table.",
    .tables = "marks",
    .examples = mark_examples,
    .needs = NEEDS_ENDPOINT,
    .run = run_mark,
};
