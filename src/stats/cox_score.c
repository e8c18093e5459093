/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/cox_score.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/cox_internal.h"
#include "stats/distribution.h"

/* U' I^-1 U, and how many of the added columns the information can tell from the others. */
static void finish(const struct cox_evaluation *at, size_t n_columns, size_t n_added, struct score_test *test)
{
  struct ldl factor;
  double *limit = memory_new(n_columns, sizeof *limit);
  double *step = memory_copy(at->score, n_columns, sizeof *step);
  ldl_init(&factor, n_columns);
  for (size_t j = 0; j < n_columns; j++)
    limit[j] = fmax(COX_ALIAS_TOLERANCE * at->gram_diagonal[j], DBL_MIN);
  ldl_factor(&factor, at->information, limit);
  ldl_solve(&factor, step);
  *test = (struct score_test){.statistic = 0};
  for (size_t j = 0; j < n_columns; j++) {
    test->statistic += at->score[j] * step[j];
    test->df += j >= n_columns - n_added && factor.pivot[j] > 0;
  }
  if (test->df < 1)
    test->statistic = (double)NAN;
  test->p_value = chi_square_upper(test->statistic, test->df);
  ldl_clear(&factor);
  free(limit);
  free(step);
}

enum status cox_score_test(const struct survival_data *data, const double *design, size_t n_columns, size_t n_added,
                           const double *beta, const struct cox_options *options, struct task *task,
                           struct score_test *test)
{
  struct cox_problem problem;
  struct cox_evaluation at;
  cox_problem_init(&problem, data, design, n_columns, options);
  cox_evaluation_init(&at, &problem);
  double *scaled = memory_new(n_columns, sizeof *scaled);
  for (size_t j = 0; j < n_columns - n_added; j++)
    scaled[j] = isnan(beta[j]) ? 0 : beta[j] * problem.scale[j];
  enum status status = cox_evaluate(&problem, scaled, &at, task);
  if (!status)
    status = cox_differentiate(&problem, &at, task);
  if (!status)
    finish(&at, n_columns, n_added, test);
  free(scaled);
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  return status;
}

enum status cox_loglik(const struct survival_data *data, const double *design, size_t n_columns, const double *beta,
                       const struct cox_options *options, struct task *task, double *loglik)
{
  struct cox_problem problem;
  struct cox_evaluation at;
  cox_problem_init(&problem, data, design, n_columns, options);
  cox_evaluation_init(&at, &problem);
  double *scaled = memory_new(n_columns, sizeof *scaled);
  for (size_t j = 0; j < n_columns; j++)
    scaled[j] = beta[j] * problem.scale[j];
  enum status status = cox_evaluate(&problem, scaled, &at, task);
  *loglik = at.loglik;
  free(scaled);
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  return status;
}
