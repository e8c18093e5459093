/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "report/printed.h"

static const double not_available = (double)NAN;

static void assert_text(struct text *text, const char *expected)
{
  assert_string_equal(text_string(text), expected);
  text_clear(text);
}

static void intervals_read_as_in_journals(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  printed_append_interval(&text, 0.29, 0.09, 0.951, 2, false);
  assert_text(&text, "0.29 (0.09–0.95)");
  printed_append_interval(&text, 0.29, 0.09, 0.951, 2, true);
  assert_text(&text, "0.29 (0.09-0.95)");
  printed_append_interval(&text, 2, 0.5, (double)INFINITY, 1, false);
  assert_text(&text, "2.0 (0.5–NE)");
  printed_append_interval(&text, not_available, 0, 1, 2, false);
  assert_text(&text, "–");
  printed_append_interval(&text, not_available, 0, 1, 2, true);
  assert_text(&text, "-");
}

static void times_drop_trailing_zeros(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  printed_append_time(&text, 122, 2);
  assert_text(&text, "122");
  printed_append_time(&text, 12.5, 2);
  assert_text(&text, "12.5");
  printed_append_time(&text, 100, 0); /* not "1" */
  assert_text(&text, "100");
  printed_append_time(&text, -0.001, 2);
  assert_text(&text, "0");
  printed_append_time(&text, not_available, 2);
  assert_text(&text, "NR");
  text_append(&text, "0.50 "); /* what stands before is left alone */
  printed_append_time(&text, 3, 1);
  assert_text(&text, "0.50 3");
}

static void p_values_read_as_sentences(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  printed_append_p_sentence(&text, 0.0449);
  assert_text(&text, "p = 0.045");
  printed_append_p_sentence(&text, 1e-9);
  assert_text(&text, "p < 0.001");
  printed_append_p_sentence(&text, 0.999);
  assert_text(&text, "p > 0.99");
}

static void cells_are_set_by_column(void **state)
{
  (void)state;
  struct printed_table *table = printed_table_new("Model");
  printed_table_add_column(table, "term", ALIGN_LEFT);
  printed_table_add_column(table, "p", ALIGN_RIGHT);
  printed_table_begin_row(table, PRINTED_ROW);
  printed_table_set(table, 1, "%.2f", 0.5);
  printed_table_set(table, 1, "%s", "NE"); /* the last word counts */
  printed_table_note(table, "%d %% limits", 95);
  assert_null(table->rows[0].cells[0]);
  assert_string_equal(table->rows[0].cells[1], "NE");
  assert_string_equal(table->notes[0], "95 % limits");
  printed_table_free(table);
  printed_table_free(NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(intervals_read_as_in_journals),
      cmocka_unit_test(times_drop_trailing_zeros),
      cmocka_unit_test(p_values_read_as_sentences),
      cmocka_unit_test(cells_are_set_by_column),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
