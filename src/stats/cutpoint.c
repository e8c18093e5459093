/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/cutpoint.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/sort.h"
#include "stats/compensated.h"
#include "stats/distribution.h"
#include "stats/logrank.h"

/* The cumulative hazard as a step function over the distinct times. */
struct hazard_steps {
  size_t n;
  double *time, *hazard;
};

/* Weights of the rows that leave at one time, and of its events. */
struct leaving {
  size_t end;
  double rows, events;
};

static struct leaving leaving_at(const struct survival_data *data, size_t first)
{
  struct leaving leaving = {.end = first};
  for (; leaving.end < data->n && !(data->time[leaving.end] > data->time[first]); leaving.end++) {
    double weight = survival_weight_of(data, leaving.end);
    leaving.rows += weight;
    leaving.events += data->status[leaving.end] == STATUS_EVENT ? weight : 0;
  }
  return leaving;
}

/* Steps at each distinct time; those at risk are those who entered before it less those who left before. */
static struct hazard_steps find_steps(const struct survival_data *data, enum cutpoint_ties ties)
{
  size_t *by_entry = data->entry ? sort_order(data->entry, data->n) : NULL, entered = 0;
  struct hazard_steps steps = {.time = memory_new(data->n, sizeof(double)),
                               .hazard = memory_new(data->n, sizeof(double))};
  struct compensated_sum at_risk = {0, 0}, hazard = {0, 0};
  for (size_t i = 0; i < data->n && !data->entry; i++)
    compensated_add(&at_risk, survival_weight_of(data, i));
  for (size_t i = 0; i < data->n;) {
    struct leaving leaving = leaving_at(data, i);
    for (; data->entry && entered < data->n && data->entry[by_entry[entered]] < data->time[i]; entered++)
      compensated_add(&at_risk, survival_weight_of(data, by_entry[entered]));
    double n = fmax(compensated_value(&at_risk), leaving.rows);
    if (leaving.events > 0)
      compensated_add(&hazard, leaving.events / (ties == CUTPOINT_TIES_MAXSTAT ? n - leaving.rows + 1 : n));
    steps.time[steps.n] = data->time[i];
    steps.hazard[steps.n++] = compensated_value(&hazard);
    compensated_add(&at_risk, -leaving.rows);
    i = leaving.end;
  }
  free(by_entry);
  return steps;
}

/* The hazard up to and with `time`. */
static double hazard_at(const struct hazard_steps *steps, double time)
{
  size_t low = 0, high = steps->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (steps->time[middle] > time)
      high = middle;
    else
      low = middle + 1;
  }
  return low ? steps->hazard[low - 1] : 0;
}

/* The scores, less their mean; the caller frees them. */
static double *make_scores(const struct survival_data *data, enum cutpoint_ties ties, double n)
{
  struct hazard_steps steps = find_steps(data, ties);
  struct compensated_sum sum = {0, 0};
  double *score = memory_new(data->n, sizeof *score);
  size_t passed = 0; /* steps up to and with the row's time: the times ascend */
  for (size_t i = 0; i < data->n; i++) {
    while (passed < steps.n && !(steps.time[passed] > data->time[i]))
      passed++;
    score[i] = (data->status[i] == STATUS_EVENT) - (passed ? steps.hazard[passed - 1] : 0);
    if (data->entry)
      score[i] += hazard_at(&steps, data->entry[i]);
    compensated_add(&sum, survival_weight_of(data, i) * score[i]);
  }
  for (size_t i = 0; i < data->n; i++)
    score[i] -= compensated_value(&sum) / n;
  free(steps.time);
  free(steps.hazard);
  return score;
}

/* Standardises the sum of scores at every candidate: with mean 0 the variance is m (N - m) sum a^2 / (N (N - 1)). */
static void find_cuts(const struct survival_data *data, const double *value, const double *score, double share,
                      struct cutpoint_result *result)
{
  size_t *order = sort_order(value, data->n);
  double n = result->n, fewest = fmax(1, floor(n * share + 1e-9)), most = floor(n * (1 - share) + 1e-9), square = 0;
  struct compensated_sum sum = {0, 0}, low = {0, 0};
  result->cut = memory_new(data->n, sizeof(double));
  result->statistic = memory_new(data->n, sizeof(double));
  result->n_low = memory_new(data->n, sizeof(double));
  for (size_t i = 0; i < data->n; i++)
    square += survival_weight_of(data, i) * score[i] * score[i];
  square = square > 1e-24 * n ? square : 0; /* less is what rounding left of equal scores */
  for (size_t k = 0; k + 1 < data->n; k++) {
    size_t row = order[k];
    compensated_add(&sum, survival_weight_of(data, row) * score[row]);
    compensated_add(&low, survival_weight_of(data, row));
    double m = compensated_value(&low), variance = m * (n - m) / n * square / (n - 1);
    if (!(value[order[k + 1]] > value[row]) || m < fewest || m > most)
      continue;
    result->cut[result->n_cuts] = value[row];
    result->n_low[result->n_cuts] = m;
    result->statistic[result->n_cuts++] = variance > 0 ? compensated_value(&sum) / sqrt(variance) : (double)NAN;
  }
  free(order);
}

static void choose_best(struct cutpoint_result *result, double share)
{
  const double unknown = (double)NAN;
  result->best_cut = result->best_low = result->best_statistic = unknown;
  result->p_naive = result->p_lausen92 = result->p_lausen94 = unknown;
  result->logrank_statistic = result->logrank_p = unknown;
  for (size_t c = 0; c < result->n_cuts; c++) {
    double size = fabs(result->statistic[c]);
    if (isnan(size) || (!isnan(result->best_statistic) && size <= result->best_statistic * (1 + 1e-13)))
      continue;
    result->best = c;
    result->best_statistic = size;
  }
  if (isnan(result->best_statistic))
    return;
  result->best_cut = result->cut[result->best];
  result->best_low = result->n_low[result->best];
  result->p_naive = normal_two_sided(result->best_statistic);
  result->p_lausen92 = cutpoint_p_lausen92(result->best_statistic, share);
  result->p_lausen94 = cutpoint_p_lausen94(result->best_statistic, result->n, result->n_low, result->n_cuts);
}

/* The log-rank test of the rows at or below the best cut against the others. */
static enum status test_best(const struct survival_data *data, const double *value, struct task *task,
                             struct cutpoint_result *result)
{
  if (isnan(result->best_cut))
    return STATUS_OK;
  uint32_t *group = memory_new(data->n, sizeof *group);
  for (size_t i = 0; i < data->n; i++)
    group[i] = value[i] > result->best_cut;
  struct survival_data split = *data;
  split.group = group;
  split.n_groups = 2;
  split.stratum = NULL;
  split.n_strata = 1;
  struct logrank_result test;
  enum status status = logrank_test(&split, &(struct logrank_options){.weight = LOGRANK_PLAIN}, task, &test);
  if (status == STATUS_OK) {
    result->logrank_statistic = test.statistic;
    result->logrank_p = test.p_value;
    logrank_result_clear(&test);
  }
  free(group);
  return status;
}

enum status cutpoint_search(const struct survival_data *data, const double *value,
                            const struct cutpoint_options *options, struct task *task, struct cutpoint_result *result)
{
  struct compensated_sum n = {0, 0};
  for (size_t i = 0; i < data->n; i++)
    compensated_add(&n, survival_weight_of(data, i));
  *result = (struct cutpoint_result){.n = compensated_value(&n)};
  if (task_is_cancelled(task))
    return STATUS_CANCELLED;
  double *score = make_scores(data, options->ties, result->n);
  if (!task_is_cancelled(task))
    find_cuts(data, value, score, options->minimum_share, result);
  free(score);
  enum status status = task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_OK;
  if (!status) {
    choose_best(result, options->minimum_share);
    status = test_best(data, value, task, result);
  }
  if (status != STATUS_OK)
    cutpoint_result_clear(result);
  return status;
}

void cutpoint_result_clear(struct cutpoint_result *result)
{
  free(result->cut);
  free(result->statistic);
  free(result->n_low);
  *result = (struct cutpoint_result){.n = 0};
}

/* phi(b) (4 / b + (b - 1 / b) log((1 - e)^2 / e^2)). */
double cutpoint_p_lausen92(double m_largest, double share)
{
  double b = m_largest;
  if (isnan(b) || !(share > 0) || !(share < 0.5))
    return (double)NAN;
  if (b < 1)
    return 1;
  double density = exp(-b * b / 2) / sqrt(2 * M_PI);
  double range = 2 * (log1p(-share) - log(share));
  return isinf(b) ? 0 : fmin(density * (4 / b + (b - 1 / b) * range), 1);
}

/* P(|Z| > b) + sum over neighbouring cuts of exp(-b^2 / 2) / pi (t - (b^2 / 4 - 1) t^3 / 6), 1 - t^2 their squared
 * correlation m1 (N - m2) / ((N - m1) m2). */
double cutpoint_p_lausen94(double m_largest, double n, const double *n_low, size_t n_cuts)
{
  double b = m_largest, sum = 0;
  if (isnan(b))
    return b;
  for (size_t c = 1; c < n_cuts; c++) {
    double m1 = n_low[c - 1], m2 = n_low[c];
    double t2 = n * (m2 - m1) / ((n - m1) * m2), t = sqrt(t2);
    sum += t - (b * b / 4 - 1) * t * t2 / 6;
  }
  double p = normal_two_sided(b) + (isinf(b) ? 0 : sum * exp(-b * b / 2) / M_PI);
  return fmin(fmax(p, 0), 1);
}
