/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The set of places against an array of flags. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "stats/place_set.h"

static size_t count_below(const unsigned char *flags, size_t place)
{
  size_t count = 0;
  for (size_t i = 0; i < place; i++)
    count += flags[i];
  return count;
}

/* Puts in and takes out in a scattered order, asking all along. */
static void compare(struct place_set *set, size_t n)
{
  unsigned char *flags = memory_new(n, 1);
  size_t count = 0;
  uint32_t seed = (uint32_t)n;
  place_set_reset(set, n);
  for (size_t step = 0; step < 3000; step++) {
    seed = seed * 1664525u + 1013904223u;
    const size_t place = n ? (seed >> 4) % n : 0;
    if (n) {
      place_set_change(set, place, flags[place] ? -1 : 1);
      flags[place] ^= 1;
      count += flags[place] ? 1 : (size_t)-1;
    }
    assert_int_equal(set->count, count);
    if (step % 50 == 0) {
      assert_int_equal(place_set_below(set, place), count_below(flags, place));
      assert_int_equal(place_set_below(set, n / 2), count_below(flags, n / 2));
      assert_int_equal(place_set_below(set, n), count);
      assert_int_equal(place_set_below(set, 0), 0);
    }
  }
  free(flags);
}

static void test_sizes(void **state)
{
  (void)state;
  static const size_t sizes[] = {0, 1, 2, PLACE_WORD - 1, PLACE_WORD, PLACE_BLOCK - 1, PLACE_BLOCK, PLACE_BLOCK + 1,
                                 PLACE_GROUP - 1, PLACE_GROUP, PLACE_GROUP + 1, 3 * PLACE_GROUP + 5};
  struct place_set set;
  place_set_init(&set, sizes[sizeof sizes / sizeof *sizes - 1]);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
    compare(&set, sizes[i]);
  place_set_clear(&set);
}

/* Every place of more than one group: the counts of a group do not run over. */
static void test_full(void **state)
{
  (void)state;
  enum { N = 2 * PLACE_GROUP + 100 };
  struct place_set set;
  place_set_init(&set, N);
  for (size_t i = 0; i < N; i++)
    place_set_change(&set, N - 1 - i, 1);
  for (size_t i = 0; i <= N; i++)
    assert_int_equal(place_set_below(&set, i), i);
  for (size_t i = 0; i < N; i += 2)
    place_set_change(&set, i, -1);
  for (size_t i = 0; i <= N; i++)
    assert_int_equal(place_set_below(&set, i), i / 2);
  place_set_clear(&set);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(test_sizes), cmocka_unit_test(test_full)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
