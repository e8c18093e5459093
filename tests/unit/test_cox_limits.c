/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cox's model at its limits: aliased columns, separation, empty data, emptied risk sets, outliers, cancellation. */
#include "cox_case.h"

#include "stats/cox_internal.h"

static const struct cox_options efron = {.ties = TIES_EFRON};

static const struct recipe lung = {
    .file = "lung.csv", .time = "time", .event = "status=2", .covariates = {"age", "sex=male", "ph_ecog"}};

static void test_aliased(void **state)
{
  (void)state;
  struct cohort three = cohort_read(&lung), more = three;
  more.n_columns = 6;
  more.design = memory_new(more.n * 6, sizeof(double));
  for (size_t i = 0; i < more.n; i++) {
    const double *x = &three.design[i * 3];
    double row[6] = {0.1, x[0], x[1], 3 * x[0] - 2 * x[1] + 7, x[2], 1e6};
    memcpy(&more.design[i * 6], row, sizeof row);
  }
  struct cox_model model = cohort_fit(&more, efron), expected = cohort_fit(&three, efron);
  static const enum coefficient_state states[] = {COEFFICIENT_ALIASED, COEFFICIENT_FINITE, COEFFICIENT_FINITE,
                                                  COEFFICIENT_ALIASED, COEFFICIENT_FINITE, COEFFICIENT_ALIASED};
  for (size_t j = 0; j < 6; j++) {
    assert_int_equal(model.state[j], states[j]);
    assert_int_equal(isnan(model.beta[j]), states[j] == COEFFICIENT_ALIASED);
    assert_int_equal(isnan(model.std_error[j]), states[j] == COEFFICIENT_ALIASED);
    assert_near(model.covariance[j * 6], 0, 0);
  }
  assert_near(model.beta[2], expected.beta[1], 1e-11);
  assert_near(model.std_error[4], expected.std_error[2], 1e-11);
  assert_near(model.df, 3, 0);
  assert_near(model.wald_statistic, expected.wald_statistic, 1e-10);
  assert_near(model.score_statistic, expected.score_statistic, 1e-10);
  for (size_t i = 0; i < three.n; i++)
    assert_near(model.linear_predictor[i], expected.linear_predictor[i], 1e-10);
  cox_model_clear(&model);
  cox_model_clear(&expected);
  free(more.design);
  cohort_clear(&three);
}

/* A column that is constant within each stratum says nothing. */
static void test_constant_within_strata(void **state)
{
  (void)state;
  struct recipe recipe = {.file = "lung.csv",
                          .time = "time",
                          .event = "status=2",
                          .stratum = "sex=male",
                          .covariates = {"sex=male", "age"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  assert_int_equal(model.state[0], COEFFICIENT_ALIASED);
  assert_int_equal(model.state[1], COEFFICIENT_FINITE);
  cox_model_clear(&model);
}

/* Nearly collinear columns have large errors, but finite coefficients. */
static void test_nearly_collinear(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung);
  for (size_t i = 0; i < cohort.n; i++)
    cohort.design[i * 3 + 2] = cohort.design[i * 3] + 1e-4 * cohort.design[i * 3 + 2];
  struct cox_model model = cohort_fit(&cohort, efron);
  for (size_t j = 0; j < 3; j++)
    assert_int_equal(model.state[j], COEFFICIENT_FINITE);
  assert_near(model.beta[2], .4637284754e4, 1e-6);
  assert_near(model.loglik, -729.2301214, 1e-9);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* R's infcox test3: all events where both indicators are 0. */
static void test_separation(void **state)
{
  (void)state;
  double time[12], x[24];
  int status[12] = {1, 0, 1, 0, 1};
  for (size_t i = 0; i < 12; i++) {
    time[i] = (double)(i + 1);
    x[i] = (double)(i % 2);
    x[12 + i] = i < 6 ? 0 : 1;
  }
  struct cohort cohort = cohort_write(12, time, status, 2, x);
  for (int ties = TIES_EFRON; ties <= TIES_EXACT; ties++) {
    struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = (enum cox_ties)ties});
    for (size_t j = 0; j < 2; j++) {
      assert_int_equal(model.state[j], COEFFICIENT_INFINITE);
      assert_true(model.beta[j] < -15);
      assert_true(model.std_error[j] > 100);
    }
    assert_near(model.loglik_null, -log(12 * 10 * 8), 1e-12);
    assert_near(model.loglik, -log(6), 1e-6);
    assert_near(model.lr_statistic, 10.15, 1e-3);
    assert_near(model.df, 2, 0);
    cox_model_clear(&model);
  }
  cohort_clear(&cohort);
}

/* Two coefficients run off together along a direction of separation, with delayed entry and risk sets that grow apart
 * by many powers of ten: both are named, the third is not. */
static void test_joint_separation(void **state)
{
  (void)state;
  enum { M = 40 };
  double time[M], x[3 * M];
  int status[M];
  for (size_t i = 0; i < M; i++) {
    time[i] = (double)(i + 1);
    status[i] = i % 2 == 0;
    x[i] = status[i] ? 1 : (double)(i % 3);
    x[M + i] = status[i] ? 1 : x[i] + 1 + (double)(i % 5 == 1);
    x[2 * M + i] = (double)(i * 7 % 11);
  }
  struct cohort cohort = cohort_write(M, time, status, 3, x);
  for (int delayed = 0; delayed < 2; delayed++) {
    if (delayed) {
      cohort.entry = memory_new(M, sizeof(double));
      for (size_t i = 0; i < M; i++)
        cohort.entry[i] = fmax(time[i] - 6, 0);
    }
    struct cox_model model = cohort_fit(&cohort, efron);
    assert_true(model.converged);
    assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
    assert_int_equal(model.state[1], COEFFICIENT_INFINITE);
    assert_int_equal(model.state[2], COEFFICIENT_FINITE);
    assert_true(model.beta[0] > 10 && model.beta[1] < -10);
    cox_model_clear(&model);
  }
  cohort_clear(&cohort);
}

/* Robust errors do not make a coefficient without end look certain. */
static void test_robust_separation(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3, 4, 5, 6, 7, 8}, x[] = {1, 0, 1, 0, 1, 0, 0, 0};
  static const int status[] = {1, 0, 1, 0, 1, 0, 0, 0};
  struct cohort cohort = cohort_write(8, time, status, 1, x);
  struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = TIES_EFRON, .robust = true});
  assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
  assert_true(model.std_error[0] > 100);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* One patient, censored late, has a flag of his own; R stops at -14.01 with a standard error of 1983. */
static void test_one_patient_flag(void **state)
{
  (void)state;
  struct cohort three = cohort_read(&lung), four = three;
  for (size_t flagged = 0; flagged < three.n; flagged += 13) {
    four.n_columns = 4;
    four.design = memory_new(four.n * 4, sizeof(double));
    for (size_t i = 0; i < four.n; i++) {
      memcpy(&four.design[i * 4], &three.design[i * 3], 3 * sizeof(double));
      four.design[i * 4 + 3] = i == flagged;
    }
    bool is_event = three.status[flagged] == STATUS_EVENT;
    struct cox_model model = cohort_fit(&four, efron);
    assert_true(model.converged);
    for (size_t j = 0; j < 3; j++)
      assert_int_equal(model.state[j], COEFFICIENT_FINITE);
    /* The first event of all has him as the only one of his kind: his coefficient runs off upwards. */
    if (flagged == 0)
      assert_int_equal(model.state[3], COEFFICIENT_INFINITE);
    else if (is_event)
      assert_int_equal(model.state[3], COEFFICIENT_FINITE);
    else
      assert_int_equal(model.state[3], COEFFICIENT_INFINITE);
    assert_true(isfinite(model.std_error[3]) && isfinite(model.lr_statistic));
    cox_model_clear(&model);
    free(four.design);
  }
  cohort_clear(&three);
}

/* Perfect order: the largest covariate always dies next; the likelihood rises to 1. */
static void test_perfect_order(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3, 4, 5, 6}, x[] = {9, 7, 6, 5, 3, 1};
  static const int status[] = {1, 1, 1, 1, 1, 1};
  struct cohort cohort = cohort_write(6, time, status, 1, x);
  struct cox_model model = cohort_fit(&cohort, efron);
  assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
  assert_near(model.loglik, 0, 1e-3);
  assert_near(model.concordance.estimate, 1, 0);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

static void test_nothing_to_fit(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3}, x[] = {1, 5, 2};
  static const int none[] = {0, 0, 0}, one[] = {1};
  struct cohort censored = cohort_write(3, time, none, 1, x), single = cohort_write(1, time, one, 1, x);
  struct cohort empty = cohort_write(0, time, none, 1, x), *cohorts[] = {&censored, &single, &empty};
  for (size_t k = 0; k < 3; k++)
    for (int ties = TIES_EFRON; ties <= TIES_EXACT; ties++) {
      struct cox_model model = cohort_fit(cohorts[k], (struct cox_options){.ties = (enum cox_ties)ties});
      assert_int_equal(model.state[0], COEFFICIENT_ALIASED);
      assert_true(isnan(model.beta[0]) && isnan(model.concordance.estimate) && isnan(model.concordance.std_error));
      assert_near(model.loglik_null, 0, 0);
      assert_near(model.loglik, 0, 0);
      assert_near(model.df, 0, 0);
      assert_near(model.n, (double)cohorts[k]->n, 0);
      assert_near(model.n_events, k == 1, 0);
      assert_true(model.converged);
      cox_model_clear(&model);
    }
  struct cox_model model = cohort_fit(&empty, (struct cox_options){.ties = TIES_EFRON, .robust = true});
  cox_model_clear(&model);
  for (size_t k = 0; k < 3; k++)
    cohort_clear(cohorts[k]);
}

static void test_no_columns(void **state)
{
  (void)state;
  static const double time[] = {9, 1, 1, 6, 6, 8};
  static const int status[] = {1, 1, 0, 1, 1, 0};
  struct cohort cohort = cohort_write(6, time, status, 0, NULL);
  struct cox_model model = cohort_fit(&cohort, efron);
  assert_near(model.loglik, -log(6) - log(4) - log(3), 1e-14);
  assert_near(model.lr_statistic, 0, 0);
  assert_near(model.concordance.estimate, 0.5, 0);
  assert_true(model.converged);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* Risk sets that empty and fill again, with a huge covariate that leaves: what is left must not be rounding. */
static void test_emptied_risk_sets(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3, 11, 12, 13, 14}, entry[] = {0, 0, 0, 10, 10, 10, 12};
  static const double x[] = {1, 0, 1, 0, 1, 0, 1};
  static const int status[] = {1, 1, 0, 1, 1, 1, 1};
  struct cohort late = cohort_write(7, time, status, 1, x), split = cohort_write(7, time, status, 1, x);
  late.entry = memory_copy(entry, 7, sizeof *entry);
  split.entry = memory_copy(entry, 7, sizeof *entry);
  split.stratum = memory_new(7, sizeof *split.stratum);
  split.n_strata = 2;
  for (size_t i = 3; i < 7; i++)
    split.stratum[i] = 1;
  for (int ties = TIES_EFRON; ties <= TIES_EXACT; ties++) {
    struct cox_options options = {.ties = (enum cox_ties)ties};
    struct cox_model model = cohort_fit(&late, options), expected = cohort_fit(&split, options);
    assert_near(model.beta[0], expected.beta[0], 1e-12);
    assert_near(model.loglik, expected.loglik, 1e-13);
    assert_near(model.std_error[0], expected.std_error[0], 1e-12);
    assert_near(model.concordance.estimate, expected.concordance.estimate, 1e-14);
    cox_model_clear(&model);
    cox_model_clear(&expected);
  }
  cohort_clear(&late);
  cohort_clear(&split);
}

/* A far outlier makes the first Newton steps overshoot; halving brings them back. */
static void test_outlier(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung);
  cohort.design[5 * 3] = 1e7;
  struct cox_model model = cohort_fit(&cohort, efron);
  assert_true(model.converged);
  assert_true(model.loglik >= model.loglik_null);
  assert_true(isfinite(model.std_error[0]));
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

static void test_iterations_run_out(void **state)
{
  (void)state;
  struct cox_model model = recipe_fit(&lung, (struct cox_options){.ties = TIES_EFRON, .max_iterations = 1});
  assert_false(model.converged);
  assert_int_equal(model.iterations, 1);
  cox_model_clear(&model);
}

static void test_cancelled(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung);
  struct survival_data data = cohort_data(&cohort);
  struct cox_model model;
  struct error error = ERROR_INIT;
  struct task task;
  for (int ties = TIES_EFRON; ties <= TIES_EXACT; ties++) {
    struct cox_options options = {.ties = (enum cox_ties)ties};
    task_init(&task);
    assert_int_equal(cox_fit(&data, cohort.design, 3, &options, &task, &model, &error), STATUS_OK);
    assert_near(task.done, 1, 0);
    cox_model_clear(&model);
    task_cancel(&task);
    assert_int_equal(cox_fit(&data, cohort.design, 3, &options, &task, &model, &error), STATUS_CANCELLED);
  }
  assert_null(error.what);
  cohort_clear(&cohort);
}

/* Thousands of columns take minutes to factor: between two rows the task is looked at. */
static void test_cancelled_factoring(void **state)
{
  (void)state;
  double matrix[] = {4, 2, 2, 3}, floor[] = {0, 0}, inverse[4];
  bool is_out[] = {false, false}, is_raised[] = {false, false};
  struct task task;
  struct ldl ldl;
  ldl_init(&ldl, 2);
  ldl.task = &task;
  task_init(&task);
  task_cancel(&task);
  ldl_factor(&ldl, matrix, floor);
  assert_near(ldl.pivot[0] + ldl.pivot[1], 0, 0);
  ldl_factor_raised(&ldl, matrix, floor, is_out, is_raised);
  assert_near(ldl.pivot[0] + ldl.pivot[1], 0, 0);
  task_init(&task);
  ldl_factor(&ldl, matrix, floor);
  assert_near(ldl.pivot[1], 2, 0);
  task_cancel(&task);
  ldl_invert(&ldl, memset(inverse, 0, sizeof inverse));
  assert_near(inverse[0] + inverse[3], 0, 0);
  ldl_clear(&ldl);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_aliased),
      cmocka_unit_test(test_constant_within_strata),
      cmocka_unit_test(test_nearly_collinear),
      cmocka_unit_test(test_separation),
      cmocka_unit_test(test_joint_separation),
      cmocka_unit_test(test_robust_separation),
      cmocka_unit_test(test_one_patient_flag),
      cmocka_unit_test(test_perfect_order),
      cmocka_unit_test(test_nothing_to_fit),
      cmocka_unit_test(test_no_columns),
      cmocka_unit_test(test_emptied_risk_sets),
      cmocka_unit_test(test_outlier),
      cmocka_unit_test(test_iterations_run_out),
      cmocka_unit_test(test_cancelled),
      cmocka_unit_test(test_cancelled_factoring),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
