/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/present_nomogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/pretty.h"
#include "base/text.h"
#include "base/utf8.h"
#include "data/date.h"
#include "lang/token.h"
#include "report/printed.h"

enum { PRETTY_STEPS = 10, DECIMALS = 3, BRIEF = 28 };

bool present_nomogram_reaches(const struct nomogram *nomogram, double points)
{
  const double slack = 1e-9 * nomogram->total;
  return points >= -slack && points <= nomogram->total + slack;
}

static const struct column *column_of(const struct nomogram_reader *reader, size_t column)
{
  return reader->predictor.columns[column].column;
}

static const char *unit_of(const struct nomogram_reader *reader)
{
  const struct endpoint *endpoint = state_endpoint(reader->state);
  return endpoint && endpoint->unit ? endpoint->unit : "";
}

static size_t n_strata(const struct nomogram_reader *reader)
{
  return reader->predictor.published ? 1 : reader->predictor.analysis->gathered.data.n_strata;
}

/* ---- pieces of text ---- */

/* A number, a date in its ISO form, or a level as it is displayed. */
static void append_value(struct text *text, const struct column *column, double value)
{
  if (column->kind == COLUMN_FACTOR)
    text_append(text, column_level_display_name(column, (uint32_t)value));
  else if (column->kind == COLUMN_DATE && value == floor(value))
    date_append(text, value);
  else
    text_append_format(text, "%.10g", value);
}

static void append_interval(struct text *text, const struct nomogram_survival *survival)
{
  if (isnan(survival->estimate))
    text_append(text, "not known");
  else if (isnan(survival->low) && isnan(survival->high))
    number_append_fixed(text, survival->estimate, DECIMALS);
  else
    printed_append_interval(text, survival->estimate, survival->low, survival->high, DECIMALS, false);
}

static void append_points(struct text *text, double points)
{
  number_append_fixed(text, points, 1);
}

/* "36 months", "36" */
static void append_time(struct text *text, const struct nomogram_reader *reader, double time)
{
  text_append_format(text, "%g%s%s", time, *unit_of(reader) ? " " : "", unit_of(reader));
}

static void append_median(struct text *text, const struct nomogram_reader *reader, double median)
{
  if (isnan(median))
    text_append(text, "not reached");
  else
    append_time(text, reader, median);
}

/* ---- scales ---- */

static void add_ticks(struct nomogram_scale *scale, const struct nomogram_axis *axis)
{
  scale->is_names = axis->column->kind == COLUMN_FACTOR;
  for (size_t k = 0; k < axis->n; k++) {
    struct text label = TEXT_INIT;
    append_value(&label, axis->column, axis->value[k]);
    nomogram_scale_add(scale, axis->points[k], text_string(&label));
    text_clear(&label);
  }
}

static void set_detail(struct nomogram_scale *scale, const char *detail)
{
  scale->reading = detail ? memory_copy_string(detail) : NULL;
}

static void add_axis(struct nomogram_plot *plot, const struct nomogram_axis *axis,
                     const struct nomogram_reading *reading, const double *values)
{
  const char *given = axis->term + strlen(axis->column->name); /* ", sex=male" where they interact */
  struct nomogram_scale *scale = nomogram_plot_add(plot, SCALE_TERM, column_display_name(axis->column));
  add_ticks(scale, axis);
  scale->subject = axis->along;
  if (!reading) {
    set_detail(scale, *given ? given + 2 : NULL);
    return;
  }
  struct text value = TEXT_INIT, points = TEXT_INIT;
  scale->marker = reading->points[axis->component];
  append_value(&value, axis->column, values[axis->along]);
  append_points(&points, scale->marker);
  scale->reading = text_take(&value);
  scale->amount = text_take(&points);
}

/* The levels of a column that has no axis: of a stratum, or of one whose effect is on another's axis. */
static void add_choice(struct nomogram_plot *plot, const struct nomogram_reader *reader, size_t column,
                       const double *values)
{
  const struct column *of = column_of(reader, column);
  const struct nomogram_candidates *candidates = &reader->nomogram.candidates[column];
  struct nomogram_scale *scale = nomogram_plot_add(plot, SCALE_CHOICE, column_display_name(of));
  scale->subject = column;
  scale->is_names = true;
  scale->chosen = SIZE_MAX;
  for (size_t k = 0; k < candidates->n; k++) {
    struct text label = TEXT_INIT;
    append_value(&label, of, candidates->value[k]);
    nomogram_scale_add(scale, 0, text_string(&label));
    text_clear(&label);
    if (candidates->value[k] == values[column])
      scale->chosen = k;
  }
  struct text text = TEXT_INIT;
  append_value(&text, of, values[column]);
  scale->reading = text_take(&text);
  scale->amount = memory_copy_string(reader->predictor.columns[column].is_stratum ? "stratum" : "sets the scale");
}

static void add_terms(struct nomogram_plot *plot, const struct nomogram_reader *reader,
                      const struct nomogram_reading *reading, const double *values)
{
  const struct nomogram *nomogram = &reader->nomogram;
  if (!reading) {
    for (size_t a = 0; a < nomogram->n_axes; a++)
      add_axis(plot, &nomogram->axes[a], NULL, NULL);
    return;
  }
  for (size_t i = 0; i < reader->predictor.n_columns; i++) {
    bool has_axis = false;
    for (size_t a = 0; a < nomogram->n_axes; a++) {
      if (nomogram->axes[a].along != i)
        continue;
      has_axis = true;
      if (nomogram_axis_holds(reader, &nomogram->axes[a], values))
        add_axis(plot, &nomogram->axes[a], reading, values);
    }
    if (!has_axis)
      add_choice(plot, reader, i, values);
  }
}

/* The stratum that a lower scale is of, where there are several; borrowed. */
static const char *stratum_name(const struct nomogram_reader *reader, size_t stratum)
{
  return n_strata(reader) > 1 ? reader->predictor.analysis->gathered.stratum_names[stratum] : NULL;
}

/* "Survival at 36 months" */
static char *lower_label(const struct nomogram_reader *reader, const char *what, double time)
{
  struct text label = TEXT_INIT;
  text_append(&label, what);
  if (!isnan(time))
    append_time(&label, reader, time);
  else if (*unit_of(reader))
    text_append_format(&label, " (%s)", unit_of(reader));
  return text_take(&label);
}

static void add_survival(struct nomogram_plot *plot, const struct nomogram_reader *reader, size_t time, size_t stratum,
                         const struct nomogram_reading *reading)
{
  char *label = lower_label(reader, "Survival at ", reader->times[time]);
  struct nomogram_scale *scale = nomogram_plot_add(plot, SCALE_SURVIVAL, label);
  const double hazard = predictor_hazard(&reader->predictor, stratum, reader->times[time]);
  for (size_t k = 0; k < reader->n_survival; k++) {
    const double points = nomogram_survival_points(&reader->nomogram, hazard, reader->survival[k]);
    struct text probability = TEXT_INIT;
    text_append_format(&probability, "%g", reader->survival[k]);
    if (present_nomogram_reaches(&reader->nomogram, points))
      nomogram_scale_add(scale, points, text_string(&probability));
    text_clear(&probability);
  }
  free(label);
  if (!reading) {
    set_detail(scale, stratum_name(reader, stratum));
    return;
  }
  struct text text = TEXT_INIT;
  append_interval(&text, &reading->survival[time]);
  scale->amount = text_take(&text);
  if (!isnan(reading->survival[time].estimate))
    scale->marker = reading->total_points;
}

size_t present_nomogram_medians(const struct nomogram_reader *reader, size_t stratum, struct nomogram_median **medians)
{
  const struct gathered *gathered = &reader->predictor.analysis->gathered;
  size_t n, used = 0;
  double before = 0; /* the hazard at the last time: where it has not risen since, that time was the median already */
  double *times = pretty_values(0, gathered->n_used ? gathered->data.time[gathered->n_used - 1] : 1, PRETTY_STEPS, &n);
  *medians = memory_new(n, sizeof **medians);
  for (size_t i = 0; i < n; i++) {
    const double hazard = predictor_hazard(&reader->predictor, stratum, times[i]);
    const double points = nomogram_survival_points(&reader->nomogram, hazard, 0.5);
    if (hazard > before && present_nomogram_reaches(&reader->nomogram, points))
      (*medians)[used++] = (struct nomogram_median){times[i], points};
    before = hazard;
  }
  free(times);
  return used;
}

static void add_medians(struct nomogram_plot *plot, const struct nomogram_reader *reader, size_t stratum,
                        const struct nomogram_reading *reading)
{
  struct nomogram_median *medians;
  const size_t n = present_nomogram_medians(reader, stratum, &medians);
  char *label = lower_label(reader, "Median survival", (double)NAN);
  struct nomogram_scale *scale = nomogram_plot_add(plot, SCALE_MEDIAN, label);
  for (size_t i = 0; i < n; i++) {
    struct text time = TEXT_INIT;
    text_append_format(&time, "%g", medians[i].time);
    nomogram_scale_add(scale, medians[i].points, text_string(&time));
    text_clear(&time);
  }
  free(medians);
  free(label);
  if (!reading) {
    set_detail(scale, stratum_name(reader, stratum));
    return;
  }
  struct text text = TEXT_INIT;
  append_median(&text, reader, reading->median);
  scale->amount = text_take(&text);
  scale->marker = isnan(reading->median) ? (double)NAN : reading->total_points;
}

static void add_lower(struct nomogram_plot *plot, const struct nomogram_reader *reader,
                      const struct nomogram_reading *reading)
{
  struct nomogram_scale *total = nomogram_plot_add(plot, SCALE_TOTAL, "Total points");
  nomogram_scale_add_round(total, plot->total);
  if (reading) {
    struct text text = TEXT_INIT;
    append_points(&text, reading->total_points);
    total->amount = text_take(&text);
    total->marker = reading->total_points;
  }
  for (size_t t = 0; t < reader->n_times; t++)
    for (size_t s = 0; s < n_strata(reader); s++)
      if (!reading || s == reading->stratum)
        add_survival(plot, reader, t, s, reading);
  for (size_t s = 0; s < n_strata(reader) && reader->has_median; s++)
    if (!reading || s == reading->stratum)
      add_medians(plot, reader, s, reading);
}

/* The first round number at or above the most points that the axes give. */
static double total_end(const struct nomogram *nomogram)
{
  size_t n;
  double *values = pretty_values(0, nomogram->total, PRETTY_STEPS, &n);
  const double end = n ? values[n - 1] : nomogram->total;
  free(values);
  return end;
}

struct nomogram_plot *present_nomogram_plot(const struct nomogram_reader *reader, const struct nomogram_reading *reading,
                                            const double *values)
{
  const struct endpoint *endpoint = state_endpoint(reader->state);
  struct text title = TEXT_INIT;
  if (reader->predictor.published)
    text_append_format(&title, "Nomogram: %s", reader->predictor.published->name);
  else
    text_append_format(&title, "Nomogram of %s", endpoint ? endpoint->name : "the model");
  struct nomogram_plot *plot =
      nomogram_plot_new(reading ? NULL : text_string(&title), total_end(&reader->nomogram));
  text_clear(&title);
  nomogram_scale_add_round(nomogram_plot_add(plot, SCALE_POINTS, "Points"), 100);
  add_terms(plot, reader, reading, values);
  add_lower(plot, reader, reading);
  return plot;
}

/* ---- words ---- */

/* A name, cut where it is long: the scales have it whole. */
static void append_brief(struct text *text, const char *name)
{
  const size_t width = utf8_string_width(name);
  utf8_append_fitted(text, name, width < BRIEF ? width : BRIEF, false, false);
}

char *present_nomogram_words(const struct nomogram_reader *reader, const struct nomogram_reading *reading,
                             const double *values, size_t column)
{
  struct text text = TEXT_INIT;
  const struct predictor_column *of = &reader->predictor.columns[column];
  struct text value = TEXT_INIT;
  append_value(&value, of->column, values[column]);
  append_brief(&text, column_display_name(of->column));
  text_append_char(&text, ' ');
  append_brief(&text, text_string(&value));
  text_clear(&value);
  if (!isnan(reading->points[of->component])) {
    text_append(&text, ": ");
    append_points(&text, reading->points[of->component]);
    text_append(&text, " points");
  }
  text_append(&text, "; total ");
  append_points(&text, reading->total_points);
  for (size_t i = 0; i < reader->n_times; i++) {
    text_append_format(&text, "; S(%g) ", reader->times[i]);
    append_interval(&text, &reading->survival[i]);
  }
  if (!reader->predictor.published) {
    text_append(&text, "; median ");
    if (isnan(reading->median))
      text_append(&text, "not reached");
    else
      text_append_format(&text, "%g", reading->median);
  }
  return text_take(&text);
}

/* " step=age:5 range=age:20:80" */
static void append_steps(struct text *line, const struct nomogram_steps *steps)
{
  size_t n = 0;
  for (size_t i = 0; i < steps->n; i++) {
    if (!(steps->items[i].step > 0))
      continue;
    text_append(line, n++ ? "," : " step=");
    token_append_name(line, steps->items[i].column);
    text_append_char(line, ':');
    number_append_short(line, steps->items[i].step);
  }
  n = 0;
  for (size_t i = 0; i < steps->n; i++) {
    if (isnan(steps->items[i].low))
      continue;
    text_append(line, n++ ? "," : " range=");
    token_append_name(line, steps->items[i].column);
    text_append_char(line, ':');
    number_append_short(line, steps->items[i].low);
    text_append_char(line, ':');
    number_append_short(line, steps->items[i].high);
  }
}

char *present_nomogram_predict(const struct nomogram_reader *reader, const double *values)
{
  struct text line = TEXT_INIT;
  text_append(&line, "predict");
  for (size_t i = 0; i < reader->predictor.n_columns; i++) {
    const struct column *column = column_of(reader, i);
    text_append_char(&line, ' ');
    token_append_name(&line, column->name);
    text_append_char(&line, '=');
    if (column->kind == COLUMN_FACTOR)
      token_append_string(&line, column->levels[(size_t)values[i] - 1].name);
    else
      number_append_short(&line, values[i]);
  }
  for (size_t i = 0; i < reader->n_times; i++) {
    text_append(&line, i ? "," : ", at=");
    number_append_short(&line, reader->times[i]);
  }
  append_steps(&line, &reader->steps);
  return text_take(&line);
}
