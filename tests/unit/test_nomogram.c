/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is read off a nomogram for a patient is what predict says of him, for every kind of model. */
#include <math.h>

#include "report/table.h"
#include "session_case.h"
#include "verbs/present_nomogram.h"

static int set_up(void **state)
{
  *state = session_of_sample("demo.kap");
  return 0;
}

static int tear_down(void **state)
{
  session_free(*state);
  return 0;
}

static struct nomogram_reader *reader_of(struct session *session, const char *line)
{
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  if (command_analyse(session_state(session), line, NULL, &report, &error))
    fail_msg("%s: %s", line, error.what);
  struct nomogram_reader *reader = report_take_sequel(&report, nomogram_reader_free);
  report_clear(&report);
  assert_non_null(reader);
  assert_int_equal(nomogram_reader_prepare(reader, NULL), STATUS_OK);
  return reader;
}

static void assert_same(double read, double predicted, const char *what, const char *line)
{
  if (isnan(read) && isnan(predicted))
    return;
  if (!(fabs(read - predicted) <= 1e-9 * (1 + fabs(predicted))))
    fail_msg("%s: %s is %.17g in the nomogram and %.17g in predict", line, what, read, predicted);
}

static double cell(const struct table *table, size_t row, size_t column)
{
  const struct cell *found = table_cell(table, row, column);
  return found->kind == CELL_NUMBER ? found->as.number : (double)NAN;
}

static void compare_with_predict(struct session *session, const struct nomogram_reader *reader, const double *values)
{
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  struct nomogram_reading reading;
  char *line = present_nomogram_predict(reader, values);
  if (nomogram_read(reader, values, &reading, &error))
    fail_msg("%s: %s", line, error.what);
  if (command_analyse(session_state(session), line, NULL, &report, &error))
    fail_msg("%s: %s", line, error.what);
  const struct table *table = report_find_table(&report, "predict");
  double sum = 0;
  assert_int_equal(table_n_rows(table), reader->n_times);
  for (size_t i = 0; i < reader->n_times; i++) {
    assert_same(reader->times[i], cell(table, i, 0), "time", line);
    assert_same(reading.survival[i].estimate, cell(table, i, 1), "survival", line);
    assert_same(reading.survival[i].low, cell(table, i, 2), "lower limit", line);
    assert_same(reading.survival[i].high, cell(table, i, 3), "upper limit", line);
    assert_same(reading.linear_predictor, cell(table, i, 4), "linear predictor", line);
    assert_same(reading.total_points, cell(table, i, 5), "total points", line);
  }
  for (size_t c = 0; c < reader->predictor.n_components; c++)
    sum += isnan(reading.points[c]) ? 0 : reading.points[c];
  assert_same(sum, reading.total_points, "sum of points", line);
  report_clear(&report);
  nomogram_reading_clear(&reading);
  free(line);
}

/* Walks a patient over the nomogram, a few hundred steps, and asks predict at each tenth. */
static void walk(struct session *session, const char *model, const char *nomogram)
{
  run(session, model);
  struct nomogram_reader *reader = reader_of(session, nomogram);
  const size_t n = reader->predictor.n_columns;
  double *values = calloc(n, sizeof *values);
  uint32_t seed = 11;
  for (size_t i = 0; i < n; i++)
    values[i] = reader->variables[i].typical;
  compare_with_predict(session, reader, values);
  for (int step = 0; step < 120; step++) {
    seed = seed * 1664525u + 1013904223u;
    const size_t column = (seed >> 8) % n;
    values[column] = nomogram_moved(reader, column, values[column], seed >> 31 ? 1 : -1, (seed >> 30) & 1);
    assert_true(nomogram_has_value(reader, column, values[column]));
    if (step % 10 == 0)
      compare_with_predict(session, reader, values);
  }
  free(values);
  nomogram_reader_free(reader);
}

static void readings_are_those_of_predict(void **state)
{
  struct session *session = *state;
  walk(session, "cox age + surgery + ref(grade, \"NEC\")", "nomogram, at=12,36,60");
  walk(session, "cox age + surgery + ref(grade, \"NEC\")", "nomogram, at=60,12,500");
  walk(session, "cox surgery", "nomogram, at=36");
  walk(session, "cox age * sex + surgery + strata(hm_distribution)", "nomogram, at=12,60");
  walk(session, "cox log(primary_diameter_mm) + I(age^2) + age + sex", "nomogram, at=36");
  walk(session, "cox age + grade, firth", "nomogram, at=36");
  walk(session, "cox age + grade + ssa, robust", "nomogram, at=36");
  run(session, "endpoint late = Surv(age, age + os_months / 12, death == 1)");
  walk(session, "cox surgery + ki67_percent + strata(sex)", "nomogram, at=60,70");
  run(session, "use os");
  run(session, "set conf=log-log");
  walk(session, "cox age + grade, ties=efron", "nomogram, at=36,60 step=age:7 range=age:21:77");
  walk(session, "model \"paper\" = 0.3764 * primary_diameter_mm / 10 + 1.7 * (surgery == \"NR\"), baseline=12:0.0247,36:0.08",
       "nomogram");
}

/* The points of a value that is a tick are those of the printed table. */
static void ticks_have_the_points_of_the_table(void **state)
{
  struct session *session = *state;
  struct error error = ERROR_INIT;
  run(session, "cox age * sex + surgery");
  struct nomogram_reader *reader = reader_of(session, "nomogram, at=36");
  double *values = calloc(reader->predictor.n_columns, sizeof *values);
  for (size_t a = 0; a < reader->nomogram.n_axes; a++) {
    const struct nomogram_axis *axis = &reader->nomogram.axes[a];
    for (size_t k = 0; k < axis->n; k++) {
      struct nomogram_reading reading;
      memcpy(values, axis->given, reader->predictor.n_columns * sizeof *values);
      values[axis->along] = axis->value[k];
      assert_true(nomogram_axis_holds(reader, axis, values));
      assert_int_equal(nomogram_read(reader, values, &reading, &error), STATUS_OK);
      assert_same(reading.points[axis->component], axis->points[k], axis->term, "points");
      nomogram_reading_clear(&reading);
    }
  }
  free(values);
  nomogram_reader_free(reader);
}

/* A number goes from step to step, ticks are bigger, ends hold; levels go one by one. */
static void values_move_in_steps(void **state)
{
  struct session *session = *state;
  run(session, "cox age + log(primary_diameter_mm) + surgery");
  struct nomogram_reader *reader = reader_of(session, "nomogram, at=36");
  assert_int_equal(reader->variables[0].step, 1);
  assert_int_equal(reader->variables[0].tick, 5);
  assert_true(nomogram_moved(reader, 0, 52, 1, false) == 53);
  assert_true(nomogram_moved(reader, 0, 52, 1, true) == 55);
  assert_true(nomogram_moved(reader, 0, 52, -1, true) == 50);
  assert_true(nomogram_moved(reader, 0, 55, 1, true) == 60);
  assert_true(nomogram_moved(reader, 0, 80, 1, true) == 80);
  assert_true(nomogram_moved(reader, 0, 25, -1, false) == 25);
  assert_true(nomogram_moved(reader, 2, 1, -1, false) == 1);
  assert_true(nomogram_moved(reader, 2, 1, 1, false) == 2);
  assert_false(nomogram_has_value(reader, 0, 200));
  assert_false(nomogram_has_value(reader, 2, 9));
  nomogram_reader_free(reader);
}

/* A patient without a value of the model is told, and nothing is left to clear. */
static void what_has_no_value_is_told(void **state)
{
  struct session *session = *state;
  struct error error = ERROR_INIT;
  struct nomogram_reading reading;
  run(session, "cox log(age) + surgery");
  struct nomogram_reader *reader = reader_of(session, "nomogram, at=36");
  const double values[] = {0, 1};
  assert_int_equal(nomogram_read(reader, values, &reading, &error), STATUS_ERROR);
  assert_non_null(error.what);
  error_clear(&error);
  nomogram_reader_free(reader);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(readings_are_those_of_predict, set_up, tear_down),
      cmocka_unit_test_setup_teardown(ticks_have_the_points_of_the_table, set_up, tear_down),
      cmocka_unit_test_setup_teardown(values_move_in_steps, set_up, tear_down),
      cmocka_unit_test_setup_teardown(what_has_no_value_is_told, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
