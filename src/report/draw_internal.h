/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of draw_plot(). */
#ifndef KAPLAN_REPORT_DRAW_INTERNAL_H
#define KAPLAN_REPORT_DRAW_INTERNAL_H

#include "report/draw.h"

enum { MAX_DRAWN = PLOT_OVERLAID, MAX_TICKS = 64, MAX_LEVELS = 12 };
enum { Y_LABEL = 6, MIN_GRID_ROWS = 5, TICK_GAP = 9 };

/* Where a plot's parts go.  Rows of the grid run from the window's high value (first) to its low one. */
struct drawing {
  const struct plot *plot;
  const struct draw_options *options;
  struct canvas *canvas;
  struct area area, grid;
  size_t n_series; /* that are drawn: at most MAX_DRAWN */
  struct plot_window window;
  double ticks[MAX_TICKS];
  size_t n_ticks, tick_gap; /* least distance of two, in columns */
  bool axes, value_labels, time_labels, letters;
  size_t legend_rows, risk_rows, mark_rows;
};

/* The glyphs of one series: level, riser, the corners of a fall (its top and bottom) and of a rise, censor tick. */
struct glyphs {
  uint32_t line, riser, top, bottom, rise_top, rise_bottom, censor;
};
struct glyphs draw_glyphs(size_t series, enum charset charset);

/* Whether the curves are drawn in braille dots: where that is asked for and there are two at the most. */
bool draw_in_braille(const struct drawing *drawing);

/* The row of the grid (from its first) of a value of the function, of `rows` rows: -1 above the window, `rows` beneath it. */
long draw_row(const struct drawing *drawing, double value, size_t rows);

/* The column of the grid (from its first) of a time; the first or last one for times outside the window.  The time of a
 * column's right border, `columns` of them in the grid: beyond all times for the last one that the curve need not leave. */
size_t draw_column(const struct drawing *drawing, double time);
double draw_right(const struct drawing *drawing, size_t column, size_t columns);
bool draw_in_window(const struct drawing *drawing, double time);

/* Sets ticks from grid and window. */
void draw_set_ticks(struct drawing *drawing);

/* The frame, curves, numbers and cursor, when all places are known. */
void draw_body(const struct drawing *drawing);

/* The plot in panels. */
void draw_panels(const struct drawing *drawing, struct draw_geometry *geometry);

/* The legend: rows it takes in a drawing's area, and its drawing; of panels, one or two, keys side by side. */
size_t draw_legend_rows(const struct drawing *drawing);
void draw_legend(const struct drawing *drawing);
size_t draw_panels_legend_rows(const struct drawing *drawing);
void draw_panels_legend(const struct drawing *drawing, const char *page);

/* Each draws its part: axes with ticks; the 50 % guide and drop lines; confidence bands; the curve of all, dim; the curves
 * with their letters, in lines or in braille dots; the numbers beneath. */
void draw_axes(const struct drawing *drawing);
void draw_guides(const struct drawing *drawing);
void draw_bands(const struct drawing *drawing);
void draw_reference(const struct drawing *drawing);
void draw_curves(const struct drawing *drawing);
void draw_function(const struct drawing *drawing); /* its name, where it is not survival itself */
void draw_risk_table(const struct drawing *drawing);
void draw_marks(const struct drawing *drawing); /* published results over the curves */

/* The rows that the marks' legend takes at the bottom of the area, none where there is no room, and its drawing there. */
size_t draw_marks_rows(const struct drawing *drawing);
void draw_marks_legend(const struct drawing *drawing);

#endif
