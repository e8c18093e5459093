/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Baseline characteristics as tables: table1, table1_tests, table1_missing, table1_smd, and their printed form. */
#ifndef KAPLAN_VERBS_PRESENT_BASELINE_H
#define KAPLAN_VERBS_PRESENT_BASELINE_H

#include "report/report.h"
#include "session/baseline.h"

/* What is printed of numbers, a bit each, in the order of the option show=. */
enum { SHOW_MEAN = 1, SHOW_SD = 2, SHOW_SEM = 4, SHOW_MEDIAN = 8, SHOW_IQR = 16, SHOW_RANGE = 32 };

struct baseline_look {
  bool percent_of_all, smd; /* per cent of all rather than of those with a value; print standardised differences */
  unsigned show;            /* of numbers; 0: mean and SD where the test is one of means, else median and quartiles */
  bool footnotes;           /* tests by marks, missing values and abbreviations beneath, as journals want them */
  double suppress;          /* counts hidden under this are NaN in the baseline; 0: none */
  int quantile_type;
  const enum baseline_test_kind *wished; /* of each variable: what was asked for */
};

/* Adds the tables and the printed form to the report. */
void present_baseline(const struct baseline *baseline, const struct baseline_look *look, struct report *report);

#endif
