/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The text of a delimited file: UTF-8 without byte-order mark and without NUL, checked as a whole before a field of it
 * is read.  Converted by iconv where it comes in another encoding; borrowed from the file where it is UTF-8 already.
 * Life cycle: csv_text_open() … csv_text_clear(). */
#ifndef KAPLAN_DATA_CSV_TEXT_H
#define KAPLAN_DATA_CSV_TEXT_H

#include <stddef.h>

#include "base/error.h"
#include "base/task.h"
#include "data/file_bytes.h"

struct csv_text {
  const char *bytes;
  size_t length;
  const char *path; /* for messages; borrowed */
  char *converted;  /* what is owned, or NULL */
  const char *assumed; /* the encoding that was taken without being told, or NULL */
};

/* Takes the bytes as UTF-8 (`encoding` NULL) or converts them from `encoding` (a name iconv knows); a UTF-16 or UTF-32
 * mark at the beginning is believed in either case.  Without an `encoding`, bytes that are not UTF-8 but look like Western
 * European text are taken as windows-1252, and text->assumed says so.  Fails with line and column for what is not valid and for NUL. */
enum status csv_text_open(struct csv_text *text, const struct file_bytes *file, const char *encoding, struct task *task,
                          struct error *error);

void csv_text_clear(struct csv_text *text);

/* Where the byte at `offset` stands: line and column from 1, the column in characters.  CR, LF and CRLF end a line. */
void csv_text_place(const struct csv_text *text, size_t offset, size_t *line, size_t *column);

/* Adds the file and the place of `offset` to an error.  Returns STATUS_ERROR. */
enum status csv_text_error_at(const struct csv_text *text, size_t offset, struct error *error);

#endif
