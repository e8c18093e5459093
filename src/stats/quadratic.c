/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/quadratic.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "stats/cox_internal.h"

double quadratic_form_inverse(const double *matrix, const double *x, size_t n, double *rank)
{
  struct ldl factor;
  double *scaled = memory_new(n * n, sizeof *scaled), *step = memory_new(n, sizeof *step);
  double *limit = memory_new(n, sizeof *limit), sum = 0;
  for (size_t i = 0; i < n; i++) {
    const double scale = sqrt(matrix[i * n + i]);
    limit[i] = COX_ALIAS_TOLERANCE;
    step[i] = scale > 0 ? x[i] / scale : 0;
    for (size_t j = 0; j < n; j++) {
      const double both = scale * sqrt(matrix[j * n + j]);
      scaled[i * n + j] = both > 0 ? matrix[i * n + j] / both : 0;
    }
  }
  double *start = memory_copy(step, n, sizeof *start);
  ldl_init(&factor, n);
  ldl_factor(&factor, scaled, limit);
  ldl_solve(&factor, step);
  *rank = 0;
  for (size_t i = 0; i < n; i++) {
    *rank += factor.pivot[i] > 0;
    sum += start[i] * step[i];
  }
  ldl_clear(&factor);
  free(scaled);
  free(step);
  free(limit);
  free(start);
  return *rank > 0 ? sum : (double)NAN;
}
