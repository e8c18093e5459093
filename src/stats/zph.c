/* SPDX-License-Identifier: GPL-3.0-or-later */
/* With V(t) an event time's share of the information and r(t) its share of the score, the score of (beta, theta) at theta
 * = 0 is (0, U) and its information
 *
 *     [ sum V      sum g V   ]
 *     [ sum g V    sum g^2 V ],   U = sum g r,   g centred at its mean over the events.
 *
 * The three sums come from the ordinary pass over the data with each event time scaled by 1, by g and by g^2 (g moved to
 * 0 … 1 meanwhile, so that the scales are not negative). */
#include "stats/zph.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "stats/cox_internal.h"
#include "stats/distribution.h"
#include "stats/km.h"
#include "stats/quadratic.h"

/* ---- g ---- */

/* 1 - S(t-) of all rows as one group, unweighted but for frequencies. */
static enum status transform_km(const struct survival_data *data, bool frequency, struct task *task, double *g)
{
  struct survival_data all = *data;
  struct km_curve curve;
  const struct km_options options = {.conf = CONF_LOG, .level = 0}; /* without limits */
  all.group = all.stratum = NULL;
  all.n_groups = all.n_strata = 1;
  if (!frequency)
    all.weight = NULL;
  enum status status = km_fit(&all, &options, task, &curve);
  if (status)
    return status;
  size_t j = 0;
  for (size_t i = 0; i < data->n; i++) {
    while (curve.time[j] < data->time[i])
      j++;
    g[i] = j ? 1 - curve.estimate[j - 1] : 0;
  }
  km_curve_clear(&curve);
  return STATUS_OK;
}

/* Mean ranks of equal times. */
static void transform_rank(const struct survival_data *data, bool frequency, double *g)
{
  double before = 0;
  for (size_t first = 0, end; first < data->n; first = end) {
    double count = 0;
    for (end = first; end < data->n && data->time[end] == data->time[first]; end++)
      count += frequency ? survival_weight_of(data, end) : 1;
    for (size_t i = first; i < end; i++)
      g[i] = before + (count + 1) / 2;
    before += count;
  }
}

static enum status transform_times(const struct survival_data *data, bool frequency, enum zph_transform transform,
                                   struct task *task, double *g, struct error *error)
{
  if (transform == ZPH_KM)
    return transform_km(data, frequency, task, g);
  if (transform == ZPH_RANK) {
    transform_rank(data, frequency, g);
    return STATUS_OK;
  }
  for (size_t i = 0; i < data->n; i++)
    g[i] = transform == ZPH_LOG ? log(data->time[i]) : data->time[i];
  if (transform != ZPH_LOG || !data->n || data->time[0] > 0)
    return STATUS_OK;
  error_set(error, "a time is at or under 0 and has no logarithm");
  return error_hint(error, "take transform=km, rank or identity");
}

/* ---- the sums ---- */

struct sums {
  size_t p;
  double *score[2];       /* scaled by 1, by g */
  double *information[3]; /* scaled by 1, by g, by g^2 */
};

static void sums_init(struct sums *sums, size_t p)
{
  sums->p = p;
  for (size_t k = 0; k < 3; k++)
    sums->information[k] = memory_new(p * p, sizeof(double));
  for (size_t k = 0; k < 2; k++)
    sums->score[k] = memory_new(p, sizeof(double));
}

static void sums_clear(struct sums *sums)
{
  for (size_t k = 0; k < 3; k++)
    free(sums->information[k]);
  for (size_t k = 0; k < 2; k++)
    free(sums->score[k]);
}

/* g of each event time, moved and scaled to 0 … 1, into `moved`; *mean is its mean over the events. */
static void move_to_unit(const struct cox_problem *problem, const double *g, double *moved, double *mean)
{
  double low = INFINITY, high = -INFINITY, sum = 0, count = 0;
  for (size_t t = 0; t < problem->n_ties; t++) {
    moved[t] = g[cox_row(problem, problem->ties[t].first)];
    low = fmin(low, moved[t]);
    high = fmax(high, moved[t]);
  }
  for (size_t t = 0; t < problem->n_ties; t++) {
    moved[t] = high > low ? (moved[t] - low) / (high - low) : 0;
    sum += problem->ties[t].n_events * moved[t];
    count += problem->ties[t].n_events;
  }
  *mean = count > 0 ? sum / count : 0;
}

/* Another power of g: the risk sets are the same, so that hazards are multiplied by g once more. */
struct scaling {
  struct cox_problem *problem;
  struct cox_evaluation *at;
  const double *moved;
};

static void scale_part(void *context, size_t part)
{
  const struct scaling *scaling = context;
  struct cox_problem *problem = scaling->problem;
  for (size_t b = problem->part_start[part]; b < problem->part_start[part + 1]; b++) {
    struct compensated_sum hazard = {0, 0};
    for (size_t t = problem->blocks[b].first_tie; t < problem->blocks[b].end_tie; t++) {
      problem->time_scale[t] *= scaling->moved[t];
      problem->ties[t].hazard *= scaling->moved[t];
      problem->ties[t].tied_hazard *= scaling->moved[t];
      compensated_add(&hazard, problem->ties[t].hazard);
    }
    scaling->at->blocks[b].hazard = hazard;
  }
}

static enum status gather_sums(struct cox_problem *problem, struct cox_evaluation *at, const double *moved,
                               struct task *task, struct sums *sums)
{
  const size_t p = sums->p;
  struct scaling scaling = {problem, at, moved};
  enum status status = STATUS_OK;
  problem->time_scale = memory_resize(NULL, problem->n_ties, sizeof(double));
  for (size_t t = 0; t < problem->n_ties; t++)
    problem->time_scale[t] = 1;
  for (int power = 0; power < 3 && !status; power++) {
    if (power) {
      parallel_run(problem->n_parts, scale_part, &scaling);
      cox_sum_hazards(problem, at);
    }
    status = cox_differentiate(problem, at, task);
    memcpy(sums->information[power], at->information, p * p * sizeof(double));
    if (power < 2)
      memcpy(sums->score[power], at->score, p * sizeof(double));
  }
  return status;
}

/* Moves g from 0 … 1 to its mean: U = sum g r - mean sum r, and the information likewise. */
static void centre(struct sums *sums, double mean)
{
  const size_t p = sums->p;
  for (size_t j = 0; j < p; j++)
    sums->score[1][j] -= mean * sums->score[0][j];
  for (size_t j = 0; j < p * p; j++) {
    sums->information[2][j] += mean * (mean * sums->information[0][j] - 2 * sums->information[1][j]);
    sums->information[1][j] -= mean * sums->information[0][j];
  }
}

/* ---- tests ---- */

/* The test of the added columns listed, beside all `kept` ones of the model. */
static struct zph_test test_columns(const struct sums *sums, const size_t *kept, size_t n_kept, const size_t *added,
                                    size_t n_added)
{
  const size_t p = sums->p, n = n_kept + n_added;
  double *matrix = memory_new(n * n, sizeof *matrix), *score = memory_new(n, sizeof *score);
  double rank, rank_kept;
  struct zph_test test = {(double)NAN, 0, (double)NAN};
  for (size_t a = 0; a < n; a++) {
    const size_t row = a < n_kept ? kept[a] : added[a - n_kept];
    score[a] = a < n_kept ? 0 : sums->score[1][row];
    for (size_t b = 0; b < n; b++) {
      const size_t column = b < n_kept ? kept[b] : added[b - n_kept];
      matrix[a * n + b] = sums->information[(a >= n_kept) + (b >= n_kept)][row * p + column];
    }
  }
  const double statistic = quadratic_form_inverse(matrix, score, n, &rank);
  for (size_t a = 0; a < n_kept; a++)
    memmove(matrix + a * n_kept, matrix + a * n, n_kept * sizeof *matrix);
  (void)quadratic_form_inverse(matrix, score, n_kept, &rank_kept);
  test.df = rank - rank_kept;
  if (test.df > 0) {
    test.statistic = statistic;
    test.p_value = chi_square_upper(statistic, test.df);
  }
  free(matrix);
  free(score);
  return test;
}

static void test_terms(const struct sums *sums, const struct cox_model *model, const struct zph_term *terms,
                       size_t n_terms, struct zph_test *tests)
{
  size_t *kept = memory_new(model->n_columns, sizeof *kept), *added = memory_new(model->n_columns, sizeof *added);
  size_t n_kept = 0;
  for (size_t j = 0; j < model->n_columns; j++)
    if (model->state[j] != COEFFICIENT_ALIASED)
      kept[n_kept++] = j;
  for (size_t t = 0; t < n_terms; t++) {
    size_t n_added = 0;
    for (size_t j = terms[t].first; j < terms[t].first + terms[t].n_columns; j++)
      if (model->state[j] != COEFFICIENT_ALIASED)
        added[n_added++] = j;
    tests[t] = test_columns(sums, kept, n_kept, added, n_added);
  }
  tests[n_terms] = test_columns(sums, kept, n_kept, kept, n_kept);
  free(kept);
  free(added);
}

enum status zph_test(const struct survival_data *data, const double *design, const struct cox_model *model,
                     const struct cox_options *options, const struct zph_term *terms, size_t n_terms,
                     enum zph_transform transform, struct task *task, double *transformed, struct zph_test *tests,
                     struct error *error)
{
  double *g = transformed ? transformed : memory_resize(NULL, data->n, sizeof *g), mean = 0;
  struct cox_problem problem;
  struct cox_evaluation at;
  struct sums sums;
  enum status status = transform_times(data, data->weight && options->weight_kind == WEIGHT_FREQUENCY, transform, task, g,
                                       error);
  if (status) {
    if (!transformed)
      free(g);
    return status;
  }
  status = cox_evaluate_model(&problem, &at, data, design, model, options, task);
  sums_init(&sums, model->n_columns);
  double *moved = memory_new(problem.n_ties, sizeof *moved);
  if (!status) {
    move_to_unit(&problem, g, moved, &mean);
    status = gather_sums(&problem, &at, moved, task, &sums);
  }
  if (!status) {
    centre(&sums, mean);
    test_terms(&sums, model, terms, n_terms, tests);
  }
  free(moved);
  sums_clear(&sums);
  cox_evaluation_clear(&at);
  cox_problem_clear(&problem);
  if (!transformed)
    free(g);
  return status;
}
