/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Published results over the curves of an SVG figure. */
#include <math.h>

#include "report/plot_mark.h"
#include "report/render_svg_internal.h"
#include "report/svg.h"

enum { RADIUS = 8, CAP = 4 };

static const char stroke[] = "stroke=\"#000\" stroke-width=\"1.2\"";

/* A bar from the point to a limit with a cap across its end; what is outside of the box is clipped. */
static void append_bar(const struct figure *figure, const struct plot_mark *mark, double limit)
{
  const double x = figure_x(figure, mark->time), y = figure_y(figure, mark->survival);
  if (isnan(limit))
    return;
  const double end_x = mark->is_median ? figure_x(figure, limit) : x;
  const double end_y = mark->is_median ? y : figure_y(figure, limit);
  const double across_x = mark->is_median ? 0 : CAP, across_y = mark->is_median ? CAP : 0;
  svg_line(figure->out, (double[]){x, y}, (double[]){end_x, end_y}, stroke);
  svg_line(figure->out, (double[]){end_x - across_x, end_y - across_y}, (double[]){end_x + across_x, end_y + across_y},
           stroke);
}

static void append_key(struct text *out, char key, double x, double y)
{
  text_append_format(out, "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%d\" fill=\"#fff\" stroke=\"#000\"/>\n", x, y, RADIUS);
  svg_label(out, x, y + 4.5, "middle", (char[]){key, '\0'});
}

void svg_append_marks(const struct figure *figure)
{
  const struct plot *plot = figure->plot;
  for (size_t i = 0; i < plot->n_marks; i++) {
    const struct plot_mark *mark = &plot->marks[i];
    if (!plot_mark_is_inside(mark, &figure->window))
      continue;
    append_bar(figure, mark, mark->low);
    append_bar(figure, mark, mark->high);
  }
  for (size_t i = 0; i < plot->n_marks; i++)
    if (plot_mark_is_inside(&plot->marks[i], &figure->window))
      append_key(figure->out, plot->marks[i].key, figure_x(figure, plot->marks[i].time),
                 figure_y(figure, plot->marks[i].survival));
}

void svg_append_marks_legend(const struct figure *figure, double x, double y)
{
  const struct plot *plot = figure->plot;
  if (plot->n_marks)
    svg_label(figure->out, x, y + 2, "start", "Published:");
  for (size_t i = 0; i < plot->n_marks;) {
    struct text entry = TEXT_INIT;
    const char key = plot->marks[i].key;
    y += SVG_LINE + 2;
    i = plot_mark_append_entry(plot, i, &figure->window, &entry);
    append_key(figure->out, key, x + RADIUS, y - 2);
    svg_label(figure->out, x + 3 * RADIUS, y + 2, "start", text_string(&entry) + 2);
    text_clear(&entry);
  }
}

size_t svg_marks_lines(const struct figure *figure)
{
  struct text entry = TEXT_INIT;
  size_t lines = 0;
  for (size_t i = 0; i < figure->plot->n_marks; lines++)
    i = plot_mark_append_entry(figure->plot, i, &figure->window, &entry);
  text_clear(&entry);
  return lines ? lines + 1 + lines * 2 / SVG_LINE : 0;
}
