/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/printed.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"

struct printed_table *printed_table_new(const char *title)
{
  struct printed_table *table = memory_new(1, sizeof *table);
  table->title = title ? memory_copy_string(title) : NULL;
  return table;
}

void printed_table_free(struct printed_table *table)
{
  if (!table)
    return;
  for (size_t r = 0; r < table->n_rows; r++) {
    for (size_t c = 0; c < table->n_columns; c++)
      free(table->rows[r].cells[c]);
    free(table->rows[r].cells);
    free(table->rows[r].values);
  }
  for (size_t c = 0; c < table->n_columns; c++)
    free(table->columns[c].title);
  for (size_t i = 0; i < table->n_notes; i++)
    free(table->notes[i]);
  free(table->rows);
  free(table->columns);
  free(table->notes);
  free(table->title);
  free(table);
}

void printed_table_add_column(struct printed_table *table, const char *title, enum alignment alignment)
{
  assert(table->n_rows == 0);
  struct printed_column column = {.title = memory_copy_string(title), .alignment = alignment};
  MEMORY_APPEND(table->columns, table->n_columns, table->columns_capacity, column);
}

void printed_table_begin_row(struct printed_table *table, enum printed_row_kind kind)
{
  struct printed_row row = {.kind = kind, .cells = memory_new(table->n_columns, sizeof *row.cells)};
  MEMORY_APPEND(table->rows, table->n_rows, table->rows_capacity, row);
}

static char *formatted(const char *format, va_list arguments)
{
  struct text text = TEXT_INIT;
  text_append_vformat(&text, format, arguments);
  return text_take(&text);
}

/* The value beside the cell of the row under way. */
static struct printed_value *value_of(struct printed_table *table, size_t column)
{
  struct printed_row *row = &table->rows[table->n_rows - 1];
  if (!row->values)
    row->values = memory_new(table->n_columns, sizeof *row->values);
  return &row->values[column];
}

void printed_table_set(struct printed_table *table, size_t column, const char *format, ...)
{
  assert(table->n_rows && column < table->n_columns);
  if (table->rows[table->n_rows - 1].values)
    *value_of(table, column) = (struct printed_value){.kind = PRINTED_TEXT};
  va_list arguments;
  va_start(arguments, format);
  char **cell = &table->rows[table->n_rows - 1].cells[column];
  free(*cell);
  *cell = formatted(format, arguments);
  va_end(arguments);
}

void printed_table_set_p(struct printed_table *table, size_t column, double p)
{
  struct text text = TEXT_INIT;
  number_append_p(&text, p, false);
  printed_table_set(table, column, "%s", text_string(&text));
  if (isfinite(p))
    *value_of(table, column) = (struct printed_value){.kind = PRINTED_P, .estimate = p};
  text_clear(&text);
}

static void set_value(struct printed_table *table, size_t column, const struct printed_value *value)
{
  struct text text = TEXT_INIT;
  if (!isfinite(value->estimate)) {
    printed_table_set(table, column, "NE");
    return;
  }
  printed_append_interval(&text, value->estimate, value->low, value->high, value->decimals, false);
  printed_table_set(table, column, "%s", text_string(&text));
  *value_of(table, column) = *value;
  text_clear(&text);
}

void printed_table_set_interval(struct printed_table *table, size_t column, double estimate, double low, double high,
                                int decimals)
{
  const struct printed_value value = {
      .kind = PRINTED_INTERVAL, .estimate = estimate, .low = low, .high = high, .decimals = decimals};
  set_value(table, column, &value);
}

void printed_table_set_limits(struct printed_table *table, size_t column, const char *text)
{
  printed_table_set(table, column, "%s", text);
  *value_of(table, column) = (struct printed_value){.kind = PRINTED_LIMITS};
}

int printed_ratio_decimals(double ratio)
{
  return ratio < 0.095 ? 3 : 2;
}

void printed_table_set_ratio(struct printed_table *table, size_t column, double ratio, double low, double high)
{
  const struct printed_value value = {.kind = PRINTED_INTERVAL,
                                      .estimate = ratio,
                                      .low = low,
                                      .high = high,
                                      .decimals = printed_ratio_decimals(ratio),
                                      .is_ratio = true};
  set_value(table, column, &value);
}

void printed_table_note(struct printed_table *table, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  MEMORY_APPEND(table->notes, table->n_notes, table->notes_capacity, formatted(format, arguments));
  va_end(arguments);
}

/* A hazard ratio of 1e30 is no number to read; nor is one whose decimals are all lost. */
static void append_estimate(struct text *text, double value, int decimals)
{
  if (!isfinite(value))
    text_append(text, "NE");
  else if (fabs(value) >= 1e5)
    text_append_format(text, "%.2e", value);
  else
    number_append_fixed(text, value, decimals);
}

void printed_append_interval(struct text *text, double estimate, double low, double high, int decimals, bool ascii)
{
  if (!isfinite(estimate)) {
    text_append(text, ascii ? "-" : "–");
    return;
  }
  append_estimate(text, estimate, decimals);
  text_append(text, " (");
  append_estimate(text, low, decimals);
  if (low < 0 || high < 0)
    text_append(text, " to "); /* a dash would run into a minus sign */
  else
    text_append(text, ascii ? "-" : "–");
  append_estimate(text, high, decimals);
  text_append_char(text, ')');
}

void printed_append_time(struct text *text, double time, int decimals)
{
  if (!isfinite(time)) {
    text_append(text, "NR");
    return;
  }
  size_t start = text->length;
  if (time > 0 && time < 0.5 * pow(10, -decimals)) { /* times in units that large: their digits, not 0 */
    text_append_format(text, "%.3g", time);
    return;
  }
  number_append_fixed(text, time, decimals);
  if (!strchr(text->bytes + start, '.'))
    return;
  while (text->bytes[text->length - 1] == '0')
    text_truncate(text, text->length - 1);
  if (text->bytes[text->length - 1] == '.')
    text_truncate(text, text->length - 1);
}

void printed_append_p_sentence(struct text *text, double p)
{
  struct text value = TEXT_INIT;
  number_append_p(&value, p, false);
  const char *number = text_string(&value);
  if (*number == '<' || *number == '>')
    text_append_format(text, "p %c %s", *number, number + 1);
  else
    text_append_format(text, "p = %s", number);
  text_clear(&value);
}

const char *printed_mark(size_t i)
{
  static const char *const marks[] = {"ᵃ", "ᵇ", "ᶜ", "ᵈ", "ᵉ", "ᶠ", "ᵍ", "ʰ", "ⁱ", "ʲ", "ᵏ", "ˡ"};
  enum { N_MARKS = sizeof marks / sizeof *marks };
  return marks[i < N_MARKS ? i : N_MARKS - 1];
}
