/* SPDX-License-Identifier: GPL-3.0-or-later */
/* model: a published model, typed in. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "session/predictor.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/printing.h"

/* Reads "12:0.0247": a time and what stands for it there. */
static bool read_pair(const char *item, double *time, double *value)
{
  const char *colon = strchr(item, ':');
  return colon && number_parse(item, (size_t)(colon - item), time) && number_parse(colon + 1, strlen(colon + 1), value);
}

/* A cumulative hazard never falls with time, survival never rises; a time stands once. */
static enum status check_course(const struct command_option *option, bool is_survival, const double *time,
                                const double *hazard, struct error *error)
{
  for (size_t i = 0; i < option->n_items; i++)
    for (size_t k = 0; k < option->n_items; k++) {
      if (i == k || time[i] > time[k] || (time[i] < time[k] && hazard[i] <= hazard[k]))
        continue;
      if (time[i] == time[k])
        error_set(error, "%s= gives the time %g twice", option->syntax->name, time[i]);
      else
        error_set(error, is_survival ? "survival= rises from %g to %g: survival cannot rise"
                                     : "baseline= falls from %g to %g: a cumulative hazard cannot fall",
                  time[i], time[k]);
      error_hint(error, is_survival ? "survival=12:0.976,36:0.921" : "baseline=12:0.0247,36:0.0821");
      return error_in_command(error, option->start, option->length);
    }
  return STATUS_OK;
}

/* baseline= holds cumulative hazards, survival= survival, both where the linear predictor is 0. */
static enum status read_baseline(const struct command *command, double **time, double **hazard, size_t *n,
                                 struct error *error)
{
  const struct command_option *option = command_find_option(command, "baseline");
  const bool is_survival = !option;
  if (is_survival)
    option = command_find_option(command, "survival");
  *n = option ? option->n_items : 0;
  *time = memory_new(*n, sizeof **time);
  *hazard = memory_new(*n, sizeof **hazard);
  for (size_t i = 0; i < *n; i++) {
    double value;
    const bool read = read_pair(option->items[i], &(*time)[i], &value);
    (*hazard)[i] = is_survival ? -log(value) : value;
    if (read && (*time)[i] > 0 && (*hazard)[i] >= 0 && isfinite((*hazard)[i]))
      continue;
    free(*time);
    free(*hazard);
    error_set(error, "%s= wants TIME:%s, and %s is none", option->syntax->name,
              is_survival ? "SURVIVAL" : "CUMULATIVE_HAZARD", option->items[i]);
    error_hint(error, is_survival ? "survival=12:0.976,36:0.921" : "baseline=12:0.0247,36:0.0821");
    return error_in_command(error, option->start, option->length);
  }
  if (option && check_course(option, is_survival, *time, *hazard, error)) {
    free(*time);
    free(*hazard);
    return STATUS_ERROR;
  }
  return STATUS_OK;
}

static enum status wrong_form(const struct command *command, struct error *error)
{
  const struct token *token = &command->tokens.tokens[command->begin];
  error_set(error, "a model is \"NAME\" = LINEAR PREDICTOR");
  error_hint(error, "model \"Luo 2024\" = 0.3764 * size + 1.7345 * (resection == \"no\"), baseline=12:0.0247");
  return error_in_command(error, token->start, token->length);
}

static enum status read_model(const struct verb_context *context, const struct command *command,
                              struct published **published, struct error *error)
{
  const struct token *tokens = command->tokens.tokens + command->begin;
  struct expr *formula;
  double *time, *hazard;
  size_t n;
  enum value_kind kind;
  if (command->end - command->begin < 3 || (tokens[0].kind != TOKEN_STRING && tokens[0].kind != TOKEN_NAME) ||
      !token_is(&tokens[1], "="))
    return wrong_form(command, error);
  if (expr_parse(&command->tokens, command->begin + 2, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = expr_check(formula, context->state->cohort, &kind, error);
  if (!status && kind != VALUE_NUMBER && kind != VALUE_TRUTH) {
    error_set(error, "the linear predictor is no number");
    status = error_hint(error, "a level counts by a comparison: 1.7345 * (resection == \"no\")");
  }
  if (!status)
    status = read_baseline(command, &time, &hazard, &n, error);
  if (status) {
    expr_free(formula);
    return status;
  }
  *published = published_new(tokens[0].text, formula, time, hazard, n);
  return STATUS_OK;
}

/* Says what the model is and on whom it can be applied. */
static void describe(struct verb_context *context, const struct state *state)
{
  const struct published *published = state->published;
  struct text text = TEXT_INIT;
  size_t n_applies = 0;
  struct column *column;
  struct error error = ERROR_INIT;
  if (!expr_evaluate(published->formula, state->cohort, "lp", &column, &error)) {
    for (size_t row = 0; row < state->cohort->n_rows; row++)
      n_applies += bitmap_has(&state->on_view->rows, row) && isfinite(column_number(column, row));
    column_release(column);
  }
  error_clear(&error);
  expr_append(&text, published->formula);
  report_add_text(context->report, "%s, a published model: linear predictor = %s", published->name, text_string(&text));
  text_truncate(&text, 0);
  for (size_t i = 0; i < published->n_times; i++)
    text_append_format(&text, "%s%g: %g", i ? ", " : "", published->time[i], published->hazard[i]);
  report_add_text(context->report, "baseline cumulative hazard: %s",
                  published->n_times ? text_string(&text) : "none given, so that survival cannot be predicted");
  if (published->n_times)
    report_add_text(context->report, "survival is predicted at the times given, between them it is that of the time before, "
                                     "and beyond %g it is not known", published->time[published->n_times - 1]);
  report_add_text(context->report, "it applies to %zu of the %zu patients on view", n_applies, state->on_view->count);
  report_set_cohort(context->report, state->on_view->count, n_applies);
  if (n_applies < state->on_view->count)
    report_warn(context->report, "%zu %s a value that the model needs", state->on_view->count - n_applies,
                printing_plural(state->on_view->count - n_applies, "patient on view lacks", "patients on view lack"));
  text_clear(&text);
}

static enum status run_model(struct verb_context *context, const struct command *command, struct error *error)
{
  struct published *published = NULL;
  if (command->begin == command->end)
    return wrong_form(command, error);
  if (read_model(context, command, &published, error))
    return STATUS_ERROR;
  struct state *state = state_copy(context->state);
  state_set_published(state, published);
  describe(context, state);
  session_propose(context->session, state);
  return STATUS_OK;
}

static const struct option_syntax model_options[] = {
    {"baseline", OPTION_LIST, NULL, "TIME:CUMULATIVE_HAZARD,… where the linear predictor is 0"},
    {"survival", OPTION_LIST, NULL, "TIME:SURVIVAL,… where the linear predictor is 0, instead of baseline="},
    {.name = NULL},
};

static const char *const model_examples[] = {
    "model \"size and grade\" = 0.012 * primary_diameter_mm + 1.2 * (grade == \"NEC\"), baseline=12:0.05,36:0.15", NULL};

const struct verb verb_model = {
    .syntax = {"model", ARGUMENTS_DEFINITION, false, model_options},
    .usage = "model \"NAME\" = EXPR [, baseline=T:H,… | survival=T:S,…]",
    .summary = "a published model, typed in, as the current model",
    .details = "EXPR is the linear predictor, an ordinary expression over the cohort's columns: coefficients times numbers,\n"
               "and times comparisons, which count 1 and 0.  nomogram, predict, validate and calibrate then use it on those\n"
               "on view.  A coefficient is the logarithm of the printed hazard ratio: log(5.666) * (resection == \"no\").  The\n"
               "baseline is a step function of the times given: between two of them survival is that of the earlier one,\n"
               "which a warning says; before the first and beyond the last it is not known.",
    .examples = model_examples,
    .needs = NEEDS_COHORT,
    .run = run_model,
};
