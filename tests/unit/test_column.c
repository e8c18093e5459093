/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/column.h"

static char **copy_names(const char *const *names, size_t n)
{
  char **copies = memory_new(n, sizeof *copies);
  for (size_t i = 0; i < n; i++)
    copies[i] = memory_copy_string(names[i]);
  return copies;
}

static struct column *new_grade(void)
{
  static const uint32_t codes[] = {1, 2, 0, 3, 1, 2};
  static const char *const names[] = {"NEC", "G1", "G2"};
  return column_new_sorted_factor("grade", codes, 6, copy_names(names, 3), 3);
}

static void assert_cell(const struct column *column, size_t row, const char *expected)
{
  struct text text = TEXT_INIT;
  column_append_cell(column, row, &text);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void numbers_are_kept(void **state)
{
  (void)state;
  double *numbers = memory_new(3, sizeof *numbers);
  numbers[0] = 12.5;
  numbers[1] = (double)NAN;
  numbers[2] = 7;
  struct column *column = column_new_numbers("size", COLUMN_NUMBER, numbers, 3);
  assert_int_equal(column_n_rows(column), 3);
  assert_true(column_number(column, 0) == 12.5);
  assert_false(column_is_missing(column, 0));
  assert_true(column_is_missing(column, 1));
  assert_cell(column, 0, "12.5");
  assert_cell(column, 1, "");
  assert_cell(column, 2, "7");
  column_release(column);
  column_release(NULL);
}

static void dates_are_shown_as_iso(void **state)
{
  (void)state;
  double *days = memory_new(2, sizeof *days);
  days[0] = 11016;
  days[1] = (double)NAN;
  struct column *column = column_new_numbers("entry", COLUMN_DATE, days, 2);
  assert_cell(column, 0, "2000-02-29");
  assert_cell(column, 1, "");
  column_release(column);
}

static void sorted_factor_orders_levels(void **state)
{
  (void)state;
  struct column *grade = new_grade();
  assert_int_equal(grade->n_levels, 3);
  assert_string_equal(grade->levels[0].name, "G1");
  assert_string_equal(grade->levels[1].name, "G2");
  assert_string_equal(grade->levels[2].name, "NEC");
  static const uint32_t expected[] = {3, 1, 0, 2, 3, 1};
  for (size_t i = 0; i < 6; i++)
    assert_int_equal(column_code(grade, i), expected[i]);
  assert_true(column_is_missing(grade, 2));
  assert_cell(grade, 0, "NEC");
  assert_cell(grade, 2, "");
  assert_int_equal(column_find_level(grade, "NEC"), 3);
  assert_int_equal(column_find_level(grade, "nec"), 0);
  column_release(grade);
}

static void level_order_is_by_code_point(void **state)
{
  (void)state;
  static const char *const names[] = {"a",
                                      "é",
                                      "Z",
                                      "10",
                                      "9",
                                      "aa",
                                      "",
                                      "common prefix b",
                                      "common prefix a",
                                      "common prefix a longer than eight bytes"};
  static const char *const expected[] = {
      "", "10", "9", "Z", "a", "aa", "common prefix a", "common prefix a longer than eight bytes", "common prefix b",
      "é"};
  uint32_t codes[10];
  for (uint32_t i = 0; i < 10; i++)
    codes[i] = i + 1;
  struct column *column = column_new_sorted_factor("x", codes, 10, copy_names(names, 10), 10);
  for (size_t i = 0; i < 10; i++) {
    assert_string_equal(column->levels[i].name, expected[i]);
    assert_cell(column, i, names[i]); /* every row keeps its value */
  }
  column_release(column);
}

static void unsorted_factor_keeps_the_order(void **state)
{
  (void)state;
  static const uint32_t codes[] = {2, 1};
  static const char *const names[] = {"post", "pre"};
  struct column *column = column_new_factor("meno", codes, 2, copy_names(names, 2), 2);
  assert_string_equal(column->levels[0].name, "post");
  assert_cell(column, 0, "pre");
  column_release(column);
}

static void assert_width(size_t n_levels, unsigned expected)
{
  char **names = memory_new(n_levels, sizeof *names);
  uint32_t *codes = memory_new(n_levels + 1, sizeof *codes);
  for (size_t i = 0; i < n_levels; i++) {
    char name[24];
    snprintf(name, sizeof name, "P-%07zu", n_levels - i); /* descending, so that all must be moved */
    names[i] = memory_copy_string(name);
    codes[i] = (uint32_t)(i + 1);
  }
  struct column *column = column_new_sorted_factor("id", codes, n_levels + 1, names, n_levels);
  assert_int_equal(column->values->width, expected);
  assert_int_equal(column_code(column, 0), n_levels);
  assert_int_equal(column_code(column, n_levels - 1), 1);
  assert_int_equal(column_code(column, n_levels), 0);
  column_release(column);
  free(codes);
}

static void codes_are_narrow(void **state)
{
  (void)state;
  assert_width(255, 1);
  assert_width(256, 2);
  assert_width(65535, 2);
  assert_width(65536, 4);
}

/* Many levels are sorted in parts that are merged. */
static void many_levels_are_sorted(void **state)
{
  (void)state;
  enum { N = 50021 }; /* a prime: the steps below reach each number once */
  char **names = memory_new(N, sizeof *names);
  uint32_t *codes = memory_new(N, sizeof *codes);
  for (size_t i = 0; i < N; i++) {
    char name[24];
    snprintf(name, sizeof name, "patient %05zu", i * 7919 % N);
    names[i] = memory_copy_string(name);
    codes[i] = (uint32_t)(i + 1);
  }
  struct column *column = column_new_sorted_factor("id", codes, N, names, N);
  for (size_t i = 0; i < N; i++) {
    char name[24];
    snprintf(name, sizeof name, "patient %05zu", i);
    assert_string_equal(column->levels[i].name, name);
    assert_int_equal(column_code(column, i), i * 7919 % N + 1);
  }
  column_release(column);
  free(codes);
}

static void changes_make_new_columns(void **state)
{
  (void)state;
  struct column *grade = new_grade();
  struct column *renamed = column_renamed(grade, "who");
  struct column *labelled = column_with_label(renamed, "WHO grade");
  struct column *level_labelled = column_with_level_label(labelled, 3, "carcinoma");
  assert_string_equal(grade->name, "grade");
  assert_string_equal(column_display_name(grade), "grade");
  assert_string_equal(column_display_name(renamed), "who");
  assert_string_equal(column_display_name(labelled), "WHO grade");
  assert_string_equal(column_level_display_name(labelled, 3), "NEC");
  assert_string_equal(column_level_display_name(level_labelled, 3), "carcinoma");
  assert_string_equal(level_labelled->levels[2].name, "NEC");
  assert_ptr_equal(grade->values, level_labelled->values);
  struct column *bare = column_with_label(level_labelled, NULL);
  assert_string_equal(column_display_name(bare), "who");
  assert_string_equal(column_level_display_name(bare, 3), "carcinoma");
  column_release(grade); /* the values outlive the column that brought them */
  column_release(renamed);
  column_release(labelled);
  column_release(level_labelled);
  assert_int_equal(column_code(bare, 0), 3);
  column_release(bare);
}

static void level_order_can_change(void **state)
{
  (void)state;
  static const uint32_t order[] = {3, 1, 2};
  struct column *grade = new_grade();
  struct column *labelled = column_with_level_label(grade, 3, "carcinoma");
  struct column *ordered = column_with_level_order(labelled, order);
  assert_string_equal(ordered->levels[0].name, "NEC");
  assert_string_equal(ordered->levels[0].label, "carcinoma");
  assert_string_equal(ordered->levels[2].name, "G2");
  for (size_t i = 0; i < 6; i++) {
    struct text before = TEXT_INIT;
    column_append_cell(grade, i, &before);
    assert_cell(ordered, i, text_string(&before));
    text_clear(&before);
  }
  assert_int_equal(column_code(ordered, 0), 1);
  column_release(grade);
  column_release(labelled);
  column_release(ordered);
}

static void numbers_become_factors(void **state)
{
  (void)state;
  const double values[] = {10, 2, -0.0, (double)NAN, 2, 0, 0.1, -5};
  struct column *column = column_new_numbers("x", COLUMN_NUMBER, memory_copy(values, 8, sizeof *values), 8);
  struct column *labelled = column_with_label(column, "Dose");
  struct column *factor = column_as_factor(labelled);
  static const char *const names[] = {"-5", "0", "0.1", "2", "10"};
  static const uint32_t codes[] = {5, 4, 2, 0, 4, 2, 3, 1};
  assert_int_equal(factor->kind, COLUMN_FACTOR);
  assert_string_equal(column_display_name(factor), "Dose");
  assert_int_equal(factor->n_levels, 5);
  for (size_t i = 0; i < 5; i++)
    assert_string_equal(factor->levels[i].name, names[i]);
  for (size_t i = 0; i < 8; i++)
    assert_int_equal(column_code(factor, i), codes[i]);
  struct column *again = column_as_factor(factor);
  assert_ptr_equal(again, factor);
  column_release(again);
  column_release(factor);
  column_release(labelled);
  column_release(column);
}

static void dates_become_factors(void **state)
{
  (void)state;
  const double values[] = {1.5, 0, 1, (double)NAN};
  struct column *column = column_new_numbers("d", COLUMN_DATE, memory_copy(values, 4, sizeof *values), 4);
  struct column *factor = column_as_factor(column);
  assert_int_equal(factor->n_levels, 2);
  assert_string_equal(factor->levels[1].name, "1970-01-02");
  assert_int_equal(column_code(factor, 0), 2);
  assert_int_equal(column_code(factor, 2), 2);
  assert_int_equal(column_code(factor, 3), 0);
  column_release(factor);
  column_release(column);
}

static void empty_columns_work(void **state)
{
  (void)state;
  struct column *numbers = column_new_numbers("x", COLUMN_NUMBER, memory_new(0, sizeof(double)), 0);
  struct column *factor = column_as_factor(numbers);
  assert_int_equal(factor->n_levels, 0);
  struct column *sorted = column_new_sorted_factor("y", NULL, 0, memory_new(0, sizeof(char *)), 0);
  struct column *ordered = column_with_level_order(sorted, NULL);
  assert_int_equal(column_n_rows(ordered), 0);
  column_release(ordered);
  column_release(sorted);
  column_release(factor);
  column_release(numbers);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(numbers_are_kept),
      cmocka_unit_test(dates_are_shown_as_iso),
      cmocka_unit_test(sorted_factor_orders_levels),
      cmocka_unit_test(level_order_is_by_code_point),
      cmocka_unit_test(unsorted_factor_keeps_the_order),
      cmocka_unit_test(codes_are_narrow),
      cmocka_unit_test(many_levels_are_sorted),
      cmocka_unit_test(changes_make_new_columns),
      cmocka_unit_test(level_order_can_change),
      cmocka_unit_test(numbers_become_factors),
      cmocka_unit_test(dates_become_factors),
      cmocka_unit_test(empty_columns_work),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
