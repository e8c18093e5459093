/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys change is a line of the log; so many steps taken back are the session as it was, and forth again as it had
 * become; the log run again is the same screen.  Keys are found without a function key, and one that does nothing says
 * why. */
#include "explorer_case.h"
#include "ui/explorer_internal.h"
#include "ui/keymap.h"

enum { STEPS = 150, MOST_LINES = 400 };

/* A change of each kind in turn. */
static void change(struct fixture *fixture, int i)
{
  static const char *const kinds[] = {"filter age > %d",           "set xlim=0,%d",
                                      "cox age + sex if age > %d", "filter age < %d",
                                      "derive extra%d = age * 2",  "km sex if age > %d"};
  struct text line = TEXT_INIT;
  const char *format = kinds[i % 6], *slot = strstr(format, "%d");
  text_append_format(&line, "%.*s%d%s", (int)(slot - format), format, 30 + i, slot + 2);
  explorer_run(fixture->explorer, text_string(&line));
  text_clear(&line);
}

static void back_and_forth(struct fixture *fixture, uint32_t key, int n)
{
  for (int i = 0; i < n; i++)
    press(fixture, key);
}

/* The frame without the line of messages. */
static char *view_of(struct fixture *fixture)
{
  explorer_run(fixture->explorer, "");
  press(fixture, 'j');
  press(fixture, 'k');
  char *shown = screen(fixture->explorer, 30, 100, true);
  return shown;
}

static void test_a_hundred_steps_back_and_forth(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, KEYS_BACK_TAB);
  char *before = view_of(fixture);
  const struct state *first = session_state(fixture->session);
  int steps = 0;
  for (int i = 0; i < STEPS; i++) {
    const struct state *last = session_state(fixture->session);
    change(fixture, i);
    steps += session_state(fixture->session) != last; /* what is asked for twice is no step */
  }
  assert_true(steps >= 100);
  char *after = view_of(fixture);
  assert_string_not_equal(before, after);
  back_and_forth(fixture, 'u', steps);
  assert_ptr_equal(session_state(fixture->session), first);
  char *again = view_of(fixture);
  assert_string_equal(again, before);
  free(again);
  back_and_forth(fixture, KEYS_CTRL_R, steps);
  again = view_of(fixture);
  assert_string_equal(again, after);
  free(again);
  free(before);
  free(after);
}

/* Every key that can be pressed in every view: when the state is another one, a line of the log says how; undo and
 * redo, which move among states that have theirs, are lines, too. */
static void test_what_changes_the_state_is_logged(void **state)
{
  struct fixture *fixture = *state;
  size_t n_changes = 0;
  for (uint32_t view = '1'; view <= '8'; view++)
    for (uint32_t code = ' '; code < KEYS_F12; code = code == 126 ? KEYS_UP : code + 1) {
      press(fixture, KEYS_ESCAPE);
      press(fixture, view);
      if (code % 2)
        press(fixture, KEYS_BACK_TAB);
      draw(fixture->explorer, 24, 80);
      const struct state *before = session_state(fixture->session);
      const size_t n_lines = session_log_count(fixture->session);
      if (press(fixture, code) == WISH_PROMPT) {
        explorer_prompt_done(fixture->explorer, NULL);
        continue;
      }
      if (session_state(fixture->session) == before)
        continue;
      n_changes++;
      if (session_log_count(fixture->session) <= n_lines)
        fail_msg("key %u in view %c changes the state without a command", (unsigned)code, (int)view);
    }
  assert_true(n_changes > 30);
}

/* The log of a session of random keys, run in a session of its own, shows the same. */
static void test_the_log_replayed_is_the_same(void **state)
{
  static const char keys[] = "jjj bcjkIq\rar][itmf+-_yuju";
  struct fixture *fixture = *state;
  uint64_t seed = 3;
  press(fixture, KEYS_BACK_TAB);
  for (int i = 0; i < MOST_LINES; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    if (press(fixture, (unsigned char)keys[(seed >> 33) % (sizeof keys - 1)]) == WISH_PROMPT)
      explorer_prompt_done(fixture->explorer, NULL);
    if (i % 20 == 0)
      draw(fixture->explorer, 24, 80);
  }
  struct session *session = session_new();
  struct text directory = TEXT_INIT;
  text_append_format(&directory, "%s/samples/xu2025", source_directory());
  session_set_directory(session, text_string(&directory));
  size_t n_run = 0;
  for (size_t i = 0; i < session_log_count(fixture->session); i++) {
    const struct log_entry *entry = session_log_entry(fixture->session, i);
    if (entry->failed || strncmp(entry->line, "source", 6) == 0)
      continue;
    run(session, entry->line);
    n_run++;
  }
  assert_true(n_run > 40);
  struct fixture *other = fixture_new(session, CHARSET_BOX);
  void *one = other;
  press(fixture, '1');
  press(other, '1');
  assert_int_equal(state_of(fixture)->on_view->count, state_of(other)->on_view->count);
  assert_true((state_of(fixture)->filter == NULL) == (state_of(other)->filter == NULL));
  if (state_of(fixture)->filter)
    assert_string_equal(state_of(fixture)->filter, state_of(other)->filter);
  assert_string_equal(state_of(fixture)->model ? state_of(fixture)->model : "",
                      state_of(other)->model ? state_of(other)->model : "");
  char *mine = explorer_plain_text(fixture->explorer, 80), *theirs = explorer_plain_text(other->explorer, 80);
  assert_string_equal(mine, theirs);
  free(mine);
  free(theirs);
  tear_down(&one);
  text_clear(&directory);
}

/* ---- keys are found ---- */

static bool is_plain(uint32_t code)
{
  return code && code < KEYS_NONE; /* letters, signs, control characters */
}

static bool is_arrow(uint32_t code)
{
  return (code >= KEYS_UP && code <= KEYS_PAGE_DOWN) || code == KEYS_BACK_TAB;
}

/* No binding is reached by a function key or the mouse alone; each is told by the help of the places where it holds. */
static void test_every_binding_is_reached_and_told(void **state)
{
  (void)state;
  for (const struct binding *binding = keymap; binding->act; binding++) {
    bool plain = false;
    for (size_t i = 0; i < sizeof binding->keys / sizeof *binding->keys; i++)
      plain |= is_plain(binding->keys[i]) || is_arrow(binding->keys[i]);
    for (const struct binding *other = keymap; other->act && !plain; other++)
      plain = other->act == binding->act && is_plain(other->keys[0]);
    if (!plain && binding->keys[0] != KEYS_F12) /* the mouse: `:mouse` */
      fail_msg("%s is reached by no plain key", binding->shown);
    for (unsigned context = 1; context < EVERYWHERE; context <<= 1) {
      if (!(binding->contexts & context))
        continue;
      char *help = keymap_help(context);
      if (!strstr(help, binding->help))
        fail_msg("the help of place %u does not tell \"%s\"", context, binding->help);
      free(help);
    }
  }
}

/* A key that means nothing here is answered, where it means something elsewhere. */
static void test_a_key_without_effect_says_so(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '3');
  for (const struct binding *binding = keymap; binding->act; binding++) {
    if (!is_plain(binding->keys[0]) || keymap_find(fixture->explorer, binding->keys[0]))
      continue;
    char *before = screen(fixture->explorer, 24, 80, false);
    press(fixture, binding->keys[0]);
    char *after = screen(fixture->explorer, 24, 80, false);
    char *elsewhere = keymap_elsewhere(keymap_context(fixture->explorer), binding->keys[0]);
    if (!elsewhere || strcmp(before, after) == 0)
      fail_msg("%s does nothing and says nothing", binding->shown);
    free(elsewhere);
    free(before);
    free(after);
    explorer_run(fixture->explorer, "");
    press(fixture, KEYS_ESCAPE);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_a_hundred_steps_back_and_forth, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_what_changes_the_state_is_logged, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_the_log_replayed_is_the_same, set_up_sample, tear_down),
      cmocka_unit_test(test_every_binding_is_reached_and_told),
      cmocka_unit_test_setup_teardown(test_a_key_without_effect_says_so, set_up_sample, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
