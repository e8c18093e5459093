/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/label.h"

#include <string.h>

#include "base/utf8.h"

/* Columns in which a middle can be cut out, else too little is left on both sides; of a tail that is told from another at a
 * glance. */
enum { LEAST_CUT = 6, LEAST_TAIL = 8 };

static size_t point_width(uint32_t point)
{
  char form[12];
  const int width = utf8_width(point);
  if (width >= 0)
    return (size_t)width;
  utf8_visible_glyph(point, form);
  return strlen(form);
}

/* Bytes at the beginning of `label` that take at most `columns`. */
static size_t head_of(const char *label, size_t columns)
{
  const size_t length = strlen(label);
  size_t at = 0, width = 0;
  while (at < length) {
    uint32_t point;
    const size_t bytes = utf8_decode(label + at, length - at, &point);
    width += point_width(point);
    if (width > columns)
      break;
    at += bytes;
  }
  return at;
}

/* Where the end of `label` begins that takes at most `columns`. */
static size_t tail_of(const char *label, size_t columns)
{
  const size_t length = strlen(label);
  size_t width = utf8_string_width(label), at = 0;
  while (at < length && width > columns) {
    uint32_t point;
    const size_t bytes = utf8_decode(label + at, length - at, &point);
    width -= point_width(point);
    at += bytes;
  }
  return at;
}

/* The first byte at which two labels part, moved back to where a character of `label` begins. */
static size_t parting(const char *label, const char *other)
{
  const size_t length = strlen(label);
  size_t same = 0, at = 0;
  while (label[same] && label[same] == other[same])
    same++;
  while (at < length) {
    uint32_t point;
    const size_t bytes = utf8_decode(label + at, length - at, &point);
    if (at + bytes > same)
      break;
    at += bytes;
  }
  return at;
}

static bool is_other(const char *const *labels, size_t which, size_t i)
{
  return i != which && labels[i] && strcmp(labels[i], labels[which]) != 0;
}

void label_append_cut(struct text *text, const char *const *labels, size_t n, size_t which, size_t width, bool ascii)
{
  const char *label = labels[which], *mark = ascii ? "~" : "…";
  if (!label || utf8_string_width(label) <= width) {
    text_append(text, label ? label : "");
    return;
  }
  const size_t room = width ? width - 1 : 0, plain = head_of(label, room);
  const size_t head = head_of(label, room * 2 / 5), tail = tail_of(label, room - room * 2 / 5);
  bool same_head = false, same_both = false;
  size_t parts = 0;
  for (size_t i = 0; i < n; i++) {
    if (!is_other(labels, which, i) || strncmp(labels[i], label, plain) != 0 || utf8_string_width(labels[i]) <= width)
      continue;
    const size_t from = parting(label, labels[i]);
    same_head = true;
    same_both |= strcmp(labels[i] + tail_of(labels[i], room - room * 2 / 5), label + tail) == 0;
    parts = from > parts ? from : parts;
  }
  if (!same_head || width < LEAST_CUT) {
    text_append_bytes(text, label, plain);
    if (width)
      text_append(text, mark);
    return;
  }
  text_append_bytes(text, label, head);
  text_append(text, mark);
  const size_t left = room - room * 2 / 5, from = same_both || left < LEAST_TAIL ? parts : tail;
  const bool fits = utf8_string_width(label + from) <= left;
  text_append_bytes(text, label + from, head_of(label + from, fits ? left : left - 1));
  if (!fits)
    text_append(text, mark);
}
