/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/job.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "verbs/execute.h"

struct job {
  pthread_t thread;
  char *line;
  int done; /* an eventfd, readable when the thread has nothing more to do */
  atomic_bool is_done;
  int64_t started;
  struct task task;
  struct job_outcome outcome;
};

static int64_t milliseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *work(void *data)
{
  struct job *job = data;
  struct job_outcome *outcome = &job->outcome;
  outcome->status = command_execute(outcome->fork, job->line, &job->task, &outcome->report, &outcome->error);
  atomic_store(&job->is_done, true);
  uint64_t one = 1;
  ssize_t n = write(job->done, &one, sizeof one);
  (void)n; /* the counter is at 0: there is room */
  return NULL;
}

void job_outcome_clear(struct job_outcome *outcome)
{
  session_free(outcome->fork);
  report_clear(&outcome->report);
  error_clear(&outcome->error);
}

static void release(struct job *job)
{
  if (job->done >= 0)
    close(job->done);
  free(job->line);
  free(job);
}

struct job *job_start(struct session *fork, const char *line)
{
  struct job *job = memory_new(1, sizeof *job);
  job->line = memory_copy_string(line);
  job->outcome = (struct job_outcome){.fork = fork, .report = {.for_people = true}, .error = ERROR_INIT};
  job->started = milliseconds();
  job->done = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  atomic_init(&job->is_done, false);
  task_init(&job->task);
  /* Signals are the main thread's, crashes excepted: those come to the thread that made them. */
  sigset_t all, former;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &former);
  const bool failed = job->done < 0 || pthread_create(&job->thread, NULL, work, job) != 0;
  pthread_sigmask(SIG_SETMASK, &former, NULL);
  if (!failed)
    return job;
  job_outcome_clear(&job->outcome);
  release(job);
  return NULL;
}

const char *job_line(const struct job *job)
{
  return job->line;
}

int64_t job_age(const struct job *job)
{
  return milliseconds() - job->started;
}

double job_progress(const struct job *job)
{
  return atomic_load_explicit(&job->task.done, memory_order_relaxed);
}

int job_descriptor(const struct job *job)
{
  return job->done;
}

void job_cancel(struct job *job)
{
  task_cancel(&job->task);
}

bool job_finish(struct job *job, struct job_outcome *outcome)
{
  if (!atomic_load(&job->is_done))
    return false;
  pthread_join(job->thread, NULL);
  *outcome = job->outcome;
  release(job);
  return true;
}

void job_free(struct job *job)
{
  if (!job)
    return;
  job_cancel(job);
  pthread_join(job->thread, NULL);
  job_outcome_clear(&job->outcome);
  release(job);
}
