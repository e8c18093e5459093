/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines one after the other, without addressing the cursor: for terminals that cannot, and for text outside the screen. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/utf8.h"
#include "ui/term_internal.h"

void term_write(const struct term *term, const char *bytes, size_t length)
{
  while (length > 0) {
    ssize_t n = write(term->tty, bytes, length);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return; /* nobody is there: reading will tell */
    bytes += n;
    length -= (size_t)n;
  }
}

void term_append_glyph(const struct term *term, uint32_t glyph, struct text *text)
{
  if (utf8_width(glyph) < 0)
    glyph = '?';
  if (term->utf8 || glyph < 0x80) {
    utf8_append(text, glyph);
    return;
  }
  char bytes[MB_LEN_MAX];
  mbstate_t state = {0};
  size_t n = wcrtomb(bytes, (wchar_t)glyph, &state);
  if (n == (size_t)-1 || n == 0)
    text_append_char(text, '?');
  else
    text_append_bytes(text, bytes, n);
}

static void append_row(const struct term *term, const struct canvas *canvas, size_t row, struct text *text)
{
  const struct canvas_cell *cells = canvas->cells + row * canvas->columns;
  size_t end = canvas->columns;
  while (end > 0 && cells[end - 1].glyph == ' ')
    end--;
  for (size_t i = 0; i < end; i++)
    if (cells[i].glyph)
      term_append_glyph(term, cells[i].glyph, text);
  text_append(text, "\r\n");
}

static bool row_differs(const struct canvas *a, const struct canvas *b, size_t row)
{
  for (size_t i = row * a->columns; i < (row + 1) * a->columns; i++)
    if (a->cells[i].glyph != b->cells[i].glyph)
      return true;
  return false;
}

void term_print_changes(struct term *term, const struct frame *frame)
{
  struct text text = TEXT_INIT;
  for (size_t row = 0; row < frame->canvas.rows; row++)
    if (term->repaint || row_differs(&frame->canvas, &term->shown, row))
      append_row(term, &frame->canvas, row, &text);
  term_write(term, text_string(&text), text.length);
  text_clear(&text);
}

void term_print_text(const struct term *term, const char *text)
{
  struct text out = TEXT_INIT;
  while (*text) {
    size_t length = strcspn(text, "\n");
    struct text line = TEXT_INIT, visible = TEXT_INIT;
    text_append_bytes(&line, text, length);
    utf8_append_visible(&visible, text_string(&line));
    for (size_t at = 0, used; at < visible.length; at += used) {
      uint32_t point;
      used = utf8_decode(visible.bytes + at, visible.length - at, &point);
      term_append_glyph(term, point, &out);
    }
    text_append(&out, "\r\n");
    text_clear(&line);
    text_clear(&visible);
    text += length + (text[length] == '\n');
  }
  term_write(term, text_string(&out), out.length);
  text_clear(&out);
}
