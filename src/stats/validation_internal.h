/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What validation.c and calibration.c share; nobody else includes this. */
#ifndef KAPLAN_STATS_VALIDATION_INTERNAL_H
#define KAPLAN_STATS_VALIDATION_INTERNAL_H

#include "stats/resample.h"
#include "stats/validation.h"

/* How many units are drawn: rows, or clusters. */
size_t validation_units(const struct validation_input *input);

/* How often each row was drawn, from the draws of units. */
void validation_counts(const struct validation_input *input, const uint32_t *drawn, uint32_t *counts);

/* Fits the model to a resample.  Fails, with nothing to clear, where the fit diverges or a coefficient is aliased that the
 * model of all patients has: rms's "divergence or singularity"; and where the task is
 * cancelled. */
enum status validation_fit(const struct validation_input *input, const struct resample *resample, struct task *task,
                           struct cox_model *model);

/* The fitted score of n rows of a design, centred at model->centre. */
void validation_scores(const double *design, size_t n, const struct cox_model *model, double *scores);

#endif
