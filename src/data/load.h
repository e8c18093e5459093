/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a file to a cohort, and what was understood on the way. */
#ifndef KAPLAN_DATA_LOAD_H
#define KAPLAN_DATA_LOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/task.h"
#include "data/cohort.h"

struct load_options {
  char delimiter;       /* 0: sniffed from , ; tab | */
  const char *encoding; /* NULL: UTF-8 (with or without BOM) */
  const char *na;       /* further missing markers, separated by commas; NULL: none beside empty, NA and "." */
  const char *numeric;  /* columns to read as numbers, as dates, as factors, separated by commas, against the guess */
  const char *date;
  const char *factor;
  const char *date_format; /* how dates are written ("dd.mm.yyyy"), beside YYYY-MM-DD; NULL: found out where it is plain */
  size_t chunk_bytes; /* the text is cut into pieces of this size for the cores; 0: as suits; tests cut small texts */
};

/* What the reader did, for people: counts, and one line for each decision worth saying. */
struct load_report {
  size_t rows_read;  /* records after the header */
  size_t rows_kept;
  size_t rows_blank; /* left out: empty lines */
  char delimiter;
  char **warnings; /* "line 7, column 3: …" */
  size_t n_warnings, warnings_capacity;
};

#define LOAD_REPORT_INIT {.rows_read = 0}

/* Releases what the report holds; adds a warning. */
void load_report_clear(struct load_report *report);
void load_report_warn(struct load_report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Reads the file at `path` ("-" = standard input), choosing the reader by its ending (.csv .tsv .txt .tab; others are an
 * error that names what is supported).  *cohort is the caller's.  Fails with file, line and column; STATUS_CANCELLED
 * when the task says so. */
enum status cohort_load(const char *path, const struct load_options *options, struct task *task, struct cohort **cohort,
                        struct load_report *report, struct error *error);

#endif
