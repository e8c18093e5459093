/* SPDX-License-Identifier: GPL-3.0-or-later */
/* predict: one patient's survival. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/nomogram.h"
#include "stats/cox_survival.h"
#include "stats/distribution.h"
#include "stats/km_limits.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/prediction.h"
#include "verbs/printing.h"

/* The patient as typed: NAME=VALUE … */
struct patient {
  const struct column **columns; /* of the cohort */
  double *values;                /* numbers, or codes of levels */
  size_t n;
};

static void patient_clear(struct patient *patient)
{
  free(patient->columns);
  free(patient->values);
}

static enum status fail_at(const struct token *token, struct error *error)
{
  return error_in_command(error, token->start, token->length);
}

/* Reads the value that begins at tokens[*at]; *at then is behind it. */
static enum status read_value(const struct token *tokens, size_t *at, const struct column *column, double *value,
                              struct error *error)
{
  const bool negative = token_is(&tokens[*at], "-");
  const struct token *token = &tokens[*at + negative];
  *at += 1 + negative;
  if (column->kind != COLUMN_FACTOR) {
    *value = negative ? -token->number : token->number;
    if (token->kind == TOKEN_NUMBER)
      return STATUS_OK;
    error_set(error, "%s is a number", column->name);
    error_hint(error, "predict %s=60", column->name);
    return fail_at(token, error);
  }
  const uint32_t code = token->text && !negative ? column_find_level(column, token->text) : 0;
  *value = (double)code;
  if (code)
    return STATUS_OK;
  struct text levels = TEXT_INIT;
  for (size_t i = 0; i < column->n_levels && i < 12; i++)
    text_append_format(&levels, "%s%s", i ? ", " : "", column->levels[i].name);
  error_set(error, "%s has no such level", column->name);
  error_hint(error, "its levels are %s%s; one with blanks or signs stands in quotes", text_string(&levels),
             column->n_levels > 12 ? ", …" : "");
  text_clear(&levels);
  return fail_at(token, error);
}

static enum status read_patient(const struct command *command, const struct state *state, struct patient *patient,
                                struct error *error)
{
  const struct token *tokens = command->tokens.tokens;
  const size_t room = command->end - command->begin;
  *patient = (struct patient){.columns = memory_new(room, sizeof(struct column *)),
                              .values = memory_new(room, sizeof(double))};
  for (size_t at = command->begin; at < command->end;) {
    const struct column *column;
    if (tokens[at].kind != TOKEN_NAME || at + 2 >= command->end || !token_is(&tokens[at + 1], "=")) {
      error_set(error, "predict wants NAME=VALUE for each variable of the model");
      error_hint(error, "predict age=60 surgery=\"PHR\", at=12,36,60");
      return fail_at(&tokens[at], error);
    }
    if (arguments_find_column(state, tokens[at].text, tokens[at].start, tokens[at].length, &column, error))
      return STATUS_ERROR;
    at += 2;
    patient->columns[patient->n] = column;
    if (read_value(tokens, &at, column, &patient->values[patient->n], error))
      return STATUS_ERROR;
    patient->n++;
  }
  return STATUS_OK;
}

/* Every column of the model needs a value, and no other. */
static enum status check_complete(const struct predictor *predictor, const struct patient *patient,
                                  struct error *error)
{
  struct text missing = TEXT_INIT;
  for (size_t i = 0; i < predictor->n_columns; i++) {
    size_t k = 0;
    while (k < patient->n && patient->columns[k] != predictor->columns[i].column)
      k++;
    if (k < patient->n)
      continue;
    text_append_format(&missing, "%s%s=…", missing.length ? " " : "", predictor->columns[i].column->name);
  }
  if (!missing.length)
    return STATUS_OK;
  error_set(error, "the model needs a value for each of its variables");
  error_hint(error, "add %s", text_string(&missing));
  text_clear(&missing);
  return STATUS_ERROR;
}

static struct cohort *patient_cohort(const struct patient *patient)
{
  struct column **columns = memory_new(patient->n, sizeof(struct column *));
  for (size_t i = 0; i < patient->n; i++)
    columns[i] = predictor_column_like(patient->columns[i], &patient->values[i], 1);
  struct cohort *cohort = cohort_new(1, columns, patient->n);
  free(columns);
  return cohort;
}

/* ---- survival ---- */

struct prediction {
  double linear_predictor, total_points;
  size_t n_times;
  const double *times;
  struct survival_limits *limits;
  double *estimate;
  double median;
  const char *conf;
  struct nomogram_steps steps; /* of the nomogram whose points are told */
};

static void from_baseline(const struct predictor *predictor, struct prediction *prediction)
{
  for (size_t i = 0; i < prediction->n_times; i++) {
    const double hazard = predictor_hazard(predictor, 0, prediction->times[i]);
    prediction->estimate[i] = exp(-hazard * exp(prediction->linear_predictor));
    prediction->limits[i] = (struct survival_limits){(double)NAN, (double)NAN};
  }
}

static enum status from_fit(const struct predictor *predictor, const struct cohort *patient, enum confidence_type conf,
                            struct prediction *prediction, struct error *error)
{
  const struct cox_analysis *analysis = predictor->analysis;
  const double z = normal_half_width(analysis->options.level);
  double *covariates = memory_new(analysis->design.n_columns, sizeof *covariates);
  size_t stratum;
  struct cox_survival curve;
  enum status status = predictor_place(predictor, patient, 0, covariates, &stratum, error);
  if (!status) {
    status = cox_survival(&analysis->gathered.data, analysis->design.x, &analysis->model, &analysis->options, stratum,
                          covariates, &curve);
    for (size_t i = 0; i < prediction->n_times && !status; i++) {
      const double time = prediction->times[i];
      const struct cox_survival_point point = cox_survival_at(&curve, time);
      const bool known = !isnan(predictor_hazard(predictor, stratum, time));
      prediction->estimate[i] = known ? point.survival : (double)NAN;
      prediction->limits[i] = known ? survival_limits(conf, point.survival, point.log_error, z)
                                    : (struct survival_limits){(double)NAN, (double)NAN};
    }
    if (!status) {
      prediction->median = cox_survival_quantile(&curve, 0.5);
      cox_survival_clear(&curve);
    }
  }
  free(covariates);
  return status;
}

static void present(const struct prediction *prediction, const struct patient *patient, const struct predictor *predictor,
                    struct report *report)
{
  static const char *const columns[] = {"time", "survival (limits)", NULL};
  struct table *table = table_new("predict", "time estimate conf_low conf_high linear_predictor total_points");
  struct text title = TEXT_INIT;
  text_append(&title, "Predicted survival:");
  for (size_t i = 0; i < patient->n; i++) {
    const struct column *column = patient->columns[i];
    text_append_format(&title, "%s %s ", i ? "," : "", column_display_name(column));
    if (column->kind == COLUMN_FACTOR)
      text_append(&title, column_level_display_name(column, (uint32_t)patient->values[i]));
    else
      text_append_format(&title, "%g", patient->values[i]);
  }
  struct printed_table *printed = printing_table(text_string(&title), columns);
  text_clear(&title);
  for (size_t i = 0; i < prediction->n_times; i++) {
    table_add_number(table, prediction->times[i]);
    table_add_number(table, prediction->estimate[i]);
    table_add_number(table, prediction->limits[i].low);
    table_add_number(table, prediction->limits[i].high);
    table_add_number(table, prediction->linear_predictor);
    table_add_number(table, prediction->total_points);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%g", prediction->times[i]);
    if (predictor->published)
      printing_fixed(printed, 1, prediction->estimate[i], 3);
    else
      printing_interval(printed, 1, prediction->estimate[i], prediction->limits[i].low, prediction->limits[i].high, 3);
  }
  if (isfinite(prediction->total_points))
    printed_table_note(printed, "Linear predictor %.4g; total points %.1f.", prediction->linear_predictor,
                       prediction->total_points);
  else
    printed_table_note(printed, "Linear predictor %.4g; no total points: the model has no effect to draw.",
                       prediction->linear_predictor);
  if (predictor->published) {
    printed_table_note(printed, "%s, a published model: no limits.", predictor->published->name);
  } else {
    if (isfinite(prediction->median))
      printed_table_note(printed, "Median survival %g.", prediction->median);
    else
      printed_table_note(printed, "Median survival not reached.");
    printed_table_note(printed, "Limits: %g %%, %s.", 100 * predictor->analysis->options.level, prediction->conf);
  }
  prediction_note_model(predictor, printed);
  report_add_table(report, table);
  report_add_printed(report, printed);
}

/* Says where a number lies outside those of the patients that the model was fitted, or is applied, to. */
static void warn_of_range(const struct predictor *predictor, const struct patient *patient, struct report *report)
{
  const struct gathered *gathered = &predictor->analysis->gathered;
  for (size_t i = 0; i < patient->n; i++) {
    const struct column *column = patient->columns[i];
    double low = INFINITY, high = -INFINITY;
    for (size_t k = 0; column->kind != COLUMN_FACTOR && k < gathered->n_used; k++) {
      low = fmin(low, column_number(column, gathered->rows[k]));
      high = fmax(high, column_number(column, gathered->rows[k]));
    }
    if (low <= high && (patient->values[i] < low || patient->values[i] > high))
      report_warn(report, "%s = %g is outside the data (%g to %g): the model is not known to hold there", column->name,
                  patient->values[i], low, high);
  }
}

static enum status predict(struct verb_context *context, const struct command *command, const struct patient *patient,
                           const struct predictor *predictor, struct prediction *prediction, struct error *error)
{
  enum confidence_type conf = context->state->settings.conf;
  const char *word = arguments_word(command, "conf");
  struct nomogram nomogram;
  struct error ignored = ERROR_INIT;
  if (word)
    conf_find(word, &conf);
  if (check_complete(predictor, patient, error))
    return STATUS_ERROR;
  struct cohort *cohort = patient_cohort(patient);
  enum status status = predictor_evaluate(predictor, cohort, &prediction->linear_predictor, error);
  if (!status && predictor->published)
    from_baseline(predictor, prediction);
  else if (!status)
    status = from_fit(predictor, cohort, conf, prediction, error);
  cohort_release(cohort);
  if (status)
    return status;
  prediction->conf = conf_name(conf);
  prediction->total_points = (double)NAN;
  if (!nomogram_build(predictor, &prediction->steps, &nomogram, prediction->steps.n ? error : &ignored)) {
    prediction->total_points = nomogram_points(&nomogram, prediction->linear_predictor);
    nomogram_clear(&nomogram);
  } else if (prediction->steps.n) {
    return STATUS_ERROR;
  }
  error_clear(&ignored);
  present(prediction, patient, predictor, context->report);
  warn_of_range(predictor, patient, context->report);
  prediction_warn(predictor, prediction->times, prediction->n_times, context->report);
  return STATUS_OK;
}

static enum status run_predict(struct verb_context *context, const struct command *command, struct error *error)
{
  double *times;
  size_t n_times;
  struct patient patient;
  struct predictor predictor;
  if (prediction_times(command, context->state, &times, &n_times, error))
    return STATUS_ERROR;
  enum status status = read_patient(command, context->state, &patient, error);
  if (!status)
    status = predictor_init(&predictor, context->state, context->task, error);
  if (!status) {
    struct prediction prediction = {
        .n_times = n_times,
        .times = times,
        .limits = memory_new(n_times, sizeof *prediction.limits),
        .estimate = memory_new(n_times, sizeof *prediction.estimate),
        .median = (double)NAN,
    };
    status = prediction_steps(command, &prediction.steps, error);
    if (!status)
      status = predict(context, command, &patient, &predictor, &prediction, error);
    nomogram_steps_clear(&prediction.steps);
    free(prediction.limits);
    free(prediction.estimate);
    predictor_clear(&predictor);
  }
  patient_clear(&patient);
  free(times);
  return status;
}

static const struct option_syntax predict_options[] = {
    {"at", OPTION_LIST, NULL, "times at which survival is wanted: at=12,36,60 (a published model has its own)"},
    {"conf", OPTION_WORD, "log|plain|log-log|logit|arcsin", "type of the limits"},
    PREDICTION_STEP_OPTIONS,
    {.name = NULL},
};

static const char *const predict_examples[] = {"predict age=60 surgery=\"PHR\", at=12,36,60", NULL};

const struct verb verb_predict = {
    .syntax = {"predict", ARGUMENTS_WORDS, false, predict_options},
    .usage = "predict NAME=VALUE … , at=T,… [conf=TYPE step=COLUMN:STEP,… range=COLUMN:LOW:HIGH,…]",
    .summary = "one patient's survival by the current model, with limits",
    .details = "As R's survfit(coxph, newdata): survival with limits that hold the uncertainty of the coefficients, too.  The\n"
               "linear predictor is not centred; total points are those of nomogram (with its\n"
               "step= and range=, which say where its axes begin).  A published model gives no limits.\n"
               "Beyond the last time on view survival is not known.",
    .tables = "predict",
    .examples = predict_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .run = run_predict,
};
