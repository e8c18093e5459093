/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The small rooms: UTF-8 as a terminal shows it, numbers as text, row sets, strings, errors. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bitmap.h"
#include "base/error.h"
#include "base/label.h"
#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "base/task.h"
#include "base/text.h"
#include "base/utf8.h"

static void assert_visible(const char *string, const char *expected)
{
  struct text text = TEXT_INIT;
  utf8_append_visible(&text, string);
  assert_string_equal(text_string(&text), expected);
  assert_int_equal(utf8_string_width(string), utf8_string_width(expected));
  text_clear(&text);
}

static void utf8_lets_no_control_through(void **state)
{
  (void)state;
  assert_visible("plain", "plain");
  assert_visible("\033[2J", "^[[2J");
  assert_visible("a\tb\nc\rd\x7F", "a^Ib^Jc^Md^?");
  assert_visible("\x9B"
                 "1m",
                 "<9B>1m");
  assert_visible("\xC2\x9B", "<U+009B>");
  assert_visible("\xE2\x80\xAE"
                 "abc",
                 "<U+202E>abc");
  assert_visible("a\xE2\x80\x8B"
                 "b",
                 "a<U+200B>b");
  assert_visible("\xEE\x80\x80", "<U+E000>");
  assert_visible("\xC3", "<C3>");
  assert_visible("\xED\xA0\x80", "<ED><A0><80>"); /* a surrogate is not a character */
  assert_visible("\xC0\xAF", "<C0><AF>");         /* overlong */
}

static void utf8_knows_widths(void **state)
{
  (void)state;
  assert_int_equal(utf8_width('a'), 1);
  assert_int_equal(utf8_width(0xE9), 1);
  assert_int_equal(utf8_width(0x301), 0);
  assert_int_equal(utf8_width(0x6F22), 2);
  assert_int_equal(utf8_width(0x1B), -1);
  assert_int_equal(utf8_width(0x85), -1);
  assert_int_equal(utf8_width(UTF8_INVALID | 0xFF), -1);
  assert_int_equal(utf8_string_width("Überleben"), 9);
  assert_int_equal(utf8_string_width("漢字"), 4);
  assert_int_equal(utf8_string_width("e\xCC\x81"), 1);
  assert_int_equal(utf8_string_width(""), 0);
}

static void utf8_decodes_and_encodes(void **state)
{
  (void)state;
  uint32_t point;
  assert_int_equal(utf8_decode("\xE2\x82\xAC", 3, &point), 3);
  assert_int_equal(point, 0x20AC);
  assert_int_equal(utf8_decode("\xE2\x82", 2, &point), 1);
  assert_int_equal(point, UTF8_INVALID | 0xE2);
  struct text text = TEXT_INIT;
  utf8_append(&text, 0x1F600);
  utf8_append(&text, 'x');
  assert_string_equal(text_string(&text), "\xF0\x9F\x98\x80x");
  text_clear(&text);
  assert_true(utf8_is_valid("\xC3\xA9", 2));
  assert_false(utf8_is_valid("\xC3\xA9\xE9", 3));
}

static void assert_fitted(const char *string, size_t width, bool right, bool ascii, const char *expected)
{
  struct text text = TEXT_INIT;
  utf8_append_fitted(&text, string, width, right, ascii);
  assert_string_equal(text_string(&text), expected);
  assert_int_equal(utf8_string_width(text_string(&text)), width);
  text_clear(&text);
}

static void utf8_fits_to_columns(void **state)
{
  (void)state;
  assert_fitted("age", 5, false, false, "age  ");
  assert_fitted("age", 5, true, false, "  age");
  assert_fitted("age", 3, false, false, "age");
  assert_fitted("surgery", 4, false, false, "sur…");
  assert_fitted("surgery", 4, false, true, "sur~");
  assert_fitted("surgery", 1, false, true, "~");
  assert_fitted("surgery", 0, false, false, "");
  assert_fitted("漢字漢", 4, false, false, "漢… "); /* half a wide character is not drawn */
  assert_fitted("\033[31mred", 4, false, true, "^[[~");
}

static void assert_cut(const char *const *labels, size_t which, size_t width, const char *expected)
{
  struct text text = TEXT_INIT;
  label_append_cut(&text, labels, 4, which, width, false);
  assert_string_equal(text_string(&text), expected);
  assert_true(utf8_string_width(text_string(&text)) <= width);
  text_clear(&text);
}

/* What is cut off a label is not what parts it from the others. */
static void labels_stay_apart(void **state)
{
  (void)state;
  static const char *const resections[] = {"No resection at all, whatever", "Resection of the primary lesion",
                        "Resection of the primary and hepatic lesions", NULL};
  static const char *const alike[] = {"the same beginning, a and the same end", "the same beginning, b and the same end", "漢字漢字漢字一漢字",
                   "漢字漢字漢字二漢字"};
  assert_cut(resections, 0, 12, "No resectio…");
  assert_cut(resections, 1, 31, "Resection of the primary lesion");
  assert_cut(resections, 2, 31, "Resection of the primary and h…"); /* the other is whole */
  assert_cut(resections, 1, 22, "Resectio…rimary lesion");
  assert_cut(resections, 2, 22, "Resectio…patic lesions");
  assert_cut(resections, 1, 11, "Rese…lesion");
  assert_cut(resections, 2, 11, "Rese…and h…");
  assert_cut(resections, 3, 11, "");
  assert_cut(alike, 0, 20, "the sam…a and the s…");
  assert_cut(alike, 1, 20, "the sam…b and the s…");
  assert_cut(alike, 2, 10, "漢…一漢字");
  assert_cut(alike, 3, 10, "漢…二漢字");
  for (size_t width = 0; width < 50; width++) {
    struct text first = TEXT_INIT, second = TEXT_INIT;
    label_append_cut(&first, resections, 4, 1, width, true);
    label_append_cut(&second, resections, 4, 2, width, true);
    assert_true(utf8_string_width(text_string(&second)) <= width);
    assert_int_equal(strcmp(text_string(&first), text_string(&second)) == 0, width < 6);
    text_clear(&first);
    text_clear(&second);
  }
}

static void assert_parsed(const char *bytes, double expected)
{
  double value = -1;
  assert_true(number_parse(bytes, strlen(bytes), &value));
  assert_true(value == expected);
}

static void number_parses_decimals_only(void **state)
{
  (void)state;
  static const char *const refused[] = {"",    "-",   ".",   "+.",  "e5",    "1e",  "1e+",  "1 ",  " 1", "0x10",
                                        "1,5", "inf", "nan", "NaN", "1.2.3", "--1", "1e5.", "1d5", "12a"};
  assert_parsed("0", 0);
  assert_parsed("-17.25", -17.25);
  assert_parsed("+3", 3);
  assert_parsed(".5", 0.5);
  assert_parsed("5.", 5);
  assert_parsed("1e3", 1000);
  assert_parsed("1E-2", 0.01);
  assert_parsed("0.1", 0.1);
  assert_parsed("123456789012345678", 123456789012345678.0);
  assert_parsed("2.2250738585072011e-308", 2.2250738585072011e-308);
  assert_parsed("0.1000000000000000055511151231257827021181583404541015625", 0.1);
  assert_parsed("9007199254740993", 9007199254740992.0);
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
    double value;
    assert_false(number_parse(refused[i], strlen(refused[i]), &value));
  }
}

static void assert_formatted(struct text *text, const char *expected)
{
  assert_string_equal(text_string(text), expected);
  text_truncate(text, 0);
}

static void number_formats(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  assert_true(number_append_exact(&text, 0.1));
  assert_formatted(&text, "0.10000000000000001");
  assert_true(number_append_exact(&text, 163));
  assert_formatted(&text, "163");
  assert_true(number_append_exact(&text, -0.0));
  assert_formatted(&text, "0");
  assert_false(number_append_exact(&text, (double)NAN));
  assert_false(number_append_exact(&text, (double)INFINITY));
  assert_formatted(&text, "");
  number_append_short(&text, 0.1);
  assert_formatted(&text, "0.1");
  number_append_short(&text, 100);
  assert_formatted(&text, "100");
  number_append_short(&text, 123456789);
  assert_formatted(&text, "123456789");
  number_append_short(&text, 1e-300);
  assert_formatted(&text, "1e-300");
  number_append_short(&text, 1.0 / 3);
  assert_formatted(&text, "0.3333333333333333");
  number_append_fixed(&text, -0.004, 2);
  assert_formatted(&text, "0.00");
  number_append_fixed(&text, -0.006, 2);
  assert_formatted(&text, "-0.01");
  number_append_fixed(&text, 2.5, 0);
  assert_formatted(&text, "2");
  text_clear(&text);
}

static void number_formats_p_values(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  number_append_p(&text, 0.0449, false);
  assert_formatted(&text, "0.045");
  number_append_p(&text, 0.0009, false);
  assert_formatted(&text, "<0.001");
  number_append_p(&text, 0.9951, false);
  assert_formatted(&text, ">0.99");
  number_append_p(&text, 2.34e-16, true);
  assert_formatted(&text, "2.3e-16");
  number_append_p(&text, 0, true);
  assert_formatted(&text, "<1e-300");
  number_append_p(&text, (double)NAN, false);
  assert_formatted(&text, "NA");
  text_clear(&text);
}

static void bitmap_keeps_rows(void **state)
{
  (void)state;
  struct bitmap a, b, c;
  bitmap_init(&a, 130, true);
  assert_int_equal(bitmap_count(&a), 130);
  bitmap_init(&b, 130, false);
  assert_int_equal(bitmap_count(&b), 0);
  for (size_t row = 0; row < 130; row += 3)
    bitmap_add(&b, row);
  assert_int_equal(bitmap_count(&b), 44);
  assert_int_equal(bitmap_count_both(&a, &b), 44);
  assert_true(bitmap_has(&b, 129));
  assert_false(bitmap_has(&b, 128));
  bitmap_remove(&b, 129);
  assert_false(bitmap_has(&b, 129));
  bitmap_copy(&c, &a);
  bitmap_subtract(&c, &b);
  assert_int_equal(bitmap_count(&c), 130 - 43);
  bitmap_intersect(&c, &b);
  assert_int_equal(bitmap_count(&c), 0);
  bitmap_clear(&a);
  bitmap_clear(&b);
  bitmap_clear(&c);
  bitmap_init(&a, 0, true);
  assert_int_equal(bitmap_count(&a), 0);
  bitmap_clear(&a);
  bitmap_init(&a, 64, true);
  assert_int_equal(bitmap_count(&a), 64);
  bitmap_clear(&a);
}

static void text_grows(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  assert_string_equal(text_string(&text), "");
  text_append(&text, "n = ");
  text_append_format(&text, "%d of %s", 86, "163");
  text_append_char(&text, ';');
  text_append_repeated(&text, ' ', 3);
  text_append_bytes(&text, "xyz", 2);
  assert_string_equal(text_string(&text), "n = 86 of 163;   xy");
  text_truncate(&text, 100);
  assert_int_equal(text.length, 19);
  text_truncate(&text, 5);
  assert_string_equal(text_string(&text), "n = 8");
  char *taken = text_take(&text);
  assert_string_equal(taken, "n = 8");
  assert_int_equal(text.length, 0);
  free(taken);
  taken = text_take(&text);
  assert_string_equal(taken, "");
  free(taken);
  for (int i = 0; i < 1000; i++)
    text_append(&text, "0123456789");
  assert_int_equal(strlen(text_string(&text)), 10000);
  text_clear(&text);
}

static void error_says_what_where_and_how(void **state)
{
  (void)state;
  struct error error = ERROR_INIT;
  assert_int_equal(error_set(&error, "no column \"%s\"", "aeg"), STATUS_ERROR);
  error_hint(&error, "did you mean %s?", "age");
  error_in_file(&error, "x.csv", 7, 3);
  error_in_command(&error, 3, 5);
  assert_string_equal(error.what, "no column \"aeg\"");
  assert_string_equal(error.hint, "did you mean age?");
  assert_string_equal(error.file, "x.csv");
  assert_int_equal(error.line, 7);
  assert_int_equal(error.column, 3);
  assert_true(error.has_range && error.start == 3 && error.length == 5);
  error_set(&error, "in %s: %s", error.file, error.what); /* may quote the error it replaces */
  assert_string_equal(error.what, "in x.csv: no column \"aeg\"");
  assert_null(error.hint);
  assert_null(error.file);
  assert_false(error.has_range);
  error_clear(&error);
  assert_null(error.what);
}

static void memory_reserves_room(void **state)
{
  (void)state;
  int *items = NULL;
  size_t count = 0, capacity = 0;
  for (int i = 0; i < 100; i++)
    MEMORY_APPEND(items, count, capacity, i);
  assert_int_equal(count, 100);
  assert_int_equal(items[99], 99);
  free(items);
  char *copy = memory_copy_bytes("survival", 4);
  assert_string_equal(copy, "surv");
  free(copy);
  free(memory_new(0, 8));
}

static void task_is_watched(void **state)
{
  (void)state;
  struct task task;
  task_init(&task);
  assert_false(task_is_cancelled(&task));
  assert_false(task_is_cancelled(NULL));
  task_progress(&task, 0.25);
  task_progress(NULL, 1);
  assert_true(atomic_load(&task.done) == 0.25);
  task_cancel(&task);
  assert_true(task_is_cancelled(&task));
}

static int ascending(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Few and many, with signs, infinities and values that repeat. */
static void numbers_are_sorted(void **state)
{
  (void)state;
  static double values[5000], expected[5000];
  static const size_t sizes[] = {0, 1, 2, 100, 2049, 5000};
  uint32_t random = 1;
  for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
    const size_t n = sizes[s];
    for (size_t i = 0; i < n; i++) {
      random = random * 1664525u + 1013904223u;
      const double number = (double)(random >> 12) * (i % 3 ? 1e-5 : 1e9);
      values[i] = i % 97 == 0 ? (double)INFINITY : i % 89 == 0 ? -(double)INFINITY : i % 7 == 0 ? floor(number) : i % 2 ? number : -number;
    }
    memcpy(expected, values, sizeof expected);
    if (n)
      qsort(expected, n, sizeof *expected, ascending);
    sort_numbers(values, n);
    assert_true(n == 0 || memcmp(values, expected, n * sizeof *values) == 0);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(utf8_lets_no_control_through),
      cmocka_unit_test(utf8_knows_widths),
      cmocka_unit_test(utf8_decodes_and_encodes),
      cmocka_unit_test(utf8_fits_to_columns),
      cmocka_unit_test(labels_stay_apart),
      cmocka_unit_test(number_parses_decimals_only),
      cmocka_unit_test(number_formats),
      cmocka_unit_test(number_formats_p_values),
      cmocka_unit_test(bitmap_keeps_rows),
      cmocka_unit_test(text_grows),
      cmocka_unit_test(error_says_what_where_and_how),
      cmocka_unit_test(memory_reserves_room),
      cmocka_unit_test(task_is_watched),
      cmocka_unit_test(numbers_are_sorted),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
