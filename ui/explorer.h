/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The explorer: what is on the screen and what keys do, without a terminal.
 *
 * Keys become command lines (keymap.h); commands change the session; a changed state is posted to the worker; results are
 * drawn.  loop.c connects it with terminal, prompt and worker; tests drive it with keys and read frames. */
#ifndef KAPLAN_UI_EXPLORER_H
#define KAPLAN_UI_EXPLORER_H

#include <stdbool.h>

#include "session/left_journal.h"
#include "session/session.h"
#include "ui/errands.h"
#include "ui/frame.h"
#include "ui/key.h"
#include "ui/worker.h"

struct explorer;

/* Two threads, so that a long table does not keep the curves waiting. */
struct explorer_workers {
  struct worker *curves; /* and the model */
  struct worker *views;  /* the views that are the result of a command */
  struct worker *beside; /* the same of a second view beside the first */
  struct errands *errands; /* what a key asks for that is no view */
};

/* `workers` (both borrowed) NULL: results are computed at once on the calling thread (tests). */
struct explorer *explorer_new(struct session *session, const struct explorer_workers *workers, enum charset charset);
void explorer_free(struct explorer *explorer);

/* What the loop must do after a key. */
enum explorer_wish {
  WISH_NONE,
  WISH_PROMPT,  /* open the prompt: explorer_prompt_prefix(), explorer_prompt_text() */
  WISH_QUIT,
  WISH_SUSPEND,
  WISH_REPAINT,
  WISH_PLAIN,   /* show explorer_plain_text() outside the full screen */
  WISH_MOUSE    /* the mouse was switched: explorer_mouse() */
};

/* One key: does what the keymap says. */
enum explorer_wish explorer_key(struct explorer *explorer, const struct key *key);

/* The prompt's line was accepted (text) or cancelled (NULL).  WISH_PROMPT: it failed at once, and is to be mended. */
enum explorer_wish explorer_prompt_done(struct explorer *explorer, const char *text);
const char *explorer_prompt_prefix(const struct explorer *explorer);
const char *explorer_prompt_text(const struct explorer *explorer); /* the text to begin with */
size_t explorer_prompt_point(const struct explorer *explorer);     /* and the byte of it that the cursor stands on */

/* While the prompt is open: its line, for the message line's preview (rows a filter would keep, usage, error). */
void explorer_prompt_changed(struct explorer *explorer, const char *prefix, const char *text, size_t point,
                             char *const *matches);

/* Words that can stand at the cursor; as prompt_completer. */
char **explorer_complete(const char *line, size_t start, size_t end, void *explorer);

/* A word to somebody who was never here. */
void explorer_greet(struct explorer *explorer);

/* Begins the guided tour on the cohort, which is to be the sample's. */
void explorer_tour(struct explorer *explorer);

/* Shows the sessions that were cut off, for one to be taken up; takes them over and leaves the list empty. */
void explorer_offer_sessions(struct explorer *explorer, struct left_journals *sessions);

/* Runs a command line as if typed. */
void explorer_run(struct explorer *explorer, const char *line);

/* Results came (worker_take). Takes over. */
void explorer_results(struct explorer *explorer, struct screen_results *results);

/* A command that runs on a thread of its own: a descriptor that is readable when it is done, or -1; whether one was done,
 * and is now shown.  *wish: WISH_PROMPT where it failed, and is to be mended. */
int explorer_job_descriptor(const struct explorer *explorer);
bool explorer_take_job(struct explorer *explorer, enum explorer_wish *wish);

/* What was computed beside the keys is there (errands_descriptor): shows it; false where there was nothing. */
bool explorer_take_errands(struct explorer *explorer);

/* Takes over a job that began before the explorer did: the reading of the first file. */
struct job;
void explorer_watch_job(struct explorer *explorer, struct job *job);

/* How many computations were asked for so far: more than before, and a moment's waiting makes one frame of two. */
unsigned long explorer_n_asked(const struct explorer *explorer);

/* Draws everything for a window of that size.  Any size, 1 x 1 included. */
void explorer_draw(struct explorer *explorer, struct frame *frame);

/* Says something that came up before the screen opened. */
void explorer_notice(struct explorer *explorer, const char *notice);

/* Puts what reading the file found odd, as the log's last entry has it, before what the message line says; false where it found
 * nothing. */
bool explorer_tell_reading(struct explorer *explorer, const char *notice);

/* What is on view as text to copy, `columns` wide; the caller frees it. */
char *explorer_plain_text(struct explorer *explorer, size_t columns);
bool explorer_mouse(const struct explorer *explorer);

#endif
