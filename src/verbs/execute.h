/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command line, from text to report: the way that keys, prompt, scripts and shell all take. */
#ifndef KAPLAN_VERBS_EXECUTE_H
#define KAPLAN_VERBS_EXECUTE_H

#include "base/task.h"
#include "report/report.h"
#include "session/session.h"

/* Runs one line.  On success the session has the new state (one step of undo where it changed), the log has the line, and
 * `report` (initialised by the caller, who clears it) what was found.  On failure the session is as before but for the log.
 * An empty line and a comment succeed and do nothing. */
enum status command_execute(struct session *session, const char *line, struct task *task, struct report *report,
                            struct error *error);

/* Runs one analysis on a state, without a session: nothing is proposed, logged or journalled, so a worker thread may do it on
 * a retained state.  Fails as the command does, and for a command that is no analysis. */
enum status command_analyse(const struct state *state, const char *line, struct task *task, struct report *report,
                            struct error *error);

/* Parses a line without running it: what is wrong with it, for the prompt. */
enum status command_check(const char *line, struct error *error);

#endif
