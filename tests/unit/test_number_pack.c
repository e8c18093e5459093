/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as narrow integers: what comes back is what went in, bit for bit, in the narrowest form, however it was cut.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "data/column.h"
#include "data/number_pack.h"

static void assert_same_number(double found, double expected)
{
  if (isnan(expected))
    assert_true(isnan(found));
  else
    assert_memory_equal(&found, &expected, sizeof found);
}

/* Reads the column of the pack in each way there is, and releases it. */
static void assert_column_holds(struct number_pack *pack, const double *numbers, size_t n)
{
  const size_t width = pack->width;
  struct column *column = column_new_packed("x", COLUMN_NUMBER, pack);
  double *found = memory_new(n, sizeof *found), *apart = memory_new(2 * n, sizeof *apart);
  uint32_t *rows = memory_new(n, sizeof *rows);
  assert_int_equal(column_n_rows(column), n);
  assert_int_equal(column_width(column), width);
  for (size_t i = 0; i < n; i++)
    rows[i] = (uint32_t)(n - 1 - i);
  column_numbers(column, n / 2, n - n / 2, found + n / 2);
  column_numbers(column, 0, n / 2, found);
  column_numbers_of(column, rows, n, apart, 2);
  for (size_t i = 0; i < n; i++) {
    assert_same_number(column_number(column, i), numbers[i]);
    assert_same_number(found[i], numbers[i]);
    assert_same_number(apart[2 * i], numbers[n - 1 - i]);
    assert_int_equal(column_is_missing(column, i), isnan(numbers[i]));
  }
  column_release(column);
  free(found);
  free(apart);
  free(rows);
}

static void assert_pack(const double *numbers, size_t n, size_t width, size_t decimals)
{
  struct number_pack pack = number_pack_of(numbers, n);
  assert_int_equal(pack.width, width);
  if (width != NUMBER_PACK_DOUBLES)
    assert_int_equal(pack.decimals, decimals);
  assert_column_holds(&pack, numbers, n);
  number_pack_clear(&pack);
}

#define ASSERT_PACK(width, decimals, ...)                                                                              \
  do {                                                                                                                 \
    const double values[] = {__VA_ARGS__};                                                                             \
    assert_pack(values, sizeof values / sizeof *values, width, decimals);                                              \
  } while (0)

static void each_width_has_its_limits(void **state)
{
  (void)state;
  const double none = (double)NAN;
  ASSERT_PACK(1, 0, 0, 1, none, -127, 127);
  ASSERT_PACK(2, 0, 128);
  ASSERT_PACK(2, 0, -128, none); /* -128 stands for missing */
  ASSERT_PACK(2, 0, 32767, -32767, none);
  ASSERT_PACK(4, 0, 32768);
  ASSERT_PACK(4, 0, -32768, none);
  ASSERT_PACK(4, 0, 2147483647, -2147483647, none);
  ASSERT_PACK(8, 0, 2147483648.0);
  ASSERT_PACK(8, 0, -2147483648.0, none);
}

static void decimals_are_a_scale(void **state)
{
  (void)state;
  const double none = (double)NAN;
  ASSERT_PACK(1, 1, 0.1, 12.7, -12.7, 3, none);
  ASSERT_PACK(2, 1, 12.8);
  ASSERT_PACK(2, 2, 7, 0.01, 327.67);
  ASSERT_PACK(4, 2, 7, 0.01, 327.68);
  ASSERT_PACK(4, 4, 120.4162, 8.3879);
  ASSERT_PACK(1, 9, 0.000000001);
  ASSERT_PACK(4, 9, 2.147483647);
  ASSERT_PACK(8, 0, 2.147483648, 0.000000001);
  ASSERT_PACK(8, 0, 0.0000000001);
  ASSERT_PACK(8, 0, 300000, 0.00001); /* each alone would do */
}

static void what_would_change_stays_a_double(void **state)
{
  (void)state;
  ASSERT_PACK(8, 0, -0.0);
  ASSERT_PACK(8, 0, 1, 2, -0.0, 3);
  ASSERT_PACK(8, 0, 0.1 + 0.2);
  ASSERT_PACK(1, 1, 0.1, 0.2, 0.3);
  ASSERT_PACK(8, 0, 1e22, 1);
  ASSERT_PACK(8, 0, 1e300, -1e300);
  ASSERT_PACK(8, 0, INFINITY);
  ASSERT_PACK(8, 0, -INFINITY, 1);
  ASSERT_PACK(8, 0, 5e-324);
  ASSERT_PACK(8, 0, 1.0 / 3);
  ASSERT_PACK(8, 0, nextafter(28.1, 30), 28.1);
  ASSERT_PACK(8, 0, 4503599627370495.5);
}

static void nothing_takes_little(void **state)
{
  (void)state;
  const double none = (double)NAN;
  ASSERT_PACK(1, 0, none, none, none);
  assert_pack(NULL, 0, 1, 0);
  struct number_pack pack = NUMBER_PACK_INIT;
  number_pack_append_missing(&pack, 3);
  assert_int_equal(pack.width, 1);
  assert_column_holds(&pack, (const double[]){none, none, none}, 3);
}

/* A late number in a block of its own decides for all. */
static void every_block_counts(void **state)
{
  (void)state;
  static double numbers[1000];
  for (size_t i = 0; i < 1000; i++)
    numbers[i] = (double)(i % 100);
  assert_pack(numbers, 1000, 1, 0);
  numbers[999] = 1000;
  assert_pack(numbers, 1000, 2, 0);
  numbers[998] = 0.25;
  assert_pack(numbers, 1000, 4, 2);
  numbers[997] = 1e-9;
  assert_pack(numbers, 1000, 8, 0);
}

/* Parts of each form, one after another, in every pair and cut anywhere, give what the whole gives. */
static void parts_give_the_whole(void **state)
{
  (void)state;
  const double none = (double)NAN;
  const double numbers[] = {1,    none,  100,     2.5, none,      300,  0.25, 70000,
                            none, 1.125, 2000000, 3,   0.1 + 0.2, none, -0.0, 5};
  enum { N = sizeof numbers / sizeof *numbers };
  for (size_t begin = 0; begin < N; begin++)
    for (size_t end = begin; end <= N; end++)
      for (size_t first = begin; first <= end; first++)
        for (size_t second = first; second <= end; second++) {
          const size_t cuts[] = {begin, first, second, end};
          struct number_pack whole = number_pack_of(numbers + begin, end - begin), joined = NUMBER_PACK_INIT;
          if (second & 1)
            number_pack_expect(&joined, N);
          for (size_t i = 0; i < 3; i++) {
            struct number_pack part = number_pack_of(numbers + cuts[i], cuts[i + 1] - cuts[i]);
            number_pack_append(&joined, &part);
            number_pack_clear(&part);
          }
          assert_int_equal(joined.width, whole.width);
          if (whole.width != NUMBER_PACK_DOUBLES)
            assert_int_equal(joined.decimals, whole.decimals);
          number_pack_append_missing(&joined, 1);
          number_pack_clear(&whole);
          double expected[N + 1];
          memcpy(expected, numbers + begin, (end - begin) * sizeof *expected);
          expected[end - begin] = none;
          assert_column_holds(&joined, expected, end - begin + 1);
        }
}

/* What a decimal text reads as comes back from the integer, for every number of decimals. */
static void texts_come_back(void **state)
{
  (void)state;
  uint64_t seed = 42;
  for (int decimals = 0; decimals <= NUMBER_PACK_MOST_DECIMALS; decimals++) {
    static double numbers[5000];
    for (size_t i = 0; i < 5000; i++) {
      char text[64];
      seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
      const int digits = (int)(seed >> 33); /* below 2^31 */
      snprintf(text, sizeof text, "%de-%d", digits, decimals);
      numbers[i] = strtod(text, NULL);
    }
    numbers[0] = strtod("2147483647", NULL) / pow(10, decimals);
    assert_pack(numbers, 5000, 4, (size_t)decimals);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_width_has_its_limits),
      cmocka_unit_test(decimals_are_a_scale),
      cmocka_unit_test(what_would_change_stays_a_double),
      cmocka_unit_test(nothing_takes_little),
      cmocka_unit_test(every_block_counts),
      cmocka_unit_test(parts_give_the_whole),
      cmocka_unit_test(texts_come_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
