/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Years are counted from 1 March, so that the leap day is the last of its year, in eras of 400 years, which all have
 * 146,097 days. */
#include "data/date.h"

#include <math.h>
#include <stdlib.h>

#define DAYS_PER_ERA 146097
#define DAYS_TO_EPOCH 719468 /* from 0000-03-01 to 1970-01-01 */

static bool is_leap_year(int year)
{
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in_month(int year, int month)
{
  static const unsigned char lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : lengths[month - 1];
}

/* The number in `n` decimal digits, or -1. */
static int parse_digits(const char *bytes, size_t n)
{
  int number = 0;
  for (size_t i = 0; i < n; i++) {
    if (bytes[i] < '0' || bytes[i] > '9')
      return -1;
    number = number * 10 + (bytes[i] - '0');
  }
  return number;
}

/* Days from 1 March to the first of a month, months counted 0 = March … 11 = February. */
static long days_before_month(long months_since_march)
{
  return (153 * months_since_march + 2) / 5;
}

bool date_parse(const char *bytes, size_t length, double *days)
{
  if (length != 10 || bytes[4] != '-' || bytes[7] != '-')
    return false;
  return date_of(parse_digits(bytes, 4), parse_digits(bytes + 5, 2), parse_digits(bytes + 8, 2), days);
}

bool date_of(int year, int month, int day, double *days)
{
  if (year < 0 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month))
    return false;
  long march_year = year - (month <= 2);
  long era = (march_year >= 0 ? march_year : march_year - 399) / 400;
  long year_of_era = march_year - era * 400;
  long day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + days_before_month((month + 9) % 12) + day - 1;
  *days = (double)(era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH);
  return true;
}

void date_append(struct text *text, double days)
{
  if (!isfinite(days) || fabs(days) > 1e9)
    return; /* beyond two million years there is no date to show */
  long day = (long)floor(days) + DAYS_TO_EPOCH;
  long era = (day >= 0 ? day : day - (DAYS_PER_ERA - 1)) / DAYS_PER_ERA;
  long day_of_era = day - era * DAYS_PER_ERA;
  long year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  long day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  long months_since_march = (5 * day_of_year + 2) / 153;
  long month = months_since_march < 10 ? months_since_march + 3 : months_since_march - 9;
  long year = era * 400 + year_of_era + (month <= 2);
  text_append_format(text, "%s%04ld-%02ld-%02ld", year < 0 ? "-" : "", labs(year), month,
                     day_of_year - days_before_month(months_since_march) + 1);
}
