/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The line-by-line dialogue (kaplan --linear), for screen readers and terminals that can nothing: no cursor is moved, no line
 * is written twice.  A line is a command of the language, a number that chooses from the last list, or one of a few words;
 * what it did is printed beneath. */
#ifndef KAPLAN_UI_LINEAR_H
#define KAPLAN_UI_LINEAR_H

#include <stdio.h>

#include "report/render.h"
#include "session/session.h"

struct linear_options {
  FILE *in, *out;
  const char *notice;              /* said first, or NULL */
  bool echo;                       /* lines come from no terminal: they are repeated behind the prompt */
  struct render_options rendering; /* of reports: character set, width, whether curves are drawn */
};

/* Reads lines until the session is quit or the input ends.  The lines of `in` are edited by the terminal itself, if it is
 * one.  Returns the program's exit status: 0. */
int linear_run(struct session *session, const struct linear_options *options);

#endif
