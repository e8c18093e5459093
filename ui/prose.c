/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/prose.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/canvas.h"

/* Columns: a line so wide was broken by hand where it is full; where what is told of a key begins at most; further in go the
 * rests of an indented line; text that is worth indenting. */
enum { FULL_LINE = 60, MOST_KEY = 28, FURTHER = 2, LEAST_TOLD = 12 };

/* A line as it was written. */
struct written {
  const char *at;
  size_t length, indent; /* bytes; blanks it begins with */
  size_t told;           /* where what is told of a key begins; else the indent */
  size_t width;          /* columns */
};

static size_t width_of(const char *bytes, size_t length)
{
  char *copy = memory_copy_bytes(bytes, length);
  const size_t width = utf8_string_width(copy);
  free(copy);
  return width;
}

/* "  at=    times": two blanks, a key, and a gap of two or more; not the blanks behind a sentence. */
static size_t find_told(const struct written *line)
{
  for (size_t i = line->indent + 1; line->indent >= 2 && i + 2 < line->length && i < MOST_KEY; i++) {
    if (line->at[i] != ' ' || line->at[i + 1] != ' ' || line->at[i - 1] == '.')
      continue;
    while (i < line->length && line->at[i] == ' ')
      i++;
    return i < line->length ? i : line->indent;
  }
  return line->indent;
}

static struct written read_line(const char *text)
{
  struct written line = {.at = text, .length = strcspn(text, "\n")};
  line.indent = strspn(text, " ");
  line.indent = line.indent < line.length ? line.indent : 0;
  line.told = find_told(&line);
  line.width = width_of(text, line.length);
  return line;
}

static const char *after(const struct written *line)
{
  return line->at + line->length + (line->at[line->length] == '\n');
}

/* Whether a line goes on with the paragraph that `first` begins and `last` ends so far. */
static bool goes_on(const struct written *first, const struct written *last, const struct written *line)
{
  return line->length && last->width >= FULL_LINE && line->told == line->indent && line->indent == first->told;
}

static void append_broken(struct text *text, const char *paragraph, size_t hang, size_t columns)
{
  size_t indent = 0;
  do {
    const size_t length = canvas_line_length(paragraph, columns - indent);
    text_append_repeated(text, ' ', indent);
    text_append_bytes(text, paragraph, length);
    text_append_char(text, '\n');
    paragraph += length;
    paragraph += strspn(paragraph, " ");
    indent = hang;
  } while (*paragraph);
}

static bool all_fit(const char *text, size_t columns)
{
  while (*text) {
    const struct written line = read_line(text);
    if (line.width > columns)
      return false;
    text = after(&line);
  }
  return true;
}

char *prose_wrapped(const char *text, size_t columns)
{
  struct text wrapped = TEXT_INIT;
  if (!columns || all_fit(text, columns))
    return memory_copy_string(text);
  while (*text) {
    const struct written first = read_line(text);
    struct written last = first;
    struct text paragraph = TEXT_INIT;
    text_append_bytes(&paragraph, first.at, first.length);
    for (text = after(&first); *text; text = after(&last)) {
      const struct written line = read_line(text);
      if (!goes_on(&first, &last, &line))
        break;
      text_append(&paragraph, last.at[last.length - 1] == '.' ? "  " : " ");
      text_append_bytes(&paragraph, line.at + line.indent, line.length - line.indent);
      last = line;
    }
    const size_t further = first.indent ? first.indent + FURTHER : 0;
    const size_t wanted = first.told > first.indent ? width_of(first.at, first.told) : further;
    append_broken(&wrapped, text_string(&paragraph), columns >= wanted + LEAST_TOLD ? wanted : 0, columns);
    text_clear(&paragraph);
  }
  return text_take(&wrapped);
}
