/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/cox_residuals.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* ---- the model's own point ---- */

enum status cox_evaluate_model(struct cox_problem *problem, struct cox_evaluation *at, const struct survival_data *data,
                               const double *design, const struct cox_model *model, const struct cox_options *options,
                               struct task *task)
{
  struct cox_options form = *options;
  form.ties = options->ties == TIES_EFRON ? TIES_EFRON : TIES_BRESLOW;
  cox_problem_init(problem, data, design, model->n_columns, &form);
  cox_evaluation_init(at, problem);
  double *beta = memory_new(model->n_columns, sizeof *beta);
  for (size_t j = 0; j < model->n_columns; j++)
    beta[j] = model->state[j] == COEFFICIENT_ALIASED ? 0 : model->beta[j] * problem->scale[j];
  enum status status = cox_evaluate(problem, beta, at, task);
  free(beta);
  return status;
}

/* ---- rows ---- */

struct collector {
  const struct cox_problem *problem;
  const struct cox_evaluation *at;
  struct cox_residuals *residuals;
};

/* sign(m) sqrt(-2 (m + d log(d - m))), d = 1 for an event. */
static double deviance_of(double martingale, bool is_event)
{
  const double inner = martingale + (is_event ? log(1 - martingale) : 0);
  return copysign(sqrt(fmax(-2 * inner, 0)), martingale);
}

static void collect(void *data, size_t i, const double *residual, const double *event_mean)
{
  struct collector *collector = data;
  const struct cox_problem *problem = collector->problem;
  struct cox_residuals *residuals = collector->residuals;
  const size_t p = problem->n_columns, row = cox_row(problem, i);
  const double martingale = problem->is_event[i] - collector->at->expected[i] / cox_weight(problem, i);
  residuals->martingale[row] = martingale;
  residuals->deviance[row] = deviance_of(martingale, problem->is_event[i]);
  for (size_t j = 0; j < p; j++)
    residuals->score[row * p + j] = residual[j] * problem->scale[j];
  if (!event_mean)
    return;
  const size_t event = residuals->n_events++;
  residuals->event_row[event] = row;
  for (size_t j = 0; j < p; j++)
    residuals->schoenfeld[event * p + j] = (problem->design[i * p + j] - event_mean[j]) * problem->scale[j];
}

/* out = rows covariance: n rows of p. */
static void times_covariance(const double *rows, size_t n, const double *covariance, size_t p, double *out)
{
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < p; j++) {
      double sum = 0;
      for (size_t k = 0; k < p; k++)
        sum += rows[i * p + k] * covariance[k * p + j];
      out[i * p + j] = sum;
    }
}

static void finish(struct cox_residuals *residuals, const struct survival_data *data, const struct cox_model *model,
                   const struct cox_options *options)
{
  const size_t p = residuals->n_columns;
  times_covariance(residuals->score, residuals->n, model->model_covariance, p, residuals->dfbeta);
  times_covariance(residuals->schoenfeld, residuals->n_events, model->model_covariance, p,
                   residuals->scaled_schoenfeld);
  const bool is_weighted = data->weight && options->weight_kind == WEIGHT_CASE;
  for (size_t i = 0; i < residuals->n * p && is_weighted; i++)
    residuals->dfbeta[i] *= data->weight[i / p];
  for (size_t j = 0; j < p; j++) {
    const bool is_aliased = model->state[j] == COEFFICIENT_ALIASED;
    for (size_t i = 0; i < residuals->n && is_aliased; i++)
      residuals->dfbeta[i * p + j] = (double)NAN;
    for (size_t i = 0; i < residuals->n_events; i++) {
      double *scaled = &residuals->scaled_schoenfeld[i * p + j];
      *scaled = is_aliased ? (double)NAN : *scaled * (double)residuals->n_events + model->beta[j];
    }
  }
}

enum status cox_residuals_compute(const struct survival_data *data, const double *design, const struct cox_model *model,
                                  const struct cox_options *options, struct task *task, struct cox_residuals *residuals)
{
  const size_t n = data->n, p = model->n_columns;
  struct cox_problem problem;
  struct cox_evaluation at;
  enum status status = cox_evaluate_model(&problem, &at, data, design, model, options, task);
  if (!status) {
    cox_write_design(&problem);
    size_t n_events = 0;
    for (size_t i = 0; i < n; i++)
      n_events += data->status[i] == STATUS_EVENT;
    *residuals = (struct cox_residuals){
        .n = n,
        .n_columns = p,
        .martingale = memory_new(n, sizeof(double)),
        .deviance = memory_new(n, sizeof(double)),
        .score = memory_new(n * p, sizeof(double)),
        .dfbeta = memory_new(n * p, sizeof(double)),
        .event_row = memory_new(n_events, sizeof(size_t)),
        .schoenfeld = memory_new(n_events * p, sizeof(double)),
        .scaled_schoenfeld = memory_new(n_events * p, sizeof(double)),
    };
    struct collector collector = {&problem, &at, residuals};
    cox_visit_score_residuals(&problem, &at, collect, &collector);
    finish(residuals, data, model, options);
  }
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  return status;
}

void cox_residuals_clear(struct cox_residuals *residuals)
{
  free(residuals->martingale);
  free(residuals->deviance);
  free(residuals->score);
  free(residuals->dfbeta);
  free(residuals->event_row);
  free(residuals->schoenfeld);
  free(residuals->scaled_schoenfeld);
  *residuals = (struct cox_residuals){.n = 0};
}
