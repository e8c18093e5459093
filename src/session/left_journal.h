/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The journals that cut-off sessions left behind: found, told apart, read, and removed once another session has their
 * commands. */
#ifndef KAPLAN_SESSION_LEFT_JOURNAL_H
#define KAPLAN_SESSION_LEFT_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"

/* What a session that was cut off has left.  While it is held no other process takes it. */
struct left_journal {
  char *path, *text;
  time_t when;       /* of its last command */
  size_t n_commands;
  char *cohort;      /* the file that was loaded last, without its folder; NULL: none was */
  char *last;        /* the last command */
  int descriptor;
};

struct left_journals {
  struct left_journal *items; /* the newest first */
  size_t n;
};

#define LEFT_JOURNALS_INIT {.items = NULL}

/* Finds the journals whose process is gone and that hold a command; those that hold none are removed.  STATUS_ERROR where
 * there is none.  The caller clears them, which lets all go. */
enum status left_journals_find(struct left_journals *journals, struct error *error);
void left_journals_clear(struct left_journals *journals);

/* The one that is meant: by its number, the newest being 1; by the name of its cohort's file, with its ending or without (the
 * newest of that name); or by the name of the journal's own file.  STATUS_ERROR where there is none such. */
enum status left_journals_choose(const struct left_journals *journals, const char *choice, size_t *i, struct error *error);

/* Takes the i-th out, for the caller to release, and lets the others go. */
struct left_journal left_journals_take(struct left_journals *journals, size_t i);

/* Lets it go; with `remove` its file goes, too: another journal has the commands by now. */
void left_journal_release(struct left_journal *left, bool remove);

/* Takes a journal's text apart into its lines, without those that were stopped: commands, and comments that
 * journal_directory_of() knows.  Returns an array of *n lines that point into `text`, which is changed; the caller frees the
 * array. */
char **left_journal_lines(char *text, size_t *n);

/* When it was cut off: "14:24 today", "2026-11-21 14:24". */
void left_journal_append_when(const struct left_journal *left, struct text *text);

/* "14:24 today        xu2025.csv            26 commands  km surgery", columns under one another. */
void left_journal_append_words(const struct left_journal *left, struct text *text);

/* "restored the session of 14:24 today, 26 commands; it is not saved yet (s saves it)". */
void left_journal_append_restored(const struct left_journal *left, struct text *text);

#endif
