/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cutpoint: where to cut a number, and what the search costs. */
#include "stats/cutpoint.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

static enum status read_variable(const struct command *command, const struct state *state, const struct column **column,
                                 struct error *error)
{
  struct command_word *words;
  const size_t n = command_words(command, &words);
  enum status status = STATUS_OK;
  if (n != 1) {
    error_set(error, "cutpoint takes one variable");
    status = error_hint(error, "cutpoint age");
  }
  if (!status)
    status = arguments_find_column(state, words[0].text, words[0].start, words[0].length, column, error);
  if (!status && (*column)->kind != COLUMN_NUMBER) {
    error_set(error, "%s is no column of numbers", words[0].text);
    status = error_in_command(error, words[0].start, words[0].length);
  }
  command_words_free(words, n);
  return status;
}

/* The rows that have a value of the column. */
static enum status gather_known(const struct command *command, const struct state *state, const struct column *column,
                                struct gathered *gathered, struct error *error)
{
  struct bitmap *condition, known;
  if (arguments_condition(command, state, &condition, error))
    return STATUS_ERROR;
  bitmap_init(&known, state->cohort->n_rows, true);
  for (size_t row = 0; row < known.n; row++)
    if (column_is_missing(column, row))
      bitmap_remove(&known, row);
  const struct gather_request rows = {.condition = condition, .complete = &known};
  enum status status = gather(state, &rows, gathered, error);
  bitmap_clear(&known);
  arguments_free_condition(condition);
  return status;
}

static void add_tables(const struct cutpoint_result *result, const struct column *column, double share,
                       struct report *report)
{
  static const char *const columns[] = {"cut", "n at or below", "n above", "statistic", "log-rank p", "corrected p", NULL};
  struct table *best = table_new("cutpoint", "variable cut n_low n_high statistic p_naive p_value p_lausen94 logrank_statistic "
                                             "logrank_p");
  struct table *scan = table_new("cutpoint_scan", "cut n_low n_high statistic p_naive");
  struct printed_table *printed = printing_table(column_display_name(column), columns);
  const double n_low = result->n_cuts ? result->best_low : (double)NAN;
  table_add_text(best, column->name);
  const double values[] = {result->n_cuts ? result->best_cut : (double)NAN,
                           n_low,
                           result->n - n_low,
                           result->best_statistic,
                           result->p_naive,
                           result->p_lausen92,
                           result->p_lausen94,
                           result->logrank_statistic,
                           result->logrank_p};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    table_add_number(best, values[i]);
  for (size_t i = 0; i < result->n_cuts; i++) {
    table_add_number(scan, result->cut[i]);
    table_add_number(scan, result->n_low[i]);
    table_add_number(scan, result->n - result->n_low[i]);
    table_add_number(scan, result->statistic[i]);
    table_add_number(scan, normal_two_sided(result->statistic[i]));
  }
  if (isfinite(result->best_statistic)) {
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "<= %g", result->best_cut);
    printing_count(printed, 1, n_low);
    printing_count(printed, 2, result->n - n_low);
    printing_fixed(printed, 3, result->best_statistic, 2);
    printing_p(printed, 4, result->logrank_p);
    printing_p(printed, 5, result->p_lausen92);
  }
  printed_table_note(printed, "The largest of %zu cuts that leave at least %g %% on each side.  Corrected p: Lausen and "
                              "Schumacher 1992, as R's maxstat.", result->n_cuts, 100 * share);
  report_add_table(report, best);
  report_add_table(report, scan);
  report_add_printed(report, printed);
}

static enum status run_cutpoint(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct column *column;
  struct gathered gathered;
  struct cutpoint_result result;
  const struct cutpoint_options options = {.minimum_share = arguments_number(command, "minprop", 0.1)};
  if (!(options.minimum_share > 0 && options.minimum_share < 0.5)) {
    const struct command_option *option = command_find_option(command, "minprop");
    error_set(error, "minprop= wants a share between 0 and 0.5");
    return error_in_command(error, option->start, option->length);
  }
  if (read_variable(command, context->state, &column, error) ||
      gather_known(command, context->state, column, &gathered, error))
    return STATUS_ERROR;
  double *value = memory_new(gathered.n_used, sizeof *value);
  for (size_t i = 0; i < gathered.n_used; i++)
    value[i] = column_number(column, gathered.rows[i]);
  enum status status = cutpoint_search(&gathered.data, value, &options, context->task, &result);
  if (!status) {
    add_tables(&result, column, options.minimum_share, context->report);
    printing_rows(context->report, &gathered);
    if (isfinite(result.best_statistic))
      report_warn(context->report, "the cut was searched for: its log-rank p (%.2g) takes no account of the search; report the "
                                   "corrected p (%.2g), or choose the cut beforehand", result.logrank_p, result.p_lausen92);
    else
      report_warn(context->report, "there is no cut to be found: no events, or too few values");
    cutpoint_result_clear(&result);
  }
  free(value);
  gathered_clear(&gathered);
  return status;
}

static const struct option_syntax cutpoint_options[] = {
    {"minprop", OPTION_NUMBER, NULL, "at least this share of the patients on each side (0.1)"},
    {.name = NULL},
};

static const char *const cutpoint_examples[] = {"cutpoint age", "cutpoint primary_diameter_mm, minprop=0.2", NULL};

const struct verb verb_cutpoint = {
    .syntax = {"cutpoint", ARGUMENTS_NAMES, true, cutpoint_options},
    .usage = "cutpoint VARIABLE [if EXPR] [, minprop=P]",
    .summary = "the cut of a number that divides survival most, with a p that pays for the search",
    .details = "The maximally selected log-rank statistic over all cuts, as R's maxstat.test(smethod = \"LogRank\").  The p of\n"
               "a cut that was searched for is far too small; p_value is Lausen and Schumacher's (1992) corrected one,\n"
               "p_lausen94 their improved one for few cuts.  cutpoint_scan lists every cut.",
    .tables = "cutpoint, cutpoint_scan",
    .examples = cutpoint_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_cutpoint,
};
