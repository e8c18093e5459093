/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Residuals against R's, identities of residuals, the proportionality test, robust curves. */
#include "cox_case.h"
#include "stats/cox_residuals.h"
#include "stats/km.h"
#include "stats/zph.h"

static const struct recipe aml = {.file = "aml.csv", .time = "time", .event = "status", .covariates = {"x=Nonmaintained"}};
static const struct recipe lung = {
    .file = "lung.csv", .time = "time", .event = "status=2", .covariates = {"age", "sex=male", "ph_ecog"}};

static struct cox_residuals compute(const struct cohort *cohort, const struct cox_model *model, enum cox_ties ties)
{
  const struct cox_options options = {.ties = ties};
  struct survival_data data = cohort_data(cohort);
  struct cox_residuals residuals;
  assert_int_equal(cox_residuals_compute(&data, cohort->design, model, &options, NULL, &residuals), STATUS_OK);
  return residuals;
}

/* R's residuals(coxph(Surv(time, status) ~ x, aml), type), the rows there in file order: found here by time and group. */
static void test_aml(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&aml);
  struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = TIES_EFRON});
  struct cox_residuals residuals = compute(&cohort, &model, TIES_EFRON);
  const double time[] = {9, 13, 13, 18, 23, 28};
  const double martingale[] = {0.859675930847,  0.789944565153, -0.210055434847,
                               0.746444803972, 0.676262687875, -0.402523130845};
  const double deviance[] = {1.486018048907, 1.241321265817, -0.648159602023,
                             1.118685782398, 0.950326437818, -0.897243702507};
  const double score[] = {-0.548409748334, -0.494237103453, 0.141951073523,
                          -0.481688909634, -0.462166816928, 0.271386585795};
  const double dfbeta[] = {-0.1437254182406, -0.1295280301263, 0.0372020692078,
                           -0.1262394408730, -0.1211231551986, 0.0711241013982};
  for (size_t k = 0; k < 6; k++) {
    const uint8_t status = k == 2 || k == 5 ? STATUS_CENSORED : STATUS_EVENT;
    size_t i = 0;
    while (cohort.time[i] != time[k] || cohort.status[i] != status || cohort.design[i] != 0)
      i++;
    assert_near(residuals.martingale[i], martingale[k], 1e-10);
    assert_near(residuals.deviance[i], deviance[k], 1e-10);
    assert_near(residuals.score[i], score[k], 1e-10);
    assert_near(residuals.dfbeta[i], dfbeta[k], 1e-10);
  }
  assert_int_equal(residuals.n_events, 18);
  assert_near(residuals.schoenfeld[0], 0.277155290442, 1e-10);
  assert_near(residuals.schoenfeld[4], -0.644987707742, 1e-10);
  assert_near(residuals.scaled_schoenfeld[2], 2.41151277497, 1e-10);
  cox_residuals_clear(&residuals);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* R's residuals(coxph(weights = w), "dfbeta"): leaving a row out takes its whole weight away; of a frequency it takes one. */
static void test_weighted_dfbeta(void **state)
{
  (void)state;
  const double time[] = {1, 1, 2, 2, 3, 3, 4, 5}, x[] = {1, 1, 1, 0, 2, 0, 0, 3}, weight[] = {2, .5, 1, 2, 1, .5, .5, 1};
  const uint8_t status[] = {1, 0, 1, 1, 1, 0, 1, 1};
  const double expected[] = {0.067663912189,  -0.004814908539, 0.020108368136, -0.016939623033,
                             -0.003275937925, 0.097218263689,  0.063986958381, -0.223947032896};
  const struct survival_data data = {.n = 8, .time = time, .status = status, .weight = weight, .n_groups = 1, .n_strata = 1};
  const double whole[] = {2, 1, 1, 2, 1, 1, 1, 1};
  struct survival_data repeated = data;
  struct cox_options options = {.ties = TIES_EFRON, .level = 0.95};
  struct cox_model model;
  struct cox_residuals residuals;
  assert_int_equal(cox_fit(&data, x, 1, &options, NULL, &model, NULL), STATUS_OK);
  assert_near(model.beta[0], -0.375683714963, 1e-9);
  assert_int_equal(cox_residuals_compute(&data, x, &model, &options, NULL, &residuals), STATUS_OK);
  for (size_t i = 0; i < 8; i++)
    assert_near(residuals.dfbeta[i], expected[i], 1e-9);
  cox_residuals_clear(&residuals);
  cox_model_clear(&model);

  repeated.weight = whole;
  options.weight_kind = WEIGHT_FREQUENCY;
  assert_int_equal(cox_fit(&repeated, x, 1, &options, NULL, &model, NULL), STATUS_OK);
  assert_int_equal(cox_residuals_compute(&repeated, x, &model, &options, NULL, &residuals), STATUS_OK);
  for (size_t i = 0; i < 8; i++)
    assert_near(residuals.dfbeta[i], residuals.score[i] * model.model_covariance[0], 1e-12);
  cox_residuals_clear(&residuals);
  cox_model_clear(&model);
}

/* Martingale residuals sum to 0 in each stratum, score and Schoenfeld residuals by column; also with delayed entry. */
static void test_sums(void **state)
{
  (void)state;
  const struct recipe heart = {.file = "heart.csv", .time = "stop", .event = "event", .entry = "start",
                               .stratum = "surgery", .covariates = {"age", "year"}};
  const struct recipe *recipes[] = {&lung, &heart};
  for (size_t r = 0; r < 2; r++) {
    struct cohort cohort = cohort_read(recipes[r]);
    const size_t p = cohort.n_columns;
    struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = TIES_EFRON});
    struct cox_residuals residuals = compute(&cohort, &model, TIES_EFRON);
    double martingale[2] = {0, 0};
    for (size_t i = 0; i < cohort.n; i++)
      martingale[cohort.stratum ? cohort.stratum[i] : 0] += residuals.martingale[i];
    assert_near(1 + martingale[0], 1, 1e-9);
    assert_near(1 + martingale[1], 1, 1e-9);
    for (size_t j = 0; j < p; j++) {
      double score = 0, schoenfeld = 0;
      for (size_t i = 0; i < cohort.n; i++)
        score += residuals.score[i * p + j];
      for (size_t i = 0; i < residuals.n_events; i++)
        schoenfeld += residuals.schoenfeld[i * p + j];
      assert_near(1 + score, 1, 1e-7);
      assert_near(1 + schoenfeld, 1, 1e-7);
    }
    cox_residuals_clear(&residuals);
    cox_model_clear(&model);
    cohort_clear(&cohort);
  }
}

/* dfbeta is about what leaving the row out does. */
static void test_dfbeta_is_deletion(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung), less = cohort;
  struct cox_model model = cohort_fit(&cohort, (struct cox_options){.ties = TIES_EFRON});
  struct cox_residuals residuals = compute(&cohort, &model, TIES_EFRON);
  less.n--;
  less.time++;
  less.status++;
  less.design += 3;
  struct cox_model without = cohort_fit(&less, (struct cox_options){.ties = TIES_EFRON});
  for (size_t j = 0; j < 3; j++)
    assert_near(residuals.dfbeta[j], model.beta[j] - without.beta[j], 0.1);
  cox_model_clear(&without);
  cox_residuals_clear(&residuals);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* ---- zph ---- */

static void zph_of(const struct cohort *cohort, const struct zph_term *terms, size_t n_terms,
                   enum zph_transform transform, struct zph_test *tests)
{
  const struct cox_options options = {.ties = TIES_EFRON};
  struct survival_data data = cohort_data(cohort);
  struct cox_model model = cohort_fit(cohort, options);
  struct error error = ERROR_INIT;
  assert_int_equal(zph_test(&data, cohort->design, &model, &options, terms, n_terms, transform, NULL, NULL, tests, &error),
                   STATUS_OK);
  cox_model_clear(&model);
}

static const struct zph_term three_terms[] = {{0, 1}, {1, 1}, {2, 1}};

/* R's cox.zph() of lung; the golden numbers of survival 3.5. */
static void test_zph_lung(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung);
  struct zph_test tests[4];
  zph_of(&cohort, three_terms, 3, ZPH_KM, tests);
  assert_near(tests[0].statistic, 0.1879876737, 1e-8);
  assert_near(tests[1].statistic, 2.3054372274, 1e-8);
  assert_near(tests[2].statistic, 2.0542487741, 1e-8);
  assert_near(tests[3].statistic, 4.4636575888, 1e-8);
  assert_near(tests[3].p_value, 0.2155549453, 1e-8);
  assert_near(tests[3].df, 3, 0);
  zph_of(&cohort, three_terms, 3, ZPH_RANK, tests);
  assert_near(tests[3].statistic, 4.71068, 1e-5);
  zph_of(&cohort, three_terms, 3, ZPH_IDENTITY, tests);
  assert_near(tests[3].statistic, 4.119383, 1e-6);
  zph_of(&cohort, three_terms, 3, ZPH_LOG, tests);
  assert_near(tests[3].statistic, 5.389821, 1e-6);
  cohort_clear(&cohort);
}

/* Scale and shift of covariates and of time (identity) change nothing; an aliased column is no degree of freedom. */
static void test_zph_invariance(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung), moved = cohort;
  struct zph_test tests[4], other[4];
  zph_of(&cohort, three_terms, 3, ZPH_IDENTITY, tests);
  moved.design = memory_new(cohort.n * 4, sizeof(double));
  moved.time = memory_new(cohort.n, sizeof(double));
  moved.n_columns = 4;
  for (size_t i = 0; i < cohort.n; i++) {
    moved.time[i] = 1e4 + 3 * cohort.time[i];
    for (size_t j = 0; j < 3; j++)
      moved.design[i * 4 + j] = 1e8 * cohort.design[i * 3 + j] - 1e9;
    moved.design[i * 4 + 3] = cohort.design[i * 3] - cohort.design[i * 3 + 1];
  }
  const struct zph_term terms[] = {{0, 1}, {1, 1}, {2, 2}};
  zph_of(&moved, terms, 3, ZPH_IDENTITY, other);
  for (size_t t = 0; t < 4; t++) {
    assert_near(other[t].statistic, tests[t].statistic, 1e-7);
    assert_near(other[t].df, tests[t].df, 0);
  }
  free(moved.design);
  free(moved.time);
  cohort_clear(&cohort);
}

static void test_zph_refuses_log_of_zero(void **state)
{
  (void)state;
  const double time[] = {0, 2, 3}, x[] = {0, 1, 0};
  const int status[] = {1, 1, 0};
  struct cohort cohort = cohort_write(3, time, status, 1, x);
  const struct cox_options options = {.ties = TIES_EFRON};
  struct survival_data data = cohort_data(&cohort);
  struct cox_model model = cohort_fit(&cohort, options);
  struct zph_test tests[2];
  struct error error = ERROR_INIT;
  assert_int_equal(zph_test(&data, cohort.design, &model, &options, three_terms, 1, ZPH_LOG, NULL, NULL, tests, &error),
                   STATUS_ERROR);
  error_clear(&error);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* ---- curves with weights that are not whole ---- */

/* R's survfit(Surv(time, status) ~ 1, aml, weights = rep(c(1.5, 0.7, 1.1), length.out = 23)), its errors robust. */
static void test_robust_curve(void **state)
{
  (void)state;
  struct table table = table_read("aml.csv");
  struct case_row *rows = memory_new(table.n, sizeof *rows);
  const double weights[] = {1.5, 0.7, 1.1};
  const bool has[N_ROLES] = {[ROLE_TIME] = true, [ROLE_EVENT] = true, [ROLE_WEIGHT] = true};
  for (size_t i = 0; i < table.n; i++) {
    rows[i].role[ROLE_TIME] = table_value(&table, i, "time", NULL);
    rows[i].role[ROLE_EVENT] = table_value(&table, i, "status", NULL);
    rows[i].role[ROLE_WEIGHT] = weights[i % 3];
  }
  struct cohort cohort = cohort_of_rows(rows, table.n, 0, has);
  struct survival_data data = cohort_data(&cohort);
  const struct km_options options = {.conf = CONF_LOG, .level = 0.95};
  struct km_curve curve;
  assert_int_equal(km_fit(&data, &options, NULL, &curve), STATUS_OK);
  assert_near(curve.std_error[0], 0.0692523845044, 1e-10);
  assert_near(curve.std_error[4], 0.1028108928589, 1e-10);
  assert_near(curve.std_error[9], 0.1128920716034, 1e-10);
  assert_near(curve.std_error[16], 0.0505776347293, 1e-10);
  assert_near(curve.conf_low[4], 0.505455255160, 1e-10);
  km_curve_clear(&curve);
  /* Whole weights are frequencies: Greenwood's error, and the mean's; made robust they would be the same. */
  for (size_t i = 0; i < cohort.n; i++)
    cohort.weight[i] = 1;
  assert_int_equal(km_fit(&data, &options, NULL, &curve), STATUS_OK);
  struct km_mean greenwood = km_restricted_mean(&curve, 40, false);
  km_curve_clear(&curve);
  for (size_t i = 0; i < cohort.n; i++)
    cohort.weight[i] = 1 + 1e-13; /* not whole, but for rounding 1 */
  assert_int_equal(km_fit(&data, &options, NULL, &curve), STATUS_OK);
  assert_non_null(curve.event_square);
  assert_near(km_restricted_mean(&curve, 40, false).std_error, greenwood.std_error, 1e-9);
  km_curve_clear(&curve);
  cohort_clear(&cohort);
  free(rows);
  table_clear(&table);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_aml),
      cmocka_unit_test(test_sums),
      cmocka_unit_test(test_dfbeta_is_deletion),
      cmocka_unit_test(test_weighted_dfbeta),
      cmocka_unit_test(test_zph_lung),
      cmocka_unit_test(test_zph_invariance),
      cmocka_unit_test(test_zph_refuses_log_of_zero),
      cmocka_unit_test(test_robust_curve),
  };
  cmocka_set_message_output(CM_OUTPUT_TAP);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
