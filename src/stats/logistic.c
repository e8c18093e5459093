/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Symbols: x a raw column, z = (x - centre) / scale, q_k the basis made of 1 and the z in their order (sum w q_k q_l =
 * 1 if k = l, else 0), z_j = sum over k of r_kj q_k; eta = sum gamma_k q_k = beta_0 + sum beta_j x_j, mu = 1 / (1 +
 * exp(-eta)).  T turns gamma into beta.  A column whose part outside the basis is nothing but rounding is aliased. */
#include "stats/logistic.h"

#include <cblas.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

enum { MAX_ITERATIONS = 100, MAX_HALVINGS = 30 };

/* What is fixed during a fit, and where it stands. */
struct fit {
  size_t n, p; /* rows; coefficients, the intercept included */
  const uint8_t *outcome;
  const double *weight;
  double total;           /* of the weights */
  double *centre, *scale; /* p: of each column; 0 and 1 of the intercept; scale 0: constant */
  double *reach;          /* p: largest |x - centre| */
  size_t rank, *column;   /* of each basis vector: the coefficient it came with */
  double *basis;          /* rank vectors of n values each */
  double *r;              /* p x p, row k of basis vector k */
  double *transform;      /* T: p x rank */
  double *gamma, *eta;    /* rank; n */
  double deviance;
  double *step, *eta_step; /* rank; n: the Newton step and what it does to eta */
  double *score, *lower;   /* rank; rank x rank: the information's Cholesky factor */
  double *room;            /* n x rank */
};

static double weight_of(const struct fit *fit, size_t row)
{
  return fit->weight ? fit->weight[row] : 1;
}

/* -- the basis -- */

/* Writes column j - 1 of the design, centred and scaled, to z; returns its weighted norm, 0 for a constant. */
static double standardise(struct fit *fit, const double *design, size_t j, double *z)
{
  size_t n = fit->n, p = fit->p - 1;
  double first = design[j - 1], mean = 0, square = 0, largest = 0, magnitude = 0;
  for (size_t i = 0; i < n; i++)
    mean += weight_of(fit, i) * (design[i * p + j - 1] - first);
  mean = first + mean / fit->total;
  for (size_t i = 0; i < n; i++) {
    double x = design[i * p + j - 1], used = weight_of(fit, i) > 0;
    z[i] = x - mean;
    largest = fmax(largest, used * fabs(z[i]));
    magnitude = fmax(magnitude, used * fabs(x));
  }
  bool is_constant = largest <= 4 * DBL_EPSILON * magnitude;
  for (size_t i = 0; i < n; i++) {
    z[i] = is_constant ? 0 : z[i] / largest;
    square += weight_of(fit, i) * z[i] * z[i];
  }
  fit->centre[j] = mean;
  fit->scale[j] = is_constant ? 0 : largest;
  fit->reach[j] = largest;
  return sqrt(square);
}

/* Takes the basis out of z, noting in r what was taken; returns the norm of what is left. */
static double orthogonalise(struct fit *fit, size_t j, double *z)
{
  double square = 0;
  for (size_t k = 0; k < fit->rank; k++) {
    const double *q = &fit->basis[k * fit->n];
    double part = 0;
    for (size_t i = 0; i < fit->n; i++)
      part += weight_of(fit, i) * z[i] * q[i];
    cblas_daxpy((int)fit->n, -part, q, 1, z, 1);
    fit->r[k * fit->p + j] += part;
  }
  for (size_t i = 0; i < fit->n; i++)
    square += weight_of(fit, i) * z[i] * z[i];
  return sqrt(square);
}

static void add_to_basis(struct fit *fit, size_t j, double norm, double *z)
{
  fit->r[fit->rank * fit->p + j] = norm;
  fit->column[fit->rank++] = j;
  cblas_dscal((int)fit->n, 1 / norm, z, 1);
}

static void make_basis(struct fit *fit, const double *design)
{
  size_t n = fit->n;
  if (!(fit->total > 0))
    return;
  for (size_t i = 0; i < n; i++)
    fit->basis[i] = 1;
  fit->scale[0] = 1;
  add_to_basis(fit, 0, sqrt(fit->total), fit->basis);
  for (size_t j = 1; j < fit->p; j++) {
    double *z = &fit->basis[fit->rank * n], norm = standardise(fit, design, j, z);
    double noise = norm * (1e-9 + 4 * DBL_EPSILON * fabs(fit->centre[j]) / (fit->scale[j] > 0 ? fit->scale[j] : 1));
    orthogonalise(fit, j, z);
    double left = orthogonalise(fit, j, z); /* twice is enough */
    if (left > noise)
      add_to_basis(fit, j, left, z);
  }
}

/* T: row j is the inverse of r, divided by the scale; the intercept's takes the centres off. */
static void make_transform(struct fit *fit)
{
  size_t p = fit->p, rank = fit->rank;
  fit->transform = memory_new(p * rank, sizeof(double));
  for (size_t a = rank; a-- > 0;) {
    size_t j = fit->column[a];
    double *row = &fit->transform[j * rank];
    row[a] = 1;
    for (size_t b = a + 1; b < rank; b++)
      cblas_daxpy((int)rank, -fit->r[a * p + fit->column[b]], &fit->transform[fit->column[b] * rank], 1, row, 1);
    cblas_dscal((int)rank, 1 / fit->r[a * p + j], row, 1);
  }
  for (size_t a = 1; a < rank; a++) {
    size_t j = fit->column[a];
    cblas_dscal((int)rank, 1 / fit->scale[j], &fit->transform[j * rank], 1);
    cblas_daxpy((int)rank, -fit->centre[j], &fit->transform[j * rank], 1, fit->transform, 1);
  }
}

static void fit_init(struct fit *fit, const double *design)
{
  size_t n = fit->n, p = fit->p;
  for (size_t i = 0; i < n; i++)
    fit->total += weight_of(fit, i);
  fit->centre = memory_new(p, sizeof(double));
  fit->scale = memory_new(p, sizeof(double));
  fit->reach = memory_new(p, sizeof(double));
  fit->column = memory_new(p, sizeof *fit->column);
  fit->basis = memory_new(n * p, sizeof(double));
  fit->r = memory_new(p * p, sizeof(double));
  make_basis(fit, design);
  make_transform(fit);
  fit->gamma = memory_new(fit->rank, sizeof(double));
  fit->step = memory_new(fit->rank, sizeof(double));
  fit->score = memory_new(fit->rank, sizeof(double));
  fit->lower = memory_new(fit->rank * fit->rank, sizeof(double));
  fit->eta = memory_new(n, sizeof(double));
  fit->eta_step = memory_new(n, sizeof(double));
  fit->room = memory_new(n * fit->rank, sizeof(double));
}

static void fit_clear(struct fit *fit)
{
  double *const arrays[] = {fit->centre, fit->scale, fit->reach, fit->basis, fit->r,        fit->transform, fit->gamma,
                            fit->step,   fit->score, fit->lower, fit->eta,   fit->eta_step, fit->room};
  for (size_t a = 0; a < sizeof arrays / sizeof *arrays; a++)
    free(arrays[a]);
  free(fit->column);
}

/* -- Newton's method -- */

/* y = sum over k of coefficient_k q_k. */
static void basis_multiply(const struct fit *fit, const double *coefficient, double *y)
{
  memset(y, 0, fit->n * sizeof *y);
  for (size_t k = 0; k < fit->rank; k++)
    cblas_daxpy((int)fit->n, coefficient[k], &fit->basis[k * fit->n], 1, y, 1);
}

/* -2 log(probability of the outcome) at eta, exact in both tails. */
static double deviance_of(bool outcome, double eta)
{
  double against = outcome ? -eta : eta;
  return 2 * (fmax(against, 0) + log1p(exp(-fabs(eta))));
}

static double sum_deviance(const struct fit *fit)
{
  double deviance = 0;
  for (size_t i = 0; i < fit->n; i++)
    if (weight_of(fit, i) > 0)
      deviance += weight_of(fit, i) * deviance_of(fit->outcome[i] != 0, fit->eta[i]);
  return deviance;
}

/* The lower Cholesky factor in place (row-major); a pivot that rounding ate is kept over 1e-15 of what it was. */
static void cholesky(double *matrix, size_t n)
{
  for (size_t j = 0; j < n; j++) {
    double *row = &matrix[j * n], before = row[j];
    for (size_t k = 0; k < j; k++) {
      row[k] = (row[k] - cblas_ddot((int)k, row, 1, &matrix[k * n], 1)) / matrix[k * n + k];
      row[j] -= row[k] * row[k];
    }
    row[j] = sqrt(fmax(row[j], fmax(1e-15 * before, DBL_MIN)));
  }
}

/* Score and information at eta, and the Newton step. */
static void differentiate(struct fit *fit)
{
  size_t n = fit->n;
  int rank = (int)fit->rank;
  double *residual = fit->eta_step; /* written anew below */
  for (size_t i = 0; i < n; i++) {
    double small = exp(-fabs(fit->eta[i])), mu = (fit->eta[i] > 0 ? 1 : small) / (1 + small);
    double other = (fit->eta[i] > 0 ? small : 1) / (1 + small);
    residual[i] = weight_of(fit, i) * (fit->outcome[i] ? other : -mu);
    double root = sqrt(weight_of(fit, i) * mu * other);
    for (size_t k = 0; k < fit->rank; k++)
      fit->room[i * fit->rank + k] = root * fit->basis[k * n + i];
  }
  for (size_t k = 0; k < fit->rank; k++)
    fit->step[k] = fit->score[k] = cblas_ddot((int)n, residual, 1, &fit->basis[k * n], 1);
  if (rank == 0)
    return;
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasTrans, rank, (int)n, 1, fit->room, rank, 0, fit->lower, rank);
  cholesky(fit->lower, fit->rank);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasNoTrans, CblasNonUnit, rank, fit->lower, rank, fit->step, 1);
  cblas_dtrsv(CblasRowMajor, CblasLower, CblasTrans, CblasNonUnit, rank, fit->lower, rank, fit->step, 1);
  basis_multiply(fit, fit->step, fit->eta_step);
}

/* The step's largest effect on eta; in *worst how far it goes against a row's outcome. */
static double step_reach(const struct fit *fit, double *worst)
{
  double reach = 0;
  *worst = 0;
  for (size_t i = 0; i < fit->n; i++) {
    if (!(weight_of(fit, i) > 0))
      continue;
    reach = fmax(reach, fabs(fit->eta_step[i]));
    *worst = fmax(*worst, fit->outcome[i] ? -fit->eta_step[i] : fit->eta_step[i]);
  }
  return reach;
}

/* Goes along the step, half as far while the deviance rises; returns by how much it fell. */
static double take_step(struct fit *fit)
{
  double before = fit->deviance, part = 1, slack = 1e-13 * (before + fit->total);
  for (int halving = 0;; halving++) {
    cblas_daxpy((int)fit->rank, part, fit->step, 1, fit->gamma, 1);
    basis_multiply(fit, fit->gamma, fit->eta);
    fit->deviance = sum_deviance(fit);
    if (fit->deviance <= before + slack || halving == MAX_HALVINGS)
      return before - fit->deviance;
    cblas_daxpy((int)fit->rank, -part, fit->step, 1, fit->gamma, 1);
    part /= 2;
  }
}

/* From the intercept alone to the maximum; or, where the deviance falls no more though eta still goes on and against no
 * row's outcome, to a point where everything that is not separated stands still. */
static enum status iterate(struct fit *fit, struct logistic_model *model, struct task *task)
{
  double change = INFINITY, worst;
  for (model->iterations = 0; model->iterations < MAX_ITERATIONS; model->iterations++) {
    if (task_is_cancelled(task))
      return STATUS_CANCELLED;
    differentiate(fit);
    double reach = step_reach(fit, &worst);
    if (reach > 0.1 && worst <= 1e-4 * reach && change <= 1e-10 * (fit->deviance + 0.01 * fit->total)) {
      model->separated = model->converged = true;
      return STATUS_OK;
    }
    change = take_step(fit);
    if (reach <= 1e-8) {
      model->converged = true;
      differentiate(fit); /* the information at the end */
      return STATUS_OK;
    }
  }
  return STATUS_OK;
}

/* The intercept of the model without columns; a share of 0 or 1 has none and begins at 0. */
static void begin(struct fit *fit, struct logistic_model *model)
{
  double events = 0;
  for (size_t i = 0; i < fit->n; i++)
    events += fit->outcome[i] ? weight_of(fit, i) : 0;
  double others = 0;
  for (size_t i = 0; i < fit->n; i++)
    others += fit->outcome[i] ? 0 : weight_of(fit, i);
  if (fit->rank && events > 0 && others > 0)
    fit->gamma[0] = (log(events) - log(others)) * sqrt(fit->total);
  basis_multiply(fit, fit->gamma, fit->eta);
  fit->deviance = sum_deviance(fit);
  model->null_deviance = events > 0 && others > 0 ? fit->deviance : 0;
}

/* -- the model -- */

/* T (L L')^-1 T' = B B' with B = T L'^-1. */
static void set_covariance(const struct fit *fit, struct logistic_model *model)
{
  int p = (int)fit->p, rank = (int)fit->rank;
  if (rank == 0)
    return;
  double *half = memory_copy(fit->transform, fit->p * fit->rank, sizeof *half);
  cblas_dtrsm(CblasRowMajor, CblasRight, CblasLower, CblasTrans, CblasNonUnit, p, rank, 1, fit->lower, rank, half,
              rank);
  cblas_dsyrk(CblasRowMajor, CblasLower, CblasNoTrans, p, rank, 1, half, rank, 0, model->covariance, p);
  for (size_t j = 0; j < fit->p; j++)
    for (size_t k = 0; k < j; k++)
      model->covariance[k * fit->p + j] = model->covariance[j * fit->p + k];
  free(half);
}

/* Which coefficients run away: those that the last step still moves, and those of which only separated rows tell; all
 * where nothing is left to explain. */
static bool is_infinite(const struct fit *fit, size_t j, double std_error, double reach)
{
  const double *row = &fit->transform[j * fit->rank];
  double size = j ? fit->reach[j] : 1, move = fabs(cblas_ddot((int)fit->rank, row, 1, fit->step, 1)) * size;
  return move > 1e-4 * reach || std_error * size > 1000 || fit->deviance <= 1e-6 * fit->total;
}

static void set_coefficients(const struct fit *fit, struct logistic_model *model)
{
  double worst, reach = step_reach(fit, &worst);
  for (size_t j = 0; j < fit->p; j++) {
    model->state[j] = COEFFICIENT_ALIASED;
    model->beta[j] = model->std_error[j] = (double)NAN;
  }
  for (size_t a = 0; a < fit->rank; a++) {
    size_t j = fit->column[a];
    model->beta[j] = cblas_ddot((int)fit->rank, &fit->transform[j * fit->rank], 1, fit->gamma, 1);
    model->std_error[j] = sqrt(model->covariance[j * fit->p + j]);
    bool runs_away = model->separated && is_infinite(fit, j, model->std_error[j], reach);
    model->state[j] = runs_away ? COEFFICIENT_INFINITE : COEFFICIENT_FINITE;
  }
}

static void set_model(const struct fit *fit, struct logistic_model *model)
{
  set_covariance(fit, model);
  set_coefficients(fit, model);
  for (size_t i = 0; i < fit->n; i++) {
    model->linear_predictor[i] = fit->rank ? fit->eta[i] : (double)NAN;
    model->probability[i] = 1 / (1 + exp(-model->linear_predictor[i]));
  }
  model->rank = (double)fit->rank;
  model->deviance = fit->deviance;
  model->loglik = -fit->deviance / 2;
}

static void model_init(struct logistic_model *model, size_t n, size_t n_columns)
{
  size_t p = n_columns + 1;
  *model = (struct logistic_model){.n = n, .n_columns = n_columns};
  model->beta = memory_new(p, sizeof(double));
  model->std_error = memory_new(p, sizeof(double));
  model->covariance = memory_new(p * p, sizeof(double));
  model->state = memory_new(p, sizeof *model->state);
  model->linear_predictor = memory_new(n, sizeof(double));
  model->probability = memory_new(n, sizeof(double));
}

enum status logistic_fit(const uint8_t *outcome, const double *weight, const double *design, size_t n, size_t n_columns,
                         struct task *task, struct logistic_model *model)
{
  struct fit fit = {.n = n, .p = n_columns + 1, .outcome = outcome, .weight = weight};
  model_init(model, n, n_columns);
  fit_init(&fit, design);
  begin(&fit, model);
  enum status status = iterate(&fit, model, task);
  if (status == STATUS_OK)
    set_model(&fit, model);
  else
    logistic_model_clear(model);
  fit_clear(&fit);
  return status;
}

void logistic_model_clear(struct logistic_model *model)
{
  free(model->beta);
  free(model->std_error);
  free(model->covariance);
  free(model->state);
  free(model->linear_predictor);
  free(model->probability);
  *model = (struct logistic_model){.n = 0};
}
