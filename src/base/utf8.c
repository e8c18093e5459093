/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Widths and categories come from libunistring, so that they do not depend on the locale. */
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <unictype.h>
#include <unistr.h>
#include <uniwidth.h>

size_t utf8_decode(const char *bytes, size_t length, uint32_t *point)
{
  const unsigned char first = (unsigned char)bytes[0];
  if (first < 0x80) {
    *point = first;
    return 1;
  }
  ucs4_t decoded;
  int used = u8_mbtoucr(&decoded, (const uint8_t *)bytes, length);
  if (used <= 0) {
    *point = UTF8_INVALID | first;
    return 1;
  }
  *point = decoded;
  return (size_t)used;
}

void utf8_append(struct text *text, uint32_t point)
{
  uint8_t bytes[6];
  int length = u8_uctomb(bytes, point, sizeof bytes);
  if (length > 0)
    text_append_bytes(text, (const char *)bytes, (size_t)length);
}

bool utf8_is_valid(const char *bytes, size_t length)
{
  return u8_check((const uint8_t *)bytes, length) == NULL;
}

/* Formatting characters reorder or hide their neighbours; private-use glyphs have no agreed width; line and paragraph
 * separators may break a line.  Variation selectors and ZWJ change the width of what stands before them. */
static bool is_refused(uint32_t point)
{
  if (point & UTF8_INVALID)
    return true;
  if ((point >= 0xFE00 && point <= 0xFE0F) || (point >= 0xE0100 && point <= 0xE01EF) || (point >= 0x180B && point <= 0x180F))
    return true;
  return uc_is_general_category_withtable(point, UC_CATEGORY_MASK_Cc | UC_CATEGORY_MASK_Cf | UC_CATEGORY_MASK_Cs |
                                                   UC_CATEGORY_MASK_Co | UC_CATEGORY_MASK_Cn | UC_CATEGORY_MASK_Zl |
                                                   UC_CATEGORY_MASK_Zp);
}

int utf8_width(uint32_t point)
{
  if (point >= 0x20 && point < 0x7F)
    return 1;
  if (is_refused(point))
    return -1;
  return uc_width(point, "UTF-8");
}

void utf8_visible_glyph(uint32_t point, char form[12])
{
  if (point & UTF8_INVALID)
    snprintf(form, 12, "<%02X>", (unsigned)(point & 0xFF));
  else if (point < 0x20)
    snprintf(form, 12, "^%c", (char)(point + 0x40));
  else if (point == 0x7F)
    snprintf(form, 12, "^?");
  else
    snprintf(form, 12, "<U+%04X>", (unsigned)(point & 0x1FFFFF));
}

/* Appends one point as it is shown and returns its columns. */
static size_t append_point(struct text *text, uint32_t point, const char *bytes, size_t length)
{
  int width = utf8_width(point);
  if (width >= 0) {
    text_append_bytes(text, bytes, length);
    return (size_t)width;
  }
  char form[12];
  utf8_visible_glyph(point, form);
  text_append(text, form);
  return strlen(form);
}

void utf8_append_visible(struct text *text, const char *string)
{
  size_t left = strlen(string);
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(string, left, &point);
    append_point(text, point, string, used);
    string += used;
    left -= used;
  }
}

size_t utf8_string_width(const char *string)
{
  size_t width = 0, left = strlen(string);
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(string, left, &point);
    int columns = utf8_width(point);
    char form[12];
    if (columns < 0) {
      utf8_visible_glyph(point, form);
      columns = (int)strlen(form);
    }
    width += (size_t)columns;
    string += used;
    left -= used;
  }
  return width;
}

static void append_cut(struct text *text, const char *string, size_t width, bool ascii)
{
  size_t room = width - 1, used_columns = 0, left = strlen(string);
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(string, left, &point);
    size_t before = text->length;
    size_t columns = append_point(text, point, string, used);
    if (used_columns + columns > room) {
      text_truncate(text, before);
      break;
    }
    used_columns += columns;
    string += used;
    left -= used;
  }
  text_append(text, ascii ? "~" : "…");
  text_append_repeated(text, ' ', room - used_columns);
}

void utf8_append_fitted(struct text *text, const char *string, size_t width, bool right_aligned, bool ascii)
{
  size_t needed = utf8_string_width(string);
  if (width == 0)
    return;
  if (needed > width) {
    append_cut(text, string, width, ascii);
    return;
  }
  if (right_aligned)
    text_append_repeated(text, ' ', width - needed);
  utf8_append_visible(text, string);
  if (!right_aligned)
    text_append_repeated(text, ' ', width - needed);
}
