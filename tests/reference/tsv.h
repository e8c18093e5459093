/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Raw tab-separated files, as the reference has them: a header line, no quoting, no escapes. */
#ifndef KAPLAN_TESTS_TSV_H
#define KAPLAN_TESTS_TSV_H

#include <stddef.h>

/* Field of row r (0 = the first after the header) and column c: fields[(r + 1) * n_columns + c]. */
struct tsv {
  char *bytes;
  char **fields;
  size_t n_columns, n_rows;
};

/* Stops the program where the file cannot be read or a row has another number of fields. */
struct tsv tsv_read(const char *path);
void tsv_clear(struct tsv *tsv);

const char *tsv_field(const struct tsv *tsv, size_t row, size_t column);

/* The column of that name, or n_columns. */
size_t tsv_column(const struct tsv *tsv, const char *name);

/* A whole file or stream as text closed with a NUL. */
char *read_all(int descriptor);

/* The pointer, or the end of the program where memory ran out. */
void *must_have(void *pointer);

/* Prints to standard error and ends the program with status 2: the test itself cannot run. */
_Noreturn void give_up(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
