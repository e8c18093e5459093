/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Fine–Gray model as callers see it: coefficients of the raw columns. */
#include "stats/finegray.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/finegray_internal.h"

static void model_init(struct finegray_model *model, const struct survival_data *data, size_t p,
                       const struct cox_optimum *optimum)
{
  *model = (struct finegray_model){.n_columns = p,
                                   .beta = memory_new(p, sizeof(double)),
                                   .std_error = memory_new(p, sizeof(double)),
                                   .covariance = memory_new(p * p, sizeof(double)),
                                   .state = memory_copy(optimum->state, p, sizeof *optimum->state),
                                   .loglik_null = optimum->loglik_null,
                                   .loglik = optimum->loglik,
                                   .iterations = optimum->iterations,
                                   .converged = optimum->converged};
  for (size_t i = 0; i < data->n; i++) {
    double weight = survival_weight_of(data, i);
    model->n += weight;
    model->n_events += data->status[i] == STATUS_EVENT ? weight : 0;
    model->n_competing += data->status[i] == STATUS_COMPETING ? weight : 0;
  }
}

/* From the scaled columns back to the raw ones; model->covariance is still of the scaled ones. */
static void set_coefficients(struct finegray_model *model, const struct cox_problem *rows,
                             const struct cox_optimum *optimum)
{
  size_t p = model->n_columns;
  for (size_t j = 0; j < p; j++) {
    model->beta[j] = model->std_error[j] = NAN;
    if (optimum->state[j] == COEFFICIENT_ALIASED)
      continue;
    /* Along a direction of separation the sandwich collapses to 0 and would call a coefficient without end certain. */
    bool is_infinite = optimum->state[j] == COEFFICIENT_INFINITE;
    double variance = (is_infinite ? optimum->covariance : model->covariance)[j * p + j];
    model->beta[j] = optimum->beta[j] / rows->scale[j];
    model->std_error[j] = sqrt(fmax(variance, 0)) / rows->scale[j];
  }
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++) {
      bool is_fitted = optimum->state[j] != COEFFICIENT_ALIASED && optimum->state[k] != COEFFICIENT_ALIASED;
      double *cell = &model->covariance[j * p + k];
      *cell = is_fitted ? *cell / rows->scale[j] / rows->scale[k] : 0;
    }
}

enum status finegray_fit(const struct survival_data *data, const double *design, size_t n_columns, struct task *task,
                         struct finegray_model *model, struct error *error)
{
  if (data->entry) {
    error_set(error, "the Fine–Gray model does not take delayed entry");
    return error_hint(error, "use an endpoint without an entry time, or cox for the cause-specific hazard");
  }
  struct finegray_problem problem;
  struct cox_evaluation at;
  finegray_problem_init(&problem, data, design, n_columns);
  cox_evaluation_init(&at, &problem.rows);
  struct cox_optimum optimum = {.beta = memory_new(n_columns, sizeof(double)),
                                .state = memory_new(n_columns, sizeof *optimum.state),
                                .covariance = memory_new(n_columns * n_columns, sizeof(double))};
  enum status status = finegray_maximise(&problem, &at, task, &optimum);
  if (status == STATUS_OK) {
    model_init(model, data, n_columns, &optimum);
    finegray_robust_covariance(&problem, &at, data->time, optimum.covariance, model->covariance);
    set_coefficients(model, &problem.rows, &optimum);
    task_progress(task, 1);
  }
  free(optimum.beta);
  free(optimum.state);
  free(optimum.covariance);
  cox_evaluation_clear(&at);
  finegray_problem_clear(&problem);
  return status;
}

void finegray_model_clear(struct finegray_model *model)
{
  free(model->beta);
  free(model->std_error);
  free(model->covariance);
  free(model->state);
  *model = (struct finegray_model){.n_columns = 0};
}
