/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All records behind the header, read by all cores.
 *
 * The text is cut into chunks of a few hundred kilobytes.  A chunk's records are those that begin in it; where the
 * first of them begins is guessed (a quote may be open at the cut), and so is what its columns are.  Chunks are
 * accepted in their order: one whose begin is not where the chunk before it ended, or whose columns are not what one
 * reader who came all the way would have seen, is read again from there with all that is known.  So columns, messages
 * and lines are those of one reader, wherever the text was cut and however many threads there are. */
#ifndef KAPLAN_DATA_CSV_RECORDS_H
#define KAPLAN_DATA_CSV_RECORDS_H

#include "base/task.h"
#include "data/column_part.h"
#include "data/csv_header.h"
#include "data/csv_scan.h"
#include "data/csv_text.h"
#include "data/file_bytes.h"
#include "data/name_list.h"

/* A kind of irregular record: how many there are, and the first of them. */
struct csv_ragged {
  size_t n, line, n_fields;
};

struct csv_records {
  const struct file_bytes *file; /* what was read of it is given back to the system */
  const struct csv_text *text;
  const struct csv_header *header;
  struct csv_scan body; /* at the first record after the header */
  bool decimal_commas;
  struct name_list na; /* further missing markers */
  const struct date_format *date_format;
  size_t chunk_bytes; /* 0: as suits */
  struct task *task;

  struct column_part *columns; /* as many as the header names; what the user asked for is set before */
  size_t n_rows, n_blank;
  struct csv_ragged shorter, longer;
};

/* Reads all records into records->columns, those that fail as a factor in a second pass.  Fails with file, line and
 * column, and for a file that was written to meanwhile so that columns differ in length; STATUS_CANCELLED when the task
 * says so.  Progress goes from 0 to 0.9. */
enum status csv_records_read(struct csv_records *records, struct error *error);

#endif
