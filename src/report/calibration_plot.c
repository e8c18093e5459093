/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/calibration_plot.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

struct calibration_plot *calibration_plot_new(const char *title)
{
  struct calibration_plot *plot = memory_new(1, sizeof *plot);
  plot->title = title ? memory_copy_string(title) : NULL;
  return plot;
}

void calibration_plot_free(struct calibration_plot *plot)
{
  if (!plot)
    return;
  for (size_t i = 0; i < plot->n_series; i++) {
    free(plot->series[i].label);
    free(plot->series[i].points);
  }
  free(plot->series);
  free(plot->title);
  free(plot);
}

void calibration_plot_add(struct calibration_plot *plot, const char *label)
{
  const struct calibration_series series = {.label = memory_copy_string(label)};
  MEMORY_APPEND(plot->series, plot->n_series, plot->capacity, series);
}

void calibration_plot_add_point(struct calibration_plot *plot, struct calibration_point point)
{
  assert(plot->n_series);
  struct calibration_series *series = &plot->series[plot->n_series - 1];
  if (isfinite(point.predicted) && isfinite(point.observed))
    MEMORY_APPEND(series->points, series->n, series->capacity, point);
}

size_t calibration_plot_n_corrected(const struct calibration_plot *plot)
{
  size_t n = 0;
  for (size_t i = 0; i < plot->n_series; i++)
    for (size_t k = 0; k < plot->series[i].n; k++)
      n += isfinite(plot->series[i].points[k].corrected);
  return n;
}
