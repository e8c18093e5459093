/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why: how a number came about, derived from these very patients, step by step. */
#include "verbs/why.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

enum { LINE_BYTES = 96 }; /* of the words of a formula; a few less columns */
enum { FIRST_STEPS = 8, LAST_STEPS = 4 }; /* what is printed of many */

static const char *const kind_names[] = {
    [WHY_SURVIVAL] = "survival", [WHY_MEDIAN] = "median",           [WHY_LOGRANK] = "logrank",
    [WHY_HR] = "hr",             [WHY_CONCORDANCE] = "concordance", [WHY_PAIRS] = "pairs",
    [WHY_POINTS] = "points",     [WHY_INTERACTION] = "interaction",
    [WHY_TABLE1] = "table1",     [WHY_CELLS] = "cells",       [WHY_FISHER] = "fisher",
    [WHY_MEANS] = "means",       [WHY_RANKS] = "ranks",       [WHY_FLOW] = "flow",
};

/* ---- what the kinds share ---- */

void why_add_item(struct why *why, const char *item, double value)
{
  table_add_text(why->result, kind_names[why->kind]);
  table_add_text(why->result, item);
  table_add_number(why->result, value);
}

void why_begin_steps(struct why *why, const char *title, const char *const *columns, size_t n_steps)
{
  const char *word = arguments_word(why->command, "steps");
  why->printed = printing_table(title, columns);
  why->n_steps = n_steps;
  why->n_done = word && strcmp(word, "all") == 0 ? SIZE_MAX : 0;
}

bool why_next_step(struct why *why)
{
  const size_t left_out = why->n_steps > FIRST_STEPS + LAST_STEPS + 1 ? why->n_steps - FIRST_STEPS - LAST_STEPS : 0;
  if (why->n_done == SIZE_MAX) {
    printed_table_begin_row(why->printed, PRINTED_ROW);
    return true;
  }
  const size_t step = why->n_done++;
  if (!left_out || step < FIRST_STEPS || step >= FIRST_STEPS + left_out) {
    printed_table_begin_row(why->printed, PRINTED_ROW);
    return true;
  }
  if (step == FIRST_STEPS) {
    printed_table_begin_row(why->printed, PRINTED_HEADING);
    printed_table_set(why->printed, 0, "… %zu more steps (--table why_steps gives all)", left_out);
  }
  return false;
}

void why_end_steps(struct why *why, struct table *steps)
{
  report_add_table(why->report, why->result);
  report_add_table(why->report, steps);
  report_add_printed(why->report, why->printed);
}

void why_say(struct report *report, const char *format, ...)
{
  struct text text = TEXT_INIT, lines = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  size_t column = 0;
  for (const char *at = text_string(&text); *at;) {
    const size_t length = strcspn(at, " ");
    const bool breaks = column && column + 1 + length > LINE_BYTES;
    if (column)
      text_append_char(&lines, breaks ? '\n' : ' ');
    text_append_bytes(&lines, at, length);
    column = (breaks || !column ? 0 : column + 1) + length;
    at += length + strspn(at + length, " ");
  }
  report_add_text(report, "%s", text_string(&lines));
  text_clear(&text);
  text_clear(&lines);
}

void why_add_lines(struct why *why, const struct why_line *lines)
{
  static const char *const columns[] = {"step", "value", NULL};
  struct table *steps = table_new("why_steps", "step item level value");
  size_t n = 0;
  while (lines[n].item)
    n++;
  why_begin_steps(why, "Steps", columns, n);
  for (size_t i = 0; i < n; i++) {
    const struct why_line *line = &lines[i];
    const double number = line->text ? (double)NAN : line->number;
    why_add_item(why, line->item, number);
    table_add_number(steps, (double)i + 1);
    table_add_text(steps, line->item);
    table_add_text(steps, line->text);
    table_add_number(steps, number);
    if (!why_next_step(why))
      continue;
    printed_table_set(why->printed, 0, "%s", line->item);
    if (line->text)
      printed_table_set(why->printed, 1, "%s", line->shown ? line->shown : line->text);
    else if (isfinite(number))
      printed_table_set(why->printed, 1, "%.6g", number == 0 ? 0 : number);
    else
      printed_table_set(why->printed, 1, "–");
  }
  why_end_steps(why, steps);
}

static enum status wants_value(const struct token *token, struct error *error)
{
  error_set(error, "why wants NAME=VALUE here");
  error_hint(error, "why survival surgery=\"PR\", at=36");
  return error_in_command(error, token->start, token->length);
}

enum status why_read_values(const struct why *why, struct why_value **values, size_t *n, struct error *error)
{
  const struct token *tokens = why->command->tokens.tokens;
  const size_t end = why->command->end;
  *values = memory_new(end - why->begin + 1, sizeof **values);
  *n = 0;
  for (size_t at = why->begin; at < end;) {
    struct why_value *value = &(*values)[*n];
    if (tokens[at].kind != TOKEN_NAME || at + 2 >= end || !token_is(&tokens[at + 1], "="))
      return wants_value(&tokens[at], error);
    if (arguments_find_column(why->context->state, tokens[at].text, tokens[at].start, tokens[at].length, &value->column,
                              error))
      return STATUS_ERROR;
    const bool negative = token_is(&tokens[at + 2], "-") && at + 3 < end;
    const struct token *token = &tokens[at + 2 + negative];
    if (token->kind == TOKEN_OPERATOR)
      return wants_value(token, error);
    value->text = token->text;
    value->number = token->kind == TOKEN_NUMBER ? (negative ? -token->number : token->number) : (double)NAN;
    value->start = tokens[at].start;
    value->length = token->start + token->length - value->start;
    at += 3 + negative;
    (*n)++;
  }
  return STATUS_OK;
}

enum status why_refuse_words(const struct why *why, size_t most, struct error *error)
{
  struct command_word *words;
  const size_t n = command_words(why->command, &words);
  enum status status = STATUS_OK;
  if (n > most + 1) {
    error_set(error, most ? "why %s takes a term and a level" : "why %s takes no arguments", kind_names[why->kind]);
    error_hint(error, "help why; names with blanks or signs stand in quotes");
    status = error_in_command(error, words[most + 1].start, words[most + 1].length);
  }
  command_words_free(words, n);
  return status;
}

enum status why_refuse_condition(const struct why *why, struct error *error)
{
  if (!why->command->condition)
    return STATUS_OK;
  error_set(error, "why %s is about the current model, whose patients are chosen already", kind_names[why->kind]);
  return error_hint(error, "cox … if …, or filter …, chooses them");
}

void why_append_number(struct text *text, double value)
{
  if (isfinite(value))
    text_append_format(text, "%.4g", value == 0 ? 0 : value);
  else
    text_append(text, "NE");
}

void why_append_p(struct text *text, double p)
{
  if (isfinite(p))
    printed_append_p_sentence(text, p);
  else
    text_append(text, "p not estimable");
}

/* ---- the command ---- */

static enum status unknown_kind(const struct command *command, struct error *error)
{
  const bool has_word = command->begin < command->end;
  const struct token *token = &command->tokens.tokens[has_word ? command->begin : 0];
  error_set(error, has_word ? "why cannot derive %s" : "why wants to know which number", token->text);
  error_hint(error, "why survival …, median …, logrank …, hr TERM, interaction …, concordance, points TERM=VALUE, table1 …, or flow …");
  return error_in_command(error, token->start, token->length);
}

static enum status run_why(struct verb_context *context, const struct command *command, struct error *error)
{
  static enum status (*const derive[WHY_KINDS])(struct why *, struct error *) = {
      [WHY_SURVIVAL] = why_survival,       [WHY_MEDIAN] = why_median, [WHY_LOGRANK] = why_logrank,
      [WHY_HR] = why_hazard_ratio,         [WHY_CONCORDANCE] = why_concordance,
      [WHY_PAIRS] = NULL,                  [WHY_POINTS] = why_points, [WHY_INTERACTION] = why_interaction,
      [WHY_TABLE1] = why_table1,           [WHY_RANKS] = NULL,  [WHY_FLOW] = why_flow,
  };
  struct why why = {.context = context, .command = command, .begin = command->begin + 1, .report = context->report};
  const struct token *token = &command->tokens.tokens[command->begin];
  while (why.kind < WHY_KINDS && (command->begin == command->end || !derive[why.kind] ||
                                  !token_is_name(token, kind_names[why.kind])))
    why.kind++;
  if (why.kind == WHY_KINDS)
    return unknown_kind(command, error);
  why.result = table_new("why", "kind item value");
  enum status status = derive[why.kind](&why, error);
  if (status)
    table_free(why.result);
  return status;
}

/* ---- reading what was found ---- */

enum why_kind why_kind_of(const struct report *report)
{
  const struct table *table = report_find_table(report, "why");
  const char *name = table && table_n_rows(table) ? table_cell(table, 0, 0)->as.text : "";
  enum why_kind kind = WHY_SURVIVAL;
  while (kind < WHY_KINDS && strcmp(name, kind_names[kind]) != 0)
    kind++;
  return kind;
}

double why_item(const struct report *report, const char *item)
{
  const struct table *table = report_find_table(report, "why");
  for (size_t r = 0; table && r < table_n_rows(table); r++)
    if (strcmp(table_cell(table, r, 1)->as.text, item) == 0 && table_cell(table, r, 2)->kind == CELL_NUMBER)
      return table_cell(table, r, 2)->as.number;
  return NAN;
}

size_t why_step_rows(const struct report *report)
{
  const double groups = why_kind_of(report) == WHY_LOGRANK ? why_item(report, "groups") : 1;
  return groups >= 1 ? (size_t)groups : 1;
}

size_t why_n_steps(const struct report *report)
{
  const struct table *table = report_find_table(report, "why_steps");
  return table ? table_n_rows(table) / why_step_rows(report) : 0;
}

static const struct cell *cell_of(const struct report *report, size_t step, size_t row, const char *column)
{
  const struct table *table = report_find_table(report, "why_steps");
  size_t c = 0;
  while (table && c < table->n_columns && strcmp(table->columns[c], column) != 0)
    c++;
  row += step * why_step_rows(report);
  return table && c < table->n_columns && row < table_n_rows(table) ? table_cell(table, row, c) : NULL;
}

double why_number(const struct report *report, size_t step, size_t row, const char *column)
{
  const struct cell *cell = cell_of(report, step, row, column);
  return cell && cell->kind == CELL_NUMBER ? cell->as.number : (double)NAN;
}

const char *why_text(const struct report *report, size_t step, size_t row, const char *column)
{
  const struct cell *cell = cell_of(report, step, row, column);
  return cell && cell->kind == CELL_TEXT ? cell->as.text : NULL;
}

size_t why_focus(const struct report *report)
{
  const size_t n = why_n_steps(report);
  const enum why_kind kind = why_kind_of(report);
  if (kind == WHY_SURVIVAL && n)
    return n - 1;
  if (kind != WHY_MEDIAN || !n)
    return 0;
  const double p = why_item(report, "p") + 1e-8;
  size_t first = 0, last = n - 1; /* the estimate never rises */
  while (first < last) {
    const size_t middle = first + (last - first) / 2;
    if (why_number(report, middle, 0, "estimate") <= p)
      last = middle;
    else
      first = middle + 1;
  }
  return first;
}

static const struct option_syntax why_options[] = {
    {"at", OPTION_NUMBER, NULL, "survival: the time"},
    {"p", OPTION_NUMBER, NULL, "median: the survival probability whose time is wanted (0.5)"},
    {"conf", OPTION_WORD, "log|plain|log-log|logit|arcsin", "survival and median: type of the limits"},
    {"weights", OPTION_WORD, NULL, "survival and median: column of weights, as km's"},
    {"strata", OPTION_LIST, NULL, "logrank: variables within whose levels the groups are compared"},
    {"row", OPTION_NUMBER, NULL, "concordance: the patient's row in the file, whose pairs are wanted"},
    {"model", OPTION_TEXT, NULL, "hr and interaction: the formula of a Cox model of those whom `if` keeps, as forest fits it"},
    {"ties", OPTION_WORD, "efron|breslow|exact", "with model=: how tied event times are handled"},
    {"by", OPTION_WORD, NULL, "table1: the variable whose groups are compared"},
    {"test", OPTION_WORD, NULL, "table1: the test, as table1's; without it the one that the rule chooses"},
    {"factor", OPTION_FLAG, NULL, "table1: a number described by its values"},
    {"seed", OPTION_NUMBER, NULL, "table1: seed of Fisher's Monte Carlo (1)"},
    {"steps", OPTION_WORD, "few|all", "how many steps are printed of many; the table why_steps has all"},
    {.name = NULL},
};

static const char *const why_examples[] = {"why survival surgery=\"PR\", at=12", "why median surgery=\"NR\"",
                                           "why logrank surgery",
                                           "why hr surgery \"PR\" if sex == \"male\", model=\"surgery + age\"",
                                           "why interaction sex, model=\"surgery + age\"",
                                           "why table1 grade, by=surgery", "why flow if sex == \"male\"", NULL};

const struct verb verb_why = {
    .syntax = {"why", ARGUMENTS_WORDS, true, why_options},
    .usage = "why survival [NAME=LEVEL …], at=T | median [NAME=LEVEL …] | logrank [VARIABLE …] | hr TERM [LEVEL] | "
             "interaction VARIABLE, model=\"FORMULA\" | concordance | points TERM=VALUE | "
             "table1 VARIABLE, by=GROUP | flow STEP [if EXPR] [, OPTIONS]",
    .summary = "how a number came about, step by step from these patients",
    .details = "survival: the risk-set table with its factors 1 - d/n, Greenwood's sum and the limits.  median (p= for other\n"
               "quantiles): where curve and limits come down to it, by the rule of the dialect.  logrank: at risk, events,\n"
               "expected and variance of each group at each event time.  hr: a coefficient of the current Cox model, what\n"
               "each event time adds to score, information and partial log likelihood at the estimate; with model= that of\n"
               "another model, of those whom `if` keeps: a subgroup of forest.  interaction: the likelihood ratio of the first\n"
               "term x VARIABLE, as forest tests it.  concordance: the pairs that each event time makes; with row= those of one\n"
               "patient.  points: a point of the nomogram.  table1: which test a variable of table1 gets and what that is made of:\n"
               "expected counts, the tables with the same margins, sums of squares, rank sums.  flow: whom the rule of a keep or\n"
               "drop, by its number in flow, was true for, false, unknown, and who went; with a condition alone, who is in that\n"
               "branch.  In the explorer w asks this of the number that is looked at.",
    .tables = "why, why_steps",
    .examples = why_examples,
    .needs = NEEDS_COHORT,
    .not_replayed = true,
    .is_analysis = true,
    .run = run_why,
};
