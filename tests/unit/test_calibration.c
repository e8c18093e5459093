/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Calibration against R: a loop over set.seed() and sample(n, n, TRUE) with coxph() and survfit(), which agrees with
 * rms's calibrate(cmethod = "KM") as far as that iterates (1e-4), but that rms leaves out groups of one patient. */
#include "validation_case.h"

static const struct calibration_group mp_groups[] = {
    {14, 0.340099891019, 0.428571428571, 0.234065127985, 0.784710951899, 0.538285241666},
    {14, 0.578913217735, 0.428571428571, 0.234065127985, 0.784710951899, 0.426609352955},
    {14, 0.806659807082, 0.857142857143, 0.692116986062, 1, 0.80700754579},
};
static const struct calibration_group ovarian_halves[] = {
    {13, 0.323975435342, 0.358974358974, 0.168345117955, 0.765466750485, 0.39604091734},
    {13, 0.847814758262, 0.839160839161, 0.657457201602, 1, 0.838976886733},
};
static const struct calibration_group mp_cluster_groups[] = {
    {42, 0.57468993844, 0.565431569929, 0.432543503222, 0.739146138807, 0.587922106956},
};
static const struct calibration_group published_groups[] = {
    {9, 0.55934102848, 0.333333333333, 0.132317866508, 0.839728708175, (double)NAN},
    {8, 0.841083251789, 1, 1, 1, (double)NAN},
    {9, 0.933523516718, 0.888888888889, 0.705557501516, 1, (double)NAN},
};
static const struct calibration_group ovarian_quarters[] = {
    {7, 0.286295201737, 0.142857142857, 0.0232724690988, 0.876922993373, (double)NAN},
    {6, 0.748642877554, 1, 1, 1, (double)NAN},
    {6, 0.859749945474, 1, 1, 1, (double)NAN},
    {7, 0.971885218031, 0.857142857143, 0.633446529012, 1, (double)NAN},
};

#define assert_groups(situation, time, hazard, resamples, expected)                                                    \
  assert_groups_at((situation), (time), (hazard), (resamples), (expected), COUNT(expected), __LINE__)
static void assert_groups_at(const struct situation *situation, double time, const double *hazard, size_t n_resamples,
                             const struct calibration_group *expected, size_t n, int line)
{
  const struct validation_request request = {n_resamples, 1, 0.95};
  struct calibration_group got[8];
  struct error error = ERROR_INIT;
  assert_int_equal(calibration_compute(&situation->input, &request, time, hazard, n, NULL, got, &error), STATUS_OK);
  for (size_t g = 0; g < n; g++) {
    assert_near_at(got[g].n, expected[g].n, 0, __FILE__, line);
    assert_near_at(got[g].predicted, expected[g].predicted, 1e-9, __FILE__, line);
    assert_near_at(got[g].observed, expected[g].observed, 1e-11, __FILE__, line);
    assert_near_at(got[g].low, expected[g].low, 1e-11, __FILE__, line);
    assert_near_at(got[g].high, expected[g].high, 1e-11, __FILE__, line);
    assert_near_at(got[g].corrected, expected[g].corrected, 1e-8, __FILE__, line);
  }
}

/* Fits the model for the score of each row and the cumulative hazard at `time` for a score of 0. */
static double fit_scores(struct situation *situation, double time)
{
  struct cox_model model;
  struct cox_baseline baseline;
  struct error error = ERROR_INIT;
  double hazard = 0;
  assert_int_equal(cox_fit(&situation->data, situation->design, situation->input.n_columns, &situation->options, NULL,
                           &model, &error),
                   STATUS_OK);
  assert_int_equal(cox_baselines(&situation->data, &model, &situation->options, &baseline, &error), STATUS_OK);
  for (size_t i = 0; i < baseline.n_times && baseline.time[i] <= time; i++)
    hazard = baseline.hazard[i];
  memcpy(situation->score, model.linear_predictor, situation->data.n * sizeof(double));
  cox_baseline_clear(&baseline);
  cox_model_clear(&model);
  return hazard;
}

static void test_calibrate(void **state)
{
  struct situation situation;
  double hazard;
  (void)state;
  set_mp(&situation, 2);
  hazard = fit_scores(&situation, 10);
  assert_groups(&situation, 10, &hazard, 20, mp_groups);
  set_ovarian(&situation, 2);
  hazard = fit_scores(&situation, 500);
  assert_groups(&situation, 500, &hazard, 20, ovarian_halves);
  hazard = fit_scores(&situation, 365);
  assert_groups(&situation, 365, &hazard, 0, ovarian_quarters);
  set_mp(&situation, 1);
  situation.options.cluster = mp_pair;
  situation.options.n_clusters = 21;
  hazard = fit_scores(&situation, 10);
  assert_groups(&situation, 10, &hazard, 20, mp_cluster_groups);
}

static void test_calibrate_published(void **state)
{
  struct situation situation;
  const double hazard = 0.0008;
  (void)state;
  set_published(&situation);
  assert_groups(&situation, 400, &hazard, 20, published_groups);
}

/* Strata have hazards of their own: doubled in the second arm, its predictions are squared. */
static void test_calibrate_strata(void **state)
{
  struct situation situation;
  struct calibration_group plain[1], strata[1];
  const double hazards[] = {0.0008, 0.0016};
  const struct validation_request request = {0, 1, 0.95};
  struct error error = ERROR_INIT;
  double sum = 0;
  (void)state;
  set_published(&situation);
  assert_int_equal(calibration_compute(&situation.input, &request, 400, hazards, 1, NULL, plain, &error), STATUS_OK);
  situation.data.stratum = ov_rx;
  situation.data.n_strata = 2;
  assert_int_equal(calibration_compute(&situation.input, &request, 400, hazards, 1, NULL, strata, &error), STATUS_OK);
  for (size_t i = 0; i < OVARIAN; i++)
    sum += exp(-hazards[ov_rx[i]] * exp(situation.score[i]));
  assert_near(strata[0].predicted, sum / OVARIAN, 1e-13);
  assert_near(strata[0].observed, plain[0].observed, 1e-15);
}

/* Groups that ties leave empty; times before the first event, and after the last patient. */
static void test_calibrate_edges(void **state)
{
  struct situation situation;
  struct calibration_group groups[4];
  const double hazard = 0.5, none = 0;
  const struct validation_request request = {5, 1, 0.95};
  struct error error = ERROR_INIT;
  (void)state;
  set_published(&situation);
  for (size_t i = 0; i < OVARIAN; i++)
    situation.score[i] = 0;
  assert_int_equal(calibration_compute(&situation.input, &request, 400, &hazard, 4, NULL, groups, &error), STATUS_OK);
  double total = 0;
  for (size_t g = 0; g < 4; g++)
    total += groups[g].n;
  assert_near(total, OVARIAN, 0);
  assert_near(groups[0].n, 0, 0);
  assert_near(groups[3].n, OVARIAN, 0);
  assert_near(groups[3].predicted, exp(-0.5), 1e-14);
  assert_true(isnan(groups[3].corrected));
  set_published(&situation);
  assert_int_equal(calibration_compute(&situation.input, &request, 1, &none, 2, NULL, groups, &error), STATUS_OK);
  assert_near(groups[1].predicted, 1, 0);
  assert_near(groups[1].observed, 1, 0);
  assert_int_equal(calibration_compute(&situation.input, &request, 5000, &hazard, 2, NULL, groups, &error), STATUS_OK);
  assert_true(isnan(groups[1].observed) && isnan(groups[1].low));
}

/* No rows, one row, no events. */
static void test_calibrate_nothing(void **state)
{
  static const uint8_t none[MP] = {0};
  struct situation situation;
  struct calibration_group groups[3];
  const double hazard = 1e-4;
  const struct validation_request request = {5, 1, 0.95};
  struct error error = ERROR_INIT;
  (void)state;
  for (int published = 0; published < 2; published++) {
    if (published)
      set_published(&situation);
    else
      set_ovarian(&situation, 2);
    situation.data.n = 0;
    assert_int_equal(calibration_compute(&situation.input, &request, 400, &hazard, 3, NULL, groups, &error), STATUS_OK);
    assert_near(groups[0].n + groups[1].n + groups[2].n, 0, 0);
    situation.data.n = 1;
    assert_int_equal(calibration_compute(&situation.input, &request, 50, &hazard, 3, NULL, groups, &error), STATUS_OK);
    assert_near(groups[0].n + groups[1].n + groups[2].n, 1, 0);
    situation.data.n = OVARIAN;
    situation.data.status = none;
    assert_int_equal(calibration_compute(&situation.input, &request, 400, &hazard, 1, NULL, groups, &error), STATUS_OK);
    assert_near(groups[0].observed, 1, 0);
    assert_true(isnan(groups[0].corrected));
  }
}

static void test_calibrate_cancelled(void **state)
{
  struct situation situation;
  struct task task;
  struct calibration_group groups[2];
  const double hazard = 1e-4;
  const struct validation_request request = {20, 1, 0.95};
  struct error error = ERROR_INIT;
  (void)state;
  task_init(&task);
  task_cancel(&task);
  set_ovarian(&situation, 2);
  assert_int_equal(calibration_compute(&situation.input, &request, 400, &hazard, 2, &task, groups, &error),
                   STATUS_CANCELLED);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_calibrate),         cmocka_unit_test(test_calibrate_published),
      cmocka_unit_test(test_calibrate_strata),  cmocka_unit_test(test_calibrate_edges),
      cmocka_unit_test(test_calibrate_nothing), cmocka_unit_test(test_calibrate_cancelled),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
