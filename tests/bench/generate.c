/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a simulated cohort of any size to standard output; the same seed gives the same bytes.
 *
 * usage: generate ROWS [SEED [registry]]
 *
 * Without `registry` the columns are like those of samples/xu2025: times are exponential with a hazard that depends on
 * age, grade, surgery, extrahepatic metastasis and the size of the largest hepatic metastasis; follow-up ends between 1
 * and 15 years.  A registry has 14 columns (65 bytes a row): delayed entry, times in months that hardly repeat and in
 * days that do, three arms, four stages and seven more covariates, which make a model of 12 coefficients. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014). */
static uint64_t next(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
  z = (z ^ z >> 27) * 0x94d049bb133111ebu;
  return z ^ z >> 31;
}

/* Uniform on (0, 1). */
static double uniform(uint64_t *state)
{
  return ((double)(next(state) >> 11) + 0.5) * 0x1p-53;
}

static double normal(uint64_t *state)
{
  double radius = sqrt(-2 * log(uniform(state)));
  return radius * cos(2 * acos(-1.0) * uniform(state));
}

/* The index of a level drawn with these probabilities, which add to 1. */
static size_t draw(uint64_t *state, const double *probability, size_t n)
{
  double u = uniform(state);
  size_t i = 0;
  while (i + 1 < n && u >= probability[i])
    u -= probability[i++];
  return i;
}

static const char *yes_no(uint64_t *state, double probability)
{
  return uniform(state) < probability ? "yes" : "no";
}

static double clamp(double x, double low, double high)
{
  return fmin(fmax(x, low), high);
}

struct patient {
  double age, primary_mm, metastasis_mm, ki67, months;
  size_t grade, surgery;
  int extrahepatic, death;
};

static struct patient patient_draw(uint64_t *state)
{
  static const double grades[] = {0.25, 0.5, 0.13, 0.12}, surgeries[] = {0.25, 0.33, 0.42};
  static const double grade_effect[] = {-1.6, -1.35, -1.2, 0}, surgery_effect[] = {0, -0.48, -1.17};
  static const double ki67_middle[] = {1.5, 9, 32, 65};
  struct patient patient;
  patient.age = round(clamp(54 + 12 * normal(state), 18, 90));
  patient.grade = draw(state, grades, 4);
  patient.surgery = draw(state, surgeries, 3);
  patient.ki67 = round(clamp(ki67_middle[patient.grade] * exp(0.2 * normal(state)), 1, 100));
  patient.primary_mm = round(clamp(exp(3.7 + 0.5 * normal(state)), 5, 200));
  patient.metastasis_mm = round(clamp(exp(3.4 + 0.6 * normal(state)), 3, 200));
  patient.extrahepatic = uniform(state) < 0.1;
  double predictor = grade_effect[patient.grade] + surgery_effect[patient.surgery] + 0.02 * (patient.age - 54) +
                     0.6 * patient.extrahepatic + 0.5 * (patient.metastasis_mm > 40);
  double time = -log(uniform(state)) / (0.03 * exp(predictor));
  double end = 12 + 168 * uniform(state);
  patient.death = time <= end;
  patient.months = fmax(round(100 * fmin(time, end)) / 100, 0.01);
  return patient;
}

static void patient_print(uint64_t *state, unsigned long number)
{
  static const char *const centers[] = {"North", "East", "South", "West"};
  static const char *const grades[] = {"G1", "G2", "G3", "NEC"}, *const surgeries[] = {"NR", "PR", "PHR"};
  static const char *const sites[] = {"head/neck", "body/tail", "diffuse"};
  static const double site_probability[] = {0.3, 0.64, 0.06};
  struct patient patient = patient_draw(state);
  printf("B-%07lu,%s,%s,%.0f,%s,%s,%s,", number, centers[next(state) % 4], uniform(state) < 0.5 ? "male" : "female",
         patient.age, uniform(state) < 0.3 ? "unilobar" : "bilobar", patient.extrahepatic ? "yes" : "no",
         sites[draw(state, site_probability, 3)]);
  if (uniform(state) < 0.05)
    printf(",");
  else
    printf("%.0f,", patient.primary_mm);
  printf("%.0f,%.0f,%s,%s,%s,%s,", patient.metastasis_mm, patient.ki67, grades[patient.grade], yes_no(state, 0.2),
         uniform(state) < 0.25 ? "" : yes_no(state, 0.6), surgeries[patient.surgery]);
  printf("%s,", yes_no(state, 0.5));
  printf("%s,", yes_no(state, 0.3));
  printf("%s,", yes_no(state, 0.25));
  printf("%.2f,%d\n", patient.months, patient.death);
}

static void registry_print(uint64_t *state, unsigned long number)
{
  static const char *const stages[] = {"I", "II", "III", "IV"};
  static const double stage_probability[] = {0.4, 0.3, 0.2, 0.1}, stage_effect[] = {0, 0.4, 0.8, 1.6};
  static const double arm_probability[] = {0.5, 0.3, 0.2}, arm_effect[] = {0, -0.25, -0.5};
  const size_t arm = draw(state, arm_probability, 3), stage = draw(state, stage_probability, 4);
  const bool male = uniform(state) < 0.5;
  const double age = round(clamp(62 + 11 * normal(state), 18, 99)), bmi = clamp(26 + 4 * normal(state), 14, 60);
  const double size = round(clamp(exp(3.2 + 0.6 * normal(state)), 1, 300)), marker = exp(1 + normal(state));
  const double ki67 = round(clamp(exp(2.5 + 0.8 * normal(state)), 1, 100)), score = normal(state);
  const double predictor = arm_effect[arm] + stage_effect[stage] + 0.1 * male + 0.03 * (age - 62) + 0.01 * (bmi - 26) +
                           0.004 * (size - 25) + 0.006 * (ki67 - 15) + 0.02 * (marker - 3) + 0.2 * score;
  const double survival = -log(uniform(state)) / (0.008 * exp(predictor)), end = 12 + 168 * uniform(state);
  const double months = fmax(fmin(survival, end), 0.01), entry = uniform(state) < 0.5 ? 0 : uniform(state) * months * 0.6;
  printf("%lu,%.2f,%.4f,%.0f,%d,%c,%s,%c,%.0f,%.1f,%.0f,%.0f,%.2f,%.3f\n", number, floor(100 * entry) / 100, months,
         fmax(round(months * 30.4375), 1), survival <= end, "ABC"[arm], stages[stage], male ? 'm' : 'f', age, bmi, size, ki67,
         marker, score);
}

int main(int argc, char **argv)
{
  char *end = NULL;
  unsigned long rows = argc > 1 ? strtoul(argv[1], &end, 10) : 0;
  const bool registry = argc == 4 && strcmp(argv[3], "registry") == 0;
  if (argc < 2 || argc > 4 || *end != '\0' || (argc == 4 && !registry)) {
    fputs("usage: generate ROWS [SEED [registry]]\n", stderr);
    return 2;
  }
  uint64_t state = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
  if (registry) {
    puts("id,entry,months,days,death,arm,stage,sex,age,bmi,size,ki67,marker,score");
    for (unsigned long row = 1; row <= rows; row++)
      registry_print(&state, row);
    return fflush(stdout) == 0 ? 0 : 1;
  }
  puts("patient_id,center,sex,age,hm_distribution,extrahepatic_metastasis,primary_site,primary_diameter_mm,"
       "hm_max_diameter_mm,ki67_percent,grade,functioning,lymph_node_metastasis,surgery,ssa,targeted_therapy,"
       "chemotherapy,os_months,death");
  for (unsigned long row = 1; row <= rows; row++)
    patient_print(&state, row);
  return fflush(stdout) == 0 ? 0 : 1;
}
