/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log-rank family: printed numbers, a plain computation beside the fast one, and the identities. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats/logrank.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct logrank_options plain = {.weight = LOGRANK_PLAIN};

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static struct logrank_result test_groups(const struct survival_data *data, const struct logrank_options *options)
{
  struct logrank_result result;
  assert_int_equal(logrank_test(data, options, NULL, &result), STATUS_OK);
  return result;
}

static double statistic_of(const struct survival_data *data, const struct logrank_options *options)
{
  struct logrank_result result = test_groups(data, options);
  double statistic = result.statistic;
  logrank_result_clear(&result);
  return statistic;
}

/* Freireich's 6-MP trial: group 0 6-MP, group 1 placebo. */
static const double remission_time[] = {1,  1,  2,  2,  3,  4,  4,  5,  5,  6,  6,  6,  6,  7,
                                        8,  8,  8,  8,  9,  10, 10, 11, 11, 11, 12, 12, 13, 15,
                                        16, 17, 17, 19, 20, 22, 22, 23, 23, 25, 32, 32, 34, 35};
static const uint8_t remission_status[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0,
                                           0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0};
static const uint32_t remission_group[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0,
                                           0, 1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0};

static struct survival_data remission_data(void)
{
  return (struct survival_data){.n = COUNT(remission_time),
                                .time = remission_time,
                                .status = remission_status,
                                .group = remission_group,
                                .n_groups = 2,
                                .n_strata = 1};
}

static uint32_t next_random(uint32_t *seed, uint32_t below)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

enum { COHORT_N = 600, COHORT_GROUPS = 5, COHORT_STRATA = 3 };

/* A cohort with some ties, more event times than a block of the covariance takes, entries and whole weights. */
struct cohort {
  double time[COHORT_N], entry[COHORT_N], weight[COHORT_N];
  uint8_t status[COHORT_N];
  uint32_t group[COHORT_N], stratum[COHORT_N];
};

static void cohort_fill(struct cohort *cohort)
{
  uint32_t seed = 1963;
  double time = 1;
  for (size_t i = 0; i < COHORT_N; i++) {
    time += next_random(&seed, 3) ? 0.5 : 0;
    cohort->time[i] = time;
    cohort->entry[i] = floor(time * (double)next_random(&seed, 100) / 128);
    cohort->weight[i] = 1 + (double)next_random(&seed, 3);
    cohort->group[i] = next_random(&seed, COHORT_GROUPS);
    cohort->stratum[i] = next_random(&seed, COHORT_STRATA);
    cohort->status[i] = next_random(&seed, 8) < 2 + cohort->group[i] ? STATUS_EVENT : STATUS_CENSORED;
  }
}

static struct survival_data cohort_data(const struct cohort *cohort)
{
  return (struct survival_data){.n = COHORT_N,
                                .time = cohort->time,
                                .status = cohort->status,
                                .entry = cohort->entry,
                                .weight = cohort->weight,
                                .group = cohort->group,
                                .n_groups = COHORT_GROUPS,
                                .stratum = cohort->stratum,
                                .n_strata = COHORT_STRATA};
}

static double group_sum(const struct survival_data *data, uint32_t stratum, size_t group, double time, bool events)
{
  double sum = 0;
  for (size_t i = 0; i < data->n; i++) {
    bool is_there = (data->stratum ? data->stratum[i] : 0) == stratum && data->group[i] == group &&
                    data->time[i] >= time && (!data->entry || data->entry[i] < time);
    if (is_there && (!events || (data->time[i] == time && data->status[i] == STATUS_EVENT)))
      sum += data->weight ? data->weight[i] : 1;
  }
  return sum;
}

/* Score and covariance by the definition, every risk set counted anew; both zeroed by the caller. */
static void plain_scores(const struct survival_data *data, const struct logrank_options *options, double *score,
                         double *covariance)
{
  size_t k = data->n_groups;
  for (uint32_t s = 0; s < data->n_strata; s++) {
    double survival = 1, peto = 1, last = -INFINITY, at_risk[COHORT_GROUPS], events[COHORT_GROUPS];
    for (size_t i = 0; i < data->n; i++) {
      double t = data->time[i], n = 0, d = 0;
      if ((data->stratum ? data->stratum[i] : 0) != s || data->status[i] != STATUS_EVENT || t == last)
        continue;
      last = t;
      for (size_t j = 0; j < k; j++) {
        n += at_risk[j] = group_sum(data, s, j, t, false);
        d += events[j] = group_sum(data, s, j, t, true);
      }
      peto *= 1 - d / (n + 1);
      const double weights[] = {
          1, n, sqrt(n), pow(survival, options->p) * pow(1 - survival, options->q), peto, peto * n / (n + 1)};
      double w = weights[options->weight], c = n > 1 ? w * w * d * (n - d) / (n - 1) : 0;
      for (size_t j = 0; j < k; j++) {
        score[j] += w * (events[j] - d * at_risk[j] / n);
        for (size_t l = 0; l < k; l++)
          covariance[j * k + l] += c * ((j == l ? at_risk[j] / n : 0) - at_risk[j] * at_risk[l] / (n * n));
      }
      survival *= (n - d) / n;
    }
  }
}

/* -- printed numbers -- */

static void freireich_by_every_weight(void **state)
{
  (void)state;
  const struct {
    struct logrank_options options;
    double statistic;
  } expected[] = {{{.weight = LOGRANK_PLAIN, .p = 0, .q = 0}, 16.79294099},
                  {{.weight = LOGRANK_GEHAN, .p = 0, .q = 0}, 13.45785205},
                  {{.weight = LOGRANK_TARONE, .p = 0, .q = 0}, 15.1235753},
                  {{.weight = LOGRANK_PETO, .p = 0, .q = 0}, 14.08413987},
                  {{.weight = LOGRANK_MODIFIED_PETO, .p = 0, .q = 0}, 13.91128545},
                  {{.weight = LOGRANK_FLEMING_HARRINGTON, .p = 1, .q = 0}, 14.45715082},
                  {{.weight = LOGRANK_FLEMING_HARRINGTON, .p = 0, .q = 0}, 16.79294099}};
  struct survival_data data = remission_data();
  for (size_t i = 0; i < COUNT(expected); i++)
    assert_near(statistic_of(&data, &expected[i].options), expected[i].statistic, 1e-9);
}

static void freireich_counts(void **state)
{
  (void)state;
  struct survival_data data = remission_data();
  struct logrank_result result = test_groups(&data, &plain);
  assert_near(result.n[0], 21, 0);
  assert_near(result.n[1], 21, 0);
  assert_near(result.observed[0], 9, 0);
  assert_near(result.observed[1], 21, 0);
  assert_near(result.expected[0] + result.expected[1], 30, 1e-14);
  assert_near(result.score[0], result.observed[0] - result.expected[0], 1e-13);
  assert_near(result.score[0] * result.score[0] / result.covariance[0], result.statistic, 1e-13);
  assert_near(result.df, 1, 0);
  assert_near(result.p_value, 4.168809e-05, 1e-6);
  logrank_result_clear(&result);
}

/* Expected and observed stay unweighted whatever the test. */
static void counts_do_not_depend_on_the_weight(void **state)
{
  (void)state;
  struct survival_data data = remission_data();
  struct logrank_options gehan = {.weight = LOGRANK_GEHAN};
  struct logrank_result a = test_groups(&data, &plain), b = test_groups(&data, &gehan);
  assert_near(a.expected[0], b.expected[0], 0);
  assert_near(a.observed[0], b.observed[0], 0);
  assert_true(fabs(a.score[0]) < fabs(b.score[0]));
  logrank_result_clear(&a);
  logrank_result_clear(&b);
}

/* survival::aml: group 0 maintained. */
static void aml_by_hand(void **state)
{
  (void)state;
  const double time[] = {5, 5, 8, 8, 9, 12, 13, 13, 16, 18, 23, 23, 27, 28, 30, 31, 33, 34, 43, 45, 45, 48, 161};
  const uint8_t status[] = {1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0};
  const uint32_t group[] = {1, 1, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0};
  struct survival_data data = {
      .n = COUNT(time), .time = time, .status = status, .group = group, .n_groups = 2, .n_strata = 1};
  struct logrank_result result = test_groups(&data, &plain);
  assert_near(result.statistic, 3.396388699, 1e-9);
  assert_near(result.p_value, 0.0653393, 1e-5);
  logrank_result_clear(&result);
  struct logrank_options rho1 = {.weight = LOGRANK_FLEMING_HARRINGTON, .p = 1};
  assert_near(statistic_of(&data, &rho1), 2.779279545, 1e-9);
}

/* Times 1 2 3, group 0 dies at 1 and 3, group 1 at 2:
 * t = 1: f = (2/3, 1/3), d = 1;  t = 2: f = (1/2, 1/2);  t = 3: alone, no variance. */
static void three_patients_by_hand(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3};
  const uint8_t status[] = {1, 1, 1};
  const uint32_t group[] = {0, 1, 0};
  struct survival_data data = {.n = 3, .time = time, .status = status, .group = group, .n_groups = 2, .n_strata = 1};
  struct logrank_result result = test_groups(&data, &plain);
  assert_near(result.expected[0], 2.0 / 3 + 0.5 + 1, 1e-15);
  assert_near(result.expected[1], 1.0 / 3 + 0.5, 1e-15);
  assert_near(result.covariance[0], 2.0 / 9 + 0.25, 1e-15);
  assert_near(result.covariance[1], -(2.0 / 9 + 0.25), 1e-15);
  assert_near(result.covariance[2], result.covariance[1], 0);
  assert_near(result.statistic, (1.0 / 36) / (17.0 / 36), 1e-14);
  logrank_result_clear(&result);
}

static void p_values_adjusted_as_r_does(void **state)
{
  (void)state;
  const double p[] = {0.01, 0.02, NAN, 0.02, 0.3, 0.8, 0.04};
  const double holm[] = {0.06, 0.1, NAN, 0.1, 0.6, 0.8, 0.12};
  const double bh[] = {0.04, 0.04, NAN, 0.04, 0.36, 0.8, 0.06};
  const double bonferroni[] = {0.06, 0.12, NAN, 0.12, 1, 1, 0.24};
  const double *expected[] = {p, holm, bh, bonferroni};
  double adjusted[COUNT(p)];
  for (int method = ADJUST_NONE; method <= ADJUST_BONFERRONI; method++) {
    p_adjust(p, COUNT(p), (enum p_adjustment)method, adjusted);
    for (size_t i = 0; i < COUNT(p); i++)
      assert_near(adjusted[i], expected[method][i], 1e-14);
  }
  /* R's p.adjust() of the pairs of ph.ecog in lung. */
  const double six[] = {0.06299, 4.419e-5, 0.01621, 0.003684, 0.02092, 0.26503};
  const double hochberg[] = {0.12598, 0.00026514, 0.06276, 0.01842, 0.06276, 0.26503};
  const double hommel[] = {0.12598, 0.00026514, 0.04863, 0.01842, 0.06276, 0.26503};
  const double by[] = {0.1851906, 0.000649593, 0.076881, 0.0270774, 0.076881, 0.6493235};
  const double *more[] = {hochberg, hommel, by};
  for (int method = ADJUST_HOCHBERG; method <= ADJUST_BY; method++) {
    p_adjust(six, 6, (enum p_adjustment)method, adjusted);
    for (size_t i = 0; i < 6; i++)
      assert_near(adjusted[i], more[method - ADJUST_HOCHBERG][i], 1e-12);
  }
  p_adjust(NULL, 0, ADJUST_HOLM, NULL);
  const double missing[] = {NAN, NAN};
  p_adjust(missing, 2, ADJUST_BH, adjusted);
  assert_true(isnan(adjusted[0]) && isnan(adjusted[1]));
}

/* The pairs of ph.ecog in R's lung data, raw, BH and Holm. */
static void pairs_of_lung_adjusted(void **state)
{
  (void)state;
  const double p[] = {0.06299, 4.419e-5, 0.01621, 0.003684, 0.02092, 0.26503};
  const double bh[] = {0.07559, 0.00026514, 0.03138, 0.01105, 0.03138, 0.26503};
  const double holm[] = {0.12598, 0.00026514, 0.06484, 0.01842, 0.06484, 0.26503};
  double adjusted[6];
  p_adjust(p, 6, ADJUST_BH, adjusted);
  for (size_t i = 0; i < 6; i++)
    assert_near(adjusted[i], bh[i], 5e-4);
  p_adjust(p, 6, ADJUST_HOLM, adjusted);
  for (size_t i = 0; i < 6; i++)
    assert_near(adjusted[i], holm[i], 5e-4);
}

/* -- the pass against the definition -- */

static void scores_and_covariance_are_the_definition(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  for (int variant = 0; variant < 8; variant++)
    for (int weight = LOGRANK_PLAIN; weight <= LOGRANK_MODIFIED_PETO; weight++) {
      struct survival_data data = cohort_data(&cohort);
      if (variant & 1)
        data.entry = NULL;
      if (variant & 2)
        data.weight = NULL;
      if (variant & 4) {
        data.stratum = NULL;
        data.n_strata = 1;
      }
      struct logrank_options options = {.weight = (enum logrank_weight)weight, .p = 0.5, .q = 2};
      double score[COHORT_GROUPS] = {0}, covariance[COHORT_GROUPS * COHORT_GROUPS] = {0};
      plain_scores(&data, &options, score, covariance);
      struct logrank_result result = test_groups(&data, &options);
      double scale = sqrt(covariance[0]);
      for (size_t j = 0; j < COHORT_GROUPS; j++)
        assert_true(fabs(result.score[j] - score[j]) <= 1e-11 * scale);
      for (size_t j = 0; j < COHORT_GROUPS * COHORT_GROUPS; j++)
        assert_near(result.covariance[j], covariance[j], 1e-11);
      assert_near(result.df, COHORT_GROUPS - 1, 0);
      assert_true(result.statistic > 0);
      logrank_result_clear(&result);
    }
}

/* -- identities -- */

static void labels_do_not_matter(void **state)
{
  (void)state;
  struct cohort cohort, relabelled;
  cohort_fill(&cohort);
  relabelled = cohort;
  const uint32_t label[COHORT_GROUPS] = {3, 0, 4, 1, 2};
  for (size_t i = 0; i < COHORT_N; i++)
    relabelled.group[i] = label[cohort.group[i]];
  struct survival_data data = cohort_data(&cohort), other = cohort_data(&relabelled);
  struct logrank_result a = test_groups(&data, &plain), b = test_groups(&other, &plain);
  assert_near(b.statistic, a.statistic, 1e-12);
  for (size_t j = 0; j < COHORT_GROUPS; j++) {
    assert_near(b.expected[label[j]], a.expected[j], 1e-13);
    assert_near(b.observed[label[j]], a.observed[j], 0);
  }
  logrank_result_clear(&a);
  logrank_result_clear(&b);
  struct survival_data two = remission_data();
  uint32_t turned[COUNT(remission_group)];
  for (size_t i = 0; i < COUNT(turned); i++)
    turned[i] = 1 - remission_group[i];
  double statistic = statistic_of(&two, &plain);
  two.group = turned;
  assert_near(statistic_of(&two, &plain), statistic, 1e-13);
}

static void one_stratum_is_none(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  memset(cohort.stratum, 0, sizeof cohort.stratum);
  struct survival_data data = cohort_data(&cohort);
  data.n_strata = 2; /* the second is empty */
  double stratified = statistic_of(&data, &plain);
  data.n_strata = 1;
  assert_near(statistic_of(&data, &plain), stratified, 0);
  data.stratum = NULL;
  assert_near(statistic_of(&data, &plain), stratified, 0);
}

/* The same patients in two strata: scores and covariance double, and so does the statistic. */
static void strata_add_up(void **state)
{
  (void)state;
  double time[84];
  uint8_t status[84];
  uint32_t group[84], stratum[84];
  for (size_t i = 0; i < 84; i++) {
    time[i] = remission_time[i / 2];
    status[i] = remission_status[i / 2];
    group[i] = remission_group[i / 2];
    stratum[i] = i % 2;
  }
  struct survival_data data = {
      .n = 84, .time = time, .status = status, .group = group, .n_groups = 2, .stratum = stratum, .n_strata = 2};
  struct survival_data once = remission_data();
  for (int weight = LOGRANK_PLAIN; weight <= LOGRANK_MODIFIED_PETO; weight++) {
    struct logrank_options options = {.weight = (enum logrank_weight)weight, .p = 1, .q = 1};
    assert_near(statistic_of(&data, &options), 2 * statistic_of(&once, &options), 1e-13);
  }
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort), rows = data;
  static double time[3 * COHORT_N], entry[3 * COHORT_N];
  static uint8_t status[3 * COHORT_N];
  static uint32_t group[3 * COHORT_N], stratum[3 * COHORT_N];
  rows.n = 0;
  for (size_t i = 0; i < COHORT_N; i++)
    for (double copy = 0; copy < cohort.weight[i]; copy++, rows.n++) {
      time[rows.n] = cohort.time[i];
      entry[rows.n] = cohort.entry[i];
      status[rows.n] = cohort.status[i];
      group[rows.n] = cohort.group[i];
      stratum[rows.n] = cohort.stratum[i];
    }
  rows.time = time;
  rows.entry = entry;
  rows.status = status;
  rows.group = group;
  rows.stratum = stratum;
  rows.weight = NULL;
  for (int weight = LOGRANK_PLAIN; weight <= LOGRANK_MODIFIED_PETO; weight++) {
    struct logrank_options options = {.weight = (enum logrank_weight)weight, .p = 1, .q = 0.5};
    struct logrank_result a = test_groups(&data, &options), b = test_groups(&rows, &options);
    assert_near(a.statistic, b.statistic, 1e-12);
    assert_near(a.n[2], b.n[2], 0);
    assert_near(a.observed[3], b.observed[3], 0);
    logrank_result_clear(&a);
    logrank_result_clear(&b);
  }
}

static void the_order_of_ties_does_not_matter(void **state)
{
  (void)state;
  struct survival_data data = remission_data();
  double statistic = statistic_of(&data, &plain);
  uint8_t status[COUNT(remission_status)];
  uint32_t group[COUNT(remission_group)];
  for (size_t start = 0, end; start < data.n; start = end) {
    for (end = start; end < data.n && remission_time[end] == remission_time[start]; end++)
      ;
    for (size_t i = start; i < end; i++) {
      status[i] = remission_status[end - 1 - (i - start)];
      group[i] = remission_group[end - 1 - (i - start)];
    }
  }
  data.status = status;
  data.group = group;
  assert_near(statistic_of(&data, &plain), statistic, 0);
}

static void trend_of_two_groups_is_the_log_rank(void **state)
{
  (void)state;
  struct survival_data data = remission_data();
  struct logrank_result result = test_groups(&data, &plain);
  struct chi_square trend = logrank_trend(&result);
  assert_near(trend.statistic, result.statistic, 1e-12);
  assert_near(trend.p_value, result.p_value, 1e-10);
  assert_near(trend.df, 1, 0);
  logrank_result_clear(&result);
}

/* (c'U)^2 / (c'Vc) with the scores as they are, and the same whichever way round. */
static void trend_over_several_groups(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  struct logrank_result result = test_groups(&data, &plain);
  double sum = 0, variance = 0;
  for (size_t j = 0; j < COHORT_GROUPS; j++) {
    sum += (double)(j + 1) * result.score[j];
    for (size_t l = 0; l < COHORT_GROUPS; l++)
      variance += (double)((j + 1) * (l + 1)) * result.covariance[j * COHORT_GROUPS + l];
  }
  double statistic = logrank_trend(&result).statistic;
  assert_near(statistic, sum * sum / variance, 1e-11);
  assert_true(statistic < result.statistic);
  logrank_result_clear(&result);
  for (size_t i = 0; i < COHORT_N; i++)
    cohort.group[i] = COHORT_GROUPS - 1 - cohort.group[i];
  result = test_groups(&data, &plain);
  assert_near(logrank_trend(&result).statistic, statistic, 1e-12);
  logrank_result_clear(&result);
}

/* -- edges -- */

static void assert_nothing_to_test(const struct survival_data *data)
{
  struct logrank_result result = test_groups(data, &plain);
  assert_true(isnan(result.statistic) && isnan(result.df) && isnan(result.p_value));
  assert_true(isnan(logrank_trend(&result).statistic) && isnan(logrank_trend(&result).p_value));
  logrank_result_clear(&result);
  assert_null(result.score);
}

static void nothing_to_test(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4};
  const uint8_t censored[] = {0, STATUS_COMPETING, 0, 0}, events[] = {1, 1, 1, 1};
  const uint32_t two[] = {0, 1, 0, 1}, first[] = {0, 0, 0, 0};
  struct survival_data data = {.n = 4, .time = time, .status = censored, .group = two, .n_groups = 2, .n_strata = 1};
  assert_nothing_to_test(&data);
  data.status = events;
  data.group = first;
  assert_nothing_to_test(&data); /* the second group is empty */
  data.group = NULL;
  data.n_groups = 1;
  assert_nothing_to_test(&data);
  data.group = two;
  data.n_groups = 2;
  data.n = 1;
  assert_nothing_to_test(&data);
  data.n = 0;
  assert_nothing_to_test(&data);
  const double together[] = {5, 5, 5, 5}; /* all die at once: expectations, but no variance */
  data.n = 4;
  data.time = together;
  assert_nothing_to_test(&data);
}

static void groups_without_expectation_leave_the_degrees(void **state)
{
  (void)state;
  double time[COUNT(remission_time) + 1];
  uint8_t status[COUNT(time)];
  uint32_t group[COUNT(time)];
  /* group 1 empty; group 3 censored before the first event */
  time[0] = 0.5;
  status[0] = STATUS_CENSORED;
  group[0] = 3;
  for (size_t i = 1; i < COUNT(time); i++) {
    time[i] = remission_time[i - 1];
    status[i] = remission_status[i - 1];
    group[i] = remission_group[i - 1] * 2;
  }
  struct survival_data data = {
      .n = COUNT(time), .time = time, .status = status, .group = group, .n_groups = 4, .n_strata = 1};
  struct logrank_result result = test_groups(&data, &plain);
  assert_near(result.df, 1, 0);
  assert_near(result.statistic, 16.79294099, 1e-9);
  assert_near(result.expected[1], 0, 0);
  assert_near(result.expected[3], 0, 0);
  assert_near(result.n[3], 1, 0);
  logrank_result_clear(&result);
}

/* Weights that are not whole leave no crumbs of those who left: group 2 is censored before the first event. */
static void who_left_is_gone(void **state)
{
  (void)state;
  enum { EARLY = 6, N = EARLY + 4 };
  const double time[N] = {1, 1, 2, 3, 4, 5, 6, 7, 8, 9};
  const uint8_t status[N] = {0, 0, 0, 0, 0, 0, 1, 1, 1, 1};
  const uint32_t group[N] = {2, 2, 2, 2, 2, 2, 0, 1, 0, 1};
  struct survival_data data = {.n = N, .time = time, .status = status, .group = group, .n_groups = 3, .n_strata = 1};
  uint32_t seed = 17;
  for (int round = 0; round < 500; round++) {
    double weight[N];
    for (size_t i = 0; i < N; i++)
      weight[i] = exp((double)next_random(&seed, 2000) / 250);
    data.weight = weight;
    struct logrank_result result = test_groups(&data, &plain);
    assert_true(result.expected[2] == 0);
    assert_near(result.df, 1, 0);
    logrank_result_clear(&result);
  }
}

/* Groups 0 and 1 die before 2 and 3 enter: two comparisons, two degrees of freedom. */
static void groups_that_never_meet_are_not_compared(void **state)
{
  (void)state;
  double time[84], entry[84];
  uint8_t status[84];
  uint32_t group[84];
  for (size_t i = 0; i < 84; i++) {
    size_t later = i / 42;
    time[i] = remission_time[i % 42] + 100.0 * (double)later;
    entry[i] = 100.0 * (double)later;
    status[i] = remission_status[i % 42];
    group[i] = remission_group[i % 42] + 2 * (uint32_t)later;
  }
  struct survival_data data = {
      .n = 84, .time = time, .status = status, .entry = entry, .group = group, .n_groups = 4, .n_strata = 1};
  struct logrank_result result = test_groups(&data, &plain);
  assert_near(result.df, 2, 0);
  assert_near(result.statistic, 2 * 16.79294099, 1e-9);
  logrank_result_clear(&result);
}

/* The same with weights that round: groups 0, 1, 2 against each other, then 3 and 4, in every order of the labels. */
static void rounding_is_no_degree_of_freedom(void **state)
{
  (void)state;
  struct cohort cohort;
  for (uint32_t shift = 0; shift < COHORT_GROUPS; shift++) {
    cohort_fill(&cohort);
    for (size_t i = 0; i < COHORT_N; i++) {
      bool early = i < COHORT_N / 2;
      uint32_t group = early ? (uint32_t)(i % 3) : 3 + (uint32_t)(i % 2);
      cohort.group[i] = (group + shift) % COHORT_GROUPS;
      cohort.entry[i] = early ? 0 : cohort.time[COHORT_N / 2];
      cohort.weight[i] /= 7;
      cohort.time[i] += early ? 0 : 1;
    }
    struct survival_data data = cohort_data(&cohort);
    struct logrank_result result = test_groups(&data, &plain);
    assert_near(result.df, 3, 0);
    logrank_result_clear(&result);
  }
}

/* One patient against very many: the comparison stays well conditioned whichever group comes first. */
static void a_tiny_group_beside_large_ones(void **state)
{
  (void)state;
  enum { N = 30000 };
  double *time = malloc(N * sizeof *time);
  uint8_t *status = malloc(N);
  uint32_t *group = malloc(N * sizeof *group), *turned = malloc(N * sizeof *turned);
  uint32_t seed = 5;
  for (size_t i = 0; i < N; i++) {
    time[i] = (double)(i / 2 + 1);
    status[i] = next_random(&seed, 2) != 0;
    group[i] = i == 2 ? 0 : 1 + next_random(&seed, 2);
    turned[i] = 2 - group[i];
  }
  struct survival_data data = {.n = N, .time = time, .status = status, .group = group, .n_groups = 3, .n_strata = 1};
  struct logrank_result a = test_groups(&data, &plain);
  data.group = turned;
  struct logrank_result b = test_groups(&data, &plain);
  assert_near(a.df, 2, 0);
  assert_near(a.statistic, b.statistic, 1e-10);
  logrank_result_clear(&a);
  logrank_result_clear(&b);
  free(time);
  free(status);
  free(group);
  free(turned);
}

/* Far more groups than rows of a block, two patients each: the scores sum to 0, and the statistic does not depend on
 * who is called first, and so not on the group that is left out of the inverse. */
static void many_groups_are_taken(void **state)
{
  (void)state;
  enum { K = COHORT_N / 2 };
  struct cohort cohort;
  cohort_fill(&cohort);
  uint32_t group[COHORT_N], seed = 3;
  for (size_t i = 0; i < COHORT_N; i++)
    group[i] = (uint32_t)(i % K);
  for (size_t i = COHORT_N - 1; i > 0; i--) {
    size_t other = next_random(&seed, (uint32_t)(i + 1));
    uint32_t swap = group[i];
    group[i] = group[other];
    group[other] = swap;
  }
  struct survival_data data = cohort_data(&cohort);
  data.group = group;
  data.n_groups = K;
  data.entry = data.weight = NULL;
  struct logrank_result result = test_groups(&data, &plain);
  double scores = 0, statistic = result.statistic;
  for (size_t j = 0; j < K; j++)
    scores += result.score[j];
  assert_true(fabs(scores) < 1e-10);
  assert_true(result.df > 0.9 * K && result.df < K);
  assert_true(statistic > 0);
  logrank_result_clear(&result);
  for (size_t i = 0; i < COHORT_N; i++)
    group[i] = K - 1 - group[i];
  assert_near(statistic_of(&data, &plain), statistic, 1e-10);
}

static void a_cancelled_test_leaves_nothing(void **state)
{
  (void)state;
  struct survival_data data = remission_data();
  struct logrank_result result;
  struct logrank_pair *pairs;
  size_t n_pairs;
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(logrank_test(&data, &plain, &task, &result), STATUS_CANCELLED);
  assert_null(result.covariance);
  assert_int_equal(logrank_pairs(&data, &plain, ADJUST_HOLM, LOGRANK_ALL_PAIRS, &task, &pairs, &n_pairs), STATUS_CANCELLED);
  assert_null(pairs);
  assert_int_equal(n_pairs, 0);
}

/* -- pairs -- */

static void pairs_are_tests_on_their_own_rows(void **state)
{
  (void)state;
  struct cohort cohort, two;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  struct logrank_options options = {.weight = LOGRANK_FLEMING_HARRINGTON, .p = 1};
  struct logrank_pair *pairs;
  size_t n_pairs, next = 0;
  assert_int_equal(logrank_pairs(&data, &options, ADJUST_BONFERRONI, LOGRANK_ALL_PAIRS, NULL, &pairs, &n_pairs), STATUS_OK);
  assert_int_equal(n_pairs, 10);
  for (size_t a = 0; a < COHORT_GROUPS; a++)
    for (size_t b = a + 1; b < COHORT_GROUPS; b++, next++) {
      struct survival_data pair = cohort_data(&two);
      pair.n = 0;
      pair.n_groups = 2;
      for (size_t i = 0; i < COHORT_N; i++) {
        if (cohort.group[i] != a && cohort.group[i] != b)
          continue;
        two.time[pair.n] = cohort.time[i];
        two.entry[pair.n] = cohort.entry[i];
        two.weight[pair.n] = cohort.weight[i];
        two.status[pair.n] = cohort.status[i];
        two.stratum[pair.n] = cohort.stratum[i];
        two.group[pair.n++] = cohort.group[i] == b;
      }
      struct logrank_result result = test_groups(&pair, &options);
      assert_int_equal(pairs[next].group1, a);
      assert_int_equal(pairs[next].group2, b);
      assert_near(pairs[next].statistic, result.statistic, 0);
      assert_near(pairs[next].p_value, result.p_value, 0);
      assert_near(pairs[next].p_adjusted, fmin(1, 10 * result.p_value), 1e-15);
      logrank_result_clear(&result);
    }
  free(pairs);
}

static void a_pair_that_cannot_be_compared(void **state)
{
  (void)state;
  struct survival_data data = remission_data();
  data.n_groups = 3; /* the third is empty */
  struct logrank_pair *pairs;
  size_t n_pairs;
  assert_int_equal(logrank_pairs(&data, &plain, ADJUST_HOLM, LOGRANK_ALL_PAIRS, NULL, &pairs, &n_pairs), STATUS_OK);
  assert_int_equal(n_pairs, 3);
  assert_near(pairs[0].statistic, 16.79294099, 1e-9);
  assert_near(pairs[0].p_adjusted, pairs[0].p_value, 0); /* the only one that counts */
  assert_true(isnan(pairs[1].statistic) && isnan(pairs[1].p_adjusted) && isnan(pairs[2].p_value));
  free(pairs);
  data.n_groups = 1;
  data.group = NULL;
  assert_int_equal(logrank_pairs(&data, &plain, ADJUST_HOLM, LOGRANK_ALL_PAIRS, NULL, &pairs, &n_pairs), STATUS_OK);
  assert_int_equal(n_pairs, 0);
  free(pairs);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(freireich_by_every_weight),
      cmocka_unit_test(freireich_counts),
      cmocka_unit_test(counts_do_not_depend_on_the_weight),
      cmocka_unit_test(aml_by_hand),
      cmocka_unit_test(three_patients_by_hand),
      cmocka_unit_test(p_values_adjusted_as_r_does),
      cmocka_unit_test(pairs_of_lung_adjusted),
      cmocka_unit_test(scores_and_covariance_are_the_definition),
      cmocka_unit_test(labels_do_not_matter),
      cmocka_unit_test(one_stratum_is_none),
      cmocka_unit_test(strata_add_up),
      cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(the_order_of_ties_does_not_matter),
      cmocka_unit_test(trend_of_two_groups_is_the_log_rank),
      cmocka_unit_test(trend_over_several_groups),
      cmocka_unit_test(nothing_to_test),
      cmocka_unit_test(groups_without_expectation_leave_the_degrees),
      cmocka_unit_test(who_left_is_gone),
      cmocka_unit_test(groups_that_never_meet_are_not_compared),
      cmocka_unit_test(rounding_is_no_degree_of_freedom),
      cmocka_unit_test(a_tiny_group_beside_large_ones),
      cmocka_unit_test(many_groups_are_taken),
      cmocka_unit_test(a_cancelled_test_leaves_nothing),
      cmocka_unit_test(pairs_are_tests_on_their_own_rows),
      cmocka_unit_test(a_pair_that_cannot_be_compared),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
