/* SPDX-License-Identifier: GPL-3.0-or-later */
/* finegray: the model of the subdistribution hazard. */
#include "stats/finegray.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "session/analysis.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/present.h"
#include "verbs/printing.h"

/* Puts the fitted model where the tables of a Cox model read it; its arrays change hands. */
static void adopt(struct cox_analysis *analysis, struct finegray_model *fitted)
{
  const double nan = (double)NAN;
  analysis->model = (struct cox_model){
      .n_columns = fitted->n_columns,
      .beta = fitted->beta,
      .std_error = fitted->std_error,
      .covariance = fitted->covariance,
      .state = fitted->state,
      .n = fitted->n,
      .n_events = fitted->n_events,
      .loglik_null = fitted->loglik_null,
      .loglik = fitted->loglik,
      .lr_statistic = nan,
      .wald_statistic = nan,
      .score_statistic = nan,
      .iterations = fitted->iterations,
      .converged = fitted->converged,
      .robust = true,
  };
  for (size_t j = 0; j < fitted->n_columns; j++)
    analysis->model.df += fitted->state[j] != COEFFICIENT_ALIASED;
}

static void present(const struct cox_analysis *analysis, double n_competing, const struct state *state,
                    struct report *report)
{
  struct table *fit = table_new("finegray_fit", "n events competing loglik_null loglik converged");
  const struct cox_model *model = &analysis->model;
  const double values[] = {model->n, model->n_events, n_competing, model->loglik_null, model->loglik};
  for (size_t i = 0; i < 5; i++)
    table_add_number(fit, values[i]);
  table_add_truth(fit, model->converged);
  struct printed_table *printed =
      present_cox_estimates("Fine–Gray model of the subdistribution hazard", "SHR", analysis, state);
  struct text text = TEXT_INIT;
  printing_append_counted(&text, model->n, "patient", "patients");
  text_append(&text, ", ");
  printing_append_counted(&text, model->n_events, "event", "events");
  text_append(&text, ", ");
  printing_append_counted(&text, n_competing, "competing event", "competing events");
  printed_table_note(printed, "%s.  Limits and p: Wald, robust.", text_string(&text));
  text_clear(&text);
  report_add_table(report, present_cox_terms_as("finegray_terms", analysis));
  report_add_table(report, fit);
  report_add_printed(report, printed);
  printing_rows(report, &analysis->gathered);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(report, "%s", analysis->warnings[i]);
}

static enum status fit(struct verb_context *context, struct cox_analysis *analysis, struct error *error)
{
  struct finegray_model fitted;
  if (analysis->formula.n_strata) {
    error_set(error, "the Fine–Gray model has no strata");
    return error_hint(error, "put the variable into the model, or look at one stratum at a time with filter");
  }
  enum status status = finegray_fit(&analysis->gathered.data, analysis->design.x, analysis->design.n_columns,
                                    context->task, &fitted, error);
  if (status)
    return status;
  adopt(analysis, &fitted);
  cox_analysis_warn(analysis);
  present(analysis, fitted.n_competing, context->state, context->report);
  if (!state_endpoint(context->state)->competing)
    report_warn(context->report, "the endpoint has no competing event: this is Cox's model; endpoint …, competing=EXPR names "
                                 "it");
  return STATUS_OK;
}

static enum status run_finegray(struct verb_context *context, const struct command *command, struct error *error)
{
  struct formula formula;
  struct bitmap *condition = NULL;
  struct cox_analysis analysis;
  const char *frequency = arguments_word(command, "freq");
  if (formula_parse(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = arguments_condition(command, context->state, &condition, error);
  if (!status) {
    const struct cox_request request = {
        .formula = &formula,
        .options = {.ties = TIES_BRESLOW, .weight_kind = WEIGHT_FREQUENCY, .level = context->state->settings.level},
        .weights = frequency,
        .condition = condition,
    };
    status = cox_prepare(context->state, &request, &analysis, error);
  }
  if (!status) {
    status = fit(context, &analysis, error);
    cox_analysis_clear(&analysis);
  }
  arguments_free_condition(condition);
  formula_clear(&formula);
  return status;
}

static const struct option_syntax finegray_options[] = {
    {"freq", OPTION_WORD, NULL, "column of frequencies: a row stands for that many patients"},
    {.name = NULL},
};

static const char *const finegray_examples[] = {"finegray age + surgery", NULL};

const struct verb verb_finegray = {
    .syntax = {"finegray", ARGUMENTS_TERMS, true, finegray_options},
    .usage = "finegray TERM + … [if EXPR] [, freq=V]",
    .summary = "Fine and Gray's model of the event where others compete",
    .details = "As R's cmprsk::crr(): who had the competing event (endpoint …, competing=EXPR) stays at risk with the weight of\n"
               "not being censored meanwhile; sandwich variance.  Subdistribution hazard ratios (SHR) speak of the cumulative\n"
               "incidence; for the hazard among those still free of any event use cox, which censors at the competing event.  It does not\n"
               "become the current model: predict, nomogram, validate and calibrate are of the last cox or model command.",
    .tables = "finegray_terms, finegray_fit",
    .examples = finegray_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_finegray,
};
