/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves as a self-contained SVG: what a journal or a slide takes. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "report/render.h"
#include "report/svg.h"

enum { WIDTH = 720, LEFT = 70, RIGHT = 20, TOP = 20, PLOT_HEIGHT = 360, LINE = 18, MAX_SERIES = 8 };

/* Okabe and Ito's colours, in an order in which neighbours differ in lightness too; dashes tell them apart without. */
static const char *const colours[MAX_SERIES] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                "#56B4E9", "#E69F00", "#000000", "#7F7F7F"};
static const char *const dashes[MAX_SERIES] = {"", "8 3", "2 3", "10 3 2 3", "5 5", "1 4", "12 4", "3 1"};

struct figure {
  struct text *out;
  const struct plot *plot;
  const struct draw_options *options;
  size_t n_series;
  double last_time, tick_step;
};

static double x_of(const struct figure *figure, double time)
{
  return LEFT + time / figure->last_time * (WIDTH - LEFT - RIGHT);
}

static double y_of(double value)
{
  return TOP + (1 - value) * PLOT_HEIGHT;
}

static void append_label(const struct figure *figure, double x, double y, const char *anchor, const char *string)
{
  svg_label(figure->out, x, y, anchor, string);
}

static void append_line(const struct figure *figure, const double from[2], const double to[2], const char *attributes)
{
  svg_line(figure->out, from, to, attributes);
}

static void append_axes(const struct figure *figure)
{
  const double bottom = y_of(0), left = LEFT, right = WIDTH - RIGHT;
  static const char black[] = "stroke=\"#000\"";
  append_line(figure, (double[]){left, y_of(1)}, (double[]){left, bottom}, black);
  append_line(figure, (double[]){left, bottom}, (double[]){right, bottom}, black);
  for (int i = 0; i <= 4; i++) {
    struct text label = TEXT_INIT;
    double y = y_of(i / 4.0);
    number_append_fixed(&label, i / 4.0, 2);
    append_line(figure, (double[]){left - 5, y}, (double[]){left, y}, black);
    append_label(figure, left - 8, y + 4, "end", text_string(&label));
    text_clear(&label);
  }
  for (int i = 0; i * figure->tick_step <= figure->last_time * (1 + 1e-9); i++) {
    struct text label = TEXT_INIT;
    double x = x_of(figure, i * figure->tick_step);
    number_append_short(&label, i * figure->tick_step);
    append_line(figure, (double[]){x, bottom}, (double[]){x, bottom + 5}, black);
    append_label(figure, x, bottom + 18, "middle", text_string(&label));
    text_clear(&label);
  }
  if (figure->plot->x_label)
    append_label(figure, (left + right) / 2, bottom + 36, "middle", figure->plot->x_label);
  if (!figure->plot->y_label)
    return;
  text_append_format(figure->out, "<text transform=\"translate(18 %.1f) rotate(-90)\" text-anchor=\"middle\">",
                     (y_of(1) + bottom) / 2);
  svg_append_xml(figure->out, figure->plot->y_label);
  text_append(figure->out, "</text>\n");
}

/* The limits as a closed shape of steps; where one is not available the value itself stands in. */
static void append_band(const struct figure *figure, size_t index)
{
  const struct plot_series *series = &figure->plot->series[index];
  double before = 1;
  text_append_format(figure->out, "<path fill=\"%s\" fill-opacity=\"0.18\" stroke=\"none\" d=\"M%.2f %.2f",
                     colours[index], x_of(figure, 0), y_of(1));
  for (size_t i = 0; i < series->n; i++) {
    double high = isnan(series->high[i]) ? series->value[i] : series->high[i];
    text_append_format(figure->out, "H%.2fV%.2f", x_of(figure, series->time[i]), y_of(high));
  }
  for (size_t i = series->n; i-- > 0;) {
    double low = isnan(series->low[i]) ? series->value[i] : series->low[i];
    text_append_format(figure->out, "V%.2fH%.2f", y_of(low), x_of(figure, series->time[i]));
  }
  text_append_format(figure->out, "V%.2fZ\"/>\n", y_of(before));
}

static void append_curve(const struct figure *figure, size_t index)
{
  const struct plot_series *series = &figure->plot->series[index];
  text_append_format(figure->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\"", colours[index]);
  if (*dashes[index])
    text_append_format(figure->out, " stroke-dasharray=\"%s\"", dashes[index]);
  text_append_format(figure->out, " d=\"M%.2f %.2f", x_of(figure, 0), y_of(1));
  double value = 1;
  for (size_t i = 0; i < series->n; i++) {
    if (series->value[i] == value && i + 1 < series->n)
      continue;
    value = series->value[i];
    text_append_format(figure->out, "H%.2fV%.2f", x_of(figure, series->time[i]), y_of(value));
  }
  text_append_format(figure->out, "\"/>\n<path stroke=\"%s\" stroke-width=\"1.2\" d=\"", colours[index]);
  for (size_t i = 0; i < series->n; i++)
    if (series->n_censor[i] > 0)
      text_append_format(figure->out, "M%.2f %.2fv8", x_of(figure, series->time[i]), y_of(series->value[i]) - 4);
  text_append(figure->out, "\"/>\n");
}

static void append_guides(const struct figure *figure)
{
  static const char dotted[] = "stroke=\"#888\" stroke-dasharray=\"2 3\"";
  double last = 0;
  for (size_t i = 0; i < figure->n_series; i++) {
    double median = figure->plot->series[i].median;
    if (!(median <= figure->last_time))
      continue;
    double x = x_of(figure, median);
    append_line(figure, (double[]){x, y_of(0.5)}, (double[]){x, y_of(0)}, dotted);
    last = fmax(last, x);
  }
  if (last > 0)
    append_line(figure, (double[]){LEFT, y_of(0.5)}, (double[]){last, y_of(0.5)}, dotted);
}

/* The line of a series, by colour and dashes. */
static void append_swatch(struct text *attributes, size_t index)
{
  text_append_format(attributes, "stroke=\"%s\" stroke-width=\"2\" stroke-dasharray=\"%s\"", colours[index],
                     *dashes[index] ? dashes[index] : "none");
}

static double append_legend(const struct figure *figure, double y)
{
  for (size_t i = 0; i < figure->n_series; i++, y += LINE) {
    struct text line = TEXT_INIT;
    struct text attributes = TEXT_INIT;
    append_swatch(&attributes, i);
    append_line(figure, (double[]){LEFT, y - 4}, (double[]){LEFT + 36, y - 4}, text_string(&attributes));
    text_append_format(&line, "%s   %s", figure->plot->series[i].label, figure->plot->series[i].legend);
    append_label(figure, LEFT + 44, y, "start", text_string(&line));
    text_clear(&line);
    text_clear(&attributes);
  }
  if (figure->plot->note)
    append_label(figure, LEFT, y, "start", figure->plot->note);
  return y + (figure->plot->note ? LINE : 0);
}

static double append_risk_table(const struct figure *figure, double y)
{
  append_label(figure, 8, y, "start", "At risk");
  for (size_t s = 0; s < figure->n_series; s++) {
    y += LINE;
    text_append_format(figure->out, "<g fill=\"%s\">", colours[s]);
    struct text swatch = TEXT_INIT;
    append_swatch(&swatch, s);
    append_line(figure, (double[]){8, y - 4}, (double[]){36, y - 4}, text_string(&swatch));
    text_clear(&swatch);
    for (int i = 0; i * figure->tick_step <= figure->last_time * (1 + 1e-9); i++) {
      struct text label = TEXT_INIT;
      text_append_format(&label, "%.10g", plot_series_counts(&figure->plot->series[s], i * figure->tick_step).at_risk);
      append_label(figure, x_of(figure, i * figure->tick_step), y, "middle", text_string(&label));
      text_clear(&label);
    }
    text_append(figure->out, "</g>\n");
  }
  return y + LINE;
}

void render_svg(struct text *out, const struct plot *plot, const struct draw_options *options)
{
  struct figure figure = {.out = out, .plot = plot, .options = options};
  figure.n_series = plot->n_series < MAX_SERIES ? plot->n_series : MAX_SERIES;
  figure.last_time = options->last_time > 0 ? options->last_time : plot_last_time(plot);
  if (!(figure.last_time > 0))
    figure.last_time = 1;
  figure.tick_step = plot_tick_step(figure.last_time, WIDTH - LEFT - RIGHT, 60, plot->x_label);
  size_t lines = figure.n_series * (options->risk_table ? 2 : 1) + 3;
  double height = TOP + PLOT_HEIGHT + 60 + (double)lines * LINE;
  svg_begin(out, WIDTH, height);
  append_axes(&figure);
  if (options->median_lines)
    append_guides(&figure);
  for (size_t i = 0; i < figure.n_series; i++)
    if (options->band == BAND_ALL || options->band == (int)i)
      append_band(&figure, i);
  for (size_t i = 0; i < figure.n_series; i++)
    append_curve(&figure, i);
  double y = y_of(0) + 62;
  if (options->risk_table)
    y = append_risk_table(&figure, y) + 6;
  append_legend(&figure, y);
  text_append(out, "</svg>\n");
}
