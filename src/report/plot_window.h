/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which part of a plot is looked at, and which function of survival: what axes, curves and numbers at risk go by. */
#ifndef KAPLAN_REPORT_PLOT_WINDOW_H
#define KAPLAN_REPORT_PLOT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

#include "report/plot.h"

/* S; 1 - S; -log S; log(-log S) against log time, on which proportional hazards are parallel curves. */
enum plot_function { PLOT_SURVIVAL, PLOT_EVENT, PLOT_CUMULATIVE_HAZARD, PLOT_LOG_LOG, PLOT_FUNCTION_COUNT };

/* What is asked for.  {0}: survival, all of it. */
struct plot_view {
  enum plot_function function;
  double first_time, last_time; /* last_time 0: to the last time of all */
  double low, high;             /* of S or 1 - S; equal: from 0 to 1.  The other functions fit what is in the window */
};

/* What is shown: finite, first < last, low < high. */
struct plot_window {
  enum plot_function function;
  double first, last;
  double low, high; /* values of the function at the bottom and at the top */
};

/* The window of a plot with all its panels, so that they share their axes. */
struct plot_window plot_window_of(const struct plot *plot, const struct plot_view *view);

/* The function's value where survival is s: infinite where it has none. */
double plot_function_value(enum plot_function function, double s);

/* "survival", "event", "cumhaz", "loglog", as `set function=` takes them; false where there is no such. */
const char *plot_function_name(enum plot_function function);
bool plot_function_find(const char *name, enum plot_function *function);

/* What the value axis is of, where it is not S itself: "1 - os", "cumulative hazard, -log os"; NULL for survival.  The caller
 * frees it. */
char *plot_function_label(enum plot_function function, const char *y_label);

/* Whether time stands by its logarithm. */
bool plot_window_is_log(const struct plot_window *window);

/* Where a time stands between the window's ends, 0 to 1 (beyond them outside of that), and the time that stands there. */
double plot_window_position(const struct plot_window *window, double time);
double plot_window_time(const struct plot_window *window, double position);

/* A time of few digits in a column of a window drawn in so many, counted from 0: in the half about its middle.  Before the
 * first column the window's first time, behind the last its last. */
double plot_window_short_time(const struct plot_window *window, double column, size_t columns);

/* Ticks of the time axis inside the window, at most `capacity`, at least `min_gap` of `columns` columns apart: multiples of
 * plot_tick_step(); on a logarithmic axis 1, 2 and 5 of each power of ten, or 1 and 3, or the powers alone, and again the step's
 * multiples where the window is too short for two of these.  Returns how many. */
size_t plot_window_ticks(const struct plot_window *window, size_t columns, size_t min_gap, const char *unit, double *ticks,
                         size_t capacity);

/* Levels of the value axis, from the bottom: about `intervals` intervals of 1, 2, 2.5 or 5 x 10^k.  *decimals is how many
 * decimals tell them apart.  Returns how many, at most `capacity`. */
size_t plot_window_levels(const struct plot_window *window, size_t intervals, double *levels, size_t capacity,
                          int *decimals);

/* The least and the greatest value that curves of the plot have inside the window's times: what a zoom of the value axis
 * fits.  False where no curve is there. */
bool plot_window_range(const struct plot *plot, const struct plot_window *window, double *least, double *greatest);

#endif
