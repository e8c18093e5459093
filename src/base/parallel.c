/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/parallel.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { MOST_THREADS = 64, ROWS_WORTH_THREADS = 1 << 14 };

/* What the threads share: whoever is free takes the next part. */
struct crew {
  parallel_work *work;
  void *context;
  size_t n_parts;
  atomic_size_t next;
};

static void *work_on(void *data)
{
  struct crew *crew = data;
  for (size_t part; (part = atomic_fetch_add_explicit(&crew->next, 1, memory_order_relaxed)) < crew->n_parts;)
    crew->work(crew->context, part);
  return NULL;
}

size_t parallel_threads(void)
{
  cpu_set_t mask;
  const char *given = getenv("KAPLAN_THREADS");
  size_t n = sched_getaffinity(0, sizeof mask, &mask) == 0 ? (size_t)CPU_COUNT(&mask) : 1;
  const long most = given ? strtol(given, NULL, 10) : 0;
  if (most > 0 && (size_t)most < n)
    n = (size_t)most;
  return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n;
}

void parallel_run(size_t n_parts, parallel_work *work, void *context)
{
  struct crew crew = {.work = work, .context = context, .n_parts = n_parts};
  pthread_t threads[MOST_THREADS];
  size_t n_threads = 0;
  atomic_init(&crew.next, 0);
  const size_t wanted = n_parts > 1 ? parallel_threads() : 1;
  for (size_t i = 1; i < wanted && i < n_parts; i++)
    n_threads += pthread_create(&threads[n_threads], NULL, work_on, &crew) == 0;
  work_on(&crew);
  for (size_t i = 0; i < n_threads; i++)
    pthread_join(threads[i], NULL);
}

void parallel_for_rows(size_t n_rows, size_t n_parts, parallel_work *work, void *context)
{
  if (n_rows >= ROWS_WORTH_THREADS) {
    parallel_run(n_parts, work, context);
    return;
  }
  for (size_t part = 0; part < n_parts; part++)
    work(context, part);
}
