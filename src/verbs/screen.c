/* SPDX-License-Identifier: GPL-3.0-or-later */
/* screen: one-variable models, then the joint model of those that pass. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/selection.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/printing.h"

/* What decides whether a variable goes on. */
enum screen_rule { RULE_DEFAULT, RULE_WALD, RULE_LOGRANK, RULE_LR, RULE_SCORE };

struct screening {
  struct verb_context *context;
  struct formula formula; /* all candidates */
  struct bitmap *condition;
  struct cox_options options;
  enum screen_rule rule;
  double limit;
  bool *is_forced; /* or NULL */
  bool *is_chosen;
  struct table *table;
  struct printed_table *printed;
};

enum { COLUMN_NAME, COLUMN_N, COLUMN_EVENTS, COLUMN_MEDIAN, COLUMN_LOGRANK, COLUMN_HR, COLUMN_P };

/* ---- what a level of a factor shows ---- */

struct level_counts {
  double n, events, median;
};

/* The rows' levels as groups: 0 the reference, then the design's columns. */
static uint32_t *level_groups(const struct cox_analysis *analysis, const struct design_term *term)
{
  const struct design *design = &analysis->design;
  uint32_t *group = memory_new(design->n_rows, sizeof *group);
  for (size_t i = 0; i < design->n_rows; i++)
    for (size_t c = 0; c < term->n_columns; c++)
      if (design->x[i * design->n_columns + term->first + c] != 0)
        group[i] = (uint32_t)c + 1;
  return group;
}

/* Counts and medians of n_groups groups, and (two or more) the log-rank p; NaN where there is nothing to compare. */
static enum status describe_groups(const struct screening *screening, const struct survival_data *data,
                                   struct level_counts *levels, double *logrank_p)
{
  const struct settings *settings = &screening->context->state->settings;
  const struct km_options options = {.conf = settings->conf, .level = settings->level};
  struct km_curve *curves = memory_new(data->n_groups, sizeof *curves);
  enum status status = km_fit(data, &options, screening->context->task, curves);
  for (size_t g = 0; g < data->n_groups && !status; g++) {
    levels[g].n = curves[g].n;
    levels[g].events = curves[g].n_events;
    levels[g].median = km_quantile(&curves[g], 0.5, settings->quantiles, settings->level).time;
    km_curve_clear(&curves[g]);
  }
  free(curves);
  *logrank_p = (double)NAN;
  if (status || data->n_groups < 2 || data->n_groups > LOGRANK_MAX_GROUPS)
    return status;
  const struct logrank_options plain = {.weight = LOGRANK_PLAIN};
  struct logrank_result result;
  status = logrank_test(data, &plain, screening->context->task, &result);
  if (status)
    return status;
  *logrank_p = result.p_value;
  logrank_result_clear(&result);
  return STATUS_OK;
}

/* ---- rows of the table ---- */

static void add_row(struct screening *screening, const struct cox_analysis *analysis, const char *level,
                    const char *label, const struct level_counts *counts, size_t column, double logrank_p)
{
  const struct cox_model *model = &analysis->model;
  const bool has_estimate = column < model->n_columns;
  const double beta = has_estimate ? model->beta[column] : (double)NAN;
  const double error = has_estimate ? model->std_error[column] : (double)NAN;
  const double z = normal_half_width(analysis->options.level), p = normal_two_sided(beta / error);
  const double low = exp(beta - z * error), high = exp(beta + z * error);
  struct table *table = screening->table;
  table_add_text(table, analysis->formula.terms[0].name);
  table_add_text(table, level);
  table_add_number(table, counts->n);
  table_add_number(table, counts->events);
  table_add_number(table, counts->median);
  table_add_number(table, beta);
  table_add_number(table, error);
  table_add_number(table, p);
  table_add_number(table, exp(beta));
  table_add_number(table, low);
  table_add_number(table, high);
  table_add_number(table, logrank_p);

  struct printed_table *printed = screening->printed;
  struct text median = TEXT_INIT;
  printed_table_begin_row(printed, PRINTED_ROW);
  printed_table_set(printed, COLUMN_NAME, "%s", label);
  printing_count(printed, COLUMN_N, counts->n);
  printing_count(printed, COLUMN_EVENTS, counts->events);
  if (counts->n > 0)
    printed_append_time(&median, counts->median, 2);
  printed_table_set(printed, COLUMN_MEDIAN, "%s", text_string(&median));
  text_clear(&median);
  if (!has_estimate) {
    printed_table_set(printed, COLUMN_HR, "reference");
    return;
  }
  printing_hazard_ratio(printed, COLUMN_HR, exp(beta), low, high);
  printing_p(printed, COLUMN_P, p);
}

/* A factor: its name with the log-rank p, then the reference and the other levels. */
static void add_factor(struct screening *screening, const struct cox_analysis *analysis,
                       const struct level_counts *levels, double logrank_p)
{
  const struct state *state = screening->context->state;
  const struct design *design = &analysis->design;
  printed_table_begin_row(screening->printed, isnan(logrank_p) ? PRINTED_HEADING : PRINTED_ROW);
  printed_table_set(screening->printed, COLUMN_NAME, "%s", present_term_label(analysis, state, 0));
  printing_p(screening->printed, COLUMN_LOGRANK, logrank_p);
  for (size_t g = 0; g <= design->n_columns; g++) {
    struct text label = TEXT_INIT;
    text_append_format(&label, "  %s", g ? design->columns[g - 1].label : present_reference_label(analysis, state, 0));
    add_row(screening, analysis, g ? design->columns[g - 1].level : design->terms[0].reference, text_string(&label),
            &levels[g], g ? g - 1 : design->n_columns, logrank_p);
    text_clear(&label);
  }
}

static void add_others(struct screening *screening, const struct cox_analysis *analysis, const struct level_counts *all)
{
  const struct design *design = &analysis->design;
  for (size_t c = 0; c < design->n_columns; c++) {
    const struct design_column *column = &design->columns[c];
    struct text label = TEXT_INIT;
    struct level_counts counts = *all;
    text_append(&label, present_term_label(analysis, screening->context->state, 0));
    if (column->label) {
      text_append_format(&label, " (%s)", column->label);
      counts = (struct level_counts){column->n, column->n_events, (double)NAN};
    }
    add_row(screening, analysis, column->level, text_string(&label), &counts, c, (double)NAN);
    text_clear(&label);
  }
}

/* ---- the decision ---- */

static double deciding_p(const struct screening *screening, const struct cox_analysis *analysis, bool is_factor,
                         double logrank_p)
{
  const struct cox_model *model = &analysis->model;
  enum screen_rule rule = screening->rule;
  if (rule == RULE_DEFAULT)
    rule = is_factor ? RULE_LOGRANK : RULE_WALD;
  if (rule == RULE_LOGRANK && !is_factor)
    rule = RULE_SCORE;
  switch (rule) {
  case RULE_LOGRANK:
    return logrank_p;
  case RULE_LR:
    return chi_square_upper(model->lr_statistic, model->df);
  case RULE_SCORE:
    return chi_square_upper(model->score_statistic, model->df);
  default:
    return cox_term_wald(model, 0, model->n_columns).p_value;
  }
}

static enum status show_variable(struct screening *screening, size_t term, const struct cox_analysis *analysis)
{
  const bool is_factor = analysis->design.n_terms && analysis->design.terms[0].reference;
  const size_t n_levels = is_factor ? analysis->design.n_columns + 1 : 1;
  struct level_counts *levels = memory_new(n_levels, sizeof *levels);
  struct survival_data data = analysis->gathered.data;
  uint32_t *group = is_factor ? level_groups(analysis, &analysis->design.terms[0]) : NULL;
  double logrank_p;
  data.group = n_levels > 1 ? group : NULL;
  data.n_groups = n_levels;
  enum status status = describe_groups(screening, &data, levels, &logrank_p);
  if (!status) {
    if (is_factor)
      add_factor(screening, analysis, levels, logrank_p);
    else
      add_others(screening, analysis, levels);
    const double p = deciding_p(screening, analysis, is_factor, logrank_p);
    screening->is_chosen[term] = p <= screening->limit || (screening->is_forced && screening->is_forced[term]);
  }
  free(group);
  free(levels);
  return status;
}

/* The formula of the terms that are in, fitted on the rows complete in it. */
static enum status analyse_terms(const struct screening *screening, const bool *is_in, struct text *text,
                                 struct cox_analysis *analysis, struct error *error)
{
  struct formula formula;
  text_truncate(text, 0);
  formula_append_terms(text, &screening->formula, is_in);
  if (formula_parse_string(text_string(text), &formula, error))
    return STATUS_ERROR;
  const struct cox_request request = {
      .formula = &formula, .options = screening->options, .condition = screening->condition};
  enum status status =
      cox_analyse(screening->context->state, &request, screening->context->task, analysis, error);
  formula_clear(&formula);
  return status;
}

static enum status screen_each(struct screening *screening, struct error *error)
{
  const size_t n_terms = screening->formula.n_terms;
  bool *is_in = memory_new(n_terms, sizeof *is_in);
  struct text text = TEXT_INIT;
  enum status status = STATUS_OK;
  for (size_t t = 0; t < n_terms && !status; t++) {
    struct cox_analysis analysis;
    is_in[t] = true;
    status = analyse_terms(screening, is_in, &text, &analysis, error);
    is_in[t] = false;
    if (status)
      break;
    status = show_variable(screening, t, &analysis);
    for (size_t i = 0; i < analysis.n_warnings; i++)
      report_warn(screening->context->report, "%s alone: %s", screening->formula.terms[t].name, analysis.warnings[i]);
    cox_analysis_clear(&analysis);
    task_progress(screening->context->task, (double)(t + 1) / (double)(n_terms + 1));
  }
  text_clear(&text);
  free(is_in);
  return status;
}

/* ---- the joint model ---- */

static void note_rule(const struct screening *screening)
{
  static const char *const names[] = {"the log-rank p of a factor, the Wald p of a number", "the Wald p",
                                      "the log-rank p of a factor, the score-test p of a number",
                                      "the likelihood-ratio p", "the score-test p"};
  printed_table_note(screening->printed, "To the joint model: %s at or under %g%s.", names[screening->rule],
                     screening->limit, screening->is_forced ? ", and what is forced" : "");
  printed_table_note(screening->printed, "Each variable on its own complete patients.  Limits: %g %%, Wald; ties: %s.",
                     100 * screening->options.level, ties_name(screening->options.ties));
}

static enum status join(struct screening *screening, struct error *error)
{
  struct report *report = screening->context->report;
  struct text text = TEXT_INIT;
  struct cox_analysis analysis;
  enum status status = analyse_terms(screening, screening->is_chosen, &text, &analysis, error);
  if (!status) {
    struct state *changed = state_copy(screening->context->state);
    state_set_model(changed, text_string(&text));
    changed->model_settings.has_ties = screening->options.ties != changed->settings.ties;
    changed->model_settings.ties = screening->options.ties;
    report_set_cohort(report, analysis.gathered.n_on_view, analysis.gathered.n_used);
    report_add_table(report, present_cox_terms_as("screen_multivariate", &analysis));
    report_add_table(report, present_cox_fit(&analysis));
    if (analysis.formula.n_terms)
      report_add_printed(report, present_cox_printed(&analysis, changed));
    else
      report_warn(report, "no variable passes: there is no joint model");
    if (analysis.n_incomplete)
      report_warn(report, "joint model: %zu of %zu patients left out for missing values", analysis.n_incomplete,
                  analysis.gathered.n_on_view);
    for (size_t i = 0; i < analysis.n_warnings && analysis.formula.n_terms; i++)
      report_warn(report, "joint model: %s", analysis.warnings[i]);
    cox_analysis_clear(&analysis);
    session_propose(screening->context->session, changed);
  }
  text_clear(&text);
  return status;
}

/* ---- the command ---- */

static enum status read_command(struct screening *screening, const struct command *command, struct error *error)
{
  static const char *const rules[] = {"wald", "logrank", "lr", "score"};
  const struct state *state = screening->context->state;
  const char *select = arguments_word(command, "select");
  for (size_t i = 0; select && i < 4; i++)
    if (strcmp(select, rules[i]) == 0)
      screening->rule = (enum screen_rule)(i + 1);
  screening->limit = arguments_number(command, "p", 0.05);
  screening->options = (struct cox_options){.ties = arguments_ties(command, state), .level = state->settings.level};
  if (!screening->formula.n_terms) {
    error_set(error, "screen tries variables one by one, and none is named");
    return error_hint(error, "screen age sex grade surgery, p=0.05");
  }
  if (!(screening->limit >= 0 && screening->limit <= 1)) {
    const struct command_option *option = command_find_option(command, "p");
    error_set(error, "p= wants a limit from 0 to 1");
    return error_in_command(error, option->start, option->length);
  }
  if (arguments_terms(command, "force", &screening->formula, &screening->is_forced, error))
    return STATUS_ERROR;
  return arguments_condition(command, state, &screening->condition, error);
}

static enum status run_screen(struct verb_context *context, const struct command *command, struct error *error)
{
  static const char *const columns[] = {"", "n", "events", "median", "log-rank p", "HR (limits)", "p", NULL};
  struct screening screening = {.context = context};
  if (formula_parse_list(&command->tokens, command->begin, command->end, &screening.formula, error))
    return STATUS_ERROR;
  enum status status = read_command(&screening, command, error);
  if (!status) {
    screening.is_chosen = memory_new(screening.formula.n_terms, sizeof *screening.is_chosen);
    screening.table = table_new("screen_univariate", "term level n events median estimate std_error p_value hr conf_low "
                                                     "conf_high logrank_p");
    screening.printed = printing_table("One variable at a time", columns);
    status = screen_each(&screening, error);
    note_rule(&screening);
    report_add_table(context->report, screening.table);
    report_add_printed(context->report, screening.printed);
  }
  if (!status)
    status = join(&screening, error);
  arguments_free_condition(screening.condition);
  free(screening.is_forced);
  free(screening.is_chosen);
  formula_clear(&screening.formula);
  return status;
}

static const struct option_syntax screen_options[] = {
    {"p", OPTION_NUMBER, NULL, "limit of p for the joint model (0.05)"},
    {"force", OPTION_LIST, NULL, "variables that go to the joint model whatever their p"},
    {"select", OPTION_WORD, "wald|logrank|lr|score", "whose p decides: default log-rank for factors, Wald for numbers"},
    {"ties", OPTION_WORD, "efron|breslow|exact", "how tied event times are handled"},
    {.name = NULL},
};

static const char *const screen_examples[] = {
    "screen age sex ref(grade,\"NEC\") surgery, p=0.15 force=surgery select=logrank", NULL};

const struct verb verb_screen = {
    .syntax = {"screen", ARGUMENTS_TERMS, true, screen_options},
    .usage = "screen VARIABLE … [if EXPR] [, p=P force=V,… select=RULE ties=METHOD]",
    .summary = "one-variable models for each, then the joint model of those that pass",
    .details = "For each variable its levels' numbers, events and medians, the log-rank p, and the hazard ratios of a model\n"
               "of it alone, on its own complete patients.  Those with a p at or under p= make the joint model, which\n"
               "becomes the current one.  Variables stand with blanks or + between them; each is a term as in cox.",
    .tables = "screen_univariate, screen_multivariate, cox_fit",
    .examples = screen_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .changes_state = true,
    .run = run_screen,
};
