/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the text to the cohort: the header, what the user asked for, all records (csv_records.h), and the columns that are
 * made of them. */
#include "data/csv.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "data/column_part.h"
#include "data/csv_header.h"
#include "data/csv_records.h"
#include "data/csv_scan.h"
#include "data/csv_sniff.h"
#include "data/csv_text.h"
#include "data/name_match.h"

struct csv_reader {
  struct csv_text text;
  const struct load_options *options;
  struct task *task;
  struct load_report *report;
  struct csv_header header;
  struct csv_records records;
};

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
    } else if (reader->records.columns[column].notes.is_asked_for) {
      error_set(error, "the column %s is named twice in numeric=, date= and factor=", list.names[i]);
      status = error_hint(error, "name it once");
    } else {
      column_part_ask(&reader->records.columns[column], kind);
    }
  }
  name_list_clear(&list);
  return status;
}

static enum status ask_kinds(struct csv_reader *reader, struct error *error)
{
  const struct load_options *options = reader->options;
  enum status status = ask_kind(reader, options->numeric, "numeric", COLUMN_NUMBER, error);
  if (status == STATUS_OK)
    status = ask_kind(reader, options->date, "date", COLUMN_DATE, error);
  if (status == STATUS_OK)
    status = ask_kind(reader, options->factor, "factor", COLUMN_FACTOR, error);
  return status;
}

static void prepare_records(struct csv_reader *reader)
{
  struct csv_records *records = &reader->records;
  const struct load_options *options = reader->options;
  records->text = &reader->text;
  records->header = &reader->header;
  records->task = reader->task;
  records->decimal_commas = records->body.delimiter == ';';
  name_list_split(&records->na, options->na);
  records->date_format = options->date_format ? date_format_find(options->date_format) : NULL;
  records->chunk_bytes = options->chunk_bytes;
  records->columns = memory_new(reader->header.n, sizeof *records->columns);
  for (size_t i = 0; i < reader->header.n; i++)
    records->columns[i] = (struct column_part)COLUMN_PART_INIT;
}

static void report_records(const struct csv_reader *reader)
{
  struct load_report *report = reader->report;
  const struct csv_ragged *shorter = &reader->records.shorter, *longer = &reader->records.longer;
  report->rows_read = report->rows_kept = reader->records.n_rows;
  report->rows_blank += reader->records.n_blank;
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

/* The columns while they are made, each with a report of its own, which then come in order. */
struct finishing {
  struct csv_reader *reader;
  struct column **columns;
  struct load_report *reports;
  pthread_mutex_t lock; /* what is told does not go back */
  size_t n_done;
};

static void finish_column(void *context, size_t i)
{
  struct finishing *finishing = context;
  struct csv_records *records = &finishing->reader->records;
  if (task_is_cancelled(records->task))
    return;
  finishing->columns[i] = column_part_finish(&records->columns[i], finishing->reader->header.names[i], records->date_format,
                                             &finishing->reports[i], records->task);
  pthread_mutex_lock(&finishing->lock);
  finishing->n_done++;
  task_progress(records->task, 0.9 + 0.1 * (double)finishing->n_done / (double)finishing->reader->header.n);
  pthread_mutex_unlock(&finishing->lock);
}

/* NULL where the task was cancelled. */
static struct cohort *finish_cohort(struct csv_reader *reader)
{
  const size_t n_columns = reader->header.n;
  struct finishing finishing = {reader, memory_new(n_columns, sizeof *finishing.columns),
                                memory_new(n_columns, sizeof *finishing.reports), PTHREAD_MUTEX_INITIALIZER, 0};
  report_records(reader);
  parallel_for_rows(reader->records.n_rows, n_columns, finish_column, &finishing);
  for (size_t i = 0; i < n_columns; i++) {
    for (size_t k = 0; k < finishing.reports[i].n_warnings; k++)
      load_report_warn(reader->report, "%s", finishing.reports[i].warnings[k]);
    load_report_clear(&finishing.reports[i]);
  }
  const bool is_cancelled = task_is_cancelled(reader->task);
  struct cohort *cohort = is_cancelled ? NULL : cohort_new(reader->records.n_rows, finishing.columns, n_columns);
  for (size_t i = 0; i < n_columns && is_cancelled; i++)
    column_release(finishing.columns[i]);
  free(finishing.columns);
  free(finishing.reports);
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
  csv_scan_init(&reader->records.body, &reader->text, delimiter);
  status = csv_header_read(&reader->header, &reader->records.body, &reader->text, reader->report, error);
  if (status == STATUS_OK) {
    prepare_records(reader);
    status = ask_kinds(reader, error);
  }
  if (status == STATUS_OK)
    status = csv_records_read(&reader->records, error);
  if (status == STATUS_OK)
    *cohort = finish_cohort(reader);
  return status == STATUS_OK && !*cohort ? STATUS_CANCELLED : status;
}

static void reader_clear(struct csv_reader *reader)
{
  for (size_t i = 0; reader->records.columns && i < reader->header.n; i++)
    column_part_clear(&reader->records.columns[i]);
  free(reader->records.columns);
  name_list_clear(&reader->records.na);
  csv_header_clear(&reader->header);
  csv_text_clear(&reader->text);
}

enum status csv_read(const struct file_bytes *file, const char *path, const struct load_options *options, struct task *task,
                     struct cohort **cohort, struct load_report *report, struct error *error)
{
  static const struct load_options no_options = {.delimiter = 0};
  struct csv_reader reader = {.options = options ? options : &no_options, .task = task, .report = report};
  reader.records.file = file;
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
