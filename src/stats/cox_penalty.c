/* SPDX-License-Identifier: GPL-3.0-or-later */
/* d log det I / d beta_k = tr(A dI / d beta_k), A = I^-1, and dI / d beta_k is the sum over steps of c times the third
 * central moment of z (with z_k) in the risk set.  With E the mean over a step's risk set, m = E z and q = z' A z that
 * comes to
 *
 *   c { E[q z_k] - E[q] m_k - 2 (E[z_k z'] - m_k m') A m },
 *
 * so that sums of risk times 1, z, z z', q and q z are all that is needed of a risk set, and of its events. */
#include "stats/cox_penalty.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Sums of risk times 1, z, z z', q, q z. */
struct penalty_sums {
  double one, q;
  double *z, *zz, *qz;
};

struct penalty_walk {
  const struct cox_problem *problem;
  const struct cox_evaluation *at;
  const double *inverse;
  double *quadratic; /* n: q of each row */
  struct penalty_sums all, tied;
  double *mean, *am; /* n_columns each */
  double *gradient;
};

static void sums_init(struct penalty_sums *sums, size_t p)
{
  sums->z = memory_new(p, sizeof(double));
  sums->zz = memory_new(p * p, sizeof(double));
  sums->qz = memory_new(p, sizeof(double));
}

static void sums_reset(struct penalty_sums *sums, size_t p)
{
  sums->one = sums->q = 0;
  memset(sums->z, 0, p * sizeof(double));
  memset(sums->zz, 0, p * p * sizeof(double));
  memset(sums->qz, 0, p * sizeof(double));
}

static void sums_clear(struct penalty_sums *sums)
{
  free(sums->z);
  free(sums->zz);
  free(sums->qz);
}

static void add_row(const struct penalty_walk *walk, struct penalty_sums *sums, size_t i, double sign)
{
  const size_t p = walk->problem->n_columns;
  const double *z = &walk->problem->design[i * p], risk = sign * walk->at->risk[i], q = walk->quadratic[i];
  sums->one += risk;
  sums->q += risk * q;
  for (size_t j = 0; j < p; j++) {
    sums->z[j] += risk * z[j];
    sums->qz[j] += risk * q * z[j];
    for (size_t k = 0; k < p; k++)
      sums->zz[j * p + k] += risk * z[j] * z[k];
  }
}

/* Adds one step with the fraction a of the events taken off. */
static void add_step(struct penalty_walk *walk, double a, double c)
{
  const size_t p = walk->problem->n_columns;
  const struct penalty_sums *all = &walk->all, *tied = &walk->tied;
  const double s = all->one - a * tied->one, mean_q = (all->q - a * tied->q) / s;
  double product = 0; /* m' A m */
  for (size_t j = 0; j < p; j++)
    walk->mean[j] = (all->z[j] - a * tied->z[j]) / s;
  for (size_t j = 0; j < p; j++) {
    walk->am[j] = 0;
    for (size_t k = 0; k < p; k++)
      walk->am[j] += walk->inverse[j * p + k] * walk->mean[k];
    product += walk->mean[j] * walk->am[j];
  }
  for (size_t k = 0; k < p; k++) {
    double cross = 0;
    for (size_t j = 0; j < p; j++)
      cross += (all->zz[k * p + j] - a * tied->zz[k * p + j]) / s * walk->am[j];
    walk->gradient[k] += c * ((all->qz[k] - a * tied->qz[k]) / s - mean_q * walk->mean[k] -
                              2 * (cross - walk->mean[k] * product));
  }
}

static void walk_stratum(struct penalty_walk *walk, size_t stratum)
{
  const struct cox_problem *problem = walk->problem;
  const size_t p = problem->n_columns;
  size_t next = problem->stratum_start[stratum + 1];
  size_t leaver = problem->delayed_entry ? problem->leave_start[stratum + 1] : 0;
  sums_reset(&walk->all, p);
  for (size_t t = problem->tie_start[stratum + 1]; t-- > problem->tie_start[stratum];) {
    const struct cox_tie *tie = &problem->ties[t];
    for (; next > tie->first; next--)
      if (cox_has_entered(problem, next - 1, t))
        add_row(walk, &walk->all, next - 1, 1);
    for (; problem->delayed_entry && leaver > problem->leave_start[stratum]; leaver--) {
      if (problem->entry_tie[problem->leave_row[leaver - 1]] <= t)
        break;
      add_row(walk, &walk->all, problem->leave_row[leaver - 1], -1);
    }
    sums_reset(&walk->tied, p);
    for (size_t i = tie->first; i < tie->end; i++)
      if (problem->is_event[i])
        add_row(walk, &walk->tied, i, 1);
    const size_t steps = cox_tie_steps(problem, tie);
    for (size_t k = 0; k < steps; k++)
      add_step(walk, steps > 1 ? (double)k / tie->n_events : 0, cox_step_weight(problem, tie));
  }
}

void cox_penalty_gradient(const struct cox_problem *problem, const struct cox_evaluation *at, const double *inverse,
                          double *gradient)
{
  const size_t p = problem->n_columns;
  struct penalty_walk walk = {
      .problem = problem,
      .at = at,
      .inverse = inverse,
      .quadratic = memory_new(problem->n, sizeof(double)),
      .mean = memory_new(p, sizeof(double)),
      .am = memory_new(p, sizeof(double)),
      .gradient = gradient,
  };
  sums_init(&walk.all, p);
  sums_init(&walk.tied, p);
  memset(gradient, 0, p * sizeof *gradient);
  for (size_t i = 0; i < problem->n; i++)
    for (size_t j = 0; j < p; j++)
      for (size_t k = 0; k < p; k++)
        walk.quadratic[i] += problem->design[i * p + j] * inverse[j * p + k] * problem->design[i * p + k];
  for (size_t s = 0; s < problem->n_strata; s++)
    walk_stratum(&walk, s);
  for (size_t j = 0; j < p; j++)
    gradient[j] /= 2;
  sums_clear(&walk.all);
  sums_clear(&walk.tied);
  free(walk.quadratic);
  free(walk.mean);
  free(walk.am);
}
