/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/wide_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/render_text_table.h"

enum { GAP = 2 }; /* columns between those of a table; one in the narrowest, which then shows a blank less */

/* The report's only printed table, or NULL. */
static const struct printed_table *only_table(const struct report *report)
{
  const struct printed_table *found = NULL;
  for (size_t i = 0; i < report->n_items; i++) {
    if (report->items[i].kind != ITEM_PRINTED)
      continue;
    if (found)
      return NULL;
    found = report->items[i].as.printed;
  }
  return found;
}

static size_t count_lines(const char *text, size_t length)
{
  size_t lines = 0;
  for (size_t i = 0; i < length; i++)
    lines += text[i] == '\n';
  return lines;
}

/* The lines that hold titles and rows: the table is printed again without its notes, and looked for. */
static bool find_lines(const char *shown, const struct printed_table *printed, size_t columns, bool ascii,
                       struct wide_table *table)
{
  struct printed_table body = *printed;
  struct text text = TEXT_INIT;
  body.n_notes = 0;
  render_text_table(&text, &body, columns, ascii, false);
  const char *at = strstr(shown, text_string(&text));
  if (at) {
    table->first_line = count_lines(shown, (size_t)(at - shown)) + (printed->title != NULL);
    table->n_lines = count_lines(text_string(&text), text.length) - (printed->title != NULL);
  }
  text_clear(&text);
  return at != NULL;
}

bool wide_table_find(const struct explorer *explorer, size_t columns, struct wide_table *table)
{
  const struct screen_results *results = explorer->view_results;
  const bool ascii = explorer_charset(explorer) == CHARSET_ASCII;
  *table = (struct wide_table){.columns = columns};
  const struct printed_table *printed = results && results->view_report ? only_table(results->view_report) : NULL;
  if (!printed || printed->n_columns < 3)
    return false;
  table->n = printed->n_columns;
  table->starts = memory_new(table->n + 1, sizeof *table->starts);
  const size_t total = render_text_columns(printed, columns, ascii, table->starts);

  table->starts[table->n] = total + GAP; /* as if there were another column */
  if (total > columns && table->starts[1] < columns && find_lines(results->view_text, printed, columns, ascii, table))
    return true;
  wide_table_clear(table);
  return false;
}

void wide_table_clear(struct wide_table *table)
{
  free(table->starts);
  table->starts = NULL;
}

size_t wide_table_first(const struct wide_table *table, size_t passed)
{
  size_t first = 1;
  while (first + 1 < table->n && table->starts[first] - table->starts[1] < passed)
    first++;
  return first;
}

size_t wide_table_last(const struct wide_table *table, size_t first)
{
  const size_t room = table->columns - table->starts[1];
  size_t last = first;
  while (last + 1 < table->n && table->starts[last + 2] - table->starts[first] <= room + GAP)
    last++;
  return last;
}

size_t wide_table_move(const struct wide_table *table, size_t passed, int step)
{
  size_t first = wide_table_first(table, passed);
  if (step > 0 && wide_table_last(table, first) + 1 < table->n)
    first++;
  else if (step < 0 && first > 1)
    first--;
  return table->starts[first] - table->starts[1];
}

/* Appends the columns `from` to `to` (exclusive) of a line, without filling them up. */
static void append_columns(struct text *text, const char *line, size_t length, size_t from, size_t to)
{
  struct text rest = TEXT_INIT;
  append_from_column(&rest, line, length, from);
  size_t at = 0;
  for (size_t column = from; at < rest.length && column < to;) {
    uint32_t point;
    const size_t bytes = utf8_decode(rest.bytes + at, rest.length - at, &point);
    const int width = utf8_width(point);
    column += width > 0 ? (size_t)width : 0;
    if (column <= to)
      text_append_bytes(text, rest.bytes + at, bytes);
    at += bytes;
  }
  text_clear(&rest);
}

void wide_table_append(const struct wide_table *table, size_t passed, const char *line, size_t length, struct text *text)
{
  const size_t first = wide_table_first(table, passed), last = wide_table_last(table, first), start = text->length;
  append_columns(text, line, length, 0, table->starts[1]);
  const size_t width = utf8_string_width(text_string(text) + start);
  text_append_repeated(text, ' ', width < table->starts[1] ? table->starts[1] - width : 0);
  append_columns(text, line, length, table->starts[first], table->starts[last + 1] - GAP);
}
