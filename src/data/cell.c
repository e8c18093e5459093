/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/cell.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "data/date.h"

enum { LONGEST_NUMBER = 400 }; /* bytes: more digits than a double can have */

bool cell_parse_comma_number(const char *bytes, size_t length, double *value)
{
  char copy[64];
  const char *comma = length && length < sizeof copy ? memchr(bytes, ',', length) : NULL;
  if (!comma || memchr(bytes, '.', length))
    return false;
  memcpy(copy, bytes, length);
  copy[comma - bytes] = '.';
  return number_parse(copy, length, value) && isfinite(*value);
}

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* A leading zero before another digit, behind a sign or not. */
static bool is_code(const char *bytes, size_t length)
{
  const size_t sign = length && (*bytes == '-' || *bytes == '+');
  return length > sign + 1 && bytes[sign] == '0' && is_digit(bytes[sign + 1]);
}

/* Whether the bytes are a whole number whose double has other digits. */
static bool loses_digits(const char *bytes, size_t length, double value)
{
  char exact[LONGEST_NUMBER];
  const size_t sign = *bytes == '-' || *bytes == '+';
  if (length - sign <= 15)
    return false;
  for (size_t i = sign; i < length; i++)
    if (!is_digit(bytes[i]))
      return false;
  int n = snprintf(exact, sizeof exact, "%.0f", fabs(value));
  return n < 0 || (size_t)n != length - sign || memcmp(exact, bytes + sign, length - sign) != 0;
}

enum cell_form cell_classify(const char *bytes, size_t length, double *value)
{
  *value = 0;
  if (length == 0 || length >= LONGEST_NUMBER)
    return CELL_TEXT;
  if (date_parse(bytes, length, value))
    return CELL_DATE;
  if (number_parse(bytes, length, value) && isfinite(*value)) {
    if (is_code(bytes, length))
      return CELL_CODE;
    return loses_digits(bytes, length, *value) ? CELL_LONG_INTEGER : CELL_NUMBER;
  }
  if (cell_parse_comma_number(bytes, length, value))
    return is_code(bytes, length) ? CELL_CODE : CELL_COMMA_NUMBER;
  *value = 0;
  return CELL_TEXT;
}
