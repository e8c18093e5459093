/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "report/table.h"

static void columns_come_from_words(void **state)
{
  (void)state;
  struct table *table = table_new("km_at", "  group time   n_risk ");
  assert_string_equal(table->id, "km_at");
  assert_int_equal(table->n_columns, 3);
  assert_string_equal(table->columns[0], "group");
  assert_string_equal(table->columns[2], "n_risk");
  assert_int_equal(table_n_rows(table), 0);
  table_free(table);
}

static void cells_keep_values_and_know_what_is_missing(void **state)
{
  (void)state;
  char name[] = "surgery=NR";
  struct table *table = table_new("t", "a b c");
  table_add_text(table, name);
  name[0] = '?'; /* the table has a copy */
  table_add_number(table, 0.1 + 0.2);
  table_add_truth(table, false);
  table_add_text(table, NULL);
  table_add_number(table, (double)INFINITY);
  assert_int_equal(table_n_rows(table), 1); /* the second is under way */
  table_add_number(table, (double)NAN);
  assert_int_equal(table_n_rows(table), 2);
  assert_string_equal(table_cell(table, 0, 0)->as.text, "surgery=NR");
  assert_true(table_cell(table, 0, 1)->as.number == 0.1 + 0.2);
  assert_int_equal(table_cell(table, 0, 2)->kind, CELL_TRUTH);
  for (size_t c = 0; c < 3; c++)
    assert_int_equal(table_cell(table, 1, c)->kind, CELL_NA);
  table_free(table);
}

static void an_empty_text_is_a_text(void **state)
{
  (void)state;
  struct table *table = table_new("t", "a");
  table_add_text(table, "");
  table_add_missing(table);
  assert_int_equal(table_cell(table, 0, 0)->kind, CELL_TEXT);
  assert_int_equal(table_cell(table, 1, 0)->kind, CELL_NA);
  table_free(table);
  table = table_new("none", "");
  assert_int_equal(table_n_rows(table), 0);
  table_free(table);
  table_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(columns_come_from_words),
      cmocka_unit_test(cells_keep_values_and_know_what_is_missing),
      cmocka_unit_test(an_empty_text_is_a_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
