/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help: topics, words looked up, examples on the cohort that is loaded; the explorer's list of keys, searched; keys that do
 * nothing say where they do something. */
#include "session_case.h"
#include "ui/explorer_internal.h"
#include "ui/keymap.h"
#include "verbs/help.h"

static bool runs(struct session *session, const char *line)
{
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  const bool fine = !command_execute(session, line, NULL, &report, &error);
  if (!fine)
    print_message("%s: %s\n", line, error.what);
  report_clear(&report);
  error_clear(&error);
  return fine;
}

static void test_every_verb_has_a_topic(void **state)
{
  (void)state;
  for (size_t i = 0; verbs[i]; i++)
    if (strcmp(help_topic(verbs[i]), "Other") == 0)
      fail_msg("%s is listed under no topic", verbs[i]->syntax.name);
}

/* Each example that the help shows runs, and those of the common verbs are there. */
static size_t run_examples(struct session *session)
{
  size_t n = 0;
  for (size_t i = 0; verbs[i]; i++) {
    struct text line = TEXT_INIT;
    if (help_append_example(&line, verbs[i], session_state(session))) {
      struct session *fork = session_fork(session);
      n++;
      if (!runs(fork, text_string(&line)))
        fail_msg("the example of %s does not run: %s", verbs[i]->syntax.name, text_string(&line));
      session_free(fork);
    }
    text_clear(&line);
  }
  return n;
}

static void assert_example(struct session *session, const char *verb, const char *expected)
{
  struct text line = TEXT_INIT;
  help_append_example(&line, verb_find(verb, strlen(verb)), session_state(session));
  assert_string_equal(text_string(&line), expected);
  text_clear(&line);
}

static void test_examples_on_the_sample(void **state)
{
  (void)state;
  struct session *session = session_of_sample("demo.kap");
  assert_true(run_examples(session) >= 26);
  assert_example(session, "km", "km surgery, at=24");
  assert_example(session, "filter", "filter surgery == \"PHR\"");
  session_free(session);
}

static void test_examples_on_other_cohorts(void **state)
{
  (void)state;
  struct session *session = session_on("months,dead,\xe5\xb9\xb4\xe9\xbe\x84,the arm\n1,1,50,A\n2,0,60,B\n3,1,55,A\n4,0,70,B\n5,1,61,A\n");
  assert_example(session, "km", "");
  assert_example(session, "filter", "filter `the arm` == \"B\"");
  run_examples(session);
  assert_true(runs(session, "endpoint os = Surv(months, dead == 1)"));
  assert_example(session, "km", "km `the arm`, at=3");
  run_examples(session);
  assert_true(runs(session, "filter months > 99"));
  run_examples(session);
  session_free(session);
  session = session_on("a\n1\n");
  run_examples(session);
  session_free(session);
}

static void test_words_are_looked_up(void **state)
{
  (void)state;
  struct session *session = session_new();
  struct error error = ERROR_INIT;
  static const struct {
    const char *line, *verb;
  } found[] = {{"help landmark", "endpoint"}, {"help competing", "cif"}, {"help Bootstrap", "validate"}, {"help gehan", "logrank"}};
  for (size_t i = 0; i < sizeof found / sizeof *found; i++) {
    struct report report = REPORT_INIT;
    bool any = false;
    assert_int_equal(command_execute(session, found[i].line, NULL, &report, &error), STATUS_OK);
    assert_int_equal(report.n_tables, 1);
    for (size_t row = 0; row < table_n_rows(report.tables[0]); row++)
      any |= strcmp(table_cell(report.tables[0], row, 0)->as.text, found[i].verb) == 0;
    if (!any)
      fail_msg("%s does not find %s", found[i].line, found[i].verb);
    report_clear(&report);
  }
  struct report report = REPORT_INIT;
  assert_int_equal(command_execute(session, "help xyzzy", NULL, &report, &error), STATUS_ERROR);
  report_clear(&report);
  error_clear(&error);
  session_free(session);
}

/* ---- keys ---- */

static void press(struct explorer *explorer, uint32_t code)
{
  const struct key key = {.code = code};
  explorer_key(explorer, &key);
}

static void assert_row(struct explorer *explorer, const char *text)
{
  struct frame frame;
  struct text line = TEXT_INIT;
  frame_init(&frame, 24, 80);
  explorer_draw(explorer, &frame);
  canvas_append_row(&frame.canvas, frame.cursor_row, &line);
  if (!strstr(text_string(&line), text))
    fail_msg("the cursor is on \"%s\", not on %s", text_string(&line), text);
  text_clear(&line);
  frame_clear(&frame);
}

static void test_the_help_is_searched(void **state)
{
  (void)state;
  struct session *session = session_of_sample("demo.kap");
  struct explorer *explorer = explorer_new(session, NULL, CHARSET_BOX);
  press(explorer, '?');
  assert_row(explorer, "Here: curves");
  press(explorer, '/');
  explorer_prompt_changed(explorer, "/", "card", 4, NULL);
  explorer_prompt_done(explorer, "card");
  assert_row(explorer, "as a card");
  press(explorer, 'n');
  press(explorer, 'N');
  assert_row(explorer, "patient");
  press(explorer, '/');
  explorer_prompt_done(explorer, "no such word");
  assert_non_null(strstr(explorer->message, "not found here"));
  press(explorer, 'q');
  assert_null(explorer->overlay);
  explorer_free(explorer);
  session_free(session);
}

static void test_a_key_without_meaning_says_where_it_has_one(void **state)
{
  (void)state;
  struct session *session = session_of_sample("demo.kap");
  struct explorer *explorer = explorer_new(session, NULL, CHARSET_BOX);
  press(explorer, 'b');
  assert_string_equal(explorer->message,
                      "b does nothing here; in the variables (Tab): group the curves by this variable, or by none");
  press(explorer, 'C');
  assert_non_null(strstr(explorer->message, "in the data (7)"));
  press(explorer, 'Y');
  assert_non_null(strstr(explorer->message, "? shows the keys"));
  explorer_free(explorer);
  session_free(session);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_every_verb_has_a_topic),
      cmocka_unit_test(test_examples_on_the_sample),
      cmocka_unit_test(test_examples_on_other_cohorts),
      cmocka_unit_test(test_words_are_looked_up),
      cmocka_unit_test(test_the_help_is_searched),
      cmocka_unit_test(test_a_key_without_meaning_says_where_it_has_one),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
