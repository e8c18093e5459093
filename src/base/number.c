/* SPDX-License-Identifier: GPL-3.0-or-later */
/* number_parse() takes the fast path of Clinger (How to read floating point numbers accurately, 1990): up to 15 digits
 * and a power of ten up to 22 are both exact doubles, so one multiplication or division rounds once.  Everything else
 * goes to strtod(): kaplan never sets LC_NUMERIC, so its decimal point is a point. */
#include "base/number.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double powers_of_ten[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                       1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

struct decimal {
  uint64_t digits; /* the first 15 significant digits or fewer */
  int n_digits;    /* significant digits seen, leading zeros not counted */
  int exponent;
  bool negative;
};

/* Reads the form of a decimal number; false where the bytes are none. */
static bool decimal_scan(const char *bytes, size_t length, struct decimal *decimal)
{
  size_t i = 0;
  bool any = false;
  *decimal = (struct decimal){.digits = 0};
  if (i < length && (bytes[i] == '-' || bytes[i] == '+'))
    decimal->negative = bytes[i++] == '-';
  for (bool fraction = false; i < length; i++) {
    if (bytes[i] == '.' && !fraction) {
      fraction = true;
      continue;
    }
    unsigned digit = (unsigned)(unsigned char)bytes[i] - '0';
    if (digit > 9)
      break;
    any = true;
    if (decimal->n_digits || digit)
      decimal->n_digits++;
    if (decimal->n_digits <= 15)
      decimal->digits = decimal->digits * 10 + digit;
    decimal->exponent -= fraction;
  }
  if (!any)
    return false;
  if (i < length && (bytes[i] == 'e' || bytes[i] == 'E')) {
    int sign = 1, exponent = 0;
    i++;
    if (i < length && (bytes[i] == '-' || bytes[i] == '+'))
      sign = bytes[i++] == '-' ? -1 : 1;
    if (i == length)
      return false;
    for (; i < length && bytes[i] >= '0' && bytes[i] <= '9'; i++)
      exponent = exponent < 100000 ? exponent * 10 + (bytes[i] - '0') : exponent;
    decimal->exponent += sign * exponent;
  }
  return i == length;
}

bool number_parse(const char *bytes, size_t length, double *value)
{
  struct decimal decimal;
  if (!length || !decimal_scan(bytes, length, &decimal))
    return false;
  if (decimal.n_digits <= 15 && decimal.exponent >= -22 && decimal.exponent <= 22) {
    double magnitude = (double)decimal.digits;
    magnitude = decimal.exponent < 0 ? magnitude / powers_of_ten[-decimal.exponent]
                                     : magnitude * powers_of_ten[decimal.exponent];
    *value = decimal.negative ? -magnitude : magnitude;
    return true;
  }
  char stack[64];
  char *copy = length < sizeof stack ? stack : malloc(length + 1);
  if (!copy)
    return false;
  memcpy(copy, bytes, length);
  copy[length] = '\0';
  *value = strtod(copy, NULL);
  if (copy != stack)
    free(copy);
  return isfinite(*value);
}

bool number_append_exact(struct text *text, double value)
{
  if (!isfinite(value))
    return false;
  if (value == rint(value) && fabs(value) < 9007199254740992.0)
    text_append_format(text, "%.0f", value == 0 ? 0.0 : value);
  else
    text_append_format(text, "%.17g", value);
  return true;
}

void number_append_short(struct text *text, double value)
{
  char form[40] = "";
  value += 0.0; /* -0 becomes 0 */
  for (int digits = 1; digits <= 17; digits++) {
    snprintf(form, sizeof form, "%.*g", digits, value);
    if (strtod(form, NULL) == value)
      break;
  }
  if (isfinite(value) && fabs(value) < 1e15 && fabs(value) >= 1 && strchr(form, 'e'))
    snprintf(form, sizeof form, "%.0f", value);
  text_append(text, form);
}

void number_append_fixed(struct text *text, double value, int decimals)
{
  size_t start = text->length;
  text_append_format(text, "%.*f", decimals, value);
  if (text->bytes[start] == '-' && strspn(text->bytes + start + 1, "0.") == strlen(text->bytes + start + 1)) {
    memmove(text->bytes + start, text->bytes + start + 1, text->length - start);
    text->length--;
  }
}

void number_append_p(struct text *text, double p, bool full)
{
  if (!isfinite(p))
    text_append(text, "NA");
  else if (full && p < 1e-300)
    text_append(text, "<1e-300");
  else if (full && p < 0.001)
    text_append_format(text, "%.2g", p);
  else if (p < 0.001)
    text_append(text, "<0.001");
  else if (p > 0.995)
    text_append(text, ">0.99");
  else
    text_append_format(text, "%.3f", p);
}
