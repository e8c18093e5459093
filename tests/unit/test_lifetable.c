/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The life table: R's KMsurv::lifetab(), tables worked by hand, boundaries, late entries and edges. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/lifetable.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void assert_near(double got, double expected, double tolerance)
{
  if (isnan(expected) ? !isnan(got) : !(fabs(got - expected) <= tolerance * fmax(fabs(expected), 1e-300)))
    fail_msg("%.17g is not %.17g", got, expected);
}

/* What R prints, a row an interval. */
struct printed {
  double start, enter, withdrawn, events, exposed, survival, std_error, hazard, hazard_error;
};

static void assert_printed(const struct lifetable *table, const struct printed *rows, size_t n, double width)
{
  assert_int_equal(table->n, n);
  for (size_t i = 0; i < n; i++) {
    assert_near(table->start[i], rows[i].start, 0);
    assert_near(table->end[i], rows[i].start + width, 0);
    assert_near(table->n_enter[i], rows[i].enter, 0);
    assert_near(table->n_withdrawn[i], rows[i].withdrawn, 0);
    assert_near(table->n_events[i], rows[i].events, 0);
    assert_near(table->n_delayed[i], 0, 0);
    assert_near(table->n_exposed[i], rows[i].exposed, 0);
    assert_near(table->survival[i], rows[i].survival, 1e-14);
    assert_near(table->std_error[i], rows[i].std_error, 1e-13);
    assert_near(table->hazard[i], rows[i].hazard, 1e-13);
    assert_near(table->hazard_error[i], rows[i].hazard_error, 1e-13);
  }
}

/* R's lung: 228 patients by time, sex 0 male, 1 female. */
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
static const uint32_t lung_sex[] = {
    1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0,
    0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0,
    0, 0, 1, 1, 0, 0, 0, 1, 1, 1, 0, 1, 1, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 1, 1, 1, 0, 1,
    0, 1, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 1,
    1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0, 1, 0, 1, 1, 0,
    1, 1, 0, 1, 0, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0};

static const struct printed lung_male[] = {
    {0, 138, 1, 48, 137.5, 0.6509090909090909, 0.0406516417005841, 0.00234948604992658, 0.000331450941714231},
    {180, 89, 17, 35, 80.5, 0.3679051383399210, 0.0426771844626372, 0.00308641975308642, 0.000501168834951872},
    {360, 37, 4, 16, 35.0, 0.1997199322416714, 0.0386839872731237, 0.00329218106995885, 0.000786087301217962},
    {540, 17, 0, 10, 17.0, 0.0822376191583353, 0.0286713274396128, 0.00462962962962963, 0.001330878727674409},
    {720, 7, 2, 3, 6.0, 0.0411188095791676, 0.0220749632952964, 0.00370370370370370, 0.002016040940562287},
    {900, 2, 2, 0, 1.0, 0.0411188095791676, 0.0220749632952964, 0, 0},
};
static const struct printed lung_female[] = {
    {0, 90, 5, 14, 87.5, 0.8400000000000000, 0.0391918358845309, 0.000966183574879227, 0.000257245299599158},
    {180, 71, 18, 20, 62.0, 0.5690322580645162, 0.0564959409726024, 0.002136752136752137, 0.000468874156002495},
    {360, 33, 7, 10, 29.5, 0.3761399671951887, 0.0620814526283189, 0.002267573696145125, 0.000701978223526725},
    {540, 16, 4, 5, 14.0, 0.2418042646254784, 0.0625538090169314, 0.002415458937198068, 0.001054391967906837},
    {720, 7, 2, 4, 6.0, 0.0806014215418261, 0.0509931874384719, 0.005555555555555556, 0.002405626121623441},
    {900, 1, 1, 0, 0.5, 0.0806014215418261, 0.0509931874384719, 0, 0},
};

static struct survival_data lung_data(void)
{
  return (struct survival_data){
      .n = COUNT(lung_time), .time = lung_time, .status = lung_status, .group = lung_sex, .n_groups = 2, .n_strata = 1};
}

static void lung_as_lifetab(void **state)
{
  (void)state;
  struct survival_data data = lung_data();
  struct lifetable tables[2];
  assert_true(lifetable_compute(&data, 180, tables));
  assert_printed(&tables[0], lung_male, COUNT(lung_male), 180);
  assert_printed(&tables[1], lung_female, COUNT(lung_female), 180);
  lifetable_clear(&tables[0]);
  lifetable_clear(&tables[1]);
  assert_null(tables[0].survival);
}

/* The same intervals as break points, as break points and then a width, and with an open end. */
static void break_points_are_intervals(void **state)
{
  (void)state;
  struct survival_data data = lung_data();
  const double all[] = {0, 180, 360, 540, 720, 900, 1080}, some[] = {180, 360};
  struct lifetable tables[2];
  assert_true(lifetable_compute_at(&data, all, COUNT(all), 0, tables));
  assert_printed(&tables[0], lung_male, COUNT(lung_male), 180);
  lifetable_clear(&tables[0]);
  lifetable_clear(&tables[1]);
  assert_true(lifetable_compute_at(&data, some, COUNT(some), 180, tables));
  assert_printed(&tables[1], lung_female, COUNT(lung_female), 180);
  lifetable_clear(&tables[0]);
  lifetable_clear(&tables[1]);
  assert_true(lifetable_compute_at(&data, some, COUNT(some), 0, tables));
  assert_int_equal(tables[0].n, 3);
  assert_true(isinf(tables[0].end[2]) && isnan(tables[0].hazard[2]) && isnan(tables[0].hazard_error[2]));
  assert_near(tables[0].survival[2], tables[0].survival[1] * (1 - 29.0 / (37 - 8.0 / 2)), 1e-15);
  lifetable_clear(&tables[0]);
  lifetable_clear(&tables[1]);
}

static void rejected(const struct survival_data *data, const double *breaks, size_t n_breaks, double width)
{
  struct lifetable table;
  bool done =
      breaks ? lifetable_compute_at(data, breaks, n_breaks, width, &table) : lifetable_compute(data, width, &table);
  assert_false(done);
  assert_int_equal(table.n, 0);
  assert_null(table.start);
}

static void senseless_intervals_are_refused(void **state)
{
  (void)state;
  const double time[] = {1e10}, twice[] = {12, 12}, down[] = {12, 6}, endless[] = {12, INFINITY}, not [] = {NAN};
  const uint8_t status[] = {1};
  struct survival_data data = {.n = 1, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  rejected(&data, NULL, 0, 12);
  rejected(&data, NULL, 0, 0);
  rejected(&data, NULL, 0, -1);
  rejected(&data, NULL, 0, NAN);
  rejected(&data, NULL, 0, INFINITY);
  rejected(&data, NULL, 0, 1e-300);
  rejected(&data, twice, 2, 0);
  rejected(&data, down, 2, 0);
  rejected(&data, endless, 2, 0);
  rejected(&data, not, 1, 0);
  rejected(&data, twice, 1, -1);
  struct lifetable table;
  assert_true(lifetable_compute(&data, 1e9, &table));
  assert_int_equal(table.n, 11);
  assert_near(table.survival[9], 1, 0);
  assert_near(table.survival[10], 0, 0);
  lifetable_clear(&table);
}

/* An event at 12 and a censoring at 24 belong to what begins there; 0.3 is a boundary of tenths though 3 * 0.1 is not
 * 0.3; and a month counted in days is one though it be off in the last digit. */
static void boundaries_begin_intervals(void **state)
{
  (void)state;
  const double time[] = {0, 11.999, 12, 12, 24};
  const uint8_t status[] = {1, 1, 1, 1, 0};
  struct survival_data data = {.n = 5, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct lifetable table;
  assert_true(lifetable_compute(&data, 12, &table));
  assert_int_equal(table.n, 3);
  assert_near(table.n_events[0], 2, 0);
  assert_near(table.n_events[1], 2, 0);
  assert_near(table.n_withdrawn[2], 1, 0);
  assert_near(table.n_exposed[2], 0.5, 0);
  assert_near(table.survival[1], 0.6 * (1.0 / 3), 1e-15);
  lifetable_clear(&table);
  for (int i = 1; i < 3000; i++) {
    const double tenths[] = {i / 10.0, nextafter(i / 10.0, 0), nextafter(i / 10.0, INFINITY), i / 10.0 + 0.0999};
    for (size_t j = 0; j < COUNT(tenths); j++) {
      data.n = 1;
      data.time = &tenths[j];
      assert_true(lifetable_compute(&data, 0.1, &table));
      assert_int_equal(table.n, i + 1);
      lifetable_clear(&table);
    }
  }
}

/* Nobody censored: survival is the share alive, and its error the binomial one. */
static void without_censoring_it_is_binomial(void **state)
{
  (void)state;
  double time[50];
  uint8_t status[50];
  for (size_t i = 0; i < 50; i++) {
    time[i] = (double)(i * i) / 100;
    status[i] = 1;
  }
  struct survival_data data = {.n = 50, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct lifetable table;
  assert_true(lifetable_compute(&data, 3, &table));
  for (size_t i = 0; i + 1 < table.n; i++) {
    double alive = 0;
    for (size_t j = 0; j < 50; j++)
      alive += time[j] >= table.end[i];
    assert_near(table.survival[i], alive / 50, 1e-13);
    assert_near(table.std_error[i], sqrt(alive / 50 * (1 - alive / 50) / 50), 1e-12);
  }
  assert_near(table.survival[table.n - 1], 0, 0);
  assert_true(isnan(table.std_error[table.n - 1]));
  assert_near(table.hazard[table.n - 1], 2.0 / 3, 1e-15);
  assert_near(table.hazard_error[table.n - 1], 0, 0);
  lifetable_clear(&table);
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  double time[3 * COUNT(lung_time)], weight[COUNT(lung_time)];
  uint8_t status[COUNT(time)];
  size_t n = 0;
  for (size_t i = 0; i < COUNT(lung_time); i++) {
    weight[i] = 1 + (double)(i % 3);
    for (size_t copy = 0; copy <= i % 3; copy++, n++) {
      time[n] = lung_time[i];
      status[n] = lung_status[i];
    }
  }
  struct survival_data many = {.n = n, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct survival_data weighted = lung_data();
  weighted.group = NULL;
  weighted.n_groups = 1;
  weighted.weight = weight;
  struct lifetable a, b;
  assert_true(lifetable_compute(&many, 90, &a));
  assert_true(lifetable_compute(&weighted, 90, &b));
  assert_int_equal(a.n, b.n);
  for (size_t i = 0; i < a.n; i++) {
    assert_near(a.n_exposed[i], b.n_exposed[i], 0);
    assert_near(a.survival[i], b.survival[i], 0);
    assert_near(a.hazard_error[i], b.hazard_error[i], 0);
  }
  lifetable_clear(&a);
  lifetable_clear(&b);
}

/* By hand, width 10: rows (entry, time] (0,5] event, (0,25] censored, (4,12] event, (10,18] event, (13,16] censored,
 * (31,39] event.  Exposed: 2 + 1/2 (who enters at 4); 2 + 1 at 10, + 1/2 - 1/2 for 13 to 16; 1 - 1/2; 0 + 1/2. */
static void late_entries_count_half(void **state)
{
  (void)state;
  const double entry[] = {0, 4, 13, 10, 0, 31}, time[] = {5, 12, 16, 18, 25, 39};
  const uint8_t status[] = {1, 1, 0, 1, 0, 1};
  struct survival_data data = {.n = 6, .time = time, .status = status, .entry = entry, .n_groups = 1, .n_strata = 1};
  const double enter[] = {2, 3, 1, 0}, delayed[] = {1, 1, 0, 1}, exposed[] = {2.5, 3, 0.5, 0.5};
  const double survival[] = {0.6, 0.2, 0.2, 0};
  struct lifetable table;
  assert_true(lifetable_compute(&data, 10, &table));
  assert_int_equal(table.n, 4);
  for (size_t i = 0; i < 4; i++) {
    assert_near(table.n_enter[i], enter[i], 0);
    assert_near(table.n_delayed[i], delayed[i], 0);
    assert_near(table.n_exposed[i], exposed[i], 0);
    assert_near(table.survival[i], survival[i], 1e-15);
  }
  lifetable_clear(&table);
}

/* Entries at or before 0 are none at all; where nobody is there survival stays and the hazard is unknown. */
static void entries_at_the_beginning_and_gaps(void **state)
{
  (void)state;
  double entry[COUNT(lung_time)];
  for (size_t i = 0; i < COUNT(entry); i++)
    entry[i] = i % 2 ? 0 : -5;
  struct survival_data data = lung_data();
  data.entry = entry;
  struct lifetable tables[2];
  assert_true(lifetable_compute(&data, 180, tables));
  assert_printed(&tables[0], lung_male, COUNT(lung_male), 180);
  lifetable_clear(&tables[0]);
  lifetable_clear(&tables[1]);
  const double late[] = {25.5, 25.5}, time[] = {41, 42}, weight[] = {0.1, 0.7};
  const uint8_t status[] = {1, 0};
  struct survival_data two = {
      .n = 2, .time = time, .status = status, .entry = late, .weight = weight, .n_groups = 1, .n_strata = 1};
  assert_true(lifetable_compute(&two, 10, tables));
  assert_int_equal(tables[0].n, 5);
  assert_near(tables[0].n_enter[1], 0, 0);
  assert_near(tables[0].n_exposed[2], 0.4, 1e-15);
  assert_near(tables[0].survival[3], 1, 0);
  assert_near(tables[0].std_error[3], 0, 0);
  assert_true(isnan(tables[0].hazard[0]) && isnan(tables[0].hazard_error[0]));
  assert_near(tables[0].survival[4], 1 - 0.1 / 0.45, 1e-14);
  lifetable_clear(&tables[0]);
}

static void edges(void **state)
{
  (void)state;
  const double time[] = {7, 7, 7};
  const uint8_t censored[] = {0, STATUS_COMPETING, 0}, events[] = {1, 1, 1};
  const uint32_t group[] = {2, 2, 2};
  struct lifetable tables[3];
  struct survival_data data = {.n = 3, .time = time, .status = censored, .group = group, .n_groups = 3, .n_strata = 1};
  assert_true(lifetable_compute(&data, 5, tables));
  assert_int_equal(tables[0].n, 0);
  assert_int_equal(tables[1].n, 0);
  assert_int_equal(tables[2].n, 2);
  assert_near(tables[2].survival[1], 1, 0);
  assert_near(tables[2].std_error[1], 0, 0);
  assert_near(tables[2].n_exposed[1], 1.5, 0);
  lifetable_clear(&tables[2]);
  data.status = events;
  data.group = NULL;
  data.n_groups = 1;
  data.n = 1;
  assert_true(lifetable_compute(&data, 100, tables));
  assert_int_equal(tables[0].n, 1);
  assert_near(tables[0].survival[0], 0, 0);
  assert_true(isnan(tables[0].std_error[0]));
  assert_near(tables[0].hazard[0], 0.02, 0);
  lifetable_clear(&tables[0]);
  data.n = 0;
  assert_true(lifetable_compute(&data, 12, tables));
  assert_int_equal(tables[0].n, 0);
  lifetable_clear(&tables[0]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(lung_as_lifetab),
      cmocka_unit_test(break_points_are_intervals),
      cmocka_unit_test(senseless_intervals_are_refused),
      cmocka_unit_test(boundaries_begin_intervals),
      cmocka_unit_test(without_censoring_it_is_binomial),
      cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(late_entries_count_half),
      cmocka_unit_test(entries_at_the_beginning_and_gaps),
      cmocka_unit_test(edges),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
