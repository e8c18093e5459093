/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signals as something to poll: the handlers write into a pipe, the loop reads it. */
#ifndef KAPLAN_UI_TERM_SIGNALS_H
#define KAPLAN_UI_TERM_SIGNALS_H

#include <stdbool.h>

/* What came since the last look. */
struct signals_seen {
  bool resized, stop, continued, interrupt;
  int end; /* SIGTERM or SIGHUP, 0 = neither */
};

/* Catches SIGWINCH, SIGTSTP, SIGCONT, SIGINT, SIGTERM and SIGHUP (left alone where it is ignored, as under nohup).  A second
 * SIGTERM or SIGHUP that finds the first unanswered ends the program at once, terminal given back. */
void signals_catch(void);
void signals_release(void);

/* The descriptor that is readable when a signal came. */
int signals_descriptor(void);

/* What came since the last call. */
struct signals_seen signals_take(void);

/* Stops the program as Ctrl-Z does in a shell; returns when it is continued.  `group`: all processes of the job. */
void signals_stop(bool group);

#endif
