/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curves themselves: steps, censor ticks, overlap, letters at their ends; and the same in braille dots. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/draw_internal.h"

/* What a curve does in one column of the grid: it comes in at row `from` and leaves at row `to` (from <= to). */
struct step {
  size_t from, to;
  bool drawn, censored;
};

/* The steps of one series over all columns; the caller frees them. */
static struct step *steps_of(const struct drawing *drawing, const struct plot_series *series)
{
  const size_t columns = drawing->grid.columns;
  struct step *steps = memory_new(columns, sizeof *steps);
  if (!series->n)
    return steps;
  const size_t end = draw_column(drawing, series->time[series->n - 1]);
  size_t first = 0, row = draw_row(drawing, 1);
  bool ticked = false;
  for (size_t c = 0; c <= end; c++) {
    /* the last column holds its right border too: the last time may lie on it */
    double right = c + 1 == columns ? (double)INFINITY : (double)(c + 1) * drawing->dt;
    size_t next = plot_series_index(series, right);
    bool censored = false;
    for (size_t i = first; i < next && !censored; i++)
      censored = series->n_censor[i] > 0;
    steps[c] = (struct step){.from = row, .to = next ? draw_row(drawing, series->value[next - 1]) : row, .drawn = true};
    if (steps[c].to < steps[c].from)
      steps[c].to = steps[c].from;
    steps[c].censored = censored && !ticked && steps[c].from == steps[c].to;
    ticked = steps[c].censored;
    row = steps[c].to;
    first = next;
  }
  return steps;
}

/* Whether a curve takes a cell, and with which glyph. */
static bool takes(const struct step *step, size_t row, const struct glyphs *glyphs, uint32_t *glyph)
{
  if (!step->drawn || row < step->from || row > step->to)
    return false;
  if (step->from == step->to)
    *glyph = step->censored ? glyphs->censor : glyphs->line;
  else if (row == step->from)
    *glyph = glyphs->top;
  else
    *glyph = row == step->to ? glyphs->bottom : glyphs->riser;
  return true;
}

struct curves {
  const struct drawing *drawing;
  struct step *steps[MAX_DRAWN];
  struct glyphs glyphs[MAX_DRAWN];
};

/* The curves that take a cell, as a set of bits. */
static unsigned takers(const struct curves *curves, size_t row, size_t column)
{
  unsigned set = 0;
  uint32_t glyph;
  for (size_t i = 0; i < curves->drawing->n_series; i++)
    set |= (unsigned)takes(&curves->steps[i][column], row, &curves->glyphs[i], &glyph) << i;
  return set;
}

/* The n-th member of a set of bits, counted round. */
static size_t member(unsigned set, size_t n)
{
  n %= (size_t)__builtin_popcount(set);
  for (size_t i = 0;; i++)
    if (set >> i & 1 && n-- == 0)
      return i;
}

/* Where curves share cells side by side their glyphs alternate; a single shared cell is a crossing. */
static void draw_cell(const struct curves *curves, size_t row, size_t column)
{
  const struct drawing *drawing = curves->drawing;
  const size_t at_row = drawing->grid.row + row, at_column = drawing->grid.column + column;
  unsigned set = takers(curves, row, column);
  if (!set)
    return;
  bool shared = __builtin_popcount(set) > 1;
  bool run = shared && ((column && (takers(curves, row, column - 1) & set) == set) ||
                        (column + 1 < drawing->grid.columns && (takers(curves, row, column + 1) & set) == set));
  if (shared && !run) {
    canvas_put(drawing->canvas, at_row, at_column, drawing->options->charset == CHARSET_ASCII ? '#' : 0x2573, STYLE_TEXT);
    return;
  }
  size_t series = member(set, column);
  uint32_t glyph = ' ';
  takes(&curves->steps[series][column], row, &curves->glyphs[series], &glyph);
  canvas_put(drawing->canvas, at_row, at_column, glyph, (enum canvas_style)(STYLE_SERIES_1 + series));
}

static bool is_letter(const struct drawing *drawing, size_t row, size_t column)
{
  uint32_t glyph = drawing->canvas->cells[row * drawing->canvas->columns + column].glyph;
  return glyph >= 'A' && glyph < 'A' + MAX_DRAWN;
}

/* A letter after each curve's end; where another stands, the next free place to the right. */
static void draw_letters(const struct drawing *drawing)
{
  const size_t border = drawing->area.column + drawing->area.columns;
  for (size_t i = 0; i < drawing->n_series; i++) {
    const struct plot_series *series = &drawing->plot->series[i];
    if (!series->n || (!drawing->axes && drawing->n_series < 2))
      continue;
    size_t row = drawing->grid.row + draw_row(drawing, series->value[series->n - 1]);
    size_t column = drawing->grid.column + draw_column(drawing, series->time[series->n - 1]) + 1;
    while (column < border && is_letter(drawing, row, column))
      column++;
    if (column < border)
      canvas_put(drawing->canvas, row, column, (uint32_t)('A' + i), (enum canvas_style)(STYLE_SERIES_1 + i));
  }
}

void draw_curves(const struct drawing *drawing)
{
  struct curves curves = {.drawing = drawing};
  for (size_t i = 0; i < drawing->n_series; i++) {
    curves.steps[i] = steps_of(drawing, &drawing->plot->series[i]);
    curves.glyphs[i] = draw_glyphs(i, drawing->options->charset);
  }
  for (size_t row = 0; row < drawing->grid.rows; row++)
    for (size_t column = 0; column < drawing->grid.columns; column++)
      draw_cell(&curves, row, column);
  for (size_t i = 0; i < drawing->n_series; i++)
    free(curves.steps[i]);
  draw_letters(drawing);
}

/* ---- braille: two columns and four rows of dots a cell ---- */

static uint32_t dot(size_t row, size_t column)
{
  static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  return bits[row][column];
}

static void add_dot(const struct drawing *drawing, size_t row, size_t column, size_t series)
{
  struct canvas *canvas = drawing->canvas;
  size_t at_row = drawing->grid.row + row / 4, at_column = drawing->grid.column + column / 2;
  uint32_t before = canvas->cells[at_row * canvas->columns + at_column].glyph;
  uint32_t dots = before >= 0x2800 && before < 0x2900 ? before - 0x2800 : 0;
  canvas_put(canvas, at_row, at_column, 0x2800 + (dots | dot(row % 4, column % 2)),
             (enum canvas_style)(STYLE_SERIES_1 + series));
}

/* The second curve is dotted: every other column of dots. */
static void draw_dotted(const struct drawing *drawing, size_t index)
{
  const struct plot_series *series = &drawing->plot->series[index];
  const size_t rows = drawing->grid.rows * 4, columns = drawing->grid.columns * 2;
  const double dt = drawing->dt / 2;
  if (!series->n)
    return;
  size_t before = 0;
  for (size_t c = 0; c < columns && (double)c * dt <= series->time[series->n - 1]; c++) {
    double right = c + 1 == columns ? (double)INFINITY : (double)(c + 1) * dt;
    double value = fmin(fmax(plot_series_value_before(series, right), 0), 1);
    size_t row = (size_t)floor((1 - value) * (double)(rows - 1) + 0.5);
    for (size_t r = before < row ? before : row; r <= row; r++)
      if (index == 0 || c % 2 == 0 || r < row)
        add_dot(drawing, r, c, index);
    before = row;
  }
}

void draw_braille(const struct drawing *drawing)
{
  for (size_t i = 0; i < drawing->n_series; i++)
    draw_dotted(drawing, i);
  draw_letters(drawing);
}
