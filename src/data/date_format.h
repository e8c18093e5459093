/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How dates are written in a file: the order of day, month and year, and the sign between them. */
#ifndef KAPLAN_DATA_DATE_FORMAT_H
#define KAPLAN_DATA_DATE_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

struct date_format {
  const char *name;  /* "dd.mm.yyyy" */
  const char *order; /* "dmy" */
  char separator;
};

/* The forms that are known beside YYYY-MM-DD, closed by a name of NULL.  Forms that differ by day and month alone stand
 * together. */
extern const struct date_format date_formats[];

/* The form of that name, in small or capital letters ("yyyy-mm-dd" too), or NULL. */
const struct date_format *date_format_find(const char *name);

/* Reads a date of that form which fills all bytes: one or two digits for day and month, four for the year.  False for
 * another form or a day that does not exist. */
bool date_format_parse(const struct date_format *format, const char *bytes, size_t length, double *days);

#endif
