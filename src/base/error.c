/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"

static char *formatted(const char *format, va_list arguments)
{
  struct text text = TEXT_INIT;
  text_append_vformat(&text, format, arguments);
  return text_take(&text);
}

enum status error_set(struct error *error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  char *what = formatted(format, arguments); /* before the clear: the arguments may point into the old error */
  va_end(arguments);
  error_clear(error);
  error->what = what;
  return STATUS_ERROR;
}

enum status error_hint(struct error *error, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  char *hint = formatted(format, arguments);
  va_end(arguments);
  free(error->hint);
  error->hint = hint;
  return STATUS_ERROR;
}

enum status error_in_file(struct error *error, const char *file, size_t line, size_t column)
{
  char *copy = file ? memory_copy_string(file) : NULL;
  free(error->file);
  error->file = copy;
  error->line = line;
  error->column = column;
  return STATUS_ERROR;
}

enum status error_in_command(struct error *error, size_t start, size_t length)
{
  error->start = start;
  error->length = length;
  error->has_range = true;
  return STATUS_ERROR;
}

void error_clear(struct error *error)
{
  free(error->what);
  free(error->hint);
  free(error->file);
  *error = (struct error)ERROR_INIT;
}
