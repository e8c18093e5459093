/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv_scan.h"

#include <string.h>

void csv_scan_init(struct csv_scan *scan, const struct csv_text *text, char delimiter)
{
  *scan = (struct csv_scan){.start = text->bytes, .at = text->bytes, .end = text->bytes + text->length, .line = 1};
  scan->delimiter = delimiter;
  scan->is_stop[(unsigned char)delimiter] = scan->is_stop['\n'] = scan->is_stop['\r'] = true;
}

static inline bool is_blank(const struct csv_scan *scan, char c)
{
  return (c == ' ' || c == '\t') && c != scan->delimiter;
}

static enum csv_next broken(struct csv_scan *scan, enum csv_problem problem, const char *at)
{
  scan->problem = problem;
  scan->problem_at = at;
  return CSV_BROKEN;
}

/* Steps over the delimiter or the end of the line at `at`. */
static inline enum csv_next step_over(struct csv_scan *scan, const char *at)
{
  if (at == scan->end) {
    scan->at = at;
    return CSV_NEXT_RECORD;
  }
  if (*at == scan->delimiter) {
    scan->at = at + 1;
    return CSV_NEXT_FIELD;
  }
  scan->line++;
  scan->at = at + 1 + (*at == '\r' && at + 1 < scan->end && at[1] == '\n');
  return CSV_NEXT_RECORD;
}

/* Line ends inside quotes. */
static size_t count_lines(const char *bytes, const char *end)
{
  size_t count = 0;
  for (; bytes < end; bytes++)
    count += *bytes == '\n' || (*bytes == '\r' && bytes[1] != '\n'); /* a quote stands at `end`: bytes[1] is there */
  return count;
}

/* The field whose opening quote is at `opened`. */
static enum csv_next scan_quoted(struct csv_scan *scan, const char *opened, struct csv_field *field)
{
  const char *start = opened + 1, *at = start;
  const char *limit = scan->end - start > CSV_LONGEST_FIELD ? start + CSV_LONGEST_FIELD : scan->end;
  *field = (struct csv_field){.bytes = start, .is_quoted = true};
  for (;;) {
    const char *quote = at < limit ? memchr(at, '"', (size_t)(limit - at)) : NULL;
    if (!quote)
      return broken(scan, limit == scan->end ? CSV_QUOTE_NOT_CLOSED : CSV_FIELD_TOO_LONG, opened);
    if (quote + 1 == scan->end || quote[1] != '"') {
      at = quote;
      break;
    }
    field->is_escaped = true;
    at = quote + 2;
  }
  field->length = (size_t)(at - start);
  scan->line += count_lines(start, at);
  at++;
  while (at < scan->end && is_blank(scan, *at))
    at++;
  if (at < scan->end && !scan->is_stop[(unsigned char)*at])
    return broken(scan, CSV_TEXT_AFTER_QUOTE, at);
  return step_over(scan, at);
}

enum csv_next csv_scan_field(struct csv_scan *scan, struct csv_field *field)
{
  const char *at = scan->at, *const end = scan->end;
  while (at < end && is_blank(scan, *at))
    at++;
  if (at < end && *at == '"')
    return scan_quoted(scan, at, field);
  const char *start = at;
  while (at < end && !scan->is_stop[(unsigned char)*at])
    at++;
  const char *last = at;
  while (last > start && is_blank(scan, last[-1]))
    last--;
  *field = (struct csv_field){.bytes = start, .length = (size_t)(last - start)};
  if (field->length > CSV_LONGEST_FIELD)
    return broken(scan, CSV_FIELD_TOO_LONG, start);
  return step_over(scan, at);
}

enum status csv_scan_error(const struct csv_scan *scan, const struct csv_text *text, struct error *error)
{
  const bool is_quoted = *scan->problem_at == '"';
  switch (scan->problem) {
  case CSV_QUOTE_NOT_CLOSED:
    error_set(error, "the quote that opens here is not closed before the file ends");
    error_hint(error, "close it, or write a quote that belongs to the text twice (\"\") inside a quoted field");
    break;
  case CSV_TEXT_AFTER_QUOTE:
    error_set(error, "text follows a closing quote");
    error_hint(error, "write a quote inside a quoted field twice (\"\")");
    break;
  case CSV_FIELD_TOO_LONG:
    error_set(error, is_quoted ? "the quoted field that opens here is longer than 1 MiB"
                               : "the field that begins here is longer than 1 MiB");
    error_hint(error, is_quoted ? "its closing quote is probably missing" : "is this a text file with delimiters?");
    break;
  }
  return csv_text_error_at(text, (size_t)(scan->problem_at - scan->start), error);
}

void csv_field_unescape(const struct csv_field *field, struct text *scratch)
{
  text_truncate(scratch, 0);
  const char *at = field->bytes, *const end = field->bytes + field->length;
  while (at < end) {
    const char *quote = memchr(at, '"', (size_t)(end - at));
    const char *stop = quote ? quote + 1 : end;
    text_append_bytes(scratch, at, (size_t)(stop - at));
    at = quote ? quote + 2 : end;
  }
}
