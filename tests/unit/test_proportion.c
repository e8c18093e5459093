/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Limits of a proportion as R's prop.test(correct = FALSE) and binom.test(), and its logit by hand. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/proportion.h"

static void assert_near(double got, double expected)
{
  if (!(fabs(got - expected) <= 1e-9))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void limits_as_r(void **state)
{
  (void)state;
  const struct {
    double events, n, wilson[2], exact[2];
  } cases[] = {
      {27, 32, {0.68245850402469610, 0.93135579717494288}, {0.67212123431795812, 0.94724943559786590}},
      {3, 7, {0.15821985525146970, 0.74954163547234265}, {0.09898827844250789, 0.81594843235991699}},
      {0, 7, {0, 0.35433043506668732}, {0, 1 - 0.59038360277499657}},
      {7, 7, {1 - 0.35433043506668732, 1}, {0.59038360277499657, 1}},
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    double limits[2];
    proportion_wilson(cases[i].events, cases[i].n, 0.95, limits);
    assert_near(limits[0], cases[i].wilson[0]);
    assert_near(limits[1], cases[i].wilson[1]);
    proportion_exact(cases[i].events, cases[i].n, 0.95, limits);
    assert_near(limits[0], cases[i].exact[0]);
    assert_near(limits[1], cases[i].exact[1]);
  }
}

static void logits(void **state)
{
  (void)state;
  double logit, std_error;
  proportion_logit(3, 7, &logit, &std_error);
  assert_near(logit, log(3.0 / 4));
  assert_near(std_error, sqrt(1.0 / 3 + 1.0 / 4));
  proportion_logit(0, 7, &logit, &std_error);
  assert_near(logit, log(0.5 / 7.5));
  assert_near(std_error, sqrt(1 / 0.5 + 1 / 7.5));
  proportion_logit(7, 7, &logit, &std_error);
  assert_near(logit, log(7.5 / 0.5));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(limits_as_r), cmocka_unit_test(logits)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
