/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nomogram as a self-contained SVG, in the manner of rms's plot.nomogram. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/render.h"
#include "report/svg.h"

enum { WIDTH = 720, EDGE = 16, MOST_NAME = 230, TOP = 24, ROW = 44, ABOVE = 16, TITLE = 26, SIZE = 13, SMALL = 11 };

struct figure {
  struct text *out;
  const struct nomogram_plot *plot;
  double left, room; /* of the scales */
};

/* What a column of text takes about, in a sans-serif face: no renderer's metrics are known here. */
static double text_width(const char *string, int size)
{
  return 0.56 * size * (double)utf8_string_width(string);
}

static void append_text(const struct figure *figure, const double at[2], const char *attributes, const char *string)
{
  text_append_format(figure->out, "<text x=\"%.1f\" y=\"%.1f\" %s>", at[0], at[1], attributes);
  svg_append_xml(figure->out, string);
  text_append(figure->out, "</text>\n");
}

/* The text that fits into the width, cut with an ellipsis; the caller frees it. */
static char *fitted(const char *string, double width, int size)
{
  const size_t columns = (size_t)(width / (0.56 * size));
  struct text text = TEXT_INIT;
  if (text_width(string, size) <= width + 0.5)
    text_append(&text, string);
  else if (columns)
    utf8_append_fitted(&text, string, columns, false, false);
  return text_take(&text);
}

static double x_of(const struct figure *figure, const struct nomogram_scale *scale, double at)
{
  return figure->left + figure->room * nomogram_scale_place(figure->plot, scale, at);
}

static void append_ticks(const struct figure *figure, const struct nomogram_scale *scale,
                         const struct nomogram_label *labels, double y)
{
  double first = INFINITY, last = -INFINITY;
  for (size_t i = 0; i < scale->n_ticks; i++) {
    const double x = x_of(figure, scale, scale->ticks[i].at);
    first = fmin(first, x);
    last = fmax(last, x);
  }
  if (scale->n_ticks)
    text_append_format(figure->out, "<path stroke=\"#000\" fill=\"none\" d=\"M%.2f %.2fH%.2f", first, y, last);
  for (size_t i = 0; i < scale->n_ticks; i++)
    text_append_format(figure->out, "M%.2f %.2fv%d", x_of(figure, scale, scale->ticks[i].at), y,
                       (scale->ticks[i].label ? 6 : 3) * (labels[i].is_above ? -1 : 1));
  if (scale->n_ticks)
    text_append(figure->out, "\"/>\n");
}

static void append_labels(const struct figure *figure, const struct nomogram_scale *scale,
                          const struct nomogram_label *labels, double y)
{
  for (size_t i = 0; i < scale->n_ticks; i++) {
    const struct nomogram_label *label = &labels[i];
    if (!label->is_shown)
      continue;
    char *shown = fitted(scale->ticks[i].label, label->width, SMALL);
    const double x = figure->left + label->start + label->width / 2;
    append_text(figure, (double[]){x, label->is_above ? y - 9 : y + 18}, "text-anchor=\"middle\" font-size=\"11\"", shown);
    free(shown);
  }
}

static void append_detail(const struct figure *figure, const char *detail, double y)
{
  char *shown = fitted(detail, figure->left - 4 * EDGE, SMALL);
  append_text(figure, (double[]){2 * EDGE, y + 19}, "text-anchor=\"start\" font-size=\"11\"", shown);
  free(shown);
}

/* Draws a scale from `y` down, or (out NULL) tells only how high it is. */
static double append_scale(const struct figure *figure, const struct nomogram_scale *scale, double y)
{
  const struct nomogram_room room = {.room = figure->room, .before = EDGE, .gap = 6, .two_rows = true};
  double *widths = memory_new(scale->n_ticks, sizeof *widths);
  struct nomogram_label *labels = memory_new(scale->n_ticks, sizeof *labels);
  for (size_t i = 0; i < scale->n_ticks; i++)
    widths[i] = scale->ticks[i].label ? text_width(scale->ticks[i].label, SMALL) : 0;
  const bool above = nomogram_place_labels(figure->plot, scale, &room, widths, labels);
  if (figure->out) {
    char *name = fitted(scale->label, figure->left - 3 * EDGE, SIZE);
    y += above ? ABOVE : 0;
    append_text(figure, (double[]){EDGE, y + 4}, "text-anchor=\"start\"", name);
    if (scale->reading)
      append_detail(figure, scale->reading, y);
    append_ticks(figure, scale, labels, y);
    append_labels(figure, scale, labels, y);
    free(name);
  }
  free(widths);
  free(labels);
  return ROW + (above ? ABOVE : 0);
}

/* All scales from `y` down; returns where they end. */
static double append_scales(const struct figure *figure, double y)
{
  for (size_t i = 0; i < figure->plot->n_scales; i++)
    if (figure->plot->scales[i].kind != SCALE_CHOICE)
      y += append_scale(figure, &figure->plot->scales[i], y);
  return y;
}

void render_svg_nomogram(struct text *out, const struct nomogram_plot *plot)
{
  double name = 0;
  for (size_t i = 0; i < plot->n_scales; i++)
    name = fmax(name, fmax(text_width(plot->scales[i].label, SIZE),
                           plot->scales[i].reading ? text_width(plot->scales[i].reading, SMALL) + EDGE : 0));
  struct figure figure = {.plot = plot, .left = fmin(name, MOST_NAME) + 3 * EDGE};
  figure.room = WIDTH - figure.left - 2 * EDGE;
  const double top = TOP + (plot->title ? TITLE : 0), height = append_scales(&figure, top);
  text_append_format(out,
                     "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" viewBox=\"0 0 %d %.0f\" "
                     "font-family=\"sans-serif\" font-size=\"%d\">\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n",
                     WIDTH, height, WIDTH, height, SIZE);
  figure.out = out;
  if (plot->title)
    append_text(&figure, (double[]){EDGE, TOP}, "text-anchor=\"start\" font-weight=\"bold\"", plot->title);
  append_scales(&figure, top);
  text_append(out, "</svg>\n");
}
