/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forest: hazard ratios in subgroups with interaction tests, or of the current model's terms. */
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

struct forest {
  struct verb_context *context;
  struct cox_options options;
  const char *treatment; /* the formula's text */
  const char *adjust;    /* further terms, or NULL */
  char *reference;       /* the treatment's among all, or NULL */
  struct bitmap *condition;
  struct table *table;
  struct printed_table *printed;

};

enum { COLUMN_NAME, COLUMN_N, COLUMN_EVENTS, COLUMN_HR, COLUMN_P, COLUMN_INTERACTION };

static enum status analyse(const struct forest *forest, const char *formula_text, const struct bitmap *condition,
                           struct cox_analysis *analysis, struct error *error)
{
  struct formula formula;
  if (formula_parse_string(formula_text, &formula, error))
    return STATUS_ERROR;
  const struct cox_request request = {.formula = &formula, .options = forest->options, .condition = condition};
  enum status status = cox_analyse(forest->context->state, &request, forest->context->task, analysis, error);
  formula_clear(&formula);
  return status;
}

/* ---- rows ---- */

static void add_row(struct forest *forest, const char *variable, const char *level, const char *label, double n,
                    double events, const struct cox_model *model, size_t column, double interaction_p)
{
  const bool is_fitted = model && column < model->n_columns && model->state[column] == COEFFICIENT_FINITE && events > 0;
  const double beta = is_fitted ? model->beta[column] : (double)NAN;
  const double error = is_fitted ? model->std_error[column] : (double)NAN;
  const double z = normal_half_width(forest->options.level), p = normal_two_sided(beta / error);
  const double low = exp(beta - z * error), high = exp(beta + z * error);
  table_add_text(forest->table, variable);
  table_add_text(forest->table, level);
  table_add_number(forest->table, n);
  table_add_number(forest->table, events);
  table_add_number(forest->table, exp(beta));
  table_add_number(forest->table, low);
  table_add_number(forest->table, high);
  table_add_number(forest->table, p);
  table_add_number(forest->table, interaction_p);
  printed_table_begin_row(forest->printed, PRINTED_ROW);
  printed_table_set(forest->printed, COLUMN_NAME, "%s", label);
  printing_count(forest->printed, COLUMN_N, n);
  printing_count(forest->printed, COLUMN_EVENTS, events);
  printing_hazard_ratio(forest->printed, COLUMN_HR, exp(beta), low, high);
  printing_p(forest->printed, COLUMN_P, p);
}

/* The treatment's columns in an analysis: 0 where it has but one value there. */
static size_t count_treatment_columns(const struct cox_analysis *analysis)
{
  return analysis->design.n_terms ? analysis->design.terms[0].n_columns : 0;
}

/* The treatment's columns of a fitted subgroup: one row, or one for each level of a treatment with several. */
static void add_subgroup(struct forest *forest, const struct column *by, uint32_t code,
                         const struct cox_analysis *analysis, size_t n_treatment_columns, double interaction_p)
{
  const char *level = by ? by->levels[code - 1].name : NULL;
  const char *shown = by ? column_level_display_name(by, code) : "All";
  const size_t n_columns = count_treatment_columns(analysis);
  for (size_t c = 0; c < n_columns || c == 0; c++) {
    const struct design_column *column = c < n_columns ? &analysis->design.columns[c] : NULL;
    struct text name = TEXT_INIT, label = TEXT_INIT;
    text_append_format(&label, "%s%s", by ? "  " : "", shown);
    if (level)
      text_append(&name, level);
    if (n_treatment_columns > 1 && column && column->level) {
      text_append_format(&name, "%s%s", name.length ? ":" : "", column->level);
      text_append_format(&label, ": %s", column->label);
    }
    add_row(forest, by ? by->name : "all", name.length ? text_string(&name) : NULL, text_string(&label),
            analysis->model.n, analysis->model.n_events, column ? &analysis->model : NULL, c, interaction_p);
    text_clear(&name);
    text_clear(&label);
  }
}

/* ---- one variable ---- */

/* The likelihood-ratio test of treatment x variable against both main effects; NaN where it has no freedom. */
static enum status test_interaction(const struct forest *forest, const char *variable, double *p, struct error *error)
{
  struct text text = TEXT_INIT;
  struct cox_analysis main_effects, interaction;
  const char *plus = forest->adjust ? " + " : "", *adjust = forest->adjust ? forest->adjust : "";
  struct text name = TEXT_INIT;
  text_append(&name, "factor(");
  token_append_name(&name, variable);
  text_append_char(&name, ')');
  text_append_format(&text, "%s + %s%s%s", forest->treatment, text_string(&name), plus, adjust);
  enum status status = analyse(forest, text_string(&text), forest->condition, &main_effects, error);
  if (!status) {
    text_truncate(&text, 0);
    text_append_format(&text, "%s * %s%s%s", forest->treatment, text_string(&name), plus, adjust);
    status = analyse(forest, text_string(&text), forest->condition, &interaction, error);
    if (!status) {
      const double df = interaction.model.df - main_effects.model.df;
      const double statistic = 2 * (interaction.model.loglik - main_effects.model.loglik);
      *p = chi_square_upper(fmax(statistic, 0), df);
      for (size_t c = 0; c < interaction.model.n_columns; c++)
        if (interaction.model.state[c] == COEFFICIENT_INFINITE) {
          report_warn(forest->context->report, "%s: in the model with the interaction a coefficient may be infinite (a "
                                               "subgroup without events on one side)", variable);
          break;
        }
      cox_analysis_clear(&interaction);
    }
    cox_analysis_clear(&main_effects);
  }
  text_clear(&text);
  text_clear(&name);
  return status;
}

/* The rows of one level, among those of the condition. */
static void select_level(const struct forest *forest, const struct column *by, uint32_t code, struct bitmap *rows)
{
  bitmap_init(rows, forest->context->state->cohort->n_rows, false);
  for (size_t row = 0; row < rows->n; row++)
    if (column_code(by, row) == code && (!forest->condition || bitmap_has(forest->condition, row)))
      bitmap_add(rows, row);
}

/* Says so where a subgroup lacks the treatment's reference, so that another level stands in for it. */
static void warn_of_reference(const struct forest *forest, const struct column *by, uint32_t code,
                              const struct cox_analysis *analysis)
{
  if (!forest->reference || !count_treatment_columns(analysis))
    return;
  const char *reference = analysis->design.terms[0].reference;
  if (reference && strcmp(reference, forest->reference) != 0)
    report_warn(forest->context->report, "%s = %s: nobody there has the reference %s: the hazard ratios there are against %s",
                by->name, by->levels[code - 1].name, forest->reference, reference);
}

static enum status add_level(struct forest *forest, const struct column *by, uint32_t code, size_t n_treatment_columns,
                             double interaction_p, struct error *error)
{
  struct bitmap rows;
  struct cox_analysis analysis;
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s%s%s", forest->treatment, forest->adjust ? " + " : "",
                     forest->adjust ? forest->adjust : "");
  select_level(forest, by, code, &rows);
  enum status status = analyse(forest, text_string(&text), &rows, &analysis, error);
  text_clear(&text);
  bitmap_clear(&rows);
  if (status)
    return status;
  if (analysis.gathered.n_used) {
    add_subgroup(forest, by, code, &analysis, n_treatment_columns, interaction_p);
    warn_of_reference(forest, by, code, &analysis);
    const bool is_fitted = count_treatment_columns(&analysis) && analysis.model.n_events > 0 &&
                           analysis.model.state[0] == COEFFICIENT_FINITE;
    if (!is_fitted)
      report_warn(forest->context->report, "%s = %s: no hazard ratio there (no events, or one side of the treatment is "
                                           "empty or without events)", by->name, by->levels[code - 1].name);
  }
  cox_analysis_clear(&analysis);
  return STATUS_OK;
}

static enum status add_variable(struct forest *forest, const char *variable, size_t n_treatment_columns,
                                struct error *error)
{
  const struct column *column = cohort_find_column(forest->context->state->cohort, variable);
  struct column *by = column_as_factor(column);
  double interaction_p = (double)NAN;
  enum status status = STATUS_OK;
  if (by->n_levels > 100) {
    error_set(error, "%s has %zu levels, too many for subgroups", variable, by->n_levels);
    status = error_hint(error, "cut it: derive %s_class = cut(%s, …)", variable, variable);
  }
  if (!status)
    status = test_interaction(forest, variable, &interaction_p, error);
  if (!status) {
    printed_table_begin_row(forest->printed, isnan(interaction_p) ? PRINTED_HEADING : PRINTED_ROW);
    printed_table_set(forest->printed, COLUMN_NAME, "%s", column_display_name(column));
    printing_p(forest->printed, COLUMN_INTERACTION, interaction_p);
  }
  for (uint32_t code = 1; code <= by->n_levels && !status; code++)
    status = add_level(forest, by, code, n_treatment_columns, interaction_p, error);
  column_release(by);
  return status;
}

/* ---- the two forms ---- */

static void forest_init(struct forest *forest, struct verb_context *context, bool has_interaction)
{
  static const char *const columns[] = {"", "n", "events", "HR (limits)", "p", "interaction p", NULL};
  static const char *const model_columns[] = {"", "n", "events", "HR (limits)", "p", NULL};
  forest->context = context;
  forest->table = table_new("forest", "variable level n events hr conf_low conf_high p_value interaction_p");
  forest->printed = printing_table(has_interaction ? "Hazard ratios in subgroups" : "Hazard ratios",
                                   has_interaction ? columns : model_columns);
}

static void hand_over(struct forest *forest)
{
  printed_table_note(forest->printed, "Limits: %g %%, Wald; ties: %s.", 100 * forest->options.level,
                     ties_name(forest->options.ties));
  report_add_table(forest->context->report, forest->table);
  report_add_printed(forest->context->report, forest->printed);
}

/* `forest` alone: the current model's terms. */
static enum status show_model(struct verb_context *context, struct error *error)
{
  struct cox_analysis analysis;
  enum status status = cox_analyse_current(context->state, context->task, &analysis, error);
  if (status)
    return status;
  struct forest forest = {.options = analysis.options};
  forest_init(&forest, context, false);
  for (size_t c = 0; c < analysis.design.n_columns; c++) {
    const struct design_column *column = &analysis.design.columns[c];
    struct text label = TEXT_INIT;
    text_append(&label, present_term_label(&analysis, context->state, column->term));
    if (column->label)
      text_append_format(&label, ": %s", column->label);
    add_row(&forest, analysis.formula.terms[column->term].name, column->level, text_string(&label),
            column->label ? column->n : analysis.model.n, column->label ? column->n_events : analysis.model.n_events,
            &analysis.model, c, (double)NAN);
    text_clear(&label);
  }
  report_set_cohort(context->report, analysis.gathered.n_on_view, analysis.gathered.n_used);
  hand_over(&forest);
  for (size_t i = 0; i < analysis.n_warnings; i++)
    report_warn(context->report, "%s", analysis.warnings[i]);
  cox_analysis_clear(&analysis);
  return STATUS_OK;
}

/* Everyone, then each variable of over=. */
static enum status fill(struct forest *forest, const struct command_option *over, struct error *error)
{
  struct cox_analysis all;
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s%s%s", forest->treatment, forest->adjust ? " + " : "",
                     forest->adjust ? forest->adjust : "");
  enum status status = analyse(forest, text_string(&text), forest->condition, &all, error);
  text_clear(&text);
  if (status)
    return status;
  const size_t n_columns = count_treatment_columns(&all);
  report_set_cohort(forest->context->report, all.gathered.n_on_view, all.gathered.n_used);
  add_subgroup(forest, NULL, 0, &all, n_columns, (double)NAN);
  for (size_t i = 0; i < all.n_warnings; i++)
    report_warn(forest->context->report, "%s", all.warnings[i]);
  if (all.design.n_terms && all.design.terms[0].reference) {
    forest->reference = memory_copy_string(all.design.terms[0].reference);
    printed_table_note(forest->printed, "Reference: %s.", present_reference_label(&all, forest->context->state, 0));
  }
  cox_analysis_clear(&all);
  for (size_t i = 0; i < over->n_items && !status; i++)
    status = add_variable(forest, over->items[i], n_columns, error);
  return status;
}

static enum status check_over(const struct command *command, const struct state *state,
                              const struct command_option **over, struct error *error)
{
  *over = command_find_option(command, "over");
  if (!*over) {
    error_set(error, "forest of a treatment wants the subgroups in over=");
    return error_hint(error, "forest surgery, over=sex,grade; forest alone shows the current model");
  }
  for (size_t i = 0; i < (*over)->n_items; i++) {
    const struct column *column;
    if (arguments_find_column(state, (*over)->items[i], (*over)->start, (*over)->length, &column, error))
      return STATUS_ERROR;
  }
  return STATUS_OK;
}

/* The treatment's term, and what it is adjusted for, as texts. */
static enum status read_terms(const struct command *command, struct text *treatment, struct text *adjust,
                              struct error *error)
{
  struct formula formula;
  if (formula_parse_list(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  bool *is_in = memory_new(formula.n_terms + 1, sizeof *is_in);
  const size_t n_strata = formula.n_strata;
  formula.n_strata = 0;
  is_in[0] = true;
  if (formula.n_terms)
    formula_append_terms(treatment, &formula, is_in);
  formula.n_strata = n_strata;
  for (size_t t = 0; t < formula.n_terms; t++)
    is_in[t] = t > 0;
  formula_append_terms(adjust, &formula, is_in);
  free(is_in);
  formula_clear(&formula);
  return STATUS_OK;
}

static enum status show_subgroups(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct command_option *over;
  struct text treatment = TEXT_INIT, adjust = TEXT_INIT;
  struct forest forest = {.options = {.ties = arguments_ties(command, context->state),
                                      .level = context->state->settings.level}};
  enum status status = check_over(command, context->state, &over, error);
  if (!status)
    status = read_terms(command, &treatment, &adjust, error);
  if (!status)
    status = arguments_condition(command, context->state, &forest.condition, error);
  if (!status) {
    forest_init(&forest, context, true);
    forest.treatment = text_string(&treatment);
    forest.adjust = adjust.length ? text_string(&adjust) : NULL;
    status = fill(&forest, over, error);
    if (forest.adjust)
      printed_table_note(forest.printed, "Adjusted for %s.", forest.adjust);
    printed_table_note(forest.printed, "Interaction p: likelihood ratio of treatment x variable.");
    hand_over(&forest);
  }
  arguments_free_condition(forest.condition);
  free(forest.reference);
  text_clear(&treatment);
  text_clear(&adjust);
  return status;
}

static enum status run_forest(struct verb_context *context, const struct command *command, struct error *error)
{
  if (command->begin == command->end)
    return show_model(context, error);
  return show_subgroups(context, command, error);
}

static const struct option_syntax forest_options[] = {
    {"over", OPTION_LIST, NULL, "variables whose levels are the subgroups"},
    {"ties", OPTION_WORD, "efron|breslow|exact", "how tied event times are handled"},
    {.name = NULL},
};

static const char *const forest_examples[] = {"forest surgery, over=sex,hm_distribution,functioning",
                                              "forest surgery + age, over=sex", NULL};

const struct verb verb_forest = {
    .syntax = {"forest", ARGUMENTS_TERMS, true, forest_options},
    .usage = "forest [TREATMENT [+ TERM …] [if EXPR] , over=VARIABLE,… ties=METHOD]",
    .summary = "hazard ratios in subgroups with interaction tests, or of the current model",
    .details = "The first term's hazard ratio in each level of each variable of over=, adjusted for the terms that follow it;\n"
               "n and events are those of the complete patients used there.  Interaction p: likelihood ratio of treatment x\n"
               "variable against both main effects.  forest alone lists the current model's terms.  A subgroup without an\n"
               "estimate stays in the table and is named in a warning.",
    .examples = forest_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_forest,
};
