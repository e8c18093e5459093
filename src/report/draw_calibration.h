/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calibration plot in character cells: each time is a letter, its limits a vertical line, perfect agreement the dotted
 * diagonal. */
#ifndef KAPLAN_REPORT_DRAW_CALIBRATION_H
#define KAPLAN_REPORT_DRAW_CALIBRATION_H

#include "report/calibration_plot.h"
#include "report/canvas.h"

/* The rows that the plot takes with its legend. */
size_t draw_calibration_rows(const struct calibration_plot *plot);

/* Draws into the area, clipped where that is too small. */
void draw_calibration(const struct calibration_plot *plot, enum charset charset, struct canvas *canvas, struct area area);

#endif
