/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nomogram as a drawing, for batch, figure and screen alike. */
#ifndef KAPLAN_VERBS_PRESENT_NOMOGRAM_H
#define KAPLAN_VERBS_PRESENT_NOMOGRAM_H

#include "report/nomogram_plot.h"
#include "session/nomogram_reader.h"

/* The scales: points, each axis, total points, survival at each time (of each stratum), and medians where they are wanted.
 *
 * With a patient's values and reading (else both NULL): each scale with its marker and what is read there, of axes that
 * interact the one that holds, for columns without an axis the levels to choose from, and the patient's stratum alone.  The
 * caller frees it. */
struct nomogram_plot *present_nomogram_plot(const struct nomogram_reader *reader, const struct nomogram_reading *reading,
                                            const double *values);

/* The patient in words: "age 60: 40.1 points, … ; total 127.3; survival at 36 months 0.710 (0.580–0.850) …". `column` is
 * named first and alone.  The caller frees it. */
char *present_nomogram_words(const struct nomogram_reader *reader, const struct nomogram_reading *reading,
                             const double *values, size_t column);

/* The command that predicts this patient's survival at the nomogram's times; the caller frees it. */
char *present_nomogram_predict(const struct nomogram_reader *reader, const double *values);

/* Whether a total can be reached on the axes, but for rounding. */
bool present_nomogram_reaches(const struct nomogram *nomogram, double points);

/* The total points at which survival in a stratum falls to a half at round times, those that can be reached.  The caller
 * frees *medians. */
struct nomogram_median {
  double time, points;
};
size_t present_nomogram_medians(const struct nomogram_reader *reader, size_t stratum, struct nomogram_median **medians);

#endif
