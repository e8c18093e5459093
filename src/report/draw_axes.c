/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes, the 50 % guide, drop lines of medians, confidence bands. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "report/draw_internal.h"

enum { LEAST_LABEL = 5 }; /* columns in which a name that is cut still says something */

static bool is_ascii(const struct drawing *drawing)
{
  return drawing->options->charset == CHARSET_ASCII;
}

static bool is_blank(const struct drawing *drawing, size_t row, size_t column)
{
  return drawing->canvas->cells[row * drawing->canvas->columns + column].glyph == ' ';
}

static void draw_value_axis(const struct drawing *drawing)
{
  const struct area grid = drawing->grid;
  const size_t axis = grid.column - 1;
  double levels[MAX_LEVELS];
  int decimals;
  const size_t n = plot_window_levels(&drawing->window, grid.rows >= 9 ? 4 : 2, levels, MAX_LEVELS, &decimals);
  for (size_t r = 0; r < grid.rows; r++)
    canvas_put(drawing->canvas, grid.row + r, axis, is_ascii(drawing) ? '|' : 0x2502, STYLE_DIM);
  for (size_t i = 0; i < n; i++) {
    const long at = draw_row(drawing, levels[i], grid.rows);
    if (at < 0 || at >= (long)grid.rows)
      continue;
    const size_t row = grid.row + (size_t)at;
    canvas_put(drawing->canvas, row, axis, is_ascii(drawing) ? '+' : 0x2524, STYLE_DIM);
    if (!drawing->value_labels)
      continue;
    struct text label = TEXT_INIT;
    number_append_fixed(&label, levels[i], decimals > 2 ? decimals : 2);
    size_t width = label.length < axis ? label.length : axis;
    canvas_text(drawing->canvas, (struct area){row, axis - width - (width < axis), 1, width}, text_string(&label),
                STYLE_TEXT, drawing->options->charset);
    text_clear(&label);
  }
}

static void draw_time_label(const struct drawing *drawing, size_t row, double time, size_t *label_end)
{
  const size_t column = drawing->grid.column + draw_column(drawing, time);
  const size_t end = drawing->area.column + drawing->area.columns;
  struct text label = TEXT_INIT;
  number_append_short(&label, time);
  size_t half = label.length / 2, start = column > half ? column - half : 0;
  if (start >= *label_end && start + label.length <= end) {
    canvas_text(drawing->canvas, (struct area){row, start, 1, label.length}, text_string(&label), STYLE_TEXT,
                drawing->options->charset);
    *label_end = start + label.length + 1;
  }
  text_clear(&label);
}

static void draw_time_axis(const struct drawing *drawing)
{
  const struct area grid = drawing->grid;
  const size_t row = grid.row + grid.rows, end = drawing->area.column + drawing->area.columns;
  size_t label_end = 0;
  canvas_put(drawing->canvas, row, grid.column - 1, is_ascii(drawing) ? '+' : 0x2514, STYLE_DIM);
  canvas_fill(drawing->canvas, (struct area){row, grid.column, 1, grid.columns}, is_ascii(drawing) ? '-' : 0x2500,
              STYLE_DIM);
  for (size_t i = 0; i < drawing->n_ticks; i++) {
    canvas_put(drawing->canvas, row, grid.column + draw_column(drawing, drawing->ticks[i]),
               is_ascii(drawing) ? '+' : 0x252C, STYLE_DIM);
    if (drawing->time_labels)
      draw_time_label(drawing, row + 1, drawing->ticks[i], &label_end);
  }
  const char *unit = drawing->plot->x_label ? drawing->plot->x_label : "";
  struct text words = TEXT_INIT;
  text_append_format(&words, plot_window_is_log(&drawing->window) ? "%s (log)" : "%s", unit);
  if (*unit && drawing->time_labels && label_end + 1 + utf8_string_width(text_string(&words)) <= end)
    canvas_text(drawing->canvas, (struct area){row + 1, label_end, 1, end - label_end}, text_string(&words), STYLE_DIM,
                drawing->options->charset);
  text_clear(&words);
}

void draw_axes(const struct drawing *drawing)
{
  draw_value_axis(drawing);
  draw_time_axis(drawing);
}

static bool is_free(const struct drawing *drawing, size_t row, size_t column)
{
  const struct canvas_cell *cell = &drawing->canvas->cells[row * drawing->canvas->columns + column];
  return cell->glyph == ' ' || cell->style == STYLE_BAND;
}

/* Cells of a row of the grid, as wide as wanted, that no curve is in: at its beginning, else the last ones; where there
 * are none, the widest run. */
static struct area free_run(const struct drawing *drawing, size_t row, size_t wanted)
{
  const struct area grid = drawing->grid;
  struct area widest = {row, grid.column, 1, 0};
  size_t width = 0;
  while (widest.columns < grid.columns && widest.columns < wanted &&
         is_free(drawing, row, grid.column + widest.columns))
    widest.columns++;
  for (size_t c = grid.column + grid.columns; c-- > grid.column && widest.columns < wanted;) {
    width = is_free(drawing, row, c) ? width + 1 : 0;
    if (width > widest.columns)
      widest = (struct area){row, c, 1, width};
  }
  return widest;
}

/* In the uppermost row that has room for it; where none has, cut, in the one that has most. */
void draw_function(const struct drawing *drawing)
{
  const struct area grid = drawing->grid;
  char *label = drawing->plot->is_incidence ? memory_copy_string(drawing->plot->y_label)
                                            : plot_function_label(drawing->window.function, drawing->plot->y_label);
  const size_t wanted = label ? utf8_string_width(label) + 2 : 0; /* a blank on either side */
  struct area place = {0, 0, 1, 0};
  for (size_t row = 0; row < grid.rows && place.columns < wanted; row++) {
    const struct area run = free_run(drawing, grid.row + row, wanted);
    place = run.columns > place.columns ? run : place;
  }
  if (place.columns >= LEAST_LABEL + 2)
    canvas_text(drawing->canvas, (struct area){place.row, place.column + 1, 1, place.columns - 2}, label, STYLE_TEXT,
                drawing->options->charset);
  free(label);
}

/* The 50 % line up to the last median that is reached, and a line down from each. */
void draw_guides(const struct drawing *drawing)
{
  const struct area grid = drawing->grid;
  const long half = draw_row(drawing, 0.5, grid.rows);
  size_t last = 0;
  bool any = false;
  if (!drawing->options->median_lines || !drawing->axes || drawing->window.function > PLOT_EVENT || half < 0 ||
      half >= (long)grid.rows)
    return;
  for (size_t i = 0; i < drawing->n_series; i++) {
    double median = drawing->plot->series[i].median;
    if (!draw_in_window(drawing, median))
      continue;
    size_t column = draw_column(drawing, median);
    last = column > last ? column : last;
    any = true;
    for (size_t row = (size_t)half + 1; row < grid.rows; row++)
      canvas_put(drawing->canvas, grid.row + row, grid.column + column, is_ascii(drawing) ? '\'' : 0x250A, STYLE_DIM);
  }
  for (size_t column = 0; any && column <= last; column++)
    if (!is_ascii(drawing) || column % 2 == 0)
      canvas_put(drawing->canvas, grid.row + (size_t)half, grid.column + column, is_ascii(drawing) ? '.' : 0x2508,
                 STYLE_DIM);
}

/* The index of the series' last time before t, which holds the value just before it. */
static bool limits_before(const struct plot_series *series, double t, double *low, double *high)
{
  size_t passed = plot_series_index(series, t);
  *low = passed ? series->low[passed - 1] : 1;
  *high = passed ? series->high[passed - 1] : 1;
  return !isnan(*low) && !isnan(*high);
}

/* The rows of the grid from the upper to the lower limit just before a time; false where there is nothing to draw. */
static bool band_rows(const struct drawing *drawing, const struct plot_series *series, double time, long rows[2])
{
  double low, high;
  if (!limits_before(series, time, &low, &high))
    return false;
  long a = draw_row(drawing, plot_function_value(drawing->window.function, low), drawing->grid.rows);
  long b = draw_row(drawing, plot_function_value(drawing->window.function, high), drawing->grid.rows);
  rows[0] = a < b ? a : b;
  rows[1] = a < b ? b : a;
  return rows[1] >= 0 && rows[0] < (long)drawing->grid.rows;
}

static void draw_band(const struct drawing *drawing, size_t index, bool edges)
{
  const struct plot_series *series = &drawing->plot->series[index];
  const struct area grid = drawing->grid;
  long rows[2];
  if (!series->n || !series->low || !series->high || series->time[series->n - 1] < drawing->window.first)
    return;
  size_t end = draw_column(drawing, series->time[series->n - 1]);
  for (size_t column = 0; column <= end; column++) {
    if (!band_rows(drawing, series, draw_right(drawing, column, grid.columns), rows))
      continue;
    for (long row = rows[0] < 0 ? 0 : rows[0]; row <= rows[1] && row < (long)grid.rows; row++) {
      size_t at = grid.row + (size_t)row;
      if ((edges && row != rows[0] && row != rows[1]) || !is_blank(drawing, at, grid.column + column))
        continue;
      uint32_t glyph = is_ascii(drawing) ? ':' : 0x2591;
      if (edges)
        glyph = row == rows[0] ? '\'' : '.';
      canvas_put(drawing->canvas, at, grid.column + column, glyph, STYLE_BAND);
    }
  }
}

void draw_bands(const struct drawing *drawing)
{
  int band = drawing->options->band;
  if (band >= 0 && (size_t)band < drawing->n_series)
    draw_band(drawing, (size_t)band, false);
  for (size_t i = 0; band == BAND_ALL && i < drawing->n_series; i++)
    draw_band(drawing, i, true);
}
