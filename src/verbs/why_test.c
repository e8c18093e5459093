/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why logrank: the test taken apart into its risk sets. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/analysis.h"
#include "verbs/arguments.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

enum { MOST_CELLS = 1 << 24, PRINTED_GROUPS = 4, TOLD_GROUPS = 8 };
enum { STEPS_A_CHECK = 1024 }; /* between two looks at the task */

/* The moments of the pass, kept: at risk and events of each group. */
struct moments {
  size_t n_groups, n, capacity;
  bool is_full; /* more than MOST_CELLS: what follows is not kept */
  struct moment {
    size_t stratum;
    double time, n_risk, n_event;
  } *moments;
  double *groups; /* n x n_groups x 2: at risk, events */
  size_t n_groups_cells, groups_capacity;
};

static void keep(void *data, const struct logrank_moment *moment)
{
  struct moments *kept = data;
  if (kept->is_full || (kept->n + 1) * kept->n_groups > MOST_CELLS) {
    kept->is_full = true;
    return;
  }
  const struct moment copy = {moment->stratum, moment->time, moment->n_risk, moment->n_event};
  MEMORY_APPEND(kept->moments, kept->n, kept->capacity, copy);
  for (size_t g = 0; g < kept->n_groups; g++) {
    MEMORY_APPEND(kept->groups, kept->n_groups_cells, kept->groups_capacity, moment->group_risk[g]);
    MEMORY_APPEND(kept->groups, kept->n_groups_cells, kept->groups_capacity, moment->group_event[g]);
  }
}

static void moments_clear(struct moments *kept)
{
  free(kept->moments);
  free(kept->groups);
}

/* Expected events of a group and the variance of observed less expected at one event time. */
static double expected_of(const struct moment *moment, double at_risk)
{
  return moment->n_event * at_risk / moment->n_risk;
}

static double variance_of(const struct moment *moment, double at_risk)
{
  const double n = moment->n_risk, d = moment->n_event, f = at_risk / n;
  return n > 1 ? d * f * (1 - f) * fmax(n - d, 0) / (n - 1) : 0;
}

/* ---- what it is about ---- */

struct subject {
  char **names;
  size_t n_names;
  struct column **strata;
  size_t n_strata;
  struct gathered gathered;
  struct km_curve *curves; /* of each group; NULL with strata, whose curves the test does not compare as they stand */
  struct moments kept;
  struct logrank_result result;
};

static void subject_clear(struct subject *subject)
{
  for (size_t i = 0; i < subject->n_strata; i++)
    column_release(subject->strata[i]);
  for (size_t g = 0; subject->curves && g < subject->gathered.data.n_groups; g++)
    km_curve_clear(&subject->curves[g]);
  free(subject->curves);
  free(subject->strata);
  arguments_free_names(subject->names, subject->n_names);
  gathered_clear(&subject->gathered);
  moments_clear(&subject->kept);
  logrank_result_clear(&subject->result);
}

/* The variables named, or else those that the curves are grouped by. */
static enum status read_groups(const struct why *why, struct subject *subject, struct error *error)
{
  const struct state *state = why->context->state;
  const struct token *tokens = why->command->tokens.tokens;
  const size_t n = why->command->end - why->begin;
  subject->names = memory_new(n + state->n_groups, sizeof *subject->names);
  for (size_t at = why->begin; at < why->command->end; at++) {
    const struct column *column;
    if (arguments_find_column(state, tokens[at].text, tokens[at].start, tokens[at].length, &column, error))
      return STATUS_ERROR;
    subject->names[subject->n_names++] = memory_copy_string(column->name);
  }
  for (size_t i = 0; !n && i < state->n_groups; i++)
    subject->names[subject->n_names++] = memory_copy_string(state->groups[i]);
  if (subject->n_names)
    return STATUS_OK;
  error_set(error, "the log-rank test compares the groups of a variable, and none is named");
  return error_hint(error, "why logrank surgery");
}

static enum status read_strata(const struct why *why, struct subject *subject, struct error *error)
{
  const struct command_option *option = command_find_option(why->command, "strata");
  subject->strata = memory_new(option ? option->n_items : 0, sizeof *subject->strata);
  for (size_t i = 0; option && i < option->n_items; i++) {
    const struct column *column;
    if (arguments_find_column(why->context->state, option->items[i], option->start, option->length, &column, error))
      return STATUS_ERROR;
    subject->strata[subject->n_strata++] = column_as_factor(column);
  }
  return STATUS_OK;
}

static enum status gather_groups(const struct why *why, struct subject *subject, struct error *error)
{
  struct bitmap *condition;
  if (read_groups(why, subject, error) || read_strata(why, subject, error) ||
      arguments_condition(why->command, why->context->state, &condition, error))
    return STATUS_ERROR;
  const struct gather_request rows = {.groups = subject->names, .n_groups = subject->n_names, .strata = subject->strata,
                                      .n_strata = subject->n_strata, .condition = condition};
  const enum status status = gather(why->context->state, &rows, &subject->gathered, error);
  arguments_free_condition(condition);
  if (status || subject->gathered.data.n_groups >= 2)
    return status;
  error_set(error, "there are fewer than two groups here: nothing to compare");
  return error_hint(error, "filter off shows all patients again");
}

static enum status test_groups(const struct why *why, struct subject *subject, struct error *error)
{
  const struct logrank_options options = {.weight = LOGRANK_PLAIN, .visit = keep, .visit_data = &subject->kept};
  const struct km_options form = {.conf = CONF_LOG, .level = why->context->state->settings.level};
  const size_t n = subject->gathered.data.n_groups;
  subject->kept.n_groups = n;
  enum status status = logrank_analyse(&subject->gathered, &options, why->context->task, &subject->result, error);
  if (status)
    return status;
  if (subject->kept.is_full) {
    error_set(error, "%zu groups at so many event times are too many steps to be kept", n);
    return error_hint(error, "cut the variable into classes, or filter");
  }
  if (subject->n_strata)
    return STATUS_OK;
  subject->curves = memory_new(n, sizeof *subject->curves);
  return km_fit(&subject->gathered.data, &form, why->context->task, subject->curves);
}

/* ---- words and tables ---- */

static void say_statistic(const struct subject *subject, struct report *report)
{
  const struct logrank_result *result = &subject->result;
  const size_t k = result->n_groups;
  struct text text = TEXT_INIT;
  for (size_t g = 0; g < k && g < TOLD_GROUPS; g++)
    why_say(report, "%c %s: %.10g observed, %.4f expected, variance of the difference %.4f.", (char)('A' + g),
            subject->gathered.group_labels[g], result->observed[g], result->expected[g], result->covariance[g * k + g]);
  if (k > TOLD_GROUPS)
    why_say(report, "%zu more groups: the command logrank lists all.", k - TOLD_GROUPS);
  if (isnan(result->statistic)) {
    why_say(report, "Nothing varies: there is no test.");
    return;
  }
  if (k == 2)
    text_append_format(&text, "Chi-square = (%.10g - %.4f)^2 / %.4f", result->observed[0], result->expected[0],
                       result->covariance[0]);
  else
    text_append(&text, "Chi-square = U' V^-1 U, U the differences of all groups but one and V their covariances (off the "
                       "diagonal the sums of -d (n_g/n)(n_h/n)(n - d)/(n - 1))");
  text_append_format(&text, " = %.4f on %g degree%s of freedom: ", result->statistic, result->df, result->df == 1 ? "" : "s");
  why_append_p(&text, result->p_value);
  why_say(report, "%s.", text_string(&text));
  text_clear(&text);
}

static void say(struct why *why, const struct subject *subject)
{
  struct report *report = why->report;
  struct text text = TEXT_INIT;
  text_append(&text, "Log-rank test of ");
  for (size_t i = 0; i < subject->n_names; i++)
    text_append_format(&text, "%s%s", i ? ", " : "", subject->names[i]);
  text_append(&text, ": ");
  why_append_p(&text, subject->result.p_value);
  why_say(report, "%s", text_string(&text));
  text_clear(&text);
  why_say(report, "At each event time the d events are shared out as the n at risk are: a group with n_g at risk expects "
                          "d n_g/n; the variance is d (n_g/n)(1 - n_g/n)(n - d)/(n - 1).");
  if (subject->n_strata)
    why_say(report, "Risk sets are made within each stratum and the sums taken over all (%zu strata).",
                    subject->gathered.data.n_strata);
  if (subject->gathered.data.entry)
    why_say(report, "Some enter late: at risk at t are those who entered before t and have not left.");
  say_statistic(subject, report);
}

static void print_step(struct why *why, const struct subject *subject, const struct moment *moment, const double *groups)
{
  printed_table_set(why->printed, 0, "%.6g", moment->time);
  printed_table_set(why->printed, 1, "%.10g", moment->n_risk);
  printed_table_set(why->printed, 2, "%.10g", moment->n_event);
  for (size_t g = 0; g < subject->result.n_groups && g < PRINTED_GROUPS; g++) {
    printed_table_set(why->printed, 3 + 3 * g, "%.10g", groups[2 * g]);
    printed_table_set(why->printed, 4 + 3 * g, "%.10g", groups[2 * g + 1]);
    printing_fixed(why->printed, 5 + 3 * g, expected_of(moment, groups[2 * g]), 3);
  }
  if (subject->result.n_groups == 2)
    printing_fixed(why->printed, 9, variance_of(moment, groups[0]), 4);
}

/* The columns of the printed steps: n, d and E of each of the first groups by their letters. */
static void begin_printed(struct why *why, const struct subject *subject)
{
  char titles[3 * PRINTED_GROUPS][24];
  const char *columns[3 * PRINTED_GROUPS + 5] = {"time", "n", "d"};
  const size_t k = subject->result.n_groups;
  size_t c = 3;
  for (size_t g = 0; g < k && g < PRINTED_GROUPS; g++)
    for (size_t i = 0; i < 3; i++, c++) {
      snprintf(titles[c - 3], sizeof titles[0], "%c %c", "ndE"[i], (char)('A' + g));
      columns[c] = titles[c - 3];
    }
  if (k == 2)
    columns[c] = "variance";
  why_begin_steps(why, "Event times", columns, subject->kept.n);
}

static struct table *steps_table(struct why *why, const struct subject *subject)
{
  const struct gathered *gathered = &subject->gathered;
  const size_t k = subject->result.n_groups;
  struct table *table = table_new("why_steps", "step stratum time group n_risk n_event expected variance estimate "
                                               "n_risk_all n_event_all");
  begin_printed(why, subject);
  for (size_t i = 0; i < subject->kept.n; i++) {
    const struct moment *moment = &subject->kept.moments[i];
    const double *groups = subject->kept.groups + i * k * 2;
    if (i % STEPS_A_CHECK == 0 && task_is_cancelled(why->context->task))
      break;
    for (size_t g = 0; g < k; g++) {
      const double estimate = subject->curves ? km_at(&subject->curves[g], moment->time).estimate : (double)NAN;
      table_add_number(table, (double)i + 1);
      table_add_text(table, gathered->data.n_strata > 1 ? gathered->stratum_names[moment->stratum] : NULL);
      table_add_number(table, moment->time);
      table_add_text(table, gathered->group_names[g]);
      table_add_number(table, groups[2 * g]);
      table_add_number(table, groups[2 * g + 1]);
      table_add_number(table, expected_of(moment, groups[2 * g]));
      table_add_number(table, variance_of(moment, groups[2 * g]));
      table_add_number(table, estimate);
      table_add_number(table, moment->n_risk);
      table_add_number(table, moment->n_event);
    }
    if (why_next_step(why))
      print_step(why, subject, moment, groups);
  }
  struct text note = TEXT_INIT;
  for (size_t g = 0; g < k && g < PRINTED_GROUPS; g++)
    text_append_format(&note, "%s%c %s", g ? ", " : "", (char)('A' + g), gathered->group_labels[g]);
  printed_table_note(why->printed, "n at risk, d events, E expected; %s%s.", text_string(&note),
                     k > PRINTED_GROUPS ? "; the others are in the table why_steps" : "");
  text_clear(&note);
  return table;
}

enum status why_logrank(struct why *why, struct error *error)
{
  struct subject subject = {.names = NULL};
  enum status status = gather_groups(why, &subject, error);
  if (!status)
    status = test_groups(why, &subject, error);
  if (!status) {
    printing_rows(why->report, &subject.gathered);
    why_add_item(why, "statistic", subject.result.statistic);
    why_add_item(why, "df", subject.result.df);
    why_add_item(why, "p_value", subject.result.p_value);
    why_add_item(why, "groups", (double)subject.result.n_groups);
    say(why, &subject);
    struct table *steps = steps_table(why, &subject);
    if (task_is_cancelled(why->context->task)) {
      table_free(steps);
      printed_table_free(why->printed);
      status = STATUS_CANCELLED;
    } else {
      why_end_steps(why, steps);
    }
  }
  subject_clear(&subject);
  return status;
}
