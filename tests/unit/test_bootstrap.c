/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bootstrap resamples: those of R, in order, whatever the number of threads; cancelling; percentiles. */
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "stats/bootstrap.h"
#include "stats/r_random.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Keeps the counts of every resample. */
struct keeper {
  size_t n_units;
  uint32_t *counts; /* n_resamples x n_units */
  atomic_size_t n_calls;
  struct task *cancel; /* cancelled in the first call, or NULL */
  bool slow_first;     /* the first resamples take longest */
};

static void keep(void *context, size_t resample, const uint32_t *counts)
{
  struct keeper *keeper = context;
  atomic_fetch_add(&keeper->n_calls, 1);
  if (keeper->slow_first && resample < 2)
    usleep(20000);
  memcpy(keeper->counts + resample * keeper->n_units, counts, keeper->n_units * sizeof *counts);
  if (keeper->cancel)
    task_cancel(keeper->cancel);
}

static struct keeper keeper_new(size_t n_units, size_t n_resamples)
{
  return (struct keeper){.n_units = n_units, .counts = memory_new(n_units * n_resamples, sizeof(uint32_t))};
}

/* set.seed(3); tabulate(sample(7, 7, TRUE), 7), four times. */
static void test_as_r(void **state)
{
  static const uint32_t seven[] = {0, 2, 1, 2, 1, 0, 1, 0, 2, 0, 1, 2, 0, 2, 2, 0, 0, 1, 3, 1, 0, 1, 1, 1, 2, 0, 2, 0};
  static const uint32_t twenty[] = {0, 0, 2, 1, 2, 0, 1, 1, 2, 2, 1, 0, 0, 2, 1, 0, 0, 1, 3, 1,
                                    0, 1, 0, 0, 1, 1, 3, 1, 2, 2, 1, 2, 2, 1, 1, 0, 1, 1, 0, 0,
                                    1, 1, 0, 1, 1, 2, 1, 1, 1, 0, 1, 0, 1, 0, 2, 2, 2, 1, 1, 1};
  (void)state;
  struct keeper keeper = keeper_new(7, 4);
  assert_int_equal(bootstrap_run(&(struct bootstrap){7, 4, 3}, keep, &keeper, NULL), STATUS_OK);
  assert_memory_equal(keeper.counts, seven, sizeof seven);
  assert_int_equal(keeper.n_calls, 4);
  free(keeper.counts);
  keeper = keeper_new(20, 3);
  assert_int_equal(bootstrap_run(&(struct bootstrap){20, 3, 123}, keep, &keeper, NULL), STATUS_OK);
  assert_memory_equal(keeper.counts, twenty, sizeof twenty);
  free(keeper.counts);
}

/* R: h <- 0; 500 times { t <- tabulate(sample(31, 31, TRUE), 31); h <- (h * 31 + sum(t * (1:31)^2)) %% 1000003 }. */
static void test_many_as_r(void **state)
{
  enum { UNITS = 31, TIMES = 500 };
  uint64_t hash = 0;
  (void)state;
  struct keeper keeper = keeper_new(UNITS, TIMES);
  keeper.slow_first = true;
  assert_int_equal(bootstrap_run(&(struct bootstrap){UNITS, TIMES, 1}, keep, &keeper, NULL), STATUS_OK);
  for (size_t r = 0; r < TIMES; r++) {
    uint64_t sum = 0, total = 0;
    for (size_t i = 0; i < UNITS; i++) {
      sum += keeper.counts[r * UNITS + i] * (i + 1) * (i + 1);
      total += keeper.counts[r * UNITS + i];
    }
    assert_int_equal(total, UNITS);
    hash = (hash * 31 + sum) % 1000003;
  }
  assert_int_equal(hash, 703305);
  free(keeper.counts);
}

/* The threads, on one core and on all, find the same resamples as a plain loop. */
static void test_order_of_threads(void **state)
{
  enum { UNITS = 40, TIMES = 300 };
  struct r_random random;
  cpu_set_t all, one;
  (void)state;
  struct keeper keeper = keeper_new(UNITS, TIMES), alone = keeper_new(UNITS, TIMES);
  keeper.slow_first = true;
  const struct bootstrap bootstrap = {UNITS, TIMES, 99};
  assert_int_equal(bootstrap_run(&bootstrap, keep, &keeper, NULL), STATUS_OK);
  assert_int_equal(sched_getaffinity(0, sizeof all, &all), 0);
  CPU_ZERO(&one);
  for (int cpu = 0; cpu < CPU_SETSIZE && !CPU_COUNT(&one); cpu++)
    if (CPU_ISSET(cpu, &all))
      CPU_SET(cpu, &one);
  assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
  assert_int_equal(bootstrap_run(&bootstrap, keep, &alone, NULL), STATUS_OK);
  assert_int_equal(sched_setaffinity(0, sizeof all, &all), 0);
  assert_memory_equal(keeper.counts, alone.counts, UNITS * TIMES * sizeof *keeper.counts);
  r_random_init(&random, 99);
  for (size_t r = 0; r < TIMES; r++) {
    uint32_t counts[UNITS] = {0};
    for (size_t i = 0; i < UNITS; i++)
      counts[r_random_index(&random, UNITS)]++;
    assert_memory_equal(keeper.counts + r * UNITS, counts, sizeof counts);
  }
  free(keeper.counts);
  free(alone.counts);
}

static void test_cancelled(void **state)
{
  struct task task;
  (void)state;
  struct keeper keeper = keeper_new(5, 1000);
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(bootstrap_run(&(struct bootstrap){5, 1000, 1}, keep, &keeper, &task), STATUS_CANCELLED);
  assert_int_equal(keeper.n_calls, 0);
  task_init(&task);
  keeper.cancel = &task;
  assert_int_equal(bootstrap_run(&(struct bootstrap){5, 1000, 1}, keep, &keeper, &task), STATUS_CANCELLED);
  assert_true(keeper.n_calls >= 1 && keeper.n_calls < 1000);
  free(keeper.counts);
}

/* What is one among many stops with the whole, which does not hear of its progress. */
static void test_task_within(void **state)
{
  struct task whole, own;
  (void)state;
  task_init(&whole);
  task_progress(&whole, 0.25);
  task_init_within(&own, &whole);
  task_progress(&own, 0.75);
  assert_true(atomic_load(&whole.done) == 0.25 && !task_is_cancelled(&own));
  task_cancel(&own);
  assert_true(task_is_cancelled(&own) && !task_is_cancelled(&whole));
  task_init_within(&own, &whole);
  task_cancel(&whole);
  assert_true(task_is_cancelled(&own));
  task_init_within(&own, NULL);
  assert_false(task_is_cancelled(&own));
}

static void test_edges(void **state)
{
  struct task task;
  (void)state;
  task_init(&task);
  struct keeper keeper = keeper_new(1, 6);
  assert_int_equal(bootstrap_run(&(struct bootstrap){0, 6, 1}, keep, &keeper, &task), STATUS_OK);
  assert_int_equal(bootstrap_run(&(struct bootstrap){1, 0, 1}, keep, &keeper, &task), STATUS_OK);
  assert_int_equal(keeper.n_calls, 0);
  assert_int_equal(bootstrap_run(&(struct bootstrap){1, 6, 1}, keep, &keeper, &task), STATUS_OK);
  assert_int_equal(keeper.n_calls, 6);
  for (size_t r = 0; r < 6; r++)
    assert_int_equal(keeper.counts[r], 1);
  const double done = task.done;
  assert_true(done > 0.5 && done <= 1);
  free(keeper.counts);
}

/* quantile(c(3.5, -2, 11, 0.25, 8, 8, -7.75), p, type = 7), with what is not finite left out. */
static void test_percentile(void **state)
{
  static const double values[] = {3.5, (double)NAN, -2, 11, (double)INFINITY, 0.25, 8, 8, -(double)INFINITY, -7.75};
  static const double known[][2] = {{0, -7.75},      {0.025, -6.8875}, {0.1, -4.3},    {0.25, -0.875}, {0.5, 3.5},
                                    {1.0 / 3, 0.25}, {0.75, 8},        {0.975, 10.55}, {1, 11}};
  (void)state;
  for (size_t i = 0; i < COUNT(known); i++) {
    double copy[COUNT(values)];
    memcpy(copy, values, sizeof values);
    const double got = bootstrap_percentile(copy, COUNT(copy), known[i][0]);
    if (!(fabs(got - known[i][1]) <= 1e-14 * fabs(known[i][1])))
      fail_msg("percentile %g: %.17g is not %.17g", known[i][0], got, known[i][1]);
  }
}

static void test_percentile_edges(void **state)
{
  double one[] = {4}, none[] = {(double)NAN, (double)INFINITY}, equal[] = {2, 2, 2}, huge[] = {1e10 + 1, 1e10};
  (void)state;
  assert_true(isnan(bootstrap_percentile(none, 0, 0.5)));
  assert_true(isnan(bootstrap_percentile(none, 2, 0.5)));
  assert_true(bootstrap_percentile(one, 1, 0) == 4);
  assert_true(bootstrap_percentile(one, 1, 0.3) == 4);
  assert_true(bootstrap_percentile(one, 1, 1) == 4);
  assert_true(bootstrap_percentile(equal, 3, 0.61) == 2);
  assert_true(bootstrap_percentile(huge, 2, 0.5) == 1e10 + 0.5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_as_r),
      cmocka_unit_test(test_many_as_r),
      cmocka_unit_test(test_order_of_threads),
      cmocka_unit_test(test_cancelled),
      cmocka_unit_test(test_task_within),
      cmocka_unit_test(test_edges),
      cmocka_unit_test(test_percentile),
      cmocka_unit_test(test_percentile_edges),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
