/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Firth's penalised likelihood: published small cases, separation, invariance. */
#include "cox_case.h"
#include "stats/cox_firth.h"
#include "stats/cox_penalty.h"

static struct cox_firth fit(const struct cohort *cohort, enum cox_ties ties)
{
  const struct cox_options options = {.ties = ties, .level = 0.95};
  struct survival_data data = cohort_data(cohort);
  struct cox_model model = cohort_fit(cohort, options);
  struct cox_firth firth;
  struct error error = ERROR_INIT;
  assert_int_equal(cox_firth_fit(&data, cohort->design, &model, &options, NULL, &firth, &error), STATUS_OK);
  cox_model_clear(&model);
  assert_true(firth.converged);
  return firth;
}

/* Therneau and Grambsch's first test data; coxphf's estimate and likelihood, which takes Breslow's form. */
static void test_six_patients(void **state)
{
  (void)state;
  const double time[] = {9, 1, 1, 6, 6, 8}, x[] = {0, 1, 1, 1, 0, 0};
  const int status[] = {1, 1, 0, 1, 1, 0};
  struct cohort cohort = cohort_write(6, time, status, 1, x);
  struct cox_firth firth = fit(&cohort, TIES_BRESLOW);
  assert_near(firth.beta[0], 1.304413149, 1e-8);
  assert_near(firth.loglik, -4.039933081, 1e-9);
  assert_true(firth.conf_low[0] < firth.beta[0] && firth.beta[0] < firth.conf_high[0]);
  cox_firth_clear(&firth);
  cohort_clear(&cohort);
}

/* R's infcox example: two columns that run off to minus infinity; coxphf's numbers. */
static void test_infinite_pair(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4, 5, 6, 7, 8}, shuffled[] = {0, 0, 0, 1, 1, 1, 0, 0};
  const int status[] = {1, 1, 1, 0, 0, 0, 0, 0};
  struct cohort cohort = cohort_write(8, time, status, 1, shuffled);
  struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = TIES_BRESLOW});
  assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
  struct cox_firth firth = fit(&cohort, TIES_BRESLOW);
  assert_true(isfinite(firth.beta[0]) && firth.beta[0] < 0);
  assert_true(isfinite(firth.conf_high[0]) && firth.conf_high[0] > firth.beta[0]);
  assert_true(firth.p_value[0] > 0 && firth.p_value[0] < 1);
  assert_true(firth.loglik > firth.loglik_null);
  cox_model_clear(&model);
  cox_firth_clear(&firth);
  cohort_clear(&cohort);
}

/* At the estimate a small step to either side is worse, with the penalty by finite differences of the information. */
static void test_gradient_is_that_of_the_penalty(void **state)
{
  (void)state;
  const struct recipe recipe = {.file = "veteran.csv", .time = "time", .event = "status", .stratum = "prior=yes",
                                .covariates = {"karno", "age", "trt=test"}};
  struct cohort cohort = cohort_read(&recipe);
  struct survival_data data = cohort_data(&cohort);
  const enum cox_ties forms[] = {TIES_EFRON, TIES_BRESLOW};
  for (size_t form = 0; form < 2; form++) {
    const struct cox_options options = {.ties = forms[form]};
    struct cox_problem problem;
    struct cox_evaluation at;
    cox_problem_init(&problem, &data, cohort.design, 3, &options);
    cox_write_design(&problem);
    cox_evaluation_init(&at, &problem);
    double beta[3] = {-0.4, 0.1, 0.2}, inverse[9], gradient[3], log_determinant[2];
    const double floor[3] = {0, 0, 0}, h = 1e-5;
    struct ldl factor;
    ldl_init(&factor, 3);
    assert_int_equal(cox_evaluate(&problem, beta, &at, NULL), STATUS_OK);
    assert_int_equal(cox_differentiate(&problem, &at, NULL), STATUS_OK);
    ldl_factor(&factor, at.information, floor);
    ldl_invert(&factor, inverse);
    cox_penalty_gradient(&problem, &at, inverse, gradient);
    for (size_t j = 0; j < 3; j++) {
      for (int side = 0; side < 2; side++) {
        const double middle = beta[j];
        beta[j] += side ? h : -h;
        assert_int_equal(cox_evaluate(&problem, beta, &at, NULL), STATUS_OK);
        assert_int_equal(cox_differentiate(&problem, &at, NULL), STATUS_OK);
        ldl_factor(&factor, at.information, floor);
        log_determinant[side] = log(factor.pivot[0]) + log(factor.pivot[1]) + log(factor.pivot[2]);
        beta[j] = middle;
      }
      assert_near(gradient[j], (log_determinant[1] - log_determinant[0]) / (4 * h), 1e-6);
    }
    ldl_clear(&factor);
    cox_evaluation_clear(&at);
    cox_problem_clear(&problem);
  }
  cohort_clear(&cohort);
}

/* A shift of 1e6 and a scale of 1e8 change nothing but the scale; an aliased column is left out. */
static void test_shift_scale_and_aliased(void **state)
{
  (void)state;
  const struct recipe recipe = {.file = "ovarian.csv", .time = "futime", .event = "fustat", .covariates = {"age", "rx"}};
  struct cohort cohort = cohort_read(&recipe), moved = cohort;
  moved.n_columns = 3;
  moved.design = memory_new(moved.n * 3, sizeof(double));
  for (size_t i = 0; i < moved.n; i++) {
    moved.design[i * 3] = 1e8 * cohort.design[i * 2];
    moved.design[i * 3 + 1] = 1e6 + cohort.design[i * 2 + 1];
    moved.design[i * 3 + 2] = 5;
  }
  struct cox_firth firth = fit(&cohort, TIES_EFRON), other = fit(&moved, TIES_EFRON);
  assert_near(other.beta[0] * 1e8, firth.beta[0], 1e-8);
  assert_near(other.conf_low[0] * 1e8, firth.conf_low[0], 1e-7);
  assert_near(other.beta[1], firth.beta[1], 1e-7);
  assert_near(other.p_value[1], firth.p_value[1], 1e-7);
  assert_true(isnan(other.beta[2]) && isnan(other.p_value[2]) && isnan(other.conf_high[2]));
  assert_near(other.lr_statistic, firth.lr_statistic, 1e-8);
  cox_firth_clear(&firth);
  cox_firth_clear(&other);
  free(moved.design);
  cohort_clear(&cohort);
}

static void test_refusals(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3}, x[] = {0, 1, 0};
  const int none[] = {0, 0, 0};
  struct cohort cohort = cohort_write(3, time, none, 1, x);
  struct survival_data data = cohort_data(&cohort);
  struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = TIES_EFRON});
  struct cox_options options = {.ties = TIES_EXACT, .level = 0.95};
  struct cox_firth firth;
  struct error error = ERROR_INIT;
  assert_int_equal(cox_firth_fit(&data, cohort.design, &model, &options, NULL, &firth, &error), STATUS_ERROR);
  assert_non_null(error.hint);
  error_clear(&error);
  options.ties = TIES_EFRON; /* without events nothing is estimable, and nothing fails */
  assert_int_equal(cox_firth_fit(&data, cohort.design, &model, &options, NULL, &firth, &error), STATUS_OK);
  assert_true(isnan(firth.beta[0]));
  cox_firth_clear(&firth);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_six_patients),
      cmocka_unit_test(test_infinite_pair),
      cmocka_unit_test(test_gradient_is_that_of_the_penalty),
      cmocka_unit_test(test_shift_scale_and_aliased),
      cmocka_unit_test(test_refusals),
  };
  cmocka_set_message_output(CM_OUTPUT_TAP);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
