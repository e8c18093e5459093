/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Propensity weights: the definitions in numbers (computed with R), trimming, effective sizes and edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/propensity.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

enum { N = 10 };

static const double probability[N] = {0.2, 0.5, 0.9, 0.05, 0.7, 0.35, 0.6, 0.98, 0.1, 0.45};
static const uint8_t treated[N] = {0, 1, 1, 1, 0, 0, 1, 1, 0, 1};

static struct propensity_weights weigh(struct propensity_options options)
{
  struct propensity_weights weights;
  propensity_weigh(probability, treated, N, &options, &weights);
  return weights;
}

static void every_target_as_defined(void **state)
{
  (void)state;
  const struct {
    enum propensity_target target;
    double weight[N], n_effective[3];
  } cases[] = {
      {PROPENSITY_ATE,
       {1.25, 2, 1.111111111111111, 20, 3.333333333333333, 1.538461538461538, 1.666666666666667, 1.020408163265306,
        1.111111111111111, 2.222222222222222},
       {3.214426482449066, 1.896518671658605, 2.88843082850712}},
      {PROPENSITY_ATE_STABILISED,
       {0.5, 1.2, 0.6666666666666666, 12, 1.333333333333333, 0.6153846153846154, 1, 0.6122448979591837,
        0.4444444444444445, 1.333333333333333},
       {3.214426482449065, 1.896518671658605, 2.560672178536271}},
      {PROPENSITY_ATT,
       {0.25, 1, 1, 1, 2.333333333333333, 0.5384615384615384, 1, 1, 0.1111111111111111, 1},
       {1.79915055554202, 6, 7.218637118428149}},
      {PROPENSITY_ATC,
       {1, 1, 0.1111111111111111, 19, 1, 1, 0.6666666666666667, 0.02040816326530614, 1, 1.222222222222222},
       {4, 1.33231762153423, 1.840086258306638}},
      {PROPENSITY_OVERLAP,
       {0.2, 0.5, 0.1, 0.95, 0.7, 0.35, 0.4, 0.02, 0.1, 0.55},
       {2.750943396226415, 3.906976744186047, 6.546134009353556}},
  };
  for (size_t c = 0; c < COUNT(cases); c++) {
    struct propensity_weights weights = weigh((struct propensity_options){.target = cases[c].target});
    for (size_t i = 0; i < N; i++)
      assert_near(weights.weight[i], cases[c].weight[i], 1e-13);
    for (size_t arm = 0; arm < 3; arm++)
      assert_near(weights.n_effective[arm], cases[c].n_effective[arm], 1e-13);
    assert_near(propensity_effective_size(weights.weight, N), cases[c].n_effective[2], 1e-13);
    assert_int_equal(weights.n_kept[0], 4);
    assert_int_equal(weights.n_kept[1], 6);
    assert_int_equal(weights.n_left_out, 0);
    assert_int_equal(weights.n_cut, 0);
    propensity_weights_clear(&weights);
    assert_null(weights.weight);
  }
}

/* The weights of ATE cut at their 0.9 quantile; of ATT at the median of the untreated's. */
static void large_weights_are_cut(void **state)
{
  (void)state;
  struct propensity_weights weights =
      weigh((struct propensity_options){.target = PROPENSITY_ATE, .weight_quantile = 0.9});
  assert_int_equal(weights.n_cut, 1);
  assert_near(weights.weight[3], 4.999999999999994, 1e-14);
  assert_near(weights.largest, 4.999999999999994, 1e-14);
  assert_near(weights.weight[4], 3.333333333333333, 1e-14);
  propensity_weights_clear(&weights);
  weights = weigh((struct propensity_options){.target = PROPENSITY_ATT, .weight_quantile = 0.5});
  assert_int_equal(weights.n_cut, 2);
  assert_near(weights.weight[4], 0.3942307692307692, 1e-14);
  assert_near(weights.weight[5], 0.3942307692307692, 1e-14);
  assert_near(weights.weight[0], 0.25, 1e-14);
  assert_near(weights.weight[1], 1, 0);
  propensity_weights_clear(&weights);
  for (int i = 0; i < 2; i++) {
    weights = weigh((struct propensity_options){.target = PROPENSITY_ATE, .weight_quantile = i});
    assert_int_equal(weights.n_cut, 0);
    propensity_weights_clear(&weights);
  }
}

/* Scores outside [0.1, 0.9] go; the share that stabilises is that of the rest. */
static void extreme_scores_are_left_out(void **state)
{
  (void)state;
  struct propensity_weights weights =
      weigh((struct propensity_options){.target = PROPENSITY_ATE_STABILISED, .score_margin = 0.1});
  assert_int_equal(weights.n_left_out, 2);
  assert_near(weights.weight[3], 0, 0);
  assert_near(weights.weight[7], 0, 0);
  assert_int_equal(weights.n_kept[1], 4);
  assert_near(weights.weight[1], 0.5 / 0.5, 1e-15);
  assert_near(weights.weight[2], 0.5 / 0.9, 1e-15);
  propensity_weights_clear(&weights);
}

/* With the score right in every stratum, ATE weights give each arm the size of all, ATT weights that of the treated. */
static void weights_make_the_arms_alike(void **state)
{
  (void)state;
  double p[30];
  uint8_t t[30];
  for (size_t i = 0; i < 30; i++) {
    p[i] = i < 10 ? 0.3 : 0.6; /* 3 of 10, 12 of 20 */
    t[i] = i < 3 || (i >= 10 && i < 22);
  }
  const enum propensity_target targets[] = {PROPENSITY_ATE, PROPENSITY_ATT, PROPENSITY_ATC, PROPENSITY_OVERLAP};
  const double size[] = {10, 3, 7, 2.1};
  for (size_t k = 0; k < COUNT(targets); k++) {
    struct propensity_weights weights;
    propensity_weigh(p, t, 30, &(struct propensity_options){.target = targets[k]}, &weights);
    double sums[2] = {0, 0};
    for (size_t i = 0; i < 10; i++)
      sums[t[i]] += weights.weight[i];
    assert_near(sums[0], size[k], 1e-13);
    assert_near(sums[1], size[k], 1e-13);
    propensity_weights_clear(&weights);
  }
}

/* Who could not have been what he is has no weight; a probability that is none leaves the row out. */
static void impossible_scores(void **state)
{
  (void)state;
  const double p[] = {0, 1, 1, 0, NAN, 1.5, 0.5};
  const uint8_t t[] = {1, 0, 1, 0, 1, 0, 1};
  struct propensity_weights weights;
  propensity_weigh(p, t, 7, &(struct propensity_options){.target = PROPENSITY_ATE}, &weights);
  assert_int_equal(weights.n_left_out, 4);
  const double ate[] = {0, 0, 1, 1, 0, 0, 2};
  for (size_t i = 0; i < 7; i++)
    assert_near(weights.weight[i], ate[i], 0);
  propensity_weights_clear(&weights);
  propensity_weigh(p, t, 7, &(struct propensity_options){.target = PROPENSITY_OVERLAP}, &weights);
  assert_int_equal(weights.n_left_out, 2);
  const double overlap[] = {1, 1, 0, 0, 0, 0, 0.5};
  for (size_t i = 0; i < 7; i++)
    assert_near(weights.weight[i], overlap[i], 0);
  propensity_weights_clear(&weights);
}

static void edges(void **state)
{
  (void)state;
  struct propensity_weights weights;
  const struct propensity_options options = {.target = PROPENSITY_ATE_STABILISED, .weight_quantile = 0.99};
  propensity_weigh(NULL, NULL, 0, &options, &weights);
  assert_true(isnan(weights.largest));
  assert_near(weights.n_effective[2], 0, 0);
  propensity_weights_clear(&weights);
  propensity_weigh(probability, treated, 1, &options, &weights);
  assert_near(weights.weight[0], 1.25, 1e-15);
  assert_near(weights.n_effective[0], 1, 0);
  assert_near(weights.n_effective[1], 0, 0);
  propensity_weights_clear(&weights);
  const double none[] = {NAN, NAN};
  const uint8_t t[] = {0, 1};
  propensity_weigh(none, t, 2, &options, &weights);
  assert_int_equal(weights.n_left_out, 2);
  assert_near(weights.weight[0] + weights.weight[1], 0, 0);
  assert_true(isnan(weights.largest));
  propensity_weights_clear(&weights);
  const double huge[] = {1e300, 1e300, 2e300};
  assert_near(propensity_effective_size(huge, 3), 16.0 / 6, 1e-15);
  assert_near(propensity_effective_size(NULL, 0), 0, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_target_as_defined),     cmocka_unit_test(large_weights_are_cut),
      cmocka_unit_test(extreme_scores_are_left_out), cmocka_unit_test(weights_make_the_arms_alike),
      cmocka_unit_test(impossible_scores),           cmocka_unit_test(edges),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
