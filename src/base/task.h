/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A long computation seen from outside: how far it is, and the wish that it stop.
 * Shared between the thread that works and the one that watches; every function takes NULL for "nobody watches". */
#ifndef KAPLAN_BASE_TASK_H
#define KAPLAN_BASE_TASK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

struct task {
  atomic_bool cancelled;
  _Atomic double done; /* 0 to 1 */
  double from, share;  /* where the work under way begins in the whole, and its share of it; 0: it is the whole */
  struct task *whole;  /* of task_init_within(), or NULL */
};

static inline void task_init(struct task *task)
{
  atomic_init(&task->cancelled, false);
  atomic_init(&task->done, 0);
  task->from = 0;
  task->share = 0;
  task->whole = NULL;
}

/* A task of one among many computations that go on at a time: it stops when the whole (or NULL) is cancelled, and its own progress
 * is not that of the whole. */
static inline void task_init_within(struct task *task, struct task *whole)
{
  task_init(task);
  task->whole = whole;
}

static inline void task_cancel(struct task *task)
{
  atomic_store(&task->cancelled, true);
}

/* Work asks this at least every few milliseconds, and returns STATUS_CANCELLED when it is true. */
static inline bool task_is_cancelled(struct task *task)
{
  for (; task; task = task->whole)
    if (atomic_load_explicit(&task->cancelled, memory_order_relaxed))
      return true;
  return false;
}

static inline void task_progress(struct task *task, double done)
{
  if (task)
    atomic_store_explicit(&task->done, task->from + (task->share > 0 ? task->share : 1) * done, memory_order_relaxed);
}

/* Said by the thread that works: what comes next is one part of the whole, whose own progress from 0 to 1 is told as that. */
static inline void task_begin_part(struct task *task, double from, double share)
{
  if (!task)
    return;
  task->from = from;
  task->share = share;
  task_progress(task, 0);
}

#endif
