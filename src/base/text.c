/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void text_make_room(struct text *text, size_t more)
{
  size_t needed = text->length + more + 1;
  if (needed <= text->capacity)
    return;
  size_t capacity = text->capacity ? text->capacity : 32;
  while (capacity < needed)
    capacity *= 2;
  text->bytes = memory_resize(text->bytes, capacity, 1);
  text->capacity = capacity;
}

void text_append_bytes(struct text *text, const char *bytes, size_t length)
{
  text_make_room(text, length);
  if (length)
    memcpy(text->bytes + text->length, bytes, length);
  text->length += length;
  text->bytes[text->length] = '\0';
}

void text_append(struct text *text, const char *string)
{
  text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char c)
{
  text_append_bytes(text, &c, 1);
}

void text_append_repeated(struct text *text, char c, size_t count)
{
  text_make_room(text, count);
  memset(text->bytes + text->length, c, count);
  text->length += count;
  text->bytes[text->length] = '\0';
}

void text_append_vformat(struct text *text, const char *format, va_list arguments)
{
  va_list again;
  va_copy(again, arguments);
  int length = vsnprintf(NULL, 0, format, arguments);
  if (length > 0) {
    text_make_room(text, (size_t)length);
    vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
    text->length += (size_t)length;
  }
  va_end(again);
}

void text_append_format(struct text *text, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(text, format, arguments);
  va_end(arguments);
}

void text_truncate(struct text *text, size_t length)
{
  if (length >= text->length)
    return;
  text->length = length;
  text->bytes[length] = '\0';
}

const char *text_string(const struct text *text)
{
  return text->bytes ? text->bytes : "";
}

char *text_take(struct text *text)
{
  char *bytes = text->bytes ? text->bytes : memory_copy_string("");
  *text = (struct text)TEXT_INIT;
  return bytes;
}

void text_clear(struct text *text)
{
  free(text->bytes);
  *text = (struct text)TEXT_INIT;
}
