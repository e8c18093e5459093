/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pooled estimates against R's metafor::rma() (dat.bcg: thirteen trials of BCG), closed forms, and edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/meta.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

/* estimate, std_error, conf_low, conf_high, statistic, p_value, q, q_df, q_p, i2, tau2 */
enum { N_PRINTED = 11 };

static void assert_printed(const struct meta_result *got, const double *expected, double tolerance)
{
  const double values[N_PRINTED] = {got->estimate,  got->std_error, got->conf_low, got->conf_high,
                                    got->statistic, got->p_value,   got->q,        got->q_df,
                                    got->q_p,       got->i2,        got->tau2};
  assert_true(got->converged);
  for (int i = 0; i < N_PRINTED; i++)
    assert_near(values[i], expected[i], tolerance);
}

static const double bcg_estimate[] = {-0.8893113339202054, -1.585388657201431, -1.348073148299693,  -1.441551190021305,
                                      -0.2175473222112956, -0.786115585818864, -1.620898223598392,  0.01195233352384051,
                                      -0.4694176487381494, -1.371344803472784, -0.3393588283383906, 0.4459134005713787,
                                      -0.01731394821687982};
static const double bcg_error[] = {0.5706003548929507, 0.4411135017182582,  0.644490469571091,  0.1414568199213017,
                                   0.2262966463950159, 0.08310005087789513, 0.4722470196542432, 0.06294107798423641,
                                   0.2375588568402554, 0.2702310004663213,  0.1114101161096232, 0.7297299810204818,
                                   0.2672165033900157};

static void bcg_as_metafor(void **state)
{
  (void)state;
  const struct {
    enum meta_method method;
    bool knapp_hartung;
    double printed[N_PRINTED];
  } cases[] = {
      {META_FIXED,
       false,
       {-0.430285163654091, 0.0404987517108638, -0.509661258426214, -0.350909068881968, -10.6246525010465,
        2.28862930697324e-26, 152.233008082373, 12, 1.996764590846e-26, 92.117346854562, 0}},
      {META_DL,
       false,
       {-0.714117222073227, 0.178742089535403, -1.06444528008405, -0.363789164062404, -3.99523818888658,
        6.46292430470395e-05, 152.233008082373, 12, 1.996764590846e-26, 92.117346854562, 0.308760262862376}},
      {META_DL,
       true,
       {-0.714117222073227, 0.180696628335547, -1.10782135416833, -0.320413089978126, -3.95202294946609,
        0.00192076676704735, 152.233008082373, 12, 1.996764590846e-26, 92.117346854562, 0.308760262862376}},
      {META_REML,
       false,
       {-0.714532342158139, 0.179781516105206, -1.06689763881035, -0.362167045505928, -3.97444830613179,
        7.05425810164167e-05, 152.233008082373, 12, 1.996764590846e-26, 92.2213845212689, 0.313243258136481}},
      {META_REML,
       true,
       {-0.714532342158139, 0.180791744092848, -1.10844371368555, -0.320620970630728, -3.95223988652481,
        0.0019200150960573, 152.233008082373, 12, 1.996764590846e-26, 92.2213845212689, 0.313243258136481}},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    struct meta_result result;
    meta_pool(bcg_estimate, bcg_error, COUNT(bcg_estimate), cases[i].method, cases[i].knapp_hartung, 0.95, &result);
    assert_int_equal(result.k, 13);
    assert_near(result.i2_q, 92.117346854562, 1e-12);
    assert_true(result.knapp_hartung == cases[i].knapp_hartung);
    assert_printed(&result, cases[i].printed, 1e-11);
  }
}

/* The formula by hand in R: mu -+ qt(0.975, k - 2) * sqrt(tau2 + s^2), with tau2 and s of rma(). */
static void prediction_intervals(void **state)
{
  (void)state;
  const struct {
    enum meta_method method;
    bool knapp_hartung;
    double low, high;
  } cases[] = {
      {META_DL, false, -1.99883849575211814, 0.57060405160566374},
      {META_REML, true, -2.00905765037111195, 0.57999296605483341},
      {META_REML, false, -2.00837590692257706, 0.57931122260629875},
      {META_FIXED, false, NAN, NAN},
  };
  struct meta_result result;
  for (size_t i = 0; i < COUNT(cases); i++) {
    meta_pool(bcg_estimate, bcg_error, COUNT(bcg_estimate), cases[i].method, cases[i].knapp_hartung, 0.95, &result);
    assert_near(result.prediction_low, cases[i].low, 1e-10);
    assert_near(result.prediction_high, cases[i].high, 1e-10);
  }
  meta_pool(bcg_estimate, bcg_error, 2, META_DL, false, 0.95, &result);
  assert_true(isnan(result.prediction_low) && isnan(result.prediction_high));
}

/* Estimates nearer to each other than chance makes them: no variance between, at a level of 0.9. */
static void homogeneous_studies(void **state)
{
  (void)state;
  const double y[] = {0.1, 0.12, 0.09, 0.11}, s[] = {0.1, 0.2, 0.15, 0.3};
  const double z[] = {0.100923076923077,
                      0.074420840753525,
                      -0.0214883129111368,
                      0.22333446675729,
                      1.35611309817535,
                      0.17506318600062,
                      0.0154017094017094,
                      3,
                      0.999493981477612,
                      0,
                      0};
  const double t[] = {0.100923076923077,
                      0.00533234704884347,
                      0.0883741263566552,
                      0.113472027489498,
                      18.9265769835754,
                      0.000322037966986522,
                      0.0154017094017094,
                      3,
                      0.999493981477612,
                      0,
                      0};
  for (int method = META_FIXED; method <= META_REML; method++) {
    struct meta_result result;
    meta_pool(y, s, 4, (enum meta_method)method, false, 0.9, &result);
    assert_printed(&result, z, 1e-12);
    meta_pool(y, s, 4, (enum meta_method)method, true, 0.9, &result);
    assert_printed(&result, t, 1e-10);
  }
}

static void two_studies(void **state)
{
  (void)state;
  const double y[] = {0.1, 1.2}, s[] = {0.1, 0.2};
  const double reml_t[] = {0.636363636363636,
                           0.54983092818318,
                           -6.34990070741281,
                           7.62262798014009,
                           1.15738057600068,
                           0.453640806936857,
                           24.2,
                           1,
                           8.68322808545468e-07,
                           95.8677685950413,
                           0.58};
  struct meta_result result;
  meta_pool(y, s, 2, META_REML, true, 0.95, &result);
  assert_printed(&result, reml_t, 1e-11);
  meta_pool(y, s, 2, META_DL, true, 0.95, &result);
  assert_printed(&result, reml_t, 1e-11);
}

/* With one variance s^2 for all, REML and DL both take the variance of the estimates less s^2. */
static void equal_variances_have_a_closed_form(void **state)
{
  (void)state;
  const double y[] = {1, 2, 4, 7, 11}, s[] = {0.5, 0.5, 0.5, 0.5, 0.5};
  const double printed[] = {5,
                            1.8165902124585,
                            -0.04366300353061,
                            10.0436630035306,
                            2.7524094128159,
                            0.0512474111342377,
                            264,
                            4,
                            6.26585051606628e-56,
                            98.4848484848485,
                            16.25};
  for (int method = META_DL; method <= META_REML; method++) {
    struct meta_result result;
    meta_pool(y, s, 5, (enum meta_method)method, true, 0.95, &result);
    assert_printed(&result, printed, 1e-11);
  }
}

/* Shifted and scaled studies give shifted and scaled answers, be the scale ever so odd. */
static void shifts_and_scales_carry_over(void **state)
{
  (void)state;
  const double scales[] = {1, 1e-170, 1e-30, 1e12, 1e150};
  struct meta_result plain, result;
  meta_pool(bcg_estimate, bcg_error, COUNT(bcg_estimate), META_REML, true, 0.95, &plain);
  for (size_t i = 0; i < COUNT(scales); i++) {
    double y[COUNT(bcg_estimate)], s[COUNT(y)], offset = 1e6 * scales[i];
    for (size_t j = 0; j < COUNT(y); j++) {
      y[j] = offset + bcg_estimate[j] * scales[i];
      s[j] = bcg_error[j] * scales[i];
    }
    meta_pool(y, s, COUNT(y), META_REML, true, 0.95, &result);
    assert_true(result.converged);
    assert_near(result.std_error, plain.std_error * scales[i], 1e-8);
    assert_near((result.estimate - offset) / scales[i], plain.estimate, 1e-8);
    assert_near(result.i2, plain.i2, 1e-8);
    assert_near(result.q, plain.q, 1e-8);
  }
}

static void the_order_does_not_matter(void **state)
{
  (void)state;
  double y[COUNT(bcg_estimate)], s[COUNT(y)];
  for (size_t j = 0; j < COUNT(y); j++) {
    y[j] = bcg_estimate[COUNT(y) - 1 - j];
    s[j] = bcg_error[COUNT(y) - 1 - j];
  }
  struct meta_result a, b;
  meta_pool(bcg_estimate, bcg_error, COUNT(y), META_REML, false, 0.95, &a);
  meta_pool(y, s, COUNT(y), META_REML, false, 0.95, &b);
  assert_near(a.estimate, b.estimate, 1e-11);
  assert_near(a.tau2, b.tau2, 1e-11);
}

/* The restricted likelihood's slope is 0 where REML stops. */
static void reml_stands_on_a_summit(void **state)
{
  (void)state;
  uint32_t seed = 7;
  for (int round = 0; round < 300; round++) {
    double y[6], s[6];
    for (size_t i = 0; i < 6; i++) {
      seed = seed * 1664525u + 1013904223u;
      y[i] = (double)(seed >> 8) / 4e6;
      seed = seed * 1664525u + 1013904223u;
      s[i] = exp((double)(seed >> 8) / 4e6 - 2);
    }
    struct meta_result result;
    meta_pool(y, s, 6, META_REML, false, 0.95, &result);
    assert_true(result.converged);
    double w = 0, w2 = 0, square = 0;
    for (size_t i = 0; i < 6; i++) {
      double weight = 1 / (s[i] * s[i] + result.tau2);
      w += weight;
      w2 += weight * weight;
      square += weight * weight * (y[i] - result.estimate) * (y[i] - result.estimate);
    }
    double slope = square - (w - w2 / w);
    assert_true(result.tau2 > 0 ? fabs(slope) < 1e-8 * square : slope <= 0);
  }
}

static void one_study_is_itself(void **state)
{
  (void)state;
  const double y[] = {NAN, 0.3, 1, 1, INFINITY}, s[] = {1, 0.2, 0, NAN, 1};
  const double printed[] = {0.3, 0.2, -0.0919927969080108, 0.691992796908011, 1.5, 0.133614402537716, 0, 0, 1, 0, 0};
  for (int method = META_FIXED; method <= META_REML; method++) {
    struct meta_result result;
    meta_pool(y, s, COUNT(y), (enum meta_method)method, true, 0.95, &result);
    assert_int_equal(result.k, 1);
    assert_false(result.knapp_hartung);
    assert_printed(&result, printed, 1e-12);
  }
}

static void no_study_is_nothing(void **state)
{
  (void)state;
  for (int method = META_FIXED; method <= META_REML; method++) {
    struct meta_result result;
    meta_pool(NULL, NULL, 0, (enum meta_method)method, true, 0.95, &result);
    assert_int_equal(result.k, 0);
    assert_true(isnan(result.estimate) && isnan(result.std_error) && isnan(result.conf_low) && isnan(result.p_value));
    assert_true(isnan(result.q) && isnan(result.q_p) && isnan(result.i2) && isnan(result.tau2));
  }
}

static void studies_that_agree_wholly(void **state)
{
  (void)state;
  const double y[] = {0.5, 0.5, 0.5}, s[] = {0.1, 0.2, 0.3}, none[] = {0, 0, 0};
  struct meta_result result;
  meta_pool(y, s, 3, META_REML, false, 0.95, &result);
  assert_near(result.estimate, 0.5, 0);
  assert_near(result.q, 0, 0);
  assert_near(result.q_p, 1, 0);
  assert_near(result.i2, 0, 0);
  meta_pool(y, s, 3, META_REML, true, 0.95, &result);
  assert_near(result.std_error, 0, 0);
  assert_near(result.conf_low, 0.5, 0);
  assert_near(result.p_value, 0, 0);
  meta_pool(none, s, 3, META_DL, true, 0.95, &result);
  assert_true(isnan(result.p_value));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bcg_as_metafor),
      cmocka_unit_test(prediction_intervals),
      cmocka_unit_test(homogeneous_studies),
      cmocka_unit_test(two_studies),
      cmocka_unit_test(equal_variances_have_a_closed_form),
      cmocka_unit_test(shifts_and_scales_carry_over),
      cmocka_unit_test(the_order_does_not_matter),
      cmocka_unit_test(reml_stands_on_a_summit),
      cmocka_unit_test(one_study_is_itself),
      cmocka_unit_test(no_study_is_nothing),
      cmocka_unit_test(studies_that_agree_wholly),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
