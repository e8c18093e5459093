/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/memory.h"
#include "data/cohort.h"

static struct column *new_column(const char *name, double first)
{
  double *numbers = memory_new(2, sizeof *numbers);
  numbers[0] = first;
  return column_new_numbers(name, COLUMN_NUMBER, numbers, 2);
}

static struct cohort *new_cohort(void)
{
  struct column *columns[] = {new_column("age", 1), new_column("sex", 2), new_column("os_months", 3),
                              new_column("Überleben", 4), new_column("n", 5)};
  return cohort_new(2, columns, 5);
}

static void columns_are_found(void **state)
{
  (void)state;
  struct cohort *cohort = new_cohort();
  assert_true(column_number(cohort_find_column(cohort, "os_months"), 0) == 3);
  assert_null(cohort_find_column(cohort, "Age"));
  assert_null(cohort_find_column(cohort, ""));
  cohort_release(cohort);
  cohort_release(NULL);
}

static void derived_column_is_appended(void **state)
{
  (void)state;
  struct cohort *cohort = new_cohort();
  struct cohort *derived = cohort_with_column(cohort, new_column("big", 9));
  assert_int_equal(cohort->n_columns, 5);
  assert_int_equal(derived->n_columns, 6);
  assert_string_equal(derived->columns[5]->name, "big");
  assert_ptr_equal(derived->columns[0], cohort->columns[0]);
  cohort_release(cohort); /* what is shared stays */
  assert_true(column_number(cohort_find_column(derived, "age"), 0) == 1);
  cohort_release(derived);
}

static void column_is_replaced_in_its_place(void **state)
{
  (void)state;
  struct cohort *cohort = new_cohort();
  struct cohort *held = cohort_retain(cohort);
  struct cohort *changed = cohort_with_column(cohort, new_column("sex", 8));
  assert_int_equal(changed->n_columns, 5);
  assert_true(column_number(changed->columns[1], 0) == 8);
  assert_true(column_number(cohort->columns[1], 0) == 2);
  cohort_release(changed);
  cohort_release(cohort);
  assert_true(column_number(held->columns[1], 0) == 2);
  cohort_release(held);
}

static void near_names_are_suggested(void **state)
{
  (void)state;
  struct cohort *cohort = new_cohort();
  assert_string_equal(cohort_suggest_column(cohort, "AGE"), "age");
  assert_string_equal(cohort_suggest_column(cohort, "aeg"), "age"); /* a swap is one edit */
  assert_string_equal(cohort_suggest_column(cohort, "sx"), "sex");
  assert_string_equal(cohort_suggest_column(cohort, "os_month"), "os_months");
  assert_string_equal(cohort_suggest_column(cohort, "osmonth"), "os_months");
  assert_string_equal(cohort_suggest_column(cohort, "überlebn"), "Überleben");
  assert_string_equal(cohort_suggest_column(cohort, "N"), "n");
  assert_null(cohort_suggest_column(cohort, "x"));
  assert_null(cohort_suggest_column(cohort, "grade"));
  assert_string_equal(cohort_suggest_column(cohort, "months"), "os_months");
  assert_null(cohort_suggest_column(cohort, "month"));
  assert_null(cohort_suggest_column(cohort, ""));
  cohort_release(cohort);
}

static void empty_cohort_works(void **state)
{
  (void)state;
  struct cohort *cohort = cohort_new(0, NULL, 0);
  assert_null(cohort_find_column(cohort, "age"));
  assert_null(cohort_suggest_column(cohort, "age"));
  cohort_release(cohort);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_are_found),
      cmocka_unit_test(derived_column_is_appended),
      cmocka_unit_test(column_is_replaced_in_its_place),
      cmocka_unit_test(near_names_are_suggested),
      cmocka_unit_test(empty_cohort_works),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
