/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An explorer that is opened with a script shows in its views what the script printed; panels of its branches; the lines that
 * keys offer of its model. */
#include "explorer_case.h"

/* The demo's session after more lines, then an explorer on it. */
static struct fixture *opened_after(const char *const *lines)
{
  struct session *session = session_of_sample("demo.kap");
  for (size_t i = 0; lines[i]; i++)
    run(session, lines[i]);
  return fixture_new(session, CHARSET_BOX);
}

static void close_it(struct fixture *fixture)
{
  void *state = fixture;
  tear_down(&state);
}

static void test_views_show_the_script(void **state)
{
  (void)state;
  struct fixture *fixture = opened_after((const char *const[]){
      "table1 age sex grade, by=center", "table1 ssa, by=surgery", "table1 age sex grade ssa rfa if sex == \"male\", by=sex",
      "forest surgery, over=center", "nomogram, at=24 survival=0.9,0.5", "flow, by=sex", "filter sex == \"male\"",
      "table1 age sex grade ssa rfa tace center, by=surgery", "forest surgery, over=rfa", "filter off", NULL});
  press(fixture, '3'); /* the fullest of those that looked at whom the script left on view */
  assert_shown(fixture, "table1 age sex grade ssa rfa if sex == \"male\", by=sex");
  press(fixture, '4');
  assert_shown(fixture, "forest surgery, over=center");
  press(fixture, '5');
  assert_shown(fixture, "nomogram, at=24 survival=0.9,0.5");
  press(fixture, '6');
  assert_shown(fixture, "flow, by=sex");
  explorer_run(fixture->explorer, "filter age < 60"); /* the views follow the filter */
  assert_shown(fixture, "flow, by=sex");
  explorer_run(fixture->explorer, "table1 age"); /* what is typed comes first */
  assert_shown(fixture, "table1 age ");
  explorer_run(fixture->explorer, "km grade"); /* another grouping: views of it */
  press(fixture, '6');
  assert_shown(fixture, "flow, by=grade");
  press(fixture, '4');
  assert_shown(fixture, "forest grade, over=");
  close_it(fixture);
}

static void test_views_need_what_the_script_had(void **state)
{
  (void)state;
  struct fixture *fixture = opened_after((const char *const[]){"forest", "model \"m\" = 0.01 * age, baseline=12:0.1", "nomogram",
                                               "cox age + sex", "km sex", NULL});
  press(fixture, '5'); /* that of the published model names no times */
  assert_shown(fixture, "nomogram, at=12,36,60");
  press(fixture, '4');
  assert_shown(fixture, "> forest ");
  explorer_run(fixture->explorer, "cox off");
  assert_shown(fixture, "forest sex, over=");
  struct text line = TEXT_INIT;
  text_append_format(&line, "load \"%s/samples/xu2025/xu2025.csv\"", source_directory());
  explorer_run(fixture->explorer, text_string(&line)); /* nothing of the cohort before */
  text_clear(&line);
  press(fixture, '4');
  assert_shown(fixture, "of patients: :endpoint os");
  close_it(fixture);
}

static void test_panels_of_branches(void **state)
{
  (void)state;
  struct fixture *fixture = opened_after((const char *const[]){
      "branch \"bt-pNET\" if grade != \"NEC\" & extrahepatic_metastasis == \"no\" & primary_site == \"body/tail\"",
      "branch \"pNEC\" if grade == \"NEC\"", NULL});
  press(fixture, 'p');
  assert_string_equal(state_of(fixture)->panels, "branches");
  assert_shown(fixture, "by branch");
  assert_shown(fixture, "all  n 163  p < 0.001");
  assert_shown(fixture, "bt-pNET  n 86  p = 0.045");
  explorer_run(fixture->explorer, "branch \"pNEC\" if grade == \"NEC\" & sex == \"male\""); /* a branch anew: its panel, too */
  assert_shown(fixture, "pNEC  n 15");
  press(fixture, 'u');
  assert_shown(fixture, "pNEC  n 21");
  press(fixture, 'p');
  assert_null(state_of(fixture)->panels);
  close_it(fixture);
}

static void assert_offers(struct fixture *fixture, uint32_t key, const char *line)
{
  assert_int_equal(press(fixture, key), WISH_PROMPT);
  assert_string_equal(explorer_prompt_text(fixture->explorer), line);
  explorer_prompt_done(fixture->explorer, NULL);
}

static void test_keys_offer_lines_of_the_model(void **state)
{
  (void)state;
  struct fixture *fixture = opened_after((const char *const[]){"cox age_group + ref(grade, \"NEC\")", NULL});
  press(fixture, '2');
  assert_offers(fixture, 'T', "table2 age_group + ref(grade, \"NEC\"), p=0.05");
  assert_offers(fixture, 'W', "stepwise age_group + ref(grade, \"NEC\"), direction=forward criterion=wald enter=0.05 remove=0.10");
  assert_offers(fixture, 'V', "validate, boot=200 seed=1");
  assert_offers(fixture, 'K', "calibrate, at=12,36,60 groups=3 boot=200 seed=1");
  answer(fixture, 'W', "stepwise age_group + ref(grade, \"NEC\"), direction=forward criterion=wald enter=0.05 remove=0.10");
  assert_shown(fixture, "Selection forward");
  press(fixture, 'q');
  answer(fixture, 'K', "calibrate, at=12,36,60 groups=3 boot=0");
  assert_shown(fixture, "predicted");
  press(fixture, 'q');
  explorer_run(fixture->explorer, "cox off");
  press(fixture, 'V');
  assert_shown(fixture, "there is no model to validate");
  press(fixture, 'K');
  assert_shown(fixture, "there is no model to calibrate");
  assert_offers(fixture, 'T', "table2 center sex age hm_timing hm_interval_months pathology_stage hm_distribution "
                              "extrahepatic_metastasis primary_site primary_diameter_mm hm_max_diameter_mm differentiation, p=0.05");
  explorer_run(fixture->explorer, "model \"m\" = 0.01 * age, baseline=12:0.1");
  assert_offers(fixture, 'K', "calibrate, groups=3");
  close_it(fixture);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_views_show_the_script),
      cmocka_unit_test(test_views_need_what_the_script_had),
      cmocka_unit_test(test_panels_of_branches),
      cmocka_unit_test(test_keys_offer_lines_of_the_model),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
