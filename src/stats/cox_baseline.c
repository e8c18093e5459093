/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The baseline cumulative hazard of each stratum. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* Each row's linear predictor, in the problem's order and less its maximum in the stratum, which goes into shift[]. */
static void take_predictors(const struct cox_problem *problem, const struct cox_model *model, double *predictor,
                            double *shift)
{
  for (size_t s = 0; s < problem->n_strata; s++) {
    shift[s] = -INFINITY;
    for (size_t i = problem->stratum_start[s]; i < problem->stratum_start[s + 1]; i++) {
      predictor[i] = model->linear_predictor[cox_row(problem, i)];
      shift[s] = fmax(shift[s], predictor[i]);
    }
    for (size_t i = problem->stratum_start[s]; i < problem->stratum_start[s + 1]; i++)
      predictor[i] -= shift[s];
  }
}

/* The cumulated hazards of a stratum; the risks were exp(predictor - shift), so the hazards are exp(shift) too large.
 */
static struct cox_baseline read_baseline(const struct cox_problem *problem, size_t stratum, double shift)
{
  size_t start = problem->tie_start[stratum], n_times = problem->tie_start[stratum + 1] - start;
  struct cox_baseline baseline = {
      .n_times = n_times, .time = memory_new(n_times, sizeof(double)), .hazard = memory_new(n_times, sizeof(double))};
  double cumulated = 0;
  for (size_t t = 0; t < n_times; t++) {
    cumulated += problem->ties[start + t].hazard;
    baseline.time[t] = problem->ties[start + t].time;
    baseline.hazard[t] = exp(log(cumulated) - shift);
  }
  return baseline;
}

enum status cox_baselines(const struct survival_data *data, const struct cox_model *model,
                          const struct cox_options *options, struct cox_baseline *baselines, struct error *error)
{
  struct cox_problem problem;
  struct cox_evaluation at;
  struct cox_options form = *options;
  (void)error; /* nothing fails so far; kept for the callers' sake */
  form.ties = options->ties == TIES_EFRON ? TIES_EFRON : TIES_BRESLOW;
  cox_problem_init(&problem, data, NULL, 0, &form);
  cox_evaluation_init(&at, &problem);
  double *shift = memory_new(problem.n_strata, sizeof *shift);
  take_predictors(&problem, model, at.linear_predictor, shift);
  cox_sum_risk_sets(&problem, &at);
  for (size_t s = 0; s < problem.n_strata; s++)
    baselines[s] = read_baseline(&problem, s, shift[s]);
  free(shift);
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  return STATUS_OK;
}

void cox_baseline_clear(struct cox_baseline *baseline)
{
  free(baseline->time);
  free(baseline->hazard);
  *baseline = (struct cox_baseline){.n_times = 0};
}
