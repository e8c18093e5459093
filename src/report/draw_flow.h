/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Drawing a flow chart in characters: boxes of those kept one under the other, excluded ones beside the arrow between them,
 * the branches side by side at the end, or as a list where they are many or the window is narrow.
 *
 *   ┌──────────────────────┐
 *   │ xu2025.csv: n = 228  │
 *   └──────────┬───────────┘ ┌──────────────────────────────────────────────┐
 *              ├────────────►│ 51 excluded: metachronous hepatic metastasis │
 *   ┌──────────┴───────────┐ └──────────────────────────────────────────────┘
 *   │ kept: n = 177        │
 *   └──────────┬───────────┘
 *       ┌──────┴──────┐
 *   ┌───┴────┐   ┌────┴───┐
 */
#ifndef KAPLAN_REPORT_DRAW_FLOW_H
#define KAPLAN_REPORT_DRAW_FLOW_H

#include "report/canvas.h"
#include "report/flow_plot.h"

/* Whether boxes of a readable width stand beside one another in so many columns. */
bool draw_flow_fits(size_t columns);

/* Where each box stands (areas[flow_plot_n_boxes()], in the order of flow_plot.h) in a drawing of that many columns from (0,
 * 0); returns the rows of the whole. */
size_t draw_flow_layout(const struct flow_plot *plot, size_t columns, struct area *areas);

/* Draws the chart from the canvas' first cell on, as wide as the canvas; what is beyond it is clipped. */
void draw_flow(const struct flow_plot *plot, enum charset charset, struct canvas *canvas);

#endif
