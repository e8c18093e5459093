/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maximally selected log-rank statistics: R's maxstat, martingale residuals, identities, and edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/cutpoint.h"
#include "stats/distribution.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

/* R's lung by time. */
static const double lung_time[] = {
    5,   11,  11,  11,  12,  13,  13,  15,  26,  30,  31,  53,  53,  54,  59,  60,  60,  61,  62,  65,   65,  71,  79,
    81,  81,  88,  88,  92,  92,  93,  95,  95,  105, 105, 107, 107, 110, 116, 118, 122, 131, 132, 132,  135, 142, 144,
    145, 145, 147, 153, 156, 156, 163, 163, 163, 166, 166, 167, 170, 173, 174, 175, 175, 176, 177, 177,  179, 179, 180,
    181, 181, 182, 183, 185, 186, 188, 189, 191, 192, 194, 196, 197, 197, 199, 201, 201, 202, 202, 203,  207, 208, 210,
    211, 212, 218, 221, 222, 222, 223, 224, 225, 225, 226, 229, 230, 235, 237, 239, 239, 240, 243, 245,  246, 252, 259,
    266, 267, 268, 269, 269, 270, 272, 276, 279, 283, 284, 284, 285, 285, 286, 288, 291, 292, 292, 293,  296, 300, 301,
    301, 303, 303, 305, 306, 310, 310, 315, 320, 329, 332, 337, 340, 345, 348, 350, 351, 353, 353, 356,  361, 363, 363,
    364, 364, 371, 371, 376, 382, 384, 387, 390, 394, 404, 413, 426, 428, 429, 433, 442, 444, 444, 450,  455, 457, 458,
    460, 473, 477, 511, 511, 519, 520, 524, 524, 529, 533, 543, 550, 551, 558, 559, 567, 574, 583, 588,  613, 624, 641,
    643, 654, 655, 687, 689, 705, 707, 728, 731, 735, 740, 765, 791, 806, 814, 821, 840, 883, 965, 1010, 1022};
static const uint8_t lung_status[] = {
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1,
    1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 0,
    1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0,
    0, 0, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1,
    1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 1,
    1, 1, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0};
static const double lung_age[] = {
    65, 74, 81, 67, 74, 76, 65, 69, 73, 72, 82, 61, 68, 72, 73, 65, 64, 56, 65, 62, 68, 60, 64, 49, 52, 57, 66, 50, 64,
    74, 76, 55, 62, 75, 60, 63, 64, 76, 70, 62, 50, 57, 40, 60, 63, 67, 60, 53, 61, 73, 66, 55, 69, 72, 54, 61, 70, 44,
    57, 59, 66, 73, 57, 73, 59, 58, 69, 63, 56, 44, 61, 53, 76, 69, 55, 77, 63, 39, 41, 60, 42, 56, 67, 60, 75, 73, 53,
    50, 71, 66, 67, 57, 70, 49, 53, 67, 76, 65, 48, 55, 64, 70, 53, 70, 67, 63, 69, 70, 50, 63, 63, 57, 58, 60, 58, 57,
    67, 44, 74, 71, 72, 65, 52, 64, 80, 71, 39, 65, 72, 53, 66, 62, 69, 51, 59, 59, 60, 67, 61, 74, 53, 48, 74, 68, 71,
    62, 46, 69, 45, 56, 59, 64, 58, 66, 75, 47, 71, 53, 71, 56, 80, 56, 68, 58, 58, 56, 43, 62, 56, 53, 72, 74, 64, 71,
    68, 55, 59, 75, 75, 60, 69, 68, 54, 57, 70, 69, 64, 55, 74, 63, 70, 54, 68, 54, 48, 48, 69, 77, 70, 58, 57, 60, 68,
    69, 70, 50, 62, 74, 68, 63, 58, 59, 51, 63, 68, 64, 72, 44, 50, 59, 44, 65, 64, 63, 60, 66, 56, 74};

static struct survival_data lung_data(void)
{
  return (struct survival_data){
      .n = COUNT(lung_time), .time = lung_time, .status = lung_status, .n_groups = 1, .n_strata = 1};
}

static struct cutpoint_result search(const struct survival_data *data, const double *value, double share,
                                     enum cutpoint_ties ties)
{
  struct cutpoint_result result;
  const struct cutpoint_options options = {.minimum_share = share, .ties = ties};
  assert_int_equal(cutpoint_search(data, value, &options, NULL, &result), STATUS_OK);
  return result;
}

/* cut, M, Lau92, Lau94, number of cuts, statistics at the first three cuts, survdiff() at the best. */
struct printed {
  double cut, statistic, p92, p94;
  size_t n_cuts;
  double first[3], logrank, logrank_p;
};

static void assert_printed(const struct survival_data *data, const double *value, double share,
                           const struct printed *expected)
{
  struct cutpoint_result result = search(data, value, share, CUTPOINT_TIES_MAXSTAT);
  assert_int_equal(result.n_cuts, expected->n_cuts);
  assert_near(result.best_cut, expected->cut, 1e-15);
  assert_near(result.best_statistic, expected->statistic, 1e-12);
  assert_near(result.p_lausen92, expected->p92, 1e-11);
  assert_near(result.p_lausen94, expected->p94, 1e-11);
  assert_near(result.p_naive, normal_two_sided(expected->statistic), 1e-11);
  for (size_t c = 0; c < 3 && c < expected->n_cuts; c++)
    assert_near(fabs(result.statistic[c]), expected->first[c], 1e-12);
  assert_near(result.logrank_statistic, expected->logrank, 1e-12);
  assert_near(result.logrank_p, expected->logrank_p, 1e-11);
  assert_near(result.cut[result.best], result.best_cut, 0);
  assert_near(result.n_low[result.best], result.best_low, 0);
  cutpoint_result_clear(&result);
  assert_null(result.cut);
}

static void lung_age_as_maxstat(void **state)
{
  (void)state;
  struct survival_data data = lung_data();
  const struct printed tenth = {70,
                                2.01361866309724,
                                0.454580906738577,
                                0.427174660200422,
                                24,
                                {1.12964476462956, 1.47826956708495, 1.35733997955854},
                                4.64036855515944,
                                0.031228295267657};
  const struct printed quarter = {64,
                                  1.9030715778555,
                                  0.334568805980146,
                                  0.297842241813491,
                                  13,
                                  {0.956039805876774, 0.733518436107686, 1.084595167321840},
                                  3.67124527324716,
                                  0.0553588090590604};
  assert_printed(&data, lung_age, 0.1, &tenth);
  assert_printed(&data, lung_age, 0.25, &quarter);
}

/* By formula, without ties: times (37 i mod 151 + i / 1000) times 1.6 where x > 6, events where i^2 mod 5 < 3,
 * x = (53 i mod 157) / 10. */
enum { N = 150 };
struct formula {
  double time, x;
  uint8_t status;
};

static int compare_time(const void *a, const void *b)
{
  const struct formula *first = a, *second = b;
  return (first->time > second->time) - (first->time < second->time);
}

static void formula_fill(double *time, uint8_t *status, double *x)
{
  struct formula rows[N];
  for (uint32_t i = 1; i <= N; i++) {
    struct formula *row = &rows[i - 1];
    row->x = (i * 53 % 157) / 10.0;
    row->status = i * i % 5 < 3;
    row->time = (i * 37 % 151 + i / 1000.0) * (1 + (row->x > 6 ? 0.6 : 0));
  }
  qsort(rows, N, sizeof *rows, compare_time);
  for (size_t i = 0; i < N; i++) {
    time[i] = rows[i].time;
    status[i] = rows[i].status;
    x[i] = rows[i].x;
  }
}

static void distinct_times_as_maxstat(void **state)
{
  (void)state;
  double time[N], x[N], rounded[N], halves[N];
  uint8_t status[N];
  formula_fill(time, status, x);
  for (size_t i = 0; i < N; i++) {
    rounded[i] = rint(x[i]); /* halves to even, as R */
    halves[i] = x[i] > 7;
  }
  struct survival_data data = {.n = N, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  const struct printed all = {6,
                              3.5938329063058,
                              0.00981180950509859,
                              0.0114000612106789,
                              121,
                              {1.55436104359594, 1.61208543299175, 1.80722675639849},
                              20.0351384887171,
                              7.60321168569931e-06};
  const struct printed coarse = {5,
                                 3.26979091087765,
                                 0.0271041738744503,
                                 0.00903908490448084,
                                 12,
                                 {1.85366872597465, 2.21744851630340, 2.82986404670840},
                                 17.0355581794212,
                                 3.66863274214047e-05};
  const struct printed two = {0, 2.84297544051368,         0.0866249401115456, 0.00446945143147981,
                              1, {2.84297544051368, 0, 0}, 9.57383827887802,   0.00197369705200427};
  assert_printed(&data, x, 0.1, &all);
  assert_printed(&data, rounded, 0.1, &coarse);
  assert_printed(&data, halves, 0.1, &two);
  struct cutpoint_result a = search(&data, x, 0.1, CUTPOINT_TIES_MAXSTAT);
  struct cutpoint_result b = search(&data, x, 0.1, CUTPOINT_TIES_RISK_SET);
  for (size_t c = 0; c < a.n_cuts; c++)
    assert_near(a.statistic[c], b.statistic[c], 1e-12);
  cutpoint_result_clear(&a);
  cutpoint_result_clear(&b);
}

/* The scores of the risk sets are the martingale residuals of R's coxph(… ~ 1, ties = "breslow"). */
static void risk_set_scores_are_martingale_residuals(void **state)
{
  (void)state;
  struct survival_data data = lung_data();
  struct cutpoint_result result = search(&data, lung_age, 0.1, CUTPOINT_TIES_RISK_SET);
  const double first[] = {-1.13061655186367, -1.47916409912936, -1.35871134982277};
  assert_near(result.best_cut, 70, 0);
  assert_near(result.best_statistic, 2.01381518478582, 1e-12);
  for (size_t c = 0; c < 3; c++)
    assert_near(result.statistic[c], first[c], 1e-12);
  cutpoint_result_clear(&result);
}

/* By hand: events at 2 (of a, b entered; c not) and 4 (b, c).  Scores: a 1 - 1/2, b 1 - 1/2 - 1/2, c -1/2; centred the
 * same; sum of squares 1/2.  Cut after a: 1/2 over sqrt(2/3 * 1/2 / 2). */
static void late_entries_are_at_risk_when_they_are(void **state)
{
  (void)state;
  const double time[] = {2, 4, 5}, entry[] = {0, 1, 2}, x[] = {1, 2, 3};
  const uint8_t status[] = {1, 1, 0};
  struct survival_data data = {.n = 3, .time = time, .status = status, .entry = entry, .n_groups = 1, .n_strata = 1};
  struct cutpoint_result result = search(&data, x, 0.1, CUTPOINT_TIES_RISK_SET);
  assert_int_equal(result.n_cuts, 2);
  assert_near(result.statistic[0], 0.5 / sqrt(2.0 / 3 * 0.5 / 2), 1e-14);
  assert_near(result.statistic[1], 0.5 / sqrt(2.0 / 3 * 0.5 / 2), 1e-14);
  assert_int_equal(result.best, 0);
  cutpoint_result_clear(&result);
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  double time[3 * COUNT(lung_time)], age[COUNT(time)], weight[COUNT(lung_time)];
  uint8_t status[COUNT(time)];
  size_t n = 0;
  for (size_t i = 0; i < COUNT(lung_time); i++) {
    weight[i] = 1 + (double)(i % 3);
    for (size_t copy = 0; copy <= i % 3; copy++, n++) {
      time[n] = lung_time[i];
      age[n] = lung_age[i];
      status[n] = lung_status[i];
    }
  }
  struct survival_data many = {.n = n, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct survival_data weighted = lung_data();
  weighted.weight = weight;
  for (int ties = CUTPOINT_TIES_MAXSTAT; ties <= CUTPOINT_TIES_RISK_SET; ties++) {
    struct cutpoint_result a = search(&many, age, 0.1, (enum cutpoint_ties)ties);
    struct cutpoint_result b = search(&weighted, lung_age, 0.1, (enum cutpoint_ties)ties);
    assert_int_equal(a.n_cuts, b.n_cuts);
    for (size_t c = 0; c < a.n_cuts; c++)
      assert_near(a.statistic[c], b.statistic[c], 1e-10);
    assert_near(a.p_lausen94, b.p_lausen94, 1e-10);
    assert_near(a.logrank_statistic, b.logrank_statistic, 1e-10);
    cutpoint_result_clear(&a);
    cutpoint_result_clear(&b);
  }
}

/* Any rising function of the variable gives the same cut; its negative the same statistics from the other end. */
static void only_the_order_counts(void **state)
{
  (void)state;
  double time[N], x[N], far[N], turned[N];
  uint8_t status[N];
  formula_fill(time, status, x);
  for (size_t i = 0; i < N; i++) {
    far[i] = 1e10 + x[i];
    turned[i] = -x[i];
  }
  struct survival_data data = {.n = N, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct cutpoint_result a = search(&data, x, 0.1, CUTPOINT_TIES_MAXSTAT);
  struct cutpoint_result b = search(&data, far, 0.1, CUTPOINT_TIES_MAXSTAT);
  struct cutpoint_result c = search(&data, turned, 0.1, CUTPOINT_TIES_MAXSTAT);
  assert_near(b.best_statistic, a.best_statistic, 0);
  assert_near(b.best_cut, 1e10 + a.best_cut, 0);
  assert_near(c.best_statistic, a.best_statistic, 1e-12);
  assert_near(c.best_low, N - a.best_low, 0);
  assert_near(c.statistic[c.best], -a.statistic[a.best], 1e-12);
  cutpoint_result_clear(&a);
  cutpoint_result_clear(&b);
  cutpoint_result_clear(&c);
}

/* Where nothing is to be found a corrected p under 0.05 is about that rare, and the naive one is not. */
static void the_corrected_p_keeps_its_level(void **state)
{
  (void)state;
  enum { ROUNDS = 2000, ROWS = 100 };
  uint32_t seed = 92;
  double found92 = 0, found94 = 0, found_naive = 0;
  for (int round = 0; round < ROUNDS; round++) {
    double time[ROWS], x[ROWS];
    uint8_t status[ROWS];
    for (size_t i = 0; i < ROWS; i++) {
      time[i] = (double)i + 1;
      seed = seed * 1664525u + 1013904223u;
      x[i] = (double)(seed >> 8);
      seed = seed * 1664525u + 1013904223u;
      status[i] = (seed >> 24) < 180;
    }
    struct survival_data data = {.n = ROWS, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
    struct cutpoint_result result = search(&data, x, 0.1, CUTPOINT_TIES_MAXSTAT);
    found92 += result.p_lausen92 < 0.05;
    found94 += result.p_lausen94 < 0.05;
    found_naive += result.p_naive < 0.05;
    cutpoint_result_clear(&result);
  }
  assert_true(found92 / ROUNDS < 0.06 && found92 / ROUNDS > 0.015);
  assert_true(found94 / ROUNDS < 0.06 && found94 / ROUNDS > 0.015);
  assert_true(found_naive / ROUNDS > 0.25);
}

static void p_values_have_edges(void **state)
{
  (void)state;
  const double low[] = {10, 20, 30};
  assert_near(cutpoint_p_lausen92(0.99, 0.1), 1, 0);
  assert_near(cutpoint_p_lausen92(1.2, 0.01), 1, 0);
  assert_near(cutpoint_p_lausen92(INFINITY, 0.1), 0, 0);
  assert_true(cutpoint_p_lausen92(38, 0.1) < 1e-300);
  assert_true(isnan(cutpoint_p_lausen92(NAN, 0.1)) && isnan(cutpoint_p_lausen92(3, 0)) &&
              isnan(cutpoint_p_lausen92(3, 0.5)));
  assert_near(cutpoint_p_lausen94(1.96, 40, low, 1), normal_two_sided(1.96), 1e-15);
  assert_near(cutpoint_p_lausen94(INFINITY, 40, low, 3), 0, 0);
  assert_true(isnan(cutpoint_p_lausen94(NAN, 40, low, 3)));
  assert_true(cutpoint_p_lausen94(0, 40, low, 3) == 1);
}

static void assert_nothing_found(const struct survival_data *data, const double *x, double share, size_t n_cuts)
{
  struct cutpoint_result result = search(data, x, share, CUTPOINT_TIES_RISK_SET);
  assert_int_equal(result.n_cuts, n_cuts);
  assert_true(isnan(result.best_cut) && isnan(result.best_statistic) && isnan(result.p_naive));
  assert_true(isnan(result.p_lausen92) && isnan(result.p_lausen94) && isnan(result.logrank_p));
  cutpoint_result_clear(&result);
}

static void nothing_to_cut(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4}, same[] = {5, 5, 5, 5}, x[] = {1, 2, 3, 4}, together[] = {7, 7, 7, 7};
  const uint8_t censored[] = {0, 2, 0, 0}, events[] = {1, 1, 1, 1};
  struct survival_data data = {.n = 4, .time = time, .status = events, .n_groups = 1, .n_strata = 1};
  assert_nothing_found(&data, same, 0.1, 0);
  assert_nothing_found(&data, x, 0.5 + 0.3, 0);
  data.time = together; /* all die at once: no score differs */
  assert_nothing_found(&data, x, 0.1, 3);
  data.time = time;
  data.status = censored;
  assert_nothing_found(&data, x, 0.1, 3);
  data.status = events;
  data.n = 1;
  assert_nothing_found(&data, x, 0.1, 0);
  data.n = 0;
  assert_nothing_found(&data, NULL, 0.1, 0);
}

static void a_cancelled_search_leaves_nothing(void **state)
{
  (void)state;
  struct survival_data data = lung_data();
  struct cutpoint_result result;
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(cutpoint_search(&data, lung_age, &(struct cutpoint_options){.minimum_share = 0.1}, &task, &result),
                   STATUS_CANCELLED);
  assert_null(result.cut);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lung_age_as_maxstat),
      cmocka_unit_test(distinct_times_as_maxstat),
      cmocka_unit_test(risk_set_scores_are_martingale_residuals),
      cmocka_unit_test(late_entries_are_at_risk_when_they_are),
      cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(only_the_order_counts),
      cmocka_unit_test(the_corrected_p_keeps_its_level),
      cmocka_unit_test(p_values_have_edges),
      cmocka_unit_test(nothing_to_cut),
      cmocka_unit_test(a_cancelled_search_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
