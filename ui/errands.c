/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/errands.h"

#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"

enum stage { STAGE_NONE, STAGE_WAITING, STAGE_UNDER_WAY, STAGE_DROPPED /* under way, and nobody wants it */, STAGE_DONE };

struct slot {
  enum stage stage;
  struct errand errand; /* of STAGE_UNDER_WAY and STAGE_DROPPED the thread's */
  struct errand next;   /* posted while a dropped one is under way; work NULL: none */
};

struct errands {
  pthread_t thread;
  int ready; /* an eventfd, readable while something is done */
  pthread_mutex_t lock; /* of all below */
  pthread_cond_t changed;
  struct slot slots[ERRAND_KINDS];
  struct task task; /* of what is under way */
  bool ending;
};

static void release(struct errand *errand)
{
  if (errand->work)
    errand->release(errand->data);
  *errand = (struct errand){.data = NULL};
}

static struct slot *next_waiting(struct errands *errands)
{
  for (size_t kind = 0; kind < ERRAND_KINDS; kind++)
    if (errands->slots[kind].stage == STAGE_WAITING)
      return &errands->slots[kind];
  return NULL;
}

/* What was dropped while it was under way makes room for the one posted since. */
static void finish(struct errands *errands, struct slot *slot)
{
  if (slot->stage == STAGE_UNDER_WAY) {
    slot->stage = STAGE_DONE;
    const uint64_t one = 1;
    const ssize_t n = write(errands->ready, &one, sizeof one);
    (void)n; /* a full counter is readable too */
    return;
  }
  release(&slot->errand);
  slot->errand = slot->next;
  slot->next = (struct errand){.data = NULL};
  slot->stage = slot->errand.work ? STAGE_WAITING : STAGE_NONE;
}

static void *work(void *data)
{
  struct errands *errands = data;
  pthread_mutex_lock(&errands->lock);
  while (!errands->ending) {
    struct slot *slot = next_waiting(errands);
    if (!slot) {
      pthread_cond_wait(&errands->changed, &errands->lock);
      continue;
    }
    slot->stage = STAGE_UNDER_WAY;
    const struct errand errand = slot->errand;
    task_init(&errands->task);
    pthread_mutex_unlock(&errands->lock);
    errand.work(errand.data, &errands->task);
    pthread_mutex_lock(&errands->lock);
    finish(errands, slot);
  }
  pthread_mutex_unlock(&errands->lock);
  return NULL;
}

struct errands *errands_new(void)
{
  struct errands *errands = memory_new(1, sizeof *errands);
  errands->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  pthread_mutex_init(&errands->lock, NULL);
  pthread_cond_init(&errands->changed, NULL);
  task_init(&errands->task);
  /* Signals are the main thread's, crashes excepted: those come to the thread that made them. */
  sigset_t all, former;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  const bool failed = errands->ready < 0 || pthread_create(&errands->thread, NULL, work, errands) != 0;
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  if (!failed)
    return errands;
  if (errands->ready >= 0)
    close(errands->ready);
  free(errands);
  return NULL;
}

void errands_free(struct errands *errands)
{
  if (!errands)
    return;
  pthread_mutex_lock(&errands->lock);
  errands->ending = true;
  task_cancel(&errands->task);
  pthread_cond_signal(&errands->changed);
  pthread_mutex_unlock(&errands->lock);
  pthread_join(errands->thread, NULL);
  for (size_t kind = 0; kind < ERRAND_KINDS; kind++) {
    release(&errands->slots[kind].errand);
    release(&errands->slots[kind].next);
  }
  close(errands->ready);
  pthread_cond_destroy(&errands->changed);
  pthread_mutex_destroy(&errands->lock);
  free(errands);
}

int errands_descriptor(const struct errands *errands)
{
  return errands->ready;
}

/* Forgets what there is; false where there was nothing that is still to be done. */
static bool drop(struct errands *errands, struct slot *slot)
{
  const bool was_busy = slot->stage == STAGE_WAITING || slot->stage == STAGE_UNDER_WAY || slot->next.work;
  release(&slot->next);
  if (slot->stage == STAGE_UNDER_WAY) {
    slot->stage = STAGE_DROPPED;
    task_cancel(&errands->task);
  } else if (slot->stage != STAGE_DROPPED) {
    release(&slot->errand);
    slot->stage = STAGE_NONE;
  }
  return was_busy;
}

void errands_post(struct errands *errands, enum errand_kind kind, const struct errand *errand)
{
  pthread_mutex_lock(&errands->lock);
  struct slot *slot = &errands->slots[kind];
  drop(errands, slot);
  if (slot->stage == STAGE_DROPPED) {
    slot->next = *errand;
  } else {
    slot->errand = *errand;
    slot->stage = STAGE_WAITING;
  }
  pthread_cond_signal(&errands->changed);
  pthread_mutex_unlock(&errands->lock);
}

bool errands_cancel(struct errands *errands, enum errand_kind kind)
{
  pthread_mutex_lock(&errands->lock);
  const bool was_busy = drop(errands, &errands->slots[kind]);
  pthread_mutex_unlock(&errands->lock);
  return was_busy;
}

bool errands_is_busy(const struct errands *errands, enum errand_kind kind)
{
  /* The lock is the errands', not part of what they say. */
  struct errands *watched = (struct errands *)(uintptr_t)errands;
  pthread_mutex_lock(&watched->lock);
  const struct slot *slot = &watched->slots[kind];
  const bool is_busy = slot->stage == STAGE_WAITING || slot->stage == STAGE_UNDER_WAY || slot->next.work;
  pthread_mutex_unlock(&watched->lock);
  return is_busy;
}

bool errands_take(struct errands *errands, enum errand_kind kind, struct errand *errand)
{
  pthread_mutex_lock(&errands->lock);
  struct slot *slot = &errands->slots[kind];
  const bool is_done = slot->stage == STAGE_DONE;
  if (is_done) {
    *errand = slot->errand;
    slot->errand = (struct errand){.data = NULL};
    slot->stage = STAGE_NONE;
  }
  bool more = false;
  for (size_t i = 0; i < ERRAND_KINDS; i++)
    more |= errands->slots[i].stage == STAGE_DONE;
  uint64_t count;
  const ssize_t n = more ? 0 : read(errands->ready, &count, sizeof count);
  (void)n; /* nothing to read is as good */
  pthread_mutex_unlock(&errands->lock);
  return is_done;
}
