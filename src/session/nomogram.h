/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nomogram: the linear predictor as a sum of points, as rms's nomogram() scales them.
 *
 * Each term has an axis: a number over R's pretty() values of its range, a factor over its levels.  The axis with the
 * widest range of effect spans 0 to 100 points; every axis begins at 0.  Columns that interact have an axis for each
 * combination of the others' levels. */
#ifndef KAPLAN_SESSION_NOMOGRAM_H
#define KAPLAN_SESSION_NOMOGRAM_H

#include "session/predictor.h"

struct nomogram_axis {
  char *term;                  /* "age", or "age, sex=male" where they interact */
  const struct column *column; /* along the axis; borrowed from the cohort */
  size_t along;                /* that column's place in the predictor */
  size_t component;
  double *given; /* of each column of the predictor: the value at which the axis holds; of the component's others it counts */
  size_t n;
  double *value;  /* numbers, or codes of levels */
  double *points; /* 0 … 100 */
};

/* The values that one column can take: ticks, or codes of the levels in the analysis. */
struct nomogram_candidates {
  double *value;
  size_t n; /* at least 1 */
};

struct nomogram {
  struct nomogram_axis *axes;
  size_t n_axes, capacity;
  double points_per_unit; /* points for 1 of the linear predictor */
  double lowest;          /* the linear predictor at 0 points */
  double total;           /* the most points that the axes can give */
  struct nomogram_candidates *candidates; /* of each column of the predictor, strata too; the first stands for the others' axes */
  size_t n_columns;
  char *left_out; /* "x 0, y -1": ticks at which the model has no value (log(0)), which the axes do without; NULL: none */
  double *lows; /* of each component: its lowest linear predictor with all else at the first candidates */
};

/* How an axis is asked for: the step of its ticks (0: pretty) and its ends (NaN: those of the patients on view). */
struct nomogram_step {
  char *column;
  double step, low, high;
};

/* Those of several columns; owned, with the names. */
struct nomogram_steps {
  struct nomogram_step *items;
  size_t n;
};
void nomogram_steps_clear(struct nomogram_steps *steps);

/* Builds the axes of the predictor's model; `steps` may be NULL.  Fails where no term has an effect, where two numbers interact, or where a
 * step does not fit.  The caller clears it. */
enum status nomogram_build(const struct predictor *predictor, const struct nomogram_steps *steps,
                           struct nomogram *nomogram, struct error *error);
void nomogram_clear(struct nomogram *nomogram);

/* Points of a linear predictor: (lp - lowest) points_per_unit.  And the points at which survival is `survival` where the
 * cumulative hazard at a linear predictor of 0 is `hazard`. */
double nomogram_points(const struct nomogram *nomogram, double linear_predictor);
double nomogram_survival_points(const struct nomogram *nomogram, double hazard, double survival);

#endif
