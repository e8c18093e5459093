/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers as text, whatever the locale: the decimal point is a point. */
#ifndef KAPLAN_BASE_NUMBER_H
#define KAPLAN_BASE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

/* Reads a decimal number that fills all `length` bytes: sign, digits, point, exponent; no hexadecimal, no inf or nan,
 * no surrounding blanks.  The nearest double, to the last bit.  False where the bytes are no such number, or one too large. */
bool number_parse(const char *bytes, size_t length, double *value);

/* Appends the value with 17 significant digits ("%.17g"); whole numbers below 2^53 without an exponent.
 * NaN and infinities append nothing and return false. */
bool number_append_exact(struct text *text, double value);

/* Appends the shortest form that reads back as the same double (12, 0.1, 1e-300). */
void number_append_short(struct text *text, double value);

/* Appends the value with `decimals` places; "-0.00" loses its sign. */
void number_append_fixed(struct text *text, double value, int decimals);

/* Appends a p-value as journals print it: three places ("0.045"), "<0.001" below, ">0.99" for above 0.995.
 * With `full`: at least two significant digits whatever the size ("2.3e-16"), and "<1e-300" below that. */
void number_append_p(struct text *text, double p, bool full);

#endif
