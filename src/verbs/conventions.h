/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each number that kaplan prints, the R function it equals: `help conventions` and the man page. */
#ifndef KAPLAN_VERBS_CONVENTIONS_H
#define KAPLAN_VERBS_CONVENTIONS_H

#include "report/report.h"

/* Adds the table `conventions` (command, number, equals, note), as data and as text. */
void conventions_add(struct report *report);

#endif
