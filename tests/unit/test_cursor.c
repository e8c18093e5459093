/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A screen reader follows the terminal's own cursor: in every view, pane and overlay it stands on the row that has the focus,
 * and moves when that does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/explorer_internal.h"
#include "verbs/execute.h"

struct fixture {
  struct session *session;
  struct explorer *explorer;
  char *row; /* the text of the row that the cursor is on */
  size_t at;
};

static int set_up(void **state)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);
  struct text line = TEXT_INIT;
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  const char *source = getenv("top_srcdir");
  fixture->session = session_new();
  text_append_format(&line, "source \"%s/samples/xu2025/demo.kap\"", source ? source : ".");
  assert_int_equal(command_execute(fixture->session, text_string(&line), NULL, &report, &error), STATUS_OK);
  report_clear(&report);
  text_clear(&line);
  fixture->explorer = explorer_new(fixture->session, NULL, CHARSET_BOX);
  *state = fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  explorer_free(fixture->explorer);
  session_free(fixture->session);
  free(fixture->row);
  free(fixture);
  return 0;
}

static void look(struct fixture *fixture, size_t rows, size_t columns)
{
  struct frame frame;
  struct text row = TEXT_INIT;
  frame_init(&frame, rows, columns);
  explorer_draw(fixture->explorer, &frame);
  assert_true(frame.cursor_row < rows && frame.cursor_column < columns);
  fixture->at = frame.cursor_row;
  canvas_append_row(&frame.canvas, frame.cursor_row, &row);
  frame_clear(&frame);
  free(fixture->row);
  fixture->row = text_take(&row);
}

static enum explorer_wish press(struct fixture *fixture, uint32_t code)
{
  const struct key key = {.code = code};
  return explorer_key(fixture->explorer, &key);
}

static const struct {
  size_t rows, columns;
} sizes[] = {{24, 80}, {48, 160}, {12, 60}};

enum { N_SIZES = sizeof sizes / sizeof *sizes };

static void assert_on(struct fixture *fixture, const char *expected, const char *where)
{
  for (size_t i = 0; i < N_SIZES; i++) {
    look(fixture, sizes[i].rows, sizes[i].columns);
    if (!strstr(fixture->row, expected))
      fail_msg("%s at %zux%zu: the cursor is on row %zu, \"%s\", not on \"%s\"", where, sizes[i].columns, sizes[i].rows,
               fixture->at, fixture->row, expected);
  }
}

/* The cursor is on the line that has the focus (marked: with > in it), and a move changes the line. */
static void assert_follows(struct fixture *fixture, const char *where, bool marked)
{
  for (size_t i = 0; i < N_SIZES; i++) {
    look(fixture, sizes[i].rows, sizes[i].columns);
    press(fixture, 'g');
    look(fixture, sizes[i].rows, sizes[i].columns);
    char *first = strdup(fixture->row);
    const size_t at = fixture->at;
    if (marked && !strchr(first, '>'))
      fail_msg("%s: the row of the cursor has no mark: \"%s\"", where, first);
    press(fixture, 'j');
    look(fixture, sizes[i].rows, sizes[i].columns);
    if (at == fixture->at && strcmp(first, fixture->row) == 0)
      fail_msg("%s at %zux%zu: the cursor stays on \"%s\"", where, sizes[i].columns, sizes[i].rows, first);
    if (marked && !strchr(fixture->row, '>'))
      fail_msg("%s: the row of the cursor has no mark after a move: \"%s\"", where, fixture->row);
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
      assert_true(fixture->at >= 1 && fixture->at < sizes[k].rows - 1);
      assert_true(strlen(fixture->row) > 0);
    }
  }
  press(fixture, '?');
  assert_on(fixture, "Here: ", "help");
  press(fixture, 'j');
  look(fixture, 24, 80);
  assert_null(strstr(fixture->row, "Here: "));
  for (size_t i = 0; i < N_SIZES; i++) { /* lines are broken anew at each width */
    look(fixture, sizes[i].rows, sizes[i].columns);
    press(fixture, 'g');
    press(fixture, '/');
    explorer_prompt_done(fixture->explorer, "undo");
    look(fixture, sizes[i].rows, sizes[i].columns);
    if (!strstr(fixture->row, "undo"))
      fail_msg("what was found in the help at %zux%zu: \"%s\"", sizes[i].columns, sizes[i].rows, fixture->row);
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
    assert_true(fixture->at >= 1);
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
      cmocka_unit_test_setup_teardown(test_lists, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_texts, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_curves, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_prompts, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_the_tour, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
