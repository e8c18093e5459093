/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A printed table that is wider than its window: the first column stays, the others move by whole columns, every column can
 * be reached, and the rule says where there is more. */
#include "explorer_case.h"
#include "ui/wide_table.h"

/* That the window of 80 columns shows a text, or does not. */
static void assert_in_80(struct fixture *fixture, const char *text, bool is_there)
{
  char *shown = screen(fixture->explorer, 24, 80, false);
  if ((strstr(shown, text) != NULL) != is_there)
    fail_msg("\"%s\" is %son the screen:\n%s", text, is_there ? "not " : "", shown);
  free(shown);
}

static void test_the_first_column_stays(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "table1 sex grade age, by=surgery");
  press(fixture, 'l'); /* nothing was drawn yet: it must do no harm */
  press(fixture, 'h');
  assert_in_80(fixture, "columns 2-4 of 7 l ›", true);
  assert_in_80(fixture, "‹", false);
  assert_in_80(fixture, "fisher", false);
  press(fixture, 'l');
  press(fixture, 'l');
  assert_in_80(fixture, "‹ h columns 4-7 of 7", true);
  assert_in_80(fixture, "›", false);
  assert_in_80(fixture, "  NEC ", true);
  assert_in_80(fixture, "fisher", true);
  assert_in_80(fixture, "Baseline characteristics", true);
  assert_in_80(fixture, "Per cent of those with a value.", true);
  press(fixture, 'l');
  assert_in_80(fixture, "‹ h columns 4-7 of 7", true);
  press(fixture, 'h');
  press(fixture, 'h');
  assert_in_80(fixture, "columns 2-4 of 7 l ›", true);
  draw(fixture->explorer, 50, 200);
  char *wide = screen(fixture->explorer, 50, 200, false);
  assert_null(strstr(wide, "of 7"));
  assert_non_null(strstr(wide, "  NEC "));
  free(wide);
}

/* Many groups, in ASCII: each column comes on view, one after the other. */
static void test_every_column_is_reached(void **state)
{
  struct fixture *fixture = fixture_new(session_of_sample("demo.kap"), CHARSET_ASCII);
  (void)state;
  explorer_run(fixture->explorer, "derive decade = cut(age, 30, 40, 45, 50, 55, 60, 65, 70)");
  explorer_run(fixture->explorer, "table1 age ki67_percent, by=decade");
  draw(fixture->explorer, 24, 80);
  struct wide_table table;
  assert_true(wide_table_find(fixture->explorer, 80, &table));
  size_t reached = wide_table_last(&table, 1), passed = 0;
  for (size_t i = 0; i < table.n; i++) {
    passed = wide_table_move(&table, passed, 1);
    const size_t first = wide_table_first(&table, passed);
    assert_true(first <= reached + 1);
    reached = wide_table_last(&table, first);
  }
  assert_int_equal(reached + 1, table.n);
  for (size_t columns = table.starts[1] + 1; columns < table.starts[table.n] - 2; columns++) {
    struct wide_table narrow = table;
    narrow.columns = columns;
    for (size_t i = 0, at = 0; i < table.n; i++, at = wide_table_move(&narrow, at, 1))
      assert_true(wide_table_last(&narrow, wide_table_first(&narrow, at)) < table.n);
  }
  wide_table_clear(&table);
  for (size_t i = 0; i < 20; i++)
    press(fixture, 'l');
  assert_in_80(fixture, "< h columns", true);
  assert_in_80(fixture, "l >", false);
  for (size_t rows = 1; rows < 30; rows += 7)
    for (size_t columns = 1; columns < 120; columns += 1 + columns / 4) {
      draw(fixture->explorer, rows, columns);
      press(fixture, rows % 2 ? 'l' : 'h');
    }
  void *freed = fixture;
  tear_down(&freed);
}

/* What fits does not move: nothing would be seen of it but a cut. */
static void test_what_fits_stays(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "table1 sex age");
  draw(fixture->explorer, 24, 80);
  press(fixture, 'l');
  assert_in_80(fixture, "Baseline characteristics", true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_the_first_column_stays, set_up_sample, tear_down),
      cmocka_unit_test(test_every_column_is_reached),
      cmocka_unit_test_setup_teardown(test_what_fits_stays, set_up_sample, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
