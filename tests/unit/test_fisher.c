/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fisher's exact test: R's numbers, all tables listed one by one beside the network, random tables, the edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats/fisher.h"
#include "stats/fisher_internal.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

enum { MAX_CELLS = 24 };

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

/* The exact p-value. */
static double exact(const double *counts, size_t n_rows, size_t n_columns)
{
  struct fisher result;
  assert_int_equal(fisher_exact(counts, n_rows, n_columns, 1, NULL, &result), STATUS_OK);
  assert_int_equal(result.samples, 0);
  assert_near(result.std_error, 0, 0);
  return result.p_value;
}

static uint32_t next_random(uint32_t *seed, uint32_t below)
{
  *seed = *seed * 1664525u + 1013904223u;
  return (uint32_t)(((uint64_t)*seed * below) >> 32);
}

struct table {
  size_t n_rows, n_columns;
  double counts[MAX_CELLS], p_value;
};

/* R 4.2's fisher.test(workspace = 2e8); its network keeps eight digits or so of the largest tables. */
static const struct table of_r[] = {
    {2, 3, {7, 6, 8, 3, 11, 15}, 0.164164372614265},
    {2, 3, {2, 7, 6, 10, 22, 23}, 0.9311947213464234},
    {2, 3, {2, 17, 9, 13, 29, 20}, 0.2307103668336828},
    {2, 3, {10, 16, 13, 17, 24, 30}, 0.6490496195508522},
    {3, 3, {5, 7, 14, 4, 4, 7, 4, 6, 9}, 0.973930412237016},
    {3, 3, {8, 4, 5, 9, 3, 9, 7, 8, 7}, 0.5348510096813838},
    {3, 3, {12, 5, 9, 6, 9, 3, 4, 4, 8}, 0.1186324208351242},
    {3, 4, {3, 1, 9, 5, 3, 2, 18, 12, 6, 5, 20, 16}, 0.9333261849812093},
    {3, 4, {0, 2, 6, 9, 2, 0, 13, 10, 4, 2, 17, 35}, 0.201656707789968},
    {3, 4, {2, 0, 14, 6, 0, 4, 12, 21, 4, 8, 11, 18}, 0.00717671166032852},
    {2, 6, {1, 10, 10, 18, 15, 12, 11, 15, 13, 23, 32, 40}, 0.08363302706848405},
    {2, 6, {3, 16, 6, 16, 9, 13, 13, 21, 18, 22, 35, 28}, 0.1391429060797811},
    {4, 4, {2, 4, 1, 0, 0, 5, 4, 2, 4, 10, 4, 1, 1, 9, 6, 7}, 0.2216677411729691},
    {4, 4, {2, 7, 0, 2, 3, 3, 8, 2, 3, 8, 9, 3, 4, 2, 2, 2}, 0.09920789892522619},
    {4, 4, {1, 5, 4, 0, 2, 0, 2, 1, 4, 6, 10, 0, 2, 10, 5, 8}, 0.01394420080827095},
    {6, 3, {10, 1, 3, 3, 8, 0, 6, 9, 5, 13, 8, 5, 8, 9, 1, 8, 3, 0}, 0.01783474058312446},
    {6, 3, {3, 0, 2, 11, 2, 6, 13, 12, 9, 13, 7, 2, 3, 2, 1, 7, 4, 3}, 0.4156585015912858},
    {4, 5, {30, 38, 14, 4, 2, 18, 11, 7, 3, 2, 9, 9, 1, 1, 2, 4, 6, 2, 0, 0}, 0.6757549763660695},
    {3, 3, {20, 0, 0, 0, 15, 2, 1, 0, 30}, 5.109426343847255e-26},
    {4, 4, {1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11}, 0.7826849389656926},
    {2, 2, {3, 1, 1, 3}, 0.4857142857142858},
    {2, 2, {2, 15, 10, 3}, 0.0005367241191434364},
    {2, 2, {0, 7, 5, 0}, 0.001262626262626263},
    {2, 2, {10, 10, 10, 10}, 0.9999999999999999},
    {2, 2, {100, 7, 3, 250}, 3.815099827131707e-76},
    {2, 2, {2, 6, 8, 4}, 0.1698023338890213},
};

static void tables_as_r(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(of_r); i++)
    assert_near(exact(of_r[i].counts, of_r[i].n_rows, of_r[i].n_columns), of_r[i].p_value,
                of_r[i].n_rows * of_r[i].n_columns > 18 ? 1e-8 : 1e-10);
}

static void turned_over_it_is_the_same(void **state)
{
  (void)state;
  for (size_t k = 0; k < COUNT(of_r); k++) {
    size_t rows = of_r[k].n_rows, columns = of_r[k].n_columns;
    double turned[MAX_CELLS], p = exact(of_r[k].counts, rows, columns);
    for (size_t i = 0; i < rows; i++)
      for (size_t j = 0; j < columns; j++)
        turned[j * rows + i] = of_r[k].counts[i * columns + j];
    assert_near(exact(turned, columns, rows), p, 1e-12);
    for (size_t i = 0; i < rows; i++) /* rows in the opposite order */
      memcpy(turned + i * columns, of_r[k].counts + (rows - 1 - i) * columns, columns * sizeof *turned);
    assert_near(exact(turned, rows, columns), p, 1e-12);
  }
}

/* -- every table with the margins, one by one -- */

struct listing {
  size_t n_rows, n_columns;
  uint32_t row[6], column[6];
  double observed, counted, all; /* probabilities up to a factor */
};

static double inverse_factorial(uint32_t x)
{
  double value = 1;
  for (; x > 1; x--)
    value /= x;
  return value;
}

static void list_tables(struct listing *listing, size_t i, size_t j, double probability)
{
  if (i + 1 == listing->n_rows) { /* the last row takes what is left */
    for (size_t l = 0; l < listing->n_columns; l++)
      probability *= inverse_factorial(listing->column[l]);
    listing->all += probability;
    listing->counted += probability <= listing->observed * (1 + 1e-7) ? probability : 0;
    return;
  }
  bool last = j + 1 == listing->n_columns;
  uint32_t most = listing->row[i] < listing->column[j] ? listing->row[i] : listing->column[j];
  for (uint32_t x = last ? listing->row[i] : 0; x <= most; x++) {
    listing->row[i] -= x;
    listing->column[j] -= x;
    list_tables(listing, last ? i + 1 : i, last ? 0 : j + 1, probability * inverse_factorial(x));
    listing->row[i] += x;
    listing->column[j] += x;
  }
}

static double listed(const double *counts, size_t n_rows, size_t n_columns)
{
  struct listing listing = {.n_rows = n_rows, .n_columns = n_columns, .observed = 1};
  for (size_t i = 0; i < n_rows; i++)
    for (size_t j = 0; j < n_columns; j++) {
      uint32_t x = (uint32_t)counts[i * n_columns + j];
      listing.row[i] += x;
      listing.column[j] += x;
      listing.observed *= inverse_factorial(x);
    }
  list_tables(&listing, 0, 0, 1);
  return listing.counted / listing.all;
}

static void the_network_counts_every_table(void **state)
{
  (void)state;
  static const size_t shapes[][3] = {{2, 2, 30}, {2, 3, 40}, {3, 2, 40}, {2, 6, 20}, {3, 3, 24},
                                     {3, 4, 16}, {4, 3, 16}, {3, 5, 12}, {4, 4, 11}, {5, 5, 7}};
  uint32_t seed = 2024;
  for (size_t round = 0; round < 300; round++) {
    const size_t *shape = shapes[round % COUNT(shapes)];
    double counts[25] = {0};
    bool even = next_random(&seed, 2); /* even margins make many ties */
    for (size_t i = 0; i < shape[2]; i++) {
      size_t row = even ? i % shape[0] : next_random(&seed, (uint32_t)shape[0]);
      counts[row * shape[1] + next_random(&seed, 1 + next_random(&seed, (uint32_t)shape[1]))]++;
    }
    double p = exact(counts, shape[0], shape[1]);
    if (!isnan(p))
      assert_near(p, listed(counts, shape[0], shape[1]), 1e-11);
  }
}

/* The most probable table of all: every table counts. */
static void the_most_probable_table(void **state)
{
  (void)state;
  double even[16];
  for (size_t i = 0; i < 16; i++)
    even[i] = 5;
  assert_near(exact(even, 2, 2), 1, 1e-12);
  assert_near(exact(even, 4, 4), 1, 1e-12);
}

/* n on the diagonal: p = k! n!^k / (k n)!, for all arrangements that are as improbable. */
static void far_in_the_tail(void **state)
{
  (void)state;
  static const double two[] = {50, 0, 0, 50}, three[] = {40, 0, 0, 0, 40, 0, 0, 0, 40};
  assert_near(exact(two, 2, 2), 2 * exp(2 * lgamma(51) - lgamma(101)), 1e-11);
  assert_near(exact(three, 3, 3), 6 * exp(3 * lgamma(41) - lgamma(121)), 1e-11);
}

static void empty_rows_and_columns_are_left_out(void **state)
{
  (void)state;
  static const double sparse[] = {3, 0, 1, 0, 0, 0, 1, 0, 3};
  assert_near(exact(sparse, 3, 3), 0.4857142857142857, 1e-13);
}

/* The tables one by one: their probabilities are dhyper()'s, add up to 1, and those counted to the test's p. */
static void the_tables_of_two_by_two(void **state)
{
  (void)state;
  const double counts[] = {4, 6, 3, 19};
  struct fisher_table *tables;
  struct fisher fisher;
  double all = 0, counted = 0;
  const size_t n = fisher_tables(counts, &tables);
  assert_int_equal(n, 8);
  for (size_t i = 0; i < n; i++) {
    assert_true(tables[i].first == (double)i);
    all += tables[i].probability;
    counted += tables[i].is_counted ? tables[i].probability : 0;
  }
  assert_int_equal(fisher_exact(counts, 2, 2, 1, NULL, &fisher), STATUS_OK);
  assert_true(fabs(tables[4].probability - 9.608254e-02) < 1e-8);
  assert_true(fabs(all - 1) < 1e-12 && fabs(counted - fisher.p_value) < 1e-12);
  free(tables);
  /* equal in both directions: both count */
  const double even[] = {1, 2, 2, 1};
  assert_int_equal(fisher_tables(even, &tables), 4);
  for (size_t i = 0; i < 4; i++)
    assert_true(tables[i].is_counted);
  free(tables);
}

static void counts_are_rounded(void **state)
{
  (void)state;
  static const double broken[] = {2.9, 1.2, 0.8, 3.4};
  assert_near(exact(broken, 2, 2), 0.4857142857142857, 1e-13);
}

static void nothing_to_test(void **state)
{
  (void)state;
  static const double empty[9] = {0}, one_row[] = {3, 4, 0, 0}, one_column[] = {3, 0, 4, 0}, many[] = {1e9, 1, 1, 1e9};
  assert_true(isnan(exact(empty, 0, 0)));
  assert_true(isnan(exact(empty, 3, 3)));
  assert_true(isnan(exact(one_row, 2, 2)));
  assert_true(isnan(exact(one_column, 2, 2)));
  assert_true(isnan(exact(many, 2, 2)));
}

/* -- random tables -- */

static struct fisher sample_table(const struct table *table, uint64_t seed)
{
  double log_factorial[400];
  uint32_t row[6] = {0}, column[6] = {0};
  struct fisher_margins margins = {.n_rows = table->n_rows,
                                   .n_columns = table->n_columns,
                                   .row = row,
                                   .column = column,
                                   .log_factorial = log_factorial,
                                   .limit = 1e-7};
  for (size_t k = 0; k < COUNT(log_factorial); k++)
    log_factorial[k] = lgamma((double)k + 1);
  for (size_t i = 0; i < table->n_rows; i++)
    for (size_t j = 0; j < table->n_columns; j++) {
      uint32_t x = (uint32_t)table->counts[i * table->n_columns + j];
      row[i] += x;
      column[j] += x;
      margins.n += x;
      margins.limit -= log_factorial[x];
    }
  struct fisher result;
  assert_int_equal(fisher_sample(&margins, seed, NULL, &result), STATUS_OK);
  return result;
}

static void random_tables_agree(void **state)
{
  (void)state;
  for (size_t i = 0; i < COUNT(of_r); i += 5) {
    struct fisher first = sample_table(&of_r[i], 7), again = sample_table(&of_r[i], 7);
    assert_int_equal(first.samples, FISHER_SAMPLES);
    assert_true(fabs(first.p_value - of_r[i].p_value) < 4 * first.std_error + 2.0 / FISHER_SAMPLES);
    assert_near(again.p_value, first.p_value, 0);
  }
  struct fisher other = sample_table(&of_r[5], 8);
  assert_true(other.p_value != sample_table(&of_r[5], 7).p_value);
}

static void a_cancelled_test_has_no_result(void **state)
{
  (void)state;
  static double large[100];
  struct task task;
  struct fisher result;
  task_init(&task);
  task_cancel(&task);
  for (size_t i = 0; i < COUNT(large); i++)
    large[i] = (double)(i % 7 * 3 + 2);
  assert_int_equal(fisher_exact(large, 10, 10, 1, &task, &result), STATUS_CANCELLED);
  assert_int_equal(fisher_exact(of_r[0].counts, 2, 3, 1, &task, &result), STATUS_CANCELLED);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(tables_as_r),
      cmocka_unit_test(turned_over_it_is_the_same),
      cmocka_unit_test(the_network_counts_every_table),
      cmocka_unit_test(the_most_probable_table),
      cmocka_unit_test(far_in_the_tail),
      cmocka_unit_test(empty_rows_and_columns_are_left_out),
      cmocka_unit_test(the_tables_of_two_by_two),
      cmocka_unit_test(counts_are_rounded),
      cmocka_unit_test(nothing_to_test),
      cmocka_unit_test(random_tables_agree),
      cmocka_unit_test(a_cancelled_test_has_no_result),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
