/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What must not matter does not, in every analysis: the order of rows; where a covariate's zero is and its unit; whether
 * patients stand in rows of their own or are counted by a frequency. */
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

#include "base/memory.h"
#include "base/text.h"
#include "session/session.h"
#include "verbs/execute.h"

enum { MAX_LINES = 2000, MAX_CELLS = 16 };

/* ---- files made from a reference file ---- */

struct file {
  char *lines[MAX_LINES]; /* the header first */
  size_t n;
};

static void file_read(struct file *file, const char *name)
{
  const char *top = getenv("top_srcdir");
  char path[4096], line[4096];
  snprintf(path, sizeof path, "%s/tests/reference/data/%s", top ? top : ".", name);
  FILE *stream = fopen(path, "r");
  assert_non_null(stream);
  file->n = 0;
  while (fgets(line, sizeof line, stream)) {
    assert_true(file->n < MAX_LINES);
    file->lines[file->n++] = memory_copy_string(line);
  }
  fclose(stream);
}

static void file_clear(struct file *file)
{
  for (size_t i = 0; i < file->n; i++)
    free(file->lines[i]);
}

/* A new file in the folder for temporary ones; its path is the caller's to free, the file to unlink. */
static FILE *open_new(char **path)
{
  const char *folder = getenv("KAPLAN_TEST_TMP");
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s/identities.XXXXXX.csv", folder ? folder : "/tmp");
  *path = text_take(&text);
  const int descriptor = mkstemps(*path, 4);
  assert_true(descriptor >= 0);
  return fdopen(descriptor, "w");
}

/* The rows in another order: each step of 61 from the last, which meets every row of files whose length it does not divide. */
static char *write_shuffled(const struct file *file)
{
  char *path;
  FILE *stream = open_new(&path);
  const size_t n = file->n - 1;
  fputs(file->lines[0], stream);
  for (size_t i = 0; i < n; i++)
    fputs(file->lines[1 + i * 61 % n], stream);
  fclose(stream);
  return path;
}

static size_t find_cell(const struct file *file, const char *name)
{
  size_t cell = 0;
  for (const char *at = file->lines[0]; *at && *at != '\n'; cell++) {
    const size_t length = strcspn(at, ",\r\n");
    if (strlen(name) == length && strncmp(at, name, length) == 0)
      return cell;
    at += length + (at[length] == ',');
  }
  fail_msg("no column %s", name);
  return 0;
}

/* The cell as a number. */
static double cell_number(const char *line, size_t cell)
{
  while (cell--)
    line = strchr(line, ',') + 1;
  return strtod(line, NULL);
}

/* Each row as often as its column `name` says. */
static char *write_repeated(const struct file *file, const char *name)
{
  char *path;
  FILE *stream = open_new(&path);
  const size_t cell = find_cell(file, name);
  fputs(file->lines[0], stream);
  for (size_t i = 1; i < file->n; i++)
    for (double k = cell_number(file->lines[i], cell); k > 0; k--)
      fputs(file->lines[i], stream);
  fclose(stream);
  return path;
}

/* ---- sessions and tables ---- */

static struct session *open_session(const char *path, const char *endpoint, const char *const *more)
{
  struct session *session = session_new();
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  struct text line = TEXT_INIT;
  text_append_format(&line, "load \"%s\"", path);
  if (command_execute(session, text_string(&line), NULL, &report, &error) ||
      command_execute(session, endpoint, NULL, &report, &error))
    fail_msg("%s: %s", path, error.what);
  for (; more && *more; more++)
    if (command_execute(session, *more, NULL, &report, &error))
      fail_msg("%s: %s", *more, error.what);
  text_clear(&line);
  report_clear(&report);
  return session;
}

static char *data_path(const char *name)
{
  const char *top = getenv("top_srcdir");
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s/tests/reference/data/%s", top ? top : ".", name);
  return text_take(&text);
}

static void run(struct session *session, const char *line, struct report *report)
{
  struct error error = ERROR_INIT;
  report_clear(report);
  if (command_execute(session, line, NULL, report, &error))
    fail_msg("%s: %s", line, error.what);
}

static bool same_cell(const struct cell *a, const struct cell *b, double tolerance)
{
  if (a->kind != b->kind)
    return false;
  if (a->kind == CELL_NUMBER)
    return fabs(a->as.number - b->as.number) <= tolerance * fmax(fmax(fabs(a->as.number), fabs(b->as.number)), 1e-2);
  return a->kind != CELL_TEXT || strcmp(a->as.text, b->as.text) == 0;
}

/* Compares the columns named (NULL: all) of every table that both reports have. */
static void compare(const char *line, const struct report *a, const struct report *b, const char *const *columns,
                    double tolerance)
{
  for (size_t t = 0; t < a->n_tables; t++) {
    const struct table *left = a->tables[t], *right = report_find_table(b, left->id);
    if (strcmp(left->id, "zph_residuals") == 0)
      continue; /* a list of rows: events of one time stand in the order of the file */
    assert_non_null(right);
    if (table_n_rows(left) != table_n_rows(right))
      fail_msg("%s: %s has %zu rows and %zu", line, left->id, table_n_rows(left), table_n_rows(right));
    for (size_t c = 0; c < left->n_columns; c++) {
      bool wanted = !columns;
      for (const char *const *name = columns; name && *name; name++)
        wanted |= strcmp(*name, left->columns[c]) == 0;
      for (size_t row = 0; wanted && row < table_n_rows(left); row++)
        if (!same_cell(table_cell(left, row, c), table_cell(right, row, c), tolerance))
          fail_msg("%s: %s, row %zu, %s differs: %.17g, %.17g", line, left->id, row, left->columns[c],
                   table_cell(left, row, c)->as.number, table_cell(right, row, c)->as.number);
    }
  }
}

static void compare_all(struct session *a, struct session *b, const char *const *lines, const char *const *columns,
                        double tolerance)
{
  struct report left = REPORT_INIT, right = REPORT_INIT;
  for (; *lines; lines++) {
    run(a, *lines, &left);
    run(b, *lines, &right);
    compare(*lines, &left, &right, columns, tolerance);
  }
  report_clear(&left);
  report_clear(&right);
}

static void forget(char *path)
{
  unlink(path);
  free(path);
}

/* ---- the identities ---- */

static const char veteran_endpoint[] = "endpoint os = Surv(time, status == 1)";

static void test_order_of_rows(void **state)
{
  (void)state;
  static const char *const lines[] = {
      "km celltype, at=30,100 difference", "logrank celltype, pairwise=holm strata=prior trend", "logrank trt, test=wilcoxon,tarone,peto,fh(1,1)",
      "cox trt + celltype + karno + strata(prior)", "zph", "zph, transform=rank", "forest", "cox age * trt, ties=breslow robust",
      "cox trt + celltype, firth", "screen trt celltype karno age prior, p=0.1",
      "stepwise trt + celltype + karno + age + prior, direction=backward criterion=lr", "forest trt, over=celltype,prior",
      "rmst celltype, tau=200", "lifetable trt, width=50", "table1 celltype karno age prior, by=trt", "cutpoint karno",
      "cox celltype + karno + age", "nomogram, at=100", "predict celltype=large karno=60 age=50, at=30,100",
      "calibrate, at=100 groups=3 boot=0", "adjusted celltype, at=30,100",
      "propensity age karno celltype, treatment=trt treated=test", "by prior: cox karno + trt", NULL};
  struct file file;
  file_read(&file, "veteran.csv");
  char *path = write_shuffled(&file), *original = data_path("veteran.csv");
  struct session *a = open_session(original, veteran_endpoint, NULL), *b = open_session(path, veteran_endpoint, NULL);
  compare_all(a, b, lines, NULL, 1e-9);
  session_free(a);
  session_free(b);
  free(original);
  forget(path);
  file_clear(&file);
}

static void test_order_of_rows_with_competing_events(void **state)
{
  (void)state;
  static const char *const lines[] = {"cif trt", "gray stage", "gray trt, strata=sex", "finegray trt + age + bili", NULL};
  static const char endpoint[] = "endpoint death = Surv(time, status == 2), competing=status == 1";
  struct file file;
  file_read(&file, "pbc.csv");
  char *path = write_shuffled(&file), *original = data_path("pbc.csv");
  struct session *a = open_session(original, endpoint, NULL), *b = open_session(path, endpoint, NULL);
  compare_all(a, b, lines, NULL, 1e-9);
  session_free(a);
  session_free(b);
  free(original);
  forget(path);
  file_clear(&file);
}

/* A covariate 1e10 away, or in units 1e8 smaller, gives the same tests, and the same model of everything else. */
static void test_shift_and_scale(void **state)
{
  (void)state;
  static const char *const shifted[] = {"derive a = 1e10 + karno", "derive b = age * 1e8", NULL};
  static const char *const plain[] = {"derive a = karno", "derive b = age", NULL};
  static const char *const lines[] = {
      "cox trt + a + b", "zph", "cox a + b, ties=exact", "cox a + b, robust",
      "screen trt a b, p=0.5", "stepwise trt + a + b, direction=both criterion=aic", "forest b, over=prior", "cutpoint a",
      "finegray a + b", "propensity a b, treatment=trt treated=test", "residuals", "validate, boot=20", NULL};
  static const char *const columns[] = {"statistic",  "p_value",      "lr_statistic",   "wald_statistic", "score_statistic",
                                        "loglik",     "concordance",  "concordance_se", "df",             "aic",
                                        "p_lausen92", "smd_adjusted", "apparent",       "corrected",      NULL};
  char *path = data_path("veteran.csv");
  struct session *a = open_session(path, veteran_endpoint, plain), *b = open_session(path, veteran_endpoint, shifted);
  static const char *const penalised[] = {"cox a + b, firth", NULL}; /* its likelihood holds the units of beta */
  static const char *const its_columns[] = {"p_value", "lr_statistic", "concordance", NULL};
  compare_all(a, b, lines, columns, 1e-5); /* 1e10 + 60 keeps six digits of 60 */
  compare_all(a, b, penalised, its_columns, 1e-5);
  session_free(a);
  session_free(b);
  free(path);
}

static void compare_pair(struct session *a, const char *left_line, struct session *b, const char *right_line)
{
  struct report left = REPORT_INIT, right = REPORT_INIT;
  run(a, left_line, &left);
  run(b, right_line, &right);
  compare(left_line, &left, &right, NULL, 1e-9);
  report_clear(&left);
  report_clear(&right);
}

/* A frequency is that many rows: curves, models under all ties, their errors and concordance. */
static void test_frequency_is_replication(void **state)
{
  (void)state;
  static const char *const pairs[][2] = {
      {"km arm, weights=fw at=3,6", "km arm, at=3,6"},
      {"cox arm + marker, freq=fw", "cox arm + marker"},
      {"cox arm + marker, freq=fw ties=breslow", "cox arm + marker, ties=breslow"},
      {"cox arm + marker, freq=fw robust", "cox arm + marker, robust"},
      {"cox arm + marker, freq=fw firth", "cox arm + marker, firth"},
      {"finegray arm + marker, freq=fw", "finegray arm + marker"},
  };
  struct file file;
  file_read(&file, "ties.csv");
  char *path = write_repeated(&file, "fw"), *original = data_path("ties.csv");
  static const char endpoint[] = "endpoint os = Surv(time, status == 1)";
  struct session *a = open_session(original, endpoint, NULL), *b = open_session(path, endpoint, NULL);
  for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
    compare_pair(a, pairs[i][0], b, pairs[i][1]);
  session_free(a);
  session_free(b);
  free(original);
  forget(path);
  file_clear(&file);
}

/* Without censoring Kaplan–Meier is one minus the share of those who have died; a two-group score test without ties is
 * the log-rank test; without competing events incidence is one minus Kaplan–Meier and Fine–Gray is Cox with Breslow. */
static void test_known_equals(void **state)
{
  (void)state;
  char *path = data_path("veteran.csv");
  struct report left = REPORT_INIT, right = REPORT_INIT;
  struct session *session = open_session(path, "endpoint os = Surv(time, status >= 0)", NULL);
  run(session, "km", &left);
  const struct table *curve = report_find_table(&left, "km_curve");
  double dead = 0;
  for (size_t row = 0; row < table_n_rows(curve); row++) {
    dead += table_cell(curve, row, 3)->as.number;
    assert_true(fabs(table_cell(curve, row, 5)->as.number - (1 - dead / 137)) < 1e-12);
  }
  session_free(session);
  char *ovarian = data_path("ovarian.csv"); /* no two times are equal */
  session = open_session(ovarian, "endpoint os = Surv(futime, fustat == 1)", NULL);
  run(session, "logrank rx", &left);
  run(session, "cox rx", &right);
  const struct table *fit = report_find_table(&right, "cox_fit");
  assert_true(fabs(table_cell(report_find_table(&left, "logrank"), 0, 1)->as.number - table_cell(fit, 0, 10)->as.number) <
              1e-10);
  session_free(session);
  free(ovarian);
  session = open_session(path, veteran_endpoint, NULL);
  run(session, "finegray trt + age", &left);
  run(session, "cox trt + age, ties=breslow", &right);
  for (size_t row = 0; row < 2; row++)
    assert_true(fabs(table_cell(report_find_table(&left, "finegray_terms"), row, 2)->as.number -
                     table_cell(report_find_table(&right, "cox_terms"), row, 2)->as.number) < 1e-8);
  session_free(session);
  report_clear(&left);
  report_clear(&right);
  free(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_order_of_rows),
      cmocka_unit_test(test_order_of_rows_with_competing_events),
      cmocka_unit_test(test_shift_and_scale),
      cmocka_unit_test(test_frequency_is_replication),
      cmocka_unit_test(test_known_equals),
  };
  cmocka_set_message_output(CM_OUTPUT_TAP);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
