/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/describe.h"

#include <stdlib.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "data/date.h"

static const char *kind_name(enum column_kind kind)
{
  switch (kind) {
  case COLUMN_NUMBER:
    return "number";
  case COLUMN_DATE:
    return "date";
  case COLUMN_FACTOR:
    break;
  }
  return "factor";
}

static void append_value(struct text *text, const struct column *column, double value)
{
  if (column->kind == COLUMN_DATE)
    date_append(text, value);
  else
    text_append_format(text, "%.6g", value); /* to recognise it by; data tables hold all digits */
}

/* "22–81" for numbers and dates; returns how many members have a value. */
static size_t append_range(struct text *text, const struct column *column, const struct bitmap *members)
{
  double low, high;
  const size_t present = column_range(column, members, &low, &high);
  if (!present)
    return 0;
  append_value(text, column, low);
  text_append(text, "–");
  append_value(text, column, high);
  return present;
}

enum { LEVELS_SHOWN = 6, CONTENT_WIDTH = 60 };

/* "NR 49, PR 60, PHR 54" for a factor; returns how many members have a value. */
static size_t append_levels(struct text *text, const struct column *column, const struct bitmap *members)
{
  size_t *counts = memory_new(column->n_levels + 1, sizeof *counts), present = 0, shown = 0, used = 0;
  const size_t start = text->length;
  for (size_t row = 0; row < members->n; row++)
    if (bitmap_has(members, row))
      counts[column_code(column, row)]++;
  for (uint32_t code = 1; code <= column->n_levels; code++) {
    present += counts[code];
    used += counts[code] > 0;
  }
  if (used == present && used > LEVELS_SHOWN) {
    text_append_format(text, "%zu different values", used);
    free(counts);
    return present;
  }
  used = 0;
  for (uint32_t code = 1; code <= column->n_levels; code++) {
    if (!counts[code])
      continue;
    used++;
    if (shown == LEVELS_SHOWN || (shown && text->length > start + CONTENT_WIDTH))
      continue;
    text_append_format(text, "%s%s %zu", shown++ ? ", " : "", column->levels[code - 1].name, counts[code]);
  }
  if (used > shown)
    text_append_format(text, ", … %zu levels", used);
  free(counts);
  return present;
}

static size_t append_content(struct text *text, const struct column *column, const struct bitmap *members)
{
  return column->kind == COLUMN_FACTOR ? append_levels(text, column, members) : append_range(text, column, members);
}

/* What the columns hold, each found out by one thread. */
struct contents {
  const struct state *state;
  struct text *texts;
  size_t *present;
};

static void find_content(void *context, size_t i)
{
  const struct contents *contents = context;
  const struct state *state = contents->state;
  contents->present[i] = append_content(&contents->texts[i], state->cohort->columns[i], &state->members->rows);
}

void describe_columns(const struct state *state, struct report *report)
{
  const size_t n_columns = state->cohort->n_columns;
  struct contents contents = {state, memory_new(n_columns, sizeof *contents.texts), memory_new(n_columns, sizeof(size_t))};
  parallel_for_rows(state->cohort->n_rows, n_columns, find_content, &contents);
  struct table *table = table_new("columns", "name type present missing content");
  struct printed_table *printed = printed_table_new(NULL);
  printed_table_add_column(printed, "column", ALIGN_LEFT);
  printed_table_add_column(printed, "type", ALIGN_LEFT);
  printed_table_add_column(printed, "missing", ALIGN_RIGHT);
  printed_table_add_column(printed, "values", ALIGN_LEFT);
  for (size_t i = 0; i < n_columns; i++) {
    const struct column *column = state->cohort->columns[i];
    const char *content = text_string(&contents.texts[i]);
    const size_t present = contents.present[i], missing = state->members->count - present;
    table_add_text(table, column->name);
    table_add_text(table, kind_name(column->kind));
    table_add_number(table, (double)present);
    table_add_number(table, (double)missing);
    table_add_text(table, content);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", column->name);
    printed_table_set(printed, 1, "%s", kind_name(column->kind));
    if (missing)
      printed_table_set(printed, 2, "%zu", missing);
    printed_table_set(printed, 3, "%s", content);
    text_clear(&contents.texts[i]);
  }
  free(contents.texts);
  free(contents.present);
  report_add_table(report, table);
  report_add_printed(report, printed);
}

void describe_column(const struct state *state, const struct column *column, struct report *report)
{
  struct text content = TEXT_INIT;
  size_t present = append_content(&content, column, &state->members->rows);
  size_t missing = state->members->count - present;
  report_add_text(report, "%s: %s, %s; %zu missing", column->name, kind_name(column->kind),
                  present ? text_string(&content) : "no value", missing);
  text_clear(&content);
}

bool describe_replaced(const struct state *state, const char *name, struct report *report)
{
  if (!cohort_find_column(state->cohort, name))
    return false;
  report_warn(report, "this replaces the column %s that was there; undo brings it back", name);
  return true;
}
