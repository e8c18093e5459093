/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published results over the curves: each study's digit where its result stands, a bar to its limits, and beneath the plot what
 * the digits stand for. */
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "report/draw_internal.h"
#include "report/plot_mark.h"

/* Columns between two entries of the legend; its rows at the most, and as a share of the plot's. */
enum { BETWEEN = 3, MOST_ROWS = 6, SHARE = 5, LEAST_COLUMNS = 24 };

/* Glyphs of a bar: its body, and its ends at the low and at the high limit. */
struct bar {
  uint32_t body, low, high;
};

static struct bar bar_of(const struct drawing *drawing, bool is_median)
{
  if (drawing->options->charset == CHARSET_ASCII)
    return is_median ? (struct bar){'"', '<', '>'} : (struct bar){'"', 'v', '^'};
  return is_median ? (struct bar){0x2509, 0x2520, 0x2528} : (struct bar){0x250B, 0x2537, 0x252F};
}

/* What a bar may be drawn over: no curve, no key of a mark. */
static bool is_free(const struct drawing *drawing, size_t row, size_t column)
{
  const struct canvas_cell *cell = &drawing->canvas->cells[row * drawing->canvas->columns + column];
  return cell->glyph == ' ' || cell->style == STYLE_DIM || cell->style == STYLE_BAND;
}

static void put_body(const struct drawing *drawing, size_t row, size_t column, uint32_t glyph)
{
  if (is_free(drawing, drawing->grid.row + row, drawing->grid.column + column))
    canvas_put(drawing->canvas, drawing->grid.row + row, drawing->grid.column + column, glyph, STYLE_TEXT);
}

static void put_end(const struct drawing *drawing, size_t row, size_t column, uint32_t glyph)
{
  canvas_put(drawing->canvas, drawing->grid.row + row, drawing->grid.column + column, glyph, STYLE_TEXT);
}

static long row_of(const struct drawing *drawing, double survival)
{
  return draw_row(drawing, plot_function_value(drawing->window.function, survival), drawing->grid.rows);
}

/* From the point to one limit of survival, as far as the grid goes; where the limit leaves it there is no end. */
static void draw_upright(const struct drawing *drawing, const struct plot_mark *mark, double limit, uint32_t end)
{
  const struct bar bar = bar_of(drawing, false);
  const size_t column = draw_column(drawing, mark->time);
  const long rows = (long)drawing->grid.rows, point = row_of(drawing, mark->survival), to = row_of(drawing, limit);
  const long step = to > point ? 1 : -1;
  for (long row = point + step; step * row <= step * to && row >= 0 && row < rows; row += step)
    put_body(drawing, (size_t)row, column, bar.body);
  if (to != point && to >= 0 && to < rows)
    put_end(drawing, (size_t)to, column, end);
}

/* From a median to one limit of it. */
static void draw_level(const struct drawing *drawing, const struct plot_mark *mark, double limit, uint32_t end)
{
  const struct bar bar = bar_of(drawing, true);
  const size_t row = (size_t)row_of(drawing, mark->survival);
  const size_t point = draw_column(drawing, mark->time), to = draw_column(drawing, limit);
  for (size_t column = to < point ? to : point; column <= (to < point ? point : to); column++)
    put_body(drawing, row, column, bar.body);
  if (to != point && draw_in_window(drawing, limit))
    put_end(drawing, row, to, end);
}

static void draw_bar(const struct drawing *drawing, const struct plot_mark *mark)
{
  const bool falls = plot_function_value(drawing->window.function, 0.75) > plot_function_value(drawing->window.function, 0.25);
  struct bar bar = bar_of(drawing, mark->is_median);
  if (!falls && !mark->is_median) /* high survival is low in the picture: ends keep pointing away from the point */
    bar = (struct bar){bar.body, bar.high, bar.low};
  void (*const draw_side)(const struct drawing *, const struct plot_mark *, double, uint32_t) =
      mark->is_median ? draw_level : draw_upright;
  if (!isnan(mark->low))
    draw_side(drawing, mark, mark->low, bar.low);
  if (!isnan(mark->high))
    draw_side(drawing, mark, mark->high, bar.high);
}

static bool is_key(const struct drawing *drawing, size_t row, size_t column)
{
  const struct canvas_cell *cell = &drawing->canvas->cells[row * drawing->canvas->columns + column];
  return cell->style == STYLE_TITLE;
}

/* The study's key; where another stands, beside it: a column is as near as the grid tells. */
static void draw_key(const struct drawing *drawing, const struct plot_mark *mark)
{
  const size_t row = drawing->grid.row + (size_t)row_of(drawing, mark->survival);
  const size_t border = drawing->grid.column + drawing->grid.columns;
  size_t column = drawing->grid.column + draw_column(drawing, mark->time);
  while (column + 1 < border && is_key(drawing, row, column))
    column++;
  canvas_put(drawing->canvas, row, column, (uint32_t)mark->key, STYLE_TITLE);
}

void draw_marks(const struct drawing *drawing)
{
  const struct plot *plot = drawing->plot;
  for (size_t i = 0; i < plot->n_marks; i++)
    if (plot_mark_is_inside(&plot->marks[i], &drawing->window))
      draw_bar(drawing, &plot->marks[i]);
  for (size_t i = 0; i < plot->n_marks; i++)
    if (plot_mark_is_inside(&plot->marks[i], &drawing->window))
      draw_key(drawing, &plot->marks[i]);
}

/* ---- the legend ---- */

static const char more[] = "… more";

/* Writes the legend's entries one behind the other over `rows` rows from the area's bottom (0: nowhere), and returns how many
 * rows they all want.  What has no room is told by the word that ends the last row. */
static size_t flow_entries(const struct drawing *drawing, size_t rows)
{
  const struct area area = drawing->area;
  const size_t top = area.row + area.rows - rows, last = drawing->plot->n_marks;
  const enum charset charset = drawing->options->charset;
  size_t line = 0, at = 1 + sizeof "Published:", first = 0;
  struct text entry = TEXT_INIT;
  if (rows)
    canvas_text(drawing->canvas, (struct area){top, area.column + 1, 1, at - 2}, "Published:", STYLE_TEXT, charset);
  while (first < last) {
    text_truncate(&entry, 0);
    const size_t next = plot_mark_append_entry(drawing->plot, first, &drawing->window, &entry);
    const size_t width = utf8_string_width(text_string(&entry));
    const size_t reserved = rows && line + 1 == rows && next < last ? sizeof more : 0;
    if (at > 1 && first && at + width + reserved > area.columns) {
      if (rows && line + 1 == rows)
        break;
      line++;
      at = 1;
    }
    if (rows)
      canvas_text(drawing->canvas, (struct area){top + line, area.column + at, 1, area.columns > at ? area.columns - at : 0},
                  text_string(&entry), STYLE_TEXT, charset);
    at += width + BETWEEN;
    first = next;
  }
  if (first < last && rows && at + utf8_string_width(more) <= area.columns)
    canvas_text(drawing->canvas, (struct area){top + line, area.column + at, 1, area.columns - at}, more, STYLE_DIM, charset);
  text_clear(&entry);
  return line + 1;
}

size_t draw_marks_rows(const struct drawing *drawing)
{
  if (!drawing->plot->n_marks || !drawing->options->legend || drawing->area.columns < LEAST_COLUMNS)
    return 0;
  const size_t wanted = flow_entries(drawing, 0), room = drawing->area.rows / SHARE;
  const size_t most = room < MOST_ROWS ? room : MOST_ROWS;
  return wanted < most ? wanted : most;
}

void draw_marks_legend(const struct drawing *drawing)
{
  if (drawing->mark_rows)
    flow_entries(drawing, drawing->mark_rows);
}
