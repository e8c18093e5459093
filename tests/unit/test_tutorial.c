/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guided tour: it goes on when what it asks for is there, by whatever keys; back, skip, off; it fits its two lines. */
#include "explorer_case.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"

static int set_up(void **state)
{
  struct fixture *fixture = fixture_new(session_of_sample("xu2025_cohort.kap"), CHARSET_BOX);
  explorer_tour(fixture->explorer);
  *state = fixture;
  return 0;
}

/* Presses a key, or answers the prompt; then the step (from 1) is `step`. */
static void press_to(struct fixture *fixture, uint32_t code, const char *answer, size_t step)
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
  press_to(fixture, 'v', NULL, 1);
  press_to(fixture, 'j', NULL, 2);
  press_to(fixture, '/', "surgery", 3);
  press_to(fixture, 'b', NULL, 4);
  press_to(fixture, KEYS_ENTER, NULL, 4);
  press_to(fixture, 'j', NULL, 5);
  press_to(fixture, KEYS_ENTER, NULL, 6);
  press_to(fixture, ':', "filter off", 7);
  press_to(fixture, 'i', NULL, 8);
  press_to(fixture, 'x', NULL, 8);
  press_to(fixture, 'l', NULL, 9);
  press_to(fixture, '\\', "age < 60", 10);
  press_to(fixture, 'u', NULL, 11);
  press_to(fixture, '/', "surgery", 11);
  press_to(fixture, 'c', NULL, 12);
  press_to(fixture, 'j', NULL, 12);
  press_to(fixture, 'r', NULL, 13);
  press_to(fixture, '/', "age", 13);
  press_to(fixture, ']', NULL, 14);
  press_to(fixture, '3', NULL, 15);
  press_to(fixture, '1', NULL, 15);
  press_to(fixture, 'u', NULL, 16);
  press_to(fixture, ':', "km grade", 17);
  press_to(fixture, 'D', NULL, 18);
  session_mark_saved(fixture->session);
  press_to(fixture, 'j', NULL, 19);
}

static void test_back_skip_off(void **state)
{
  struct fixture *fixture = *state;
  press_to(fixture, KEYS_BACKSPACE, NULL, 1);
  press_to(fixture, ':', "tutorial skip", 2);
  press_to(fixture, '/', "surgery", 3);
  press_to(fixture, KEYS_BACKSPACE, NULL, 2); /* it is done, and stays on view until it is done again */
  press_to(fixture, 'g', NULL, 2);
  press_to(fixture, '/', "surgery", 3);
  press_to(fixture, ':', "tutorial back", 2);
  for (size_t step = 3; tutorial_instruction(step - 1); step++)
    press_to(fixture, ':', "tutorial skip", step);
  press_to(fixture, ':', "tutorial off", fixture->explorer->tutorial.step + 1);
  assert_false(fixture->explorer->tutorial.open);
  press_to(fixture, ':', "tutorial", 1);
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
