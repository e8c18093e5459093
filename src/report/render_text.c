/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: what one would paste into a mail. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/ascii.h"
#include "report/draw_calibration.h"
#include "report/draw_flow.h"
#include "report/draw_forest.h"
#include "report/render_parts.h"
#include "report/render_text_table.h"

enum { MAX_PLOT_COLUMNS = 100 };

static size_t plot_columns(const struct render_options *options)
{
  return options->columns < MAX_PLOT_COLUMNS ? options->columns : MAX_PLOT_COLUMNS;
}

static void append_plot(struct text *out, const struct plot *plot, const struct render_options *options)
{
  struct draw_options drawing = options->drawing;
  struct canvas canvas;
  size_t columns = options->columns < MAX_PLOT_COLUMNS ? options->columns : MAX_PLOT_COLUMNS;
  drawing.charset = options->charset;
  canvas_init(&canvas, draw_rows_wanted(plot, columns), columns);
  draw_plot(plot, &drawing, &canvas, (struct area){0, 0, canvas.rows, canvas.columns}, NULL);
  canvas_append(&canvas, out);
  canvas_clear(&canvas);
}

/* A canvas under the figure's title. */
static void append_canvas(struct text *out, const char *title, const struct canvas *canvas, enum charset charset)
{
  if (title) {
    ascii_append_visible(out, title, charset == CHARSET_ASCII);
    text_append_char(out, '\n');
  }
  canvas_append(canvas, out);
}

static void append_forest(struct text *out, const struct forest_plot *plot, const struct render_options *options)
{
  const size_t columns = plot_columns(options);
  struct canvas canvas;
  canvas_init(&canvas, draw_forest_rows(plot, columns, options->charset), columns);
  draw_forest(plot, options->charset, 0, &canvas, (struct area){0, 0, canvas.rows, canvas.columns}, NULL);
  append_canvas(out, plot->title, &canvas, options->charset);
  canvas_clear(&canvas);
}

static void append_flow(struct text *out, const struct flow_plot *plot, const struct render_options *options)
{
  const size_t columns = plot_columns(options);
  struct area *areas = memory_new(flow_plot_n_boxes(plot), sizeof *areas);
  struct canvas canvas;
  canvas_init(&canvas, draw_flow_layout(plot, columns, areas), columns);
  draw_flow(plot, options->charset, &canvas);
  append_canvas(out, plot->title, &canvas, options->charset);
  canvas_clear(&canvas);
  free(areas);
}

/* Whether a figure is wanted, and there are columns enough for it. */
static bool is_drawn(const struct report_item *item, const struct render_options *options)
{
  if (!options->plots)
    return false;
  if (item->kind == ITEM_FOREST)
    return draw_forest_fits(item->as.forest, plot_columns(options), options->charset);
  return item->kind != ITEM_FLOW || draw_flow_fits(plot_columns(options));
}

static void append_calibration(struct text *out, const struct calibration_plot *plot, const struct render_options *options)
{
  struct canvas canvas;
  canvas_init(&canvas, draw_calibration_rows(plot), plot_columns(options));
  draw_calibration(plot, options->charset, &canvas, (struct area){0, 0, canvas.rows, canvas.columns});
  append_canvas(out, plot->title, &canvas, options->charset);
  canvas_clear(&canvas);
}

static void append_nomogram(struct text *out, const struct nomogram_plot *plot, const struct render_options *options)
{
  const struct nomogram_drawing drawing = {.charset = options->charset, .two_rows = true};
  const size_t columns = plot_columns(options);
  struct canvas canvas;
  canvas_init(&canvas, draw_nomogram_rows(plot, &drawing, columns), columns);
  draw_nomogram(plot, &drawing, &canvas, (struct area){0, 0, canvas.rows, canvas.columns});
  canvas_append(&canvas, out);
  canvas_clear(&canvas);
}

/* Lines as they are, each made visible. */
static void append_lines(struct text *out, const char *text, bool ascii)
{
  while (true) {
    size_t length = strcspn(text, "\n");
    char *line = memory_copy_bytes(text, length);
    ascii_append_visible(out, line, ascii);
    text_append_char(out, '\n');
    free(line);
    if (!text[length])
      return;
    text += length + 1;
  }
}

/* A heading, underlined: the title and the first level double, the last not at all. */
static void append_heading(struct text *out, const struct report_item *item, const struct render_options *options)
{
  const bool ascii = options->charset == CHARSET_ASCII;
  const size_t columns = render_text_width(item->as.text, ascii);
  render_text_wrapped(out, item->as.text, options->columns, ascii);
  if (item->level > 2)
    return;
  for (size_t i = 0; i < columns && i < options->columns; i++)
    text_append(out, ascii ? (item->level < 2 ? "=" : "-") : item->level < 2 ? "═" : "─");
  text_append_char(out, '\n');
}

static void append_item(struct text *out, const struct report_item *item, const struct render_options *options)
{
  switch (item->kind) {
  case ITEM_PRINTED:
    render_text_table(out, item->as.printed, options->columns, options->charset == CHARSET_ASCII, options->may_close_up);
    break;
  case ITEM_PLOT:
    append_plot(out, item->as.plot, options);
    break;
  case ITEM_FOREST:
    append_forest(out, item->as.forest, options);
    break;
  case ITEM_FLOW:
    append_flow(out, item->as.flow, options);
    break;
  case ITEM_CALIBRATION:
    append_calibration(out, item->as.calibration, options);
    break;
  case ITEM_NOMOGRAM:
    append_nomogram(out, item->as.nomogram, options);
    break;
  case ITEM_TEXT:
    append_lines(out, item->as.text, options->charset == CHARSET_ASCII);
    break;
  case ITEM_HEADING:
    append_heading(out, item, options);
    break;
  case ITEM_NOTE:
    render_text_wrapped(out, item->as.text, options->columns, options->charset == CHARSET_ASCII);
    break;
  }
}

void render_text(struct text *out, const struct report *report, const struct render_options *options)
{
  bool first = true;
  for (size_t i = 0; i < report->n_items; i++) {
    const struct report_item *item = &report->items[i];
    if (report_item_is_figure(item) && !is_drawn(item, options))
      continue;
    bool line_after_line = i && item->kind == ITEM_TEXT && report->items[i - 1].kind == ITEM_TEXT;
    if (!first && !line_after_line)
      text_append_char(out, '\n');
    first = false;
    append_item(out, item, options);
  }
}
