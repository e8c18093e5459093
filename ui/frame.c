/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/frame.h"

void frame_init(struct frame *frame, size_t rows, size_t columns)
{
  *frame = (struct frame){.cursor_shown = false};
  canvas_init(&frame->canvas, rows, columns);
}

void frame_clear(struct frame *frame)
{
  canvas_clear(&frame->canvas);
  *frame = (struct frame){.cursor_shown = false};
}

/* The letter of a cell's look: its style, in capitals (digits: as with Shift) where it is reversed; of plain text, the
 * attribute. */
static char look_letter(const struct canvas_cell *cell)
{
  static const char plain[STYLE_COUNT] = {' ', 'd', 't', 'k', 'w', 'n', '1', '2', '3', '4'};
  static const char reversed[STYLE_COUNT] = {'R', 'D', 'T', 'K', 'W', 'N', '!', '@', '#', '$'};
  size_t style = cell->style < STYLE_COUNT ? cell->style : STYLE_TEXT;
  if (cell->attributes & ATTRIBUTE_REVERSE)
    return reversed[style];
  if (style != STYLE_TEXT)
    return plain[style];
  if (cell->attributes & ATTRIBUTE_UNDERLINE)
    return 'u';
  return cell->attributes & ATTRIBUTE_BOLD ? 'b' : ' ';
}

/* Blank cells look the same in every style that is not reversed or underlined: they get no letter. */
static bool look_shows(const struct canvas_cell *cell)
{
  return cell->glyph != ' ' || cell->attributes & (ATTRIBUTE_REVERSE | ATTRIBUTE_UNDERLINE);
}

static void append_looks(const struct canvas *canvas, size_t row, struct text *text)
{
  const struct canvas_cell *cells = canvas->cells + row * canvas->columns;
  size_t end = 0;
  for (size_t i = 0; i < canvas->columns; i++)
    if (look_shows(&cells[i]) && look_letter(&cells[i]) != ' ')
      end = i + 1;
  if (end == 0)
    return;
  for (size_t i = 0; i < end; i++)
    text_append_char(text, look_shows(&cells[i]) ? look_letter(&cells[i]) : ' ');
  text_append_char(text, '\n');
}

void frame_append(const struct frame *frame, bool attributes, struct text *text)
{
  for (size_t row = 0; row < frame->canvas.rows; row++) {
    canvas_append_row(&frame->canvas, row, text);
    text_append_char(text, '\n');
    if (attributes)
      append_looks(&frame->canvas, row, text);
  }
}
