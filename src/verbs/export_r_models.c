/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Models in R: their data frame, the call of coxph(), and what is printed of it. */
#include <string.h>

#include "lang/expr_r.h"
#include "lang/formula.h"
#include "verbs/arguments.h"
#include "verbs/export_r.h"

/* The variables of a formula as columns of the data frame `model`, under the names that tables show. */
static enum status append_frame(struct export_r *script, const struct formula *formula, struct error *error)
{
  struct text *body = &script->body;
  text_append(body, "model <- view[intersect(c(\".entry\", \".time\", \".event\"), names(view))]\n");
  for (size_t i = 0; i < formula->n_variables + formula->n_strata; i++) {
    const bool is_stratum = i >= formula->n_variables;
    const struct variable *variable = is_stratum ? NULL : &formula->variables[i];
    const struct expr *expr = is_stratum ? formula->strata[i - formula->n_variables] : variable->expr;
    enum value_kind kind;
    if (expr_check(expr, script->state->cohort, &kind, error))
      return STATUS_ERROR;
    const bool as_factor = is_stratum || variable->is_factor || variable->reference;
    text_append(body, "model[[");
    if (is_stratum)
      text_append_format(body, "\".stratum%zu\"", i - formula->n_variables + 1);
    else
      r_append_name_string(body, variable->name);
    text_append_format(body, "]] <- with(view, %s", as_factor ? "as.factor(" : kind == VALUE_TEXT ? "(" : "as.numeric(");
    if (export_r_expr(script, expr, script->state->cohort, error))
      return STATUS_ERROR;
    text_append(body, "))\n");
  }
  return STATUS_OK;
}

static void append_role(struct export_r *script, const char *role, const char *column)
{
  if (!column)
    return;
  export_r_use(script, column);
  text_append_format(&script->body, "model[[\"%s\"]] <- view[[", role);
  r_append_name_string(&script->body, column);
  text_append(&script->body, "]]\n");
}

static void append_references(struct export_r *script, const struct formula *formula)
{
  for (size_t i = 0; i < formula->n_variables; i++) {
    const struct variable *variable = &formula->variables[i];
    if (!variable->reference)
      continue;
    for (size_t k = 0; k < 2; k++) {
      text_append(&script->body, k ? " <- reference(model[[" : "model[[");
      r_append_name_string(&script->body, variable->name);
      text_append(&script->body, "]]");
    }
    text_append(&script->body, ", ");
    r_append_string(&script->body, variable->reference);
    text_append(&script->body, ")\n");
  }
}

/* `a` + `b` + `a`:`b` + strata(…), or 1. */
static void append_right_side(struct export_r *script, const struct formula *formula)
{
  struct text *body = &script->body;
  for (size_t t = 0; t < formula->n_terms; t++) {
    text_append(body, t ? " + " : "");
    for (size_t i = 0; i < formula->terms[t].n_variables; i++) {
      text_append(body, i ? ":" : "");
      r_append_name(body, formula->variables[formula->terms[t].variables[i]].name);
    }
  }
  text_append(body, formula->n_terms ? "" : "1");
  for (size_t i = 0; i < formula->n_strata; i++)
    text_append_format(body, "%s.stratum%zu", i ? ", " : " + strata(", i + 1);
  text_append(body, formula->n_strata ? ")" : "");
}

/* Fits the model of a state as `fit`. */
static enum status append_fit(struct export_r *script, const struct state *state, const struct formula *formula,
                              struct error *error)
{
  struct text *body = &script->body;
  const struct model_settings *settings = &state->model_settings;
  const bool frequency = settings->weights && settings->weight_kind == WEIGHT_FREQUENCY;
  script->parts |= R_PART_COX;
  if (settings->condition) {
    struct expr *condition;
    if (expr_parse_string(settings->condition, &condition, error))
      return STATUS_ERROR;
    enum status status = export_r_condition(script, condition, error);
    expr_free(condition);
    if (status)
      return status;
  }
  if (append_frame(script, formula, error))
    return STATUS_ERROR;
  append_role(script, ".weight", settings->weights);
  append_role(script, ".cluster", settings->cluster);
  text_append(body, "model <- droplevels(model[complete.cases(model), , drop = FALSE])\n");
  if (settings->weights)
    text_append(body, "model <- droplevels(model[model$.weight > 0, , drop = FALSE])\n");
  if (frequency)
    text_append(body, "model <- model[rep(seq_len(nrow(model)), model$.weight), , drop = FALSE]   # a row stands for that many patients\n");
  append_references(script, formula);
  export_r_level(script);
  text_append(body, "model$.y <- outcome(model)\nfit <- coxph(.y ~ ");
  append_right_side(script, formula);
  text_append_format(body, ", data = model, ties = \"%s\"%s%s%s, control = newton)\n",
                     ties_name(settings->has_ties ? settings->ties : state->settings.ties),
                     settings->weights && !frequency ? ", weights = .weight" : "",
                     settings->cluster ? ", cluster = .cluster" : "", settings->robust ? ", robust = TRUE" : "");
  return STATUS_OK;
}

enum status export_r_model(struct export_r *script, const struct state *state, const char *then, struct error *error)
{
  struct formula formula;
  if (!state->model) {
    export_r_say(script, state->published ? "a published model that was typed in" : "there is no model");
    return STATUS_OK;
  }
  if (state->model_settings.firth) {
    export_r_say(script, "Firth's penalised likelihood, which is in the package coxphf and not in survival");
    return STATUS_OK;
  }
  if (formula_parse_string(state->model, &formula, error))
    return STATUS_ERROR;
  enum status status = append_fit(script, state, &formula, error);
  if (!status)
    text_append(&script->body, then);
  formula_clear(&formula);
  return status;
}

enum status export_r_cox(struct export_r *script, const struct command *command, struct error *error)
{
  (void)command;
  enum status status = export_r_model(script, script->after,
                                  "if (length(coef(fit))) print_table(\"cox_terms\", coefficients_of(fit, level))\n"
                                  "print_table(\"cox_fit\", fit_of(fit))\n", error);
  if (!status)
    text_append(&script->body, "# The baseline: basehaz(fit, centered = FALSE)\n");
  return status;
}

enum status export_r_zph(struct export_r *script, const struct command *command, struct error *error)
{
  const char *transform = arguments_word(command, "transform");
  struct text then = TEXT_INIT;
  text_append_format(&then, "# Where a coefficient is infinite (separation) R warns that the fit did not converge, and the test is made\n"
                            "# where its iterations ended; where R cannot make it, it says why and there is no table.\n"
                            "zph <- tryCatch(cox.zph(fit, transform = \"%s\")$table,\n"
                            "  error = function(e) { message(\"cox.zph: \", conditionMessage(e)); NULL })\n"
                            "if (!is.null(zph)) print_table(\"zph\", data.frame(term = gsub(\"`\", \"\", rownames(zph)), statistic = zph[, 1], df = zph[, 2],\n"
                            "  p_value = zph[, 3]))\n# The residuals: cox.zph(fit)$y\n",
                     transform ? transform : "km");
  enum status status = export_r_model(script, script->state, text_string(&then), error);
  text_clear(&then);
  return status;
}

/* Each variable of a list as a column of `view`, a factor where the formula makes it one. */
static enum status append_variables(struct export_r *script, const struct formula *formula, struct error *error)
{
  struct text *body = &script->body;
  if (append_frame(script, formula, error))
    return STATUS_ERROR;
  append_references(script, formula);
  text_append(body, "names <- c(");
  for (size_t i = 0; i < formula->n_variables; i++) {
    text_append(body, i ? ", " : "");
    r_append_name_string(body, formula->variables[i].name);
  }
  text_append(body, ")\n");
  return STATUS_OK;
}

static bool has_interaction(const struct formula *formula)
{
  for (size_t t = 0; t < formula->n_terms; t++)
    if (formula->terms[t].n_variables > 1)
      return true;
  return false;
}

static const char *ties_of(const struct export_r *script, const struct command *command)
{
  const char *ties = arguments_word(command, "ties");
  return ties ? ties : ties_name(script->state->settings.ties);
}

enum status export_r_screen(struct export_r *script, const struct command *command, struct error *error)
{
  struct formula formula;
  if (formula_parse_list(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = export_r_condition(script, command->condition, error);
  script->parts |= R_PART_COX | R_PART_LOGRANK | R_PART_SCREEN;
  export_r_quantiles(script);
  if (!status && (has_interaction(&formula) || formula.n_strata)) {
    export_r_say(script, "the one-variable models, where interactions or strata are among the terms");
  } else if (!status) {
    export_r_level(script);
    status = append_variables(script, &formula, error);
    text_append_format(&script->body, "print_table(\"screen_univariate\", do.call(rbind, lapply(names, screen_one, data = model, ties = \"%s\", level = level)))\n",
                       ties_of(script, command));
  }
  formula_clear(&formula);
  if (status)
    return status;
  text_append(&script->body, "\n# The joint model of the variables that passed.\n");
  if (command->condition) /* it is the model's as well, and has been applied */
    text_append(&script->body, "# The condition is applied once more, which changes nothing.\n");
  return export_r_model(script, script->after, "if (length(coef(fit))) {   # else no variable passed: there is no joint model\n"
                                               "  print_table(\"screen_multivariate\", coefficients_of(fit, level))\n"
                                               "  print_table(\"cox_fit\", fit_of(fit))\n}\n", error);
}

enum status export_r_forest(struct export_r *script, const struct command *command, struct error *error)
{
  const struct command_option *over = command_find_option(command, "over");
  struct formula formula;
  if (!over)
    return export_r_cox(script, command, error);
  if (formula_parse(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = export_r_condition(script, command->condition, error);
  script->parts |= R_PART_COX | R_PART_FOREST;
  if (!status && (has_interaction(&formula) || formula.n_strata || !formula.n_variables)) {
    export_r_say(script, "a forest whose terms are interactions or strata");
  } else if (!status) {
    export_r_level(script);
    status = append_variables(script, &formula, error);
    text_append(&script->body, "over <- ");
    export_r_items(script, over, true);
    text_append_format(&script->body,
                       "\nfor (name in setdiff(over, names)) model[[name]] <- view[[name]]\n"
                       "print_table(\"forest\", forest_of(model, names[1], names[-1], over, \"%s\", level))\n",
                       ties_of(script, command));
  }
  formula_clear(&formula);
  return status;
}

/* ---- competing risks ---- */

enum status export_r_finegray(struct export_r *script, const struct command *command, struct error *error)
{
  const char *frequency = arguments_word(command, "freq");
  struct formula formula;
  if (formula_parse(&command->tokens, command->begin, command->end, &formula, error))
    return STATUS_ERROR;
  enum status status = export_r_condition(script, command->condition, error);
  script->parts |= R_PART_COX;
  script->competing_package = true;
  if (!status)
    status = append_frame(script, &formula, error);
  append_role(script, ".weight", frequency);
  text_append(&script->body, "model <- droplevels(model[complete.cases(model), , drop = FALSE])\n");
  if (frequency)
    text_append(&script->body, "model <- model[rep(seq_len(nrow(model)), model$.weight), , drop = FALSE]\n");
  append_references(script, &formula);
  export_r_level(script);
  text_append(&script->body, "x <- model.matrix(~ ");
  append_right_side(script, &formula);
  text_append(&script->body,
              ", model)[, -1, drop = FALSE]\n"
              "x <- sweep(x, 2, colMeans(x))   # changes no estimate\n"
              "fit <- crr(model$.time, model$.event, x, maxiter = 60)\n"
              "for (i in 1:4)   # crr() stops at about 1e-9: some more of Newton's steps\n"
              "  fit <- crr(model$.time, model$.event, x, init = fit$coef + solve(fit$inf, fit$score), maxiter = 0)\n"
              "b <- fit$coef; se <- sqrt(diag(fit$var)); half <- qnorm(1 - (1 - level) / 2) * se\n"
              "print_table(\"finegray_terms\", data.frame(term = gsub(\"`\", \"\", colnames(x)), estimate = b, std_error = se,\n"
              "  statistic = b / se, p_value = 2 * pnorm(-abs(b / se)), hr = exp(b), conf_low = exp(b - half), conf_high = exp(b + half)))\n");
  formula_clear(&formula);
  return status;
}
