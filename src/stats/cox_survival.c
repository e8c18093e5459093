/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/cox_survival.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"

/* Sums over a risk set, or over the events at one time; u = raw covariates - model->centre.  risk = w exp(lp - shift).
 */
struct sums {
  double risk;
  double *weighted; /* n_columns: of risk u */
};

struct walk {
  const struct survival_data *data;
  const double *design;
  const struct cox_model *model;
  const struct cox_options *options;
  size_t stratum;
  double shift;
  size_t *leaving; /* rows by entry, ascending; NULL: all from the beginning */
  size_t n_leaving; /* of those, how many have not been taken off yet */
  struct sums at_risk, tied;
};

static bool is_in_stratum(const struct walk *walk, size_t row)
{
  return !walk->data->stratum || walk->data->stratum[row] == walk->stratum;
}

static void add_row(const struct walk *walk, struct sums *sums, size_t row, double sign)
{
  const size_t p = walk->model->n_columns;
  const double risk = sign * survival_weight_of(walk->data, row) * exp(walk->model->linear_predictor[row] - walk->shift);
  sums->risk += risk;
  for (size_t j = 0; j < p; j++)
    sums->weighted[j] += risk * (walk->design[row * p + j] - walk->model->centre[j]);
}

static void walk_init(struct walk *walk)
{
  const struct survival_data *data = walk->data;
  walk->shift = -INFINITY;
  for (size_t i = 0; i < data->n; i++)
    if (is_in_stratum(walk, i))
      walk->shift = fmax(walk->shift, walk->model->linear_predictor[i]);
  walk->leaving = data->entry ? sort_order(data->entry, data->n) : NULL;
  walk->n_leaving = data->n;
  walk->at_risk.weighted = memory_new(walk->model->n_columns, sizeof(double));
  walk->tied.weighted = memory_new(walk->model->n_columns, sizeof(double));
}

static void walk_clear(struct walk *walk)
{
  free(walk->leaving);
  free(walk->at_risk.weighted);
  free(walk->tied.weighted);
}

/* Takes off those who had not entered before `time`. */
static void take_off_late(struct walk *walk, double time)
{
  while (walk->leaving && walk->n_leaving && walk->data->entry[walk->leaving[walk->n_leaving - 1]] >= time) {
    const size_t row = walk->leaving[--walk->n_leaving];
    if (is_in_stratum(walk, row))
      add_row(walk, &walk->at_risk, row, -1);
  }
}

/* What one event time adds: to the baseline hazard, to the sum of its variance, and to that of hazard times the mean of
 * u.  Steps k = 0 … d - 1 of Efron's form with a = k / d, s = risk - a tied, c = W / d; Breslow's is one with a = 0. */
static void add_increment(const struct walk *walk, double n_events, double weight, double *hazard, double *variance,
                          double *mean)
{
  const size_t steps = walk->options->ties == TIES_EFRON ? (size_t)n_events : 1;
  const double c = weight / (double)steps;
  *hazard = *variance = 0;
  memset(mean, 0, walk->model->n_columns * sizeof *mean);
  for (size_t k = 0; k < steps; k++) {
    const double a = (double)k / (double)steps, s = walk->at_risk.risk - a * walk->tied.risk;
    *hazard += c / s;
    *variance += c / (s * s);
    for (size_t j = 0; j < walk->model->n_columns; j++)
      mean[j] += c * (walk->at_risk.weighted[j] - a * walk->tied.weighted[j]) / (s * s);
  }
}

/* Walks the stratum's times from the last to the first, filling increments at the event times (from the end of the
 * arrays); returns how many event times there are. */
static size_t walk_times(struct walk *walk, double *time, double *hazard, double *variance, double *means)
{
  const struct survival_data *data = walk->data;
  const size_t p = walk->model->n_columns, room = data->n;
  size_t found = 0;
  for (size_t end = data->n; end > 0;) {
    const double t = data->time[end - 1];
    double n_events = 0, weight = 0;
    size_t first = end;
    walk->tied.risk = 0;
    memset(walk->tied.weighted, 0, p * sizeof(double));
    for (; first > 0 && data->time[first - 1] == t; first--) {
      if (!is_in_stratum(walk, first - 1))
        continue;
      add_row(walk, &walk->at_risk, first - 1, 1);
      if (data->status[first - 1] != STATUS_EVENT)
        continue;
      add_row(walk, &walk->tied, first - 1, 1);
      weight += survival_weight_of(data, first - 1);
      n_events += walk->options->weight_kind == WEIGHT_FREQUENCY ? survival_weight_of(data, first - 1) : 1;
    }
    end = first;
    if (n_events == 0)
      continue;
    take_off_late(walk, t);
    found++;
    const size_t at = room - found;
    time[at] = t;
    add_increment(walk, n_events, weight, &hazard[at], &variance[at], &means[at * p]);
  }
  return found;
}

static double quadratic(const double *covariance, const double *x, size_t p)
{
  double sum = 0;
  for (size_t j = 0; j < p; j++)
    for (size_t k = 0; k < p; k++)
      sum += x[j] * covariance[j * p + k] * x[k];
  return sum;
}

/* Cumulates: hazard of the patient, and the error e^eta sqrt(sum variance + d' V d), d = sum (u dH - mean). */
static void cumulate(const struct walk *walk, const double *profile, const double *hazard, const double *variance,
                     const double *means, struct cox_survival *result)
{
  const struct cox_model *model = walk->model;
  const size_t p = model->n_columns;
  double *distance = memory_new(p, sizeof *distance), eta = -walk->shift, total = 0, variance_total = 0;
  for (size_t j = 0; j < p; j++)
    eta += model->state[j] == COEFFICIENT_ALIASED ? 0 : profile[j] * model->beta[j];
  for (size_t i = 0; i < result->n_times; i++) {
    total += hazard[i];
    variance_total += variance[i];
    for (size_t j = 0; j < p; j++)
      distance[j] += (profile[j] - model->centre[j]) * hazard[i] - means[i * p + j];
    result->hazard[i] = exp(eta) * total;
    result->log_error[i] = exp(eta) * sqrt(fmax(variance_total + quadratic(model->covariance, distance, p), 0));
  }
  free(distance);
}

enum status cox_survival(const struct survival_data *data, const double *design, const struct cox_model *model,
                         const struct cox_options *options, size_t stratum, const double *profile,
                         struct cox_survival *result)
{
  const size_t p = model->n_columns;
  struct walk walk = {.data = data, .design = design, .model = model, .options = options, .stratum = stratum};
  double *time = memory_new(data->n, sizeof *time), *hazard = memory_new(data->n, sizeof *hazard);
  double *variance = memory_new(data->n, sizeof *variance), *means = memory_new(data->n * p + 1, sizeof *means);
  walk_init(&walk);
  const size_t n = walk_times(&walk, time, hazard, variance, means), first = data->n - n;
  *result = (struct cox_survival){
      .n_times = n,
      .time = memory_copy(time + first, n, sizeof(double)),
      .hazard = memory_new(n, sizeof(double)),
      .log_error = memory_new(n, sizeof(double)),
  };
  cumulate(&walk, profile, hazard + first, variance + first, means + first * p, result);
  walk_clear(&walk);
  free(time);
  free(hazard);
  free(variance);
  free(means);
  return STATUS_OK;
}

void cox_survival_clear(struct cox_survival *result)
{
  free(result->time);
  free(result->hazard);
  free(result->log_error);
  *result = (struct cox_survival){.n_times = 0};
}

struct cox_survival_point cox_survival_at(const struct cox_survival *result, double time)
{
  size_t n = 0;
  while (n < result->n_times && result->time[n] <= time)
    n++;
  if (!n)
    return (struct cox_survival_point){.survival = 1, .log_error = 0};
  return (struct cox_survival_point){.survival = exp(-result->hazard[n - 1]), .log_error = result->log_error[n - 1]};
}

double cox_survival_quantile(const struct cox_survival *result, double survival)
{
  for (size_t i = 0; i < result->n_times; i++)
    if (exp(-result->hazard[i]) <= survival)
      return result->time[i];
  return (double)NAN;
}

/* ---- many patients at the same times ---- */

/* Adds the increments up to each time; begins anew where a time is before the last. */
static void cumulate_to(const double *times, const double *time, size_t n, const double *const parts[3],
                        struct cox_survival_sums *sums)
{
  const size_t p = sums->n_columns;
  double hazard = 0, variance = 0, *means = memory_new(p, sizeof *means);
  size_t i = 0;
  for (size_t k = 0; k < sums->n_times; k++) {
    if (k && times[k] < times[k - 1]) {
      i = 0;
      hazard = variance = 0;
      memset(means, 0, p * sizeof *means);
    }
    for (; i < n && time[i] <= times[k]; i++) {
      hazard += parts[0][i];
      variance += parts[1][i];
      for (size_t j = 0; j < p; j++)
        means[j] += parts[2][i * p + j];
    }
    sums->hazard[k] = hazard;
    sums->variance[k] = variance;
    memcpy(sums->means + k * p, means, p * sizeof *means);
  }
  free(means);
}

void cox_survival_sums_init(const struct cox_fitted *fitted, size_t stratum, const double *times, size_t n_times,
                            struct cox_survival_sums *sums)
{
  const size_t p = fitted->model->n_columns, rows = fitted->data->n;
  struct walk walk = {.data = fitted->data, .design = fitted->design, .model = fitted->model, .options = fitted->options,
                      .stratum = stratum};
  double *time = memory_new(rows, sizeof *time), *hazard = memory_new(rows, sizeof *hazard);
  double *variance = memory_new(rows, sizeof *variance), *means = memory_new(rows * p + 1, sizeof *means);
  walk_init(&walk);
  const size_t n = walk_times(&walk, time, hazard, variance, means), first = rows - n;
  *sums = (struct cox_survival_sums){
      .n_times = n_times,
      .n_columns = p,
      .shift = walk.shift,
      .hazard = memory_new(n_times, sizeof(double)),
      .variance = memory_new(n_times, sizeof(double)),
      .means = memory_new(n_times * p + 1, sizeof(double)),
  };
  cumulate_to(times, time + first, n, (const double *const[3]){hazard + first, variance + first, means + first * p}, sums);
  walk_clear(&walk);
  free(time);
  free(hazard);
  free(variance);
  free(means);
}

void cox_survival_sums_clear(struct cox_survival_sums *sums)
{
  free(sums->hazard);
  free(sums->variance);
  free(sums->means);
  *sums = (struct cox_survival_sums){.n_times = 0};
}

struct cox_survival_point cox_survival_from_sums(const struct cox_survival_sums *sums, const struct cox_model *model,
                                                 const double *profile, size_t i)
{
  const size_t p = sums->n_columns;
  double *distance = memory_new(p, sizeof *distance), eta = -sums->shift;
  for (size_t j = 0; j < p; j++) {
    eta += model->state[j] == COEFFICIENT_ALIASED ? 0 : profile[j] * model->beta[j];
    distance[j] = (profile[j] - model->centre[j]) * sums->hazard[i] - sums->means[i * p + j];
  }
  const double variance = sums->variance[i] + quadratic(model->covariance, distance, p);
  free(distance);
  return (struct cox_survival_point){.survival = exp(-exp(eta) * sums->hazard[i]),
                                     .log_error = exp(eta) * sqrt(fmax(variance, 0))};
}
