/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flow chart as a self-contained SVG: those kept down the middle, the excluded at the side, the branches beneath. */
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/render.h"
#include "report/svg.h"

/* Pixels; and columns of text that fit into a box. */
enum {
  MARGIN = 20,
  MAIN = 280,
  SIDE = 330,
  BETWEEN = 50,
  LINE = 18,
  PADDING = 12,
  STEM = 24,
  BRANCH_LEAST = 130,
  BRANCH_MOST = 220,
  BRANCH_BETWEEN = 16
};

static const char black[] = "stroke=\"#000\"";

struct figure {
  struct text *out;
  const struct flow_plot *plot;
  double width, center; /* of the boxes kept */
  double branch;        /* the width of one */
};

static size_t columns_in(double width)
{
  return (size_t)((width - 2.0 * PADDING) / svg_text_width("n"));
}

static double height_of(size_t lines)
{
  return LINE * (double)lines + PADDING;
}

/* Lines of a text broken between words, from the base line y on; returns how many. */
static size_t append_lines(const struct figure *figure, double x, double y, size_t columns, const char *text)
{
  size_t n = 0;
  while (*text) {
    const size_t length = canvas_line_length(text, columns);
    char *line = memory_copy_bytes(text, length);
    svg_label(figure->out, x, y + LINE * (double)n, "start", line);
    free(line);
    text += length;
    text += *text == ' ' || *text == '\n';
    n++;
  }
  return n;
}

/* A box of a text and a line with its number; returns its height. */
static double append_box(const struct figure *figure, double x, double y, double width, const char *text, size_t n)
{
  const size_t columns = columns_in(width), lines = canvas_wrapped_rows(text, columns);
  struct text count = TEXT_INIT;
  text_append_format(&count, "n = %zu", n);
  svg_box(figure->out, (double[]){x, y}, width, height_of(lines + 1));
  append_lines(figure, x + PADDING, y + LINE, columns, text);
  svg_label(figure->out, x + PADDING, y + LINE * (double)(lines + 1), "start", text_string(&count));
  text_clear(&count);
  return height_of(lines + 1);
}

static void append_arrow(const struct figure *figure, const double from[2], const double to[2])
{
  const double head = 6;
  svg_line(figure->out, from, to, black);
  if (from[0] == to[0])
    text_append_format(figure->out, "<path d=\"M%.1f %.1fl%.1f %.1fh%.1fZ\"/>\n", to[0], to[1], -head / 2, -head, head);
  else
    text_append_format(figure->out, "<path d=\"M%.1f %.1fl%.1f %.1fv%.1fZ\"/>\n", to[0], to[1], -head, -head / 2, head);
}

/* Everything down to the last box kept; returns its lower edge. */
static double append_steps(const struct figure *figure, double y)
{
  const struct flow_plot *plot = figure->plot;
  const double left = figure->center - MAIN / 2.0, side = left + MAIN + BETWEEN;
  y += append_box(figure, left, y, MAIN, plot->source, plot->loaded);
  for (size_t i = 0; i < plot->n_steps; i++) {
    const struct flow_plot_step *step = &plot->steps[i];
    char *text = flow_plot_side_text(step, "Excluded");
    const double top = y + STEM / 2.0;
    const double height = append_box(figure, side, top, SIDE, text, step->excluded);
    const double below = top + height + STEM / 2.0;
    append_arrow(figure, (double[]){figure->center, y}, (double[]){figure->center, below});
    append_arrow(figure, (double[]){figure->center, top + height / 2}, (double[]){side, top + height / 2});
    y = below + append_box(figure, left, below, MAIN, step->stage ? step->stage : "Kept", step->kept);
    free(text);
  }
  return y;
}

static double branch_x(const struct figure *figure, size_t i)
{
  const double n = (double)figure->plot->n_branches;
  const double all = n * figure->branch + (n - 1) * BRANCH_BETWEEN;
  return (figure->width - all) / 2 + (double)i * (figure->branch + BRANCH_BETWEEN);
}

/* A branch's box with its groups' lines; returns its height. */
static double append_branch(const struct figure *figure, const struct flow_plot_branch *branch, double x, double y)
{
  const size_t columns = columns_in(figure->branch), label = canvas_wrapped_rows(branch->label, columns) + 1;
  struct text lines = TEXT_INIT;
  for (size_t i = 0; i < branch->n_lines; i++)
    text_append_format(&lines, "%sn = %zu: %s", i ? "\n" : "", branch->lines[i].n, branch->lines[i].label);
  const double height = height_of(label + canvas_wrapped_rows(text_string(&lines), columns));
  append_box(figure, x, y, figure->branch, branch->label, branch->n);
  if (branch->n_lines) {
    svg_box(figure->out, (double[]){x, y + height_of(label)}, figure->branch, height - height_of(label) + PADDING);
    append_lines(figure, x + PADDING, y + height_of(label) + LINE, columns, text_string(&lines));
  }
  text_clear(&lines);
  return height + (branch->n_lines ? PADDING : 0);
}

static double append_branches(const struct figure *figure, double y)
{
  const size_t n = figure->plot->n_branches;
  const double rail = y + STEM / 2.0, top = y + STEM + PADDING, half = figure->branch / 2;
  double bottom = y;
  if (!n)
    return y;
  const double first = branch_x(figure, 0) + half, last = branch_x(figure, n - 1) + half;
  svg_line(figure->out, (double[]){figure->center, y}, (double[]){figure->center, rail}, black);
  svg_line(figure->out, (double[]){fmin(first, figure->center), rail}, (double[]){fmax(last, figure->center), rail}, black);
  for (size_t i = 0; i < n; i++) {
    const double x = branch_x(figure, i);
    append_arrow(figure, (double[]){x + half, rail}, (double[]){x + half, top});
    bottom = fmax(bottom, top + append_branch(figure, &figure->plot->branches[i], x, top));
  }
  return bottom;
}

/* The subgroup on view, dashed, beneath all; returns the lower edge of the figure. */
static double append_view(const struct figure *figure, double y)
{
  if (!figure->plot->view)
    return y;
  text_append(figure->out, "<g stroke-dasharray=\"5 4\">\n");
  const double top = y + STEM, left = figure->center - MAIN / 2.0;
  const double bottom = top + append_box(figure, left, top, MAIN, figure->plot->view, figure->plot->n_view);
  text_append(figure->out, "</g>\n");
  return bottom;
}

void render_svg_flow(struct text *out, const struct flow_plot *plot)
{
  struct text body = TEXT_INIT;
  struct figure figure = {.out = &body, .plot = plot};
  const double n = (double)plot->n_branches, main_width = MAIN + (plot->n_steps ? BETWEEN + SIDE : 0);
  figure.branch = n > 0 ? fmax(fmin((main_width + BRANCH_BETWEEN) / n - BRANCH_BETWEEN, BRANCH_MOST), BRANCH_LEAST) : 0;
  figure.width = fmax(main_width, n * (figure.branch + BRANCH_BETWEEN) - BRANCH_BETWEEN) + 2 * MARGIN;
  figure.center = (figure.width - main_width) / 2 + MAIN / 2.0;
  const double top = MARGIN + (plot->title ? LINE : 0);
  svg_title(&body, MARGIN, MARGIN, plot->title);
  const double bottom = append_view(&figure, append_branches(&figure, append_steps(&figure, top)));
  svg_begin(out, figure.width, bottom + MARGIN);
  text_append(out, text_string(&body));
  text_append(out, "</svg>\n");
  text_clear(&body);
}
