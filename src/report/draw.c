/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/draw.h"

#include <math.h>
#include <string.h>

#include "report/draw_internal.h"

enum { MIN_LEGEND = 10 };

struct glyphs draw_glyphs(size_t series, enum charset charset)
{
  static const struct glyphs ascii[MAX_DRAWN] = {{'-', '|', '-', '|', '-', '|', '+'},
                                                 {'=', '!', '=', '!', '=', '!', 'x'},
                                                 {'~', ':', '~', ':', '~', ':', 'o'},
                                                 {'_', ';', '_', ';', '_', ';', '*'}};
  static const struct glyphs box[MAX_DRAWN] = {{0x2500, 0x2502, 0x2510, 0x2514, 0x250C, 0x2518, 0x253C},
                                               {0x2501, 0x2503, 0x2513, 0x2517, 0x250F, 0x251B, 0x254B},
                                               {0x2550, 0x2551, 0x2557, 0x255A, 0x2554, 0x255D, 0x256C},
                                               {0x254C, 0x254E, 0x256E, 0x2570, 0x256D, 0x256F, '+'}};
  return charset == CHARSET_ASCII ? ascii[series % MAX_DRAWN] : box[series % MAX_DRAWN];
}

bool draw_in_braille(const struct drawing *drawing)
{
  return drawing->options->charset == CHARSET_BRAILLE && drawing->n_series <= 2;
}

long draw_row(const struct drawing *drawing, double value, size_t rows)
{
  const struct plot_window *window = &drawing->window;
  if (isnan(value))
    value = window->low;
  double row = floor((window->high - value) / (window->high - window->low) * (double)(rows - 1) + 0.5);
  if (row < 0)
    return -1;
  return row < (double)rows ? (long)row : (long)rows;
}

static double window_width(const struct drawing *drawing)
{
  return drawing->window.last - drawing->window.first;
}

size_t draw_column(const struct drawing *drawing, double time)
{
  const double columns = (double)drawing->grid.columns;
  double column = plot_window_is_log(&drawing->window)
                      ? floor(plot_window_position(&drawing->window, time) * columns)
                      : floor((time - drawing->window.first) * columns / window_width(drawing));
  if (!(column > 0))
    return 0;
  return column < (double)drawing->grid.columns ? (size_t)column : drawing->grid.columns - 1;
}

double draw_right(const struct drawing *drawing, size_t column, size_t columns)
{
  if (column + 1 == columns)
    return nextafter(drawing->window.last, INFINITY); /* it holds its right border too: the last time may lie on it */
  if (plot_window_is_log(&drawing->window))
    return plot_window_time(&drawing->window, (double)(column + 1) / (double)columns);
  return drawing->window.first + (double)(column + 1) * window_width(drawing) / (double)columns;
}

bool draw_in_window(const struct drawing *drawing, double time)
{
  return time >= drawing->window.first && time <= drawing->window.last;
}

void draw_set_ticks(struct drawing *drawing)
{
  drawing->n_ticks = plot_window_ticks(&drawing->window, drawing->grid.columns, TICK_GAP, drawing->plot->x_label,
                                       drawing->ticks, MAX_TICKS);
  drawing->tick_gap = drawing->grid.columns;
  for (size_t k = 1; k < drawing->n_ticks; k++) {
    size_t gap = draw_column(drawing, drawing->ticks[k]) - draw_column(drawing, drawing->ticks[k - 1]);
    drawing->tick_gap = gap < drawing->tick_gap ? gap : drawing->tick_gap;
  }
}

/* Rows of the numbers beneath. */
static size_t risk_rows(const struct drawing *drawing)
{
  return drawing->options->risk_table ? 1 + drawing->n_series : 0;
}

/* Gives each part its rows: the risk table goes first, then the legend, then the axes. */
static void divide(struct drawing *drawing)
{
  const struct area area = drawing->area;
  drawing->legend_rows = draw_legend_rows(drawing);
  drawing->risk_rows = risk_rows(drawing);
  drawing->axes = area.rows >= MIN_GRID_ROWS + 2 && area.columns >= 20;
  drawing->value_labels = drawing->time_labels = drawing->axes;
  size_t others = drawing->axes ? 2 : 0;
  if (area.rows < others + drawing->legend_rows + drawing->risk_rows + MIN_GRID_ROWS || !drawing->axes)
    drawing->risk_rows = 0;
  if (area.rows < others + drawing->legend_rows + MIN_GRID_ROWS || area.columns < MIN_LEGEND)
    drawing->legend_rows = 0;
  others += drawing->legend_rows + drawing->risk_rows;
  drawing->grid = (struct area){area.row + drawing->legend_rows, area.column, area.rows - others, area.columns};
  drawing->letters = drawing->axes || drawing->n_series > 1;
  if (!drawing->axes)
    return;
  drawing->grid.column += Y_LABEL + 1;
  drawing->grid.columns -= Y_LABEL + 1;
  size_t letters = drawing->n_series; /* columns kept free for the letters at the curves' ends */
  drawing->grid.columns -= letters < drawing->grid.columns ? letters : 0;
}

static void draw_cursor(const struct drawing *drawing)
{
  if (isnan(drawing->options->cursor) || !draw_in_window(drawing, drawing->options->cursor))
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

void draw_body(const struct drawing *drawing)
{
  if (drawing->axes)
    draw_axes(drawing);
  draw_guides(drawing);
  draw_bands(drawing);
  draw_reference(drawing);
  draw_curves(drawing);
  draw_marks(drawing);
  if (drawing->value_labels)
    draw_function(drawing);
  if (drawing->risk_rows)
    draw_risk_table(drawing);
  draw_cursor(drawing);
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
  struct draw_geometry unused;
  geometry = geometry ? geometry : &unused;
  *geometry = (struct draw_geometry){.window = plot_window_of(plot, &options->view)};
  drawing.n_series = plot->n_series < MAX_DRAWN ? plot->n_series : MAX_DRAWN;
  drawing.window = geometry->window;
  if (!drawing.area.rows || !drawing.area.columns)
    return;
  drawing.mark_rows = draw_marks_rows(&drawing);
  draw_marks_legend(&drawing);
  drawing.area.rows -= drawing.mark_rows;
  if (plot_n_panels(plot)) {
    draw_panels(&drawing, geometry);
  } else {
    divide(&drawing);
    draw_set_ticks(&drawing);
    if (drawing.legend_rows)
      draw_legend(&drawing);
    draw_body(&drawing);
    geometry->grid = drawing.grid;
  }
  if (geometry->grid.columns)
    geometry->dt = window_width(&drawing) / (double)geometry->grid.columns;
}
