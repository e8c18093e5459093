/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the command help shows, for those who show it otherwise. */
#ifndef KAPLAN_VERBS_HELP_H
#define KAPLAN_VERBS_HELP_H

#include "base/text.h"
#include "session/state.h"
#include "verbs/verb.h"

/* The pages beside those of the verbs. */
#define HELP_PAGES "expressions functions columns conventions keys"

/* The topic that a verb is listed under: "Who is in". */
const char *help_topic(const struct verb *verb);

/* Appends an example of the verb on the cohort that is loaded, with its columns, levels and times put in; false, and nothing
 * is appended, where there is none.  Where the cohort is small (5,000 rows at most) it was also run, and is left out if that
 * failed; else only its words were checked. */
bool help_append_example(struct text *text, const struct verb *verb, const struct state *state);

#endif
