/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows taken several times or not at all: every role comes along, and a model sees so many equal rows. */
#include "cox_case.h"
#include "stats/resample.h"

static const double time_of[] = {1, 2, 2, 3, 5, 8}, entry_of[] = {0, 1, 0.5, 0, 2, 4},
                    weight_of[] = {1, 2, 0.5, 4, 1, 3};
static const uint8_t status_of[] = {1, 0, 2, 1, 1, 0};
static const uint32_t stratum_of[] = {0, 1, 1, 0, 1, 0}, group_of[] = {1, 1, 0, 0, 1, 0};
static const double design_of[] = {1, 10, 2, 20, 3, 30, 4, 40, 5, 50, 6, 60};
static const struct survival_data all_roles = {.n = 6,
                                               .time = time_of,
                                               .status = status_of,
                                               .entry = entry_of,
                                               .weight = weight_of,
                                               .group = group_of,
                                               .n_groups = 2,
                                               .stratum = stratum_of,
                                               .n_strata = 2};

static void test_every_role(void **state)
{
  static const uint32_t counts[] = {2, 0, 1, 3, 0, 1};
  static const size_t kept[] = {0, 2, 3, 5};
  struct resample resample;
  (void)state;
  resample_init(&resample, &all_roles, design_of, 2, counts);
  assert_int_equal(resample.data.n, 4);
  for (size_t k = 0; k < 4; k++) {
    const size_t i = kept[k];
    assert_int_equal(resample.row[k], i);
    assert_true(resample.data.time[k] == time_of[i]);
    assert_true(resample.data.entry[k] == entry_of[i]);
    assert_int_equal(resample.data.status[k], status_of[i]);
    assert_int_equal(resample.data.stratum[k], stratum_of[i]);
    assert_true(resample.data.weight[k] == counts[i] * weight_of[i]);
    assert_true(resample.design[2 * k] == design_of[2 * i] && resample.design[2 * k + 1] == design_of[2 * i + 1]);
  }
  assert_int_equal(resample.data.n_strata, 2);
  assert_null(resample.data.group);
  assert_int_equal(resample.data.n_groups, 1);
  resample_clear(&resample);
  assert_null(resample.row);
  assert_null(resample.data.time);
  resample_clear(&resample);
}

/* Only time and status; no design. */
static void test_few_roles(void **state)
{
  static const uint32_t counts[] = {1, 1, 0, 0, 0, 4};
  const struct survival_data data = {.n = 6, .time = time_of, .status = status_of, .n_groups = 1, .n_strata = 1};
  struct resample resample;
  (void)state;
  resample_init(&resample, &data, NULL, 0, counts);
  assert_int_equal(resample.data.n, 3);
  assert_true(resample.data.weight[0] == 1 && resample.data.weight[2] == 4);
  assert_null(resample.data.entry);
  assert_null(resample.data.stratum);
  assert_null(resample.design);
  assert_int_equal(resample.data.n_strata, 1);
  resample_clear(&resample);
}

static void test_nobody(void **state)
{
  static const uint32_t none[6] = {0};
  const struct survival_data empty = {.n = 0, .n_groups = 1, .n_strata = 1};
  struct resample resample;
  (void)state;
  resample_init(&resample, &all_roles, design_of, 2, none);
  assert_int_equal(resample.data.n, 0);
  resample_clear(&resample);
  resample_init(&resample, &empty, design_of, 0, none);
  assert_int_equal(resample.data.n, 0);
  resample_clear(&resample);
}

/* Everybody once: the same data; the model of a resample is that of the rows written out. */
static void test_model(void **state)
{
  static const double time[] = {1, 2, 3, 3, 5, 6, 7, 9}, x[] = {1.5, 0, 2, -1, 0.5, 1, -0.3, 0.2};
  static const int status[] = {1, 1, 1, 0, 1, 0, 1, 1};
  static const uint32_t counts[] = {1, 0, 2, 1, 3, 1, 0, 2}, ones[] = {1, 1, 1, 1, 1, 1, 1, 1};
  double long_time[10], long_x[10];
  int long_status[10];
  size_t n = 0;
  (void)state;
  for (size_t i = 0; i < 8; i++)
    for (uint32_t k = 0; k < counts[i]; k++, n++) {
      long_time[n] = time[i];
      long_status[n] = status[i];
      long_x[n] = x[i];
    }
  assert_int_equal(n, 10);
  struct cohort cohort = cohort_write(8, time, status, 1, x), rows = cohort_write(n, long_time, long_status, 1, long_x);
  struct cox_options options = {.ties = TIES_EFRON, .weight_kind = WEIGHT_FREQUENCY, .level = 0.95};
  struct survival_data data = cohort_data(&cohort);
  struct error error = ERROR_INIT;
  struct resample resample;
  struct cox_model got, expected = cohort_fit(&rows, options);
  resample_init(&resample, &data, cohort.design, 1, counts);
  assert_int_equal(cox_fit(&resample.data, resample.design, 1, &options, NULL, &got, &error), STATUS_OK);
  assert_near(got.beta[0], expected.beta[0], 1e-11);
  assert_near(got.std_error[0], expected.std_error[0], 1e-11);
  assert_near(got.loglik, expected.loglik, 1e-12);
  assert_near(got.n, 10, 0);
  assert_near(got.n_events, expected.n_events, 0);
  assert_near(got.concordance.estimate, expected.concordance.estimate, 1e-12);
  resample_clear(&resample);
  cox_model_clear(&got);
  cox_model_clear(&expected);
  resample_init(&resample, &data, cohort.design, 1, ones);
  assert_memory_equal(resample.time, cohort.time, sizeof time);
  assert_memory_equal(resample.design, cohort.design, sizeof x);
  resample_clear(&resample);
  cohort_clear(&cohort);
  cohort_clear(&rows);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_role),
      cmocka_unit_test(test_few_roles),
      cmocka_unit_test(test_nobody),
      cmocka_unit_test(test_model),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
