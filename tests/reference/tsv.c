/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/reference/tsv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void give_up(const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
  exit(2);
}

void *must_have(void *pointer)
{
  if (!pointer)
    give_up("out of memory");
  return pointer;
}

char *read_all(int descriptor)
{
  size_t length = 0, room = 1 << 16;
  char *bytes = must_have(malloc(room));
  for (;;) {
    ssize_t n = read(descriptor, bytes + length, room - length - 1);
    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      break;
    length += (size_t)n;
    if (room - length < 2)
      bytes = must_have(realloc(bytes, room *= 2));
  }
  bytes[length] = '\0';
  return bytes;
}

static size_t count(const char *text, char wanted, char end)
{
  size_t n = 0;
  for (; *text && *text != end; text++)
    n += *text == wanted;
  return n;
}

struct tsv tsv_read(const char *path)
{
  int descriptor = open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    give_up("%s: %s", path, strerror(errno));
  struct tsv tsv = {.bytes = read_all(descriptor)};
  close(descriptor);

  size_t n_lines = count(tsv.bytes, '\n', '\0');
  tsv.n_columns = count(tsv.bytes, '\t', '\n') + 1;
  tsv.fields = must_have(calloc(n_lines * tsv.n_columns + 1, sizeof *tsv.fields));
  char *rest = tsv.bytes;
  for (size_t row = 0; row < n_lines; row++) {
    char *line = strsep(&rest, "\n");
    for (size_t column = 0; column < tsv.n_columns; column++)
      if (!(tsv.fields[row * tsv.n_columns + column] = strsep(&line, "\t")))
        give_up("%s:%zu: too few fields", path, row + 1);
    if (line)
      give_up("%s:%zu: too many fields", path, row + 1);
  }
  if (n_lines == 0 || *rest)
    give_up("%s: the last line is not closed", path);
  tsv.n_rows = n_lines - 1;
  return tsv;
}

void tsv_clear(struct tsv *tsv)
{
  free(tsv->fields);
  free(tsv->bytes);
  *tsv = (struct tsv){.bytes = NULL};
}

const char *tsv_field(const struct tsv *tsv, size_t row, size_t column)
{
  return tsv->fields[(row + 1) * tsv->n_columns + column];
}

size_t tsv_column(const struct tsv *tsv, const char *name)
{
  size_t column = 0;
  while (column < tsv->n_columns && strcmp(tsv->fields[column], name) != 0)
    column++;
  return column;
}
