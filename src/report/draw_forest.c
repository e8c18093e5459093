/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/draw_forest.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "report/ascii.h"

enum { GAP = 2, INDENT = 2, LEAST_LABEL = 12, LEAST_GRID = 15, GOOD_GRID = 21, MOST_GRID = 61, HEAD_ROWS = 1, AXIS_ROWS = 2 };

/* Columns of each part, 0 = left out, and which labels are taken. */
struct parts {
  size_t label, counts, grid, numbers, p;
  bool brief;
};

struct forest_drawing {
  const struct forest_plot *plot;
  struct canvas *canvas;
  enum charset charset;
  struct area area, grid;
  struct parts parts;
  struct forest_axis axis;
};

static size_t width_of(const char *string, enum charset charset)
{
  struct text shown = TEXT_INIT;
  if (string)
    ascii_append_visible(&shown, string, charset == CHARSET_ASCII);
  const size_t width = utf8_string_width(text_string(&shown));
  text_clear(&shown);
  return width;
}

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

static const char *label_of(const struct forest_row *row, bool brief)
{
  const char *label = brief && row->brief ? row->brief : row->label;
  return label ? label : "";
}

/* ---- the parts' widths ---- */

static size_t label_width(const struct forest_plot *plot, bool brief, enum charset charset)
{
  size_t width = width_of(plot->label_title, charset);
  for (size_t i = 0; i < plot->n_rows; i++)
    if (plot->rows[i].kind != FOREST_HEADING)
      width = larger(width, INDENT * plot->rows[i].indent + width_of(label_of(&plot->rows[i], brief), charset));
  return width;
}

static size_t with_gap(size_t width)
{
  return width ? width + GAP : 0;
}

/* False where the parts do not fit. */
static bool divide(const struct forest_plot *plot, size_t columns, enum charset charset, struct parts *parts)
{
  size_t remark = 0;
  *parts = (struct parts){.counts = width_of(plot->counts_title, charset),
                          .numbers = width_of(plot->numbers_title, charset)};
  for (size_t i = 0; i < plot->n_rows; i++) {
    const struct forest_row *row = &plot->rows[i];
    parts->counts = larger(parts->counts, width_of(row->counts, charset));
    parts->numbers = larger(parts->numbers, width_of(row->numbers, charset));
    parts->p = larger(parts->p, width_of(row->p, charset));
    remark = larger(remark, width_of(row->remark, charset));
  }
  if (remark > parts->numbers + with_gap(parts->p))
    parts->numbers = remark - with_gap(parts->p);
  const size_t least = LEAST_LABEL + GAP + LEAST_GRID + with_gap(parts->numbers) + with_gap(parts->p);
  if (columns < least)
    return false;
  if (columns < least + with_gap(parts->counts))
    parts->counts = 0;
  const size_t room = columns - (least - LEAST_LABEL - LEAST_GRID) - with_gap(parts->counts); /* for label and grid */
  const size_t longest = room > GOOD_GRID + LEAST_LABEL ? room - GOOD_GRID : room - LEAST_GRID;
  parts->label = label_width(plot, false, charset);
  parts->brief = parts->label > longest;
  if (parts->brief)
    parts->label = label_width(plot, true, charset);
  if (parts->label > longest)
    parts->label = longest;
  parts->grid = room - parts->label < MOST_GRID ? room - parts->label : MOST_GRID;
  return true;
}

bool draw_forest_fits(const struct forest_plot *plot, size_t columns, enum charset charset)
{
  struct parts parts;
  return divide(plot, columns, charset, &parts);
}

static bool has_note(const struct forest_plot *plot, const struct parts *parts)
{
  return parts->brief && plot->brief_note;
}

size_t draw_forest_rows(const struct forest_plot *plot, size_t columns, enum charset charset)
{
  struct parts parts;
  if (!divide(plot, columns, charset, &parts))
    return 0;
  const size_t note = has_note(plot, &parts) ? canvas_wrapped_rows(plot->brief_note, columns) : 0;
  return HEAD_ROWS + plot->n_rows + AXIS_ROWS + note;
}

/* ---- drawing ---- */

static void put_left(const struct forest_drawing *drawing, struct area area, const char *text, enum canvas_style style)
{
  if (text && area.columns)
    canvas_text(drawing->canvas, area, text, style, drawing->charset);
}

static void put_right(const struct forest_drawing *drawing, struct area area, const char *text, enum canvas_style style)
{
  const size_t width = width_of(text, drawing->charset);
  if (width < area.columns) {
    area.column += area.columns - width;
    area.columns = width;
  }
  put_left(drawing, area, text, style);
}

/* The columns of counts, numbers and p in a row. */
static struct area counts_area(const struct forest_drawing *drawing, size_t row)
{
  return (struct area){row, drawing->area.column + drawing->parts.label + GAP, 1, drawing->parts.counts};
}

static struct area numbers_area(const struct forest_drawing *drawing, size_t row)
{
  return (struct area){row, drawing->grid.column + drawing->grid.columns + GAP, 1, drawing->parts.numbers};
}

static struct area p_area(const struct forest_drawing *drawing, size_t row)
{
  const struct area numbers = numbers_area(drawing, row);
  return (struct area){row, numbers.column + numbers.columns + GAP, 1, drawing->parts.p};
}

static bool is_ascii(const struct forest_drawing *drawing)
{
  return drawing->charset == CHARSET_ASCII;
}

/* The column of the canvas of a place on the axis, 0 to 1. */
static size_t column_at(const struct forest_drawing *drawing, double place)
{
  const double last = (double)(drawing->grid.columns - 1);
  return drawing->grid.column + (size_t)floor(fmin(fmax(place, 0), 1) * last + 0.5);
}

/* One end of an interval: where it stands, and with which glyph. */
struct interval_end {
  size_t column;
  uint32_t glyph;
};

/* The place of a limit, -1 and 2 for one that lies beyond all numbers. */
static struct interval_end interval_end(const struct forest_drawing *drawing, double limit, bool is_high, bool is_summary)
{
  static const uint32_t glyphs[2][2][4] = {
      /* ASCII, box: lower end, upper end, left arrow, right arrow; of a row, of a summary */
      {{'|', '|', '<', '>'}, {'[', ']', '<', '>'}},
      {{0x251C, 0x2524, 0x25C4, 0x25BA}, {0x255E, 0x2561, 0x25C4, 0x25BA}},
  };
  const uint32_t *set = glyphs[!is_ascii(drawing)][is_summary];
  const bool at_zero = drawing->axis.is_ratio && limit <= 0;
  const double place = at_zero ? -1 : isinf(limit) ? (limit > 0 ? 2 : -1) : forest_axis_place(&drawing->axis, limit);
  const double rounding = 1e-9; /* a limit that is the axis' own end is on it */
  if (place < -rounding)
    return (struct interval_end){column_at(drawing, 0), set[2]};
  if (place > 1 + rounding)
    return (struct interval_end){column_at(drawing, 1), set[3]};
  return (struct interval_end){column_at(drawing, place), set[is_high]};
}

static void draw_interval(const struct forest_drawing *drawing, const struct forest_row *row, size_t line)
{
  const bool is_summary = row->kind == FOREST_SUMMARY;
  const enum canvas_style style = is_summary ? STYLE_SERIES_2 : STYLE_SERIES_1;
  const uint32_t dash = is_ascii(drawing) ? (is_summary ? '=' : '-') : is_summary ? 0x2550 : 0x2500;
  const uint32_t square = is_ascii(drawing) ? (is_summary ? '*' : '#') : is_summary ? 0x25C6 : 0x25A0;
  const double place = forest_axis_place(&drawing->axis, row->estimate);
  if (!isnan(row->low) && !isnan(row->high)) {
    const struct interval_end low = interval_end(drawing, row->low, false, is_summary);
    const struct interval_end high = interval_end(drawing, row->high, true, is_summary);
    for (size_t column = low.column; column <= high.column; column++)
      canvas_put(drawing->canvas, line, column, dash, style);
    canvas_put(drawing->canvas, line, low.column, low.glyph, style);
    canvas_put(drawing->canvas, line, high.column, high.glyph, style);
  }
  if (place >= 0 && place <= 1)
    canvas_put(drawing->canvas, line, column_at(drawing, place), square, style);
  else
    canvas_put(drawing->canvas, line, column_at(drawing, place), interval_end(drawing, row->estimate, false, false).glyph,
               style);
}

static void draw_heading(const struct forest_drawing *drawing, const struct forest_row *row, size_t line)
{
  const size_t indent = INDENT * row->indent, remark = with_gap(width_of(row->remark, drawing->charset));
  struct area area = {line, drawing->area.column + indent, 1, drawing->area.columns};
  const size_t taken = indent + remark;
  area.columns = area.columns > taken ? area.columns - taken : 0;
  put_left(drawing, area, row->label, STYLE_TEXT);
  const struct area p = p_area(drawing, line);
  put_right(drawing, (struct area){line, drawing->area.column, 1, p.column + p.columns - drawing->area.column}, row->remark,
            STYLE_TEXT);
}

static void draw_row(const struct forest_drawing *drawing, const struct forest_row *row, size_t line)
{
  const bool is_drawn = forest_row_is_drawn(drawing->plot, row);
  if (is_drawn || row->kind == FOREST_HEADING || row->kind == FOREST_REFERENCE)
    canvas_put(drawing->canvas, line, column_at(drawing, forest_axis_place(&drawing->axis, forest_axis_null(&drawing->axis))),
               is_ascii(drawing) ? ':' : 0x250A, STYLE_DIM);
  if (row->kind == FOREST_HEADING) {
    draw_heading(drawing, row, line);
    return;
  }
  const size_t indent = INDENT * row->indent < drawing->parts.label ? INDENT * row->indent : 0;
  put_left(drawing, (struct area){line, drawing->area.column + indent, 1, drawing->parts.label - indent},
           label_of(row, drawing->parts.brief), STYLE_TEXT);
  put_right(drawing, counts_area(drawing, line), row->counts, STYLE_TEXT);
  put_right(drawing, numbers_area(drawing, line), row->numbers, STYLE_TEXT);
  put_right(drawing, p_area(drawing, line), row->p, STYLE_TEXT);
  if (is_drawn)
    draw_interval(drawing, row, line);
  else if (row->kind != FOREST_REFERENCE)
    put_left(drawing, (struct area){line, drawing->grid.column, 1, drawing->grid.columns},
             row->reason ? row->reason : "not estimable", STYLE_DIM);
}

static void draw_heads(const struct forest_drawing *drawing)
{
  const size_t line = drawing->area.row;
  put_left(drawing, (struct area){line, drawing->area.column, 1, drawing->parts.label}, drawing->plot->label_title,
           STYLE_DIM);
  put_right(drawing, counts_area(drawing, line), drawing->plot->counts_title, STYLE_DIM);
  put_right(drawing, numbers_area(drawing, line), drawing->plot->numbers_title, STYLE_DIM);
  put_right(drawing, p_area(drawing, line), "p", STYLE_DIM);
}

/* Whether columns `from` up to `to` of the tick labels' line, and one on each side, are free. */
static bool is_free(const struct forest_drawing *drawing, size_t line, size_t from, size_t to)
{
  for (size_t column = from ? from - 1 : 0; column <= to && column < drawing->canvas->columns; column++)
    if (line < drawing->canvas->rows && drawing->canvas->cells[line * drawing->canvas->columns + column].glyph != ' ')
      return false;
  return true;
}

/* The axis, and as many ticks as there is room for their labels, those of the highest rank first. */
static void draw_axis(const struct forest_drawing *drawing, size_t line)
{
  const struct area grid = drawing->grid;
  const size_t end = drawing->area.column + drawing->area.columns;
  canvas_fill(drawing->canvas, (struct area){line, grid.column, 1, grid.columns}, is_ascii(drawing) ? '-' : 0x2500, STYLE_DIM);
  canvas_fill(drawing->canvas, (struct area){line + 1, drawing->area.column, 1, drawing->area.columns}, ' ', STYLE_TEXT);
  for (size_t i = 0; i < drawing->axis.n_ticks; i++) {
    struct text label = TEXT_INIT;
    text_append_format(&label, "%.6g", drawing->axis.tick[i]);
    const size_t column = column_at(drawing, forest_axis_place(&drawing->axis, drawing->axis.tick[i]));
    const size_t half = label.length / 2, start = column > drawing->area.column + half ? column - half : drawing->area.column;
    if (start + label.length <= end && is_free(drawing, line + 1, start, start + label.length)) {
      put_left(drawing, (struct area){line + 1, start, 1, label.length}, text_string(&label), STYLE_TEXT);
      canvas_put(drawing->canvas, line, column, is_ascii(drawing) ? '+' : 0x2534, STYLE_DIM);
    }
    text_clear(&label);
  }
  const size_t title = grid.column + grid.columns + GAP;
  if (drawing->plot->axis_title && title < end)
    put_left(drawing, (struct area){line + 1, title, 1, end - title}, drawing->plot->axis_title, STYLE_DIM);
}

/* What the rows are compared with, left of the axis, where it stays while rows scroll. */
static void draw_reference(const struct forest_drawing *drawing, size_t line)
{
  const struct forest_plot *plot = drawing->plot;
  const struct area left = {line, drawing->area.column, 1, drawing->grid.column - drawing->area.column - 1};
  const bool brief = plot->brief_reference && width_of(plot->reference, drawing->charset) > left.columns;
  put_left(drawing, left, brief ? plot->brief_reference : plot->reference, STYLE_DIM);
}

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

void draw_forest(const struct forest_plot *plot, enum charset charset, size_t top, struct canvas *canvas, struct area area,
                 struct forest_geometry *geometry)
{
  struct forest_drawing drawing = {.plot = plot, .canvas = canvas, .charset = charset, .area = clipped(canvas, area)};
  if (geometry)
    *geometry = (struct forest_geometry){.n_shown = 0};
  if (!drawing.area.rows || !divide(plot, drawing.area.columns, charset, &drawing.parts))
    return;
  area = drawing.area;
  forest_axis_of(plot, &drawing.axis);
  const size_t others = HEAD_ROWS + AXIS_ROWS, room = area.rows > others ? area.rows - others : 0;
  const size_t left = plot->n_rows > top ? plot->n_rows - top : 0, n = left < room ? left : room;
  drawing.grid = (struct area){area.row + HEAD_ROWS, area.column + drawing.parts.label + GAP + with_gap(drawing.parts.counts),
                               n, drawing.parts.grid};
  if (area.rows >= HEAD_ROWS)
    draw_heads(&drawing);
  for (size_t i = 0; i < n; i++)
    draw_row(&drawing, &plot->rows[top + i], drawing.grid.row + i);
  size_t line = drawing.grid.row + n;
  if (n) {
    draw_axis(&drawing, line);
    draw_reference(&drawing, line);
  }
  line += AXIS_ROWS;
  if (n && has_note(plot, &drawing.parts) && line < area.row + area.rows)
    canvas_wrapped(canvas, (struct area){line, area.column, area.row + area.rows - line, area.columns}, plot->brief_note,
                   STYLE_DIM, charset);
  if (geometry)
    *geometry = (struct forest_geometry){
        .rows = {drawing.grid.row, area.column, n, area.columns}, .grid = drawing.grid, .n_shown = n};
}
