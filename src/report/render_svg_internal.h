/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The parts of render_svg(). */
#ifndef KAPLAN_REPORT_RENDER_SVG_INTERNAL_H
#define KAPLAN_REPORT_RENDER_SVG_INTERNAL_H

#include "report/draw.h"

enum { SVG_LINE = 18 }; /* from one line of text to the next */

/* A box of axes with its curves: the whole figure's, or a panel's. */
struct figure {
  struct text *out;
  const struct plot *plot;
  const struct draw_options *options;
  size_t n_series;
  struct plot_window window;
  double left, top, width, height; /* of the box */
  bool small;                      /* a panel: fewer ticks */
};

/* Where a time stands, and a survival by the window's function; what has no place there stands far outside. */
double figure_x(const struct figure *figure, double time);
double figure_y(const struct figure *figure, double survival);

/* Published results over the curves: the study's key in a circle, with a bar to its limits. */
void svg_append_marks(const struct figure *figure);

/* Their legend from that line on, one line a study, and the lines that it takes. */
void svg_append_marks_legend(const struct figure *figure, double x, double y);
size_t svg_marks_lines(const struct figure *figure);

#endif
