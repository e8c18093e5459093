/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers taken apart: the steps end in what the engine says, and a textbook's steps are found again. */
#include "cox_case.h"

#include "stats/concordance.h"
#include "stats/cox_steps.h"
#include "stats/km_steps.h"
#include "stats/logrank.h"

/* Freireich's 6-MP arm: 3 of 21 relapse at 6, where one is censored, too. */
static const double mercaptopurine_time[] = {6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35};
static const uint8_t mercaptopurine_status[] = {1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0};

static void fit_curve(const struct survival_data *data, struct km_curve *curve)
{
  const struct km_options options = {.conf = CONF_LOG, .level = 0.95};
  assert_int_equal(km_fit(data, &options, NULL, curve), STATUS_OK);
}

static void test_textbook_curve(void **state)
{
  (void)state;
  const struct survival_data data = {.n = 21, .time = mercaptopurine_time, .status = mercaptopurine_status, .n_groups = 1,
                                     .n_strata = 1};
  static const double time[] = {6, 7, 10, 13, 16, 22, 23}, n_risk[] = {21, 17, 15, 12, 11, 7, 6};
  static const double n_event[] = {3, 1, 1, 1, 1, 1, 1}, n_censor[] = {0, 1, 1, 2, 0, 3, 0};
  static const double estimate[] = {0.8571428571428571, 0.8067226890756303, 0.7529411764705882, 0.6901960784313725,
                                    0.6274509803921569, 0.5378151260504201, 0.4481792717086835};
  struct km_curve curve;
  size_t n;
  double after;
  fit_curve(&data, &curve);
  struct km_step *steps = km_steps(&curve, INFINITY, &n, &after);
  assert_int_equal(n, 7);
  for (size_t i = 0; i < n; i++) {
    assert_true(steps[i].time == time[i] && steps[i].n_risk == n_risk[i] && steps[i].n_event == n_event[i]);
    assert_true(steps[i].n_censor == n_censor[i]);
    assert_near(steps[i].factor, 1 - n_event[i] / n_risk[i], 1e-15);
    assert_near(steps[i].estimate, estimate[i], 1e-14);
  }
  assert_true(after == 5);
  assert_near(steps[0].greenwood, 3.0 / (21 * 18), 1e-15);
  assert_near(steps[1].greenwood, 3.0 / (21 * 18) + 1.0 / (17 * 16), 1e-15);
  free(steps);
  steps = km_steps(&curve, 6, &n, &after);
  assert_int_equal(n, 1);
  assert_true(after == 1);
  free(steps);
  steps = km_steps(&curve, 5.9, &n, &after);
  assert_int_equal(n, 0);
  free(steps);
  km_curve_clear(&curve);
}

/* Near a number to 1e-12 of it. */
static void assert_same(double got, double expected)
{
  assert_near(got, expected, 1e-12);
}

static void check_curve(const struct survival_data *data)
{
  struct km_curve curve;
  size_t n;
  double after, product = 1, greenwood = 0, censored = 0, total = 0;
  fit_curve(data, &curve);
  struct km_step *steps = km_steps(&curve, INFINITY, &n, &after);
  for (size_t i = 0; i < n; i++) {
    product *= steps[i].factor;
    greenwood += steps[i].greenwood_term;
    censored += steps[i].n_censor;
    const struct km_point point = km_at(&curve, steps[i].time);
    assert_same(product, point.estimate);
    assert_same(steps[i].estimate, point.estimate);
    if (isfinite(greenwood) && !curve.event_square)
      assert_same(point.estimate * sqrt(greenwood), point.std_error);
    assert_true(steps[i].n_risk == point.n_risk);
  }
  for (size_t j = 0; j < curve.n_times; j++)
    total += curve.n_censor[j];
  if (n && steps[n - 1].estimate > 0)
    assert_same(censored + after, total);
  free(steps);
  km_curve_clear(&curve);
}

static void sum_moments(void *data, const struct logrank_moment *moment)
{
  double *sums = data; /* observed, expected, variance of group 0 */
  const double f = moment->group_risk[0] / moment->n_risk, n = moment->n_risk, d = moment->n_event;
  sums[0] += moment->group_event[0];
  sums[1] += d * f;
  sums[2] += n > 1 ? d * f * (1 - f) * (n - d) / (n - 1) : 0;
}

static void check_logrank(const struct survival_data *data, const double *covariate)
{
  uint32_t *group = memory_new(data->n, sizeof *group);
  struct survival_data grouped = *data;
  for (size_t i = 0; i < data->n; i++)
    group[i] = covariate[i] > 0;
  grouped.group = group;
  grouped.n_groups = 2;
  double sums[3] = {0, 0, 0};
  const struct logrank_options options = {.weight = LOGRANK_PLAIN, .visit = sum_moments, .visit_data = sums};
  struct logrank_result result;
  assert_int_equal(logrank_test(&grouped, &options, NULL, &result), STATUS_OK);
  assert_same(sums[0], result.observed[0]);
  assert_same(sums[1], result.expected[0]);
  assert_same(sums[2], result.covariance[0]);
  assert_near((sums[0] - sums[1]) * (sums[0] - sums[1]) / sums[2], result.statistic, 1e-10);
  logrank_result_clear(&result);
  free(group);
}

/* The score sums to 0, the log likelihood to the model's, the information to the diagonal of the inverse covariance. */
static void check_model(const struct cohort *cohort, const struct survival_data *data, struct cox_options options)
{
  struct cox_model model = cohort_fit(cohort, options);
  double largest = 0;
  options.level = 0.95;
  for (size_t c = 0; c < model.n_columns; c++) {
    struct cox_steps steps;
    double observed = 0, events = 0;
    assert_int_equal(cox_steps_compute(data, cohort->design, &model, &options, c, NULL, &steps), STATUS_OK);
    assert_near(steps.loglik, model.loglik, 1e-12);
    for (size_t i = 0; i < steps.n; i++) {
      observed += steps.steps[i].observed;
      events += steps.steps[i].n_event;
      largest = fmax(largest, fabs(steps.steps[i].score));
      assert_near(steps.steps[i].observed - steps.steps[i].expected, steps.steps[i].score, 1e-9);
    }
    assert_true(fabs(steps.score) <= 1e-6 * fmax(largest, 1));
    double expected_events = 0;
    for (size_t i = 0; i < cohort->n; i++)
      expected_events += cohort->status[i] == STATUS_EVENT ? (cohort->weight ? cohort->weight[i] : 1) : 0;
    assert_same(events, expected_events);
    const double *v = model.model_covariance; /* its inverse is the information */
    assert_near(steps.information, model.n_columns == 1 ? 1 / v[0] : v[c ? 0 : 3] / (v[0] * v[3] - v[1] * v[2]), 1e-8);
    cox_steps_clear(&steps);
  }
  cox_model_clear(&model);
}

/* The pairs of the steps are all pairs; each pair by itself is what it counts as. */
static void check_concordance(const struct survival_data *data, const double *score)
{
  const struct concordance found = concordance_compute(data, score, NULL, 0);
  struct concordance_step *steps;
  size_t n;
  double concordant = 0, discordant = 0, tied = 0, same_time = 0, counts[5] = {0};
  concordance_steps(data, score, &steps, &n);
  for (size_t i = 0; i < n; i++) {
    assert_true(i == 0 || steps[i].stratum > steps[i - 1].stratum || steps[i].time > steps[i - 1].time);
    concordant += steps[i].concordant;
    discordant += steps[i].discordant;
    tied += steps[i].tied_score;
    same_time += steps[i].tied_time;
  }
  free(steps);
  assert_same(concordant, found.concordant);
  assert_same(discordant, found.discordant);
  assert_same(tied, found.tied_score);
  assert_same(same_time, found.tied_time);
  for (size_t i = 0; i < data->n; i++)
    for (size_t j = 0; j < i; j++)
      counts[concordance_pair_of(data, score, i, j)] += survival_weight_of(data, i) * survival_weight_of(data, j);
  assert_near(counts[PAIR_CONCORDANT], found.concordant, 1e-9);
  assert_near(counts[PAIR_DISCORDANT], found.discordant, 1e-9);
  assert_near(counts[PAIR_TIED_SCORE], found.tied_score, 1e-9);
  assert_near(counts[PAIR_TIED_TIME], found.tied_time, 1e-9);
}

static void check(const struct recipe *recipe, struct cox_options options)
{
  struct cohort cohort = cohort_read(recipe);
  const struct survival_data data = cohort_data(&cohort);
  double *first = memory_new(cohort.n, sizeof *first);
  for (size_t i = 0; i < cohort.n; i++)
    first[i] = cohort.design[i * cohort.n_columns];
  struct survival_data whole = data;
  whole.stratum = NULL;
  whole.n_strata = 1;
  check_curve(&whole);
  check_logrank(&data, first);
  check_model(&cohort, &data, options);
  check_concordance(&data, first);
  free(first);
  cohort_clear(&cohort);
}

static const struct recipe lung = {
    .file = "lung.csv", .time = "time", .event = "status=2", .covariates = {"sex=male", "age"}};
static const struct recipe lung_one = {.file = "lung.csv", .time = "time", .event = "status=2", .covariates = {"sex=male"}};
static const struct recipe lung_strata = {.file = "lung.csv", .time = "time", .event = "status=2", .stratum = "ph_ecog",
                                          .covariates = {"sex=male", "age"}};
static const struct recipe lung_weights = {.file = "lung.csv", .time = "time", .event = "status=2", .weight = "pat_karno",
                                           .covariates = {"sex=male", "age"}};
static const struct recipe ties = {.file = "leukemia6mp.csv", .time = "weeks", .event = "relapse",
                                   .covariates = {"treat=6-MP"}};
static const struct recipe heart = {.file = "heart.csv", .time = "stop", .event = "event", .entry = "start",
                                    .covariates = {"transplant=yes", "age"}};

static void test_ties(void **state)
{
  (void)state;
  check(&lung, (struct cox_options){.ties = TIES_EFRON});
  check(&lung_one, (struct cox_options){.ties = TIES_BRESLOW});
  check(&ties, (struct cox_options){.ties = TIES_EFRON});
  check(&ties, (struct cox_options){.ties = TIES_BRESLOW});
}

static void test_strata(void **state)
{
  (void)state;
  check(&lung_strata, (struct cox_options){.ties = TIES_EFRON});
}

static void test_weights(void **state)
{
  (void)state;
  check(&lung_weights, (struct cox_options){.ties = TIES_EFRON});
  check(&lung_weights, (struct cox_options){.ties = TIES_BRESLOW, .weight_kind = WEIGHT_FREQUENCY});
}

static void test_entry(void **state)
{
  (void)state;
  check(&heart, (struct cox_options){.ties = TIES_EFRON});
}

/* Breslow by hand: three patients, one covariate, b = 0 at symmetric data is not the estimate; so b is found first and the
 * sums over the risk sets are then written down. */
static void test_by_hand(void **state)
{
  (void)state;
  static const double time[] = {1, 2, 3, 4}, x[] = {1, 0, 1, 0};
  static const int status[] = {1, 1, 1, 0};
  struct cohort cohort = cohort_write(4, time, status, 1, x);
  const struct survival_data data = cohort_data(&cohort);
  const struct cox_options options = {.ties = TIES_EFRON, .level = 0.95};
  struct cox_model model = cohort_fit(&cohort, options);
  struct cox_steps steps;
  assert_int_equal(cox_steps_compute(&data, cohort.design, &model, &options, 0, NULL, &steps), STATUS_OK);
  const double r = exp(model.beta[0]), risk[] = {2 * r + 2, r + 2, r + 1}, mean[] = {2 * r / (2 * r + 2), r / (r + 2), r / (r + 1)};
  assert_int_equal(steps.n, 3);
  for (size_t i = 0; i < 3; i++) {
    assert_near(steps.steps[i].risk_sum, risk[i], 1e-12);
    assert_near(steps.steps[i].mean, mean[i], 1e-12);
    assert_near(steps.steps[i].score, x[i] - mean[i], 1e-12);
    assert_near(steps.steps[i].information, mean[i] * (1 - mean[i]), 1e-12);
    assert_near(steps.steps[i].loglik, x[i] * model.beta[0] - log(risk[i]), 1e-12);
  }
  cox_steps_clear(&steps);
  cox_model_clear(&model);
  cohort_clear(&cohort);
}

static void test_nobody(void **state)
{
  (void)state;
  const struct survival_data data = {.n = 0, .n_groups = 1, .n_strata = 1};
  struct km_curve curve;
  size_t n;
  double after;
  fit_curve(&data, &curve);
  free(km_steps(&curve, INFINITY, &n, &after));
  assert_int_equal(n, 0);
  assert_true(after == 0);
  km_curve_clear(&curve);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_textbook_curve), cmocka_unit_test(test_ties),    cmocka_unit_test(test_strata),
      cmocka_unit_test(test_weights),        cmocka_unit_test(test_entry),   cmocka_unit_test(test_by_hand),
      cmocka_unit_test(test_nobody),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
