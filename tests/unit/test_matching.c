/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest neighbour matching: R's MatchIt, a plain search beside the fast one, cases by hand, and edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats/matching.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

/* Rows i = 0 … 299: score 3 sin(1.7 i) + i / 1000, treated where i^2 mod 7 < 2, stratum i mod 3. */
enum { N = 300 };
struct rows {
  double score[N];
  uint8_t treated[N];
  uint32_t stratum[N];
};

static void rows_fill(struct rows *rows)
{
  for (uint32_t i = 0; i < N; i++) {
    rows->score[i] = sin(1.7 * i) * 3 + i / 1000.0;
    rows->treated[i] = i * i % 7 < 2;
    rows->stratum[i] = i % 3;
  }
}

static void as_matchit(void **state)
{
  (void)state;
  struct rows rows;
  rows_fill(&rows);
  const uint32_t *stratum = rows.stratum;
  const struct {
    struct matching_options options;
    size_t pairs, sets;
    double products, mean, largest; /* products: sum over pairs of treated row times untreated row, from 0 */
  } cases[] = {
      {{.ratio = 1}, 128, 128, 2938465, 0.07447386743913095, 0.2408439511668359},
      {{.ratio = 1, .caliper = 0.2}, 128, 128, 2938465, 0.07447386743913095, 0.2408439511668359},
      {{.ratio = 2}, 172, 128, 3916056, 0.592799677893646, 4.481440533998742},
      {{.ratio = 2, .caliper = 0.1}, 170, 126, 4054037, 0.085788235117575, 0.2093035676183479},
      {{1, 0.25, stratum, 3}, 120, 120, 2567363, 0.1620023631836268, 0.4917404035569783},
      {{3, 0.5, stratum, 3}, 172, 126, 3680854, 0.3269541946666077, 1.058278741330547},
  };
  for (size_t c = 0; c < COUNT(cases); c++) {
    struct matching matching;
    matching_nearest(rows.score, rows.treated, N, &cases[c].options, &matching);
    double products = 0;
    for (size_t i = 0; i < N; i++)
      for (size_t j = 0; j < N && rows.treated[i] && matching.set[i]; j++)
        products += !rows.treated[j] && matching.set[j] == matching.set[i] ? (double)(i * j) : 0;
    assert_int_equal(matching.n_matched[0], cases[c].pairs);
    assert_int_equal(matching.n_matched[1], cases[c].sets);
    assert_int_equal(matching.n_sets, cases[c].sets);
    assert_int_equal(matching.n_unmatched[1], 128 - cases[c].sets);
    assert_near(products, cases[c].products, 0);
    assert_near(matching.mean_distance, cases[c].mean, 1e-10);
    assert_near(matching.largest_distance, cases[c].largest, 1e-10);
    matching_clear(&matching);
    assert_null(matching.set);
  }
}

static uint32_t next_random(uint32_t *seed, uint32_t below)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

/* The row whose turn it is: the highest score not yet served, the first of equals; n: nobody. */
static size_t next_turn(const double *score, const uint8_t *treated, const bool *served, size_t n)
{
  size_t best = n;
  for (size_t i = 0; i < n; i++)
    if (treated[i] && !served[i] && isfinite(score[i]) && (best == n || score[i] > score[best]))
      best = i;
  return best;
}

/* Everybody looked at for everybody; set[] holds the treated row + 1. */
static void plain_matching(const double *score, const uint8_t *treated, size_t n,
                           const struct matching_options *options, double caliper, uint32_t *set)
{
  memset(set, 0, n * sizeof *set);
  for (size_t round = 0; round < options->ratio; round++) {
    bool served[N] = {false};
    for (size_t turn; (turn = next_turn(score, treated, served, n)) < n;) {
      size_t best = n;
      served[turn] = true;
      for (size_t j = 0; j < n; j++) {
        double distance = fabs(score[j] - score[turn]);
        if (treated[j] || set[j] || !(distance <= caliper) || !isfinite(score[j]) ||
            (options->stratum && options->stratum[j] != options->stratum[turn]))
          continue;
        if (best == n || distance < fabs(score[best] - score[turn]))
          best = j;
      }
      if (best < n)
        set[best] = set[turn] = (uint32_t)turn + 1;
    }
  }
}

/* Scores on a coarse grid, so that most are tied, some not finite; all kinds of options. */
static void the_fast_way_is_the_plain_way(void **state)
{
  (void)state;
  uint32_t seed = 1985;
  for (int round = 0; round < 400; round++) {
    struct rows rows;
    size_t n = 1 + next_random(&seed, 120);
    uint32_t grid = 2 + next_random(&seed, 60), share = 2 + next_random(&seed, 4), *set = malloc(n * sizeof *set);
    for (size_t i = 0; i < n; i++) {
      rows.score[i] = next_random(&seed, 40) ? (double)next_random(&seed, grid) / 4 : (double)INFINITY;
      rows.treated[i] = next_random(&seed, share) == 0;
      rows.stratum[i] = next_random(&seed, 3);
    }
    struct matching_options options = {.ratio = 1 + next_random(&seed, 3),
                                       .caliper = next_random(&seed, 2) ? 0.3 : 0,
                                       .stratum = next_random(&seed, 2) ? rows.stratum : NULL,
                                       .n_strata = 3};
    struct matching matching;
    matching_nearest(rows.score, rows.treated, n, &options, &matching);
    plain_matching(rows.score, rows.treated, n, &options, matching.caliper, set);
    uint32_t number = 0;
    for (size_t i = 0; i < n; i++)
      if (rows.treated[i] && set[i]) {
        number++;
        for (size_t j = 0; j < n; j++)
          assert_true((matching.set[j] == number) == (set[j] == i + 1));
      }
    assert_int_equal(matching.n_sets, number);
    matching_clear(&matching);
    free(set);
  }
}

/* The highest takes the nearest, the next what is left; of 1.5 and 2.5 about 2 the row that comes first. */
static void by_hand(void **state)
{
  (void)state;
  const double score[] = {2.5, 1.5, 2, 5, 4, 4};
  const uint8_t treated[] = {0, 0, 1, 1, 0, 0};
  const uint32_t expected[] = {1, 0, 1, 2, 2, 0};
  struct matching matching;
  matching_nearest(score, treated, 6, &(struct matching_options){.ratio = 0}, &matching);
  assert_memory_equal(matching.set, expected, sizeof expected);
  assert_near(matching.mean_distance, 0.75, 0);
  assert_near(matching.largest_distance, 1, 0);
  assert_true(isinf(matching.caliper));
  assert_int_equal(matching.n_unmatched[0], 2);
  matching_clear(&matching);
}

/* A caliper holds up to its end: 1 standard deviation here is 1. */
static void a_caliper_includes_its_end(void **state)
{
  (void)state;
  const double score[] = {0, 1, 2};
  const uint8_t treated[] = {0, 1, 1};
  struct matching matching;
  matching_nearest(score, treated, 3, &(struct matching_options){.ratio = 1, .caliper = 1}, &matching);
  assert_near(matching.caliper, 1, 0);
  const uint32_t expected[] = {1, 1, 0};
  assert_memory_equal(matching.set, expected, sizeof expected);
  matching_clear(&matching);
}

static void equal_scores_are_matched_at_any_caliper(void **state)
{
  (void)state;
  const double score[] = {1e10, 1e10, 1e10, 1e10};
  const uint8_t treated[] = {1, 0, 0, 1};
  struct matching matching;
  matching_nearest(score, treated, 4, &(struct matching_options){.ratio = 2, .caliper = 0.2}, &matching);
  const uint32_t expected[] = {1, 1, 2, 2};
  assert_memory_equal(matching.set, expected, sizeof expected);
  assert_near(matching.caliper, 0, 0);
  matching_clear(&matching);
}

static void nobody_to_match(void **state)
{
  (void)state;
  const double score[] = {1, 2, NAN};
  const uint8_t all[] = {1, 1, 1}, none[] = {0, 0, 0}, lost[] = {1, 1, 0};
  const uint8_t *arms[] = {all, none, lost};
  for (size_t a = 0; a < 3; a++)
    for (size_t n = 0; n <= 3; n++) {
      struct matching matching;
      matching_nearest(score, arms[a], n, &(struct matching_options){.ratio = 3, .caliper = 1}, &matching);
      assert_int_equal(matching.n_sets, 0);
      assert_int_equal(matching.n_matched[0], 0);
      assert_int_equal(matching.n_unmatched[0] + matching.n_unmatched[1], n);
      assert_true(isnan(matching.mean_distance) && isnan(matching.largest_distance));
      matching_clear(&matching);
    }
}

/* The worst case for walking past those who are taken: all treated above all untreated. */
static void many_rows_take_little_time(void **state)
{
  (void)state;
  enum { MANY = 200000 };
  double *score = malloc(MANY * sizeof *score);
  uint8_t *treated = malloc(MANY);
  for (size_t i = 0; i < MANY; i++) {
    treated[i] = i >= MANY / 2;
    score[i] = treated[i] ? 1e6 + (double)i : (double)(i / 3);
  }
  struct matching matching;
  matching_nearest(score, treated, MANY, &(struct matching_options){.ratio = 1}, &matching);
  assert_int_equal(matching.n_sets, MANY / 2);
  matching_clear(&matching);
  free(score);
  free(treated);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_matchit),
      cmocka_unit_test(the_fast_way_is_the_plain_way),
      cmocka_unit_test(by_hand),
      cmocka_unit_test(a_caliper_includes_its_end),
      cmocka_unit_test(equal_scores_are_matched_at_any_caliper),
      cmocka_unit_test(nobody_to_match),
      cmocka_unit_test(many_rows_take_little_time),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
