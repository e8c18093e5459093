/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published results over a plot's curves: a point with its limits, told apart by a digit or letter that the legend explains. */
#ifndef KAPLAN_REPORT_PLOT_MARK_H
#define KAPLAN_REPORT_PLOT_MARK_H

#include "base/text.h"
#include "report/plot.h"
#include "report/plot_window.h"

struct plot_mark {
  char *name; /* of the study: "Haugvik 2016" */
  char key;   /* stands for it in the figure: 1 to 9, then a to z; of still more studies * */
  bool is_median;
  double time, survival; /* where it stands; a median at 0.5 */
  double low, high;      /* limits of the survival, of a median those of the time; NaN: not given */
};

/* Adds a mark with a copy of the name behind the last of that name; studies have keys in the order in which they come. */
void plot_add_mark(struct plot *plot, const char *name, bool is_median, const double place[2], const double limits[2]);

/* Releases the plot's marks. */
void plot_marks_free(struct plot *plot);

/* Whether the point is in the window. */
bool plot_mark_is_inside(const struct plot_mark *mark, const struct plot_window *window);

/* One study's entry in the legend: "1 Haugvik 2016 S(36) 0.69 (0.50–0.82), median 20, S(60) 0.40 (outside)": outside
 * of the window.
 * `first` is its first mark; returns the index behind its last. */
size_t plot_mark_append_entry(const struct plot *plot, size_t first, const struct plot_window *window, struct text *text);

#endif
