/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Score and information in Efron's and Breslow's form, one pass over the design.
 *
 * With the rows' expected events (see cox_internal.h) and, at each event time, S = sum of risk z over the risk set and
 * E = sum of risk z over its events, so that a step's mean is m = (S - a E) / s:
 *
 *   score       = sum over rows (w event - expected) z
 *   information = sum over rows expected z z' - sum over event times sum over steps c m m'
 *
 * and the steps of one event time come to A S S' - B (S E' + E S') + C E E', which is two outer products:
 * A (S - B/A E)(S - B/A E)' + (C - B^2/A) E E'. */
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

enum {
  GRAM_ROWS = 256, /* of a block: enough for BLAS to be worth a call, few enough to stay in the first cache */
  GRAM_OWN = 5     /* up to so many columns own loops are faster than a call */
};

void gram_init(struct gram *gram, size_t n_columns, double sign, double *matrix)
{
  *gram = (struct gram){.n_columns = n_columns, .sign = sign, .matrix = matrix};
  gram->rows = memory_new(GRAM_ROWS * n_columns, sizeof *gram->rows);
}

static void gram_add_small(struct gram *gram)
{
  size_t p = gram->n_columns;
  for (size_t j = 0; j < p; j++)
    for (size_t k = j; k < p; k++) {
      double even = 0, odd = 0;
      size_t i = 0;
      for (; i + 2 <= gram->count; i += 2) {
        even += gram->rows[i * p + j] * gram->rows[i * p + k];
        odd += gram->rows[(i + 1) * p + j] * gram->rows[(i + 1) * p + k];
      }
      if (i < gram->count)
        even += gram->rows[i * p + j] * gram->rows[i * p + k];
      gram->matrix[j * p + k] += gram->sign * (even + odd);
    }
}

static void gram_flush(struct gram *gram)
{
  if (gram->n_columns <= GRAM_OWN)
    gram_add_small(gram);
  else
    cblas_dsyrk(CblasRowMajor, CblasUpper, CblasTrans, (int)gram->n_columns, (int)gram->count, gram->sign, gram->rows,
                (int)gram->n_columns, 1, gram->matrix, (int)gram->n_columns);
  gram->count = 0;
}

double *gram_next_row(struct gram *gram)
{
  if (gram->count == GRAM_ROWS)
    gram_flush(gram);
  return &gram->rows[gram->count++ * gram->n_columns];
}

void gram_finish(struct gram *gram)
{
  if (gram->count > 0)
    gram_flush(gram);
  free(gram->rows);
}

void matrix_mirror(double *matrix, size_t n)
{
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k < j; k++)
      matrix[j * n + k] = matrix[k * n + j];
}

/* The walk from the last row to the first and what it gathers. */
struct information_walk {
  const struct cox_problem *problem;
  struct cox_evaluation *at;
  struct gram rows, means;
  double *sum, *lost, *tied; /* S, what rounding took from it, and E */
};

/* Row i: its share of the score and of the rows' Gram matrix, and into S where it is at risk at event time t. */
static void add_row(struct information_walk *walk, size_t i, size_t t)
{
  const struct cox_problem *problem = walk->problem;
  size_t p = problem->n_columns;
  const double *z = &problem->design[i * p];
  double *restrict score = walk->at->score, *restrict sum = walk->sum;
  if (!cox_has_entered(problem, i, t))
    return;
  double risk = walk->at->risk[i], expected = walk->at->expected[i], root = sqrt(expected);
  const double scale = problem->time_scale ? problem->time_scale[t] : 1;
  double residual = (problem->is_event[i] ? scale * cox_weight(problem, i) : 0) - expected;
  double *restrict row = gram_next_row(&walk->rows);
  if (problem->delayed_entry) {
    for (size_t j = 0; j < p; j++) {
      struct compensated_sum total = {sum[j], walk->lost[j]};
      compensated_add(&total, risk * z[j]);
      sum[j] = total.sum;
      walk->lost[j] = total.lost;
      score[j] += residual * z[j];
      row[j] = root * z[j];
    }
    return;
  }
  for (size_t j = 0; j < p; j++) {
    sum[j] += risk * z[j];
    score[j] += residual * z[j];
    row[j] = root * z[j];
  }
}

static void remove_row(struct information_walk *walk, size_t i)
{
  size_t p = walk->problem->n_columns;
  const double *z = &walk->problem->design[i * p];
  for (size_t j = 0; j < p; j++) {
    struct compensated_sum total = {walk->sum[j], walk->lost[j]};
    compensated_add(&total, -walk->at->risk[i] * z[j]);
    walk->sum[j] = total.sum;
    walk->lost[j] = total.lost;
  }
}

/* The one or two outer products of an event time's means. */
static void add_means(struct information_walk *walk, const struct cox_tie *tie)
{
  size_t p = walk->problem->n_columns;
  struct cox_tie_squares squares = cox_tie_squares(walk->problem, tie);
  double *restrict row = gram_next_row(&walk->means), root = sqrt(squares.a), share = 0;
  if (squares.b > 0) {
    memset(walk->tied, 0, p * sizeof *walk->tied);
    for (size_t i = tie->first; i < tie->end; i++)
      for (size_t j = 0; walk->problem->is_event[i] && j < p; j++)
        walk->tied[j] += walk->at->risk[i] * walk->problem->design[i * p + j];
    share = squares.b / squares.a;
  }
  for (size_t j = 0; j < p; j++)
    row[j] = root * (walk->sum[j] + walk->lost[j] - share * walk->tied[j]);
  double rest = squares.c - share * squares.b;
  if (!(squares.b > 0) || !(rest > 0))
    return;
  row = gram_next_row(&walk->means);
  for (size_t j = 0; j < p; j++)
    row[j] = sqrt(rest) * walk->tied[j];
}

static enum status walk_stratum(struct information_walk *walk, size_t stratum, struct task *task)
{
  const struct cox_problem *problem = walk->problem;
  size_t next = problem->stratum_start[stratum + 1], p = problem->n_columns;
  size_t leaver = problem->delayed_entry ? problem->leave_start[stratum + 1] : 0;
  memset(walk->sum, 0, p * sizeof *walk->sum);
  memset(walk->lost, 0, p * sizeof *walk->lost);
  for (size_t t = problem->tie_start[stratum + 1]; t-- > problem->tie_start[stratum];) {
    const struct cox_tie *tie = &problem->ties[t];
    for (; next > tie->first; next--) {
      add_row(walk, next - 1, t);
      if (next % GRAM_ROWS == 0 && task_is_cancelled(task))
        return STATUS_CANCELLED;
    }
    for (; problem->delayed_entry && leaver > problem->leave_start[stratum]; leaver--) {
      if (problem->entry_tie[problem->leave_row[leaver - 1]] <= t)
        break;
      remove_row(walk, problem->leave_row[leaver - 1]);
    }
    add_means(walk, tie);
  }
  return STATUS_OK;
}

/* information = Gram matrix of the rows less that of the means; the diagonal of the former is kept as the yardstick of
 * what rounding can leave of a pivot. */
static void join_matrices(struct cox_evaluation *at, const double *means, size_t p)
{
  for (size_t j = 0; j < p; j++)
    at->gram_diagonal[j] = at->information[j * p + j];
  for (size_t j = 0; j < p * p; j++)
    at->information[j] += means[j];
  matrix_mirror(at->information, p);
}

enum status cox_differentiate(const struct cox_problem *problem, struct cox_evaluation *at, struct task *task)
{
  if (problem->method == TIES_EXACT)
    return STATUS_OK;
  size_t p = problem->n_columns;
  enum status status = STATUS_OK;
  double *means = memory_new(p * p, sizeof *means);
  struct information_walk walk = {.problem = problem,
                                  .at = at,
                                  .sum = memory_new(p, sizeof(double)),
                                  .lost = memory_new(p, sizeof(double)),
                                  .tied = memory_new(p, sizeof(double))};
  memset(at->score, 0, p * sizeof *at->score);
  memset(at->information, 0, p * p * sizeof *at->information);
  gram_init(&walk.rows, p, 1, at->information);
  gram_init(&walk.means, p, -1, means);
  for (size_t s = 0; s < problem->n_strata && status == STATUS_OK; s++)
    status = walk_stratum(&walk, s, task);
  gram_finish(&walk.rows);
  gram_finish(&walk.means);
  join_matrices(at, means, p);
  free(means);
  free(walk.sum);
  free(walk.lost);
  free(walk.tied);
  return status;
}
