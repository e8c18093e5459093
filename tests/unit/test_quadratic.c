/* SPDX-License-Identifier: GPL-3.0-or-later */
/* x' M^- x: numbers worked by hand and by R's solve(), scales far apart, matrices that lack rank. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/quadratic.h"

static void assert_form(const double *matrix, const double *x, size_t n, double expected, double expected_rank,
                        double tolerance)
{
  double rank = -1;
  const double got = quadratic_form_inverse(matrix, x, n, &rank);
  if (rank != expected_rank)
    fail_msg("rank %g, not %g", rank, expected_rank);
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void test_known(void **state)
{
  static const double one[] = {4}, two[] = {2, 1, 1, 3}, three[] = {4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2};
  static const double x[] = {1, -2, 0.5};
  double hilbert[25];
  static const double ones[] = {1, 1, 1, 1, 1};
  (void)state;
  assert_form(one, x, 1, 0.25, 1, 1e-15);
  assert_form(two, x, 2, 3, 2, 1e-15); /* (3 + 4 + 8) / 5 */
  assert_form(three, x, 3, 2.189290746829498, 3, 1e-14);
  for (size_t i = 0; i < 25; i++)
    hilbert[i] = 1 / (double)(i / 5 + i % 5 + 1);
  assert_form(hilbert, ones, 5, 25, 5, 1e-9); /* the sum of the inverse's elements is n squared */
}

/* Units do not matter: D M D with D x is M with x. */
static void test_scales(void **state)
{
  static const double three[] = {4, 1, 0.5, 1, 3, 0.2, 0.5, 0.2, 2}, x[] = {1, -2, 0.5};
  static const double scales[][3] = {{1e10, 1, 1e-10}, {1e-150, 1e-150, 1e-150}, {1e150, 1e150, 1}, {1, 1e-8, 1e8}};
  (void)state;
  for (size_t k = 0; k < sizeof scales / sizeof *scales; k++) {
    double matrix[9], y[3];
    for (size_t i = 0; i < 3; i++) {
      y[i] = x[i] * scales[k][i];
      for (size_t j = 0; j < 3; j++)
        matrix[3 * i + j] = three[3 * i + j] * scales[k][i] * scales[k][j];
    }
    assert_form(matrix, y, 3, 2.189290746829498, 3, 1e-13);
  }
}

/* What the rows before imply is left out: twice a row, a sum of rows, a row of zeros. */
static void test_rank(void **state)
{
  static const double doubled[] = {1, 2, 2, 4}, zeros[] = {2, 0, 0, 0, 0, 0, 0, 0, 5}, nothing[] = {0, 0, 0, 0};
  static const double sum[] = {2, 1, 3, 1, 3, 4, 3, 4, 7}; /* the third is the sum of the others */
  static const double x[] = {1, -2, -1}, y[] = {3, 6, 9};
  (void)state;
  assert_form(doubled, (const double[]){3, 6}, 2, 9, 1, 1e-15);
  assert_form(zeros, (const double[]){4, 0, 10}, 3, 28, 2, 1e-15);
  assert_form(zeros, y, 3, 4.5 + 16.2, 2, 1e-15); /* what lies in the empty direction is not seen */
  assert_form(sum, x, 3, 3, 2, 1e-14);
  assert_form(nothing, x, 2, (double)NAN, 0, 0);
  assert_form(nothing, x, 0, (double)NAN, 0, 0);
}

/* The log-rank covariance of k groups has rank k - 1, and any group may be the one that goes. */
static void test_groups(void **state)
{
  static const double p[] = {0.2, 0.3, 0.1, 0.4}, x[] = {3, -1, 2, -4};
  (void)state;
  for (size_t turn = 0; turn < 4; turn++) {
    double matrix[16], y[4], expected = 0;
    for (size_t i = 0; i < 4; i++) {
      const double pi = p[(i + turn) % 4];
      y[i] = x[(i + turn) % 4];
      expected += y[i] * y[i] / pi; /* the multinomial's: sum x^2 / p where x sums to 0 */
      for (size_t j = 0; j < 4; j++)
        matrix[4 * i + j] = (i == j ? pi : 0) - pi * p[(j + turn) % 4];
    }
    assert_form(matrix, y, 4, expected, 3, 1e-13);
  }
}

static void test_zero_vector(void **state)
{
  static const double two[] = {2, 1, 1, 3}, x[] = {0, 0};
  double rank;
  (void)state;
  assert_true(quadratic_form_inverse(two, x, 2, &rank) == 0);
  assert_true(rank == 2);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_known),  cmocka_unit_test(test_scales),      cmocka_unit_test(test_rank),
      cmocka_unit_test(test_groups), cmocka_unit_test(test_zero_vector),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
