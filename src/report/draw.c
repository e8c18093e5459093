/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/draw.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "report/draw_internal.h"

enum { Y_LABEL = 6, MIN_GRID_ROWS = 5, TICK_GAP = 9, MAX_LABEL = 36, MIN_LEGEND = 10 };

struct glyphs draw_glyphs(size_t series, enum charset charset)
{
  static const struct glyphs ascii[MAX_DRAWN] = {
      {'-', '|', '-', '|', '+'}, {'=', '!', '=', '!', 'x'}, {'~', ':', '~', ':', 'o'}, {'_', ';', '_', ';', '*'}};
  static const struct glyphs box[MAX_DRAWN] = {{0x2500, 0x2502, 0x2510, 0x2514, 0x253C},
                                               {0x2501, 0x2503, 0x2513, 0x2517, 0x254B},
                                               {0x2550, 0x2551, 0x2557, 0x255A, 0x256C},
                                               {0x254C, 0x254E, 0x256E, 0x2570, '+'}};
  return charset == CHARSET_ASCII ? ascii[series % MAX_DRAWN] : box[series % MAX_DRAWN];
}

size_t draw_row(const struct drawing *drawing, double value)
{
  if (!(value > 0))
    value = 0;
  if (value > 1)
    value = 1;
  return (size_t)floor((1 - value) * (double)(drawing->grid.rows - 1) + 0.5);
}

size_t draw_column(const struct drawing *drawing, double time)
{
  if (!(time > 0) || !(drawing->dt > 0))
    return 0;
  double column = floor(time / drawing->dt);
  return column < (double)drawing->grid.columns ? (size_t)column : drawing->grid.columns - 1;
}

size_t draw_risk_rows(const struct plot *plot)
{
  return 1 + (plot->n_series < MAX_DRAWN ? plot->n_series : MAX_DRAWN);
}

void draw_legend_glyph(struct canvas *canvas, struct area area, size_t series, enum charset charset)
{
  struct glyphs glyphs = draw_glyphs(series, charset);
  enum canvas_style style = (enum canvas_style)(STYLE_SERIES_1 + series % MAX_DRAWN);
  uint32_t parts[] = {glyphs.line, glyphs.censor, glyphs.line};
  for (size_t i = 0; i < 3 && i < area.columns; i++)
    canvas_put(canvas, area.row, area.column + i, parts[i], style);
}

static size_t label_width(const struct drawing *drawing)
{
  size_t width = 0;
  for (size_t i = 0; i < drawing->n_series; i++) {
    size_t needed = utf8_string_width(drawing->plot->series[i].label);
    width = needed > width ? needed : width;
  }
  return width < MAX_LABEL ? width : MAX_LABEL;
}

/* ` A ─┼─ PHR  n 42  events 10  median 122 (70–NR)`, one line a curve; the test at the end of the first where it fits. */
static void draw_legend(const struct drawing *drawing)
{
  const struct area area = drawing->area;
  const enum charset charset = drawing->options->charset;
  const size_t width = label_width(drawing);
  size_t first_used = 0;
  for (size_t i = 0; i < drawing->n_series; i++) {
    size_t row = area.row + i, at = area.column + 1;
    canvas_put(drawing->canvas, row, at, (uint32_t)('A' + i), (enum canvas_style)(STYLE_SERIES_1 + i));
    draw_legend_glyph(drawing->canvas, (struct area){row, at + 2, 1, 3}, i, charset);
    at += 6;
    const size_t end = area.column + area.columns;
    canvas_text(drawing->canvas, (struct area){row, at, 1, end > at ? (width < end - at ? width : end - at) : 0},
                drawing->plot->series[i].label, STYLE_TEXT, charset);
    at += width + 2;
    size_t used = end > at ? canvas_text(drawing->canvas, (struct area){row, at, 1, end - at},
                                         drawing->plot->series[i].legend, STYLE_TEXT, charset)
                           : 0;
    if (i == 0)
      first_used = at + used - area.column;
  }
  size_t row = area.row + drawing->n_series;
  if (drawing->plot->n_series > drawing->n_series) {
    struct text more = TEXT_INIT;
    text_append_format(&more, "and %zu more, not drawn: choose up to four by a filter",
                       drawing->plot->n_series - drawing->n_series);
    canvas_text(drawing->canvas, (struct area){row++, area.column + 1, 1, area.columns - 1}, text_string(&more), STYLE_DIM,
                charset);
    text_clear(&more);
  }
  if (!drawing->plot->note)
    return;
  size_t needed = utf8_string_width(drawing->plot->note);
  if (drawing->n_series && first_used + 3 + needed <= area.columns)
    canvas_text(drawing->canvas, (struct area){area.row, area.column + area.columns - needed, 1, needed},
                drawing->plot->note, STYLE_TEXT, charset);
  else if (row < area.row + drawing->legend_rows)
    canvas_text(drawing->canvas, (struct area){row, area.column + 1, 1, area.columns - 1}, drawing->plot->note, STYLE_TEXT,
                charset);
}

static size_t legend_rows(const struct drawing *drawing)
{
  if (!drawing->options->legend)
    return 0;
  size_t rows = drawing->n_series + (drawing->plot->n_series > drawing->n_series);
  if (!drawing->plot->note)
    return rows;
  size_t first = drawing->n_series ? 1 + 6 + label_width(drawing) + 2 +
                                         utf8_string_width(drawing->plot->series[0].legend)
                                   : drawing->area.columns;
  return rows + (first + 3 + utf8_string_width(drawing->plot->note) > drawing->area.columns);
}

/* Gives each part its rows: the risk table goes first, then the legend, then the axes. */
static void divide(struct drawing *drawing)
{
  const struct area area = drawing->area;
  drawing->legend_rows = legend_rows(drawing);
  drawing->risk_rows = drawing->options->risk_table ? draw_risk_rows(drawing->plot) : 0;
  drawing->axes = area.rows >= MIN_GRID_ROWS + 2 && area.columns >= 20;
  size_t others = drawing->axes ? 2 : 0;
  if (area.rows < others + drawing->legend_rows + drawing->risk_rows + MIN_GRID_ROWS || !drawing->axes)
    drawing->risk_rows = 0;
  if (area.rows < others + drawing->legend_rows + MIN_GRID_ROWS || area.columns < MIN_LEGEND)
    drawing->legend_rows = 0;
  others += drawing->legend_rows + drawing->risk_rows;
  drawing->grid = (struct area){area.row + drawing->legend_rows, area.column, area.rows - others, area.columns};
  if (!drawing->axes)
    return;
  drawing->grid.column += Y_LABEL + 1;
  drawing->grid.columns -= Y_LABEL + 1;
  size_t letters = drawing->n_series; /* columns kept free for the letters at the curves' ends */
  drawing->grid.columns -= letters < drawing->grid.columns ? letters : 0;
}

static void scale(struct drawing *drawing)
{
  double wanted = drawing->options->last_time;
  drawing->last_time = wanted > 0 && isfinite(wanted) ? wanted : plot_last_time(drawing->plot);
  if (!(drawing->last_time > 0))
    drawing->last_time = 1;
  drawing->dt = drawing->last_time / (double)drawing->grid.columns;
  drawing->tick_step = plot_tick_step(drawing->last_time, drawing->grid.columns, TICK_GAP, drawing->plot->x_label);
}

static void draw_cursor(const struct drawing *drawing)
{
  if (isnan(drawing->options->cursor))
    return;
  size_t column = drawing->grid.column + draw_column(drawing, drawing->options->cursor);
  uint32_t line = drawing->options->charset == CHARSET_ASCII ? '|' : 0x2502;
  for (size_t r = 0; r < drawing->grid.rows; r++) {
    size_t row = drawing->grid.row + r;
    if (drawing->canvas->cells[row * drawing->canvas->columns + column].glyph == ' ')
      canvas_put(drawing->canvas, row, column, line, STYLE_DIM);
  }
  canvas_add_attributes(drawing->canvas, (struct area){drawing->grid.row, column, drawing->grid.rows, 1},
                        ATTRIBUTE_REVERSE);
}

/* An area that lies inside the canvas. */
static struct area clipped(const struct canvas *canvas, struct area area)
{
  if (area.row >= canvas->rows || area.column >= canvas->columns)
    return (struct area){0, 0, 0, 0};
  if (area.rows > canvas->rows - area.row)
    area.rows = canvas->rows - area.row;
  if (area.columns > canvas->columns - area.column)
    area.columns = canvas->columns - area.column;
  return area;
}

void draw_plot(const struct plot *plot, const struct draw_options *options, struct canvas *canvas, struct area area,
               struct draw_geometry *geometry)
{
  struct drawing drawing = {.plot = plot, .options = options, .canvas = canvas, .area = clipped(canvas, area)};
  drawing.n_series = plot->n_series < MAX_DRAWN ? plot->n_series : MAX_DRAWN;
  if (!drawing.area.rows || !drawing.area.columns) {
    if (geometry)
      *geometry = (struct draw_geometry){.dt = 0};
    return;
  }
  divide(&drawing);
  scale(&drawing);
  if (drawing.legend_rows)
    draw_legend(&drawing);
  if (drawing.axes)
    draw_axes(&drawing);
  draw_guides(&drawing);
  draw_bands(&drawing);
  if (options->charset == CHARSET_BRAILLE && drawing.n_series <= 2)
    draw_braille(&drawing);
  else
    draw_curves(&drawing);
  if (drawing.risk_rows)
    draw_risk_table(&drawing);
  draw_cursor(&drawing);
  if (geometry)
    *geometry = (struct draw_geometry){.grid = drawing.grid, .dt = drawing.dt, .last_time = drawing.last_time};
}
