/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why hr, why concordance: the current model taken apart. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "session/predictor.h"
#include "stats/cox_steps.h"
#include "stats/distribution.h"
#include "verbs/arguments.h"
#include "verbs/present.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

/* ---- which coefficient ---- */

/* The design's columns of the term; with a level, the one of it. */
static enum status find_coefficient(const struct cox_analysis *analysis, const struct command_word *words, size_t n_words,
                                    size_t *found, struct error *error)
{
  const struct design *design = &analysis->design;
  struct text choices = TEXT_INIT;
  size_t n_of_term = 0, n_found = 0;
  for (size_t c = 0; c < design->n_columns && n_words; c++) {
    const struct design_column *column = &design->columns[c];
    if (strcmp(analysis->formula.terms[column->term].name, words[0].text) != 0)
      continue;
    n_of_term++;
    text_append_format(&choices, "%s%s", choices.length ? ", " : "", column->level ? column->level : "");
    if (n_words > 1 && (!column->level || strcmp(column->level, words[1].text) != 0))
      continue;
    *found = c;
    n_found++;
  }
  if (n_found == 1) {
    text_clear(&choices);
    return STATUS_OK;
  }
  if (!n_of_term) {
    for (size_t t = 0; t < analysis->formula.n_terms; t++)
      text_append_format(&choices, "%s%s", t ? ", " : "", analysis->formula.terms[t].name);
    error_set(error, n_words ? "the model has no term %s" : "why hr wants a term of the model", n_words ? words[0].text : "");
    error_hint(error, "its terms are %s", text_string(&choices));
  } else {
    error_set(error, n_words > 1 ? "%s has no coefficient for that level" : "%s has several coefficients", words[0].text);
    error_hint(error, "why hr %s LEVEL, of %s", words[0].text, text_string(&choices));
  }
  text_clear(&choices);
  if (!n_words)
    return STATUS_ERROR;
  const struct command_word *word = &words[n_of_term && n_words > 1 ? 1 : 0];
  return error_in_command(error, word->start, word->length);
}

/* What has no derivation of this kind says so. */
static enum status check_derivable(const struct cox_analysis *analysis, size_t column, struct error *error)
{
  const char *name = analysis->formula.terms[analysis->design.columns[column].term].name;
  if (analysis->firth.beta) {
    error_set(error, "a penalised model (firth) has no such derivation: its score is that of the penalty, too");
    return error_hint(error, "fit it without firth first");
  }
  if (analysis->options.ties == TIES_EXACT) {
    error_set(error, "exact ties have no sums over a risk set: this likelihood is not derived here");
    return error_hint(error, "cox …, ties=efron");
  }
  if (!(analysis->model.n_events > 0)) {
    error_set(error, "there is no event here, so no hazard ratio");
    return error_hint(error, "filter off shows all patients again");
  }
  if (analysis->model.state[column] != COEFFICIENT_ALIASED)
    return STATUS_OK;
  error_set(error, "%s has no coefficient: other terms give it already, or it is constant", name);
  return error_hint(error, "leave it out of the model");
}

/* ---- a hazard ratio ---- */

static void say_error(const struct cox_analysis *analysis, const struct cox_steps *steps, size_t c, struct report *report)
{
  const struct cox_model *model = &analysis->model;
  const size_t p = model->n_columns;
  const double of_model = sqrt(model->model_covariance[c * p + c]);
  if (model->df > 1)
    why_say(report, "Information of this coefficient alone: %.5g.  The others in the model enter through the inverse of "
                            "the whole information matrix: root of its diagonal there = s.e. = %.5g.",
                    steps->information, of_model);
  else
    why_say(report, "Information: %.5g; s.e. = 1 / its root = %.5g.", steps->information, of_model);
  if (model->robust)
    why_say(report, "The model is robust: its standard error is the sandwich's, %.5g, which is not derived here.",
                    model->std_error[c]);
  if (model->state[c] == COEFFICIENT_INFINITE)
    why_say(report, "The coefficient is infinite (separation): the likelihood rises without end, and this is where the "
                            "fit stopped.");
}

static void say_hazard_ratio(const struct cox_analysis *analysis, const struct cox_steps *steps, size_t c, const char *label,
                             struct report *report)
{
  const struct cox_model *model = &analysis->model;
  const double beta = model->beta[c], error = model->std_error[c], z = normal_half_width(analysis->options.level);
  struct text text = TEXT_INIT;
  why_append_number(&text, exp(beta));
  text_append(&text, " (");
  why_append_number(&text, exp(beta - z * error));
  text_append(&text, "–");
  why_append_number(&text, exp(beta + z * error));
  why_say(report, "Hazard ratio of %s: %s)", label, text_string(&text));
  text_clear(&text);
  why_say(report, "At the estimate b = %.6g each event time weighs those at risk by exp(lp), lp the linear predictor%s, and "
                          "expects the weighted mean of the covariate for each event.",
                  beta, steps->shift != 0 ? " less its mean" : "");
  number_append_fixed(&text, steps->score, 6);
  why_say(report, "Sum of observed - expected: %s; b is where it is 0.", text_string(&text));
  text_truncate(&text, 0);
  say_error(analysis, steps, c, report);
  why_append_p(&text, normal_two_sided(beta / error));
  why_say(report, "z = b / s.e. = %.4g: %s; hazard ratio exp(b), limits exp(b -/+ %.4g s.e.).", beta / error,
                  text_string(&text), z);
  text_clear(&text);
  why_say(report, "Partial log likelihood: the sum of its terms, %.6f (with all coefficients 0: %.6f).", steps->loglik,
                  model->loglik_null);
  if (analysis->options.ties == TIES_EFRON)
    why_say(report, "Tied events: Efron's averages, in which each of d takes k/d of the d off the risk set, k = 0 … d - 1.");
}

static void add_hazard_items(struct why *why, const struct cox_analysis *analysis, const struct cox_steps *steps, size_t c)
{
  const struct cox_model *model = &analysis->model;
  const size_t p = model->n_columns;
  const double beta = model->beta[c], error = model->std_error[c], z = normal_half_width(analysis->options.level);
  const char *const names[] = {"estimate", "model_std_error", "std_error", "statistic", "p_value", "hr", "conf_low", "conf_high",
                               "score", "information", "loglik", "shift", "level"};
  const double values[] = {beta, sqrt(model->model_covariance[c * p + c]), error, beta / error, normal_two_sided(beta / error),
                           exp(beta), exp(beta - z * error), exp(beta + z * error), steps->score, steps->information,
                           steps->loglik, steps->shift, analysis->options.level};
  for (size_t i = 0; i < sizeof values / sizeof *values; i++)
    why_add_item(why, names[i], values[i]);
}

static struct table *hazard_table(struct why *why, const struct cox_analysis *analysis, const struct cox_steps *steps)
{
  static const char *const columns[] = {"time", "at risk", "events", "sum of exp(lp)", "mean", "observed", "expected", "O - E",
                                        "information", "log likelihood", NULL};
  const struct gathered *gathered = &analysis->gathered;
  struct table *table = table_new("why_steps", "step stratum time n_risk n_event risk_sum mean observed expected score "
                                               "information loglik score_sum");
  double sum = 0, largest = 0;
  why_begin_steps(why, "Event times", columns, steps->n);
  for (size_t i = 0; i < steps->n; i++) {
    const struct cox_step *step = &steps->steps[i];
    largest = fmax(largest, fabs(step->score));
    sum = fabs(sum + step->score) > 1e-9 * largest ? sum + step->score : 0; /* what rounding left of nothing is nothing */
    const double values[] = {step->time,     step->n_risk, step->n_event,     step->risk_sum, step->mean, step->observed,
                             step->expected, step->score,  step->information, step->loglik, sum};
    table_add_number(table, (double)i + 1);
    table_add_text(table, gathered->data.n_strata > 1 ? gathered->stratum_names[step->stratum] : NULL);
    for (size_t k = 0; k < sizeof values / sizeof *values; k++)
      table_add_number(table, values[k]);
    if (!why_next_step(why))
      continue;
    for (size_t k = 0; k < 10; k++) {
      const bool is_count = k == 1 || k == 2;
      printed_table_set(why->printed, k, k == 0 ? "%.6g" : is_count ? "%.10g" : "%.4g", values[k]);
    }
  }
  if (gathered->data.n_strata > 1)
    printed_table_note(why->printed, "Risk sets are made within each stratum (the table why_steps names them).");
  return table;
}

static void append_coefficient(const struct cox_analysis *analysis, const struct state *state, size_t c, struct text *text)
{
  const struct design_column *column = &analysis->design.columns[c];
  text_append(text, present_term_label(analysis, state, column->term));
  if (column->label)
    text_append_format(text, " %s", column->label);
  const char *reference = present_reference_label(analysis, state, column->term);
  if (reference)
    text_append_format(text, " against %s", reference);
}

static enum status take_apart(struct why *why, const struct cox_analysis *analysis, struct error *error)
{
  /* The words behind the kind: the command's without the first. */
  struct command_word *words;
  const size_t n = command_words(why->command, &words);
  struct cox_steps steps;
  size_t c = 0;
  enum status status = find_coefficient(analysis, words + 1, n - 1, &c, error);
  command_words_free(words, n);
  if (!status)
    status = check_derivable(analysis, c, error);
  if (!status)
    status = cox_steps_compute(&analysis->gathered.data, analysis->design.x, &analysis->model, &analysis->options, c,
                               why->context->task, &steps);
  if (status)
    return status;
  struct text label = TEXT_INIT;
  append_coefficient(analysis, why->context->state, c, &label);
  printing_rows(why->report, &analysis->gathered);
  for (size_t i = 0; i < analysis->n_warnings; i++)
    report_warn(why->report, "%s", analysis->warnings[i]);
  say_hazard_ratio(analysis, &steps, c, text_string(&label), why->report);
  add_hazard_items(why, analysis, &steps, c);
  why_end_steps(why, hazard_table(why, analysis, &steps));
  text_clear(&label);
  cox_steps_clear(&steps);
  return STATUS_OK;
}

enum status why_hazard_ratio(struct why *why, struct error *error)
{
  const struct cox_analysis *analysis;
  if (why_refuse_words(why, 2, error))
    return STATUS_ERROR;
  enum status status = why_fit(why, &analysis, error);
  if (status)
    return status;
  status = take_apart(why, analysis, error);
  cox_analysis_release(analysis);
  return status;
}

/* ---- concordance ---- */

static void say_ratio(const struct concordance *found, struct report *report)
{
  const double pairs = found->concordant + found->discordant + found->tied_score;
  why_say(report, "Concordance: %s%.4f", pairs > 0 ? "" : "not estimable, no pair can be compared: ", found->estimate);
  why_say(report, "A pair can be compared where one had the event while the other was at risk and lived on.  It is "
                          "concordant where the first to have it has the higher linear predictor.");
  if (pairs > 0)
    why_say(report, "(concordant + tied / 2) / comparable = (%.10g + %.10g / 2) / %.10g = %.5f; discordant %.10g.",
                    found->concordant, found->tied_score, pairs, found->estimate, found->discordant);
  why_say(report, "Not compared: %.10g pairs with the event at the same time.  s.e. %.4g (infinitesimal jackknife).",
                  found->tied_time, found->std_error);
}

static struct table *concordance_table(struct why *why, const struct predictor *predictor)
{
  static const char *const columns[] = {"time", "events", "comparable", "concordant", "discordant", "tied", NULL};
  const struct gathered *gathered = &predictor->analysis->gathered;
  struct table *table = table_new("why_steps", "step stratum time n_event comparable concordant discordant tied_score tied_time");
  struct concordance_step *steps;
  size_t n;
  concordance_steps(&gathered->data, predictor->linear_predictor, &steps, &n);
  why_begin_steps(why, "Pairs of those who had the event at each time", columns, n);
  for (size_t i = 0; i < n; i++) {
    const struct concordance_step *step = &steps[i];
    const double values[] = {step->time, step->n_event, step->concordant + step->discordant + step->tied_score,
                             step->concordant, step->discordant, step->tied_score, step->tied_time};
    table_add_number(table, (double)i + 1);
    table_add_text(table, gathered->data.n_strata > 1 ? gathered->stratum_names[step->stratum] : NULL);
    for (size_t k = 0; k < 7; k++)
      table_add_number(table, values[k]);
    if (!why_next_step(why))
      continue;
    printed_table_set(why->printed, 0, "%.6g", values[0]);
    for (size_t k = 1; k < 6; k++)
      printed_table_set(why->printed, k, "%.10g", values[k]);
  }
  free(steps);
  return table;
}

/* The gathered row of the patient in that row of the file (from 1). */
static enum status find_patient(const struct gathered *gathered, const struct command_option *option, size_t *patient,
                                struct error *error)
{
  for (*patient = 0; *patient < gathered->n_used; (*patient)++)
    if ((double)gathered->rows[*patient] + 1 == option->number)
      return STATUS_OK;
  error_set(error, "row %g is not among the patients of the model", option->number);
  error_hint(error, "rows of the file are counted from 1; those left out or filtered away have no pairs");
  return error_in_command(error, option->start, option->length);
}

static const char *const pair_names[] = {
    [PAIR_NOT_COMPARABLE] = "not comparable", [PAIR_CONCORDANT] = "concordant", [PAIR_DISCORDANT] = "discordant",
    [PAIR_TIED_SCORE] = "tied",               [PAIR_TIED_TIME] = "same time"};

static struct table *pairs_table(struct why *why, const struct predictor *predictor, size_t patient, double *counts)
{
  static const char *const columns[] = {"row", "time", "event", "linear predictor", "pair", NULL};
  const struct gathered *gathered = &predictor->analysis->gathered;
  const double *score = predictor->linear_predictor;
  struct table *table = table_new("why_steps", "step row time status linear_predictor pair");
  why_begin_steps(why, "Its pairs", columns, gathered->n_used - 1);
  for (size_t i = 0; i < gathered->n_used; i++) {
    if (i == patient)
      continue;
    const enum concordance_pair pair = concordance_pair_of(&gathered->data, score, patient, i);
    const bool is_event = gathered->status[i] == STATUS_EVENT;
    counts[pair] += survival_weight_of(&gathered->data, i);
    table_add_number(table, (double)table_n_rows(table) + 1);
    table_add_number(table, (double)gathered->rows[i] + 1);
    table_add_number(table, gathered->time[i]);
    table_add_number(table, is_event);
    table_add_number(table, score[i]);
    table_add_text(table, pair_names[pair]);
    if (!why_next_step(why))
      continue;
    printed_table_set(why->printed, 0, "%u", gathered->rows[i] + 1);
    printed_table_set(why->printed, 1, "%.6g", gathered->time[i]);
    printed_table_set(why->printed, 2, "%s", is_event ? "yes" : "no");
    printed_table_set(why->printed, 3, "%.4g", score[i]);
    printed_table_set(why->printed, 4, "%s", pair_names[pair]);
  }
  return table;
}

static enum status derive_pairs(struct why *why, const struct predictor *predictor, const struct command_option *option,
                                struct error *error)
{
  const struct gathered *gathered = &predictor->analysis->gathered;
  static const char *const items[] = {"not_comparable", "concordant", "discordant", "tied_score", "tied_time"};
  double counts[5] = {0};
  size_t patient;
  if (find_patient(gathered, option, &patient, error))
    return STATUS_ERROR;
  why->kind = WHY_PAIRS;
  struct table *steps = pairs_table(why, predictor, patient, counts);
  const bool is_event = gathered->status[patient] == STATUS_EVENT;
  why_add_item(why, "time", gathered->time[patient]);
  why_add_item(why, "linear_predictor", predictor->linear_predictor[patient]);
  for (size_t k = 0; k < 5; k++)
    why_add_item(why, items[k], counts[k]);
  why_say(why->report, "Pairs of row %g: time %.6g, %s, linear predictor %.4g", option->number, gathered->time[patient],
                  is_event ? "event" : "censored", predictor->linear_predictor[patient]);
  why_say(why->report, "%.10g concordant, %.10g discordant, %.10g with the same predictor; %.10g not comparable, %.10g with "
                               "the event at the same time.",
                  counts[PAIR_CONCORDANT], counts[PAIR_DISCORDANT], counts[PAIR_TIED_SCORE], counts[PAIR_NOT_COMPARABLE],
                  counts[PAIR_TIED_TIME]);
  why_end_steps(why, steps);
  return STATUS_OK;
}

static void derive_concordance(struct why *why, const struct predictor *predictor)
{
  const struct cox_analysis *analysis = predictor->analysis;
  const struct concordance found =
      predictor->published ? concordance_compute(&analysis->gathered.data, predictor->linear_predictor, NULL, 0)
                           : analysis->model.concordance;
  const char *const names[] = {"estimate", "std_error", "comparable", "concordant", "discordant", "tied_score", "tied_time"};
  const double values[] = {found.estimate,   found.std_error,  found.concordant + found.discordant + found.tied_score,
                           found.concordant, found.discordant, found.tied_score, found.tied_time};
  for (size_t i = 0; i < 7; i++)
    why_add_item(why, names[i], values[i]);
  say_ratio(&found, why->report);
  if (analysis->gathered.data.n_strata > 1)
    why_say(why->report, "Pairs are made within each stratum.");
  if (analysis->gathered.weight)
    why_say(why->report, "Weighted: a pair counts as the product of both weights.");
  why_end_steps(why, concordance_table(why, predictor));
}

enum status why_concordance(struct why *why, struct error *error)
{
  const struct command_option *row = command_find_option(why->command, "row");
  struct predictor predictor;
  if (why_refuse_words(why, 0, error) || why_refuse_condition(why, error))
    return STATUS_ERROR;
  enum status status = predictor_init(&predictor, why->context->state, why->context->task, error);
  if (status)
    return status;
  printing_rows(why->report, &predictor.analysis->gathered);
  if (row)
    status = derive_pairs(why, &predictor, row, error);
  else
    derive_concordance(why, &predictor);
  predictor_clear(&predictor);
  return status;
}
