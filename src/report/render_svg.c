/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Curves as a self-contained SVG: what a journal or a slide takes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "report/render.h"
#include "report/render_svg_internal.h"
#include "report/svg.h"

enum { WIDTH = 720, LEFT = 70, RIGHT = 20, TOP = 20, PLOT_HEIGHT = 360, LINE = SVG_LINE, MAX_SERIES = 8 };

/* Okabe and Ito's colours, in an order in which neighbours differ in lightness too; dashes tell them apart without. */
static const char *const colours[MAX_SERIES] = {"#0072B2", "#D55E00", "#009E73", "#CC79A7",
                                                "#56B4E9", "#E69F00", "#000000", "#7F7F7F"};
static const char *const dashes[MAX_SERIES] = {"", "8 3", "2 3", "10 3 2 3", "5 5", "1 4", "12 4", "3 1"};

enum { MAX_TICKS = 64, MAX_LEVELS = 12 };

double figure_x(const struct figure *figure, double time)
{
  double position = plot_window_position(&figure->window, time);
  return figure->left + fmin(fmax(position, -1), 2) * figure->width;
}

/* Of a value of the function; of values without bound, far outside. */
static double y_at(const struct figure *figure, double value)
{
  double share = (figure->window.high - value) / (figure->window.high - figure->window.low);
  return figure->top + fmin(fmax(share, -1), 2) * figure->height;
}

double figure_y(const struct figure *figure, double survival)
{
  return y_at(figure, plot_function_value(figure->window.function, survival));
}

static void append_label(const struct figure *figure, double x, double y, const char *anchor, const char *string)
{
  svg_label(figure->out, x, y, anchor, string);
}

static void append_line(const struct figure *figure, const double from[2], const double to[2], const char *attributes)
{
  svg_line(figure->out, from, to, attributes);
}

static size_t time_ticks(const struct figure *figure, double *ticks)
{
  return plot_window_ticks(&figure->window, (size_t)figure->width, figure->small ? 45 : 60, figure->plot->x_label, ticks,
                           MAX_TICKS);
}

static void append_time_axis(const struct figure *figure, bool labels)
{
  const double bottom = figure->top + figure->height;
  double ticks[MAX_TICKS];
  const size_t n = time_ticks(figure, ticks);
  append_line(figure, (double[]){figure->left, bottom}, (double[]){figure->left + figure->width, bottom}, "stroke=\"#000\"");
  for (size_t i = 0; i < n; i++) {
    struct text label = TEXT_INIT;
    double x = figure_x(figure, ticks[i]);
    number_append_short(&label, ticks[i]);
    append_line(figure, (double[]){x, bottom}, (double[]){x, bottom + 5}, "stroke=\"#000\"");
    if (labels)
      append_label(figure, x, bottom + 18, "middle", text_string(&label));
    text_clear(&label);
  }
}

static void append_value_axis(const struct figure *figure, bool labels)
{
  double levels[MAX_LEVELS];
  int decimals;
  const size_t n = plot_window_levels(&figure->window, 4, levels, MAX_LEVELS, &decimals);
  append_line(figure, (double[]){figure->left, figure->top}, (double[]){figure->left, figure->top + figure->height},
              "stroke=\"#000\"");
  for (size_t i = 0; i < n; i++) {
    struct text label = TEXT_INIT;
    double y = y_at(figure, levels[i]);
    number_append_fixed(&label, levels[i], decimals > 2 ? decimals : 2);
    append_line(figure, (double[]){figure->left - 5, y}, (double[]){figure->left, y}, "stroke=\"#000\"");
    if (labels)
      append_label(figure, figure->left - 8, y + 4, "end", text_string(&label));
    text_clear(&label);
  }
}

/* "Survival probability (os)", "1 − os": a name of an endpoint alone says little to whom it is new.  The caller frees it. */
static char *value_axis_name(const struct figure *figure)
{
  const struct plot *plot = figure->plot;
  struct text text = TEXT_INIT;
  char *label = plot->is_incidence ? NULL : plot_function_label(figure->window.function, plot->y_label);
  if (label || !plot->y_label)
    return label;
  text_append_format(&text, plot->is_incidence ? "%s" : "Survival probability (%s)", plot->y_label);
  return text_take(&text);
}

/* What the axes are of, beneath and at the left of a box. */
static void append_axis_names(const struct figure *figure)
{
  const struct plot *plot = figure->plot;
  const double bottom = figure->top + figure->height;
  if (plot->x_label) {
    struct text name = TEXT_INIT;
    text_append_format(&name, plot_window_is_log(&figure->window) ? "%s (log)" : "%s", plot->x_label);
    append_label(figure, figure->left + figure->width / 2, bottom + 36, "middle", text_string(&name));
    text_clear(&name);
  }
  char *label = value_axis_name(figure);
  if (label) {
    text_append_format(figure->out, "<text transform=\"translate(18 %.1f) rotate(-90)\" text-anchor=\"middle\">",
                       figure->top + figure->height / 2);
    svg_append_xml(figure->out, label);
    text_append(figure->out, "</text>\n");
  }
  free(label);
}

/* Opens a group that shows nothing outside of the box. */
static void begin_clipped(const struct figure *figure)
{
  text_append_format(figure->out,
                     "<svg x=\"%.2f\" y=\"%.2f\" width=\"%.2f\" height=\"%.2f\" viewBox=\"%.2f %.2f %.2f %.2f\">\n",
                     figure->left, figure->top - 5, figure->width + 1, figure->height + 7, figure->left, figure->top - 5,
                     figure->width + 1, figure->height + 7);
}

static double limit_at(const struct plot_series *series, const double *limits, size_t i)
{
  return isnan(limits[i]) ? series->value[i] : limits[i];
}

/* Indices of the times inside the window, and the survival that the curve comes in with. */
static double times_inside(const struct figure *figure, const struct plot_series *series, size_t *begin, size_t *end)
{
  *begin = plot_series_index(series, figure->window.first);
  *end = plot_series_index(series, nextafter(figure->window.last, INFINITY));
  return *begin ? series->value[*begin - 1] : 1;
}

/* Where the curve or a limit of it ends in the window: at the group's last time, or at the border. */
static double end_of(const struct figure *figure, const struct plot_series *series)
{
  return fmin(series->time[series->n - 1], figure->window.last);
}

/* The last point that was written.  Of a million times most are nearer to one another than any eye or printer tells apart:
 * they are passed over. */
struct pen {
  double x, y;
};

static const double finest = 0.25, crowded = 4; /* pixels that points are apart; and marks where they are so many */

/* Whether a point is `apart` or more from the last one written; then it is the last one. */
static bool pen_moves(struct pen *pen, double x, double y, double apart)
{
  if (fabs(x - pen->x) < apart && fabs(y - pen->y) < apart)
    return false;
  *pen = (struct pen){x, y};
  return true;
}

/* The limits as a closed shape of steps; where one is not available the value itself stands in. */
static void append_band(const struct figure *figure, size_t index)
{
  const struct plot_series *series = &figure->plot->series[index];
  size_t begin, end;
  if (!series->n || series->time[series->n - 1] < figure->window.first)
    return;
  times_inside(figure, series, &begin, &end);
  const double high = begin ? limit_at(series, series->high, begin - 1) : 1, low = begin ? limit_at(series, series->low, begin - 1) : 1;
  text_append_format(figure->out, "<path fill=\"%s\" fill-opacity=\"0.18\" stroke=\"none\" d=\"M%.2f %.2f", colours[index],
                     figure->left, figure_y(figure, high));
  struct pen pen = {figure->left, figure_y(figure, high)};
  for (size_t i = begin; i < end; i++) {
    const double x = figure_x(figure, series->time[i]), y = figure_y(figure, limit_at(series, series->high, i));
    if (pen_moves(&pen, x, y, finest) || i + 1 == end)
      text_append_format(figure->out, "H%.2fV%.2f", x, y);
  }
  text_append_format(figure->out, "H%.2f", figure_x(figure, end_of(figure, series)));
  for (size_t i = end; i-- > begin;) {
    const double x = figure_x(figure, series->time[i]), y = figure_y(figure, limit_at(series, series->low, i));
    if (i + 1 == end || pen_moves(&pen, x, y, finest) || i == begin)
      text_append_format(figure->out, "V%.2fH%.2f", y, x);
  }
  text_append_format(figure->out, "V%.2fH%.2fZ\"/>\n", figure_y(figure, low), figure->left);
}

/* The steps of a curve as the commands of a path; log(-log S) begins where S first falls. */
static void append_steps(const struct figure *figure, const struct plot_series *series)
{
  size_t begin, end;
  double value = times_inside(figure, series, &begin, &end), x = figure->left;
  while (!isfinite(plot_function_value(figure->window.function, value)) && begin < end) {
    x = figure_x(figure, series->time[begin]);
    value = series->value[begin++];
  }
  struct pen pen = {x, figure_y(figure, value)};
  text_append_format(figure->out, "M%.2f %.2f", pen.x, pen.y);
  for (size_t i = begin; i < end; i++) {
    if (series->value[i] == value && i + 1 < series->n)
      continue;
    value = series->value[i];
    x = figure_x(figure, series->time[i]);
    const double y = figure_y(figure, value);
    if (pen_moves(&pen, x, y, finest) || i + 1 == end)
      text_append_format(figure->out, "H%.2fV%.2f", x, y);
  }
  if (series->time[series->n - 1] > figure->window.last)
    text_append_format(figure->out, "H%.2f", figure->left + figure->width);
}

static bool is_in_window(const struct figure *figure, const struct plot_series *series)
{
  return series->n && series->time[series->n - 1] >= figure->window.first;
}

/* A tick at each time with a censoring; where these are more than the box has room for, they stand apart, since all of them
 * would make one broad band of the curve and its limits. */
static void append_censorings(const struct figure *figure, const struct plot_series *series)
{
  size_t begin, end, n_marks = 0;
  struct pen pen = {-INFINITY, -INFINITY};
  times_inside(figure, series, &begin, &end);
  for (size_t i = begin; i < end; i++)
    n_marks += series->n_censor[i] > 0;
  const double apart = (double)n_marks > crowded * figure->width ? crowded : finest;
  for (size_t i = begin; i < end; i++) {
    const double x = figure_x(figure, series->time[i]), y = figure_y(figure, series->value[i]);
    if (series->n_censor[i] > 0 && isfinite(plot_function_value(figure->window.function, series->value[i])) &&
        pen_moves(&pen, x, y, apart))
      text_append_format(figure->out, "M%.2f %.2fv8", x, y - 4);
  }
}

static void append_curve(const struct figure *figure, size_t index)
{
  const struct plot_series *series = &figure->plot->series[index];
  if (!is_in_window(figure, series))
    return;
  text_append_format(figure->out, "<path fill=\"none\" stroke=\"%s\" stroke-width=\"2\"", colours[index]);
  if (*dashes[index])
    text_append_format(figure->out, " stroke-dasharray=\"%s\"", dashes[index]);
  text_append(figure->out, " d=\"");
  append_steps(figure, series);
  text_append_format(figure->out, "\"/>\n<path stroke=\"%s\" stroke-width=\"1.2\" d=\"", colours[index]);
  append_censorings(figure, series);
  text_append(figure->out, "\"/>\n");
}

static void append_guides(const struct figure *figure)
{
  static const char dotted[] = "stroke=\"#888\" stroke-dasharray=\"2 3\"";
  const double bottom = figure->top + figure->height;
  double last = 0;
  if (figure->window.function > PLOT_EVENT || figure->window.low > 0.5 || figure->window.high < 0.5)
    return;
  for (size_t i = 0; i < figure->n_series; i++) {
    double median = figure->plot->series[i].median;
    if (!(median >= figure->window.first && median <= figure->window.last))
      continue;
    double x = figure_x(figure, median);
    append_line(figure, (double[]){x, figure_y(figure, 0.5)}, (double[]){x, bottom}, dotted);
    last = fmax(last, x);
  }
  if (last > 0)
    append_line(figure, (double[]){figure->left, figure_y(figure, 0.5)}, (double[]){last, figure_y(figure, 0.5)}, dotted);
}

/* Guides, bands and curves inside the box. */
static void append_curves(const struct figure *figure)
{
  const struct draw_options *options = figure->options;
  begin_clipped(figure);
  if (options->median_lines)
    append_guides(figure);
  for (size_t i = 0; i < figure->n_series; i++)
    if (options->band == BAND_ALL || options->band == (int)i)
      append_band(figure, i);
  if (figure->plot->reference && is_in_window(figure, figure->plot->reference)) {
    text_append(figure->out, "<path fill=\"none\" stroke=\"#bbb\" stroke-width=\"1.5\" d=\"");
    append_steps(figure, figure->plot->reference);
    text_append(figure->out, "\"/>\n");
  }
  for (size_t i = 0; i < figure->n_series; i++)
    append_curve(figure, i);
  svg_append_marks(figure);
  text_append(figure->out, "</svg>\n");
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
  double ticks[MAX_TICKS];
  const size_t n = time_ticks(figure, ticks);
  append_label(figure, 8, y, "start", "At risk");
  for (size_t s = 0; s < figure->n_series; s++) {
    y += LINE;
    text_append_format(figure->out, "<g fill=\"%s\">", colours[s]);
    struct text swatch = TEXT_INIT;
    append_swatch(&swatch, s);
    append_line(figure, (double[]){8, y - 4}, (double[]){36, y - 4}, text_string(&swatch));
    text_clear(&swatch);
    for (size_t i = 0; i < n; i++) {
      struct text label = TEXT_INIT;
      text_append_format(&label, "%.10g", plot_series_counts(&figure->plot->series[s], ticks[i]).at_risk);
      append_label(figure, figure_x(figure, ticks[i]), y, "middle", text_string(&label));
      text_clear(&label);
    }
    text_append(figure->out, "</g>\n");
  }
  return y + LINE;
}

static void render_single(struct figure *figure)
{
  const bool risk_table = figure->options->risk_table;
  size_t lines = figure->n_series * (risk_table ? 2 : 1) + 3 + svg_marks_lines(figure);
  svg_begin(figure->out, WIDTH, TOP + PLOT_HEIGHT + 60 + (double)lines * LINE);
  append_value_axis(figure, true);
  append_time_axis(figure, true);
  append_axis_names(figure);
  append_curves(figure);
  double y = TOP + PLOT_HEIGHT + 62;
  if (risk_table)
    y = append_risk_table(figure, y) + 6;
  y = append_legend(figure, y);
  svg_append_marks_legend(figure, LEFT, y);
  text_append(figure->out, "</svg>\n");
}

/* ---- panels ---- */

enum { ACROSS = 2, PANEL_HEIGHT = 170, PANEL_GAP = 34, TITLE = 24, MOST_PANELS = 64 };

/* A panel in its place: the level's name, n and p over it; labels at the left and at the bottom of the grid alone. */
static void append_panel(const struct figure *whole, size_t index, size_t n)
{
  const struct plot plot = plot_panel(whole->plot, index);
  struct draw_options options = *whole->options;
  struct figure panel = *whole;
  const size_t column = index % ACROSS, row = index / ACROSS;
  if (!whole->plot->n_panels && options.band >= 0)
    options.band = 0;
  panel.plot = &plot;
  panel.options = &options;
  panel.n_series = plot.n_series < MAX_SERIES ? plot.n_series : MAX_SERIES;
  panel.small = true;
  panel.width = (WIDTH - LEFT - RIGHT - PANEL_GAP) / (double)ACROSS;
  panel.height = PANEL_HEIGHT;
  panel.left = LEFT + (double)column * (panel.width + PANEL_GAP);
  panel.top = TOP + TITLE + (double)row * (PANEL_HEIGHT + TITLE + PANEL_GAP);
  struct text title = TEXT_INIT;
  text_append_format(&title, "%s   %s", plot.title ? plot.title : "", plot.note ? plot.note : "");
  append_label(&panel, panel.left, panel.top - 9, "start", text_string(&title));
  text_clear(&title);
  append_value_axis(&panel, column == 0);
  append_time_axis(&panel, index + ACROSS >= n);
  append_curves(&panel);
}

static void render_panels(struct figure *figure)
{
  const size_t all = plot_n_panels(figure->plot), n = all < MOST_PANELS ? all : MOST_PANELS;
  const double grid = (double)((n + ACROSS - 1) / ACROSS) * (PANEL_HEIGHT + TITLE + PANEL_GAP);
  figure->n_series = figure->plot->n_panels ? figure->n_series : 0;
  svg_begin(figure->out, WIDTH, TOP + grid + 60 + (double)(figure->n_series + 3 + svg_marks_lines(figure)) * LINE);
  for (size_t i = 0; i < n; i++)
    append_panel(figure, i, n);
  figure->height = grid - PANEL_GAP;
  append_axis_names(figure);
  double y = append_legend(figure, TOP + grid + 48);
  struct text words = TEXT_INIT;
  if (figure->plot->reference)
    text_append(&words, "grey: all together.  ");
  if (n < all)
    text_append_format(&words, "%zu of %zu panels.", n, all);
  if (words.length)
    append_label(figure, LEFT, y, "start", text_string(&words));
  svg_append_marks_legend(figure, LEFT, y + (words.length ? LINE : 0));
  text_clear(&words);
  text_append(figure->out, "</svg>\n");
}

void render_svg(struct text *out, const struct plot *plot, const struct draw_options *options)
{
  struct figure figure = {.out = out, .plot = plot, .options = options, .window = plot_window_of(plot, &options->view)};
  figure.n_series = plot->n_series < MAX_SERIES ? plot->n_series : MAX_SERIES;
  figure.left = LEFT;
  figure.top = TOP;
  figure.width = WIDTH - LEFT - RIGHT;
  figure.height = PLOT_HEIGHT;
  if (plot_n_panels(plot))
    render_panels(&figure);
  else
    render_single(&figure);
}
