/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is validated in the tests of validation and calibration: two of R's cohorts and a published score. */
#ifndef KAPLAN_TESTS_VALIDATION_CASE_H
#define KAPLAN_TESTS_VALIDATION_CASE_H

#include "cox_case.h"
#include "stats/validation.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* R's leukaemia pairs under 6-MP and ovarian in order of time, with each row's place in the file. */
static const double mp_weeks[] = {1,  1,  2,  2,  3,  4,  4,  5,  5,  6,  6,  6,  6,  7,  8,  8,  8,  8,  9,  10, 10,
                                  11, 11, 11, 12, 12, 13, 15, 16, 17, 17, 19, 20, 22, 22, 23, 23, 25, 32, 32, 34, 35};
static const uint8_t mp_relapse[] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0,
                                     1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0};
static const double mp_treated[] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1,
                                    0, 1, 0, 0, 0, 1, 0, 1, 0, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1};
static const uint32_t mp_pair[] = {0, 19, 6,  10, 2, 12, 18, 11, 16, 5,  13, 16, 19, 1, 4, 8,  14, 20, 18, 0, 20,
                                   7, 10, 17, 3,  9, 17, 13, 6,  5,  14, 12, 11, 1,  4, 3, 15, 9,  2,  8,  7, 15};
static const uint32_t mp_rank[] = {0,  38, 12, 20, 4,  24, 36, 22, 32, 11, 27, 33, 39, 3, 8, 16, 28, 40, 37, 1,  41,
                                   14, 21, 34, 6,  18, 35, 26, 13, 10, 29, 25, 23, 2,  9, 7, 30, 19, 5,  17, 15, 31};
static const double ov_time[] = {59,  115, 156, 268, 329, 353, 365, 377, 421,  431,  448,  464,  475,
                                 477, 563, 638, 744, 769, 770, 803, 855, 1040, 1106, 1129, 1206, 1227};
static const uint8_t ov_status[] = {1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
static const double ov_age[] = {72.3315, 74.4932, 66.4658, 74.5041, 43.137,  63.2192, 64.4247, 58.3096, 53.3644,
                                50.3397, 56.4301, 56.937,  59.8548, 64.1753, 55.1781, 56.7562, 50.1096, 59.6301,
                                57.0521, 39.2712, 43.1233, 38.8932, 44.6,    53.9068, 44.2055, 59.589};
static const uint32_t ov_rx[] = {0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0, 0, 0, 0, 1, 1, 1};
static const double ov_ecog[] = {1, 1, 2, 2, 1, 2, 1, 1, 1, 1, 2, 2, 2, 1, 2, 2, 1, 2, 1, 1, 2, 2, 1, 1, 1, 2};
static const uint32_t ov_rank[] = {0, 1, 2,  21, 22, 23, 24, 25, 3,  4,  5,  6,  7,
                                   8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20};

enum { MOST_ROWS = 42, MOST_COLUMNS = 2, MP = COUNT(mp_weeks), OVARIAN = COUNT(ov_time) };

/* Everything an input points to. */
struct situation {
  struct survival_data data;
  struct cox_options options;
  double design[MOST_ROWS * MOST_COLUMNS], score[MOST_ROWS];
  struct validation_input input;
};

static inline void connect(struct situation *situation, const uint32_t *rank, size_t n_columns, bool has_design)
{
  situation->options.level = 0.95;
  situation->data.n_groups = 1;
  situation->data.n_strata = situation->data.stratum ? 2 : 1;
  situation->input = (struct validation_input){.data = &situation->data,
                                               .design = has_design ? situation->design : NULL,
                                               .n_columns = n_columns,
                                               .score = situation->score,
                                               .options = &situation->options,
                                               .rank = rank};
}

/* treatment and, of two columns, the pair's number. */
static inline void set_mp(struct situation *situation, size_t n_columns)
{
  *situation = (struct situation){.data = {.n = MP, .time = mp_weeks, .status = mp_relapse}};
  for (size_t i = 0; i < MP; i++) {
    situation->design[i * n_columns] = mp_treated[i];
    if (n_columns > 1)
      situation->design[i * n_columns + 1] = mp_pair[i] + 1;
  }
  connect(situation, mp_rank, n_columns, true);
}

/* age and, of two columns, the ECOG grade. */
static inline void set_ovarian(struct situation *situation, size_t n_columns)
{
  *situation = (struct situation){.data = {.n = OVARIAN, .time = ov_time, .status = ov_status}};
  for (size_t i = 0; i < OVARIAN; i++) {
    situation->design[i * n_columns] = ov_age[i];
    if (n_columns > 1)
      situation->design[i * n_columns + 1] = ov_ecog[i];
  }
  connect(situation, ov_rank, n_columns, true);
}

/* A score from elsewhere: 0.1 age - 0.4 in the second arm. */
static inline void set_published(struct situation *situation)
{
  set_ovarian(situation, 1);
  for (size_t i = 0; i < OVARIAN; i++)
    situation->score[i] = 0.1 * ov_age[i] - 0.4 * ov_rx[i];
  connect(situation, ov_rank, 0, false);
}

#endif
