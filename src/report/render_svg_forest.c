/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A forest plot as a self-contained SVG: labels left, squares and diamonds in the middle, numbers and p right. */
#include <math.h>

#include "report/render.h"
#include "report/svg.h"

/* Pixels. */
enum { MARGIN = 16, GAP = 18, ROW = 22, INDENT = 14, AXIS = 300, FOOT = 58, SQUARE_LEAST = 5, SQUARE_MOST = 13, ARROW = 7 };

struct figure {
  struct text *out;
  const struct forest_plot *plot;
  struct forest_axis axis;
  double label, counts, start, numbers, p, width; /* x: labels' start, counts' end, axis' start, numbers' start, p's end */
  double top, heaviest;
  bool has_p; /* a row has a p-value */
};

static double width_of_labels(const struct forest_plot *plot)
{
  double width = fmax(svg_text_width(plot->label_title), svg_text_width(plot->reference));
  for (size_t i = 0; i < plot->n_rows; i++) {
    const struct forest_row *row = &plot->rows[i];
    if (row->kind != FOREST_HEADING)
      width = fmax(width, INDENT * row->indent + svg_text_width(row->label));
  }
  return width;
}

/* The widths of the columns give where each begins or ends. */
static void measure(struct figure *figure)
{
  const struct forest_plot *plot = figure->plot;
  double counts = svg_text_width(plot->counts_title), numbers = svg_text_width(plot->numbers_title), p = 0, remark = 0;
  for (size_t i = 0; i < plot->n_rows; i++) {
    counts = fmax(counts, svg_text_width(plot->rows[i].counts));
    numbers = fmax(numbers, svg_text_width(plot->rows[i].numbers));
    p = fmax(p, svg_text_width(plot->rows[i].p));
    remark = fmax(remark, svg_text_width(plot->rows[i].remark));
    if (isfinite(plot->rows[i].weight))
      figure->heaviest = fmax(figure->heaviest, plot->rows[i].weight);
  }
  numbers = fmax(numbers, remark - p - (p > 0 ? GAP : 0));
  figure->label = MARGIN;
  figure->counts = MARGIN + width_of_labels(plot) + (counts > 0 ? GAP + counts : 0);
  figure->start = figure->counts + GAP;
  figure->numbers = figure->start + AXIS + GAP;
  figure->p = figure->numbers + numbers + (p > 0 ? GAP + p : 0);
  figure->has_p = p > 0;
  figure->width = figure->p + MARGIN;
}

static double x_of(const struct figure *figure, double value)
{
  return figure->start + AXIS * forest_axis_place(&figure->axis, value);
}

/* An arrow's head at the axis' end. */
static void append_arrow(const struct figure *figure, double x, double y, int direction)
{
  text_append_format(figure->out, "<path d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fZ\"/>\n", x, y, x - direction * ARROW, y - ARROW / 2.0,
                     x - direction * ARROW, y + ARROW / 2.0);
}

/* Where an end of an interval is drawn; *off is -1 or 1 where it leaves the axis. */
static double limit_x(const struct figure *figure, double limit, int *off)
{
  const bool below = (figure->axis.is_ratio && limit <= 0) || limit < figure->axis.low * (1 - 1e-9 * figure->axis.is_ratio);
  const bool above = limit > figure->axis.high * (1 + 1e-9 * figure->axis.is_ratio);
  *off = below ? -1 : above ? 1 : 0;
  return below ? figure->start : above ? figure->start + AXIS : x_of(figure, limit);
}

static void append_square(const struct figure *figure, const struct forest_row *row, double x, double y)
{
  const bool has_weight = figure->heaviest > 0 && isfinite(row->weight) && row->weight > 0;
  const double share = has_weight ? row->weight / figure->heaviest : 0.4;
  const double side = fmax(SQUARE_LEAST, SQUARE_MOST * sqrt(share)); /* the area tells the weight */
  text_append_format(figure->out, "<rect x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\"/>\n", x - side / 2, y - side / 2,
                     side, side);
}

static void append_diamond(const struct figure *figure, const double x[3], double y)
{
  const double half = SQUARE_MOST / 2.0;
  text_append_format(figure->out, "<path fill=\"#0072B2\" d=\"M%.2f %.2fL%.2f %.2fL%.2f %.2fL%.2f %.2fZ\"/>\n", x[0], y, x[1],
                     y - half, x[2], y, x[1], y + half);
}

static void append_interval(const struct figure *figure, const struct forest_row *row, double y)
{
  int low_off = 0, high_off = 0, off;
  const bool has_limits = !isnan(row->low) && !isnan(row->high);
  const double x = limit_x(figure, row->estimate, &off);
  const double low = has_limits ? limit_x(figure, row->low, &low_off) : x;
  const double high = has_limits ? limit_x(figure, row->high, &high_off) : x;
  if (row->kind == FOREST_SUMMARY && !low_off && !high_off) {
    append_diamond(figure, (double[]){low, x, high}, y);
    return;
  }
  if (has_limits)
    svg_line(figure->out, (double[]){low, y}, (double[]){high, y}, "stroke=\"#000\" stroke-width=\"1.2\"");
  if (low_off || off < 0)
    append_arrow(figure, low, y, -1);
  if (high_off || off > 0)
    append_arrow(figure, high, y, 1);
  if (!off && row->kind == FOREST_SUMMARY)
    append_diamond(figure, (double[]){x - SQUARE_MOST / 2.0, x, x + SQUARE_MOST / 2.0}, y);
  else if (!off)
    append_square(figure, row, x, y);
}

static void append_row(const struct figure *figure, const struct forest_row *row, double y)
{
  const double x = figure->label + INDENT * row->indent, base = y + 4;
  if (row->kind == FOREST_HEADING && row->indent == 0)
    svg_title(figure->out, x, base, row->label);
  else
    svg_label(figure->out, x, base, "start", row->label);
  svg_label(figure->out, figure->counts, base, "end", row->counts);
  svg_label(figure->out, figure->numbers, base, "start", row->numbers);
  svg_label(figure->out, figure->p, base, "end", row->p ? row->p : row->remark);
  if (forest_row_is_drawn(figure->plot, row))
    append_interval(figure, row, y);
  else if (row->kind == FOREST_ROW || row->kind == FOREST_SUMMARY)
    svg_label(figure->out, figure->start + AXIS / 2.0, base, "middle", row->reason ? row->reason : "not estimable");
}

/* Ticks of the highest ranks, as many as there is room for. */
static void append_axis(const struct figure *figure, double y)
{
  double taken[FOREST_MAX_TICKS];
  size_t n_taken = 0;
  svg_line(figure->out, (double[]){figure->start, y}, (double[]){figure->start + AXIS, y}, "stroke=\"#000\"");
  for (size_t i = 0; i < figure->axis.n_ticks; i++) {
    struct text label = TEXT_INIT;
    const double x = x_of(figure, figure->axis.tick[i]);
    bool is_free = true;
    for (size_t k = 0; k < n_taken; k++)
      is_free = is_free && fabs(taken[k] - x) >= 34;
    if (is_free) {
      text_append_format(&label, "%.6g", figure->axis.tick[i]);
      svg_line(figure->out, (double[]){x, y}, (double[]){x, y + 5}, "stroke=\"#000\"");
      svg_label(figure->out, x, y + 18, "middle", text_string(&label));
      taken[n_taken++] = x;
    }
    text_clear(&label);
  }
  svg_label(figure->out, figure->start + AXIS / 2.0, y + 38, "middle", figure->plot->axis_title);
  svg_label(figure->out, figure->label, y + 18, "start", figure->plot->reference);
}

static void append_heads(const struct figure *figure, double y)
{
  static const char black[] = "stroke=\"#000\"";
  const double left = figure->label, right = figure->p;
  svg_title(figure->out, left, y, figure->plot->label_title);
  svg_label(figure->out, figure->counts, y, "end", figure->plot->counts_title);
  svg_label(figure->out, figure->numbers, y, "start", figure->plot->numbers_title);
  svg_label(figure->out, right, y, "end", figure->has_p ? "p" : NULL);
  svg_line(figure->out, (double[]){left, y + 7}, (double[]){right, y + 7}, black);
}

void render_svg_forest(struct text *out, const struct forest_plot *plot)
{
  struct figure figure = {.out = out, .plot = plot};
  forest_axis_of(plot, &figure.axis);
  measure(&figure);
  figure.top = MARGIN + SVG_FONT + (plot->title ? ROW : 0);
  const double first = figure.top + ROW, bottom = first + ROW * (double)plot->n_rows - ROW / 2.0 + 4;
  svg_begin(out, figure.width, bottom + FOOT);
  svg_title(out, MARGIN, MARGIN + SVG_FONT, plot->title);
  append_heads(&figure, figure.top);
  const double null = x_of(&figure, forest_axis_null(&figure.axis));
  svg_line(out, (double[]){null, figure.top + 7}, (double[]){null, bottom}, "stroke=\"#888\" stroke-dasharray=\"2 3\"");
  for (size_t i = 0; i < plot->n_rows; i++)
    append_row(&figure, &plot->rows[i], first + ROW * (double)i);
  append_axis(&figure, bottom);
  text_append(out, "</svg>\n");
}
