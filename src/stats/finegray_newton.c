/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's method for the Fine–Gray pseudo-likelihood, by the rules of cox_fit.c: from beta = 0, full steps unless the
 * likelihood gets worse, watching for coefficients that run off.
 *
 * The scaled problem is convex.  The decrement score' information^-1 score is twice the rise that is left and the
 * square of the step in (model) standard errors. */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/finegray_internal.h"

static const double alias_tolerance = 1e-12;     /* a pivot beside its Gram diagonal: given by the columns before it */
static const double pivot_noise = 1e-14;         /* what rounding leaves of a pivot, once the columns are settled */
static const double pivot_least = 1e-24;         /* … and of what its Gram diagonal was at first */
static const double flat_tolerance = 1e-9;       /* a rise of the likelihood, beside it, that is none */
static const double decrement_tolerance = 1e-20; /* beside the events: the last step, taken without another look */
static const double loglik_noise = 1e-12;        /* a loss beside the likelihood that is rounding */

enum { MAX_ITERATIONS = 100, HALVINGS = 40, SINGULAR_HALVINGS = 10 };

struct newton {
  struct finegray_problem *problem;
  struct cox_evaluation *at;
  struct cox_optimum *optimum;
  struct ldl factor;
  size_t p;
  double *floor, *least, *step, *taken, *trial; /* `taken` is the last step */
  bool *is_aliased, *is_raised, *is_running;
  double decrement, last_decrement, n_events;
  bool is_singular; /* a pivot was raised, or the step is no number */
  bool is_whole;    /* the last step was not halved */
  bool is_flat;     /* the last step hardly raised the likelihood */
  bool is_blocked;  /* further along the last step numbers end */
  bool any_running;
};

static void newton_init(struct newton *newton, struct finegray_problem *problem, struct cox_evaluation *at,
                        struct cox_optimum *optimum)
{
  size_t p = problem->rows.n_columns;
  *newton =
      (struct newton){.problem = problem, .at = at, .optimum = optimum, .p = p, .last_decrement = (double)INFINITY};
  ldl_init(&newton->factor, p);
  double **vectors[] = {&newton->floor, &newton->least, &newton->step, &newton->taken, &newton->trial};
  bool **flags[] = {&newton->is_aliased, &newton->is_raised, &newton->is_running};
  for (size_t v = 0; v < sizeof vectors / sizeof *vectors; v++)
    *vectors[v] = memory_new(p, sizeof(double));
  for (size_t v = 0; v < sizeof flags / sizeof *flags; v++)
    *flags[v] = memory_new(p, sizeof(bool));
  for (size_t t = 0; t < problem->rows.n_ties; t++)
    newton->n_events += problem->rows.ties[t].weight;
}

static void newton_clear(struct newton *newton)
{
  void *blocks[] = {newton->floor, newton->least,      newton->step,      newton->taken,
                    newton->trial, newton->is_aliased, newton->is_raised, newton->is_running};
  for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++)
    free(blocks[b]);
  ldl_clear(&newton->factor);
}

/* Score and information at the point last evaluated, the step from there and its decrement. */
static enum status find_step(struct newton *newton, struct task *task)
{
  struct cox_evaluation *at = newton->at;
  if (finegray_differentiate(newton->problem, at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  for (size_t j = 0; j < newton->p; j++)
    newton->floor[j] = fmax(pivot_noise * at->gram_diagonal[j], newton->least[j]);
  ldl_factor_raised(&newton->factor, at->information, newton->floor, newton->is_aliased, newton->is_raised);
  memcpy(newton->step, at->score, newton->p * sizeof *newton->step);
  ldl_solve(&newton->factor, newton->step);
  newton->decrement = 0;
  newton->is_singular = false;
  for (size_t j = 0; j < newton->p; j++) {
    newton->decrement += at->score[j] * newton->step[j];
    newton->is_singular = newton->is_singular || newton->is_raised[j];
  }
  newton->is_singular = newton->is_singular || !isfinite(newton->decrement);
  return STATUS_OK;
}

/* beta = 0: which columns are aliased, and the first step. */
static enum status start_at_zero(struct newton *newton, struct task *task)
{
  struct cox_optimum *optimum = newton->optimum;
  if (finegray_evaluate(newton->problem, optimum->beta, newton->at, task) != STATUS_OK ||
      finegray_differentiate(newton->problem, newton->at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  const double *diagonal = newton->at->gram_diagonal;
  for (size_t j = 0; j < newton->p; j++)
    newton->floor[j] = fmax(alias_tolerance * diagonal[j], DBL_MIN);
  ldl_factor(&newton->factor, newton->at->information, newton->floor);
  for (size_t j = 0; j < newton->p; j++) {
    newton->is_aliased[j] = !(newton->factor.pivot[j] > 0);
    optimum->state[j] = newton->is_aliased[j] ? COEFFICIENT_ALIASED : COEFFICIENT_FINITE;
    newton->least[j] = fmax(pivot_least * diagonal[j], DBL_MIN);
  }
  optimum->loglik_null = optimum->loglik = newton->at->loglik;
  return find_step(newton, task);
}

/* Whether the point just evaluated, after so many halvings, is one to stay at; finds the next step if it may be: the
 * likelihood is no worse, and the information is not lost in rounding unless nearer points lose it as well. */
static enum status judge_trial(struct newton *newton, int halvings, struct task *task, bool *is_good)
{
  double rise = newton->at->loglik - newton->optimum->loglik, size = fmax(fabs(newton->optimum->loglik), 1);
  newton->is_blocked = newton->is_blocked || !isfinite(newton->at->loglik);
  *is_good = isfinite(newton->at->loglik) && rise >= -loglik_noise * size;
  if (!*is_good)
    return STATUS_OK;
  if (find_step(newton, task) != STATUS_OK)
    return STATUS_CANCELLED;
  newton->is_blocked = newton->is_blocked || !isfinite(newton->decrement);
  *is_good = !newton->is_singular ||
             (isfinite(newton->decrement) && (rise <= flat_tolerance * size || halvings >= SINGULAR_HALVINGS));
  newton->is_whole = halvings == 0;
  newton->is_flat = rise <= flat_tolerance * fmax(fabs(newton->at->loglik), 1);
  return STATUS_OK;
}

/* Moves beta by the step, or by half of it, a quarter …; *moved tells whether any was good. */
static enum status move(struct newton *newton, struct task *task, bool *moved)
{
  struct cox_optimum *optimum = newton->optimum;
  double decrement = newton->decrement, fraction = 1;
  memcpy(newton->taken, newton->step, newton->p * sizeof *newton->step);
  *moved = newton->is_blocked = false;
  for (int halvings = 0; halvings <= HALVINGS && !*moved; halvings++) {
    fraction = ldexp(1, -halvings);
    for (size_t j = 0; j < newton->p; j++)
      newton->trial[j] = optimum->beta[j] + fraction * newton->taken[j];
    if (finegray_evaluate(newton->problem, newton->trial, newton->at, task) != STATUS_OK ||
        judge_trial(newton, halvings, task, moved) != STATUS_OK)
      return STATUS_CANCELLED;
  }
  newton->last_decrement = decrement;
  if (*moved) {
    memcpy(optimum->beta, newton->trial, newton->p * sizeof *newton->trial);
    for (size_t j = 0; j < newton->p; j++)
      newton->taken[j] *= fraction;
    optimum->loglik = newton->at->loglik;
    return STATUS_OK;
  }
  newton->is_flat = true;
  if (finegray_evaluate(newton->problem, optimum->beta, newton->at, task) != STATUS_OK)
    return STATUS_CANCELLED;
  return find_step(newton, task);
}

/* Whether column j goes on as before: a step in the same direction, at least `kept` of the last one, that moves some
 * patient's log hazard by `limit` or more. */
static bool goes_on(const struct newton *newton, size_t j, double kept, double limit)
{
  double step = newton->step[j], taken = newton->taken[j];
  return !newton->is_aliased[j] && step * taken > 0 && fabs(step) >= kept * fabs(taken) &&
         fabs(step) * newton->problem->rows.reach[j] >= limit;
}

/* Towards a finite optimum steps shrink by their square; along a direction of separation each is about one unit of log
 * hazard.  A whole step as long as the last one with little left to gain gives the coefficient away, and with it those
 * that go on along with it. */
static bool find_running(struct newton *newton)
{
  bool any = false;
  if (!newton->is_whole || !(newton->decrement <= 1e-3) || !(newton->decrement <= 0.8 * newton->last_decrement))
    return false;
  for (size_t j = 0; j < newton->p; j++)
    any = any || goes_on(newton, j, 0.7, 0.1);
  for (size_t j = 0; j < newton->p && any; j++)
    newton->is_running[j] = goes_on(newton, j, 0.3, 1e-3);
  return any;
}

/* Whether coefficients ran off as far as is worth following: until the likelihood is flat, numbers end, or rounding has
 * the say. */
static bool has_run_off(struct newton *newton)
{
  if (newton->is_flat && newton->is_blocked) {
    for (size_t j = 0; j < newton->p; j++)
      newton->is_running[j] = fabs(newton->step[j]) * newton->problem->rows.reach[j] >= 1;
    return true;
  }
  bool was_running = newton->any_running;
  newton->any_running = find_running(newton);
  if (newton->is_flat && (newton->any_running || newton->is_singular))
    return true;
  if (was_running && !newton->any_running && newton->last_decrement <= 1e-5)
    return true;
  if (!newton->any_running)
    memset(newton->is_running, 0, newton->p * sizeof *newton->is_running);
  return false;
}

static bool is_done(struct newton *newton)
{
  if (newton->decrement <= decrement_tolerance * newton->n_events || newton->n_events <= 0) {
    for (size_t j = 0; j < newton->p; j++)
      newton->optimum->beta[j] += newton->step[j];
    return true;
  }
  /* Run off, or rounding does not let the step get smaller. */
  return has_run_off(newton) ||
         (newton->is_flat && newton->decrement <= 1e-6 && newton->decrement >= newton->last_decrement / 2);
}

enum status finegray_maximise(struct finegray_problem *problem, struct cox_evaluation *at, struct task *task,
                              struct cox_optimum *optimum)
{
  struct newton newton;
  bool moved = true;
  newton_init(&newton, problem, at, optimum);
  newton.factor.task = task;
  enum status status = start_at_zero(&newton, task);
  while (status == STATUS_OK && moved && !(optimum->converged = is_done(&newton)) &&
         optimum->iterations < MAX_ITERATIONS) {
    optimum->iterations++;
    status = move(&newton, task, &moved);
    task_progress(task, optimum->iterations / (optimum->iterations + 2.0));
  }
  /* No fraction of a step helps: at the top but for rounding, or stuck. */
  if (!moved)
    optimum->converged = newton.is_singular || newton.decrement <= flat_tolerance * fmax(fabs(optimum->loglik), 1);
  for (size_t j = 0; j < newton.p && status == STATUS_OK; j++)
    if (newton.is_raised[j] || newton.is_running[j])
      optimum->state[j] = COEFFICIENT_INFINITE;
  if (status == STATUS_OK)
    ldl_invert(&newton.factor, optimum->covariance);
  if (task_is_cancelled(task))
    status = STATUS_CANCELLED;
  newton_clear(&newton);
  return status;
}
