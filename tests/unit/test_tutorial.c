/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guided tour: it goes on when what it asks for is there, by whatever keys; back, skip, off; it fits its two lines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "verbs/execute.h"

struct fixture {
  struct session *session;
  struct explorer *explorer;
};

static int set_up(void **state)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);
  struct text line = TEXT_INIT;
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  const char *source = getenv("top_srcdir");
  fixture->session = session_new();
  text_append_format(&line, "source \"%s/samples/xu2025/xu2025_cohort.kap\"", source ? source : ".");
  assert_int_equal(command_execute(fixture->session, text_string(&line), NULL, &report, &error), STATUS_OK);
  report_clear(&report);
  text_clear(&line);
  fixture->explorer = explorer_new(fixture->session, NULL, CHARSET_BOX);
  explorer_tour(fixture->explorer);
  *state = fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  explorer_free(fixture->explorer);
  session_free(fixture->session);
  free(fixture);
  return 0;
}

static void draw(struct explorer *explorer, size_t rows, size_t columns)
{
  struct frame frame;
  frame_init(&frame, rows, columns);
  explorer_draw(explorer, &frame);
  assert_true(frame.cursor_row < rows);
  frame_clear(&frame);
}

/* Presses a key, or answers the prompt; then the step (from 1) is `step`. */
static void press(struct fixture *fixture, uint32_t code, const char *answer, size_t step)
{
  const struct key key = {.code = code};
  explorer_key(fixture->explorer, &key);
  if (answer)
    explorer_prompt_done(fixture->explorer, answer);
  draw(fixture->explorer, 24, 80);
  if (fixture->explorer->tutorial.step + 1 != step)
    fail_msg("after %c the tour is at step %zu, not %zu", (int)code, fixture->explorer->tutorial.step + 1, step);
}

static void test_the_tour(void **state)
{
  struct fixture *fixture = *state;
  draw(fixture->explorer, 24, 80);
  press(fixture, 'v', NULL, 1);
  press(fixture, 'j', NULL, 2);
  press(fixture, '/', "surgery", 3);
  press(fixture, 'b', NULL, 4);
  press(fixture, KEYS_ENTER, NULL, 4);
  press(fixture, 'j', NULL, 5);
  press(fixture, KEYS_ENTER, NULL, 6);
  press(fixture, ':', "filter off", 7);
  press(fixture, 'i', NULL, 8);
  press(fixture, 'x', NULL, 8);
  press(fixture, 'l', NULL, 9);
  press(fixture, '\\', "age < 60", 10);
  press(fixture, 'u', NULL, 11);
  press(fixture, '/', "surgery", 11);
  press(fixture, 'c', NULL, 12);
  press(fixture, 'j', NULL, 12);
  press(fixture, 'r', NULL, 13);
  press(fixture, '/', "age", 13);
  press(fixture, ']', NULL, 14);
  press(fixture, '3', NULL, 15);
  press(fixture, '1', NULL, 15);
  press(fixture, 'u', NULL, 16);
  press(fixture, ':', "km grade", 17);
  press(fixture, 'D', NULL, 18);
  session_mark_saved(fixture->session);
  press(fixture, 'j', NULL, 19);
}

static void test_back_skip_off(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, KEYS_BACKSPACE, NULL, 1);
  press(fixture, ':', "tutorial skip", 2);
  press(fixture, '/', "surgery", 3);
  press(fixture, KEYS_BACKSPACE, NULL, 2); /* it is done, and stays on view until it is done again */
  press(fixture, 'g', NULL, 2);
  press(fixture, '/', "surgery", 3);
  press(fixture, ':', "tutorial back", 2);
  for (size_t step = 3; tutorial_instruction(step - 1); step++)
    press(fixture, ':', "tutorial skip", step);
  press(fixture, ':', "tutorial off", fixture->explorer->tutorial.step + 1);
  assert_false(fixture->explorer->tutorial.open);
  press(fixture, ':', "tutorial", 1);
  assert_true(fixture->explorer->tutorial.open);
}

static void test_it_fits(void **state)
{
  struct fixture *fixture = *state;
  for (size_t i = 0; tutorial_instruction(i); i++)
    if (paint_wrapped_rows(tutorial_instruction(i), 79) > 2)
      fail_msg("step %zu takes more than two lines", i + 1);
  for (size_t rows = 1; rows < 30; rows++)
    for (size_t columns = 1; columns < 100; columns += 7)
      draw(fixture->explorer, rows, columns);
}

static void test_it_is_of_the_sample_only(void **state)
{
  (void)state;
  struct session *session = session_new();
  struct explorer *explorer = explorer_new(session, NULL, CHARSET_ASCII);
  explorer_tour(explorer);
  assert_false(explorer->tutorial.open);
  assert_non_null(strstr(explorer->message, "kaplan --tutorial"));
  explorer_free(explorer);
  session_free(session);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_the_tour, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_back_skip_off, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_it_fits, set_up, tear_down),
      cmocka_unit_test(test_it_is_of_the_sample_only),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
