/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round values: R's pretty() for many ranges, and what holds for every range. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/pretty.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* pretty(c(low, high), n): how many, the first and the last. */
static const struct {
  double low, high;
  size_t n, count;
  double first, last;
} known[] = {
    {0, 1, 10, 11, 0, 1},
    {0, 10, 10, 11, 0, 10},
    {1, 82, 10, 10, 0, 90},
    {39, 82, 10, 11, 35, 85},
    {0.3, 28, 10, 15, 0, 28},
    {-3.7, 5.2, 10, 11, -4, 6},
    {-9, -2, 10, 15, -9, -2},
    {1.1, 1.9, 10, 9, 1.1, 1.9},
    {0, 0.001, 10, 11, 0, 0.001},
    {-1e-05, 3e-05, 10, 9, -1e-05, 3e-05},
    {12, 12, 10, 4, 8, 14},
    {-12, -12, 10, 4, -14, -8},
    {0, 0, 10, 4, -0.4, 0.2},
    {1, 1, 10, 4, 0.6, 1.2},
    {0.07, 0.07, 10, 4, 0.04, 0.1},
    {5000000, 5000000, 10, 4, 4800000, 5100000},
    {10000000000, 10000000001, 10, 11, 10000000000, 10000000001},
    {10000000000, 10000000025, 10, 14, 10000000000, 10000000026},
    {10000000000, 10000000000.000002, 10, 4, 9600000000, 10200000000},
    {-10000000025, -10000000000, 10, 14, -10000000026, -10000000000},
    {1e-300, 1e-300, 10, 4, 6e-301, 1.2e-300},
    {1e-300, 3e-300, 10, 11, 1e-300, 3e-300},
    {1e+300, 1e+300, 10, 4, 9.6e+299, 1.02e+300},
    {1e+300, 3e+300, 10, 11, 1e+300, 3e+300},
    {-1e+300, 1.2e+300, 10, 12, -1e+300, 1.2e+300},
    {0, 1022, 5, 7, 0, 1200},
    {5, 1022, 5, 7, 0, 1200},
    {5, 1022, 4, 7, 0, 1200},
    {5, 1022, 3, 4, 0, 1500},
    {5, 1022, 2, 4, 0, 1500},
    {5, 1022, 1, 3, 0, 2000},
    {5, 1022, 20, 22, 0, 1050},
    {5, 1022, 100, 104, 0, 1030},
    {0, 1, 5, 6, 0, 1},
    {0.1, 0.3, 5, 5, 0.1, 0.3},
    {0, 99, 5, 6, 0, 100},
    {0, 101, 5, 7, 0, 120},
    {-1, 1, 2, 3, -1, 1},
    {-1, 1, 1, 3, -2, 2},
    {-0.5, 0.4, 3, 3, -0.5, 0.5},
    {2.9999999, 3.0000001, 10, 11, 2.9999999, 3.0000001},
    {0.15, 0.95, 7, 10, 0.1, 1},
    {1999, 2024, 10, 14, 1998, 2024},
    {1999, 2024, 5, 7, 1995, 2025},
    {0, 365.25, 12, 9, 0, 400},
    {-273.15, 36.6, 10, 8, -300, 50},
    {1e-08, 1, 10, 11, 0, 1},
    {7, 8, 10, 11, 7, 8},
    {7, 9, 10, 11, 7, 9},
    {7, 10, 10, 7, 7, 10},
    {7, 11, 10, 9, 7, 11},
    {7, 12, 10, 11, 7, 12},
    {7, 13, 10, 13, 7, 13},
    {0, 3e-07, 10, 7, 0, 3e-07},
    {0, 1, 1, 2, 0, 1},
    {4, 4, 1, 2, 0, 5},
    {4, 4, 50, 17, 2.4, 5.6},
};

static void test_as_r(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(known); i++) {
    size_t count;
    double *values = pretty_values(known[i].low, known[i].high, known[i].n, &count);
    if (count != known[i].count)
      fail_msg("%g to %g by %zu: %zu values, R has %zu", known[i].low, known[i].high, known[i].n, count,
               known[i].count);
    const double step = (known[i].last - known[i].first) / (double)(count - 1);
    for (size_t k = 0; k < count; k++) {
      const double expected = known[i].first + (double)k * step;
      if (!(fabs(values[k] - expected) <= 1e-9 * step + 4 * DBL_EPSILON * fabs(expected)))
        fail_msg("%g to %g by %zu: %.17g is not %.17g", known[i].low, known[i].high, known[i].n, values[k], expected);
    }
    free(values);
  }
}

/* 0 is 0 and not what rounding leaves; a tenth is the tenth that a person writes. */
static void test_values_are_clean(void **state)
{
  size_t count;
  (void)state;
  double *values = pretty_values(-0.5, 0.5, 10, &count);
  assert_int_equal(count, 11);
  assert_true(values[5] == 0 && !signbit(values[5]));
  free(values);
  values = pretty_values(0, 1, 10, &count);
  assert_int_equal(count, 11);
  for (size_t i = 0; i <= 10; i++)
    assert_true(fabs(values[i] - (double)i / 10) <= 1.2e-16);
  free(values);
}

static void assert_round(double step)
{
  const double power = pow(10, floor(log10(step) + 1e-6)), digit = step / power;
  if (fabs(digit - 1) > 1e-6 && fabs(digit - 2) > 1e-6 && fabs(digit - 5) > 1e-6)
    fail_msg("%.17g is not 1, 2 or 5 times a power of ten", step);
}

/* They cover the range, ascend by one round step, and are no more than R's rule allows. */
static void test_of_every_range(void **state)
{
  static const double lows[] = {-1e5, -1234.5, -10, -1, -0.001, 0, 1e-6, 0.3, 1, 17, 999, 1e6};
  (void)state;
  for (size_t i = 0; i < COUNT(lows); i++)
    for (double range = 1e-3; range < 1e9; range *= 3.7)
      for (size_t n = 1; n <= 40; n = 2 * n + 1) {
        size_t count;
        double *values = pretty_values(lows[i], lows[i] + range, n, &count);
        assert_true(count >= 2 && count <= 3 * n + 3);
        const double step = (values[count - 1] - values[0]) / (double)(count - 1);
        assert_true(values[0] <= lows[i] + 1e-9 * step);
        assert_true(values[count - 1] >= lows[i] + range - 1e-9 * step);
        assert_round(step);
        for (size_t k = 1; k < count; k++)
          assert_true(fabs(values[k] - values[k - 1] - step) <= 1e-5 * step);
        free(values);
      }
}

/* Mirrored ranges give mirrored values, and ranges ten times as wide values ten times as large. */
static void test_symmetry(void **state)
{
  static const double ranges[][2] = {{1, 82}, {-3.7, 5.2}, {0.3, 28}, {0, 7}, {113, 119.5}};
  (void)state;
  for (size_t i = 0; i < COUNT(ranges); i++) {
    size_t n, n_mirrored, n_wide;
    double *values = pretty_values(ranges[i][0], ranges[i][1], 10, &n);
    double *mirrored = pretty_values(-ranges[i][1], -ranges[i][0], 10, &n_mirrored);
    double *wide = pretty_values(10 * ranges[i][0], 10 * ranges[i][1], 10, &n_wide);
    assert_int_equal(n, n_mirrored);
    assert_int_equal(n, n_wide);
    for (size_t k = 0; k < n; k++) {
      assert_true(fabs(values[k] + mirrored[n - 1 - k]) <= 1e-12 * fmax(1, fabs(values[k])));
      assert_true(fabs(10 * values[k] - wide[k]) <= 1e-12 * fmax(1, fabs(wide[k])));
    }
    free(values);
    free(mirrored);
    free(wide);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_as_r),
      cmocka_unit_test(test_values_are_clean),
      cmocka_unit_test(test_of_every_range),
      cmocka_unit_test(test_symmetry),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
