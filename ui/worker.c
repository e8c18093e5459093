/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/worker.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/memory.h"
#include "ui/results.h"

enum { LONGEST_QUEUE = 2 }; /* curves, then all */

struct worker {
  pthread_t thread, model_thread; /* the second is started with the first model */
  int ready; /* an eventfd, readable while the queue is not empty */
  pthread_mutex_t lock; /* of all below */
  pthread_cond_t changed;
  unsigned long number;  /* of the last post */
  struct state *wanted;  /* posted and not begun, or NULL */
  struct view_wish wish; /* with it: the view whose text is wanted; line NULL: curves and model */
  bool busy, stopped_by_hand, ending;
  struct task task; /* of what is under way */
  bool has_model_thread;
  struct screen_results *wanted_model; /* curves whose model is to be fitted, or NULL */
  unsigned long model_number;          /* of the post whose model is under way; 0: none is */
  struct task model_task;
  struct screen_results *queue[LONGEST_QUEUE];
  size_t n_queued;
  struct screen_results *discarded; /* to be freed by the thread, linked by their `next` */
};

/* With the lock held. */
static void discard(struct worker *worker, struct screen_results *results)
{
  results->next = worker->discarded;
  worker->discarded = results;
}

static void clear_queue(struct worker *worker)
{
  for (size_t i = 0; i < worker->n_queued; i++)
    discard(worker, worker->queue[i]);
  worker->n_queued = 0;
  uint64_t count;
  ssize_t n = read(worker->ready, &count, sizeof count);
  (void)n; /* nothing to read is as good */
}

/* Queues a result unless a newer post has made it out of date. */
static void deliver(struct worker *worker, struct screen_results *results)
{
  results->worker = worker;
  pthread_mutex_lock(&worker->lock);
  if (results->number == worker->number && worker->n_queued < LONGEST_QUEUE) {
    worker->queue[worker->n_queued++] = results;
    if (!results->model_pending) { /* its last result: whoever takes it finds the worker idle */
      worker->busy = false;
      worker->model_number = 0;
    }
    results = NULL;
    uint64_t one = 1;
    ssize_t n = write(worker->ready, &one, sizeof one);
    (void)n; /* a full counter is readable too */
  }
  pthread_mutex_unlock(&worker->lock);
  screen_results_free(results);
}

/* With the lock held, which is given away meanwhile. */
static void free_discarded(struct worker *worker)
{
  struct screen_results *discarded = worker->discarded;
  worker->discarded = NULL;
  pthread_mutex_unlock(&worker->lock);
  while (discarded) {
    struct screen_results *next = discarded->next;
    screen_results_free(discarded);
    discarded = next;
  }
  pthread_mutex_lock(&worker->lock);
}

static bool was_stopped_by_hand(struct worker *worker)
{
  pthread_mutex_lock(&worker->lock);
  bool stopped = worker->stopped_by_hand;
  pthread_mutex_unlock(&worker->lock);
  return stopped;
}

/* What comes instead of the results of a post that was stopped by hand. */
static struct screen_results *cancelled_post(const struct state *state, unsigned long number, bool is_view)
{
  struct screen_results *results = results_cancelled(state, NULL, number);
  results->is_view = is_view;
  if (is_view)
    results->view_text = memory_copy_string(results->curves_error);
  return results;
}

static void compute_view(struct worker *worker, const struct state *state, const struct view_wish *wish,
                         unsigned long number)
{
  struct screen_results *view = results_view(state, wish, number, &worker->task);
  if (!view && was_stopped_by_hand(worker))
    view = cancelled_post(state, number, true);
  if (view)
    deliver(worker, view);
}

/* Fits a model; takes over the curves. */
static void compute_model(struct worker *worker, struct screen_results *curves)
{
  struct screen_results *all = results_model(curves, &worker->model_task);
  if (!all && was_stopped_by_hand(worker))
    all = results_cancelled(curves->state, curves, curves->number);
  if (all)
    deliver(worker, all);
  screen_results_free(curves);
}

static void *work_on_models(void *data)
{
  struct worker *worker = data;
  pthread_mutex_lock(&worker->lock);
  while (!worker->ending) {
    struct screen_results *curves = worker->wanted_model;
    if (!curves) {
      pthread_cond_wait(&worker->changed, &worker->lock);
      continue;
    }
    worker->wanted_model = NULL;
    worker->model_number = curves->number;
    task_init(&worker->model_task);
    pthread_mutex_unlock(&worker->lock);
    compute_model(worker, curves);
    pthread_mutex_lock(&worker->lock);
    worker->model_number = 0;
  }
  pthread_mutex_unlock(&worker->lock);
  return NULL;
}

/* Fits a model on the thread of the curves; takes over the curves. */
static void fit_here(struct worker *worker, struct screen_results *curves)
{
  compute_model(worker, curves);
  pthread_mutex_lock(&worker->lock);
  worker->model_number = 0;
  pthread_mutex_unlock(&worker->lock);
}

/* Hands curves over to the thread of models, which owns them then; where none can be started, fits here. */
static void hand_over(struct worker *worker, struct screen_results *curves)
{
  pthread_mutex_lock(&worker->lock);
  const bool is_current = curves->number == worker->number && !worker->stopped_by_hand;
  if (!worker->has_model_thread)
    worker->has_model_thread = pthread_create(&worker->model_thread, NULL, work_on_models, worker) == 0;
  const bool has_thread = worker->has_model_thread;
  if (is_current && has_thread) {
    worker->wanted_model = curves;
    worker->busy = false;
    pthread_cond_broadcast(&worker->changed);
  } else if (is_current) {
    worker->model_number = curves->number;
    task_init(&worker->model_task); /* the post has cancelled the one before */
  }
  pthread_mutex_unlock(&worker->lock);
  if (!is_current && was_stopped_by_hand(worker))
    deliver(worker, results_cancelled(curves->state, curves, curves->number));
  if (!is_current)
    screen_results_free(curves);
  else if (!has_thread)
    fit_here(worker, curves);
}

static void compute(struct worker *worker, const struct state *state, unsigned long number)
{
  struct screen_results *curves = results_curves(state, number, &worker->task);
  if (!curves) {
    if (was_stopped_by_hand(worker))
      deliver(worker, results_cancelled(state, NULL, number));
    return;
  }
  /* The explorer owns what is delivered: the model's step keeps a view of its own. */
  struct screen_results *own = curves->model_pending ? results_copy(curves) : NULL;
  deliver(worker, curves);
  if (own)
    hand_over(worker, own);
}

static void *work(void *data)
{
  struct worker *worker = data;
  pthread_mutex_lock(&worker->lock);
  while (!worker->ending) {
    if (worker->discarded) {
      free_discarded(worker);
      continue;
    }
    if (!worker->wanted) {
      pthread_cond_wait(&worker->changed, &worker->lock);
      continue;
    }
    struct state *state = worker->wanted;
    struct view_wish wish = worker->wish;
    unsigned long number = worker->number;
    worker->wanted = NULL;
    worker->wish.line = NULL;
    worker->busy = true;
    worker->stopped_by_hand = false;
    task_init(&worker->task);
    pthread_mutex_unlock(&worker->lock);
    if (wish.line)
      compute_view(worker, state, &wish, number);
    else
      compute(worker, state, number);
    free(wish.line);
    state_release(state);
    pthread_mutex_lock(&worker->lock);
    worker->busy = false;
  }
  pthread_mutex_unlock(&worker->lock);
  return NULL;
}

struct worker *worker_new(void)
{
  struct worker *worker = memory_new(1, sizeof *worker);
  worker->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  pthread_mutex_init(&worker->lock, NULL);
  pthread_cond_init(&worker->changed, NULL);
  task_init(&worker->task);
  task_init(&worker->model_task);
  /* Signals are the main thread's, crashes excepted: those come to the thread that made them. */
  sigset_t all, former;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  int failed = worker->ready < 0 ? errno : pthread_create(&worker->thread, NULL, work, worker);
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  if (!failed)
    return worker;
  if (worker->ready >= 0)
    close(worker->ready);
  free(worker);
  return NULL;
}

void worker_free(struct worker *worker)
{
  if (!worker)
    return;
  pthread_mutex_lock(&worker->lock);
  worker->ending = true;
  task_cancel(&worker->task);
  task_cancel(&worker->model_task);
  pthread_cond_broadcast(&worker->changed);
  pthread_mutex_unlock(&worker->lock);
  pthread_join(worker->thread, NULL);
  if (worker->has_model_thread)
    pthread_join(worker->model_thread, NULL);
  screen_results_free(worker->wanted_model);
  pthread_mutex_lock(&worker->lock);
  clear_queue(worker);
  free_discarded(worker);
  pthread_mutex_unlock(&worker->lock);
  if (worker->wanted)
    state_release(worker->wanted);
  free(worker->wish.line);
  close(worker->ready);
  pthread_cond_destroy(&worker->changed);
  pthread_mutex_destroy(&worker->lock);
  free(worker);
}

int worker_descriptor(const struct worker *worker)
{
  return worker->ready;
}

/* Takes over the wish's line; a wish without one is for curves and model. */
static unsigned long post(struct worker *worker, const struct state *state, const struct view_wish *wish)
{
  pthread_mutex_lock(&worker->lock);
  struct state *replaced = worker->wanted;
  worker->wanted = state_retain(state);
  free(worker->wish.line);
  worker->wish = *wish;
  unsigned long number = ++worker->number;
  if (worker->busy)
    task_cancel(&worker->task);
  if (worker->wanted_model)
    discard(worker, worker->wanted_model);
  worker->wanted_model = NULL;
  task_cancel(&worker->model_task);
  clear_queue(worker);
  pthread_cond_broadcast(&worker->changed);
  pthread_mutex_unlock(&worker->lock);
  if (replaced)
    state_release(replaced);
  return number;
}

unsigned long worker_post(struct worker *worker, const struct state *state)
{
  return post(worker, state, &(struct view_wish){.line = NULL});
}

unsigned long worker_post_view(struct worker *worker, const struct state *state, const struct view_wish *wish)
{
  struct view_wish copy = *wish;
  copy.line = memory_copy_string(wish->line);
  return post(worker, state, &copy);
}

void worker_discard(struct worker *worker, struct screen_results *results)
{
  if (!results)
    return;
  pthread_mutex_lock(&worker->lock);
  discard(worker, results);
  pthread_cond_broadcast(&worker->changed);
  pthread_mutex_unlock(&worker->lock);
}

struct screen_results *worker_take(struct worker *worker)
{
  struct screen_results *results = NULL;
  pthread_mutex_lock(&worker->lock);
  if (worker->n_queued > 0) {
    results = worker->queue[0];
    worker->queue[0] = worker->queue[1];
    worker->n_queued--;
  }
  if (worker->n_queued == 0)
    clear_queue(worker);
  pthread_mutex_unlock(&worker->lock);
  return results;
}

void worker_cancel(struct worker *worker)
{
  pthread_mutex_lock(&worker->lock);
  struct state *unbegun = worker->wanted;
  worker->wanted = NULL;
  struct screen_results *curves = worker->wanted_model;
  worker->wanted_model = NULL;
  if (worker->busy || worker->model_number) {
    worker->stopped_by_hand = true;
    task_cancel(&worker->task);
    task_cancel(&worker->model_task);
  }
  unsigned long number = worker->number;
  const bool is_view = worker->wish.line != NULL;
  if (unbegun) {
    free(worker->wish.line);
    worker->wish.line = NULL;
  }
  pthread_mutex_unlock(&worker->lock);
  if (curves)
    deliver(worker, results_cancelled(curves->state, curves, curves->number));
  screen_results_free(curves);
  if (!unbegun)
    return;
  deliver(worker, cancelled_post(unbegun, number, is_view));
  state_release(unbegun);
}

double worker_progress(const struct worker *worker)
{
  /* The lock is the worker's, not part of what it says. */
  struct worker *watched = (struct worker *)(uintptr_t)worker;
  pthread_mutex_lock(&watched->lock);
  double progress = -1;
  if (watched->busy)
    progress = atomic_load_explicit(&watched->task.done, memory_order_relaxed);
  else if (watched->wanted || watched->wanted_model)
    progress = 0;
  else if (watched->model_number && watched->model_number == watched->number)
    progress = atomic_load_explicit(&watched->model_task.done, memory_order_relaxed);
  pthread_mutex_unlock(&watched->lock);
  return progress;
}
