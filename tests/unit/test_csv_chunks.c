/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A text that is cut into chunks gives what it gives uncut: columns to the last bit, levels in their order, warnings
 * with their lines, errors with their places; wherever it is cut, and whatever is in it. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include <cmocka.h>

#include "base/text.h"
#include "data/column_part.h"
#include "data/csv.h"

enum { UNCUT = 1 << 30 };

static void append_column(struct text *text, const struct column *column)
{
  text_append_format(text, "%s kind %d, %zu bytes:", column->name, (int)column->kind, column_width(column));
  for (size_t i = 0; i < column->n_levels; i++)
    text_append_format(text, " [%s]", column->levels[i].name);
  for (size_t row = 0; row < column_n_rows(column); row++) {
    if (column->kind == COLUMN_FACTOR)
      text_append_format(text, " %u", (unsigned)column_code(column, row));
    else
      text_append_format(text, " %a", column_number(column, row));
  }
  text_append(text, "\n");
}

/* All that reading a text gives, as one text. */
static char *read_cut(const char *bytes, size_t length, struct load_options options, size_t chunk_bytes)
{
  struct cohort *cohort = NULL;
  struct load_report report = LOAD_REPORT_INIT;
  struct error error = ERROR_INIT;
  struct text text = TEXT_INIT;
  const struct file_bytes file = {.bytes = bytes, .length = length};
  options.chunk_bytes = chunk_bytes;
  const enum status status = csv_read(&file, "test.csv", &options, NULL, &cohort, &report, &error);
  text_append_format(&text, "status %d\n", (int)status);
  if (status == STATUS_OK) {
    text_append_format(&text, "%zu read, %zu kept, %zu blank, delimiter %d\n", report.rows_read, report.rows_kept,
                       report.rows_blank, report.delimiter);
    for (size_t i = 0; i < cohort->n_columns; i++)
      append_column(&text, cohort->columns[i]);
    for (size_t i = 0; i < report.n_warnings; i++)
      text_append_format(&text, "warning: %s\n", report.warnings[i]);
  } else {
    text_append_format(&text, "%s %zu %zu: %s (%s)\n", error.file, error.line, error.column, error.what, error.hint);
  }
  cohort_release(cohort);
  load_report_clear(&report);
  error_clear(&error);
  return text_take(&text);
}

static void assert_cuts_equal(const char *string, struct load_options options, size_t step)
{
  const size_t length = strlen(string);
  char *bytes = malloc(length + 1); /* of exactly this size, so that the sanitizer sees a byte too far */
  assert_non_null(bytes);
  memcpy(bytes, string, length);
  bytes = realloc(bytes, length ? length : 1);
  assert_non_null(bytes);
  char *uncut = read_cut(bytes, length, options, UNCUT);
  for (size_t size = 1; size <= length + 1; size += step) {
    char *cut = read_cut(bytes, length, options, size);
    if (strcmp(cut, uncut) != 0)
      print_error("chunks of %zu bytes:\n%s\ninstead of\n%s\nof\n%s\n", size, cut, uncut, string);
    assert_string_equal(cut, uncut);
    free(cut);
  }
  free(uncut);
  free(bytes);
}

/* Cut at every place, since chunks have every size. */
static void assert_any_cut(const char *string)
{
  assert_cuts_equal(string, (struct load_options){.delimiter = 0}, 1);
}

static void plain_records_are_cut_anywhere(void **state)
{
  (void)state;
  assert_any_cut("id,age,sex,entry\n1,72,F,2020-02-29\n2,65.5,M,1999-12-31\n3,,NA,.\n4,7,F,2001-01-01\n");
  assert_any_cut("a,b\r\n1,x\r\n2,y\r\n\r\n3,z\r\n");
  assert_any_cut("a,b\r1,x\r\r2,y\r3,z");
  assert_any_cut("a,b\r\n1,x\n2,y\r3,z\n\r\n\r4,u");
  assert_any_cut("a\n\n\n1\n\n2\n");
  assert_any_cut("a,b\n");
  assert_any_cut("a,b");
  assert_any_cut("");
  assert_any_cut("\xEF\xBB\xBF"
                 "a,b\n1,2\n3,4\n");
}

static void quotes_are_cut_anywhere(void **state)
{
  (void)state;
  assert_any_cut(
      "id,note\n1,\"one\ntwo\r\nthree\"\n2,\"say \"\"no\"\"\nand \"\"\"\"\"\n3,\"a,b\"\n4,plain\n5,\"\n\n\n\"\n");
  assert_any_cut("id,note\n1,\"x\n9,\"\"y\"\"\n9,z\"\n2,u\n3,\"v\n\"\n");
  assert_any_cut("id,size\n1,5\" tall\n2,6\n3,7\" wide\n4,\"8\n9\"\n5,10\" \"\n6,\"11\"\n");
  assert_any_cut("id,note\n\"1\",\" 2 \"\n\" 3\",\"\"\n\"4\",\"NA\"\n");
}

static void kinds_are_found_across_cuts(void **state)
{
  (void)state;
  assert_any_cut("x\n1\n2\n3\n4\n5\n6\nlate\n8\n9\n");           /* a number fails late */
  assert_any_cut("x\n2020-01-01\n2020-01-02\n5\n2020-01-03\n");  /* a date meets a number */
  assert_any_cut("x\n5\n6\n2020-01-01\n7\n");                    /* and a number a date */
  assert_any_cut("x,y\n,1\n,2\nNA,3\n.,4\nA,5\n,6\n7,7\nB,8\n"); /* late decisions */
  assert_any_cut("x,y\n,1\n,2\n,3\n");                           /* none at all */
  assert_any_cut("x\nA\n1\n2\n3\n4\n5\nB\n6\n7\n");              /* numbers are texts behind a text */
  assert_any_cut("x\n1\n2\n12345678901234567890\n3\nA\n4\n");    /* a long integer ends a number */
  assert_any_cut("x\nA\n2\n12345678901234567890\n3\n4\n");       /* but is a text in a factor */
  assert_any_cut("x\n1\nA\n12345678901234567890\n4\n");
  assert_any_cut("x\n007\n008\n1\n2\n3\n");
  assert_any_cut("x\n1\n2\n3\n007\n4\n");
  assert_any_cut("x\n01.02.2020\n03.02.2020\n04.05.2021\n28.02.2022\n");
  assert_any_cut("x\n01.02.2020\n03.02.2020\n04.05.2021\nfoo\n");
  assert_any_cut("x\n1\n2\n-9\n3\n4\n5\n6\n7\n8\n9\n10\n-9\n");
  assert_any_cut("x\n1\n2\n0.5\n-0\n1e22\n3\n100000\n0.123456789\n");
  assert_any_cut("x\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\nunknown\n14\nn/a\n15\n");
}

static void decimal_commas_are_found_across_cuts(void **state)
{
  (void)state;
  assert_any_cut("x;y\n1;1\n2;2\n1,5;3\n4;4\n2,5;5\n");
  assert_any_cut("x;y\n1;1\n1,5;2\n3;3\n2.5;4\n4;5\n");                    /* a point behind a comma */
  assert_any_cut("x;y\n1;1\n1.5;2\n3;3\n2,5;4\n4;5\n");                    /* a comma behind a point */
  assert_any_cut("x;y\n1,5;1\n2;2\n1.5;3\n12345678901234567890;4\n4;5\n"); /* it fails before the long integer */
  assert_any_cut("x;y\n1.5;1\n12345678901234567890;4\n1,5;3\n4;5\n");
  const struct load_options asked = {.numeric = "x"};
  assert_cuts_equal("x;y\n1,5;1\n2;2\n1.5;3\n12345678901234567890;4\n4,5;5\nfoo;6\n2.5;7\n", asked, 1);
  assert_cuts_equal("x;y\n1.5;1\n2;2\n1,5;3\n007;4\n4,5;5\nfoo;6\n2.5;7\nbar;8\n", asked, 1);
}

static void wishes_hold_across_cuts(void **state)
{
  (void)state;
  const char *const text =
      "x,y,z\n1,2020-01-01,1\nfoo,01.02.2020,2\n,2020-01-05,\n12345678901234567890,bar,02\n5,baz,-\n?,,3\n";
  assert_any_cut(text);
  assert_cuts_equal(text, (struct load_options){.numeric = "x,z"}, 1);
  assert_cuts_equal(text, (struct load_options){.date = "y"}, 1);
  assert_cuts_equal(text, (struct load_options){.date = "y", .date_format = "dd.mm.yyyy", .factor = "z"}, 1);
  assert_cuts_equal(text, (struct load_options){.na = "foo,?,-,bar,baz", .numeric = "x"}, 1);
  assert_cuts_equal(text, (struct load_options){.date = "x"}, 1);
  assert_cuts_equal(text, (struct load_options){.factor = "x,y,z"}, 1);
  assert_cuts_equal(text, (struct load_options){.delimiter = ' '}, 1);
}

static void ragged_records_and_errors_have_their_lines(void **state)
{
  (void)state;
  assert_any_cut("a,b,c\n1,2,3\n4,5\n\n6\n7,8,9,,\n10,11,12,\n\n13,14,15\n");
  assert_any_cut("a,b\n1,2\n3,4\n5,6\n7,8,9\n10,11\n");
  assert_any_cut("a,b\n1,2\n3,\"4\n5\"\n5,6\n7,\"8\"x\n10,11\n");
  assert_any_cut("a,b\n1,2\n3,\"4\n5,6\n7,8\n10,11\n");
  assert_any_cut("a,b\n1,2\n3,\"4\n5,6\"\n7,8,,,\"\n10\"\n\"\",11\n12,\"\n");
}

static const char *pick(uint64_t *seed, const char *const *of, size_t n)
{
  *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
  return of[(*seed >> 33) % n];
}

/* Texts of random pieces; some begin as one kind and go on as another. */
static void random_texts_are_cut_anywhere(void **state)
{
  (void)state;
  static const char *const plain[] = {"1", "2.5", "3", "-4", "", "NA", "120.4162", "70000", ".", "5"};
  static const char *const mixed[] = {
      "1",   "2.5", "",           "NA", "text",  "2020-01-01",     "1,5",       "007", "12345678901234567890", "-0",
      "1e3", " 7 ", "31.12.2019", "?",  "\"q\"", "\"two\nlines\"", "\"d\"\"q\""};
  static const char *const wild[] = {"1", ",", ";",  "\n",  "\r",  "\r\n", "\"",   "\"\"",
                                     "x", " ", "\t", "2,5", ",\"", "\",",  "\n\"", "\"\n"};
  static const char *const ends[] = {"\n", "\n", "\n", "\r\n", "\r", "\n\n", ",\n", ",,\n"};
  uint64_t seed = 7;
  for (size_t round = 0; round < 300; round++) {
    struct text text = TEXT_INIT;
    const size_t n_columns = 1 + round % 3, n_plain = round % 17;
    text_append(&text, n_columns == 1 ? "a\n" : n_columns == 2 ? "a,b\n" : "a;b;c\n");
    for (size_t row = 0; row < 24; row++) {
      for (size_t i = 0; i < n_columns; i++)
        text_append_format(&text, "%s%s", i ? n_columns == 3 ? ";" : "," : "",
                           row < n_plain ? pick(&seed, plain, 10) : pick(&seed, mixed, 17));
      text_append(&text, round % 5 ? "\n" : pick(&seed, ends, 8));
    }
    for (size_t i = 0; round % 4 == 0 && i < 30; i++)
      text_append(&text, pick(&seed, wild, 16));
    const struct load_options options = {.numeric = round % 7 == 1 ? "a" : NULL,
                                         .date = round % 7 == 2 ? "a" : NULL,
                                         .factor = round % 7 == 3 ? "a" : NULL,
                                         .na = round % 3 ? NULL : "?,text"};
    assert_cuts_equal(text_string(&text), options, 1 + round % 3);
    text_clear(&text);
  }
}

/* A kind of column that is found out, fails or goes wider behind thousands of rows, over real chunks. */
static void late_surprises_are_seen(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  text_append(&text, "id,late,point,wide,empty,note\n");
  for (size_t row = 0; row < 100000; row++)
    text_append_format(&text, "P%zu,%s,%s,%s,%s,\"%s\"\n", row, row == 90000 ? "unknown" : "7",
                       row == 95000 ? "0.125" : "3", row == 99999 ? "123456" : "1", row == 99000 ? "A" : "",
                       row % 1000 == 7 ? "two\nlines" : "one");
  char *uncut = read_cut(text_string(&text), text.length, (struct load_options){0}, UNCUT);
  char *cut = read_cut(text_string(&text), text.length, (struct load_options){0}, 0);
  assert_string_equal(cut, uncut);
  assert_non_null(strstr(cut, "line 90092, column late: 99999 of 100000 values are numbers, 1 is not (\"unknown\")"));
  free(cut);
  text_append(&text, "P,1,2,3,4,5,6\n");
  cut = read_cut(text_string(&text), text.length, (struct load_options){0}, 0);
  assert_non_null(strstr(cut, "test.csv 100102 13: this record has 7 fields, but the header names 6 columns"));
  free(cut);
  free(uncut);
  text_clear(&text);
}

/* A part that was begun before the column was known to be a factor may have seen a long integer at its beginning: it
 * means nothing, since one reader who came all the way would have taken it for a text. */
static void what_a_factor_saw_is_void(void **state)
{
  (void)state;
  struct column_part whole = COLUMN_PART_INIT, part = COLUMN_PART_INIT;
  column_part_ask(&whole, COLUMN_FACTOR);
  part.notes.state = STATE_FACTOR;
  part.notes.long_integer = (struct column_sighting){1, strdup("12345678901234567890")};
  assert_true(column_part_fits(&whole, &part));
  column_part_append(&whole, &part, 10, 0);
  assert_int_equal(whole.notes.long_integer.line, 0);
  part.notes.state = STATE_NUMBER;
  assert_false(column_part_fits(&whole, &part));
  column_part_clear(&whole);
  column_part_clear(&part);
}

/* Many different texts: the codes of the chunks' own tables become those of one. */
static void identifiers_are_put_together(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  text_append(&text, "id,twice\n");
  for (size_t row = 0; row < 3000; row++)
    text_append_format(&text, "P%zu,\"say \"\"%zu\"\"\"\n", (row * 7919) % 3000, row % 700);
  assert_cuts_equal(text_string(&text), (struct load_options){0}, 9973);
  char *uncut = read_cut(text_string(&text), text.length, (struct load_options){0}, UNCUT);
  char *cut = read_cut(text_string(&text), text.length, (struct load_options){0}, 100);
  assert_string_equal(cut, uncut);
  free(cut);
  free(uncut);
  text_clear(&text);
}

/* Text is checked a mebibyte at a time: a character that stands on the edge is whole, a stray byte there is found. */
static void characters_on_the_edge_are_checked(void **state)
{
  (void)state;
  enum { EDGE = 1 << 20 };
  static const struct {
    const char *bytes;
    bool is_valid;
  } pieces[] = {{"\xC3\xBC", true}, {"\xE5\xB9\xB4", true}, {"\xF0\x9F\x98\x80", true},  {"\x80", false},
                {"\xC3", false},    {"\xE5\xB9", false},    {"\xBC\xBC\xBC\xBC", false}, {"\xC3\xBC\xBC", false}};
  for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++)
    for (size_t before = 0; before <= 4; before++) {
      struct text text = TEXT_INIT;
      text_append(&text, "a\n");
      while (text.length < EDGE - before)
        text_append(&text, text.length % 8 ? "x" : "\n");
      text_append(&text, pieces[i].bytes);
      text_append(&text, "y\n");
      char *read = read_cut(text_string(&text), text.length, (struct load_options){.encoding = "utf-8"}, 0);
      assert_int_equal(strncmp(read, "status 0", 8) == 0, pieces[i].is_valid);
      if (!pieces[i].is_valid)
        assert_non_null(strstr(read, "is not valid UTF-8"));
      free(read);
      text_clear(&text);
    }
}

/* A reading that another thread watches. */
struct watched {
  struct text text;
  struct task task;
  struct cohort *cohort;
  enum status status;
  atomic_bool is_done;
};

static void *read_watched(void *data)
{
  struct watched *watched = data;
  struct load_report report = LOAD_REPORT_INIT;
  struct error error = ERROR_INIT;
  const struct file_bytes file = {.bytes = text_string(&watched->text), .length = watched->text.length};
  watched->status = csv_read(&file, "test.csv", NULL, &watched->task, &watched->cohort, &report, &error);
  atomic_store(&watched->is_done, true);
  load_report_clear(&report);
  error_clear(&error);
  return NULL;
}

/* Progress never goes back, although a late text makes the whole file be read twice; a wish to stop is followed
 * wherever the work is. */
static void progress_is_told_and_stops(void **state)
{
  (void)state;
  static const double stops[] = {2, 0, 0.2, 0.6, 0.89}; /* the first is never reached */
  for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) {
    struct watched watched = {.text = TEXT_INIT};
    pthread_t thread;
    double last = 0;
    task_init(&watched.task);
    atomic_init(&watched.is_done, false);
    text_append(&watched.text, "id,x\n");
    for (size_t row = 0; row < 150000; row++)
      text_append_format(&watched.text, "P%zu,%s\n", row, row == 100000 ? "late" : "7");
    assert_int_equal(pthread_create(&thread, NULL, read_watched, &watched), 0);
    while (!atomic_load(&watched.is_done)) {
      const double done = atomic_load(&watched.task.done);
      assert_true(done >= last && done <= 1);
      last = done;
      if (done >= stops[i])
        task_cancel(&watched.task);
    }
    pthread_join(thread, NULL);
    if (i == 0) {
      assert_int_equal(watched.status, STATUS_OK);
      assert_true(atomic_load(&watched.task.done) == 1);
    } else if (watched.status != STATUS_OK) { /* else it was done before it was asked to stop */
      assert_int_equal(watched.status, STATUS_CANCELLED);
    }
    assert_int_equal(watched.status == STATUS_OK, watched.cohort != NULL);
    cohort_release(watched.cohort);
    text_clear(&watched.text);
  }
}

/* ---- a file that is written to while it is read ---- */

enum { CHANGED_BYTES = 1 << 16, CHANGED_FROM = CHANGED_BYTES / 2 };

/* The file's bytes, and before which piece of it is given back (from 1) every second record of its end turns into blank lines. */
static struct {
  char *bytes;
  size_t calls, changes_at;
} changing;

/* Instead of the system's, which is told what was read. */
int madvise(void *address, size_t length, int advice)
{
  char *const at = address;
  (void)length;
  (void)advice;
  if (!changing.bytes || at < changing.bytes || at >= changing.bytes + CHANGED_BYTES || ++changing.calls != changing.changes_at)
    return 0;
  bool is_kept = true;
  for (size_t i = CHANGED_FROM; i < CHANGED_BYTES - 64; i++) {
    is_kept ^= changing.bytes[i] == '\n';
    changing.bytes[i] = is_kept ? changing.bytes[i] : '\n';
  }
  return 0;
}

static void fill_changing(void)
{
  size_t length = (size_t)sprintf(changing.bytes, "x,y\n");
  while (length < CHANGED_BYTES - 6)
    length += (size_t)sprintf(changing.bytes + length, "1,2\n");
  memcpy(changing.bytes + length, "3,a\n\n", CHANGED_BYTES - length); /* y is read a second time */
}

static void a_file_may_change(void **state)
{
  (void)state;
  size_t n_failed = 0;
  changing.bytes = aligned_alloc(CHANGED_BYTES, CHANGED_BYTES); /* as if it were mapped */
  assert_non_null(changing.bytes);
  do {
    struct cohort *cohort = NULL;
    struct load_report report = LOAD_REPORT_INIT;
    struct error error = ERROR_INIT;
    const struct load_options options = {.chunk_bytes = UNCUT};
    const struct file_bytes file = {.bytes = changing.bytes, .length = CHANGED_BYTES, .is_mapped = true};
    changing.calls = 0;
    changing.changes_at++;
    fill_changing();
    if (csv_read(&file, "test.csv", &options, NULL, &cohort, &report, &error)) {
      assert_string_equal(error.what, "the file changed while it was read");
      assert_non_null(error.hint);
      assert_null(cohort);
      n_failed++;
    }
    cohort_release(cohort);
    load_report_clear(&report);
    error_clear(&error);
  } while (changing.calls >= changing.changes_at);
  assert_int_equal(n_failed, 1); /* between the passes */
  free(changing.bytes);
  changing.bytes = NULL;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plain_records_are_cut_anywhere), cmocka_unit_test(quotes_are_cut_anywhere),
      cmocka_unit_test(kinds_are_found_across_cuts),    cmocka_unit_test(decimal_commas_are_found_across_cuts),
      cmocka_unit_test(wishes_hold_across_cuts),        cmocka_unit_test(ragged_records_and_errors_have_their_lines),
      cmocka_unit_test(random_texts_are_cut_anywhere),  cmocka_unit_test(late_surprises_are_seen),
      cmocka_unit_test(what_a_factor_saw_is_void),      cmocka_unit_test(characters_on_the_edge_are_checked),
      cmocka_unit_test(progress_is_told_and_stops),     cmocka_unit_test(identifiers_are_put_together),
      cmocka_unit_test(a_file_may_change),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
