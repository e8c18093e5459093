/* SPDX-License-Identifier: GPL-3.0-or-later */
/* score, adjusted: the current model's predictions as columns and as curves. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "base/number.h"
#include "base/text.h"
#include "session/nomogram.h"
#include "session/outcome.h"
#include "stats/samples.h"
#include "verbs/arguments.h"
#include "verbs/describe.h"
#include "verbs/entries.h"
#include "verbs/prediction.h"
#include "verbs/printing.h"

/* ---- score ---- */

/* The values between the groups: those of cuts=, or quantiles of the score. */
static enum status find_cuts(const struct command *command, const double *score, size_t n, double **cuts, size_t *n_cuts,
                             struct error *error)
{
  const struct command_option *groups = command_find_option(command, "groups");
  if (arguments_numbers(command, "cuts", cuts, n_cuts, error))
    return STATUS_ERROR;
  if (!groups || *n_cuts)
    return STATUS_OK;
  if (!(groups->number >= 2 && groups->number <= 20) || groups->number != floor(groups->number)) {
    error_set(error, "groups= wants a whole number from 2 to 20");
    return error_in_command(error, groups->start, groups->length);
  }
  double *sorted = memory_copy(score, n, sizeof *sorted);
  sort_numbers(sorted, n);
  *n_cuts = (size_t)groups->number - 1;
  *cuts = memory_new(*n_cuts, sizeof **cuts);
  for (size_t i = 0; i < *n_cuts && n; i++)
    (*cuts)[i] = sample_quantile(sorted, n, (double)(i + 1) / groups->number, 7);
  free(sorted);
  return STATUS_OK;
}

/* "<= 40", "40 < … <= 80", "> 80". */
static char *group_name(const double *cuts, size_t n_cuts, size_t group)
{
  struct text text = TEXT_INIT;
  if (group == 0)
    text_append_format(&text, "<=%.4g", cuts[0]);
  else if (group == n_cuts)
    text_append_format(&text, ">%.4g", cuts[n_cuts - 1]);
  else
    text_append_format(&text, ">%.4g to %.4g", cuts[group - 1], cuts[group]);
  return text_take(&text);
}

static struct column *group_column(const char *name, const double *score, size_t n_rows, const double *cuts, size_t n_cuts)
{
  struct text title = TEXT_INIT;
  uint32_t *codes = memory_new(n_rows, sizeof *codes);
  char **names = memory_new(n_cuts + 1, sizeof *names);
  text_append_format(&title, "%s_group", name);
  for (size_t g = 0; g <= n_cuts; g++)
    names[g] = group_name(cuts, n_cuts, g);
  for (size_t row = 0; row < n_rows; row++) {
    size_t group = 0;
    while (group < n_cuts && score[row] > cuts[group])
      group++;
    codes[row] = isnan(score[row]) ? 0 : (uint32_t)group + 1;
  }
  struct column *column = column_new_factor(text_string(&title), codes, n_rows, names, n_cuts + 1);
  free(codes);
  text_clear(&title);
  return column;
}

/* Turns linear predictors into points of the nomogram. */
static enum status to_points(const struct predictor *predictor, double *score, size_t n, struct error *error)
{
  struct nomogram nomogram;
  if (nomogram_build(predictor, NULL, &nomogram, error))
    return STATUS_ERROR;
  for (size_t i = 0; i < n; i++)
    score[i] = nomogram_points(&nomogram, score[i]);
  nomogram_clear(&nomogram);
  return STATUS_OK;
}

static enum status propose_columns(struct verb_context *context, const char *name, double *of_row, const double *cuts,
                                   size_t n_cuts, struct error *error)
{
  struct state *state = state_copy(context->state);
  const size_t n_rows = state->cohort->n_rows;
  struct column *score = column_new_numbers(name, COLUMN_NUMBER, of_row, n_rows);
  struct column *groups = n_cuts ? group_column(name, of_row, n_rows, cuts, n_cuts) : NULL;
  bool replaces = describe_replaced(state, name, context->report);
  replaces |= groups && describe_replaced(state, groups->name, context->report);
  state_set_cohort(state, cohort_with_column(state->cohort, score));
  describe_column(state, score, context->report);
  if (groups) {
    describe_column(state, groups, context->report);
    state_set_cohort(state, cohort_with_column(state->cohort, groups));
  }
  if (replaces && state_refresh(state, NULL, error)) {
    state_release(state);
    return STATUS_ERROR;
  }
  session_propose(context->session, state);
  return STATUS_OK;
}

static enum status score_rows(struct verb_context *context, const struct command *command, const char *name,
                              const struct predictor *predictor, struct error *error)
{
  const struct gathered *gathered = &predictor->analysis->gathered;
  const size_t n = gathered->n_used, n_rows = context->state->cohort->n_rows;
  double *score = memory_copy(predictor->linear_predictor, n, sizeof *score), *cuts = NULL;
  size_t n_cuts = 0;
  enum status status = arguments_flag(command, "points") ? to_points(predictor, score, n, error) : STATUS_OK;
  if (!status)
    status = find_cuts(command, score, n, &cuts, &n_cuts, error);
  for (size_t i = 1; i < n_cuts && !status; i++) {
    if (cuts[i - 1] < cuts[i])
      continue;
    error_set(error, "the cuts do not ascend: %g, %g", cuts[i - 1], cuts[i]);
    status = error_hint(error, "cuts=40,80; with groups= too many patients have the same score");
  }
  if (!status) {
    double *of_row = memory_new(n_rows, sizeof *of_row);
    for (size_t row = 0; row < n_rows; row++)
      of_row[row] = (double)NAN;
    for (size_t i = 0; i < n; i++)
      of_row[gathered->rows[i]] = score[i];
    status = propose_columns(context, name, of_row, cuts, n_cuts, error);
    prediction_warn(predictor, NULL, 0, context->report);
  }
  free(score);
  free(cuts);
  return status;
}

static enum status run_score(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  struct predictor predictor;
  enum status status = STATUS_OK;
  if (n_words != 1) {
    error_set(error, "score takes the name of the new column");
    status = error_hint(error, "score risk, points groups=3");
  }
  if (!status)
    status = predictor_init(&predictor, context->state, context->task, error);
  if (!status) {
    status = score_rows(context, command, words[0].text, &predictor, error);
    predictor_clear(&predictor);
  }
  command_words_free(words, n_words);
  return status;
}

static const struct option_syntax score_options[] = {
    {"points", OPTION_FLAG, NULL, "points of the nomogram instead of the linear predictor"},
    {"groups", OPTION_NUMBER, NULL, "also a column NAME_group of so many groups of equal size"},
    {"cuts", OPTION_LIST, NULL, "also a column NAME_group cut there: cuts=40,80"},
    {.name = NULL},
};

static const char *const score_examples[] = {"score risk, groups=3", "score risk_points, points cuts=40,80", NULL};

const struct verb verb_score = {
    .syntax = {"score", ARGUMENTS_WORDS, false, score_options},
    .usage = "score NAME [, points groups=N cuts=C,…]",
    .summary = "the current model's score of each patient as a new column, and groups of it",
    .details = "The linear predictor (not centred), or the nomogram's points, of those on view who have all values.  With\n"
               "groups= or cuts= a second column NAME_group: km NAME_group then shows what the score tells apart.  Groups made\n"
               "on the patients that the model was fitted to look better than they would elsewhere.  A column of the file or of\n"
               "derive that has the name already is replaced, with a warning.",
    .examples = score_examples,
    .needs = NEEDS_ENDPOINT,
    .changes_state = true,
    .run = run_score,
};

/* ---- adjusted ---- */

enum { MAX_ADJUSTED_LEVELS = 50 };

/* What is averaged: each patient's predicted survival with the variable set to one level after the other. */
struct adjusted {
  const struct predictor *predictor;
  const struct column *column; /* a factor of the cohort */
  size_t *codes;               /* levels in the analysis */
  size_t n_codes;
  double *times;
  size_t n_times;
};

/* The cohort of the patients used, all of them with the level `code` of the column. */
static struct cohort *with_level(const struct adjusted *adjusted, size_t code)
{
  const struct predictor *predictor = adjusted->predictor;
  const struct gathered *gathered = &predictor->analysis->gathered;
  const size_t n = gathered->n_used;
  struct column **columns = memory_new(predictor->n_columns, sizeof(struct column *));
  double *values = memory_new(n, sizeof *values);
  for (size_t c = 0; c < predictor->n_columns; c++) {
    const struct column *column = predictor->columns[c].column;
    for (size_t i = 0; i < n; i++)
      values[i] = column == adjusted->column        ? (double)code
                  : column->kind == COLUMN_FACTOR ? (double)column_code(column, gathered->rows[i])
                                                  : column_number(column, gathered->rows[i]);
    columns[c] = predictor_column_like(column, values, n);
  }
  struct cohort *cohort = cohort_new(n, columns, predictor->n_columns);
  free(columns);
  free(values);
  return cohort;
}

/* The mean of exp(-H0(t) exp(lp)) over the patients, each with the baseline of its stratum. */
static double mean_survival(const struct adjusted *adjusted, const double *lp, double time)
{
  const struct predictor *predictor = adjusted->predictor;
  const struct survival_data *data = &predictor->analysis->gathered.data;
  const size_t n_strata = predictor->published ? 1 : data->n_strata;
  double *hazard = memory_new(n_strata, sizeof *hazard), sum = 0, weight = 0;
  for (size_t s = 0; s < n_strata; s++)
    hazard[s] = predictor_hazard(predictor, s, time);
  for (size_t i = 0; i < data->n; i++) {
    const size_t stratum = data->stratum && !predictor->published ? data->stratum[i] : 0;
    sum += survival_weight_of(data, i) * exp(-hazard[stratum] * exp(lp[i]));
    weight += survival_weight_of(data, i);
  }
  free(hazard);
  return sum / weight;
}

static enum status add_level(const struct adjusted *adjusted, size_t code, size_t row, struct table *table,
                             double *survival, struct error *error)
{
  struct cohort *cohort = with_level(adjusted, code);
  double *lp = memory_new(cohort->n_rows, sizeof *lp);
  struct text group = TEXT_INIT;
  enum status status = predictor_evaluate(adjusted->predictor, cohort, lp, error);
  text_append_format(&group, "%s=%s", adjusted->column->name, adjusted->column->levels[code - 1].name);
  for (size_t t = 0; t < adjusted->n_times && !status; t++) {
    survival[row * adjusted->n_times + t] = mean_survival(adjusted, lp, adjusted->times[t]);
    table_add_text(table, text_string(&group));
    table_add_number(table, adjusted->times[t]);
    table_add_number(table, survival[row * adjusted->n_times + t]);
  }
  text_clear(&group);
  free(lp);
  cohort_release(cohort);
  return status;
}

static enum status find_levels(struct adjusted *adjusted, const struct command *command, struct error *error)
{
  const struct predictor *predictor = adjusted->predictor;
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  for (size_t c = 0; c < predictor->n_columns && n_words == 1; c++)
    if (!predictor->columns[c].is_stratum && predictor->columns[c].column->kind == COLUMN_FACTOR &&
        strcmp(predictor->columns[c].column->name, words[0].text) == 0)
      adjusted->column = predictor->columns[c].column;
  command_words_free(words, n_words);
  if (!adjusted->column) {
    error_set(error, "adjusted takes a factor of the current model");
    return error_hint(error, "cox age + surgery, then: adjusted surgery, at=12,36,60");
  }
  bool *present = memory_new(adjusted->column->n_levels + 1, sizeof *present);
  adjusted->codes = memory_new(adjusted->column->n_levels, sizeof *adjusted->codes);
  for (size_t i = 0; i < predictor->analysis->gathered.n_used; i++)
    present[column_code(adjusted->column, predictor->analysis->gathered.rows[i])] = true;
  for (size_t code = 1; code <= adjusted->column->n_levels; code++)
    if (present[code])
      adjusted->codes[adjusted->n_codes++] = code;
  free(present);
  if (adjusted->n_codes <= MAX_ADJUSTED_LEVELS)
    return STATUS_OK;
  error_set(error, "%zu levels are too many", adjusted->n_codes);
  return error_hint(error, "at most %d", (int)MAX_ADJUSTED_LEVELS);
}

static enum status average(struct verb_context *context, const struct adjusted *adjusted, struct error *error)
{
  struct table *table = table_new("adjusted_curve", "group time estimate");
  struct printed_table *printed = printed_table_new("Adjusted survival");
  double *survival = memory_new(adjusted->n_codes * adjusted->n_times, sizeof *survival);
  enum status status = STATUS_OK;
  printed_table_add_column(printed, column_display_name(adjusted->column), ALIGN_LEFT);
  for (size_t t = 0; t < adjusted->n_times; t++) {
    struct text title = TEXT_INIT;
    text_append_format(&title, "at %g", adjusted->times[t]);
    printed_table_add_column(printed, text_string(&title), ALIGN_RIGHT);
    text_clear(&title);
  }
  for (size_t k = 0; k < adjusted->n_codes && !status; k++) {
    status = add_level(adjusted, adjusted->codes[k], k, table, survival, error);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", column_level_display_name(adjusted->column, (uint32_t)adjusted->codes[k]));
    for (size_t t = 0; t < adjusted->n_times && !status; t++)
      printing_fixed(printed, t + 1, survival[k * adjusted->n_times + t], 3);
  }
  printed_table_note(printed, "Average over the %zu patients of the model of the survival that it predicts for each with that "
                              "level (marginal, g-formula).  No limits.", adjusted->predictor->analysis->gathered.n_used);
  report_add_table(context->report, table);
  report_add_printed(context->report, printed);
  free(survival);
  return status;
}

static enum status run_adjusted(struct verb_context *context, const struct command *command, struct error *error)
{
  struct predictor predictor;
  struct adjusted adjusted = {.predictor = &predictor};
  if (prediction_times(command, context->state, &adjusted.times, &adjusted.n_times, error))
    return STATUS_ERROR;
  enum status status = predictor_init(&predictor, context->state, context->task, error);
  if (!status) {
    status = find_levels(&adjusted, command, error);
    if (!status)
      status = average(context, &adjusted, error);
    if (!status)
      prediction_warn(&predictor, adjusted.times, adjusted.n_times, context->report);
    free(adjusted.codes);
    predictor_clear(&predictor);
  }
  free(adjusted.times);
  return status;
}

static const struct option_syntax adjusted_options[] = {
    {"at", OPTION_LIST, NULL, "times: at=12,36,60"},
    {.name = NULL},
};

static const char *const adjusted_examples[] = {"adjusted surgery, at=12,36,60", NULL};

const struct verb verb_adjusted = {
    .syntax = {"adjusted", ARGUMENTS_NAMES, false, adjusted_options},
    .usage = "adjusted FACTOR , at=T,…",
    .summary = "survival by a factor as the current model would have it in one and the same population",
    .details = "For each level every patient of the model is given that level, and the predicted survivals are averaged\n"
               "(marginal or average adjusted curves; survminer calls the method average).  Not the curve of a mean patient.",
    .tables = "adjusted_curve",
    .examples = adjusted_examples,
    .needs = NEEDS_ENDPOINT,
    .is_analysis = true,
    .changes_state = true,
    .run = run_adjusted,
};
