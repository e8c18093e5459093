/* SPDX-License-Identifier: GPL-3.0-or-later */
/* table1: baseline characteristics with tests. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "session/baseline.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

enum { SHOW_MEAN = 1, SHOW_SD = 2, SHOW_SEM = 4, SHOW_MEDIAN = 8, SHOW_IQR = 16, SHOW_RANGE = 32 };

struct request {
  struct baseline_request baseline;
  char **names;
  bool *is_factor;
  enum baseline_test_kind *tests;
  struct bitmap *condition;
  bool percent_of_all, smd;
  unsigned show; /* 0: by the test */
  double suppress; /* counts from 1 to below this are not shown; 0: all are */
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
    request->show |= 1u << k;
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
  *request = (struct request){.smd = arguments_flag(command, "smd"),
                              .percent_of_all = percent && strcmp(percent, "all") == 0,
                              .suppress = arguments_number(command, "suppress", 0)};
  if (arguments_columns(command, state, &request->names, &request->baseline.n_names, error)) {
    *request = (struct request){.names = NULL};
    return STATUS_ERROR;
  }
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
  request->baseline.tests = request->tests;
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

/* ---- data tables ---- */

static double percent_of(const struct request *request, const struct baseline_cell *cell, size_t level)
{
  const double all = cell->n + (request->percent_of_all ? cell->n_missing : 0);
  return 100 * cell->counts[level] / all;
}

static void add_numbers(struct table *table, const double *values, size_t n)
{
  for (size_t i = 0; i < n; i++)
    table_add_number(table, values[i]);
}

static void add_cells(const struct request *request, const struct baseline *baseline,
                      const struct baseline_variable *variable, struct table *table)
{
  const double nan = (double)NAN;
  const bool is_factor = variable->column->kind == COLUMN_FACTOR;
  for (size_t g = 0; g < baseline->n_groups; g++) {
    const struct baseline_cell *cell = &variable->cells[g];
    for (size_t level = 0; level < (is_factor ? variable->column->n_levels : 1); level++) {
      table_add_text(table, variable->column->name);
      table_add_text(table, is_factor ? variable->column->levels[level].name : NULL);
      table_add_text(table, baseline->group_names[g]);
      if (is_factor) {
        const double values[] = {cell->counts[level], percent_of(request, cell, level), nan, nan, nan, nan, nan, nan,
                                 nan};
        add_numbers(table, values, 9);
      } else {
        const double values[] = {cell->n,  nan,      cell->mean, cell->sd, cell->median,
                                 cell->q1, cell->q3, cell->min,  cell->max};
        add_numbers(table, values, 9);
      }
    }
  }
}

static void add_data(const struct request *request, const struct baseline *baseline, struct report *report)
{
  struct table *cells = table_new("table1", "variable level group n percent mean sd median q1 q3 min max");
  struct table *tests = table_new("table1_tests", "variable test statistic df p_value df2 mc_error");
  struct table *missing = table_new("table1_missing", "variable group n missing");
  struct table *smd = table_new("table1_smd", "variable group1 group2 smd");
  for (size_t i = 0; i < baseline->n_variables; i++) {
    const struct baseline_variable *variable = &baseline->variables[i];
    const struct baseline_test *test = &variable->test;
    add_cells(request, baseline, variable, cells);
    if (baseline->n_groups > 1) {
      const double values[] = {test->statistic, test->df, test->p_value, test->df2, test->mc_error};
      table_add_text(tests, variable->column->name);
      table_add_text(tests, baseline_test_name(test->kind));
      add_numbers(tests, values, 5);
    }
    for (size_t g = 0; g < baseline->n_groups; g++) {
      const double values[] = {variable->cells[g].n, variable->cells[g].n_missing};
      table_add_text(missing, variable->column->name);
      table_add_text(missing, baseline->group_names[g]);
      add_numbers(missing, values, 2);
    }
    size_t pair = 0;
    for (size_t a = 0; a < baseline->n_groups; a++) {
      for (size_t b = a + 1; b < baseline->n_groups; b++) {
        table_add_text(smd, variable->column->name);
        table_add_text(smd, baseline->group_names[a]);
        table_add_text(smd, baseline->group_names[b]);
        table_add_number(smd, variable->smd[pair++]);
      }
    }
  }
  report_add_table(report, cells);
  report_add_table(report, tests);
  report_add_table(report, missing);
  report_add_table(report, smd);
}

/* ---- printed ---- */

struct layout {
  size_t overall; /* column of all together; groups stand before it */
  size_t p, smd;  /* 0: not there */
};

static void print_number(struct text *text, double value, int decimals)
{
  if (!isfinite(value))
    text_append(text, "NE");
  else
    number_append_fixed(text, value, decimals);
}

/* Decimals that show about three digits of the values. */
static int decimals_for(const struct baseline_variable *variable, size_t n_groups)
{
  const struct baseline_cell *all = &variable->cells[n_groups];
  const double size = fmax(fabs(all->min), fabs(all->max));
  return size >= 100 ? 1 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
}

static void print_values(struct printed_table *printed, size_t column, const struct baseline_cell *cell, unsigned show,
                         int decimals)
{
  struct text text = TEXT_INIT;
  if (show & SHOW_MEAN)
    print_number(&text, cell->mean, decimals);
  if (show & SHOW_SD) {
    text_append(&text, show & SHOW_MEAN ? " (" : "(");
    print_number(&text, cell->sd, decimals);
    text_append_char(&text, ')');
  }
  if (show & SHOW_SEM) {
    text_append(&text, " ± ");
    print_number(&text, cell->sd / sqrt(cell->n), decimals);
  }
  if (show & SHOW_MEDIAN) {
    text_append(&text, text.length ? "; " : "");
    print_number(&text, cell->median, decimals);
  }
  if (show & SHOW_IQR) {
    text_append(&text, " [");
    print_number(&text, cell->q1, decimals);
    text_append(&text, cell->q1 < 0 ? " to " : "–");
    print_number(&text, cell->q3, decimals);
    text_append_char(&text, ']');
  }
  if (show & SHOW_RANGE) {
    text_append(&text, text.length ? ", " : "");
    print_number(&text, cell->min, decimals);
    text_append(&text, cell->min < 0 ? " to " : "–");
    print_number(&text, cell->max, decimals);
  }
  printed_table_set(printed, column, "%s", text_string(&text));
  text_clear(&text);
}

static unsigned show_of(const struct request *request, const struct baseline_variable *variable)
{
  const enum baseline_test_kind kind = variable->test.kind;
  if (request->show)
    return request->show;
  return kind == TEST_T || kind == TEST_WELCH || kind == TEST_ANOVA ? SHOW_MEAN | SHOW_SD : SHOW_MEDIAN | SHOW_IQR;
}

static void append_show(struct text *text, unsigned show)
{
  static const char *const words[] = {"mean", " (SD)", " ± SEM", "median", " [IQR]", ", range"};
  for (size_t k = 0; k < 6; k++) {
    if (!(show >> k & 1))
      continue;
    const char *word = words[k];
    if (k == 3 && show & 7)
      text_append(text, "; ");
    text_append(text, text->length || *word != ',' ? word : word + 2);
  }
}

/* The mean of the pairs' differences, as tableone prints it. */
static double mean_smd(const struct baseline *baseline, const struct baseline_variable *variable)
{
  double sum = 0;
  for (size_t pair = 0; pair < baseline->n_pairs; pair++)
    sum += fabs(variable->smd[pair]);
  return sum / (double)baseline->n_pairs;
}

static void print_test(struct printed_table *printed, const struct layout *layout, const struct baseline *baseline,
                       const struct baseline_variable *variable)
{
  if (layout->p) {
    printing_p(printed, layout->p, variable->test.p_value);
    if (variable->test.kind != TEST_NONE)
      printed_table_set(printed, layout->p + 1, "%s%s", baseline_test_name(variable->test.kind),
                        variable->test.mc_error > 0 ? "*" : "");
  }
  if (layout->smd)
    printing_fixed(printed, layout->smd, mean_smd(baseline, variable), 3);
}

static void print_factor(const struct request *request, const struct baseline *baseline,
                         const struct baseline_variable *variable, const struct layout *layout,
                         struct printed_table *printed)
{
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s, n (%%)", column_display_name(variable->column));
  print_test(printed, layout, baseline, variable);
  for (size_t level = 0; level < variable->column->n_levels; level++) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "  %s", column_level_display_name(variable->column, (uint32_t)level + 1));
    for (size_t g = 0; g <= baseline->n_groups; g++) {
      const struct baseline_cell *cell = &variable->cells[g];
      const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
      if (!column)
        continue;
      if (isnan(cell->counts[level]))
        printed_table_set(printed, column, "<%g", request->suppress);
      else if (cell->n > 0)
        printed_table_set(printed, column, "%.10g (%.1f)", cell->counts[level], percent_of(request, cell, level));
      else
        printed_table_set(printed, column, "0");
    }
  }
}

static void print_numeric(const struct request *request, const struct baseline *baseline,
                          const struct baseline_variable *variable, const struct layout *layout,
                          struct printed_table *printed)
{
  const unsigned show = show_of(request, variable);
  const int decimals = decimals_for(variable, baseline->n_groups);
  struct text text = TEXT_INIT;
  append_show(&text, show);
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "%s, %s", column_display_name(variable->column), text_string(&text));
  text_clear(&text);
  for (size_t g = 0; g <= baseline->n_groups; g++) {
    const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
    if (column)
      print_values(printed, column, &variable->cells[g], show, decimals);
  }
  print_test(printed, layout, baseline, variable);
}

static void print_missing(const struct baseline *baseline, const struct baseline_variable *variable,
                          const struct layout *layout, struct printed_table *printed)
{
  if (!(variable->cells[baseline->n_groups].n_missing > 0))
    return;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "  missing");
  for (size_t g = 0; g <= baseline->n_groups; g++) {
    const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
    if (column)
      printing_count(printed, column, variable->cells[g].n_missing);
  }
}

static void add_columns(const struct request *request, const struct baseline *baseline, struct printed_table *printed,
                        struct layout *layout)
{
  const size_t n = baseline->n_groups;
  printed_table_add_column(printed, "", ALIGN_LEFT);
  for (size_t g = 0; g < n; g++)
    printed_table_add_column(printed, baseline->group_labels[g], ALIGN_RIGHT);
  *layout = (struct layout){.overall = 0};
  if (n < 2)
    return;
  layout->overall = n + 1;
  printed_table_add_column(printed, "all", ALIGN_RIGHT);
  layout->p = n + 2;
  printed_table_add_column(printed, "p", ALIGN_RIGHT);
  printed_table_add_column(printed, "test", ALIGN_LEFT);
  if (!request->smd)
    return;
  layout->smd = n + 4;
  printed_table_add_column(printed, "SMD", ALIGN_RIGHT);
}

static void print_sizes(const struct baseline *baseline, const struct layout *layout, struct printed_table *printed)
{
  double *sizes = memory_new(baseline->n_groups + 1, sizeof *sizes);
  for (size_t g = 0; g < baseline->n_groups && baseline->n_variables; g++) {
    sizes[g] = baseline->variables[0].cells[g].n + baseline->variables[0].cells[g].n_missing;
    sizes[baseline->n_groups] += sizes[g];
  }
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, 0, "n");
  for (size_t g = 0; g <= baseline->n_groups; g++) {
    const size_t column = g < baseline->n_groups ? g + 1 : layout->overall;
    if (column)
      printing_count(printed, column, sizes[g]);
  }
  free(sizes);
}

static void print_notes(const struct request *request, const struct baseline *baseline, struct printed_table *printed)
{
  bool by_rule = false, monte_carlo = false;
  double worst = 0;
  for (size_t i = 0; i < baseline->n_variables; i++) {
    by_rule |= request->tests[i] == TEST_BY_RULE;
    monte_carlo |= baseline->variables[i].test.mc_error > 0;
    worst = fmax(worst, baseline->variables[i].test.mc_error);
  }
  printed_table_note(printed, "Per cent of %s.  Quartiles of type %d.",
                     request->percent_of_all ? "all in the group" : "those with a value", request->baseline.quantile_type);
  if (baseline->n_groups > 1 && by_rule)
    printed_table_note(printed, "Tests: factors by chi-square, or Fisher's exact test where an expected count is under 5; "
                                "numbers by t test or ANOVA where Shapiro–Wilk does not reject in any group, else by "
                                "Mann–Whitney or Kruskal–Wallis.");
  if (monte_carlo)
    printed_table_note(printed, "* Fisher by Monte Carlo, standard error of p at most %.2g.", worst);
  if (request->suppress > 0)
    printed_table_note(printed, "Counts under %g, and those they would follow from, are not shown.", request->suppress);
}

static void add_printed(const struct request *request, const struct baseline *baseline, struct report *report)
{
  struct printed_table *printed = printed_table_new("Baseline characteristics");
  struct layout layout;
  add_columns(request, baseline, printed, &layout);
  print_sizes(baseline, &layout, printed);
  for (size_t i = 0; i < baseline->n_variables; i++) {
    const struct baseline_variable *variable = &baseline->variables[i];
    if (variable->column->kind == COLUMN_FACTOR)
      print_factor(request, baseline, variable, &layout, printed);
    else
      print_numeric(request, baseline, variable, &layout, printed);
    print_missing(baseline, variable, &layout, printed);
  }
  print_notes(request, baseline, printed);
  report_add_printed(report, printed);
}

static enum status run_table1(struct verb_context *context, const struct command *command, struct error *error)
{
  struct request request;
  struct baseline baseline;
  enum status status = read_request(command, context->state, &request, error);
  if (!status)
    status = baseline_compute(context->state, &request.baseline, context->task, &baseline, error);
  if (!status) {
    if (request.suppress > 0)
      suppress(&baseline, request.suppress);
    add_data(&request, &baseline, context->report);
    add_printed(&request, &baseline, context->report);
    report_set_cohort(context->report, baseline.n_on_view, baseline.n_used);
    if (baseline.n_used < baseline.n_on_view)
      report_warn(context->report, "%zu of %zu patients left out: no value of %s", baseline.n_on_view - baseline.n_used,
                  baseline.n_on_view, request.baseline.by->name);
    baseline_clear(&baseline);
  }
  request_clear(&request);
  return status;
}

static const struct option_syntax table1_options[] = {
    {"by", OPTION_WORD, NULL, "the variable whose groups are compared"},
    {"test", OPTION_WORD, NULL, "for all it fits: chisq, chisq-yates, lr, fisher; t, welch, anova, mann-whitney, kruskal-wallis"},
    {"tests", OPTION_LIST, NULL, "for some: tests=age:welch,sex:fisher"},
    {"percent", OPTION_WORD, "known|all", "per cent of those with a value, or of all"},
    {"show", OPTION_LIST, NULL, "of numbers: mean, sd, sem, median, iqr, range"},
    {"factors", OPTION_LIST, NULL, "numbers that are described by their values"},
    {"smd", OPTION_FLAG, NULL, "print standardised mean differences"},
    {"suppress", OPTION_NUMBER, NULL, "counts under this are not shown, nor those they would follow from"},
    {"seed", OPTION_NUMBER, NULL, "seed of Fisher's Monte Carlo, where exact is out of reach (1)"},
    {.name = NULL},
};

static const char *const table1_examples[] = {"table1 age sex grade, by=surgery",
                                              "table1 age sex, by=surgery tests=age:welch,sex:fisher show=mean,sd smd", NULL};

const struct verb verb_table1 = {
    .syntax = {"table1", ARGUMENTS_NAMES, true, table1_options},
    .usage = "table1 VARIABLE … [if EXPR] [, by=V test=T tests=V:T,… percent=P show=S,… factors=V,… smd suppress=N]",
    .summary = "baseline characteristics with tests",
    .details = "Factors: n and per cent, chi-square without correction, or Fisher's exact test where an expected count is\n"
               "under 5 (larger than 2 x 2: all tables no more probable; beyond reach: Monte Carlo with its error).\n"
               "Numbers: t test (pooled) or ANOVA where Shapiro–Wilk does not reject at 0.05 in any group, else\n"
               "Mann–Whitney (asymptotic, tie correction, no continuity correction) or Kruskal–Wallis; a group of fewer\n"
               "than 3 or more than 5000, or of one value, counts as not normal.  Quartiles: set quantile=6|7.",
    .examples = table1_examples,
    .needs = NEEDS_COHORT,
    .is_analysis = true,
    .run = run_table1,
};
