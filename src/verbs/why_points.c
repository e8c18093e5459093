/* SPDX-License-Identifier: GPL-3.0-or-later */
/* why points: a point of the nomogram. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "session/nomogram.h"
#include "verbs/printing.h"
#include "verbs/why_internal.h"

/* One value of an axis and where its points come from. */
struct subject {
  const struct nomogram_axis *axis;
  double value;      /* a number, or a level's code */
  size_t zero;       /* the tick with the fewest points */
  double lp, lp_zero; /* the linear predictor at the value; what gives 0 points: with all else the same */
  double coefficient; /* of the term's column, where the term is that column alone; else NaN */
};

static enum status unknown_term(const struct nomogram *nomogram, const struct why_value *value, struct error *error)
{
  struct text terms = TEXT_INIT;
  for (size_t a = 0; a < nomogram->n_axes; a++)
    text_append_format(&terms, "%s%s", a ? "; " : "", nomogram->axes[a].term);
  error_set(error, "the nomogram has no such axis of %s", value->column->name);
  error_hint(error, "its axes: %s", text_string(&terms));
  text_clear(&terms);
  return error_in_command(error, value->start, value->length);
}

/* The axis of the column; where it has several (an interaction), that of the other values. */
static enum status find_axis(const struct nomogram *nomogram, const struct why_value *values, size_t n, struct subject *subject,
                             size_t *along, struct error *error)
{
  for (size_t a = 0; a < nomogram->n_axes; a++) {
    const struct nomogram_axis *axis = &nomogram->axes[a];
    struct text name = TEXT_INIT;
    size_t found = n;
    text_append(&name, axis->column->name);
    for (size_t i = 0; i < n; i++)
      if (values[i].column == axis->column)
        found = i;
      else
        text_append_format(&name, ", %s=%s", values[i].column->name, values[i].text);
    const bool is_it = found < n && strcmp(axis->term, text_string(&name)) == 0;
    text_clear(&name);
    if (!is_it)
      continue;
    subject->axis = axis;
    *along = found;
    return STATUS_OK;
  }
  return unknown_term(nomogram, &values[0], error);
}

static enum status read_value(const struct why_value *value, struct subject *subject, struct error *error)
{
  const struct column *column = subject->axis->column;
  subject->value = column->kind == COLUMN_FACTOR ? (double)column_find_level(column, value->text) : value->number;
  if (column->kind == COLUMN_FACTOR ? subject->value > 0 : isfinite(subject->value))
    return STATUS_OK;
  error_set(error, column->kind == COLUMN_FACTOR ? "%s has no such level" : "%s is a number", column->name);
  error_hint(error, "nomogram shows its axes");
  return error_in_command(error, value->start, value->length);
}

/* What some patient of the model has: a value at which the model can be computed. */
static double value_of_anyone(const struct predictor *predictor, const struct column *column)
{
  const struct gathered *gathered = &predictor->analysis->gathered;
  if (column->kind != COLUMN_FACTOR)
    return gathered->n_used ? column_number(column, gathered->rows[0]) : 0;
  const uint32_t code = gathered->n_used ? column_code(column, gathered->rows[0]) : 0;
  return code ? (double)code : 1;
}

/* Linear predictors of two patients that differ along the axis alone: the value and the axis's lowest tick.  The others of
 * its component have the levels that the axis names, and what is outside of it is the same for both. */
static enum status evaluate(const struct predictor *predictor, const struct why_value *values, size_t n,
                            const struct subject *subject, double lp[2], struct error *error)
{
  struct column **columns = memory_new(predictor->n_columns, sizeof(struct column *));
  for (size_t i = 0; i < predictor->n_columns; i++) {
    const struct column *column = predictor->columns[i].column;
    double pair[2] = {value_of_anyone(predictor, column), 0};
    pair[1] = pair[0];
    for (size_t k = 0; k < n; k++)
      if (values[k].column == column && column != subject->axis->column)
        pair[0] = pair[1] = column_find_level(column, values[k].text);
    if (column == subject->axis->column) {
      pair[0] = subject->value;
      pair[1] = subject->axis->value[subject->zero];
    }
    columns[i] = predictor_column_like(column, pair, 2);
  }
  struct cohort *patients = cohort_new(2, columns, predictor->n_columns);
  enum status status = predictor_evaluate(predictor, patients, lp, error);
  cohort_release(patients);
  free(columns);
  if (!status && !(isfinite(lp[0]) && isfinite(lp[1]))) {
    error_set(error, "the model has no value there");
    status = error_hint(error, "nomogram shows its axes");
  }
  return status;
}

static void append_value(const struct subject *subject, double value, struct text *text)
{
  if (subject->axis->column->kind == COLUMN_FACTOR)
    text_append(text, column_level_display_name(subject->axis->column, (uint32_t)value));
  else
    text_append_format(text, "%g", value);
}

/* Where the term is the column itself, an effect per unit. */
static double coefficient_of(const struct predictor *predictor, const struct subject *subject)
{
  const struct cox_analysis *analysis = predictor->analysis;
  if (predictor->published || subject->axis->column->kind == COLUMN_FACTOR)
    return NAN;
  for (size_t c = 0; c < analysis->design.n_columns; c++)
    if (strcmp(analysis->formula.terms[analysis->design.columns[c].term].name, subject->axis->term) == 0)
      return analysis->model.beta[c];
  return NAN;
}

static void present(struct why *why, const struct subject *subject, const struct nomogram *nomogram)
{
  const double lowest = subject->axis->points[subject->zero];
  const double base = lowest > 1e-9 ? lowest / nomogram->points_per_unit : 0;
  const double effect = subject->lp - subject->lp_zero, points = (effect + base) * nomogram->points_per_unit;
  struct text value = TEXT_INIT, zero = TEXT_INIT;
  append_value(subject, subject->value, &value);
  append_value(subject, subject->axis->value[subject->zero], &zero);
  why_say(why->report, "Points of %s at %s: %.2f", subject->axis->term, text_string(&value), points);
  if (isfinite(subject->coefficient))
    why_say(why->report, "coefficient × (value - zero point) × points per unit = %.5g × (%g - %g) × %.5g = %.4f.",
                    subject->coefficient, subject->value, subject->axis->value[subject->zero], nomogram->points_per_unit,
                    subject->coefficient * (subject->value - subject->axis->value[subject->zero]) *
                        nomogram->points_per_unit);
  else
    why_say(why->report, "(linear predictor at %s - at %s) × points per unit = %.5g × %.5g = %.4f.", text_string(&value),
                    text_string(&zero), effect, nomogram->points_per_unit, effect * nomogram->points_per_unit);
  if (base > 0)
    why_say(why->report, "To it come %.4f: the axis begins there, since another of the same interaction has the 0 points.",
                    base * nomogram->points_per_unit);
  why_say(why->report, "Points per unit: 100 / the widest range of effect of any term = 100 / %.5g.  The zero point is the "
                               "lowest effect on the axis, at %s.",
                  100 / nomogram->points_per_unit, text_string(&zero));
  const struct column *column = subject->axis->column;
  const bool is_factor = column->kind == COLUMN_FACTOR;
  const double zero_at = subject->axis->value[subject->zero];
  const struct why_line lines[] = {
      {"value", is_factor ? column->levels[(size_t)subject->value - 1].name : NULL, subject->value, text_string(&value)},
      {"zero_point", is_factor ? column->levels[(size_t)zero_at - 1].name : NULL, zero_at, text_string(&zero)},
      {"coefficient", NULL, subject->coefficient, NULL},
      {"effect", NULL, effect, NULL},
      {"offset", NULL, base * nomogram->points_per_unit, NULL},
      {"points_per_unit", NULL, nomogram->points_per_unit, NULL},
      {"points", NULL, points, NULL},
      {NULL, NULL, 0, NULL}};
  why_add_lines(why, lines);
  text_clear(&value);
  text_clear(&zero);
}

static enum status derive(struct why *why, const struct predictor *predictor, const struct why_value *values, size_t n,
                          struct error *error)
{
  struct nomogram nomogram;
  struct subject subject = {.axis = NULL};
  size_t along = 0;
  double lp[2];
  if (nomogram_build(predictor, NULL, &nomogram, error))
    return STATUS_ERROR;
  enum status status = find_axis(&nomogram, values, n, &subject, &along, error);
  if (!status)
    status = read_value(&values[along], &subject, error);
  if (!status) {
    for (size_t k = 1; k < subject.axis->n; k++)
      if (subject.axis->points[k] < subject.axis->points[subject.zero])
        subject.zero = k;
    status = evaluate(predictor, values, n, &subject, lp, error);
  }
  if (!status) {
    subject.lp = lp[0];
    subject.lp_zero = lp[1];
    subject.coefficient = coefficient_of(predictor, &subject);
    present(why, &subject, &nomogram);
  }
  nomogram_clear(&nomogram);
  return status;
}

enum status why_points(struct why *why, struct error *error)
{
  struct why_value *values;
  struct predictor predictor;
  size_t n;
  if (why_refuse_condition(why, error))
    return STATUS_ERROR;
  enum status status = why_read_values(why, &values, &n, error);
  if (!status && !n) {
    error_set(error, "why points wants a value of a term");
    status = error_hint(error, "why points age=60");
  }
  if (!status)
    status = predictor_init(&predictor, why->context->state, why->context->task, error);
  if (!status) {
    status = derive(why, &predictor, values, n, error);
    if (!status)
      printing_rows(why->report, &predictor.analysis->gathered);
    predictor_clear(&predictor);
  }
  free(values);
  return status;
}
