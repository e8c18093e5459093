/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The numbers beneath the curves: at risk / events / censored at each tick. */
#include <string.h>

#include "base/utf8.h"
#include "report/draw_internal.h"

enum { LETTER = 1, FIRST = 3 }; /* columns of the letter and of the first number */

static void append_counts(struct text *text, const struct plot_series *series, double time, bool triple)
{
  struct plot_counts counts = plot_series_counts(series, time);
  text_append_format(text, "%.10g", counts.at_risk);
  if (triple)
    text_append_format(text, "/%.10g/%.10g", counts.events, counts.censored);
}

/* The width of the widest entry. */
static size_t widest(const struct drawing *drawing, bool triple)
{
  size_t width = 0;
  for (size_t i = 0; i < drawing->n_series; i++) {
    for (size_t k = 0; k < drawing->n_ticks; k++) {
      struct text text = TEXT_INIT;
      append_counts(&text, &drawing->plot->series[i], drawing->ticks[k], triple);
      width = text.length > width ? text.length : width;
      text_clear(&text);
    }
  }
  return width;
}

/* Centred on the tick's column; the first one may be pushed right by the letter, the last one left by the border. */
static void draw_entry(const struct drawing *drawing, size_t row, double time, const char *entry)
{
  size_t column = drawing->grid.column + draw_column(drawing, time), length = strlen(entry);
  size_t least = drawing->area.column + FIRST, border = drawing->area.column + drawing->area.columns;
  size_t start = column > length / 2 ? column - length / 2 : 0;
  if (start < least)
    start = least;
  if (start + length > border)
    start = border > length ? border - length : 0;
  canvas_text(drawing->canvas, (struct area){row, start, 1, border - start}, entry, STYLE_TEXT, drawing->options->charset);
}

void draw_risk_table(const struct drawing *drawing)
{
  const size_t first_row = drawing->grid.row + drawing->grid.rows + 2;
  const size_t gap = drawing->tick_gap;
  bool triple = widest(drawing, true) < gap;
  size_t every = 1;
  while (!triple && widest(drawing, false) >= gap * every && every < drawing->grid.columns)
    every++;
  canvas_text(drawing->canvas, (struct area){first_row, drawing->area.column + LETTER, 1, drawing->area.columns - LETTER},
              triple ? "at risk / events / censored" : "at risk", STYLE_DIM, drawing->options->charset);
  for (size_t i = 0; i < drawing->n_series; i++) {
    size_t row = first_row + 1 + i;
    canvas_put(drawing->canvas, row, drawing->area.column + LETTER, (uint32_t)('A' + i),
               (enum canvas_style)(STYLE_SERIES_1 + i));
    for (size_t k = 0; k < drawing->n_ticks; k += every) {
      struct text entry = TEXT_INIT;
      double time = drawing->ticks[k];
      append_counts(&entry, &drawing->plot->series[i], time, triple);
      draw_entry(drawing, row, time, text_string(&entry));
      text_clear(&entry);
    }
  }
}
