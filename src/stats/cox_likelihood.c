/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log partial likelihood in Efron's and Breslow's form: risk sets summed from the last time to the first. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

enum { ROWS_PER_CHECK = 4096 }; /* rows between two looks at the task */

void cox_evaluation_init(struct cox_evaluation *at, const struct cox_problem *problem)
{
  size_t n = problem->n, p = problem->n_columns;
  *at = (struct cox_evaluation){.linear_predictor = memory_new(n, sizeof(double)),
                                .risk = memory_new(n, sizeof(double)),
                                .expected = memory_new(n, sizeof(double)),
                                .cumulated = memory_new(problem->n_ties + 1, sizeof(struct compensated_sum)),
                                .score = memory_new(p, sizeof(double)),
                                .information = memory_new(p * p, sizeof(double)),
                                .gram_diagonal = memory_new(p, sizeof(double))};
}

void cox_evaluation_clear(struct cox_evaluation *at)
{
  free(at->linear_predictor);
  free(at->risk);
  free(at->expected);
  free(at->cumulated);
  free(at->score);
  free(at->information);
  free(at->gram_diagonal);
}

/* z beta of rows [first, stop).  Each row is summed in the same order, so that equal rows have equal predictors (ties
 * of the concordance); four rows at a time, since one sum alone waits for its own additions. */
static void predict_rows(const struct cox_problem *problem, const double *beta, double *predictor, size_t first,
                         size_t stop)
{
  size_t p = problem->n_columns, i = first;
  for (; i + 4 <= stop; i += 4) {
    const double *a = &problem->design[i * p], *b = a + p, *c = b + p, *d = c + p;
    double sum_a = 0, sum_b = 0, sum_c = 0, sum_d = 0;
    for (size_t j = 0; j < p; j++) {
      sum_a += a[j] * beta[j];
      sum_b += b[j] * beta[j];
      sum_c += c[j] * beta[j];
      sum_d += d[j] * beta[j];
    }
    predictor[i] = sum_a;
    predictor[i + 1] = sum_b;
    predictor[i + 2] = sum_c;
    predictor[i + 3] = sum_d;
  }
  for (; i < stop; i++) {
    double sum = 0;
    for (size_t j = 0; j < p; j++)
      sum += problem->design[i * p + j] * beta[j];
    predictor[i] = sum;
  }
}

/* Takes the maximum of each stratum off: exp() cannot overflow, and the partial likelihood does not know it. */
static void shift_predictors(const struct cox_problem *problem, double *predictor)
{
  for (size_t s = 0; s < problem->n_strata; s++) {
    size_t start = problem->stratum_start[s], stop = problem->stratum_start[s + 1];
    double largest = -INFINITY;
    for (size_t i = start; i < stop; i++)
      largest = predictor[i] > largest ? predictor[i] : largest;
    for (size_t i = start; i < stop; i++)
      predictor[i] -= largest;
  }
}

static enum status predict(const struct cox_problem *problem, const double *beta, double *predictor, struct task *task)
{
  for (size_t first = 0; first < problem->n; first += ROWS_PER_CHECK) {
    size_t stop = first + ROWS_PER_CHECK < problem->n ? first + ROWS_PER_CHECK : problem->n;
    if (task_is_cancelled(task))
      return STATUS_CANCELLED;
    predict_rows(problem, beta, predictor, first, stop);
  }
  shift_predictors(problem, predictor);
  return STATUS_OK;
}

static void set_risks(const struct cox_problem *problem, struct cox_evaluation *at)
{
  for (size_t i = 0; i < problem->n; i++) {
    double predictor = at->linear_predictor[i], risk = predictor == 0 ? 1 : exp(predictor);
    at->risk[i] = cox_weight(problem, i) * risk;
  }
}

/* total and tied of a stratum's event times, and the events' share of loglik (sum of w times the predictor).  Sums are
 * compensated, since rows of large risk may leave again (delayed entry) and small ones must then still count. */
static double sum_stratum(struct cox_problem *problem, const struct cox_evaluation *at, size_t stratum)
{
  struct compensated_sum total = {0, 0};
  size_t next = problem->stratum_start[stratum + 1], at_risk = 0;
  size_t leaver = problem->delayed_entry ? problem->leave_start[stratum + 1] : 0;
  double events = 0;
  for (size_t t = problem->tie_start[stratum + 1]; t-- > problem->tie_start[stratum];) {
    struct cox_tie *tie = &problem->ties[t];
    for (; next > tie->first; next--)
      if (cox_has_entered(problem, next - 1, t)) {
        compensated_add(&total, at->risk[next - 1]);
        at_risk++;
      }
    for (; problem->delayed_entry && leaver > problem->leave_start[stratum]; leaver--, at_risk--) {
      size_t i = problem->leave_row[leaver - 1];
      if (problem->entry_tie[i] <= t)
        break;
      compensated_add(&total, -at->risk[i]);
    }
    tie->tied = 0;
    for (size_t i = tie->first; i < tie->end; i++)
      if (problem->is_event[i]) {
        tie->tied += at->risk[i];
        events += cox_weight(problem, i) * at->linear_predictor[i];
      }
    /* The events are at risk themselves: rounding must not say otherwise. */
    tie->total = fmax(compensated_value(&total), tie->tied);
    if (at_risk == 0)
      total = (struct compensated_sum){0, 0};
  }
  return events;
}

/* hazard and tied_hazard of an event time; returns sum of c log s, its share of loglik. */
static double sum_tie(const struct cox_problem *problem, struct cox_tie *tie)
{
  size_t steps = cox_tie_steps(problem, tie);
  double c = cox_step_weight(problem, tie), log_sum = 0;
  if (steps == 1) {
    tie->hazard = c / tie->total;
    tie->tied_hazard = 0;
    return c * log(tie->total);
  }
  tie->hazard = tie->tied_hazard = 0;
  for (size_t k = 0; k < steps; k++) {
    double a = (double)k / tie->n_events, s = tie->total - a * tie->tied;
    log_sum += log(s);
    tie->hazard += c / s;
    tie->tied_hazard += c * a / s;
  }
  return c * log_sum;
}

struct cox_tie_squares cox_tie_squares(const struct cox_problem *problem, const struct cox_tie *tie)
{
  size_t steps = cox_tie_steps(problem, tie);
  double c = cox_step_weight(problem, tie);
  if (steps == 1)
    return (struct cox_tie_squares){.a = c / (tie->total * tie->total)};
  struct cox_tie_squares squares = {0, 0, 0};
  for (size_t k = 0; k < steps; k++) {
    double a = (double)k / tie->n_events, s = tie->total - a * tie->tied, square = c / (s * s);
    squares.a += square;
    squares.b += square * a;
    squares.c += square * a * a;
  }
  return squares;
}

/* expected = risk (H(time) - H(entry)), less risk times tied_hazard for the events of a time.  H is compensated: where
 * the first risk sets are of low risk it is huge, and what comes after must not drown in it. */
static void set_expected(const struct cox_problem *problem, struct cox_evaluation *at, size_t stratum)
{
  size_t start = problem->tie_start[stratum], stop = problem->tie_start[stratum + 1], t = start;
  struct compensated_sum *cumulated = at->cumulated; /* before each event time of the stratum, and after the last */
  cumulated[0] = (struct compensated_sum){0, 0};
  for (size_t i = problem->stratum_start[stratum]; i < problem->stratum_start[stratum + 1]; i++) {
    for (; t < stop && problem->ties[t].first <= i; t++) {
      cumulated[t + 1 - start] = cumulated[t - start];
      compensated_add(&cumulated[t + 1 - start], problem->ties[t].hazard);
    }
    const struct compensated_sum *after = &cumulated[t - start], *before = &cumulated[0];
    if (problem->delayed_entry)
      before = problem->entry_tie[i] == COX_NEVER_AT_RISK ? after : &cumulated[problem->entry_tie[i] - start];
    double hazard = (after->sum - before->sum) + (after->lost - before->lost);
    if (problem->is_event[i])
      hazard -= problem->ties[t - 1].tied_hazard;
    at->expected[i] = hazard > 0 ? at->risk[i] * hazard : 0;
  }
}

void cox_sum_risk_sets(struct cox_problem *problem, struct cox_evaluation *at)
{
  struct compensated_sum loglik = {0, 0};
  set_risks(problem, at);
  for (size_t s = 0; s < problem->n_strata; s++) {
    compensated_add(&loglik, sum_stratum(problem, at, s));
    for (size_t t = problem->tie_start[s]; t < problem->tie_start[s + 1]; t++)
      compensated_add(&loglik, -sum_tie(problem, &problem->ties[t]));
    set_expected(problem, at, s);
  }
  at->loglik = compensated_value(&loglik);
}

enum status cox_evaluate(struct cox_problem *problem, const double *beta, struct cox_evaluation *at, struct task *task)
{
  if (predict(problem, beta, at->linear_predictor, task) != STATUS_OK)
    return STATUS_CANCELLED;
  if (problem->method == TIES_EXACT)
    return cox_exact_evaluate(problem, at, task);
  cox_sum_risk_sets(problem, at);
  return STATUS_OK;
}
