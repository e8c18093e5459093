/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands without a screen: each runs, its report is rendered to a stream, and the first that fails ends it. */
#ifndef KAPLAN_VERBS_BATCH_H
#define KAPLAN_VERBS_BATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "report/document.h"
#include "session/session.h"
#include "verbs/waiting.h"

struct batch {
  struct session *session;
  enum render_format format;
  struct render_options rendering;
  bool last_only;      /* --table: only the last command that gives it prints it */
  bool print;          /* whether results are printed (false: a script is replayed into the explorer) */
  bool before_screen;  /* a screen follows: of many patients it computes curves and model by itself, so they are not computed here */
  bool timing;         /* what each line took is said on `errors`, its printing included: by the clock, and of all threads */
  FILE *out, *errors;
  FILE *progress; /* a terminal on which what takes long says how far it is, or NULL */
  struct waiting *waiting; /* the script that is replayed, while it says so; or NULL */
  size_t n_printed;    /* reports printed so far */
  struct text pending; /* what the last command printed, under last_only */
  struct document document; /* FORMAT_HTML: what was found so far, printed whole by batch_finish() */
  bool failed;         /* a command failed: its message is on `errors` */
};

/* Runs one line.  `place` begins a message: "-e 2" or "script.kap:7".  Warnings go to `errors` in the formats that people
 * read.  STATUS_ERROR after the message was printed. */
enum status batch_run_line(struct batch *batch, const char *line, const char *place);

/* Runs the script at `path` ("-" = standard input); files that it names are looked for beside it first. */
enum status batch_run_script(struct batch *batch, const char *path);

/* Prints what was held back: under last_only the one table, in HTML the document, which ends with the error where a command
 * failed.  False where a command failed, and where the table was never given (the message is printed). */
bool batch_finish(struct batch *batch);

/* Prints an error as the contract has it: `PLACE: what is wrong; how to mend it`, and the line with a caret under the place
 * where `line` (NULL allowed) holds it. */
void batch_print_error(FILE *errors, const char *place, const char *line, const struct error *error);

#endif
