/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of draw_plot(). */
#ifndef KAPLAN_REPORT_DRAW_INTERNAL_H
#define KAPLAN_REPORT_DRAW_INTERNAL_H

#include "report/draw.h"

enum { MAX_DRAWN = 4 };

/* Where a plot's parts go.  Rows of the grid run from S = 1 (first) to S = 0 (last). */
struct drawing {
  const struct plot *plot;
  const struct draw_options *options;
  struct canvas *canvas;
  struct area area, grid;
  size_t n_series; /* that are drawn: at most MAX_DRAWN */
  double last_time, dt;
  double tick_step;
  bool axes;
  size_t legend_rows, risk_rows;
};

/* The glyphs of one series. */
struct glyphs {
  uint32_t line, riser, top, bottom, censor;
};
struct glyphs draw_glyphs(size_t series, enum charset charset);

/* The row of the grid (from its first) of a value between 0 and 1. */
size_t draw_row(const struct drawing *drawing, double value);

/* The column of the grid (from its first) of a time. */
size_t draw_column(const struct drawing *drawing, double time);

/* Each draws its part: axes with ticks; the 50 % guide and drop lines; confidence bands; the curves with their letters, in
 * lines or in braille dots; the numbers beneath. */
void draw_axes(const struct drawing *drawing);
void draw_guides(const struct drawing *drawing);
void draw_bands(const struct drawing *drawing);
void draw_curves(const struct drawing *drawing);
void draw_braille(const struct drawing *drawing);
void draw_risk_table(const struct drawing *drawing);

#endif
