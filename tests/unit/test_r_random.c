/* SPDX-License-Identifier: GPL-3.0-or-later */
/* R's random numbers: set.seed(), runif() and sample.int() as R 4.2 draws them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/r_random.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_uniform(double got, double expected)
{
  if (!(fabs(got - expected) <= 1e-15))
    fail_msg("%.17g is not %.17g", got, expected);
}

/* set.seed(seed); runif(6), and the 1001st: the state is renewed in between. */
static const struct {
  uint32_t seed;
  double first[6], late;
} uniforms[] = {
    {0,
     {0.8966972001362592, 0.26550866314209998, 0.37212389963679016, 0.57285336335189641, 0.90820778999477625,
      0.2016819310374558},
     0.2655367199331522},
    {1,
     {0.26550866314209998, 0.37212389963679016, 0.57285336335189641, 0.90820778999477625, 0.2016819310374558,
      0.89838968496769667},
     0.53080879291519523},
    {42,
     {0.91480604349635541, 0.93707541329786181, 0.28613953478634357, 0.83044762606732547, 0.64174551889300346,
      0.51909594913013279},
     0.84829322248697281},
    {2147483647,
     {0.68966742674820125, 0.98787517822347581, 0.19676422467455268, 0.9124525545630604, 0.94435107288882136,
      0.27110696816816926},
     0.28915608557872474},
};

static void test_uniform(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(uniforms); i++) {
    struct r_random random;
    r_random_init(&random, uniforms[i].seed);
    for (size_t k = 0; k < 6; k++)
      assert_uniform(r_random_uniform(&random), uniforms[i].first[k]);
    for (size_t k = 6; k < 1000; k++)
      (void)r_random_uniform(&random);
    assert_uniform(r_random_uniform(&random), uniforms[i].late);
  }
}

/* set.seed(-1) has the bits of the largest seed. */
static void test_negative_seed(void **state)
{
  struct r_random random;
  (void)state;
  r_random_init(&random, UINT32_MAX);
  assert_uniform(r_random_uniform(&random), 0.48666717973537743);
  assert_uniform(r_random_uniform(&random), 0.19136525527574122);
  assert_uniform(r_random_uniform(&random), 0.99327187985181808);
}

/* set.seed(seed); sample(n, 8, TRUE) - 1: whole numbers of bits, one more than that, sizes of two and of three draws.
 */
static const struct {
  uint32_t seed;
  uint64_t n, drawn[8];
} indexes[] = {
    {1, 1, {0, 0, 0, 0, 0, 0, 0, 0}},
    {1, 2, {0, 1, 0, 0, 1, 0, 0, 0}},
    {1, 3, {0, 2, 0, 1, 0, 2, 2, 1}},
    {1, 10, {8, 3, 6, 0, 1, 6, 1, 2}},
    {1, 100, {67, 38, 0, 33, 86, 42, 13, 81}},
    {1, 65536, {24387, 59520, 58876, 43306, 4049, 11570, 25172, 32617}},
    {1, 65537, {24387, 59520, 43306, 11570, 25172, 32617, 13902, 8228}},
    {1, 70000, {24387, 59520, 43306, 69585, 11570, 25172, 32617, 13902}},
    {1, 1048576, {548675, 452736, 124412, 436522, 856017, 666930, 25172, 294761}},
    {1, 2147483647, {1140350787, 312928384, 866248188, 1909893418, 554504145, 884616498, 803234388, 1158971241}},
    {1, 8589934592, {1598263974, 866248188, 2838143245, 5179583794, 1649722644, 7377124845, 7634087752, 2798919716}},
    {7, 2, {1, 0, 0, 1, 0, 1, 0, 1}},
    {7, 3, {1, 2, 2, 2, 1, 2, 1, 1}},
    {7, 10, {9, 2, 6, 1, 9, 5, 7, 7}},
    {7, 100, {41, 82, 30, 91, 65, 14, 89, 7}},
    {7, 65536, {26066, 4571, 51905, 63705, 30087, 15170, 6311, 5550}},
    {7, 70000, {4571, 51905, 63705, 66106, 19347, 4302, 17283, 12133}},
    {7, 1048576, {615890, 922075, 445121, 981209, 357767, 473922, 465063, 333230}},
    {2024, 10, {1, 4, 0, 8, 9, 1, 1, 9}},
    {2024, 70000, {45755, 45968, 19871, 7801, 33802, 53450, 1384, 42425}},
    {2024, 1048576, {86564, 832187, 963472, 806303, 532089, 127998, 820234, 1038236}},
};

static void test_index(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(indexes); i++) {
    struct r_random random;
    r_random_init(&random, indexes[i].seed);
    for (size_t k = 0; k < 8; k++) {
      const size_t got = r_random_index(&random, (size_t)indexes[i].n);
      if (got != indexes[i].drawn[k])
        fail_msg("seed %u, n %zu: draw %zu is %zu", indexes[i].seed, (size_t)indexes[i].n, k, got);
    }
  }
}

static void test_index_of_many(void **state)
{
  static const uint64_t at_2_40[] = {798968001797, 251013833298, 10176146223, 1074247041579, 155911814692};
  static const uint64_t at_the_end[] = {2821571064706874, 2008062097514123, 1210637432946729, 3371250218663389,
                                        2257663816572136};
  struct r_random random;
  (void)state;
  r_random_init(&random, 9);
  for (size_t k = 0; k < COUNT(at_2_40); k++)
    assert_true(r_random_index(&random, (size_t)1 << 40) == at_2_40[k]);
  r_random_init(&random, 9);
  for (size_t k = 0; k < COUNT(at_the_end); k++)
    assert_true(r_random_index(&random, 4500000000000000) == at_the_end[k]);
}

/* R draws a number even where there is but one answer. */
static void test_one_takes_a_number(void **state)
{
  struct r_random random;
  (void)state;
  r_random_init(&random, 5);
  for (int i = 0; i < 3; i++)
    assert_int_equal(r_random_index(&random, 1), 0);
  assert_uniform(r_random_uniform(&random), 0.28439945727586746);
}

/* set.seed(5); sum(sample(70000, 2000, TRUE) - 1), and where the stream stands after the rejections. */
static void test_rejections(void **state)
{
  struct r_random random;
  size_t sum = 0;
  (void)state;
  r_random_init(&random, 5);
  for (int i = 0; i < 2000; i++)
    sum += r_random_index(&random, 70000);
  assert_int_equal(sum, 68687152);
  assert_uniform(r_random_uniform(&random), 0.8754812388215214);
}

static void test_bounds(void **state)
{
  struct r_random random;
  size_t seen[7] = {0};
  double sum = 0;
  (void)state;
  r_random_init(&random, 77);
  for (int i = 0; i < 70000; i++) {
    const double uniform = r_random_uniform(&random);
    assert_true(uniform > 0 && uniform < 1);
    sum += uniform;
    const size_t index = r_random_index(&random, COUNT(seen));
    assert_true(index < COUNT(seen));
    seen[index]++;
  }
  assert_true(fabs(sum / 70000 - 0.5) < 0.005);
  for (size_t i = 0; i < COUNT(seen); i++)
    assert_true(seen[i] > 9500 && seen[i] < 10500);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_uniform),    cmocka_unit_test(test_negative_seed),
      cmocka_unit_test(test_index),      cmocka_unit_test(test_index_of_many),
      cmocka_unit_test(test_rejections), cmocka_unit_test(test_one_takes_a_number),
      cmocka_unit_test(test_bounds),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
