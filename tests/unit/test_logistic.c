/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logistic regression: R's glm() on MASS::birthwt (errors at its coefficients, not an iteration before as glm has
 * them), closed forms, separation, aliasing, offsets and edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/logistic.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void assert_all_near(const double *got, const double *expected, size_t n, double tolerance)
{
  for (size_t i = 0; i < n; i++)
    assert_near(got[i], expected[i], tolerance);
}

static struct logistic_model fit(const uint8_t *outcome, const double *weight, const double *design, size_t n, size_t p)
{
  struct logistic_model model;
  assert_int_equal(logistic_fit(outcome, weight, design, n, p, NULL, &model), STATUS_OK);
  assert_true(model.converged);
  return model;
}

/* Hosmer and Lemeshow's study of low birth weight. */
static const uint8_t low[] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
static const uint8_t age[] = {
    19, 33, 20, 21, 18, 21, 22, 17, 29, 26, 19, 19, 22, 30, 18, 18, 15, 25, 20, 28, 32, 31, 36, 28, 25, 28, 17,
    29, 26, 17, 17, 24, 35, 25, 25, 29, 19, 27, 31, 33, 21, 19, 23, 21, 18, 18, 32, 19, 24, 22, 22, 23, 22, 30,
    19, 16, 21, 30, 20, 17, 17, 23, 24, 28, 26, 20, 24, 28, 20, 22, 22, 31, 23, 16, 16, 18, 25, 32, 20, 23, 22,
    32, 30, 20, 23, 17, 19, 23, 36, 22, 24, 21, 19, 25, 16, 29, 29, 19, 19, 30, 24, 19, 24, 23, 20, 25, 30, 22,
    18, 16, 32, 18, 29, 33, 20, 28, 14, 28, 25, 16, 20, 26, 21, 22, 25, 31, 35, 19, 24, 45, 28, 29, 34, 25, 25,
    27, 23, 24, 24, 21, 32, 19, 25, 16, 25, 20, 21, 24, 21, 20, 25, 19, 19, 26, 24, 17, 20, 22, 27, 20, 17, 25,
    20, 18, 18, 20, 21, 26, 31, 15, 23, 20, 24, 15, 23, 30, 22, 17, 23, 17, 26, 20, 26, 14, 28, 14, 23, 17, 21};
static const uint8_t lwt[] = {
    182, 155, 105, 108, 107, 124, 118, 103, 123, 113, 95,  150, 95,  107, 100, 100, 98,  118, 120, 120, 121,
    100, 202, 120, 120, 167, 122, 150, 168, 113, 113, 90,  121, 155, 125, 140, 138, 124, 215, 109, 185, 189,
    130, 160, 90,  90,  132, 132, 115, 85,  120, 128, 130, 95,  115, 110, 110, 153, 103, 119, 119, 119, 110,
    140, 133, 169, 115, 250, 141, 158, 112, 150, 115, 112, 135, 229, 140, 134, 121, 190, 131, 170, 110, 127,
    123, 120, 105, 130, 175, 125, 133, 134, 235, 95,  135, 135, 154, 147, 147, 137, 110, 184, 110, 110, 120,
    241, 112, 169, 120, 170, 186, 120, 130, 117, 170, 134, 135, 130, 120, 95,  158, 160, 115, 129, 130, 120,
    170, 120, 116, 123, 120, 130, 187, 105, 85,  150, 97,  128, 132, 165, 105, 91,  115, 130, 92,  150, 200,
    155, 103, 125, 89,  102, 112, 117, 138, 130, 120, 130, 130, 80,  110, 105, 109, 148, 110, 121, 100, 96,
    102, 110, 187, 122, 105, 115, 120, 142, 130, 120, 110, 120, 154, 105, 190, 101, 95,  100, 94,  142, 130};
static const uint8_t race[] = {
    2, 3, 1, 1, 1, 3, 1, 3, 1, 1, 3, 3, 3, 3, 1, 1, 2, 1, 3, 1, 3, 1, 1, 3, 3, 1, 1, 1, 2, 2, 2, 1, 2, 1, 2, 1, 1, 1,
    1, 1, 2, 1, 2, 1, 1, 1, 1, 3, 1, 3, 1, 3, 1, 1, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3, 3, 3, 1, 2, 1, 3, 3, 2, 1, 2,
    1, 1, 2, 1, 1, 1, 3, 3, 3, 3, 3, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 3, 2, 1, 1, 1, 2, 1, 3, 1, 1,
    1, 3, 1, 3, 1, 3, 1, 3, 1, 1, 1, 1, 1, 1, 1, 1, 3, 1, 2, 3, 3, 3, 3, 2, 3, 1, 1, 1, 3, 3, 1, 1, 2, 1, 3, 3, 3, 1,
    1, 1, 1, 3, 2, 1, 2, 3, 1, 3, 3, 3, 2, 1, 3, 3, 1, 1, 2, 2, 2, 3, 3, 1, 1, 1, 1, 2, 3, 3, 1, 3, 1, 3, 3, 2, 1};
static const uint8_t smoke[] = {
    0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 1, 1, 1,
    1, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0,
    0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0,
    1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0,
    1, 1, 0, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 0, 1};
static const uint8_t ptl[] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 2, 1, 2, 0, 0, 0, 0, 0,
    0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1, 0, 0, 2, 0,
    0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0};
static const uint8_t ht[] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1};
static const uint8_t ui[] = {
    1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0,
    1, 0, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
enum { N = COUNT(low), P = 8 };

/* age, weight, race black, race other, smoking, premature labours, hypertension, irritability */
static void birth_design(double *design)
{
  for (size_t i = 0; i < N; i++) {
    const double row[P] = {age[i], lwt[i], race[i] == 2, race[i] == 3, smoke[i], ptl[i], ht[i], ui[i]};
    for (size_t j = 0; j < P; j++)
      design[i * P + j] = row[j];
  }
}

static const double birth_beta[] = {0.4644032826508993, -0.02706977929895858, -0.01518256286258116,
                                    1.263219375548412,  0.861635107534347,    0.923349157228782,
                                    0.5417551194890697, 1.833695609912977,    0.7585965042111511};
static const double birth_error[] = {1.204702110129931,  0.03645261431318861, 0.006927902396921501,
                                     0.5264677414609266, 0.4391974922323282,  0.4008583155206827,
                                     0.3462665624258898, 0.691769988295417,   0.4593918212558311};

static void birth_weight_as_glm(void **state)
{
  (void)state;
  double design[N * P];
  birth_design(design);
  struct logistic_model model = fit(low, NULL, design, N, P);
  assert_all_near(model.beta, birth_beta, P + 1, 1e-11);
  assert_all_near(model.std_error, birth_error, P + 1, 1e-11);
  assert_near(model.deviance, 201.4269512038122, 1e-13);
  assert_near(model.null_deviance, 234.6719961932185, 1e-13);
  assert_near(model.loglik, -201.4269512038122 / 2, 1e-13);
  assert_near(model.covariance[1 * (P + 1) + 2], -3.335551905290176e-05, 1e-10);
  assert_near(model.covariance[2 * (P + 1) + 1], -3.335551905290176e-05, 1e-10);
  const double probability[] = {0.3118825018591048, 0.1277989570148647, 0.3212981880717057};
  assert_all_near(model.probability, probability, 3, 1e-12);
  assert_false(model.separated);
  assert_near(model.rank, P + 1, 0);
  logistic_model_clear(&model);
  assert_null(model.beta);
}

/* Weights 1, 1.5, 2, 1 … on age, weight and smoking. */
static void weighted_as_glm(void **state)
{
  (void)state;
  double design[N * 3], weight[N];
  for (size_t i = 0; i < N; i++) {
    design[i * 3] = age[i];
    design[i * 3 + 1] = lwt[i];
    design[i * 3 + 2] = smoke[i];
    weight[i] = 1 + (double)(i % 3) * 0.5;
  }
  const double beta[] = {1.423038311393866, -0.04324045567598563, -0.01120793782657235, 0.5210372443536601};
  const double error[] = {0.8128991791566142, 0.02625870280897234, 0.00488668489531123, 0.2647719266887753};
  struct logistic_model model = fit(low, weight, design, N, 3);
  assert_all_near(model.beta, beta, 4, 1e-11);
  assert_all_near(model.std_error, error, 4, 1e-11);
  assert_near(model.deviance, 338.8366839849242, 1e-13);
  assert_near(model.null_deviance, 352.7938885940686, 1e-13);
  logistic_model_clear(&model);
}

/* Fitted probabilities add up to the events, in all and along each column. */
static void the_score_is_zero(void **state)
{
  (void)state;
  double design[N * P];
  birth_design(design);
  struct logistic_model model = fit(low, NULL, design, N, P);
  for (size_t j = 0; j <= P; j++) {
    double sum = 0;
    for (size_t i = 0; i < N; i++)
      sum += (low[i] - model.probability[i]) * (j ? design[i * P + j - 1] : 1);
    assert_true(fabs(sum) < 1e-9);
  }
  logistic_model_clear(&model);
}

/* A weight of 2 is the row twice; of 0, the row not there, but with a probability. */
static void weights_are_replications(void **state)
{
  (void)state;
  double design[N * P], twice[2 * N * P], weight[N];
  uint8_t outcome[2 * N];
  birth_design(design);
  size_t n = 0;
  for (size_t i = 0; i < N; i++) {
    weight[i] = (double)(i % 3);
    for (size_t copy = 0; copy < i % 3; copy++, n++) {
      outcome[n] = low[i];
      for (size_t j = 0; j < P; j++)
        twice[n * P + j] = design[i * P + j];
    }
  }
  struct logistic_model a = fit(low, weight, design, N, P), b = fit(outcome, NULL, twice, n, P);
  assert_all_near(a.beta, b.beta, P + 1, 1e-10);
  assert_all_near(a.std_error, b.std_error, P + 1, 1e-10);
  assert_near(a.deviance, b.deviance, 1e-12);
  assert_true(a.probability[0] > 0 && a.probability[0] < 1);
  logistic_model_clear(&a);
  logistic_model_clear(&b);
}

/* No columns: the log odds, with their error. */
static void the_intercept_alone(void **state)
{
  (void)state;
  const uint8_t outcome[] = {1, 0, 0, 0, 1, 0, 0};
  struct logistic_model model = fit(outcome, NULL, NULL, 7, 0);
  assert_near(model.beta[0], log(2.0 / 5), 1e-14);
  assert_near(model.std_error[0], sqrt(1 / 2.0 + 1 / 5.0), 1e-14);
  assert_near(model.deviance, model.null_deviance, 1e-14);
  assert_near(model.deviance, -2 * (2 * log(2.0 / 7) + 5 * log(5.0 / 7)), 1e-14);
  logistic_model_clear(&model);
}

/* A two by two table: the log odds ratio and Woolf's error. */
static void a_two_by_two_table(void **state)
{
  (void)state;
  const double x[] = {1, 1, 0, 0}, weight[] = {12, 5, 7, 20};
  const uint8_t outcome[] = {1, 0, 1, 0};
  struct logistic_model model = fit(outcome, weight, x, 4, 1);
  assert_near(model.beta[1], log(12.0 * 20 / (5 * 7)), 1e-13);
  assert_near(model.std_error[1], sqrt(1 / 12.0 + 1 / 5.0 + 1 / 7.0 + 1 / 20.0), 1e-12);
  assert_near(model.probability[0], 12.0 / 17, 1e-13);
  logistic_model_clear(&model);
}

/* Shifted by 1e10 and scaled, columns give the same fit. */
static void offsets_and_scales_do_not_matter(void **state)
{
  (void)state;
  double design[N * P];
  birth_design(design);
  for (size_t i = 0; i < N; i++) {
    design[i * P] += 1e10;
    design[i * P + 1] *= 1e-120;
    design[i * P + 2] *= 1e100;
  }
  struct logistic_model model = fit(low, NULL, design, N, P);
  assert_near(model.beta[1], birth_beta[1], 1e-10);
  assert_near(model.beta[2], birth_beta[2] * 1e120, 1e-10);
  assert_near(model.beta[3], birth_beta[3] * 1e-100, 1e-10);
  assert_near(model.std_error[1], birth_error[1], 1e-10);
  assert_near(model.deviance, 201.4269512038122, 1e-12);
  logistic_model_clear(&model);
}

/* A constant, a sum of others, and a copy leave the rest as it is. */
static void aliased_columns(void **state)
{
  (void)state;
  enum { Q = P + 3 };
  double design[N * P], wide[N * Q];
  birth_design(design);
  for (size_t i = 0; i < N; i++) {
    const double *x = &design[i * P];
    const double row[Q] = {5, x[0], x[1], x[2], x[0] + 3 * x[2], x[3], x[4], x[5], x[6], x[7], 1 - x[7]};
    for (size_t j = 0; j < Q; j++)
      wide[i * Q + j] = row[j];
  }
  struct logistic_model model = fit(low, NULL, wide, N, Q);
  assert_near(model.rank, P + 1, 0);
  for (size_t j = 0, next = 0; j <= Q; j++) {
    bool is_aliased = j == 1 || j == 5 || j == Q;
    assert_int_equal(model.state[j], is_aliased ? COEFFICIENT_ALIASED : COEFFICIENT_FINITE);
    assert_near(model.beta[j], is_aliased ? (double)NAN : birth_beta[next], 1e-10);
    assert_near(model.std_error[j], is_aliased ? (double)NAN : birth_error[next], 1e-10);
    assert_true(!is_aliased || model.covariance[j * (Q + 1) + j] == 0);
    next += !is_aliased;
  }
  logistic_model_clear(&model);
}

/* Everyone with g = 1 has the event: its coefficient is infinite, and the others are those of the rest alone. */
static void quasi_separation(void **state)
{
  (void)state;
  const uint8_t outcome[] = {1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0};
  const double z[] = {3, 1, 2, 5, 1, 2, 3, 4, 2, 1, 3, 2, 5, 4};
  double design[14 * 2];
  for (size_t i = 0; i < 14; i++) {
    design[i * 2] = i < 4;
    design[i * 2 + 1] = z[i];
  }
  struct logistic_model model = fit(outcome, NULL, design, 14, 2);
  assert_true(model.separated);
  assert_int_equal(model.state[0], COEFFICIENT_FINITE);
  assert_int_equal(model.state[1], COEFFICIENT_INFINITE);
  assert_int_equal(model.state[2], COEFFICIENT_FINITE);
  assert_near(model.beta[0], -3.209336914643872, 1e-8);
  assert_near(model.beta[2], 0.9968463440383456, 1e-8);
  assert_near(model.std_error[0], 2.108771737922381, 1e-6);
  assert_near(model.std_error[2], 0.683036407051316, 1e-6);
  assert_near(model.deviance, 10.58232409184035, 1e-8);
  assert_near(model.null_deviance, 19.1214269316132, 1e-13);
  assert_true(model.beta[1] > 10);
  logistic_model_clear(&model);
}

static void complete_separation(void **state)
{
  (void)state;
  const uint8_t outcome[] = {0, 0, 0, 1, 1, 1};
  const double x[] = {1, 2, 3, 4, 5, 60}, near[] = {3, 3, 3, 3 + 1e-5, 3 + 1e-5, 4};
  for (int pass = 0; pass < 2; pass++) {
    struct logistic_model model = fit(outcome, NULL, pass ? near : x, 6, 1);
    assert_true(model.separated);
    assert_int_equal(model.state[1], COEFFICIENT_INFINITE);
    assert_true(model.beta[1] > 0 && model.deviance < 1e-6);
    for (size_t i = 0; i < 6; i++)
      assert_true(fabs(model.probability[i] - outcome[i]) < 1e-6);
    logistic_model_clear(&model);
  }
}

static void overlapping_by_one_row_is_finite(void **state)
{
  (void)state;
  enum { M = 200 };
  double x[M];
  uint8_t outcome[M];
  for (size_t i = 0; i < M; i++) {
    x[i] = (double)i;
    outcome[i] = i >= M / 2;
  }
  outcome[M / 2] = 0;
  outcome[M / 2 - 1] = 1;
  struct logistic_model model = fit(outcome, NULL, x, M, 1);
  assert_false(model.separated);
  assert_int_equal(model.state[1], COEFFICIENT_FINITE);
  logistic_model_clear(&model);
}

static void one_outcome_only(void **state)
{
  (void)state;
  const uint8_t ones[] = {1, 1, 1, 1, 1}, zeros[] = {0, 0, 0, 0, 0};
  const double x[] = {1, 3, 2, 5, 4};
  for (int pass = 0; pass < 2; pass++) {
    struct logistic_model model = fit(pass ? ones : zeros, NULL, x, 5, 1);
    assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
    assert_int_equal(model.state[1], COEFFICIENT_INFINITE); /* whatever it is, nothing is left to explain */
    assert_true(fabs(model.beta[1]) < 1e-6);
    assert_true(pass ? model.beta[0] > 10 : model.beta[0] < -10);
    assert_near(model.null_deviance, 0, 0);
    logistic_model_clear(&model);
  }
}

static void too_few_rows(void **state)
{
  (void)state;
  const uint8_t outcome[] = {1, 0};
  const double design[] = {1, 2, 3, 3, 5, 4}, nothing[] = {0, 0};
  struct logistic_model model = fit(outcome, NULL, design, 2, 3);
  assert_near(model.rank, 2, 0);
  assert_int_equal(model.state[1], COEFFICIENT_INFINITE);
  assert_int_equal(model.state[2], COEFFICIENT_ALIASED);
  logistic_model_clear(&model);
  model = fit(outcome, NULL, design, 1, 3);
  assert_near(model.rank, 1, 0);
  assert_int_equal(model.state[0], COEFFICIENT_INFINITE);
  logistic_model_clear(&model);
  for (size_t n = 0; n <= 2; n += 2) {
    model = fit(outcome, nothing, design, n, 3);
    assert_near(model.rank, 0, 0);
    assert_near(model.deviance, 0, 0);
    assert_int_equal(model.state[0], COEFFICIENT_ALIASED);
    assert_true(isnan(model.beta[0]) && isnan(model.std_error[3]));
    assert_true(n == 0 || isnan(model.probability[1]));
    logistic_model_clear(&model);
  }
}

static void a_cancelled_fit_leaves_nothing(void **state)
{
  (void)state;
  const uint8_t outcome[] = {1, 0, 1};
  const double x[] = {1, 2, 3};
  struct logistic_model model;
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(logistic_fit(outcome, NULL, x, 3, 1, &task, &model), STATUS_CANCELLED);
  assert_null(model.beta);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(birth_weight_as_glm),
      cmocka_unit_test(weighted_as_glm),
      cmocka_unit_test(the_score_is_zero),
      cmocka_unit_test(weights_are_replications),
      cmocka_unit_test(the_intercept_alone),
      cmocka_unit_test(a_two_by_two_table),
      cmocka_unit_test(offsets_and_scales_do_not_matter),
      cmocka_unit_test(aliased_columns),
      cmocka_unit_test(quasi_separation),
      cmocka_unit_test(complete_separation),
      cmocka_unit_test(overlapping_by_one_row_is_finite),
      cmocka_unit_test(one_outcome_only),
      cmocka_unit_test(too_few_rows),
      cmocka_unit_test(a_cancelled_fit_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
