/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The language: expressions over a small cohort, commands, formulas, facets, scripts; and soup that must not crash it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"
#include "lang/command.h"
#include "lang/facet.h"
#include "lang/formula.h"
#include "lang/script.h"

/* Five patients: age 50, 60, missing, 70, 80; grade G1, G2, G3, missing, G1; two dates; a name that needs backticks. */
static struct cohort *make_cohort(void)
{
  double *ages = memory_new(5, sizeof *ages), *first = memory_new(5, sizeof *first), *last = memory_new(5, sizeof *last);
  char **levels = memory_new(3, sizeof *levels);
  const double age[] = {50, 60, (double)NAN, 70, 80};
  const uint32_t grades[] = {1, 2, 3, 0, 1};
  for (size_t i = 0; i < 5; i++) {
    ages[i] = age[i];
    first[i] = 16000;
    last[i] = 16000 + 365.25 * (double)(i + 1);
  }
  for (size_t i = 0; i < 3; i++) {
    char name[] = {'G', (char)('1' + i), '\0'};
    levels[i] = memory_copy_string(name);
  }
  struct column *columns[] = {column_new_numbers("age", COLUMN_NUMBER, ages, 5),
                              column_new_factor("grade", grades, 5, levels, 3),
                              column_new_numbers("dx", COLUMN_DATE, first, 5),
                              column_new_numbers("last seen", COLUMN_DATE, last, 5)};
  return cohort_new(5, columns, 4);
}

/* The expression's values as text, a blank between rows, "." for missing. */
static char *values_of(const char *source)
{
  struct cohort *cohort = make_cohort();
  struct error error = ERROR_INIT;
  struct expr *expr;
  struct column *column;
  struct text text = TEXT_INIT;
  if (expr_parse_string(source, &expr, &error))
    fail_msg("%s: %s", source, error.what);
  if (expr_evaluate(expr, cohort, "value", &column, &error))
    fail_msg("%s: %s", source, error.what);
  for (size_t row = 0; row < 5; row++) {
    size_t before = text.length;
    column_append_cell(column, row, &text);
    text_append(&text, text.length == before ? ". " : " ");
  }
  text_truncate(&text, text.length - 1);
  column_release(column);
  expr_free(expr);
  cohort_release(cohort);
  return text_take(&text);
}

static void assert_values(const char *source, const char *expected)
{
  char *values = values_of(source);
  if (strcmp(values, expected) != 0)
    fail_msg("%s is %s, not %s", source, values, expected);
  free(values);
}

static void test_precedence_is_r_s(void **state)
{
  (void)state;
  assert_values("-2^2", "-4 -4 -4 -4 -4");
  assert_values("2^3^2", "512 512 512 512 512");
  assert_values("2^-1", "0.5 0.5 0.5 0.5 0.5");
  assert_values("1 + 2 * 3 - 4 / 2", "5 5 5 5 5");
  assert_values("(1 + 2) * 3", "9 9 9 9 9");
  assert_values("!age > 60", "1 1 . 0 0");
  assert_values("age > 50 & age < 80 | age == 80", "0 1 . 1 1");
  assert_values("10 - 3 - 2", "5 5 5 5 5");
}

static void test_logic_has_three_values(void **state)
{
  (void)state;
  assert_values("age > 55", "0 1 . 1 1");
  assert_values("age > 55 & 1 == 0", "0 0 0 0 0");
  assert_values("age > 55 | 1 == 1", "1 1 1 1 1");
  assert_values("age > 55 & grade == \"G1\"", "0 0 0 . 1");
  assert_values("age > 55 | grade == \"G1\"", "1 1 . 1 1");
  assert_values("!(age > 55)", "1 0 . 0 0");
  assert_values("missing(age) | age < 55", "1 0 1 0 0");
  assert_values("missing(grade)", "0 0 0 1 0");
}

static void test_texts_and_levels(void **state)
{
  (void)state;
  assert_values("grade", "G1 G2 G3 . G1");
  assert_values("grade != \"G1\"", "0 1 1 . 0");
  assert_values("grade >= \"G2\"", "0 1 1 . 0");
  assert_values("\"G2\" <= grade", "0 1 1 . 0");
  assert_values("grade in (\"G1\", \"G3\")", "1 0 1 . 1");
  assert_values("age in (50, 80)", "1 0 . 0 1");
  assert_values("if(age < 65, \"young\", \"old\")", "young young . old old");
  assert_values("if(missing(age), NA, age)", "50 60 . 70 80");
  assert_values("if(grade == \"G1\", grade, \"other\")", "G1 other other . G1");
  assert_values("cut(age, 60, 80)", "<60 60 to <80 . 60 to <80 >=80");
}

static void test_functions(void **state)
{
  (void)state;
  assert_values("round(log(exp(2)), 3)", "2 2 2 2 2");
  assert_values("log(0)", ". . . . .");
  assert_values("1 / 0", ". . . . .");
  assert_values("sqrt(age - 60)", ". 0 . 3.1622776601683795 4.47213595499958");
  assert_values("min(age, 65)", "50 60 . 65 65");
  assert_values("max(age, 65)", "65 65 . 70 80");
  assert_values("abs(age - 65)", "15 5 . 5 15");
  assert_values("round(2.5)", "2 2 2 2 2");
  assert_values("years(dx, `last seen`)", "1 2 3 4 5");
  assert_values("months(dx, `last seen`)", "12 24 36 48 60");
  assert_values("`last seen` - dx > 1000", "0 0 1 1 1");
  assert_values("dx >= \"2013-10-22\"", "1 1 1 1 1");
  assert_values("dx < date(\"2013-10-22\")", "0 0 0 0 0");
}

static void assert_fails(const char *source, const char *what, size_t start)
{
  struct cohort *cohort = make_cohort();
  struct error error = ERROR_INIT;
  struct expr *expr = NULL;
  struct bitmap rows;
  enum status status = expr_parse_string(source, &expr, &error);
  if (!status) {
    status = expr_select(expr, cohort, NULL, &rows, NULL, &error);
    if (!status)
      bitmap_clear(&rows);
    expr_free(expr);
  }
  if (!status || !strstr(error.what, what) || !error.has_range || error.start != start)
    fail_msg("%s: \"%s\" at %zu, not \"%s\" at %zu", source, status ? error.what : "no error", error.start, what, start);
  error_clear(&error);
  cohort_release(cohort);
}

static void test_errors_have_their_place(void **state)
{
  (void)state;
  assert_fails("agee > 60", "no column agee", 0);
  assert_fails("age = 60", "= does not compare", 4);
  assert_fails("age > ", "missing here", 6);
  assert_fails("(age > 60", "closing parenthesis", 9);
  assert_fails("grade == \"G9\"", "no level \"G9\"", 9);
  assert_fails("age == \"x\"", "compared with the text", 7);
  assert_fails("grade > 3", "compared with a number", 0);
  assert_fails("age & grade == \"G1\"", "not a yes or no", 0);
  assert_fails("age", "no condition", 0);
  assert_fails("foo(age) > 1", "no function foo", 0);
  assert_fails("log() > 1", "argument", 0);
  assert_fails("dx > 5", "cannot be compared", 0);
  assert_fails("age > 60 age", "should end here", 9);
  assert_fails("2 * os months 2", "there is no operator in os months 2", 4);
  assert_fails("\"open", "not closed", 0);
  assert_fails("age > 1 ? 2", "no meaning", 8);
}

static void test_depth_and_length_are_bounded(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  text_append_repeated(&text, '(', 100000);
  assert_fails(text_string(&text), "nested too deeply", 200);
  text_truncate(&text, 0);
  text_append(&text, "age > 0");
  for (int i = 0; i < 5000; i++)
    text_append(&text, " + 1");
  struct error error = ERROR_INIT;
  struct expr *expr;
  assert_int_equal(expr_parse_string(text_string(&text), &expr, &error), STATUS_ERROR);
  assert_non_null(strstr(error.what, "too long"));
  error_clear(&error);
  text_truncate(&text, 0);
  text_append_repeated(&text, '!', 100000);
  assert_int_equal(expr_parse_string(text_string(&text), &expr, &error), STATUS_ERROR);
  error_clear(&error);
  text_truncate(&text, 0);
  text_append_repeated(&text, '+', 100000);
  assert_int_equal(expr_parse_string(text_string(&text), &expr, &error), STATUS_ERROR);
  error_clear(&error);
  text_clear(&text);
}

static void assert_canonical(const char *source, const char *expected)
{
  struct error error = ERROR_INIT;
  struct expr *expr, *again;
  struct text text = TEXT_INIT;
  if (expr_parse_string(source, &expr, &error))
    fail_msg("%s: %s", source, error.what);
  expr_append(&text, expr);
  assert_string_equal(text_string(&text), expected);
  assert_int_equal(expr_parse_string(text_string(&text), &again, &error), STATUS_OK);
  assert_true(expr_equal(expr, again));
  expr_free(expr);
  expr_free(again);
  text_clear(&text);
}

static void test_printing_is_canonical(void **state)
{
  (void)state;
  assert_canonical("(age>60)&(sex==\"m\")", "age > 60 & sex == \"m\"");
  assert_canonical("(a|b)&c", "(a | b) & c");
  assert_canonical("a-(b-c)", "a - (b - c)");
  assert_canonical("(a-b)-c", "a - b - c");
  assert_canonical("(-a)^2", "(-a)^2");
  assert_canonical("-a^2", "-a^2");
  assert_canonical("!(a & b)", "!(a & b)");
  assert_canonical("`odd name` in (\"a\\\"b\",\"c\")", "`odd name` in (\"a\\\"b\", \"c\")");
  assert_canonical("年龄 > 3", "年龄 > 3");
}

/* ---- commands ---- */

static const struct option_syntax test_options[] = {
    {"at", OPTION_LIST, NULL, "times"},       {"conf", OPTION_WORD, "log|plain|log-log", "type"},
    {"tau", OPTION_NUMBER, NULL, "limit"},    {"competing", OPTION_EXPRESSION, NULL, "event"},
    {"robust", OPTION_FLAG, NULL, "sandwich"}, {"because", OPTION_TEXT, NULL, "reason"},
    {.name = NULL},
};

static const struct command_syntax names_syntax = {"km", ARGUMENTS_NAMES, true, test_options};
static const struct command_syntax expression_syntax = {"filter", ARGUMENTS_EXPRESSION, false, NULL};
static const struct command_syntax bare_syntax = {"drop", ARGUMENTS_NONE, true, test_options};

static const struct command_syntax *look_up(const char *verb, size_t length, const void *data)
{
  (void)data;
  const struct command_syntax *const all[] = {&names_syntax, &expression_syntax, &bare_syntax};
  for (size_t i = 0; i < 3; i++)
    if (strlen(all[i]->name) == length && memcmp(all[i]->name, verb, length) == 0)
      return all[i];
  return NULL;
}

static void parse(const char *line, struct command *command)
{
  struct error error = ERROR_INIT;
  if (command_parse(line, look_up, NULL, command, &error))
    fail_msg("%s: %s", line, error.what);
}

static void test_options_end_where_they_should(void **state)
{
  (void)state;
  struct command command;
  parse("km sex `odd one` if age > 60, at=12,36,60 conf=log-log, competing=status == 1 robust tau=-5 because=\"a, b\" # c",
        &command);
  assert_int_equal(command.end - command.begin, 2);
  assert_non_null(command.condition);
  assert_int_equal(command.n_options, 6);
  assert_int_equal(command_find_option(&command, "at")->n_items, 3);
  assert_string_equal(command_find_option(&command, "conf")->value, "log-log");
  assert_string_equal(command_find_option(&command, "competing")->expr->text, "==");
  assert_float_equal(command_find_option(&command, "tau")->number, -5, 0);
  assert_string_equal(command_find_option(&command, "because")->value, "a, b");
  struct command_word *words;
  assert_int_equal(command_words(&command, &words), 2);
  assert_string_equal(words[1].text, "odd one");
  command_words_free(words, 2);
  command_clear(&command);
  parse("km, at=fh(1,0),2", &command);
  assert_string_equal(command_find_option(&command, "at")->items[0], "fh(1,0)");
  command_clear(&command);
}

static void test_if_is_condition_or_function(void **state)
{
  (void)state;
  struct command command;
  parse("km sex if (age > 60)", &command);
  assert_non_null(command.condition);
  command_clear(&command);
  parse("filter if(age > 60, 1, 0) == 1", &command);
  assert_null(command.condition);
  command_clear(&command);
  parse("drop if if(age > 60, 1, 0) == 1", &command);
  assert_non_null(command.condition);
  command_clear(&command);
}

static void assert_command_fails(const char *line, const char *what, size_t start)
{
  struct command command;
  struct error error = ERROR_INIT;
  assert_int_equal(command_parse(line, look_up, NULL, &command, &error), STATUS_ERROR);
  if (!strstr(error.what, what) || error.start != start)
    fail_msg("%s: \"%s\" at %zu, not \"%s\" at %zu", line, error.what, error.start, what, start);
  command_clear(&command);
  error_clear(&error);
}

static void test_command_errors(void **state)
{
  (void)state;
  assert_command_fails("foo bar", "no command foo", 0);
  assert_command_fails("km sex, colour=3", "no option colour", 8);
  assert_command_fails("km sex, conf=foo", "cannot be foo", 13);
  assert_command_fails("km sex, tau=x", "wants a number", 12);
  assert_command_fails("km sex, tau=1 tau=2", "given twice", 14);
  assert_command_fails("km sex,", "missing after the comma", 7);
  assert_command_fails("km sex, robust=3", "takes no value", 15);
  assert_command_fails("km sex, at", "wants a value", 8);
  assert_command_fails("filter age > 60 if sex == 1", "no condition", 16);
  assert_command_fails("drop sex", "no arguments", 5);
}

/* ---- formulas ---- */

static void assert_formula(const char *source, const char *terms)
{
  struct formula formula;
  struct error error = ERROR_INIT;
  struct text text = TEXT_INIT;
  if (formula_parse_string(source, &formula, &error))
    fail_msg("%s: %s", source, error.what);
  for (size_t i = 0; i < formula.n_terms; i++)
    text_append_format(&text, "%s%s", i ? " " : "", formula.terms[i].name);
  if (formula.n_strata)
    text_append_format(&text, " | %zu", formula.n_strata);
  assert_string_equal(text_string(&text), terms);
  text_clear(&text);
  formula_clear(&formula);
}

static void test_formulas(void **state)
{
  (void)state;
  assert_formula("a + b + a", "a b");
  assert_formula("a * b", "a b a:b");
  assert_formula("a:b + a", "a a:b");
  assert_formula("a * b * c", "a b c a:b a:c b:c a:b:c");
  assert_formula("a:b + b:a", "a:b");
  assert_formula("log(x) + ref(grade, \"G2\") + factor(z) + strata(s, t)", "log(x) grade factor(z) | 2");
  assert_formula("I(age / 10)", "I(age / 10)");
  assert_formula("1", "");
  struct formula formula;
  struct error error = ERROR_INIT;
  const char *const bad[] = {"a +", "a - b", "a * strata(b)", "3", "\"x\"", "a / b", "ref(a)", "+ a", "a:"};
  for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
    assert_int_equal(formula_parse_string(bad[i], &formula, &error), STATUS_ERROR);
    assert_true(error.has_range);
    error_clear(&error);
  }
}

static void test_formulas_are_rewritten(void **state)
{
  (void)state;
  struct formula formula;
  struct error error = ERROR_INIT;
  assert_int_equal(formula_parse_string("age + grade * sex + strata(s)", &formula, &error), STATUS_OK);
  char *text = formula_toggled(&formula, "sex");
  assert_string_equal(text, "age + grade + strata(s)");
  free(text);
  text = formula_toggled(&formula, "odd one");
  assert_string_equal(text, "age + grade + sex + grade:sex + strata(s) + `odd one`");
  free(text);
  text = formula_with_reference(&formula, "grade", "G2");
  assert_non_null(strstr(text, "ref(grade, \"G2\")"));
  free(text);
  formula_clear(&formula);
}

/* ---- facets, scripts ---- */

static void assert_facet(const char *filter, const char *included, const char *expected)
{
  struct cohort *cohort = make_cohort();
  struct error error = ERROR_INIT;
  struct expr *expr = NULL;
  bool levels[3];
  if (*filter)
    assert_int_equal(expr_parse_string(filter, &expr, &error), STATUS_OK);
  for (size_t i = 0; i < 3; i++)
    levels[i] = included[i] == 'x';
  char *text = facet_write(expr, cohort_find_column(cohort, "grade"), levels);
  if (expected)
    assert_string_equal(text, expected);
  else
    assert_null(text);
  free(text);
  expr_free(expr);
  cohort_release(cohort);
}

static void test_facets(void **state)
{
  (void)state;
  assert_facet("", "xx.", "grade in (\"G1\", \"G2\")");
  assert_facet("", "..x", "grade == \"G3\"");
  assert_facet("grade == \"G1\"", "xxx", "");
  assert_facet("age > 3 & grade != \"G1\" & age < 9", "x..", "age > 3 & grade == \"G1\" & age < 9");
  assert_facet("age > 3 | age < 2", "x..", "(age > 3 | age < 2) & grade == \"G1\"");
  assert_facet("grade == \"G1\"", "...", NULL);
}

static void test_scripts(void **state)
{
  (void)state;
  struct script script;
  struct error error = ERROR_INIT;
  const char source[] = "\xEF\xBB\xBF# one\r\n\nkm \\\n  sex\nlast";
  assert_int_equal(script_read(&script, source, sizeof source - 1, &error), STATUS_OK);
  assert_int_equal(script.n_lines, 3);
  assert_string_equal(script.lines[1].text, "km    sex");
  assert_int_equal(script.lines[1].number, 3);
  assert_int_equal(script.lines[2].number, 5);
  script_clear(&script);
  assert_int_equal(script_read(&script, "a\nb\0c", 5, &error), STATUS_ERROR);
  error_clear(&error);
}

/* ---- soup ---- */

static uint32_t random_below(uint32_t *seed, uint32_t n)
{
  *seed = *seed * 1664525 + 1013904223;
  return (*seed >> 8) % n;
}

static void test_soup_does_no_harm(void **state)
{
  (void)state;
  static const char *const pieces[] = {"km",  "filter", "drop", " ",   "if",  "(",  ")",   ",",    "=",   "==",      "age",
                                       "\"",  "`",      "12",   "1e9", "in",  "&",  "|",   "!",    "-",   "*",       ":",
                                       "cut", "NA",     "\xff", "年",  "\x1b", "#", "strata(", "ref(", "at=", "conf=log", "^"};
  struct cohort *cohort = make_cohort();
  uint32_t seed = 7;
  for (int round = 0; round < 20000; round++) {
    struct text line = TEXT_INIT;
    struct error error = ERROR_INIT;
    struct command command;
    struct expr *expr;
    struct formula formula;
    struct column *column;
    for (uint32_t n = random_below(&seed, 12); n-- > 0;)
      text_append(&line, pieces[random_below(&seed, sizeof pieces / sizeof *pieces)]);
    command_parse(text_string(&line), look_up, NULL, &command, &error);
    command_clear(&command);
    if (!formula_parse_string(text_string(&line), &formula, &error))
      formula_clear(&formula);
    if (!expr_parse_string(text_string(&line), &expr, &error)) {
      if (!expr_evaluate(expr, cohort, "x", &column, &error))
        column_release(column);
      expr_free(expr);
    }
    error_clear(&error);
    text_clear(&line);
  }
  cohort_release(cohort);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_precedence_is_r_s),
      cmocka_unit_test(test_logic_has_three_values),
      cmocka_unit_test(test_texts_and_levels),
      cmocka_unit_test(test_functions),
      cmocka_unit_test(test_errors_have_their_place),
      cmocka_unit_test(test_depth_and_length_are_bounded),
      cmocka_unit_test(test_printing_is_canonical),
      cmocka_unit_test(test_options_end_where_they_should),
      cmocka_unit_test(test_if_is_condition_or_function),
      cmocka_unit_test(test_command_errors),
      cmocka_unit_test(test_formulas),
      cmocka_unit_test(test_formulas_are_rewritten),
      cmocka_unit_test(test_facets),
      cmocka_unit_test(test_scripts),
      cmocka_unit_test(test_soup_does_no_harm),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
