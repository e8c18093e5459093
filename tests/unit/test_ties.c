/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Merging near-equal times, and the order of entries. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/sort.h"
#include "stats/survival_data.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_values(const double *got, const double *expected, size_t n)
{
  for (size_t i = 0; i < n; i++)
    if (got[i] != expected[i])
      fail_msg("value %zu is %.17g, not %.17g", i, got[i], expected[i]);
}

static void sums_of_tenths_become_ties(void **state)
{
  (void)state;
  double time[] = {0.3, 0.1 + 0.2, 0.5, 0.7};
  const double merged[] = {0.3, 0.3, 0.5, 0.7};
  assert_true(time[0] != time[1]);
  assert_int_equal(survival_times_merge(time, NULL, COUNT(time)), 1);
  assert_values(time, merged, COUNT(time));
}

static void distinct_times_are_left_alone(void **state)
{
  (void)state;
  double time[] = {-2, -0.5, 0, 1e-7, 1, 1, 2.25, 1e6};
  double before[COUNT(time)];
  memcpy(before, time, sizeof time);
  /* the mean magnitude is about 1e5, so that 1e-7 apart is near; without the large time it is not */
  assert_int_equal(survival_times_merge(time, NULL, COUNT(time) - 1), 0);
  assert_memory_equal(time, before, sizeof time);
}

static void tolerance_grows_with_the_mean_of_distinct_times(void **state)
{
  (void)state;
  double time[] = {1, 1 + 1e-7, 1e6};
  assert_int_equal(survival_times_merge(time, NULL, COUNT(time)), 1);
  assert_true(time[1] == 1);
  /* a hundred rows at 1 do not lower the mean over the distinct values */
  double many[103];
  for (size_t i = 0; i < 101; i++)
    many[i] = 1;
  many[101] = 1 + 1e-3;
  many[102] = 1e6;
  assert_int_equal(survival_times_merge(many, NULL, COUNT(many)), 1);
}

static void the_absolute_tolerance_is_inclusive(void **state)
{
  (void)state;
  const double tolerance = sqrt(DBL_EPSILON);
  double at[] = {0, tolerance}, above[] = {0, nextafter(tolerance, 1)};
  assert_int_equal(survival_times_merge(at, NULL, 2), 1);
  assert_true(at[1] == 0);
  assert_int_equal(survival_times_merge(above, NULL, 2), 0);
}

static void a_run_of_near_times_takes_its_smallest(void **state)
{
  (void)state;
  double time[] = {1, 1 + 1e-8, 1 + 2e-8, 1 + 2e-8, 1 + 3e-8, 2};
  const double merged[] = {1, 1, 1, 1, 1, 2};
  assert_int_equal(survival_times_merge(time, NULL, COUNT(time)), 3);
  assert_values(time, merged, COUNT(time));
}

static void entries_merge_with_times_wherever_they_stand(void **state)
{
  (void)state;
  double time[] = {0.3, 0.5, 0.9, 1.2};
  double entry[] = {0, 0.1 + 0.2, 0.3, 0.5 + 1e-12};
  const double merged_entry[] = {0, 0.3, 0.3, 0.5};
  const double merged_time[] = {0.3, 0.5, 0.9, 1.2};
  assert_int_equal(survival_times_merge(time, entry, COUNT(time)), 2);
  assert_values(entry, merged_entry, COUNT(entry));
  assert_values(time, merged_time, COUNT(time));
}

static void a_smaller_entry_draws_the_time_down_to_it(void **state)
{
  (void)state;
  double time[] = {1, 2, 3}, entry[] = {0, 0, 2 - 1e-12};
  assert_int_equal(survival_times_merge(time, entry, COUNT(time)), 1);
  assert_true(time[1] == 2 - 1e-12);
  assert_true(entry[2] == 2 - 1e-12);
}

static void merging_twice_changes_nothing_more(void **state)
{
  (void)state;
  double time[200];
  for (size_t i = 0; i < COUNT(time); i++)
    time[i] = (double)(i / 4) * 30.4375 + (double)(i % 4) * 1e-9;
  assert_int_equal(survival_times_merge(time, NULL, COUNT(time)), 150);
  assert_int_equal(survival_times_merge(time, NULL, COUNT(time)), 0);
}

static void few_rows_are_no_trouble(void **state)
{
  (void)state;
  double time[] = {0}, entry[] = {-1}, zeros[] = {-0.0, 0.0, 0.0};
  assert_int_equal(survival_times_merge(time, NULL, 0), 0);
  assert_int_equal(survival_times_merge(time, entry, 0), 0);
  assert_int_equal(survival_times_merge(time, NULL, 1), 0);
  assert_int_equal(survival_times_merge(time, entry, 1), 0);
  assert_true(time[0] == 0 && entry[0] == -1);
  assert_int_equal(survival_times_merge(zeros, NULL, 3), 0);
}

static void order_is_ascending_and_stable(void **state)
{
  (void)state;
  const double entry[] = {3, -1, 0, 1e300, -1, -1e-300, 0.5, 3, -0.0, -1e300};
  const size_t expected[] = {9, 1, 4, 5, 2, 8, 6, 0, 7, 3};
  size_t *order = sort_order(entry, COUNT(entry));
  for (size_t i = 0; i < COUNT(entry); i++)
    assert_int_equal(order[i], expected[i]);
  free(order);
  free(sort_order(NULL, 0));
}

static void assert_order(const double *entry, size_t n)
{
  size_t *order = sort_order(entry, n), sum = 0;
  for (size_t i = 0; i < n; i++) {
    sum += order[i];
    assert_true(i == 0 || entry[order[i - 1]] < entry[order[i]] ||
                (entry[order[i - 1]] == entry[order[i]] && order[i - 1] < order[i]));
  }
  assert_int_equal(sum, n * (n - 1) / 2);
  free(order);
}

static void order_sorts_many(void **state)
{
  (void)state;
  enum { N = 5000 };
  static double entry[N];
  uint32_t seed = 1;
  for (size_t i = 0; i < N; i++) {
    seed = seed * 1664525u + 1013904223u;
    entry[i] = (double)(int32_t)seed / (i % 3 ? 4096.0 : 1e9);
  }
  assert_order(entry, N);
}

/* Few rows are merged from short runs, up to a length at which digits take over; many of them are equal. */
static void order_sorts_any_number(void **state)
{
  (void)state;
  enum { N = 1100 };
  static double entry[N];
  uint32_t seed = 7;
  for (size_t n = 1; n < N; n += n < 200 || n > 1015 ? 1 : 37) {
    for (size_t i = 0; i < n; i++) {
      seed = seed * 1664525u + 1013904223u;
      entry[i] = (double)(seed >> 16) - (i % 2 ? (double)(seed >> 16) - (double)(i % 7) : 30000);
    }
    assert_order(entry, n);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sums_of_tenths_become_ties),
      cmocka_unit_test(distinct_times_are_left_alone),
      cmocka_unit_test(tolerance_grows_with_the_mean_of_distinct_times),
      cmocka_unit_test(the_absolute_tolerance_is_inclusive),
      cmocka_unit_test(a_run_of_near_times_takes_its_smallest),
      cmocka_unit_test(entries_merge_with_times_wherever_they_stand),
      cmocka_unit_test(a_smaller_entry_draws_the_time_down_to_it),
      cmocka_unit_test(merging_twice_changes_nothing_more),
      cmocka_unit_test(few_rows_are_no_trouble),
      cmocka_unit_test(order_is_ascending_and_stable),
      cmocka_unit_test(order_sorts_many),
      cmocka_unit_test(order_sorts_any_number),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
