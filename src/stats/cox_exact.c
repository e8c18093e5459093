/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact (discrete, conditional) partial likelihood of tied events.
 *
 * At a time with d events among the risk set R the likelihood is prod over events r_i / e_d(R), r = exp(z beta) and e_d
 * the elementary symmetric polynomial: the sum over all subsets of size d.  The recursion of Gail, Lubin and Rubinstein
 * (Biometrika 1981;68:703-707) adds one row at a time, e_k <- e_k + r e_(k-1).  It is done here on ratios and moments,
 * which neither overflow nor cancel: a random subset of size k, drawn with probability in proportion to its product of
 * r, holds the new row with probability
 *
 *   q_k = r / (r + ratio_k),  ratio_k = e_k / e_(k-1),
 *
 * and the sum of z over the subset has the mean m_k and covariance V_k, for which, from k high to low,
 *
 *   V_k <- (1 - q) V_k + q V_(k-1) + q (1 - q) g g',  g = m_(k-1) + z - m_k
 *   m_k <- m_k + q g
 *   ratio_k <- ratio_(k-1) (r + ratio_k) / (r + ratio_(k-1)),  ratio_1 <- ratio_1 + r.
 *
 * Then log e_d is the sum of log ratio_k for k <= d, the score takes m_d and the information V_d.  A frequency adds its
 * row that many times.  Without delayed entry the risk sets grow, and one run through a stratum serves all its times.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* Updates of a moment that one fit may take: about a minute. */
static const double exact_work_limit = 1e10;
static const double exact_usual_iterations = 6;

/* Risks are kept above DBL_MIN; a ratio near it is made of such ones alone. */
static const double least_ratio = 1e-290;

/* The distribution of the sum of z over a random subset, for each size up to `size`. */
struct subset_moments {
  size_t n_columns, size;
  double *ratio;      /* 1 … size */
  double *mean;       /* (size + 1) x n_columns */
  double *covariance; /* (size + 1) x n_columns (n_columns + 1) / 2, packed lower triangles by row */
  double *gap;        /* n_columns */
};

static size_t triangle(size_t n)
{
  return n * (n + 1) / 2;
}

static void subsets_init(struct subset_moments *subsets, size_t n_columns, size_t largest)
{
  *subsets = (struct subset_moments){.n_columns = n_columns,
                                     .ratio = memory_new(largest + 1, sizeof(double)),
                                     .mean = memory_new((largest + 1) * n_columns, sizeof(double)),
                                     .covariance = memory_new((largest + 1) * triangle(n_columns), sizeof(double)),
                                     .gap = memory_new(n_columns, sizeof(double))};
}

static void subsets_clear(struct subset_moments *subsets)
{
  free(subsets->ratio);
  free(subsets->mean);
  free(subsets->covariance);
  free(subsets->gap);
}

/* Empties the risk set and sets the largest size of interest. */
static void subsets_start(struct subset_moments *subsets, size_t size)
{
  size_t p = subsets->n_columns;
  subsets->size = size;
  memset(subsets->ratio, 0, (size + 1) * sizeof(double));
  memset(subsets->mean, 0, (size + 1) * p * sizeof(double));
  memset(subsets->covariance, 0, (size + 1) * triangle(p) * sizeof(double));
}

/* Mean and covariance of size k once the new row is in with probability q. */
static void mix_moments(struct subset_moments *subsets, size_t k, double q, const double *z)
{
  size_t p = subsets->n_columns, length = triangle(p);
  double *mean = &subsets->mean[k * p], *gap = subsets->gap;
  const double *smaller_mean = mean - p;
  double *restrict covariance = &subsets->covariance[k * length];
  const double *smaller = covariance - length;
  for (size_t j = 0; j < p; j++) {
    gap[j] = smaller_mean[j] + z[j] - mean[j];
    mean[j] += q * gap[j];
  }
  for (size_t j = 0, at = 0; j < p; j++) {
    double spread = q * (1 - q) * gap[j];
    for (size_t l = 0; l <= j; l++, at++)
      covariance[at] += q * (smaller[at] - covariance[at]) + spread * gap[l];
  }
}

/* Adds a row of relative risk r to the risk set; `n` rows are in it already, so sizes over n + 1 do not exist yet. */
static void subsets_add(struct subset_moments *subsets, double r, const double *z, size_t n)
{
  size_t largest = n + 1 < subsets->size ? n + 1 : subsets->size;
  for (size_t k = largest; k >= 1; k--) {
    double *ratio = subsets->ratio;
    mix_moments(subsets, k, r / (r + ratio[k]), z);
    ratio[k] = k == 1 ? ratio[1] + r : ratio[k - 1] * ((r + ratio[k]) / (r + ratio[k - 1]));
  }
}

/* Adds `count` copies. */
static size_t subsets_add_copies(struct subset_moments *subsets, const struct cox_problem *problem, size_t i, double r,
                                 size_t n)
{
  size_t count = problem->frequency ? (size_t)cox_weight(problem, i) : 1;
  for (size_t copy = 0; copy < count; copy++)
    subsets_add(subsets, r, &problem->design[i * problem->n_columns], n + copy);
  return count;
}

/* exp() of the shifted predictor, kept above 0 so that ratios stay defined. */
static double relative_risk(const struct cox_evaluation *at, size_t i)
{
  return fmax(exp(at->linear_predictor[i]), DBL_MIN);
}

/* The share of one event time, whose risk set is in `subsets`. */
static void add_tie(const struct cox_problem *problem, struct cox_evaluation *at, const struct subset_moments *subsets,
                    const struct cox_tie *tie)
{
  size_t p = problem->n_columns, d = (size_t)tie->n_events;
  /* Where risks fell under the smallest number the likelihood is not known. */
  for (size_t k = 1; k <= d; k++)
    at->loglik -= subsets->ratio[k] > least_ratio ? log(subsets->ratio[k]) : -HUGE_VAL;
  for (size_t i = tie->first; i < tie->end; i++) {
    if (!problem->is_event[i])
      continue;
    at->loglik += cox_weight(problem, i) * at->linear_predictor[i];
    for (size_t j = 0; j < p; j++)
      at->score[j] += cox_weight(problem, i) * problem->design[i * p + j];
  }
  const double *covariance = &subsets->covariance[d * triangle(p)];
  for (size_t j = 0, place = 0; j < p; j++) {
    at->score[j] -= subsets->mean[d * p + j];
    for (size_t l = 0; l <= j; l++, place++)
      at->information[l * p + j] += covariance[place];
  }
}

/* The most events at one time of [start, stop). */
static size_t largest_tie(const struct cox_problem *problem, size_t start, size_t stop)
{
  double largest = 0;
  for (size_t t = start; t < stop; t++)
    largest = fmax(largest, problem->ties[t].n_events);
  return (size_t)largest;
}

/* Risk sets only grow from the last time to the first: each row is added once. */
static enum status evaluate_growing(const struct cox_problem *problem, struct cox_evaluation *at, size_t stratum,
                                    struct subset_moments *subsets, struct task *task)
{
  size_t start = problem->tie_start[stratum], stop = problem->tie_start[stratum + 1];
  size_t next = problem->stratum_start[stratum + 1], n = 0;
  subsets_start(subsets, largest_tie(problem, start, stop));
  for (size_t t = stop; t-- > start;) {
    for (; next > problem->ties[t].first; next--) {
      if (task_is_cancelled(task))
        return STATUS_CANCELLED;
      n += subsets_add_copies(subsets, problem, next - 1, relative_risk(at, next - 1), n);
    }
    add_tie(problem, at, subsets, &problem->ties[t]);
  }
  return STATUS_OK;
}

/* With delayed entry each event time has a risk set of its own (taking rows out again would be unstable). */
static enum status evaluate_separate(const struct cox_problem *problem, struct cox_evaluation *at, size_t stratum,
                                     struct subset_moments *subsets, struct task *task)
{
  for (size_t t = problem->tie_start[stratum]; t < problem->tie_start[stratum + 1]; t++) {
    const struct cox_tie *tie = &problem->ties[t];
    size_t n = 0;
    subsets_start(subsets, (size_t)tie->n_events);
    for (size_t i = tie->first; i < problem->stratum_start[stratum + 1]; i++) {
      if (task_is_cancelled(task))
        return STATUS_CANCELLED;
      if (cox_has_entered(problem, i, t))
        n += subsets_add_copies(subsets, problem, i, relative_risk(at, i), n);
    }
    add_tie(problem, at, subsets, tie);
  }
  return STATUS_OK;
}

enum status cox_exact_evaluate(const struct cox_problem *problem, struct cox_evaluation *at, struct task *task)
{
  size_t p = problem->n_columns;
  struct subset_moments subsets;
  enum status status = STATUS_OK;
  subsets_init(&subsets, p, largest_tie(problem, 0, problem->n_ties));
  at->loglik = 0;
  memset(at->score, 0, p * sizeof *at->score);
  memset(at->information, 0, p * p * sizeof *at->information);
  for (size_t s = 0; s < problem->n_strata && status == STATUS_OK; s++)
    status = problem->delayed_entry ? evaluate_separate(problem, at, s, &subsets, task)
                                    : evaluate_growing(problem, at, s, &subsets, task);
  subsets_clear(&subsets);
  for (size_t j = 0; j < p; j++)
    at->gram_diagonal[j] = at->information[j * p + j];
  matrix_mirror(at->information, p);
  return status;
}

/* Updates of one moment in one evaluation. */
static double estimate_work(const struct cox_problem *problem)
{
  double work = 0, per_size = (double)(1 + problem->n_columns + triangle(problem->n_columns));
  for (size_t s = 0; s < problem->n_strata; s++) {
    size_t start = problem->tie_start[s], stop = problem->tie_start[s + 1];
    double rows = 0, sizes = (double)largest_tie(problem, start, stop);
    size_t next = problem->stratum_start[s + 1];
    for (size_t t = stop; t-- > start;) {
      for (; next > problem->ties[t].first; next--)
        rows += problem->frequency ? cox_weight(problem, next - 1) : 1;
      if (problem->delayed_entry)
        work += rows * problem->ties[t].n_events * per_size;
    }
    if (!problem->delayed_entry)
      work += rows * sizes * per_size;
  }
  return work;
}

enum status cox_exact_check(const struct cox_problem *problem, struct error *error)
{
  bool weighted = false;
  for (size_t i = 0; i < problem->n && problem->weight && !problem->frequency; i++)
    weighted = weighted || problem->weight[i] != 1;
  if (weighted) {
    error_set(error, "exact ties have no meaning with case weights");
    return error_hint(error, "use freq= for rows that stand for many patients, or ties=efron");
  }
  if (estimate_work(problem) * exact_usual_iterations <= exact_work_limit)
    return STATUS_OK;
  error_set(error, "the exact likelihood of so many tied events is out of reach");
  return error_hint(error, "use ties=efron, which is close to it");
}
