/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/canvas.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/ascii.h"

void canvas_init(struct canvas *canvas, size_t rows, size_t columns)
{
  canvas->rows = rows;
  canvas->columns = columns;
  canvas->cells = memory_new(rows * columns, sizeof *canvas->cells);
  canvas_erase(canvas);
}

void canvas_clear(struct canvas *canvas)
{
  free(canvas->cells);
  *canvas = (struct canvas){.rows = 0};
}

void canvas_erase(struct canvas *canvas)
{
  for (size_t i = 0; i < canvas->rows * canvas->columns; i++)
    canvas->cells[i] = (struct canvas_cell){.glyph = ' '};
}

static struct canvas_cell *cell_at(struct canvas *canvas, size_t row, size_t column)
{
  return row < canvas->rows && column < canvas->columns ? &canvas->cells[row * canvas->columns + column] : NULL;
}

/* Writes a glyph of the given width; the other half of a wide glyph that is overwritten becomes a blank. */
static void put_glyph(struct canvas *canvas, size_t row, size_t column, uint32_t glyph, size_t width,
                      enum canvas_style style)
{
  struct canvas_cell *cell = cell_at(canvas, row, column);
  if (!cell)
    return;
  if (cell->glyph == 0 && column > 0)
    cell[-1].glyph = ' ';
  size_t last = column + width - 1;
  struct canvas_cell *after = cell_at(canvas, row, last + 1);
  if (after && after->glyph == 0)
    after->glyph = ' ';
  if (width == 2 && last >= canvas->columns) {
    glyph = ' ';
    width = 1;
  }
  *cell = (struct canvas_cell){.glyph = glyph, .style = (uint8_t)style};
  if (width == 2)
    cell[1] = (struct canvas_cell){.glyph = 0, .style = (uint8_t)style};
}

void canvas_put(struct canvas *canvas, size_t row, size_t column, uint32_t glyph, enum canvas_style style)
{
  int width = utf8_width(glyph);
  if (width <= 0) {
    glyph = '?';
    width = 1;
  }
  put_glyph(canvas, row, column, glyph, (size_t)width, style);
}

/* Adds a combining mark to the cell before `column`. */
static void add_mark(struct canvas *canvas, size_t row, size_t column, uint32_t mark)
{
  struct canvas_cell *cell = column ? cell_at(canvas, row, column - 1) : NULL;
  if (cell && cell->glyph == 0 && column > 1)
    cell--;
  for (size_t i = 0; cell && i < 2; i++) {
    if (cell->marks[i])
      continue;
    cell->marks[i] = mark;
    return;
  }
}

size_t canvas_text(struct canvas *canvas, struct area area, const char *text, enum canvas_style style,
                   enum charset charset)
{
  const bool ascii = charset == CHARSET_ASCII;
  struct text shown = TEXT_INIT;
  size_t used_columns = 0;
  if (!area.columns || !area.rows)
    return 0;
  ascii_append_visible(&shown, text, ascii);
  const char *at = text_string(&shown);
  size_t left = shown.length;
  const bool cut = utf8_string_width(at) > area.columns;
  const size_t room = cut ? area.columns - 1 : area.columns;
  while (left) {
    uint32_t point;
    size_t bytes = utf8_decode(at, left, &point);
    size_t width = (size_t)utf8_width(point); /* never negative: the text is visible */
    if (used_columns + width > room)
      break;
    if (width)
      put_glyph(canvas, area.row, area.column + used_columns, point, width, style);
    else if (used_columns)
      add_mark(canvas, area.row, area.column + used_columns, point);
    used_columns += width;
    at += bytes;
    left -= bytes;
  }
  if (cut)
    put_glyph(canvas, area.row, area.column + used_columns++, ascii ? '~' : 0x2026, 1, style);
  text_clear(&shown);
  return used_columns;
}

size_t canvas_line_length(const char *text, size_t columns)
{
  size_t at = 0, width = 0, blank = 0;
  const size_t length = strlen(text);
  while (at < length && text[at] != '\n') {
    uint32_t point;
    const size_t bytes = utf8_decode(text + at, length - at, &point);
    const int point_width = utf8_width(point);
    width += point_width < 0 ? 8 : (size_t)point_width;
    if (text[at] == ' ' && at)
      blank = at; /* the line may be full before it */
    if (width > columns)
      return blank ? blank : at ? at : bytes;
    at += bytes;
  }
  return at;
}

/* The beginning of the next line, `length` bytes behind that of this one. */
static const char *next_line(const char *text, size_t length)
{
  text += length;
  return *text == ' ' || *text == '\n' ? text + 1 : text;
}

size_t canvas_wrapped(struct canvas *canvas, struct area area, const char *text, enum canvas_style style,
                      enum charset charset)
{
  size_t row = 0;
  for (; *text && row < area.rows && area.columns; row++) {
    const size_t length = canvas_line_length(text, area.columns);
    char *line = memory_copy_bytes(text, length);
    canvas_text(canvas, (struct area){area.row + row, area.column, 1, area.columns}, line, style, charset);
    free(line);
    text = next_line(text, length);
  }
  return row;
}

size_t canvas_wrapped_rows(const char *text, size_t columns)
{
  size_t rows = 0;
  for (; *text && columns; rows++)
    text = next_line(text, canvas_line_length(text, columns));
  return rows;
}

void canvas_add_attributes(struct canvas *canvas, struct area area, uint8_t attributes)
{
  for (size_t r = area.row; r < area.row + area.rows && r < canvas->rows; r++)
    for (size_t c = area.column; c < area.column + area.columns && c < canvas->columns; c++)
      canvas->cells[r * canvas->columns + c].attributes |= attributes;
}

void canvas_fill(struct canvas *canvas, struct area area, uint32_t glyph, enum canvas_style style)
{
  for (size_t r = area.row; r < area.row + area.rows && r < canvas->rows; r++)
    for (size_t c = area.column; c < area.column + area.columns && c < canvas->columns; c++)
      canvas_put(canvas, r, c, glyph, style);
}

void canvas_append_row(const struct canvas *canvas, size_t row, struct text *text)
{
  const size_t start = text->length;
  size_t end = start;
  for (size_t c = 0; c < canvas->columns; c++) {
    const struct canvas_cell *cell = &canvas->cells[row * canvas->columns + c];
    if (!cell->glyph)
      continue;
    utf8_append(text, cell->glyph);
    for (size_t i = 0; i < 2 && cell->marks[i]; i++)
      utf8_append(text, cell->marks[i]);
    if (cell->glyph != ' ')
      end = text->length;
  }
  text_truncate(text, end);
}

void canvas_append(const struct canvas *canvas, struct text *text)
{
  for (size_t r = 0; r < canvas->rows; r++) {
    canvas_append_row(canvas, r, text);
    text_append_char(text, '\n');
  }
}
