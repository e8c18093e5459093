/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The exact likelihood of ties: against all subsets written out, R's numbers, and where it is out of reach. */
#include "cox_case.h"

static const struct cox_options exact = {.ties = TIES_EXACT};

/* The log likelihood by listing every subset of the risk set that is as large as the set of events. */
static double enumerate_loglik(const struct cohort *cohort, const double *beta)
{
  double loglik = 0, risk[16];
  for (size_t i = 0; i < cohort->n; i++) {
    double predictor = 0;
    for (size_t j = 0; j < cohort->n_columns; j++)
      predictor += beta[j] * cohort->design[i * cohort->n_columns + j];
    risk[i] = exp(predictor);
  }
  for (size_t i = 0; i < cohort->n; i++) {
    int n_events = 0;
    double product = 1, sum = 0, time = cohort->time[i];
    if (i > 0 && cohort->time[i - 1] == time)
      continue;
    for (size_t k = i; k < cohort->n && cohort->time[k] == time; k++)
      if (cohort->status[k] == STATUS_EVENT) {
        n_events++;
        product *= risk[k];
      }
    for (unsigned subset = 0; subset < 1u << cohort->n; subset++) {
      double term = 1;
      bool at_risk = __builtin_popcount(subset) == n_events;
      for (size_t k = 0; k < cohort->n && at_risk; k++)
        if (subset >> k & 1) {
          at_risk = cohort->time[k] >= time && (!cohort->entry || cohort->entry[k] < time);
          term *= risk[k];
        }
      sum += at_risk ? term : 0;
    }
    if (n_events > 0)
      loglik += log(product) - log(sum);
  }
  return loglik;
}

static struct cohort small(void)
{
  static const double time[] = {1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 5, 5};
  static const double x[] = {1, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0, /**/ 3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8};
  static const int status[] = {1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0};
  return cohort_write(12, time, status, 2, x);
}

/* The maximum is where the enumerated likelihood is flat; its curvature is the information. */
static void compare_with_enumeration(const struct cohort *cohort)
{
  struct cox_model model = cohort_fit(cohort, exact);
  const double zero[2] = {0, 0}, h = 1e-4;
  double information[2][2], determinant;
  assert_near(model.loglik_null, enumerate_loglik(cohort, zero), 1e-13);
  assert_near(model.loglik, enumerate_loglik(cohort, model.beta), 1e-13);
  for (int j = 0; j < 2; j++)
    for (int k = 0; k < 2; k++) {
      double sum = 0;
      for (int signs = 0; signs < 4; signs++) {
        double beta[2] = {model.beta[0], model.beta[1]};
        beta[j] += signs & 1 ? h : -h;
        beta[k] += signs & 2 ? h : -h;
        sum += (signs == 0 || signs == 3 ? 1 : -1) * enumerate_loglik(cohort, beta);
      }
      information[j][k] = -sum / (4 * h * h);
    }
  determinant = information[0][0] * information[1][1] - information[0][1] * information[1][0];
  assert_near(model.covariance[0], information[1][1] / determinant, 1e-5);
  assert_near(model.covariance[3], information[0][0] / determinant, 1e-5);
  for (int j = 0; j < 2; j++) {
    double up[2] = {model.beta[0], model.beta[1]}, down[2] = {model.beta[0], model.beta[1]};
    up[j] += h;
    down[j] -= h;
    assert_true(fabs(enumerate_loglik(cohort, up) - enumerate_loglik(cohort, down)) / (2 * h) < 1e-7);
  }
  cox_model_clear(&model);
}

static void test_enumeration(void **state)
{
  (void)state;
  struct cohort cohort = small();
  compare_with_enumeration(&cohort);
  static const double entry[] = {0, 0.5, 0, 1, 0, 1, 2, 0, 3, 2, 4, 0};
  cohort.entry = memory_copy(entry, 12, sizeof *entry);
  compare_with_enumeration(&cohort);
  cohort_clear(&cohort);
}

/* Efron, Breslow and exact agree where no two events share a time. */
static void test_without_ties(void **state)
{
  (void)state;
  struct cohort cohort = small();
  for (size_t i = 0; i < cohort.n; i++)
    cohort.time[i] = (double)i;
  struct cox_model model = cohort_fit(&cohort, exact);
  struct cox_model efron = cohort_fit(&cohort, (struct cox_options){.ties = TIES_EFRON});
  for (size_t j = 0; j < 2; j++) {
    assert_near(model.beta[j], efron.beta[j], 1e-11);
    assert_near(model.std_error[j], efron.std_error[j], 1e-11);
  }
  assert_near(model.loglik, efron.loglik, 1e-13);
  assert_near(model.score_statistic, efron.score_statistic, 1e-12);
  cox_model_clear(&model);
  cox_model_clear(&efron);
  cohort_clear(&cohort);
}

static void test_lung(void **state)
{
  (void)state;
  struct recipe recipe = {
      .file = "lung.csv", .time = "time", .event = "status=2", .covariates = {"age", "sex=male", "ph_ecog"}};
  struct cox_model model = recipe_fit(&recipe, exact);
  static const double beta[] = {.01106708584, .5534356130, .4643874167};
  static const double std_error[] = {.009280849406, .1679677151, .1137769922};
  assert_all_near(model.beta, beta, 1e-8);
  assert_all_near(model.std_error, std_error, 1e-8);
  assert_near(model.loglik_null, -725.6476989, 1e-9);
  assert_near(model.loglik, -710.4010516, 1e-9);
  assert_near(model.score_statistic, 30.48776689, 1e-8);
  cox_model_clear(&model);
}

static void test_leukaemia(void **state)
{
  (void)state;
  struct recipe recipe = {.file = "leukemia6mp.csv", .time = "weeks", .event = "relapse", .covariates = {"treat=6-MP"}};
  struct cox_model model = recipe_fit(&recipe, exact);
  assert_near(model.beta[0], -1.628243952, 1e-9);
  cox_model_clear(&model);
}

/* Therneau and Grambsch's test data: under exact ties the coefficient has no end. */
static void test_infinite(void **state)
{
  (void)state;
  static const double time[] = {9, 1, 1, 6, 6, 8}, x[] = {0, 1, 1, 1, 0, 0};
  static const int status[] = {1, 1, 0, 1, 1, 0};
  struct cohort cohort = cohort_write(6, time, status, 1, x);
  struct cox_model model = cohort_fit(&cohort, exact);
  assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
  assert_true(model.beta[0] > 10);
  /* In the limit: one of the three with x = 1, then one of the three pairs that hold the only x = 1 left. */
  assert_near(model.loglik, -2 * log(3), 1e-6);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* Hundreds of tied events neither overflow nor vanish: compare with the logarithm of a binomial coefficient. */
static void test_many_ties(void **state)
{
  (void)state;
  enum { N = 3000, EVENTS = 1200 };
  double *time = memory_new(N, sizeof *time), *x = memory_new(N, sizeof *x);
  int *status = memory_new(N, sizeof *status);
  for (int i = 0; i < N; i++) {
    time[i] = 1;
    x[i] = i % 7 - (i % 11 == 0 ? 40 : 0);
    status[i] = i < EVENTS;
  }
  struct cohort cohort = cohort_write(N, time, status, 1, x);
  struct cox_model model = cohort_fit(&cohort, exact);
  assert_near(model.loglik_null, -(lgamma(N + 1) - lgamma(EVENTS + 1) - lgamma(N - EVENTS + 1)), 1e-11);
  assert_true(isfinite(model.beta[0]) && model.std_error[0] > 0);
  assert_true(model.converged);
  cox_model_clear(&model);
  cohort_clear(&cohort);
  free(time);
  free(x);
  free(status);
}

static void assert_refused(const struct cohort *cohort, struct cox_options options, const char *hint)
{
  struct survival_data data = cohort_data(cohort);
  struct cox_model model;
  struct error error = ERROR_INIT;
  assert_int_equal(cox_fit(&data, cohort->design, cohort->n_columns, &options, NULL, &model, &error), STATUS_ERROR);
  assert_non_null(error.what);
  assert_non_null(strstr(error.hint, hint));
  error_clear(&error);
}

static void test_refusals(void **state)
{
  (void)state;
  enum { N = 100000 };
  double *time = memory_new(N, sizeof *time), *x = memory_new(N, sizeof *x);
  int *status = memory_new(N, sizeof *status);
  for (int i = 0; i < N; i++) {
    x[i] = i % 5;
    status[i] = i % 2;
  }
  struct cohort large = cohort_write(N, time, status, 1, x), cohort = small();
  assert_refused(&large, exact, "ties=efron");
  assert_refused(&cohort, (struct cox_options){.ties = TIES_EXACT, .robust = true}, "ties=efron");
  cohort.weight = memory_new(cohort.n, sizeof(double));
  for (size_t i = 0; i < cohort.n; i++)
    cohort.weight[i] = 1;
  struct cox_model model = cohort_fit(&cohort, exact); /* weights of 1 say nothing */
  cox_model_clear(&model);
  cohort.weight[3] = 2;
  assert_refused(&cohort, exact, "freq=");
  cohort_clear(&large);
  cohort_clear(&cohort);
  free(time);
  free(x);
  free(status);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_enumeration), cmocka_unit_test(test_without_ties), cmocka_unit_test(test_lung),
      cmocka_unit_test(test_leukaemia),   cmocka_unit_test(test_infinite),     cmocka_unit_test(test_many_ties),
      cmocka_unit_test(test_refusals),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
