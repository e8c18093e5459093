/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Axes, the 50 % guide, drop lines of medians, confidence bands. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "report/draw_internal.h"

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
  static const double values[] = {1, 0.75, 0.5, 0.25, 0};
  static const char *const labels[] = {"1.00", "0.75", "0.50", "0.25", "0.00"};
  const struct area grid = drawing->grid;
  const size_t axis = grid.column - 1, step = grid.rows >= 9 ? 1 : 2;
  for (size_t r = 0; r < grid.rows; r++)
    canvas_put(drawing->canvas, grid.row + r, axis, is_ascii(drawing) ? '|' : 0x2502, STYLE_DIM);
  for (size_t i = 0; i < sizeof values / sizeof *values; i += step) {
    size_t row = grid.row + draw_row(drawing, values[i]);
    canvas_text(drawing->canvas, (struct area){row, axis - 5, 1, 4}, labels[i], STYLE_TEXT, drawing->options->charset);
    canvas_put(drawing->canvas, row, axis, is_ascii(drawing) ? '+' : 0x2524, STYLE_DIM);
  }
}

static void draw_time_axis(const struct drawing *drawing)
{
  const struct area grid = drawing->grid;
  const size_t row = grid.row + grid.rows, end = drawing->area.column + drawing->area.columns;
  size_t label_end = 0;
  canvas_put(drawing->canvas, row, grid.column - 1, is_ascii(drawing) ? '+' : 0x2514, STYLE_DIM);
  canvas_fill(drawing->canvas, (struct area){row, grid.column, 1, grid.columns}, is_ascii(drawing) ? '-' : 0x2500, STYLE_DIM);
  for (size_t i = 0; (double)i * drawing->tick_step <= drawing->last_time * (1 + 1e-9) && i <= grid.columns; i++) {
    double time = (double)i * drawing->tick_step;
    size_t column = grid.column + draw_column(drawing, time);
    struct text label = TEXT_INIT;
    number_append_short(&label, time);
    size_t half = label.length / 2, start = column > half ? column - half : 0;
    canvas_put(drawing->canvas, row, column, is_ascii(drawing) ? '+' : 0x252C, STYLE_DIM);
    if (start >= label_end && start + label.length <= end) {
      canvas_text(drawing->canvas, (struct area){row + 1, start, 1, label.length}, text_string(&label), STYLE_TEXT,
                  drawing->options->charset);
      label_end = start + label.length + 1;
    }
    text_clear(&label);
  }
  const char *unit = drawing->plot->x_label ? drawing->plot->x_label : "";
  if (*unit && label_end + 1 + utf8_string_width(unit) <= end)
    canvas_text(drawing->canvas, (struct area){row + 1, label_end, 1, end - label_end}, unit, STYLE_DIM,
                drawing->options->charset);
}

void draw_axes(const struct drawing *drawing)
{
  draw_value_axis(drawing);
  draw_time_axis(drawing);
}

/* The 50 % line up to the last median that is reached, and a line down from each. */
void draw_guides(const struct drawing *drawing)
{
  const struct area grid = drawing->grid;
  size_t half = grid.row + draw_row(drawing, 0.5), last = 0;
  bool any = false;
  if (!drawing->options->median_lines || !drawing->axes)
    return;
  for (size_t i = 0; i < drawing->n_series; i++) {
    double median = drawing->plot->series[i].median;
    if (!(median <= drawing->last_time))
      continue;
    size_t column = draw_column(drawing, median);
    last = column > last ? column : last;
    any = true;
    for (size_t row = half + 1; row < grid.row + grid.rows; row++)
      canvas_put(drawing->canvas, row, grid.column + column, is_ascii(drawing) ? '\'' : 0x250A, STYLE_DIM);
  }
  for (size_t column = 0; any && column <= last; column++)
    if (!is_ascii(drawing) || column % 2 == 0)
      canvas_put(drawing->canvas, half, grid.column + column, is_ascii(drawing) ? '.' : 0x2508, STYLE_DIM);
}

/* The index of the series' last time before t, which holds the value just before it. */
static bool limits_before(const struct plot_series *series, double t, double *low, double *high)
{
  size_t passed = plot_series_index(series, t);
  *low = passed ? series->low[passed - 1] : 1;
  *high = passed ? series->high[passed - 1] : 1;
  return !isnan(*low) && !isnan(*high);
}

static void draw_band(const struct drawing *drawing, size_t index, bool edges)
{
  const struct plot_series *series = &drawing->plot->series[index];
  const struct area grid = drawing->grid;
  if (!series->n || !series->low || !series->high)
    return;
  size_t end = draw_column(drawing, series->time[series->n - 1]);
  for (size_t column = 0; column <= end; column++) {
    double low, high;
    if (!limits_before(series, (double)(column + 1) * drawing->dt, &low, &high))
      continue;
    size_t top = draw_row(drawing, high), bottom = draw_row(drawing, low);
    for (size_t row = top; row <= bottom; row++) {
      bool edge = row == top || row == bottom;
      size_t at = grid.row + row;
      if ((edges && !edge) || !is_blank(drawing, at, grid.column + column))
        continue;
      uint32_t glyph = is_ascii(drawing) ? ':' : 0x2591;
      if (edges)
        glyph = row == top ? '\'' : '.';
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
