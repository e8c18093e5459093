/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The sheet of patients: order, columns, widths, searching, tags, frequencies; then the keys of the data view and the log
 * in an explorer without a terminal. */
#include <math.h>

#include "base/memory.h"
#include "explorer_case.h"
#include "data/sort_rows.h"
#include "ui/frequency.h"
#include "ui/sheet.h"

/* ---- a cohort made by hand ---- */

static struct column *numbers(const char *name, enum column_kind kind, const double *values, size_t n)
{
  return column_new_numbers(name, kind, memory_copy(values, n, sizeof *values), n);
}

static struct column *factor(const char *name, const uint32_t *codes, size_t n, const char *const *names, size_t n_levels)
{
  char **levels = memory_new(n_levels, sizeof *levels);
  for (size_t i = 0; i < n_levels; i++)
    levels[i] = memory_copy_string(names[i]);
  return column_new_factor(name, codes, n, levels, n_levels);
}

enum { N = 8 };

/* age has a missing value, a -0 and ties; arm has a missing value and an empty level; 年龄 is a date. */
static struct state *small_state(void)
{
  static const double age[N] = {50, -0.0, NAN, 61, -3.5, 61, 0, 50}, days[N] = {0, 1, 2, 3, 4, 5, NAN, 16000};
  static const uint32_t arm[N] = {2, 1, 3, 0, 2, 1, 3, 2};
  static const char *const levels[] = {"B", "A \033[2J", ""};
  struct column *columns[] = {numbers("age", COLUMN_NUMBER, age, N), factor("arm", arm, N, levels, 3),
                              numbers("年龄", COLUMN_DATE, days, N)};
  struct state *state = state_new();
  state_set_cohort(state, cohort_new(N, columns, 3));
  return state;
}

static void assert_rows(const struct sheet *sheet, const char *expected)
{
  struct text text = TEXT_INIT;
  for (size_t i = 0; i < sheet->n_rows; i++)
    text_append_format(&text, "%s%u", i ? " " : "", (unsigned)sheet->rows[i]);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void test_sorting_is_stable_with_missing_last(void **unused)
{
  (void)unused;
  struct state *state = small_state();
  struct sheet sheet = {.state = NULL};
  sheet_follow(&sheet, state);
  assert_int_equal(sheet.n_columns, 3);
  assert_rows(&sheet, "0 1 2 3 4 5 6 7");
  assert_true(sheet_sort(&sheet, false));
  assert_rows(&sheet, "4 1 6 0 7 3 5 2"); /* -0 and 0 are equal */
  assert_true(sheet_sort(&sheet, true));
  assert_rows(&sheet, "3 5 0 7 1 6 4 2"); /* ties keep the order of the sort before */
  sheet.column = 1;
  assert_true(sheet_sort(&sheet, false));
  assert_rows(&sheet, "5 1 0 7 4 6 2 3"); /* by level, not by letter; age descending breaks ties; missing last */
  bool descending;
  assert_int_equal(sheet_key_place(&sheet, "arm", &descending), 1);
  assert_false(descending);
  assert_int_equal(sheet_key_place(&sheet, "age", &descending), 2);
  assert_true(descending);
  assert_false(sheet_sort(&sheet, false)); /* once more: the order of the file */
  assert_rows(&sheet, "0 1 2 3 4 5 6 7");
  sheet_clear(&sheet);
  state_release(state);
}

static void test_order_columns_and_tags_outlive_a_filter(void **unused)
{
  (void)unused;
  struct error error = ERROR_INIT;
  struct state *state = small_state(), *filtered = state_copy(state);
  struct sheet sheet = {.state = NULL};
  assert_int_equal(state_set_filter(filtered, "age >= 0", &error), STATUS_OK);
  sheet_follow(&sheet, state);
  sheet_sort(&sheet, true);
  sheet.list.cursor = 7; /* row 2 */
  sheet_toggle_tag(&sheet);
  sheet.list.cursor = 0; /* row 3 */
  sheet_toggle_tag(&sheet);
  assert_int_equal(sheet_count_tagged(&sheet), 2);
  assert_true(sheet_hide_column(&sheet));
  const size_t width = sheet_width(&sheet, 0);
  sheet_follow(&sheet, filtered);
  assert_rows(&sheet, "3 5 0 7 1 6");
  assert_int_equal(sheet.n_columns, 2);
  assert_int_equal(sheet_count_tagged(&sheet), 1);
  assert_int_equal(sheet_width(&sheet, 0), width);
  assert_true(sheet_hide_column(&sheet));
  assert_false(sheet_hide_column(&sheet)); /* the last stays */
  assert_int_equal(sheet_show_all(&sheet), 2);
  assert_int_equal(sheet.n_columns, 3);
  sheet_clear(&sheet);
  state_release(state);
  state_release(filtered);
}

static void test_a_million_rows_sort_as_numbers_do(void **unused)
{
  (void)unused;
  enum { MANY = 300000 };
  double *values = memory_new(MANY, sizeof *values);
  uint32_t *rows = memory_new(MANY, sizeof *rows), seed = 7;
  for (size_t i = 0; i < MANY; i++) {
    seed = seed * 1664525 + 1013904223;
    values[i] = seed % 97 == 0 ? (double)NAN : ((double)seed - 2e9) / (1 + seed % 1000);
    rows[i] = (uint32_t)i;
  }
  struct column *column = numbers("x", COLUMN_NUMBER, values, MANY);
  for (int descending = 0; descending < 2; descending++) {
    sort_rows(column, descending, rows, MANY);
    for (size_t i = 1; i < MANY; i++) {
      const double a = values[rows[i - 1]], b = values[rows[i]];
      assert_true(isnan(b) || (descending ? a >= b : a <= b));
    }
  }
  column_release(column);
  free(values);
  free(rows);
}

static void test_cells_tell_missing_from_empty(void **unused)
{
  (void)unused;
  struct state *state = small_state();
  struct text text = TEXT_INIT;
  const struct column *arm = cohort_find_column(state->cohort, "arm");
  sheet_append_cell(arm, 3, &text);
  sheet_append_cell(arm, 2, &text);
  sheet_append_cell(cohort_find_column(state->cohort, "年龄"), 7, &text);
  assert_string_equal(text_string(&text), ".\"\"2013-10-22");
  text_clear(&text);
  state_release(state);
}

/* Among others a number has seven digits; a whole one and what is told of one cell have all. */
static void test_derived_numbers_are_brief(void **unused)
{
  (void)unused;
  static const double values[] = {26.872536136662287, 0.1, 1234567890123, -12345678.75, 1.0 / 3e9, NAN, -0.0};
  enum { N_VALUES = sizeof values / sizeof *values };
  struct column *column = numbers("x", COLUMN_NUMBER, values, N_VALUES);
  struct text text = TEXT_INIT;
  for (size_t row = 0; row < N_VALUES; row++) {
    sheet_append_brief_cell(column, row, &text);
    text_append_char(&text, ' ');
  }
  assert_string_equal(text_string(&text), "26.87254 0.1 1234567890123 -12345679 3.333333e-10 . 0 ");
  text_truncate(&text, 0);
  sheet_append_cell(column, 0, &text);
  assert_string_equal(text_string(&text), "26.872536136662287");
  text_clear(&text);
  column_release(column);
}

static void test_widths_are_bounded_and_the_cursor_stays_in_sight(void **unused)
{
  (void)unused;
  struct state *state = small_state();
  struct sheet sheet = {.state = NULL};
  sheet_follow(&sheet, state);
  assert_int_equal(sheet_width(&sheet, 0), 4);  /* -3.5 */
  assert_int_equal(sheet_width(&sheet, 1), 7);  /* A ^[[2J: the escape takes two columns */
  assert_int_equal(sheet_width(&sheet, 2), 10); /* a date */
  sheet.column = 2;
  sheet_show_column(&sheet, 19);
  assert_int_equal(sheet.first_column, 1);
  sheet_show_column(&sheet, 5);
  assert_int_equal(sheet.first_column, 2);
  sheet.column = 0;
  sheet_show_column(&sheet, 80);
  assert_int_equal(sheet.first_column, 0);
  sheet_clear(&sheet);
  state_release(state);
}

static void test_searching_goes_round_and_counts(void **unused)
{
  (void)unused;
  struct state *state = small_state();
  struct sheet sheet = {.state = NULL};
  sheet_follow(&sheet, state);
  struct sheet_found found = sheet_search(&sheet, "a ", 0, 1000, NULL);
  assert_true(found.found && found.complete);
  assert_int_equal(found.count, 3);
  assert_int_equal(found.number, 1);
  assert_true(found.row == 0 && found.column == 1);
  sheet.column = 1;
  found = sheet_search(&sheet, "a ", 1, 1000, NULL);
  assert_true(found.row == 4 && found.number == 2);
  found = sheet_search(&sheet, "a ", -1, 1000, NULL);
  assert_true(found.row == 7 && found.number == 3);
  found = sheet_search(&sheet, "61", 1, 1000, NULL);
  assert_true(found.row == 3 && found.column == 0 && found.count == 2);
  found = sheet_search(&sheet, "1970-01", 0, 1000, NULL);
  assert_int_equal(found.count, 6);
  assert_false(sheet_search(&sheet, "nothing", 0, 1000, NULL).found);
  assert_false(sheet_search(&sheet, ".", 0, 1000, NULL).found && sheet_search(&sheet, ".", 0, 1000, NULL).count > 1); /* -3.5 alone */
  assert_false(sheet_search(&sheet, "", 0, 1000, NULL).found);
  sheet.column = 0;
  sheet_hide_column(&sheet);
  assert_false(sheet_search(&sheet, "61", 0, 1000, NULL).found); /* hidden cells are not looked through */
  sheet_clear(&sheet);
  state_release(state);
}

static void test_columns_are_found_by_name(void **unused)
{
  (void)unused;
  struct state *state = small_state();
  struct sheet sheet = {.state = NULL};
  sheet_follow(&sheet, state);
  assert_int_equal(sheet_find_column(&sheet, "ar"), 1);
  assert_int_equal(sheet_find_column(&sheet, "GE"), 0);
  assert_int_equal(sheet_find_column(&sheet, "龄"), 2);
  assert_int_equal(sheet_find_column(&sheet, "z"), 3);
  sheet_clear(&sheet);
  state_release(state);
}

static void test_frequencies_by_count_and_by_value(void **unused)
{
  (void)unused;
  struct state *state = small_state();
  struct frequency *arm = frequency_count(cohort_find_column(state->cohort, "arm"), state->on_view, NULL);
  assert_int_equal(arm->n_present, 7);
  assert_int_equal(arm->n_missing, 1);
  assert_int_equal(frequency_rows(arm), 4);
  assert_true(frequency_line_at(arm, 0, false)->code == 2 && frequency_line_at(arm, 0, false)->count == 3 && arm->most == 3);
  assert_int_equal(frequency_line_at(arm, 0, true)->code, 1);
  assert_null(frequency_line_at(arm, 3, true));
  frequency_release(arm);
  struct frequency *age = frequency_count(cohort_find_column(state->cohort, "age"), state->on_view, NULL);
  assert_int_equal(age->n_lines, 4); /* -3.5, 0 twice, 50 twice, 61 twice */
  const double by_count[] = {0, 50, 61, -3.5}; /* equal counts in the order of the values */
  for (size_t i = 0; i < 4; i++)
    assert_true(frequency_line_at(age, i, false)->value == by_count[i]);
  assert_true(frequency_line_at(age, 0, true)->value == -3.5 && frequency_line_at(age, 3, true)->value == 61);
  frequency_release(age);
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_null(frequency_count(cohort_find_column(state->cohort, "age"), state->on_view, &task));
  state_release(state);
}

static void test_an_empty_cohort_has_a_sheet(void **unused)
{
  (void)unused;
  struct state *nothing = state_new(), *state = small_state(), *nobody = state_copy(state);
  struct error error = ERROR_INIT;
  struct sheet sheet = {.state = NULL};
  assert_int_equal(state_set_filter(nobody, "age > 1000", &error), STATUS_OK);
  sheet_follow(&sheet, nothing);
  assert_int_equal(sheet.n_rows + sheet.n_columns, 0);
  sheet_follow(&sheet, nobody);
  assert_int_equal(sheet.n_rows, 0);
  sheet_sort(&sheet, true);
  assert_false(sheet_search(&sheet, "6", 0, 1000, NULL).found);
  assert_int_equal(sheet_count_tagged(&sheet), 0);
  sheet_follow(&sheet, nothing);
  assert_int_equal(sheet.n_columns, 0);
  sheet_clear(&sheet);
  state_release(nothing);
  state_release(nobody);
  state_release(state);
}

/* ---- keys ---- */

static const char cohort_text[] = "id,arm,age,time,death,seen\n"
                                  "P1,treated,50,10,1,2020-01-05\n"
                                  "P2,control,61,,0,2020-02-05\n"
                                  "P3,treated,,30,0,2019-01-05\n"
                                  "P4,\033]0;x\007,44,40,1,\n"
                                  "P5,control,61,5,1,2021-12-31\n"
                                  "P6,手术后的病人手术后的病人手术,39,60,0,2020-01-05\n";

static int set_up(void **state)
{
  struct session *session = session_on_bytes(cohort_text, sizeof cohort_text - 1);
  run(session, "endpoint os = Surv(time, death == 1)");
  run(session, "label arm treated \"Treated as planned\"");
  *state = fixture_new(session, CHARSET_BOX);
  return 0;
}

static void test_the_cell_is_told_in_full(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '7');
  assert_shown(fixture, "row 1 of 6, patient row 1, os time = 10");
  press_all(fixture, "lll");
  assert_shown(fixture, "arm = treated (Treated as planned), level 3 of 4"); /* by code point: the escape, control, … */
  press(fixture, 'j');
  press(fixture, '0');
  assert_shown(fixture, "patient row 2, os time = missing");
  press(fixture, '$');
  assert_shown(fixture, "seen = 2020-02-05");
  press(fixture, 'G');
  assert_shown(fixture, "row 6 of 6");
  answer(fixture, 'C', "`arm`");
  assert_shown(fixture, "arm = 手术后的病人手术后的病人手术");
  assert_shown(fixture, "手术后的病人手术后的病…");
  press_all(fixture, "kk");
  assert_shown(fixture, "arm = ^[]0;x^G");
  answer(fixture, 'C', "nothing");
  assert_shown(fixture, "no column that is shown has nothing in its name");
}

static void test_sort_search_hide_and_tag(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '7');
  press(fixture, ']');
  assert_shown(fixture, "sorted by os time, descending");
  assert_shown(fixture, "patient row 6, os time = 60");
  answer(fixture, '/', "control");
  assert_shown(fixture, "/control: 1 of 2 found");
  assert_shown(fixture, "patient row 5, arm = control");
  press(fixture, 'n');
  assert_shown(fixture, "2 of 2 found");
  press(fixture, 'n');
  assert_shown(fixture, "1 of 2 found");
  press(fixture, 'N');
  assert_shown(fixture, "2 of 2 found");
  press(fixture, '-');
  assert_shown(fixture, "arm is hidden");
  press(fixture, 'n');
  assert_shown(fixture, "not found in the columns that are shown");
  press(fixture, '+');
  assert_shown(fixture, "1 column shown again");
  press(fixture, ' ');
  assert_shown(fixture, "1 tagged");
}

static void test_a_search_is_shown_while_it_is_typed(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '7');
  press(fixture, 'j');
  assert_int_equal(press(fixture, '/'), WISH_PROMPT);
  explorer_prompt_changed(fixture->explorer, "/", "6", 1, NULL);
  assert_shown(fixture, "1 of ");
  explorer_prompt_changed(fixture->explorer, "/", "61", 2, NULL);
  assert_shown(fixture, "patient row 2, age = 61");
  assert_shown(fixture, "1 of 2 found");
  explorer_prompt_done(fixture->explorer, NULL);
  assert_shown(fixture, "patient row 2, os time = missing"); /* where it was */
}

static void test_tagged_patients_become_a_filter(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '7');
  press(fixture, '"');
  assert_shown(fixture, "no patient is tagged");
  press_all(fixture, "  \"");
  assert_string_equal(state_of(fixture)->filter, "id in (\"P1\", \"P2\")");
  press(fixture, 'u');
  assert_null(state_of(fixture)->filter);
}

static void test_card(void **state)
{
  struct fixture *fixture = *state;
  press_all(fixture, "7lll\r");
  assert_shown(fixture, "Patient row 1, row 1 of 6 on view");
  assert_shown(fixture, "Treated as planned; level 3 of 4");
  assert_shown(fixture, "Surv(time, death == 1)");
  press(fixture, 'l');
  assert_shown(fixture, "Patient row 2");
  assert_shown(fixture, "missing");
  press(fixture, 'j');
  press(fixture, '\r');
  assert_shown(fixture, "patient row 2, age = 61");
  press(fixture, '\r');
  explorer_run(fixture->explorer, "filter age > 200");
  assert_shown(fixture, "0 patients on view");
  press(fixture, 'q');
  assert_shown(fixture, "> Data");
  assert_shown(fixture, "0 patients on view");
}

static void test_frequency_table_filters(void **state)
{
  struct fixture *fixture = *state;
  press_all(fixture, "7llllF");
  assert_shown(fixture, "age: 4 values, n 5, 1 missing; by count");
  press(fixture, '[');
  assert_shown(fixture, "by value");
  press_all(fixture, "G\r");
  assert_string_equal(state_of(fixture)->filter, "missing(age)");
  press(fixture, 'u');
  press_all(fixture, "]\r");
  assert_string_equal(state_of(fixture)->filter, "age == 61");
  assert_shown(fixture, "1 value, n 2, 0 missing");
  press_all(fixture, "qhF\r");
  assert_string_equal(state_of(fixture)->filter, "age == 61 & arm == \"control\"");
  press_all(fixture, "uuq");
  answer(fixture, 'C', "seen");
  press_all(fixture, "F\r");
  assert_string_equal(state_of(fixture)->filter, "seen == date(\"2020-01-05\")");
  assert_int_equal(state_of(fixture)->on_view->count, 2);
  press_all(fixture, "uq0F\r");
  assert_shown(fixture, "os time is made by the endpoint");
}

static void test_escape_and_q_go_back_to_where_it_was_opened(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '1');
  press(fixture, KEYS_BACK_TAB);
  press_all(fixture, "gjF");
  assert_shown(fixture, "> arm: 4 values");
  press(fixture, KEYS_ESCAPE);
  assert_shown(fixture, "> Variables");
  press_all(fixture, "7\r");
  press(fixture, KEYS_ESCAPE);
  assert_shown(fixture, "> row 1 of 6");
  press(fixture, KEYS_ESCAPE); /* never further */
  assert_shown(fixture, "> row 1 of 6");
}

/* At 80 columns what does not fit on its line is told in full below the card, and the sheet's line leaves out the rest. */
static void test_long_cells_are_told_in_full(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "label arm control \"Watched and waited for as the protocol of the second amendment says\"");
  press_all(fixture, "7jlll");
  char *shown = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(shown, "> arm = control (Watched and waited for as the protocol of the second ame"));
  free(shown);
  press(fixture, '\r');
  shown = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(shown, "in full"));
  assert_non_null(strstr(shown, "arm = control; Watched and waited"));
  assert_non_null(strstr(shown, "level 2 of 4"));
  free(shown);
}

static void test_a_column_in_words(void **state)
{
  struct fixture *fixture = *state;
  press_all(fixture, "7llllI");
  assert_shown(fixture, "with value  5, 1 missing; 4 different values");
  assert_shown(fixture, "mean        51, standard deviation 9.92472");
  assert_shown(fixture, "median      50");
  press_all(fixture, "qhI");
  assert_shown(fixture, "with value  6, 0 missing; 4 of 4 levels occur");
  assert_shown(fixture, "2  Treated as planned");
  press_all(fixture, "q$I");
  assert_shown(fixture, "highest     2021-12-31");
}

static void test_log_tells_all(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "filter age > 45");
  explorer_run(fixture->explorer, "km nothing");
  press(fixture, '8');
  assert_shown(fixture, "! km nothing   # failed: ");
  assert_shown(fixture, "failed: there is no column nothing; ");
  assert_shown(fixture, "n 3");
  press(fixture, 'k');
  assert_shown(fixture, "3 of 6 patients on view after it");
  assert_int_equal(press(fixture, 'o'), WISH_PROMPT);
  assert_string_equal(explorer_prompt_text(fixture->explorer), "filter age > 45");
  explorer_prompt_done(fixture->explorer, NULL);
  answer(fixture, '/', "endpoint");
  assert_shown(fixture, "/endpoint: 1 of 1 found");
  assert_shown(fixture, "command 2");
  press(fixture, 'g');
  answer(fixture, '/', "pla"); /* load "…/kaplan-…", label … "Treated as planned" */
  assert_shown(fixture, "command 1");
  press(fixture, 'N');
  assert_shown(fixture, "command 3");
  assert_shown(fixture, "2 of 2 found");
  press(fixture, 'N');
  assert_shown(fixture, "command 1");
}

static void test_every_size_and_no_cohort_live(void **state)
{
  struct fixture *fixture = *state;
  static const char *const ways[] = {"7", "7$G", "7\r", "7F", "8"};
  for (size_t way = 0; way < sizeof ways / sizeof *ways; way++) {
    press_all(fixture, ways[way]);
    for (size_t rows = 1; rows <= 30; rows++)
      for (size_t columns = 1; columns <= 100; columns += columns < 30 ? 1 : 9)
        draw(fixture->explorer, rows, columns);
  }
  struct session *empty = session_new();
  struct fixture none = {empty, explorer_new(empty, NULL, CHARSET_ASCII)};
  press_all(&none, "7 []-+FI\"\rjlG$C8\ro/");
  explorer_prompt_done(none.explorer, "x");
  draw(none.explorer, 24, 80);
  press_all(&none, "7");
  assert_shown(&none, "no cohort is loaded");
  explorer_free(none.explorer);
  session_free(empty);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_sorting_is_stable_with_missing_last),
      cmocka_unit_test(test_order_columns_and_tags_outlive_a_filter),
      cmocka_unit_test(test_a_million_rows_sort_as_numbers_do),
      cmocka_unit_test(test_cells_tell_missing_from_empty),
      cmocka_unit_test(test_derived_numbers_are_brief),
      cmocka_unit_test(test_widths_are_bounded_and_the_cursor_stays_in_sight),
      cmocka_unit_test(test_searching_goes_round_and_counts),
      cmocka_unit_test(test_columns_are_found_by_name),
      cmocka_unit_test(test_frequencies_by_count_and_by_value),
      cmocka_unit_test(test_an_empty_cohort_has_a_sheet),
      cmocka_unit_test_setup_teardown(test_the_cell_is_told_in_full, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_sort_search_hide_and_tag, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_search_is_shown_while_it_is_typed, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_tagged_patients_become_a_filter, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_card, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_frequency_table_filters, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_escape_and_q_go_back_to_where_it_was_opened, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_long_cells_are_told_in_full, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_a_column_in_words, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_log_tells_all, set_up, tear_down),
      cmocka_unit_test_setup_teardown(test_every_size_and_no_cohort_live, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
