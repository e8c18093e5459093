/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A session: the current state, the way back and forth, and the list of commands.
 *
 * Verbs read session_state() and offer a changed copy with session_propose(); execute.h makes it current when the command
 * succeeds, so that a failing command leaves everything as it was. */
#ifndef KAPLAN_SESSION_SESSION_H
#define KAPLAN_SESSION_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "session/state.h"

struct log_entry {
  char *line;
  bool failed;      /* then `message` is the error */
  char *message;    /* first warning or the error, or NULL */
  char *details;    /* all warnings, one a line, or the error and how to mend it; NULL: there is no more than the message */
  char *directory;  /* where files were looked for first, or NULL */
  long steps;       /* how far it went forth in the steps of undo; below 0: back */
  bool has_cohort;  /* one was loaded when it was done; then who was on view, of how many in the cohort */
  size_t n_on_view, n_members;
};

struct session;

struct session *session_new(void);
void session_free(struct session *session);

/* The current state, borrowed until the next command. */
const struct state *session_state(const struct session *session);

/* Takes over a changed copy; it becomes current with session_commit(), which also makes it one step of undo under `line`. */
void session_propose(struct session *session, struct state *state);
void session_commit(struct session *session, const char *line);
void session_discard(struct session *session);

/* The proposed step is kept under another text than was typed: `load` with the path that was found, so that a saved session
 * finds it again. */
void session_propose_line(struct session *session, const char *line);

/* One step back, one forth: false where there is none.  *line is the command undone or redone (borrowed, valid until the
 * next command). */
bool session_undo(struct session *session, const char **line);
bool session_redo(struct session *session, const char **line);

/* Takes the last step back for good, when what it asked for turns out not to be possible; the log's last line of that
 * text says why. */
void session_withdraw(struct session *session, const char *why);

/* A session of its own at the same state, with the steps that led there, the same files, screen and log so far, and no journal:
 * a thread may run one command in it.  The caller frees it. */
struct session *session_fork(const struct session *session);

/* Takes over what a fork has come to: its log, its last analysis, and the step where it changed the state.  False, and the
 * step is left out, where the session has left the state that was forked, unless `regardless`. */
bool session_adopt(struct session *session, struct session *fork, bool regardless);

/* The log: every command that was given, in order. */
void session_log(struct session *session, const char *line, const char *message, bool failed);

/* Adds what there is to say beyond the message to the newest entry; copies. */
void session_log_details(struct session *session, const char *details);
size_t session_log_count(const struct session *session);
const struct log_entry *session_log_entry(const struct session *session, size_t i);

/* The commands that lead from nothing to the current state, one a line: what `save` writes. */
struct text;
void session_append_script(const struct session *session, struct text *text);

/* The steps that were done and not undone, in order: the command and the state it led to.  Borrowed until the next command. */
size_t session_step_count(const struct session *session);
const char *session_step_line(const struct session *session, size_t i);
const struct state *session_step_state(const struct session *session, size_t i);

/* Whether the session has commands that no `save` wrote yet; a file that was loaded and nothing more is not worth one. */
bool session_is_unsaved(const struct session *session);
void session_mark_saved(struct session *session);

/* Asked to end (quit). */
void session_request_quit(struct session *session);
bool session_quit_requested(const struct session *session);

/* What the command line allowed: in secure mode no file is written and no other file opened. */
void session_set_secure(struct session *session, bool secure);
bool session_is_secure(const struct session *session);

/* Files named in commands are relative to this directory first (a script's own), then to the working directory; a name
 * "kaplan:…" is of the samples that kaplan comes with (samples.h).
 * session_find_file() gives the path to open; the caller frees it. */
void session_set_directory(struct session *session, const char *directory);
const char *session_directory(const struct session *session); /* or NULL */
char *session_find_file(const struct session *session, const char *name);

/* Counts how deep scripts source one another; enter returns the depth. */
int session_enter_script(struct session *session);
void session_leave_script(struct session *session);

/* Whether a file may be written under that name: not in secure mode, and never over a file that the session loaded. */
enum status session_may_write(const struct session *session, const char *name, struct error *error);

/* The screen as text, which `export "….txt"` writes; NULL: there is no screen.  Copies. */
void session_set_screen(struct session *session, const char *text);
const char *session_screen(const struct session *session);

/* The last command that gave tables, NULL while there is none: what `export` runs anew. */
void session_set_last_analysis(struct session *session, const char *line);
const char *session_last_analysis(const struct session *session);

/* The journal (journal.h) that every command is written to before it runs; takes over.  NULL: none. */
struct journal;
void session_set_journal(struct session *session, struct journal *journal);
void session_journal(struct session *session, const char *line);

/* Notes in the journal that a line did not come about after all; whether there is a journal. */
void session_journal_stopped(struct session *session, const char *line);
bool session_has_journal(const struct session *session);

/* Leaves the journal on disk when the session ends: it was cut off and can be restored.  One without a command since the last
 * session_mark_saved() goes. */
void session_leave_journal(struct session *session);

#endif
