/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log-rank test from the counts of curves: the bits of the one from rows, for all groups and for each pair. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "stats/logrank.h"

enum { MOST_GROUPS = 4, MANY = 40000 };

/* Rows in order of time, some times shared; the last group has none of the late ones. */
struct rows {
  double time[MANY];
  uint8_t status[MANY];
  uint32_t group[MANY];
};

static struct survival_data fill(struct rows *rows, size_t n, size_t n_groups)
{
  uint32_t random = 7;
  double time = 0;
  for (size_t i = 0; i < n; i++) {
    random = random * 1664525u + 1013904223u;
    time += (random >> 8) % 3 ? 0.25 : 0;
    rows->time[i] = time;
    rows->status[i] = (random >> 12) % 3 == 0;
    rows->group[i] = (random >> 20) % (i > n / 2 && n_groups > 2 ? n_groups - 1 : n_groups);
  }
  return (struct survival_data){
      .n = n, .time = rows->time, .status = rows->status, .group = rows->group, .n_groups = n_groups, .n_strata = 1};
}

static void assert_same(double got, double expected)
{
  if (memcmp(&got, &expected, sizeof got) != 0 && !(isnan(got) && isnan(expected)))
    fail_msg("%.17g is not %.17g", got, expected);
}

static void assert_same_results(const struct logrank_result *got, const struct logrank_result *expected)
{
  const size_t k = expected->n_groups;
  assert_int_equal(got->n_groups, k);
  for (size_t j = 0; j < k; j++) {
    assert_same(got->n[j], expected->n[j]);
    assert_same(got->observed[j], expected->observed[j]);
    assert_same(got->expected[j], expected->expected[j]);
    assert_same(got->score[j], expected->score[j]);
    for (size_t l = 0; l < k; l++)
      assert_same(got->covariance[j * k + l], expected->covariance[j * k + l]);
  }
  assert_same(got->statistic, expected->statistic);
  assert_same(got->df, expected->df);
  assert_same(got->p_value, expected->p_value);
}

static void compare(size_t n, size_t n_groups, const struct logrank_options *options)
{
  struct rows *rows = memory_new(1, sizeof *rows);
  const struct survival_data data = fill(rows, n, n_groups);
  const struct km_options km = {.conf = CONF_LOG, .level = 0.95};
  struct km_curve curves[MOST_GROUPS];
  const struct km_curve *pointers[MOST_GROUPS] = {&curves[0], &curves[1], &curves[2], &curves[3]};
  struct logrank_result result, expected;
  struct logrank_pair *pairs, *expected_pairs;
  size_t n_pairs, n_expected;
  assert_int_equal(km_fit(&data, &km, NULL, curves), STATUS_OK);
  assert_true(logrank_can_use_curves(pointers, n_groups));
  assert_int_equal(logrank_all_curves(pointers, n_groups, options, ADJUST_HOLM, NULL, &result, &pairs, &n_pairs), STATUS_OK);
  assert_int_equal(logrank_test(&data, options, NULL, &expected), STATUS_OK);
  assert_int_equal(logrank_pairs(&data, options, ADJUST_HOLM, LOGRANK_ALL_PAIRS, NULL, &expected_pairs, &n_expected), STATUS_OK);
  assert_same_results(&result, &expected);
  assert_int_equal(n_pairs, n_expected);
  for (size_t i = 0; i < n_pairs; i++) {
    assert_int_equal(pairs[i].group1, expected_pairs[i].group1);
    assert_int_equal(pairs[i].group2, expected_pairs[i].group2);
    assert_same(pairs[i].statistic, expected_pairs[i].statistic);
    assert_same(pairs[i].p_adjusted, expected_pairs[i].p_adjusted);
  }
  for (size_t g = 0; g < n_groups; g++)
    km_curve_clear(&curves[g]);
  logrank_result_clear(&result);
  logrank_result_clear(&expected);
  free(pairs);
  free(expected_pairs);
  free(rows);
}

static void curves_have_the_bits_of_rows(void **state)
{
  (void)state;
  const struct logrank_options plain = {.weight = LOGRANK_PLAIN}, late = {.weight = LOGRANK_FLEMING_HARRINGTON, .q = 1};
  for (size_t n_groups = 2; n_groups <= MOST_GROUPS; n_groups++) {
    compare(1, n_groups, &plain);
    compare(300, n_groups, &plain);
    compare(MANY, n_groups, &plain); /* by all cores */
    compare(MANY, n_groups, &late);
  }
}

static void what_curves_cannot_tell(void **state)
{
  (void)state;
  struct km_curve curve = {.n_entries = 1};
  const struct km_curve *curves[] = {&curve, &curve};
  assert_false(logrank_can_use_curves(curves, 2));
  assert_false(logrank_can_use_curves(curves, 0));
}

static void a_cancelled_test_leaves_nothing(void **state)
{
  (void)state;
  struct rows *rows = memory_new(1, sizeof *rows);
  const struct survival_data data = fill(rows, 300, 3);
  const struct logrank_options plain = {.weight = LOGRANK_PLAIN};
  const struct km_options km = {.conf = CONF_LOG, .level = 0.95};
  struct km_curve curves[3];
  const struct km_curve *pointers[] = {&curves[0], &curves[1], &curves[2]};
  struct logrank_result result;
  struct logrank_pair *pairs = NULL;
  size_t n_pairs = 0;
  struct task task;
  task_init(&task);
  assert_int_equal(km_fit(&data, &km, NULL, curves), STATUS_OK);
  task_cancel(&task);
  assert_int_equal(logrank_all_curves(pointers, 3, &plain, ADJUST_HOLM, &task, &result, &pairs, &n_pairs), STATUS_CANCELLED);
  assert_null(result.covariance);
  assert_null(pairs);
  for (size_t g = 0; g < 3; g++)
    km_curve_clear(&curves[g]);
  free(rows);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(curves_have_the_bits_of_rows),
      cmocka_unit_test(what_curves_cannot_tell),
      cmocka_unit_test(a_cancelled_test_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
