/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The explorer without a terminal: frames that are kept (tests/explorer/frames; KAPLAN_KEEP=1 writes them anew), keys that
 * become commands, the keymap, completion. */
#include "base/memory.h"
#include "explorer_case.h"
#include "ui/keymap.h"
#include "ui/layout.h"
#include "verbs/setting.h"

static void screen_once(struct fixture *fixture)
{
  draw(fixture->explorer, 24, 80);
}

/* ---- kept frames ---- */

static void test_frames_are_as_kept(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  compare_sizes(explorer, "curves");
  compare_kept(explorer, "curves", 10, 40);
  compare_kept(explorer, "curves", 2, 15);
  press(fixture, 'x');
  compare_sizes(explorer, "cursor");
  press(fixture, 'x');
  press(fixture, KEYS_BACK_TAB);
  compare_sizes(explorer, "variables");
  press(fixture, '2');
  compare_sizes(explorer, "model");
  press(fixture, KEYS_ENTER);
  compare_sizes(explorer, "residuals");
  press(fixture, 'q');
  press(fixture, '3');
  compare_sizes(explorer, "table1");
  press(fixture, '4');
  compare_sizes(explorer, "forest");
  press(fixture, '5');
  compare_sizes(explorer, "nomogram");
  press(fixture, '6');
  compare_sizes(explorer, "flow");
  press(fixture, '7');
  compare_sizes(explorer, "data");
  press(fixture, '?');
  compare_sizes(explorer, "help");
  press(fixture, KEYS_ESCAPE);
  press(fixture, '1');
  explorer_run(explorer, "filter age > 200");
  compare_sizes(explorer, "nobody");
}

/* What Ctrl-O prints: the view alone and whole. */
static void test_plain_text_is_the_view(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, KEYS_BACK_TAB);
  draw(fixture->explorer, 24, 80);
  char *text = explorer_plain_text(fixture->explorer, 80);
  assert_non_null(strstr(text, "A  70/0/0"));
  assert_null(strstr(text, "Variables"));
  assert_null(strstr(text, "? help"));
  assert_true(text[strlen(text) - 1] == '\n' && text[strlen(text) - 2] != '\n');
  free(text);
  press(fixture, '3');
  draw(fixture->explorer, 10, 80);
  text = explorer_plain_text(fixture->explorer, 80);
  assert_non_null(strstr(text, "Baseline characteristics"));
  assert_non_null(strstr(text, "Shapiro"));
  free(text);
  press(fixture, '2');
  draw(fixture->explorer, 10, 80);
  text = explorer_plain_text(fixture->explorer, 80);
  assert_non_null(strstr(text, "age_group"));
  assert_non_null(strstr(text, "GLOBAL"));
  free(text);
}

/* The data view sorted, searched, with a column hidden; a patient's card, a frequency table, a column in words; the log. */
static void test_frames_of_the_data(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  press(fixture, '7');
  press(fixture, 'C');
  explorer_prompt_done(explorer, "age");
  press(fixture, ']');
  press(fixture, ' ');
  compare_sizes(explorer, "data-sorted");
  press(fixture, '/');
  explorer_prompt_done(explorer, "head");
  press(fixture, '-');
  press(fixture, 'n');
  press(fixture, '/');
  explorer_prompt_done(explorer, "XU-1");
  compare_sizes(explorer, "data-searched");
  compare_kept(explorer, "data-searched", 12, 60);
  press(fixture, '+');
  press(fixture, 'C');
  explorer_prompt_done(explorer, "surgery");
  press(fixture, 'F');
  compare_sizes(explorer, "data-frequency");
  press(fixture, 'q');
  press(fixture, 'I');
  compare_kept(explorer, "data-described", 24, 80);
  press(fixture, 'q');
  press(fixture, KEYS_ENTER);
  compare_sizes(explorer, "data-card");
}

/* A log with warnings and an error; files by names that are the same everywhere. */
static void test_frames_of_the_log(void **state)
{
  (void)state;
  struct fixture fixture = {.session = session_new()};
  struct text directory = TEXT_INIT;
  text_append_format(&directory, "%s/samples/xu2025", source_directory());
  session_set_directory(fixture.session, text_string(&directory));
  run(fixture.session, "source \"demo.kap\"");
  fixture.explorer = explorer_new(fixture.session, NULL, CHARSET_BOX);
  explorer_run(fixture.explorer, "filter sex == \"male\"");
  explorer_run(fixture.explorer, "km nothing");
  press(&fixture, '8');
  compare_sizes(fixture.explorer, "log");
  press(&fixture, 'k');
  press(&fixture, 'k');
  compare_sizes(fixture.explorer, "log-warnings");
  compare_kept(fixture.explorer, "log-warnings", 12, 60);
  explorer_free(fixture.explorer);
  session_free(fixture.session);
  text_clear(&directory);
}

/* Two views: each follows the filter, keys go to the one with the focus, a narrow window shows that one alone. */
static void test_two_views(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  draw(explorer, 24, 80);
  press(fixture, '|');
  char *shown = screen(explorer, 24, 80, false);
  assert_non_null(strstr(shown, "two views need a wider window"));
  free(shown);
  draw(explorer, 48, 160);
  press(fixture, '|');
  compare_kept(explorer, "split", 48, 160);
  press(fixture, KEYS_TAB);
  press(fixture, '5');
  assert_shown(fixture, "Total points");
  assert_shown(fixture, "at risk / events / censored");
  explorer_run(explorer, "filter sex == \"male\"");
  assert_shown(fixture, "83 of 163");
  assert_shown(fixture, "A  38/0/0");
  press(fixture, KEYS_TAB);
  press(fixture, KEYS_TAB);
  press(fixture, '3'); /* the left one: two commands side by side */
  assert_shown(fixture, "> table1");
  assert_shown(fixture, "─ nomogram");
  press(fixture, KEYS_BACK_TAB);
  press(fixture, KEYS_BACK_TAB);
  assert_shown(fixture, "> nomogram");
  shown = screen(explorer, 24, 80, false);
  assert_null(strstr(shown, "table1"));
  free(shown);
  for (size_t rows = 1; rows <= 60; rows += 7)
    for (size_t columns = 1; columns <= 210; columns += 13)
      draw(explorer, rows, columns);
  press(fixture, '|');
  shown = screen(explorer, 50, 200, false);
  assert_null(strstr(shown, "table1 "));
  free(shown);
}

/* A view shows the command that was typed last, else one of its own, and follows the filter; it scrolls both ways. */
static void test_views_of_commands(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "table1 age, by=sex");
  assert_shown(fixture, "[3 Table 1]");
  assert_shown(fixture, "table1 age, by=sex");
  assert_shown(fixture, "Shapiro");
  explorer_run(fixture->explorer, "filter sex == \"male\"");
  assert_shown(fixture, "83");
  press(fixture, 'l');
  press(fixture, 'j');
  press(fixture, 'G');
  press(fixture, 'g');
  press(fixture, 'h');
  assert_shown(fixture, "Baseline characteristics");
  press(fixture, '6');
  assert_shown(fixture, "perioperative death");
  explorer_run(fixture->explorer, "cox off");
  press(fixture, '5');
  assert_shown(fixture, "a nomogram is of a model");
  explorer_run(fixture->explorer, "forest surgery, over=nothing");
  assert_shown(fixture, "there is no column nothing");
  press(fixture, '1');
  assert_shown(fixture, "at risk");
}

/* The patient on the nomogram: keys move him, what is read follows, and the predict command says the same. */
static void test_nomogram_moves_a_patient(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  press(fixture, '5');
  assert_shown(fixture, ">age_group");
  press(fixture, 'l');
  press(fixture, 'j');
  press(fixture, 'j');
  press(fixture, 'j');
  press(fixture, KEYS_RIGHT);
  press(fixture, KEYS_RIGHT);
  compare_sizes(explorer, "nomogram-moved");
  assert_shown(fixture, ">grade");
  assert_shown(fixture, "grade NEC: 100.0 points; total 198.9; S(12) 0.535 (0.187–0.884)");
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "predict age_group=\">=60\"");
  assert_shown(fixture, "0.535 (0.187–0.884)");
  assert_shown(fixture, "total points 198.9");
  press(fixture, KEYS_ESCAPE);
  press(fixture, 'G');
  assert_shown(fixture, ">ssa");
  press(fixture, 'g');
  press(fixture, 'h');
  press(fixture, 'h');
  assert_shown(fixture, "age_group <60: 0.0 points; total 173.8");
  press(fixture, 'r');
  assert_shown(fixture, "total 87.7");
  press(fixture, 't');
  assert_shown(fixture, "points for 1 of the linear predictor");
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "t brings the scales back");
  press(fixture, 't');
  assert_shown(fixture, "Total points ");
}

/* What was chosen stays where the next model knows it; what it does not know is typical again. */
static void test_nomogram_keeps_what_is_valid(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "cox age + surgery");
  press(fixture, '5');
  assert_shown(fixture, "age 52: ");
  press(fixture, 'L');
  assert_shown(fixture, "age 55: ");
  press(fixture, 'l');
  press(fixture, 'l');
  press(fixture, 'H');
  press(fixture, 'l');
  assert_shown(fixture, "age 56: ");
  explorer_run(fixture->explorer, "cox grade + age");
  assert_shown(fixture, "  56: ");
  explorer_run(fixture->explorer, "cox age + surgery + strata(hm_distribution)");
  assert_shown(fixture, "hm_distribution ");
  assert_shown(fixture, "[bilobar]");
  assert_shown(fixture, "  56: ");
  press(fixture, 'G');
  press(fixture, 'h');
  assert_shown(fixture, "[unilobar]");
  explorer_run(fixture->explorer, "filter age < 45");
  assert_shown(fixture, "age ");
  explorer_run(fixture->explorer, "filter off");
  explorer_run(fixture->explorer, "cox age * sex");
  press(fixture, 'j');
  assert_shown(fixture, "male: sets the scale");
  press(fixture, 'l');
  assert_shown(fixture, "[female]");
  explorer_run(fixture->explorer, "cox age:ki67_percent");
  assert_shown(fixture, "age and ki67_percent have one effect together, and both are numbers");
  press(fixture, 'l');
  press(fixture, 'j');
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "there is no nomogram to read a patient off yet");
  explorer_run(fixture->explorer, "model \"Paper\" = 0.03 * age + 1.2 * (grade == \"NEC\"), baseline=12:0.02,36:0.08");
  press(fixture, KEYS_ESCAPE);
  assert_shown(fixture, "Survival at 36 months");
  assert_shown(fixture, "56: ");
  explorer_run(fixture->explorer, "filter age > 200");
  press(fixture, 'l');
  assert_shown(fixture, "no patient on view");
}

/* A model of many terms shows the chosen one at every size. */
static void test_nomogram_lives_at_every_size(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer,
               "cox age + sex + extrahepatic_metastasis + hm_size + grade + surgery + ssa + ki67_percent + functioning + "
               "targeted_therapy + chemotherapy + tace + rfa + primary_site + center");
  press(fixture, '5');
  for (size_t i = 0; i < 15; i++) {
    char *shown = screen(fixture->explorer, 24, 80, false);
    assert_non_null(strstr(shown, "\n>"));
    assert_non_null(strstr(shown, "\nTotal points"));
    free(shown);
    press(fixture, 'j');
  }
  for (size_t rows = 1; rows <= 60; rows += rows < 30 ? 1 : 7)
    for (size_t columns = 1; columns <= 210; columns += columns < 30 ? 1 : 13)
      draw(fixture->explorer, rows, columns);
}

/* Windows, functions and panels of the curves. */
static void test_frames_of_curves_are_as_kept(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  press(fixture, '+');
  press(fixture, 'y');
  compare_sizes(explorer, "zoomed");
  press(fixture, '_');
  press(fixture, 'f');
  compare_sizes(explorer, "event");
  press(fixture, 'f');
  compare_sizes(explorer, "cumhaz");
  press(fixture, 'f');
  compare_sizes(explorer, "loglog");
  press(fixture, 'f');
  explorer_run(explorer, "km surgery, panels=grade");
  compare_sizes(explorer, "panels");
  compare_kept(explorer, "panels", 10, 40);
  press(fixture, 'x');
  compare_kept(explorer, "panels-cursor", 24, 80);
  press(fixture, 'x');
  explorer_run(explorer, "km center sex");
  compare_sizes(explorer, "many");
  explorer_run(explorer, "km sex");
  explorer_run(explorer, "set charset=braille");
  compare_sizes(explorer, "braille");
}

/* Published results over the curves: in their legend at every size, taken back by u, gone with the endpoint. */
static void test_frames_of_marks(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  explorer_run(explorer, "mark \"Haugvik 2016\", time=3 survival=69 low=42 high=85 percent unit=years");
  explorer_run(explorer, "mark \"Du 2015\", median=20 low=8.9 high=31.1");
  explorer_run(explorer, "mark \"Far 2020\", time=300 survival=0.02");
  compare_sizes(explorer, "marks");
  compare_kept(explorer, "marks", 10, 40);
  assert_shown(fixture, "3 Far 2020 S(300) 0.02 (outside)");
  for (size_t rows = 1; rows < 30; rows += 2)
    for (size_t columns = 1; columns < 90; columns += 7)
      draw(explorer, rows, columns);
  explorer_run(explorer, "km surgery, panels=sex");
  compare_kept(explorer, "marks-panels", 24, 80);
  press(fixture, 'u');
  press(fixture, 'u');
  assert_int_equal(state_of(fixture)->marks->n, 2);
  explorer_run(explorer, "endpoint alive = Surv(os_months, death == 0)");
  char *shown = screen(explorer, 24, 80, false);
  assert_null(strstr(shown, "Published:"));
  free(shown);
  explorer_run(explorer, "mark off");
  assert_null(state_of(fixture)->marks);
}

/* A table without an outcome: each view shows it, or says why not; results are pooled in view 4. */
static void test_frames_of_published_results(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  struct text line = TEXT_INIT;
  text_append_format(&line, "load \"%s/samples/xue2025/evidence.csv\"", source_directory());
  explorer_run(explorer, text_string(&line));
  text_clear(&line);
  press(fixture, '1');
  assert_shown(fixture, "published results are pooled by :pool");
  press(fixture, '4');
  assert_shown(fixture, "of studies: :pool ESTIMATE LOW HIGH");
  explorer_run(explorer, "filter endpoint == \"ORR\" & row < 94");
  explorer_run(explorer, "pool estimate, n=n with=site method=reml");
  compare_sizes(explorer, "pool");
  press(fixture, KEYS_DOWN);
  for (uint32_t view = '1'; view <= '8'; view++) {
    press(fixture, view);
    for (size_t rows = 1; rows < 30; rows += 4)
      for (size_t columns = 1; columns < 90; columns += 11)
        draw(explorer, rows, columns);
  }
}

/* w derives a number of the view step by step; q goes back to where it was pressed. */
static void test_why(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = fixture->explorer;
  press(fixture, 'w');
  compare_sizes(explorer, "why-median");
  assert_shown(fixture, "why median surgery=\"NR\"  (1 of 4)");
  assert_shown(fixture, "t = 32: 26 at risk, 4 events: S = 0.5894 × (1 - 4/26) = 0.4988: the first at or under 0.5");
  press(fixture, 'k');
  assert_shown(fixture, "t = 29: 32 at risk, 2 events: S = 0.6287 × (1 - 2/32) = 0.5894");
  press(fixture, 'g');
  press(fixture, KEYS_DOWN);
  press(fixture, KEYS_RIGHT);
  assert_shown(fixture, "t = 4: 66 at risk, 1 event: S = 0.9710 × (1 - 1/66) = 0.9563");
  press(fixture, KEYS_BACK_TAB);
  compare_sizes(explorer, "why-logrank");
  press(fixture, 'G');
  assert_shown(fixture, "t = 122: 1 event among 3 at risk: A 0, expected 1 × 0/3 = 0.000");
  press(fixture, '<');
  assert_shown(fixture, "why median surgery=\"PHR\"  (3 of 4)");
  press(fixture, 'w');
  assert_shown(fixture, "does nothing here");
  press(fixture, KEYS_ESCAPE);
  assert_shown(fixture, "at risk / events / censored");
  press(fixture, 'x');
  press(fixture, 'w');
  compare_sizes(explorer, "why-survival");
  press(fixture, 'z');
  compare_kept(explorer, "why-words", 24, 80);
  press(fixture, 'q');
  press(fixture, 'q');
  assert_shown(fixture, "t = 91"); /* the read-off line is still there */
  press(fixture, 'x');
  press(fixture, '2');
  press(fixture, 'w');
  press(fixture, 'j');
  compare_sizes(explorer, "why-hr");
  press(fixture, '<');
  compare_sizes(explorer, "why-concordance");
  press(fixture, 'q');
  assert_shown(fixture, "[2 Cox]");
  press(fixture, '5');
  assert_shown(fixture, "Nomogram");
  press(fixture, 'l');
  press(fixture, 'w');
  compare_sizes(explorer, "why-points");
  press(fixture, 'q');
  assert_shown(fixture, "[5 Nomogram]");
  press(fixture, '4');
  draw(explorer, 24, 80);
  press(fixture, 'j');
  press(fixture, 'j');
  press(fixture, 'w');
  compare_sizes(explorer, "why-subgroup");
  press(fixture, '>');
  press(fixture, '>');
  compare_sizes(explorer, "why-interaction");
  press(fixture, 'q');
  press(fixture, '3');
  draw(explorer, 24, 80);
  press(fixture, 'w');
  compare_sizes(explorer, "why-table1");
  press(fixture, 'q');
  press(fixture, '6');
  draw(explorer, 24, 80);
  press(fixture, 'j');
  press(fixture, 'w');
  compare_sizes(explorer, "why-flow");
}

static void test_why_says_why_not(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, 'S');
  press(fixture, 'w');
  assert_shown(fixture, "w is for the views 1 to 7");
  press(fixture, 'q');
  press(fixture, '7');
  press(fixture, 'w');
  assert_shown(fixture, "why concordance, row=3");
  assert_shown(fixture, "Pairs of row 3: time 29, event");
  press(fixture, 'q');
  assert_shown(fixture, "[7 Data]");
  press(fixture, '2');
  explorer_run(fixture->explorer, "cox off");
  press(fixture, '2');
  press(fixture, 'w');
  assert_shown(fixture, "there is no hazard ratio here");
  press(fixture, '5');
  press(fixture, 'w');
  assert_shown(fixture, "there are no points here");
  press(fixture, '1');
  explorer_run(fixture->explorer, "filter age > 200");
  press(fixture, 'w');
  assert_shown(fixture, "there is no curve here");
  /* a number that is typed, and one that a filter takes away while it is looked at */
  explorer_run(fixture->explorer, "filter off");
  explorer_run(fixture->explorer, "why survival sex=male, at=12");
  assert_shown(fixture, "Survival of male at 12");
  explorer_run(fixture->explorer, "filter sex == \"female\"");
  assert_shown(fixture, "no patient on view is sex=male");
  press(fixture, 'j');
  press(fixture, '>');
  assert_shown(fixture, "there is no other number here");
  press(fixture, 'q');
  assert_shown(fixture, "[1 Curves]");
}

static void test_why_lives_at_every_size(void **state)
{
  struct fixture *fixture = *state;
  static const char views[] = {'1', '2', '3', '4', '5', '6'};
  for (size_t v = 0; v < sizeof views; v++) {
    press(fixture, (uint32_t)views[v]);
    draw(fixture->explorer, 40, 120);
    press(fixture, 'w');
    for (int number = 0; number < 4; number++) {
      for (size_t rows = 1; rows <= 50; rows += rows < 30 ? 3 : 9)
        for (size_t columns = 1; columns <= 210; columns += columns < 30 ? 3 : 26)
          draw(fixture->explorer, rows, columns);
      press(fixture, 'G');
      press(fixture, '<');
    }
    press(fixture, 'q');
  }
}

static void test_frames_in_ascii_are_as_kept(void **state)
{
  struct fixture *fixture = *state;
  struct explorer *explorer = explorer_new(fixture->session, NULL, CHARSET_ASCII);
  const struct key keys[] = {{.code = '4'}, {.code = '5'}, {.code = '6'}, {.code = '2'}, {.code = KEYS_ENTER},
                             {.code = '3'}, {.code = '7'}, {.code = KEYS_ENTER}, {.code = '?'}};
  static const char *const names[] = {"ascii",          "ascii-forest", "ascii-nomogram", "ascii-flow", "ascii-model",
                                      "ascii-residuals", "ascii-table1", "ascii-data",     "ascii-card", "ascii-help"};
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (i)
      explorer_key(explorer, &keys[i - 1]);
    compare_sizes(explorer, names[i]);
    char *shown = screen(explorer, 48, 160, false);
    for (const char *at = shown; *at; at++)
      assert_true((unsigned char)*at < 0x80);
    free(shown);
  }
  explorer_free(explorer);
}

/* The forest plot: the cursor's row, down into a subgroup and back, the table, and the table alone where it is too narrow. */
static void test_forest_drills_down(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '4');
  assert_shown(fixture, "> All: Resection of the primary lesion");
  press(fixture, KEYS_ENTER);
  assert_null(session_state(fixture->session)->filter);
  assert_shown(fixture, "Enter on a subgroup");
  for (int i = 0; i < 3; i++)
    press(fixture, 'j');
  assert_shown(fixture, ">   no: Resection of the primary lesion");
  press(fixture, KEYS_ENTER);
  assert_string_equal(session_state(fixture->session)->filter, "extrahepatic_metastasis == \"no\"");
  assert_shown(fixture, "48/143");
  press(fixture, 'u');
  assert_null(session_state(fixture->session)->filter);
  assert_shown(fixture, "63/163");
  press(fixture, 'G');
  assert_shown(fixture, ">   >40 mm");
  press(fixture, KEYS_PAGE_UP);
  press(fixture, 'g');
  assert_shown(fixture, "> All");
  press(fixture, 't');
  assert_shown(fixture, "Interaction p: likelihood ratio");
  press(fixture, 't');
  assert_shown(fixture, "hazard ratio");
  char *narrow = screen(fixture->explorer, 24, 40, false);
  assert_null(strstr(narrow, "├"));
  free(narrow);
  explorer_run(fixture->explorer, "filter sex == \"male\"");
  explorer_run(fixture->explorer, "forest surgery, over=age_group");
  assert_shown(fixture, "33/83");
  press(fixture, 'G');
  press(fixture, KEYS_ENTER);
  assert_string_equal(session_state(fixture->session)->filter, "sex == \"male\" & age_group == \">=60\"");
}

/* A variable of numbers has levels, too: the filter compares. */
static void test_forest_over_numbers(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "derive two = if(age > 60, 1, 0)");
  explorer_run(fixture->explorer, "forest surgery, over=two");
  assert_shown(fixture, "  1: Resection");
  press(fixture, 'G');
  press(fixture, KEYS_ENTER);
  assert_string_equal(session_state(fixture->session)->filter, "two == 1");
}

/* The flow chart: what was excluded is told in full, a group at the end is looked at. */
static void test_flow_boxes(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '6');
  assert_shown(fixture, "> xu2025.csv: n = 228");
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "who was excluded");
  press(fixture, 'j');
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "drop if hm_timing == \"metachronous\"");
  press(fixture, KEYS_ESCAPE);
  press(fixture, 'G');
  press(fixture, KEYS_ENTER);
  assert_string_equal(session_state(fixture->session)->filter, "surgery == \"PHR\"");
  assert_shown(fixture, "kept: n = 163");
  assert_shown(fixture, "! the chart is of all 163; the filter shows 56 of them: surgery == \"PHR\"");
  press(fixture, 'u');
  explorer_run(fixture->explorer, "filter sex == \"male\" & surgery != \"PHR\"");
  press(fixture, 'G'); /* the last box is that of the subgroup on view */
  assert_shown(fixture, "> Subgroup on view: sex == \"male\" & surgery != \"PHR\"");
  press(fixture, 'k');
  press(fixture, KEYS_ENTER); /* the variable's levels are chosen anew, what else was filtered by stays */
  assert_string_equal(session_state(fixture->session)->filter, "sex == \"male\" & surgery == \"PHR\"");
  compare_sizes(fixture->explorer, "flow-filter");
  press(fixture, 'u');
  press(fixture, 'u');
  explorer_run(fixture->explorer, "branch elderly if age >= 70");
  press(fixture, 'G');
  assert_shown(fixture, "elderly");
  press(fixture, KEYS_ENTER);
  assert_string_equal(session_state(fixture->session)->filter, "age >= 70");
  explorer_run(fixture->explorer, "filter sex == \"male\" | sex == \"female\"");
  press(fixture, KEYS_ENTER);
  assert_string_equal(session_state(fixture->session)->filter, "(sex == \"male\" | sex == \"female\") & age >= 70");
  press(fixture, KEYS_ENTER); /* not twice */
  assert_string_equal(session_state(fixture->session)->filter, "(sex == \"male\" | sex == \"female\") & age >= 70");
  assert_shown(fixture, "these are its patients");
  press(fixture, 'u');
  press(fixture, 'k');
  assert_shown(fixture, "> kept: n = 163");
  press(fixture, 't');
  assert_shown(fixture, "Flow of patients");
  char *narrow = screen(fixture->explorer, 24, 40, false);
  assert_null(strstr(narrow, "┌"));
  free(narrow);
}

/* The export of a view is that of its command. */
static void test_views_are_exported(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '4');
  press(fixture, 'e');
  assert_non_null(strstr(explorer_prompt_text(fixture->explorer), "export \"forest.svg\", of=\"forest surgery, over="));
  explorer_prompt_done(fixture->explorer, NULL);
  press(fixture, '6');
  press(fixture, 'e');
  assert_string_equal(explorer_prompt_text(fixture->explorer), "export \"flow.svg\", of=\"flow, by=surgery\"");
  explorer_prompt_done(fixture->explorer, NULL);
  press(fixture, '7'); /* the patients, not the screen */
  press(fixture, 'e');
  assert_string_equal(explorer_prompt_text(fixture->explorer), "export \"patients.csv\", of=\"list, rows=163\"");
  explorer_prompt_done(fixture->explorer, NULL);
  answer(fixture, 'C', "age");
  press(fixture, ']');
  answer(fixture, 'C', "center");
  press(fixture, '-');
  press(fixture, 'e');
  assert_non_null(strstr(explorer_prompt_text(fixture->explorer), "of=\"list patient_id sex age "));
  assert_non_null(strstr(explorer_prompt_text(fixture->explorer), ", sort=age descending rows=163\""));
  explorer_prompt_done(fixture->explorer, NULL);
}

static void test_every_size_lives(void **state)
{
  struct fixture *fixture = *state;
  for (size_t rows = 1; rows <= 60; rows += rows < 30 ? 1 : 7)
    for (size_t columns = 1; columns <= 210; columns += columns < 30 ? 1 : 13)
      draw(fixture->explorer, rows, columns);
  for (const char *view = "46"; *view; view++) {
    press(fixture, (uint32_t)*view);
    press(fixture, 'G');
    for (size_t rows = 1; rows <= 30; rows += 2)
      for (size_t columns = 1; columns <= 170; columns += 11) {
        draw(fixture->explorer, rows, columns);
        press(fixture, rows % 4 == 1 ? 'k' : KEYS_PAGE_DOWN);
      }
  }
  press(fixture, KEYS_BACK_TAB);
  press(fixture, '?');
  for (size_t rows = 1; rows <= 30; rows += 3)
    for (size_t columns = 1; columns <= 100; columns += 9)
      draw(fixture->explorer, rows, columns);
}

/* Every view lives at every size, with its cursor inside. */
static void test_every_view_lives_at_every_size(void **state)
{
  struct fixture *fixture = *state;
  for (uint32_t view = '1'; view <= '9'; view++) {
    press(fixture, view == '9' ? 'S' : view);
    press(fixture, KEYS_ENTER);
    for (size_t rows = 1; rows <= 52; rows += 1 + rows / 8)
      for (size_t columns = 1; columns <= 210; columns += 1 + columns / 8)
        draw(fixture->explorer, rows, columns);
    press(fixture, 'q');
  }
}

/* The model's cursor chooses a coefficient, whose residuals Enter shows. */
static void test_residuals_of_a_coefficient(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '2');
  assert_shown(fixture, "Proportional hazards (zph)");
  assert_shown(fixture, "9.625 on 3 df, p = 0.022     grade");
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "age_group >=60: 0.398, zph p = 0.494");
  press(fixture, 'l');
  assert_shown(fixture, "extrahepatic_metastasis yes: 0.950");
  press(fixture, 'h');
  press(fixture, 'h');
  assert_shown(fixture, "ssa yes: -0.1");
  press(fixture, 'q');
  press(fixture, 'G');
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "no coefficient is under the cursor");
  explorer_run(fixture->explorer, "cox off");
  press(fixture, KEYS_ENTER);
  assert_shown(fixture, "no coefficient is under the cursor");
}

static void test_layout_stays_inside(void **state)
{
  (void)state;
  for (size_t rows = 1; rows <= 200; rows++) {
    for (size_t columns = 1; columns <= 500; columns += 1 + columns / 40) {
      struct layout_wishes wishes = {.view = VIEW_CURVES, .focus = (enum focus)(rows % 3), .message_rows = rows % 4,
                                     .model_rows = columns % 30, .summary_rows = columns % 7, .zoomed = rows % 5 == 0};
      struct layout layout = layout_of(rows, columns, &wishes);
      const struct area areas[] = {layout.bar, layout.tabs, layout.variables, layout.main,
                                   layout.model, layout.summary, layout.message, layout.keys};
      for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
        if (!areas[i].rows)
          continue;
        assert_true(areas[i].row + areas[i].rows <= rows);
        assert_true(areas[i].column + areas[i].columns <= columns);
      }
    }
  }
}

/* ---- keys ---- */

static void move_to(struct fixture *fixture, const char *name)
{
  press(fixture, '/');
  explorer_prompt_done(fixture->explorer, name);
}

static void test_keys_become_commands(void **state)
{
  struct fixture *fixture = *state;
  move_to(fixture, "surgery");
  press(fixture, 'j');
  press(fixture, 'j');
  press(fixture, ' ');
  assert_string_equal(state_of(fixture)->filter, "surgery in (\"NR\", \"PHR\", \"HR\")");
  assert_int_equal(state_of(fixture)->on_view->count, 126);
  assert_shown(fixture, "126 of 163");
  assert_shown(fixture, ":filter surgery in");
  press(fixture, 'a');
  assert_null(state_of(fixture)->filter);
  press(fixture, KEYS_ENTER);
  assert_string_equal(state_of(fixture)->filter, "surgery == \"PR\"");
  press(fixture, 'u');
  press(fixture, 'u');
  assert_int_equal(state_of(fixture)->on_view->count, 126);
  press(fixture, KEYS_CTRL_R);
  assert_int_equal(state_of(fixture)->on_view->count, 163);
}

static void test_the_last_level_cannot_be_taken(void **state)
{
  struct fixture *fixture = *state;
  move_to(fixture, "surgery");
  press(fixture, 'j');
  press(fixture, KEYS_ENTER);
  press(fixture, ' ');
  assert_string_equal(state_of(fixture)->filter, "surgery == \"NR\"");
  assert_shown(fixture, "one level at least stays");
}

/* Help is broken to the window's width, what is told of a key under its own beginning; a wide window leaves it as it is. */
static void test_help_is_wrapped(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '7');
  press(fixture, '?');
  char *shown = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(shown, "once more: the order of the\n                 file\n"));
  free(shown);
  assert_shown(fixture, "once more: the order of the file\n");
  press(fixture, 'q');
  explorer_run(fixture->explorer, "help km");
  compare_sizes(fixture->explorer, "help-km");
  shown = screen(fixture->explorer, 60, 80, false);
  assert_null(strstr(shown, "…\n"));
  assert_null(strstr(shown, "sideways"));
  free(shown);
  char *plain = explorer_plain_text(fixture->explorer, 80); /* as it was written */
  assert_non_null(strstr(plain, "the whole cohort on\nview.  Limits"));
  free(plain);
  for (size_t columns = 1; columns < 130; columns++)
    draw(fixture->explorer, 20, columns);
}

/* Levels that begin alike are told apart wherever the table stands; under the curves it has headings where it has room. */
static void test_model_labels_stay_apart(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, '2');
  press(fixture, 'G');
  char *shown = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(shown, "  Resectio…e primary lesion "));
  assert_non_null(strstr(shown, "  Resectio… hepatic lesions "));
  free(shown);
  press(fixture, '5');
  screen_once(fixture);
  for (size_t i = 0; i < 4; i++)
    press(fixture, 'j');
  shown = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(shown, "Resectio…epatic lesions "));
  assert_non_null(strstr(shown, " Resec…y lesion "));
  free(shown);
  press(fixture, '1');
  shown = screen(fixture->explorer, 48, 160, false);
  assert_non_null(strstr(shown, "  Resection of the primary and hepatic lesions "));
  assert_non_null(strstr(shown, "HR (95 % CI)"));
  free(shown);
  press(fixture, '2'); /* from its top on, wherever the one under the curves stood */
  press(fixture, 'G');
  press(fixture, '1');
  shown = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(shown, "\nage_group\n"));
  free(shown);
  press(fixture, '2');
  press(fixture, 'G');
  press(fixture, KEYS_ENTER);
  press(fixture, '2'); /* back from the residuals: where it was */
  shown = screen(fixture->explorer, 24, 80, false);
  assert_null(strstr(shown, "\nage_group\n"));
  free(shown);
}

static void test_grouping_and_model(void **state)
{
  struct fixture *fixture = *state;
  move_to(fixture, "sex");
  press(fixture, 'b');
  assert_string_equal(state_of(fixture)->groups[0], "sex");
  press(fixture, 'b');
  assert_int_equal(state_of(fixture)->n_groups, 0);
  press(fixture, 'c');
  assert_non_null(strstr(state_of(fixture)->model, " + sex"));
  press(fixture, 'c');
  assert_null(strstr(state_of(fixture)->model, "sex"));
  move_to(fixture, "grade");
  press(fixture, 'l');
  press(fixture, 'j');
  press(fixture, 'r');
  assert_non_null(strstr(state_of(fixture)->model, "ref(grade, \"G1\")"));
  explorer_run(fixture->explorer, "cox sex");
  move_to(fixture, "sex");
  press(fixture, 'c');
  assert_null(state_of(fixture)->model);
}

static const struct plot_view *view_of(const struct fixture *fixture)
{
  return &state_of(fixture)->settings.view;
}

static void test_the_window_of_the_curves(void **state)
{
  struct fixture *fixture = *state;
  screen_once(fixture);
  press(fixture, '-');
  assert_shown(fixture, "all times are on view");
  press(fixture, 'l');
  assert_shown(fixture, "all times are on view; + looks nearer");
  press(fixture, '+'); /* from 0 */
  assert_true(view_of(fixture)->first_time == 0 && view_of(fixture)->last_time > 80);
  const double half = view_of(fixture)->last_time;
  press(fixture, 'l'); /* moves, and keeps its width */
  assert_true(view_of(fixture)->first_time > 0);
  assert_true(view_of(fixture)->last_time - view_of(fixture)->first_time == half);
  press(fixture, 'h');
  press(fixture, 'h');
  assert_true(view_of(fixture)->first_time == 0);
  assert_shown(fixture, "these are the first times");
  press(fixture, '-');
  assert_true(view_of(fixture)->last_time == 0); /* all */
  press(fixture, 'x');
  press(fixture, '+'); /* round the line */
  assert_true(view_of(fixture)->first_time > 40 && view_of(fixture)->last_time < 140);
  for (int i = 0; i < 60; i++)
    press(fixture, '+'); /* ends somewhere */
  assert_true(view_of(fixture)->first_time < view_of(fixture)->last_time);
  press(fixture, '_');
  assert_true(view_of(fixture)->last_time == 0);
  press(fixture, 'u');
  assert_true(view_of(fixture)->last_time > 0); /* each is a step of undo */
}

static void test_the_value_axis_of_the_curves(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "set xlim=30,60");
  press(fixture, 'y');
  assert_true(view_of(fixture)->low > 0.2 && view_of(fixture)->low <= 0.5 && view_of(fixture)->high == 1);
  press(fixture, 'y');
  assert_true(view_of(fixture)->high < 1);
  press(fixture, 'y');
  assert_true(view_of(fixture)->high == 0);
  press(fixture, 'f');
  assert_shown(fixture, ":set function=event");
  press(fixture, 'y');
  assert_true(view_of(fixture)->low == 0 && view_of(fixture)->high < 1);
  press(fixture, 'f');
  assert_true(view_of(fixture)->high == 0); /* limits are of one function */
  press(fixture, 'y');
  assert_shown(fixture, "fits the curves already");
}

static void test_panels_of_a_variable(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, 'p');
  assert_shown(fixture, "p on a variable");
  move_to(fixture, "grade");
  press(fixture, 'p');
  assert_string_equal(state_of(fixture)->panels, "grade");
  assert_shown(fixture, ":km surgery, panels=grade");
  assert_shown(fixture, "NEC  n 21  p = 0.341");
  move_to(fixture, "sex");
  press(fixture, 'b'); /* the panels stay */
  assert_string_equal(state_of(fixture)->panels, "grade");
  move_to(fixture, "grade");
  press(fixture, 'p');
  assert_null(state_of(fixture)->panels);
  move_to(fixture, "ki67_percent");
  press(fixture, 'p');
  assert_shown(fixture, "panels are of a variable with levels; ki67_percent has numbers");
  explorer_run(fixture->explorer, "km sex, panels=patient_id"); /* a panel a patient: pages */
  assert_shown(fixture, "64 of 163 levels");
  press(fixture, KEYS_TAB);
  press(fixture, KEYS_PAGE_DOWN);
  press(fixture, 'G');
  assert_shown(fixture, "64 of 64");
  press(fixture, 'g');
  press(fixture, KEYS_PAGE_UP);
  assert_shown(fixture, "1\xE2\x80\x93");
  explorer_run(fixture->explorer, "filter age > 200");
  assert_shown(fixture, "0 patients");
  explorer_run(fixture->explorer, "filter off");
  explorer_run(fixture->explorer, "km sex");
  assert_null(state_of(fixture)->panels);
}

static void test_pairs_of_curves(void **state)
{
  struct fixture *fixture = *state;
  press(fixture, 'P');
  assert_shown(fixture, "log-rank p of pairs (Holm):  A\xE2\x80\x93" "B 0.064  A\xE2\x80\x93" "C <0.001  B\xE2\x80\x93" "C 0.064");
  explorer_run(fixture->explorer, "km sex");
  press(fixture, 'P');
  assert_shown(fixture, "pairs are tested of three or four curves");
}

/* What changes the look alone posts nothing: the results are the same object. */
static void test_the_look_computes_nothing(void **state)
{
  struct fixture *fixture = *state;
  screen_once(fixture);
  const struct state *before = session_state(fixture->session);
  static const uint32_t keys[] = {'+', 'l', '-', '_', 'y', 'f', 'i', 't', 'm', 'v', 'x'};
  struct state *first = state_retain(before);
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    press(fixture, keys[i]);
    screen_once(fixture);
    assert_true(state_gives_same_results(first, session_state(fixture->session)));
  }
  explorer_run(fixture->explorer, "km surgery, panels=grade");
  assert_false(state_gives_same_results(first, session_state(fixture->session)));
  state_release(first);
}

static void test_cut_points_move(void **state)
{
  struct fixture *fixture = *state;
  move_to(fixture, "age");
  press(fixture, 'b'); /* no curve for each of forty ages */
  assert_string_equal(state_of(fixture)->groups[0], "age_cut");
  press(fixture, 'u'); /* the grouping */
  press(fixture, 'u'); /* the column */
  assert_string_equal(state_of(fixture)->groups[0], "surgery");
  press(fixture, ']');
  assert_string_equal(state_of(fixture)->groups[0], "age_cut");
  assert_shown(fixture, "<54   n 88  events 31  median 78");
  press(fixture, ']');
  assert_shown(fixture, "<55   n 96  events 32  median 78");
  press(fixture, '[');
  assert_shown(fixture, "log-rank p = 0.109");
  assert_shown(fixture, "best of 31: <60, p = 0.025, corrected p = 0.331");
  assert_shown(fixture, "A search finds small p by chance");
  compare_sizes(fixture->explorer, "cuts");
  char *narrow = screen(fixture->explorer, 24, 80, false);
  assert_non_null(strstr(narrow, "report the corrected one."));
  free(narrow);
  explorer_run(fixture->explorer, "filter age > 200");
  assert_shown(fixture, "p of every cut of age");
  press(fixture, 'u');
  explorer_run(fixture->explorer, "km surgery");
  char *shown = screen(fixture->explorer, 50, 200, false);
  assert_null(strstr(shown, "p of every cut"));
  free(shown);
  move_to(fixture, "surgery");
  press(fixture, ']');
  assert_shown(fixture, "is no number");
}

/* Keys that go through the values of a setting are one step back; undo says what it took back. */
static void test_settings_are_one_step(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "filter age > 50");
  for (int i = 0; i < 5; i++)
    press(fixture, 'i');
  press(fixture, 't');
  press(fixture, 't');
  press(fixture, 'u');
  press(fixture, 'u');
  assert_string_equal(state_of(fixture)->filter, "age > 50");
  press(fixture, 'u');
  assert_null(state_of(fixture)->filter);
  assert_shown(fixture, "undone: filter age > 50");
}

/* Every setting is on the pane; each change is its command, a step of undo and a line of the log; numbers are typed. */
static void test_settings_pane(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "set dialect=r conf=log charset=box");
  press(fixture, 'S');
  compare_sizes(fixture->explorer, "settings");
  struct setting_words words;
  for (size_t i = 0; setting_at(i, &words); i++) {
    assert_shown(fixture, words.values);
    assert_shown(fixture, words.help);
    press(fixture, 'j');
  }
  press(fixture, 'g');
  press(fixture, 'j');
  press(fixture, 'l');
  assert_shown(fixture, ":set conf=plain");
  press(fixture, 'h');
  press(fixture, 'h');
  assert_shown(fixture, ":set conf=arcsin");
  assert_string_equal(session_log_entry(fixture->session, session_log_count(fixture->session) - 1)->line, "set conf=arcsin");
  press(fixture, ' ');
  assert_shown(fixture, ":set conf=log");
  press(fixture, ' ');
  press(fixture, 'u');
  assert_int_equal(state_of(fixture)->settings.conf, CONF_LOG);
  press(fixture, 'j');
  press(fixture, 'j');
  press(fixture, 'l');
  assert_shown(fixture, "typed");
  assert_int_equal(press(fixture, KEYS_ENTER), WISH_PROMPT);
  assert_string_equal(explorer_prompt_text(fixture->explorer), "set level=0.95");
  explorer_prompt_changed(fixture->explorer, ":", "set level=0.9", 13, NULL);
  assert_shown(fixture, "level: a share or per cent");
  explorer_prompt_done(fixture->explorer, "set level=90");
  assert_true(state_of(fixture)->settings.level == 0.9);
  explorer_run(fixture->explorer, "set unit=weeks");
  press(fixture, 'G');
  for (int i = 0; i < 7; i++)
    press(fixture, 'k');
  press(fixture, ' ');
  assert_string_equal(explorer_prompt_text(fixture->explorer), "set unit=weeks");
  explorer_prompt_done(fixture->explorer, NULL);
  press(fixture, 'q');
  assert_int_equal(explorer_prompt_done(fixture->explorer, "set"), WISH_NONE);
  assert_shown(fixture, "> Settings");
  press(fixture, KEYS_F2);
  assert_shown(fixture, "1.00");
}

/* A journal as it would be found, whose file is not there. */
static struct left_journal left_of(const char *text, time_t when, const char *cohort, const char *last, size_t n)
{
  return (struct left_journal){.path = memory_copy_string("/nowhere/20200101T000000-1-0.kap"), .text = memory_copy_string(text),
                               .when = when, .n_commands = n, .cohort = cohort ? memory_copy_string(cohort) : NULL,
                               .last = memory_copy_string(last), .descriptor = -1};
}

/* Sessions that were cut off are offered; one is taken up, what fails of it is told and does not end it. */
static void test_sessions_are_offered(void **state)
{
  struct fixture *fixture = *state;
  setenv("TZ", "UTC", 1);
  struct left_journals sessions = {.items = memory_new(2, sizeof *sessions.items), .n = 2};
  sessions.items[0] = left_of("filter age > 60\nkm nothing\nset conf=log\n", 1577880000, "年龄.csv", "set conf=log", 3);
  sessions.items[1] = left_of("filter age > 50\n", 1577836800, NULL, "filter age > 50", 1);
  explorer_offer_sessions(fixture->explorer, &sessions);
  assert_int_equal(sessions.n, 0);
  compare_sizes(fixture->explorer, "restore");
  for (size_t rows = 1; rows <= 20; rows++)
    for (size_t columns = 1; columns <= 100; columns += 9)
      free(screen(fixture->explorer, rows, columns, false));
  press(fixture, 'j');
  press(fixture, 'j');
  press(fixture, 'k');
  press(fixture, KEYS_ENTER);
  assert_string_equal(state_of(fixture)->filter, "age > 60");
  assert_int_equal(state_of(fixture)->settings.conf, CONF_LOG);
  assert_shown(fixture, "restored the session of 2020-01-01 12:00, 3 commands");
  assert_shown(fixture, "1 failed");
  assert_shown(fixture, "1.00");
}

/* With the read-off line on, other keys' messages are seen; a title that is clicked brings its view; the wheel moves. */
static void test_messages_and_mouse(void **state)
{
  struct fixture *fixture = *state;
  draw(fixture->explorer, 50, 200);
  press(fixture, 'x');
  assert_shown(fixture, "t = ");
  press(fixture, 'm');
  assert_shown(fixture, ":set median=");
  press(fixture, 'l');
  assert_shown(fixture, "t = ");
  press(fixture, KEYS_ESCAPE);
  char *shown = screen(fixture->explorer, 50, 200, false);
  const struct key forest = {.code = KEYS_MOUSE, .mouse = MOUSE_PRESS, .row = 1, .column = 63};
  explorer_key(fixture->explorer, &forest);
  free(shown);
  assert_shown(fixture, "[4 Forest]");
  explorer_prompt_done(fixture->explorer, NULL);
  press(fixture, '7');
  press(fixture, ':');
  explorer_prompt_done(fixture->explorer, "km sex");
  assert_shown(fixture, "[1 Curves]");
}

static void test_quitting_asks_once(void **state)
{
  struct fixture *fixture = *state;
  assert_int_equal(press(fixture, 'q'), WISH_NONE);
  assert_shown(fixture, "not saved");
  assert_int_equal(press(fixture, 'j'), WISH_NONE);
  assert_int_equal(press(fixture, 'q'), WISH_NONE);
  assert_int_equal(press(fixture, 'q'), WISH_QUIT);
  session_mark_saved(fixture->session);
  assert_int_equal(press(fixture, 'q'), WISH_QUIT);
  assert_int_equal(explorer_prompt_done(fixture->explorer, NULL), WISH_NONE);
}

static void test_the_mouse_needs_no_function_key(void **state)
{
  struct fixture *fixture = *state;
  assert_int_equal(press(fixture, ':'), WISH_PROMPT);
  assert_int_equal(explorer_prompt_done(fixture->explorer, "mouse"), WISH_MOUSE);
  assert_true(explorer_mouse(fixture->explorer));
}

/* ---- the keymap and completion ---- */

static void test_help_lists_every_key(void **state)
{
  (void)state;
  for (unsigned context = 1; context < EVERYWHERE; context <<= 1) {
    char *help = keymap_help(context);
    for (const struct binding *binding = keymap; binding->act; binding++)
      if (binding->contexts & context && !strstr(help, binding->help))
        fail_msg("the help does not say: %s", binding->help);
    free(help);
  }
}

static void test_no_key_twice_and_none_by_function_key_alone(void **state)
{
  (void)state;
  for (const struct binding *a = keymap; a->act; a++) {
    bool plain = strcmp(a->shown, "F12") == 0; /* :mouse does the same */
    for (size_t i = 0; i < 5 && a->keys[i]; i++) {
      plain |= a->keys[i] < KEYS_F1 || a->keys[i] > KEYS_F12;
      for (const struct binding *b = a + 1; b->act; b++)
        for (size_t k = 0; k < 5 && b->keys[k]; k++)
          assert_false(a->keys[i] == b->keys[k] && a->contexts & b->contexts);
    }
    assert_true(plain);
  }
}

static void assert_completes(struct fixture *fixture, const char *line, const char *expected)
{
  size_t end = strlen(line), start = end;
  while (start && !strchr(" \t,=()+*/^<>!&|:~\"`", line[start - 1]))
    start--;
  explorer_prompt_changed(fixture->explorer, ":", line, end, NULL);
  char **words = explorer_complete(line, start, end, fixture->explorer);
  bool found = !expected && !words;
  for (size_t i = 0; words && words[i]; i++) {
    found |= expected && strcmp(words[i], expected) == 0;
    free(words[i]);
  }
  free(words);
  if (!found)
    fail_msg("\"%s\" does not complete to %s", line, expected ? expected : "nothing");
}

static void test_completion_knows_what_can_come_next(void **state)
{
  struct fixture *fixture = *state;
  assert_completes(fixture, "fi", "filter");
  assert_completes(fixture, "km sur", "surgery");
  assert_completes(fixture, "filter grade == ", "\"NEC\"");
  assert_completes(fixture, "filter grade == \"N", "NEC");
  assert_completes(fixture, "filter sex in (\"male\", ", "\"female\"");
  assert_completes(fixture, "km surgery, co", "conf=");
  assert_completes(fixture, "km surgery, conf=log", "log-log");
  assert_completes(fixture, "cox age, rob", "robust");
  assert_completes(fixture, "levels surgery P", "PHR");
  assert_completes(fixture, "help lo", "logrank");
  assert_completes(fixture, "nothing x", NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_frames_are_as_kept, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_plain_text_is_the_view, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_frames_of_the_data, set_up_sample, tear_down),
      cmocka_unit_test(test_frames_of_the_log),
      cmocka_unit_test_setup_teardown(test_two_views, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_views_of_commands, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_frames_of_curves_are_as_kept, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_frames_of_marks, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_frames_of_published_results, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_why, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_why_says_why_not, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_why_lives_at_every_size, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_frames_in_ascii_are_as_kept, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_forest_drills_down, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_forest_over_numbers, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_flow_boxes, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_views_are_exported, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_nomogram_moves_a_patient, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_nomogram_keeps_what_is_valid, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_nomogram_lives_at_every_size, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_every_size_lives, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_every_view_lives_at_every_size, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_residuals_of_a_coefficient, set_up_sample, tear_down),
      cmocka_unit_test(test_layout_stays_inside),
      cmocka_unit_test_setup_teardown(test_keys_become_commands, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_the_last_level_cannot_be_taken, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_help_is_wrapped, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_model_labels_stay_apart, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_grouping_and_model, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_the_window_of_the_curves, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_the_value_axis_of_the_curves, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_panels_of_a_variable, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_pairs_of_curves, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_the_look_computes_nothing, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_cut_points_move, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_settings_are_one_step, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_settings_pane, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_sessions_are_offered, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_messages_and_mouse, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_quitting_asks_once, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_the_mouse_needs_no_function_key, set_up_sample, tear_down),
      cmocka_unit_test(test_help_lists_every_key),
      cmocka_unit_test(test_no_key_twice_and_none_by_function_key_alone),
      cmocka_unit_test_setup_teardown(test_completion_knows_what_can_come_next, set_up_sample, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
