/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word on a terminal while something takes long that has no screen of its own: a script that is replayed before the
 * explorer opens.  Nothing is printed of what is done within a tenth of a second. */
#ifndef KAPLAN_VERBS_WAITING_H
#define KAPLAN_VERBS_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct waiting {
  FILE *terminal; /* NULL: nobody is told */
  const char *name;
  size_t step, n;
  pthread_mutex_t lock;
  pthread_cond_t done;
  pthread_t thread;
  bool is_running, is_done;
};

/* Begins to tell on `terminal` (NULL: nobody) how far `name` (borrowed) is, of n steps. */
void waiting_begin(struct waiting *waiting, FILE *terminal, const char *name, size_t n);

/* Step `step`, from 1, begins. */
void waiting_step(struct waiting *waiting, size_t step);

/* Ends it, and wipes what was told. */
void waiting_end(struct waiting *waiting);

#endif
