/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of the columns, as the first record tells them: every name is there once and is not empty. */
#ifndef KAPLAN_DATA_CSV_HEADER_H
#define KAPLAN_DATA_CSV_HEADER_H

#include "base/error.h"
#include "data/csv_scan.h"
#include "data/load.h"

struct csv_header {
  char **names;
  size_t n, capacity;
  size_t line; /* where it stands */
};

#define CSV_HEADER_INIT                                                                                                \
  {                                                                                                                    \
    .names = NULL                                                                                                      \
  }

/* Reads the header, leaving out empty lines before it (counted in report->rows_blank), and warns of names that were
 * empty (`column_3`) or there before (`age_2`).  `scan` is behind it afterwards.  Fails where there is no record. */
enum status csv_header_read(struct csv_header *header, struct csv_scan *scan, const struct csv_text *text,
                            struct load_report *report, struct error *error);

void csv_header_clear(struct csv_header *header);

/* The position of the column with that name; header->n where there is none. */
size_t csv_header_find(const struct csv_header *header, const char *name);

#endif
