/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapiro–Wilk: R's numbers over all of its sizes, scale, and what has no answer. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/shapiro.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void assert_shapiro(const double *sorted, size_t n, double w, double p_value)
{
  struct shapiro got = shapiro_wilk(sorted, n);
  assert_near(got.w, w, 1e-12);
  assert_near(got.p_value, p_value, 1e-9);
}

/* R's PlantGrowth, and the weights of eleven men in Shapiro and Wilk's paper. */
static const double plants[] = {3.59, 3.83, 4.17, 4.17, 4.32, 4.41, 4.50, 4.53, 4.61, 4.69,
                                4.81, 4.89, 4.92, 5.12, 5.14, 5.17, 5.18, 5.26, 5.29, 5.33,
                                5.37, 5.50, 5.54, 5.58, 5.80, 5.87, 6.03, 6.11, 6.15, 6.31};
static const double men[] = {148, 154, 158, 160, 161, 162, 166, 170, 182, 195, 236};

static void small_samples_as_r(void **state)
{
  (void)state;
  static const double three[] = {148, 154, 236};
  assert_shapiro(plants, COUNT(plants), 0.9826830160985873, 0.8915073682273987);
  assert_shapiro(men, 11, 0.7888146948353874, 0.006703814056502925);
  assert_shapiro(men, 10, 0.9080491141243594, 0.2678575576823879);
  assert_shapiro(men, 6, 0.881669430242489, 0.2768115065462946);
  assert_shapiro(men, 5, 0.9022804583303639, 0.4226177870990221);
  assert_shapiro(men, 4, 0.9456304826672571, 0.6889364373223547);
  assert_shapiro(three, 3, 0.8008825151682297, 0.116606891592995);
}

static void large_samples_as_r(void **state)
{
  (void)state;
  static double values[5001];
  for (int i = 0; i < 200; i++)
    values[199 - i] = -log((i + 0.5) / 200);
  assert_shapiro(values, 200, 0.8237525606738719, 2.692416832862741e-14);
  for (int i = 0; i < 5001; i++)
    values[i] = pow(i + 1, 1.2);
  assert_shapiro(values, 5000, 0.9468910547211418, 3.704363282669504e-39);
  assert_shapiro(values, 5001, (double)NAN, (double)NAN);
}

static void one_value_apart(void **state)
{
  (void)state;
  double values[11] = {0};
  values[9] = 1;
  assert_shapiro(values, 10, 0.3657206274142635, 1.003692813889069e-07);
  values[9] = 0;
  values[10] = 1e3;
  assert_shapiro(values, 11, 0.3449912051158478, 2.243401901612188e-08);
}

static void three_values(void **state)
{
  (void)state;
  static const double even[] = {-1, 0, 1}, two_equal[] = {0, 0, 1};
  assert_near(shapiro_wilk(even, 3).w, 1, 1e-14);
  assert_near(shapiro_wilk(even, 3).p_value, 1, 1e-7);
  assert_near(shapiro_wilk(two_equal, 3).w, 0.75, 1e-14);
  assert_near(shapiro_wilk(two_equal, 3).p_value, 0, 0);
}

/* Place and scale do not matter; mirrored values have the same W. */
static void place_and_scale(void **state)
{
  (void)state;
  struct shapiro expected = shapiro_wilk(men, 11);
  static const double scales[] = {1, 1e-200, 1e200};
  double moved[11];
  for (size_t k = 0; k < COUNT(scales); k++) {
    for (size_t i = 0; i < 11; i++)
      moved[i] = men[i] * scales[k];
    assert_shapiro(moved, 11, expected.w, expected.p_value);
  }
  for (size_t i = 0; i < 11; i++)
    moved[i] = men[i] + 1e10;
  assert_shapiro(moved, 11, expected.w, expected.p_value);
  for (size_t i = 0; i < 11; i++)
    moved[10 - i] = -men[i];
  assert_shapiro(moved, 11, expected.w, expected.p_value);
}

static void nothing_to_test(void **state)
{
  (void)state;
  static const double equal[] = {5, 5, 5, 5}, two[] = {1, 2};
  assert_shapiro(equal, 4, (double)NAN, (double)NAN);
  for (size_t n = 0; n < 3; n++)
    assert_shapiro(two, n, (double)NAN, (double)NAN);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(small_samples_as_r), cmocka_unit_test(large_samples_as_r), cmocka_unit_test(one_value_apart),
      cmocka_unit_test(three_values),       cmocka_unit_test(place_and_scale),    cmocka_unit_test(nothing_to_test),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
