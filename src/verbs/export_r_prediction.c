/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a model predicts, and how well, in R: nomogram, predict, validate, calibrate. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "lang/expr_r.h"
#include "lang/formula.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"
#include "verbs/export_r.h"
#include "verbs/prediction.h"

/* What of a model these functions of R cannot take; NULL: nothing. */
static const char *obstacle(const struct state *state, const struct formula *formula, bool needs_columns)
{
  const struct model_settings *settings = &state->model_settings;
  if (formula->n_strata)
    return "what is predicted by a model with strata";
  if (settings->weights || settings->cluster)
    return "what is predicted by a model with weights or clusters";
  for (size_t t = 0; t < formula->n_terms && needs_columns; t++)
    if (formula->terms[t].n_variables > 1)
      return "the axes of an interaction";
  for (size_t i = 0; i < formula->n_variables && needs_columns; i++)
    if (formula->variables[i].expr->kind != EXPR_COLUMN || formula->variables[i].is_factor)
      return "the axes of a function of columns";
  return NULL;
}

/* The fit of the current model, and behind it `then`, or the reason why not. */
static enum status with_model(struct export_r *script, bool needs_columns, const char *then, struct error *error)
{
  const struct state *state = script->state;
  struct formula formula;
  if (!state->model)
    return export_r_model(script, state, then, error); /* says that there is none */
  if (formula_parse_string(state->model, &formula, error))
    return STATUS_ERROR;
  const char *why_not = obstacle(state, &formula, needs_columns);
  if (why_not)
    export_r_say(script, why_not);
  formula_clear(&formula);
  return why_not ? STATUS_OK : export_r_model(script, state, then, error);
}

static void append_numbers(struct text *text, const double *numbers, size_t n)
{
  text_append(text, "c(");
  for (size_t i = 0; i < n; i++) {
    text_append(text, i ? ", " : "");
    number_append_short(text, numbers[i]);
  }
  text_append_char(text, ')');
}

/* times <- c(…) */
static enum status append_times(const struct export_r *script, const struct command *command, struct text *text,
                                struct error *error)
{
  double *times;
  size_t n;
  if (prediction_times(command, script->state, &times, &n, error))
    return STATUS_ERROR;
  text_append(text, "times <- ");
  append_numbers(text, times, n);
  text_append_char(text, '\n');
  free(times);
  return STATUS_OK;
}

/* axes <- nomogram_of(…), over the model's own columns. */
static enum status append_axes(struct export_r *script, const struct command *command, struct text *text,
                               struct error *error)
{
  struct nomogram_steps steps = {.n = 0};
  if (prediction_steps(command, &steps, error)) {
    nomogram_steps_clear(&steps);
    return STATUS_ERROR;
  }
  script->parts |= R_PART_PREDICT | R_PART_NOMOGRAM;
  text_append(text, "axes <- nomogram_of(fit, model, setdiff(names(model), c(\".entry\", \".time\", \".event\", \".y\"))");
  for (size_t i = 0; i < steps.n; i++) {
    text_append(text, i ? ", " : ", ticks = list(");
    r_append_name(text, steps.items[i].column);
    text_append(text, " = ticks_of(");
    number_append_short(text, steps.items[i].step);
    if (!isnan(steps.items[i].low)) {
      text_append(text, ", ");
      number_append_short(text, steps.items[i].low);
      text_append(text, ", ");
      number_append_short(text, steps.items[i].high);
    }
    text_append_char(text, ')');
  }
  text_append(text, steps.n ? "))\n" : ")\n");
  nomogram_steps_clear(&steps);
  return STATUS_OK;
}

/* ---- nomogram ---- */

enum status export_r_nomogram(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *survival = command_find_option(command, "survival");
  struct text then = TEXT_INIT;
  enum status status = append_axes(script, command, &then, error);
  if (!status)
    status = append_times(script, command, &then, error);
  text_append(&then, "survival <- c(");
  for (size_t i = 0; survival && i < survival->n_items; i++)
    text_append_format(&then, "%s%s", i ? ", " : "", survival->items[i]);
  text_append(&then, survival ? ")\n" : "0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05)\n");
  text_append(&then, "print_table(\"nomogram_points\", axes$points)\n"
                     "totals <- expand.grid(time = times, survival = survival)\n"
                     "hazard <- hazard_of(fit, totals$time, max(model$.time))\n"
                     "totals$total_points <- axes$scale * (log(-log(totals$survival) / hazard) - axes$lowest)\n"
                     "reached <- totals$total_points / axes$total >= -1e-9 & totals$total_points / axes$total <= 1 + 1e-9\n"
                     "print_table(\"nomogram_survival\", totals[which(reached), ])\n"
                     "print_table(\"nomogram_scale\", data.frame(points_per_unit = axes$scale, units_per_point = 1 / axes$scale))\n");
  if (arguments_flag(command, "median"))
    text_append(&then, "# Not reproduced: the scale of median survival.\n");
  if (!status)
    status = with_model(script, true, text_string(&then), error);
  text_clear(&then);
  return status;
}

/* ---- predict ---- */

/* patient <- data.frame(…): NAME=VALUE as typed. */
static void append_patient(struct export_r *script, const struct command *command, struct text *text)
{
  const struct token *tokens = command->tokens.tokens;
  text_append(text, "patient <- model[1, ]\n");
  for (size_t at = command->begin; at + 2 < command->end;) {
    const struct column *column = cohort_find_column(script->state->cohort, tokens[at].text);
    const bool negative = token_is(&tokens[at + 2], "-");
    const struct token *value = &tokens[at + 2 + negative];
    if (column) {
      text_append(text, "patient[[");
      r_append_name_string(text, column->name);
      text_append(text, "]] <- ");
    }
    if (column && column->kind == COLUMN_FACTOR)
      r_append_string(text, value->text);
    else if (column)
      number_append_short(text, negative ? -value->number : value->number);
    text_append(text, column ? "\n" : "");
    at += 3 + negative;
  }
}

enum status export_r_predict(struct export_r *script, const struct command *command, struct error *error)
{
  const char *conf = arguments_word(command, "conf");
  struct text then = TEXT_INIT;
  enum status status = append_axes(script, command, &then, error);
  if (!status)
    status = append_times(script, command, &then, error);
  append_patient(script, command, &then);
  text_append_format(&then,
                     "curve <- summary(survfit(fit, newdata = patient, conf.type = \"%s\", conf.int = level), times = times, extend = TRUE)\n"
                     "rows <- data.frame(time = times, estimate = curve$surv, conf_low = curve$lower, conf_high = curve$upper)\n"
                     "rows[times > max(model$.time), -1] <- NA\n"
                     "lp <- lp_of(fit, patient)\n"
                     "print_table(\"predict\", cbind(rows, linear_predictor = lp, total_points = axes$scale * (lp - axes$lowest)))\n",
                     conf ? conf : conf_name(script->state->settings.conf));
  if (!status)
    status = with_model(script, true, text_string(&then), error);
  text_clear(&then);
  return status;
}

/* ---- validate, calibrate ---- */

static double number_or(const struct command *command, const char *name, double usual)
{
  const struct command_option *option = command_find_option(command, name);
  return option ? option->number : usual;
}

enum status export_r_validate(struct export_r *script, const struct command *command, struct error *error)
{
  struct text then = TEXT_INIT;
  script->parts |= R_PART_PREDICT | R_PART_RESAMPLE | R_PART_VALIDATE;
  text_append_format(&then,
                     "indexes <- validation_of(model, boot = %g, seed = %.0f, level)\n"
                     "print_table(\"validate\", indexes[c(\"concordance\", \"slope\"), ])\n"
                     "print_table(\"validate_indexes\", indexes)\n",
                     number_or(command, "boot", 200), number_or(command, "seed", 1));
  enum status status = with_model(script, false, text_string(&then), error);
  text_clear(&then);
  return status;
}

enum status export_r_calibrate(struct export_r *script, const struct command *command, struct error *error)
{
  struct text then = TEXT_INIT;
  script->parts |= R_PART_PREDICT | R_PART_RESAMPLE | R_PART_CALIBRATE;
  enum status status = append_times(script, command, &then, error);
  text_append_format(&then,
                     "print_table(\"calibrate\", do.call(rbind, lapply(times, function(time)\n"
                     "  calibration_of(model, time, groups = %g, boot = %g, seed = %.0f, level))))\n",
                     number_or(command, "groups", 3), number_or(command, "boot", 200), number_or(command, "seed", 1));
  if (!status)
    status = with_model(script, false, text_string(&then), error);
  text_clear(&then);
  return status;
}
