/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The steps of a worker's computation (worker.h); for worker.c only. */
#ifndef KAPLAN_UI_RESULTS_H
#define KAPLAN_UI_RESULTS_H

#include "base/task.h"
#include "ui/worker.h"

/* Curves and log-rank test of a state; model_pending where it has a model.  NULL when cancelled. */
struct screen_results *results_curves(const struct state *state, unsigned long number, struct task *task);

/* The same results once more, without a model. */
struct screen_results *results_copy(const struct screen_results *curves);

/* The same with the model.  NULL when cancelled. */
struct screen_results *results_model(const struct screen_results *curves, struct task *task);

/* The text of a view; an error's words where the command fails.  NULL when cancelled. */
struct screen_results *results_view(const struct state *state, const struct view_wish *wish, unsigned long number,
                                    struct task *task);

/* What stands on the screen after a cancellation: the curves if they were there (else NULL), and a word about it. */
struct screen_results *results_cancelled(const struct state *state, const struct screen_results *curves,
                                         unsigned long number);

#endif
