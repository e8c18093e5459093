/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of counts: R's numbers, identities, empty rows and columns. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/contingency.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct contingency_test test_function(const double *, size_t, size_t);

static test_function *const every_test[] = {contingency_chi_square, contingency_chi_square_yates,
                                            contingency_likelihood_ratio};

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void assert_test(struct contingency_test got, double statistic, double df, double p_value)
{
  assert_near(got.statistic, statistic, 1e-12);
  assert_near(got.df, df, 0);
  assert_near(got.p_value, p_value, 1e-11);
}

/* Party and gender of the General Social Survey (Agresti 2007, table 2.5), as in R's help; a small table. */
static const double party[] = {762, 327, 468, 484, 239, 477};
static const double small[] = {12, 5, 3, 9};

static void chi_square_as_r(void **state)
{
  (void)state;
  assert_test(contingency_chi_square(party, 2, 3), 30.07014909575467, 2, 2.953589183211757e-07);
  assert_test(contingency_chi_square_yates(party, 2, 3), 30.07014909575467, 2, 2.953589183211757e-07);
  assert_test(contingency_chi_square(small, 2, 2), 5.85483193277311, 1, 0.01553434141468351);
  assert_test(contingency_chi_square_yates(small, 2, 2), 4.171457749766574, 1, 0.04111041419430708);
}

static void likelihood_ratio_as_r(void **state)
{
  (void)state;
  static const double none[] = {5, 0, 0, 5};
  assert_test(contingency_likelihood_ratio(party, 2, 3), 30.01669261323967, 2, 3.033597910638816e-07);
  assert_test(contingency_likelihood_ratio(small, 2, 2), 6.074888427412215, 1, 0.01371169612032408);
  assert_near(contingency_likelihood_ratio(none, 2, 2).statistic, 20 * log(2), 1e-14);
}

static void expected_counts(void **state)
{
  (void)state;
  static const double empty[6] = {0};
  assert_near(contingency_least_expected(small, 2, 2), 5.793103448275862, 1e-14);
  assert_near(contingency_least_expected(empty, 2, 3), (double)NAN, 0);
  assert_near(contingency_least_expected(empty, 0, 0), (double)NAN, 0);
}

/* The correction takes off no more than there is. */
static void yates_does_not_overshoot(void **state)
{
  (void)state;
  static const double close[] = {10, 10, 11, 10};
  assert_test(contingency_chi_square_yates(close, 2, 2), 0, 1, 1);
}

static void empty_rows_and_columns_are_left_out(void **state)
{
  (void)state;
  static const double sparse[] = {0, 0, 0, 0, 12, 0, 5, 0, 0, 0, 0, 0, 3, 0, 9, 0};
  for (size_t k = 0; k < COUNT(every_test); k++) {
    struct contingency_test dense = every_test[k](small, 2, 2);
    assert_test(every_test[k](sparse, 4, 4), dense.statistic, dense.df, dense.p_value);
  }
  assert_near(contingency_least_expected(sparse, 4, 4), 5.793103448275862, 1e-14);
  double kept[16];
  size_t rows, columns;
  contingency_keep_filled(sparse, 4, 4, kept, &rows, &columns);
  assert_int_equal(rows, 2);
  assert_int_equal(columns, 2);
  assert_memory_equal(kept, small, sizeof small);
}

static void identical_rows_are_independent(void **state)
{
  (void)state;
  static const double rows[] = {3, 7, 1, 0.5, 3, 7, 1, 0.5, 3, 7, 1, 0.5};
  for (size_t k = 0; k < COUNT(every_test); k++) {
    struct contingency_test test = every_test[k](rows, 3, 4);
    assert_true(fabs(test.statistic) < 1e-14);
    assert_near(test.df, 6, 0);
    assert_near(test.p_value, 1, 1e-14);
  }
}

static void turned_over_it_is_the_same(void **state)
{
  (void)state;
  double turned[6];
  for (size_t i = 0; i < 2; i++)
    for (size_t j = 0; j < 3; j++)
      turned[j * 2 + i] = party[i * 3 + j];
  for (size_t k = 0; k < COUNT(every_test); k++) {
    struct contingency_test test = every_test[k](party, 2, 3);
    assert_test(every_test[k](turned, 3, 2), test.statistic, test.df, test.p_value);
  }
}

static void nothing_to_test(void **state)
{
  (void)state;
  static const double empty[4] = {0}, one_row[] = {3, 4, 0, 0}, one_column[] = {3, 0, 4, 0};
  for (size_t k = 0; k < COUNT(every_test); k++) {
    assert_test(every_test[k](empty, 2, 2), (double)NAN, (double)NAN, (double)NAN);
    assert_test(every_test[k](empty, 0, 0), (double)NAN, (double)NAN, (double)NAN);
    assert_test(every_test[k](one_row, 2, 2), (double)NAN, (double)NAN, (double)NAN);
    assert_test(every_test[k](one_column, 2, 2), (double)NAN, (double)NAN, (double)NAN);
  }
}

/* Smokers among patients of four studies (Fleiss 1981, 139), as in R's help. */
static void trend_as_r(void **state)
{
  (void)state;
  static const double smokers[] = {83, 90, 129, 70, 3, 3, 7, 12}, score[] = {0, 0, 10, 11};
  assert_test(contingency_trend(smokers, 4, NULL), 8.224922285197735, 1, 0.004131897477641438);
  assert_test(contingency_trend(smokers, 4, score), 5.652927390171823, 1, 0.01742625758423423);
  struct contingency_test chi_square = contingency_chi_square(small, 2, 2);
  assert_test(contingency_trend(small, 2, NULL), chi_square.statistic, 1, chi_square.p_value);
}

static void no_trend_to_test(void **state)
{
  (void)state;
  static const double full[] = {3, 4, 0, 0}, equal_score[] = {2, 2};
  assert_test(contingency_trend(full, 2, NULL), (double)NAN, (double)NAN, (double)NAN);
  assert_test(contingency_trend(small, 2, equal_score), (double)NAN, (double)NAN, (double)NAN);
  assert_test(contingency_trend(full, 0, NULL), (double)NAN, (double)NAN, (double)NAN);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(chi_square_as_r),
      cmocka_unit_test(likelihood_ratio_as_r),
      cmocka_unit_test(expected_counts),
      cmocka_unit_test(yates_does_not_overshoot),
      cmocka_unit_test(empty_rows_and_columns_are_left_out),
      cmocka_unit_test(identical_rows_are_independent),
      cmocka_unit_test(turned_over_it_is_the_same),
      cmocka_unit_test(nothing_to_test),
      cmocka_unit_test(trend_as_r),
      cmocka_unit_test(no_trend_to_test),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
