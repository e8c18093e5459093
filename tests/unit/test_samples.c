/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparisons of a numeric variable: R's numbers, identities, far from 0, nothing to compare. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/beta_tail.h"
#include "stats/samples.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

typedef struct sample_test test_function(const double *, const uint32_t *, size_t, size_t);

static test_function *const every_test[] = {samples_t, samples_welch, samples_anova, samples_mann_whitney,
                                            samples_kruskal_wallis};

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void assert_test(struct sample_test got, double statistic, double df, double df2, double p_value)
{
  assert_near(got.statistic, statistic, 1e-12);
  assert_near(got.df, df, 1e-12);
  assert_near(got.df2, df2, 1e-13);
  assert_near(got.p_value, p_value, 1e-10);
}

static void assert_nothing(struct sample_test got)
{
  assert_test(got, (double)NAN, (double)NAN, (double)NAN, (double)NAN);
}

/* R's PlantGrowth: control, two treatments, ten plants each. */
static const double weights[] = {4.17, 5.58, 5.18, 6.11, 4.50, 4.61, 5.17, 4.53, 5.33, 5.14,
                                 4.81, 4.17, 4.41, 3.59, 5.87, 3.83, 6.03, 4.89, 4.32, 4.69,
                                 6.31, 5.12, 5.54, 5.50, 5.37, 5.29, 4.92, 6.15, 5.80, 5.26};
static const uint32_t treatment[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1,
                                     1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2};

/* Ages with many ties, two and three groups, levels of a factor. */
enum { N_AGES = 22 };
static const double ages[N_AGES] = {61, 54, 54, 70, 48, 61, 66, 72, 59, 54, 61,
                                    70, 43, 66, 50, 61, 77, 54, 59, 66, 70, 48};
static const double ages_sorted[N_AGES] = {43, 48, 48, 50, 54, 54, 54, 54, 59, 59, 61,
                                           61, 61, 61, 66, 66, 66, 70, 70, 70, 72, 77};
static const uint32_t arm[N_AGES] = {0, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 0, 1};
static const uint32_t site[N_AGES] = {0, 1, 2, 1, 1, 2, 0, 1, 2, 1, 2, 1, 0, 0, 1, 2, 1, 0, 0, 1, 2, 1};
static const uint32_t grade[N_AGES] = {0, 1, 2, 1, 0, 2, 2, 1, 2, 0, 2, 1, 0, 1, 1, 2, 1, 0, 0, 1, 1, 0};
static const double case_weight[N_AGES] = {1.2, .7, 2.5, 1,  1,   .3, 1.9, 2, 0.8, 1.1, 1.4,
                                           .6,  1,  2.2, .9, 1.3, .4, 1.7, 1, 1.5, 0,   .2};

static void plants_as_r(void **state)
{
  (void)state;
  const double nan = (double)NAN;
  assert_test(samples_t(weights, treatment, 20, 2), 1.191260381848704, 18, nan, 0.2490231659730055);
  assert_test(samples_anova(weights, treatment, 30, 3), 4.846087862380133, 2, 27, 0.01590995832562295);
  assert_test(samples_mann_whitney(weights, treatment, 20, 2), 67.5, nan, nan, 0.1857112804447995);
  assert_test(samples_kruskal_wallis(weights, treatment, 30, 3), 7.988228749443715, 2, nan, 0.01842375573147197);
  assert_test(samples_welch(weights, treatment, 30, 3), 5.180972408113189, 2, 17.128418616644129, 0.017392821490170001);
  double two[20];
  for (size_t i = 0; i < 20; i++)
    two[i] = weights[i < 10 ? i : i + 10];
  assert_test(samples_welch(two, treatment, 20, 2), -2.134020453124061, 16.78576448260572, nan, 0.04789925560196932);
}

static void ages_as_r(void **state)
{
  (void)state;
  const double nan = (double)NAN;
  assert_test(samples_mann_whitney(ages, arm, N_AGES, 2), 60, nan, nan, 1);
  assert_test(samples_t(ages, arm, N_AGES, 2), -0.08528028654224477, 20, nan, 0.9328864997490639);
  assert_test(samples_kruskal_wallis(ages, site, N_AGES, 3), 0.3140149339460047, 2, nan, 0.8546976767893801);
}

static void a_tiny_p_value(void **state)
{
  (void)state;
  double values[40];
  uint32_t group[40];
  for (int i = 0; i < 40; i++) {
    values[i] = i < 20 ? i + 1 + sin(i + 1) / 10 : i + 81 + cos(i - 19);
    group[i] = i >= 20;
  }
  struct sample_test test = samples_t(values, group, 40, 2);
  assert_near(test.statistic, -52.73183136446443, 1e-12);
  assert_near(test.p_value, 3.776666212816868e-37, 1e-10);
}

static void tails_as_r(void **state)
{
  (void)state;
  assert_near(student_two_sided(12, 31), 3.47792680041974e-13, 1e-11);
  assert_near(student_two_sided(-40, 1000), 1.04788521551729e-209, 1e-11);
  assert_near(student_two_sided(0, 3), 1, 1e-14);
  assert_near(student_two_sided(1, 1), 0.5, 1e-14);
  assert_near(f_upper(1, 7, 7), 0.5, 1e-13);
  assert_near(f_upper(0, 2, 3), 1, 0);
  assert_near(f_upper(INFINITY, 2, 3), 0, 0);
  assert_near(f_upper((double)NAN, 2, 3), (double)NAN, 0);
  assert_near(f_upper(1, 0, 3), (double)NAN, 0);
  assert_near(f_upper(3, 2, 8), pow(1 + 3.0 / 4, -4), 1e-14); /* df1 = 2 is a power */
}

static void two_groups_are_one_test(void **state)
{
  (void)state;
  struct sample_test t = samples_t(weights, treatment, 20, 2), f = samples_anova(weights, treatment, 20, 2);
  assert_near(t.statistic * t.statistic, f.statistic, 1e-12);
  assert_near(t.p_value, f.p_value, 1e-12);
  double distinct[20];
  for (int i = 0; i < 20; i++)
    distinct[i] = fmod(i * 7.3, 20);
  struct sample_test kruskal = samples_kruskal_wallis(distinct, treatment, 20, 2);
  struct sample_test mann = samples_mann_whitney(distinct, treatment, 20, 2);
  double z = (mann.statistic - 50) / sqrt(10 * 10 * 21 / 12.0);
  assert_near(kruskal.statistic, z * z, 1e-12);
  assert_near(kruskal.p_value, mann.p_value, 1e-12);
}

/* Groups without rows do not count: {1, 3} of 5 are a two-group comparison. */
static void empty_groups_are_left_out(void **state)
{
  (void)state;
  uint32_t sparse[20];
  for (int i = 0; i < 20; i++)
    sparse[i] = treatment[i] ? 3 : 1;
  for (size_t k = 0; k < COUNT(every_test); k++) {
    struct sample_test dense = every_test[k](weights, treatment, 20, 2);
    assert_test(every_test[k](weights, sparse, 20, 5), dense.statistic, dense.df, dense.df2, dense.p_value);
  }
}

/* 1e10 and whole numbers: every bit of the deviations is kept. */
static void far_from_zero(void **state)
{
  (void)state;
  double far[N_AGES];
  for (size_t i = 0; i < N_AGES; i++)
    far[i] = ages[i] + 1e10;
  for (size_t k = 0; k < COUNT(every_test); k++) {
    struct sample_test near = every_test[k](ages, arm, N_AGES, 2);
    assert_test(every_test[k](far, arm, N_AGES, 2), near.statistic, near.df, near.df2, near.p_value);
  }
  assert_near(sample_moments(far, N_AGES).sd, 8.910327681625374, 1e-13);
  assert_near(standardised_difference(far, arm, case_weight, N_AGES, 0, 1), -0.1881517166597662, 1e-12);
}

static void nothing_to_compare(void **state)
{
  (void)state;
  static const double equal[] = {5, 5, 5, 5}, one[] = {3};
  static const uint32_t halves[] = {0, 0, 1, 1}, same[] = {1, 1, 1, 1}, all[] = {0, 1, 2, 3};
  for (size_t k = 0; k < COUNT(every_test); k++) {
    assert_nothing(every_test[k](one, halves, 0, 0));
    assert_nothing(every_test[k](one, halves, 0, 2));
    assert_nothing(every_test[k](one, halves, 1, 2));
    assert_nothing(every_test[k](equal, same, 4, 2));
    struct sample_test test = every_test[k](equal, halves, 4, 2);
    assert_true(isnan(test.p_value));
  }
  assert_nothing(samples_anova(weights, all, 4, 4)); /* no residual degrees of freedom */
  assert_nothing(samples_t(weights, all, 4, 4));
  assert_near(samples_mann_whitney(equal, halves, 4, 2).statistic, 2, 0);
  static const uint32_t alone[] = {0, 1, 1, 1};
  assert_nothing(samples_welch(weights, alone, 4, 2));
  static const uint32_t three[] = {0, 0, 1, 1, 2, 2}, lone_third[] = {0, 0, 1, 1, 1, 2};
  static const double level_third[] = {1, 2, 3, 5, 4, 4};
  assert_nothing(samples_welch(level_third, three, 6, 3)); /* one group does not vary */
  assert_nothing(samples_welch(level_third, lone_third, 6, 3));
  assert_near(samples_t(weights, alone, 4, 2).df, 2, 0);
}

static void quantiles_as_r(void **state)
{
  (void)state;
  static const double p[] = {0, .01, .1, .25, .3333, .5, .75, .9, .99, 1};
  static const double type6[] = {43, 43, 48, 54, 54, 61, 67, 71.4, 77, 77};
  static const double type7[] = {43, 44.05, 48.2, 54, 54, 61, 66, 70, 75.95, 77};
  for (size_t i = 0; i < COUNT(p); i++) {
    assert_near(sample_quantile(ages_sorted, N_AGES, p[i], 6), type6[i], 1e-14);
    assert_near(sample_quantile(ages_sorted, N_AGES, p[i], 7), type7[i], 1e-14);
  }
  for (int type = 6; type <= 7; type++) {
    assert_near(sample_quantile(ages_sorted, 1, 0.25, type), 43, 0);
    assert_near(sample_quantile(ages_sorted, 0, 0.25, type), (double)NAN, 0);
    assert_near(sample_quantile(ages_sorted, 2, (double)NAN, type), (double)NAN, 0);
    assert_near(sample_quantile(ages_sorted, 2, 0.5, type), 45.5, 1e-15);
  }
}

static void moments_as_r(void **state)
{
  (void)state;
  struct sample_moments moments = sample_moments(ages, N_AGES);
  assert_near(moments.mean, 60.18181818181818, 1e-14);
  assert_near(moments.sd, 8.910327681625374, 1e-14);
  assert_near(moments.sem, 1.899688244685755, 1e-14);
  moments = sample_moments(ages, 1);
  assert_near(moments.mean, 61, 0);
  assert_true(isnan(moments.sd) && isnan(moments.sem));
  assert_true(isnan(sample_moments(ages, 0).mean));
  static const double equal[] = {0.1, 0.1, 0.1};
  assert_near(sample_moments(equal, 3).sd, 0, 0);
}

/* The weighted numbers are survey's svymean() and svyvar(); a row of weight 0 is none. */
static void differences_as_r(void **state)
{
  (void)state;
  assert_near(standardised_difference(ages, arm, NULL, N_AGES, 0, 1), -0.03707635818032889, 1e-12);
  assert_near(standardised_difference(ages, arm, case_weight, N_AGES, 0, 1), -0.1881517166597662, 1e-12);
  assert_near(standardised_difference(ages, arm, case_weight, N_AGES, 1, 0), 0.1881517166597662, 1e-12);
  assert_near(standardised_difference_levels(grade, 3, arm, NULL, N_AGES, 0, 1), 1.134625826670114, 1e-12);
  assert_near(standardised_difference_levels(grade, 3, arm, case_weight, N_AGES, 0, 1), 1.159148161043804, 1e-12);
  assert_near(standardised_difference_levels(grade, 3, arm, NULL, N_AGES, 1, 0), 1.134625826670114, 1e-12);
}

static void two_levels_are_the_binary_difference(void **state)
{
  (void)state;
  uint32_t any[N_AGES], apart[N_AGES];
  for (size_t i = 0; i < N_AGES; i++) {
    any[i] = grade[i] > 0;
    apart[i] = any[i] ? 5 : 2; /* among empty levels */
  }
  assert_near(standardised_difference_levels(any, 2, arm, NULL, N_AGES, 0, 1), 0.07170347393820745, 1e-12);
  assert_near(standardised_difference_levels(apart, 7, arm, NULL, N_AGES, 0, 1), 0.07170347393820745, 1e-12);
}

static void equal_weights_are_none(void **state)
{
  (void)state;
  double equal[N_AGES];
  for (size_t i = 0; i < N_AGES; i++)
    equal[i] = 0.3;
  assert_near(standardised_difference(ages, arm, equal, N_AGES, 0, 1), -0.03707635818032889, 1e-12);
  assert_near(standardised_difference_levels(grade, 3, arm, equal, N_AGES, 0, 1), 1.134625826670114, 1e-12);
}

static void no_difference_to_standardise(void **state)
{
  (void)state;
  static const double equal[] = {5, 5, 5, 5};
  static const uint32_t halves[] = {0, 0, 1, 1}, mixed[] = {0, 1, 0, 1};
  assert_true(isnan(standardised_difference(equal, halves, NULL, 4, 0, 1)));
  assert_true(isnan(standardised_difference(equal, halves, NULL, 0, 0, 1)));
  assert_true(isnan(standardised_difference(weights, halves, NULL, 3, 0, 1)));
  assert_true(isnan(standardised_difference(weights, halves, NULL, 4, 0, 2)));
  assert_true(isnan(standardised_difference_levels(halves, 2, halves, NULL, 4, 0, 1))); /* none in both */
  assert_true(isnan(standardised_difference_levels(mixed, 2, halves, NULL, 0, 0, 1)));
  assert_true(isnan(standardised_difference_levels(mixed, 2, halves, NULL, 4, 0, 2)));
  assert_near(standardised_difference_levels(mixed, 2, halves, NULL, 4, 0, 1), 0, 0);
  assert_near(standardised_difference(weights, halves, NULL, 4, 1, 1), 0, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plants_as_r),
      cmocka_unit_test(ages_as_r),
      cmocka_unit_test(a_tiny_p_value),
      cmocka_unit_test(tails_as_r),
      cmocka_unit_test(two_groups_are_one_test),
      cmocka_unit_test(empty_groups_are_left_out),
      cmocka_unit_test(far_from_zero),
      cmocka_unit_test(nothing_to_compare),
      cmocka_unit_test(quantiles_as_r),
      cmocka_unit_test(moments_as_r),
      cmocka_unit_test(differences_as_r),
      cmocka_unit_test(two_levels_are_the_binary_difference),
      cmocka_unit_test(equal_weights_are_none),
      cmocka_unit_test(no_difference_to_standardise),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
