/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sets of published results, their units, and their entries in a legend. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "report/plot_mark.h"
#include "session/mark.h"

static struct mark survival_mark(const char *name, double time, double survival)
{
  return (struct mark){.name = (char *)name, .endpoint = (char *)"os", .time = time, .value = survival, .low = NAN, .high = NAN};
}

static void sets_share_nothing(void **state)
{
  (void)state;
  const struct mark a = survival_mark("A", 36, 0.7), b = survival_mark("B", 36, 0.5), again = survival_mark("A", 36, 0.6);
  struct mark median = survival_mark("A", NAN, 20);
  size_t n;
  median.is_median = true;
  struct mark_set *one = mark_set_with(NULL, &a), *two = mark_set_with(one, &b), *three = mark_set_with(two, &median);
  struct mark_set *changed = mark_set_with(three, &again);
  assert_int_equal(one->n, 1);
  assert_int_equal(three->n, 3);
  assert_int_equal(changed->n, 3);
  assert_true(changed->marks[0].value == 0.6 && three->marks[0].value == 0.7);
  struct mark_set *rest = mark_set_without(changed, "A", &n);
  assert_int_equal(n, 2);
  assert_string_equal(rest->marks[0].name, "B");
  assert_null(mark_set_without(rest, "B", &n));
  assert_null(mark_set_without(NULL, "B", &n));
  assert_int_equal(n, 0);
  struct mark_set *sets[] = {one, two, three, changed, rest};
  for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
    mark_set_release(sets[i]);
  mark_set_release(NULL);
}

static void units_convert(void **state)
{
  (void)state;
  double factor;
  assert_true(mark_unit_factor("years", "months", &factor));
  assert_true(fabs(factor - 12) < 1e-12);
  assert_true(mark_unit_factor("month", "days", &factor));
  assert_true(fabs(factor - 30.4375) < 1e-12);
  assert_true(mark_unit_factor("weeks", "days", &factor) && factor == 7);
  assert_true(mark_unit_factor("cycles", "cycles", &factor) && factor == 1);
  assert_true(mark_unit_factor("", "", &factor));
  assert_false(mark_unit_factor("years", "", &factor));
  assert_false(mark_unit_factor("yearsx", "months", &factor));
}

static void entry(const struct plot *plot, size_t first, const struct plot_window *window, const char *expected)
{
  struct text text = TEXT_INIT;
  plot_mark_append_entry(plot, first, window, &text);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void studies_have_keys(void **state)
{
  (void)state;
  struct plot *plot = plot_new(0);
  const struct plot_window window = {.function = PLOT_SURVIVAL, .first = 0, .last = 100, .low = 0, .high = 1};
  const double none[2] = {NAN, NAN};
  plot_add_mark(plot, "A", false, (double[]){12, 0.875}, none);
  plot_add_mark(plot, "B", true, (double[]){20, 0.5}, (double[]){8.9, NAN});
  plot_add_mark(plot, "A", false, (double[]){120, 0.25}, (double[]){0.125, 0.5});
  assert_int_equal(plot->marks[1].key, '1');
  assert_int_equal(plot->marks[2].key, '2');
  entry(plot, 0, &window, "1 A S(12) 0.875, S(120) 0.25 (0.125–0.50) (outside)");
  entry(plot, 2, &window, "2 B median 20 (8.9–)");
  char name[8];
  for (int i = 0; i < 40; i++) {
    snprintf(name, sizeof name, "s%d", i);
    plot_add_mark(plot, name, true, (double[]){1, 0.5}, none);
  }
  assert_int_equal(plot->marks[plot->n_marks - 1].key, '*');
  plot_free(plot);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sets_share_nothing),
      cmocka_unit_test(units_convert),
      cmocka_unit_test(studies_have_keys),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
