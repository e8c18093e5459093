/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why hr …, model=; why interaction: the numbers of forest, by its own models. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/kept_model.h"
#include "verbs/arguments.h"
#include "verbs/forest_interaction.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

/* An error in the text of model= has its place there, not in the line: it is told of the option. */
static enum status read_formula(const struct why *why, struct formula *formula, struct error *error)
{
  const struct command_option *option = command_find_option(why->command, "model");
  if (formula_parse_string(option->value, formula, error)) {
    formula_clear(formula);
    return error_in_command(error, option->start, option->length);
  }
  return STATUS_OK;
}

enum status why_fit(const struct why *why, const struct cox_analysis **analysis, struct error *error)
{
  const struct state *state = why->context->state;
  struct formula formula = FORMULA_INIT;
  struct bitmap *condition = NULL;
  if (!command_find_option(why->command, "model")) {
    if (why_refuse_condition(why, error))
      return STATUS_ERROR;
    return cox_analyse_current(state, why->context->task, analysis, error);
  }
  if (read_formula(why, &formula, error))
    return STATUS_ERROR;
  enum status status = arguments_condition(why->command, state, &condition, error);
  if (!status) {
    const struct cox_request request = {
        .formula = &formula,
        .options = {.ties = arguments_ties(why->command, state), .level = state->settings.level},
        .condition = condition};
    status = cox_analyse_apart(state, &request, why->context->task, analysis, error);
  }
  arguments_free_condition(condition);
  formula_clear(&formula);
  return status;
}

/* ---- the interaction ---- */

static void say_interaction(struct why *why, const struct forest_interaction *found, const char *treatment,
                            const char *variable)
{
  struct text p = TEXT_INIT;
  why_append_p(&p, found->p_value);
  why_say(why->report, "Interaction of %s with %s: %s", treatment, variable, text_string(&p));
  why_say(why->report, "Two Cox models of the same %.10g patients (%.10g events): one in which %s has the same hazard ratio at "
                       "every level of %s, one in which it may have another at each.",
          found->n, found->n_events, treatment, variable);
  why_say(why->report, "Statistic: 2 × (log likelihood with the interaction - without) = 2 × (%.6f - (%.6f)) = %.5f.", found->loglik,
          found->loglik_main, found->statistic);
  why_say(why->report, "Degrees of freedom: coefficients with it - without = %.10g - %.10g = %.10g.  Chi-square over %.5g with so "
                       "many: %s.",
          found->df_both, found->df_main, found->df, found->statistic, text_string(&p));
  if (found->may_be_infinite)
    report_warn(why->report, "with the interaction a coefficient may be infinite (a subgroup without events on one side); the "
                             "likelihoods are finite");
  text_clear(&p);
}

static void add_steps(struct why *why, const struct forest_interaction *found)
{
  const struct why_line lines[] = {
      {"loglik_main", NULL, found->loglik_main, NULL}, {"df_main", NULL, found->df_main, NULL},
      {"loglik", NULL, found->loglik, NULL},           {"df_both", NULL, found->df_both, NULL},
      {"statistic", NULL, found->statistic, NULL},     {"df", NULL, found->df, NULL},
      {"p_value", NULL, found->p_value, NULL},         {NULL, NULL, 0, NULL}};
  why_add_lines(why, lines);
}

static enum status compare(struct why *why, const struct formula *formula, const struct column *column,
                           const struct bitmap *condition, struct error *error)
{
  const struct state *state = why->context->state;
  const struct cox_options options = {.ties = arguments_ties(why->command, state), .level = state->settings.level};
  struct text treatment = TEXT_INIT, adjust = TEXT_INIT;
  struct forest_interaction found;
  forest_split_terms(formula, &treatment, &adjust);
  const struct forest_model model = {.treatment = text_string(&treatment),
                                     .adjust = adjust.length ? text_string(&adjust) : NULL,
                                     .options = &options,
                                     .condition = condition};
  enum status status = forest_test_interaction(why->context, &model, column->name, &found, error);
  if (!status && isnan(found.p_value)) {
    error_set(error, "there is no interaction of %s with %s to test here: one of them has but one value, or they are the same",
              model.treatment, column->name);
    status = error_hint(error, "filter off shows all patients again");
  } else if (!status) {
    report_set_cohort(why->report, (size_t)found.n, (size_t)found.n);
    say_interaction(why, &found, model.treatment, column_display_name(column));
    add_steps(why, &found);
  }
  text_clear(&treatment);
  text_clear(&adjust);
  return status;
}

static enum status read_variable(const struct why *why, const struct column **column, struct error *error)
{
  struct command_word *words;
  const size_t n = command_words(why->command, &words);
  enum status status;
  if (n != 2) {
    error_set(error, "why interaction wants one variable");
    status = error_hint(error, "why interaction sex, model=\"surgery\"");
  } else {
    status = arguments_find_column(why->context->state, words[1].text, words[1].start, words[1].length, column, error);
  }
  command_words_free(words, n);
  return status;
}

enum status why_interaction(struct why *why, struct error *error)
{
  const struct column *column = NULL;
  struct formula formula = FORMULA_INIT;
  struct bitmap *condition = NULL;
  if (read_variable(why, &column, error))
    return STATUS_ERROR;
  if (!command_find_option(why->command, "model")) {
    error_set(error, "why interaction wants the treatment, and what it is adjusted for, in model=");
    return error_hint(error, "why interaction sex, model=\"surgery + age\"");
  }
  if (read_formula(why, &formula, error))
    return STATUS_ERROR;
  enum status status = STATUS_OK;
  if (!formula.n_terms) {
    error_set(error, "model= has no term whose interaction could be tested");
    status = error_hint(error, "why interaction sex, model=\"surgery + age\"");
  }
  if (!status)
    status = arguments_condition(why->command, why->context->state, &condition, error);
  if (!status)
    status = compare(why, &formula, column, condition, error);
  arguments_free_condition(condition);
  formula_clear(&formula);
  return status;
}
