/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The endpoints of a cohort in words and numbers: a part of `describe`. */
#ifndef KAPLAN_VERBS_DESCRIBE_ENDPOINTS_H
#define KAPLAN_VERBS_DESCRIBE_ENDPOINTS_H

#include "base/task.h"
#include "report/report.h"
#include "session/state.h"

/* Adds the tables describe_endpoints and describe_events, as data and printed: of each endpoint of the state, over those on
 * view, how many have an outcome, events, range of times, follow-up, and what each value of the columns that the event is
 * asked of comes to. */
enum status describe_endpoints(const struct state *state, struct task *task, struct report *report, struct error *error);

#endif
