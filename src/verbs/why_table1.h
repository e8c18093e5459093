/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of `why table1` share; nobody else includes this. */
#ifndef KAPLAN_VERBS_WHY_TABLE1_H
#define KAPLAN_VERBS_WHY_TABLE1_H

#include "session/baseline.h"
#include "verbs/why_internal.h"

/* One variable of a table 1, and the test that was asked for. */
struct why_test {
  struct why *why;
  const struct baseline_request *request;
  const struct baseline *baseline;
  const struct baseline_variable *variable;
  enum baseline_test_kind asked;
};

/* "Fisher's exact test". */
const char *why_test_words(enum baseline_test_kind kind);

/* Says what the test found; that it was asked for. */
void why_say_test(const struct why_test *subject);
void why_say_asked(const struct why_test *subject);

/* Adds to the table `why` what all tests have. */
void why_add_test(const struct why_test *subject);

/* Derive the test of a factor, of a number. */
void why_counts(const struct why_test *subject);
void why_samples(const struct why_test *subject);

#endif
