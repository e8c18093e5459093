/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/nomogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/pretty.h"
#include "base/text.h"

enum { PRETTY_STEPS = 10, MAX_TICKS = 1000, MAX_COMBINATIONS = 64 };

struct builder {
  const struct predictor *predictor;
  const struct nomogram_steps *steps; /* or NULL */
  struct nomogram_candidates *candidates; /* the nomogram's */
  struct nomogram *nomogram;
  struct error *error;
};

void nomogram_steps_clear(struct nomogram_steps *steps)
{
  for (size_t i = 0; i < steps->n; i++)
    free(steps->items[i].column);
  free(steps->items);
  *steps = (struct nomogram_steps){.n = 0};
}

/* ---- candidates ---- */

static const struct nomogram_step *find_step(const struct builder *builder, const char *column)
{
  for (size_t i = 0; builder->steps && i < builder->steps->n; i++)
    if (strcmp(builder->steps->items[i].column, column) == 0)
      return &builder->steps->items[i];
  return NULL;
}

static enum status step_ticks(double low, double high, const struct nomogram_step *step, struct nomogram_candidates *candidates,
                              struct error *error)
{
  const double first = floor(low / step->step + 1e-10), last = ceil(high / step->step - 1e-10);
  if (!(last - first < MAX_TICKS)) {
    error_set(error, "step=%s:%g gives more than %d ticks", step->column, step->step, (int)MAX_TICKS);
    return error_hint(error, "its values go from %g to %g", low, high);
  }
  candidates->n = (size_t)(last - first) + 1;
  candidates->value = memory_new(candidates->n, sizeof(double));
  for (size_t i = 0; i < candidates->n; i++)
    candidates->value[i] = (first + (double)i) * step->step;
  return STATUS_OK;
}

/* The ticks between the ends that were asked for, and these. */
static void confine(struct nomogram_candidates *candidates, double low, double high)
{
  const double slack = 1e-9 * (high - low);
  double *value = memory_new(candidates->n + 2, sizeof *value);
  size_t n = 0;
  value[n++] = low;
  for (size_t i = 0; i < candidates->n; i++)
    if (candidates->value[i] > low + slack && candidates->value[i] < high - slack)
      value[n++] = candidates->value[i];
  value[n++] = high;
  free(candidates->value);
  *candidates = (struct nomogram_candidates){value, n};
}

static enum status number_candidates(struct builder *builder, const struct column *column,
                                     struct nomogram_candidates *candidates)
{
  const struct gathered *gathered = &builder->predictor->analysis->gathered;
  double low = INFINITY, high = -INFINITY;
  for (size_t i = 0; i < gathered->n_used; i++) {
    const double value = column_number(column, gathered->rows[i]);
    low = fmin(low, value);
    high = fmax(high, value);
  }
  if (!isfinite(low) || !isfinite(high)) {
    error_set(builder->error, "no patient on view has a value of %s", column->name);
    return error_hint(builder->error, "filter off shows all again");
  }
  const struct nomogram_step *step = find_step(builder, column->name);
  if (step && !isnan(step->low)) {
    low = step->low;
    high = step->high;
  }
  if (step && step->step > 0) {
    if (step_ticks(low, high, step, candidates, builder->error))
      return STATUS_ERROR;
  } else {
    candidates->value = pretty_values(low, high, PRETTY_STEPS, &candidates->n);
  }
  if (step && !isnan(step->low))
    confine(candidates, low, high);
  return STATUS_OK;
}

static void level_candidates(const struct builder *builder, const struct column *column, struct nomogram_candidates *candidates)
{
  const struct gathered *gathered = &builder->predictor->analysis->gathered;
  bool *present = memory_new(column->n_levels + 1, sizeof *present);
  for (size_t i = 0; i < gathered->n_used; i++)
    present[column_code(column, gathered->rows[i])] = true;
  candidates->value = memory_new(column->n_levels, sizeof(double));
  for (size_t code = 1; code <= column->n_levels; code++)
    if (present[code] || builder->predictor->published)
      candidates->value[candidates->n++] = (double)code;
  free(present);
}

static enum status find_candidates(struct builder *builder)
{
  const struct predictor *predictor = builder->predictor;
  for (size_t i = 0; i < predictor->n_columns; i++) {
    const struct column *column = predictor->columns[i].column;
    struct nomogram_candidates *candidates = &builder->candidates[i];
    if (column->kind == COLUMN_FACTOR)
      level_candidates(builder, column, candidates);
    else if (number_candidates(builder, column, candidates))
      return STATUS_ERROR;
    if (candidates->n)
      continue;
    error_set(builder->error, "no patient on view has a value of %s", column->name);
    return error_hint(builder->error, "filter off shows all again");
  }
  return STATUS_OK;
}

/* ---- ticks without a value ---- */

/* The linear predictors at a column's candidates, all else being as one patient has it. */
static enum status evaluate_candidates(const struct builder *builder, size_t along, uint32_t row, double *lp)
{
  const struct predictor *predictor = builder->predictor;
  const struct nomogram_candidates *candidates = &builder->candidates[along];
  struct column **columns = memory_new(predictor->n_columns, sizeof(struct column *));
  double *values = memory_new(candidates->n, sizeof *values);
  for (size_t i = 0; i < predictor->n_columns; i++) {
    const struct column *column = predictor->columns[i].column;
    for (size_t k = 0; k < candidates->n; k++)
      values[k] = i == along                      ? candidates->value[k]
                  : column->kind == COLUMN_FACTOR ? (double)column_code(column, row)
                                                  : column_number(column, row);
    columns[i] = predictor_column_like(column, values, candidates->n);
  }
  struct cohort *patients = cohort_new(candidates->n, columns, predictor->n_columns);
  enum status status = predictor_evaluate(predictor, patients, lp, builder->error);
  cohort_release(patients);
  free(columns);
  free(values);
  return status;
}

/* Where the lowest ticks are gone, the lowest value of the patients takes their place, so that all are on the axis (a patient's
 * own value is one that the model has).  There is room for it. */
static size_t reach_patients(const struct builder *builder, const struct column *column, double *value, size_t n)
{
  const struct gathered *gathered = &builder->predictor->analysis->gathered;
  double low = INFINITY;
  for (size_t i = 0; i < gathered->n_used; i++)
    low = fmin(low, column_number(column, gathered->rows[i]));
  const struct nomogram_step *step = find_step(builder, column->name);
  if (!(low < value[0]) || (step && !isnan(step->low)))
    return n;
  memmove(value + 1, value, n * sizeof *value);
  value[0] = low;
  return n + 1;
}

/* Takes out the ticks of numbers at which the model has no value, such as log(0), and notes them. */
static enum status leave_out_without_value(struct builder *builder)
{
  const struct predictor *predictor = builder->predictor;
  const struct gathered *gathered = &predictor->analysis->gathered;
  struct text left_out = TEXT_INIT;
  enum status status = STATUS_OK;
  for (size_t i = 0; i < predictor->n_columns && gathered->n_used && !status; i++) {
    struct nomogram_candidates *candidates = &builder->candidates[i];
    const struct column *column = predictor->columns[i].column;
    if (column->kind == COLUMN_FACTOR)
      continue;
    double *lp = memory_new(candidates->n, sizeof *lp);
    size_t kept = 0;
    status = evaluate_candidates(builder, i, gathered->rows[0], lp);
    for (size_t k = 0; k < candidates->n && !status; k++) {
      if (isfinite(lp[k]))
        candidates->value[kept++] = candidates->value[k];
      else
        text_append_format(&left_out, "%s%s %g", left_out.length ? ", " : "", column->name, candidates->value[k]);
    }
    free(lp);
    if (!status && kept && kept < candidates->n)
      kept = reach_patients(builder, column, candidates->value, kept);
    candidates->n = status ? candidates->n : kept;
    if (!status && !kept) {
      error_set(builder->error, "the model has no value at any tick of %s", column->name);
      status = error_hint(builder->error, "range=%s:LOW:HIGH chooses the ends of its axis", column->name);
    }
  }
  builder->nomogram->left_out = left_out.length ? text_take(&left_out) : NULL;
  text_clear(&left_out);
  return status;
}

/* ---- linear predictors along an axis ---- */

/* What the patients of one axis have: `at` is the candidate of each column, `along` the one that runs. */
static enum status evaluate_axis(const struct builder *builder, const size_t *at, size_t along, double *lp)
{
  const struct predictor *predictor = builder->predictor;
  const size_t n = builder->candidates[along].n;
  struct column **columns = memory_new(predictor->n_columns, sizeof(struct column *));
  double *values = memory_new(n, sizeof *values);
  for (size_t i = 0; i < predictor->n_columns; i++) {
    for (size_t k = 0; k < n; k++)
      values[k] = builder->candidates[i].value[i == along ? k : at[i]];
    columns[i] = predictor_column_like(predictor->columns[i].column, values, n);
  }
  struct cohort *patients = cohort_new(n, columns, predictor->n_columns);
  enum status status = predictor_evaluate(predictor, patients, lp, builder->error);
  for (size_t k = 0; k < n && !status; k++) {
    if (isfinite(lp[k]))
      continue;
    error_set(builder->error, "the model has no value where %s is %g", predictor->columns[along].column->name,
              builder->candidates[along].value[k]);
    status = error_hint(builder->error, "step=%s:… chooses other ticks", predictor->columns[along].column->name);
  }
  cohort_release(patients);
  free(columns);
  free(values);
  return status;
}

/* "age", or "age, sex=male" with the levels of the columns that it interacts with. */
static char *axis_name(const struct builder *builder, const size_t *at, size_t along)
{
  const struct predictor *predictor = builder->predictor;
  struct text name = TEXT_INIT;
  text_append(&name, predictor->columns[along].column->name);
  for (size_t i = 0; i < predictor->n_columns; i++) {
    const struct column *column = predictor->columns[i].column;
    if (i == along || predictor->columns[i].is_stratum ||
        predictor->columns[i].component != predictor->columns[along].component)
      continue;
    text_append_format(&name, ", %s=%s", column->name, column->levels[(size_t)builder->candidates[i].value[at[i]] - 1].name);
  }
  return text_take(&name);
}

/* Which column of a component runs along its axes: the number, or else the first factor. */
static enum status choose_along(const struct builder *builder, size_t component, size_t *along)
{
  const struct predictor *predictor = builder->predictor;
  const struct column *number = NULL;
  size_t combinations = 1;
  *along = predictor->n_columns;
  for (size_t i = 0; i < predictor->n_columns; i++) {
    const struct column *column = predictor->columns[i].column;
    if (predictor->columns[i].component != component || predictor->columns[i].is_stratum)
      continue;
    if (column->kind == COLUMN_FACTOR) {
      *along = *along == predictor->n_columns ? i : *along;
      continue;
    }
    if (number) {
      error_set(builder->error, "%s and %s have one effect together, and both are numbers", number->name, column->name);
      return error_hint(builder->error, "a nomogram has axes for one number at a time: cut one of them into classes");
    }
    number = column;
    *along = i;
  }
  for (size_t i = 0; i < predictor->n_columns; i++)
    if (predictor->columns[i].component == component && i != *along && !predictor->columns[i].is_stratum)
      combinations *= builder->candidates[i].n;
  if (combinations <= MAX_COMBINATIONS)
    return STATUS_OK;
  error_set(builder->error, "an interaction of %zu combinations is too much for a nomogram", combinations);
  return error_hint(builder->error, "at most %d", (int)MAX_COMBINATIONS);
}

/* The next combination of the component's other columns; false after the last. */
static bool advance(const struct builder *builder, size_t component, size_t along, size_t *at)
{
  const struct predictor *predictor = builder->predictor;
  for (size_t i = 0; i < predictor->n_columns; i++) {
    if (i == along || predictor->columns[i].component != component || predictor->columns[i].is_stratum)
      continue;
    if (++at[i] < builder->candidates[i].n)
      return true;
    at[i] = 0;
  }
  return false;
}

static double *given_values(const struct builder *builder, const size_t *at)
{
  double *given = memory_new(builder->nomogram->n_columns, sizeof *given);
  for (size_t i = 0; i < builder->nomogram->n_columns; i++)
    given[i] = builder->candidates[i].value[at[i]];
  return given;
}

/* Adds a component's axes, their points holding effects above `base` yet; returns its range. */
static enum status add_component(struct builder *builder, size_t component, double base, double *range)
{
  const struct predictor *predictor = builder->predictor;
  struct nomogram *nomogram = builder->nomogram;
  size_t along;
  if (choose_along(builder, component, &along))
    return STATUS_ERROR;
  if (along == predictor->n_columns)
    return STATUS_OK; /* strata alone: no effect */
  size_t *at = memory_new(predictor->n_columns, sizeof *at);
  const size_t first = nomogram->n_axes;
  double low = INFINITY, high = -INFINITY;
  enum status status = STATUS_OK;
  do {
    struct nomogram_axis axis = {
        .term = axis_name(builder, at, along),
        .column = predictor->columns[along].column,
        .along = along,
        .component = component,
        .given = given_values(builder, at),
        .n = builder->candidates[along].n,
        .value = memory_copy(builder->candidates[along].value, builder->candidates[along].n, sizeof(double)),
        .points = memory_new(builder->candidates[along].n, sizeof(double)),
    };
    MEMORY_APPEND(nomogram->axes, nomogram->n_axes, nomogram->capacity, axis);
    status = evaluate_axis(builder, at, along, axis.points);
    for (size_t k = 0; k < axis.n && !status; k++) {
      low = fmin(low, axis.points[k]);
      high = fmax(high, axis.points[k]);
    }
  } while (!status && advance(builder, component, along, at));
  for (size_t a = first; a < nomogram->n_axes && !status; a++)
    for (size_t k = 0; k < nomogram->axes[a].n; k++)
      nomogram->axes[a].points[k] -= low;
  nomogram->lowest += low - base;
  nomogram->lows[component] = low;
  *range = high - low;
  free(at);
  return status;
}

static enum status build_axes(struct builder *builder)
{
  const struct predictor *predictor = builder->predictor;
  struct nomogram *nomogram = builder->nomogram;
  double base, widest = 0, total = 0;
  size_t *at = memory_new(predictor->n_columns + 1, sizeof *at);
  double *lp = memory_new(predictor->n_columns ? builder->candidates[0].n : 1, sizeof *lp);
  enum status status = predictor->n_columns ? evaluate_axis(builder, at, 0, lp) : STATUS_OK;
  base = lp[0];
  free(at);
  free(lp);
  nomogram->lowest = base;
  for (size_t c = 0; c < predictor->n_components && !status; c++) {
    double range = 0;
    status = add_component(builder, c, base, &range);
    widest = fmax(widest, range);
    total += range;
  }
  if (status)
    return status;
  if (!(widest > 0)) {
    error_set(builder->error, "no term of the model has an effect: there is nothing to draw");
    return error_hint(builder->error, "cox age + sex + …");
  }
  nomogram->points_per_unit = 100 / widest;
  nomogram->total = total * nomogram->points_per_unit;
  for (size_t a = 0; a < nomogram->n_axes; a++)
    for (size_t k = 0; k < nomogram->axes[a].n; k++)
      nomogram->axes[a].points[k] *= nomogram->points_per_unit;
  return STATUS_OK;
}

static enum status check_steps(const struct builder *builder)
{
  for (size_t s = 0; builder->steps && s < builder->steps->n; s++) {
    bool known = false;
    for (size_t i = 0; i < builder->predictor->n_columns; i++) {
      const struct column *column = builder->predictor->columns[i].column;
      known |= column->kind != COLUMN_FACTOR && strcmp(column->name, builder->steps->items[s].column) == 0;
    }
    if (known)
      continue;
    error_set(builder->error, "%s is no number of the model", builder->steps->items[s].column);
    return error_hint(builder->error, "step= and range= are for the numbers that the model uses");
  }
  return STATUS_OK;
}

enum status nomogram_build(const struct predictor *predictor, const struct nomogram_steps *steps,
                           struct nomogram *nomogram, struct error *error)
{
  *nomogram = (struct nomogram){
      .candidates = memory_new(predictor->n_columns, sizeof *nomogram->candidates),
      .n_columns = predictor->n_columns,
      .lows = memory_new(predictor->n_components, sizeof *nomogram->lows),
  };
  struct builder builder = {
      .predictor = predictor,
      .steps = steps,
      .candidates = nomogram->candidates,
      .nomogram = nomogram,
      .error = error,
  };
  enum status status = check_steps(&builder);
  if (!status)
    status = find_candidates(&builder);
  if (!status)
    status = leave_out_without_value(&builder);
  if (!status)
    status = build_axes(&builder);
  if (status)
    nomogram_clear(nomogram);
  return status;
}

void nomogram_clear(struct nomogram *nomogram)
{
  for (size_t i = 0; i < nomogram->n_axes; i++) {
    free(nomogram->axes[i].term);
    free(nomogram->axes[i].given);
    free(nomogram->axes[i].value);
    free(nomogram->axes[i].points);
  }
  free(nomogram->axes);
  for (size_t i = 0; i < nomogram->n_columns; i++)
    free(nomogram->candidates[i].value);
  free(nomogram->candidates);
  free(nomogram->lows);
  free(nomogram->left_out);
  *nomogram = (struct nomogram){.axes = NULL};
}

double nomogram_points(const struct nomogram *nomogram, double linear_predictor)
{
  return (linear_predictor - nomogram->lowest) * nomogram->points_per_unit;
}

double nomogram_survival_points(const struct nomogram *nomogram, double hazard, double survival)
{
  return nomogram_points(nomogram, log(-log(survival) / hazard));
}
