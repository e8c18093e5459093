/* SPDX-License-Identifier: GPL-3.0-or-later */
/* w in the log: the view that shows what the command found, or what it changed. */
#include "explorer_case.h"
#include "ui/explorer_internal.h"

/* The cursor of the log on the last line, after a command; and w. */
static void ask_of(struct fixture *fixture, const char *line)
{
  explorer_run(fixture->explorer, line);
  draw(fixture->explorer, 24, 80);
  press(fixture, '8');
  draw(fixture->explorer, 24, 80);
  press(fixture, 'w');
}

static void assert_view(struct fixture *fixture, const char *line, enum view view)
{
  ask_of(fixture, line);
  assert_int_equal(fixture->explorer->wishes.view, view);
}

static void test_what_a_line_shows(void **state)
{
  struct fixture *fixture = *state;
  assert_view(fixture, "km sex", VIEW_CURVES);
  assert_view(fixture, "cox age", VIEW_MODEL);
  assert_view(fixture, "table1 age, by=sex", VIEW_TABLE1);
  assert_shown(fixture, "> table1 age, by=sex");
  assert_view(fixture, "flow", VIEW_FLOW);
  assert_view(fixture, "list age", VIEW_DATA);
  assert_view(fixture, "why median", VIEW_WHY);
}

static void test_what_a_line_changed(void **state)
{
  struct fixture *fixture = *state;
  assert_view(fixture, "filter age > 60", VIEW_LOG);
  assert_shown(fixture, "on view before it 163 of 163 patients, after it 42 of 163");
  ask_of(fixture, "set risk=off");
  assert_shown(fixture, "who is on view stayed the same, 42 of 163");
  assert_view(fixture, "km nobody", VIEW_LOG);
  assert_shown(fixture, "it failed and changed nothing");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_what_a_line_shows, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_what_a_line_changed, set_up_sample, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
