/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Panels: small drawings side by side with one window, value labels at the left, time labels at the bottom. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/draw_internal.h"

enum {
  LEAST_ROWS = 7,     /* title, grid, axis */
  LEAST_COLUMNS = 22, /* axis, grid, letters */
  SHAPE = 3,          /* a good panel is this many times as wide as it is high */
  ROOMY_ROWS = 10,    /* of a grid: from there numbers at risk stand beneath each panel */
  PRINT_ROWS = 13,      /* of a panel */
  PRINT_PLOT_ROWS = 22, /* of a plot without panels, but for its legend and numbers at risk */
  PRINT_PANELS = 12,
  NOTE = 7 /* columns that a note has at the least beside a long title: "n 1234" */
};

/* How many panels stand side by side and over one another. */
struct arrangement {
  size_t columns, rows;
};

static size_t least(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* How good panels of that size are: by what would be the height of one of a good shape. */
static size_t quality(size_t rows, size_t columns)
{
  return least(rows * SHAPE, columns);
}

/* As many as fit, in the arrangement that gives them the best shape. */
static struct arrangement arrange(size_t n, struct area area)
{
  const size_t most_columns = area.columns > Y_LABEL + LEAST_COLUMNS ? (area.columns - Y_LABEL) / LEAST_COLUMNS : 1;
  const size_t most_rows = area.rows > LEAST_ROWS ? (area.rows - 1) / LEAST_ROWS : 1;
  struct arrangement best = {1, 1};
  size_t best_shown = 0, best_quality = 0;
  for (size_t columns = 1; columns <= least(most_columns, n); columns++) {
    struct arrangement at = {columns, least((n + columns - 1) / columns, most_rows)};
    size_t shown = least(n, at.columns * at.rows), good = quality(area.rows / at.rows, area.columns / at.columns);
    if (shown < best_shown || (shown == best_shown && good <= best_quality))
      continue;
    best = at;
    best_shown = shown;
    best_quality = good;
  }
  return best;
}

/* How many panels are on view with so many rows less. */
static size_t shown_without(size_t n, struct area area, size_t rows)
{
  area.rows -= rows;
  const struct arrangement at = arrange(n, area);
  return least(n, at.columns * at.rows);
}

/* Two lines for long labels only where that hides no panel. */
static size_t legend_lines(const struct drawing *drawing, size_t n)
{
  const struct area area = drawing->area;
  if (!drawing->options->legend || area.rows <= LEAST_ROWS + 2)
    return drawing->options->legend && area.rows > LEAST_ROWS + 1;
  size_t lines = draw_panels_legend_rows(drawing);
  return shown_without(n, area, lines) < shown_without(n, area, 1) ? 1 : lines;
}

/* The bytes of a note that stand in `columns`: its parts (two blanks apart) as far as they are whole; where the first is too long
 * all, to be cut. */
static size_t whole_parts(const char *note, size_t columns)
{
  size_t end = 0;
  for (const char *at = note; at; at = strstr(at + 1, "  ")) {
    const char *next = strstr(at + 1, "  ");
    char *part = memory_copy_bytes(note, next ? (size_t)(next - note) : strlen(note));
    if (utf8_string_width(part) <= columns)
      end = strlen(part);
    free(part);
  }
  return end ? end : strlen(note);
}

/* The title, and n and p behind it or at the right where there is room for both. */
static void draw_title(const struct drawing *drawing)
{
  const struct area area = drawing->area;
  const enum charset charset = drawing->options->charset;
  struct area line = {area.row, drawing->grid.column, 1, area.column + area.columns - drawing->grid.column};
  const char *title = drawing->plot->title ? drawing->plot->title : "", *note = drawing->plot->note ? drawing->plot->note : "";
  size_t note_width = utf8_string_width(note), title_width = utf8_string_width(title);
  size_t room = line.columns > 2 ? line.columns - 2 : 0;
  if (title_width + note_width > room) { /* the note keeps n, the name what is left, then the note the rest */
    title_width = least(title_width, room > NOTE ? room - NOTE : room);
    note_width = room - title_width;
  }
  canvas_text(drawing->canvas, (struct area){line.row, line.column, 1, least(title_width, line.columns)}, title, STYLE_TITLE,
              charset);
  if (!note_width)
    return;
  char *shown = memory_copy_bytes(note, whole_parts(note, note_width));
  canvas_text(drawing->canvas, (struct area){line.row, line.column + title_width + 2, 1, note_width}, shown, STYLE_TEXT, charset);
  free(shown);
}

/* The panel at a place of the arrangement: its own rows and columns, what stands in the margins, and its parts. */
static struct drawing panel_drawing(const struct drawing *whole, struct arrangement at, size_t place, size_t n_shown)
{
  const struct area area = whole->area;
  struct drawing panel = *whole;
  const bool risk = whole->risk_rows > 0;
  const bool roomy = area.rows >= LEAST_ROWS;
  const size_t below = roomy && !risk; /* shared time labels */
  const size_t margin = area.columns >= 20 ? Y_LABEL : 0;
  const size_t width = (area.columns - margin) / at.columns, height = (area.rows - below) / at.rows;
  const size_t column = place % at.columns, row = place / at.columns;
  panel.area = (struct area){area.row + row * height, area.column + margin + column * width, height, width};
  panel.axes = margin && roomy;
  panel.value_labels = panel.axes && column == 0;
  panel.time_labels = panel.axes && (risk || place + at.columns >= n_shown);
  panel.letters = whole->n_series > 1;
  const size_t left = panel.axes, right = least(width > left + 4 ? whole->n_series * panel.letters : 0, MAX_DRAWN);
  const size_t beneath = panel.axes ? 1 + risk + panel.risk_rows : 0;
  panel.grid = (struct area){panel.area.row + (height > 1), panel.area.column + left, height - (height > 1) - beneath,
                             width - left - right - (at.columns > 1 && width > left + right + 3)};
  return panel;
}

static void draw_panel(struct drawing *panel, size_t index)
{
  struct plot plot = plot_panel(panel->plot, index);
  struct draw_options options = *panel->options;
  if (!panel->plot->n_panels && options.band >= 0)
    options.band = 0; /* of one curve a panel, that one's */
  panel->plot = &plot;
  panel->options = &options;
  if (panel->area.rows > 1)
    draw_title(panel);
  draw_set_ticks(panel);
  draw_body(panel);
}

/* "1–4 of 9", "" where all are there; with what they are of. */
static void append_page(struct text *page, const struct plot *plot, const struct draw_geometry *geometry)
{
  const size_t n = plot_n_panels(plot);
  if (plot->panels_label)
    text_append_format(page, "by %s", plot->panels_label);
  if (geometry->n_shown < n)
    text_append_format(page, "%s%zu–%zu of %zu", page->length ? "  " : "", geometry->first_panel + 1,
                       geometry->first_panel + geometry->n_shown, n);
}

void draw_panels(const struct drawing *drawing, struct draw_geometry *geometry)
{
  struct drawing whole = *drawing;
  struct text page = TEXT_INIT;
  const size_t n = plot_n_panels(whole.plot);
  const size_t lines = legend_lines(drawing, n);
  whole.area.row += lines;
  whole.area.rows -= lines;
  const struct arrangement at = arrange(n, whole.area);
  geometry->first_panel = least(whole.options->first_panel, n - 1);
  geometry->n_shown = least(n - geometry->first_panel, at.columns * at.rows);
  whole.n_series = whole.plot->n_panels ? drawing->n_series : 1;
  size_t risk_rows = whole.options->risk_table ? 1 + whole.n_series : 0;
  whole.risk_rows = whole.area.rows / at.rows >= ROOMY_ROWS + 3 + risk_rows ? risk_rows : 0;
  if (lines) {
    struct drawing legend = *drawing;
    legend.legend_rows = lines;
    append_page(&page, whole.plot, geometry);
    draw_panels_legend(&legend, text_string(&page));
    text_clear(&page);
  }
  for (size_t place = 0; place < geometry->n_shown; place++) {
    struct drawing panel = panel_drawing(&whole, at, place, geometry->n_shown);
    if (place == 0)
      geometry->grid = panel.grid;
    draw_panel(&panel, geometry->first_panel + place);
  }
}

/* Rows of the marks' legend in print. */
static size_t mark_rows(const struct plot *plot, size_t columns)
{
  const struct draw_options options = DRAW_OPTIONS_INIT;
  const struct drawing drawing = {.plot = plot,
                                  .options = &options,
                                  .area = {.rows = 10 * PRINT_ROWS, .columns = columns},
                                  .window = plot_window_of(plot, &options.view)};
  return draw_marks_rows(&drawing);
}

size_t draw_rows_wanted(const struct plot *plot, size_t columns)
{
  const size_t n = least(plot_n_panels(plot), PRINT_PANELS);
  const size_t series = least(plot->n_series, MAX_DRAWN);
  if (!n)
    return PRINT_PLOT_ROWS + 2 * series + mark_rows(plot, columns);
  size_t side_by_side = least(n, columns >= Y_LABEL + 2 * LEAST_COLUMNS ? 2 : 1);
  return 3 + (n + side_by_side - 1) / side_by_side * PRINT_ROWS + mark_rows(plot, columns);
}
