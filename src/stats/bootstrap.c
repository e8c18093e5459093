/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/bootstrap.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/sort.h"
#include "stats/r_random.h"
#include "stats/samples.h"

enum {
  MAX_THREADS = 64,
  MAX_UNITS = 1 << 22 /* in all threads' resamples together: each has a copy of what it draws */
};

/* What the threads share.  Whoever takes the next resample draws it while holding the lock, so that the draws follow one
 * another as in one thread. */
struct pool {
  const struct bootstrap *bootstrap;
  bootstrap_work *work;
  void *context;
  struct task *task;
  pthread_mutex_t lock;
  struct r_random random;
  size_t next;
};

/* Draws the next resample; false when there is none, or no wish for one. */
static bool draw(struct pool *pool, size_t *resample, uint32_t *counts)
{
  const size_t n = pool->bootstrap->n_units;
  pthread_mutex_lock(&pool->lock);
  const bool more = pool->next < pool->bootstrap->n_resamples && !task_is_cancelled(pool->task);
  if (more) {
    *resample = pool->next++;
    memset(counts, 0, n * sizeof *counts);
    for (size_t i = 0; i < n; i++)
      counts[r_random_index(&pool->random, n)]++;
    task_progress(pool->task, (double)*resample / (double)pool->bootstrap->n_resamples);
  }
  pthread_mutex_unlock(&pool->lock);
  return more;
}

static void *work_on(void *data)
{
  struct pool *pool = data;
  uint32_t *counts = memory_new(pool->bootstrap->n_units, sizeof *counts);
  for (size_t resample; draw(pool, &resample, counts);)
    pool->work(pool->context, resample, counts);
  free(counts);
  return NULL;
}

enum status bootstrap_run(const struct bootstrap *bootstrap, bootstrap_work *work, void *context, struct task *task)
{
  struct pool pool = {.bootstrap = bootstrap, .work = work, .context = context, .task = task};
  pthread_t threads[MAX_THREADS];
  size_t n_threads = 0;
  if (!bootstrap->n_units)
    return STATUS_OK;
  const size_t most = MAX_UNITS / bootstrap->n_units + 1, n_wanted = parallel_threads() < most ? parallel_threads() : most;
  pthread_mutex_init(&pool.lock, NULL);
  r_random_init(&pool.random, bootstrap->seed);
  for (size_t i = 1; i < n_wanted && n_threads < MAX_THREADS && n_threads + 1 < bootstrap->n_resamples; i++)
    n_threads += pthread_create(&threads[n_threads], NULL, work_on, &pool) == 0;
  work_on(&pool);
  for (size_t i = 0; i < n_threads; i++)
    pthread_join(threads[i], NULL);
  pthread_mutex_destroy(&pool.lock);
  return task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_OK;
}

double bootstrap_percentile(double *values, size_t n, double p)
{
  size_t kept = 0;
  for (size_t i = 0; i < n; i++)
    if (isfinite(values[i]))
      values[kept++] = values[i];
  if (!kept)
    return (double)NAN;
  sort_numbers(values, kept);
  return sample_quantile(values, kept, p, 7);
}
