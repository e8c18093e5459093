/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Survival curves as data: what the character canvas, the screen and the SVG renderer draw.
 *
 * Values are survival throughout; which function of it is drawn, and which part of it, is the drawing's (plot_window.h). */
#ifndef KAPLAN_REPORT_PLOT_H
#define KAPLAN_REPORT_PLOT_H

#include <stdbool.h>
#include <stddef.h>

struct plot_mark; /* plot_mark.h */

/* One step curve.  Arrays of n values, owned unless `is_borrowed`: at time[i] the curve falls to value[i]; limits may be NaN. */
struct plot_series {
  char *label;  /* "PHR" */
  char *legend; /* what stands behind the glyph in the legend: "n 42  events 10  median 122 (70–NR)" */
  size_t n;
  double *time, *value, *low, *high;
  double *n_risk, *n_event, *n_censor; /* at risk just before time[i]; at time[i] */
  double *events_to, *censored_to;     /* sums up to and with time[i], or NULL: plot_series_counts() adds then */
  double total;                        /* rows of the group */
  double median;                       /* NaN: not reached */
  size_t n_entries;                    /* delayed entry: distinct entry times, and how many had entered by each */
  double *entry_time, *entry_cumulated;
  bool is_borrowed; /* all arrays but the sums are somebody else's, who keeps them as long */
};

/* At most this many curves stand over one another; of more, each has a panel of its own. */
enum { PLOT_OVERLAID = 4 };

/* Panels are the same groups in each level of another variable: each is a plot whose title is the level, whose note says n
 * and p, and whose series have the places of the whole's (a group that a panel lacks has none of n). */
struct plot {
  char *title;  /* or NULL */
  char *x_label; /* "months" */
  char *y_label; /* "overall survival" */
  char *note;    /* "log-rank p = 0.045", or NULL */
  bool is_incidence; /* values are 1 - a cumulative incidence, which is what is drawn, whatever function is asked for */
  struct plot_series *series;
  size_t n_series;
  struct plot_series *reference; /* the curve of all, drawn dim behind each of many; or NULL */
  struct plot **panels;
  size_t n_panels;
  char *panels_label; /* what the panels are of: "type" */
  struct plot_mark *marks; /* published results over the curves, those of one study together (plot_mark.h) */
  size_t n_marks;
};

struct plot *plot_new(size_t n_series);
void plot_free(struct plot *plot);

/* How many panels it is drawn in: those it has, or one a curve where these are more than PLOT_OVERLAID; else 0. */
size_t plot_n_panels(const struct plot *plot);

/* Panel i of them, borrowed, with the marks of the whole: of a plot of many curves the one curve with the reference, its legend as the note. */
struct plot plot_panel(const struct plot *plot, size_t i);

/* Copies the arrays that a plot's series, without those of its panels, have borrowed. */
void plot_own(struct plot *plot);

/* Sums the events and censorings of a series once, so that its counts take no time to find. */
void plot_series_cumulate(struct plot_series *series);

/* Value of the curve just after t (1 before the first time); NaN beyond the series' last time. */
double plot_series_value(const struct plot_series *series, double t);

/* The value just before t (1 before the first time; the last value beyond the last time), and how many of the series' times
 * are before t. */
double plot_series_value_before(const struct plot_series *series, double t);
size_t plot_series_index(const struct plot_series *series, double t);

/* At risk at t (entry < t <= time, as R's n.risk; at t = 0 all that are under observation from the start), and the events and
 * censorings before t.  Without delayed entry the three sum to `total` at every t. */
struct plot_counts {
  double at_risk, events, censored;
};
struct plot_counts plot_series_counts(const struct plot_series *series, double t);

/* The greatest time of all series; 0 without any. */
double plot_last_time(const struct plot *plot);

/* Ticks of a time axis from 0 to `last`: a step of 1, 2, 5 x 10^k (or 6, 12, 24, 36, 60, 120 where the unit is months) that
 * leaves at least `min_gap` of `columns` columns between ticks.  Returns the step. */
double plot_tick_step(double last, size_t columns, size_t min_gap, const char *unit);

#endif
