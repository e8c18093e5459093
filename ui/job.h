/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command on a thread of its own, in a fork of the session: keys go on meanwhile, and it can be stopped.
 *
 * The thread owns fork, report and error until the job is done; who started it takes them then. */
#ifndef KAPLAN_UI_JOB_H
#define KAPLAN_UI_JOB_H

#include <stdbool.h>
#include <stdint.h>

#include "base/task.h"
#include "report/report.h"
#include "session/session.h"

struct job;

/* What came of it. */
struct job_outcome {
  struct session *fork;
  struct report report;
  struct error error;
  enum status status;
};

/* Starts a command in the fork, which it takes over; NULL where no thread can be started (the fork is freed). */
struct job *job_start(struct session *fork, const char *line);

/* The command; milliseconds since it started; its share done, 0 to 1. */
const char *job_line(const struct job *job);
int64_t job_age(const struct job *job);
double job_progress(const struct job *job);

/* Readable when the job is done. */
int job_descriptor(const struct job *job);

/* Asks it to stop: it is done soon after, with STATUS_CANCELLED. */
void job_cancel(struct job *job);

/* Whether it is done; then it is freed, and what came of it is the caller's (job_outcome_clear). */
bool job_finish(struct job *job, struct job_outcome *outcome);
void job_outcome_clear(struct job_outcome *outcome);

/* Cancels, waits and frees. */
void job_free(struct job *job);

#endif
