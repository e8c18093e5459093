/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Newton's method on the penalised likelihood, with the ordinary information as its matrix, and the profile of each
 * coefficient by regula falsi.  All of it on the scaled columns that are not aliased. */
#include "stats/cox_firth.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"
#include "stats/cox_penalty.h"
#include "stats/distribution.h"

enum { MAX_STEPS = 500, MAX_HALVINGS = 40, MAX_BRACKETS = 60, MAX_ROOT_STEPS = 200 };

static const double step_tolerance = 1e-11, root_tolerance = 1e-11;

/* A point of the penalised likelihood. */
struct point {
  double *beta;
  double value;     /* penalised log likelihood, but for the constant of scaling */
  double *gradient; /* score + half the gradient of log det I */
};

struct firth {
  struct cox_problem problem;
  struct cox_evaluation at;
  struct ldl factor;
  double *inverse, *limit;
  size_t p;
  struct task *task;
  struct point here, trial;
};

static void firth_init(struct firth *firth, size_t p)
{
  firth->p = p;
  ldl_init(&firth->factor, p);
  firth->inverse = memory_new(p * p, sizeof(double));
  firth->limit = memory_new(p, sizeof(double));
  struct point *const points[] = {&firth->here, &firth->trial};
  for (size_t k = 0; k < 2; k++) {
    points[k]->beta = memory_new(p, sizeof(double));
    points[k]->gradient = memory_new(p, sizeof(double));
  }
}

static void firth_clear(struct firth *firth)
{
  ldl_clear(&firth->factor);
  free(firth->inverse);
  free(firth->limit);
  struct point *const points[] = {&firth->here, &firth->trial};
  for (size_t k = 0; k < 2; k++) {
    free(points[k]->beta);
    free(points[k]->gradient);
  }
  cox_evaluation_clear(&firth->at);
  cox_problem_clear(&firth->problem);
}

/* Value and gradient at point->beta; the information there stays in firth->at, its inverse in firth->inverse.  A point
 * at which the information has lost its rank has the value -infinity. */
static enum status evaluate(struct firth *firth, struct point *point)
{
  const size_t p = firth->p;
  if (cox_evaluate(&firth->problem, point->beta, &firth->at, firth->task) ||
      cox_differentiate(&firth->problem, &firth->at, firth->task))
    return STATUS_CANCELLED;
  double log_determinant = 0;
  for (size_t j = 0; j < p; j++)
    firth->limit[j] = fmax(1e-14 * firth->at.gram_diagonal[j], DBL_MIN);
  ldl_factor(&firth->factor, firth->at.information, firth->limit);
  for (size_t j = 0; j < p; j++)
    log_determinant += log(firth->factor.pivot[j]);
  point->value = firth->at.loglik + log_determinant / 2;
  if (!isfinite(point->value)) {
    point->value = -INFINITY;
    return STATUS_OK;
  }
  ldl_invert(&firth->factor, firth->inverse);
  cox_penalty_gradient(&firth->problem, &firth->at, firth->inverse, point->gradient);
  for (size_t j = 0; j < p; j++)
    point->gradient[j] += firth->at.score[j];
  return STATUS_OK;
}

/* The Newton step of the free coefficients: information restricted to them, `held` (p: none) left out. */
static double find_step(struct firth *firth, size_t held, double *step)
{
  const size_t p = firth->p;
  double *matrix = memory_copy(firth->at.information, p * p, sizeof *matrix), largest = 0;
  memcpy(step, firth->here.gradient, p * sizeof *step);
  if (held < p) {
    for (size_t j = 0; j < p; j++)
      matrix[held * p + j] = matrix[j * p + held] = 0;
    step[held] = 0;
  }
  ldl_factor(&firth->factor, matrix, firth->limit);
  ldl_solve(&firth->factor, step);
  for (size_t j = 0; j < p; j++)
    largest = fmax(largest, fabs(step[j]) * firth->problem.reach[j]);
  free(matrix);
  return largest;
}

static void swap_points(struct firth *firth)
{
  const struct point point = firth->here;
  firth->here = firth->trial;
  firth->trial = point;
}

/* Maximises from firth->here.beta with the coefficient `held` (p: none) left as it is. */
static enum status maximise(struct firth *firth, size_t held, int *iterations, bool *converged)
{
  const size_t p = firth->p;
  double *step = memory_new(p, sizeof *step);
  enum status status = evaluate(firth, &firth->here);
  *converged = false;
  for (*iterations = 0; *iterations < MAX_STEPS && !*converged && !status; ++*iterations) {
    const double largest = find_step(firth, held, step);
    double fraction = largest > 5 ? 5 / largest : 1; /* no more than 5 units of log hazard at once */
    bool better = false;
    if (largest < step_tolerance) {
      *converged = true;
      break;
    }
    for (int h = 0; h < MAX_HALVINGS && !better && !status; h++, fraction /= 2) {
      for (size_t j = 0; j < p; j++)
        firth->trial.beta[j] = firth->here.beta[j] + fraction * step[j];
      status = evaluate(firth, &firth->trial);
      better = firth->trial.value >= firth->here.value - 1e-12 * fmax(1, fabs(firth->here.value));
    }
    if (!better)
      break;
    *converged = fraction * largest * 2 < step_tolerance;
    swap_points(firth);
  }
  /* No step helps: the top, but for rounding. */
  if (!*converged && !status && *iterations < MAX_STEPS) {
    status = evaluate(firth, &firth->here);
    *converged = find_step(firth, held, step) < 1e-6;
  }
  free(step);
  return status;
}

/* ---- profiles ---- */

/* How far the penalised likelihood falls, in units of 2, where the scaled coefficient j is `value`. */
static enum status profile(struct firth *firth, const double *estimate, double top, size_t j, double value, double *fall)
{
  int iterations;
  bool converged;
  firth->here.beta[j] = value;
  if (!isfinite(firth->here.value)) /* the last profile went astray: begin anew */
    memcpy(firth->here.beta, estimate, firth->p * sizeof *estimate);
  firth->here.beta[j] = value;
  enum status status = maximise(firth, j, &iterations, &converged);
  *fall = 2 * (top - firth->here.value);
  return status;
}

/* The value of coefficient j at which the profile has fallen by `critical`, on one side of the estimate: outwards by two
 * standard errors until it has, then regula falsi (Illinois). */
static enum status find_limit(struct firth *firth, const double *estimate, double top, size_t j, double side,
                              double error, double critical, double *limit)
{
  double inner = estimate[j], inner_fall = -critical, outer = estimate[j], outer_fall = -critical, fall;
  enum status status = STATUS_OK;
  memcpy(firth->here.beta, estimate, firth->p * sizeof *estimate);
  for (int k = 0; k < MAX_BRACKETS && !(outer_fall > 0) && !status; k++) {
    inner = outer;
    inner_fall = outer_fall;
    outer += side * 2 * error;
    status = profile(firth, estimate, top, j, outer, &fall);
    outer_fall = fall - critical;
  }
  *limit = side * (double)INFINITY;
  if (status || !(outer_fall > 0) || !isfinite(outer_fall))
    return status;
  for (int k = 0; k < MAX_ROOT_STEPS && !status && fabs(outer - inner) > root_tolerance * fmax(1, fabs(outer)); k++) {
    const double middle = outer - outer_fall * (outer - inner) / (outer_fall - inner_fall);
    status = profile(firth, estimate, top, j, middle, &fall);
    fall -= critical;
    if (fabs(fall) < 1e-12)
      inner = outer = middle;
    else if (fall > 0) {
      outer = middle;
      outer_fall = fall;
      inner_fall /= 2;
    } else {
      inner = middle;
      inner_fall = fall;
      outer_fall /= 2;
    }
  }
  *limit = outer;
  return status;
}

/* ---- the whole ---- */

/* The columns that are not aliased: their numbers, and the design of them alone. */
static double *keep_columns(const struct survival_data *data, const double *design, const struct cox_model *model,
                            size_t *kept, size_t *n_kept)
{
  *n_kept = 0;
  for (size_t j = 0; j < model->n_columns; j++)
    if (model->state[j] != COEFFICIENT_ALIASED)
      kept[(*n_kept)++] = j;
  double *x = memory_new(data->n * *n_kept + 1, sizeof *x);
  for (size_t i = 0; i < data->n; i++)
    for (size_t k = 0; k < *n_kept; k++)
      x[i * *n_kept + k] = design[i * model->n_columns + kept[k]];
  return x;
}

static void result_init(struct cox_firth *result, size_t n)
{
  double **const arrays[] = {&result->beta,     &result->std_error, &result->conf_low,
                             &result->conf_high, &result->p_value};
  *result = (struct cox_firth){.n_columns = n, .covariance = memory_new(n * n, sizeof(double))};
  for (size_t k = 0; k < sizeof arrays / sizeof *arrays; k++) {
    *arrays[k] = memory_new(n, sizeof(double));
    for (size_t j = 0; j < n; j++)
      (*arrays[k])[j] = (double)NAN;
  }
}

/* Estimate and covariance in raw columns, from the point that was found. */
static void set_estimates(const struct firth *firth, const size_t *kept, struct cox_firth *result)
{
  const size_t p = firth->p, n = result->n_columns;
  const double *scale = firth->problem.scale;
  for (size_t a = 0; a < p; a++) {
    result->beta[kept[a]] = firth->here.beta[a] / scale[a];
    for (size_t b = 0; b < p; b++)
      result->covariance[kept[a] * n + kept[b]] = firth->inverse[a * p + b] / scale[a] / scale[b];
    result->std_error[kept[a]] = sqrt(result->covariance[kept[a] * n + kept[a]]);
  }
}

static enum status fit_profiles(struct firth *firth, const size_t *kept, double level, struct cox_firth *result)
{
  const size_t p = firth->p;
  const double z = normal_half_width(level), critical = z * z, top = firth->here.value;
  double *estimate = memory_copy(firth->here.beta, p, sizeof *estimate), *errors = memory_new(p, sizeof *errors);
  enum status status = STATUS_OK;
  for (size_t j = 0; j < p; j++)
    errors[j] = sqrt(firth->inverse[j * p + j]);
  for (size_t j = 0; j < p && !status; j++) {
    const double scale = firth->problem.scale[j];
    double limit, fall;
    status = find_limit(firth, estimate, top, j, -1, errors[j], critical, &limit);
    result->conf_low[kept[j]] = limit / scale;
    if (!status)
      status = find_limit(firth, estimate, top, j, 1, errors[j], critical, &limit);
    result->conf_high[kept[j]] = limit / scale;
    memcpy(firth->here.beta, estimate, p * sizeof *estimate);
    if (!status)
      status = profile(firth, estimate, top, j, 0, &fall);
    result->p_value[kept[j]] = chi_square_upper(fmax(fall, 0), 1);
    task_progress(firth->task, (double)(j + 1) / (double)p);
  }
  free(estimate);
  free(errors);
  return status;
}

/* What the penalty has more on the raw columns: half of log det of the scaling. */
static double scaling_constant(const struct firth *firth)
{
  double sum = 0;
  for (size_t j = 0; j < firth->p; j++)
    sum += log(firth->problem.scale[j]);
  return sum;
}

static enum status fit(struct firth *firth, const size_t *kept, double level, struct cox_firth *result)
{
  enum status status = evaluate(firth, &firth->here); /* beta = 0 */
  if (status)
    return status;
  const double constant = scaling_constant(firth);
  result->loglik_null = firth->here.value + constant;
  status = maximise(firth, firth->p, &result->iterations, &result->converged);
  if (!status)
    status = evaluate(firth, &firth->here); /* the inverse there */
  if (status)
    return status;
  result->loglik = firth->here.value + constant;
  result->df = (double)firth->p;
  result->lr_statistic = fmax(2 * (result->loglik - result->loglik_null), 0);
  set_estimates(firth, kept, result);
  return fit_profiles(firth, kept, level, result);
}

enum status cox_firth_fit(const struct survival_data *data, const double *design, const struct cox_model *model,
                          const struct cox_options *options, struct task *task, struct cox_firth *result,
                          struct error *error)
{
  if (options->ties == TIES_EXACT) {
    error_set(error, "Firth's penalty is not available for exact ties");
    return error_hint(error, "use ties=efron or ties=breslow");
  }
  if (model->n_columns > COX_FIRTH_MAX_COLUMNS) {
    error_set(error, "the profile likelihoods of %zu coefficients are out of reach", model->n_columns);
    return error_hint(error, "firth takes at most %d: fewer terms, or factors of fewer levels", (int)COX_FIRTH_MAX_COLUMNS);
  }
  size_t *kept = memory_new(model->n_columns, sizeof *kept), n_kept;
  double *x = keep_columns(data, design, model, kept, &n_kept);
  struct firth firth = {.task = task};
  cox_problem_init(&firth.problem, data, x, n_kept, options);
  cox_write_design(&firth.problem);
  cox_evaluation_init(&firth.at, &firth.problem);
  firth_init(&firth, n_kept);
  result_init(result, model->n_columns);
  enum status status = STATUS_OK;
  if (n_kept && model->n_events > 0)
    status = fit(&firth, kept, options->level, result);
  else
    result->converged = true;
  firth_clear(&firth);
  free(x);
  free(kept);
  if (status)
    cox_firth_clear(result);
  return status;
}

void cox_firth_clear(struct cox_firth *firth)
{
  free(firth->beta);
  free(firth->std_error);
  free(firth->covariance);
  free(firth->conf_low);
  free(firth->conf_high);
  free(firth->p_value);
  *firth = (struct cox_firth){.n_columns = 0};
}
