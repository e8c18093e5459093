/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a plot of survival curves in characters.
 *
 * Each column c of the grid covers the times [c dt, (c + 1) dt): the curve's horizontal stands at S just before the
 * column's end, and a riser joins it with S at its beginning, so that several drops in one column are one riser and none is
 * lost.  A curve ends at its group's last time.  Curves differ by glyph first and by colour second; where two share cells
 * their glyphs alternate; a single crossing is # or ╳.  Censor ticks stand at most in every second column. */
#ifndef KAPLAN_REPORT_DRAW_H
#define KAPLAN_REPORT_DRAW_H

#include "report/canvas.h"
#include "report/plot.h"

enum { BAND_NONE = -1, BAND_ALL = -2 };

struct draw_options {
  enum charset charset;
  bool risk_table;    /* at risk / events / censored beneath the axis */
  bool median_lines;  /* the 50 % guide and drop lines */
  bool legend;        /* legend lines on top (batch); the explorer draws its own with draw_legend_glyph() */
  int band;           /* index of the series whose limits are drawn, BAND_NONE, BAND_ALL (edges) */
  double cursor;      /* time of the read-off cursor; NaN: none */
  double last_time;   /* right end of the time axis; NaN or 0: the last time of all */
};

#define DRAW_OPTIONS_INIT {.charset = CHARSET_BOX, .risk_table = true, .median_lines = true, .legend = true, \
                           .band = BAND_NONE, .cursor = 0.0 / 0.0, .last_time = 0}

/* Where things landed, for the read-off cursor and the mouse. */
struct draw_geometry {
  struct area grid;  /* the cells of the curves themselves */
  double dt;         /* time a column */
  double last_time;
};

/* Draws the plot into `area`: legend, curves with axes, risk table, as many of them as fit (the risk table goes first to
 * at-risk numbers alone, then to every second tick; below 8 rows the curves alone).  At most 4 series are drawn over one
 * another; the rest are told in the legend ("and 3 more: use panels").  `geometry` may be NULL. */
void draw_plot(const struct plot *plot, const struct draw_options *options, struct canvas *canvas, struct area area,
               struct draw_geometry *geometry);

/* Rows that the risk table of the plot takes at this width: for layouts. */
size_t draw_risk_rows(const struct plot *plot);

/* The three glyphs of a series in a legend, as in the curves: line, censor tick, line (`-+-`, `━╋━`). */
void draw_legend_glyph(struct canvas *canvas, struct area area, size_t series, enum charset charset);

#endif
