/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "data/date.h"

static double days_of(const char *date)
{
  double days;
  assert_true(date_parse(date, strlen(date), &days));
  return days;
}

static void known_days(void **state)
{
  (void)state;
  assert_true(days_of("1970-01-01") == 0);
  assert_true(days_of("1969-12-31") == -1);
  assert_true(days_of("2000-03-01") == 11017); /* R: as.integer(as.Date("2000-03-01")) */
  assert_true(days_of("2000-02-29") == 11016);
  assert_true(days_of("1900-03-01") - days_of("1900-02-28") == 1);
  assert_true(days_of("2021-12-31") == 18992);
  assert_true(days_of("1582-10-15") == -141427);
  assert_true(days_of("0000-03-01") == -719468);
  assert_true(days_of("9999-12-31") == 2932896);
}

static void what_is_no_date(void **state)
{
  (void)state;
  static const char *const refused[] = {"",           "2021-02-29", "1900-02-29",  "2021-13-01",  "2021-00-10",
                                        "2021-01-00", "2021-04-31", "2021-1-1",    "2021/01/01",  "21-01-2001",
                                        "2021-01-0a", "-021-01-01", "2021-01-011", " 2021-01-01", "2021-01-01T"};
  double days = 42;
  for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
    assert_false(date_parse(refused[i], strlen(refused[i]), &days));
  assert_true(days == 42);
}

static void every_day_comes_back(void **state)
{
  (void)state;
  struct text text = TEXT_INIT;
  double expected = days_of("0001-01-01"), last = days_of("9999-12-31");
  for (; expected <= last; expected += 1) {
    text_truncate(&text, 0);
    date_append(&text, expected);
    double days;
    assert_true(date_parse(text.bytes, text.length, &days));
    assert_true(days == expected);
  }
  text_clear(&text);
}

static void assert_shown(double days, const char *expected)
{
  struct text text = TEXT_INIT;
  date_append(&text, days);
  assert_string_equal(text_string(&text), expected);
  text_clear(&text);
}

static void unusual_days_are_shown(void **state)
{
  (void)state;
  assert_shown(0.75, "1970-01-01");
  assert_shown(-0.25, "1969-12-31");
  assert_shown(2932897, "10000-01-01");
  assert_shown(-719529, "-0001-12-31");
  assert_shown((double)NAN, "");
  assert_shown((double)INFINITY, "");
  assert_shown(1e300, "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_days),
      cmocka_unit_test(what_is_no_date),
      cmocka_unit_test(every_day_comes_back),
      cmocka_unit_test(unusual_days_are_shown),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
