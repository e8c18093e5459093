/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Legend lines: glyphs, labels and what is to be said of each curve. */
#include <string.h>

#include "base/utf8.h"
#include "report/draw_internal.h"

enum { LEAST_LABEL = 12, MAX_LABEL = 36, KEY = 6, BETWEEN = 3 }; /* columns of a letter with its glyphs, and between two labels */

void draw_legend_glyph(struct canvas *canvas, struct area area, size_t series, enum charset charset)
{
  struct glyphs glyphs = draw_glyphs(series, charset);
  enum canvas_style style = (enum canvas_style)(STYLE_SERIES_1 + series % MAX_DRAWN);
  uint32_t parts[] = {glyphs.line, glyphs.censor, glyphs.line};
  for (size_t i = 0; i < 3 && i < area.columns; i++)
    canvas_put(canvas, area.row, area.column + i, parts[i], style);
}

/* `A ─┼─`, or the dots of braille, the second curve's every other one. */
static void draw_key(const struct drawing *drawing, size_t row, size_t column, size_t series)
{
  static const uint32_t dots[2][3] = {{0x2824, 0x2834, 0x2824}, {0x2804, 0x2806, 0x2804}};
  const enum canvas_style style = (enum canvas_style)(STYLE_SERIES_1 + series);
  canvas_put(drawing->canvas, row, column, (uint32_t)('A' + series), style);
  if (!draw_in_braille(drawing)) {
    draw_legend_glyph(drawing->canvas, (struct area){row, column + 2, 1, 3}, series, drawing->options->charset);
    return;
  }
  for (size_t i = 0; i < 3; i++)
    canvas_put(drawing->canvas, row, column + 2 + i, dots[series][i], style);
}

/* As wide as the widest label, but numbers go before names: a name is cut sooner than a limit behind it. */
static size_t label_width(const struct drawing *drawing)
{
  const size_t around = 1 + KEY + 2;
  size_t width = 0, numbers = 0;
  for (size_t i = 0; i < drawing->n_series; i++) {
    const size_t needed = utf8_string_width(drawing->plot->series[i].label);
    const size_t behind = utf8_string_width(drawing->plot->series[i].legend);
    width = needed > width ? needed : width;
    numbers = behind > numbers ? behind : numbers;
  }
  const size_t columns = drawing->area.columns;
  const size_t left = columns > around + numbers + LEAST_LABEL ? columns - around - numbers : LEAST_LABEL;
  const size_t most = left < MAX_LABEL ? left : MAX_LABEL;
  return width < most ? width : most;
}

/* ` A ─┼─ PHR  n 42  events 10  median 122 (70–NR)`, one line a curve; the test at the end of the first where it fits. */
void draw_legend(const struct drawing *drawing)
{
  const struct area area = drawing->area;
  const enum charset charset = drawing->options->charset;
  const size_t width = label_width(drawing);
  size_t first_used = 0;
  for (size_t i = 0; i < drawing->n_series; i++) {
    size_t row = area.row + i, at = area.column + 1;
    draw_key(drawing, row, at, i);
    at += KEY;
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

size_t draw_legend_rows(const struct drawing *drawing)
{
  if (!drawing->options->legend)
    return 0;
  size_t rows = drawing->n_series;
  if (!drawing->plot->note)
    return rows;
  size_t first = drawing->n_series ? 1 + KEY + label_width(drawing) + 2 +
                                         utf8_string_width(drawing->plot->series[0].legend)
                                   : drawing->area.columns;
  return rows + (first + 3 + utf8_string_width(drawing->plot->note) > drawing->area.columns);
}

/* How wide labels may be so that all stand side by side in `columns`. */
static size_t label_cap(const struct drawing *drawing, size_t columns)
{
  size_t cap = MAX_LABEL, needed;
  do {
    needed = 0;
    for (size_t i = 0; i < drawing->n_series; i++) {
      size_t width = utf8_string_width(drawing->plot->series[i].label);
      needed += KEY + BETWEEN + (width < cap ? width : cap);
    }
  } while (needed > columns && cap-- > 1);
  return cap;
}

enum { PAGE = 18, PANEL_LEGEND_ROWS = 2 }; /* columns kept for the page on the first line */

size_t draw_panels_legend_rows(const struct drawing *drawing)
{
  const size_t columns = drawing->area.columns;
  const bool one = !drawing->plot->n_panels || (columns > PAGE && label_cap(drawing, columns - PAGE) == MAX_LABEL);
  return one ? 1 : PANEL_LEGEND_ROWS;
}

/* Keys with labels side by side, as many lines as there are; returns the column behind the last one. */
static size_t draw_keys(const struct drawing *drawing, size_t end)
{
  const size_t rows = drawing->legend_rows, left = drawing->area.column + 1, border = drawing->area.column + drawing->area.columns;
  const size_t cap = rows > 1 ? drawing->area.columns : label_cap(drawing, end > left ? end - left : 0);
  const size_t last_row = drawing->area.row + rows - 1;
  size_t at = left, row = drawing->area.row;
  for (size_t i = 0; i < drawing->n_series; i++) {
    const size_t width = utf8_string_width(drawing->plot->series[i].label);
    if (at > left && row < last_row && at + KEY + width > end) {
      row++;
      at = left;
      end = border;
    }
    if (at + KEY + 2 >= end)
      break;
    const size_t room = end - at - KEY;
    draw_key(drawing, row, at, i);
    at += KEY;
    at += canvas_text(drawing->canvas, (struct area){row, at, 1, cap < room ? cap : room}, drawing->plot->series[i].label,
                      STYLE_TEXT, drawing->options->charset);
    at += BETWEEN;
  }
  return row == drawing->area.row ? at : border;
}

/* ` A ─┼─ PHR   B ━╋━ NR   by type   1–4 of 9`; of many curves, what stands in their panels. */
void draw_panels_legend(const struct drawing *drawing, const char *page)
{
  const enum charset charset = drawing->options->charset;
  const struct area line = {drawing->area.row, drawing->area.column, 1, drawing->area.columns};
  const size_t page_width = utf8_string_width(page), border = line.column + line.columns;
  const size_t end = border > page_width + 1 ? border - page_width - 1 : 0;
  const size_t at = drawing->plot->n_panels ? draw_keys(drawing, end) : line.column + 1;
  struct text words = TEXT_INIT;
  if (!drawing->plot->n_panels)
    text_append_format(&words, "%zu curves, each before that of all (dim)%s%s", drawing->plot->n_series,
                       drawing->plot->note ? "   " : "", drawing->plot->note ? drawing->plot->note : "");
  else if (drawing->plot->n_series > drawing->n_series)
    text_append_format(&words, "and %zu more, not drawn: choose up to four by a filter",
                       drawing->plot->n_series - drawing->n_series);
  if (at < end)
    canvas_text(drawing->canvas, (struct area){line.row, at, 1, end - at}, text_string(&words), STYLE_TEXT, charset);
  text_clear(&words);
  if (end)
    canvas_text(drawing->canvas, (struct area){line.row, border - page_width, 1, page_width}, page, STYLE_DIM, charset);
}
