/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/treatment.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

/* ---- who is compared ---- */

struct groups {
  struct column *factor; /* owned */
  uint32_t treated, control; /* codes; control 0: all others */
};

static enum status find_level(const struct column *factor, const char *level, uint32_t *code, struct error *error)
{
  *code = column_find_level(factor, level);
  if (*code)
    return STATUS_OK;
  struct text levels = TEXT_INIT;
  for (size_t i = 0; i < factor->n_levels && i < 12; i++)
    text_append_format(&levels, "%s%s", i ? ", " : "", factor->levels[i].name);
  error_set(error, "%s has no level %s", factor->name, level);
  error_hint(error, "its levels are %s%s", text_string(&levels), factor->n_levels > 12 ? ", …" : "");
  text_clear(&levels);
  return STATUS_ERROR;
}

/* How many levels anybody on view has; *last is the last of them. */
static size_t count_levels(const struct state *state, const struct treatment_request *request, const struct column *factor,
                           uint32_t *last)
{
  bool *present = memory_new(factor->n_levels + 1, sizeof *present);
  size_t n = 0;
  *last = 0;
  for (size_t row = 0; row < state->cohort->n_rows; row++)
    if (bitmap_has(&state->on_view->rows, row) && (!request->condition || bitmap_has(request->condition, row)))
      present[column_code(factor, row)] = true;
  for (uint32_t code = 1; code <= factor->n_levels; code++) {
    n += present[code];
    *last = present[code] ? code : *last;
  }
  free(present);
  return n;
}

/* The levels; without any named, the last against the first of the two that anybody on view has. */
static enum status find_groups(const struct state *state, const struct treatment_request *request, struct groups *groups,
                               struct error *error)
{
  const struct column *column = cohort_find_column(state->cohort, request->treatment);
  *groups = (struct groups){.factor = column_as_factor(column)};
  uint32_t last;
  const size_t n_levels = count_levels(state, request, groups->factor, &last);
  if (request->treated) {
    if (find_level(groups->factor, request->treated, &groups->treated, error))
      return STATUS_ERROR;
  } else if (n_levels == 2) {
    groups->treated = last;
  } else {
    error_set(error, "%s has %zu level%s on view: which is the treated one?", column->name, n_levels, n_levels == 1 ? "" : "s");
    return error_hint(error, "treated=LEVEL, and control=LEVEL or all others");
  }
  return request->control ? find_level(groups->factor, request->control, &groups->control, error) : STATUS_OK;
}

/* 1 treated, 0 control, -1 neither. */
static int side_of(const struct groups *groups, size_t row)
{
  const uint32_t code = column_code(groups->factor, row);
  if (code == groups->treated)
    return 1;
  return code && (!groups->control || code == groups->control) ? 0 : -1;
}

static enum status collect_rows(const struct state *state, const struct treatment_request *request,
                                const struct groups *groups, const struct model_frame *frame,
                                struct treatment_analysis *analysis, struct error *error)
{
  size_t n_side[2] = {0, 0};
  analysis->rows = memory_new(state->on_view->count, sizeof *analysis->rows);
  analysis->treated = memory_new(state->on_view->count, sizeof *analysis->treated);
  for (size_t row = 0; row < state->cohort->n_rows; row++) {
    const int side = side_of(groups, row);
    if (!bitmap_has(&state->on_view->rows, row) || (request->condition && !bitmap_has(request->condition, row)) ||
        side < 0)
      continue;
    analysis->n_on_view++;
    if (!bitmap_has(&frame->complete, row))
      continue;
    analysis->rows[analysis->n] = (uint32_t)row;
    analysis->treated[analysis->n++] = (uint8_t)side;
    n_side[side]++;
  }
  if (n_side[0] && n_side[1])
    return STATUS_OK;
  error_set(error, "there is nobody on view in the %s group with all values", n_side[1] ? "control" : "treated");
  return error_hint(error, "two groups are compared; filter off shows all again");
}

/* ---- balance ---- */

double treatment_weight(const struct treatment_analysis *analysis, size_t i)
{
  if (!analysis->matched)
    return analysis->weights.weight[i];
  return analysis->matching.set[i] ? 1 : 0;
}

struct moments {
  double weight, mean, squares;
};

static void moments_add(struct moments *moments, double value, double weight)
{
  if (!(weight > 0))
    return;
  moments->weight += weight;
  const double step = (value - moments->mean) * weight / moments->weight;
  moments->squares += weight * (value - moments->mean) * (value - moments->mean - step);
  moments->mean += step;
}

/* Controls of one set share its weight, so that 1:k sets count as much as 1:1 sets. */
static double *balance_weights(const struct treatment_analysis *analysis)
{
  double *weight = memory_new(analysis->n, sizeof *weight);
  for (size_t i = 0; i < analysis->n; i++)
    weight[i] = treatment_weight(analysis, i);
  if (!analysis->matched)
    return weight;
  double *controls = memory_new(analysis->matching.n_sets + 1, sizeof *controls);
  for (size_t i = 0; i < analysis->n; i++)
    controls[analysis->matching.set[i]] += !analysis->treated[i];
  for (size_t i = 0; i < analysis->n; i++)
    if (!analysis->treated[i] && weight[i] > 0)
      weight[i] /= controls[analysis->matching.set[i]];
  free(controls);
  return weight;
}

static void compute_balance(struct treatment_analysis *analysis)
{
  const size_t p = analysis->design.n_columns;
  double *weight = balance_weights(analysis);
  analysis->balance = memory_new(p, sizeof *analysis->balance);
  for (size_t c = 0; c < p; c++) {
    struct moments before[2] = {{0, 0, 0}, {0, 0, 0}}, after[2] = {{0, 0, 0}, {0, 0, 0}};
    for (size_t i = 0; i < analysis->n; i++) {
      const double value = analysis->design.x[i * p + c];
      moments_add(&before[analysis->treated[i]], value, 1);
      moments_add(&after[analysis->treated[i]], value, weight[i]);
    }
    struct treatment_balance *balance = &analysis->balance[c];
    const double v0 = before[0].squares / (before[0].weight - 1), v1 = before[1].squares / (before[1].weight - 1);
    const double scale = sqrt((v0 + v1) / 2);
    for (size_t k = 0; k < 2; k++) {
      balance->mean[k] = before[k].mean;
      balance->adjusted_mean[k] = after[k].weight > 0 ? after[k].mean : (double)NAN;
    }
    balance->before = (before[1].mean - before[0].mean) / scale;
    balance->after = (balance->adjusted_mean[1] - balance->adjusted_mean[0]) / scale;
  }
  free(weight);
}

/* ---- the whole ---- */

static void match(const struct state *state, const struct treatment_request *request,
                  struct treatment_analysis *analysis)
{
  struct matching_options options = {.ratio = request->ratio, .caliper = request->caliper};
  struct column *exact = NULL;
  uint32_t *stratum = NULL;
  if (request->exact) {
    exact = column_as_factor(cohort_find_column(state->cohort, request->exact));
    stratum = memory_new(analysis->n, sizeof *stratum);
    for (size_t i = 0; i < analysis->n; i++)
      stratum[i] = column_code(exact, analysis->rows[i]); /* 0: missing, a stratum of their own */
    options.stratum = stratum;
    options.n_strata = exact->n_levels + 1;
  }
  matching_nearest(analysis->model.linear_predictor, analysis->treated, analysis->n, &options, &analysis->matching);
  free(stratum);
  column_release(exact);
}

static enum status fit(const struct state *state, const struct treatment_request *request,
                       const struct model_frame *frame, struct task *task, struct treatment_analysis *analysis,
                       struct error *error)
{
  if (design_build(request->formula, frame, analysis->rows, analysis->n, &analysis->design, error))
    return STATUS_ERROR;
  if (logistic_fit(analysis->treated, NULL, analysis->design.x, analysis->n, analysis->design.n_columns, task,
                   &analysis->model))
    return STATUS_CANCELLED;
  analysis->matched = request->matches;
  if (request->matches)
    match(state, request, analysis);
  else
    propensity_weigh(analysis->model.probability, analysis->treated, analysis->n, &request->weighting,
                     &analysis->weights);
  compute_balance(analysis);
  return STATUS_OK;
}

enum status treatment_analyse(const struct state *state, const struct treatment_request *request, struct task *task,
                              struct treatment_analysis *analysis, struct error *error)
{
  struct groups groups;
  struct model_frame frame;
  struct text text = TEXT_INIT;
  *analysis = (struct treatment_analysis){.rows = NULL};
  formula_append(&text, request->formula);
  enum status status = formula_parse_string(text_string(&text), &analysis->formula, error);
  text_clear(&text);
  if (status)
    return status;
  status = find_groups(state, request, &groups, error);
  if (!status)
    status = model_frame_build(request->formula, state->cohort, &frame, error);
  if (!status) {
    status = collect_rows(state, request, &groups, &frame, analysis, error);
    if (!status)
      status = fit(state, request, &frame, task, analysis, error);
    model_frame_clear(&frame);
  }
  column_release(groups.factor);
  if (status)
    treatment_analysis_clear(analysis);
  return status;
}

void treatment_analysis_clear(struct treatment_analysis *analysis)
{
  formula_clear(&analysis->formula);
  design_clear(&analysis->design);
  logistic_model_clear(&analysis->model);
  propensity_weights_clear(&analysis->weights);
  matching_clear(&analysis->matching);
  free(analysis->rows);
  free(analysis->treated);
  free(analysis->balance);
  *analysis = (struct treatment_analysis){.rows = NULL};
}
