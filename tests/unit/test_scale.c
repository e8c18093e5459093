/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Many rows: models that are cut into parts for the cores agree with R, and do not depend on how many cores there are.
 *
 * The rows are drawn by a generator that R's side does not have: `test_scale print` writes them as CSV, and R's numbers here
 * are coxph(Surv(entry, time, event) ~ …, control = coxph.control(eps = 1e-12)) of survival 3.5 on that. */
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
#include "base/parallel.h"
#include "stats/blas.h"
#include "stats/cox.h"
#include "stats/logrank.h"

enum { N_ROWS = 40000, N_COLUMNS = 6 };

struct rows {
  double *time, *entry, *design, *weight;
  uint8_t *status;
  uint32_t *stratum;
};

static uint64_t draw(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

static double uniform(uint64_t *state)
{
  return ((double)(draw(state) >> 11) + 0.5) * 0x1p-53;
}

/* Times to a hundredth, ascending, so that some are ties; entries a whole number of hundredths before them. */
static void draw_rows(struct rows *rows)
{
  uint64_t state = 6;
  *rows = (struct rows){.time = memory_new(N_ROWS, sizeof(double)),
                        .entry = memory_new(N_ROWS, sizeof(double)),
                        .design = memory_new(N_ROWS * N_COLUMNS, sizeof(double)),
                        .status = memory_new(N_ROWS, 1),
                        .stratum = memory_new(N_ROWS, sizeof(uint32_t))};
  for (size_t i = 0; i < N_ROWS; i++) {
    const long hundredths = 1 + (long)(i / 3) + (long)(i % 3 == 0);
    rows->time[i] = (double)hundredths / 100;
    rows->entry[i] = draw(&state) % 2 ? 0 : floor((double)hundredths * uniform(&state)) / 100;
    rows->stratum[i] = (uint32_t)(draw(&state) % 3);
    double *x = &rows->design[i * N_COLUMNS];
    for (size_t j = 0; j < N_COLUMNS; j++)
      x[j] = j < 2 ? (double)(draw(&state) % 2) : floor(1000 * uniform(&state)) / 10;
    x[5] = 1e6 + floor(10 * x[5]);
    /* Those who go early are of higher risk. */
    const double risk = 0.5 * x[0] - 0.3 * x[1] + 0.01 * x[2] - 0.6 * (double)i / N_ROWS;
    rows->status[i] = uniform(&state) < 1 / (1 + exp(-risk)) ? STATUS_EVENT : STATUS_CENSORED;
  }
  for (size_t i = 1; i < N_ROWS; i++) /* ascending: a third of the rows was moved by one hundredth */
    for (size_t k = i; k > 0 && rows->time[k - 1] > rows->time[k]; k--) {
      const double time = rows->time[k], entry = rows->entry[k];
      rows->time[k] = rows->time[k - 1];
      rows->time[k - 1] = time;
      rows->entry[k] = rows->entry[k - 1];
      rows->entry[k - 1] = entry;
    }
  for (size_t i = 0; i < N_ROWS; i++)
    rows->entry[i] = rows->entry[i] < rows->time[i] ? rows->entry[i] : 0;
}

static void clear_rows(struct rows *rows)
{
  free(rows->time);
  free(rows->entry);
  free(rows->design);
  free(rows->status);
  free(rows->stratum);
}

static void print_rows(void)
{
  struct rows rows;
  draw_rows(&rows);
  puts("entry,time,event,stratum,a,b,c,d,e,f");
  for (size_t i = 0; i < N_ROWS; i++) {
    printf("%.17g,%.17g,%d,%u", rows.entry[i], rows.time[i], rows.status[i], rows.stratum[i]);
    for (size_t j = 0; j < N_COLUMNS; j++)
      printf(",%.17g", rows.design[i * N_COLUMNS + j]);
    putchar('\n');
  }
  clear_rows(&rows);
}

enum shape { PLAIN, DELAYED, STRATIFIED, DELAYED_AND_STRATIFIED, N_SHAPES };

static void fit(const struct rows *rows, enum shape shape, enum cox_ties ties, struct cox_model *model)
{
  const bool delayed = shape == DELAYED || shape == DELAYED_AND_STRATIFIED;
  const bool stratified = shape == STRATIFIED || shape == DELAYED_AND_STRATIFIED;
  const struct survival_data data = {.n = N_ROWS,
                                     .time = rows->time,
                                     .status = rows->status,
                                     .entry = delayed ? rows->entry : NULL,
                                     .stratum = stratified ? rows->stratum : NULL,
                                     .n_groups = 1,
                                     .n_strata = stratified ? 3 : 1};
  const struct cox_options options = {.ties = ties, .level = 0.95};
  struct error error = ERROR_INIT;
  assert_int_equal(cox_fit(&data, rows->design, N_COLUMNS, &options, NULL, model, &error), STATUS_OK);
  assert_true(model->converged);
}

static void assert_near(double found, double expected, double tolerance)
{
  if (!(fabs(found - expected) <= tolerance * fmax(fabs(expected), 1e-6)))
    fail_msg("%.17g instead of %.17g", found, expected);
}

struct answer {
  enum shape shape;
  enum cox_ties ties;
  double loglik_null, loglik, score_statistic, concordance, concordance_error;
  double beta[N_COLUMNS], std_error[N_COLUMNS];
};

static const struct answer answers[] = {
#include "scale_case.h"
};

static void test_against_r(void **state)
{
  const struct rows *rows = *state;
  for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
    const struct answer *answer = &answers[i];
    struct cox_model model;
    fit(rows, answer->shape, answer->ties, &model);
    assert_near(model.loglik_null, answer->loglik_null, 1e-12);
    assert_near(model.loglik, answer->loglik, 1e-12);
    assert_near(model.score_statistic, answer->score_statistic, 1e-9);
    assert_near(model.concordance.estimate, answer->concordance, 1e-10);
    assert_near(model.concordance.std_error, answer->concordance_error, 1e-8);
    for (size_t j = 0; j < N_COLUMNS; j++) {
      assert_near(model.beta[j], answer->beta[j], 1e-8);
      assert_near(model.std_error[j], answer->std_error[j], 1e-8);
    }
    cox_model_clear(&model);
  }
}

/* The same bytes from one core and from all: of a machine with one, this says nothing. */
static void test_threads(void **state)
{
  const struct rows *rows = *state;
  for (int shape = 0; shape < N_SHAPES; shape++) {
    struct cox_model alone, together;
    setenv("KAPLAN_THREADS", "1", 1);
    assert_int_equal(parallel_threads(), 1);
    fit(rows, (enum shape)shape, TIES_EFRON, &alone);
    unsetenv("KAPLAN_THREADS");
    fit(rows, (enum shape)shape, TIES_EFRON, &together);
    assert_memory_equal(alone.beta, together.beta, sizeof(double) * N_COLUMNS);
    assert_memory_equal(alone.covariance, together.covariance, sizeof(double) * N_COLUMNS * N_COLUMNS);
    assert_memory_equal(&alone.loglik, &together.loglik, sizeof(double));
    assert_memory_equal(&alone.concordance, &together.concordance, sizeof alone.concordance);
    assert_memory_equal(alone.linear_predictor, together.linear_predictor, sizeof(double) * N_ROWS);
    cox_model_clear(&alone);
    cox_model_clear(&together);
  }
}

/* Entries before the first time change nothing.  But with entries a part waits for the sums of those after it, and without
 * them it is completed afterwards: both ways lead to the same, also where covariates drift with time, so that
 * the later sums are of another sign or size. */
static void test_sums_of_later_parts(void **state)
{
  const struct rows *rows = *state;
  struct rows drifting = *rows;
  drifting.entry = memory_new(N_ROWS, sizeof(double));
  drifting.design = memory_copy(rows->design, N_ROWS * N_COLUMNS, sizeof(double));
  for (size_t i = 0; i < N_ROWS; i++)
    drifting.entry[i] = -1;
  for (int way = -1; way <= 1; way++) {
    for (size_t i = 0; i < N_ROWS; i++) {
      drifting.design[i * N_COLUMNS + 3] = rows->design[i * N_COLUMNS + 3] / 100 + 4.0 * way * (double)i / N_ROWS;
      drifting.design[i * N_COLUMNS + 5] = rows->design[i * N_COLUMNS + 5] - 2000.0 * way * (double)i / N_ROWS;
    }
    for (int stratified = 0; stratified < 2; stratified++) {
      struct cox_model plain, delayed;
      fit(&drifting, stratified ? STRATIFIED : PLAIN, TIES_EFRON, &plain);
      fit(&drifting, stratified ? DELAYED_AND_STRATIFIED : DELAYED, TIES_EFRON, &delayed);
      assert_near(plain.loglik, delayed.loglik, 1e-14);
      assert_near(plain.score_statistic, delayed.score_statistic, 1e-12);
      for (size_t j = 0; j < N_COLUMNS; j++) {
        assert_true(fabs(plain.beta[j] - delayed.beta[j]) <= 1e-12 * delayed.std_error[j]);
        assert_near(plain.std_error[j], delayed.std_error[j], 1e-12);
      }
      cox_model_clear(&plain);
      cox_model_clear(&delayed);
    }
  }
  free(drifting.entry);
  free(drifting.design);
}

enum { MANY = 150000, GROUPS = 3 };

static void look_on(void *data, const struct logrank_moment *moment)
{
  ++*(size_t *)data;
  (void)moment;
}

/* A log-rank test of many rows is cut into stretches; with somebody who looks on it is not. */
static void test_logrank_in_parts(void **state)
{
  (void)state;
  uint64_t draws = 3;
  double *time = memory_new(MANY, sizeof *time);
  uint8_t *status = memory_new(MANY, 1);
  uint32_t *group = memory_new(MANY, sizeof *group);
  for (size_t i = 0; i < MANY; i++) {
    time[i] = (double)(i < MANY / 3 ? i / 5 : i < MANY / 2 ? MANY : i + MANY); /* ties, one of thousands across a cut, none */
    group[i] = (uint32_t)(draw(&draws) % GROUPS);
    status[i] = draw(&draws) % (2 + group[i]) ? STATUS_CENSORED : STATUS_EVENT;
  }
  const struct survival_data data = {.n = MANY, .time = time, .status = status, .group = group, .n_groups = GROUPS, .n_strata = 1};
  for (int weight = LOGRANK_PLAIN; weight <= LOGRANK_TARONE; weight++) {
    size_t n_times = 0;
    struct logrank_options options = {.weight = (enum logrank_weight)weight}, watched = options;
    struct logrank_result parts, whole, alone;
    watched.visit = look_on;
    watched.visit_data = &n_times;
    assert_int_equal(logrank_test(&data, &options, NULL, &parts), STATUS_OK);
    assert_int_equal(logrank_test(&data, &watched, NULL, &whole), STATUS_OK);
    setenv("KAPLAN_THREADS", "1", 1);
    assert_int_equal(logrank_test(&data, &options, NULL, &alone), STATUS_OK);
    unsetenv("KAPLAN_THREADS");
    assert_true(n_times > MANY / 20);
    assert_near(parts.statistic, whole.statistic, 1e-11);
    assert_true(parts.statistic > 100);
    for (size_t g = 0; g < GROUPS; g++) {
      assert_near(parts.n[g], whole.n[g], 0);
      assert_near(parts.observed[g], whole.observed[g], 0);
      assert_near(parts.expected[g], whole.expected[g], 1e-12);
    }
    assert_memory_equal(parts.covariance, alone.covariance, sizeof(double) * GROUPS * GROUPS);
    assert_memory_equal(&parts.statistic, &alone.statistic, sizeof(double));
    logrank_result_clear(&parts);
    logrank_result_clear(&whole);
    logrank_result_clear(&alone);
  }
  free(time);
  free(status);
  free(group);
}

static void count_part(void *context, size_t part)
{
  ((unsigned char *)context)[part]++;
}

static void test_every_part_once(void **state)
{
  unsigned char counts[1000] = {0};
  (void)state;
  parallel_run(0, count_part, counts);
  parallel_run(1000, count_part, counts);
  for (size_t i = 0; i < 1000; i++)
    assert_int_equal(counts[i], 1);
}

int main(int argc, char **argv)
{
  static struct rows rows;
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_prestate(test_against_r, &rows),
      cmocka_unit_test_prestate(test_threads, &rows),
      cmocka_unit_test_prestate(test_sums_of_later_parts, &rows),
      cmocka_unit_test(test_logrank_in_parts),
      cmocka_unit_test(test_every_part_once),
  };
  blas_leave_cores();
  if (argc > 1 && strcmp(argv[1], "print") == 0) {
    print_rows();
    return 0;
  }
  draw_rows(&rows);
  const int failed = cmocka_run_group_tests(tests, NULL, NULL);
  clear_rows(&rows);
  return failed;
}
