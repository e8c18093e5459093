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
 * A (S - B/A E)(S - B/A E)' + (C - B^2/A) E E'.
 *
 * Each part of the problem has its own score and matrices, walked with the S of the rows that come after it; they are added
 * up in the order of the parts. */
#include <cblas.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/vector.h"
#include "stats/cox_internal.h"

enum {
  GRAM_ROWS = 256, /* of a block: enough for BLAS to be worth a call, few enough to stay in the first cache */
  GRAM_OWN = 5,    /* up to so many columns own loops are faster than a call */
  CHECKED_ROWS = 32 /* of a walk between two looks at the task: with thousands of columns they take their time */
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

/* A part's walk from its last row to its first, and what it gathers. */
struct information_walk {
  const struct cox_problem *problem;
  const struct cox_evaluation *at;
  struct gram rows, means;
  double *score;                /* n_columns */
  double *row_gram, *mean_gram; /* n_columns x n_columns */
  double *sum, *lost, *tied;    /* S, what rounding took from it, and E */
  const double *mean;           /* of the block's stratum */
};

/* Sums over the columns of one row, z = (x - mean) factor.  Parameters are `restrict` so that no loop has to look whether its
 * arrays overlap. */
VECTOR_PART void add_scaled(size_t p, const double *restrict x, const double *restrict mean, const double *restrict factor,
                            double risk, double *restrict sum)
{
  for (size_t j = 0; j < p; j++)
    sum[j] += risk * ((x[j] - mean[j]) * factor[j]);
}

/* As compensated_add(), without its branch (Knuth). */
VECTOR_PART void add_compensated(size_t p, const double *restrict x, const double *restrict mean,
                                 const double *restrict factor, double risk, double *restrict sum, double *restrict lost)
{
  for (size_t j = 0; j < p; j++) {
    const double term = risk * ((x[j] - mean[j]) * factor[j]), total = sum[j] + term, back = total - sum[j];
    lost[j] += (sum[j] - (total - back)) + (term - back);
    sum[j] = total;
  }
}

VECTOR_PART void write_root(size_t p, const double *restrict x, const double *restrict mean, const double *restrict factor,
                            double root, double *restrict row)
{
  for (size_t j = 0; j < p; j++)
    row[j] = root * ((x[j] - mean[j]) * factor[j]);
}

static inline const double *raw_row(const struct cox_problem *problem, size_t i)
{
  return &problem->raw[cox_row(problem, i) * problem->n_columns];
}

/* S gets risk z of row i. */
VECTOR_PART void add_to_sum(const struct information_walk *walk, size_t i, double risk)
{
  const struct cox_problem *problem = walk->problem;
  const double *x = raw_row(problem, i);
  if (problem->delayed_entry)
    add_compensated(problem->n_columns, x, walk->mean, problem->factor, risk, walk->sum, walk->lost);
  else /* nothing is ever taken out */
    add_scaled(problem->n_columns, x, walk->mean, problem->factor, risk, walk->sum);
}

/* Row i, at risk from event time t back: its share of S, of the score and of the rows' Gram matrix. */
VECTOR_PART void add_row(struct information_walk *walk, size_t i, size_t t)
{
  const struct cox_problem *problem = walk->problem;
  const size_t p = problem->n_columns;
  const double *x = raw_row(problem, i), expected = walk->at->expected[i];
  const double scale = problem->time_scale ? problem->time_scale[t] : 1;
  const double residual = (problem->is_event[i] ? scale * cox_weight(problem, i) : 0) - expected;
  add_to_sum(walk, i, walk->at->risk[i]);
  add_scaled(p, x, walk->mean, problem->factor, residual, walk->score);
  write_root(p, x, walk->mean, problem->factor, sqrt(expected), gram_next_row(&walk->rows));
}

/* E of an event time. */
VECTOR_PART void sum_tied(const struct information_walk *walk, const struct cox_tie *tie)
{
  const size_t p = walk->problem->n_columns;
  memset(walk->tied, 0, p * sizeof *walk->tied);
  for (size_t i = tie->first; i < tie->end; i++)
    if (walk->problem->is_event[i])
      add_scaled(p, raw_row(walk->problem, i), walk->mean, walk->problem->factor, walk->at->risk[i], walk->tied);
}

/* The one or two outer products of an event time's means. */
VECTOR_PART void add_means(struct information_walk *walk, const struct cox_tie *tie)
{
  const size_t p = walk->problem->n_columns;
  const struct cox_tie_squares squares = cox_tie_squares(walk->problem, tie);
  double *restrict row = gram_next_row(&walk->means), root = sqrt(squares.a);
  if (!(squares.b > 0)) {
    for (size_t j = 0; j < p; j++)
      row[j] = root * (walk->sum[j] + walk->lost[j]);
    return;
  }
  const double share = squares.b / squares.a, rest = squares.c - share * squares.b;
  sum_tied(walk, tie);
  for (size_t j = 0; j < p; j++)
    row[j] = root * (walk->sum[j] + walk->lost[j] - share * walk->tied[j]);
  if (!(rest > 0))
    return;
  row = gram_next_row(&walk->means);
  root = sqrt(rest);
  for (size_t j = 0; j < p; j++)
    row[j] = root * walk->tied[j];
}

/* What the parts share. */
struct information_pass {
  const struct cox_problem *problem;
  struct cox_evaluation *at;
  struct task *task;
  double *first_sums; /* n_parts x 2 n_columns: S and its loss that the first block of a part adds to the blocks before it */
  double *score;      /* n_parts x n_columns */
  double *row_gram, *mean_gram; /* n_parts x n_columns x n_columns */
};

/* A walk of one part, with S (all 0) and E to be freed by walk_clear(). */
static struct information_walk walk_of(const struct information_pass *pass, size_t part)
{
  const size_t p = pass->problem->n_columns;
  double *room = memory_new(3 * p, sizeof *room);
  return (struct information_walk){.problem = pass->problem,
                                   .at = pass->at,
                                   .score = &pass->score[part * p],
                                   .row_gram = &pass->row_gram[part * p * p],
                                   .mean_gram = &pass->mean_gram[part * p * p],
                                   .sum = room,
                                   .lost = room + p,
                                   .tied = room + 2 * p};
}

/* Walks back through the block with S alone, or with all that is gathered.  Stops early when the task is cancelled. */
VECTOR_CLONES static void walk_block(struct information_walk *walk, const struct cox_block *block, bool sum_only, struct task *task)
{
  const struct cox_problem *problem = walk->problem;
  size_t next = block->end, leaver = block->end_leaver;
  walk->mean = &problem->mean[block->stratum * problem->n_columns];
  for (size_t t = block->end_tie; t-- > block->first_tie;) {
    const struct cox_tie *tie = &problem->ties[t];
    for (; next > tie->first; next--) {
      if (!cox_has_entered(problem, next - 1, t))
        continue;
      if (sum_only)
        add_to_sum(walk, next - 1, walk->at->risk[next - 1]);
      else
        add_row(walk, next - 1, t);
      if (next % CHECKED_ROWS == 0 && task_is_cancelled(task))
        return;
    }
    for (; leaver > block->first_leaver && problem->entry_tie[problem->leave_row[leaver - 1]] > t; leaver--) {
      const size_t i = problem->leave_row[leaver - 1];
      add_to_sum(walk, i, -walk->at->risk[i]);
    }
    if (!sum_only)
      add_means(walk, tie);
  }
}

/* S of the first block of a part whose stratum began in a part before it. */
static void sum_first_block(void *context, size_t part)
{
  const struct information_pass *pass = context;
  const size_t b = pass->problem->part_start[part], p = pass->problem->n_columns;
  if (b == 0 || !pass->problem->blocks[b - 1].goes_on)
    return;
  struct information_walk walk = walk_of(pass, part);
  walk_block(&walk, &pass->problem->blocks[b], true, pass->task);
  memcpy(&pass->first_sums[part * 2 * p], walk.sum, 2 * p * sizeof *walk.sum);
  free(walk.sum);
}

/* Adds to each part's S that of the parts after it, as far as they are of the same stratum. */
static void join_sums(const struct information_pass *pass)
{
  const struct cox_problem *problem = pass->problem;
  const size_t p = problem->n_columns;
  for (size_t part = problem->n_parts; part-- > 0;) {
    const size_t first = problem->part_start[part], last = problem->part_start[part + 1] - 1;
    double *own = &pass->first_sums[part * 2 * p], *later = own + 2 * p;
    if (first != last || !problem->blocks[last].goes_on)
      continue;
    for (size_t j = 0; j < p; j++) {
      struct compensated_sum sum = {own[j], own[p + j]};
      compensated_join(&sum, &(struct compensated_sum){later[j], later[p + j]});
      own[j] = sum.sum;
      own[p + j] = sum.lost;
    }
  }
}

static void walk_part(void *context, size_t part)
{
  const struct information_pass *pass = context;
  const struct cox_problem *problem = pass->problem;
  const size_t p = problem->n_columns;
  struct information_walk walk = walk_of(pass, part);
  gram_init(&walk.rows, p, 1, walk.row_gram);
  gram_init(&walk.means, p, -1, walk.mean_gram);
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    if (problem->blocks[b].goes_on)
      memcpy(walk.sum, &pass->first_sums[(part + 1) * 2 * p], 2 * p * sizeof *walk.sum);
    else
      memset(walk.sum, 0, 2 * p * sizeof *walk.sum);
    walk_block(&walk, &problem->blocks[b], false, pass->task);
  }
  if (task_is_cancelled(pass->task))
    walk.rows.count = walk.means.count = 0; /* what waits there is not worth its product */
  gram_finish(&walk.rows);
  gram_finish(&walk.means);
  free(walk.sum);
}

/* information = Gram matrix of the rows less that of the means; the diagonal of the former is kept as the yardstick of
 * what rounding can leave of a pivot. */
static void join_parts(const struct information_pass *pass)
{
  const size_t p = pass->problem->n_columns;
  struct cox_evaluation *at = pass->at;
  memset(at->score, 0, p * sizeof *at->score);
  memset(at->information, 0, p * p * sizeof *at->information);
  for (size_t part = 0; part < pass->problem->n_parts; part++) {
    for (size_t j = 0; j < p; j++)
      at->score[j] += pass->score[part * p + j];
    for (size_t j = 0; j < p * p; j++)
      at->information[j] += pass->row_gram[part * p * p + j];
  }
  for (size_t j = 0; j < p; j++)
    at->gram_diagonal[j] = at->information[j * p + j];
  for (size_t part = 0; part < pass->problem->n_parts; part++)
    for (size_t j = 0; j < p * p; j++)
      at->information[j] += pass->mean_gram[part * p * p + j];
  matrix_mirror(at->information, p);
}

enum status cox_differentiate(const struct cox_problem *problem, struct cox_evaluation *at, struct task *task)
{
  if (problem->method == TIES_EXACT)
    return STATUS_OK;
  const size_t p = problem->n_columns, n_parts = problem->n_parts;
  struct information_pass pass = {.problem = problem,
                                  .at = at,
                                  .task = task,
                                  .first_sums = memory_new(n_parts * 2 * p, sizeof(double)),
                                  .score = memory_new(n_parts * p, sizeof(double)),
                                  .row_gram = memory_new(n_parts * p * p, sizeof(double)),
                                  .mean_gram = memory_new(n_parts * p * p, sizeof(double))};
  parallel_run(n_parts, sum_first_block, &pass);
  join_sums(&pass);
  parallel_run(n_parts, walk_part, &pass);
  if (!task_is_cancelled(task))
    join_parts(&pass);
  free(pass.first_sums);
  free(pass.score);
  free(pass.row_gram);
  free(pass.mean_gram);
  return task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_OK;
}
