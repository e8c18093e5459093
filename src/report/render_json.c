/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON (RFC 8259), one object a report, on one line. */
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "report/render.h"

/* A string in quotes; invalid UTF-8 becomes U+FFFD, controls and what a terminal must not see \u escapes. */
static void append_string(struct text *out, const char *string)
{
  size_t left = strlen(string);
  text_append_char(out, '"');
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(string, left, &point);
    if (point & UTF8_INVALID)
      text_append(out, "\xEF\xBF\xBD");
    else if (point == '"' || point == '\\')
      text_append_format(out, "\\%c", (char)point);
    else if (utf8_width(point) < 0 && point < 0x10000)
      text_append_format(out, "\\u%04x", (unsigned)point);
    else if (utf8_width(point) < 0)
      text_append_format(out, "\\u%04x\\u%04x", (unsigned)(0xD7C0 + (point >> 10)), (unsigned)(0xDC00 | (point & 0x3FF)));
    else
      text_append_bytes(out, string, used);
    string += used;
    left -= used;
  }
  text_append_char(out, '"');
}

static void append_cell(struct text *out, const struct cell *cell)
{
  switch (cell->kind) {
  case CELL_NUMBER:
    if (!number_append_exact(out, cell->as.number))
      text_append(out, "null");
    break;
  case CELL_TEXT:
    append_string(out, cell->as.text);
    break;
  case CELL_TRUTH:
    text_append(out, cell->as.truth ? "true" : "false");
    break;
  case CELL_NA:
    text_append(out, "null");
    break;
  }
}

static void append_table(struct text *out, const struct table *table)
{
  append_string(out, table->id);
  text_append(out, ": {\"columns\": [");
  for (size_t c = 0; c < table->n_columns; c++) {
    text_append(out, c ? ", " : "");
    append_string(out, table->columns[c]);
  }
  text_append(out, "], \"rows\": [");
  for (size_t r = 0; r < table_n_rows(table); r++) {
    text_append(out, r ? ", [" : "[");
    for (size_t c = 0; c < table->n_columns; c++) {
      text_append(out, c ? ", " : "");
      append_cell(out, table_cell(table, r, c));
    }
    text_append_char(out, ']');
  }
  text_append(out, "]}");
}

void render_json(struct text *out, const struct report *report, const struct render_options *options)
{
  bool first = true;
  text_append(out, "{\"command\": ");
  append_string(out, report->command ? report->command : "");
  if (report->has_cohort)
    text_append_format(out, ", \"cohort\": {\"n\": %zu, \"used\": %zu, \"dropped\": %zu}", report->n, report->used,
                       report->dropped);
  else
    text_append(out, ", \"cohort\": null");
  text_append(out, ", \"tables\": {");
  for (size_t i = 0; i < report->n_tables; i++) {
    if (options->table && strcmp(options->table, report->tables[i]->id) != 0)
      continue;
    text_append(out, first ? "" : ", ");
    append_table(out, report->tables[i]);
    first = false;
  }
  text_append(out, "}, \"warnings\": [");
  for (size_t i = 0; i < report->n_warnings; i++) {
    text_append(out, i ? ", " : "");
    append_string(out, report->warnings[i]);
  }
  text_append(out, "]}\n");
}
