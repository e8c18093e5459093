/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"
#include "stats/bootstrap.h"
#include "stats/km.h"
#include "stats/samples.h"
#include "stats/validation_internal.h"

/* ---- predictions ---- */

static size_t stratum_of(const struct survival_data *data, size_t row)
{
  return data->stratum ? data->stratum[row] : 0;
}

/* exp(-hazard exp(score)) of each row. */
static void predict(const struct survival_data *data, const double *score, const double *hazard, double *predicted)
{
  for (size_t i = 0; i < data->n; i++)
    predicted[i] = exp(-hazard[stratum_of(data, i)] * exp(score[i]));
}

/* The cumulative hazard at `time` of each stratum for a centred score of 0. */
static void hazards_at(const struct survival_data *data, const struct cox_model *model,
                       const struct cox_options *options, double time, double *hazard)
{
  struct cox_baseline *baselines = memory_new(data->n_strata, sizeof *baselines);
  struct error error = ERROR_INIT;
  double centre = 0;
  for (size_t j = 0; j < model->n_columns; j++)
    centre += model->state[j] == COEFFICIENT_ALIASED ? 0 : model->beta[j] * model->centre[j];
  (void)cox_baselines(data, model, options, baselines, &error);
  for (size_t s = 0; s < data->n_strata; s++) {
    hazard[s] = 0;
    for (size_t i = 0; i < baselines[s].n_times && baselines[s].time[i] <= time; i++)
      hazard[s] = baselines[s].hazard[i] * exp(centre);
    cox_baseline_clear(&baselines[s]);
  }
  error_clear(&error);
  free(baselines);
}

/* ---- groups ---- */

static size_t group_of(double predicted, const double *cuts, size_t n_groups)
{
  size_t group = 0;
  while (group + 1 < n_groups && predicted >= cuts[group])
    group++;
  return group;
}

/* R's quantiles of type 7 between the groups. */
static double *find_cuts(const double *predicted, size_t n, size_t n_groups)
{
  double *sorted = memory_copy(predicted, n, sizeof *sorted);
  double *cuts = memory_new(n_groups, sizeof *cuts);
  sort_numbers(sorted, n);
  for (size_t g = 1; g < n_groups; g++)
    cuts[g - 1] = sample_quantile(sorted, n, (double)g / (double)n_groups, 7);
  free(sorted);
  return cuts;
}

/* Means of the predictions and Kaplan–Meier at `time`, by group of prediction. */
static enum status fill_groups(const struct survival_data *data, const double *predicted, const double *cuts,
                               double time, double level, size_t n_groups, struct task *task,
                               struct calibration_group *groups)
{
  struct survival_data grouped = *data;
  uint32_t *group = memory_new(data->n, sizeof *group);
  struct km_curve *curves = memory_new(n_groups, sizeof *curves);
  const struct km_options options = {.conf = CONF_LOG, .level = level};
  memset(groups, 0, n_groups * sizeof *groups);
  for (size_t i = 0; i < data->n; i++) {
    group[i] = (uint32_t)group_of(predicted[i], cuts, n_groups);
    groups[group[i]].n += survival_weight_of(data, i);
    groups[group[i]].predicted += survival_weight_of(data, i) * predicted[i];
  }
  grouped.group = group;
  grouped.n_groups = n_groups;
  enum status status = km_fit(&grouped, &options, task, curves);
  for (size_t g = 0; g < n_groups && !status; g++) {
    struct km_point point = km_at(&curves[g], time);
    const size_t n_times = curves[g].n_times;
    if (n_times && time > curves[g].time[n_times - 1] && curves[g].estimate[n_times - 1] <= 0)
      point.estimate = 0; /* all have died before: that is known */
    groups[g].predicted /= groups[g].n;
    groups[g].observed = point.estimate;
    groups[g].low = point.conf_low;
    groups[g].high = point.conf_high;
    groups[g].corrected = (double)NAN;
    km_curve_clear(&curves[g]);
  }
  free(curves);
  free(group);
  return status;
}

/* ---- resamples ---- */

struct calibration_work {
  const struct validation_input *input;
  double time, level;
  const double *cuts;
  size_t n_groups;
  double *optimism; /* n_resamples x n_groups: (observed - predicted) there less that on the original data */
  struct task *task;
};

/* observed - predicted of each group; predictions of `data` by a model fitted elsewhere. */
static void differences(const struct calibration_work *work, const struct survival_data *data, const double *score,
                        const double *hazard, double *difference)
{
  double *predicted = memory_new(data->n, sizeof *predicted);
  struct calibration_group *groups = memory_new(work->n_groups, sizeof *groups);
  predict(data, score, hazard, predicted);
  (void)fill_groups(data, predicted, work->cuts, work->time, work->level, work->n_groups, NULL, groups);
  for (size_t g = 0; g < work->n_groups; g++)
    difference[g] = groups[g].observed - groups[g].predicted;
  free(groups);
  free(predicted);
}

static void work_on_model(const struct calibration_work *work, const struct resample *resample,
                          const struct cox_model *model, double *optimism)
{
  const struct validation_input *input = work->input;
  const struct cox_options options = {.ties = input->options->ties, .weight_kind = WEIGHT_FREQUENCY};
  double *hazard = memory_new(input->data->n_strata, sizeof *hazard);
  double *score = memory_new(input->data->n, sizeof *score);
  double *test = memory_new(work->n_groups, sizeof *test);
  hazards_at(&resample->data, model, &options, work->time, hazard);
  validation_scores(resample->design, resample->data.n, model, score);
  differences(work, &resample->data, score, hazard, optimism);
  validation_scores(input->design, input->data->n, model, score);
  differences(work, input->data, score, hazard, test);
  for (size_t g = 0; g < work->n_groups; g++)
    optimism[g] -= test[g];
  free(test);
  free(score);
  free(hazard);
}

static void work_on_resample(void *context, size_t r, const uint32_t *drawn)
{
  const struct calibration_work *work = context;
  const struct validation_input *input = work->input;
  double *optimism = work->optimism + r * work->n_groups;
  uint32_t *counts = memory_new(input->data->n, sizeof *counts);
  struct resample resample;
  struct cox_model model;
  struct task task;
  task_init_within(&task, work->task);
  validation_counts(input, drawn, counts);
  resample_init(&resample, input->data, input->design, input->n_columns, counts);
  for (size_t g = 0; g < work->n_groups; g++)
    optimism[g] = (double)NAN;
  if (!validation_fit(input, &resample, &task, &model)) {
    work_on_model(work, &resample, &model, optimism);
    cox_model_clear(&model);
  }
  resample_clear(&resample);
  free(counts);
}

static enum status correct(const struct calibration_work *plan, const struct validation_request *request,
                           struct task *task, struct calibration_group *groups)
{
  const size_t n = request->n_resamples;
  struct calibration_work work = *plan;
  work.optimism = memory_new(n * work.n_groups, sizeof *work.optimism);
  work.task = task;
  const struct bootstrap bootstrap = {validation_units(work.input), n, request->seed};
  enum status status = bootstrap_run(&bootstrap, work_on_resample, &work, task);
  for (size_t g = 0; g < work.n_groups && !status; g++) {
    double sum = 0, kept = 0;
    for (size_t r = 0; r < n; r++) {
      const double optimism = work.optimism[r * work.n_groups + g];
      sum += isfinite(optimism) ? optimism : 0;
      kept += isfinite(optimism);
    }
    groups[g].corrected = groups[g].observed - sum / kept;
  }
  free(work.optimism);
  return status;
}

enum status calibration_compute(const struct validation_input *input, const struct validation_request *request,
                                double time, const double *hazard, size_t n_groups, struct task *task,
                                struct calibration_group *groups, struct error *error)
{
  const struct survival_data *data = input->data;
  double *predicted = memory_new(data->n, sizeof *predicted);
  (void)error; /* nothing fails but by cancelling */
  predict(data, input->score, hazard, predicted);
  double *cuts = find_cuts(predicted, data->n, n_groups);
  enum status status = fill_groups(data, predicted, cuts, time, request->level, n_groups, task, groups);
  const struct calibration_work work = {
      .input = input, .time = time, .level = request->level, .cuts = cuts, .n_groups = n_groups};
  if (!status && input->design && request->n_resamples)
    status = correct(&work, request, task, groups);
  free(cuts);
  free(predicted);
  return status;
}
