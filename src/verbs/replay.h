/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands run once more beside the session, so that what they find can be put into one document. */
#ifndef KAPLAN_VERBS_REPLAY_H
#define KAPLAN_VERBS_REPLAY_H

#include "base/task.h"
#include "report/document.h"
#include "session/session.h"

struct replay {
  struct session *session;   /* a new one, in which they run: session_new() */
  struct document *document; /* takes what they find */
  struct task *task;         /* or NULL */
};

/* Runs what the log of a session holds, in its order, and stops at the first that fails (the cohort's file changed).  Left out:
 * what failed; what only wrote a file or showed help; a step that was taken back before anything was found with it. */
enum status replay_log(const struct session *session, const struct replay *replay, struct error *error);

/* Runs a script.  Commands that write files or show help are passed over, so a report inside it is not made again.  Fails with
 * FILE:LINE. */
enum status replay_script(const char *name, const struct replay *replay, struct error *error);

/* Whether all that a line does is to write a file (export, save, report): what it says is for who typed it, no result. */
bool replay_only_writes(const char *line);

#endif
