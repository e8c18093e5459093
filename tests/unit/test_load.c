/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "data/date.h"
#include "data/load.h"

struct scratch {
  char folder[64];
  char path[128];
};

static int set_up(void **state)
{
  struct scratch *scratch = calloc(1, sizeof *scratch);
  strcpy(scratch->folder, "/tmp/kaplan-load-XXXXXX");
  *state = scratch;
  return mkdtemp(scratch->folder) ? 0 : -1;
}

static int tear_down(void **state)
{
  struct scratch *scratch = *state;
  int failed = rmdir(scratch->folder); /* every test removes its files: nothing else may have appeared */
  free(scratch);
  return failed;
}

static const char *write_file(struct scratch *scratch, const char *name, const char *bytes)
{
  snprintf(scratch->path, sizeof scratch->path, "%s/%s", scratch->folder, name);
  FILE *file = fopen(scratch->path, "w");
  assert_non_null(file);
  fputs(bytes, file);
  fclose(file);
  return scratch->path;
}

static struct cohort *load(const char *path, struct load_report *report)
{
  struct error error = ERROR_INIT;
  struct cohort *cohort = NULL;
  if (cohort_load(path, NULL, NULL, &cohort, report, &error) != STATUS_OK)
    print_error("%s: %s\n", path, error.what);
  error_clear(&error);
  assert_non_null(cohort);
  return cohort;
}

static void assert_refused(const char *path, const char *what, const char *hint)
{
  struct error error = ERROR_INIT;
  struct load_report report = LOAD_REPORT_INIT;
  struct cohort *cohort = NULL;
  assert_int_equal(cohort_load(path, NULL, NULL, &cohort, &report, &error), STATUS_ERROR);
  assert_null(cohort);
  assert_non_null(strstr(error.what, what));
  assert_non_null(error.hint);
  assert_non_null(strstr(error.hint, hint));
  assert_string_equal(error.file, path);
  error_clear(&error);
  load_report_clear(&report);
}

static void endings_choose_the_reader(void **state)
{
  static const char *const names[] = {"a.csv", "a.CSV", "a.tsv", "a.tab", "a.txt", "a.b.Txt"};
  struct scratch *scratch = *state;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    struct load_report report = LOAD_REPORT_INIT;
    struct cohort *cohort = load(write_file(scratch, names[i], "x\ty\n1\ta\n"), &report);
    assert_int_equal(cohort->n_columns, 2);
    assert_int_equal(report.delimiter, '\t');
    cohort_release(cohort);
    load_report_clear(&report);
    unlink(scratch->path);
  }
}

static void other_formats_are_refused(void **state)
{
  struct scratch *scratch = *state;
  static const char *const cases[][2] = {{"a.sav", "SPSS"}, {"a.dta", "Stata"},     {"a.sas7bdat", "SAS"},
                                         {"a.xlsx", "CSV"}, {"a.csv.gz", "gunzip"}, {"a.parquet", "CSV"}};
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    assert_refused(write_file(scratch, cases[i][0], "x\n1\n"), "kaplan reads .csv, .tsv, .tab and .txt", cases[i][1]);
    unlink(scratch->path);
  }
  assert_refused(write_file(scratch, "noending", "x\n1\n"), "no ending", ".txt");
  unlink(scratch->path);
}

static void what_cannot_be_read(void **state)
{
  struct scratch *scratch = *state;
  assert_refused("/nonexistent/lung.csv", "there is no file \"/nonexistent/lung.csv\"", "spelling");
  assert_refused(scratch->folder, "is a directory", "file");
  write_file(scratch, "empty.csv", "");
  assert_refused(scratch->path, "empty", "first line");
  chmod(scratch->path, 0);
  if (geteuid() != 0) /* the superuser reads everything */
    assert_refused(scratch->path, "may not be read", "permission");
  unlink(scratch->path);
}

static void errors_name_the_file(void **state)
{
  struct scratch *scratch = *state;
  struct error error = ERROR_INIT;
  struct load_report report = LOAD_REPORT_INIT;
  struct cohort *cohort = NULL;
  write_file(scratch, "bad.csv", "a,b\n1,2\n3,\"4\n");
  assert_int_equal(cohort_load(scratch->path, NULL, NULL, &cohort, &report, &error), STATUS_ERROR);
  assert_string_equal(error.file, scratch->path);
  assert_int_equal(error.line, 3);
  assert_int_equal(error.column, 3);
  error_clear(&error);
  load_report_clear(&report);
  unlink(scratch->path);
}

/* Runs cohort_load() with `bytes` coming through a pipe on standard input. */
static void pipes_are_read(void **state)
{
  (void)state;
  static const char bytes[] = "a,b\n1,x\n2,y\n";
  int ends[2];
  char path[32];
  assert_int_equal(pipe(ends), 0);
  assert_int_equal(write(ends[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
  close(ends[1]);
  int saved = dup(STDIN_FILENO);
  dup2(ends[0], STDIN_FILENO);
  struct load_report report = LOAD_REPORT_INIT;
  struct cohort *cohort = load("-", &report);
  dup2(saved, STDIN_FILENO);
  close(saved);
  close(ends[0]);
  assert_int_equal(cohort->n_rows, 2);
  cohort_release(cohort);
  load_report_clear(&report);

  assert_int_equal(pipe(ends), 0); /* as the shell's <(…) gives it: a name without an ending */
  assert_int_equal(write(ends[1], bytes, strlen(bytes)), (ssize_t)strlen(bytes));
  close(ends[1]);
  snprintf(path, sizeof path, "/dev/fd/%d", ends[0]);
  cohort = load(path, &report);
  close(ends[0]);
  assert_int_equal(cohort->n_rows, 2);
  cohort_release(cohort);
  load_report_clear(&report);
}

static const char *source_path(const char *name, char *path, size_t size)
{
  const char *top = getenv("top_srcdir");
  snprintf(path, size, "%s/tests/reference/data/%s", top ? top : ".", name);
  return path;
}

static void lung_is_read(void **state)
{
  (void)state;
  char path[512];
  struct load_report report = LOAD_REPORT_INIT;
  struct cohort *cohort = load(source_path("lung.csv", path, sizeof path), &report);
  assert_int_equal(cohort->n_rows, 228);
  assert_int_equal(cohort->n_columns, 10);
  assert_int_equal(report.rows_kept, 228);
  assert_int_equal(report.n_warnings, 0);
  const struct column *sex = cohort_find_column(cohort, "sex"), *time = cohort_find_column(cohort, "time");
  const struct column *loss = cohort_find_column(cohort, "wt_loss");
  size_t n_women = 0, n_missing = 0;
  double total = 0;
  for (size_t row = 0; row < cohort->n_rows; row++) {
    n_women += column_code(sex, row) == column_find_level(sex, "female");
    n_missing += column_is_missing(loss, row);
    total += column_number(time, row);
  }
  assert_int_equal(n_women, 90);
  assert_int_equal(n_missing, 14);
  assert_true(total == 69593);
  cohort_release(cohort);
  load_report_clear(&report);
}

static void dates_are_read(void **state)
{
  (void)state;
  char path[512];
  struct load_report report = LOAD_REPORT_INIT;
  struct cohort *cohort = load(source_path("dates.csv", path, sizeof path), &report);
  const struct column *diagnosis = cohort_find_column(cohort, "diagnosis");
  assert_int_equal(diagnosis->kind, COLUMN_DATE);
  double days;
  assert_true(date_parse("2012-01-26", 10, &days));
  assert_true(column_number(diagnosis, 0) == days);
  cohort_release(cohort);
  load_report_clear(&report);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(endings_choose_the_reader, set_up, tear_down),
      cmocka_unit_test_setup_teardown(other_formats_are_refused, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_cannot_be_read, set_up, tear_down),
      cmocka_unit_test_setup_teardown(errors_name_the_file, set_up, tear_down),
      cmocka_unit_test(pipes_are_read),
      cmocka_unit_test(lung_is_read),
      cmocka_unit_test(dates_are_read),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
