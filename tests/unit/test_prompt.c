/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt as the explorer sees it: what completes, what the line would do, what happens to a line that fails. */
#include <time.h>

#include "base/memory.h"
#include "explorer_case.h"
#include "ui/explorer_internal.h"

static const char patients[] = "months,dead,arm,stage,age,tumour size,\xe5\xb9\xb4\xe9\xbe\x84,o'dd\n"
                               "1,1,A,I,50,3,40,x\n2,0,B,II,60,4,41,y\n3,1,A,III b,55,5,42,x\n4,0,B,I,70,6,43,y\n"
                               "5,1,A,II,61,7,44,x\n6,1,B,III b,44,8,45,y\n";

static int set_up(void **state)
{
  struct session *session = session_on(patients);
  run(session, "endpoint os = Surv(months, dead == 1)");
  run(session, "endpoint pfs = Surv(months, dead == 0)");
  run(session, "branch \"early\" if stage == \"I\"");
  *state = fixture_new(session, CHARSET_BOX);
  return 0;
}

/* ---- completion ---- */

/* The words at the end of the line, cut as readline cuts them: in quotes from the quote on, else from the last break. */
static char **complete(struct fixture *fixture, const char *prefix, const char *line)
{
  size_t end = strlen(line), start = end;
  size_t quotes = 0, ticks = 0, quote = 0;
  for (size_t i = 0; i < end; i++) {
    if (line[i] == '"' && ticks % 2 == 0 && ++quotes % 2)
      quote = i + 1;
    if (line[i] == '`' && quotes % 2 == 0 && ++ticks % 2)
      quote = i + 1;
  }
  if (quotes % 2 || ticks % 2)
    start = quote;
  else
    while (start && !strchr(" \t,=()+*/^<>!&|:~", line[start - 1]))
      start--;
  explorer_prompt_changed(fixture->explorer, prefix, line, end, NULL);
  return explorer_complete(line, start, end, fixture->explorer);
}

static void assert_words(struct fixture *fixture, const char *prefix, const char *line, const char *expected)
{
  struct text found = TEXT_INIT;
  char **words = complete(fixture, prefix, line);
  for (size_t i = 0; words && words[i]; i++) {
    text_append_format(&found, "%s%s", i ? "|" : "", words[i]);
    free(words[i]);
  }
  free(words);
  if (strcmp(text_string(&found), expected) != 0)
    fail_msg("\"%s\" completes to %s, not %s", line, text_string(&found), expected);
  text_clear(&found);
}

static void test_what_can_come_next(void **state)
{
  struct fixture *fixture = *state;
  assert_words(fixture, ":", "ki", "");
  assert_words(fixture, ":", "tut", "tutorial");
  assert_words(fixture, ":", "table1 a", "arm|age|abs(");
  assert_words(fixture, ":", "km a", "arm|age|abs(");
  assert_words(fixture, ":", "km arm, c", "conf=");
  assert_words(fixture, ":", "km arm, conf=log", "log|log-log|logit");
  assert_words(fixture, ":", "km arm, conf=log d", "difference");
  assert_words(fixture, ":", "km arm, conf=log c", "");
  assert_words(fixture, ":", "zph, transform=", "km|rank|identity|log");
  assert_words(fixture, ":", "cox age + r", "ref(");
  assert_words(fixture, ":", "cox age + ref(st", "stage|strata(");
  assert_words(fixture, ":", "cox age + ref(stage, ", "\"I\"|\"II\"|\"III b\"");
  assert_words(fixture, ":", "cox age + ref(stage, \"III", "III b");
  assert_words(fixture, ":", "cox age, weights=ag", "age");
  assert_words(fixture, ":", "forest arm, over=stage,ag", "age");
  assert_words(fixture, ":", "table1 age, by=arm sh", "show=");
  assert_words(fixture, ":", "levels stage ", "I|II|\"III b\"");
  assert_words(fixture, ":", "levels stage II ", "I|\"III b\"");
  assert_words(fixture, ":", "use ", "os|pfs");
  assert_words(fixture, ":", "filter ear", "early");
  assert_words(fixture, "\\", "ear", "early");
  assert_words(fixture, "\\", "stage == ", "\"I\"|\"II\"|\"III b\"");
  assert_words(fixture, "\\", "stage in (\"I\", ", "\"I\"|\"II\"|\"III b\"");
  assert_words(fixture, "\\", "stage in (\"I\") & ag", "age");
  assert_words(fixture, ":", "keep i", "if");
  assert_words(fixture, ":", "keep if ar", "arm");
  assert_words(fixture, ":", "keep if arm == \"A\", ", "because=|stage=");
  assert_words(fixture, ":", "set cha", "charset=");
  assert_words(fixture, ":", "set charset=b", "box|braille");
  assert_words(fixture, ":", "set level=", "");
  assert_words(fixture, ":", "by arm: km st", "stage");
  assert_words(fixture, ":", "by ar", "arm");
  assert_words(fixture, ":", "help logr", "logrank");
  assert_words(fixture, ":", "help conv", "conventions");
  assert_words(fixture, ":", "propensity age, treatment=arm treated=", "\"A\"|\"B\"");
  assert_words(fixture, ":", "endpoint x = Surv(months, dead == 1), clock=", "reset|keep");
  assert_words(fixture, ":", "nothing x", "");
  assert_words(fixture, ":", "filter \"", "early");
}

/* Odd names complete in backticks, from their own beginning too; others as they are. */
static void test_odd_names(void **state)
{
  struct fixture *fixture = *state;
  assert_words(fixture, ":", "km tum", "`tumour size`");
  assert_words(fixture, ":", "km `tum", "tumour size");
  assert_words(fixture, ":", "km `tumour s", "tumour size");
  assert_words(fixture, ":", "km \xe5\xb9\xb4", "\xe5\xb9\xb4\xe9\xbe\x84");
  assert_words(fixture, ":", "km o'", "`o'dd`");
}

static void test_files(void **state)
{
  struct fixture *fixture = *state;
  char folder[] = "/tmp/kaplan-files-XXXXXX";
  struct error error = ERROR_INIT;
  struct text path = TEXT_INIT, line = TEXT_INIT, expected = TEXT_INIT;
  assert_non_null(mkdtemp(folder));
  text_append_format(&path, "%s/one two.csv", folder);
  assert_int_equal(file_write(text_string(&path), "a\n", 2, true, &error), STATUS_OK);
  text_append_format(&line, "load \"%s/one", folder);
  assert_words(fixture, ":", text_string(&line), text_string(&path));
  unlink(text_string(&path));
  rmdir(folder);
  text_clear(&path);
  text_clear(&line);
  text_clear(&expected);
}

/* 5,000 columns and 10,000 levels: fast, and what all words have in common is true although not all are offered. */
static void test_many_columns(void **state)
{
  (void)state;
  struct text data = TEXT_INIT;
  struct fixture fixture;
  for (int i = 0; i < 5000; i++)
    text_append_format(&data, "%sgene_%05d", i ? "," : "", i + 5000);
  text_append(&data, "\n");
  for (int i = 0; i < 5000; i++)
    text_append_format(&data, "%s%d", i ? "," : "", i);
  text_append(&data, "\n");
  fixture.session = session_on(text_string(&data));
  fixture.explorer = explorer_new(fixture.session, NULL, CHARSET_BOX);
  const char *line = "cox gene_05000 + gene_0";
  explorer_prompt_changed(fixture.explorer, ":", line, strlen(line), NULL);
  char **words = NULL;
  double seconds = 1; /* the best of a few: other work on the machine is not meant */
  for (int i = 0; i < 5; i++) {
    const clock_t before = clock();
    for (size_t k = 0; words && words[k]; k++)
      free(words[k]);
    free(words);
    words = explorer_complete(line, 17, strlen(line), fixture.explorer);
    const double now = (double)(clock() - before) / CLOCKS_PER_SEC;
    seconds = now < seconds ? now : seconds;
  }
  bool other = false;
  assert_non_null(words);
  for (size_t i = 0; words[i]; i++) {
    assert_memory_equal(words[i], "gene_0", 6);
    other |= words[i][6] != words[0][6];
  }
  for (size_t i = 0; words[i]; i++)
    free(words[i]);
  free(words);
  assert_true(other);
  if (seconds > 0.02)
    fail_msg("completion among 5,000 columns took %.0f ms", 1000 * seconds);
  explorer_free(fixture.explorer);
  session_free(fixture.session);
  text_clear(&data);
}

/* ---- hints ---- */

static void assert_hint(struct fixture *fixture, const char *prefix, const char *line, const char *expected)
{
  explorer_ask(fixture->explorer, prefix, "");
  explorer_prompt_changed(fixture->explorer, prefix, line, strlen(line), NULL);
  const char *hint = fixture->explorer->preview ? fixture->explorer->preview : "";
  if (strncmp(hint, expected, strlen(expected)) != 0)
    fail_msg("\"%s\" says \"%s\", not \"%s\"", line, hint, expected);
  explorer_prompt_done(fixture->explorer, NULL);
}

static void test_hints(void **state)
{
  struct fixture *fixture = *state;
  assert_hint(fixture, ":", "", "a command; Tab completes");
  assert_hint(fixture, ":", "l", "load  levels  label  list  logrank  lifetable");
  assert_hint(fixture, ":", "km", "km [VARIABLE");
  assert_hint(fixture, ":", "km arm, conf=l", "conf=log|plain|log-log|logit|arcsin  type of");
  assert_hint(fixture, ":", "km arm, conf=log ", "km [VARIABLE");
  assert_hint(fixture, ":", "filter age > 55", "keeps 3 of 6");
  assert_hint(fixture, ":", "filter early", "keeps 2 of 6");
  assert_hint(fixture, ":", "keep if age > 55", "keeps 3 of 6");
  assert_hint(fixture, ":", "drop if arm == \"A\", because=\"x\"", "keeps 3 of 6");
  assert_hint(fixture, ":", "drop if age >", "drop if EXPR");
  assert_hint(fixture, "\\", "stage == \"II\"", "keeps 2 of 6");
  assert_hint(fixture, "\\", "stge == \"II\"", "there is no column stge");
}

/* ---- mending ---- */

/* A line that fails keeps the prompt open: the line as it was, the cursor at the error's place, a caret under it. */
static void test_a_failed_line_is_not_lost(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  explorer_ask(explorer, ":", "");
  assert_int_equal(explorer_prompt_done(explorer, "km  ram, at=2"), WISH_PROMPT);
  assert_string_equal(explorer_prompt_text(explorer), "km  ram, at=2");
  assert_int_equal(explorer_prompt_point(explorer), 4);
  explorer_prompt_changed(explorer, ":", explorer_prompt_text(explorer), 4, NULL);
  char *shown = screen(explorer, 24, 80, false);
  assert_non_null(strstr(shown, "there is no column ram"));
  assert_non_null(strstr(shown, "\n:km  ram, at=2\n     ^^^\n"));
  free(shown);
  explorer_prompt_changed(explorer, ":", "km  arm, at=2", 4, NULL);
  shown = screen(explorer, 24, 80, false);
  assert_null(strstr(shown, "there is no column ram"));
  free(shown);
  assert_int_equal(explorer_prompt_done(explorer, "km  arm, at=2"), WISH_NONE);
  assert_null(explorer->failed_line);
}

static void test_a_failed_filter_is_not_lost(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  explorer_ask(explorer, "\\", "");
  assert_int_equal(explorer_prompt_done(explorer, "age > 50 & stge == \"I\""), WISH_PROMPT);
  assert_string_equal(explorer_prompt_prefix(explorer), "\\");
  assert_string_equal(explorer_prompt_text(explorer), "age > 50 & stge == \"I\"");
  assert_int_equal(explorer_prompt_point(explorer), 11);
  explorer_prompt_changed(explorer, "\\", explorer_prompt_text(explorer), 11, NULL);
  char *shown = screen(explorer, 24, 80, false);
  assert_non_null(strstr(shown, "\n            ^^^^\n"));
  free(shown);
  assert_int_equal(explorer_prompt_done(explorer, NULL), WISH_NONE);
  explorer_ask(explorer, "\\", "");
  assert_int_equal(explorer_prompt_done(explorer, "age > 50"), WISH_NONE);
  assert_string_equal(session_state(fixture->session)->filter, "age > 50");
}

/* Enter while the history is searched runs what a filter's prompt found as a filter. */
static void test_a_search_keeps_the_kind_of_prompt(void **state)
{
  struct fixture *fixture = *state;
  explorer_ask(fixture->explorer, "\\", "");
  explorer_prompt_changed(fixture->explorer, "(reverse-i-search)`ag': ", "age > 50", 0, NULL);
  explorer_prompt_done(fixture->explorer, "age > 50");
  assert_string_equal(session_state(fixture->session)->filter, "age > 50");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_what_can_come_next, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_odd_names, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_files, set_up, tear_down),
      cmocka_unit_test(test_many_columns),
      cmocka_unit_test_setup_teardown(test_hints, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_failed_line_is_not_lost, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_failed_filter_is_not_lost, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_search_keeps_the_kind_of_prompt, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
