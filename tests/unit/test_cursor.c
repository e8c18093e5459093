/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen reader follows the terminal's own cursor: in every view, pane and overlay it stands on the row that has the focus,
 * and moves when that does. */
#include "explorer_case.h"
#include "ui/explorer_internal.h"

/* The row that the cursor is on and its text. */
static struct {
  char *row;
  size_t at;
} seen;

static int forget(void **state)
{
  free(seen.row);
  seen.row = NULL;
  return tear_down(state);
}

static void look(struct fixture *fixture, size_t rows, size_t columns)
{
  struct frame frame;
  struct text row = TEXT_INIT;
  frame_init(&frame, rows, columns);
  explorer_draw(fixture->explorer, &frame);
  assert_true(frame.cursor_row < rows && frame.cursor_column < columns);
  seen.at = frame.cursor_row;
  canvas_append_row(&frame.canvas, frame.cursor_row, &row);
  frame_clear(&frame);
  free(seen.row);
  seen.row = text_take(&row);
}

static const struct {
  size_t rows, columns;
} sizes[] = {{24, 80}, {48, 160}, {12, 60}};

enum { N_SIZES = sizeof sizes / sizeof *sizes };

static void assert_on(struct fixture *fixture, const char *expected, const char *where)
{
  for (size_t i = 0; i < N_SIZES; i++) {
    look(fixture, sizes[i].rows, sizes[i].columns);
    if (!strstr(seen.row, expected))
      fail_msg("%s at %zux%zu: the cursor is on row %zu, \"%s\", not on \"%s\"", where, sizes[i].columns, sizes[i].rows,
               seen.at, seen.row, expected);
  }
}

/* The cursor is on the line that has the focus (marked: with > in it), and a move changes the line. */
static void assert_follows(struct fixture *fixture, const char *where, bool marked)
{
  for (size_t i = 0; i < N_SIZES; i++) {
    look(fixture, sizes[i].rows, sizes[i].columns);
    press(fixture, 'g');
    look(fixture, sizes[i].rows, sizes[i].columns);
    char *first = strdup(seen.row);
    const size_t at = seen.at;
    if (marked && !strchr(first, '>'))
      fail_msg("%s: the row of the cursor has no mark: \"%s\"", where, first);
    press(fixture, 'j');
    look(fixture, sizes[i].rows, sizes[i].columns);
    if (at == seen.at && strcmp(first, seen.row) == 0)
      fail_msg("%s at %zux%zu: the cursor stays on \"%s\"", where, sizes[i].columns, sizes[i].rows, first);
    if (marked && !strchr(seen.row, '>'))
      fail_msg("%s: the row of the cursor has no mark after a move: \"%s\"", where, seen.row);
    free(first);
  }
}

static void test_lists(void **state)
{
  struct fixture *fixture = *state;
  fixture->explorer->wishes.focus = FOCUS_VARIABLES;
  assert_follows(fixture, "variables", true);
  press(fixture, '2');
  assert_follows(fixture, "Cox model", false);
  press(fixture, '7');
  assert_follows(fixture, "data", true);
  press(fixture, KEYS_ENTER);
  assert_follows(fixture, "card", true);
  press(fixture, 'q');
  press(fixture, 'F');
  assert_follows(fixture, "frequency table", true);
  press(fixture, 'q');
  press(fixture, '8');
  explorer_run(fixture->explorer, "km sex");
  explorer_run(fixture->explorer, "km surgery");
  assert_follows(fixture, "log", true);
  press(fixture, '1');
  fixture->explorer->wishes.focus = FOCUS_MODEL;
  press(fixture, 'g');
  assert_on(fixture, "age_group", "the model under the curves");
}

static void test_texts(void **state)
{
  struct fixture *fixture = *state;
  static const uint32_t views[] = {'3', '4', '5', '6'};
  for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
    press(fixture, views[i]);
    for (size_t k = 0; k < N_SIZES; k++) {
      look(fixture, sizes[k].rows, sizes[k].columns);
      assert_true(seen.at >= 1 && seen.at < sizes[k].rows - 1);
      assert_true(strlen(seen.row) > 0);
    }
  }
  press(fixture, '?');
  assert_on(fixture, "Here: ", "help");
  press(fixture, 'j');
  look(fixture, 24, 80);
  assert_null(strstr(seen.row, "Here: "));
  for (size_t i = 0; i < N_SIZES; i++) { /* lines are broken anew at each width */
    look(fixture, sizes[i].rows, sizes[i].columns);
    press(fixture, 'g');
    press(fixture, '/');
    explorer_prompt_done(fixture->explorer, "undo");
    look(fixture, sizes[i].rows, sizes[i].columns);
    if (!strstr(seen.row, "undo"))
      fail_msg("what was found in the help at %zux%zu: \"%s\"", sizes[i].columns, sizes[i].rows, seen.row);
  }
  press(fixture, 'q');
  press(fixture, '1');
  explorer_run(fixture->explorer, "help km");
  assert_on(fixture, "Kaplan", "a command's text");
}

static void test_curves(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '1');
  press(fixture, 'x');
  for (size_t i = 0; i < N_SIZES; i++) {
    look(fixture, sizes[i].rows, sizes[i].columns);
    assert_true(seen.at >= 1);
  }
}

static void test_prompts(void **state)
{
  struct fixture *fixture = *state;
  static const uint32_t keys[] = {':', '/', '\\'};
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    assert_int_equal(press(fixture, keys[i]), WISH_PROMPT);
    explorer_prompt_changed(fixture->explorer, explorer_prompt_prefix(fixture->explorer), "sex", 1, NULL);
    assert_on(fixture, "sex", "prompt");
    explorer_prompt_done(fixture->explorer, NULL);
  }
}

static void test_the_tour(void **state)
{
  struct fixture *fixture = *state;
  explorer_tour(fixture->explorer);
  assert_follows(fixture, "variables in the tour", true);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_lists, set_up_sample, forget),
      cmocka_unit_test_setup_teardown(test_texts, set_up_sample, forget),
      cmocka_unit_test_setup_teardown(test_curves, set_up_sample, forget),
      cmocka_unit_test_setup_teardown(test_prompts, set_up_sample, forget),
      cmocka_unit_test_setup_teardown(test_the_tour, set_up_sample, forget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
