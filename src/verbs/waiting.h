/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A word on a terminal while something takes long that has no screen of its own: a script that is replayed before the
 * explorer opens, a file that a command of the shell reads.  Nothing is printed of what is done within a tenth of a second. */
#ifndef KAPLAN_VERBS_WAITING_H
#define KAPLAN_VERBS_WAITING_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/task.h"

struct waiting {
  FILE *terminal; /* NULL: nobody is told */
  const char *name;
  size_t step, n;
  struct task task; /* of what is being done: how far it is, where it tells */
  pthread_mutex_t lock;
  pthread_cond_t done;
  pthread_t thread;
  bool is_running, is_done;
};

/* Begins to tell on `terminal` (NULL: nobody) how far `name` (borrowed) is: a script of n steps, or with n = 0 a command. */
void waiting_begin(struct waiting *waiting, FILE *terminal, const char *name, size_t n);

/* Step `step`, from 1, begins, its task anew. */
void waiting_step(struct waiting *waiting, size_t step);

/* Ends it, and wipes what was told. */
void waiting_end(struct waiting *waiting);

#endif
