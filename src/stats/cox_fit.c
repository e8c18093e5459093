/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's method for the partial likelihood: from beta = 0, with step halving, watching for coefficients that run off.
 *
 * The scaled problem is convex, so a full Newton step is taken unless the likelihood gets worse.  The decrement
 * score' information^-1 score is twice the rise that is left and the square of the step in standard errors. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

/* Later on the columns are settled; a pivot is only kept above what rounding leaves of it, and of what it was at first.
 */
static const double pivot_noise = 1e-14, pivot_least = 1e-24;

/* The likelihood is flat where a step raises it by at most this part of itself (R's eps). */
static const double flat_tolerance = 1e-9;

/* The fit is done where the decrement is at most this times the events: the last step, taken without another look,
 * leaves the estimate right to its square, and the information changes by about 1e-10 of itself. */
static const double decrement_tolerance = 1e-20;

/* A loss of likelihood smaller than this part of it is rounding, not a worse step. */
static const double loglik_noise = 1e-12;

enum { HALVINGS = 40, SINGULAR_HALVINGS = 10 };

enum { DEFAULT_ITERATIONS = 100 };

/* A fit under way. */
struct newton {
  struct cox_problem *problem;
  struct cox_evaluation *at;
  struct cox_optimum *optimum;
  struct ldl factor;
  double *floor, *least, *step, *taken, *trial; /* n_columns each; `taken` is the last step */
  bool *is_aliased, *is_raised, *is_running;
  double decrement, last_decrement, n_events;
  bool is_singular; /* a pivot was raised, or the step is no number */
  bool is_whole;    /* the last step was not halved */
  bool is_flat;     /* the last step hardly raised the likelihood */
  bool is_blocked;  /* risks further along the last step were too large or small for a number */
  double enough;    /* cox_options */
  bool is_enough;   /* the last step was whole and raised the likelihood by no more than that */
  bool any_running;
};

static void newton_init(struct newton *newton, struct cox_problem *problem, struct cox_evaluation *at,
                        struct cox_optimum *optimum)
{
  size_t p = problem->n_columns;
  *newton = (struct newton){.problem = problem, .at = at, .optimum = optimum, .last_decrement = INFINITY};
  ldl_init(&newton->factor, p);
  newton->floor = memory_new(p, sizeof(double));
  newton->least = memory_new(p, sizeof(double));
  newton->step = memory_new(p, sizeof(double));
  newton->taken = memory_new(p, sizeof(double));
  newton->trial = memory_new(p, sizeof(double));
  newton->is_aliased = memory_new(p, sizeof(bool));
  newton->is_raised = memory_new(p, sizeof(bool));
  newton->is_running = memory_new(p, sizeof(bool));
  for (size_t t = 0; t < problem->n_ties; t++)
    newton->n_events += problem->ties[t].n_events;
}

static void newton_clear(struct newton *newton)
{
  ldl_clear(&newton->factor);
  free(newton->floor);
  free(newton->least);
  free(newton->step);
  free(newton->taken);
  free(newton->trial);
  free(newton->is_aliased);
  free(newton->is_raised);
  free(newton->is_running);
}

/* Factors the information and finds the Newton step and its decrement. */
static void find_step(struct newton *newton)
{
  size_t p = newton->problem->n_columns;
  for (size_t j = 0; j < p; j++)
    newton->floor[j] = fmax(pivot_noise * newton->at->gram_diagonal[j], newton->least[j]);
  ldl_factor_raised(&newton->factor, newton->at->information, newton->floor, newton->is_aliased, newton->is_raised);
  memcpy(newton->step, newton->at->score, p * sizeof *newton->step);
  ldl_solve(&newton->factor, newton->step);
  newton->decrement = 0;
  newton->is_singular = false;
  for (size_t j = 0; j < p; j++) {
    newton->decrement += newton->at->score[j] * newton->step[j];
    newton->is_singular = newton->is_singular || newton->is_raised[j];
  }
  newton->is_singular = newton->is_singular || !isfinite(newton->decrement);
}

/* The likelihood at beta = 0: which columns are aliased, and the score test. */
static enum status start_at_zero(struct newton *newton, struct task *task)
{
  size_t p = newton->problem->n_columns;
  if (cox_evaluate(newton->problem, newton->optimum->beta, newton->at, task) != STATUS_OK ||
      cox_differentiate(newton->problem, newton->at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  for (size_t j = 0; j < p; j++)
    newton->floor[j] = fmax(COX_ALIAS_TOLERANCE * newton->at->gram_diagonal[j], DBL_MIN);
  ldl_factor(&newton->factor, newton->at->information, newton->floor);
  for (size_t j = 0; j < p; j++) {
    newton->is_aliased[j] = !(newton->factor.pivot[j] > 0);
    newton->optimum->state[j] = newton->is_aliased[j] ? COEFFICIENT_ALIASED : COEFFICIENT_FINITE;
  }
  for (size_t j = 0; j < p; j++)
    newton->least[j] = fmax(pivot_least * newton->at->gram_diagonal[j], DBL_MIN);
  find_step(newton);
  newton->optimum->loglik_null = newton->optimum->loglik = newton->at->loglik;
  newton->optimum->score_statistic = newton->decrement;
  return STATUS_OK;
}

/* Whether the point just evaluated is one to stay at: the likelihood no worse, and the information not lost in rounding
 * (a step too far leaves risk sets of one row each; nearer by, it can be read) unless nearer points lose it as well. */
static enum status judge_trial(struct newton *newton, int halvings, struct task *task, bool *is_good)
{
  double rise = newton->at->loglik - newton->optimum->loglik, size = fmax(fabs(newton->optimum->loglik), 1);
  newton->is_blocked = newton->is_blocked || !isfinite(newton->at->loglik);
  *is_good = isfinite(newton->at->loglik) && rise >= -loglik_noise * size;
  if (!*is_good)
    return STATUS_OK;
  if (cox_differentiate(newton->problem, newton->at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  find_step(newton);
  newton->is_blocked = newton->is_blocked || !isfinite(newton->decrement);
  *is_good = !newton->is_singular ||
             (isfinite(newton->decrement) && (rise <= flat_tolerance * size || halvings >= SINGULAR_HALVINGS));
  newton->is_whole = halvings == 0;
  newton->is_flat = rise <= flat_tolerance * fmax(fabs(newton->at->loglik), 1);
  newton->is_enough = newton->is_whole && rise <= newton->enough * fabs(newton->at->loglik);
  return STATUS_OK;
}

/* Moves beta by the step or, where that is no good, by half of it, a quarter …, and finds the next step there.  *moved
 * tells whether any was good. */
static enum status move(struct newton *newton, struct task *task, bool *moved)
{
  struct cox_optimum *optimum = newton->optimum;
  size_t p = newton->problem->n_columns;
  double fraction = 1, decrement = newton->decrement;
  memcpy(newton->taken, newton->step, p * sizeof *newton->step);
  *moved = newton->is_blocked = false;
  for (int halvings = 0; halvings <= HALVINGS && !*moved; halvings++) {
    fraction /= newton->enough > 0 && halvings ? halvings + 1 : halvings ? 2 : 1; /* R's sequence where R's rule holds */
    optimum->evaluations++;
    for (size_t j = 0; j < p; j++)
      newton->trial[j] = optimum->beta[j] + fraction * newton->taken[j];
    if (cox_evaluate(newton->problem, newton->trial, newton->at, task) != STATUS_OK ||
        judge_trial(newton, halvings, task, moved) != STATUS_OK)
      return STATUS_CANCELLED;
  }
  newton->last_decrement = decrement;
  if (*moved) {
    memcpy(optimum->beta, newton->trial, p * sizeof *newton->trial);
    for (size_t j = 0; j < p; j++)
      newton->taken[j] *= fraction;
    optimum->loglik = newton->at->loglik;
    return STATUS_OK;
  }
  if (cox_evaluate(newton->problem, optimum->beta, newton->at, task) != STATUS_OK ||
      cox_differentiate(newton->problem, newton->at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  find_step(newton);
  newton->is_flat = true;
  return STATUS_OK;
}

/* Whether column j goes on as before: a step in the same direction, at least `kept` of the last one, that moves some
 * patient's log hazard by `limit` or more. */
static bool goes_on(const struct newton *newton, size_t j, double kept, double limit)
{
  double step = newton->step[j], taken = newton->taken[j];
  return !newton->is_aliased[j] && step * taken > 0 && fabs(step) >= kept * fabs(taken) &&
         fabs(step) * newton->problem->reach[j] >= limit;
}

/* Finds the coefficients that run off to infinity.  Towards a finite optimum steps shrink by their square; along a
 * direction of separation each is about one unit of log hazard, and the rise that is left falls by e each time.  So a
 * whole step as long as the last one with little left to gain gives them away.  With one of them found, others that go
 * on with it are counted too: finite ones follow by no more than the decrement.  Returns whether there are any;
 * is_running keeps those found last. */
static bool find_running(struct newton *newton)
{
  size_t p = newton->problem->n_columns;
  bool any = false;
  if (!newton->is_whole || !(newton->decrement <= 1e-3) || !(newton->decrement <= 0.8 * newton->last_decrement))
    return false;
  for (size_t j = 0; j < p; j++)
    any = any || goes_on(newton, j, 0.7, 0.1);
  for (size_t j = 0; j < p && any; j++)
    newton->is_running[j] = goes_on(newton, j, 0.3, 1e-3);
  return any;
}

/* The columns that would go on where numbers end: those a step moves by more than a unit of log hazard. */
static void mark_blocked(struct newton *newton)
{
  for (size_t j = 0; j < newton->problem->n_columns; j++)
    newton->is_running[j] = fabs(newton->step[j]) * newton->problem->reach[j] >= 1;
}

/* Whether coefficients ran off as far as is worth following: until the likelihood is flat, numbers end, or rounding has
 * the say (the information along their direction vanishes by e a step, too). */
static bool has_run_off(struct newton *newton)
{
  if (newton->is_flat && newton->is_blocked) {
    mark_blocked(newton);
    return true;
  }
  bool was_running = newton->any_running;
  newton->any_running = find_running(newton);
  if (newton->is_flat && (newton->any_running || newton->is_singular))
    return true;
  if (was_running && !newton->any_running && newton->last_decrement <= 1e-5)
    return true;
  if (!newton->any_running)
    memset(newton->is_running, 0, newton->problem->n_columns * sizeof *newton->is_running);
  return false;
}

/* Whether the iteration is over; sets optimum->converged. */
static bool is_done(struct newton *newton)
{
  struct cox_optimum *optimum = newton->optimum;
  if (newton->enough > 0 && newton->is_enough)
    return optimum->converged = true;
  if (newton->decrement <= decrement_tolerance * newton->n_events || newton->n_events == 0) {
    /* The last step is too small for another look. */
    for (size_t j = 0; j < newton->problem->n_columns; j++)
      optimum->beta[j] += newton->step[j];
    return optimum->converged = true;
  }
  if (has_run_off(newton))
    return optimum->converged = true;
  /* Rounding does not let the step get smaller. */
  return optimum->converged =
             newton->is_flat && newton->decrement <= 1e-6 && newton->decrement >= newton->last_decrement / 2;
}

static void finish(struct newton *newton)
{
  struct cox_optimum *optimum = newton->optimum;
  for (size_t j = 0; j < newton->problem->n_columns; j++)
    if (newton->is_raised[j] || newton->is_running[j])
      optimum->state[j] = COEFFICIENT_INFINITE;
  ldl_invert(&newton->factor, optimum->covariance);
}

enum status cox_maximise(struct cox_problem *problem, struct cox_evaluation *at, const struct cox_options *options,
                         struct task *task, struct cox_optimum *optimum)
{
  const int max_iterations = options->max_iterations > 0 ? options->max_iterations : DEFAULT_ITERATIONS;
  struct newton newton;
  bool moved = true;
  newton_init(&newton, problem, at, optimum);
  newton.enough = options->enough;
  newton.factor.task = task;
  enum status status = start_at_zero(&newton, task);
  while (status == STATUS_OK && !is_done(&newton) && moved && optimum->iterations < max_iterations &&
         !(newton.enough > 0 && optimum->evaluations >= max_iterations)) {
    optimum->iterations++;
    status = move(&newton, task, &moved);
    task_progress(task, optimum->iterations / (optimum->iterations + 2.0));
  }
  /* No fraction of a step helps: at the top but for rounding, or stuck. */
  if (!moved)
    optimum->converged = newton.is_singular || newton.decrement <= flat_tolerance * fmax(fabs(optimum->loglik), 1);
  if (status == STATUS_OK)
    finish(&newton);
  if (task_is_cancelled(task)) /* in a factoring, perhaps: what it left is no step and no inverse */
    status = STATUS_CANCELLED;
  newton_clear(&newton);
  return status;
}
