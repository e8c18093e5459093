/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calibration plot as a self-contained SVG: a mark and its limits for each group, a shape for each time, beside the dashed
 * diagonal. */
#include <math.h>

#include "base/number.h"
#include "report/render.h"
#include "report/svg.h"

/* Pixels. */
enum { LEFT = 62, TOP = 24, SIDE = 400, RIGHT = 24, FOOT = 62, LEGEND_ROW = 20, TICKS = 5, MARK = 5 };

struct figure {
  struct text *out;
  const struct calibration_plot *plot;
};

static double x_of(double survival)
{
  return LEFT + SIDE * fmin(fmax(survival, 0), 1);
}

static double y_of(double survival)
{
  return TOP + SIDE * (1 - fmin(fmax(survival, 0), 1));
}

static void append_axes(const struct figure *figure)
{
  svg_line(figure->out, (double[]){x_of(0), y_of(0)}, (double[]){x_of(1), y_of(0)}, "stroke=\"#000\"");
  svg_line(figure->out, (double[]){x_of(0), y_of(0)}, (double[]){x_of(0), y_of(1)}, "stroke=\"#000\"");
  for (int i = 0; i <= TICKS; i++) {
    const double share = (double)i / TICKS;
    struct text label = TEXT_INIT;
    number_append_fixed(&label, share, 1);
    svg_line(figure->out, (double[]){x_of(share), y_of(0)}, (double[]){x_of(share), y_of(0) + 5}, "stroke=\"#000\"");
    svg_label(figure->out, x_of(share), y_of(0) + 19, "middle", text_string(&label));
    svg_line(figure->out, (double[]){x_of(0) - 5, y_of(share)}, (double[]){x_of(0), y_of(share)}, "stroke=\"#000\"");
    svg_label(figure->out, x_of(0) - 9, y_of(share) + 4, "end", text_string(&label));
    text_clear(&label);
  }
  svg_label(figure->out, x_of(0.5), y_of(0) + 40, "middle", "Predicted survival");
  svg_label(figure->out, x_of(0) - 46, y_of(1) - 10, "start", "Observed survival");
  svg_line(figure->out, (double[]){x_of(0), y_of(0)}, (double[]){x_of(1), y_of(1)},
           "stroke=\"#777\" stroke-dasharray=\"5 4\"");
}

/* Shapes tell the times apart: square, circle, triangle, diamond, filled and then hollow. */
static void append_mark(const struct figure *figure, size_t series, double x, double y)
{
  const char *fill = series / 4 % 2 ? "#fff" : "#000";
  switch (series % 4) {
  case 0:
    text_append_format(figure->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"#000\"/>\n",
                       x - MARK, y - MARK, 2 * MARK, 2 * MARK, fill);
    break;
  case 1:
    text_append_format(figure->out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%d\" fill=\"%s\" stroke=\"#000\"/>\n", x, y, MARK, fill);
    break;
  case 2:
    text_append_format(figure->out, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fZ\" fill=\"%s\" stroke=\"#000\"/>\n", x, y - MARK - 1,
                       x + MARK + 1, y + MARK, x - MARK - 1, y + MARK, fill);
    break;
  default:
    text_append_format(figure->out, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fL%.2f %.2fZ\" fill=\"%s\" stroke=\"#000\"/>\n", x,
                       y - MARK - 2, x + MARK + 2, y, x, y + MARK + 2, x - MARK - 2, y, fill);
  }
}

static void append_cross(const struct figure *figure, double x, double y)
{
  svg_line(figure->out, (double[]){x - MARK, y - MARK}, (double[]){x + MARK, y + MARK}, "stroke=\"#777\"");
  svg_line(figure->out, (double[]){x - MARK, y + MARK}, (double[]){x + MARK, y - MARK}, "stroke=\"#777\"");
}

static void append_point(const struct figure *figure, size_t series, const struct calibration_point *point)
{
  const double x = x_of(point->predicted);
  if (isfinite(point->low) && isfinite(point->high))
    svg_line(figure->out, (double[]){x, y_of(point->low)}, (double[]){x, y_of(point->high)}, "stroke=\"#000\"");
  append_mark(figure, series, x, y_of(point->observed));
  if (isfinite(point->corrected))
    append_cross(figure, x, y_of(point->corrected));
}

static void append_legend(const struct figure *figure)
{
  const double x = x_of(1) + RIGHT;
  double y = y_of(1);
  for (size_t s = 0; s < figure->plot->n_series; s++, y += LEGEND_ROW) {
    append_mark(figure, s, x, y - 4);
    svg_label(figure->out, x + 16, y, "start", figure->plot->series[s].label);
  }
  if (!calibration_plot_n_corrected(figure->plot))
    return;
  append_cross(figure, x, y - 4);
  svg_label(figure->out, x + 16, y, "start", "corrected for optimism");
}

void render_svg_calibration(struct text *out, const struct calibration_plot *plot)
{
  const struct figure figure = {.out = out, .plot = plot};
  double legend = calibration_plot_n_corrected(plot) ? svg_text_width("corrected for optimism") : 0;
  for (size_t s = 0; s < plot->n_series; s++)
    legend = fmax(legend, svg_text_width(plot->series[s].label));
  svg_begin(out, x_of(1) + RIGHT + 16 + legend + RIGHT, y_of(0) + FOOT);
  append_axes(&figure);
  for (size_t s = 0; s < plot->n_series; s++)
    for (size_t i = 0; i < plot->series[s].n; i++)
      append_point(&figure, s, &plot->series[s].points[i]);
  append_legend(&figure);
  text_append(out, "</svg>\n");
}
