/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs that use the current model for prediction share. */
#ifndef KAPLAN_VERBS_PREDICTION_H
#define KAPLAN_VERBS_PREDICTION_H

#include "lang/command.h"
#include "report/report.h"
#include "session/predictor.h"

/* The times of at=; without it those of a published model's baseline, and else an error.  The caller frees them. */
enum status prediction_times(const struct command *command, const struct state *state, double **times, size_t *n,
                             struct error *error);

/* Sets the report's counts and warns of what the model's fit has to say, of those left out, and of times at which
 * survival is not known. */
void prediction_warn(const struct predictor *predictor, const double *times, size_t n_times, struct report *report);

#endif
