/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last Cox model that was fitted, kept for the commands that follow: zph, predict, residuals and the screen speak of
 * the model that `cox` has just fitted.
 *
 * One is shared by all states of a session and its forks (state->kept), so there is one fit, however long the way of undo.
 * A fit is found by what it depends on and by nothing else: the request (formula, options, the columns that weigh, the rows
 * of its condition), the columns that are named, the endpoint and the rows on view.  Those are immutable and held with the
 * fit, so that their addresses are nobody else's while it is kept; rows are compared by what they are.  Another filter,
 * another endpoint, a column derived anew or other ties therefore find nothing.
 *
 * It keeps the gathered rows and the design of the fit, 100 bytes a patient and more: session.c drops it with the model. */
#ifndef KAPLAN_SESSION_KEPT_MODEL_H
#define KAPLAN_SESSION_KEPT_MODEL_H

#include "session/analysis.h"

struct kept_model;

struct kept_model *kept_model_new(void);
struct kept_model *kept_model_retain(struct kept_model *kept); /* NULL is let through */
void kept_model_release(struct kept_model *kept);              /* the last one drops the fit */

/* cox_analyse() by way of the fit that state->kept has: the one that is there, or else a new one, which takes its place.  Where
 * another thread is fitting the same, its fit is waited for.  A fit that fails or is cancelled is not kept; without
 * state->kept none is.  The caller releases *analysis. */
enum status cox_analyse_shared(const struct state *state, const struct cox_request *request, struct task *task,
                               const struct cox_analysis **analysis, struct error *error);

/* The same by itself: nothing is looked for, and nothing kept.  For a model that is not the current one. */
enum status cox_analyse_apart(const struct state *state, const struct cox_request *request, struct task *task,
                              const struct cox_analysis **analysis, struct error *error);

/* Lets go of the fit; one under way is not kept either. */
void kept_model_drop(struct kept_model *kept);

/* Whether there is a fit, and how many models were fitted so far: for tests. */
bool kept_model_has_fit(struct kept_model *kept);
size_t kept_model_count_fits(struct kept_model *kept);

#endif
