/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/draw_calibration.h"

#include <math.h>

#include "base/number.h"

enum { Y_LABEL = 6, GRID_ROWS = 17, GRID_COLUMNS = 51, TICKS = 4, LETTERS = 26, GUIDE_STEP = 2 };

struct sheet {
  struct canvas *canvas;
  enum charset charset;
  struct area area, grid;
};

static bool is_ascii(const struct sheet *sheet)
{
  return sheet->charset == CHARSET_ASCII;
}

static double within(double share)
{
  return fmin(fmax(share, 0), 1);
}

static size_t row_of(const struct sheet *sheet, double survival)
{
  return sheet->grid.row + (size_t)lround((1 - within(survival)) * (double)(sheet->grid.rows - 1));
}

static size_t column_of(const struct sheet *sheet, double survival)
{
  return sheet->grid.column + (size_t)lround(within(survival) * (double)(sheet->grid.columns - 1));
}

static char letter_of(size_t series)
{
  return (char)('A' + series % LETTERS);
}

static enum canvas_style style_of(size_t series)
{
  return (enum canvas_style)(STYLE_SERIES_1 + series % 4);
}

/* ---- the axes ---- */

static void draw_number(const struct sheet *sheet, size_t row, size_t column, double number)
{
  struct text label = TEXT_INIT;
  number_append_fixed(&label, number, 2);
  canvas_text(sheet->canvas, (struct area){row, column, 1, label.length}, text_string(&label), STYLE_TEXT, sheet->charset);
  text_clear(&label);
}

static void draw_axes(const struct sheet *sheet)
{
  const struct area grid = sheet->grid;
  const size_t bottom = grid.row + grid.rows, axis = grid.column - 1;
  canvas_fill(sheet->canvas, (struct area){grid.row, axis, grid.rows, 1}, is_ascii(sheet) ? '|' : 0x2502, STYLE_DIM);
  canvas_fill(sheet->canvas, (struct area){bottom, grid.column, 1, grid.columns}, is_ascii(sheet) ? '-' : 0x2500, STYLE_DIM);
  canvas_put(sheet->canvas, bottom, axis, is_ascii(sheet) ? '+' : 0x2514, STYLE_DIM);
  for (int i = 0; i <= TICKS; i++) {
    const double share = (double)i / TICKS;
    const size_t row = row_of(sheet, share), column = column_of(sheet, share);
    canvas_put(sheet->canvas, row, axis, is_ascii(sheet) ? '+' : 0x2524, STYLE_DIM);
    draw_number(sheet, row, sheet->area.column, share);
    canvas_put(sheet->canvas, bottom, column, is_ascii(sheet) ? '+' : 0x252C, STYLE_DIM);
    draw_number(sheet, bottom + 1, column - 1, share);
  }
  canvas_text(sheet->canvas, (struct area){sheet->area.row, sheet->area.column, 1, sheet->area.columns}, "observed survival",
              STYLE_DIM, sheet->charset);
  canvas_text(sheet->canvas, (struct area){bottom + 1, grid.column + grid.columns + 3, 1, sheet->area.columns},
              "predicted", STYLE_DIM, sheet->charset);
}

static void draw_diagonal(const struct sheet *sheet)
{
  for (size_t c = 0; c < sheet->grid.columns; c += GUIDE_STEP) {
    const double share = (double)c / (double)(sheet->grid.columns - 1);
    canvas_put(sheet->canvas, row_of(sheet, share), sheet->grid.column + c, is_ascii(sheet) ? '.' : 0xB7, STYLE_DIM);
  }
}

/* ---- the points ---- */

static void draw_limits(const struct sheet *sheet, const struct calibration_point *point, size_t series)
{
  if (!isfinite(point->low) || !isfinite(point->high))
    return;
  for (size_t row = row_of(sheet, point->high); row <= row_of(sheet, point->low); row++)
    canvas_put(sheet->canvas, row, column_of(sheet, point->predicted), is_ascii(sheet) ? '|' : 0x2502, style_of(series));
}

/* Limits first, then the corrected values, so that no letter is covered. */
static void draw_points(const struct sheet *sheet, const struct calibration_plot *plot)
{
  for (int layer = 0; layer < 3; layer++)
    for (size_t s = 0; s < plot->n_series; s++)
      for (size_t i = 0; i < plot->series[s].n; i++) {
        const struct calibration_point *point = &plot->series[s].points[i];
        const size_t column = column_of(sheet, point->predicted);
        if (layer == 0)
          draw_limits(sheet, point, s);
        else if (layer == 2)
          canvas_put(sheet->canvas, row_of(sheet, point->observed), column, (uint32_t)letter_of(s), style_of(s));
        else if (isfinite(point->corrected))
          canvas_put(sheet->canvas, row_of(sheet, point->corrected), column, is_ascii(sheet) ? 'x' : 0xD7, style_of(s));
      }
}

/* ---- the legend ---- */

static void append_legend(struct text *text, const struct calibration_plot *plot, bool ascii)
{
  for (size_t s = 0; s < plot->n_series; s++)
    text_append_format(text, "%c %s   ", letter_of(s), plot->series[s].label);
  if (calibration_plot_n_corrected(plot))
    text_append_format(text, "%s corrected for optimism   ", ascii ? "x" : "×");
  text_append_format(text, "%s limits   %s perfect agreement", ascii ? "|" : "│", ascii ? ". ." : "· ·");
}

enum { LEGEND_COLUMNS = 76 };

static size_t legend_rows(const struct calibration_plot *plot)
{
  struct text text = TEXT_INIT;
  append_legend(&text, plot, false);
  const size_t rows = canvas_wrapped_rows(text_string(&text), LEGEND_COLUMNS);
  text_clear(&text);
  return rows;
}

size_t draw_calibration_rows(const struct calibration_plot *plot)
{
  return 1 + GRID_ROWS + 2 + legend_rows(plot);
}

void draw_calibration(const struct calibration_plot *plot, enum charset charset, struct canvas *canvas, struct area area)
{
  const size_t room = area.columns > Y_LABEL + 2 ? area.columns - Y_LABEL : 2;
  const struct sheet sheet = {
      .canvas = canvas,
      .charset = charset,
      .area = area,
      .grid = {area.row + 1, area.column + Y_LABEL, GRID_ROWS, room < GRID_COLUMNS ? room : GRID_COLUMNS},
  };
  struct text text = TEXT_INIT;
  draw_axes(&sheet);
  draw_diagonal(&sheet);
  draw_points(&sheet, plot);
  append_legend(&text, plot, is_ascii(&sheet));
  const size_t columns = area.columns < LEGEND_COLUMNS ? area.columns : LEGEND_COLUMNS;
  canvas_wrapped(canvas, (struct area){area.row + GRID_ROWS + 3, area.column, area.rows > GRID_ROWS + 3 ? area.rows - GRID_ROWS - 3 : 0, columns},
                 text_string(&text), STYLE_TEXT, charset);
  text_clear(&text);
}
