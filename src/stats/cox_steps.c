/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/cox_steps.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* The sums of a risk set, of which Efron's form also wants those of the events: risk, risk z and risk z^2, z the column
 * centred in its stratum and scaled. */
struct moments {
  struct compensated_sum weight, risk, first, second;
  size_t rows;
};

struct walk {
  const struct cox_problem *problem;
  const struct cox_evaluation *at;
  const double *design; /* as the caller gave it */
  size_t column;
  const double *predictor; /* of the caller's rows */
  struct cox_steps *found;
};

static double column_of(const struct walk *walk, size_t i)
{
  return walk->problem->design[i * walk->problem->n_columns + walk->column];
}

static void moments_add(struct moments *moments, const struct walk *walk, size_t i, double sign)
{
  const double z = column_of(walk, i), risk = sign * walk->at->risk[i];
  moments->rows += sign > 0 ? 1 : (size_t)-1;
  if (moments->rows == 0) {
    *moments = (struct moments){.rows = 0};
    return;
  }
  compensated_add(&moments->weight, sign * cox_weight(walk->problem, i));
  compensated_add(&moments->risk, risk);
  compensated_add(&moments->first, risk * z);
  compensated_add(&moments->second, risk * z * z);
}

/* The largest absolute linear predictor, and their mean. */
static double choose_shift(const struct walk *walk)
{
  const double safe = 300; /* exp() of it, times any number of rows, is a double */
  double largest = 0, sum = 0;
  for (size_t i = 0; i < walk->problem->n; i++) {
    largest = fmax(largest, fabs(walk->predictor[i]));
    sum += walk->predictor[i];
  }
  return largest > safe ? sum / (double)walk->problem->n : 0;
}

/* Score, information and log likelihood of the event time, in the scaled column: steps k with the fraction a = k / d have
 * s = total - a tied, m = (first - a first of the events) / s, and second moments likewise. */
static void fill_step(const struct walk *walk, const struct cox_tie *tie, const struct moments *at_risk,
                      const struct moments *events, double origin, double offset, struct cox_step *step)
{
  const struct cox_problem *problem = walk->problem;
  const double scale = problem->scale[walk->column], c = cox_step_weight(problem, tie);
  const size_t n_steps = cox_tie_steps(problem, tie);
  double mean = 0, information = 0, log_sum = 0;
  for (size_t k = 0; k < n_steps; k++) {
    const double a = problem->method == TIES_EFRON ? (double)k / tie->n_events : 0;
    const double s = tie->total - a * tie->tied;
    const double m = (compensated_value(&at_risk->first) - a * compensated_value(&events->first)) / s;
    mean += m / (double)n_steps;
    information += c * ((compensated_value(&at_risk->second) - a * compensated_value(&events->second)) / s - m * m);
    log_sum += c * log(s);
  }
  *step = (struct cox_step){.stratum = step->stratum,
                            .time = tie->time,
                            .n_risk = compensated_value(&at_risk->weight),
                            .n_event = compensated_value(&events->weight),
                            .risk_sum = tie->total * exp(offset),
                            .mean = origin + scale * mean,
                            .information = information * scale * scale,
                            .loglik = -log_sum};
  double score = 0;
  for (size_t i = tie->first; i < tie->end; i++) {
    if (!problem->is_event[i])
      continue;
    score += cox_weight(problem, i) * (column_of(walk, i) - mean);
    step->observed += cox_weight(problem, i) * walk->design[cox_row(problem, i) * problem->n_columns + walk->column];
    step->loglik += cox_weight(problem, i) * walk->at->linear_predictor[i];
  }
  step->expected = tie->weight * step->mean;
  step->score = score * scale;
}

/* The value of the raw column where the scaled one is 0 in the stratum, and what its linear predictors were lessened by. */
static void find_origin(const struct walk *walk, size_t stratum, double *origin, double *offset)
{
  const struct cox_problem *problem = walk->problem;
  const size_t i = problem->stratum_start[stratum], row = cox_row(problem, i);
  *origin = walk->design[row * problem->n_columns + walk->column] - column_of(walk, i) * problem->scale[walk->column];
  *offset = walk->predictor[row] - walk->at->linear_predictor[i] - walk->found->shift;
}

static enum status walk_stratum(struct walk *walk, size_t stratum, struct task *task)
{
  const struct cox_problem *problem = walk->problem;
  size_t next = problem->stratum_start[stratum + 1];
  size_t leaver = problem->delayed_entry ? problem->leave_start[stratum + 1] : 0;
  struct moments at_risk = {.rows = 0};
  double origin, offset;
  if (problem->tie_start[stratum] == problem->tie_start[stratum + 1])
    return STATUS_OK;
  find_origin(walk, stratum, &origin, &offset);
  for (size_t t = problem->tie_start[stratum + 1]; t-- > problem->tie_start[stratum];) {
    const struct cox_tie *tie = &problem->ties[t];
    for (; next > tie->first; next--)
      if (cox_has_entered(problem, next - 1, t))
        moments_add(&at_risk, walk, next - 1, 1);
    for (; problem->delayed_entry && leaver > problem->leave_start[stratum]; leaver--) {
      if (problem->entry_tie[problem->leave_row[leaver - 1]] <= t)
        break;
      moments_add(&at_risk, walk, problem->leave_row[leaver - 1], -1);
    }
    struct moments events = {.rows = 0};
    for (size_t i = tie->first; i < tie->end; i++)
      if (problem->is_event[i])
        moments_add(&events, walk, i, 1);
    walk->found->steps[t].stratum = stratum;
    fill_step(walk, tie, &at_risk, &events, origin, offset, &walk->found->steps[t]);
    if (task_is_cancelled(task))
      return STATUS_CANCELLED;
  }
  return STATUS_OK;
}

static void sum_steps(struct cox_steps *found)
{
  struct compensated_sum score = {0, 0}, information = {0, 0}, loglik = {0, 0};
  for (size_t t = 0; t < found->n; t++) {
    compensated_add(&score, found->steps[t].score);
    compensated_add(&information, found->steps[t].information);
    compensated_add(&loglik, found->steps[t].loglik);
  }
  found->score = compensated_value(&score);
  found->information = compensated_value(&information);
  found->loglik = compensated_value(&loglik);
}

enum status cox_steps_compute(const struct survival_data *data, const double *design, const struct cox_model *model,
                              const struct cox_options *options, size_t column, struct task *task,
                              struct cox_steps *steps)
{
  struct cox_problem problem;
  struct cox_evaluation at;
  *steps = (struct cox_steps){.n = 0};
  enum status status = cox_evaluate_model(&problem, &at, data, design, model, options, task);
  if (!status) {
    cox_write_design(&problem);
    steps->n = problem.n_ties;
    steps->steps = memory_new(problem.n_ties, sizeof *steps->steps);
    struct walk walk = {&problem, &at, design, column, model->linear_predictor, steps};
    steps->shift = choose_shift(&walk);
    for (size_t s = 0; s < problem.n_strata && !status; s++)
      status = walk_stratum(&walk, s, task);
    sum_steps(steps);
  }
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  if (status)
    cox_steps_clear(steps);
  return status;
}

void cox_steps_clear(struct cox_steps *steps)
{
  free(steps->steps);
  *steps = (struct cox_steps){.n = 0};
}
