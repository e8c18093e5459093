/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/validation.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "stats/bootstrap.h"
#include "stats/cox_score.h"
#include "stats/resample.h"
#include "stats/validation_internal.h"

/* ---- indexes ---- */

/* Gini's mean difference of n patients' scores, a weight counting a score so many times: the mean |x - y| of pairs. */
static double gini_difference(const double *score, const double *weight, size_t n)
{
  size_t *order = sort_order(score, n);
  double total = 0, below = 0, sum = 0;
  for (size_t i = 0; i < n; i++)
    total += weight ? weight[i] : 1;
  for (size_t i = 0; i + 1 < n; i++) {
    below += weight ? weight[order[i]] : 1;
    sum += below * (total - below) * (score[order[i + 1]] - score[order[i]]);
  }
  free(order);
  return total > 1 ? 2 * sum / (total * (total - 1)) : (double)NAN;
}

/* The indexes that follow from likelihoods: R2 (Nagelkerke) and D. */
static void set_likelihood_indexes(double loglik_null, double loglik, double n, double *indexes)
{
  const double lr = 2 * (loglik - loglik_null), null_deviance = -2 * loglik_null;
  indexes[INDEX_R2] = -expm1(-lr / n) / -expm1(-null_deviance / n);
  indexes[INDEX_D] = (lr - 1) / null_deviance;
}

/* Of a model in the data that it was fitted to. */
static void training_indexes(const struct cox_model *model, const double *weight, size_t n_rows, double *indexes)
{
  indexes[INDEX_C] = model->concordance.estimate;
  indexes[INDEX_DXY] = 2 * indexes[INDEX_C] - 1;
  indexes[INDEX_SLOPE] = 1;
  set_likelihood_indexes(model->loglik_null, model->loglik, model->n, indexes);
  indexes[INDEX_U] = -2 / (-2 * model->loglik_null);
  indexes[INDEX_Q] = indexes[INDEX_D] - indexes[INDEX_U];
  indexes[INDEX_G] = gini_difference(model->linear_predictor, weight, n_rows);
}

static void set_all(double *indexes, double value)
{
  for (int i = 0; i < N_INDEXES; i++)
    indexes[i] = value;
}

/* Of a score that comes from elsewhere: a model of the score alone, against the score as it is (slope 1). */
static enum status test_indexes(const struct survival_data *data, const double *score, const struct cox_options *options,
                                struct task *task, double *indexes)
{
  const double one = 1;
  struct cox_options plain = {.ties = options->ties,
                              .weight_kind = WEIGHT_FREQUENCY,
                              .level = options->level,
                              .concordance = CONCORDANCE_NONE};
  struct cox_model model;
  struct error error = ERROR_INIT;
  double frozen;
  set_all(indexes, (double)NAN);
  indexes[INDEX_C] = concordance_estimate(data, score);
  indexes[INDEX_DXY] = 2 * indexes[INDEX_C] - 1;
  enum status status = cox_fit(data, score, 1, &plain, task, &model, &error);
  error_clear(&error);
  if (status)
    return status;
  status = cox_loglik(data, score, 1, &one, &plain, task, &frozen);
  const double slope = model.state[0] == COEFFICIENT_ALIASED ? 0 : model.beta[0];
  indexes[INDEX_SLOPE] = slope;
  set_likelihood_indexes(model.loglik_null, model.loglik, model.n, indexes);
  indexes[INDEX_U] = -2 * (frozen - model.loglik) / (-2 * model.loglik_null);
  indexes[INDEX_Q] = indexes[INDEX_D] - indexes[INDEX_U];
  indexes[INDEX_G] = fabs(slope) * gini_difference(score, data->weight, data->n);
  cox_model_clear(&model);
  return status;
}

/* ---- resamples ---- */

void validation_counts(const struct validation_input *input, const uint32_t *drawn, uint32_t *counts)
{
  for (size_t i = 0; i < input->data->n; i++)
    counts[i] = drawn[input->options->cluster ? input->options->cluster[i] : input->rank[i]];
}

void validation_scores(const double *design, size_t n, const struct cox_model *model, double *scores)
{
  const size_t p = model->n_columns;
  for (size_t i = 0; i < n; i++) {
    scores[i] = 0;
    for (size_t j = 0; j < p; j++)
      scores[i] += model->state[j] == COEFFICIENT_ALIASED ? 0 : (design[i * p + j] - model->centre[j]) * model->beta[j];
  }
}

/* rms's coxphFit(): eps and iter.max. */
static const double rms_enough = 1e-4;
enum { RMS_ITERATIONS = 10 };

static bool is_infinite(const struct cox_model *model)
{
  for (size_t j = 0; j < model->n_columns; j++)
    if (model->state[j] == COEFFICIENT_INFINITE)
      return true;
  return false;
}

/* Whether a coefficient is aliased that is not so among all patients. */
static bool is_singular(const struct validation_input *input, const struct cox_model *model)
{
  for (size_t j = 0; j < model->n_columns; j++)
    if (model->state[j] == COEFFICIENT_ALIASED && !(input->state && input->state[j] == COEFFICIENT_ALIASED))
      return true;
  return false;
}

/* A fit that takes long is done again as rms does it, to see whether it counts there as diverged; with an infinite
 * coefficient, what rms stops at is taken. */
static enum status refit_as_rms(const struct validation_input *input, const struct resample *resample,
                                struct cox_options options, struct task *task, struct cox_model *model)
{
  struct cox_model again;
  struct error error = ERROR_INIT;
  options.enough = rms_enough;
  options.max_iterations = RMS_ITERATIONS;
  enum status status = cox_fit(&resample->data, resample->design, input->n_columns, &options, task, &again, &error);
  error_clear(&error);
  if (status)
    return status;
  status = again.evaluations < RMS_ITERATIONS ? STATUS_OK : STATUS_ERROR;
  if (!status && is_infinite(model)) {
    struct cox_model other = *model;
    *model = again;
    again = other;
  }
  cox_model_clear(&again);
  return status;
}

static struct cox_options options_of(const struct validation_input *input)
{
  return (struct cox_options){
      .ties = input->options->ties,
      .weight_kind = WEIGHT_FREQUENCY,
      .level = input->options->level,
      .concordance = CONCORDANCE_ESTIMATE};
}

static enum status fit_resample(const struct validation_input *input, const struct resample *resample, struct task *task,
                                struct cox_model *model)
{
  const struct cox_options options = options_of(input);
  struct error error = ERROR_INIT;
  enum status status = cox_fit(&resample->data, resample->design, input->n_columns, &options, task, model, &error);
  error_clear(&error);
  return status;
}

/* Whether rms would keep the fit; if not, it is cleared. */
static enum status keep_as_rms(const struct validation_input *input, const struct resample *resample, struct task *task,
                               struct cox_model *model)
{
  enum status status = STATUS_OK;
  if (!(model->n_events > 0) || is_singular(input, model))
    status = STATUS_ERROR;
  else if (model->evaluations >= RMS_ITERATIONS || is_infinite(model))
    status = refit_as_rms(input, resample, options_of(input), task, model);
  if (status)
    cox_model_clear(model);
  return status;
}

enum status validation_fit(const struct validation_input *input, const struct resample *resample, struct task *task,
                           struct cox_model *model)
{
  enum status status = fit_resample(input, resample, task, model);
  return status ? status : keep_as_rms(input, resample, task, model);
}

struct validation_work {
  const struct validation_input *input;
  struct task *task;
  double (*training)[N_INDEXES], (*test)[N_INDEXES]; /* one a resample */
  double *concordance; /* of each fit where it was fitted, also of those that rms leaves out */
};

/* A given score in one resample. */
static void work_on_score(const struct validation_work *work, size_t r, const struct resample *resample, struct task *task)
{
  double *score = memory_new(resample->data.n, sizeof *score);
  for (size_t i = 0; i < resample->data.n; i++)
    score[i] = work->input->score[resample->row[i]];
  (void)test_indexes(&resample->data, score, work->input->options, task, work->training[r]);
  work->concordance[r] = work->training[r][INDEX_C];
  free(score);
}

/* The model fitted to one resample, there and on the original data. */
static void work_on_model(const struct validation_work *work, size_t r, const struct resample *resample, struct task *task)
{
  const struct validation_input *input = work->input;
  struct cox_model model;
  if (fit_resample(input, resample, task, &model))
    return;
  work->concordance[r] = model.concordance.estimate;
  if (keep_as_rms(input, resample, task, &model))
    return;
  double *score = memory_new(input->data->n, sizeof *score);
  training_indexes(&model, resample->weight, resample->data.n, work->training[r]);
  validation_scores(input->design, input->data->n, &model, score);
  (void)test_indexes(input->data, score, input->options, task, work->test[r]);
  free(score);
  cox_model_clear(&model);
}

static void work_on_resample(void *context, size_t r, const uint32_t *drawn)
{
  const struct validation_work *work = context;
  const struct validation_input *input = work->input;
  uint32_t *counts = memory_new(input->data->n, sizeof *counts);
  struct resample resample;
  validation_counts(input, drawn, counts);
  resample_init(&resample, input->data, input->design, input->n_columns, counts);
  struct task task;
  task_init_within(&task, work->task);
  if (input->design)
    work_on_model(work, r, &resample, &task);
  else
    work_on_score(work, r, &resample, &task);
  resample_clear(&resample);
  free(counts);
}

/* ---- the whole ---- */

/* The mean of the finite ones. */
static double mean_of(double (*values)[N_INDEXES], size_t n, int index, size_t *n_finite)
{
  double sum = 0;
  *n_finite = 0;
  for (size_t r = 0; r < n; r++) {
    if (!isfinite(values[r][index]))
      continue;
    sum += values[r][index];
    ++*n_finite;
  }
  return *n_finite ? sum / (double)*n_finite : (double)NAN;
}

/* An index over the resamples, at a percentile.  Concordance goes by ranks and is there also where the fit diverges: to
 * leave those out would narrow its limits. */
static double percentile_of(const struct validation_work *work, size_t n, int index, double p)
{
  double *values = memory_new(n, sizeof *values);
  for (size_t r = 0; r < n; r++)
    values[r] = index == INDEX_C     ? work->concordance[r]
                : index == INDEX_DXY ? 2 * work->concordance[r] - 1
                                     : work->training[r][index];
  const double percentile = bootstrap_percentile(values, n, p);
  free(values);
  return percentile;
}

static void summarise(const struct validation_work *work, const struct validation_request *request,
                      struct validation *validation)
{
  const size_t n = request->n_resamples;
  const double tail = (1 - request->level) / 2;
  for (int i = 0; i < N_INDEXES; i++) {
    size_t n_test, n_training;
    validation->training[i] = mean_of(work->training, n, i, &n_training);
    validation->test[i] = mean_of(work->test, n, i, &n_test);
    validation->optimism[i] = validation->training[i] - validation->test[i];
    validation->corrected[i] = validation->apparent[i] - validation->optimism[i];
    validation->low[i] = percentile_of(work, n, i, tail);
    validation->high[i] = percentile_of(work, n, i, 1 - tail);
    if (i == INDEX_C)
      validation->n_resamples = n_training;
    if (!work->input->design) /* a given score is not trained */
      validation->training[i] = validation->test[i] = validation->optimism[i] = validation->corrected[i] = (double)NAN;
  }
}

/* Once more on all patients, for the apparent indexes. */
static enum status compute_apparent(const struct validation_input *input, struct task *task, double *apparent,
                                    struct error *error)
{
  if (!input->design)
    return test_indexes(input->data, input->score, input->options, task, apparent);
  struct cox_model model;
  struct cox_options options = *input->options;
  options.concordance = CONCORDANCE_ESTIMATE;
  enum status status =
      cox_fit(input->data, input->design, input->n_columns, &options, task, &model, error);
  if (status)
    return status;
  training_indexes(&model, input->data->weight, input->data->n, apparent);
  cox_model_clear(&model);
  return STATUS_OK;
}

size_t validation_units(const struct validation_input *input)
{
  return input->options->cluster ? input->options->n_clusters : input->data->n;
}

enum status validation_compute(const struct validation_input *input, const struct validation_request *request,
                               struct task *task, struct validation *validation, struct error *error)
{
  const size_t n = request->n_resamples;
  struct validation_work work = {
      .input = input,
      .task = task,
      .training = memory_new(n, sizeof *work.training),
      .test = memory_new(n, sizeof *work.test),
      .concordance = memory_new(n, sizeof *work.concordance),
  };
  const struct bootstrap bootstrap = {validation_units(input), n, request->seed};
  for (size_t r = 0; r < n; r++) { /* what is not reached stays not estimable */
    set_all(work.training[r], (double)NAN);
    set_all(work.test[r], (double)NAN);
    work.concordance[r] = NAN;
  }
  *validation = (struct validation){.n_resamples = 0};
  enum status status = compute_apparent(input, task, validation->apparent, error);
  if (!status && n)
    status = bootstrap_run(&bootstrap, work_on_resample, &work, task);
  if (!status)
    summarise(&work, request, validation);
  free(work.training);
  free(work.test);
  free(work.concordance);
  return status;
}
