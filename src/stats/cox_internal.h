/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the Cox engine share; nobody else includes this.
 *
 * A fit goes: cox_problem_init() puts the rows in order (stratum, then time), finds the means and scales of the columns and
 * the event times; Newton's method (cox_fit.c) asks for the log partial likelihood at a beta (cox_likelihood.c,
 * cox_exact.c) and for its derivatives there (cox_information.c); cox_result.c and cox_robust.c make the model of what
 * was found.
 *
 * Symbols: z a row of the centred and scaled design, w a weight, risk = w exp(z beta - shift of the stratum).  At an
 * event time with d tied events of total weight W, total = sum of risk over the risk set, tied = sum of risk over its
 * events; Efron's form has d steps k = 0 … d - 1 with the fraction a = k / d, the denominator s = total - a tied and
 * the weight c = W / d; Breslow's form is one step with a = 0 and c = W.  A frequency is read as that many rows, so d
 * counts it. */
#ifndef KAPLAN_STATS_COX_INTERNAL_H
#define KAPLAN_STATS_COX_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/task.h"
#include "stats/compensated.h"
#include "stats/cox.h"
#include "stats/survival_data.h"

/* One distinct event time of a stratum. */
struct cox_tie {
  double time;
  uint32_t first,
      end;            /* the rows of this time, events and others; rows from `first` on have this time or a later one */
  double n_events;    /* d */
  double weight;      /* W */
  double total, tied; /* of the risk set and of the events, at the current beta */
  double hazard;      /* sum of c / s: the increment of the cumulative hazard */
  double tied_hazard; /* sum of c a / s: what Efron's form takes back from the events */
};

/* A run of event times of one stratum with the rows that are of their times, or of the times up to the next one's; the rows
 * before the first event time are of the first block.  What the later blocks of the stratum add to a risk set is known before
 * a block is walked, so that each can be walked by itself. */
struct cox_block {
  size_t stratum;
  size_t first, end;               /* rows */
  size_t first_tie, end_tie;       /* event times */
  size_t first_leaver, end_leaver; /* with delayed entry: into leave_row, the rows that the walk back takes out here */
  bool goes_on;                    /* the next block is of the same stratum */
};

/* The sums over a block, for those that come before or after it. */
struct cox_block_sums {
  struct compensated_sum risk;   /* what the block adds to the risk sets before it */
  struct compensated_sum hazard; /* of its event times */
  struct compensated_sum loglik;
  double largest; /* linear predictor */
};

/* The rows in order and the columns on their own scale; all of it fixed during a fit. */
struct cox_problem {
  size_t n, n_columns, n_strata, n_ties;
  enum cox_ties method;
  bool frequency;
  size_t *row;           /* the caller's number of each row; NULL: the same */
  uint8_t *is_event;     /* n */
  double *weight;        /* n; NULL: all 1 */
  const double *raw;     /* the caller's design, borrowed: cox_read_row() centres and scales its rows */
  double *mean, *factor; /* n_strata x n_columns: of the raw columns in each stratum; n_columns: 1 / scale, or 0 */
  double *design;        /* n x n_columns, row-major: centred in the stratum, divided by scale; cox_write_design() makes it for
                            those who read its rows more often than memory should be saved */
  double *centre;        /* of each raw column: the weighted mean over all rows */
  double *scale;         /* of each raw column: about its standard deviation within strata; 0: constant there */
  double *reach;         /* of each scaled column: its largest absolute value */
  size_t *stratum_start; /* n_strata + 1: first row */
  size_t *tie_start;     /* n_strata + 1: first event time */
  struct cox_tie *ties;  /* by stratum, ascending in time */
  double *time_scale;    /* n_ties: what each event time's share of score and information is multiplied by (>= 0), for the
                            proportionality test; NULL: 1 */
  bool delayed_entry;
  uint32_t *entry_tie; /* n: the first event time the row is at risk at; COX_NEVER_AT_RISK */
  uint32_t *leave_row; /* with delayed entry: rows ever at risk, in ascending order of entry_tie */
  uint32_t *leave_tie; /* of each of these: its entry_tie */
  size_t *leave_start; /* n_strata + 1: into leave_row */
  struct cox_block *blocks;
  size_t n_blocks;
  size_t *part_start; /* n_parts + 1: into blocks.  A part is about as much work as another, and is done by one thread; it has
                         no two blocks of one stratum */
  size_t n_parts;
};

#define COX_NEVER_AT_RISK UINT32_MAX

/* A pivot at or under this part of its Gram diagonal is a column that those before it give (R's toler.chol, 1.8e-12).
 */
#define COX_ALIAS_TOLERANCE 1e-12

void cox_problem_init(struct cox_problem *problem, const struct survival_data *data, const double *design,
                      size_t n_columns, const struct cox_options *options);
void cox_problem_clear(struct cox_problem *problem);

/* Writes problem->design. */
void cox_write_design(struct cox_problem *problem);

/* Cuts the problem into blocks and parts (cox_blocks.c); called once its rows, ties and entries are in order. */
void cox_cut_blocks(struct cox_problem *problem);

static inline size_t cox_row(const struct cox_problem *problem, size_t i)
{
  return problem->row ? problem->row[i] : i;
}

/* Row i of the centred and scaled design, given the means of its stratum. */
static inline void cox_read_row(const struct cox_problem *problem, const double *mean, size_t i, double *restrict z)
{
  const size_t p = problem->n_columns;
  const double *x = &problem->raw[cox_row(problem, i) * p];
  for (size_t j = 0; j < p; j++)
    z[j] = (x[j] - mean[j]) * problem->factor[j];
}

static inline double cox_weight(const struct cox_problem *problem, size_t i)
{
  return problem->weight ? problem->weight[i] : 1;
}

/* How many steps the form of the likelihood has at an event time: d under Efron ties, else 1. */
static inline size_t cox_tie_steps(const struct cox_problem *problem, const struct cox_tie *tie)
{
  return problem->method == TIES_EFRON ? (size_t)tie->n_events : 1;
}

/* The weight c of a step before it is divided by s. */
static inline double cox_step_weight(const struct cox_problem *problem, const struct cox_tie *tie)
{
  const double scale = problem->time_scale ? problem->time_scale[tie - problem->ties] : 1;
  return scale * tie->weight / (problem->method == TIES_EFRON ? tie->n_events : 1);
}

/* Whether row i is at risk at event time t, given that its own time is not before it. */
static inline bool cox_has_entered(const struct cox_problem *problem, size_t i, size_t t)
{
  return !problem->delayed_entry || problem->entry_tie[i] <= t;
}

/* Efron's sums for the derivatives: A = sum c / s^2, B = sum c a / s^2, C = sum c a^2 / s^2. */
struct cox_tie_squares {
  double a, b, c;
};
struct cox_tie_squares cox_tie_squares(const struct cox_problem *problem, const struct cox_tie *tie);

/* The likelihood at one beta (scaled columns).  Arrays are allocated once a fit. */
struct cox_evaluation {
  double loglik;
  double *linear_predictor; /* n: z beta less its maximum in the stratum */
  double *risk;             /* n */
  double *expected;         /* n: w times the expected events, risk (H(time) - H(entry)) with Efron's correction */
  struct compensated_sum *cumulated; /* with delayed entry, n_ties + n_strata: the cumulated hazards before each event time of
                                        a stratum, and after its last; those of stratum s begin at tie_start[s] + s */
  struct cox_block_sums *blocks;     /* n_blocks */
  double *score;                     /* n_columns: gradient of loglik */
  double *information;               /* n_columns x n_columns, both triangles */
  double *gram_diagonal; /* n_columns: what the diagonal of the information was before the means were taken off */
};

void cox_evaluation_init(struct cox_evaluation *at, const struct cox_problem *problem);
void cox_evaluation_clear(struct cox_evaluation *at);

/* loglik at beta (n_columns values); the tie sums in `problem` and the rows' risk and expected follow it. */
enum status cox_evaluate(struct cox_problem *problem, const double *beta, struct cox_evaluation *at, struct task *task);

/* score, information and gram_diagonal at the beta of the last cox_evaluate(). */
enum status cox_differentiate(const struct cox_problem *problem, struct cox_evaluation *at, struct task *task);

/* The sums of every event time, from at->linear_predictor; loglik, risk and expected too. */
void cox_sum_risk_sets(struct cox_problem *problem, struct cox_evaluation *at);

/* The last part of that alone: the rows' expected, from the hazards of the event times and their sum in each block. */
void cox_sum_hazards(struct cox_problem *problem, struct cox_evaluation *at);

/* Exact (conditional) likelihood with its derivatives in one go.  cox_exact_check() fails where the work is out of
 * reach or the weights have no meaning. */
enum status cox_exact_check(const struct cox_problem *problem, struct error *error);
enum status cox_exact_evaluate(const struct cox_problem *problem, struct cox_evaluation *at, struct task *task);

/* Sums of rows' outer products, gathered a block at a time. */
struct gram {
  size_t n_columns, count;
  double sign;    /* +1 adds, -1 takes off */
  double *rows;   /* the block */
  double *matrix; /* n_columns x n_columns: the upper triangle is added to; borrowed */
};
void gram_init(struct gram *gram, size_t n_columns, double sign, double *matrix);
double *gram_next_row(struct gram *gram);     /* n_columns values to fill before the next call */
void gram_finish(struct gram *gram);          /* adds what is left and releases the block */
void matrix_mirror(double *matrix, size_t n); /* copies the upper triangle into the lower */

/* L D L' of a symmetric non-negative matrix in column order. */
struct ldl {
  size_t n;
  double *lower; /* n x n, unit lower triangle */
  double *pivot; /* D; 0 for a column left out */
  struct task *task; /* looked at row by row: cancelled, factoring and inverting stop with what is there; may be NULL */
};
void ldl_init(struct ldl *ldl, size_t n);
void ldl_clear(struct ldl *ldl);
/* Leaves out every column whose pivot is not above floor[j]. */
void ldl_factor(struct ldl *ldl, const double *matrix, const double *floor);
/* Leaves out the columns with is_out[j]; raises the other pivots to floor[j] at least and says in is_raised[j] where.
 */
void ldl_factor_raised(struct ldl *ldl, const double *matrix, const double *floor, const bool *is_out, bool *is_raised);
/* Solves in place; 0 for columns left out. */
void ldl_solve(const struct ldl *ldl, double *x);
/* The inverse (n x n), 0 in the rows and columns left out. */
void ldl_invert(const struct ldl *ldl, double *inverse);

/* What Newton's method ended with. */
struct cox_optimum {
  double *beta; /* of the scaled columns */
  enum coefficient_state *state;
  double *covariance; /* inverse information, scaled columns */
  double loglik_null, loglik, score_statistic;
  int iterations, evaluations;
  bool converged;
};

/* Maximises the likelihood from beta = 0 into `optimum`, whose arrays are there and zeroed; `at` is left at (but for a
 * last step too small to matter) the estimate. */
enum status cox_maximise(struct cox_problem *problem, struct cox_evaluation *at, const struct cox_options *options,
                         struct task *task, struct cox_optimum *optimum);

/* Puts the problem of a fitted model (exact ties in Breslow's form) and the likelihood at its coefficients into *problem and
 * *at; both are the caller's to clear, whatever the status. */
enum status cox_evaluate_model(struct cox_problem *problem, struct cox_evaluation *at, const struct survival_data *data,
                               const double *design, const struct cox_model *model, const struct cox_options *options,
                               struct task *task);

/* Calls `visit` with each row of the problem, in order: its score residual (n_columns, scaled, per unit of weight) and, for
 * an event, the mean of the risk set at its time over the steps (n_columns); else NULL. */
typedef void cox_residual_visitor(void *data, size_t i, const double *residual, const double *event_mean);
void cox_visit_score_residuals(const struct cox_problem *problem, const struct cox_evaluation *at,
                               cox_residual_visitor *visit, void *data);

/* Sandwich variance of the scaled coefficients: model covariance times the outer products of the (cluster sums of the
 * weighted) score residuals times model covariance, into `robust` (n_columns x n_columns). */
void cox_robust_covariance(const struct cox_problem *problem, const struct cox_evaluation *at,
                           const struct cox_options *options, const double *covariance, double *robust);

#endif
