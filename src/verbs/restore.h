/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking up a session that was cut off, without a screen. */
#ifndef KAPLAN_VERBS_RESTORE_H
#define KAPLAN_VERBS_RESTORE_H

#include "session/left_journal.h"
#include "verbs/batch.h"

/* Runs what a cut-off session left, releases it, and removes its journal where this session keeps one.  A command that fails
 * now (it failed then too, or its file is gone) is told and does not end it.  *notice receives what was restored. */
void restore_session(struct batch *batch, struct left_journal *left, struct text *notice);

/* Says on *notice what was left behind, and how it is brought back; nothing where nothing was. */
void restore_append_offer(struct text *notice);

/* The sessions, numbered, a line each; what their names and commands hold is made visible. */
void restore_print_list(FILE *out, const struct left_journals *journals, bool ascii);

/* Asks on the batch's output which of several sessions it is to be, until it is one or none, and takes that one up.  Lets
 * the others go; no session at all is let through. */
void restore_choose(struct batch *batch, struct left_journals *choice, FILE *in, struct text *notice);

#endif
