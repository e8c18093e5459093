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
  CHECKED_ROWS = 32, /* of a walk between two looks at the task: with thousands of columns they take their time */
  ROWS_AHEAD = 8, /* of those that are taken out, anywhere in memory, are asked for early */
  PREFETCHED_COLUMNS = 8 /* a cache line of numbers */
};

void gram_init(struct gram *gram, size_t n_columns, double sign, double *matrix)
{
  *gram = (struct gram){.n_columns = n_columns, .sign = sign, .matrix = matrix};
  gram->rows = memory_resize(NULL, GRAM_ROWS * n_columns, sizeof *gram->rows); /* each is filled before it is read */
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
  double *sum, *lost, *tied;    /* S, what rounding took from it (with delayed entry), and E */
  double *pull;                 /* n_columns: sum of A (S - B/A E) over the event times of a block whose S is not whole yet */
  double weight;                /* sum of A over these */
  const double *mean;           /* of the block's stratum */
  bool is_whole;                /* S has what the later blocks of the stratum add */
};

/* What is done with the columns of one row, z = (x - mean) factor.  Parameters are `restrict` so that no loop has to look
 * whether its arrays overlap. */
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

/* A row's share of the score, and sqrt(expected) z. */
VECTOR_PART void add_products(size_t p, const double *restrict x, const double *restrict mean, const double *restrict factor,
                              double residual, double root, double *restrict score, double *restrict row)
{
  for (size_t j = 0; j < p; j++) {
    const double z = (x[j] - mean[j]) * factor[j];
    score[j] += residual * z;
    row[j] = root * z;
  }
}

/* The same, and its share of S. */
VECTOR_PART void add_all(size_t p, const double *restrict x, const double *restrict mean, const double *restrict factor,
                         double risk, double residual, double root, double *restrict sum, double *restrict score,
                         double *restrict row)
{
  for (size_t j = 0; j < p; j++) {
    const double z = (x[j] - mean[j]) * factor[j];
    sum[j] += risk * z;
    score[j] += residual * z;
    row[j] = root * z;
  }
}

static inline const double *raw_row(const struct cox_problem *problem, size_t i)
{
  return &problem->raw[cox_row(problem, i) * problem->n_columns];
}

/* Row i, at risk from event time t back: its share of S, of the score and of the rows' Gram matrix. */
VECTOR_PART void add_row(struct information_walk *walk, size_t i, size_t t)
{
  const struct cox_problem *problem = walk->problem;
  const size_t p = problem->n_columns;
  const double *x = raw_row(problem, i), expected = walk->at->expected[i], risk = walk->at->risk[i];
  const double scale = problem->time_scale ? problem->time_scale[t] : 1;
  const double residual = (problem->is_event[i] ? scale * cox_weight(problem, i) : 0) - expected;
  double *row = gram_next_row(&walk->rows);
  if (problem->delayed_entry) {
    add_compensated(p, x, walk->mean, problem->factor, risk, walk->sum, walk->lost);
    add_products(p, x, walk->mean, problem->factor, residual, sqrt(expected), walk->score, row);
  } else { /* nothing is ever taken out */
    add_all(p, x, walk->mean, problem->factor, risk, residual, sqrt(expected), walk->sum, walk->score, row);
  }
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

VECTOR_PART void write_mean(size_t p, const double *restrict sum, const double *restrict lost, double root, double *restrict row)
{
  for (size_t j = 0; j < p; j++)
    row[j] = root * (sum[j] + lost[j]);
}

VECTOR_PART void write_tied_mean(size_t p, const double *restrict sum, const double *restrict lost,
                                 const double *restrict tied, double share, double root, double *restrict row)
{
  for (size_t j = 0; j < p; j++)
    row[j] = root * (sum[j] + lost[j] - share * tied[j]);
}

VECTOR_PART void add_times(size_t p, const double *restrict row, double factor, double *restrict sum)
{
  for (size_t j = 0; j < p; j++)
    sum[j] += factor * row[j];
}

/* The one or two outer products of an event time's means. */
VECTOR_PART void add_means(struct information_walk *walk, const struct cox_tie *tie)
{
  const size_t p = walk->problem->n_columns;
  const struct cox_tie_squares squares = cox_tie_squares(walk->problem, tie);
  const double root = sqrt(squares.a), share = squares.b > 0 ? squares.b / squares.a : 0, rest = squares.c - share * squares.b;
  double *row = gram_next_row(&walk->means);
  if (squares.b > 0) {
    sum_tied(walk, tie);
    write_tied_mean(p, walk->sum, walk->lost, walk->tied, share, root, row);
  } else {
    write_mean(p, walk->sum, walk->lost, root, row);
  }
  if (!walk->is_whole) {
    add_times(p, row, root, walk->pull);
    walk->weight += squares.a;
  }
  if (squares.b > 0 && rest > 0) {
    row = gram_next_row(&walk->means);
    memset(row, 0, p * sizeof *row);
    add_times(p, walk->tied, sqrt(rest), row);
  }
}

/* What the parts share.  S of a part's first block, where its stratum began before, goes on into the part before.  Without
 * delayed entry that part need not wait for it: with S + C in the place of S, the sum of A (S - B/A E) (S - B/A E)' grows by
 * U C' + C U' + (sum A) C C', U the sum of A (S - B/A E).  With delayed entry rows are taken out of C again, which these
 * products would not stand: there the sums are found in a walk of their own. */
struct information_pass {
  const struct cox_problem *problem;
  struct cox_evaluation *at;
  struct task *task;
  double *first_sums; /* n_parts x 2 n_columns: S and its loss that the first block of a part adds to the blocks before it */
  double *score;      /* n_parts x n_columns */
  double *pull;       /* n_parts x n_columns: U of the part's last block, where the stratum goes on after it */
  double *weight;     /* n_parts: sum A of the same */
  double *row_gram, *mean_gram; /* n_parts x n_columns x n_columns */
};

/* A walk of one part, with S (all 0) and E to be freed by free(walk.sum). */
static struct information_walk walk_of(const struct information_pass *pass, size_t part)
{
  const size_t p = pass->problem->n_columns;
  double *room = memory_new(3 * p, sizeof *room);
  return (struct information_walk){.problem = pass->problem,
                                   .at = pass->at,
                                   .score = &pass->score[part * p],
                                   .pull = &pass->pull[part * p],
                                   .sum = room,
                                   .lost = room + p,
                                   .tied = room + 2 * p};
}

/* With delayed entry: takes the rows out of S that were not yet in at event time t. */
VECTOR_PART void take_out(struct information_walk *walk, const struct cox_block *block, size_t t, size_t *leaver)
{
  const struct cox_problem *problem = walk->problem;
  for (; *leaver > block->first_leaver && problem->leave_tie[*leaver - 1] > t; (*leaver)--) {
    const size_t i = problem->leave_row[*leaver - 1];
    if (*leaver > block->first_leaver + ROWS_AHEAD) {
      const double *x = raw_row(problem, problem->leave_row[*leaver - 1 - ROWS_AHEAD]);
      __builtin_prefetch(x);
      __builtin_prefetch(x + PREFETCHED_COLUMNS);
    }
    add_compensated(problem->n_columns, raw_row(problem, i), walk->mean, problem->factor, -walk->at->risk[i], walk->sum,
                    walk->lost);
  }
}

/* Walks back through the block and gathers all.  Stops early when the task is cancelled. */
VECTOR_CLONES static void walk_block(struct information_walk *walk, const struct cox_block *block, struct task *task)
{
  const struct cox_problem *problem = walk->problem;
  size_t next = block->end, leaver = block->end_leaver;
  walk->mean = &problem->mean[block->stratum * problem->n_columns];
  for (size_t t = block->end_tie; t-- > block->first_tie;) {
    const struct cox_tie *tie = &problem->ties[t];
    for (; next > tie->first; next--) {
      if (cox_has_entered(problem, next - 1, t))
        add_row(walk, next - 1, t);
      if (next % CHECKED_ROWS == 0 && task_is_cancelled(task))
        return;
    }
    take_out(walk, block, t, &leaver);
    add_means(walk, tie);
  }
}

/* As walk_block(), with S alone. */
VECTOR_CLONES static void sum_block(struct information_walk *walk, const struct cox_block *block, struct task *task)
{
  const struct cox_problem *problem = walk->problem;
  size_t next = block->end, leaver = block->end_leaver;
  walk->mean = &problem->mean[block->stratum * problem->n_columns];
  for (size_t t = block->end_tie; t-- > block->first_tie;) {
    for (; next > problem->ties[t].first; next--) {
      if (cox_has_entered(problem, next - 1, t))
        add_compensated(problem->n_columns, raw_row(problem, next - 1), walk->mean, problem->factor,
                        walk->at->risk[next - 1], walk->sum, walk->lost);
      if (next % CHECKED_ROWS == 0 && task_is_cancelled(task))
        return;
    }
    take_out(walk, block, t, &leaver);
  }
}

/* Whether the first block of the part goes on with a stratum of the part before. */
static bool part_continues(const struct cox_problem *problem, size_t part)
{
  const size_t b = problem->part_start[part];
  return b > 0 && problem->blocks[b - 1].goes_on;
}

static void keep_first_sum(const struct information_pass *pass, size_t part, const struct information_walk *walk)
{
  const size_t p = pass->problem->n_columns;
  memcpy(&pass->first_sums[part * 2 * p], walk->sum, 2 * p * sizeof *walk->sum);
}

/* With delayed entry: S of the first block of a part whose stratum began in a part before it. */
static void sum_first_block(void *context, size_t part)
{
  const struct information_pass *pass = context;
  if (!part_continues(pass->problem, part))
    return;
  struct information_walk walk = walk_of(pass, part);
  sum_block(&walk, &pass->problem->blocks[pass->problem->part_start[part]], pass->task);
  keep_first_sum(pass, part, &walk);
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
  gram_init(&walk.rows, p, 1, &pass->row_gram[part * p * p]);
  gram_init(&walk.means, p, -1, &pass->mean_gram[part * p * p]);
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    walk.is_whole = problem->delayed_entry || !problem->blocks[b].goes_on;
    if (walk.is_whole && problem->blocks[b].goes_on)
      memcpy(walk.sum, &pass->first_sums[(part + 1) * 2 * p], 2 * p * sizeof *walk.sum);
    else
      memset(walk.sum, 0, 2 * p * sizeof *walk.sum);
    walk_block(&walk, &problem->blocks[b], pass->task);
    if (!problem->delayed_entry && b == problem->part_start[part] && part_continues(problem, part))
      keep_first_sum(pass, part, &walk);
  }
  pass->weight[part] = walk.weight;
  if (task_is_cancelled(pass->task))
    walk.rows.count = walk.means.count = 0; /* what waits there is not worth its product */
  gram_finish(&walk.rows);
  gram_finish(&walk.means);
  free(walk.sum);
}

/* Without delayed entry: completes the means' Gram matrix of each part whose stratum goes on after it. */
static void add_later_sums(const struct information_pass *pass)
{
  const struct cox_problem *problem = pass->problem;
  const size_t p = problem->n_columns;
  for (size_t part = 0; part < problem->n_parts; part++) {
    if (!problem->blocks[problem->part_start[part + 1] - 1].goes_on)
      continue;
    const double *later = &pass->first_sums[(part + 1) * 2 * p], *pull = &pass->pull[part * p];
    double *gram = &pass->mean_gram[part * p * p];
    for (size_t j = 0; j < p; j++)
      for (size_t k = j; k < p; k++)
        gram[j * p + k] -= pull[j] * later[k] + later[j] * pull[k] + pass->weight[part] * later[j] * later[k];
  }
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
                                  .pull = memory_new(n_parts * p, sizeof(double)),
                                  .weight = memory_new(n_parts, sizeof(double)),
                                  .row_gram = memory_new(n_parts * p * p, sizeof(double)),
                                  .mean_gram = memory_new(n_parts * p * p, sizeof(double))};
  if (problem->delayed_entry) {
    parallel_run(n_parts, sum_first_block, &pass);
    join_sums(&pass);
  }
  parallel_run(n_parts, walk_part, &pass);
  if (!problem->delayed_entry) {
    join_sums(&pass);
    add_later_sums(&pass);
  }
  if (!task_is_cancelled(task))
    join_parts(&pass);
  free(pass.first_sums);
  free(pass.score);
  free(pass.pull);
  free(pass.weight);
  free(pass.row_gram);
  free(pass.mean_gram);
  return task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_OK;
}
