/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The explorer's main loop: the only place where terminal, prompt, worker and explorer meet. */
#ifndef KAPLAN_UI_LOOP_H
#define KAPLAN_UI_LOOP_H

#include "base/error.h"
#include "session/left_journal.h"
#include "session/session.h"
#include "ui/term.h"

struct loop_options {
  struct term_options term;
  const char *history_file; /* of the prompt, or NULL: none is kept */
  const char *notice; /* said first, or NULL */
  bool tutorial;            /* the guided tour is on from the start */
  struct left_journals *sessions; /* to be offered, taken over once the screen is open; or NULL */
  const char *first_command; /* runs before anything else, or NULL: `load` of the file named on the command line */
};

/* Explores the session (initial commands already run) until the user quits.  Returns the program's exit status: 0 after
 * quit, 1 with *error set where the first command fails before the screen opens, 129 when the terminal went away (SIGHUP), 143 after SIGTERM, 2 with *error set where there is no terminal.  The
 * terminal is as it was before in every case; nothing is written to standard error meanwhile. */
int explorer_loop(struct session *session, const struct loop_options *options, struct error *error);

#endif
