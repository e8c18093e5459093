/* SPDX-License-Identifier: GPL-3.0-or-later */
/* RFC 4180 CSV and its relatives (TSV, semicolons, bars): quotes, embedded newlines, CRLF, BOM, ragged rows.
 *
 * A pass over the file, by all cores, finds the fields and types them as it goes: the first present field makes a column numeric
 * (72), a date (YYYY-MM-DD) or a factor; where a later field does not fit, the column is read again, as a factor, in a
 * second pass.  Empty fields, NA and "." are missing, quoted or not.  Memory beside the file: the columns.
 */
#ifndef KAPLAN_DATA_CSV_H
#define KAPLAN_DATA_CSV_H

#include "data/file_bytes.h"
#include "data/load.h"

/* Reads the whole file's bytes; `path` is for messages.  As cohort_load() otherwise. */
enum status csv_read(const struct file_bytes *file, const char *path, const struct load_options *options, struct task *task,
                     struct cohort **cohort, struct load_report *report, struct error *error);

#endif
