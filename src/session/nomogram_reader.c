/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/nomogram_reader.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "base/text.h"
#include "stats/distribution.h"
#include "stats/km_limits.h"

struct nomogram_reader *nomogram_reader_new(struct predictor *predictor, struct nomogram *nomogram)
{
  struct nomogram_reader *reader = memory_new(1, sizeof *reader);
  reader->state = state_retain(predictor->state);
  reader->predictor = *predictor;
  reader->nomogram = *nomogram;
  *predictor = (struct predictor){.columns = NULL};
  *nomogram = (struct nomogram){.axes = NULL};
  return reader;
}

static size_t n_strata(const struct nomogram_reader *reader)
{
  return reader->predictor.published ? 1 : reader->predictor.analysis->gathered.data.n_strata;
}

void nomogram_reader_free(void *data)
{
  struct nomogram_reader *reader = data;
  if (!reader)
    return;
  for (size_t s = 0; reader->sums && s < n_strata(reader); s++)
    cox_survival_sums_clear(&reader->sums[s]);
  free(reader->sums);
  free(reader->variables);
  free(reader->times);
  free(reader->survival);
  nomogram_steps_clear(&reader->steps);
  nomogram_clear(&reader->nomogram);
  predictor_clear(&reader->predictor);
  state_release(reader->state);
  free(reader);
}

/* ---- preparing ---- */

/* A number as it is typed, so that what is shown and what is computed with are the same. */
static double tidy(double value)
{
  struct text text = TEXT_INIT;
  double read = value;
  text_append_format(&text, "%.10g", value);
  (void)number_parse(text_string(&text), text.length, &read);
  text_clear(&text);
  return read == 0 ? 0 : read;
}

static double in_steps(const struct nomogram_reader *reader, size_t column, double value)
{
  const struct nomogram_candidates *candidates = &reader->nomogram.candidates[column];
  const double step = reader->variables[column].step;
  value = step > 0 ? tidy(round(value / step) * step) : value;
  return fmax(candidates->value[0], fmin(value, candidates->value[candidates->n - 1]));
}

/* A fifth or a tenth of the ticks' distance, whichever is rounder; 1 where all values are whole and that would be less. */
static void choose_steps(struct nomogram_reader *reader, size_t column, bool whole)
{
  const struct nomogram_candidates *candidates = &reader->nomogram.candidates[column];
  struct nomogram_variable *variable = &reader->variables[column];
  if (candidates->n < 2)
    return;
  variable->tick = tidy(candidates->value[1] - candidates->value[0]);
  const double power = pow(10, floor(log10(variable->tick) + 1e-9));
  variable->step = tidy(variable->tick >= 4.5 * power ? power : power / 10);
  if (whole && variable->step < 1)
    variable->step = 1;
  if (whole && variable->tick < 1)
    variable->tick = 1;
}

static void typical_number(struct nomogram_reader *reader, size_t column)
{
  const struct gathered *gathered = &reader->predictor.analysis->gathered;
  const struct column *of = reader->predictor.columns[column].column;
  double *values = memory_new(gathered->n_used, sizeof *values);
  size_t n = 0;
  bool whole = true;
  for (size_t i = 0; i < gathered->n_used; i++) {
    const double value = column_number(of, gathered->rows[i]);
    if (!isfinite(value))
      continue;
    whole &= value == floor(value);
    values[n++] = value;
  }
  choose_steps(reader, column, whole);
  sort_numbers(values, n);
  const double middle = n ? (values[(n - 1) / 2] + values[n / 2]) / 2 : reader->nomogram.candidates[column].value[0];
  reader->variables[column].typical = in_steps(reader, column, middle);
  free(values);
}

static void typical_level(struct nomogram_reader *reader, size_t column)
{
  const struct gathered *gathered = &reader->predictor.analysis->gathered;
  const struct column *of = reader->predictor.columns[column].column;
  const struct nomogram_candidates *candidates = &reader->nomogram.candidates[column];
  size_t *count = memory_new(of->n_levels + 1, sizeof *count);
  for (size_t i = 0; i < gathered->n_used; i++)
    count[column_code(of, gathered->rows[i])]++;
  double typical = candidates->value[0];
  for (size_t i = 1; i < candidates->n; i++)
    if (count[(size_t)candidates->value[i]] > count[(size_t)typical])
      typical = candidates->value[i];
  reader->variables[column].typical = typical;
  free(count);
}

enum status nomogram_reader_prepare(struct nomogram_reader *reader, struct task *task)
{
  const struct predictor *predictor = &reader->predictor;
  const struct cox_analysis *analysis = reader->predictor.analysis;
  reader->variables = memory_new(predictor->n_columns, sizeof *reader->variables);
  for (size_t i = 0; i < predictor->n_columns; i++) {
    if (predictor->columns[i].column->kind == COLUMN_FACTOR)
      typical_level(reader, i);
    else
      typical_number(reader, i);
  }
  if (predictor->published)
    return STATUS_OK;
  const struct cox_fitted fitted = {&analysis->gathered.data, analysis->design.x, &analysis->model, &analysis->options};
  reader->sums = memory_new(n_strata(reader), sizeof *reader->sums);
  for (size_t s = 0; s < n_strata(reader); s++) {
    if (task_is_cancelled(task))
      return STATUS_CANCELLED;
    cox_survival_sums_init(&fitted, s, reader->times, reader->n_times, &reader->sums[s]);
  }
  return STATUS_OK;
}

/* ---- reading ---- */

/* The patient, and for each component one who differs from the first candidates in that component alone. */
static struct cohort *patients(const struct nomogram_reader *reader, const double *values)
{
  const struct predictor *predictor = &reader->predictor;
  const size_t n = predictor->n_components + 1;
  struct column **columns = memory_new(predictor->n_columns, sizeof(struct column *));
  double *of_column = memory_new(n, sizeof *of_column);
  for (size_t i = 0; i < predictor->n_columns; i++) {
    for (size_t k = 0; k < n; k++) {
      const bool own = k == 0 || predictor->columns[i].component == k - 1;
      of_column[k] = own ? values[i] : reader->nomogram.candidates[i].value[0];
    }
    columns[i] = predictor_column_like(predictor->columns[i].column, of_column, n);
  }
  struct cohort *cohort = cohort_new(n, columns, predictor->n_columns);
  free(columns);
  free(of_column);
  return cohort;
}

static bool has_axis(const struct nomogram *nomogram, size_t component)
{
  for (size_t i = 0; i < nomogram->n_axes; i++)
    if (nomogram->axes[i].component == component)
      return true;
  return false;
}

static double median_of(const struct cox_baseline *baseline, double linear_predictor)
{
  const double wanted = exp(linear_predictor);
  size_t low = 0, high = baseline->n_times;
  while (low < high) {
    const size_t middle = low + (high - low) / 2;
    if (exp(-baseline->hazard[middle] * wanted) <= 0.5)
      high = middle;
    else
      low = middle + 1;
  }
  return low < baseline->n_times ? baseline->time[low] : (double)NAN;
}

static void read_published(const struct nomogram_reader *reader, struct nomogram_reading *reading)
{
  for (size_t i = 0; i < reader->n_times; i++) {
    const double hazard = predictor_hazard(&reader->predictor, 0, reader->times[i]);
    reading->survival[i] =
        (struct nomogram_survival){exp(-hazard * exp(reading->linear_predictor)), (double)NAN, (double)NAN};
  }
}

static enum status read_fitted(const struct nomogram_reader *reader, const struct cohort *cohort,
                               struct nomogram_reading *reading, struct error *error)
{
  const struct cox_analysis *analysis = reader->predictor.analysis;
  const double z = normal_half_width(analysis->options.level);
  double *profile = memory_new(analysis->design.n_columns, sizeof *profile);
  enum status status = predictor_place(&reader->predictor, cohort, 0, profile, &reading->stratum, error);
  for (size_t i = 0; i < reader->n_times && !status; i++) {
    const struct cox_survival_point point =
        cox_survival_from_sums(&reader->sums[reading->stratum], &analysis->model, profile, i);
    const struct survival_limits limits =
        survival_limits(reader->state->settings.conf, point.survival, point.log_error, z);
    reading->survival[i] = (struct nomogram_survival){point.survival, limits.low, limits.high};
    if (isnan(predictor_hazard(&reader->predictor, reading->stratum, reader->times[i])))
      reading->survival[i] = (struct nomogram_survival){(double)NAN, (double)NAN, (double)NAN};
  }
  if (!status)
    reading->median = median_of(&reader->predictor.baselines[reading->stratum], reading->linear_predictor);
  free(profile);
  return status;
}

enum status nomogram_read(const struct nomogram_reader *reader, const double *values, struct nomogram_reading *reading,
                          struct error *error)
{
  const struct predictor *predictor = &reader->predictor;
  const struct nomogram *nomogram = &reader->nomogram;
  double *lp = memory_new(predictor->n_components + 1, sizeof *lp);
  struct cohort *cohort = patients(reader, values);
  *reading = (struct nomogram_reading){
      .points = memory_new(predictor->n_components, sizeof(double)),
      .survival = memory_new(reader->n_times, sizeof *reading->survival),
      .median = (double)NAN,
  };
  enum status status = predictor_evaluate(predictor, cohort, lp, error);
  if (!status && !isfinite(lp[0])) {
    error_set(error, "a term of the model has no value for this patient");
    status = error_hint(error, "a logarithm of 0, or a level outside the model?");
  }
  if (!status) {
    reading->linear_predictor = lp[0];
    reading->total_points = nomogram_points(nomogram, lp[0]);
    for (size_t c = 0; c < predictor->n_components; c++)
      reading->points[c] =
          has_axis(nomogram, c) ? (lp[c + 1] - nomogram->lows[c]) * nomogram->points_per_unit : (double)NAN;
    if (predictor->published)
      read_published(reader, reading);
    else
      status = read_fitted(reader, cohort, reading, error);
  }
  cohort_release(cohort);
  free(lp);
  if (status)
    nomogram_reading_clear(reading);
  return status;
}

void nomogram_reading_clear(struct nomogram_reading *reading)
{
  free(reading->points);
  free(reading->survival);
  *reading = (struct nomogram_reading){.points = NULL};
}

bool nomogram_axis_holds(const struct nomogram_reader *reader, const struct nomogram_axis *axis, const double *values)
{
  const struct predictor *predictor = &reader->predictor;
  for (size_t i = 0; i < predictor->n_columns; i++)
    if (i != axis->along && predictor->columns[i].component == axis->component && !predictor->columns[i].is_stratum &&
        values[i] != axis->given[i])
      return false;
  return true;
}

/* ---- moving ---- */

static double moved_level(const struct nomogram_candidates *candidates, double value, long steps)
{
  long at = 0;
  const long last = (long)candidates->n - 1;
  while (at < last && candidates->value[at] != value)
    at++;
  at += steps;
  return candidates->value[at < 0 ? 0 : at > last ? last : at];
}

double nomogram_moved(const struct nomogram_reader *reader, size_t column, double value, long steps, bool ticks)
{
  const struct nomogram_candidates *candidates = &reader->nomogram.candidates[column];
  if (reader->predictor.columns[column].column->kind == COLUMN_FACTOR)
    return moved_level(candidates, value, steps);
  const double step = ticks ? reader->variables[column].tick : reader->variables[column].step;
  /* A number between two steps goes to the next one of them first. */
  const double place = value / step, nearest = round(place);
  const bool on_step = fabs(place - nearest) < 1e-6;
  const double from = on_step ? nearest : steps > 0 ? floor(place) : ceil(place);
  const double moved = step > 0 ? tidy((from + (double)steps) * step) : value;
  return fmax(candidates->value[0], fmin(moved, candidates->value[candidates->n - 1]));
}

bool nomogram_has_value(const struct nomogram_reader *reader, size_t column, double value)
{
  const struct nomogram_candidates *candidates = &reader->nomogram.candidates[column];
  if (reader->predictor.columns[column].column->kind != COLUMN_FACTOR)
    return value >= candidates->value[0] && value <= candidates->value[candidates->n - 1];
  for (size_t i = 0; i < candidates->n; i++)
    if (candidates->value[i] == value)
      return true;
  return false;
}
