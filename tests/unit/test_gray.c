/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gray's test: cmprsk's numbers, and what must hold for any cohort. */
#include "competing_case.h"
#include "stats/distribution.h"
#include "stats/gray.h"

static void test_groups(const struct survival_data *data, double rho, struct gray_result results[2])
{
  assert_int_equal(gray_test(data, rho, NULL, results), STATUS_OK);
}

/* Both statistics, their degrees of freedom, and p-values that go with them. */
static void assert_test(const struct survival_data *data, double rho, double first, double second, double df)
{
  const double expected[] = {first, second};
  struct gray_result results[2];
  test_groups(data, rho, results);
  for (int c = 0; c < 2; c++) {
    assert_near(results[c].statistic, expected[c], 1e-11);
    assert_near(results[c].df, df, 0);
    assert_near(results[c].p_value, chi_square_upper(expected[c], df), 1e-9);
  }
}

static void pbc_as_cuminc_has_it(void **state)
{
  (void)state;
  struct competing trt = pbc_read("trt=placebo", NULL), stage = pbc_read("stage", (const char *[]){"sex=m", NULL});
  struct competing sex = pbc_read("sex=m", NULL);
  struct survival_data data = competing_data(&trt);
  struct gray_result results[2];
  assert_test(&data, 0, 0.066593735360748973, 0.019427475530584624, 1);
  data = competing_data(&stage);
  assert_test(&data, 0, 46.997780243646474, 1.9726871270361392, 3);
  test_groups(&data, 0, results);
  assert_near(results[0].p_value / 3.4793876255927924e-10, 1, 1e-10);
  assert_near(results[1].p_value, 0.57809490281146791, 1e-12);
  uint32_t *stratum = memory_new(data.n, sizeof *stratum);
  for (size_t i = 0; i < data.n; i++)
    stratum[i] = (uint32_t)stage.cohort.design[i];
  data.stratum = stratum;
  data.n_strata = 2;
  assert_test(&data, 0, 45.1356155171722, 1.97097923500255, 3);
  data = competing_data(&sex);
  assert_test(&data, 1, 3.40989271707921, 0.213072775790064, 1);
  free(stratum);
  competing_clear(&trt);
  competing_clear(&stage);
  competing_clear(&sex);
}

static void mgus2_by_sex(void **state)
{
  (void)state;
  struct competing mgus = mgus2_read();
  struct survival_data data = competing_data(&mgus);
  struct gray_result results[2];
  assert_test(&data, 0, 1.19450782507551, 11.6512590121277, 1);
  test_groups(&data, 0, results);
  assert_near(results[0].p_value, 0.274422156788004, 1e-11);
  assert_near(results[1].p_value, 0.000641590976407879, 1e-11);
  uint32_t *age = memory_new(data.n, sizeof *age);
  for (size_t i = 0; i < data.n; i++)
    age[i] = mgus.cohort.design[2 * i] <= 65 ? 0 : mgus.cohort.design[2 * i] <= 75 ? 1 : 2;
  data.stratum = age;
  data.n_strata = 3;
  assert_test(&data, 0, 1.41900147924242, 26.3321722276344, 1);
  free(age);
  competing_clear(&mgus);
}

/* Twelve rows a time: the tie factors count; and the order of tied rows does not. */
static void ties_as_cuminc_has_them(void **state)
{
  (void)state;
  struct competing made = made_up(300, 12);
  for (int round = 0; round < 2; round++) {
    struct survival_data data = competing_data(&made);
    uint32_t ten[300];
    assert_test(&data, 0, 5.27428771865168, 0.550647921466863, 2);
    assert_test(&data, -0.5, 5.71154305511343, 0.471745779808907, 2);
    data.stratum = NULL;
    data.n_strata = 1;
    assert_test(&data, 0, 4.80339905700523, 1.29024228674192, 2);
    assert_test(&data, 1, 4.03763250665508, 0.925205204734418, 2);
    for (size_t i = 0; i < data.n; i++)
      ten[i] = (uint32_t)made.cohort.design[2 * i] % 10;
    data.group = ten;
    data.n_groups = 10;
    assert_test(&data, 0, 6.40892696804545, 15.1988505563678, 9);
    data.stratum = made.cohort.stratum;
    data.n_strata = 3;
    assert_test(&data, 0, 7.65711746244452, 15.1893587637013, 9);
    reverse_ties(&made);
  }
  competing_clear(&made);
}

/* -- identities -- */

/* Without competing events: Gray's own variance, near the log-rank test's 6.51389260956363, not equal to it. */
static void no_competing_events(void **state)
{
  (void)state;
  struct competing made = made_up(300, 12);
  for (size_t i = 0; i < made.cohort.n; i++)
    if (made.cohort.status[i] == STATUS_COMPETING)
      made.cohort.status[i] = STATUS_CENSORED;
  struct survival_data data = competing_data(&made);
  struct gray_result results[2];
  data.stratum = NULL;
  data.n_strata = 1;
  test_groups(&data, 0, results);
  assert_near(results[0].statistic, 6.55114904215497, 1e-11);
  assert_true(isnan(results[1].statistic) && isnan(results[1].df) && isnan(results[1].p_value));
  competing_clear(&made);
}

/* Who is called first, and what the causes are called. */
static void labels_do_not_matter(void **state)
{
  (void)state;
  struct competing made = made_up(400, 2);
  struct survival_data data = competing_data(&made);
  struct gray_result before[2], after[2];
  test_groups(&data, 0, before);
  for (size_t i = 0; i < data.n; i++) {
    made.group[i] = (made.group[i] + 1) % 3;
    made.cohort.stratum[i] = 2 - made.cohort.stratum[i];
    made.cohort.status[i] = (uint8_t)((3 - made.cohort.status[i]) % 3);
  }
  test_groups(&data, 0, after);
  assert_near(after[0].statistic, before[1].statistic, 1e-11);
  assert_near(after[1].statistic, before[0].statistic, 1e-11);
  competing_clear(&made);
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  struct competing made = made_up(200, 3);
  uint32_t seed = 7;
  made.cohort.weight = memory_new(made.cohort.n, sizeof(double));
  made.cohort.entry = memory_new(made.cohort.n, sizeof(double));
  for (size_t i = 0; i < made.cohort.n; i++) {
    made.cohort.weight[i] = 1 + (double)next_random(&seed, 3);
    made.cohort.entry[i] = (double)next_random(&seed, (uint32_t)made.cohort.time[i]) / 3;
  }
  struct competing copies = replicated(&made, made.cohort.weight);
  struct survival_data weighted = competing_data(&made), plain = competing_data(&copies);
  struct gray_result a[2], b[2];
  test_groups(&weighted, 0, a);
  test_groups(&plain, 0, b);
  for (int c = 0; c < 2; c++) {
    assert_near(a[c].statistic, b[c].statistic, 1e-11);
    assert_near(a[c].df, 2, 0);
  }
  competing_clear(&made);
  competing_clear(&copies);
}

/* Entries before every time change nothing. */
static void early_entry_is_none(void **state)
{
  (void)state;
  struct competing made = made_up(300, 12);
  made.cohort.entry = memory_new(made.cohort.n, sizeof(double));
  struct survival_data data = competing_data(&made);
  assert_test(&data, 0, 5.27428771865168, 0.550647921466863, 2);
  competing_clear(&made);
}

/* Many groups of a few patients each. */
static void labels_of_many_groups_do_not_matter(void **state)
{
  (void)state;
  struct competing made = made_up(300, 1);
  struct survival_data data = competing_data(&made);
  struct gray_result a[2], b[2];
  for (size_t i = 0; i < data.n; i++)
    made.group[i] = (uint32_t)made.cohort.design[2 * i] % 25;
  data.n_groups = 25;
  data.stratum = NULL;
  data.n_strata = 1;
  test_groups(&data, 0, a);
  for (size_t i = 0; i < data.n; i++)
    made.group[i] = 24 - made.group[i];
  test_groups(&data, 0, b);
  for (int c = 0; c < 2; c++) {
    assert_near(a[c].df, 24, 0);
    assert_near(a[c].statistic, b[c].statistic, 1e-9);
  }
  competing_clear(&made);
}

/* -- edges -- */

/* Group 1 has no rows, group 3 only one that is censored before the first event. */
static void groups_without_rows_or_risk(void **state)
{
  (void)state;
  struct competing trt = pbc_read("trt=placebo", NULL);
  size_t n = trt.cohort.n + 1;
  struct competing more = competing_new(n, 4, 0);
  more.cohort.time[0] = 1;
  more.group[0] = 3;
  for (size_t i = 1; i < n; i++) {
    more.cohort.time[i] = trt.cohort.time[i - 1];
    more.cohort.status[i] = trt.cohort.status[i - 1];
    more.group[i] = 2 * trt.group[i - 1];
  }
  struct survival_data data = competing_data(&more);
  assert_test(&data, 0, 0.066593735360748973, 0.019427475530584624, 1);
  competing_clear(&trt);
  competing_clear(&more);
}

static void assert_nothing_to_test(const struct survival_data *data)
{
  struct gray_result results[2];
  test_groups(data, 0, results);
  for (int c = 0; c < 2; c++)
    assert_true(isnan(results[c].statistic) && isnan(results[c].df) && isnan(results[c].p_value));
}

static void nothing_to_test(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4}, together[] = {1, 1, 1, 1};
  const uint8_t events[] = {1, 2, 1, 2}, censored[] = {0, 0, 0, 0};
  const uint32_t first[] = {0, 0, 0, 0}, both[] = {0, 1, 1, 0};
  struct survival_data data = {.n = 4, .time = time, .status = events, .n_groups = 1, .n_strata = 1};
  assert_nothing_to_test(&data);
  data.group = first;
  data.n_groups = 2;
  assert_nothing_to_test(&data);
  data.group = both;
  data.status = censored;
  assert_nothing_to_test(&data);
  data.status = events;
  data.n = 1;
  assert_nothing_to_test(&data);
  data.n = 0;
  assert_nothing_to_test(&data);
  data.n = 4;
  data.stratum = both; /* each stratum has one group */
  data.n_strata = 2;
  assert_nothing_to_test(&data);
  data.stratum = NULL;
  data.n_strata = 1;
  data.time = together; /* all at once: something to compare, and finite */
  struct gray_result results[2];
  test_groups(&data, 0, results);
  assert_true(results[0].statistic >= 0 && results[1].p_value <= 1);
}

static void a_cancelled_test_stops(void **state)
{
  (void)state;
  struct competing made = made_up(50, 1);
  struct survival_data data = competing_data(&made);
  struct gray_result results[2];
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(gray_test(&data, 0, &task, results), STATUS_CANCELLED);
  competing_clear(&made);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pbc_as_cuminc_has_it),        cmocka_unit_test(mgus2_by_sex),
      cmocka_unit_test(ties_as_cuminc_has_them),     cmocka_unit_test(no_competing_events),
      cmocka_unit_test(labels_do_not_matter),        cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(early_entry_is_none),         cmocka_unit_test(labels_of_many_groups_do_not_matter),
      cmocka_unit_test(groups_without_rows_or_risk), cmocka_unit_test(nothing_to_test),
      cmocka_unit_test(a_cancelled_test_stops),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
