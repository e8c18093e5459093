/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tail probabilities against R's pchisq(), pnorm() and qnorm(), and against closed forms. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/distribution.h"

static void assert_close(double got, double expected, double tolerance)
{
  if (!(fabs(got - expected) <= tolerance * fabs(expected)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void chi_square_is_right_from_body_to_far_tail(void **state)
{
  (void)state;
  assert_close(chi_square_upper(0.5, 1), 0.47950012218695348, 1e-13);
  assert_close(chi_square_upper(25.4037003457854, 3), 1.2712459390060682e-05, 1e-12);
  assert_close(chi_square_upper(40, 40), 0.47025726683923996, 1e-12);
  assert_close(chi_square_upper(500, 1), 9.5053977665540927e-111, 1e-10);
  assert_close(chi_square_upper(1400, 7), 3.8599631812370258e-298, 1e-10);
}

static void chi_square_of_two_degrees_is_an_exponential(void **state)
{
  (void)state;
  for (double x = 0.25; x < 1000; x *= 2)
    assert_close(chi_square_upper(x, 2), exp(-x / 2), 1e-12);
}

static void chi_square_of_one_degree_is_a_squared_normal(void **state)
{
  (void)state;
  for (double z = 0.01; z < 30; z *= 1.5)
    assert_close(chi_square_upper(z * z, 1), normal_two_sided(z), 1e-11);
}

static void chi_square_has_its_edges(void **state)
{
  (void)state;
  assert_true(chi_square_upper(0, 3) == 1);
  assert_true(chi_square_upper(-1e-15, 3) == 1);
  assert_true(chi_square_upper(INFINITY, 3) == 0);
  assert_true(chi_square_upper(1e6, 3) == 0);
  assert_true(isnan(chi_square_upper(1, 0)));
  assert_true(isnan(chi_square_upper(1, -1)));
  assert_true(isnan(chi_square_upper(NAN, 1)));
  assert_true(isnan(chi_square_upper(1, NAN)));
}

static void normal_two_sided_ignores_the_sign(void **state)
{
  (void)state;
  const double z[] = {0.3, 1.959963984540054, 8, 37};
  const double p[] = {0.76417715562209465, 0.050000000000000024, 1.244192114854357e-15, 1.1451142445049154e-299};
  for (size_t i = 0; i < sizeof z / sizeof *z; i++) {
    assert_close(normal_two_sided(z[i]), p[i], 1e-12);
    assert_true(normal_two_sided(-z[i]) == normal_two_sided(z[i]));
  }
  assert_true(normal_two_sided(0) == 1);
  assert_true(isnan(normal_two_sided(NAN)));
}

static void normal_half_width_is_the_quantile(void **state)
{
  (void)state;
  const double level[] = {0.5, 0.9, 0.95, 0.99, 0.999};
  const double z[] = {0.67448975019608171, 1.6448536269514715, 1.9599639845400536, 2.5758293035488999,
                      3.2905267314919255};
  for (size_t i = 0; i < sizeof level / sizeof *level; i++)
    assert_close(normal_half_width(level[i]), z[i], 1e-13);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(chi_square_is_right_from_body_to_far_tail),
      cmocka_unit_test(chi_square_of_two_degrees_is_an_exponential),
      cmocka_unit_test(chi_square_of_one_degree_is_a_squared_normal),
      cmocka_unit_test(chi_square_has_its_edges),
      cmocka_unit_test(normal_two_sided_ignores_the_sign),
      cmocka_unit_test(normal_half_width_is_the_quantile),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
