/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/screening.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/selection.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"

/* ---- the command ---- */

enum status screening_begin(struct screening *screening, const struct verb_context *context, const struct command *command,
                            struct error *error)
{
  static const char *const rules[] = {"wald", "logrank", "lr", "score"};
  const struct state *state = context->state;
  const char *select = arguments_word(command, "select");
  *screening = (struct screening){.state = state, .task = context->task, .report = context->report};
  if (formula_parse_list(&command->tokens, command->begin, command->end, &screening->formula, error)) {
    screening->formula = (struct formula)FORMULA_INIT;
    return STATUS_ERROR;
  }
  for (size_t i = 0; select && i < 4; i++)
    if (strcmp(select, rules[i]) == 0)
      screening->rule = (enum screening_rule)(i + 1);
  screening->limit = arguments_number(command, "p", 0.05);
  screening->options = (struct cox_options){.ties = arguments_ties(command, state), .level = state->settings.level};
  if (!screening->formula.n_terms) {
    error_set(error, "%s tries variables one by one, and none is named", command->syntax->name);
    return error_hint(error, "%s age sex grade surgery, p=0.05", command->syntax->name);
  }
  screening->is_chosen = memory_new(screening->formula.n_terms, sizeof *screening->is_chosen);
  if (!(screening->limit >= 0 && screening->limit <= 1)) {
    const struct command_option *option = command_find_option(command, "p");
    error_set(error, "p= wants a limit from 0 to 1");
    return error_in_command(error, option->start, option->length);
  }
  if (arguments_terms(command, "force", &screening->formula, &screening->is_forced, error))
    return STATUS_ERROR;
  screening->wants_no_joint = screening->limit == 0 && !screening->is_forced;
  return arguments_condition(command, state, &screening->condition, error);
}

void screening_clear(struct screening *screening)
{
  arguments_free_condition(screening->condition);
  free(screening->is_forced);
  free(screening->is_chosen);
  formula_clear(&screening->formula);
  *screening = (struct screening){.state = NULL};
}

/* ---- one variable ---- */

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

/* The log-rank test of the levels, where there are two or more. */
static enum status test_levels(const struct screening *screening, const struct survival_data *data,
                               struct screened_variable *variable)
{
  const struct logrank_options plain = {.weight = LOGRANK_PLAIN};
  struct logrank_result result;
  variable->logrank = variable->logrank_df = variable->logrank_p = (double)NAN;
  if (data->n_groups < 2 || data->n_groups > LOGRANK_MAX_GROUPS)
    return STATUS_OK;
  const enum status status = logrank_test(data, &plain, screening->task, &result);
  if (status)
    return status;
  variable->logrank = result.statistic;
  variable->logrank_df = result.df;
  variable->logrank_p = result.p_value;
  logrank_result_clear(&result);
  return STATUS_OK;
}

static void decide(struct screening *screening, struct screened_variable *variable)
{
  const struct cox_model *model = &variable->analysis->model;
  enum screening_rule rule = screening->rule;
  if (rule == SCREENING_DEFAULT)
    rule = variable->is_factor ? SCREENING_LOGRANK : SCREENING_WALD;
  if (rule == SCREENING_LOGRANK && !variable->is_factor)
    rule = SCREENING_SCORE;
  variable->decided_by = rule;
  switch (rule) {
  case SCREENING_LOGRANK:
    variable->deciding_p = variable->logrank_p;
    break;
  case SCREENING_LR:
    variable->deciding_p = chi_square_upper(model->lr_statistic, model->df);
    break;
  case SCREENING_SCORE:
    variable->deciding_p = chi_square_upper(model->score_statistic, model->df);
    break;
  default:
    variable->deciding_p = cox_term_wald(model, 0, model->n_columns).p_value;
    break;
  }
  screening->is_chosen[variable->term] = variable->deciding_p <= screening->limit ||
                                         (screening->is_forced && screening->is_forced[variable->term]);
}

/* Curves and test of the variable's levels, the decision, and the visit. */
static enum status examine(struct screening *screening, struct screened_variable *variable, screening_visitor *visit,
                           void *visit_data)
{
  const struct cox_analysis *analysis = variable->analysis;
  const struct settings *settings = &screening->state->settings;
  const struct km_options options = {.conf = settings->conf, .level = settings->level};
  variable->is_factor = analysis->design.n_terms && analysis->design.terms[0].reference;
  variable->n_levels = variable->is_factor ? analysis->design.n_columns + 1 : 1;
  struct survival_data data = analysis->gathered.data;
  uint32_t *group = variable->is_factor ? level_groups(analysis, &analysis->design.terms[0]) : NULL;
  struct km_curve *curves = memory_new(variable->n_levels, sizeof *curves);
  data.group = variable->n_levels > 1 ? group : NULL;
  data.n_groups = variable->n_levels;
  enum status status = km_fit(&data, &options, screening->task, curves);
  if (!status) {
    variable->curves = curves;
    status = test_levels(screening, &data, variable);
    if (!status) {
      decide(screening, variable);
      visit(visit_data, variable);
    }
    for (size_t g = 0; g < variable->n_levels; g++)
      km_curve_clear(&curves[g]);
  }
  free(curves);
  free(group);
  return status;
}

/* The formula of the terms that are in, fitted on the rows complete in it. */
static enum status analyse_terms(const struct screening *screening, const bool *is_in, struct cox_analysis *analysis,
                                 struct error *error)
{
  struct formula formula;
  struct text text = TEXT_INIT;
  formula_append_terms(&text, &screening->formula, is_in);
  enum status status = formula_parse_string(text_string(&text), &formula, error);
  text_clear(&text);
  if (status)
    return status;
  const struct cox_request request = {
      .formula = &formula, .options = screening->options, .condition = screening->condition};
  status = cox_analyse(screening->state, &request, screening->task, analysis, error);
  formula_clear(&formula);
  return status;
}

enum status screening_each(struct screening *screening, screening_visitor *visit, void *data, struct error *error)
{
  const size_t n_terms = screening->formula.n_terms;
  bool *is_in = memory_new(n_terms, sizeof *is_in);
  enum status status = STATUS_OK;
  for (size_t t = 0; t < n_terms && !status; t++) {
    struct cox_analysis analysis;
    is_in[t] = true;
    status = analyse_terms(screening, is_in, &analysis, error);
    is_in[t] = false;
    if (status)
      break;
    struct screened_variable variable = {.term = t, .analysis = &analysis};
    status = examine(screening, &variable, visit, data);
    for (size_t i = 0; i < analysis.n_warnings; i++)
      report_warn(screening->report, "%s alone: %s", screening->formula.terms[t].name, analysis.warnings[i]);
    cox_analysis_clear(&analysis);
    task_progress(screening->task, (double)(t + 1) / (double)(n_terms + 1));
  }
  free(is_in);
  return status;
}

/* ---- the joint model ---- */

enum status screening_join(const struct screening *screening, struct cox_analysis *analysis, struct error *error)
{
  return analyse_terms(screening, screening->is_chosen, analysis, error);
}

struct state *screening_adopt(const struct screening *screening)
{
  struct state *changed = state_copy(screening->state);
  struct text text = TEXT_INIT;
  formula_append_terms(&text, &screening->formula, screening->is_chosen);
  state_set_model(changed, text_string(&text));
  text_clear(&text);
  changed->model_settings.has_ties = screening->options.ties != changed->settings.ties;
  changed->model_settings.ties = screening->options.ties;
  return changed;
}

void screening_warn(const struct screening *screening, const struct cox_analysis *joint)
{
  if (!joint->formula.n_terms)
    report_warn(screening->report, "no variable passes: there is no joint model");
  if (joint->n_incomplete)
    report_warn(screening->report, "joint model: %zu of %zu patients left out for missing values", joint->n_incomplete,
                joint->gathered.n_on_view);
  for (size_t i = 0; i < joint->n_warnings && joint->formula.n_terms; i++)
    report_warn(screening->report, "joint model: %s", joint->warnings[i]);
}

const char *screening_rule_name(enum screening_rule rule)
{
  static const char *const names[] = {"the log-rank p of a factor, the Wald p of a number", "the Wald p",
                                      "the log-rank p of a factor, the score-test p of a number",
                                      "the likelihood-ratio p", "the score-test p"};
  return names[rule];
}
