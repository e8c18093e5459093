/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a plot of survival curves in characters.
 *
 * Each column c of the grid covers the times [c dt, (c + 1) dt) of the window: the curve's horizontal stands at its value
 * just before the column's end, and a riser joins it with the value at its beginning, so that several drops in one column are
 * one riser and none is lost.  A curve ends at its group's last time, or where it leaves the window.  Curves differ by glyph
 * first and by colour second; where two share cells their glyphs alternate; a single crossing is # or ╳.  Censor ticks stand
 * at most in every second column.
 *
 * Panels (plot_n_panels()) stand in a grid with one window, value labels at the left and time labels beneath; those that do
 * not fit are on further pages. */
#ifndef KAPLAN_REPORT_DRAW_H
#define KAPLAN_REPORT_DRAW_H

#include "report/canvas.h"
#include "report/plot.h"
#include "report/plot_window.h"

enum { BAND_NONE = -1, BAND_ALL = -2 };

struct draw_options {
  enum charset charset;
  bool risk_table;    /* at risk / events / censored beneath the axis */
  bool median_lines;  /* the 50 % guide and drop lines, where the function is survival or 1 - survival */
  bool legend;        /* legend lines on top */
  int band;           /* index of the series whose limits are drawn, BAND_NONE, BAND_ALL (edges) */
  double cursor;      /* time of the read-off cursor; NaN: none */
  struct plot_view view; /* which part, and which function */
  size_t first_panel; /* the first panel shown */
};

#define DRAW_OPTIONS_INIT {.charset = CHARSET_BOX, .risk_table = true, .median_lines = true, .legend = true, \
                           .band = BAND_NONE, .cursor = 0.0 / 0.0}

/* Where things landed, for the read-off cursor and the mouse. */
struct draw_geometry {
  struct area grid;  /* the cells of the curves themselves; of panels, the first one's */
  struct plot_window window;
  double dt;         /* time a column, where time is not on a logarithmic axis */
  size_t first_panel, n_shown; /* the panels on view; n_shown 0: it is drawn without */
};

/* Draws the plot into `area`: legend, curves with axes, risk table, as many of them as fit (the risk table goes first to
 * at-risk numbers alone, then to every second tick; below 8 rows the curves alone).  `geometry` may be NULL. */
void draw_plot(const struct plot *plot, const struct draw_options *options, struct canvas *canvas, struct area area,
               struct draw_geometry *geometry);

/* Rows that a drawing of that width should have in print, so that its first panels (at most 12) have their places. */
size_t draw_rows_wanted(const struct plot *plot, size_t columns);

/* The three glyphs of a series in a legend, as in the curves: line, censor tick, line (`-+-`, `━╋━`). */
void draw_legend_glyph(struct canvas *canvas, struct area area, size_t series, enum charset charset);

#endif
