/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TSV, raw fields as R's write.table(quote = FALSE); CSV, RFC 4180. */
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "report/render.h"

/* The text with whatever breaks a field, or a terminal, turned into a blank or made visible. */
static void append_raw(struct text *out, const char *string)
{
  size_t left = strlen(string);
  while (left) {
    uint32_t point;
    size_t used = utf8_decode(string, left, &point);
    char form[12];
    if (point == '\t' || point == '\n' || point == '\r') {
      text_append_char(out, ' ');
    } else if (utf8_width(point) < 0) {
      utf8_visible_glyph(point, form);
      text_append(out, form);
    } else {
      text_append_bytes(out, string, used);
    }
    string += used;
    left -= used;
  }
}

/* A spreadsheet would run what begins with one of these. */
static bool looks_like_formula(const char *string)
{
  return *string && strchr("=+-@\t\r", *string);
}

static void append_csv_text(struct text *out, const char *string)
{
  struct text field = TEXT_INIT;
  if (looks_like_formula(string))
    text_append_char(&field, '\'');
  append_raw(&field, string);
  const char *raw = text_string(&field);
  bool quoted = strpbrk(raw, ",\"") || *raw == ' ' || (*raw && raw[strlen(raw) - 1] == ' ');
  if (quoted)
    text_append_char(out, '"');
  for (; *raw; raw++) {
    if (*raw == '"')
      text_append_char(out, '"');
    text_append_char(out, *raw);
  }
  if (quoted)
    text_append_char(out, '"');
  text_clear(&field);
}

static void append_cell(struct text *out, const struct cell *cell, char separator)
{
  switch (cell->kind) {
  case CELL_NUMBER:
    if (!number_append_exact(out, cell->as.number))
      text_append(out, "NA");
    break;
  case CELL_TRUTH:
    text_append(out, cell->as.truth ? "true" : "false");
    break;
  case CELL_NA:
    text_append(out, "NA");
    break;
  case CELL_TEXT:
    if (separator == ',')
      append_csv_text(out, cell->as.text);
    else
      append_raw(out, cell->as.text);
    break;
  }
}

static void append_table(struct text *out, const struct table *table, char separator)
{
  for (size_t c = 0; c < table->n_columns; c++) {
    if (c)
      text_append_char(out, separator);
    text_append(out, table->columns[c]);
  }
  text_append_char(out, '\n');
  for (size_t r = 0; r < table_n_rows(table); r++) {
    for (size_t c = 0; c < table->n_columns; c++) {
      if (c)
        text_append_char(out, separator);
      append_cell(out, table_cell(table, r, c), separator);
    }
    text_append_char(out, '\n');
  }
}

void render_delimited(struct text *out, const struct report *report, const struct render_options *options, char separator)
{
  bool first = true;
  for (size_t i = 0; i < report->n_tables; i++) {
    const struct table *table = report->tables[i];
    if (options->table && strcmp(options->table, table->id) != 0)
      continue;
    if (!options->table) {
      text_append_format(out, "%s# %s\n", first ? "" : "\n", table->id);
      first = false;
    }
    append_table(out, table, separator);
  }
}
