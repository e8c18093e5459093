/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the verbs that use the current model for prediction share. */
#ifndef KAPLAN_VERBS_PREDICTION_H
#define KAPLAN_VERBS_PREDICTION_H

#include "lang/command.h"
#include "report/report.h"
#include "session/nomogram.h"

/* The times of at=; without it those of a published model's baseline, and else an error.  The caller frees them. */
enum status prediction_times(const struct command *command, const struct state *state, double **times, size_t *n,
                             struct error *error);

/* The axes that step=size:1,age:5 and range=size:0:9 ask for.  Fails on another form; the caller clears *steps in any
 * case. */
enum status prediction_steps(const struct command *command, struct nomogram_steps *steps, struct error *error);

/* The rows of step= and range= in a verb's options. */
#define PREDICTION_STEP_OPTIONS                                                      \
  {"step", OPTION_LIST, NULL, "ticks of a number's axis: step=size:1,age:5"},        \
  {"range", OPTION_LIST, NULL, "ends of a number's axis: range=size:0:9"}

/* Sets the report's counts and warns of what the model's fit has to say, of those left out, and of times at which
 * survival is not known. */
void prediction_warn(const struct predictor *predictor, const double *times, size_t n_times, struct report *report);

/* Adds notes that name the model, and what a fitted one does with competing events. */
void prediction_note_model(const struct predictor *predictor, struct printed_table *printed);

#endif
