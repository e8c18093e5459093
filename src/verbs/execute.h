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

/* Takes a line apart without running it; fails as the command would before it begins.  The caller clears *command, on failure
 * too. */
struct command;
enum status command_read(const char *line, struct command *command, struct error *error);

/* How long a line may take, for a screen that must not wait.
 * COMMAND_IMMEDIATE: no time worth a word.
 * COMMAND_APPLIED: it changes what the screen shows (km, cox); the screen computes that by itself: command_apply().
 * COMMAND_LONG: an analysis, the reading of a file, a report: for a thread, in a fork of the session.
 * COMMAND_CHANGING: the same, and its findings change the state. */
enum command_pace { COMMAND_IMMEDIATE, COMMAND_APPLIED, COMMAND_LONG, COMMAND_CHANGING };

/* The pace of a line; a line that is wrong is immediate.  *shows_more: an applied line also asks for what the screen does
 * not show by itself. */
enum command_pace command_pace(const char *line, bool *shows_more);

/* Whether a line that is COMMAND_LONG would fail at once, before it computes anything: a file that is there already. */
bool command_fails_at_once(const struct session *session, const char *line);

/* Whether a session that is restored from its journal runs the line again. */
bool command_is_journalled(const char *line);

/* As command_execute() of a line that is COMMAND_APPLIED, but nothing is computed: only what it changes in the state. */
enum status command_apply(struct session *session, const char *line, struct error *error);

/* Runs one analysis on a state, without a session: nothing is proposed, logged or journalled, so a worker thread may do it on
 * a retained state.  Fails as the command does, and for a command that is no analysis. */
enum status command_analyse(const struct state *state, const char *line, struct task *task, struct report *report,
                            struct error *error);

/* Takes a line apart as it would be run (of `by …:` what stands behind the colon): for those who translate commands.  The
 * caller clears the command, on failure too. */
struct command;
enum status command_take_apart(const char *line, struct command *command, struct error *error);

/* Parses a line without running it: what is wrong with it, for the prompt. */
enum status command_check(const char *line, struct error *error);

#endif
