/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The records of one chunk of the text, read by one thread; csv_records.c alone uses it. */
#ifndef KAPLAN_DATA_CSV_CHUNK_H
#define KAPLAN_DATA_CSV_CHUNK_H

#include <stdatomic.h>

#include "data/column_builder.h"
#include "data/csv_records.h"

/* The records that begin between two cuts of the text, and what they hold. */
struct csv_chunk {
  const char *begin, *end; /* of the records, once they are read; begin NULL: none seems to begin here */
  size_t n_rows, n_blank, n_lines, lines_before;
  struct csv_ragged shorter, longer;
  bool is_read, is_broken; /* broken: an error stands in it, unless it was begun at a wrong place */
  struct column_part *parts;
};

/* What one thread reads with; there are as many as threads are at work. */
struct csv_desk {
  struct column_builder *builders;
  struct builder_context context;
  const atomic_bool *is_stopped; /* by what another thread found; borrowed */
  struct csv_desk *next;
};

/* A desk whose builders are not started yet. */
struct csv_desk *csv_desk_new(const struct csv_records *records, const atomic_bool *is_stopped);
/* Frees a desk for so many columns. */
void csv_desk_free(struct csv_desk *desk, size_t n_columns);

/* Reads the records from chunk->begin to the first that begins at `limit` or behind it, with the desk's builders, which
 * were started.  Lines count from 1.  Without an `error` none is set. */
enum status csv_chunk_read(const struct csv_records *records, struct csv_desk *desk, struct csv_chunk *chunk,
                           const char *limit, struct error *error);

/* Takes into the chunk what the desk's builders read of the columns that they did not skip. */
void csv_chunk_take(const struct csv_records *records, struct csv_desk *desk, struct csv_chunk *chunk);

/* Frees what was taken into the chunk. */
void csv_chunk_free_parts(const struct csv_records *records, struct csv_chunk *chunk);

#endif
