/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The Fine–Gray model: cmprsk's numbers, and what must hold for any cohort. */
#include "competing_case.h"
#include "stats/finegray.h"

static struct finegray_model fit_data(const struct survival_data *data, const double *design, size_t p)
{
  struct finegray_model model;
  struct error error = ERROR_INIT;
  if (finegray_fit(data, design, p, NULL, &model, &error) != STATUS_OK)
    fail_msg("fit failed: %s", error.what);
  return model;
}

static struct finegray_model fit_competing(const struct competing *competing)
{
  struct survival_data data = competing_data(competing);
  return fit_data(&data, competing->cohort.design, competing->cohort.n_columns);
}

static void assert_same_model(const struct finegray_model *a, const struct finegray_model *b, double tolerance)
{
  for (size_t j = 0; j < a->n_columns; j++) {
    assert_near(a->beta[j], b->beta[j], tolerance);
    assert_near(a->std_error[j], b->std_error[j], tolerance);
    assert_int_equal(a->state[j], b->state[j]);
  }
  for (size_t k = 0; k < a->n_columns * a->n_columns; k++)
    assert_near(a->covariance[k], b->covariance[k], tolerance);
  assert_near(a->loglik_null, b->loglik_null, tolerance);
  assert_near(a->loglik, b->loglik, tolerance);
  assert_near(a->n, b->n, 1e-14);
  assert_near(a->n_events, b->n_events, 1e-14);
  assert_near(a->n_competing, b->n_competing, 1e-14);
}

/* -- cmprsk -- */

static void pbc_as_crr_has_it(void **state)
{
  (void)state;
  const double beta[] = {-0.038556377646299198, 0.044316145122542797, 0.14606150689112227};
  const double error[] = {0.1852243131649477, 0.0094833799621443487, 0.016144785739340677};
  const double beta2[] = {-1.7409038100187235, 0.62905674521516919};
  const double error2[] = {0.20618328401020877, 0.25545468669401111};
  struct competing pbc = pbc_read("id", (const char *[]){"trt=placebo", "age", "bili", NULL});
  struct finegray_model model = fit_competing(&pbc);
  assert_all_near(model.beta, beta, 1e-10);
  assert_all_near(model.std_error, error, 1e-10);
  assert_true(model.converged);
  assert_near(model.n, 312, 0);
  assert_near(model.n_events, 125, 0);
  assert_near(model.n_competing, 19, 0);
  finegray_model_clear(&model);
  assert_null(model.beta);
  competing_clear(&pbc);
  pbc = pbc_read("id", (const char *[]){"albumin", "sex=m", NULL});
  model = fit_competing(&pbc);
  assert_all_near(model.beta, beta2, 1e-10);
  assert_all_near(model.std_error, error2, 1e-10);
  finegray_model_clear(&model);
  competing_clear(&pbc);
}

static void pbc_with_seven_columns(void **state)
{
  (void)state;
  const double beta[] = {-0.00497270243625653, 0.0293172493767283, 0.124765542047299, -1.09302544308551,
                         0.480265338530536,    0.378719623643903,  0.310182641349976};
  const double error[] = {0.189409851322486, 0.0106537922431439, 0.0140930701722724, 0.234231350705602,
                          0.285888417801661, 0.122265557594005,  0.0841005224952456};
  struct competing pbc =
      pbc_read("id", (const char *[]){"trt=placebo", "age", "bili", "albumin", "sex=m", "stage", "protime", NULL});
  struct finegray_model model = fit_competing(&pbc);
  assert_all_near(model.beta, beta, 1e-10);
  assert_all_near(model.std_error, error, 1e-10);
  assert_near(model.covariance[1], 0.000159209849575603, 1e-10);
  assert_near(model.loglik_null, -646.669855713051, 1e-13);
  assert_near(model.loglik, -561.184366026097, 1e-13);
  finegray_model_clear(&model);
  competing_clear(&pbc);
}

static void mgus2_by_age_and_sex(void **state)
{
  (void)state;
  const double beta[] = {-0.0173381532193795, -0.260038237827958}, error[] = {0.00573710324167717, 0.18568103479413};
  const double death[] = {0.0585844004061037, 0.370796845906124}, error2[] = {0.0036794192012124, 0.0667894637861126};
  struct competing mgus = mgus2_read();
  struct finegray_model model = fit_competing(&mgus);
  assert_all_near(model.beta, beta, 1e-11);
  assert_all_near(model.std_error, error, 1e-11);
  assert_near(model.covariance[1], 8.68180977373347e-05, 1e-11);
  assert_near(model.loglik, -790.12131516954, 1e-13);
  finegray_model_clear(&model);
  for (size_t i = 0; i < mgus.cohort.n; i++)
    mgus.cohort.status[i] = (uint8_t)((3 - mgus.cohort.status[i]) % 3);
  model = fit_competing(&mgus);
  assert_all_near(model.beta, death, 1e-11);
  assert_all_near(model.std_error, error2, 1e-10);
  assert_near(model.loglik, -5539.29685582424, 1e-13);
  finegray_model_clear(&model);
  competing_clear(&mgus);
}

/* Twelve rows a time, of every fate; the order of tied rows does not matter. */
static void ties_as_crr_has_them(void **state)
{
  (void)state;
  const double beta[] = {-0.00893112312149786, -0.240923728180432}, error[] = {0.00363682793148766, 0.193858078744363};
  struct competing made = made_up(300, 12);
  for (int round = 0; round < 2; round++) {
    struct finegray_model model = fit_competing(&made);
    assert_all_near(model.beta, beta, 1e-11);
    assert_all_near(model.std_error, error, 1e-11);
    assert_near(model.covariance[2], 0.000108364819295271, 1e-11);
    assert_near(model.loglik_null, -530.989320730493, 1e-13);
    assert_near(model.loglik, -527.144660581885, 1e-13);
    finegray_model_clear(&model);
    reverse_ties(&made);
  }
  competing_clear(&made);
}

/* -- identities -- */

/* Without competing events: Cox's model with Breslow ties and its sandwich. */
static void one_cause_is_cox(void **state)
{
  (void)state;
  const double beta[] = {-0.00812210512211101, -0.325809989314153}, error[] = {0.00369973164997841, 0.195910526063342};
  struct competing made = made_up(300, 12);
  for (size_t i = 0; i < made.cohort.n; i++)
    if (made.cohort.status[i] == STATUS_COMPETING)
      made.cohort.status[i] = STATUS_CENSORED;
  free(made.cohort.stratum);
  made.cohort.stratum = NULL;
  struct finegray_model model = fit_competing(&made);
  struct cox_model cox = cohort_fit(&made.cohort, (struct cox_options){.ties = TIES_BRESLOW, .robust = true});
  assert_all_near(model.beta, beta, 1e-11);
  assert_all_near(model.std_error, error, 1e-11);
  for (size_t j = 0; j < 2; j++) {
    assert_near(model.beta[j], cox.beta[j], 1e-11);
    assert_near(model.std_error[j], cox.std_error[j], 1e-11);
  }
  assert_near(model.loglik_null, cox.loglik_null, 1e-13);
  assert_near(model.loglik, cox.loglik, 1e-13);
  finegray_model_clear(&model);
  cox_model_clear(&cox);
  competing_clear(&made);
}

/* Years of 1995 and offsets of 1e10, months or microns: the scaled coefficients are the same to the digits that the
 * columns have. */
static void shift_and_scale_change_nothing(void **state)
{
  (void)state;
  const double shifts[] = {1995, 1e10, -1e10}, scales[] = {1, 1, 1e-8};
  struct competing mgus = mgus2_read();
  struct finegray_model before = fit_competing(&mgus);
  double *plain = mgus.cohort.design;
  for (size_t k = 0; k < 3; k++) {
    mgus.cohort.design = memory_copy(plain, mgus.cohort.n * 2, sizeof *plain);
    for (size_t i = 0; i < mgus.cohort.n; i++)
      for (size_t j = 0; j < 2; j++)
        mgus.cohort.design[2 * i + j] = (plain[2 * i + j] + shifts[k]) * scales[k];
    struct finegray_model after = fit_competing(&mgus);
    double tolerance = k < 2 ? 1e-12 : 1e-5; /* 1e10 x 1e-8 rounds the column itself */
    for (size_t j = 0; j < 2; j++) {
      assert_near(after.beta[j] * scales[k], before.beta[j], tolerance);
      assert_near(after.std_error[j] * scales[k], before.std_error[j], tolerance);
    }
    assert_near(after.loglik, before.loglik, 1e-9);
    finegray_model_clear(&after);
    free(mgus.cohort.design);
  }
  mgus.cohort.design = plain;
  finegray_model_clear(&before);
  competing_clear(&mgus);
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  struct competing made = made_up(200, 3);
  uint32_t seed = 7;
  made.cohort.weight = memory_new(made.cohort.n, sizeof(double));
  for (size_t i = 0; i < made.cohort.n; i++)
    made.cohort.weight[i] = 1 + (double)next_random(&seed, 3);
  struct competing copies = replicated(&made, made.cohort.weight);
  struct finegray_model a = fit_competing(&made), b = fit_competing(&copies);
  assert_same_model(&a, &b, 1e-11);
  finegray_model_clear(&a);
  finegray_model_clear(&b);
  competing_clear(&made);
  competing_clear(&copies);
}

/* The score by its definition, in n^2 steps, at the fitted coefficients. */
static double part_in_risk_set(const struct survival_data *data, const double *censoring, size_t i, size_t event)
{
  if (data->time[i] >= data->time[event])
    return 1;
  return data->status[i] == STATUS_COMPETING ? censoring[event] / censoring[i] : 0;
}

static void the_score_is_zero(void **state)
{
  (void)state;
  struct competing made = made_up(150, 2);
  struct survival_data data = competing_data(&made);
  double *censoring = memory_new(data.n, sizeof *censoring), score[2] = {0, 0}, at_risk = (double)data.n, g = 1;
  struct finegray_model model = fit_competing(&made);
  for (size_t i = 0, next; i < data.n; i = next) {
    double left = at_risk, censored = 0;
    for (next = i; next < data.n && data.time[next] <= data.time[i]; next++, left--) {
      censoring[next] = g;
      censored += data.status[next] == STATUS_CENSORED;
    }
    g *= 1 - censored / at_risk;
    at_risk = left;
  }
  for (size_t e = 0; e < data.n; e++) {
    double sum[3] = {0, 0, 0};
    for (size_t i = 0; i < data.n && data.status[e] == STATUS_EVENT; i++) {
      const double *x = &made.cohort.design[2 * i];
      double risk = exp(x[0] * model.beta[0] + x[1] * model.beta[1]) * part_in_risk_set(&data, censoring, i, e);
      sum[0] += risk * x[0];
      sum[1] += risk * x[1];
      sum[2] += risk;
    }
    for (size_t j = 0; j < 2 && data.status[e] == STATUS_EVENT; j++)
      score[j] += made.cohort.design[2 * e + j] - sum[j] / sum[2];
  }
  assert_near(score[0], 0, 1e-6);
  assert_near(score[1], 0, 1e-8);
  free(censoring);
  finegray_model_clear(&model);
  competing_clear(&made);
}

/* -- findings -- */

/* Columns: x, a constant, twice x, y, x + y; the first of each dependence stays. */
static void dependent_columns_are_aliased(void **state)
{
  (void)state;
  struct competing made = made_up(300, 12);
  struct survival_data data = competing_data(&made);
  double *wide = memory_new(data.n * 5, sizeof *wide);
  for (size_t i = 0; i < data.n; i++) {
    double x = made.cohort.design[2 * i], y = made.cohort.design[2 * i + 1];
    memcpy(&wide[5 * i], (double[]){x, 7, 2 * x + 3, y, x + y}, 5 * sizeof *wide);
  }
  struct finegray_model model = fit_data(&data, wide, 5), plain = fit_competing(&made);
  const enum coefficient_state expected[] = {COEFFICIENT_FINITE, COEFFICIENT_ALIASED, COEFFICIENT_ALIASED,
                                             COEFFICIENT_FINITE, COEFFICIENT_ALIASED};
  for (size_t j = 0; j < 5; j++) {
    assert_int_equal(model.state[j], expected[j]);
    assert_true(isnan(model.beta[j]) == (expected[j] == COEFFICIENT_ALIASED));
    assert_true(isnan(model.std_error[j]) == (expected[j] == COEFFICIENT_ALIASED));
    assert_near(model.covariance[5 + j], 0, 0);
  }
  assert_near(model.beta[0], plain.beta[0], 1e-10);
  assert_near(model.std_error[3], plain.std_error[1], 1e-10);
  assert_near(model.covariance[3], plain.covariance[1], 1e-10);
  finegray_model_clear(&model);
  finegray_model_clear(&plain);
  free(wide);
  competing_clear(&made);
}

/* A third column marks some rows without the event, or with it only: its coefficient runs off, the rest is fitted as in
 * Cox's model where nothing competes. */
static void separation_is_found(void **state)
{
  (void)state;
  for (int competing = 0; competing < 2; competing++) {
    struct competing made = made_up(300, 2);
    struct survival_data data = competing_data(&made);
    double *wide = memory_new(data.n * 3, sizeof *wide);
    for (size_t i = 0; i < data.n; i++) {
      if (!competing && made.cohort.status[i] == STATUS_COMPETING)
        made.cohort.status[i] = STATUS_CENSORED;
      memcpy(&wide[3 * i], &made.cohort.design[2 * i], 2 * sizeof *wide);
      wide[3 * i + 2] = made.cohort.status[i] != STATUS_EVENT && i % 4 == 0;
    }
    data.stratum = NULL;
    data.n_strata = 1;
    struct finegray_model model = fit_data(&data, wide, 3);
    assert_int_equal(model.state[0], COEFFICIENT_FINITE);
    assert_int_equal(model.state[1], COEFFICIENT_FINITE);
    assert_int_equal(model.state[2], COEFFICIENT_INFINITE);
    assert_true(model.beta[2] < -10 && model.std_error[2] > 10 && model.converged);
    assert_true(model.std_error[0] > 1e-3 && model.std_error[1] < 1);
    if (!competing) {
      struct cox_model cox;
      struct cox_options options = {.ties = TIES_BRESLOW, .robust = true, .level = 0.95};
      struct error error = ERROR_INIT;
      assert_int_equal(cox_fit(&data, wide, 3, &options, NULL, &cox, &error), STATUS_OK);
      for (size_t j = 0; j < 2; j++) {
        assert_near(model.beta[j], cox.beta[j], 1e-7);
        assert_near(model.std_error[j], cox.std_error[j], 1e-7);
      }
      cox_model_clear(&cox);
    }
    finegray_model_clear(&model);
    free(wide);
    competing_clear(&made);
  }
}

static void delayed_entry_is_refused(void **state)
{
  (void)state;
  struct competing made = made_up(20, 1);
  struct finegray_model model;
  struct error error = ERROR_INIT;
  made.cohort.entry = memory_new(made.cohort.n, sizeof(double));
  struct survival_data data = competing_data(&made);
  assert_int_equal(finegray_fit(&data, made.cohort.design, 2, NULL, &model, &error), STATUS_ERROR);
  assert_non_null(strstr(error.what, "delayed entry"));
  assert_non_null(error.hint);
  error_clear(&error);
  competing_clear(&made);
}

static void nothing_to_fit(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4}, x[] = {0, 1, 1, 0};
  const uint8_t no_events[] = {0, 2, 0, 2}, one[] = {1, 2, 0, 2};
  struct survival_data data = {.n = 4, .time = time, .status = no_events, .n_groups = 1, .n_strata = 1};
  struct finegray_model model = fit_data(&data, x, 1);
  assert_true(isnan(model.beta[0]) && isnan(model.std_error[0]));
  assert_int_equal(model.state[0], COEFFICIENT_ALIASED);
  assert_near(model.loglik, 0, 0);
  finegray_model_clear(&model);
  data.n = 0;
  model = fit_data(&data, x, 1);
  assert_true(isnan(model.beta[0]));
  finegray_model_clear(&model);
  data.status = one;
  data.n = 1;
  model = fit_data(&data, x, 1);
  assert_true(isnan(model.beta[0]));
  assert_near(model.n_events, 1, 0);
  finegray_model_clear(&model);
  data.n = 4;
  model = fit_data(&data, NULL, 0);
  assert_near(model.loglik, -log(4), 1e-15);
  assert_near(model.loglik_null, -log(4), 1e-15);
  assert_true(model.converged);
  finegray_model_clear(&model);
}

static void a_cancelled_fit_leaves_nothing(void **state)
{
  (void)state;
  struct competing made = made_up(50, 1);
  struct survival_data data = competing_data(&made);
  struct finegray_model model;
  struct error error = ERROR_INIT;
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(finegray_fit(&data, made.cohort.design, 2, &task, &model, &error), STATUS_CANCELLED);
  assert_null(error.what);
  competing_clear(&made);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pbc_as_crr_has_it),
      cmocka_unit_test(pbc_with_seven_columns),
      cmocka_unit_test(mgus2_by_age_and_sex),
      cmocka_unit_test(ties_as_crr_has_them),
      cmocka_unit_test(one_cause_is_cox),
      cmocka_unit_test(shift_and_scale_change_nothing),
      cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(the_score_is_zero),
      cmocka_unit_test(dependent_columns_are_aliased),
      cmocka_unit_test(separation_is_found),
      cmocka_unit_test(delayed_entry_is_refused),
      cmocka_unit_test(nothing_to_fit),
      cmocka_unit_test(a_cancelled_fit_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
