/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "report/plot.h"

/* Six patients: deaths at 2 and 5, censored at 2, 4 and 7 (two). */
static struct plot *small_plot(void)
{
  static const double time[] = {2, 4, 5, 7}, value[] = {5.0 / 6, 5.0 / 6, 5.0 / 9, 5.0 / 9};
  static const double n_risk[] = {6, 4, 3, 2}, n_event[] = {1, 0, 1, 0}, n_censor[] = {1, 1, 0, 2};
  struct plot *plot = plot_new(1);
  struct plot_series *series = plot->series;
  series->n = 4;
  series->total = 6;
  series->time = memory_copy(time, 4, sizeof *time);
  series->value = memory_copy(value, 4, sizeof *value);
  series->n_risk = memory_copy(n_risk, 4, sizeof *n_risk);
  series->n_event = memory_copy(n_event, 4, sizeof *n_event);
  series->n_censor = memory_copy(n_censor, 4, sizeof *n_censor);
  return plot;
}

static void values_are_right_continuous(void **state)
{
  (void)state;
  struct plot *plot = small_plot();
  const struct plot_series *series = plot->series;
  assert_true(plot_series_value(series, 0) == 1);
  assert_true(plot_series_value(series, 1.999) == 1);
  assert_true(plot_series_value(series, 2) == 5.0 / 6);
  assert_true(plot_series_value_before(series, 2) == 1);
  assert_true(plot_series_value_before(series, 5) == 5.0 / 6);
  assert_true(plot_series_value(series, 7) == 5.0 / 9);
  assert_true(isnan(plot_series_value(series, 7.001)));
  assert_int_equal(plot_series_index(series, 5), 2);
  assert_true(plot_last_time(plot) == 7);
  plot_free(plot);
}

static void counts_sum_to_all_at_every_time(void **state)
{
  (void)state;
  struct plot *plot = small_plot();
  for (int k = 0; k <= 160; k++) {
    struct plot_counts counts = plot_series_counts(plot->series, k / 20.0);
    assert_true(counts.at_risk + counts.events + counts.censored == 6);
    assert_true(counts.at_risk >= 0);
  }
  struct plot_counts at_five = plot_series_counts(plot->series, 5);
  assert_true(at_five.at_risk == 3 && at_five.events == 1 && at_five.censored == 2); /* R's n.risk at 5 */
  struct plot_counts beyond = plot_series_counts(plot->series, 8);
  assert_true(beyond.at_risk == 0 && beyond.events == 2 && beyond.censored == 4);
  plot_free(plot);
}

static void delayed_entry_counts_who_has_entered(void **state)
{
  (void)state;
  static const double entry[] = {0, 3}, cumulated[] = {4, 6};
  struct plot *plot = small_plot();
  struct plot_series *series = plot->series;
  series->n_entries = 2;
  series->entry_time = memory_copy(entry, 2, sizeof *entry);
  series->entry_cumulated = memory_copy(cumulated, 2, sizeof *cumulated);
  assert_true(plot_series_counts(series, 0).at_risk == 4);
  assert_true(plot_series_counts(series, 3).at_risk == 2); /* entry < t: not yet */
  assert_true(plot_series_counts(series, 3.5).at_risk == 4);
  plot_free(plot);
}

static void steps_are_nice_and_leave_the_gap(void **state)
{
  (void)state;
  assert_true(plot_tick_step(1022, 62, 8, "days") == 200);
  assert_true(plot_tick_step(120, 60, 9, "months") == 24);
  assert_true(plot_tick_step(40, 60, 9, "months") == 6);
  assert_true(plot_tick_step(10, 60, 9, "years") == 2);
  for (double last = 1e-6; last < 1e13; last *= 3.7) {
    double step = plot_tick_step(last, 60, 9, "days");
    assert_true(step / last * 60 >= 9 * (1 - 1e-9));
    assert_true(step / last * 60 <= 9 * 2.5 * (1 + 1e-9));
  }
  assert_true(plot_tick_step(0, 60, 9, "days") == 1);
  assert_true(plot_tick_step((double)NAN, 60, 9, NULL) == 1);
  assert_true(plot_tick_step(10, 0, 9, "months") == 1);
}

static void an_empty_plot_is_none_the_worse(void **state)
{
  (void)state;
  struct plot *plot = plot_new(2);
  assert_true(isnan(plot->series[1].median));
  assert_true(plot_last_time(plot) == 0);
  assert_true(isnan(plot_series_value(plot->series, 0)));
  plot_free(plot);
  plot_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_right_continuous),          cmocka_unit_test(counts_sum_to_all_at_every_time),
      cmocka_unit_test(delayed_entry_counts_who_has_entered), cmocka_unit_test(steps_are_nice_and_leave_the_gap),
      cmocka_unit_test(an_empty_plot_is_none_the_worse),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
