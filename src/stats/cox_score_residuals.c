/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Score residuals, row by row (R's residuals.coxph(type = "score")).
 *
 * With m a step's mean and h = c / s its hazard, the score residual of a row with covariates z is
 *
 *   event (z - mean of m over the steps of its time)
 *     - risk / w times the sum over the steps at which it is at risk of (1 - a [event of that time]) h (z - m),
 *
 * so a row needs H = sum h and Q = sum h m up to its time and up to its entry, and for an event its own time's sums. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* S of each event time (n_ties x n_columns): sum of risk z over its risk set. */
static double *sum_designs(const struct cox_problem *problem, const struct cox_evaluation *at)
{
  size_t p = problem->n_columns;
  double *sums = memory_new(problem->n_ties * p, sizeof *sums);
  for (size_t s = 0; s < problem->n_strata; s++) {
    size_t next = problem->stratum_start[s + 1];
    size_t leaver = problem->delayed_entry ? problem->leave_start[s + 1] : 0;
    for (size_t t = problem->tie_start[s + 1]; t-- > problem->tie_start[s];) {
      double *sum = &sums[t * p];
      if (t + 1 < problem->tie_start[s + 1])
        memcpy(sum, sum + p, p * sizeof *sum);
      for (; next > problem->ties[t].first; next--)
        for (size_t j = 0; cox_has_entered(problem, next - 1, t) && j < p; j++)
          sum[j] += at->risk[next - 1] * problem->design[(next - 1) * p + j];
      for (; problem->delayed_entry && leaver > problem->leave_start[s]; leaver--) {
        size_t i = problem->leave_row[leaver - 1];
        if (problem->entry_tie[i] <= t)
          break;
        for (size_t j = 0; j < p; j++)
          sum[j] -= at->risk[i] * problem->design[i * p + j];
      }
    }
  }
  return sums;
}

/* Score residuals of one row at a time, rows in ascending order within a stratum. */
struct residual_walk {
  const struct cox_problem *problem;
  const struct cox_evaluation *at;
  double *means;       /* n_ties x n_columns: S at first; Q up to and with each event time once it was passed */
  double *hazards;     /* n_ties: H up to and with each event time */
  double *event;       /* n_columns: sum of a h m of the last event time */
  double *event_alone; /* n_columns: mean of m over the steps of the last event time */
  double *tied;        /* n_columns: E */
};

/* Passes event time t: Q and H with it, and the events' own sums. */
static void pass_tie(struct residual_walk *walk, size_t t, bool is_first)
{
  const struct cox_problem *problem = walk->problem;
  const struct cox_tie *tie = &problem->ties[t];
  struct cox_tie_squares squares = cox_tie_squares(problem, tie);
  size_t p = problem->n_columns;
  memset(walk->tied, 0, p * sizeof *walk->tied);
  for (size_t i = tie->first; i < tie->end; i++)
    for (size_t j = 0; problem->is_event[i] && j < p; j++)
      walk->tied[j] += walk->at->risk[i] * problem->design[i * p + j];
  walk->hazards[t] = tie->hazard + (is_first ? 0 : walk->hazards[t - 1]);
  double *row = &walk->means[t * p];
  for (size_t j = 0; j < p; j++) {
    double sum = row[j], tied = walk->tied[j];
    /* Mean of m over the steps: (1 / W) sum c (S - a E) / s. */
    walk->event_alone[j] = (tie->hazard * sum - tie->tied_hazard * tied) / tie->weight;
    walk->event[j] = squares.b * sum - squares.c * tied;
    row[j] = squares.a * sum - squares.b * tied + (is_first ? 0 : row[j - p]);
  }
}

/* The residual of row i, per unit of weight; t is one past the last event time up to its own. */
static void find_residual(const struct residual_walk *walk, size_t i, size_t start, size_t t, double *residual)
{
  const struct cox_problem *problem = walk->problem;
  size_t p = problem->n_columns, entry = problem->delayed_entry ? problem->entry_tie[i] : start;
  memset(residual, 0, p * sizeof *residual);
  if (t == start || entry == COX_NEVER_AT_RISK)
    return;
  double risk = walk->at->risk[i] / cox_weight(problem, i);
  double hazard = walk->hazards[t - 1] - (entry > start ? walk->hazards[entry - 1] : 0);
  const double *z = &problem->design[i * p];
  const double *at_exit = &walk->means[(t - 1) * p], *at_entry = entry > start ? &walk->means[(entry - 1) * p] : NULL;
  for (size_t j = 0; j < p; j++) {
    double mean = at_exit[j] - (at_entry ? at_entry[j] : 0);
    residual[j] = -risk * (hazard * z[j] - mean);
    if (problem->is_event[i])
      residual[j] += z[j] - walk->event_alone[j] + risk * (problem->ties[t - 1].tied_hazard * z[j] - walk->event[j]);
  }
}

/* The rows of one stratum, in order. */
static void visit_stratum(struct residual_walk *walk, size_t stratum, cox_residual_visitor *visit, void *data)
{
  const struct cox_problem *problem = walk->problem;
  size_t start = problem->tie_start[stratum], t = start;
  double *residual = memory_new(problem->n_columns, sizeof *residual);
  for (size_t i = problem->stratum_start[stratum]; i < problem->stratum_start[stratum + 1]; i++) {
    for (; t < problem->tie_start[stratum + 1] && problem->ties[t].first <= i; t++)
      pass_tie(walk, t, t == start);
    find_residual(walk, i, start, t, residual);
    visit(data, i, residual, problem->is_event[i] ? walk->event_alone : NULL);
  }
  free(residual);
}

void cox_visit_score_residuals(const struct cox_problem *problem, const struct cox_evaluation *at,
                               cox_residual_visitor *visit, void *data)
{
  size_t p = problem->n_columns;
  struct residual_walk walk = {.problem = problem,
                               .at = at,
                               .means = sum_designs(problem, at),
                               .hazards = memory_new(problem->n_ties, sizeof(double)),
                               .event = memory_new(p, sizeof(double)),
                               .event_alone = memory_new(p, sizeof(double)),
                               .tied = memory_new(p, sizeof(double))};
  for (size_t s = 0; s < problem->n_strata; s++)
    visit_stratum(&walk, s, visit, data);
  free(walk.means);
  free(walk.hazards);
  free(walk.event);
  free(walk.event_alone);
  free(walk.tied);
}
