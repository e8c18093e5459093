/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The threads that compute what the screen shows.
 *
 * The explorer posts a state; the worker computes curves, test and model on it and hands over results, curves first.  A
 * post replaces one that has not begun and cancels one under way; a result carries the number of its post, so that one that
 * is out of date is dropped.  Models have a thread of their own: the curves of a new post do not wait until the model of the
 * last has noticed that nobody wants it. */
#ifndef KAPLAN_UI_WORKER_H
#define KAPLAN_UI_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "session/analysis.h"
#include "session/nomogram_reader.h"
#include "session/state.h"

struct worker;

/* What the panes need of one state.  Owned by who took it; freed with screen_results_free(). */
struct screen_results {
  unsigned long number; /* of the post */
  const struct worker *worker; /* whose results they are; NULL: computed on the calling thread */
  struct state *state;  /* the state it speaks of */
  bool has_curves;
  struct km_analysis curves;
  bool has_logrank;
  struct logrank_result logrank;
  const struct plot *plot;          /* the curves as they are drawn, with their panels; borrowed from `shared` */
  const struct logrank_pair *pairs; /* of three or four groups, by Holm; borrowed likewise; NULL: none */
  size_t n_pairs;
  char *curves_error; /* why there are none, with the way out; or NULL */
  bool model_pending; /* the model comes later */
  bool has_model;
  const struct cox_analysis *model; /* held with others */
  char *model_error;
  bool model_failed; /* it cannot be fitted; model_error says why */
  bool is_view; /* it is the text of a view instead of all this */
  char *view_text;            /* as it is printed; an error's words where the command failed */
  struct report *view_report; /* what the command found, for panes that draw it; NULL where it failed */
  struct nomogram_reader *nomogram; /* of the view nomogram: patients are read off it; NULL of others */
  struct screen_results *next;  /* of those that are to be freed */
  struct shared_curves *shared; /* owns curves and log-rank test for both results of a post */
};

/* A view that is the printed result of a command: Table 1, forest, nomogram, flow. */
struct view_wish {
  char *line;     /* the command */
  size_t columns; /* of the window */
  enum charset charset;
};

struct report;

struct worker *worker_new(void);
void worker_free(struct worker *worker); /* cancels, joins */

/* Readable when a result waits. */
int worker_descriptor(const struct worker *worker);

/* Asks for the results of a state; returns the post's number. */
unsigned long worker_post(struct worker *worker, const struct state *state);

/* Asks for the text of a view of a state instead; one result comes, with is_view. */
unsigned long worker_post_view(struct worker *worker, const struct state *state, const struct view_wish *wish);

/* Takes a finished result, or NULL.  For one post first the curves (model_pending), then all come: the second result has
 * the curves too.  After worker_cancel() a result comes that says so in its errors. */
struct screen_results *worker_take(struct worker *worker);

/* Frees results that are no longer shown, on the worker's thread: they are large, and what is computed next takes their
 * memory. */
void worker_discard(struct worker *worker, struct screen_results *results);

/* Stops what is under way. */
void worker_cancel(struct worker *worker);

/* Share done of what is under way, 0 to 1; negative while idle. */
double worker_progress(const struct worker *worker);

/* The same computations on the calling thread, for tests. */
struct screen_results *screen_results_compute(const struct state *state, unsigned long number);
struct screen_results *screen_results_view(const struct state *state, const struct view_wish *wish, unsigned long number);
void screen_results_free(struct screen_results *results);

#endif
