/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/column_words.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/sort.h"
#include "base/text.h"
#include "data/date.h"
#include "stats/samples.h"
#include "ui/frequency.h"

static void append_value(struct text *text, const struct column *column, double value)
{
  if (column->kind == COLUMN_DATE)
    date_append(text, floor(value));
  else
    text_append_format(text, "%.6g", value);
}

/* The values on view that are not missing, ascending; the caller frees them. */
static double *values_of(const struct state *state, const struct column *column, size_t *n)
{
  const struct bitmap *rows = &state->on_view->rows;
  double *values = memory_new(state->on_view->count, sizeof *values);
  *n = 0;
  for (size_t row = 0; row < rows->n; row++)
    if (bitmap_has(rows, row) && !column_is_missing(column, row))
      values[(*n)++] = column_number(column, row);
  sort_numbers(values, *n);
  return values;
}

static void append_numbers(const struct state *state, const struct column *column, struct text *text)
{
  size_t n, distinct = 0;
  double *values = values_of(state, column, &n);
  for (size_t i = 0; i < n; i++)
    distinct += i == 0 || values[i] != values[i - 1];
  text_append_format(text, "%-12s%zu, %zu missing; %zu different values\n", "with value", n, state->on_view->count - n,
                     distinct);
  if (n && column->kind == COLUMN_NUMBER) {
    const struct sample_moments moments = sample_moments(values, n);
    text_append_format(text, "%-12s%.6g", "mean", moments.mean);
    if (!isnan(moments.sd))
      text_append_format(text, ", standard deviation %.6g", moments.sd);
    text_append_char(text, '\n');
  }
  static const char *const names[] = {"lowest", "quartile 1", "median", "quartile 3", "highest"};
  for (size_t i = 0; n && i < 5; i++) {
    text_append_format(text, "%-12s", names[i]);
    append_value(text, column, sample_quantile(values, n, (double)i / 4, state->settings.quantile_type));
    text_append_char(text, '\n');
  }
  free(values);
}

enum { LEVELS_TOLD = 10 };

static void append_levels(const struct state *state, const struct column *column, struct text *text)
{
  struct frequency *frequency = frequency_count(column, state->on_view, NULL);
  text_append_format(text, "%-12s%zu, %zu missing; %zu of %zu level%s occur\n", "with value", frequency->n_present,
                     frequency->n_missing, frequency->n_lines, column->n_levels, column->n_levels == 1 ? "" : "s");
  for (size_t i = 0; i < frequency->n_lines && i < LEVELS_TOLD; i++) {
    const struct frequency_line *line = frequency_line_at(frequency, i, false);
    text_append_format(text, "%-12s%zu  %s\n", i ? "" : "frequent", line->count,
                       column_level_display_name(column, line->code));
  }
  if (frequency->n_lines > LEVELS_TOLD)
    text_append_format(text, "%-12s… F counts all\n", "");
  frequency_release(frequency);
}

void column_append_words(const struct state *state, const struct column *column, struct text *text)
{
  static const char *const kinds[] = {[COLUMN_NUMBER] = "number", [COLUMN_DATE] = "date", [COLUMN_FACTOR] = "factor"};
  text_append_format(text, "%-12s%s\n", "column", column->name);
  if (column->label)
    text_append_format(text, "%-12s%s\n", "label", column->label);
  text_append_format(text, "%-12s%s\n%-12s%zu of %zu patients\n", "kind", kinds[column->kind], "on view",
                     state->on_view->count, state->members->count);
  if (column->kind == COLUMN_FACTOR)
    append_levels(state, column, text);
  else
    append_numbers(state, column, text);
}
