/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading patients off a nomogram, each as cheaply as a key press wants it: nothing is fitted again and no row is looked at.
 *
 * What is read is what predict says: the model's linear predictor, never points that were rounded. */
#ifndef KAPLAN_SESSION_NOMOGRAM_READER_H
#define KAPLAN_SESSION_NOMOGRAM_READER_H

#include "session/nomogram.h"
#include "stats/cox_survival.h"

/* What a column of the predictor can be moved by. */
struct nomogram_variable {
  double typical; /* the median on view, in steps; the code of the commonest level */
  double step;    /* of a number: the small one, and that of its axis's ticks */
  double tick;
};

struct nomogram_reader {
  struct state *state; /* retained */
  struct predictor predictor;
  struct nomogram nomogram;
  double *times, *survival; /* of the survival scales: the times, and the probabilities that are marked */
  size_t n_times, n_survival;
  struct nomogram_steps steps; /* as its axes were asked for */
  bool has_median; /* a scale of median survival is wanted */
  struct nomogram_variable *variables; /* of each column of the predictor; NULL until prepared */
  struct cox_survival_sums *sums;      /* of each stratum, at the times; NULL until prepared, and of a published model */
};

/* Takes over the predictor and its nomogram, which are empty afterwards, and nothing else: times, survival and steps are
 * the caller's to set (the reader's then).  Free with nomogram_reader_free(). */
struct nomogram_reader *nomogram_reader_new(struct predictor *predictor, struct nomogram *nomogram);
void nomogram_reader_free(void *reader);

/* Computes once, from all rows, what the readings need, and lets go of the design matrix.  STATUS_CANCELLED when the task
 * says so. */
enum status nomogram_reader_prepare(struct nomogram_reader *reader, struct task *task);

/* A patient. */
struct nomogram_reading {
  double linear_predictor, total_points;
  double *points; /* of each component; NaN where it is strata alone */
  size_t stratum;
  struct nomogram_survival {
    double estimate, low, high; /* NaN: not known; of a published model no limits */
  } *survival;   /* at each of the reader's times */
  double median; /* NaN: not reached, or a published model */
};

/* Reads the patient with these values (one a column of the predictor: a number, or a level's code) off a prepared reader.
 * Fails where the model has no value for them.  The caller clears it. */
enum status nomogram_read(const struct nomogram_reader *reader, const double *values, struct nomogram_reading *reading,
                          struct error *error);
void nomogram_reading_clear(struct nomogram_reading *reading);

/* Whether an axis is the one that holds for a patient: those it interacts with have its values. */
bool nomogram_axis_holds(const struct nomogram_reader *reader, const struct nomogram_axis *axis, const double *values);

/* A column's value moved by `steps` small steps (`ticks`: big ones) or levels, within what the nomogram knows. */
double nomogram_moved(const struct nomogram_reader *reader, size_t column, double value, long steps, bool ticks);

/* Whether the nomogram knows this value of the column: a level of the analysis, a number between the ends of its axis. */
bool nomogram_has_value(const struct nomogram_reader *reader, size_t column, double value);

#endif
