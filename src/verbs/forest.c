/* SPDX-License-Identifier: GPL-3.0-or-later */
/* forest: hazard ratios in subgroups with interaction tests, or of the current model's terms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "lang/token.h"
#include "session/selection.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/forest_interaction.h"
#include "verbs/forest_rows.h"
#include "verbs/present.h"

struct forest {
  struct verb_context *context;
  const struct command *command;
  struct cox_options options;
  struct forest_model model;
  char *reference; /* the treatment's among all, or NULL */
  struct forest_output output;
};

/* ---- the lines of `why` that derive the numbers ---- */

/* " if (age > 60) & sex == "female"": whom the command chose, and the level. */
static void append_condition(const struct forest *forest, const struct column *by, uint32_t code, struct text *line)
{
  const struct expr *condition = forest->command->condition;
  if (!condition && !by)
    return;
  text_append(line, by && condition ? " if (" : " if ");
  if (condition)
    expr_append(line, condition);
  if (!by)
    return;
  const struct column *column = cohort_find_column(forest->context->state->cohort, by->name);
  text_append(line, condition ? ") & " : "");
  token_append_name(line, by->name);
  text_append(line, " == ");
  if (column->kind == COLUMN_NUMBER)
    text_append(line, by->levels[code - 1].name);
  else
    token_append_string(line, by->levels[code - 1].name);
}

static void append_model(const struct forest *forest, struct text *line)
{
  struct text model = TEXT_INIT;
  forest_model_append(&forest->model, &model);
  text_append(line, ", model=");
  token_append_string(line, text_string(&model));
  if (arguments_word(forest->command, "ties"))
    text_append_format(line, " ties=%s", arguments_word(forest->command, "ties"));
  text_clear(&model);
}

static void append_coefficient(const struct cox_analysis *analysis, size_t c, struct text *line)
{
  const struct design_column *column = &analysis->design.columns[c];
  text_append(line, "why hr ");
  token_append_string(line, analysis->formula.terms[column->term].name);
  if (!column->level)
    return;
  text_append_char(line, ' ');
  token_append_string(line, column->level);
}

static char *why_subgroup(const struct forest *forest, const struct column *by, uint32_t code,
                          const struct cox_analysis *analysis, size_t c)
{
  struct text line = TEXT_INIT;
  append_coefficient(analysis, c, &line);
  append_condition(forest, by, code, &line);
  append_model(forest, &line);
  return text_take(&line);
}

static char *why_interaction_with(const struct forest *forest, const char *variable)
{
  struct text line = TEXT_INIT;
  text_append(&line, "why interaction ");
  token_append_string(&line, variable);
  append_condition(forest, NULL, 0, &line);
  append_model(forest, &line);
  return text_take(&line);
}

/* ---- rows ---- */

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
    const bool is_one_of_several = n_treatment_columns > 1 && column && column->level;
    struct text name = TEXT_INIT, label = TEXT_INIT, brief = TEXT_INIT;
    text_append(&label, shown);
    text_append_format(&brief, "%s: %s", shown, is_one_of_several ? column->level : "");
    if (level)
      text_append(&name, level);
    if (is_one_of_several) {
      text_append_format(&name, "%s%s", name.length ? ":" : "", column->level);
      text_append_format(&label, ": %s", column->label);
    }
    if (is_one_of_several && !by)
      forest_output_explain(&forest->output, column->level, column->label);
    char *why = column ? why_subgroup(forest, by, code, analysis, c) : NULL;
    const struct forest_subject subject = {.variable = by ? by->name : "all",
                                           .level = name.length ? text_string(&name) : NULL,
                                           .label = text_string(&label),
                                           .brief = is_one_of_several ? text_string(&brief) : NULL,
                                           .chosen = level,
                                           .indent = by ? 1 : 0,
                                           .n = analysis->model.n,
                                           .events = analysis->model.n_events,
                                           .model = column ? &analysis->model : NULL,
                                           .column = c,
                                           .interaction_p = interaction_p,
                                           .why = why};
    forest_output_add(&forest->output, &subject);
    free(why);
    text_clear(&name);
    text_clear(&label);
    text_clear(&brief);
  }
}

/* ---- one variable ---- */

/* The rows of one level, among those of the condition. */
static void select_level(const struct forest *forest, const struct column *by, uint32_t code, struct bitmap *rows)
{
  bitmap_init(rows, forest->context->state->cohort->n_rows, false);
  for (size_t row = 0; row < rows->n; row++)
    if (column_code(by, row) == code && (!forest->model.condition || bitmap_has(forest->model.condition, row)))
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
  forest_model_append(&forest->model, &text);
  select_level(forest, by, code, &rows);
  enum status status = forest_fit(forest->context, &forest->model, text_string(&text), &rows, &analysis, error);
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
  struct forest_interaction interaction = {.p_value = (double)NAN};
  enum status status = STATUS_OK;
  if (by->n_levels > 100) {
    error_set(error, "%s has %zu levels, too many for subgroups", variable, by->n_levels);
    status = error_hint(error, "cut it: derive %s_class = cut(%s, …)", variable, variable);
  }
  if (!status)
    status = forest_test_interaction(forest->context, &forest->model, variable, &interaction, error);
  if (!status && interaction.may_be_infinite)
    report_warn(forest->context->report, "%s: in the model with the interaction a coefficient may be infinite (a subgroup without "
                                         "events on one side)", variable);
  if (!status) {
    char *why = isnan(interaction.p_value) ? NULL : why_interaction_with(forest, variable);
    forest_output_add_variable(&forest->output, column_display_name(column), interaction.p_value, why);
    free(why);
  }
  for (uint32_t code = 1; code <= by->n_levels && !status; code++)
    status = add_level(forest, by, code, n_treatment_columns, interaction.p_value, error);
  column_release(by);
  return status;
}

/* ---- the two forms ---- */

/* The column of the cohort that a term is, whose levels can be chosen; NULL of any other term. */
static const struct column *factor_of_term(const struct verb_context *context, const struct cox_analysis *analysis, size_t t)
{
  const struct column *column = cohort_find_column(context->state->cohort, analysis->formula.terms[t].name);
  return column && column->kind == COLUMN_FACTOR ? column : NULL;
}

/* A factor's name and reference in the figure: what the other levels leave. */
static void add_reference(struct verb_context *context, const struct cox_analysis *analysis, size_t t,
                          struct forest_output *output)
{
  const struct design_term *term = &analysis->design.terms[t];
  struct forest_subject subject = {.variable = analysis->formula.terms[t].name,
                                   .label = present_reference_label(analysis, context->state, t),
                                   .chosen = factor_of_term(context, analysis, t) ? term->reference : NULL,
                                   .indent = 1,
                                   .n = analysis->model.n,
                                   .events = analysis->model.n_events};
  for (size_t c = term->first; c < term->first + term->n_columns; c++) {
    subject.n -= analysis->design.columns[c].n;
    subject.events -= analysis->design.columns[c].n_events;
  }
  forest_output_add_reference(output, present_term_label(analysis, context->state, t), &subject);
}

/* One coefficient: in the table under "surgery: Resection", in the figure under its factor. */
static void add_term_row(struct verb_context *context, const struct cox_analysis *analysis, size_t c,
                         struct forest_output *output)
{
  const struct design_column *column = &analysis->design.columns[c];
  const struct design_term *term = &analysis->design.terms[column->term];
  struct text label = TEXT_INIT, why = TEXT_INIT;
  text_append(&label, present_term_label(analysis, context->state, column->term));
  if (column->label)
    text_append_format(&label, ": %s", column->label);
  if (term->reference && c == term->first)
    add_reference(context, analysis, column->term, output);
  if (analysis->model.state[c] != COEFFICIENT_ALIASED)
    append_coefficient(analysis, c, &why);
  const struct forest_subject subject = {
      .variable = analysis->formula.terms[column->term].name,
      .level = column->level,
      .label = text_string(&label),
      .chosen = factor_of_term(context, analysis, column->term) ? column->level : NULL,
      .n = column->label ? column->n : analysis->model.n,
      .events = column->label ? column->n_events : analysis->model.n_events,
      .model = &analysis->model,
      .firth = &analysis->firth,
      .column = c,
      .interaction_p = (double)NAN,
      .why = why.length ? text_string(&why) : NULL};
  forest_output_add(output, &subject);
  if (term->reference) {
    forest_plot_relabel(output->plot, 1, column->label, column->level);
    forest_output_explain(output, column->level, column->label);
  }
  text_clear(&label);
  text_clear(&why);
}

/* `forest` alone: the current model's terms. */
static enum status show_model(struct verb_context *context, struct error *error)
{
  const struct cox_analysis *analysis;
  struct forest_output output;
  enum status status = cox_analyse_current(context->state, context->task, &analysis, error);
  if (status)
    return status;
  forest_output_init(&output, &analysis->options, false);
  for (size_t c = 0; c < analysis->design.n_columns; c++)
    add_term_row(context, analysis, c, &output);
  report_set_cohort(context->report, analysis->gathered.n_on_view, analysis->gathered.n_used);
  forest_output_hand_over(&output, context->report);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(context->report, "%s", analysis->warnings[i]);
  cox_analysis_release(analysis);
  return STATUS_OK;
}

/* Everyone, then each variable of over=. */
static enum status fill(struct forest *forest, const struct command_option *over, struct error *error)
{
  struct cox_analysis all;
  struct text text = TEXT_INIT;
  forest_model_append(&forest->model, &text);
  enum status status = forest_fit(forest->context, &forest->model, text_string(&text), forest->model.condition, &all, error);
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
    forest_output_name_reference(&forest->output, present_reference_label(&all, forest->context->state, 0), forest->reference);
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
  forest_split_terms(&formula, treatment, adjust);
  formula_clear(&formula);
  return STATUS_OK;
}

static enum status show_subgroups(struct verb_context *context, const struct command *command, struct error *error)
{
  const struct command_option *over;
  struct text treatment = TEXT_INIT, adjust = TEXT_INIT;
  struct bitmap *condition = NULL;
  struct forest forest = {.context = context,
                          .command = command,
                          .options = {.ties = arguments_ties(command, context->state),
                                      .level = context->state->settings.level}};
  enum status status = check_over(command, context->state, &over, error);
  if (!status)
    status = read_terms(command, &treatment, &adjust, error);
  if (!status)
    status = arguments_condition(command, context->state, &condition, error);
  if (!status) {
    forest.model = (struct forest_model){.treatment = text_string(&treatment),
                                         .adjust = adjust.length ? text_string(&adjust) : NULL,
                                         .options = &forest.options,
                                         .condition = condition};
    forest_output_init(&forest.output, &forest.options, true);
    status = fill(&forest, over, error);
    if (forest.model.adjust)
      printed_table_note(forest.output.printed, "Adjusted for %s.", forest.model.adjust);
    printed_table_note(forest.output.printed, "Interaction p: likelihood ratio of treatment x variable.");
    forest_output_hand_over(&forest.output, context->report);
  }
  arguments_free_condition(condition);
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
               "estimate stays in the table and is named in a warning.  With plots (--plot, the explorer's view 4, export to .svg)\n"
               "the intervals are drawn beside their numbers; the interaction p stands on the variable's line.",
    .tables = "forest",
    .examples = forest_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .draws = true,
    .run = run_forest,
};
