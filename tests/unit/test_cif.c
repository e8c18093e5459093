/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cumulative incidence: R's numbers, and what must hold for any cohort. */
#include "competing_case.h"
#include "stats/cif.h"
#include "stats/km.h"

/* Curves of at most so many groups. */
enum { MOST_GROUPS = 4 };

struct curves {
  size_t n_groups;
  struct cif_curve cause[MOST_GROUPS * CIF_CAUSES];
};

static struct curves fit_curves(const struct survival_data *data)
{
  struct curves curves = {.n_groups = data->n_groups};
  assert_true(data->n_groups <= MOST_GROUPS);
  assert_int_equal(cif_fit(data, 0.95, NULL, curves.cause), STATUS_OK);
  return curves;
}

static void curves_clear(struct curves *curves)
{
  for (size_t k = 0; k < CIF_CAUSES * curves->n_groups; k++)
    cif_curve_clear(&curves->cause[k]);
}

static const struct cif_curve *curve_of(const struct curves *curves, size_t group, int cause)
{
  return &curves->cause[CIF_CAUSES * group + (size_t)cause - 1];
}

/* Holds the curves to a table of cmprsk's numbers, row by row; the groups are in the table's order. */
static void compare_file(const struct curves *curves, const char *name, bool has_limits)
{
  const char *top = getenv("top_srcdir");
  char path[4096], line[512], group[64], last[64] = "";
  snprintf(path, sizeof path, "%s/tests/reference/expected/%s", top ? top : ".", name);
  FILE *stream = fopen(path, "r");
  if (!stream)
    fail_msg("cannot read %s", path);
  size_t g = (size_t)-1, row = 0, rows = 0, expected_rows = 0;
  int cause, last_cause = 0;
  double time, estimate, x, y;
  assert_non_null(fgets(line, sizeof line, stream));
  for (; fgets(line, sizeof line, stream); rows++) {
    int cells = sscanf(line, "%63[^\t]\t%d\t%lf\t%lf\t%lf\t%lf", group, &cause, &time, &estimate, &x, &y);
    assert_int_equal(cells, has_limits ? 6 : 5);
    g += strcmp(group, last) != 0;
    row = strcmp(group, last) != 0 || cause != last_cause ? 0 : row + 1;
    strcpy(last, group);
    last_cause = cause;
    const struct cif_curve *curve = curve_of(curves, g, cause);
    assert_true(row < curve->n_times);
    assert_near(curve->time[row], time, 0);
    assert_near(curve->estimate[row], estimate, 1e-12);
    assert_near(has_limits ? curve->conf_low[row] : curve->std_error[row], x, 1e-11);
    if (has_limits)
      assert_near(curve->conf_high[row], y, 1e-11);
  }
  for (size_t k = 0; k < CIF_CAUSES * curves->n_groups; k++)
    expected_rows += curves->cause[k].n_times;
  assert_int_equal(rows, expected_rows);
  fclose(stream);
}

static void pbc_as_cuminc_has_it(void **state)
{
  (void)state;
  struct competing pbc = pbc_read("sex=m", NULL), trt = pbc_read("trt=placebo", NULL);
  struct survival_data data = competing_data(&pbc);
  struct curves curves = fit_curves(&data);
  compare_file(&curves, "cif_curve.pbc.sex.tsv", false);
  curves_clear(&curves);
  data.group = NULL;
  data.n_groups = 1;
  curves = fit_curves(&data);
  compare_file(&curves, "cif_curve.pbc.all.tsv", false);
  assert_near(curves.cause[0].n, 312, 0);
  assert_near(curves.cause[0].n_events, 125, 0);
  assert_near(curves.cause[1].n_events, 19, 0);
  curves_clear(&curves);
  data = competing_data(&trt);
  curves = fit_curves(&data);
  compare_file(&curves, "cif_curve.pbc.trt.tsv", false);
  compare_file(&curves, "cif_curve.limits.tsv", true);
  curves_clear(&curves);
  competing_clear(&pbc);
  competing_clear(&trt);
}

static void assert_points(const struct cif_curve *curve, const double *time, const double *estimate,
                          const double *error, size_t n)
{
  for (size_t k = 0; k < n; k++) {
    struct cif_point point = cif_at(curve, time[k]);
    assert_near(point.estimate, estimate[k], 1e-13);
    assert_near(point.std_error, error[k], 1e-12);
  }
}

static void mgus2_by_sex(void **state)
{
  (void)state;
  const double time[] = {60, 120, 240};
  const double estimate[4][3] = {{0.0397896215044053, 0.0738856643759262, 0.104940674186137},
                                 {0.263965145457701, 0.480490045774695, 0.695307803031983},
                                 {0.0293462844583663, 0.0553102406481571, 0.0956507550309775},
                                 {0.367626985608863, 0.575178488879491, 0.748127889265735}};
  const double error[4][3] = {{0.00780481309035234, 0.0107814554538095, 0.0143172599468089},
                              {0.0175952793010224, 0.0208292343781639, 0.0237599184513159},
                              {0.00616933599625508, 0.00865294918715316, 0.0136151277900094},
                              {0.0176208454543196, 0.0189592099740106, 0.0208014575197525}};
  struct competing mgus = mgus2_read();
  struct survival_data data = competing_data(&mgus);
  struct curves curves = fit_curves(&data);
  for (size_t k = 0; k < 4; k++)
    assert_points(&curves.cause[k], time, estimate[k], error[k], 3);
  curves_clear(&curves);
  competing_clear(&mgus);
}

/* Twelve rows a time: the tie factor of the variance counts. */
static void ties_as_cuminc_has_them(void **state)
{
  (void)state;
  const double time[] = {1, 5, 13, 24, 25};
  const double estimate[][5] = {
      {0.01, 0.0723074162679426, 0.201730574399646, 0.58036714559854, 0.606999468034673},
      {0.02, 0.0624014179017388, 0.180284787278872, 0.366368209529196, 0.393000531965328},
      {0.0224719101123595, 0.0803237327774671, 0.154630385679311, 0.377451232824498, 0.438157379202157},
      {0.0112359550561798, 0.045340383344349, 0.207286790666413, 0.440430328042526, 0.501136474420185},
      {0.018018018018018, 0.0558262308098843, 0.202739349699113, 0.426501117940351, 0.451707760398833},
      {0, 0.0658153069868413, 0.192278408329567, 0.472672312225721, 0.523085597142685}};
  const double error[][5] = {
      {0.01, 0.0264743610417559, 0.0430132471413916, 0.063392645495064, 0.0632382546393033},
      {0.014070529413629, 0.0248240551883183, 0.0412975191431132, 0.0603041614869344, 0.0632382546393029},
      {0.0157994977510296, 0.029294648884966, 0.0398045954070805, 0.0657523559270312, 0.0705842766029684},
      {0.0112359550561798, 0.0222772603746359, 0.0452795853652289, 0.0667421995858391, 0.0708932747310911},
      {0.0126826184006875, 0.022265316310345, 0.040862961369783, 0.057779592035716, 0.0598249780307829},
      {0, 0.0241701825197127, 0.0400108612296161, 0.0587030420245107, 0.0606394087297474}};
  struct competing made = made_up(300, 12);
  struct survival_data data = competing_data(&made);
  for (int round = 0; round < 2; round++) {
    struct curves curves = fit_curves(&data);
    for (size_t k = 0; k < 6; k++)
      assert_points(&curves.cause[k], time, estimate[k], error[k], 5);
    curves_clear(&curves);
    reverse_ties(&made); /* the order of tied rows does not matter */
  }
  competing_clear(&made);
}

/* -- identities -- */

static struct km_curve *fit_km(const struct survival_data *data)
{
  const struct km_options options = {.conf = CONF_LOG_LOG, .level = 0.95};
  struct km_curve *curves = memory_new(data->n_groups, sizeof *curves);
  assert_int_equal(km_fit(data, &options, NULL, curves), STATUS_OK);
  return curves;
}

static void km_free(struct km_curve *curves, size_t n_groups)
{
  for (size_t g = 0; g < n_groups; g++)
    km_curve_clear(&curves[g]);
  free(curves);
}

/* Late entries for some rows, as long as `entry` is before the time; weights from 1 to 3. */
static void enter_late(struct competing *made, bool weighted)
{
  struct cohort *cohort = &made->cohort;
  uint32_t seed = 11;
  cohort->entry = memory_new(cohort->n, sizeof(double));
  cohort->weight = weighted ? memory_new(cohort->n, sizeof(double)) : NULL;
  for (size_t i = 0; i < cohort->n; i++) {
    cohort->entry[i] = (double)next_random(&seed, (uint32_t)cohort->time[i]);
    if (weighted)
      cohort->weight[i] = 1 + (double)next_random(&seed, 3);
  }
}

/* The incidences of both causes and the estimate for any event sum to 1, late entries and weights or not. */
static void the_whole_is_one(void **state)
{
  (void)state;
  struct competing made = made_up(400, 3);
  for (int round = 0; round < 2; round++) {
    struct survival_data data = competing_data(&made);
    struct curves curves = fit_curves(&data);
    uint8_t *any = memory_copy(made.cohort.status, data.n, 1);
    for (size_t i = 0; i < data.n; i++)
      any[i] = any[i] != STATUS_CENSORED;
    data.status = any;
    struct km_curve *km = fit_km(&data);
    for (size_t g = 0; g < data.n_groups; g++)
      for (size_t j = 0; j < km[g].n_times; j++) {
        double t = km[g].time[j], sum = km[g].estimate[j];
        sum += cif_at(curve_of(&curves, g, 1), t).estimate + cif_at(curve_of(&curves, g, 2), t).estimate;
        assert_near(sum, 1, 1e-13);
      }
    km_free(km, data.n_groups);
    curves_clear(&curves);
    free(any);
    if (round == 0)
      enter_late(&made, true);
  }
  competing_clear(&made);
}

/* Without competing events the incidence is one minus Kaplan–Meier. */
static void one_cause_is_kaplan_meier(void **state)
{
  (void)state;
  struct competing made = made_up(300, 4);
  for (size_t i = 0; i < made.cohort.n; i++)
    if (made.cohort.status[i] == STATUS_COMPETING)
      made.cohort.status[i] = STATUS_CENSORED;
  struct survival_data data = competing_data(&made);
  struct curves curves = fit_curves(&data);
  struct km_curve *km = fit_km(&data);
  for (size_t g = 0; g < data.n_groups; g++) {
    const struct cif_curve *curve = curve_of(&curves, g, STATUS_EVENT);
    size_t row = 0;
    for (size_t j = 0; j < km[g].n_times; j++)
      if (km[g].n_event[j] > 0) {
        assert_near(curve->time[row], km[g].time[j], 0);
        assert_near(curve->n_risk[row], km[g].n_risk[j], 0);
        assert_near(curve->n_event[row], km[g].n_event[j], 0);
        assert_near(curve->estimate[row++], 1 - km[g].estimate[j], 1e-12);
      }
    assert_int_equal(row, curve->n_times);
    assert_int_equal(curve_of(&curves, g, STATUS_COMPETING)->n_times, 0);
    assert_near(curve_of(&curves, g, STATUS_COMPETING)->n_events, 0, 0);
  }
  km_free(km, data.n_groups);
  curves_clear(&curves);
  competing_clear(&made);
}

static void assert_same_curves(const struct curves *a, const struct curves *b)
{
  for (size_t k = 0; k < CIF_CAUSES * a->n_groups; k++) {
    const struct cif_curve *left = &a->cause[k], *right = &b->cause[k];
    assert_int_equal(left->n_times, right->n_times);
    assert_near(left->n, right->n, 1e-14);
    assert_near(left->n_events, right->n_events, 1e-14);
    for (size_t j = 0; j < left->n_times; j++) {
      assert_near(left->time[j], right->time[j], 0);
      assert_near(left->n_risk[j], right->n_risk[j], 1e-13);
      assert_near(left->estimate[j], right->estimate[j], 1e-12);
      assert_near(left->std_error[j], right->std_error[j], 1e-11);
      assert_near(left->conf_low[j], right->conf_low[j], 1e-11);
    }
  }
}

static void frequencies_equal_replication(void **state)
{
  (void)state;
  struct competing made = made_up(200, 3);
  enter_late(&made, true);
  struct competing copies = replicated(&made, made.cohort.weight);
  struct survival_data weighted = competing_data(&made), plain = competing_data(&copies);
  struct curves a = fit_curves(&weighted), b = fit_curves(&plain);
  assert_same_curves(&a, &b);
  curves_clear(&a);
  curves_clear(&b);
  competing_clear(&made);
  competing_clear(&copies);
}

/* Entries before every time change nothing. */
static void early_entry_is_none(void **state)
{
  (void)state;
  struct competing made = made_up(200, 2);
  struct survival_data data = competing_data(&made);
  struct curves a = fit_curves(&data);
  made.cohort.entry = memory_new(data.n, sizeof(double));
  data = competing_data(&made);
  struct curves b = fit_curves(&data);
  assert_same_curves(&a, &b);
  curves_clear(&a);
  curves_clear(&b);
  competing_clear(&made);
}

/* -- edges -- */

/* Four patients by hand: S = 1, 3/4, 1/2 and then 0; the third had the other event. */
static void four_patients_by_hand(void **state)
{
  (void)state;
  const double time[] = {1, 2, 3, 4};
  const uint8_t status[] = {1, 2, 1, 1};
  struct survival_data data = {.n = 4, .time = time, .status = status, .n_groups = 1, .n_strata = 1};
  struct curves curves = fit_curves(&data);
  const double estimate[] = {0.25, 0.5, 0.75}, risk[] = {4, 2, 1};
  const struct cif_curve *curve = curve_of(&curves, 0, 1);
  assert_int_equal(curve->n_times, 3);
  assert_all_near(curve->estimate, estimate, 1e-15);
  assert_all_near(curve->n_risk, risk, 0);
  assert_near(curve->std_error[0], 0.25, 1e-15); /* S^2 d / n^2 = 1 / 16 */
  assert_near(cif_at(curve, 0.5).estimate, 0, 0);
  assert_near(cif_at(curve, 0.5).conf_high, 0, 0);
  assert_near(cif_at(curve, -INFINITY).std_error, 0, 0);
  assert_near(cif_at(curve, 1).estimate, 0.25, 1e-15);
  assert_near(cif_at(curve, 2.5).estimate, 0.25, 1e-15);
  assert_near(cif_at(curve, 4).estimate, 0.75, 1e-15);
  assert_true(isnan(cif_at(curve, 4.5).estimate) && isnan(cif_at(curve, 4.5).conf_low));
  assert_true(isnan(cif_at(curve, (double)NAN).estimate));
  assert_near(cif_at(curve_of(&curves, 0, 2), 4).estimate, 0.25, 1e-15);
  curves_clear(&curves);
}

static void empty_and_tiny_cohorts(void **state)
{
  (void)state;
  const double time[] = {5, 5, 5};
  const uint8_t censored[] = {0, 0, 0}, events[] = {1, 1, 1};
  const uint32_t group[] = {1, 1, 1};
  struct survival_data data = {.n = 0, .time = time, .status = events, .n_groups = 1, .n_strata = 1};
  struct curves curves = fit_curves(&data);
  assert_int_equal(curves.cause[0].n_times, 0);
  assert_true(isnan(cif_at(&curves.cause[0], 1).estimate));
  curves_clear(&curves);
  data.n = 3;
  data.status = censored;
  data.group = group;
  data.n_groups = 2;
  curves = fit_curves(&data); /* group 0 has no rows, group 1 no events */
  assert_true(isnan(cif_at(curve_of(&curves, 0, 1), 5).estimate));
  assert_near(cif_at(curve_of(&curves, 1, 1), 5).estimate, 0, 0);
  assert_near(curve_of(&curves, 1, 1)->n, 3, 0);
  curves_clear(&curves);
  data.status = events;
  curves = fit_curves(&data); /* all at once: incidence 1, no limits */
  const struct cif_curve *curve = curve_of(&curves, 1, 1);
  assert_int_equal(curve->n_times, 1);
  assert_near(curve->estimate[0], 1, 0);
  assert_near(curve->std_error[0], 0, 0);
  assert_true(isnan(curve->conf_low[0]) && isnan(curve->conf_high[0]));
  curves_clear(&curves);
  data.n = 1;
  curves = fit_curves(&data);
  assert_near(curve_of(&curves, 1, 1)->estimate[0], 1, 0);
  curves_clear(&curves);
}

/* The risk set dies out at 2; who enters later finds a curve that stays. */
static void a_risk_set_that_dies_out(void **state)
{
  (void)state;
  const double time[] = {1, 2, 5, 6}, entry[] = {0, 0, 3, 3};
  const uint8_t status[] = {1, 2, 1, 2};
  struct survival_data data = {.n = 4, .time = time, .status = status, .entry = entry, .n_groups = 1, .n_strata = 1};
  struct curves curves = fit_curves(&data);
  const double estimate[] = {0.5, 0.5};
  assert_all_near(curve_of(&curves, 0, 1)->estimate, estimate, 1e-15);
  assert_all_near(curve_of(&curves, 0, 2)->estimate, estimate, 1e-15);
  assert_near(curve_of(&curves, 0, 1)->std_error[1], curve_of(&curves, 0, 1)->std_error[0], 1e-15);
  curves_clear(&curves);
}

static void a_cancelled_fit_leaves_nothing(void **state)
{
  (void)state;
  struct competing made = made_up(50, 1);
  struct survival_data data = competing_data(&made);
  struct cif_curve curves[6];
  struct task task;
  task_init(&task);
  task_cancel(&task);
  assert_int_equal(cif_fit(&data, 0.95, &task, curves), STATUS_CANCELLED);
  assert_null(curves[0].time);
  competing_clear(&made);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(pbc_as_cuminc_has_it),
      cmocka_unit_test(mgus2_by_sex),
      cmocka_unit_test(ties_as_cuminc_has_them),
      cmocka_unit_test(the_whole_is_one),
      cmocka_unit_test(one_cause_is_kaplan_meier),
      cmocka_unit_test(frequencies_equal_replication),
      cmocka_unit_test(early_entry_is_none),
      cmocka_unit_test(four_patients_by_hand),
      cmocka_unit_test(empty_and_tiny_cohorts),
      cmocka_unit_test(a_risk_set_that_dies_out),
      cmocka_unit_test(a_cancelled_fit_leaves_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
