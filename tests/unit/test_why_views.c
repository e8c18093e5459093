/* SPDX-License-Identifier: GPL-3.0-or-later */
/* w in the views that a command fills: the row under the cursor becomes a line that a script could hold. */
#include "explorer_case.h"
#include "ui/explorer_internal.h"

/* A key, and the screen after it: what a view shows is asked for when it is drawn. */
static void key(struct fixture *fixture, uint32_t code)
{
  press(fixture, code);
  draw(fixture->explorer, 24, 80);
}

static void show(struct fixture *fixture, const char *line, uint32_t view)
{
  explorer_run(fixture->explorer, line);
  press(fixture, view);
  draw(fixture->explorer, 24, 80);
}

/* Every number that w comes to in a view is derived, and each is another. */
static void walk(struct fixture *fixture, size_t n)
{
  key(fixture, 'w');
  assert_int_equal(fixture->explorer->why.n, n);
  for (size_t i = 0; i < n; i++) {
    assert_non_null(fixture->explorer->view_results->view_report);
    assert_non_null(report_find_table(fixture->explorer->view_results->view_report, "why_steps"));
    key(fixture, '>');
  }
  key(fixture, 'q');
}

static void test_forest(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "filter surgery != \"PR\"");
  show(fixture, "forest surgery + age if age > 30, over=sex,death ties=efron", '4');
  key(fixture, 'w');
  assert_shown(fixture, "why hr \"surgery\" \"PHR\" if age > 30, model=\"surgery + age\" ties=");
  key(fixture, 'q');
  key(fixture, 'j');
  key(fixture, 'w');
  assert_shown(fixture, "why interaction \"sex\" if age > 30, model=\"surgery + age\" ties=");
  assert_shown(fixture, "Interaction of surgery with sex: p ");
  key(fixture, 'q');
  key(fixture, 'j');
  key(fixture, 'w');
  assert_shown(fixture, "why hr \"surgery\" \"PHR\" if (age > 30) & sex == \"male\", model=");
  key(fixture, 'q');
  assert_shown(fixture, "[4 Forest]");
}

/* A number's levels, and a treatment of three levels: each of its coefficients. */
static void test_forest_of_numbers(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "derive late = round(age / 100)");
  show(fixture, "forest surgery, over=late", '4');
  walk(fixture, 7);
  key(fixture, 'G');
  key(fixture, 'w');
  assert_shown(fixture, "why hr \"surgery\" \"PHR\" if late == 1, model=\"surgery\"");
  key(fixture, 'q');
}

static void test_forest_of_the_model(void **state)
{
  struct fixture *fixture = *state;
  explorer_run(fixture->explorer, "cox age + surgery");
  show(fixture, "forest", '4');
  walk(fixture, 3);
  key(fixture, 'G');
  key(fixture, 'w');
  assert_shown(fixture, "why hr \"surgery\" \"PHR\"");
  key(fixture, 'q');
}

/* What is of studies has no patients. */
static void test_forest_of_studies(void **state)
{
  struct fixture *fixture = *state;
  show(fixture, "forest", '4');
  explorer_run(fixture->explorer, "cox off");
  draw(fixture->explorer, 24, 80);
  key(fixture, 'w');
  assert_int_equal(fixture->explorer->wishes.view, VIEW_FOREST);
  assert_shown(fixture, "no number here is of a model");
}

/* The variable at the top of the window, as the table's command tests it; each of the others. */
static void test_table1(void **state)
{
  struct fixture *fixture = *state;
  show(fixture, "table1 age sex grade ki67_percent if age > 30, by=surgery tests=sex:fisher,ki67_percent:anova", '3');
  walk(fixture, 4);
  key(fixture, 'w');
  assert_shown(fixture, "why table1 age if age > 30, by=surgery  (1 of 4)");
  assert_shown(fixture, "Chosen by rule: p of Shapiro");
  key(fixture, '>');
  assert_shown(fixture, "why table1 sex if age > 30, by=surgery test=fisher");
  key(fixture, '<');
  key(fixture, '<');
  assert_shown(fixture, "why table1 ki67_percent if age > 30, by=surgery test=anova");
  key(fixture, 'q');
  press(fixture, 'G');
  draw(fixture->explorer, 8, 80); /* so few rows that the table moves */
  press(fixture, 'G');
  draw(fixture->explorer, 8, 80);
  key(fixture, 'w');
  assert_int_not_equal(fixture->explorer->why.at, 0);
  key(fixture, 'q');
  show(fixture, "table1 death, by=sex factors=death test=lr", '3');
  key(fixture, 'w');
  assert_shown(fixture, "why table1 death, by=sex test=lr factor");
  assert_shown(fixture, "2 O log(O/E)");
  key(fixture, 'q');
  show(fixture, "table1 age", '3');
  key(fixture, 'w');
  assert_int_equal(fixture->explorer->wishes.view, VIEW_TABLE1);
  assert_shown(fixture, "no test here");
}

/* The step of the box with the cursor, also where a box holds several; the condition of a branch. */
static void test_flow(void **state)
{
  struct fixture *fixture = *state;
  show(fixture, "flow, by=sex", '6');
  key(fixture, 'j');
  key(fixture, 'w');
  assert_shown(fixture, "why flow 1  (1 of 6)");
  assert_shown(fixture, "It was asked of 228 patients");
  key(fixture, 'q');
  key(fixture, 'G');
  key(fixture, 'w');
  assert_shown(fixture, "why flow if sex == \"female\"  (6 of 6)");
  assert_shown(fixture, "Branch of the cohort: 80 of 163");
  key(fixture, '<');
  key(fixture, '<');
  assert_shown(fixture, "why flow 4");
  key(fixture, 'q');
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(test_forest, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_forest_of_numbers, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_forest_of_the_model, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_forest_of_studies, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_table1, set_up_sample, tear_down),
      cmocka_unit_test_setup_teardown(test_flow, set_up_sample, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
