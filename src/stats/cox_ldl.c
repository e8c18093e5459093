/* SPDX-License-Identifier: GPL-3.0-or-later */
/* L D L' with columns left out where they depend on those before them. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

void ldl_init(struct ldl *ldl, size_t n)
{
  *ldl = (struct ldl){.n = n, .lower = memory_new(n * n, sizeof(double)), .pivot = memory_new(n, sizeof(double))};
}

void ldl_clear(struct ldl *ldl)
{
  free(ldl->lower);
  free(ldl->pivot);
}

/* Row j of L and its pivot before any guard: the rows above are done. */
static double eliminate_row(struct ldl *ldl, const double *matrix, size_t j)
{
  size_t n = ldl->n;
  double *row = &ldl->lower[j * n], pivot = matrix[j * n + j];
  for (size_t k = 0; k < j; k++) {
    const double *other = &ldl->lower[k * n];
    double sum = matrix[j * n + k];
    for (size_t l = 0; l < k; l++)
      sum -= row[l] * ldl->pivot[l] * other[l];
    row[k] = ldl->pivot[k] > 0 ? sum / ldl->pivot[k] : 0;
    pivot -= row[k] * row[k] * ldl->pivot[k];
  }
  return pivot;
}

void ldl_factor(struct ldl *ldl, const double *matrix, const double *floor)
{
  for (size_t j = 0; j < ldl->n; j++) {
    if (task_is_cancelled(ldl->task))
      return;
    double pivot = eliminate_row(ldl, matrix, j);
    ldl->pivot[j] = pivot > floor[j] ? pivot : 0;
  }
}

void ldl_factor_raised(struct ldl *ldl, const double *matrix, const double *floor, const bool *is_out, bool *is_raised)
{
  for (size_t j = 0; j < ldl->n; j++) {
    if (task_is_cancelled(ldl->task))
      return;
    double pivot = eliminate_row(ldl, matrix, j);
    is_raised[j] = !is_out[j] && !(pivot > floor[j]);
    ldl->pivot[j] = is_out[j] ? 0 : is_raised[j] ? floor[j] : pivot;
  }
}

void ldl_solve(const struct ldl *ldl, double *x)
{
  size_t n = ldl->n;
  for (size_t j = 0; j < n; j++) {
    const double *row = &ldl->lower[j * n];
    for (size_t k = 0; k < j; k++)
      x[j] -= row[k] * x[k];
  }
  for (size_t j = 0; j < n; j++)
    x[j] = ldl->pivot[j] > 0 ? x[j] / ldl->pivot[j] : 0;
  for (size_t j = n; j-- > 0;) {
    const double *row = &ldl->lower[j * n];
    for (size_t k = 0; k < j && ldl->pivot[j] > 0; k++)
      x[k] -= row[k] * x[j];
  }
  for (size_t j = 0; j < n; j++)
    x[j] = ldl->pivot[j] > 0 ? x[j] : 0;
}

/* Row by row the inverse of L, for the columns that are in. */
static double *invert_lower(const struct ldl *ldl)
{
  size_t n = ldl->n;
  double *inverse = memory_new(n * n, sizeof *inverse);
  for (size_t j = 0; j < n && !task_is_cancelled(ldl->task); j++) {
    if (!(ldl->pivot[j] > 0))
      continue;
    double *row = &inverse[j * n];
    row[j] = 1;
    for (size_t k = 0; k < j; k++)
      for (size_t l = 0; l <= k; l++)
        row[l] -= ldl->lower[j * n + k] * inverse[k * n + l];
  }
  return inverse;
}

/* A sum of squares on the diagonal, so that no variance comes out negative. */
void ldl_invert(const struct ldl *ldl, double *inverse)
{
  size_t n = ldl->n;
  double *lower = invert_lower(ldl);
  for (size_t j = 0; j < n; j++)
    for (size_t k = 0; k <= j && !task_is_cancelled(ldl->task); k++) {
      double sum = 0;
      for (size_t l = j; l < n; l++)
        if (ldl->pivot[l] > 0)
          sum += lower[l * n + j] * lower[l * n + k] / ldl->pivot[l];
      inverse[j * n + k] = inverse[k * n + j] = sum;
    }
  free(lower);
}
