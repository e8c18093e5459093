/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table1: baseline characteristics with tests. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "session/baseline.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present_baseline.h"

struct request {
  struct baseline_request baseline;
  char **names;
  bool *is_factor;
  enum baseline_test_kind *tests;
  struct bitmap *condition;
  struct baseline_look look;
  bool has_by; /* the variable of by= stands among the others */
};

static void request_clear(struct request *request)
{
  arguments_free_names(request->names, request->baseline.n_names);
  free(request->is_factor);
  free(request->tests);
  arguments_free_condition(request->condition);
}

/* ---- the command ---- */

static enum status fail_option(const struct command_option *option, struct error *error)
{
  return error_in_command(error, option->start, option->length);
}

static enum status unknown_test(const char *name, const struct command_option *option, struct error *error)
{
  error_set(error, "there is no test %s", name);
  error_hint(error, "chisq, chisq-yates, lr, fisher for factors; t, welch, anova, mann-whitney, kruskal-wallis for numbers");
  return fail_option(option, error);
}

static size_t find_name(const struct request *request, const char *name, size_t length)
{
  size_t i = 0;
  while (i < request->baseline.n_names &&
         (strlen(request->names[i]) != length || memcmp(request->names[i], name, length) != 0))
    i++;
  return i;
}

/* test=NAME for all that it fits; tests=VARIABLE:NAME,… for some. */
static enum status read_tests(const struct command *command, struct request *request, struct error *error)
{
  const struct command_option *all = command_find_option(command, "test");
  const struct command_option *some = command_find_option(command, "tests");
  enum baseline_test_kind kind = TEST_BY_RULE;
  if (all && !baseline_test_find(all->value, &kind))
    return unknown_test(all->value, all, error);
  for (size_t i = 0; i < request->baseline.n_names; i++)
    request->tests[i] = kind;
  for (size_t i = 0; some && i < some->n_items; i++) {
    const char *item = some->items[i], *colon = strrchr(item, ':');
    const bool quoted = colon && item[0] == '`' && colon > item + 1 && colon[-1] == '`';
    const size_t at = colon ? find_name(request, item + quoted, (size_t)(colon - item) - 2 * (size_t)quoted)
                            : request->baseline.n_names;
    if (at == request->baseline.n_names) {
      error_set(error, "tests= wants VARIABLE:TEST, and %s is none of a variable in the table", item);
      error_hint(error, "tests=age:welch,sex:fisher");
      return fail_option(some, error);
    }
    if (!baseline_test_find(colon + 1, &request->tests[at]))
      return unknown_test(colon + 1, some, error);
  }
  return STATUS_OK;
}

static enum status read_show(const struct command *command, struct request *request, struct error *error)
{
  static const char *const names[] = {"mean", "sd", "sem", "median", "iqr", "range"};
  const struct command_option *option = command_find_option(command, "show");
  for (size_t i = 0; option && i < option->n_items; i++) {
    size_t k = 0;
    while (k < 6 && strcmp(names[k], option->items[i]) != 0)
      k++;
    if (k == 6) {
      error_set(error, "show= does not know %s", option->items[i]);
      error_hint(error, "mean, sd, sem, median, iqr, range");
      return fail_option(option, error);
    }
    request->look.show |= 1u << k;
  }
  return STATUS_OK;
}

static enum status read_factors(const struct command *command, struct request *request, struct error *error)
{
  const struct command_option *option = command_find_option(command, "factors");
  for (size_t i = 0; option && i < option->n_items; i++) {
    const size_t at = find_name(request, option->items[i], strlen(option->items[i]));
    if (at == request->baseline.n_names) {
      error_set(error, "factors= names %s, which is not in the table", option->items[i]);
      return fail_option(option, error);
    }
    request->is_factor[at] = true;
  }
  return STATUS_OK;
}

static enum status read_request(const struct command *command, const struct state *state, struct request *request,
                                struct error *error)
{
  const struct command_option *by = command_find_option(command, "by");
  const char *percent = arguments_word(command, "percent");
  const struct column *column = NULL;
  *request = (struct request){.look = {.smd = arguments_flag(command, "smd"),
                                       .footnotes = arguments_flag(command, "footnotes") ||
                                                    state->settings.style != NUMBERS_DEFAULT,
                                       .percent_of_all = percent && strcmp(percent, "all") == 0,
                                       .suppress = arguments_number(command, "suppress", 0),
                                       .quantile_type = state->settings.quantile_type}};
  if (arguments_columns(command, state, &request->names, &request->baseline.n_names, error)) {
    *request = (struct request){.names = NULL};
    return STATUS_ERROR;
  }
  request->has_by = by && find_name(request, by->value, strlen(by->value)) < request->baseline.n_names;
  const size_t n = request->baseline.n_names;
  request->is_factor = memory_new(n, sizeof *request->is_factor);
  request->tests = memory_new(n, sizeof *request->tests);
  if (!n) {
    error_set(error, "table1 describes variables, and none is named");
    return error_hint(error, "table1 age sex grade, by=surgery");
  }
  if (by && arguments_find_column(state, by->value, by->start, by->length, &column, error))
    return STATUS_ERROR;
  if (read_tests(command, request, error) || read_show(command, request, error) ||
      read_factors(command, request, error) || arguments_condition(command, state, &request->condition, error))
    return STATUS_ERROR;
  request->baseline.names = request->names;
  request->baseline.by = column;
  request->baseline.is_factor = request->is_factor;
  request->baseline.tests = request->look.wished = request->tests;
  request->baseline.quantile_type = state->settings.quantile_type;
  request->baseline.condition = request->condition;
  request->baseline.seed = (uint64_t)arguments_number(command, "seed", 1);
  return STATUS_OK;
}

/* ---- small counts ---- */

/* Takes out counts under the limit, and then the smallest other of the group where only one was taken out, so that it
 * does not follow from the total. */
static void suppress_cell(struct baseline_cell *cell, size_t n_levels, double limit)
{
  size_t hidden = 0, smallest = n_levels;
  for (size_t i = 0; i < n_levels; i++) {
    if (cell->counts[i] > 0 && cell->counts[i] < limit) {
      cell->counts[i] = (double)NAN;
      hidden++;
    }
  }
  for (size_t i = 0; i < n_levels; i++)
    if (cell->counts[i] > 0 && (smallest == n_levels || cell->counts[i] < cell->counts[smallest]))
      smallest = i;
  if (hidden == 1 && smallest < n_levels)
    cell->counts[smallest] = (double)NAN;
}

/* A level hidden in one group only would follow from the overall column: it is hidden in another group, too. */
static void suppress_across(const struct baseline *baseline, struct baseline_variable *variable, size_t level)
{
  size_t hidden = 0, smallest = baseline->n_groups;
  for (size_t g = 0; g < baseline->n_groups; g++) {
    const double count = variable->cells[g].counts[level];
    hidden += isnan(count);
    if (count > 0 && (smallest == baseline->n_groups || count < variable->cells[smallest].counts[level]))
      smallest = g;
  }
  if (hidden == 1 && smallest < baseline->n_groups && baseline->n_groups > 1)
    variable->cells[smallest].counts[level] = (double)NAN;
}

static void suppress(struct baseline *baseline, double limit)
{
  for (size_t i = 0; i < baseline->n_variables; i++) {
    struct baseline_variable *variable = &baseline->variables[i];
    if (variable->column->kind != COLUMN_FACTOR)
      continue;
    for (size_t g = 0; g <= baseline->n_groups; g++)
      suppress_cell(&variable->cells[g], variable->column->n_levels, limit);
    for (size_t level = 0; level < variable->column->n_levels; level++)
      suppress_across(baseline, variable, level);
  }
}

static enum status run_table1(struct verb_context *context, const struct command *command, struct error *error)
{
  struct request request;
  struct baseline baseline;
  enum status status = read_request(command, context->state, &request, error);
  if (!status)
    status = baseline_compute(context->state, &request.baseline, context->task, &baseline, error);
  if (!status) {
    if (request.look.suppress > 0)
      suppress(&baseline, request.look.suppress);
    present_baseline(&baseline, &request.look, context->report);
    report_set_cohort(context->report, baseline.n_on_view, baseline.n_used);
    if (baseline.n_used < baseline.n_on_view)
      report_warn(context->report, "%zu of %zu patients left out: no value of %s", baseline.n_on_view - baseline.n_used,
                  baseline.n_on_view, request.baseline.by->name);
    if (request.has_by)
      report_warn(context->report, "%s is what the groups are made of: its test compares it with itself", request.baseline.by->name);
    if (!baseline.n_used)
      report_warn(context->report, "no patient is on view with what this needs; filter off shows all again");
    baseline_clear(&baseline);
  }
  request_clear(&request);
  return status;
}

static const struct option_syntax table1_options[] = {
    {"by", OPTION_WORD, NULL, "the variable whose groups are compared"},
    {"test", OPTION_WORD, NULL, "for all it fits: chisq, chisq-yates, lr, fisher; t, welch, anova, mann-whitney (wilcoxon), kruskal-wallis"},
    {"tests", OPTION_LIST, NULL, "for some: tests=age:welch,sex:fisher"},
    {"percent", OPTION_WORD, "known|all", "per cent of those with a value, or of all"},
    {"show", OPTION_LIST, NULL, "of numbers: mean, sd, sem, median, iqr, range"},
    {"factors", OPTION_LIST, NULL, "numbers that are described by their values"},
    {"smd", OPTION_FLAG, NULL, "print standardised mean differences"},
    {"footnotes", OPTION_FLAG, NULL, "tests by marks, missing values and abbreviations beneath the table; set style= does so, too"},
    {"suppress", OPTION_NUMBER, NULL, "counts under this are not shown, nor those they would follow from"},
    {"seed", OPTION_NUMBER, NULL, "seed of Fisher's Monte Carlo, where exact is out of reach (1)"},
    {.name = NULL},
};

static const char *const table1_examples[] = {"table1 age sex grade, by=surgery",
                                              "table1 age sex, by=surgery tests=age:welch,sex:fisher show=mean,sd smd",
                                              "table1 age sex grade men1_vhl, by=surgery footnotes", NULL};

const struct verb verb_table1 = {
    .syntax = {"table1", ARGUMENTS_NAMES, true, table1_options},
    .usage = "table1 VARIABLE … [if EXPR] [, by=V test=T tests=V:T,… percent=P show=S,… factors=V,… smd footnotes suppress=N]",
    .summary = "baseline characteristics with tests",
    .details = "Factors: n and per cent, chi-square without correction, or Fisher's exact test where an expected count is\n"
               "under 5 (larger than 2 x 2: all tables no more probable; beyond reach: Monte Carlo with its error).\n"
               "Numbers: t test (pooled) or ANOVA where Shapiro–Wilk does not reject at 0.05 in any group, else\n"
               "Mann–Whitney (asymptotic, tie correction, no continuity correction) or Kruskal–Wallis; a group of fewer\n"
               "than 3 or more than 5000, or of one value, counts as not normal.  welch of more than two groups is his F, as\n"
               "R's oneway.test().  Quartiles: set quantile=6|7.",
    .tables = "table1, table1_tests, table1_missing, table1_smd",
    .examples = table1_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .run = run_table1,
};
