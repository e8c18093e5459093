/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Cox model of a state: variables, rows, design, fit, and what is to be said of them. */
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "session/kept_model.h"
#include "stats/quadratic.h"

enum { EVENTS_PER_COEFFICIENT = 10 };

static void warn(struct cox_analysis *analysis, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void warn(struct cox_analysis *analysis, const char *format, ...)
{
  struct text text = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  MEMORY_APPEND(analysis->warnings, analysis->n_warnings, analysis->warnings_capacity, text_take(&text));
}

/* "surgery (PR, PHR)" for the columns of a term that are in that state; the caller frees it.  NULL: none is. */
static char *columns_in_state(const struct cox_analysis *analysis, size_t term, enum coefficient_state state)
{
  const struct design_term *described = &analysis->design.terms[term];
  struct text text = TEXT_INIT;
  bool any = false;
  for (size_t c = described->first; c < described->first + described->n_columns; c++) {
    if (analysis->model.state[c] != state)
      continue;
    const char *level = analysis->design.columns[c].level;
    if (!any)
      text_append(&text, analysis->formula.terms[term].name);
    if (level)
      text_append_format(&text, "%s%s", any ? ", " : " (", level);
    any = true;
  }
  if (!any)
    return NULL;
  if (strchr(text_string(&text) + strlen(analysis->formula.terms[term].name), '('))
    text_append_char(&text, ')');
  return text_take(&text);
}

/* Turns the fit's findings into words, each with its term. */
void cox_analysis_warn(struct cox_analysis *analysis)
{
  const struct cox_model *model = &analysis->model;
  for (size_t i = 0; i < analysis->design.n_warnings; i++)
    warn(analysis, "%s", analysis->design.warnings[i]);
  if (!analysis->gathered.n_used)
    warn(analysis, "no patient is on view with all values of the model");
  else if (model->n_events == 0)
    warn(analysis, "no event among %g patient%s: nothing can be estimated", model->n,
         model->n > 1 || model->n < 1 ? "s" : "");
  for (size_t t = 0; t < analysis->design.n_terms && model->n_events > 0; t++) {
    char *infinite = columns_in_state(analysis, t, COEFFICIENT_INFINITE);
    char *aliased = columns_in_state(analysis, t, COEFFICIENT_ALIASED);
    if (infinite)
      warn(analysis, "%s: the coefficient may be infinite (separation: one side has no events); its limits and Wald p mean "
                     "nothing, the likelihood ratio does; cox …, firth gives finite ones", infinite);
    if (aliased)
      warn(analysis, "%s: not estimable, it is constant here or follows from the terms before it (collinear)", aliased);
    free(infinite);
    free(aliased);
  }
  if (model->df > 0 && model->n_events > 0 && model->n_events < EVENTS_PER_COEFFICIENT * model->df)
    warn(analysis, "few events: %g for %g coefficient%s, %.2g each (%d or more are usual): the model may fit chance",
         model->n_events, model->df, model->df > 1 ? "s" : "", model->n_events / model->df, (int)EVENTS_PER_COEFFICIENT);
  if (!model->converged && model->n_events > 0)
    warn(analysis, "the model did not converge in %d iterations", model->iterations);
}

/* Cluster numbers, from 0, of the gathered rows. */
static uint32_t *cluster_numbers(const struct column *cluster, const struct gathered *gathered)
{
  uint32_t *numbers = memory_resize(NULL, gathered->n_used, sizeof *numbers);
  for (size_t i = 0; i < gathered->n_used; i++)
    numbers[i] = column_code(cluster, gathered->rows[i]) - 1;
  return numbers;
}

/* The cluster column as a factor, its missing rows taken out of `complete`. */
static enum status find_cluster(const struct state *state, const char *name, struct bitmap *complete,
                                struct column **cluster, struct error *error)
{
  const struct column *column = cohort_find_column(state->cohort, name);
  if (!column) {
    error_set(error, "there is no column %s", name);
    return error_hint(error, "cluster= names the column that tells which rows belong together");
  }
  *cluster = column_as_factor(column);
  for (size_t row = 0; row < complete->n; row++)
    if (column_code(*cluster, row) == 0)
      bitmap_remove(complete, row);
  return STATUS_OK;
}

static enum status check_ready(const struct state *state, struct error *error)
{
  if (!state->cohort) {
    error_set(error, "no cohort is loaded");
    return error_hint(error, "load \"FILE.csv\"");
  }
  if (state_endpoint(state))
    return STATUS_OK;
  error_set(error, "no endpoint is defined");
  return error_hint(error, "endpoint os = Surv(TIME, EVENT == 1)");
}

/* Counts the patients and events on which each column of the design is not 0: what a table shows beside a level.  A
 * frequency counts as many, a case weight as one. */
struct counting {
  const struct design *design;
  const struct gathered *gathered;
  bool frequencies;
  double *counts; /* parts x 2 x n_columns: patients, events */
};

enum { PART_ROWS = 1 << 15 };

static void count_part(void *context, size_t part)
{
  const struct counting *counting = context;
  const struct design *design = counting->design;
  const size_t p = design->n_columns;
  const size_t stop = (part + 1) * PART_ROWS < design->n_rows ? (part + 1) * PART_ROWS : design->n_rows;
  double *restrict patients = &counting->counts[part * 2 * p], *restrict events = patients + p;
  for (size_t i = part * PART_ROWS; i < stop; i++) {
    const double *restrict x = design->x + i * p, count = counting->frequencies ? counting->gathered->weight[i] : 1;
    const double event = counting->gathered->status[i] == STATUS_EVENT ? count : 0;
    for (size_t c = 0; c < p; c++) {
      patients[c] += x[c] != 0 ? count : 0;
      events[c] += x[c] != 0 ? event : 0;
    }
  }
}

static void count_columns(struct design *design, const struct gathered *gathered, bool frequencies)
{
  const size_t n_parts = (design->n_rows + PART_ROWS - 1) / PART_ROWS, p = design->n_columns;
  struct counting counting = {design, gathered, frequencies, memory_new(n_parts * 2 * p, sizeof(double))};
  parallel_run(n_parts, count_part, &counting);
  for (size_t part = 0; part < n_parts; part++)
    for (size_t c = 0; c < p; c++) {
      design->columns[c].n += counting.counts[part * 2 * p + c];
      design->columns[c].n_events += counting.counts[part * 2 * p + p + c];
    }
  free(counting.counts);
}

/* A frequency counts patients, so it is whole. */
static enum status check_frequencies(const struct gathered *gathered, const char *column, struct error *error)
{
  for (size_t i = 0; i < gathered->n_used; i++) {
    if (gathered->weight[i] == floor(gathered->weight[i]))
      continue;
    error_set(error, "%s is no frequency: row %u has %g", column, gathered->rows[i] + 1, gathered->weight[i]);
    return error_hint(error, "a frequency is a whole number of patients; weights=%s weighs rows instead", column);
  }
  return STATUS_OK;
}

/* Gathers the rows complete in the frame and builds the design. */
static enum status gather_design(const struct state *state, const struct cox_request *request,
                                 const struct model_frame *frame, const struct column *cluster,
                                 struct cox_analysis *analysis, struct error *error)
{
  const bool frequencies = request->weights && request->options.weight_kind == WEIGHT_FREQUENCY;
  struct gather_request rows = {
      .strata = frame->strata,
      .n_strata = frame->n_strata,
      .weights = request->weights,
      .condition = request->condition,
      .complete = &frame->complete,
  };
  enum status status = gather(state, &rows, &analysis->gathered, error);
  if (!status && frequencies)
    status = check_frequencies(&analysis->gathered, request->weights, error);
  if (status)
    return status;
  const struct gathered *gathered = &analysis->gathered;
  analysis->n_incomplete = gathered->n_on_view - gathered->n_used;
  status = design_build(request->formula, frame, gathered->rows, gathered->n_used, &analysis->design, error);
  if (status)
    return status;
  count_columns(&analysis->design, gathered, frequencies);
  analysis->options = request->options;
  analysis->clusters = cluster ? cluster_numbers(cluster, gathered) : NULL;
  analysis->options.cluster = analysis->clusters;
  analysis->options.n_clusters = cluster ? cluster->n_levels : 0;
  return STATUS_OK;
}

enum status cox_prepare(const struct state *state, const struct cox_request *request, struct cox_analysis *analysis,
                        struct error *error)
{
  *analysis = (struct cox_analysis){.warnings = NULL};
  if (check_ready(state, error))
    return STATUS_ERROR;
  struct text formula = TEXT_INIT;
  formula_append(&formula, request->formula);
  struct model_frame frame;
  struct column *cluster = NULL;
  enum status status = formula_parse_string(text_string(&formula), &analysis->formula, error);
  text_clear(&formula);
  if (status)
    return status;
  status = model_frame_build(request->formula, state->cohort, &frame, error);
  if (!status) {
    if (request->cluster)
      status = find_cluster(state, request->cluster, &frame.complete, &cluster, error);
    if (!status)
      status = gather_design(state, request, &frame, cluster, analysis, error);
    column_release(cluster);
    model_frame_clear(&frame);
  }
  if (status)
    cox_analysis_clear(analysis);
  return status;
}

/* Puts the penalised estimates in the place of the ordinary ones.  The score test is of no such model. */
static void adopt_penalised(struct cox_analysis *analysis)
{
  struct cox_model *model = &analysis->model;
  const struct cox_firth *firth = &analysis->firth;
  const size_t p = model->n_columns, n = analysis->gathered.data.n;
  memcpy(model->beta, firth->beta, p * sizeof *model->beta);
  memcpy(model->std_error, firth->std_error, p * sizeof *model->std_error);
  memcpy(model->covariance, firth->covariance, p * p * sizeof *model->covariance);
  memcpy(model->model_covariance, firth->covariance, p * p * sizeof *model->covariance);
  model->loglik_null = firth->loglik_null;
  model->loglik = firth->loglik;
  model->lr_statistic = firth->lr_statistic;
  model->score_statistic = (double)NAN;
  model->converged = firth->converged;
  model->iterations = firth->iterations;
  model->robust = false;
  for (size_t j = 0; j < p; j++)
    if (model->state[j] == COEFFICIENT_INFINITE)
      model->state[j] = COEFFICIENT_FINITE;
  for (size_t i = 0; i < n; i++) {
    model->linear_predictor[i] = 0;
    for (size_t j = 0; j < p; j++)
      model->linear_predictor[i] += model->state[j] == COEFFICIENT_ALIASED ? 0 : analysis->design.x[i * p + j] * model->beta[j];
  }
}

static enum status penalise(struct cox_analysis *analysis, struct task *task, struct error *error)
{
  struct cox_model *model = &analysis->model;
  double rank;
  enum status status = cox_firth_fit(&analysis->gathered.data, analysis->design.x, model, &analysis->options, task,
                                     &analysis->firth, error);
  if (status || !(model->n_events > 0))
    return status;
  adopt_penalised(analysis);
  double *beta = memory_copy(model->beta, model->n_columns, sizeof *beta);
  for (size_t j = 0; j < model->n_columns; j++)
    beta[j] = model->state[j] == COEFFICIENT_ALIASED ? 0 : beta[j];
  model->wald_statistic = quadratic_form_inverse(model->covariance, beta, model->n_columns, &rank);
  model->concordance =
      analysis->options.weight_kind == WEIGHT_FREQUENCY
          ? concordance_compute_counts(&analysis->gathered.data, model->linear_predictor, NULL, 0)
          : concordance_compute(&analysis->gathered.data, model->linear_predictor, NULL, 0);
  free(beta);
  return STATUS_OK;
}

enum status cox_analyse(const struct state *state, const struct cox_request *request, struct task *task,
                        struct cox_analysis *analysis, struct error *error)
{
  enum status status = cox_prepare(state, request, analysis, error);
  if (status)
    return status;
  status = cox_fit(&analysis->gathered.data, analysis->design.x, analysis->design.n_columns, &analysis->options, task,
                   &analysis->model, error);
  if (!status && request->firth)
    status = penalise(analysis, task, error);
  if (status)
    cox_analysis_clear(analysis);
  else
    cox_analysis_warn(analysis);
  return status;
}

void cox_analysis_clear(struct cox_analysis *analysis)
{
  for (size_t i = 0; i < analysis->n_warnings; i++)
    free(analysis->warnings[i]);
  free(analysis->warnings);
  free(analysis->clusters);
  cox_model_clear(&analysis->model);
  cox_firth_clear(&analysis->firth);
  design_clear(&analysis->design);
  gathered_clear(&analysis->gathered);
  formula_clear(&analysis->formula);
  *analysis = (struct cox_analysis){.warnings = NULL};
}

const struct cox_analysis *cox_analysis_retain(const struct cox_analysis *analysis)
{
  struct cox_analysis *shared = (struct cox_analysis *)analysis; /* the count is not part of its value */
  atomic_fetch_add(&shared->references, 1);
  return shared;
}

void cox_analysis_release(const struct cox_analysis *analysis)
{
  struct cox_analysis *shared = (struct cox_analysis *)analysis;
  if (!shared || atomic_fetch_sub(&shared->references, 1) != 1)
    return;
  cox_analysis_clear(shared);
  free(shared);
}

/* The rows on view on which the condition holds; the caller clears and frees them. */
static enum status condition_rows(const struct state *state, const char *condition, struct bitmap **rows,
                                  struct error *error)
{
  struct expr *expr;
  if (expr_parse_string(condition, &expr, error))
    return STATUS_ERROR;
  *rows = memory_new(1, sizeof **rows);
  enum status status = expr_select(expr, state->cohort, &state->on_view->rows, *rows, NULL, error);
  expr_free(expr);
  if (status) {
    free(*rows);
    *rows = NULL;
  }
  return status;
}

enum status cox_analyse_current(const struct state *state, struct task *task, const struct cox_analysis **analysis,
                                struct error *error)
{
  const struct model_settings *settings = &state->model_settings;
  if (!state->model) {
    error_set(error, state->published ? "the current model is published, not fitted" : "there is no model yet");
    return error_hint(error, "cox age + sex + …");
  }
  struct formula formula = FORMULA_INIT;
  struct bitmap *condition = NULL;
  enum status status = formula_parse_string(state->model, &formula, error);
  if (status)
    return status;
  if (settings->condition)
    status = condition_rows(state, settings->condition, &condition, error);
  struct cox_request request = {
      .formula = &formula,
      .options = {.ties = settings->has_ties ? settings->ties : state->settings.ties,
                  .weight_kind = settings->weight_kind,
                  .robust = settings->robust,
                  .level = state->settings.level},
      .weights = settings->weights,
      .cluster = settings->cluster,
      .condition = condition,
      .firth = settings->firth,
  };
  if (!status)
    status = cox_analyse_shared(state, &request, task, analysis, error);
  if (condition)
    bitmap_clear(condition);
  free(condition);
  formula_clear(&formula);
  return status;
}
