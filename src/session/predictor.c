/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/predictor.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

/* ---- the columns that a model uses ---- */

/* What walks an expression's columns: those of one term get one component. */
struct collector {
  struct predictor *predictor;
  size_t term;
  bool is_stratum;
  const char *unknown; /* the first name that the cohort lacks */
};

static void merge_components(struct predictor *predictor, size_t from, size_t to)
{
  for (size_t i = 0; i < predictor->n_columns; i++)
    if (predictor->columns[i].component == from)
      predictor->columns[i].component = to;
}

static void collect_column(const char *name, void *data)
{
  struct collector *collector = data;
  struct predictor *predictor = collector->predictor;
  const struct column *column = cohort_find_column(predictor->state->cohort, name);
  if (!column) {
    collector->unknown = collector->unknown ? collector->unknown : name;
    return;
  }
  for (size_t i = 0; i < predictor->n_columns; i++) {
    struct predictor_column *known = &predictor->columns[i];
    if (known->column != column)
      continue;
    if (!collector->is_stratum)
      merge_components(predictor, known->component, collector->term);
    known->is_stratum &= collector->is_stratum;
    return;
  }
  predictor->columns =
      memory_resize(predictor->columns, predictor->n_columns + 1, sizeof *predictor->columns);
  predictor->columns[predictor->n_columns++] =
      (struct predictor_column){column, collector->term, collector->is_stratum};
}

/* Numbers the components 0, 1, … in the order in which they appear. */
static void number_components(struct predictor *predictor)
{
  size_t *number = memory_new(predictor->n_columns + 1, sizeof *number);
  predictor->n_components = 0;
  for (size_t i = 0; i < predictor->n_columns; i++) {
    size_t first = 0;
    while (predictor->columns[first].component != predictor->columns[i].component)
      first++;
    number[i] = first == i ? predictor->n_components++ : number[first];
  }
  for (size_t i = 0; i < predictor->n_columns; i++)
    predictor->columns[i].component = number[i];
  free(number);
}

static void collect_formula(struct collector *collector, const struct formula *formula)
{
  for (size_t t = 0; t < formula->n_terms; t++) {
    collector->term = t;
    for (size_t i = 0; i < formula->terms[t].n_variables; i++)
      expr_each_column(formula->variables[formula->terms[t].variables[i]].expr, collect_column, collector);
  }
  collector->is_stratum = true;
  for (size_t i = 0; i < formula->n_strata; i++) {
    collector->term = formula->n_terms + i;
    expr_each_column(formula->strata[i], collect_column, collector);
  }
}

/* The terms of a sum are apart; all else ties its columns together. */
static void collect_sum(struct collector *collector, const struct expr *expr)
{
  const bool is_sum = (expr->kind == EXPR_BINARY || expr->kind == EXPR_UNARY) &&
                      (strcmp(expr->text, "+") == 0 || strcmp(expr->text, "-") == 0);
  if (is_sum) {
    for (size_t i = 0; i < expr->n_operands; i++)
      collect_sum(collector, expr->operands[i]);
    return;
  }
  collector->term++;
  expr_each_column(expr, collect_column, collector);
}

/* ---- a published model on those on view ---- */

static enum status apply_published(struct predictor *predictor, struct error *error)
{
  const struct state *state = predictor->state;
  struct column *column;
  struct bitmap complete;
  if (expr_evaluate(predictor->published->formula, state->cohort, "linear predictor", &column, error))
    return STATUS_ERROR;
  bitmap_init(&complete, state->cohort->n_rows, true);
  for (size_t row = 0; row < complete.n; row++)
    if (!isfinite(column_number(column, row)))
      bitmap_remove(&complete, row);
  const struct gather_request rows = {.complete = &complete};
  struct cox_analysis *analysis = memory_new(1, sizeof *analysis);
  atomic_init(&analysis->references, 1);
  predictor->analysis = analysis;
  enum status status = gather(state, &rows, &analysis->gathered, error);
  if (!status) {
    analysis->n_incomplete = analysis->gathered.n_on_view - analysis->gathered.n_used;
    analysis->options = (struct cox_options){.ties = state->settings.ties, .level = state->settings.level};
    predictor->linear_predictor = memory_new(analysis->gathered.n_used, sizeof(double));
    for (size_t i = 0; i < analysis->gathered.n_used; i++)
      predictor->linear_predictor[i] = column_number(column, analysis->gathered.rows[i]);
  }
  bitmap_clear(&complete);
  column_release(column);
  return status;
}

static enum status fit_current(struct predictor *predictor, struct task *task, struct error *error)
{
  enum status status = cox_analyse_current(predictor->state, task, &predictor->analysis, error);
  if (status)
    return status;
  const struct cox_analysis *analysis = predictor->analysis;
  const size_t n_strata = analysis->gathered.data.n_strata;
  predictor->linear_predictor =
      memory_copy(analysis->model.linear_predictor, analysis->gathered.n_used, sizeof(double));
  predictor->baselines = memory_new(n_strata, sizeof *predictor->baselines);
  return cox_baselines(&analysis->gathered.data, &analysis->model, &analysis->options, predictor->baselines, error);
}

enum status predictor_init(struct predictor *predictor, const struct state *state, struct task *task,
                           struct error *error)
{
  *predictor = (struct predictor){.state = state, .published = state->published};
  struct collector collector = {.predictor = predictor};
  enum status status =
      predictor->published ? apply_published(predictor, error) : fit_current(predictor, task, error);
  if (!status) {
    if (predictor->published)
      collect_sum(&collector, predictor->published->formula);
    else
      collect_formula(&collector, &predictor->analysis->formula);
    number_components(predictor);
  }
  if (status)
    predictor_clear(predictor);
  return status;
}

void predictor_clear(struct predictor *predictor)
{
  for (size_t s = 0; predictor->baselines && s < predictor->analysis->gathered.data.n_strata; s++)
    cox_baseline_clear(&predictor->baselines[s]);
  free(predictor->baselines);
  free(predictor->linear_predictor);
  free(predictor->columns);
  cox_analysis_release(predictor->analysis);
  *predictor = (struct predictor){.columns = NULL};
}

/* ---- patients ---- */

static double sum_covariates(const struct cox_model *model, const double *covariates)
{
  double sum = 0;
  for (size_t c = 0; c < model->n_columns; c++)
    sum += model->state[c] == COEFFICIENT_ALIASED ? 0 : covariates[c] * model->beta[c];
  return sum;
}

static enum status evaluate_fitted(const struct predictor *predictor, const struct cohort *patients,
                                   double *linear_predictor, struct error *error)
{
  const struct cox_analysis *analysis = predictor->analysis;
  struct model_frame frame;
  if (model_frame_build(&analysis->formula, patients, &frame, error))
    return STATUS_ERROR;
  double *covariates = memory_new(analysis->design.n_columns, sizeof *covariates);
  enum status status = STATUS_OK;
  for (size_t row = 0; row < patients->n_rows && !status; row++) {
    linear_predictor[row] = (double)NAN;
    if (!bitmap_has(&frame.complete, row))
      continue;
    status = design_row(&analysis->design, &analysis->formula, &frame, row, covariates, error);
    if (!status)
      linear_predictor[row] = sum_covariates(&analysis->model, covariates);
  }
  free(covariates);
  model_frame_clear(&frame);
  return status;
}

enum status predictor_evaluate(const struct predictor *predictor, const struct cohort *patients,
                               double *linear_predictor, struct error *error)
{
  struct column *column;
  if (!predictor->published)
    return evaluate_fitted(predictor, patients, linear_predictor, error);
  if (expr_evaluate(predictor->published->formula, patients, "linear predictor", &column, error))
    return STATUS_ERROR;
  for (size_t row = 0; row < patients->n_rows; row++)
    linear_predictor[row] = column_number(column, row);
  column_release(column);
  return STATUS_OK;
}

/* The stratum that a row of the frame is in, by the name that gathering gave it. */
static enum status find_stratum(const struct predictor *predictor, const struct model_frame *frame, size_t row,
                                size_t *stratum, struct error *error)
{
  const struct gathered *gathered = &predictor->analysis->gathered;
  struct text name = TEXT_INIT;
  *stratum = 0;
  if (!frame->n_strata)
    return STATUS_OK;
  for (size_t i = 0; i < frame->n_strata; i++)
    text_append_format(&name, "%s%s=%s", i ? ", " : "", frame->strata[i]->name,
                       frame->strata[i]->levels[column_code(frame->strata[i], row) - 1].name);
  while (*stratum < gathered->data.n_strata &&
         strcmp(gathered->stratum_names[*stratum], text_string(&name)) != 0)
    ++*stratum;
  enum status status = STATUS_OK;
  if (*stratum == gathered->data.n_strata) {
    error_set(error, "the model has no stratum %s", text_string(&name));
    status = error_hint(error, "its strata are %s%s", gathered->stratum_names[0], gathered->data.n_strata > 1 ? ", …" : "");
  }
  text_clear(&name);
  return status;
}

enum status predictor_place(const struct predictor *predictor, const struct cohort *patients, size_t row,
                            double *covariates, size_t *stratum, struct error *error)
{
  const struct cox_analysis *analysis = predictor->analysis;
  struct model_frame frame;
  if (model_frame_build(&analysis->formula, patients, &frame, error))
    return STATUS_ERROR;
  enum status status = STATUS_OK;
  if (!bitmap_has(&frame.complete, row)) {
    error_set(error, "a term of the model has no value for this patient");
    status = error_hint(error, "a level that the column does not have, or a logarithm of 0?");
  }
  if (!status && covariates)
    status = design_row(&analysis->design, &analysis->formula, &frame, row, covariates, error);
  if (!status)
    status = find_stratum(predictor, &frame, row, stratum, error);
  model_frame_clear(&frame);
  return status;
}

/* The last time that is known of a stratum. */
static double last_time(const struct survival_data *data, size_t stratum)
{
  for (size_t i = data->n; i-- > 0;)
    if (!data->stratum || data->stratum[i] == stratum)
      return data->time[i];
  return -INFINITY;
}

double predictor_hazard(const struct predictor *predictor, size_t stratum, double time)
{
  if (predictor->published)
    return published_hazard(predictor->published, time);
  if (time > last_time(&predictor->analysis->gathered.data, stratum))
    return (double)NAN;
  const struct cox_baseline *baseline = &predictor->baselines[stratum];
  size_t low = 0, high = baseline->n_times; /* of the first time after `time` */
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (baseline->time[middle] <= time)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? baseline->hazard[low - 1] : 0;
}

struct column *predictor_column_like(const struct column *column, const double *values, size_t n)
{
  if (column->kind != COLUMN_FACTOR)
    return column_new_numbers(column->name, column->kind, memory_copy(values, n, sizeof *values), n);
  uint32_t *codes = memory_new(n, sizeof *codes);
  char **names = memory_new(column->n_levels, sizeof *names);
  for (size_t i = 0; i < n; i++)
    codes[i] = (uint32_t)values[i];
  for (size_t i = 0; i < column->n_levels; i++)
    names[i] = memory_copy_string(column->levels[i].name);
  struct column *like = column_new_factor(column->name, codes, n, names, column->n_levels);
  free(codes);
  return like;
}
