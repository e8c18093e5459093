/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one field of a text file may be read as. */
#ifndef KAPLAN_DATA_CELL_H
#define KAPLAN_DATA_CELL_H

#include <stdbool.h>
#include <stddef.h>

enum cell_form {
  CELL_TEXT,
  CELL_NUMBER,
  CELL_COMMA_NUMBER, /* a number with one comma and no point: 1,5 */
  CELL_CODE,         /* digits after a leading zero (007): an identifier, not an amount */
  CELL_LONG_INTEGER, /* a whole number that would lose digits as a double */
  CELL_DATE
};

/* The form of the bytes, without blanks around them; *value is the number or the days of a date (0 for text). */
enum cell_form cell_classify(const char *bytes, size_t length, double *value);

/* Reads a number with one decimal comma and no point. */
bool cell_parse_comma_number(const char *bytes, size_t length, double *value);

/* The common case, inline: an optional minus, up to 15 digits with at most one point and without a leading zero; the
 * digits and a power of ten are exact doubles, so the division rounds once.  False for all else, number or not. */
static inline bool cell_parse_plain(const char *bytes, size_t length, double *value, bool *has_point)
{
  static const double powers_of_ten[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6, 1e7,
                                         1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
  const char *at = bytes, *const end = bytes + length;
  const bool is_negative = length > 1 && *at == '-';
  at += is_negative;
  const char *const first = at;
  if (end - first > 16 || end == first)
    return false;
  long digits = 0;
  unsigned digit;
  for (; at < end && (digit = (unsigned)(unsigned char)*at - '0') <= 9; at++)
    digits = digits * 10 + (long)digit;
  const char *const whole_end = at;
  if (whole_end == first || (*first == '0' && whole_end - first > 1) || whole_end - first > 15)
    return false;
  double magnitude = (double)digits;
  *has_point = at < end && *at == '.';
  if (*has_point) {
    for (at++; at < end && (digit = (unsigned)(unsigned char)*at - '0') <= 9; at++)
      digits = digits * 10 + (long)digit;
    if (at - whole_end - 1 > 14)
      return false;
    magnitude = (double)digits / powers_of_ten[at - whole_end - 1];
  }
  *value = is_negative ? -magnitude : magnitude;
  return at == end;
}

#endif
