/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/style.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void check_p(enum number_style style, double p, const char *expected)
{
  struct text text = TEXT_INIT;
  style_append_p(&text, style, p);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void two_digits_unless_that_crosses_the_level(void **state)
{
  (void)state;
  check_p(NUMBERS_JAMA, 0.311, ".31");
  check_p(NUMBERS_JAMA, 0.0449, ".04");
  check_p(NUMBERS_JAMA, 0.0451, ".045");
  check_p(NUMBERS_JAMA, 0.0499, ".050");
  check_p(NUMBERS_JAMA, 0.0501, ".05");
  check_p(NUMBERS_JAMA, 0.0149, ".01");
  check_p(NUMBERS_JAMA, 0.0085, ".009");
  check_p(NUMBERS_JAMA, 0.00099, "<.001");
  check_p(NUMBERS_JAMA, 0.9951, ">.99");
}

static void digits_of_the_others(void **state)
{
  (void)state;
  check_p(NUMBERS_DEFAULT, 0.0451, "0.045");
  check_p(NUMBERS_NEJM, 0.0451, "0.05");
  check_p(NUMBERS_NEJM, 0.0041, "0.004");
  check_p(NUMBERS_NEJM, 0.0001, "<0.001");
  check_p(NUMBERS_BMJ, 0.2, "0.20");
  check_p(NUMBERS_LANCET, 0.0451, "0·045");
  check_p(NUMBERS_LANCET, 0.311, "0·31");
  check_p(NUMBERS_LANCET, 0.00412, "0·0041");
  check_p(NUMBERS_LANCET, 0.0996, "0·10");
  check_p(NUMBERS_LANCET, 0.0994, "0·099");
  check_p(NUMBERS_LANCET, 0.00996, "0·010");
  check_p(NUMBERS_LANCET, 0.00994, "0·0099");
  check_p(NUMBERS_LANCET, 0.00012, "0·0001");
  check_p(NUMBERS_LANCET, 0.00009, "<0·0001");
  check_p(NUMBERS_APA, 0.0451, ".045");
  check_p(NUMBERS_APA, 0.0001, "< .001");
  check_p(NUMBERS_SPSS, 0.5, ".500");
  check_p(NUMBERS_SPSS, (double)NAN, "NA");
}

static void check_sentence(enum number_style style, double p, const char *expected)
{
  struct text text = TEXT_INIT;
  style_append_p_sentence(&text, style, p);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void sentences_have_letter_and_blanks(void **state)
{
  (void)state;
  check_sentence(NUMBERS_DEFAULT, 0.0451, "p = 0.045");
  check_sentence(NUMBERS_DEFAULT, 0.0001, "p < 0.001");
  check_sentence(NUMBERS_JAMA, 0.311, "P = .31");
  check_sentence(NUMBERS_NEJM, 0.0001, "P<0.001");
  check_sentence(NUMBERS_LANCET, 0.311, "p=0·31");
  check_sentence(NUMBERS_APA, 0.0001, "p < .001");
}

static void check_interval(enum number_style style, double estimate, double low, double high, const char *expected)
{
  const struct printed_value value = {
      .kind = PRINTED_INTERVAL, .estimate = estimate, .low = low, .high = high, .decimals = 2, .is_ratio = estimate > 0};
  struct text text = TEXT_INIT;
  style_append_interval(&text, style, &value);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void limits_have_separators_and_marks(void **state)
{
  (void)state;
  check_interval(NUMBERS_DEFAULT, 0.287, 0.087, 0.946, "0.29 (0.09–0.95)");
  check_interval(NUMBERS_JAMA, 0.287, 0.087, 10.046, "0.29 (0.09-10.05)");
  check_interval(NUMBERS_NEJM, 0.287, 0.087, 0.946, "0.29 (0.09 to 0.95)");
  check_interval(NUMBERS_LANCET, 0.287, 0.087, 0.946, "0·29 (0·09–0·95)");
  check_interval(NUMBERS_APA, 0.287, 0.087, 0.946, "0.29 [0.09, 0.95]");
  check_interval(NUMBERS_SPSS, 0.287, 0.087, 10.046, ".287 (.087–10.046)");
  check_interval(NUMBERS_SPSS, 1, 0.087, 10, "1.000 (.087–10.000)");
  /* a dash does not run into a minus sign; what is not estimable stays */
  check_interval(NUMBERS_LANCET, -0.5, -1.25, 0.25, "-0·50 (-1·25 to 0·25)");
  check_interval(NUMBERS_NEJM, 2, 0.5, (double)INFINITY, "2.00 (0.50 to NE)");
}

/* A table of each kind of cell, with a sentence beneath. */
static struct report *new_report(void)
{
  static struct report report;
  report = (struct report)REPORT_INIT;
  struct printed_table *table = printed_table_new("Cox model");
  printed_table_add_column(table, "p 0.5 group", ALIGN_LEFT);
  printed_table_add_column(table, "HR", ALIGN_RIGHT);
  printed_table_add_column(table, "log-rank p", ALIGN_RIGHT);
  printed_table_add_column(table, "median", ALIGN_RIGHT);
  printed_table_begin_row(table, PRINTED_ROW);
  printed_table_set(table, 0, "size 0.5");
  printed_table_set_ratio(table, 1, 0.287, 0.087, 0.946);
  printed_table_set_p(table, 2, 0.0149);
  printed_table_set(table, 3, "12.5 (0.5–)");
  printed_table_note(table, "Likelihood ratio 20.24 on 2 df, p < 0.001, then p = 0.045. A group p.");
  report_add_printed(&report, table);
  return &report;
}

static void tables_are_restyled_by_value(void **state)
{
  (void)state;
  struct report *report = new_report();
  const struct printed_table *table = report->items[0].as.printed;
  style_apply(NUMBERS_LANCET, report);
  assert_string_equal(table->rows[0].cells[0], "size 0.5"); /* data */
  assert_string_equal(table->columns[0].title, "p 0.5 group");
  assert_string_equal(table->rows[0].cells[1], "0·29 (0·09–0·95)");
  assert_string_equal(table->rows[0].cells[2], "0·015");
  assert_string_equal(table->rows[0].cells[3], "12·5 (0·5–)");
  assert_string_equal(table->notes[0], "Likelihood ratio 20·24 on 2 df, p<0·001, then p=0·045. A group p.");
  style_apply(NUMBERS_LANCET, report); /* once is enough */
  assert_string_equal(table->notes[0], "Likelihood ratio 20·24 on 2 df, p<0·001, then p=0·045. A group p.");
  report_clear(report);

  report = new_report();
  table = report->items[0].as.printed;
  style_apply(NUMBERS_JAMA, report);
  assert_string_equal(table->columns[2].title, "log-rank P");
  assert_string_equal(table->rows[0].cells[2], ".01"); /* from the value, not from 0.015 */
  assert_string_equal(table->notes[0], "Likelihood ratio 20.24 on 2 df, P < .001, then P = .045. A group p.");
  assert_true(table->italic_p);
  report_clear(report);
}

static void the_letter_stands_alone(void **state)
{
  (void)state;
  assert_int_equal(style_find_letter("log-rank p", 0), 9);
  assert_int_equal(style_find_letter("steps", 0), SIZE_MAX);
  assert_int_equal(style_find_letter("group p = x", 0), SIZE_MAX);
  assert_int_equal(style_find_letter("log-rank p < 0.001", 0), 9);
}

static void names_are_found(void **state)
{
  (void)state;
  enum number_style style;
  assert_true(style_find("Lancet", &style));
  assert_int_equal(style, NUMBERS_LANCET);
  assert_false(style_find("annals", &style));
  assert_string_equal(style_name(NUMBERS_DEFAULT), "default");
}

static void assert_limits(enum number_style style, const char *plain, const char *expected)
{
  struct text text = TEXT_INIT;
  style_append_limits(&text, style, plain);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

/* Brackets that hold two limits, of numbers or of words for those that are not there; others stay. */
static void limits_in_a_text(void **state)
{
  (void)state;
  assert_limits(NUMBERS_DEFAULT, "n 4  median 32 (24.5–NR)", "n 4  median 32 (24.5–NR)");
  assert_limits(NUMBERS_JAMA, "n 4  median 32 (24.5–NR)", "n 4  median 32 (24.5-NR)");
  assert_limits(NUMBERS_APA, "a (b) 32 (24.5–39) and -1 (-2 to 3)", "a (b) 32 [24.5, 39] and -1 [-2, 3]");
  assert_limits(NUMBERS_NEJM, "32 (NR–NR) (Kaplan–Meier) (–3)", "32 (NR to NR) (Kaplan–Meier) (–3)");
  assert_limits(NUMBERS_LANCET, "32 (24.5–39", "32 (24·5–39");
  assert_limits(NUMBERS_SPSS, "0.32 (0.25–0.4)", ".32 (.25–.4)");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(two_digits_unless_that_crosses_the_level),
      cmocka_unit_test(digits_of_the_others),
      cmocka_unit_test(sentences_have_letter_and_blanks),
      cmocka_unit_test(limits_have_separators_and_marks),
      cmocka_unit_test(tables_are_restyled_by_value),
      cmocka_unit_test(the_letter_stands_alone),
      cmocka_unit_test(names_are_found),
      cmocka_unit_test(limits_in_a_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
