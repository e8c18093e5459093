/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Validation against R: a loop over set.seed() and sample(n, n, TRUE) with coxph() and concordance(), which agrees with
 * rms's validate() as far as that iterates (1e-4). */
#include "validation_case.h"

/* ---- against R ---- */

/* C, Dxy, R2, slope, D, U, Q, g. */
typedef double indexes[N_INDEXES];
struct known {
  indexes apparent, training, test, low, high;
};

static const struct known mp_efron = {
    .apparent = {0.694249649369, 0.388499298738, 0.326812817246, 1, 0.0825261169793, -0.0107314249501, 0.0932575419294,
                 0.826433504432},
    .training = {0.724780953675, 0.44956190735, 0.37037485255, 1, 0.102042519864, -0.0107604362478, 0.112802956112,
                 1.02691758337},
    .test = {0.690042075736, 0.380084151473, 0.309147366956, 0.873404933005, 0.0768735128255, 0.0101124316434,
             0.0667610811821, 0.842706628446},
    .low = {0.614766590126, 0.229533180253, 0.171632347086, 1, 0.0334656759259, -0.0119372901872, 0.043232442362,
            0.56500000593},
    .high = {0.806572358284, 0.613144716568, 0.545991836664, 1, 0.177074529934, -0.00932135796741, 0.188792508373,
             1.49300821909},
};
static const struct known mp_breslow = {
    .apparent = {0.694249649369, 0.388499298738, 0.307924724677, 1, 0.075790417443, -0.0106399900294, 0.0864304074724,
                 0.796584575093},
    .training = {0.724780953675, 0.44956190735, 0.339147551606, 1, 0.0893399724115, -0.0105740826956, 0.0999140551071,
                 0.97232348751},
    .test = {0.690042075736, 0.380084151473, 0.290472107753, 0.892434354478, 0.0703892297589, 0.0089778837191,
             0.0614113460398, 0.811157116783},
    .low = {0.614766590126, 0.229533180253, 0.15427912883, 1, 0.0273923014356, -0.0117640626154, 0.0365953448972,
            0.506587485498},
    .high = {0.806572358284, 0.613144716568, 0.508454511645, 1, 0.159208007716, -0.00906006177474, 0.170789305359,
             1.41861292238},
};
static const struct known mp_fifty = {
    .apparent = {0.694249649369, 0.388499298738, 0.326812817246, 1, 0.0825261169793, -0.0107314249501, 0.0932575419294,
                 0.826433504432},
    .training = {0.704216599048, 0.408433198096, 0.324097947639, 1, 0.0857315878454, -0.0108042989675, 0.096535886813,
                 0.929092274318},
    .test = {0.689929873773, 0.379859747546, 0.301451604085, 0.958843108005, 0.0745128066849, 0.0101393506712,
             0.0643734560137, 0.83659959391},
    .low = {0.605708813139, 0.211417626279, 0.147439983935, 1, 0.0281557969909, -0.0125597583444, 0.0381727723401,
            0.566369145918},
    .high = {0.797363999611, 0.594727999223, 0.563815673424, 1, 0.184540766645, -0.00943209211524, 0.194794569955,
             1.7923138528},
};
static const struct known mp_clusters = {
    .apparent = {0.690042075736, 0.380084151473, 0.326346408362, 1, 0.0823727590476, -0.0107314249501, 0.0931041839977,
                 0.805234832327},
    .training = {0.690378669507, 0.380757339014, 0.32414002666, 1, 0.0855283866899, -0.0107249104957, 0.0962532971856,
                 0.843765180455},
    .test = {0.690042075736, 0.380084151473, 0.326346408362, 1.03247717226, 0.0823727590476, 0.00853102099956,
             0.073841738048, 0.805234832327},
    .low = {0.627960591133, 0.255921182266, 0.177168002613, 1, 0.036835338909, -0.0116282707306, 0.0470118091637,
            0.529115647044},
    .high = {0.767454743658, 0.534909487315, 0.532507555445, 1, 0.186708168759, -0.00986805189777, 0.19833643949,
             1.55647982947},
};
static const struct known ovarian = {
    .apparent = {0.784403669725, 0.56880733945, 0.453691000446, 1, 0.190004001854, -0.0285837274379, 0.218587729292,
                 1.88185539418},
    .training = {0.795711734393, 0.591423468785, 0.464666762788, 1, 0.204866933087, -0.0294088783187, 0.234275811406,
                 2.00325351233},
    .test = {0.779587155963, 0.559174311927, 0.417608475262, 0.866797621211, 0.170171108679, 0.0207817758526,
             0.149389332826, 1.71541481699},
    .low = {0.652924923411, 0.305849846822, 0.25584953447, 1, 0.0935317853053, -0.0393025250159, 0.125951880809,
            1.21332845505},
    .high = {0.897968058191, 0.795936116382, 0.647435004169, 1, 0.313899056845, -0.0242165149451, 0.343084413396,
             2.93261104405},
};
static const struct known ovarian_strata = {
    .apparent = {0.809523809524, 0.619047619048, 0.441938548886, 1, 0.217193354282, -0.037162463545, 0.254355817827,
                 1.59890743366},
    .training = {0.80776114905, 0.615522298101, 0.408784166535, 1, 0.20593965314, -0.0395280392176, 0.245467692358,
                 1.72581974554},
    .test = {0.809523809524, 0.619047619048, 0.441938548886, 1.02443570797, 0.217193354282, 0.0165983139111,
             0.200595040371, 1.59890743366},
    .low = {0.676995313023, 0.353990626046, 0.168575089366, 1, 0.0526483128764, -0.0580649000783, 0.0827918349839,
            0.745033879471},
    .high = {0.88239893617, 0.76479787234, 0.583458922104, 1, 0.322942343287, -0.029055066679, 0.363591612585,
             3.01120021295},
};
static const struct known ovarian_published = {
    .apparent = {0.793577981651, 0.587155963303, 0.488279351879, 1.53706377893, 0.211368663271, 0.0247772411553,
                 0.186591422115, 1.79438107227},
    .low = {0.662763763789, 0.325527527578, 0.279418810315, 1.07267885732, 0.103805113486, 0.00152746158837,
            0.0997549971272, 1.21675307101},
    .high = {0.864166495269, 0.728332990539, 0.642549627522, 2.43232665468, 0.308702213917, 0.0865301023851,
             0.253494479341, 2.59464720019},
};

static void assert_indexes(const double *got, const double *expected, const char *what)
{
  static const char *const names[] = {"C", "Dxy", "R2", "slope", "D", "U", "Q", "g"};
  for (int i = 0; i < N_INDEXES; i++)
    if (isnan(expected[i]) ? !isnan(got[i]) : !(fabs(got[i] - expected[i]) <= 1e-9 * fmax(1, fabs(expected[i]))))
      fail_msg("%s %s: %.12g is not %.12g", what, names[i], got[i], expected[i]);
}

static void assert_validation(const struct situation *situation, size_t n_resamples, uint32_t seed,
                              const struct known *known)
{
  const struct validation_request request = {n_resamples, seed, 0.95};
  struct validation got;
  struct error error = ERROR_INIT;
  assert_int_equal(validation_compute(&situation->input, &request, NULL, &got, &error), STATUS_OK);
  assert_int_equal(got.n_resamples, n_resamples);
  assert_indexes(got.apparent, known->apparent, "apparent");
  assert_indexes(got.low, known->low, "low");
  assert_indexes(got.high, known->high, "high");
  assert_indexes(got.training, known->training, "training");
  assert_indexes(got.test, known->test, "test");
  for (int i = 0; i < N_INDEXES && situation->input.design; i++) {
    assert_near(got.optimism[i], got.training[i] - got.test[i], 1e-12);
    assert_near(got.corrected[i], got.apparent[i] - got.optimism[i], 1e-12);
  }
}

static void test_two_covariates(void **state)
{
  struct situation situation;
  (void)state;
  set_mp(&situation, 2);
  assert_validation(&situation, 20, 1, &mp_efron);
  assert_validation(&situation, 50, 7, &mp_fifty);
  situation.options.ties = TIES_BRESLOW;
  assert_validation(&situation, 20, 1, &mp_breslow);
  set_ovarian(&situation, 2);
  assert_validation(&situation, 20, 1, &ovarian);
}

static void test_clusters(void **state)
{
  struct situation situation;
  (void)state;
  set_mp(&situation, 1);
  situation.options.cluster = mp_pair;
  situation.options.n_clusters = 21;
  assert_validation(&situation, 20, 1, &mp_clusters);
}

static void test_strata(void **state)
{
  struct situation situation;
  (void)state;
  set_ovarian(&situation, 1);
  situation.data.stratum = ov_rx;
  situation.data.n_strata = 2;
  assert_validation(&situation, 20, 3, &ovarian_strata);
}

/* A score that was not fitted has no optimism, but limits. */
static void test_published(void **state)
{
  struct situation situation;
  struct known known = ovarian_published;
  (void)state;
  for (int i = 0; i < N_INDEXES; i++)
    known.training[i] = known.test[i] = (double)NAN;
  set_published(&situation);
  assert_validation(&situation, 20, 1, &known);
}

/* ---- identities and edges ---- */

static struct validation validate(const struct situation *situation, size_t n_resamples)
{
  const struct validation_request request = {n_resamples, 1, 0.95};
  struct validation got;
  struct error error = ERROR_INIT;
  assert_int_equal(validation_compute(&situation->input, &request, NULL, &got, &error), STATUS_OK);
  return got;
}

static void assert_all_nan(const double *values)
{
  for (int i = 0; i < N_INDEXES; i++)
    assert_true(isnan(values[i]));
}

static void test_no_resamples(void **state)
{
  struct situation situation;
  (void)state;
  set_mp(&situation, 2);
  struct validation got = validate(&situation, 0);
  assert_int_equal(got.n_resamples, 0);
  assert_indexes(got.apparent, mp_efron.apparent, "apparent");
  assert_all_nan(got.training);
  assert_all_nan(got.test);
  assert_all_nan(got.corrected);
  assert_all_nan(got.low);
  assert_all_nan(got.high);
}

/* Covariates counted from far away, and a model's own score given as if it were published. */
static void test_offset_and_own_score(void **state)
{
  struct situation situation;
  struct cox_model model;
  struct error error = ERROR_INIT;
  (void)state;
  set_ovarian(&situation, 2);
  for (size_t i = 0; i < OVARIAN; i++)
    situation.design[2 * i] += 1e6;
  struct validation got = validate(&situation, 20);
  for (int i = 0; i < N_INDEXES; i++) {
    assert_near(got.apparent[i], ovarian.apparent[i], 1e-6);
    assert_near(got.test[i], ovarian.test[i], 1e-6);
  }
  set_ovarian(&situation, 2);
  assert_int_equal(cox_fit(&situation.data, situation.design, 2, &situation.options, NULL, &model, &error), STATUS_OK);
  memcpy(situation.score, model.linear_predictor, sizeof(double) * OVARIAN);
  cox_model_clear(&model);
  situation.input.design = NULL;
  got = validate(&situation, 0);
  for (int i = 0; i < N_INDEXES; i++)
    if (i != INDEX_U && i != INDEX_Q)
      assert_near(got.apparent[i], ovarian.apparent[i], 1e-8);
  assert_true(fabs(got.apparent[INDEX_U]) < 1e-10); /* it fits its own data */
}

static void test_cancelled(void **state)
{
  struct situation situation;
  struct task task;
  struct validation got;
  struct error error = ERROR_INIT;
  const struct validation_request request = {20, 1, 0.95};
  (void)state;
  task_init(&task);
  task_cancel(&task);
  set_mp(&situation, 2);
  assert_int_equal(validation_compute(&situation.input, &request, &task, &got, &error), STATUS_CANCELLED);
  set_published(&situation);
  assert_int_equal(validation_compute(&situation.input, &request, &task, &got, &error), STATUS_CANCELLED);
  error_clear(&error);
}

/* No events, one row, no rows: nothing can be said, and nothing breaks. */
static void test_validate_nothing(void **state)
{
  static const uint8_t none[MP] = {0};
  struct situation situation;
  (void)state;
  for (int published = 0; published < 2; published++) {
    if (published)
      set_published(&situation);
    else
      set_ovarian(&situation, 2);
    situation.data.status = none;
    struct validation got = validate(&situation, 5);
    assert_true(isnan(got.apparent[INDEX_C]) && isnan(got.corrected[INDEX_C]) && isnan(got.low[INDEX_C]));
    assert_int_equal(got.n_resamples, 0);
    situation.data.status = ov_status;
    situation.data.n = 1;
    got = validate(&situation, 5);
    assert_true(isnan(got.apparent[INDEX_C]) && isnan(got.corrected[INDEX_C]) && isnan(got.apparent[INDEX_G]));
    situation.data.n = 0;
    got = validate(&situation, 5);
    assert_true(isnan(got.apparent[INDEX_C]) && isnan(got.corrected[INDEX_C]));
  }
}

/* A score that is the same for everybody: no better than a coin. */
static void test_constant_score(void **state)
{
  struct situation situation;
  (void)state;
  set_published(&situation);
  for (size_t i = 0; i < OVARIAN; i++)
    situation.score[i] = 3;
  struct validation got = validate(&situation, 5);
  assert_near(got.apparent[INDEX_C], 0.5, 1e-15);
  assert_near(got.apparent[INDEX_SLOPE], 0, 0);
  assert_near(got.apparent[INDEX_G], 0, 0);
  assert_near(got.apparent[INDEX_R2], 0, 1e-12);
  assert_near(got.low[INDEX_C], 0.5, 1e-15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_two_covariates), cmocka_unit_test(test_clusters),
      cmocka_unit_test(test_strata),         cmocka_unit_test(test_published),
      cmocka_unit_test(test_no_resamples),   cmocka_unit_test(test_offset_and_own_score),
      cmocka_unit_test(test_cancelled),      cmocka_unit_test(test_validate_nothing),
      cmocka_unit_test(test_constant_score),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
