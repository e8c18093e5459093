/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kept frames in ASCII of what test_explorer.c keeps with box drawing: not a byte of them is anything else. */
#include "explorer_case.h"

/* Files by names that are the same everywhere. */
static int set_up(void **state)
{
  struct session *session = session_new();
  struct text directory = TEXT_INIT;
  text_append_format(&directory, "%s/samples/xu2025", source_directory());
  session_set_directory(session, text_string(&directory));
  run(session, "source \"demo.kap\"");
  text_clear(&directory);
  *state = fixture_new(session, CHARSET_ASCII);
  return 0;
}

static void keep(struct fixture *fixture, const char *name)
{
  compare_sizes(fixture->explorer, name);
  char *shown = screen(fixture->explorer, 48, 160, false);
  for (const char *at = shown; *at; at++)
    assert_true(*at == '\n' || (*at >= ' ' && *at <= '~'));
  free(shown);
}

static void test_the_log(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "filter sex == \"male\"");
  explorer_run(fixture->explorer, "km nothing");
  press(fixture, '8');
  keep(fixture, "ascii-log");
}

static void test_why(void **state)
{
  struct fixture *fixture = *state;
  static const struct {
    const char *line, *name;
  } whys[] = {{"why median surgery=\"NR\"", "ascii-why-median"},
              {"why survival at=36 surgery=\"PR\"", "ascii-why-survival"},
              {"why logrank", "ascii-why-logrank"},
              {"why hr age_group", "ascii-why-hr"}};
  for (size_t i = 0; i < sizeof whys / sizeof *whys; i++) {
    explorer_run(fixture->explorer, whys[i].line);
    press_all(fixture, "jjj");
    keep(fixture, whys[i].name);
    press(fixture, 'q');
  }
}

static void test_cut_points(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, KEYS_BACK_TAB);
  answer(fixture, '/', "age");
  press_all(fixture, "]]]");
  keep(fixture, "ascii-cuts");
}

static void test_two_views(void **state)
{
  struct fixture *fixture = *state;
  draw(fixture->explorer, 48, 160);
  press(fixture, '|');
  keep(fixture, "ascii-split");
  press(fixture, KEYS_TAB);
  press(fixture, '5');
  keep(fixture, "ascii-split-nomogram");
}

static void test_others(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, 'x');
  keep(fixture, "ascii-cursor");
  press(fixture, 'x');
  press(fixture, 'S');
  keep(fixture, "ascii-settings");
  press(fixture, 'q');
  press(fixture, 'f');
  press(fixture, 'f');
  keep(fixture, "ascii-cumhaz");
  press(fixture, 'f');
  keep(fixture, "ascii-loglog");
  press(fixture, 'f');
  press(fixture, KEYS_BACK_TAB);
  answer(fixture, '/', "grade");
  press(fixture, 'F');
  keep(fixture, "ascii-frequency");
  press(fixture, 'q');
  press(fixture, 'I');
  keep(fixture, "ascii-described");
  press(fixture, 'q');
  press(fixture, 'p');
  keep(fixture, "ascii-panels");
  press(fixture, 'p');
  explorer_run(fixture->explorer, "filter age > 200");
  keep(fixture, "ascii-nobody");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_the_log, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_why, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_cut_points, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_two_views, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_others, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
