/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The model as callers see it: coefficients of the raw columns, tests, concordance. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "stats/cox_internal.h"


/* Whether the variance is the sandwich: asked for, by cluster, or because a case weight is not whole (as coxph()). */
static bool wants_robust(const struct cox_problem *problem, const struct cox_options *options)
{
  bool robust = options->robust || options->cluster;
  for (size_t i = 0; i < problem->n && problem->weight && !problem->frequency && !robust; i++)
    robust = problem->weight[i] != floor(problem->weight[i]);
  return robust;
}

static enum status check_exact(const struct cox_problem *problem, bool robust, struct error *error)
{
  if (problem->method != TIES_EXACT)
    return STATUS_OK;
  if (cox_exact_check(problem, error) != STATUS_OK)
    return STATUS_ERROR;
  if (!robust)
    return STATUS_OK;
  error_set(error, "the robust variance does not exist for exact ties");
  return error_hint(error, "use ties=efron, or leave out robust and cluster=");
}

static void count_rows(const struct cox_problem *problem, struct cox_model *model)
{
  for (size_t i = 0; i < problem->n; i++) {
    double count = problem->frequency ? cox_weight(problem, i) : 1;
    model->n += count;
    model->n_events += problem->is_event[i] ? count : 0;
  }
}

/* A covariance of scaled coefficients as one of raw ones. */
static void unscale(const struct cox_problem *problem, double *covariance)
{
  size_t p = problem->n_columns;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      if (covariance[j * p + k] != 0)
        covariance[j * p + k] = covariance[j * p + k] / problem->scale[j] / problem->scale[k];
}

/* beta' covariance^-1 beta over the columns that were fitted (scaled). */
static double wald_statistic(const struct cox_optimum *optimum, const double *covariance, size_t p, struct task *task)
{
  struct ldl factor;
  double *limit = memory_new(p, sizeof *limit), *x = memory_copy(optimum->beta, p, sizeof *x), sum = 0;
  ldl_init(&factor, p);
  factor.task = task;
  for (size_t j = 0; j < p; j++)
    limit[j] = 1e-12 * covariance[j * p + j];
  ldl_factor(&factor, covariance, limit);
  ldl_solve(&factor, x);
  for (size_t j = 0; j < p; j++)
    sum += optimum->beta[j] * x[j];
  ldl_clear(&factor);
  free(limit);
  free(x);
  return sum;
}

static void set_coefficients(const struct cox_problem *problem, const struct cox_optimum *optimum,
                             struct cox_model *model)
{
  size_t p = problem->n_columns;
  unscale(problem, model->model_covariance);
  unscale(problem, model->covariance);
  for (size_t j = 0; j < p; j++) {
    model->beta[j] = model->std_error[j] = NAN;
    if (optimum->state[j] == COEFFICIENT_ALIASED)
      continue;
    model->beta[j] = optimum->beta[j] / problem->scale[j];
    /* Along a direction of separation the sandwich collapses to 0 and would call a coefficient without end certain. */
    bool is_infinite = optimum->state[j] == COEFFICIENT_INFINITE;
    const double *covariance = is_infinite ? model->model_covariance : model->covariance;
    model->std_error[j] = sqrt(fmax(covariance[j * p + j], 0));
    model->df++;
  }
}

/* x beta of the raw rows. */
struct prediction {
  const double *design;
  size_t n;
  double *beta; /* 0 where aliased */
  struct cox_model *model;
};

enum { PART_ROWS = 1 << 15 };

static void predict_part(void *context, size_t part)
{
  const struct prediction *prediction = context;
  const size_t p = prediction->model->n_columns, stop = (part + 1) * PART_ROWS;
  for (size_t i = part * PART_ROWS; i < stop && i < prediction->n; i++) {
    double sum = 0;
    for (size_t j = 0; j < p; j++)
      sum += prediction->design[i * p + j] * prediction->beta[j];
    prediction->model->linear_predictor[i] = sum;
  }
}

static void set_linear_predictor(const double *design, size_t n, struct cox_model *model)
{
  struct prediction prediction = {design, n, memory_copy(model->beta, model->n_columns, sizeof(double)), model};
  for (size_t j = 0; j < model->n_columns; j++)
    prediction.beta[j] = model->state[j] == COEFFICIENT_ALIASED ? 0 : model->beta[j];
  parallel_run((n + PART_ROWS - 1) / PART_ROWS, predict_part, &prediction);
  free(prediction.beta);
}

/* Concordance of the centred predictor: within a stratum it orders the rows as the raw one does, without its rounding.
 */
static void set_concordance(const struct cox_problem *problem, const struct cox_evaluation *at,
                            const struct survival_data *data, const struct cox_options *options,
                            struct cox_model *model)
{
  model->concordance = (struct concordance){.estimate = (double)NAN, .std_error = (double)NAN};
  if (options->concordance == CONCORDANCE_NONE)
    return;
  double *score = memory_resize(NULL, problem->n, sizeof *score);
  for (size_t i = 0; i < problem->n; i++)
    score[cox_row(problem, i)] = at->linear_predictor[i];
  if (options->concordance == CONCORDANCE_ESTIMATE)
    model->concordance.estimate = concordance_estimate(data, score);
  else
    model->concordance = problem->frequency
                           ? concordance_compute_counts(data, score, options->cluster, options->n_clusters)
                           : concordance_compute(data, score, options->cluster, options->n_clusters);
  free(score);
}

static void model_init(struct cox_model *model, const struct cox_problem *problem, const struct cox_optimum *optimum)
{
  size_t p = problem->n_columns;
  *model = (struct cox_model){.n_columns = p,
                              .beta = memory_new(p, sizeof(double)),
                              .std_error = memory_new(p, sizeof(double)),
                              .covariance = memory_copy(optimum->covariance, p * p, sizeof(double)),
                              .model_covariance = memory_copy(optimum->covariance, p * p, sizeof(double)),
                              .centre = memory_copy(problem->centre, p, sizeof(double)),
                              .state = memory_copy(optimum->state, p, sizeof *optimum->state),
                              .loglik_null = optimum->loglik_null,
                              .loglik = optimum->loglik,
                              .score_statistic = optimum->score_statistic,
                              .iterations = optimum->iterations,
                              .evaluations = optimum->evaluations,
                              .converged = optimum->converged,
                              .linear_predictor = memory_resize(NULL, problem->n, sizeof(double))};
  model->lr_statistic = fmax(2 * (model->loglik - model->loglik_null), 0);
  count_rows(problem, model);
}

enum status cox_fit(const struct survival_data *data, const double *design, size_t n_columns,
                    const struct cox_options *options, struct task *task, struct cox_model *model, struct error *error)
{
  struct cox_problem problem;
  struct cox_evaluation at;
  cox_problem_init(&problem, data, design, n_columns, options);
  bool robust = wants_robust(&problem, options);
  enum status status = check_exact(&problem, robust, error);
  if (status != STATUS_OK) {
    cox_problem_clear(&problem);
    return status;
  }
  if (robust)
    cox_write_design(&problem);
  cox_evaluation_init(&at, &problem);
  struct cox_optimum optimum = {.beta = memory_new(n_columns, sizeof(double)),
                                .state = memory_new(n_columns, sizeof *optimum.state),
                                .covariance = memory_new(n_columns * n_columns, sizeof(double))};
  status = cox_maximise(&problem, &at, options, task, &optimum);
  if (status == STATUS_OK) {
    model_init(model, &problem, &optimum);
    model->robust = robust;
    if (robust)
      cox_robust_covariance(&problem, &at, options, optimum.covariance, model->covariance);
    model->wald_statistic = wald_statistic(&optimum, model->covariance, n_columns, task);
    set_coefficients(&problem, &optimum, model);
    set_linear_predictor(design, data->n, model);
    set_concordance(&problem, &at, data, options, model);
    task_progress(task, 1);
    if (task_is_cancelled(task)) {
      cox_model_clear(model);
      status = STATUS_CANCELLED;
    }
  }
  free(optimum.beta);
  free(optimum.state);
  free(optimum.covariance);
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  return status;
}

void cox_model_clear(struct cox_model *model)
{
  free(model->beta);
  free(model->std_error);
  free(model->covariance);
  free(model->model_covariance);
  free(model->centre);
  free(model->state);
  free(model->linear_predictor);
  *model = (struct cox_model){.n_columns = 0};
}
