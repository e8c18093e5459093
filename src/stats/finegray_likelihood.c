/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fine–Gray pseudo-likelihood, score and information: two walks over the rows, forwards for those who had the competing
 * event, backwards for those still at risk.
 *
 * With dH = W / total at each event time, a row expects risk times (the sum of dH up to its time) events and, after a
 * competing event, risk / G(time) times (the sum of G dH over later event times) more.  As in Cox's model
 *   score       = sum over rows (w event - expected) z
 *   information = sum over rows expected z z' - sum over event times W m m',   m the mean of z in the risk set. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/finegray_internal.h"

enum { ROWS_PER_CHECK = 4096 }; /* rows between two looks at the task */

static bool is_time_to_stop(size_t i, struct task *task)
{
  return i % ROWS_PER_CHECK == 0 && task_is_cancelled(task);
}

/* G(time-) of each row: Kaplan–Meier with the censorings as events; rows of other fates at a time are at risk at it. */
static void estimate_censoring(struct finegray_problem *problem, const double *time)
{
  const struct cox_problem *rows = &problem->rows;
  struct compensated_sum at_risk = {0, 0};
  struct compensated_product survival = {1, 0};
  problem->censoring = memory_new(rows->n, sizeof *problem->censoring);
  for (size_t i = 0; i < rows->n; i++)
    compensated_add(&at_risk, cox_weight(rows, i));
  for (size_t i = 0, next; i < rows->n; i = next) {
    double n = compensated_value(&at_risk), g = compensated_product_value(&survival), censored = 0;
    for (next = i; next < rows->n && !(time[next] > time[i]); next++) {
      problem->censoring[next] = g;
      censored += problem->status[next] == STATUS_CENSORED ? cox_weight(rows, next) : 0;
      compensated_add(&at_risk, -cox_weight(rows, next));
    }
    if (censored > 0 && next < rows->n)
      compensated_multiply(&survival, n - censored, n);
  }
}

void finegray_problem_init(struct finegray_problem *problem, const struct survival_data *data, const double *design,
                           size_t n_columns)
{
  const struct cox_options options = {.ties = TIES_BRESLOW, .weight_kind = WEIGHT_FREQUENCY};
  struct survival_data one_stratum = *data;
  one_stratum.stratum = NULL;
  one_stratum.n_strata = 1;
  *problem = (struct finegray_problem){.status = data->status};
  cox_problem_init(&problem->rows, &one_stratum, design, n_columns, &options);
  cox_write_design(&problem->rows);
  estimate_censoring(problem, data->time);
  problem->means = memory_new(problem->rows.n_ties * n_columns, sizeof *problem->means);
}

void finegray_problem_clear(struct finegray_problem *problem)
{
  cox_problem_clear(&problem->rows);
  free(problem->censoring);
  free(problem->means);
}

/* risk and linear_predictor of each row, the predictor's maximum taken off. */
static enum status predict_rows(const struct cox_problem *rows, const double *beta, struct cox_evaluation *at,
                                struct task *task)
{
  size_t p = rows->n_columns;
  double shift = -INFINITY;
  for (size_t i = 0; i < rows->n; i++) {
    double sum = 0;
    for (size_t j = 0; j < p; j++)
      sum += rows->design[i * p + j] * beta[j];
    at->linear_predictor[i] = sum;
    shift = fmax(shift, sum);
    if (is_time_to_stop(i, task))
      return STATUS_CANCELLED;
  }
  for (size_t i = 0; i < rows->n; i++) {
    at->linear_predictor[i] -= shift;
    at->risk[i] = cox_weight(rows, i) * exp(at->linear_predictor[i]);
  }
  return STATUS_OK;
}

/* The totals of the risk sets, and the likelihood. */
static void sum_risk_sets(struct finegray_problem *problem, struct cox_evaluation *at)
{
  struct cox_problem *rows = &problem->rows;
  struct compensated_sum competing = {0, 0}, later = {0, 0}, loglik = {0, 0};
  size_t i = 0;
  for (size_t t = 0; t < rows->n_ties; t++) {
    for (; i < rows->ties[t].first; i++)
      if (problem->status[i] == STATUS_COMPETING)
        compensated_add(&competing, at->risk[i] / problem->censoring[i]);
    rows->ties[t].total = finegray_tie_censoring(problem, t) * compensated_value(&competing);
  }
  i = rows->n;
  for (size_t t = rows->n_ties; t-- > 0;) {
    while (i > rows->ties[t].first)
      compensated_add(&later, at->risk[--i]);
    rows->ties[t].total += compensated_value(&later);
    rows->ties[t].hazard = rows->ties[t].weight / rows->ties[t].total;
    compensated_add(&loglik, -rows->ties[t].weight * log(rows->ties[t].total));
  }
  for (i = 0; i < rows->n; i++)
    if (rows->is_event[i])
      compensated_add(&loglik, cox_weight(rows, i) * at->linear_predictor[i]);
  at->loglik = compensated_value(&loglik);
}

static void expect_events(const struct finegray_problem *problem, struct cox_evaluation *at)
{
  const struct cox_problem *rows = &problem->rows;
  struct compensated_sum passed = {0, 0}, coming = {0, 0};
  size_t t = 0;
  for (size_t i = 0; i < rows->n; i++) {
    for (; t < rows->n_ties && rows->ties[t].first <= i; t++)
      compensated_add(&passed, rows->ties[t].hazard);
    at->expected[i] = at->risk[i] * compensated_value(&passed);
  }
  t = rows->n_ties;
  for (size_t i = rows->n; i-- > 0;) {
    for (; t > 0 && rows->ties[t - 1].first > i; t--)
      compensated_add(&coming, finegray_tie_censoring(problem, t - 1) * rows->ties[t - 1].hazard);
    if (problem->status[i] == STATUS_COMPETING)
      at->expected[i] += at->risk[i] / problem->censoring[i] * compensated_value(&coming);
  }
}

enum status finegray_evaluate(struct finegray_problem *problem, const double *beta, struct cox_evaluation *at,
                              struct task *task)
{
  if (predict_rows(&problem->rows, beta, at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  sum_risk_sets(problem, at);
  expect_events(problem, at);
  return task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_OK;
}

/* The competing part of the means, walking forwards with the score and the rows' Gram matrix. */
static enum status walk_forwards(struct finegray_problem *problem, struct cox_evaluation *at, struct task *task)
{
  const struct cox_problem *rows = &problem->rows;
  size_t p = rows->n_columns, t = 0;
  double *competing = memory_new(p, sizeof *competing);
  struct gram gram;
  enum status status = STATUS_OK;
  gram_init(&gram, p, 1, at->information);
  for (size_t i = 0; i < rows->n && status == STATUS_OK; i++) {
    for (; t < rows->n_ties && rows->ties[t].first <= i; t++)
      for (size_t j = 0; j < p; j++)
        problem->means[t * p + j] = finegray_tie_censoring(problem, t) * competing[j] / rows->ties[t].total;
    const double *z = &rows->design[i * p];
    double root = sqrt(at->expected[i]), *row = gram_next_row(&gram);
    double residual = (rows->is_event[i] ? cox_weight(rows, i) : 0) - at->expected[i];
    double share = problem->status[i] == STATUS_COMPETING ? at->risk[i] / problem->censoring[i] : 0;
    for (size_t j = 0; j < p; j++) {
      at->score[j] += residual * z[j];
      row[j] = root * z[j];
      competing[j] += share * z[j];
    }
    if (is_time_to_stop(i, task))
      status = STATUS_CANCELLED;
  }
  gram_finish(&gram);
  free(competing);
  return status;
}

/* The part of the means that those still at risk make; the means' products come off the information. */
static enum status walk_backwards(struct finegray_problem *problem, struct cox_evaluation *at, struct task *task)
{
  const struct cox_problem *rows = &problem->rows;
  size_t p = rows->n_columns, i = rows->n;
  double *later = memory_new(p, sizeof *later);
  struct gram gram;
  enum status status = STATUS_OK;
  gram_init(&gram, p, -1, at->information);
  for (size_t t = rows->n_ties; t-- > 0 && status == STATUS_OK;) {
    const struct cox_tie *tie = &rows->ties[t];
    for (; i > tie->first; i--) {
      for (size_t j = 0; j < p; j++)
        later[j] += at->risk[i - 1] * rows->design[(i - 1) * p + j];
      if (is_time_to_stop(i, task))
        status = STATUS_CANCELLED;
    }
    double root = sqrt(tie->weight), *mean = &problem->means[t * p], *row = gram_next_row(&gram);
    for (size_t j = 0; j < p; j++) {
      mean[j] += later[j] / tie->total;
      row[j] = root * mean[j];
    }
  }
  gram_finish(&gram);
  free(later);
  return status;
}

enum status finegray_differentiate(struct finegray_problem *problem, struct cox_evaluation *at, struct task *task)
{
  size_t p = problem->rows.n_columns;
  memset(at->score, 0, p * sizeof *at->score);
  memset(at->information, 0, p * p * sizeof *at->information);
  if (walk_forwards(problem, at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  for (size_t j = 0; j < p; j++)
    at->gram_diagonal[j] = at->information[j * p + j];
  if (walk_backwards(problem, at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  matrix_mirror(at->information, p);
  return STATUS_OK;
}
