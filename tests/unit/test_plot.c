/* SPDX-License-Identifier: GPL-3.0-or-later */
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
#include "report/plot.h"
#include "report/plot_window.h"

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

static struct plot *one_fall(void)
{
  struct plot *plot = plot_new(1);
  struct plot_series *series = plot->series;
  static const double times[] = {2, 5, 9}, values[] = {0.8, 0.5, 0};
  series->n = 3;
  series->time = memory_copy(times, 3, sizeof *times);
  series->value = memory_copy(values, 3, sizeof *values);
  return plot;
}

static void test_functions_of_survival(void **state)
{
  (void)state;
  assert_true(plot_function_value(PLOT_SURVIVAL, 0.25) == 0.25);
  assert_true(plot_function_value(PLOT_EVENT, 0.25) == 0.75);
  assert_true(fabs(plot_function_value(PLOT_CUMULATIVE_HAZARD, exp(-2)) - 2) < 1e-12);
  assert_true(fabs(plot_function_value(PLOT_LOG_LOG, exp(-exp(1))) - 1) < 1e-12);
  assert_true(isinf(plot_function_value(PLOT_LOG_LOG, 1)) && isinf(plot_function_value(PLOT_CUMULATIVE_HAZARD, 0)));
  for (enum plot_function f = PLOT_SURVIVAL; f < PLOT_FUNCTION_COUNT; f++) {
    enum plot_function found;
    assert_true(plot_function_find(plot_function_name(f), &found));
    assert_int_equal(found, f);
  }
}

/* In its column, and never more digits than the column needs. */
static void assert_short_times(const struct plot_window *window)
{
  enum { COLUMNS = 67 };
  for (size_t column = 0; column < COLUMNS; column++) {
    const double time = plot_window_short_time(window, (double)column, COLUMNS);
    char digits[32];
    snprintf(digits, sizeof digits, "%.10g", time);
    assert_int_equal((size_t)floor(plot_window_position(window, time) * COLUMNS), column);
    assert_true(strlen(digits) <= 5);
  }
  assert_true(plot_window_short_time(window, -1, COLUMNS) == window->first);
  assert_true(plot_window_short_time(window, COLUMNS, COLUMNS) == window->last);
}

static void test_windows_are_whole_or_as_asked(void **state)
{
  (void)state;
  struct plot *plot = one_fall(), *empty = plot_new(0);
  struct plot_window window = plot_window_of(plot, &(struct plot_view){PLOT_SURVIVAL, 0, 0, 0, 0});
  assert_true(window.first == 0 && window.last == 9 && window.low == 0 && window.high == 1);
  window = plot_window_of(plot, &(struct plot_view){PLOT_SURVIVAL, 3, 6, 0.4, 0.9});
  assert_true(window.first == 3 && window.last == 6 && window.low == 0.4 && window.high == 0.9);
  window = plot_window_of(plot, &(struct plot_view){PLOT_CUMULATIVE_HAZARD, 0, 0, 0, 0}); /* -log 0 has no place */
  assert_true(window.low == 0 && fabs(window.high - log(2)) < 1e-12);
  window = plot_window_of(plot, &(struct plot_view){PLOT_LOG_LOG, 0, 0, 0, 0}); /* from the first event on */
  assert_true(window.first == 2 && window.last == 9 && fabs(window.low - log(-log(0.8))) < 1e-12);
  assert_true(fabs(plot_window_time(&window, plot_window_position(&window, 5)) - 5) < 1e-12);
  assert_short_times(&window);
  assert_short_times(&(struct plot_window){.function = PLOT_SURVIVAL, .first = 0, .last = 203.1014493});
  for (enum plot_function f = PLOT_SURVIVAL; f < PLOT_FUNCTION_COUNT; f++) {
    window = plot_window_of(empty, &(struct plot_view){.function = f});
    assert_true(window.first < window.last && window.low < window.high && isfinite(window.low) && isfinite(window.high));
    window = plot_window_of(plot, &(struct plot_view){f, 20, 30, 0, 0}); /* after all */
    assert_true(window.first < window.last && window.low < window.high);
  }
  plot_free(plot);
  plot_free(empty);
}

static void test_the_range_on_view(void **state)
{
  (void)state;
  struct plot *plot = one_fall();
  double least, greatest;
  struct plot_window window = plot_window_of(plot, &(struct plot_view){PLOT_SURVIVAL, 3, 6, 0, 0});
  assert_true(plot_window_range(plot, &window, &least, &greatest));
  assert_true(least == 0.5 && greatest == 0.8);
  window = plot_window_of(plot, &(struct plot_view){PLOT_SURVIVAL, 20, 30, 0, 0});
  assert_false(plot_window_range(plot, &window, &least, &greatest));
  plot_free(plot);
}

static void test_ticks_of_windows(void **state)
{
  (void)state;
  double ticks[64];
  int decimals;
  struct plot_window window = {PLOT_SURVIVAL, 10, 50, 0.4, 1};
  assert_int_equal(plot_window_ticks(&window, 40, 9, "months", ticks, 64), 4); /* 12 24 36 48 */
  assert_true(ticks[0] == 12 && ticks[3] == 48);
  assert_int_equal(plot_window_levels(&window, 4, ticks, 64, &decimals), 4); /* .4 .6 .8 1 */
  assert_true(fabs(ticks[0] - 0.4) < 1e-12 && fabs(ticks[3] - 1) < 1e-12 && decimals == 1);
  window = (struct plot_window){PLOT_LOG_LOG, 2, 120, -4, 0.5};
  assert_int_equal(plot_window_ticks(&window, 80, 9, "months", ticks, 64), 6); /* 2 5 10 20 50 100 */
  assert_true(ticks[0] == 2 && ticks[5] == 100);
  assert_int_equal(plot_window_ticks(&window, 20, 9, "months", ticks, 64), 2); /* 10 100 */
  window = (struct plot_window){PLOT_SURVIVAL, 0, 1, 0, 1};
  assert_int_equal(plot_window_ticks(&window, 90, 9, "years", ticks, 64), 11);
  assert_true(ticks[3] == 0.3); /* not 0.30000000000000004 */
}

static void test_counts_are_the_same_cumulated(void **state)
{
  (void)state;
  struct plot *plot = one_fall();
  static const double events[] = {1, 2, 1}, censored[] = {0, 3, 0};
  plot->series->n_event = memory_copy(events, 3, sizeof *events);
  plot->series->n_censor = memory_copy(censored, 3, sizeof *censored);
  plot->series->total = 7;
  for (int cumulated = 0; cumulated < 2; cumulated++) {
    struct plot_counts counts = plot_series_counts(plot->series, 6);
    assert_true(counts.events == 3 && counts.censored == 3 && counts.at_risk == 1);
    counts = plot_series_counts(plot->series, 1);
    assert_true(counts.events == 0 && counts.at_risk == 7);
    plot_series_cumulate(plot->series);
  }
  plot_free(plot);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(values_are_right_continuous),          cmocka_unit_test(counts_sum_to_all_at_every_time),
      cmocka_unit_test(delayed_entry_counts_who_has_entered), cmocka_unit_test(steps_are_nice_and_leave_the_gap),
      cmocka_unit_test(an_empty_plot_is_none_the_worse),
      cmocka_unit_test(test_functions_of_survival),
      cmocka_unit_test(test_windows_are_whole_or_as_asked),
      cmocka_unit_test(test_the_range_on_view),
      cmocka_unit_test(test_ticks_of_windows),
      cmocka_unit_test(test_counts_are_the_same_cumulated),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
