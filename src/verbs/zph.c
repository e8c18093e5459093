/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zph, residuals: does the current model hold? */
#include "stats/zph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "base/text.h"
#include "stats/cox_residuals.h"
#include "stats/samples.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/printing.h"

enum { ROWS_A_CHECK = 1 << 16 }; /* of a table between two looks at the task */

static const char *const transform_names[] = {"km", "rank", "identity", "log"};

/* ---- zph ---- */

static enum zph_transform read_transform(const struct command *command)
{
  const char *word = arguments_word(command, "transform");
  for (size_t i = 0; word && i < 4; i++)
    if (strcmp(transform_names[i], word) == 0)
      return (enum zph_transform)i;
  return ZPH_KM;
}

static void add_tests(const struct cox_analysis *analysis, const struct state *state, const struct zph_test *tests,
                      enum zph_transform transform, struct report *report)
{
  static const char *const columns[] = {"", "chi-square", "df", "p", NULL};
  struct table *table = table_new("zph", "term statistic df p_value");
  struct printed_table *printed = printing_table("Proportional hazards", columns);
  const size_t n = analysis->formula.n_terms;
  for (size_t t = 0; t <= n; t++) {
    table_add_text(table, t < n ? analysis->formula.terms[t].name : "GLOBAL");
    table_add_number(table, tests[t].statistic);
    table_add_number(table, tests[t].df);
    table_add_number(table, tests[t].p_value);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", t < n ? present_term_label(analysis, state, t) : "GLOBAL");
    printing_fixed(printed, 1, tests[t].statistic, 3);
    printed_table_set(printed, 2, "%g", tests[t].df);
    printing_p(printed, 3, tests[t].p_value);
  }
  printed_table_note(printed, "Score test against a coefficient that changes with time (transform: %s).  A small p speaks "
                              "against proportional hazards.", transform_names[transform]);
  report_add_table(report, table);
  report_add_printed(report, printed);
}

/* The scaled Schoenfeld residuals: about the coefficient at each event time. */
static enum status add_schoenfeld(const struct cox_analysis *analysis, const double *transformed, struct task *task,
                                  struct report *report)
{
  const struct survival_data *data = &analysis->gathered.data;
  struct cox_residuals residuals;
  if (analysis->model.n_events * (double)analysis->design.n_columns > ZPH_MOST_RESIDUALS)
    return STATUS_OK;
  enum status status =
      cox_residuals_compute(data, analysis->design.x, &analysis->model, &analysis->options, task, &residuals);
  if (status)
    return status;
  struct table *table = table_new("zph_residuals", "term level time transformed residual");
  for (size_t c = 0; c < residuals.n_columns; c++) {
    for (size_t i = 0; i < residuals.n_events; i++) {
      const size_t row = residuals.event_row[i];
      table_add_text(table, analysis->formula.terms[analysis->design.columns[c].term].name);
      table_add_text(table, analysis->design.columns[c].level);
      table_add_number(table, data->time[row]);
      table_add_number(table, transformed[row]);
      table_add_number(table, residuals.scaled_schoenfeld[i * residuals.n_columns + c]);
    }
  }
  report_add_table(report, table);
  cox_residuals_clear(&residuals);
  return STATUS_OK;
}

static enum status test_model(struct verb_context *context, const struct cox_analysis *analysis,
                              enum zph_transform transform, struct error *error)
{
  const size_t n = analysis->formula.n_terms;
  struct zph_term *terms = memory_new(n, sizeof *terms);
  struct zph_test *tests = memory_new(n + 1, sizeof *tests);
  const bool is_read = !context->report->for_people; /* the table of residuals */
  double *transformed = is_read ? memory_new(analysis->gathered.n_used, sizeof *transformed) : NULL;
  for (size_t t = 0; t < n; t++)
    terms[t] = (struct zph_term){analysis->design.terms[t].first, analysis->design.terms[t].n_columns};
  enum status status = zph_test(&analysis->gathered.data, analysis->design.x, &analysis->model, &analysis->options, terms,
                                n, transform, context->task, transformed, tests, error);
  if (!status) {
    add_tests(analysis, context->state, tests, transform, context->report);
    if (is_read)
      status = add_schoenfeld(analysis, transformed, context->task, context->report);
  }
  free(transformed);
  free(terms);
  free(tests);
  return status;
}

static void warn_of(const struct cox_analysis *analysis, struct report *report)
{
  printing_rows(report, &analysis->gathered);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(report, "%s", analysis->warnings[i]);
}

static enum status run_zph(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct cox_analysis *analysis;
  enum status status = cox_analyse_current(context->state, context->task, &analysis, error);
  if (status)
    return status;
  status = test_model(context, analysis, read_transform(command), error);
  if (!status)
    warn_of(analysis, context->report);
  cox_analysis_release(analysis);
  return status;
}

static const struct option_syntax zph_options[] = {
    {"transform", OPTION_WORD, "km|rank|identity|log", "the function of time that the coefficients are tested against"},
    {.name = NULL},
};

static const char *const zph_examples[] = {"zph", "zph, transform=identity", NULL};

const struct verb verb_zph = {
    .syntax = {"zph", ARGUMENTS_NONE, false, zph_options},
    .usage = "zph [, transform=T]",
    .summary = "proportionality test of the current model",
    .details = "R's cox.zph() since survival 3.0: the score test for adding term x g(time), factors as a whole, and GLOBAL.\n"
               "g: 1 - Kaplan–Meier (km), rank, the time itself (identity), its log.  The table zph_residuals holds the\n"
               "scaled Schoenfeld residuals, about the coefficient at each event time, where they are no more than a million.",
    .tables = "zph, zph_residuals",
    .examples = zph_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_zph,
};

/* ---- residuals ---- */

/* A kind of residual: one value a row, or one a column of the design. */
struct residual_kind {
  const char *name;
  bool by_column, by_event;
};

static const struct residual_kind residual_kinds[] = {
    {"martingale", false, false}, {"deviance", false, false}, {"score", true, false},
    {"dfbeta", true, false},      {"schoenfeld", true, true}, {"scaledsch", true, true},
};

static const double *values_of(const struct cox_residuals *residuals, size_t kind)
{
  const double *const values[] = {residuals->martingale, residuals->deviance,   residuals->score,
                                  residuals->dfbeta,     residuals->schoenfeld, residuals->scaled_schoenfeld};
  return values[kind];
}

/* Residuals as they are told of. */
struct residual_output {
  const struct cox_analysis *analysis;
  const struct cox_residuals *residuals;
  size_t kind, n, width; /* n rows of `width` values */
  struct table *table;   /* NULL: nobody reads it */
  struct printed_table *printed;
  double *sorted; /* n: room */
  struct task *task;
};

static size_t row_of(const struct residual_output *output, size_t i)
{
  return residual_kinds[output->kind].by_event ? output->residuals->event_row[i] : i;
}

/* The rows of one coefficient (`column` NULL: of the model). */
static enum status add_rows(const struct residual_output *output, size_t c, const struct design_column *column)
{
  const struct gathered *gathered = &output->analysis->gathered;
  const double *values = values_of(output->residuals, output->kind);
  for (size_t i = 0; i < output->n; i++) {
    const size_t row = row_of(output, i);
    if (i % ROWS_A_CHECK == 0 && task_is_cancelled(output->task))
      return STATUS_CANCELLED;
    table_add_number(output->table, (double)gathered->rows[row] + 1);
    table_add_number(output->table, gathered->time[row]);
    table_add_number(output->table, gathered->status[row] == STATUS_EVENT);
    table_add_text(output->table, column ? output->analysis->formula.terms[column->term].name : NULL);
    table_add_text(output->table, column ? column->level : NULL);
    table_add_number(output->table, values[i * output->width + c]);
  }
  return STATUS_OK;
}

/* Their quartiles: one sort for all five. */
static void print_quartiles(const struct residual_output *output, size_t c, const struct design_column *column)
{
  const double *values = values_of(output->residuals, output->kind);
  const char *term = column ? output->analysis->formula.terms[column->term].name : "all";
  const char *level = column ? column->level : NULL;
  size_t n = 0;
  for (size_t i = 0; i < output->n; i++)
    if (isfinite(values[i * output->width + c]))
      output->sorted[n++] = values[i * output->width + c];
  sort_numbers(output->sorted, n);
  printed_table_begin_row(output->printed, PRINTED_ROW);
  printed_table_set(output->printed, 0, "%s%s%s", term, level ? ": " : "", level ? level : "");
  for (size_t q = 0; q < 5; q++)
    printed_table_set(output->printed, q + 1, n ? "%.4g" : "NE", n ? sample_quantile(output->sorted, n, (double)q / 4, 7) : 0);
}

static enum status add_residuals(const struct cox_analysis *analysis, const struct cox_residuals *residuals, size_t kind,
                                 const struct verb_context *context)
{
  static const char *const columns[] = {"", "least", "quartile", "median", "quartile", "greatest", NULL};
  const struct residual_kind *described = &residual_kinds[kind];
  struct residual_output output = {.analysis = analysis,
                                   .residuals = residuals,
                                   .kind = kind,
                                   .n = described->by_event ? residuals->n_events : residuals->n,
                                   .width = described->by_column ? residuals->n_columns : 1,
                                   .task = context->task};
  struct text title = TEXT_INIT;
  enum status status = STATUS_OK;
  if (!context->report->for_people)
    output.table = table_new("residuals", "row time status term level residual");
  text_append_format(&title, "Residuals: %s", described->name);
  output.printed = printing_table(text_string(&title), columns);
  output.sorted = memory_resize(NULL, output.n, sizeof *output.sorted);
  for (size_t c = 0; c < output.width && !status; c++) {
    const struct design_column *column = described->by_column ? &analysis->design.columns[c] : NULL;
    task_progress(context->task, (double)c / (double)output.width);
    status = output.table ? add_rows(&output, c, column) : STATUS_OK;
    if (!status)
      print_quartiles(&output, c, column);
    status = task_is_cancelled(context->task) ? STATUS_CANCELLED : status;
  }
  if (output.table)
    report_add_table(context->report, output.table);
  report_add_printed(context->report, output.printed);
  free(output.sorted);
  text_clear(&title);
  return status;
}

static enum status run_residuals(struct verb_context *context, const struct command *command, struct error *error)
{
  const char *word = arguments_word(command, "type");
  const struct cox_analysis *analysis;
  struct cox_residuals residuals;
  size_t kind = 0;
  for (size_t i = 0; word && i < sizeof residual_kinds / sizeof *residual_kinds; i++)
    if (strcmp(residual_kinds[i].name, word) == 0)
      kind = i;
  enum status status = cox_analyse_current(context->state, context->task, &analysis, error);
  if (status)
    return status;
  status = cox_residuals_compute(&analysis->gathered.data, analysis->design.x, &analysis->model, &analysis->options,
                                 context->task, &residuals);
  if (!status) {
    status = add_residuals(analysis, &residuals, kind, context);
    warn_of(analysis, context->report);
    cox_residuals_clear(&residuals);
  }
  cox_analysis_release(analysis);
  return status;
}

static const struct option_syntax residuals_options[] = {
    {"type", OPTION_WORD, "martingale|deviance|score|dfbeta|schoenfeld|scaledsch", "which residuals (martingale)"},
    {.name = NULL},
};

static const char *const residuals_examples[] = {"residuals, type=dfbeta", NULL};

const struct verb verb_residuals = {
    .syntax = {"residuals", ARGUMENTS_NONE, false, residuals_options},
    .usage = "residuals [, type=T]",
    .summary = "residuals of the current model",
    .details = "As R's residuals(coxph, type): the table residuals has a row a patient (an event for Schoenfeld's), and for\n"
               "score, dfbeta and Schoenfeld's a row a coefficient, too; row is the patient's row in the file.  dfbeta is\n"
               "about the change of the coefficient when the patient is left out.",
    .tables = "residuals",
    .examples = residuals_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_residuals,
};
