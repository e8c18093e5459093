/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nomogram as a drawing: scales beneath one another, as data.
 *
 * The upper scales (points, and one a term) run from 0 to 100 points, the lower ones (total points, survival, median) from 0
 * to the plot's `total`.  On screen each scale may carry a patient's place and what is read there. */
#ifndef KAPLAN_REPORT_NOMOGRAM_PLOT_H
#define KAPLAN_REPORT_NOMOGRAM_PLOT_H

#include <stdbool.h>
#include <stddef.h>

#include "report/canvas.h"

enum nomogram_scale_kind {
  SCALE_POINTS,
  SCALE_TERM,
  SCALE_TOTAL,
  SCALE_SURVIVAL,
  SCALE_MEDIAN,
  SCALE_CHOICE /* no points of its own: levels to choose from; `at` of its ticks does not count */
};

struct nomogram_tick {
  double at;   /* points, or total points */
  char *label; /* NULL: a small tick between two */
};

struct nomogram_scale {
  enum nomogram_scale_kind kind;
  char *label;   /* "age" */
  bool is_names; /* the ticks' labels are levels, which may be cut short; a number that does not fit is left out */
  struct nomogram_tick *ticks;
  size_t n_ticks, capacity;
  double marker; /* where a patient is, in points; NaN: no patient */
  size_t chosen; /* SCALE_CHOICE: the tick that holds */
  char *reading; /* beneath the name: what the patient has ("60"), or whose the scale is; cut where it is long; NULL: nothing */
  char *amount;  /* behind it and never cut: "40.1"; NULL: nothing */
  size_t subject; /* which variable it is of, as its maker numbers them */
  bool selected;  /* the cursor is on it */
};

struct nomogram_plot {
  char *title; /* or NULL */
  struct nomogram_scale *scales;
  size_t n_scales, capacity;
  double total; /* total points at the right end of the lower scales */
};

/* An empty plot (title copied, may be NULL) whose lower scales end at `total` > 0; the caller frees it, or gives it to a
 * report. */
struct nomogram_plot *nomogram_plot_new(const char *title, double total);
void nomogram_plot_free(struct nomogram_plot *plot);

/* Adds a scale without ticks (label copied); borrowed until the next is added.  Adds a tick (label copied, or NULL). */
struct nomogram_scale *nomogram_plot_add(struct nomogram_plot *plot, enum nomogram_scale_kind kind, const char *label);
void nomogram_scale_add(struct nomogram_scale *scale, double at, const char *label);

/* A scale of round numbers from 0 to `last`, each step with a small tick in the middle: points and total points. */
void nomogram_scale_add_round(struct nomogram_scale *scale, double last);

/* Where `at` lies between the left (0) and the right end (1) of the scale's area; cut at both. */
double nomogram_scale_place(const struct nomogram_plot *plot, const struct nomogram_scale *scale, double at);

/* ---- labels of ticks, for every drawing ---- */

/* Where the label of a tick goes: in columns (or any unit) from the scale's left end. */
struct nomogram_label {
  bool is_shown, is_above;
  double start, width; /* room; less than the label's own width: it is cut */
};

/* Places the labels of a scale `room` wide between `before` to its left and as much to its right: one level of labels
 * beneath where they fit, else names by turns beneath and above (`two_rows`), a name cut where its neighbours leave no
 * more room, a number left out.  No two labels of a row overlap.  widths[n_ticks] are the labels' own; labels[n_ticks] is
 * filled.  `gap` is the least distance between two.  Returns whether any is above. */
struct nomogram_room {
  double room, before, gap;
  bool two_rows;
  bool cells; /* places are whole columns */
};
bool nomogram_place_labels(const struct nomogram_plot *plot, const struct nomogram_scale *scale,
                           const struct nomogram_room *room, const double *widths, struct nomogram_label *labels);

/* ---- drawing in characters ---- */

struct nomogram_drawing {
  enum charset charset;
  bool two_rows;       /* labels may stand above a scale, too */
  size_t label_columns; /* 0: as much as the labels want, up to two fifths */
};

/* Rows that one scale takes at this width: 2, or 3 with labels above. */
size_t draw_nomogram_scale_rows(const struct nomogram_plot *plot, size_t scale, const struct nomogram_drawing *drawing,
                                size_t columns);

/* Draws one scale into the area's first rows: its name and, beneath that, what is read; the line with ticks and the
 * patient's marker; labels.  Nothing is drawn outside the area. */
void draw_nomogram_scale(const struct nomogram_plot *plot, size_t scale, const struct nomogram_drawing *drawing,
                         struct canvas *canvas, struct area area);

/* Rows of the whole plot at this width, and the whole plot, as far as it fits: title, scales, a blank row in front of the
 * lower ones. */
size_t draw_nomogram_rows(const struct nomogram_plot *plot, const struct nomogram_drawing *drawing, size_t columns);
void draw_nomogram(const struct nomogram_plot *plot, const struct nomogram_drawing *drawing, struct canvas *canvas,
                   struct area area);

#endif
