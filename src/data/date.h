/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates of the proleptic Gregorian calendar as days from 1970-01-01. */
#ifndef KAPLAN_DATA_DATE_H
#define KAPLAN_DATA_DATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define DAYS_PER_MONTH 30.4375
#define DAYS_PER_YEAR 365.25

/* Reads "YYYY-MM-DD" that fills all `length` bytes; false for another form or a day that does not exist (2021-02-29). */
bool date_parse(const char *bytes, size_t length, double *days);

/* The days of a date; false for one that does not exist. */
bool date_of(int year, int month, int day, double *days);

/* Appends the ISO form of a whole number of days. */
void date_append(struct text *text, double days);

#endif
