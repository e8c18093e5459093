/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log partial likelihood in Efron's and Breslow's form: risk sets summed from the last time to the first.
 *
 * Each pass is done block by block on all cores: a block's sum is carried to the blocks before it (risk sets) or after it
 * (cumulated hazard) before these are walked. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/vector.h"
#include "stats/cox_internal.h"

enum {
  ROWS_PER_CHECK = 4096, /* rows between two looks at the task */
  ROWS_PER_RUN = 256, /* summed before the sum is compensated */
  ROWS_AHEAD = 16 /* of those that are taken out, anywhere in memory, are asked for early */
};

/* What the passes share. */
struct likelihood_pass {
  struct cox_problem *problem;
  struct cox_evaluation *at;
  const double *slope; /* n_columns: beta / scale */
  bool is_to_shift; /* the largest predictor of the stratum is still to be taken off */
  struct task *task;
};

void cox_evaluation_init(struct cox_evaluation *at, const struct cox_problem *problem)
{
  size_t n = problem->n, p = problem->n_columns;
  *at = (struct cox_evaluation){.linear_predictor = memory_resize(NULL, n, sizeof(double)),
                                .risk = memory_resize(NULL, n, sizeof(double)),
                                .expected = memory_resize(NULL, n, sizeof(double)),
                                .blocks = memory_new(problem->n_blocks, sizeof(struct cox_block_sums)),
                                .score = memory_new(p, sizeof(double)),
                                .information = memory_new(p * p, sizeof(double)),
                                .gram_diagonal = memory_new(p, sizeof(double))};
  if (problem->delayed_entry)
    at->cumulated = memory_resize(NULL, problem->n_ties + problem->n_strata, sizeof *at->cumulated);
}

void cox_evaluation_clear(struct cox_evaluation *at)
{
  free(at->linear_predictor);
  free(at->risk);
  free(at->expected);
  free(at->cumulated);
  free(at->blocks);
  free(at->score);
  free(at->information);
  free(at->gram_diagonal);
}

/* z beta of rows [first, stop) of a stratum with those means; slope is beta / scale.  Each row is summed in the same order, so
 * that equal rows have equal predictors (ties of the concordance); four sums at a time, since one waits for itself. */
VECTOR_CLONES static void predict_rows(const struct cox_problem *problem, const double *restrict mean,
                                       const double *restrict slope, double *restrict predictor, size_t first, size_t stop)
{
  enum { LANES = 4 };
  const size_t p = problem->n_columns;
  for (size_t i = first; i < stop; i++) {
    const double *restrict x = &problem->raw[cox_row(problem, i) * p];
    double sums[LANES] = {0};
    size_t j = 0;
    for (; j + LANES <= p; j += LANES)
      for (size_t k = 0; k < LANES; k++)
        sums[k] += (x[j + k] - mean[j + k]) * slope[j + k];
    double rest = 0;
    for (; j < p; j++)
      rest += (x[j] - mean[j]) * slope[j];
    predictor[i] = ((sums[0] + sums[2]) + (sums[1] + sums[3])) + rest;
  }
}

/* The predictors of a part's blocks, and the largest of each. */
static void predict_part(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  const struct cox_problem *problem = pass->problem;
  double *predictor = pass->at->linear_predictor;
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    const struct cox_block *block = &problem->blocks[b];
    const double *mean = &problem->mean[block->stratum * problem->n_columns];
    double largest = -INFINITY;
    for (size_t first = block->first; first < block->end; first += ROWS_PER_CHECK) {
      const size_t stop = first + ROWS_PER_CHECK < block->end ? first + ROWS_PER_CHECK : block->end;
      if (task_is_cancelled(pass->task))
        return;
      predict_rows(problem, mean, pass->slope, predictor, first, stop);
      for (size_t i = first; i < stop; i++)
        largest = predictor[i] > largest ? predictor[i] : largest;
    }
    pass->at->blocks[b].largest = largest;
  }
}

/* The largest predictor of a stratum, from its blocks up to and with block b, its last. */
static double stratum_largest(const struct likelihood_pass *pass, size_t b)
{
  double largest = pass->at->blocks[b].largest;
  for (; b > 0 && pass->problem->blocks[b - 1].goes_on; b--)
    largest = fmax(largest, pass->at->blocks[b - 1].largest);
  return largest;
}

/* Says for all blocks of a stratum what its largest predictor is. */
static void join_largest(const struct likelihood_pass *pass)
{
  for (size_t b = pass->problem->n_blocks; b-- > 0;)
    pass->at->blocks[b].largest =
        pass->problem->blocks[b].goes_on ? pass->at->blocks[b + 1].largest : stratum_largest(pass, b);
}

static enum status predict(struct likelihood_pass *pass)
{
  parallel_run(pass->problem->n_parts, predict_part, pass);
  if (task_is_cancelled(pass->task))
    return STATUS_CANCELLED;
  join_largest(pass);
  return STATUS_OK;
}

/* A few rows' sum: four at a time, since one waits for itself. */
static double sum_run(const double *values, size_t n)
{
  double sums[4] = {0}, rest = 0;
  size_t i = 0;
  for (; i + 4 <= n; i += 4)
    for (size_t k = 0; k < 4; k++)
      sums[k] += values[i + k];
  for (; i < n; i++)
    rest += values[i];
  return ((sums[0] + sums[2]) + (sums[1] + sums[3])) + rest;
}

/* Adds values [first, end) a run at a time, the last first. */
static void add_runs(struct compensated_sum *total, const double *values, size_t first, size_t end)
{
  for (size_t begin; end > first; end = begin) {
    begin = end - first > ROWS_PER_RUN ? end - ROWS_PER_RUN : first;
    compensated_add(total, sum_run(&values[begin], end - begin));
  }
}

/* Whether the block's stratum began in a part before its own: then the blocks there want to know what it adds. */
static bool continues(const struct cox_problem *problem, size_t b)
{
  return b > 0 && problem->blocks[b - 1].goes_on;
}

/* The risks of a part, and what its first block adds to the risk sets before it.  The maximum of the stratum, if it is to be
 * taken off the predictors, is: exp() cannot overflow, and the partial likelihood does not know it. */
static void set_part_risks(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  const struct cox_problem *problem = pass->problem;
  struct cox_evaluation *at = pass->at;
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    const struct cox_block *block = &problem->blocks[b];
    const double shift = pass->is_to_shift ? at->blocks[b].largest : 0;
    for (size_t i = block->first; i < block->end; i++) {
      const double predictor = at->linear_predictor[i] -= shift, risk = predictor == 0 ? 1 : exp(predictor);
      at->risk[i] = cox_weight(problem, i) * risk;
    }
    at->blocks[b].risk = (struct compensated_sum){0, 0};
    if (!problem->delayed_entry && continues(problem, b))
      add_runs(&at->blocks[b].risk, at->risk, block->first, block->end);
  }
}

/* The walk through a block from its last event time to its first, with the risk set's sum. */
struct risk_walk {
  const struct cox_problem *problem;
  const double *risk;
  struct compensated_sum total;
  size_t next, leaver; /* one past the rows still to come, and to be taken out */
};

/* With delayed entry: lets in the rows of event time t and takes out those not yet in at it.  Each term is compensated, since
 * rows of large risk may leave again and small ones must then still count. */
static void risk_walk_with_entry(struct risk_walk *walk, const struct cox_block *block, size_t t)
{
  const struct cox_problem *problem = walk->problem;
  struct compensated_sum total = walk->total;
  for (; walk->next > problem->ties[t].first; walk->next--)
    if (cox_has_entered(problem, walk->next - 1, t))
      compensated_add(&total, walk->risk[walk->next - 1]);
  for (; walk->leaver > block->first_leaver; walk->leaver--) {
    if (problem->leave_tie[walk->leaver - 1] <= t)
      break;
    if (walk->leaver > block->first_leaver + ROWS_AHEAD)
      __builtin_prefetch(&walk->risk[problem->leave_row[walk->leaver - 1 - ROWS_AHEAD]]);
    compensated_add(&total, -walk->risk[problem->leave_row[walk->leaver - 1]]);
  }
  walk->total = total;
}

/* Makes the sum that of the risk set of event time t. */
static inline void risk_walk_to(struct risk_walk *walk, const struct cox_block *block, size_t t)
{
  if (walk->problem->delayed_entry) {
    risk_walk_with_entry(walk, block, t);
    return;
  }
  const size_t first = walk->problem->ties[t].first;
  if (walk->next == first + 1)
    compensated_add(&walk->total, walk->risk[first]);
  else
    add_runs(&walk->total, walk->risk, first, walk->next);
  walk->next = first;
}

/* With delayed entry: what the part's first block adds to the risk sets before it. */
static void sum_part_risks(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  const struct cox_problem *problem = pass->problem;
  const size_t b = problem->part_start[part]; /* others of the part begin their stratum */
  const struct cox_block *block = &problem->blocks[b];
  if (!continues(problem, b))
    return;
  struct risk_walk walk = {.problem = problem, .risk = pass->at->risk, .next = block->end, .leaver = block->end_leaver};
  for (size_t t = block->end_tie; t-- > block->first_tie;)
    risk_walk_to(&walk, block, t);
  pass->at->blocks[b].risk = walk.total;
}

/* Adds to each block's risk that of the blocks after it in the stratum. */
static void join_risks(const struct likelihood_pass *pass)
{
  for (size_t b = pass->problem->n_blocks; b-- > 0;)
    if (pass->problem->blocks[b].goes_on)
      compensated_join(&pass->at->blocks[b].risk, &pass->at->blocks[b + 1].risk);
}

/* A sum of c log s.  Where c is 1 the s are multiplied and have one logarithm together before the product leaves the range in
 * which it is exact to its last digits. */
struct log_sum {
  struct compensated_sum sum;
  double product;
};

static void log_sum_take_product(struct log_sum *logs)
{
  compensated_add(&logs->sum, log(logs->product));
  logs->product = 1;
}

static inline void log_sum_add(struct log_sum *logs, double c, double s)
{
  const double factor_range = 1e100, product_range = 1e150;
  if (!(c == 1) || !(s < factor_range) || !(s > 1 / factor_range)) {
    compensated_add(&logs->sum, c * log(s));
    return;
  }
  logs->product *= s;
  if (!(logs->product < product_range) || !(logs->product > 1 / product_range))
    log_sum_take_product(logs);
}

/* hazard and tied_hazard of an event time; adds c log s, its share of loglik, to the logs. */
static inline void sum_tie(const struct cox_problem *problem, struct cox_tie *tie, struct log_sum *logs)
{
  const size_t steps = cox_tie_steps(problem, tie);
  const double c = cox_step_weight(problem, tie);
  tie->hazard = tie->tied_hazard = 0;
  if (steps == 1) {
    tie->hazard = c / tie->total;
    log_sum_add(logs, c, tie->total);
    return;
  }
  for (size_t k = 0; k < steps; k++) {
    const double a = (double)k / tie->n_events, s = tie->total - a * tie->tied;
    log_sum_add(logs, c, s);
    tie->hazard += c / s;
    tie->tied_hazard += c * a / s;
  }
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

/* The events of an event time: their risk, and to *predictors the sum of w times the predictor. */
static inline double sum_events(const struct likelihood_pass *pass, const struct cox_tie *tie, double *predictors)
{
  const struct cox_problem *problem = pass->problem;
  double tied = 0;
  for (size_t i = tie->first; i < tie->end; i++)
    if (problem->is_event[i]) {
      tied += pass->at->risk[i];
      *predictors += cox_weight(problem, i) * pass->at->linear_predictor[i];
    }
  return tied;
}

/* total, tied and hazards of a block's event times, and its share of loglik. */
static void sum_block(const struct likelihood_pass *pass, size_t b)
{
  struct cox_problem *problem = pass->problem;
  const struct cox_evaluation *at = pass->at;
  const struct cox_block *block = &problem->blocks[b];
  struct risk_walk walk = {.problem = problem, .risk = at->risk, .next = block->end, .leaver = block->end_leaver};
  struct log_sum logs = {{0, 0}, 1};
  struct compensated_sum hazard = {0, 0};
  double predictors = 0;
  if (block->goes_on)
    walk.total = at->blocks[b + 1].risk;
  for (size_t t = block->end_tie; t-- > block->first_tie;) {
    struct cox_tie *tie = &problem->ties[t];
    risk_walk_to(&walk, block, t);
    tie->tied = sum_events(pass, tie, &predictors);
    /* The events are at risk themselves: rounding must not say otherwise. */
    tie->total = compensated_value(&walk.total);
    tie->total = tie->total < tie->tied ? tie->tied : tie->total;
    sum_tie(problem, tie, &logs);
    compensated_add(&hazard, tie->hazard);
  }
  log_sum_take_product(&logs);
  at->blocks[b].hazard = hazard;
  at->blocks[b].loglik = (struct compensated_sum){predictors, 0};
  compensated_join(&at->blocks[b].loglik, &(struct compensated_sum){-logs.sum.sum, -logs.sum.lost});
}

static void sum_part(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  for (size_t b = pass->problem->part_start[part]; b < pass->problem->part_start[part + 1]; b++)
    sum_block(pass, b);
}

/* loglik, and to each block's hazard that of the blocks before it in the stratum. */
static void join_sums(const struct likelihood_pass *pass)
{
  struct compensated_sum loglik = {0, 0};
  for (size_t b = 0; b < pass->problem->n_blocks; b++) {
    compensated_join(&loglik, &pass->at->blocks[b].loglik);
    if (b > 0 && pass->problem->blocks[b - 1].goes_on)
      compensated_join(&pass->at->blocks[b].hazard, &pass->at->blocks[b - 1].hazard);
  }
  pass->at->loglik = compensated_value(&loglik);
}

/* The cumulated hazard before the block. */
static struct compensated_sum hazard_before(const struct likelihood_pass *pass, size_t b)
{
  return continues(pass->problem, b) ? pass->at->blocks[b - 1].hazard : (struct compensated_sum){0, 0};
}

/* expected = risk H(time), less risk times tied_hazard for the events of a time.  H is compensated: where the first risk sets
 * are of low risk it is huge, and what comes after must not drown in it. */
static void set_block_expected(const struct likelihood_pass *pass, size_t b)
{
  const struct cox_problem *problem = pass->problem;
  const struct cox_block *block = &problem->blocks[b];
  const double *risk = pass->at->risk;
  double *expected = pass->at->expected;
  struct compensated_sum sum = hazard_before(pass, b);
  size_t i = block->first;
  for (size_t t = block->first_tie; t <= block->end_tie; t++) {
    const size_t stop = t < block->end_tie ? problem->ties[t].first : block->end;
    const double hazard = compensated_value(&sum);
    for (; i < stop; i++)
      expected[i] = hazard > 0 ? risk[i] * hazard : 0;
    if (t == block->end_tie)
      break;
    const struct cox_tie *tie = &problem->ties[t];
    compensated_add(&sum, tie->hazard);
    const double at_event = compensated_value(&sum) - tie->tied_hazard;
    if (tie->tied_hazard > 0)
      for (; i < tie->end; i++)
        expected[i] = risk[i] * (problem->is_event[i] ? fmax(at_event, 0) : compensated_value(&sum));
  }
}

static void set_part_expected(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  for (size_t b = pass->problem->part_start[part]; b < pass->problem->part_start[part + 1]; b++)
    set_block_expected(pass, b);
}

/* With delayed entry: the cumulated hazards of a part's strata. */
static void cumulate_part(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  for (size_t b = pass->problem->part_start[part]; b < pass->problem->part_start[part + 1]; b++) {
    const struct cox_block *block = &pass->problem->blocks[b];
    struct compensated_sum *cumulated = &pass->at->cumulated[block->stratum], sum = hazard_before(pass, b);
    if (!continues(pass->problem, b))
      cumulated[block->first_tie] = sum;
    for (size_t t = block->first_tie; t < block->end_tie; t++) {
      compensated_add(&sum, pass->problem->ties[t].hazard);
      cumulated[t + 1] = sum;
    }
  }
}

/* With delayed entry: expected = risk (H(time) - H(entry)), less risk times tied_hazard for the events of a time. */
static void set_part_expected_since_entry(void *context, size_t part)
{
  const struct likelihood_pass *pass = context;
  const struct cox_problem *problem = pass->problem;
  const struct cox_evaluation *at = pass->at;
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    const struct cox_block *block = &problem->blocks[b];
    const struct compensated_sum *cumulated = &at->cumulated[block->stratum];
    size_t t = block->first_tie; /* one past the last event time up to the row's own */
    for (size_t i = block->first; i < block->end; i++) {
      while (t < block->end_tie && problem->ties[t].first <= i)
        t++;
      const struct compensated_sum *after = &cumulated[t];
      const struct compensated_sum *before =
          problem->entry_tie[i] == COX_NEVER_AT_RISK ? after : &cumulated[problem->entry_tie[i]];
      double hazard = (after->sum - before->sum) + (after->lost - before->lost);
      if (problem->is_event[i])
        hazard -= problem->ties[t - 1].tied_hazard;
      at->expected[i] = hazard > 0 ? at->risk[i] * hazard : 0;
    }
  }
}

/* The rows' expected events, from the hazards of event times and blocks. */
static void sum_hazards(struct likelihood_pass *pass)
{
  const size_t n_parts = pass->problem->n_parts;
  join_sums(pass);
  if (pass->problem->delayed_entry) {
    parallel_run(n_parts, cumulate_part, pass);
    parallel_run(n_parts, set_part_expected_since_entry, pass);
  } else {
    parallel_run(n_parts, set_part_expected, pass);
  }
}

static void sum_risk_sets(struct likelihood_pass *pass)
{
  const size_t n_parts = pass->problem->n_parts;
  parallel_run(n_parts, set_part_risks, pass);
  if (pass->problem->delayed_entry)
    parallel_run(n_parts, sum_part_risks, pass);
  join_risks(pass);
  parallel_run(n_parts, sum_part, pass);
  sum_hazards(pass);
}

void cox_sum_risk_sets(struct cox_problem *problem, struct cox_evaluation *at)
{
  struct likelihood_pass pass = {.problem = problem, .at = at};
  sum_risk_sets(&pass);
}

void cox_sum_hazards(struct cox_problem *problem, struct cox_evaluation *at)
{
  struct likelihood_pass pass = {.problem = problem, .at = at};
  sum_hazards(&pass);
}

enum status cox_evaluate(struct cox_problem *problem, const double *beta, struct cox_evaluation *at, struct task *task)
{
  double *slope = memory_new(problem->n_columns, sizeof *slope);
  struct likelihood_pass pass = {.problem = problem, .at = at, .slope = slope, .is_to_shift = true, .task = task};
  for (size_t j = 0; j < problem->n_columns; j++)
    slope[j] = beta[j] * problem->factor[j];
  const enum status status = predict(&pass);
  free(slope);
  if (status != STATUS_OK)
    return status;
  if (problem->method == TIES_EXACT) {
    parallel_run(problem->n_parts, set_part_risks, &pass);
    return cox_exact_evaluate(problem, at, task);
  }
  sum_risk_sets(&pass);
  return STATUS_OK;
}
