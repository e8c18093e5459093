/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv_chunk.h"

#include <stdlib.h>

#include "base/bytes.h"
#include "base/memory.h"

enum { RECORDS_BETWEEN_LOOKS = 2048 /* at the task: about a millisecond */ };

struct csv_desk *csv_desk_new(const struct csv_records *records, const atomic_bool *is_stopped)
{
  struct csv_desk *desk = memory_new(1, sizeof *desk);
  desk->is_stopped = is_stopped;
  desk->builders = memory_new(records->header->n, sizeof *desk->builders);
  for (size_t i = 0; i < records->header->n; i++)
    column_builder_init(&desk->builders[i]);
  desk->context = (struct builder_context){.decimal_commas = records->decimal_commas,
                                           .na = &records->na,
                                           .date_format = records->date_format,
                                           .scratch = TEXT_INIT};
  return desk;
}

void csv_desk_free(struct csv_desk *desk, size_t n_columns)
{
  for (size_t i = 0; i < n_columns; i++)
    column_builder_clear(&desk->builders[i]);
  free(desk->builders);
  text_clear(&desk->context.scratch);
  free(desk);
}

static void ragged_note(struct csv_ragged *ragged, size_t line, size_t n_fields)
{
  if (ragged->n++)
    return;
  ragged->line = line;
  ragged->n_fields = n_fields;
}

/* Rows to make room for: no more than there are line ends, nor than fit when a row has all its delimiters. */
static size_t estimate_rows(const struct csv_records *records, const char *begin, const char *end)
{
  const size_t length = (size_t)(end - begin), most = length / records->header->n + 2;
  const size_t n_lines = byte_count(begin, length, '\n'), n_returns = n_lines ? 0 : byte_count(begin, length, '\r');
  const size_t estimate = (n_lines > n_returns ? n_lines : n_returns) + 1;
  return estimate < most ? estimate : most;
}

static void set_capacity(const struct csv_records *records, struct csv_desk *desk, size_t capacity)
{
  desk->context.capacity = capacity;
  for (size_t i = 0; i < records->header->n; i++)
    column_builder_grow(&desk->builders[i], &desk->context);
}

/* Reads what is behind the last column: empty fields are let through, a value has no column to go to. */
static enum status read_excess(const struct csv_records *records, struct csv_scan *scan, struct csv_chunk *chunk,
                               size_t line, struct error *error)
{
  struct csv_field field;
  const char *first_value = NULL;
  const size_t n_columns = records->header->n;
  size_t n_fields = n_columns;
  enum csv_next next;
  do {
    next = csv_scan_field(scan, &field);
    n_fields++;
    if (field.length && !first_value)
      first_value = field.bytes - field.is_quoted;
  } while (next == CSV_NEXT_FIELD);
  if (next == CSV_BROKEN)
    return error ? csv_scan_error(scan, records->text, error) : STATUS_ERROR;
  if (first_value && error) {
    error_set(error, "this record has %zu fields, but the header names %zu columns", n_fields, n_columns);
    error_hint(error, "put quotes around a text that holds the delimiter; if the first column holds the names of the "
                      "rows, give it a name in the header");
    return csv_text_error_at(records->text, (size_t)(first_value - scan->start), error);
  }
  ragged_note(&chunk->longer, line, n_fields);
  return first_value ? STATUS_ERROR : STATUS_OK;
}

/* Reads one record into the desk's row, which moves on unless the line was empty. */
static enum status read_record(const struct csv_records *records, struct csv_desk *desk, struct csv_scan *scan,
                               struct csv_chunk *chunk, struct error *error)
{
  struct builder_context *context = &desk->context;
  const size_t n_columns = records->header->n;
  struct csv_field field;
  enum csv_next next = CSV_NEXT_FIELD;
  size_t column = 0;
  context->line = scan->line;
  for (; column < n_columns && next == CSV_NEXT_FIELD; column++) {
    next = csv_scan_field(scan, &field);
    if (next == CSV_BROKEN)
      return error ? csv_scan_error(scan, records->text, error) : STATUS_ERROR;
    if (column == 0 && next == CSV_NEXT_RECORD && csv_field_is_blank_line(&field)) {
      chunk->n_blank++;
      return STATUS_OK;
    }
    column_builder_add(&desk->builders[column], context, &field);
  }
  if (next == CSV_NEXT_FIELD && read_excess(records, scan, chunk, context->line, error) != STATUS_OK)
    return STATUS_ERROR;
  if (column < n_columns)
    ragged_note(&chunk->shorter, context->line, column);
  for (; column < n_columns; column++)
    column_builder_add_missing(&desk->builders[column], context);
  context->row++;
  return STATUS_OK;
}

static bool is_stopped(const struct csv_records *records, const struct csv_desk *desk)
{
  return task_is_cancelled(records->task) || atomic_load_explicit(desk->is_stopped, memory_order_relaxed);
}

enum status csv_chunk_read(const struct csv_records *records, struct csv_desk *desk, struct csv_chunk *chunk,
                           const char *limit, struct error *error)
{
  struct csv_scan scan = records->body;
  scan.at = chunk->begin;
  scan.line = 1;
  desk->context.row = 0;
  chunk->n_blank = 0;
  chunk->shorter = chunk->longer = (struct csv_ragged){0};
  set_capacity(records, desk, scan.at < limit ? estimate_rows(records, scan.at, limit) : 0);
  for (size_t n = 1; scan.at < limit; n++) {
    if (n % RECORDS_BETWEEN_LOOKS == 0 && is_stopped(records, desk))
      return STATUS_CANCELLED;
    if (desk->context.row == desk->context.capacity)
      set_capacity(records, desk, desk->context.capacity + desk->context.capacity / 2 + 64);
    if (read_record(records, desk, &scan, chunk, error) != STATUS_OK)
      return STATUS_ERROR;
  }
  chunk->end = scan.at;
  chunk->n_rows = desk->context.row;
  chunk->n_lines = scan.line - 1;
  return STATUS_OK;
}

void csv_chunk_take(const struct csv_records *records, struct csv_desk *desk, struct csv_chunk *chunk)
{
  const size_t n_columns = records->header->n;
  if (!chunk->parts)
    chunk->parts = memory_new(n_columns, sizeof *chunk->parts);
  for (size_t i = 0; i < n_columns; i++) {
    if (desk->builders[i].notes.state == STATE_SKIPPED)
      continue;
    column_part_clear(&chunk->parts[i]);
    chunk->parts[i] = column_builder_take(&desk->builders[i], &desk->context);
  }
}

void csv_chunk_free_parts(const struct csv_records *records, struct csv_chunk *chunk)
{
  for (size_t i = 0; chunk->parts && i < records->header->n; i++)
    column_part_clear(&chunk->parts[i]);
  free(chunk->parts);
  chunk->parts = NULL;
}
