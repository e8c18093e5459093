/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields and records of a delimited text, one after another: RFC 4180 with any delimiter, with CR, LF or CRLF as the
 * end of a line, and with blanks around a field left away.  Nothing is copied: a field points into the text. */
#ifndef KAPLAN_DATA_CSV_SCAN_H
#define KAPLAN_DATA_CSV_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "data/csv_text.h"

enum { CSV_LONGEST_FIELD = 1 << 20 }; /* bytes; longer is nearly always a quote that was not closed */

struct csv_field {
  const char *bytes; /* without the quotes */
  size_t length;
  bool is_quoted;
  bool is_escaped; /* holds doubled quotes: csv_field_unescape() */
};

enum csv_next { CSV_NEXT_FIELD, CSV_NEXT_RECORD, CSV_BROKEN };

enum csv_problem { CSV_QUOTE_NOT_CLOSED, CSV_TEXT_AFTER_QUOTE, CSV_FIELD_TOO_LONG };

struct csv_scan {
  const char *start, *at, *end; /* of the text; `at` = where the next field begins */
  size_t line;                  /* of `at`, from 1 */
  char delimiter;
  bool is_stop[256]; /* bytes that end an unquoted field */
  enum csv_problem problem;
  const char *problem_at; /* once a field was CSV_BROKEN */
};

void csv_scan_init(struct csv_scan *scan, const struct csv_text *text, char delimiter);

/* The next field, and what comes behind it.  Call it only while `at` is before `end`, or after CSV_NEXT_FIELD. */
enum csv_next csv_scan_field(struct csv_scan *scan, struct csv_field *field);

/* Sets the error of a scan that is broken.  Returns STATUS_ERROR. */
enum status csv_scan_error(const struct csv_scan *scan, const struct csv_text *text, struct error *error);

/* Whether a record that consists of this one field is an empty line. */
static inline bool csv_field_is_blank_line(const struct csv_field *field)
{
  return field->length == 0 && !field->is_quoted;
}

/* The field's value in `scratch`, its doubled quotes made single. */
void csv_field_unescape(const struct csv_field *field, struct text *scratch);

#endif
