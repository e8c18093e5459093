/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The curves themselves: steps, censor ticks, overlap, letters at their ends; and the same in braille dots. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/draw_internal.h"

/* What a curve does in one column of the grid: it comes in at row `from` and leaves at row `to`; -1 is above the window, the
 * number of rows beneath it. */
struct step {
  long from, to;
  bool drawn, censored;
};

/* The function's row just before a time. */
static long row_before(const struct drawing *drawing, const struct plot_series *series, double time, size_t rows)
{
  return draw_row(drawing, plot_function_value(drawing->window.function, plot_series_value_before(series, time)), rows);
}

static bool is_inside(long from, long to, size_t rows)
{
  return (from < to ? from : to) < (long)rows && (from < to ? to : from) >= 0;
}

/* Whether a curve censors a patient among its times from index `first` to before `next`. */
static bool is_censored(const struct plot_series *series, size_t first, size_t next)
{
  for (size_t i = first; i < next; i++)
    if (series->n_censor[i] > 0)
      return true;
  return false;
}

/* The steps of one series over `columns` columns of `rows` rows; the caller frees them.  Where the function has no value
 * before (log(-log 1)) the curve begins at its first one. */
static struct step *steps_of(const struct drawing *drawing, const struct plot_series *series, size_t rows, size_t columns)
{
  struct step *steps = memory_new(columns, sizeof *steps);
  if (!series->n || series->time[series->n - 1] < drawing->window.first)
    return steps;
  const double last = series->time[series->n - 1];
  const bool falls = drawing->window.function == PLOT_SURVIVAL;
  size_t first = plot_series_index(series, drawing->window.first);
  long row = row_before(drawing, series, drawing->window.first, rows);
  bool ticked = false, begun = drawing->window.function != PLOT_LOG_LOG || row < (long)rows;
  for (size_t c = 0; c < columns; c++) {
    if (c && draw_right(drawing, c - 1, columns) > last)
      break;
    size_t next = plot_series_index(series, draw_right(drawing, c, columns));
    long to = next > first ? draw_row(drawing, plot_function_value(drawing->window.function, series->value[next - 1]), rows) : row;
    to = falls == (to < row) ? row : to; /* rounding never turns a curve round */
    row = begun ? row : to;
    begun = begun || to < (long)rows;
    steps[c] = (struct step){.from = row, .to = to, .drawn = begun && is_inside(row, to, rows)};
    steps[c].censored = row == to && !ticked && steps[c].drawn && is_censored(series, first, next);
    ticked = steps[c].censored;
    row = to;
    first = next;
  }
  return steps;
}

/* Whether a curve takes a cell, and with which glyph. */
static bool takes(const struct step *step, size_t at, const struct glyphs *glyphs, uint32_t *glyph)
{
  const long row = (long)at, from = step->from, to = step->to;
  if (!step->drawn || row < (from < to ? from : to) || row > (from < to ? to : from))
    return false;
  if (from == to)
    *glyph = step->censored ? glyphs->censor : glyphs->line;
  else if (row == from)
    *glyph = from < to ? glyphs->top : glyphs->rise_bottom;
  else if (row == to)
    *glyph = from < to ? glyphs->bottom : glyphs->rise_top;
  else
    *glyph = glyphs->riser;
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

/* A letter after each curve's end, or where it leaves the window; where another stands, the next free place to the right. */
static void draw_letters(const struct drawing *drawing, struct step *const *steps)
{
  const size_t border = drawing->area.column + drawing->area.columns;
  const long bottom = (long)drawing->grid.rows - 1;
  for (size_t i = 0; i < drawing->n_series && drawing->letters; i++) {
    size_t end = drawing->grid.columns;
    while (end && !steps[i][end - 1].drawn)
      end--;
    if (!end)
      continue;
    long to = steps[i][end - 1].to;
    size_t row = drawing->grid.row + (size_t)(to < 0 ? 0 : to > bottom ? bottom : to), column = drawing->grid.column + end;
    while (column < border && is_letter(drawing, row, column))
      column++;
    if (column < border)
      canvas_put(drawing->canvas, row, column, (uint32_t)('A' + i), (enum canvas_style)(STYLE_SERIES_1 + i));
  }
}

static void draw_lines(const struct curves *curves)
{
  for (size_t row = 0; row < curves->drawing->grid.rows; row++)
    for (size_t column = 0; column < curves->drawing->grid.columns; column++)
      draw_cell(curves, row, column);
}

static void draw_braille(const struct drawing *drawing);

void draw_curves(const struct drawing *drawing)
{
  struct curves curves = {.drawing = drawing};
  for (size_t i = 0; i < drawing->n_series; i++) {
    curves.steps[i] = steps_of(drawing, &drawing->plot->series[i], drawing->grid.rows, drawing->grid.columns);
    curves.glyphs[i] = draw_glyphs(i, drawing->options->charset);
  }
  if (draw_in_braille(drawing))
    draw_braille(drawing);
  else
    draw_lines(&curves);
  draw_letters(drawing, curves.steps);
  for (size_t i = 0; i < drawing->n_series; i++)
    free(curves.steps[i]);
}

/* The curve of all behind another: dim dots on what is free. */
void draw_reference(const struct drawing *drawing)
{
  if (!drawing->plot->reference)
    return;
  const uint32_t point = drawing->options->charset == CHARSET_ASCII ? '.' : 0xB7;
  struct step *steps = steps_of(drawing, drawing->plot->reference, drawing->grid.rows, drawing->grid.columns);
  for (size_t c = 0; c < drawing->grid.columns; c++) {
    if (!steps[c].drawn)
      continue;
    long top = steps[c].from < steps[c].to ? steps[c].from : steps[c].to, bottom = steps[c].from + steps[c].to - top;
    for (long r = top < 0 ? 0 : top; r <= bottom && r < (long)drawing->grid.rows; r++)
      canvas_put(drawing->canvas, drawing->grid.row + (size_t)r, drawing->grid.column + c, point, STYLE_DIM);
  }
  free(steps);
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

enum { CENSOR_GAP = 4 }; /* columns of dots between two censor ticks */

/* A riser with the level it ends at; the second curve is dotted, its levels every other column of dots.  A censor tick is a dot
 * over the level. */
static void draw_dots(const struct drawing *drawing, const struct step *step, size_t column, size_t index)
{
  const long rows = (long)drawing->grid.rows * 4;
  long top = step->from < step->to ? step->from : step->to, bottom = step->from + step->to - top;
  for (long r = top < 0 ? 0 : top; r <= bottom && r < rows; r++)
    if (index == 0 || column % 2 == 0 || top != bottom)
      add_dot(drawing, (size_t)r, column, index);
}

static void draw_dotted(const struct drawing *drawing, size_t index)
{
  const size_t rows = drawing->grid.rows * 4, columns = drawing->grid.columns * 2;
  struct step *steps = steps_of(drawing, &drawing->plot->series[index], rows, columns);
  size_t ticked = 0;
  for (size_t c = 0; c < columns; c++) {
    if (!steps[c].drawn)
      continue;
    draw_dots(drawing, &steps[c], c, index);
    if (!steps[c].censored || steps[c].to < 1 || (ticked && c < ticked + CENSOR_GAP))
      continue;
    add_dot(drawing, (size_t)steps[c].to - 1, c, index);
    ticked = c + 1;
  }
  free(steps);
}

static void draw_braille(const struct drawing *drawing)
{
  for (size_t i = 0; i < drawing->n_series; i++)
    draw_dotted(drawing, i);
}
