/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A patient's survival by a Cox model: R's survfit(coxph(), newdata), cumulative hazards and their errors, to 1e-9. */
#include "cox_case.h"
#include "stats/cox_survival.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* What R finds at an event time. */
struct point {
  double time, hazard, error;
};

/* R's data sets in order of time: aml, leukaemia under 6-MP, ovarian, the first 60 rows of heart. */
static const double aml_time[] = {5,  5,  8,  8,  9,  12, 13, 13, 16, 18, 23, 23,
                                  27, 28, 30, 31, 33, 34, 43, 45, 45, 48, 161};
static const uint8_t aml_status[] = {1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0};
static const double aml_maintained[] = {0, 0, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1};
static const struct point aml_efron[] = {
    {5, 0.050391870989, 0.040229213501}, {8, 0.1080502244, 0.066630294401},  {9, 0.14032406915, 0.080133561503},
    {12, 0.17367425254, 0.093746031917}, {13, 0.21005543485, 0.10813703291}, {18, 0.25355519603, 0.12612258362},
    {23, 0.34844138293, 0.16513503528},  {27, 0.40252313084, 0.18719335729}, {30, 0.46922349763, 0.21524863617},
    {31, 0.54925989192, 0.24756696376},  {33, 0.63625941428, 0.28375966964}, {34, 0.74741732716, 0.32784641846},
    {43, 0.87247656378, 0.38010162476},  {45, 1.054357401, 0.45124679728},   {48, 1.554357401, 0.67351590334},
};
static const struct point aml_efron_0[] = {
    {5, 0.12588420131, 0.0908344572},   {8, 0.26992084107, 0.14150273511},  {9, 0.35054430454, 0.1671764682},
    {12, 0.4338565753, 0.19152744286},  {13, 0.52474060058, 0.21818500316}, {18, 0.63340758568, 0.25131699252},
    {23, 0.87044327456, 0.31791506653}, {27, 1.0055451771, 0.3554524291},   {30, 1.1721697186, 0.40553822232},
    {31, 1.3721090614, 0.47136408212},  {33, 1.5894430316, 0.53784640333},  {34, 1.8671272059, 0.63659378291},
    {43, 2.1795383509, 0.7396892297},   {45, 2.6338958392, 0.93326303325},  {48, 3.8829485023, 1.8741986892},
};
static const struct point aml_breslow[] = {
    {5, 0.049212541965, 0.039356980274}, {8, 0.10523488996, 0.065134810977}, {9, 0.13774461003, 0.078943344692},
    {12, 0.17134672547, 0.092792188585}, {13, 0.20799014809, 0.10737960256}, {18, 0.25181131279, 0.12557861952},
    {23, 0.34347024328, 0.16286818666},  {27, 0.39796609839, 0.18522974823}, {30, 0.46517032927, 0.21362460247},
    {31, 0.54575043086, 0.24625456216},  {33, 0.63339276026, 0.28277440272}, {34, 0.7452494863, 0.32716657029},
    {43, 0.87119394742, 0.37979777225},  {45, 1.0540091741, 0.45126684072},  {48, 1.5540091741, 0.67352933235},
};
static const struct point aml_exact[] = {
    {5, 0.048585489617, 0.038962659823}, {8, 0.10393023068, 0.064615657878}, {9, 0.1360745432, 0.078384959},
    {12, 0.16928642895, 0.09219624544},  {13, 0.20552357829, 0.10675804667}, {18, 0.24884686069, 0.12491080755},
    {23, 0.33941723123, 0.16210841704},  {27, 0.39327169171, 0.18441533534}, {30, 0.45969546321, 0.212730534},
    {31, 0.53943304083, 0.24531027241},  {33, 0.62607960563, 0.28173708325}, {34, 0.73685315737, 0.32608364159},
    {43, 0.86142609597, 0.37858178359},  {45, 1.042792089, 0.4500212284},    {48, 1.542792089, 0.67269540359},
};
static const double mp_weeks[] = {1,  1,  2,  2,  3,  4,  4,  5,  5,  6,  6,  6,  6,  7,  8,  8,  8,  8,  9,  10, 10,
                                  11, 11, 11, 12, 12, 13, 15, 16, 17, 17, 19, 20, 22, 22, 23, 23, 25, 32, 32, 34, 35};
static const uint8_t mp_relapse[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0,
                                     1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0};
static const double mp_treated[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1,
                                    0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1};
static const uint32_t mp_pair[] = {0, 19, 6,  10, 2, 12, 18, 11, 16, 5,  13, 16, 19, 1, 4, 8,  14, 20, 18, 0, 20,
                                   7, 10, 17, 3,  9, 17, 13, 6,  5,  14, 12, 11, 1,  4, 3, 15, 9,  2,  8,  7, 15};
static const double mp_weight[] = {2, 3, 2, 3, 1, 2, 2, 1, 3, 1, 3, 3, 3, 3, 3, 1, 1, 1, 2, 2, 1,
                                   3, 3, 1, 2, 2, 1, 3, 2, 1, 1, 2, 1, 3, 3, 2, 2, 2, 1, 1, 3, 2};
static const double mp_fraction[] = {0.75, 0.5,  1.25, 1.25, 1.25, 0.75, 1.25, 0.5, 0.75, 1, 1,    0.75, 0.5, 1,
                                     0.75, 0.75, 1.25, 0.75, 1.25, 0.75, 0.75, 0.5, 1.25, 1, 0.5,  1,    1,   1,
                                     1.25, 1,    1.25, 0.75, 0.5,  1,    0.75, 0.5, 0.5,  1, 1.25, 0.75, 0.5, 0.5};
static const struct point mp_weighted[] = {
    {1, 0.024502378077, 0.01223902544},  {2, 0.05165430741, 0.019889784662},  {3, 0.057558943015, 0.021450427955},
    {4, 0.082357391283, 0.027733147761}, {5, 0.10987340999, 0.03438213941},   {6, 0.16323605963, 0.046695347131},
    {7, 0.18751990987, 0.052350788802},  {8, 0.24148458994, 0.064908766405},  {10, 0.26261302088, 0.069820439388},
    {11, 0.30832805272, 0.080537908329}, {12, 0.36669745593, 0.094342393622}, {13, 0.3842970268, 0.098402482993},
    {15, 0.43804162121, 0.11062880742},  {16, 0.48362077232, 0.12057475964},  {17, 0.50749868277, 0.12586282683},
    {22, 0.70950298646, 0.17280663322},  {23, 0.95805076216, 0.2288699223},
};
static const struct point mp_robust[] = {
    {1, 0.012246113263, 0.011604361661}, {2, 0.038645108965, 0.02327333232},  {3, 0.05317552941, 0.028873424826},
    {4, 0.078890290862, 0.038275232557}, {5, 0.096916442638, 0.044623655332}, {6, 0.13984029272, 0.05909106671},
    {7, 0.1560366296, 0.064472066169},   {8, 0.22058514315, 0.085670565196},  {10, 0.23797341075, 0.091421549833},
    {11, 0.27565934338, 0.1040068179},   {12, 0.3232464141, 0.12010838068},   {13, 0.36118293353, 0.13257516808},
    {15, 0.40061538283, 0.1454659123},   {16, 0.46104392551, 0.16461971131},  {17, 0.51249592925, 0.18103540624},
    {22, 0.67548873203, 0.24087107553},  {23, 0.84089441951, 0.30289673949},
};
static const struct point mp_cluster[] = {
    {1, 0.016708790324, 0.012987791819}, {2, 0.034880781028, 0.020710397595}, {3, 0.044600195502, 0.024493871694},
    {4, 0.065520498664, 0.032257335969}, {5, 0.088787033904, 0.0405123688},   {6, 0.1273504601, 0.053641712928},
    {7, 0.14071899961, 0.058177973457},  {8, 0.20119703714, 0.078438676451},  {10, 0.21987640886, 0.084653811778},
    {11, 0.26068567268, 0.098391912956}, {12, 0.31284763724, 0.11581251724},  {13, 0.34482973177, 0.12611912682},
    {15, 0.3778684745, 0.13674098471},   {16, 0.41716024553, 0.14897548354},  {17, 0.45805900109, 0.16171875739},
    {22, 0.59103583843, 0.2075744663},   {23, 0.80993122707, 0.27965974445},
};
static const struct point mp_frequency[] = {
    {1, 0.02413490163, 0.012081166227},  {2, 0.050946873641, 0.019684621112}, {3, 0.056685194679, 0.021202941918},
    {4, 0.081104726331, 0.027435142916}, {5, 0.10826843576, 0.034054992607},  {6, 0.16049279571, 0.046259666118},
    {7, 0.18429068143, 0.051895175442},  {8, 0.23725015448, 0.064343993574},  {10, 0.25791894254, 0.0692201872},
    {11, 0.3034646278, 0.080011051157},  {12, 0.36209765733, 0.094005759202}, {13, 0.37927976013, 0.097996965338},
    {15, 0.43604237698, 0.11099749101},  {16, 0.4811947918, 0.12098947444},   {17, 0.50455924353, 0.12617980871},
    {22, 0.72228574705, 0.17769194595},  {23, 0.99127894513, 0.23836771305},
};
static const double ov_time[] = {59,  115, 156, 268, 329, 353, 365, 377, 421,  431,  448,  464,  475,
                                 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227};
static const uint8_t ov_status[] = {1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const double ov_age[] = {72.3315, 74.4932, 66.4658, 74.5041, 43.137,  63.2192, 64.4247, 58.3096, 53.3644,
                                50.3397, 56.4301, 56.937,  59.8548, 64.1753, 55.1781, 56.7562, 50.1096, 59.6301,
                                57.0521, 39.2712, 43.1233, 38.8932, 44.6,    53.9068, 44.2055, 59.589};
static const uint32_t ov_rx[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1};
static const double ov_residual[] = {2, 2, 2, 2, 2, 1, 2, 1, 2, 2, 1, 2, 2, 2, 1, 1, 1, 2, 2, 1, 1, 2, 1, 1, 2, 1};
static const struct point ov_two[] = {
    {59, 0.027949898109, 0.031103570541}, {115, 0.061468397853, 0.052442656918}, {156, 0.10752982949, 0.078125220675},
    {268, 0.15971090384, 0.10449924791},  {329, 0.25039663514, 0.14372532246},   {353, 0.34180679854, 0.17712323537},
    {365, 0.44103292716, 0.20877173154},  {431, 0.57662012531, 0.25636104202},   {464, 0.72357472127, 0.30404856767},
    {475, 0.88584550869, 0.35637306651},  {563, 1.183925175, 0.50119647392},     {638, 1.5080446726, 0.64072048012},
};
static const struct point ov_stratum_1[] = {
    {59, 0.038101656386, 0.042957173953}, {115, 0.086165358709, 0.075520119954}, {156, 0.16032010037, 0.12143341807},
    {268, 0.25077826244, 0.17356388435},  {329, 0.51934570852, 0.31217919951},   {431, 0.79522239035, 0.4129558815},
    {638, 1.8233562552, 1.1537705945},
};
static const struct point ov_stratum_2[] = {
    {353, 0.098945495585, 0.098974980869}, {365, 0.21589764605, 0.15345917273}, {464, 0.39707453118, 0.23932268449},
    {475, 0.60271372109, 0.31893748519},   {563, 0.86027095136, 0.41691261378},
};
static const double heart_start[] = {0, 0,  0,  0,  0,  0, 0,  0,  0,  0, 0,  1,  0,  0,  0, 0,  0,  0,  0,  0,
                                     0, 0,  0,  0,  18, 0, 0,  0,  0,  0, 36, 0,  20, 0,  0, 0,  12, 0,  12, 19,
                                     0, 71, 17, 17, 0,  0, 46, 26, 83, 0, 28, 51, 3,  16, 8, 37, 0,  23, 51, 25};
static const double heart_stop[] = {1,  1,   3,   3,   4.5, 6,   8,   8,   12,  12,   12,   16,   16,   16,   17,
                                    17, 18,  18,  19,  20,  23,  25,  26,  28,  28,   35,   36,   36,   37,   37,
                                    39, 40,  43,  46,  50,  51,  51,  51,  58,  66,   71,   72,   77,   81,   83,
                                    85, 100, 153, 219, 263, 308, 675, 733, 852, 1032, 1387, 1401, 1572, 1587, 1800};
static const uint8_t heart_event[] = {0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 0, 1, 0, 0, 0,
                                      0, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 0, 1, 1,
                                      0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0};
static const double heart_age[] = {6.297,  5.815,   6.595,  10.357, -6.53,   3.836,  5.194,   -4.657,  -5.498, -5.216,
                                   -4.534, 6.297,   -3.088, 6.886,  6.574,   16.408, -27.214, 7.28,    13.5,   8.849,
                                   -7.447, -14.776, -0.019, 1.448,  7.28,    2.434,  -7.737,  -27.669, 6.012,  11.124,
                                   -7.737, -2.65,   8.849,  0.925,  -17.155, 2.869,  -5.216,  0.903,   -5.498, 13.5,
                                   6.023,  6.023,   16.408, 6.574,  3.8,     -0.838, 0.925,   -0.019,  3.8,    -39.214,
                                   1.448,  2.869,   10.357, -3.088, -4.657,  6.012,  -17.465, -7.447,  0.903,  -14.776};
static const double heart_transplant[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
                                          0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1,
                                          0, 1, 1, 1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1};
static const struct point heart_efron[] = {
    {1, 0.018554409656, 0.021040558548}, {3, 0.037814926765, 0.033368617804}, {6, 0.058362372556, 0.045363408419},
    {8, 0.079590576363, 0.057194529683}, {12, 0.10169687011, 0.069046485217}, {16, 0.14853924115, 0.092967353345},
    {18, 0.17390883078, 0.10485303642},  {28, 0.20104187091, 0.1154255443},   {35, 0.22944882636, 0.12614998983},
    {36, 0.259126841, 0.13699737432},    {37, 0.2896715759, 0.14770693212},   {39, 0.32241965984, 0.1580166704},
    {40, 0.35620183833, 0.16877932101},  {43, 0.39157328436, 0.17968277695},  {50, 0.42921108894, 0.19073921716},
    {51, 0.468214204, 0.20200138572},    {58, 0.50981255163, 0.21257711437},  {66, 0.55319344629, 0.22386339856},
    {72, 0.60050005085, 0.23496569641},  {77, 0.65093803673, 0.24694689223},  {81, 0.70609250645, 0.25986129547},
    {85, 0.76675882593, 0.27236658566},  {100, 0.83301551417, 0.28443886821}, {153, 0.90477475733, 0.29778588714},
    {219, 0.98287053754, 0.31269689541}, {263, 1.0693575674, 0.32951338237},  {308, 1.160080273, 0.34719052808},
    {675, 1.2616005736, 0.36770753004},  {733, 1.3773938043, 0.39199956539},  {852, 1.5167534704, 0.42147493841},
    {1032, 1.679954914, 0.45869762087},  {1387, 1.8753092978, 0.50768377734},
};
static const struct point heart_stratum[] = {
    {16, 0.16917514413, 0.17056221552},  {28, 0.23076185197, 0.18294458134},  {39, 0.28536771793, 0.19257923891},
    {43, 0.34287995668, 0.20320318628},  {51, 0.40139293181, 0.21385787455},  {58, 0.45536615385, 0.22311726486},
    {66, 0.51237315684, 0.23341426741},  {72, 0.57044631497, 0.24367443432},  {77, 0.63352404025, 0.25522189328},
    {81, 0.70484891091, 0.26820633123},  {100, 0.77671093618, 0.28083574095}, {153, 0.8552473511, 0.29514947537},
    {219, 0.94159178896, 0.31154881076}, {308, 1.038691965, 0.33063917085},   {675, 1.1486014566, 0.35323372213},
    {733, 1.2760081085, 0.38065645366},  {852, 1.4346286697, 0.41533896597},  {1032, 1.6251506851, 0.4604286666},
    {1387, 1.8610564676, 0.52220754264},
};

/* ---- against R ---- */

enum { MOST_ROWS = 120, MOST_COLUMNS = 2 };

struct situation {
  struct survival_data data;
  struct cox_options options;
  size_t n_columns;
  const double *columns[MOST_COLUMNS];
  double offset; /* added to the first column */
  size_t stratum;
  double profile[MOST_COLUMNS];
};

/* Fits the model and predicts; the caller clears the curve. */
static struct cox_survival predict(const struct situation *situation)
{
  double design[MOST_ROWS * MOST_COLUMNS], profile[MOST_COLUMNS];
  const size_t p = situation->n_columns;
  struct survival_data data = situation->data;
  struct cox_options options = situation->options;
  struct error error = ERROR_INIT;
  struct cox_model model;
  struct cox_survival result;
  assert_true(data.n <= MOST_ROWS);
  data.n_groups = 1;
  data.n_strata = data.stratum ? 2 : 1;
  options.level = 0.95;
  for (size_t j = 0; j < p; j++) {
    const double offset = j == 0 ? situation->offset : 0;
    profile[j] = situation->profile[j] + offset;
    for (size_t i = 0; i < data.n; i++)
      design[i * p + j] = situation->columns[j][i] + offset;
  }
  assert_int_equal(cox_fit(&data, design, p, &options, NULL, &model, &error), STATUS_OK);
  assert_int_equal(cox_survival(&data, design, &model, &options, situation->stratum, profile, &result), STATUS_OK);
  cox_model_clear(&model);
  return result;
}

#define assert_curve(situation, points) assert_curve_at((situation), (points), COUNT(points), 1e-9, __LINE__)
static void assert_curve_at(struct situation situation, const struct point *points, size_t n, double tolerance,
                            int line)
{
  struct cox_survival result = predict(&situation);
  if (result.n_times != n)
    fail_msg("line %d: %zu times, not %zu", line, result.n_times, n);
  for (size_t i = 0; i < n; i++) {
    assert_near_at(result.time[i], points[i].time, 0, __FILE__, line);
    assert_near_at(result.hazard[i], points[i].hazard, tolerance, __FILE__, line);
    assert_near_at(result.log_error[i], points[i].error, tolerance, __FILE__, line);
  }
  cox_survival_clear(&result);
}

static struct situation aml(enum cox_ties ties, double maintained)
{
  return (struct situation){.data = {.n = COUNT(aml_time), .time = aml_time, .status = aml_status},
                            .options = {.ties = ties},
                            .n_columns = 1,
                            .columns = {aml_maintained},
                            .profile = {maintained}};
}

/* Under exact ties R takes Breslow's form with the exact coefficients. */
static void test_ties(void **state)
{
  (void)state;
  assert_curve(aml(TIES_EFRON, 1), aml_efron);
  assert_curve(aml(TIES_EFRON, 0), aml_efron_0);
  assert_curve(aml(TIES_BRESLOW, 1), aml_breslow);
  assert_curve(aml(TIES_EXACT, 1), aml_exact);
}

static struct situation six_mp(enum cox_ties ties, const double *weight)
{
  return (struct situation){.data = {.n = COUNT(mp_weeks), .time = mp_weeks, .status = mp_relapse, .weight = weight},
                            .options = {.ties = ties},
                            .n_columns = 1,
                            .columns = {mp_treated},
                            .profile = {1}};
}

static void test_weights(void **state)
{
  struct situation frequency = six_mp(TIES_EFRON, mp_weight);
  (void)state;
  assert_curve(six_mp(TIES_EFRON, mp_weight), mp_weighted);
  frequency.options.weight_kind = WEIGHT_FREQUENCY;
  assert_curve(frequency, mp_frequency);
}

/* The coefficients' part of the error is the robust one. */
static void test_robust(void **state)
{
  struct situation fraction = six_mp(TIES_EFRON, mp_fraction), cluster = six_mp(TIES_EFRON, NULL);
  (void)state;
  fraction.options.robust = true;
  assert_curve(fraction, mp_robust);
  cluster.options.cluster = mp_pair;
  cluster.options.n_clusters = 21;
  assert_curve(cluster, mp_cluster);
}

static struct situation ovarian(void)
{
  return (struct situation){.data = {.n = COUNT(ov_time), .time = ov_time, .status = ov_status},
                            .n_columns = 2,
                            .columns = {ov_age, ov_residual},
                            .profile = {60, 2}};
}

static struct situation ovarian_stratum(size_t stratum)
{
  struct situation situation = ovarian();
  situation.data.stratum = ov_rx;
  situation.stratum = stratum;
  situation.n_columns = 1;
  return situation;
}

static void test_two_covariates_and_strata(void **state)
{
  (void)state;
  assert_curve(ovarian(), ov_two);
  assert_curve(ovarian_stratum(0), ov_stratum_1);
  assert_curve(ovarian_stratum(1), ov_stratum_2);
}

/* A covariate counted from far away: the same curve; and one in other units. */
static void test_offset(void **state)
{
  struct situation far = ovarian(), far_stratum = ovarian_stratum(1);
  (void)state;
  far.offset = far_stratum.offset = 1e6;
  assert_curve_at(far, ov_two, COUNT(ov_two), 1e-8, __LINE__);
  assert_curve_at(far_stratum, ov_stratum_2, COUNT(ov_stratum_2), 1e-8, __LINE__);
  far.offset = -1e6;
  assert_curve_at(far, ov_two, COUNT(ov_two), 1e-8, __LINE__);
}

static struct situation heart(enum cox_ties ties)
{
  return (struct situation){
      .data = {.n = COUNT(heart_stop), .time = heart_stop, .status = heart_event, .entry = heart_start},
      .options = {.ties = ties},
      .n_columns = 2,
      .columns = {heart_age, heart_transplant},
      .profile = {-5, 1}};
}

static void test_late_entry(void **state)
{
  uint32_t transplant[COUNT(heart_stop)];
  (void)state;
  assert_curve(heart(TIES_EFRON), heart_efron);
  struct situation strata = heart(TIES_EFRON);
  for (size_t i = 0; i < COUNT(transplant); i++)
    transplant[i] = (uint32_t)heart_transplant[i];
  strata.data.stratum = transplant;
  strata.stratum = 1;
  strata.n_columns = 1;
  assert_curve(strata, heart_stratum);
}

/* ---- identities ---- */

/* A competing event is a censoring. */
static void test_competing_is_censored(void **state)
{
  uint8_t status[COUNT(ov_status)];
  (void)state;
  for (size_t i = 0; i < COUNT(status); i++)
    status[i] = ov_status[i] ? STATUS_EVENT : i % 2 ? STATUS_COMPETING : STATUS_CENSORED;
  struct situation competing = ovarian();
  competing.data.status = status;
  assert_curve(competing, ov_two);
}

/* A frequency is so many equal rows. */
static void test_frequency_is_replication(void **state)
{
  double time[MOST_ROWS], treated[MOST_ROWS];
  uint8_t relapse[MOST_ROWS];
  size_t n = 0;
  (void)state;
  for (size_t i = 0; i < COUNT(mp_weeks); i++)
    for (double k = 0; k < mp_weight[i]; k++) {
      time[n] = mp_weeks[i];
      treated[n] = mp_treated[i];
      relapse[n++] = mp_relapse[i];
    }
  assert_curve(
      ((struct situation){
          .data = {.n = n, .time = time, .status = relapse}, .n_columns = 1, .columns = {treated}, .profile = {1}}),
      mp_frequency);
}

/* Without covariates: Nelson-Aalen under Breslow, with its error. */
static void test_no_covariates(void **state)
{
  static const double time[] = {1, 2, 2, 3, 5};
  static const uint8_t status[] = {1, 1, 1, 0, 1};
  static const struct point breslow[] = {
      {1, 1 / 5.0, 1 / 5.0}, {2, 0.7, 0.40620192023179802}, {5, 1.7, 1.07935165724614524}};
  static const struct point efron[] = {
      {1, 1 / 5.0, 1 / 5.0}, {2, 47 / 60.0, 0.46218082079540157}, {5, 107 / 60.0, 1.10164019131071611}};
  struct situation situation = {.data = {.n = 5, .time = time, .status = status}, .options = {.ties = TIES_BRESLOW}};
  (void)state;
  assert_curve(situation, breslow);
  situation.options.ties = TIES_EFRON;
  assert_curve(situation, efron);
}

/* At linear predictor 0 the hazard is the baseline's. */
static void test_baseline(void **state)
{
  struct situation situation = heart(TIES_EFRON);
  struct error error = ERROR_INIT;
  struct cox_baseline baseline;
  struct cox_model model;
  double design[COUNT(heart_stop) * 2];
  (void)state;
  situation.profile[0] = situation.profile[1] = 0;
  situation.options.level = 0.95;
  situation.data.n_groups = situation.data.n_strata = 1;
  for (size_t i = 0; i < situation.data.n; i++) {
    design[2 * i] = heart_age[i];
    design[2 * i + 1] = heart_transplant[i];
  }
  struct cox_survival result = predict(&situation);
  assert_int_equal(cox_fit(&situation.data, design, 2, &situation.options, NULL, &model, &error), STATUS_OK);
  assert_int_equal(cox_baselines(&situation.data, &model, &situation.options, &baseline, &error), STATUS_OK);
  assert_int_equal(result.n_times, baseline.n_times);
  for (size_t i = 0; i < result.n_times; i++)
    assert_near(result.hazard[i], baseline.hazard[i], 1e-12);
  cox_baseline_clear(&baseline);
  cox_model_clear(&model);
  cox_survival_clear(&result);
}

/* An aliased column counts for nothing, whatever the profile says of it. */
static void test_aliased(void **state)
{
  double twice[COUNT(aml_time)];
  (void)state;
  for (size_t i = 0; i < COUNT(twice); i++)
    twice[i] = 2 * aml_maintained[i] + 3;
  struct situation situation = aml(TIES_EFRON, 1);
  situation.n_columns = 2;
  situation.columns[1] = twice;
  situation.profile[1] = 77;
  assert_curve(situation, aml_efron);
}

/* ---- edges ---- */

static void test_at_and_quantile(void **state)
{
  double time[] = {2, 5, 9}, hazard[] = {0.1, 0.5, 2}, log_error[] = {0.01, 0.02, 0.03};
  const struct cox_survival curve = {.n_times = 3, .time = time, .hazard = hazard, .log_error = log_error};
  const struct cox_survival none = {.n_times = 0};
  (void)state;
  assert_near(cox_survival_at(&curve, 1.999).survival, 1, 0);
  assert_near(cox_survival_at(&curve, 1.999).log_error, 0, 0);
  assert_near(cox_survival_at(&curve, -INFINITY).survival, 1, 0);
  assert_near(cox_survival_at(&curve, 2).survival, 0.90483741803595957, 1e-15);
  assert_near(cox_survival_at(&curve, 8.9).survival, 0.60653065971263342, 1e-15);
  assert_near(cox_survival_at(&curve, 8.9).log_error, 0.02, 0);
  assert_near(cox_survival_at(&curve, 1e300).survival, 0.1353352832366127, 1e-15);
  assert_near(cox_survival_quantile(&curve, 0.95), 2, 0);
  assert_near(cox_survival_quantile(&curve, 0.9), 5, 0);
  assert_near(cox_survival_quantile(&curve, exp(-0.5)), 5, 0);
  assert_near(cox_survival_quantile(&curve, 0.5), 9, 0);
  assert_true(isnan(cox_survival_quantile(&curve, 0.1)));
  assert_true(isnan(cox_survival_quantile(&none, 0.5)));
  assert_near(cox_survival_at(&none, 5).survival, 1, 0);
}

/* No events; no rows; a stratum without events. */
static void test_nothing_happens(void **state)
{
  static const double time[] = {1, 2, 3, 4}, x[] = {0, 1, 0, 1};
  static const uint8_t none[] = {0, 0, 0, 0}, some[] = {1, 0, 1, 0};
  static const uint32_t stratum[] = {0, 1, 0, 1};
  struct situation situation = {
      .data = {.n = 4, .time = time, .status = none}, .n_columns = 1, .columns = {x}, .profile = {1}};
  (void)state;
  struct cox_survival result = predict(&situation);
  assert_int_equal(result.n_times, 0);
  cox_survival_clear(&result);
  situation.data.status = some;
  situation.data.stratum = stratum;
  situation.stratum = 1;
  result = predict(&situation);
  assert_int_equal(result.n_times, 0);
  cox_survival_clear(&result);
  situation.data = (struct survival_data){.n = 0, .time = time, .status = none};
  result = predict(&situation);
  assert_int_equal(result.n_times, 0);
  cox_survival_clear(&result);
}

/* One patient who dies: the hazard is 1 at his own covariates. */
static void test_one_row(void **state)
{
  static const double time[] = {7}, x[] = {1e10};
  static const uint8_t status[] = {1};
  static const struct point expected[] = {{7, 1, 1}};
  (void)state;
  assert_curve(
      ((struct situation){
          .data = {.n = 1, .time = time, .status = status}, .n_columns = 1, .columns = {x}, .profile = {1e10}}),
      expected);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(test_ties),
      cmocka_unit_test(test_weights),
      cmocka_unit_test(test_robust),
      cmocka_unit_test(test_two_covariates_and_strata),
      cmocka_unit_test(test_offset),
      cmocka_unit_test(test_late_entry),
      cmocka_unit_test(test_competing_is_censored),
      cmocka_unit_test(test_frequency_is_replication),
      cmocka_unit_test(test_no_covariates),
      cmocka_unit_test(test_baseline),
      cmocka_unit_test(test_aliased),
      cmocka_unit_test(test_at_and_quantile),
      cmocka_unit_test(test_nothing_happens),
      cmocka_unit_test(test_one_row),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
