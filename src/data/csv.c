/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the text to the cohort: header, a pass over all records that types the columns as it goes, and a second pass
 * for the columns whose first guess did not last. */
#include "data/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "data/column_builder.h"
#include "data/csv_header.h"
#include "data/csv_scan.h"
#include "data/csv_sniff.h"
#include "data/csv_text.h"
#include "data/name_match.h"

enum {
  RECORDS_BETWEEN_LOOKS = 2048, /* at the task: about a millisecond */
  BYTES_BETWEEN_RELEASES = 4 << 20,
  COUNTED_BYTES = 1 << 20 /* by one thread at a time */
};

/* A kind of irregular record: how many there are, and the first of them. */
struct ragged {
  size_t n, line, n_fields;
};

struct csv_reader {
  const struct file_bytes *file;
  struct csv_text text;
  const struct load_options *options;
  struct task *task;
  struct load_report *report;
  struct csv_header header;
  struct csv_scan body; /* at the first record after the header */
  struct column_builder *builders;
  struct builder_context context;
  struct ragged shorter, longer;
};

static void ragged_note(struct ragged *ragged, size_t line, size_t n_fields)
{
  if (ragged->n++)
    return;
  ragged->line = line;
  ragged->n_fields = n_fields;
}

/* Line ends of each part of the text. */
struct line_count {
  const struct csv_reader *reader;
  size_t *lines, *returns;
};

static void count_part(void *context, size_t part)
{
  const struct line_count *count = context;
  const char *begin = count->reader->body.at + part * COUNTED_BYTES;
  const size_t rest = (size_t)(count->reader->body.end - begin), length = rest < COUNTED_BYTES ? rest : COUNTED_BYTES;
  count->lines[part] = byte_count(begin, length, '\n');
  count->returns[part] = byte_count(begin, length, '\r');
  file_bytes_release(count->reader->file, begin, begin + length);
}

/* Rows to make room for: no more than there are line ends, nor than fit when a row has all its delimiters. */
static size_t estimate_rows(const struct csv_reader *reader)
{
  const size_t length = (size_t)(reader->body.end - reader->body.at), n_parts = (length + COUNTED_BYTES - 1) / COUNTED_BYTES;
  const size_t most = length / reader->header.n + 2;
  size_t n_lines = 0, n_returns = 0;
  struct line_count count = {reader, memory_new(n_parts, sizeof(size_t)), memory_new(n_parts, sizeof(size_t))};
  parallel_run(n_parts, count_part, &count);
  for (size_t part = 0; part < n_parts; part++) {
    n_lines += count.lines[part];
    n_returns += count.returns[part];
  }
  free(count.lines);
  free(count.returns);
  const size_t estimate = (n_lines > n_returns ? n_lines : n_returns) + 1;
  return estimate < most ? estimate : most;
}

static void grow(struct csv_reader *reader)
{
  reader->context.capacity += reader->context.capacity / 2 + 64;
  for (size_t i = 0; i < reader->header.n; i++)
    column_builder_grow(&reader->builders[i], &reader->context);
}

/* Reads what is behind the last column: empty fields are let through, a value has no column to go to. */
static enum status read_excess(struct csv_reader *reader, struct csv_scan *scan, bool is_first_pass,
                               struct error *error)
{
  struct csv_field field;
  const char *first_value = NULL;
  size_t n_fields = reader->header.n;
  enum csv_next next;
  do {
    next = csv_scan_field(scan, &field);
    n_fields++;
    if (field.length && !first_value)
      first_value = field.bytes - field.is_quoted;
  } while (next == CSV_NEXT_FIELD);
  if (next == CSV_BROKEN)
    return csv_scan_error(scan, &reader->text, error);
  if (first_value) {
    error_set(error, "this record has %zu fields, but the header names %zu columns", n_fields, reader->header.n);
    error_hint(error, "put quotes around a text that holds the delimiter; if the first column holds the names of the "
                      "rows, give it a name in the header");
    return csv_text_error_at(&reader->text, (size_t)(first_value - scan->start), error);
  }
  if (is_first_pass)
    ragged_note(&reader->longer, reader->context.line, n_fields);
  return STATUS_OK;
}

/* Reads one record into the row context.row, which moves on unless the line was empty. */
static enum status read_record(struct csv_reader *reader, struct csv_scan *scan, bool is_first_pass,
                               struct error *error)
{
  struct builder_context *context = &reader->context;
  const size_t n_columns = reader->header.n;
  struct csv_field field;
  enum csv_next next = CSV_NEXT_FIELD;
  size_t column = 0;
  context->line = scan->line;
  for (; column < n_columns && next == CSV_NEXT_FIELD; column++) {
    next = csv_scan_field(scan, &field);
    if (next == CSV_BROKEN)
      return csv_scan_error(scan, &reader->text, error);
    if (column == 0 && next == CSV_NEXT_RECORD && csv_field_is_blank_line(&field)) {
      reader->report->rows_blank += is_first_pass;
      return STATUS_OK;
    }
    column_builder_add(&reader->builders[column], context, &field);
  }
  if (next == CSV_NEXT_FIELD && read_excess(reader, scan, is_first_pass, error) != STATUS_OK)
    return STATUS_ERROR;
  if (column < n_columns && is_first_pass)
    ragged_note(&reader->shorter, context->line, column);
  for (; column < n_columns; column++)
    column_builder_add_missing(&reader->builders[column], context);
  context->row++;
  return STATUS_OK;
}

static enum status read_records(struct csv_reader *reader, bool is_first_pass, struct error *error)
{
  struct csv_scan scan = reader->body;
  const char *released = scan.at; /* what lies before it was read and given back */
  reader->context.row = 0;
  for (size_t n = 0; scan.at < scan.end; n++) {
    if (n % RECORDS_BETWEEN_LOOKS == 0) {
      double done = (double)(scan.at - scan.start) / (double)reader->text.length;
      task_progress(reader->task, is_first_pass ? 0.7 * done : 0.7 + 0.2 * done);
      if (task_is_cancelled(reader->task))
        return STATUS_CANCELLED;
      if (scan.at - released > BYTES_BETWEEN_RELEASES) {
        file_bytes_release(reader->file, released, scan.at);
        released = scan.at;
      }
    }
    if (reader->context.row == reader->context.capacity)
      grow(reader);
    enum status status = read_record(reader, &scan, is_first_pass, error);
    if (status != STATUS_OK)
      return status;
  }
  return STATUS_OK;
}

/* Reads the columns again, as factors, that could not be what their first fields promised. */
static enum status read_failed_columns(struct csv_reader *reader, struct error *error)
{
  bool any = false;
  for (size_t i = 0; i < reader->header.n; i++)
    any |= reader->builders[i].state == BUILDER_FAILED;
  if (!any)
    return STATUS_OK;
  reader->context.row = 0;
  enum builder_state *states = memory_new(reader->header.n, sizeof *states);
  for (size_t i = 0; i < reader->header.n; i++) {
    struct column_builder *builder = &reader->builders[i];
    states[i] = builder->state;
    if (builder->state == BUILDER_FAILED)
      column_builder_restart(builder, &reader->context);
    else
      builder->state = BUILDER_DONE;
  }
  enum status status = read_records(reader, false, error);
  for (size_t i = 0; i < reader->header.n; i++)
    if (states[i] != BUILDER_FAILED)
      reader->builders[i].state = states[i];
  free(states);
  return status;
}

/* The column of which the text is a part between commas, or NULL. */
static const char *name_with_comma(const struct csv_header *header, const char *part)
{
  for (size_t i = 0; i < header->n; i++)
    if (strchr(header->names[i], ',') && strstr(header->names[i], part))
      return header->names[i];
  return NULL;
}

static enum status fail_unknown_column(const struct csv_reader *reader, const char *option, const char *name,
                                       struct error *error)
{
  const char *nearest = name_nearest(name, (const char *const *)reader->header.names, reader->header.n);
  error_set(error, "%s= names the column \"%s\", which the file does not have", option, name);
  const char *whole = name_with_comma(&reader->header, name);
  if (whole)
    error_hint(error, "a name with a comma stands in backticks: %s=\"`%s`\"", option, whole);
  else if (nearest)
    error_hint(error, "did you mean %s?", nearest);
  else
    error_hint(error, "names are compared letter by letter; the first column is %s", reader->header.names[0]);
  return error_in_file(error, reader->text.path, reader->header.line, 0);
}

/* Makes the columns that one option names the kind it stands for. */
static enum status ask_kind(struct csv_reader *reader, const char *words, const char *option, enum column_kind kind,
                            struct error *error)
{
  struct name_list list;
  enum status status = STATUS_OK;
  name_list_split(&list, words);
  for (size_t i = 0; i < list.n && status == STATUS_OK; i++) {
    const size_t column = csv_header_find(&reader->header, list.names[i]);
    if (column == reader->header.n) {
      status = fail_unknown_column(reader, option, list.names[i], error);
    } else if (reader->builders[column].is_asked_for) {
      error_set(error, "the column %s is named twice in numeric=, date= and factor=", list.names[i]);
      status = error_hint(error, "name it once");
    } else {
      column_builder_ask(&reader->builders[column], &reader->context, kind);
    }
  }
  name_list_clear(&list);
  return status;
}

static enum status start_builders(struct csv_reader *reader, struct error *error)
{
  const struct load_options *options = reader->options;
  reader->builders = memory_new(reader->header.n, sizeof *reader->builders);
  for (size_t i = 0; i < reader->header.n; i++)
    column_builder_init(&reader->builders[i], reader->header.names[i]);
  reader->context.capacity = estimate_rows(reader);
  reader->context.decimal_commas = reader->body.delimiter == ';';
  name_list_split(&reader->context.na, options->na);
  reader->context.date_format = options->date_format ? date_format_find(options->date_format) : NULL;
  enum status status = ask_kind(reader, options->numeric, "numeric", COLUMN_NUMBER, error);
  if (status == STATUS_OK)
    status = ask_kind(reader, options->date, "date", COLUMN_DATE, error);
  if (status == STATUS_OK)
    status = ask_kind(reader, options->factor, "factor", COLUMN_FACTOR, error);
  return status;
}

static void report_records(const struct csv_reader *reader)
{
  struct load_report *report = reader->report;
  const struct ragged *shorter = &reader->shorter, *longer = &reader->longer;
  report->rows_read = report->rows_kept = reader->context.row;
  if (shorter->n)
    load_report_warn(report, "line %zu: %zu field%s instead of %zu; %zu such record%s, with the rest taken as missing",
                     shorter->line, shorter->n_fields, shorter->n_fields == 1 ? "" : "s", reader->header.n, shorter->n,
                     shorter->n == 1 ? "" : "s");
  if (longer->n)
    load_report_warn(report, "line %zu: %zu fields instead of %zu; %zu such record%s, with nothing in the excess",
                     longer->line, longer->n_fields, reader->header.n, longer->n, longer->n == 1 ? "" : "s");
  if (report->rows_read == 0)
    load_report_warn(report, "there are no rows after the header");
}

static struct cohort *finish_cohort(struct csv_reader *reader)
{
  const size_t n_columns = reader->header.n, n_rows = reader->context.row;
  struct column **columns = memory_new(n_columns, sizeof *columns);
  report_records(reader);
  for (size_t i = 0; i < n_columns; i++) {
    columns[i] = column_builder_finish(&reader->builders[i], &reader->context, reader->report);
    task_progress(reader->task, 0.9 + 0.1 * (double)(i + 1) / (double)n_columns);
  }
  struct cohort *cohort = cohort_new(n_rows, columns, n_columns);
  free(columns);
  return cohort;
}

static enum status check_delimiter(char delimiter, struct error *error)
{
  if (delimiter != '"' && delimiter != '\n' && delimiter != '\r' && !(delimiter & 0x80))
    return STATUS_OK;
  error_set(error, "delimiter= must be one ASCII character, not a quote and not the end of a line");
  return error_hint(error, "usual are , ; | and the tab");
}

static enum status read_text(struct csv_reader *reader, struct cohort **cohort, struct error *error)
{
  char delimiter = reader->options->delimiter ? reader->options->delimiter : csv_sniff_delimiter(&reader->text);
  enum status status = check_delimiter(delimiter, error);
  if (status != STATUS_OK)
    return status;
  reader->report->delimiter = delimiter;
  csv_scan_init(&reader->body, &reader->text, delimiter);
  status = csv_header_read(&reader->header, &reader->body, &reader->text, reader->report, error);
  if (status == STATUS_OK)
    status = start_builders(reader, error);
  if (status == STATUS_OK)
    status = read_records(reader, true, error);
  if (status == STATUS_OK)
    status = read_failed_columns(reader, error);
  if (status == STATUS_OK)
    *cohort = finish_cohort(reader);
  return status;
}

static void reader_clear(struct csv_reader *reader)
{
  for (size_t i = 0; reader->builders && i < reader->header.n; i++)
    column_builder_clear(&reader->builders[i]);
  free(reader->builders);
  name_list_clear(&reader->context.na);
  text_clear(&reader->context.scratch);
  csv_header_clear(&reader->header);
  csv_text_clear(&reader->text);
}

enum status csv_read(const struct file_bytes *file, const char *path, const struct load_options *options, struct task *task,
                     struct cohort **cohort, struct load_report *report, struct error *error)
{
  static const struct load_options no_options = {.delimiter = 0};
  struct csv_reader reader = {.file = file, .options = options ? options : &no_options, .task = task, .report = report};
  reader.text.path = strcmp(path, "-") == 0 ? "standard input" : path;
  enum status status = csv_text_open(&reader.text, file, reader.options->encoding, task, error);
  if (status == STATUS_OK && reader.text.assumed)
    load_report_warn(report, "the file is not UTF-8 and is read as %s (Western European); if letters look wrong, "
                             "encoding= says which it is", reader.text.assumed);
  if (status == STATUS_OK)
    status = read_text(&reader, cohort, error);
  reader_clear(&reader);
  return status;
}
