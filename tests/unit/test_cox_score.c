/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The score test of further columns: coxph(init = c(beta, 0), iter.max = 0)$score, and the likelihood at a beta. */
#include "cox_case.h"
#include "stats/cox_score.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static struct cox_options options_of(enum cox_ties ties, enum weight_kind kind)
{
  return (struct cox_options){.ties = ties, .weight_kind = kind, .level = 0.95};
}

/* Fits the first columns and tests the last n_added. */
static struct score_test test_added(const struct cohort *cohort, size_t n_added, struct cox_options options)
{
  const size_t p = cohort->n_columns, n_base = p - n_added;
  struct survival_data data = cohort_data(cohort);
  struct cohort base = *cohort;
  struct score_test test;
  base.n_columns = n_base;
  base.design = memory_new(cohort->n * n_base, sizeof(double));
  for (size_t i = 0; i < cohort->n; i++)
    for (size_t j = 0; j < n_base; j++)
      base.design[i * n_base + j] = cohort->design[i * p + j];
  struct cox_model model = cohort_fit(&base, options);
  assert_int_equal(cox_score_test(&data, cohort->design, p, n_added, model.beta, &options, NULL, &test), STATUS_OK);
  cox_model_clear(&model);
  free(base.design);
  return test;
}

static double loglik_at(const struct cohort *cohort, const double *beta, enum cox_ties ties)
{
  struct survival_data data = cohort_data(cohort);
  const struct cox_options options = options_of(ties, WEIGHT_CASE);
  double loglik;
  assert_int_equal(cox_loglik(&data, cohort->design, cohort->n_columns, beta, &options, NULL, &loglik), STATUS_OK);
  return loglik;
}

/* ---- against R ---- */

struct known {
  struct recipe recipe;
  size_t n_added;
  enum cox_ties ties;
  double statistic, p_value;
};

#define LUNG .file = "lung.csv", .time = "time", .event = "status=2"
#define MP .file = "leukemia6mp.csv", .time = "weeks", .event = "relapse"
#define HEART .file = "heart.csv", .entry = "start", .time = "stop", .event = "event"

static const struct known known[] = {
    {{MP, .covariates = {"treat=6-MP"}}, 1, TIES_EFRON, 17.24653679572, 3.282954131416e-05},
    {{MP, .covariates = {"treat=6-MP"}}, 1, TIES_BRESLOW, 15.93053956403, 6.570987456243e-05},
    {{MP, .covariates = {"treat=6-MP"}}, 1, TIES_EXACT, 16.79294098922, 4.168809109335e-05},
    {{MP, .covariates = {"treat=6-MP", "pair"}}, 1, TIES_EFRON, 0.0285619997291, 0.8657943149163},
    {{MP, .covariates = {"treat=6-MP", "pair"}}, 1, TIES_BRESLOW, 0.03544573429945, 0.8506647069792},
    {{MP, .covariates = {"treat=6-MP", "pair"}}, 1, TIES_EXACT, 0.02036017054457, 0.8865357496836},
    {{HEART, .covariates = {"age", "year", "surgery", "transplant=yes"}},
     2,
     TIES_EFRON,
     3.115603553945,
     0.2105985052318},
    {{HEART, .covariates = {"age", "year", "surgery", "transplant=yes"}},
     2,
     TIES_BRESLOW,
     3.102998197665,
     0.21193003151},
    {{HEART, .stratum = "transplant=yes", .covariates = {"age", "surgery"}},
     1,
     TIES_EFRON,
     4.730954348064,
     0.02962444328526},
};

static void test_against_r(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(known); i++) {
    struct cohort cohort = cohort_read(&known[i].recipe);
    struct score_test test = test_added(&cohort, known[i].n_added, options_of(known[i].ties, WEIGHT_CASE));
    assert_near(test.statistic, known[i].statistic, 1e-9);
    assert_near(test.df, (double)known[i].n_added, 0);
    assert_near(test.p_value, known[i].p_value, 1e-8);
    cohort_clear(&cohort);
  }
}

/* lung, the 226 patients with both performance scores. */
static void test_lung(void **state)
{
  const struct recipe recipe = {LUNG, .covariates = {"age", "sex=male", "ph_ecog", "ph_karno"}};
  struct cohort cohort = cohort_read(&recipe), three = cohort;
  struct cox_options efron = options_of(TIES_EFRON, WEIGHT_CASE);
  (void)state;
  assert_int_equal(cohort.n, 226);
  struct score_test test = test_added(&cohort, 3, efron);
  assert_near(test.statistic, 27.2030027515, 1e-9);
  assert_near(test.df, 3, 0);
  assert_near(test.p_value, 5.337732681511e-06, 1e-8);
  three.n_columns = 3;
  three.design = memory_new(3 * cohort.n, sizeof(double));
  for (size_t i = 0; i < cohort.n; i++)
    memcpy(three.design + 3 * i, cohort.design + 4 * i, 3 * sizeof(double));
  test = test_added(&three, 3, efron); /* against the model of nothing */
  assert_near(test.statistic, 29.46944477689, 1e-9);
  assert_near(test.p_value, 1.784302679797e-06, 1e-8);
  three.n_columns = 2;
  for (size_t i = 0; i < cohort.n; i++)
    memcpy(three.design + 2 * i, cohort.design + 4 * i, 2 * sizeof(double));
  test = test_added(&three, 1, efron);
  assert_near(test.statistic, 8.989626832614, 1e-9);
  assert_near(test.p_value, 0.002715164407119, 1e-8);
  test = test_added(&three, 1, options_of(TIES_BRESLOW, WEIGHT_CASE));
  assert_near(test.statistic, 8.964525099729, 1e-9);
  free(three.design);
  cohort_clear(&cohort);
}

/* ovarian with 1.5 times the ECOG grade as case weights, and with the grade as frequencies. */
static void test_weights(void **state)
{
  const struct recipe recipe = {.file = "ovarian.csv",
                                .time = "futime",
                                .event = "fustat",
                                .weight = "ecog.ps",
                                .covariates = {"age", "resid.ds"}};
  struct cohort cohort = cohort_read(&recipe);
  (void)state;
  struct score_test test = test_added(&cohort, 1, options_of(TIES_EFRON, WEIGHT_FREQUENCY));
  assert_near(test.statistic, 0.5366968039982, 1e-9);
  assert_near(test.p_value, 0.4638049111404, 1e-9);
  for (size_t i = 0; i < cohort.n; i++)
    cohort.weight[i] *= 1.5;
  test = test_added(&cohort, 1, options_of(TIES_EFRON, WEIGHT_CASE));
  assert_near(test.statistic, 0.8638689541991, 1e-9);
  assert_near(test.p_value, 0.3526582523791, 1e-9);
  cohort_clear(&cohort);
}

static void test_loglik(void **state)
{
  const struct recipe ovarian = {
      .file = "ovarian.csv", .time = "futime", .event = "fustat", .covariates = {"age", "rx"}};
  const struct recipe mp = {MP, .covariates = {"treat=6-MP"}};
  const struct recipe heart = {HEART, .covariates = {"age", "transplant=yes"}};
  const struct recipe strata = {HEART, .stratum = "transplant=yes", .covariates = {"age"}};
  const double at_ovarian[] = {0.1, -0.5}, at_mp[] = {-1}, at_heart[] = {0.05, -0.3};
  (void)state;
  struct cohort cohort = cohort_read(&ovarian);
  assert_near(loglik_at(&cohort, at_ovarian, TIES_EFRON), -27.83955539287, 1e-11);
  cohort_clear(&cohort);
  cohort = cohort_read(&mp);
  assert_near(loglik_at(&cohort, at_mp, TIES_EFRON), -86.03186595922, 1e-11);
  assert_near(loglik_at(&cohort, at_mp, TIES_BRESLOW), -87.1963360076, 1e-11);
  assert_near(loglik_at(&cohort, at_mp, TIES_EXACT), -75.6749938703, 1e-11);
  cohort_clear(&cohort);
  cohort = cohort_read(&heart);
  assert_near(loglik_at(&cohort, at_heart, TIES_EFRON), -296.6364926998, 1e-11);
  cohort_clear(&cohort);
  cohort = cohort_read(&strata);
  assert_near(loglik_at(&cohort, at_heart, TIES_EFRON), -260.4195441014, 1e-11);
  cohort_clear(&cohort);
}

/* ---- identities ---- */

/* Against the model of nothing it is the model's own score statistic; at the estimate the likelihood is the model's,
 * and nothing moves when a covariate is counted from elsewhere. */
static void test_of_the_model(void **state)
{
  const struct recipe recipe = {LUNG, .covariates = {"age", "sex=male", "ph_ecog"}};
  struct cohort cohort = cohort_read(&recipe);
  struct cox_options options = options_of(TIES_EFRON, WEIGHT_CASE);
  struct cox_model model = cohort_fit(&cohort, options);
  const double nothing[] = {0, 0, 0};
  (void)state;
  struct score_test test = test_added(&cohort, 3, options);
  assert_near(test.statistic, model.score_statistic, 1e-12);
  assert_near(loglik_at(&cohort, model.beta, TIES_EFRON), model.loglik, 1e-13);
  assert_near(loglik_at(&cohort, nothing, TIES_EFRON), model.loglik_null, 1e-13);
  const struct score_test near = test_added(&cohort, 1, options);
  for (size_t i = 0; i < cohort.n * 3; i++)
    cohort.design[i] += i % 3 == 0 ? 1e6 : i % 3 == 2 ? -1e6 : 0;
  test = test_added(&cohort, 1, options);
  assert_near(test.statistic, near.statistic, 1e-7);
  assert_near(loglik_at(&cohort, model.beta, TIES_EFRON), model.loglik, 1e-10);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

/* Two samples without ties: the score test is the log-rank test, worked by hand. */
static void test_log_rank(void **state)
{
  static const double time[] = {1, 2, 3, 4}, group[] = {1, 1, 0, 0};
  static const int status[] = {1, 1, 1, 0};
  struct cohort cohort = cohort_write(4, time, status, 1, group);
  (void)state;
  /* expected in group 1: 2/4 + 1/3 + 0; variance 1/4 + 2/9 */
  const double difference = 2 - (1 / 2.0 + 1 / 3.0), variance = 1 / 4.0 + 2 / 9.0;
  struct score_test test = test_added(&cohort, 1, options_of(TIES_EFRON, WEIGHT_CASE));
  assert_near(test.statistic, difference * difference / variance, 1e-13);
  assert_near(test.df, 1, 0);
  /* log likelihood at beta: twice beta, less log(2 e + 2), log(e + 2), log 2 */
  const double one[] = {1};
  assert_near(loglik_at(&cohort, one, TIES_BRESLOW), 2 - log(2 * exp(1) + 2) - log(exp(1) + 2) - log(2), 1e-13);
  cohort_clear(&cohort);
}

/* ---- edges ---- */

static void assert_untestable(const struct cohort *cohort, size_t n_added)
{
  struct score_test test = test_added(cohort, n_added, options_of(TIES_EFRON, WEIGHT_CASE));
  assert_true(isnan(test.statistic));
  assert_near(test.df, 0, 0);
  assert_true(isnan(test.p_value));
}

/* A column that the others imply, or that is constant, adds nothing: 0 df; beside a real one it is not counted. */
static void test_aliased(void **state)
{
  const struct recipe recipe = {MP, .covariates = {"treat=6-MP", "treat=control"}};
  const struct recipe three = {MP, .covariates = {"treat=6-MP", "treat=control", "pair"}};
  struct cohort cohort = cohort_read(&recipe);
  (void)state;
  assert_untestable(&cohort, 1);
  for (size_t i = 0; i < cohort.n; i++)
    cohort.design[2 * i + 1] = 4;
  assert_untestable(&cohort, 1);
  cohort_clear(&cohort);
  cohort = cohort_read(&three);
  struct score_test test = test_added(&cohort, 2, options_of(TIES_EFRON, WEIGHT_CASE));
  assert_near(test.df, 1, 0);
  assert_near(test.statistic, 0.0285619997291, 1e-9);
  test = test_added(&cohort, 1, options_of(TIES_EFRON, WEIGHT_CASE)); /* beta of the second is NaN */
  assert_near(test.df, 1, 0);
  assert_near(test.statistic, 0.0285619997291, 1e-9);
  cohort_clear(&cohort);
}

static void test_nothing(void **state)
{
  static const double time[] = {1, 2, 3}, x[] = {0.5, 2, 1};
  static const int none[] = {0, 0, 0}, one[] = {0, 0, 1};
  (void)state;
  struct cohort cohort = cohort_write(3, time, none, 1, x);
  assert_untestable(&cohort, 1);
  assert_near(loglik_at(&cohort, x, TIES_EFRON), 0, 0);
  cohort_clear(&cohort);
  cohort = cohort_write(3, time, one, 1, x); /* the event is the last at risk */
  assert_untestable(&cohort, 1);
  assert_near(loglik_at(&cohort, x, TIES_EFRON), 0, 1e-12);
  cohort_clear(&cohort);
  cohort = cohort_write(1, time, one + 2, 1, x);
  assert_untestable(&cohort, 1);
  cohort_clear(&cohort);
  cohort = cohort_write(0, time, one, 1, x);
  assert_untestable(&cohort, 1);
  assert_near(loglik_at(&cohort, x, TIES_BRESLOW), 0, 0);
  cohort_clear(&cohort);
}

/* No column is added: 0 df. */
static void test_none_added(void **state)
{
  const struct recipe recipe = {MP, .covariates = {"treat=6-MP"}};
  struct cohort cohort = cohort_read(&recipe);
  (void)state;
  assert_untestable(&cohort, 0);
  cohort_clear(&cohort);
}

static void test_cancelled(void **state)
{
  const struct recipe recipe = {LUNG, .covariates = {"age", "sex=male"}};
  struct cohort cohort = cohort_read(&recipe);
  struct survival_data data = cohort_data(&cohort);
  const struct cox_options options = options_of(TIES_EFRON, WEIGHT_CASE);
  const double beta[] = {0, 0};
  struct score_test test;
  double loglik;
  struct task task;
  (void)state;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(cox_score_test(&data, cohort.design, 2, 1, beta, &options, &task, &test), STATUS_CANCELLED);
  assert_int_equal(cox_loglik(&data, cohort.design, 2, beta, &options, &task, &loglik), STATUS_CANCELLED);
  cohort_clear(&cohort);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_against_r), cmocka_unit_test(test_lung),     cmocka_unit_test(test_weights),
      cmocka_unit_test(test_loglik),    cmocka_unit_test(test_log_rank), cmocka_unit_test(test_of_the_model),
      cmocka_unit_test(test_aliased),   cmocka_unit_test(test_nothing),  cmocka_unit_test(test_none_added),
      cmocka_unit_test(test_cancelled),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
