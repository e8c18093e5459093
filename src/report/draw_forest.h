/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a forest plot in characters: labels left, the intervals on their axis, the numbers right.
 *
 *   subgroup      events/n                              HR (95 % CI)       p
 *   All             48/126     ├─■──┤   ┊           0.21 (0.10–0.44)  <0.001
 *   functioning                         ┊              interaction p = 0.335
 *     no            44/115    ├─■──┤    ┊           0.18 (0.08–0.38)  <0.001
 *     yes             4/11      ├───────┊■────────► 1.18 (0.09–15.39)  0.898
 *                          └┴────┴──────┴───┴────┘
 *                          0.1  0.2    1   2     5  hazard ratio
 *
 * The line at no effect is ┊, an end that leaves the axis ◄ or ►, a pooled result ╞═◆═╡; in ASCII : < > [=*=] and # for the
 * square.  A row without an interval says why in words. */
#ifndef KAPLAN_REPORT_DRAW_FOREST_H
#define KAPLAN_REPORT_DRAW_FOREST_H

#include "report/canvas.h"
#include "report/forest_plot.h"

/* Where the rows landed: `rows` has one line a row from `top` on. */
struct forest_geometry {
  struct area rows, grid;
  size_t n_shown;
};

/* Whether labels of a readable width, an axis and all numbers fit into that many columns.  Numbers are never cut; labels are,
 * and the counts are left out, before it says no. */
bool draw_forest_fits(const struct forest_plot *plot, size_t columns, enum charset charset);

/* Rows that the whole drawing takes: heads, rows, axis, notes. */
size_t draw_forest_rows(const struct forest_plot *plot, size_t columns, enum charset charset);

/* Draws the rows from row `top` on, as many as the area holds, with heads above and the axis beneath.  Draws nothing where
 * draw_forest_fits() says no.  `geometry` may be NULL. */
void draw_forest(const struct forest_plot *plot, enum charset charset, size_t top, struct canvas *canvas, struct area area,
                 struct forest_geometry *geometry);

#endif
