/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journal: the commands of a session on disk, each written before it runs, so that a dropped line or a kill loses
 * nothing.  One file a session in a private directory ($XDG_STATE_HOME/kaplan, else ~/.local/state/kaplan), mode 0600, under a
 * name that is new each time and locked (flock) while the session lives: so it is known which were left behind, even where
 * a process has the number of a dead one.  A session that ends as it should removes its own. */
#ifndef KAPLAN_SESSION_JOURNAL_H
#define KAPLAN_SESSION_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct journal;

/* Opens a journal for this process.  Its first line, a comment, names the working directory.  Fails where the directory
 * cannot be made; the session goes on without. */
enum status journal_open(struct journal **journal, struct error *error);

/* Writes one line. */
void journal_append(struct journal *journal, const char *line);

/* Notes the directory in which the lines that follow look for files: a comment, which journal_directory_of() reads. */
void journal_directory(struct journal *journal, const char *directory);

/* The directory that a line of a journal notes, or NULL where it is a command.  Borrowed from the line. */
const char *journal_directory_of(const char *line);

/* Removes the file: the session ended as it should.  NULL is let through. */
void journal_close(struct journal *journal);

/* Closes and leaves the file where it is, to be restored. */
void journal_leave(struct journal *journal);

/* Notes that a line which was written did not come about (it was stopped, or what it led to was not kept): a comment, by
 * which left_journal_lines() leaves it out. */
void journal_stopped(struct journal *journal, const char *line);

/* The command that a line of a journal says was stopped, or NULL.  Borrowed from the line. */
const char *journal_stopped_of(const char *line);

/* The private directory, made where it is missing; the caller frees it.  NULL where there is no home. */
char *journal_folder(void);

/* Where the prompt's history is kept, in the same private directory; the caller frees it.  NULL where there is no home. */
char *journal_history_path(void);

#endif
