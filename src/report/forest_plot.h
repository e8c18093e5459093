/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forest plot as data: rows of estimates with their limits on one axis, as the canvas, the screen and the SVG renderer
 * draw it.  Texts are those of the printed table, so that a figure and its table never differ. */
#ifndef KAPLAN_REPORT_FOREST_PLOT_H
#define KAPLAN_REPORT_FOREST_PLOT_H

#include <stdbool.h>
#include <stddef.h>

enum forest_row_kind {
  FOREST_ROW,       /* an estimate: a square with its limits */
  FOREST_HEADING,   /* a variable's name over its levels; a word that stands alone */
  FOREST_REFERENCE, /* the level that the others are compared with */
  FOREST_SUMMARY    /* a pooled result: a diamond */
};

/* One line.  Texts are owned, NULL = none. */
struct forest_row {
  enum forest_row_kind kind;
  unsigned indent; /* steps to the right: 0 = a variable, 1 = its level */
  char *label;     /* "male: Resection of the primary lesion" */
  char *brief;     /* what stands for it where that is too wide: "male: PR" */
  char *counts;    /* "33/83": under the plot's counts_title */
  char *numbers;   /* "0.54 (0.24–1.22)", "NE", "reference" */
  char *p;         /* "0.139" */
  char *remark;    /* of a heading, at the right: "interaction p = 0.004" */
  char *reason;    /* why there is no interval: "no events" */
  char *variable, *level; /* the patients of the row: those with that level of that column; NULL where they are not so told */
  char *why;                  /* the command that derives the row's number step by step */
  double estimate, low, high; /* NaN: not available; limits may be infinite, or 0 under a ratio */
  double p_value;             /* behind p or the remark; NaN: none */
  double weight;              /* share in the whole, any unit, for the square's size; NaN: not told */
};

struct forest_plot {
  char *title;         /* or NULL */
  char *label_title;   /* over the labels: "subgroup" */
  char *counts_title;  /* "events/n", "weight %", or NULL: no row has counts */
  char *numbers_title; /* "HR (95 % CI)" */
  char *axis_title;    /* "hazard ratio" */
  char *reference;     /* at the axis, what all rows are compared with: "reference: No resection", or NULL */
  char *brief_reference; /* what stands for it where that is too wide, or NULL */
  char *brief_note;    /* what the brief labels stand for, or NULL */
  bool is_ratio;       /* logarithmic axis, no effect at 1; else linear, at 0 */
  struct forest_row *rows;
  size_t n_rows, rows_capacity;
};

/* An empty plot of ratios; the caller frees it, or gives it to a report. */
struct forest_plot *forest_plot_new(const char *title, bool is_ratio);
void forest_plot_free(struct forest_plot *plot);

/* Adds a row of that kind with a copy of the label (NULL: none), no numbers and NaN for what is counted; borrowed until the
 * next row is added. */
struct forest_row *forest_plot_add(struct forest_plot *plot, enum forest_row_kind kind, unsigned indent, const char *label);

/* Gives the row added last another place and label, and a short one where that differs. */
void forest_plot_relabel(struct forest_plot *plot, unsigned indent, const char *label, const char *brief);

/* Whether the row is drawn on the axis: it has a finite estimate (over 0 where ratios are shown). */
bool forest_row_is_drawn(const struct forest_plot *plot, const struct forest_row *row);

/* ---- the axis ---- */

enum { FOREST_MAX_TICKS = 40 };

/* The axis from `low` to `high`, in units of the estimates.  It holds every estimate and the value of no effect; limits that
 * are far from all estimates leave it, and are drawn as arrows. */
struct forest_axis {
  bool is_ratio;
  double low, high;
  double tick[FOREST_MAX_TICKS]; /* in the order of their rank: no effect first, then the powers of ten, 2 and 5 */
  size_t n_ticks;
};

/* Chooses the axis of a plot from its rows. */
void forest_axis_of(const struct forest_plot *plot, struct forest_axis *axis);

/* Where a value stands on the axis, 0 = low to 1 = high; below 0 or above 1 (or infinite) where it is off the axis. */
double forest_axis_place(const struct forest_axis *axis, double value);

/* The value of no effect: 1, or 0. */
double forest_axis_null(const struct forest_axis *axis);

#endif
