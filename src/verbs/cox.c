/* SPDX-License-Identifier: GPL-3.0-or-later */
/* cox: the proportional hazards model. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "lang/formula.h"
#include "session/design.h"
#include "session/kept_model.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/printing.h"

static enum status read_settings(const struct command *command, struct model_settings *settings, struct error *error)
{
  const char *ties = arguments_word(command, "ties"), *weights = arguments_word(command, "weights");
  const char *frequency = arguments_word(command, "freq"), *cluster = arguments_word(command, "cluster");
  if (arguments_flag(command, "firth") && (arguments_flag(command, "robust") || cluster)) {
    const struct command_option *option = command_find_option(command, "firth");
    error_set(error, "firth has no robust variance");
    error_hint(error, "leave out robust and cluster=, or firth");
    return error_in_command(error, option->start, option->length);
  }
  if (weights && frequency) {
    const struct command_option *option = command_find_option(command, "freq");
    error_set(error, "weights= and freq= cannot both be given");
    error_hint(error, "weights= weighs a row, freq= counts it that many times");
    return error_in_command(error, option->start, option->length);
  }
  settings->has_ties = ties != NULL;
  if (ties)
    ties_find(ties, &settings->ties);
  settings->robust = arguments_flag(command, "robust");
  settings->firth = arguments_flag(command, "firth");
  settings->weight_kind = frequency ? WEIGHT_FREQUENCY : WEIGHT_CASE;
  state_set_string(&settings->weights, frequency ? frequency : weights);
  state_set_string(&settings->cluster, cluster);
  if (command->condition) {
    struct text condition = TEXT_INIT;
    expr_append(&condition, command->condition);
    state_set_string(&settings->condition, text_string(&condition));
    text_clear(&condition);
  }
  return STATUS_OK;
}

/* The model becomes the state's current one: screen, and the verbs that follow, use it. */
static enum status propose_model(struct verb_context *context, const struct command *command,
                                 const struct formula *formula, struct state **changed, struct error *error)
{
  struct text text = TEXT_INIT;
  formula_append(&text, formula);
  *changed = state_copy(context->state);
  state_set_model(*changed, text_string(&text));
  text_clear(&text);
  if (!read_settings(command, &(*changed)->model_settings, error))
    return STATUS_OK;
  state_release(*changed);
  return STATUS_ERROR;
}

static void fill_report(struct verb_context *context, const struct state *state, const struct cox_analysis *analysis)
{
  struct report *report = context->report;
  report_set_cohort(report, analysis->gathered.n_on_view, analysis->gathered.n_used);
  report_add_table(report, present_cox_terms(analysis));
  report_add_table(report, present_cox_fit(analysis));
  if (!report->for_people)
    report_add_table(report, present_cox_baseline(analysis));
  report_add_printed(report, present_cox_printed(analysis, state));
  if (analysis->n_incomplete)
    report_warn(report, "%zu of %zu %s left out for missing values", analysis->n_incomplete,
                analysis->gathered.n_on_view, printing_plural(analysis->gathered.n_on_view, "patient", "patients"));
  printing_merged(report, &analysis->gathered);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(report, "%s", analysis->warnings[i]);
}

static enum status fit(struct verb_context *context, const struct command *command, const struct formula *formula,
                       struct error *error)
{
  struct state *changed;
  if (propose_model(context, command, formula, &changed, error))
    return STATUS_ERROR;
  struct bitmap *condition;
  const struct cox_analysis *analysis;
  const struct model_settings *settings = &changed->model_settings;
  enum status status = arguments_condition(command, changed, &condition, error);
  struct cox_request request = {
      .formula = formula,
      .options = {.ties = settings->has_ties ? settings->ties : changed->settings.ties,
                  .weight_kind = settings->weight_kind,
                  .robust = settings->robust,
                  .level = changed->settings.level},
      .weights = settings->weights,
      .cluster = settings->cluster,
      .condition = condition,
      .firth = settings->firth,
  };
  if (!status)
    status = cox_analyse_shared(changed, &request, context->task, &analysis, error);
  arguments_free_condition(condition);
  if (status) {
    state_release(changed);
    return status;
  }
  fill_report(context, changed, analysis);
  cox_analysis_release(analysis);
  session_propose(context->session, changed);
  return STATUS_OK;
}

/* `cox` alone shows the current model again, on those now on view. */
static enum status refit(struct verb_context *context, struct error *error)
{
  const struct cox_analysis *analysis;
  enum status status = cox_analyse_current(context->state, context->task, &analysis, error);
  if (status)
    return status;
  fill_report(context, context->state, analysis);
  cox_analysis_release(analysis);
  return STATUS_OK;
}

/* `cox off` takes the current model away, unless a column has that name. */
static bool is_off(const struct verb_context *context, const struct command *command)
{
  const struct token *token = &command->tokens.tokens[command->begin];
  return command->end - command->begin == 1 && token_is_name(token, "off") &&
         !cohort_find_column(context->state->cohort, "off");
}

static void forget_model(struct verb_context *context)
{
  struct state *state = state_copy(context->state);
  state_set_model(state, NULL);
  session_propose(context->session, state);
}

static enum status run_cox(struct verb_context *context, const struct command *command, struct error *error)
{
  if (is_off(context, command)) {
    forget_model(context);
    return STATUS_OK;
  }
  if (command->begin == command->end && !command->n_options && !command->condition)
    return refit(context, error);
  struct formula formula = FORMULA_INIT;
  enum status status = formula_parse(&command->tokens, command->begin, command->end, &formula, error);
  if (status)
    return status;
  status = fit(context, command, &formula, error);
  formula_clear(&formula);
  return status;
}

/* The model alone, its variables looked up and computed; whether it can be fitted shows later. */
static enum status apply_cox(struct verb_context *context, const struct command *command, struct error *error)
{
  if (is_off(context, command)) {
    forget_model(context);
    return STATUS_OK;
  }
  if (command->begin == command->end && !command->n_options && !command->condition)
    return STATUS_OK;
  struct formula formula = FORMULA_INIT;
  struct model_frame frame;
  struct state *changed;
  enum status status = formula_parse(&command->tokens, command->begin, command->end, &formula, error);
  if (!status)
    status = model_frame_build(&formula, context->state->cohort, &frame, error);
  if (!status) {
    model_frame_clear(&frame);
    status = propose_model(context, command, &formula, &changed, error);
    if (!status)
      session_propose(context->session, changed);
  }
  formula_clear(&formula);
  return status;
}

static const struct option_syntax cox_options[] = {
    {"ties", OPTION_WORD, "efron|breslow|exact", "how tied event times are handled"},
    {"robust", OPTION_FLAG, NULL, "sandwich variance"},
    {"firth", OPTION_FLAG, NULL, "Firth's penalised likelihood, with profile limits and p"},
    {"cluster", OPTION_WORD, NULL, "column of rows that belong together; robust variance over them"},
    {"weights", OPTION_WORD, NULL, "column of case weights; robust where one is not whole"},
    {"freq", OPTION_WORD, NULL, "column of frequencies: a row stands for that many patients"},
    {.name = NULL},
};

static const char *const cox_examples[] = {"cox age + ref(grade,\"NEC\") + surgery",
                                           "cox age * sex + strata(center), ties=breslow", NULL};

const struct verb verb_cox = {
    .syntax = {"cox", ARGUMENTS_TERMS, true, cox_options},
    .usage = "cox [TERM + … | off] [if EXPR] [, ties=METHOD firth robust cluster=V weights=V freq=V]",
    .summary = "Cox's proportional hazards model",
    .details = "Terms are R's: a + b, a:b, a * b, factor(x), ref(x, \"level\"), strata(x), functions such as log(x).\n"
               "Rows with a missing value in any variable are left out, counted and said.  Ties: Efron unless set.\n"
               "Limits and p are Wald's; the concordance and its error are R's concordance(coxph).  Separation, a\n"
               "collinear or constant term and non-convergence are named.  firth: half the log determinant of the information is\n"
               "the penalty; limits and p are those of the penalised profile likelihood (coxphf).  `cox` alone shows the current model again,\n"
               "`cox off` takes it away.",
    .tables = "cox_terms, cox_fit, cox_baseline",
    .examples = cox_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_cox,
    .apply = apply_cox,
};
