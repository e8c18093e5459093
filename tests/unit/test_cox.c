/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cox's model: R's numbers on published data, and identities. */
#include "cox_case.h"

static const struct cox_options efron = {.ties = TIES_EFRON}, breslow = {.ties = TIES_BRESLOW};

static const struct recipe lung = {
    .file = "lung.csv", .time = "time", .event = "status=2", .covariates = {"age", "sex=male", "ph_ecog"}};

/* R codes sex 1, 2; the text's level male turns the sign of its coefficient. */
static void test_lung(void **state)
{
  (void)state;
  struct cox_model model = recipe_fit(&lung, efron);
  static const double beta[] = {.01106676456, .5526123957, .4637284754};
  static const double std_error[] = {.009267411014, .1677390538, .1135772662};
  assert_all_near(model.beta, beta, 1e-8);
  assert_all_near(model.std_error, std_error, 1e-8);
  assert_near(model.n, 227, 0);
  assert_near(model.n_events, 164, 0);
  assert_near(model.loglik_null, -744.4804558, 1e-9);
  assert_near(model.loglik, -729.2301214, 1e-9);
  assert_near(model.lr_statistic, 30.50066877, 1e-9);
  assert_near(model.wald_statistic, 29.92925121, 1e-8);
  assert_near(model.score_statistic, 30.4999227, 1e-8);
  assert_near(model.df, 3, 0);
  assert_near(model.concordance.estimate, .6371354930, 1e-9);
  assert_near(model.concordance.std_error, .02506797385, 1e-9);
  assert_near(model.concordance.concordant, 12544, 0);
  assert_near(model.concordance.discordant, 7117, 0);
  assert_near(model.concordance.tied_score, 126, 0);
  assert_true(model.converged);
  assert_false(model.robust);
  assert_in_range(model.iterations, 3, 6);
  cox_model_clear(&model);
}

static void test_lung_breslow(void **state)
{
  (void)state;
  struct cox_model model = recipe_fit(&lung, breslow);
  static const double beta[] = {.01104113635, .5518895698, .4629470406};
  static const double std_error[] = {.009266770114, .167742448, .1135740521};
  assert_all_near(model.beta, beta, 1e-8);
  assert_all_near(model.std_error, std_error, 1e-8);
  assert_near(model.loglik_null, -744.6928193, 1e-9);
  assert_near(model.loglik, -729.4887052, 1e-9);
  assert_near(model.score_statistic, 30.40640692, 1e-8);
  cox_model_clear(&model);
}

static void test_lung_robust(void **state)
{
  (void)state;
  struct cox_model model = recipe_fit(&lung, (struct cox_options){.ties = TIES_EFRON, .robust = true});
  static const double robust[] = {.009881392780, .164748428, .124158849}, own[] = {.009267411014, .1677390538};
  assert_all_near(model.std_error, robust, 1e-8);
  assert_true(model.robust);
  assert_near(sqrt(model.model_covariance[0]), own[0], 1e-8);
  assert_near(sqrt(model.model_covariance[4]), own[1], 1e-9);
  cox_model_clear(&model);
  struct recipe by_centre = lung;
  by_centre.cluster = "inst";
  model = recipe_fit(&by_centre, efron);
  static const double clustered[] = {.006888727, .112286680, .117615953};
  assert_all_near(model.std_error, clustered, 1e-7);
  assert_near(model.n, 226, 0);
  assert_true(model.robust);
  cox_model_clear(&model);
}

static void test_lung_strata(void **state)
{
  (void)state;
  struct recipe recipe = {
      .file = "lung.csv", .time = "time", .event = "status=2", .stratum = "sex=male", .covariates = {"age", "ph_ecog"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  static const double beta[] = {.0105662546, .4624244344}, std_error[] = {.009241373893, .1147610978};
  assert_all_near(model.beta, beta, 1e-8);
  assert_all_near(model.std_error, std_error, 1e-8);
  assert_near(model.loglik_null, -638.5097650, 1e-9);
  assert_near(model.loglik, -628.7709395, 1e-9);
  assert_near(model.concordance.estimate, .6058491828, 1e-9);
  assert_near(model.concordance.std_error, .02652388514, 1e-9);
  cox_model_clear(&model);
}

static void test_veteran(void **state)
{
  (void)state;
  struct recipe recipe = {.file = "veteran.csv",
                          .time = "time",
                          .event = "status",
                          .covariates = {"trt=test", "celltype=smallcell", "celltype=adeno", "celltype=large", "karno",
                                         "diagtime", "age", "prior=yes"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  /* prior is coded 0, 10 in R. */
  static const double beta[] = {.2946028215,   .8615604628,  1.196066374,    .4012916543,
                                -.03281532619, .00008132051, -.008706474946, .07159360190};
  assert_all_near(model.beta, beta, 2e-6);
  assert_near(model.beta[2], beta[2], 1e-9);
  assert_near(model.loglik_null, -505.4490549, 1e-9);
  assert_near(model.loglik, -474.3971117, 1e-9);
  assert_near(model.concordance.estimate, .73602907769, 1e-9);
  assert_near(model.concordance.std_error, .02117011768, 1e-8);
  cox_model_clear(&model);
  model = recipe_fit(&recipe, breslow);
  assert_near(model.beta[0], .2899358788, 1e-8);
  assert_near(model.loglik, -475.1793988, 1e-9);
  cox_model_clear(&model);
}

static void test_ovarian_and_gbsg(void **state)
{
  (void)state;
  struct recipe recipe = {
      .file = "ovarian.csv", .time = "futime", .event = "fustat", .covariates = {"age", "resid.ds", "rx", "ecog.ps"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  static const double ovarian[] = {.1248130788, .8261864408, -.9144999196, .3362116862};
  static const double std_error[] = {.04689036, .78961106, .65331563, .64392306};
  assert_all_near(model.beta, ovarian, 1e-9);
  assert_all_near(model.std_error, std_error, 1e-7);
  cox_model_clear(&model);
  recipe = (struct recipe){
      .file = "gbsg.csv",
      .time = "rfstime",
      .event = "status",
      .covariates = {"age", "meno=post", "size", "grade=II", "grade=III", "nodes", "pgr", "er", "hormon=yes"}};
  model = recipe_fit(&recipe, efron);
  static const double gbsg[] = {-.0094592389, .2584448409,  .0077960839, .6361117046, .7796542429,
                                .0487886004,  -.0022172357, .0001973107, -.3462784276};
  assert_all_near(model.beta, gbsg, 1e-6);
  assert_near(model.concordance.estimate, .69185102801, 1e-9);
  assert_near(model.concordance.std_error, .01495869672, 1e-9);
  cox_model_clear(&model);
}

static void test_delayed_entry(void **state)
{
  (void)state;
  struct recipe recipe = {.file = "heart.csv",
                          .time = "stop",
                          .event = "event",
                          .entry = "start",
                          .covariates = {"age", "year", "surgery", "transplant=yes"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  static const double beta[] = {.02716664096, -.14634634567, -.63720988997, -.01025077241};
  assert_all_near(model.beta, beta, 1e-8);
  assert_near(model.loglik_null, -298.1213557, 1e-9);
  assert_near(model.loglik, -290.5656162, 1e-9);
  cox_model_clear(&model);
}

/* Freireich's 6-MP data. */
static void test_leukaemia(void **state)
{
  (void)state;
  struct recipe recipe = {.file = "leukemia6mp.csv", .time = "weeks", .event = "relapse", .covariates = {"treat=6-MP"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  assert_near(model.beta[0], -1.572125149, 1e-9);
  cox_model_clear(&model);
  model = recipe_fit(&recipe, breslow);
  assert_near(model.beta[0], -1.509191413, 1e-9);
  cox_model_clear(&model);
}

/* Therneau and Grambsch's test data by hand: exp(beta) = (3 + sqrt(33)) / 2 under Breslow. */
static struct cohort textbook(void)
{
  static const double time[] = {9, 1, 1, 6, 6, 8}, x[] = {0, 1, 1, 1, 0, 0};
  static const int status[] = {1, 1, 0, 1, 1, 0};
  return cohort_write(6, time, status, 1, x);
}

static void test_textbook(void **state)
{
  (void)state;
  struct cohort cohort = textbook();
  struct cox_model model = cohort_fit(&cohort, breslow);
  assert_near(model.beta[0], log((3 + sqrt(33)) / 2), 1e-13);
  /* At beta = 0: risk sets of 6, 4 (twice) and 1. */
  assert_near(model.loglik_null, -log(6) - 2 * log(4), 1e-14);
  assert_near(model.centre[0], 0.5, 1e-15);
  cox_model_clear(&model);
  model = cohort_fit(&cohort, efron);
  assert_near(model.beta[0], 1.6768574856, 1e-10);
  assert_near(model.loglik_null, -log(6) - log(4) - log(3), 1e-14);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* Survival at 180 and 365.25 days of a woman of 60 with ecog 1, from the baseline. */
static void test_baseline(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung);
  struct survival_data data = cohort_data(&cohort);
  static const double expected[2][2] = {{.8049943420, .5337438342}, {.8052372401, .5341173649}};
  for (int k = 0; k < 2; k++) {
    struct cox_options options = k == 0 ? efron : breslow;
    struct cox_model model = cohort_fit(&cohort, options);
    struct cox_baseline baseline;
    assert_int_equal(cox_baselines(&data, &model, &options, &baseline, NULL), STATUS_OK);
    double risk = exp(60 * model.beta[0] + model.beta[2]), at_180 = 0, at_year = 0;
    for (size_t t = 0; t < baseline.n_times; t++) {
      at_180 = baseline.time[t] <= 180 ? baseline.hazard[t] : at_180;
      at_year = baseline.time[t] <= 365.25 ? baseline.hazard[t] : at_year;
    }
    assert_near(exp(-at_180 * risk), expected[k][0], 1e-9);
    assert_near(exp(-at_year * risk), expected[k][1], 1e-9);
    cox_baseline_clear(&baseline);
    cox_model_clear(&model);
  }
  cohort_clear(&cohort);
}

/* With strata each has its own baseline: that of the stratum fitted alone at the same linear predictor. */
static void test_baseline_of_strata(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3, 4}, x[] = {0, 0, 0, 0};
  static const int status[] = {1, 1, 1, 1};
  struct cohort cohort = cohort_write(4, time, status, 1, x);
  uint32_t stratum[] = {0, 1, 0, 1};
  struct survival_data data = cohort_data(&cohort);
  data.stratum = stratum;
  data.n_strata = 3; /* the last one empty */
  struct cox_model model;
  struct cox_baseline baselines[3];
  assert_int_equal(cox_fit(&data, cohort.design, 1, &efron, NULL, &model, NULL), STATUS_OK);
  assert_int_equal(cox_baselines(&data, &model, &efron, baselines, NULL), STATUS_OK);
  for (size_t s = 0; s < 2; s++) {
    assert_int_equal(baselines[s].n_times, 2);
    assert_near(baselines[s].time[0], (double)(1 + s), 0);
    assert_near(baselines[s].hazard[0], 0.5, 1e-15);
    assert_near(baselines[s].hazard[1], 1.5, 1e-15);
  }
  assert_int_equal(baselines[2].n_times, 0);
  for (size_t s = 0; s < 3; s++)
    cox_baseline_clear(&baselines[s]);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* The score test of two groups without ties is the log-rank test, here by hand. */
static void test_score_is_logrank(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3, 4, 5, 6, 7, 8}, x[] = {1, 1, 0, 1, 0, 1, 0, 0};
  static const int status[] = {1, 1, 1, 0, 1, 1, 0, 1};
  double observed = 0, expected = 0, variance = 0;
  for (size_t i = 0; i < 8; i++) {
    double share = 0;
    if (!status[i])
      continue;
    for (size_t k = i; k < 8; k++)
      share += x[k] / (double)(8 - i);
    observed += x[i];
    expected += share;
    variance += share * (1 - share);
  }
  struct cohort cohort = cohort_write(8, time, status, 1, x);
  struct cox_model model = cohort_fit(&cohort, efron);
  assert_near(model.score_statistic, (observed - expected) * (observed - expected) / variance, 1e-13);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

static void test_shift_and_scale(void **state)
{
  (void)state;
  struct cohort cohort = cohort_read(&lung);
  struct cox_model plain = cohort_fit(&cohort, efron);
  for (size_t i = 0; i < cohort.n; i++) {
    cohort.design[i * 3] += 1e10;
    cohort.design[i * 3 + 1] *= 1e8;
    cohort.design[i * 3 + 2] = cohort.design[i * 3 + 2] * 1e-8 - 5;
  }
  struct cox_model moved = cohort_fit(&cohort, efron);
  static const double scale[] = {1, 1e8, 1e-8};
  for (size_t j = 0; j < 3; j++) {
    assert_near(moved.beta[j] * scale[j], plain.beta[j], 1e-6);
    assert_near(moved.std_error[j] * scale[j], plain.std_error[j], 1e-6);
  }
  assert_near(moved.loglik, plain.loglik, 1e-10);
  assert_near(moved.score_statistic, plain.score_statistic, 1e-6);
  assert_near(moved.concordance.estimate, plain.concordance.estimate, 1e-12);
  cox_model_clear(&plain);
  cox_model_clear(&moved);
  cohort_clear(&cohort);
}

static void swap_rows(struct cohort *cohort, size_t a, size_t b)
{
  uint8_t status = cohort->status[a];
  cohort->status[a] = cohort->status[b];
  cohort->status[b] = status;
  for (size_t j = 0; j < cohort->n_columns; j++) {
    double x = cohort->design[a * cohort->n_columns + j];
    cohort->design[a * cohort->n_columns + j] = cohort->design[b * cohort->n_columns + j];
    cohort->design[b * cohort->n_columns + j] = x;
  }
}

static void test_row_order(void **state)
{
  (void)state;
  struct recipe recipe = {.file = "ties.csv", .time = "time", .event = "status", .covariates = {"arm=B", "marker"}};
  struct cohort cohort = cohort_read(&recipe);
  struct cox_model model = cohort_fit(&cohort, efron);
  for (size_t i = 0; i + 3 < cohort.n; i += 2)
    if (cohort.time[i] == cohort.time[i + 3])
      swap_rows(&cohort, i, i + 3);
  struct cox_model other = cohort_fit(&cohort, efron);
  assert_near(other.beta[1], model.beta[1], 1e-12);
  assert_near(other.std_error[1], model.std_error[1], 1e-12);
  assert_near(other.loglik, model.loglik, 1e-13);
  assert_near(other.concordance.std_error, model.concordance.std_error, 1e-12);
  cox_model_clear(&model);
  cox_model_clear(&other);
  cohort_clear(&cohort);
}

/* Each row as many times as its weight says. */
static struct cohort replicate(const struct cohort *cohort)
{
  struct case_row *rows = NULL;
  size_t n = 0, capacity = 0;
  bool has[N_ROLES] = {[ROLE_TIME] = true, [ROLE_EVENT] = true, [ROLE_STRATUM] = cohort->stratum != NULL};
  for (size_t i = 0; i < cohort->n; i++) {
    struct case_row row = {.role = {cohort->time[i], cohort->status[i]}};
    row.role[ROLE_STRATUM] = cohort->stratum ? cohort->stratum[i] : 0;
    for (size_t j = 0; j < cohort->n_columns; j++)
      row.x[j] = cohort->design[i * cohort->n_columns + j];
    for (double copy = 0; copy < cohort->weight[i]; copy++)
      MEMORY_APPEND(rows, n, capacity, row);
  }
  struct cohort copies = cohort_of_rows(rows, n, cohort->n_columns, has);
  free(rows);
  return copies;
}

static void compare_with_copies(const struct recipe *recipe, struct cox_options options)
{
  struct cohort counted = cohort_read(recipe), copies = replicate(&counted);
  options.weight_kind = WEIGHT_FREQUENCY;
  struct cox_model model = cohort_fit(&counted, options), expected = cohort_fit(&copies, options);
  size_t p = counted.n_columns;
  for (size_t j = 0; j < p; j++) {
    assert_near(model.beta[j], expected.beta[j], 1e-11);
    assert_near(model.std_error[j], expected.std_error[j], 1e-11);
  }
  assert_near(model.n, (double)copies.n, 0);
  assert_near(model.n_events, expected.n_events, 0);
  assert_near(model.loglik_null, expected.loglik_null, 1e-12);
  assert_near(model.loglik, expected.loglik, 1e-12);
  assert_near(model.wald_statistic, expected.wald_statistic, 1e-10);
  assert_near(model.score_statistic, expected.score_statistic, 1e-10);
  assert_near(model.concordance.estimate, expected.concordance.estimate, 1e-12);
  assert_near(model.concordance.std_error, expected.concordance.std_error, 1e-12);
  cox_model_clear(&model);
  cox_model_clear(&expected);
  cohort_clear(&counted);
  cohort_clear(&copies);
}

static void test_frequency_is_replication(void **state)
{
  (void)state;
  struct recipe recipe = {
      .file = "ties.csv", .time = "time", .event = "status", .weight = "fw", .covariates = {"arm=B", "marker"}};
  for (int ties = TIES_EFRON; ties <= TIES_EXACT; ties++)
    compare_with_copies(&recipe, (struct cox_options){.ties = (enum cox_ties)ties});
  compare_with_copies(&recipe, (struct cox_options){.ties = TIES_EFRON, .robust = true});
  recipe.stratum = "arm=B";
  recipe.covariates[0] = "marker";
  recipe.covariates[1] = NULL;
  for (int ties = TIES_EFRON; ties <= TIES_EXACT; ties++)
    compare_with_copies(&recipe, (struct cox_options){.ties = (enum cox_ties)ties});
}

/* A fit without its concordance, or without that one's error, is the same else. */
static void test_concordance_wanted(void **state)
{
  (void)state;
  const struct recipe recipe = {
      .file = "ties.csv", .time = "time", .event = "status", .weight = "fw", .stratum = "arm=B", .covariates = {"marker"}};
  struct cox_options options = {.ties = TIES_EFRON, .weight_kind = WEIGHT_FREQUENCY, .level = 0.95};
  struct cox_model whole = recipe_fit(&recipe, options);
  options.concordance = CONCORDANCE_ESTIMATE;
  struct cox_model estimate = recipe_fit(&recipe, options);
  options.concordance = CONCORDANCE_NONE;
  struct cox_model none = recipe_fit(&recipe, options);
  assert_true(whole.concordance.std_error > 0 && whole.concordance.estimate > 0.5);
  assert_near(estimate.concordance.estimate, whole.concordance.estimate, 0);
  assert_true(isnan(estimate.concordance.std_error) && isnan(none.concordance.std_error) && isnan(none.concordance.estimate));
  assert_near(none.beta[0], whole.beta[0], 0);
  assert_near(none.loglik, whole.loglik, 0);
  cox_model_clear(&whole);
  cox_model_clear(&estimate);
  cox_model_clear(&none);
}

/* Whole case weights keep the model's variance, others give the sandwich; n counts rows. */
static void test_case_weights(void **state)
{
  (void)state;
  struct recipe recipe = {
      .file = "ties.csv", .time = "time", .event = "status", .weight = "fw", .covariates = {"arm=B", "marker"}};
  struct cox_model model = recipe_fit(&recipe, efron);
  assert_false(model.robust);
  assert_near(model.n, 150, 0);
  cox_model_clear(&model);
  recipe.weight = "w";
  model = recipe_fit(&recipe, efron);
  assert_true(model.robust);
  assert_near(model.n, 150, 0);
  cox_model_clear(&model);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_lung),
      cmocka_unit_test(test_lung_breslow),
      cmocka_unit_test(test_concordance_wanted),
      cmocka_unit_test(test_lung_robust),
      cmocka_unit_test(test_lung_strata),
      cmocka_unit_test(test_veteran),
      cmocka_unit_test(test_ovarian_and_gbsg),
      cmocka_unit_test(test_delayed_entry),
      cmocka_unit_test(test_leukaemia),
      cmocka_unit_test(test_textbook),
      cmocka_unit_test(test_baseline),
      cmocka_unit_test(test_baseline_of_strata),
      cmocka_unit_test(test_score_is_logrank),
      cmocka_unit_test(test_shift_and_scale),
      cmocka_unit_test(test_row_order),
      cmocka_unit_test(test_frequency_is_replication),
      cmocka_unit_test(test_case_weights),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
