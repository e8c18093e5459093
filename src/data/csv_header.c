/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv_header.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "data/level_table.h"

/* The field as a name: unescaped, without blanks around it. */
static char *field_name(const struct csv_field *field)
{
  struct text text = TEXT_INIT;
  if (field->is_escaped)
    csv_field_unescape(field, &text);
  else
    text_append_bytes(&text, field->bytes, field->length);
  const char *start = text_string(&text) + strspn(text_string(&text), " \t\r\n");
  size_t length = strlen(start);
  while (length && strchr(" \t\r\n", start[length - 1]))
    length--;
  char *name = memory_copy_bytes(start, length);
  text_clear(&text);
  return name;
}

static enum status read_names(struct csv_header *header, struct csv_scan *scan, const struct csv_text *text,
                              struct load_report *report, struct error *error)
{
  struct csv_field field;
  enum csv_next next = CSV_NEXT_RECORD;
  while (header->n == 0 && scan->at < scan->end) {
    header->line = scan->line;
    next = csv_scan_field(scan, &field);
    if (next == CSV_NEXT_RECORD && csv_field_is_blank_line(&field)) {
      report->rows_blank++;
      continue;
    }
    while (next != CSV_BROKEN) {
      MEMORY_APPEND(header->names, header->n, header->capacity, field_name(&field));
      if (next == CSV_NEXT_RECORD)
        break;
      next = csv_scan_field(scan, &field);
    }
    if (next == CSV_BROKEN)
      return csv_scan_error(scan, text, error);
  }
  if (header->n)
    return STATUS_OK;
  error_set(error, "the file is empty");
  error_hint(error, "its first line must hold the names of the columns");
  return error_in_file(error, text->path, 0, 0);
}

/* Adds the name to those that are taken; false where it was taken already. */
static bool take_name(struct level_table *taken, const char *name)
{
  const size_t n_before = taken->n;
  return level_table_code(taken, name, strlen(name), 0, true) > n_before;
}

static void make_unique(struct csv_header *header, size_t position, struct level_table *taken,
                        struct load_report *report)
{
  char *name = header->names[position];
  struct text text = TEXT_INIT;
  if (!*name)
    text_append_format(&text, "column_%zu", position + 1);
  else
    text_append(&text, name);
  const size_t length = text.length;
  for (size_t k = 2; !take_name(taken, text_string(&text)); k++) {
    text_truncate(&text, length);
    text_append_format(&text, "_%zu", k);
  }
  if (!*name)
    load_report_warn(report, "line %zu: column %zu has no name; it is called %s", header->line, position + 1,
                     text_string(&text));
  else if (text.length > length)
    load_report_warn(report, "line %zu: there is more than one column %s; column %zu is called %s", header->line, name,
                     position + 1, text_string(&text));
  free(name);
  header->names[position] = text_take(&text);
}

/* A file without a header would lose its first patient without a word. */
static void warn_if_data(const struct csv_header *header, struct load_report *report)
{
  double value;
  for (size_t i = 0; i < header->n; i++)
    if (!number_parse(header->names[i], strlen(header->names[i]), &value))
      return;
  load_report_warn(report, "line %zu is taken as the names of the columns, but holds only numbers", header->line);
}

enum status csv_header_read(struct csv_header *header, struct csv_scan *scan, const struct csv_text *text,
                            struct load_report *report, struct error *error)
{
  *header = (struct csv_header)CSV_HEADER_INIT;
  if (read_names(header, scan, text, report, error) != STATUS_OK) {
    csv_header_clear(header);
    return STATUS_ERROR;
  }
  warn_if_data(header, report);
  struct level_table taken = LEVEL_TABLE_INIT;
  for (size_t i = 0; i < header->n; i++)
    make_unique(header, i, &taken, report);
  level_table_clear(&taken);
  return STATUS_OK;
}

void csv_header_clear(struct csv_header *header)
{
  for (size_t i = 0; i < header->n; i++)
    free(header->names[i]);
  free(header->names);
  *header = (struct csv_header)CSV_HEADER_INIT;
}

size_t csv_header_find(const struct csv_header *header, const char *name)
{
  size_t i = 0;
  while (i < header->n && strcmp(header->names[i], name) != 0)
    i++;
  return i;
}
