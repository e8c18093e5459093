/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands from text to report, on the Xu sample: states, undo, errors with their places, results that follow the filter. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/text.h"
#include "session/session.h"
#include "verbs/execute.h"

static enum status run(struct session *session, const char *line, struct report *report, struct error *error)
{
  report_clear(report);
  error_clear(error);
  return command_execute(session, line, NULL, report, error);
}

struct fixture {
  struct session *session;
  struct report report;
  struct error error;
};

static void must(struct fixture *fixture, const char *line)
{
  if (run(fixture->session, line, &fixture->report, &fixture->error))
    fail_msg("%s: %s", line, fixture->error.what);
}

static void must_fail(struct fixture *fixture, const char *line, const char *what, const char *hint)
{
  assert_int_equal(run(fixture->session, line, &fixture->report, &fixture->error), STATUS_ERROR);
  if (!strstr(fixture->error.what, what))
    fail_msg("%s: the error is \"%s\", not \"%s\"", line, fixture->error.what, what);
  if (hint && (!fixture->error.hint || !strstr(fixture->error.hint, hint)))
    fail_msg("%s: the hint is \"%s\", not \"%s\"", line, fixture->error.hint ? fixture->error.hint : "", hint);
}

static const struct state *state_of(const struct fixture *fixture)
{
  return session_state(fixture->session);
}

static double number_at(const struct fixture *fixture, const char *id, size_t row, const char *column)
{
  const struct table *table = report_find_table(&fixture->report, id);
  assert_non_null(table);
  for (size_t c = 0; c < table->n_columns; c++)
    if (strcmp(table->columns[c], column) == 0) {
      const struct cell *cell = table_cell(table, row, c);
      return cell->kind == CELL_NUMBER ? cell->as.number : (double)NAN;
    }
  fail_msg("%s has no column %s", id, column);
  return NAN;
}

static int set_up(void **state)
{
  struct fixture *fixture = calloc(1, sizeof *fixture);
  struct text line = TEXT_INIT;
  const char *source = getenv("top_srcdir");
  fixture->session = session_new();
  text_append_format(&line, "load \"%s/samples/xu2025/xu2025.csv\"", source ? source : ".");
  must(fixture, text_string(&line));
  text_clear(&line);
  must(fixture, "drop if hm_timing == \"metachronous\", because=\"metachronous\"");
  must(fixture, "drop if pathology_stage == \"unknown\"");
  must(fixture, "drop if surgery == \"HR\"");
  must(fixture, "drop if perioperative_death == \"yes\"");
  must(fixture, "endpoint os = Surv(os_months, death == 1)");
  must(fixture, "levels surgery NR PR PHR");
  *state = fixture;
  return 0;
}

static int tear_down(void **state)
{
  struct fixture *fixture = *state;
  session_free(fixture->session);
  report_clear(&fixture->report);
  error_clear(&fixture->error);
  free(fixture);
  return 0;
}

static void test_cohort_is_the_paper_s(void **state)
{
  struct fixture *fixture = *state;
  assert_int_equal(state_of(fixture)->members->count, 163);
  must(fixture, "flow");
  assert_float_equal(number_at(fixture, "flow", 0, "kept"), 228, 0);
  assert_float_equal(number_at(fixture, "flow", 1, "excluded"), 51, 0);
  assert_float_equal(number_at(fixture, "flow", 4, "kept"), 163, 0);
  must(fixture, "km");
  assert_float_equal(number_at(fixture, "km_summary", 0, "events"), 63, 0);
  assert_float_equal(number_at(fixture, "km_summary", 0, "median"), 69, 0);
  must(fixture, "km surgery");
  assert_float_equal(number_at(fixture, "km_summary", 0, "median"), 32, 0);
  assert_float_equal(number_at(fixture, "km_summary", 2, "median"), 122, 0);
}

static void test_filter_narrows_every_analysis(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "filter grade != \"NEC\" & extrahepatic_metastasis == \"no\" & primary_site == \"body/tail\"");
  assert_int_equal(state_of(fixture)->on_view->count, 86);
  must(fixture, "logrank surgery");
  assert_float_equal(number_at(fixture, "logrank", 0, "p_value"), 0.045, 0.0005);
  must(fixture, "filter off");
  assert_int_equal(state_of(fixture)->on_view->count, 163);
  assert_null(state_of(fixture)->filter);
}

static void test_filter_is_kept_in_its_canonical_form(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "filter (age>60)&sex==\"male\"");
  assert_string_equal(state_of(fixture)->filter, "age > 60 & sex == \"male\"");
}

static void test_undo_and_redo(void **state)
{
  struct fixture *fixture = *state;
  const struct state *before = state_of(fixture);
  must(fixture, "filter age > 60");
  const struct state *after = state_of(fixture);
  assert_ptr_not_equal(before, after);
  must(fixture, "undo");
  assert_ptr_equal(state_of(fixture), before);
  must(fixture, "redo");
  assert_ptr_equal(state_of(fixture), after);
  must(fixture, "undo");
  must(fixture, "filter age > 50");
  must_fail(fixture, "redo", "nothing to redo", NULL);
  must(fixture, "undo 1000000"); /* as far as it goes */
  must_fail(fixture, "undo 1", "nothing", NULL);
  must_fail(fixture, "undo twice", "number of steps", NULL);
}

static void test_undo_to_the_beginning(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "undo 100");
  assert_null(state_of(fixture)->cohort);
  must_fail(fixture, "undo", "nothing to undo", "beginning");
  must_fail(fixture, "km", "needs a cohort", "load");
  must(fixture, "redo 100");
  assert_int_equal(state_of(fixture)->members->count, 163);
}

static void test_failing_commands_change_nothing(void **state)
{
  struct fixture *fixture = *state;
  const struct state *before = state_of(fixture);
  must_fail(fixture, "filter agee > 3", "no column agee", "age");
  assert_true(fixture->error.has_range);
  assert_int_equal(fixture->error.start, 7);
  assert_int_equal(fixture->error.length, 4);
  must_fail(fixture, "kmm surgery", "no command kmm", "km");
  must_fail(fixture, "km surgry", "no column surgry", "surgery");
  must_fail(fixture, "cox age + grade, ties=foo", "ties= cannot be foo", "efron");
  must_fail(fixture, "endpoint x = Surv(os_months, surgery)", "no yes-or-no", "death == 1");
  must_fail(fixture, "endpoint x = Surv(os_months, ki67_percent)", "neither 0 nor 1", "==");
  must_fail(fixture, "endpoint x = Surv(os_months)", "NAME = Surv", NULL);
  must_fail(fixture, "levels surgery NO PR", "no level NO", "its levels are");
  must_fail(fixture, "cox ref(grade, \"G9\")", "no level \"G9\"", "G1");
  must_fail(fixture, "use dfs", "no endpoint dfs", "os");
  must_fail(fixture, "set conf=foo", "cannot be set", "log-log");
  must_fail(fixture, "keep", "wants a condition", "keep if");
  must_fail(fixture, "drop if age", "no condition", NULL);
  must_fail(fixture, "logrank", "none is named", "logrank");
  assert_ptr_equal(state_of(fixture), before);
}

static void test_derive_replaces_and_everything_follows(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "derive t = months(dx_date, last_date)");
  must(fixture, "derive old = age > 60");
  must(fixture, "endpoint x = Surv(t, death == 1)");
  must(fixture, "filter old == 1");
  size_t older = state_of(fixture)->on_view->count;
  must(fixture, "km");
  double months = number_at(fixture, "km_summary", 0, "rmean");
  must(fixture, "derive t = days(dx_date, last_date)");
  must(fixture, "km");
  assert_true(fabs(number_at(fixture, "km_summary", 0, "rmean") / months - 30.4375) < 1e-9);
  must(fixture, "derive old = age > 200");
  assert_true(older > 0);
  assert_int_equal(state_of(fixture)->on_view->count, 0);
  must(fixture, "km surgery");
  must(fixture, "logrank surgery, pairwise=holm trend");
  must(fixture, "cox age + surgery");
  assert_true(fixture->report.n_warnings > 0);
}

static void test_unknown_conditions_are_told(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "keep if primary_diameter_mm > 0");
  assert_int_equal(state_of(fixture)->members->count, 152); /* 11 of the 163 are missing */
  assert_int_equal(fixture->report.n_warnings, 1);
  assert_non_null(strstr(fixture->report.warnings[0], "11"));
  must(fixture, "undo");
  must(fixture, "drop if primary_diameter_mm > 0");
  assert_int_equal(state_of(fixture)->members->count, 11);
}

static void test_model_drops_and_counts_missing_rows(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "cox primary_diameter_mm + surgery");
  assert_int_equal(fixture->report.n, 163);
  assert_int_equal(fixture->report.used, 152);
  assert_int_equal(fixture->report.dropped, 11);
  assert_non_null(strstr(fixture->report.warnings[0], "11 of 163"));
  assert_string_equal(state_of(fixture)->model, "primary_diameter_mm + surgery");
  must(fixture, "cox");
  assert_float_equal(number_at(fixture, "cox_fit", 0, "n"), 152, 0);
}

static void test_model_findings_are_named(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "derive one = 1");
  must(fixture, "cox age + one");
  assert_non_null(strstr(fixture->report.warnings[0], "one"));
  must(fixture, "derive flag = if(patient_id == \"XU-001\" | patient_id == \"XU-004\", 1, 0)");
  must(fixture, "derive never = if(death == 1, 1, 0)");
  must(fixture, "cox never");
  assert_true(fixture->report.n_warnings > 0);
  assert_non_null(strstr(fixture->report.warnings[0], "never"));
  must(fixture, "filter grade == \"NEC\"");
  must(fixture, "cox age + grade");
  assert_non_null(strstr(fixture->report.warnings[0], "one value"));
  must(fixture, "filter surgery != \"NR\"");
  must(fixture, "cox surgery");
  assert_non_null(strstr(fixture->report.warnings[0], "NR"));
}

static void test_frequencies_must_be_whole(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "derive w = 1.5");
  must_fail(fixture, "cox age, freq=w", "no frequency", "weights=");
  must_fail(fixture, "cox age, freq=w weights=w", "both", NULL);
  must(fixture, "derive w = -1");
  must_fail(fixture, "cox age, weights=w", "no weight", NULL);
}

static void test_labels_are_shown_and_names_kept(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "label surgery NR \"No resection\"");
  must(fixture, "km surgery");
  assert_string_equal(table_cell(report_find_table(&fixture->report, "km_summary"), 0, 0)->as.text, "surgery=NR");
  bool found = false;
  for (size_t i = 0; i < fixture->report.n_items; i++)
    if (fixture->report.items[i].kind == ITEM_PRINTED)
      found |= strcmp(fixture->report.items[i].as.printed->rows[0].cells[0], "No resection") == 0;
  assert_true(found);
}

static void test_script_of_the_session(void **state)
{
  struct fixture *fixture = *state;
  must(fixture, "filter age > 60");
  must(fixture, "undo");
  must(fixture, "km surgery");
  assert_true(session_is_unsaved(fixture->session));
  struct text script = TEXT_INIT;
  session_append_script(fixture->session, &script);
  assert_null(strstr(text_string(&script), "filter age"));
  assert_non_null(strstr(text_string(&script), "km surgery\n"));
  text_clear(&script);
  session_mark_saved(fixture->session);
  assert_false(session_is_unsaved(fixture->session));
  must(fixture, "undo");
  assert_true(session_is_unsaved(fixture->session));
  must(fixture, "redo");
  assert_false(session_is_unsaved(fixture->session));
}

/* A fresh directory for what a test writes; removed by the caller. */
static char *make_directory(void)
{
  char *directory = strdup("/tmp/kaplan-test-XXXXXX");
  assert_non_null(mkdtemp(directory));
  return directory;
}

static void test_save_source_and_export(void **state)
{
  struct fixture *fixture = *state;
  char *directory = make_directory(), line[512], path[256];
  must(fixture, "km surgery");
  snprintf(path, sizeof path, "%s/work.kap", directory);
  snprintf(line, sizeof line, "save \"%s\"", path);
  must(fixture, line);
  must_fail(fixture, line, "there already", "replace");
  snprintf(line, sizeof line, "save \"%s\", replace", path);
  must(fixture, line);
  struct session *other = session_new();
  struct session *first = fixture->session;
  fixture->session = other;
  snprintf(line, sizeof line, "source \"%s\"", path);
  must(fixture, line);
  assert_int_equal(state_of(fixture)->members->count, 163);
  assert_int_equal(state_of(fixture)->n_groups, 1);
  session_free(other);
  fixture->session = first;
  unlink(path);
  snprintf(path, sizeof path, "%s/km.svg", directory);
  snprintf(line, sizeof line, "export \"%s\"", path);
  must(fixture, line);
  must_fail(fixture, line, "there already", "replace");
  unlink(path);
  must(fixture, "cox age");
  snprintf(path, sizeof path, "%s/cox.csv", directory);
  snprintf(line, sizeof line, "export \"%s\", table=cox_terms", path);
  must(fixture, line);
  unlink(path);
  snprintf(line, sizeof line, "export \"%s\", table=nothing", path);
  must_fail(fixture, line, "no table nothing", "cox_terms");
  snprintf(line, sizeof line, "export \"%s/x.doc\"", directory);
  must_fail(fixture, line, "names no format", ".svg");
  rmdir(directory);
  free(directory);
}

static void test_secure_mode_writes_and_opens_nothing(void **state)
{
  struct fixture *fixture = *state;
  session_set_secure(fixture->session, true);
  must_fail(fixture, "save \"x.kap\"", "secure", NULL);
  must_fail(fixture, "export \"x.svg\"", "secure", NULL);
  must_fail(fixture, "source \"x.kap\"", "secure", NULL);
  must_fail(fixture, "load \"x.csv\"", "secure", NULL);
  must(fixture, "km surgery");
}

static void test_examples_of_every_verb_parse(void **state)
{
  (void)state;
  struct error error = ERROR_INIT;
  assert_int_equal(command_check("", &error), STATUS_OK);
  assert_int_equal(command_check("# a comment", &error), STATUS_OK);
  assert_int_equal(command_check("km surgery, at=12,36 conf=log-log tau=60", &error), STATUS_OK);
  assert_int_equal(command_check("km surgery, ad=12", &error), STATUS_ERROR);
  error_clear(&error);
}

/* A command in a fork, as the screen's jobs run it, and what the session takes over of it. */
static void test_a_fork_is_taken_over_where_the_state_stands(void **state)
{
  struct fixture *fixture = *state;
  const struct state *before = state_of(fixture);
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  struct session *fork = session_fork(fixture->session);
  assert_int_equal(command_execute(fork, "stepwise age + sex", NULL, &report, &error), STATUS_OK);
  assert_ptr_equal(state_of(fixture), before);
  const size_t log = session_log_count(fixture->session);
  assert_int_equal(session_log_count(fork), log + 1); /* a fork knows what was done before it */
  assert_true(session_adopt(fixture->session, fork, false));
  assert_non_null(state_of(fixture)->model);
  assert_int_equal(session_log_count(fixture->session), log + 1);
  assert_string_equal(session_last_analysis(fixture->session), "stepwise age + sex");
  session_free(fork);
  must(fixture, "undo");
  assert_ptr_equal(state_of(fixture), before);

  fork = session_fork(fixture->session);
  must(fixture, "filter age > 60");
  report_clear(&report);
  assert_int_equal(command_execute(fork, "stepwise age + sex", NULL, &report, &error), STATUS_OK);
  assert_false(session_adopt(fixture->session, fork, false));
  assert_null(state_of(fixture)->model);
  assert_non_null(state_of(fixture)->filter);
  assert_true(session_adopt(fixture->session, fork, true));
  assert_null(state_of(fixture)->filter);
  session_free(fork);
  report_clear(&report);
}

/* What a screen asks before it starts a job; the log tells how far each command went in the steps of undo. */
static void test_a_report_is_long_and_may_fail_at_once(void **state)
{
  struct fixture *fixture = *state;
  bool shows_more;
  assert_int_equal(command_pace("report \"x.html\"", &shows_more), COMMAND_LONG);
  assert_false(command_fails_at_once(fixture->session, "report \"x.html\""));
  assert_true(command_fails_at_once(fixture->session, "report \"x.pdf\""));
  assert_true(command_fails_at_once(fixture->session, "report \"a.html\" \"b.html\""));
  assert_false(command_fails_at_once(fixture->session, "km sex"));
  assert_false(command_is_journalled("report \"x.html\""));
  assert_true(command_is_journalled("heading \"Words\""));
  assert_true(command_is_journalled("by sex: km"));
  must(fixture, "filter age > 60");
  const size_t n = session_log_count(fixture->session);
  assert_int_equal(session_log_entry(fixture->session, n - 1)->steps, 1);
  must(fixture, "table1 sex");
  assert_int_equal(session_log_entry(fixture->session, n)->steps, 0);
  must(fixture, "undo");
  assert_int_equal(session_log_entry(fixture->session, n + 1)->steps, -1);
}

/* What a command changes without what it computes; a step that proves impossible goes for good. */
static void test_applied_commands_change_the_state_alone(void **state)
{
  struct fixture *fixture = *state;
  bool shows_more;
  assert_int_equal(command_pace("km surgery", &shows_more), COMMAND_APPLIED);
  assert_false(shows_more);
  assert_int_equal(command_pace("km surgery, at=12", &shows_more), COMMAND_APPLIED);
  assert_true(shows_more);
  assert_int_equal(command_pace("cox age", &shows_more), COMMAND_APPLIED);
  assert_int_equal(command_pace("validate", &shows_more), COMMAND_LONG);
  assert_int_equal(command_pace("by sex: km", &shows_more), COMMAND_LONG);
  assert_int_equal(command_pace("stepwise age", &shows_more), COMMAND_CHANGING);
  assert_int_equal(command_pace("load \"x.csv\"", &shows_more), COMMAND_CHANGING);
  assert_int_equal(command_pace("filter age > 60", &shows_more), COMMAND_IMMEDIATE);
  assert_int_equal(command_pace("no such verb", &shows_more), COMMAND_IMMEDIATE);

  assert_int_equal(command_apply(fixture->session, "km sex", &fixture->error), STATUS_OK);
  assert_string_equal(state_of(fixture)->groups[0], "sex");
  assert_int_equal(command_apply(fixture->session, "km nobody", &fixture->error), STATUS_ERROR);
  error_clear(&fixture->error);
  assert_int_equal(command_apply(fixture->session, "cox age + nobody", &fixture->error), STATUS_ERROR);
  error_clear(&fixture->error);
  const struct state *before = state_of(fixture);
  assert_int_equal(command_apply(fixture->session, "cox age + sex", &fixture->error), STATUS_OK);
  assert_string_equal(state_of(fixture)->model, "age + sex");
  session_withdraw(fixture->session, "no events");
  assert_ptr_equal(state_of(fixture), before);
  const struct log_entry *entry = session_log_entry(fixture->session, session_log_count(fixture->session) - 1);
  assert_true(entry->failed);
  assert_string_equal(entry->message, "no events");
  const char *line;
  assert_false(session_redo(fixture->session, &line));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_cohort_is_the_paper_s, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_filter_narrows_every_analysis, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_filter_is_kept_in_its_canonical_form, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_undo_and_redo, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_undo_to_the_beginning, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_failing_commands_change_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_derive_replaces_and_everything_follows, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_unknown_conditions_are_told, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_model_drops_and_counts_missing_rows, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_model_findings_are_named, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_frequencies_must_be_whole, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_labels_are_shown_and_names_kept, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_script_of_the_session, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_save_source_and_export, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_secure_mode_writes_and_opens_nothing, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_fork_is_taken_over_where_the_state_stands, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_report_is_long_and_may_fail_at_once, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_applied_commands_change_the_state_alone, set_up, tear_down),
      cmocka_unit_test(test_examples_of_every_verb_parse),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
