/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kaplan–Meier curves: printed numbers, the edges, and the identities they must obey. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats/km.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct km_options usual = {.conf = CONF_LOG, .level = 0.95};

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void assert_column(const double *got, const double *expected, size_t n, double tolerance)
{
  for (size_t i = 0; i < n; i++)
    assert_near(got[i], expected[i], tolerance);
}

static void assert_quantile(struct km_quantile got, double time, double low, double high)
{
  assert_near(got.time, time, 1e-12);
  assert_near(got.low, low, 1e-12);
  assert_near(got.high, high, 1e-12);
}

/* The curve of one group without weights and entries. */
static struct km_curve fit_one(const double *time, const uint8_t *status, size_t n, const struct km_options *options)
{
  struct survival_data data = {.n = n, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct km_curve curve;
  assert_int_equal(km_fit(&data, options, NULL, &curve), STATUS_OK);
  return curve;
}

static void assert_same_curve(const struct km_curve *a, const struct km_curve *b, double tolerance)
{
  assert_int_equal(a->n_times, b->n_times);
  assert_column(a->time, b->time, a->n_times, 0);
  assert_column(a->n_risk, b->n_risk, a->n_times, tolerance);
  assert_column(a->n_event, b->n_event, a->n_times, tolerance);
  assert_column(a->n_censor, b->n_censor, a->n_times, tolerance);
  assert_column(a->estimate, b->estimate, a->n_times, tolerance);
  assert_column(a->std_error, b->std_error, a->n_times, tolerance);
  assert_column(a->conf_low, b->conf_low, a->n_times, tolerance);
  assert_column(a->conf_high, b->conf_high, a->n_times, tolerance);
}

/* A row's values from a linear congruential generator: the same on every machine. */
static uint32_t next_random(uint32_t *seed, uint32_t below)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

enum { COHORT_N = 400 };

/* A cohort with ties: groups 0 to 2, entries before times, whole weights 1 to 3. */
struct cohort {
  double time[COHORT_N], entry[COHORT_N], weight[COHORT_N];
  uint8_t status[COHORT_N];
  uint32_t group[COHORT_N];
};

static void cohort_fill(struct cohort *cohort)
{
  uint32_t seed = 20240229;
  double time = 1;
  for (size_t i = 0; i < COHORT_N; i++) {
    time += next_random(&seed, 3) == 0 ? 0.75 : 0;
    cohort->time[i] = time;
    cohort->entry[i] = floor(time * (double)next_random(&seed, 100) / 128);
    cohort->weight[i] = 1 + (double)next_random(&seed, 3);
    cohort->status[i] = next_random(&seed, 5) < 2 ? STATUS_EVENT : STATUS_CENSORED;
    cohort->group[i] = next_random(&seed, 3);
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
                                .n_groups = 3,
                                .n_strata = 1};
}

/* -- printed numbers -- */

/* Kaplan and Meier 1958: deaths 0.8 3.1 5.4 9.2, losses 1 2.7 7 12.1. */
static void kaplan_and_meier_1958(void **state)
{
  (void)state;
  const double time[] = {0.8, 1, 2.7, 3.1, 5.4, 7, 9.2, 12.1};
  const uint8_t status[] = {1, 0, 0, 1, 1, 0, 1, 0};
  const double survival[] = {0.875, 0.875, 0.875, 0.7, 0.525, 0.525, 0.2625, 0.2625};
  const double at_risk[] = {8, 7, 6, 5, 4, 3, 2, 1};
  struct km_curve curve = fit_one(time, status, COUNT(time), &usual);
  assert_int_equal(curve.n_times, 8);
  assert_column(curve.estimate, survival, 8, 1e-15);
  assert_column(curve.n_risk, at_risk, 8, 0);
  assert_near(curve.std_error[0], sqrt(0.875 * 0.125 / 8), 1e-14);
  assert_near(curve.std_error[3], 0.7 * sqrt(1 / 56.0 + 1 / 20.0), 1e-14);
  assert_near(curve.n, 8, 0);
  assert_near(curve.n_events, 4, 0);
  struct km_mean mean = km_restricted_mean(&curve, 12.1, false);
  assert_near(mean.mean, 7.17875, 1e-14);
  assert_near(mean.std_error, 1.613261727, 1e-9);
  assert_near(km_restricted_mean(&curve, 9.2, false).mean, 6.4175, 1e-14);
  km_curve_clear(&curve);
}

static const double camis_time[] = {54, 75, 77, 84, 87, 92, 103, 105, 112, 118};
static const uint8_t camis_status[] = {1, 1, 1, 1, 1, 0, 0, 0, 0, 0};

/* The curve is flat at exactly one half to its end, where packages part. */
static void a_median_where_the_curve_ends_flat(void **state)
{
  (void)state;
  struct km_curve curve = fit_one(camis_time, camis_status, 10, &usual);
  assert_near(curve.estimate[4], 0.5, 1e-15);
  assert_near(curve.std_error[4], 0.158114, 1e-5);
  assert_near(curve.conf_low[4], 0.269027, 1e-5);
  assert_near(curve.conf_high[4], 0.929274, 1e-5);
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), 102.5, 77, NAN);
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_SPSS, 0.95), 87, NAN, NAN);
  assert_near(km_restricted_mean(&curve, 118, false).mean, 96.7, 1e-14);
  assert_near(km_restricted_mean(&curve, 118, false).std_error, 7.21533, 1e-5);
  assert_near(km_restricted_mean(&curve, 87, false).mean, 81.2, 1e-14);
  assert_near(km_restricted_mean(&curve, 100, false).mean, 87.7, 1e-14);
  assert_near(km_restricted_mean(&curve, 100, false).std_error, 4.6713, 1e-4);
  km_curve_clear(&curve);
  struct km_options log_log = {.conf = CONF_LOG_LOG, .level = 0.95}, plain = {.conf = CONF_PLAIN, .level = 0.95};
  curve = fit_one(camis_time, camis_status, 10, &log_log);
  assert_near(curve.conf_low[4], 0.18361, 1e-4);
  assert_near(curve.conf_high[4], 0.75317, 1e-4);
  assert_near(km_quantile(&curve, 0.5, QUANTILE_R, 0.95).low, 54, 0);
  km_curve_clear(&curve);
  curve = fit_one(camis_time, camis_status, 10, &plain);
  assert_near(curve.conf_low[4], 0.1901, 1e-3);
  assert_near(curve.conf_high[4], 0.8099, 1e-3);
  km_curve_clear(&curve);
}

/* SPSS: u = 1, l = 4, f = (5/6 - 2/6) / 3 = 1/6, s.e.(S(2)) = sqrt(1/24); 2 - 1.96 * 6 * sqrt(1/24) is negative. */
static void a_median_between_two_drops(void **state)
{
  (void)state;
  const double time[] = {1, 2, 2, 4, 6, 8};
  const uint8_t status[] = {1, 1, 1, 1, 1, 1};
  struct km_curve curve = fit_one(time, status, 6, &usual);
  assert_near(km_quantile(&curve, 0.5, QUANTILE_R, 0.95).time, 3, 0);
  double half = 1.9599639845400542 * sqrt(1 / 24.0) * 6;
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_SPSS, 0.95), 2, 0, 2 + half);
  assert_quantile(km_quantile(&curve, 0.75, QUANTILE_SPSS, 0.95), 2, NAN, NAN);
  assert_quantile(km_quantile(&curve, 0.25, QUANTILE_SPSS, 0.95), 6, NAN, NAN);
  km_curve_clear(&curve);
}

/* SPSS's density with no event before S falls under 0.55: u is 0. */
static void spss_density_may_begin_at_zero(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4, 5};
  const uint8_t status[] = {0, 0, 0, 1, 1};
  struct km_curve curve = fit_one(time, status, 5, &usual);
  double half = 1.9599639845400542 * sqrt(0.125) * 5; /* f = (1 - 0) / (5 - 0) */
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_SPSS, 0.95), 4, 4 - half, 4 + half);
  km_curve_clear(&curve);
}

/* Miller's leukaemia data, R's survival::aml. */
static const double maintained_time[] = {9, 13, 13, 18, 23, 28, 31, 34, 45, 48, 161};
static const uint8_t maintained_status[] = {1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0};
static const double control_time[] = {5, 5, 8, 8, 12, 16, 23, 27, 30, 33, 43, 45};
static const uint8_t control_status[] = {1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1};

static void medians_take_their_limits_from_each_band(void **state)
{
  (void)state;
  const struct {
    enum confidence_type conf;
    double low, high, control_low, control_high;
  } expected[] = {{CONF_LOG, 18, NAN, 8, NAN},
                  {CONF_LOG_LOG, 13, NAN, 5, 33},
                  {CONF_PLAIN, 18, 48, 8, 33},
                  {CONF_LOGIT, 13, NAN, 8, 43},
                  {CONF_ARCSIN, 18, NAN, 8, 33}};
  for (size_t i = 0; i < COUNT(expected); i++) {
    struct km_options options = {.conf = expected[i].conf, .level = 0.95};
    struct km_curve curve = fit_one(maintained_time, maintained_status, COUNT(maintained_time), &options);
    assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), 31, expected[i].low, expected[i].high);
    km_curve_clear(&curve);
    curve = fit_one(control_time, control_status, COUNT(control_time), &options);
    assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), 23, expected[i].control_low, expected[i].control_high);
    km_curve_clear(&curve);
  }
}

static void restricted_means_of_aml(void **state)
{
  (void)state;
  struct km_curve curve = fit_one(maintained_time, maintained_status, COUNT(maintained_time), &usual);
  assert_near(km_restricted_mean(&curve, 161, false).mean, 52.64545455, 1e-9);
  assert_near(km_restricted_mean(&curve, 161, false).std_error, 19.828602796, 1e-10);
  assert_near(km_restricted_mean(&curve, 48, false).mean, 31.84318, 1e-6);
  assert_near(km_restricted_mean(&curve, 48, false).std_error, 4.5278847117504908, 1e-13);
  assert_near(km_restricted_mean(&curve, 48, true).std_error, 4.5278847117504908 * sqrt(7.0 / 6), 1e-13);
  /* before the first time the curve is 1; past the last it runs on */
  assert_near(km_restricted_mean(&curve, 4, false).mean, 4, 0);
  assert_near(km_restricted_mean(&curve, 4, false).std_error, 0, 0);
  assert_near(km_restricted_mean(&curve, 200, false).mean,
              km_restricted_mean(&curve, 161, false).mean + 39 * curve.estimate[9], 1e-14);
  assert_true(isnan(km_restricted_mean(&curve, NAN, false).mean));
  km_curve_clear(&curve);
}

static void reverse_curve_follows_up(void **state)
{
  (void)state;
  struct km_options reverse = {.conf = CONF_LOG, .level = 0.95, .reverse = true};
  struct km_curve curve = fit_one(maintained_time, maintained_status, COUNT(maintained_time), &reverse);
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), 103, 28, NAN);
  assert_near(curve.n_events, 4, 0);
  km_curve_clear(&curve);
}

/* -- edges -- */

static void limits_at_one_and_at_zero(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3};
  const uint8_t status[] = {0, 1, 1};
  for (int conf = CONF_LOG; conf <= CONF_ARCSIN; conf++) {
    struct km_options options = {.conf = (enum confidence_type)conf, .level = 0.95};
    struct km_curve curve = fit_one(time, status, 3, &options);
    double limit = conf == CONF_LOG || conf == CONF_PLAIN ? 1 : NAN;
    assert_near(curve.conf_low[0], limit, 0);
    assert_near(curve.conf_high[0], limit, 0);
    assert_near(curve.std_error[0], 0, 0);
    assert_true(curve.conf_low[1] >= 0 && curve.conf_low[1] < 0.5 && curve.conf_high[1] <= 1);
    assert_true(curve.estimate[2] == 0);
    assert_true(isnan(curve.std_error[2]) && isnan(curve.conf_low[2]) && isnan(curve.conf_high[2]));
    km_curve_clear(&curve);
  }
}

static void level_sets_the_width(void **state)
{
  (void)state;
  struct km_options narrow = {.conf = CONF_PLAIN, .level = 0.5};
  struct km_curve curve = fit_one(camis_time, camis_status, 10, &narrow);
  assert_near(curve.conf_high[4], 0.5 + 0.67448975019608171 * sqrt(0.025), 1e-13);
  assert_near(curve.conf_low[4], 0.5 - 0.67448975019608171 * sqrt(0.025), 1e-13);
  km_curve_clear(&curve);
}

static void survival_at_any_time(void **state)
{
  (void)state;
  struct km_options log_log = {.conf = CONF_LOG_LOG, .level = 0.95};
  struct km_curve curve = fit_one(camis_time, camis_status, 10, &log_log);
  struct km_point before = km_at(&curve, 10), between = km_at(&curve, 76), at = km_at(&curve, 75),
                  last = km_at(&curve, 118), beyond = km_at(&curve, 118.5), extended = km_at_extended(&curve, 200);
  assert_true(before.estimate == 1 && before.std_error == 0 && before.conf_low == 1 && before.conf_high == 1);
  assert_near(before.n_risk, 10, 0);
  assert_near(at.estimate, 0.8, 1e-15);
  assert_near(at.n_risk, 9, 0);
  assert_near(between.estimate, 0.8, 1e-15);
  assert_near(between.n_risk, 8, 0);
  assert_near(between.conf_low, at.conf_low, 0);
  assert_near(last.estimate, 0.5, 1e-15);
  assert_near(last.n_risk, 1, 0);
  assert_near(beyond.n_risk, 0, 0);
  assert_true(isnan(beyond.estimate) && isnan(beyond.std_error) && isnan(beyond.conf_low));
  assert_true(isnan(km_at(&curve, NAN).estimate));
  assert_near(extended.time, 200, 0);
  assert_near(extended.n_risk, 0, 0);
  assert_near(extended.estimate, 0.5, 1e-15);
  assert_near(extended.conf_low, last.conf_low, 0);
  assert_near(km_at_extended(&curve, 76).n_risk, 8, 0);
  assert_true(isnan(km_at_extended(&curve, NAN).estimate));
  km_curve_clear(&curve);
}

static void nobody_dies(void **state)
{
  (void)state;
  const double time[] = {1, 2, 2};
  const uint8_t status[] = {0, 0, STATUS_COMPETING};
  struct km_curve curve = fit_one(time, status, 3, &usual);
  assert_int_equal(curve.n_times, 2);
  assert_true(curve.estimate[1] == 1 && curve.std_error[1] == 0 && curve.conf_low[1] == 1);
  assert_near(curve.n_censor[1], 2, 0);
  assert_near(curve.n_events, 0, 0);
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), NAN, NAN, NAN);
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_SPSS, 0.95), NAN, NAN, NAN);
  assert_near(km_restricted_mean(&curve, 5, false).mean, 5, 0);
  assert_near(km_restricted_mean(&curve, 5, false).std_error, 0, 0);
  assert_true(isnan(km_restricted_mean(&curve, 5, true).std_error));
  km_curve_clear(&curve);
}

static void one_row(void **state)
{
  (void)state;
  const double time[] = {7};
  const uint8_t event[] = {1};
  struct km_curve curve = fit_one(time, event, 1, &usual);
  assert_int_equal(curve.n_times, 1);
  assert_true(curve.estimate[0] == 0);
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), 7, NAN, NAN);
  assert_near(km_restricted_mean(&curve, 10, false).mean, 7, 0);
  assert_near(km_restricted_mean(&curve, 10, false).std_error, 0, 0);
  km_curve_clear(&curve);
}

static void groups_without_rows(void **state)
{
  (void)state;
  const double time[] = {1, 2};
  const uint8_t status[] = {1, 1};
  const uint32_t group[] = {2, 2};
  struct survival_data data = {.n = 2, .time = time, .status = status, .group = group, .n_groups = 3, .n_strata = 1};
  struct km_curve curves[3];
  assert_int_equal(km_fit(&data, &usual, NULL, curves), STATUS_OK);
  assert_int_equal(curves[2].n_times, 2);
  assert_int_equal(curves[0].n_times, 0);
  assert_near(curves[0].n, 0, 0);
  assert_true(isnan(km_at(&curves[0], 1).estimate));
  assert_near(km_at(&curves[0], 1).n_risk, 0, 0);
  assert_true(isnan(km_quantile(&curves[0], 0.5, QUANTILE_R, 0.95).time));
  assert_true(isnan(km_quantile(&curves[0], 0.5, QUANTILE_SPSS, 0.95).time));
  assert_true(isnan(km_restricted_mean(&curves[0], 2, false).mean));
  for (size_t g = 0; g < 3; g++)
    km_curve_clear(&curves[g]);
  data.n = 0;
  assert_int_equal(km_fit(&data, &usual, NULL, curves), STATUS_OK);
  for (size_t g = 0; g < 3; g++) {
    assert_int_equal(curves[g].n_times, 0);
    km_curve_clear(&curves[g]);
  }
}

/* Entries 0 0 3 3 3, times 1 2 4 5 6, the fourth censored: the first two die before anyone else enters.  R's survfit.
 */
static void a_risk_set_that_dies_out_and_refills(void **state)
{
  (void)state;
  const double time[] = {1, 2, 4, 5, 6}, entry[] = {0, 0, 3, 3, 3};
  const uint8_t status[] = {1, 1, 1, 0, 1};
  const double at_risk[] = {2, 1, 3, 2, 1}, survival[] = {0.5, 0, 0, 0, 0};
  struct survival_data data = {.n = 5, .time = time, .status = status, .entry = entry, .n_groups = 1, .n_strata = 1};
  struct km_curve curve;
  assert_int_equal(km_fit(&data, &usual, NULL, &curve), STATUS_OK);
  assert_column(curve.n_risk, at_risk, 5, 0);
  assert_column(curve.estimate, survival, 5, 0);
  assert_true(isnan(curve.std_error[1]) && isnan(curve.std_error[4]) && isnan(curve.conf_high[4]));
  assert_near(km_restricted_mean(&curve, 6, false).mean, 1.5, 0);
  assert_near(km_restricted_mean(&curve, 6, false).std_error, 0.35355339059327379, 1e-14);
  /* entry < t <= time */
  const double times[] = {0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, 4, 4.5, 6, 6.5};
  const double counts[] = {0, 2, 2, 1, 1, 0, 0, 3, 3, 2, 1, 0};
  for (size_t i = 0; i < COUNT(times); i++)
    assert_near(km_at_risk(&curve, times[i]), counts[i], 0);
  assert_int_equal(curve.n_entries, 2);
  assert_near(curve.entry_cumulated[1], 5, 0);
  km_curve_clear(&curve);
}

/* The same with weights that are not exact in binary: whoever is alone at risk still brings S to exactly 0. */
static void assert_dies_out(const double *weight)
{
  const double time[] = {1, 2, 4, 5, 6}, entry[] = {0, 0, 3, 3, 3};
  const uint8_t status[] = {1, 1, 1, 0, 1};
  struct survival_data data = {
      .n = 5, .time = time, .status = status, .entry = entry, .weight = weight, .n_groups = 1, .n_strata = 1};
  struct km_curve curve;
  assert_int_equal(km_fit(&data, &usual, NULL, &curve), STATUS_OK);
  assert_near(curve.estimate[0], weight[1] / (weight[0] + weight[1]), 1e-11);
  assert_true(curve.estimate[1] == 0);
  assert_true(curve.n_risk[1] == weight[1]);
  assert_true(km_at_risk(&curve, 2.5) == 0);
  km_curve_clear(&curve);
}

static void weights_leave_no_rounding_in_an_empty_risk_set(void **state)
{
  (void)state;
  uint32_t seed = 11;
  for (int round = 0; round < 500; round++) {
    double weight[5];
    for (size_t i = 0; i < 5; i++)
      weight[i] = (1 + (double)next_random(&seed, 1000)) / 7;
    assert_dies_out(weight);
  }
}

/* A limit that lies at the level to the curve's end: the middle to the last time, but not where it is not known
 * everywhere. */
static void a_limit_flat_at_the_level(void **state)
{
  (void)state;
  double time[] = {1, 2, 5, 9}, survival[] = {1, 0.7, 0.7, 0.7}, events[] = {0, 1, 0, 0};
  double low[] = {1, 0.5, 0.5, 0.5}, high[] = {NAN, 0.5 + 1e-9, 0.5, 0.5 - 1e-9};
  struct km_curve curve = {.n_times = 4,
                           .time = time,
                           .n_event = events,
                           .estimate = survival,
                           .std_error = survival,
                           .conf_low = low,
                           .conf_high = high};
  assert_quantile(km_quantile(&curve, 0.5, QUANTILE_R, 0.95), NAN, 5.5, 2);
  /* a limit that rises again counts by its first crossing */
  low[1] = 0.4;
  low[2] = 0.6;
  assert_near(km_quantile(&curve, 0.5, QUANTILE_R, 0.95).low, 2, 0);
  /* flat at the level between two drops */
  low[1] = 0.5;
  low[2] = 0.5;
  low[3] = 0.49;
  assert_near(km_quantile(&curve, 0.5, QUANTILE_R, 0.95).low, 5.5, 0);
}

/* R's survfit keeps times below 0; the mean is what it is. */
static void times_below_zero_are_times(void **state)
{
  (void)state;
  const double time[] = {-2, 1, 4};
  const uint8_t status[] = {1, 1, 1};
  struct km_curve curve = fit_one(time, status, 3, &usual);
  assert_near(km_restricted_mean(&curve, 4, false).mean, 1, 1e-15);
  assert_near(km_restricted_mean(&curve, -3, false).mean, -3, 0);
  assert_near(km_at(&curve, -2).estimate, 2.0 / 3, 1e-15);
  km_curve_clear(&curve);
}

static void a_cancelled_fit_leaves_nothing(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  struct km_curve curves[3];
  struct task task;
  task_init(&task);
  assert_int_equal(km_fit(&data, &usual, &task, curves), STATUS_OK);
  for (size_t g = 0; g < 3; g++)
    km_curve_clear(&curves[g]);
  task_cancel(&task);
  assert_int_equal(km_fit(&data, &usual, &task, curves), STATUS_CANCELLED);
  for (size_t g = 0; g < 3; g++)
    assert_null(curves[g].time);
}

/* -- identities -- */

static void without_censoring_it_is_one_minus_the_ecdf(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  memset(cohort.status, STATUS_EVENT, sizeof cohort.status);
  struct km_curve curve = fit_one(cohort.time, cohort.status, COHORT_N, &usual);
  for (size_t j = 0; j < curve.n_times; j++) {
    size_t later = 0;
    for (size_t i = 0; i < COHORT_N; i++)
      later += cohort.time[i] > curve.time[j];
    double survival = (double)later / COHORT_N;
    assert_near(curve.estimate[j], survival, 4e-16);
    if (later)
      assert_near(curve.std_error[j], sqrt(survival * (1 - survival) / COHORT_N), 1e-13);
  }
  assert_true(curve.estimate[curve.n_times - 1] == 0);
  km_curve_clear(&curve);
}

/* A plain product of 300,000 factors is off in the twelfth digit here. */
static void a_long_product_keeps_its_digits(void **state)
{
  (void)state;
  enum { N = 300000 };
  double *time = malloc(N * sizeof *time);
  uint8_t *status = malloc(N);
  for (size_t i = 0; i < N; i++) {
    time[i] = (double)(i + 1);
    status[i] = STATUS_EVENT;
  }
  struct km_curve curve = fit_one(time, status, N, &usual);
  for (size_t j = 0; j < N; j += 997)
    assert_near(curve.estimate[j], (double)(N - 1 - j) / N, 4e-16);
  assert_near(curve.estimate[N - 2], 1.0 / N, 4e-16);
  assert_near(curve.std_error[N - 2], sqrt((1.0 / N) * (1 - 1.0 / N) / N), 1e-13);
  assert_near(km_restricted_mean(&curve, N, false).mean, (N + 1) / 2.0, 1e-15);
  km_curve_clear(&curve);
  free(time);
  free(status);
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  static double time[3 * COHORT_N], entry[3 * COHORT_N];
  static uint8_t status[3 * COHORT_N];
  static uint32_t group[3 * COHORT_N];
  size_t n = 0;
  for (size_t i = 0; i < COHORT_N; i++)
    for (double copy = 0; copy < cohort.weight[i]; copy++, n++) {
      time[n] = cohort.time[i];
      entry[n] = cohort.entry[i];
      status[n] = cohort.status[i];
      group[n] = cohort.group[i];
    }
  struct survival_data replicated = {
      .n = n, .time = time, .status = status, .entry = entry, .group = group, .n_groups = 3, .n_strata = 1};
  for (int with_entry = 0; with_entry < 2; with_entry++) {
    if (!with_entry)
      data.entry = replicated.entry = NULL;
    struct km_curve weighted[3], rows[3];
    km_fit(&data, &usual, NULL, weighted);
    km_fit(&replicated, &usual, NULL, rows);
    for (size_t g = 0; g < 3; g++) {
      assert_same_curve(&weighted[g], &rows[g], 0);
      assert_near(weighted[g].n, rows[g].n, 0);
      assert_near(weighted[g].n_events, rows[g].n_events, 0);
      assert_near(km_at_risk(&weighted[g], 20.2), km_at_risk(&rows[g], 20.2), 0);
      km_curve_clear(&weighted[g]);
      km_curve_clear(&rows[g]);
    }
  }
}

static void curves_do_not_depend_on_the_scale_of_weights(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  struct km_curve whole[3], scaled[3];
  km_fit(&data, &usual, NULL, whole);
  for (size_t i = 0; i < COHORT_N; i++)
    cohort.weight[i] *= 0.1;
  km_fit(&data, &usual, NULL, scaled);
  for (size_t g = 0; g < 3; g++) {
    assert_column(scaled[g].estimate, whole[g].estimate, whole[g].n_times, 1e-12);
    for (size_t j = 0; j < whole[g].n_times; j++) {
      assert_near(scaled[g].n_risk[j] * 10, whole[g].n_risk[j], 1e-12);
      assert_near(scaled[g].std_error[j], whole[g].std_error[j] * sqrt(10), 1e-12);
    }
    km_curve_clear(&whole[g]);
    km_curve_clear(&scaled[g]);
  }
}

static void the_order_of_ties_does_not_matter(void **state)
{
  (void)state;
  struct cohort cohort, turned;
  cohort_fill(&cohort);
  for (size_t start = 0, end; start < COHORT_N; start = end) {
    for (end = start; end < COHORT_N && cohort.time[end] == cohort.time[start]; end++)
      ;
    for (size_t i = start; i < end; i++) {
      size_t from = end - 1 - (i - start);
      turned.time[i] = cohort.time[from];
      turned.entry[i] = cohort.entry[from];
      turned.weight[i] = cohort.weight[from];
      turned.status[i] = cohort.status[from];
      turned.group[i] = cohort.group[from];
    }
  }
  struct survival_data data = cohort_data(&cohort), turned_data = cohort_data(&turned);
  struct km_curve curves[3], turned_curves[3];
  km_fit(&data, &usual, NULL, curves);
  km_fit(&turned_data, &usual, NULL, turned_curves);
  for (size_t g = 0; g < 3; g++) {
    assert_same_curve(&curves[g], &turned_curves[g], 0);
    km_curve_clear(&curves[g]);
    km_curve_clear(&turned_curves[g]);
  }
}

static void entries_before_all_times_change_nothing(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  for (size_t i = 0; i < COHORT_N; i++)
    cohort.entry[i] = 0;
  struct km_curve with[3], without[3];
  km_fit(&data, &usual, NULL, with);
  data.entry = NULL;
  km_fit(&data, &usual, NULL, without);
  for (size_t g = 0; g < 3; g++) {
    assert_same_curve(&with[g], &without[g], 0);
    assert_near(km_at_risk(&with[g], 12.3), km_at_risk(&without[g], 12.3), 0);
    km_curve_clear(&with[g]);
    km_curve_clear(&without[g]);
  }
}

/* At every time the curve's count is the count of rows, and those who entered have left or are at risk. */
static void counts_add_up_with_delayed_entry(void **state)
{
  (void)state;
  struct cohort cohort;
  cohort_fill(&cohort);
  struct survival_data data = cohort_data(&cohort);
  data.weight = NULL;
  struct km_curve curves[3];
  km_fit(&data, &usual, NULL, curves);
  for (size_t g = 0; g < 3; g++) {
    for (double t = 0; t < 110; t += 0.25) {
      double at_risk = 0;
      for (size_t i = 0; i < COHORT_N; i++)
        at_risk += cohort.group[i] == g && cohort.entry[i] < t && t <= cohort.time[i];
      assert_near(km_at_risk(&curves[g], t), at_risk, 0);
    }
    double n = 0;
    for (size_t j = 0; j < curves[g].n_times; j++) {
      assert_near(curves[g].n_risk[j], km_at_risk(&curves[g], curves[g].time[j]), 0);
      n += curves[g].n_event[j] + curves[g].n_censor[j];
    }
    assert_near(curves[g].n, n, 0);
  }
  for (size_t g = 0; g < 3; g++)
    km_curve_clear(&curves[g]);
}

static void heavy_ties_make_one_drop(void **state)
{
  (void)state;
  double time[100];
  uint8_t status[100];
  for (size_t i = 0; i < 100; i++) {
    time[i] = 3;
    status[i] = i % 4 == 0;
  }
  struct km_curve curve = fit_one(time, status, 100, &usual);
  assert_int_equal(curve.n_times, 1);
  assert_near(curve.estimate[0], 0.75, 0);
  assert_near(curve.std_error[0], sqrt(0.75 * 0.25 / 100), 1e-15);
  assert_near(curve.n_censor[0], 75, 0);
  km_curve_clear(&curve);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kaplan_and_meier_1958),
      cmocka_unit_test(a_median_where_the_curve_ends_flat),
      cmocka_unit_test(a_median_between_two_drops),
      cmocka_unit_test(spss_density_may_begin_at_zero),
      cmocka_unit_test(medians_take_their_limits_from_each_band),
      cmocka_unit_test(restricted_means_of_aml),
      cmocka_unit_test(reverse_curve_follows_up),
      cmocka_unit_test(limits_at_one_and_at_zero),
      cmocka_unit_test(level_sets_the_width),
      cmocka_unit_test(survival_at_any_time),
      cmocka_unit_test(nobody_dies),
      cmocka_unit_test(one_row),
      cmocka_unit_test(groups_without_rows),
      cmocka_unit_test(a_risk_set_that_dies_out_and_refills),
      cmocka_unit_test(weights_leave_no_rounding_in_an_empty_risk_set),
      cmocka_unit_test(a_limit_flat_at_the_level),
      cmocka_unit_test(times_below_zero_are_times),
      cmocka_unit_test(a_cancelled_fit_leaves_nothing),
      cmocka_unit_test(without_censoring_it_is_one_minus_the_ecdf),
      cmocka_unit_test(a_long_product_keeps_its_digits),
      cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(curves_do_not_depend_on_the_scale_of_weights),
      cmocka_unit_test(the_order_of_ties_does_not_matter),
      cmocka_unit_test(entries_before_all_times_change_nothing),
      cmocka_unit_test(counts_add_up_with_delayed_entry),
      cmocka_unit_test(heavy_ties_make_one_drop),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
