/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/paint.h"

#include "base/memory.h"
#include "base/utf8.h"

struct area area_line(struct area area, size_t row)
{
  area.row += row;
  area.rows = row < area.rows;
  return area;
}

struct area area_after(struct area line, size_t columns)
{
  if (columns > line.columns)
    columns = line.columns;
  line.column += columns;
  line.columns -= columns;
  return line;
}

struct area paint_text(struct canvas *canvas, struct area line, const char *text, enum canvas_style style,
                       enum charset charset)
{
  if (!line.rows || !line.columns)
    return line;
  return area_after(line, canvas_text(canvas, line, text, style, charset));
}

struct area paint_text_right(struct canvas *canvas, struct area line, const char *text, enum canvas_style style,
                             enum charset charset)
{
  const size_t width = utf8_string_width(text);
  if (!line.rows || width > line.columns)
    return line;
  paint_text(canvas, area_after(line, line.columns - width), text, style, charset);
  line.columns -= width;
  return line;
}

size_t paint_wrapped(struct canvas *canvas, struct area area, const char *text, enum canvas_style style,
                     enum charset charset)
{
  return canvas_wrapped(canvas, area, text, style, charset);
}

char *paint_next_line(const char *text, size_t columns, size_t *next)
{
  const size_t length = canvas_line_length(text, columns);
  *next = length + (text[length] == ' ' || text[length] == '\n');
  return memory_copy_bytes(text, length);
}

size_t paint_wrapped_rows(const char *text, size_t columns)
{
  return canvas_wrapped_rows(text, columns);
}

void paint_rule(struct canvas *canvas, struct area line, const char *title, bool focused, enum charset charset)
{
  const uint32_t dash = charset == CHARSET_ASCII ? '-' : 0x2500;
  if (!line.rows)
    return;
  canvas_fill(canvas, line, dash, STYLE_DIM);
  struct area inside = area_after(line, 1);
  inside = paint_text(canvas, inside, focused ? "> " : " ", STYLE_TITLE, charset);
  inside = paint_text(canvas, inside, title, focused ? STYLE_TITLE : STYLE_TEXT, charset);
  paint_text(canvas, inside, " ", STYLE_TEXT, charset);
}

void paint_divider(struct canvas *canvas, struct area area, enum charset charset)
{
  area.columns = area.columns > 0;
  canvas_fill(canvas, area, charset == CHARSET_ASCII ? '|' : 0x2502, STYLE_DIM);
}

void paint_dim(struct canvas *canvas, struct area area)
{
  for (size_t row = area.row; row < area.row + area.rows && row < canvas->rows; row++)
    for (size_t column = area.column; column < area.column + area.columns && column < canvas->columns; column++)
      canvas->cells[row * canvas->columns + column].style = STYLE_DIM;
}

void paint_blank(struct canvas *canvas, struct area area)
{
  canvas_fill(canvas, area, ' ', STYLE_TEXT);
}

void paint_copy(struct canvas *canvas, struct area area, const struct canvas *source)
{
  for (size_t row = 0; row < area.rows && row < source->rows && area.row + row < canvas->rows; row++) {
    for (size_t column = 0; column < area.columns && column < source->columns; column++) {
      if (area.column + column >= canvas->columns)
        break;
      canvas->cells[(area.row + row) * canvas->columns + area.column + column] =
          source->cells[row * source->columns + column];
    }
  }
}
