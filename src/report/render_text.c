/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text for people: what one would paste into a mail. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/ascii.h"
#include "report/draw_flow.h"
#include "report/draw_forest.h"
#include "report/render_parts.h"

enum { GAP = 2, MAX_PLOT_COLUMNS = 100 };

/* The visible form of a cell; the caller frees it. */
static char *visible(const char *string, bool ascii)
{
  struct text text = TEXT_INIT;
  ascii_append_visible(&text, string, ascii);
  return text_take(&text);
}

static size_t width_of(const char *string, bool ascii)
{
  char *shown = visible(string, ascii);
  size_t width = utf8_string_width(shown);
  free(shown);
  return width;
}

/* The end of the first line of `title` when it is broken between words at `width`: as many words as fit, one at least. */
static size_t line_end(const char *title, size_t width, bool ascii)
{
  size_t end = strcspn(title, " ");
  while (title[end]) {
    const size_t next = end + 1 + strcspn(title + end + 1, " ");
    char *line = memory_copy_bytes(title, next);
    const bool fits = width_of(line, ascii) <= width;
    free(line);
    if (!fits)
      break;
    end = next;
  }
  return end;
}

/* The width of the longest word. */
static size_t word_width(const char *title, bool ascii)
{
  size_t widest = 0;
  for (const char *at = title; *at; at += strspn(at, " ")) {
    const size_t end = strcspn(at, " ");
    char *word = memory_copy_bytes(at, end);
    const size_t width = width_of(word, ascii);
    widest = width > widest ? width : widest;
    free(word);
    at += end;
  }
  return widest;
}

/* Headings stand over all columns, so they widen none.  Titles are taken whole, or by their longest word. */
static size_t *column_widths(const struct printed_table *table, bool whole_titles, bool ascii)
{
  size_t *widths = memory_new(table->n_columns, sizeof *widths);
  for (size_t c = 0; c < table->n_columns; c++) {
    widths[c] = whole_titles ? width_of(table->columns[c].title, ascii) : word_width(table->columns[c].title, ascii);
    for (size_t r = 0; r < table->n_rows; r++) {
      if (table->rows[r].kind != PRINTED_ROW)
        continue;
      size_t width = width_of(render_cell(&table->rows[r], c), ascii);
      widths[c] = width > widths[c] ? width : widths[c];
    }
  }
  return widths;
}

static void trim_right(struct text *out)
{
  size_t length = out->length;
  while (length && out->bytes[length - 1] == ' ')
    length--;
  text_truncate(out, length);
}

static void append_cell(struct text *out, const char *string, size_t width, enum alignment alignment, bool ascii)
{
  char *shown = visible(string, ascii);
  size_t needed = utf8_string_width(shown), blanks = width > needed ? width - needed : 0;
  if (alignment == ALIGN_RIGHT)
    text_append_repeated(out, ' ', blanks);
  text_append(out, shown);
  if (alignment == ALIGN_LEFT)
    text_append_repeated(out, ' ', blanks);
  free(shown);
}

static size_t total_width(const struct printed_table *table, const size_t *widths)
{
  size_t total = 0;
  for (size_t c = 0; c < table->n_columns; c++)
    total += widths[c] + (c ? GAP : 0);
  return total;
}

static void append_rule(struct text *out, const struct printed_table *table, const size_t *widths, bool ascii)
{
  for (size_t i = 0; i < total_width(table, widths); i++)
    text_append(out, ascii ? "-" : "─");
  text_append_char(out, '\n');
}

static void append_line(struct text *out, const struct printed_table *table, const struct printed_row *row,
                        const size_t *widths, bool ascii)
{
  if (row->kind == PRINTED_RULE) {
    append_rule(out, table, widths, ascii);
    return;
  }
  for (size_t c = 0; c < table->n_columns; c++) {
    bool heading = row->kind == PRINTED_HEADING && c == 0;
    text_append_repeated(out, ' ', c ? GAP : 0);
    append_cell(out, render_cell(row, c), heading ? 0 : widths[c], table->columns[c].alignment, ascii);
    if (heading)
      break;
  }
  trim_right(out);
  text_append_char(out, '\n');
}

/* A row whose first cell is broken between words where it is wider than its column, the rest of it indented. */
static void append_row(struct text *out, const struct printed_table *table, const struct printed_row *row,
                       const size_t *widths, bool ascii)
{
  const char *first = render_cell(row, 0);
  if (row->kind != PRINTED_ROW || width_of(first, ascii) <= widths[0]) {
    append_line(out, table, row, widths, ascii);
    return;
  }
  const size_t indent = strspn(first, " ");
  const char *rest = first + indent;
  bool is_begun = false;
  while (*rest) {
    const size_t blanks = indent + (is_begun ? GAP : 0);
    const size_t end = line_end(rest, widths[0] > blanks ? widths[0] - blanks : 1, ascii);
    struct printed_row line = {.kind = PRINTED_ROW, .cells = memory_new(table->n_columns, sizeof *line.cells)};
    struct text cell = TEXT_INIT;
    text_append_repeated(&cell, ' ', blanks);
    text_append_bytes(&cell, rest, end);
    rest += end;
    rest += strspn(rest, " ");
    for (size_t c = 1; c < table->n_columns && !*rest && row->cells; c++)
      line.cells[c] = row->cells[c]; /* the numbers stand beside its last line */
    line.cells[0] = text_take(&cell);
    append_line(out, table, &line, widths, ascii);
    free(line.cells[0]);
    free(line.cells);
    is_begun = true;
  }
}

/* Appends a note, broken between words at `columns`. */
static void append_wrapped(struct text *out, const char *note, size_t columns, bool ascii)
{
  char *shown = visible(note, ascii);
  size_t used = 0;
  for (const char *word = shown; *word;) {
    size_t length = strcspn(word, " ");
    char *copy = memory_copy_bytes(word, length);
    size_t width = utf8_string_width(copy);
    if (used && used + 1 + width > columns) {
      text_append_char(out, '\n');
      used = 0;
    } else if (used) {
      text_append_char(out, ' ');
      used++;
    }
    text_append(out, copy);
    used += width;
    free(copy);
    word += length;
    word += strspn(word, " ");
  }
  text_append_char(out, '\n');
  free(shown);
}

enum { FIRST_LEAST = 16 };

/* Takes from the first column what the table is too wide, down to the longest word or a few letters. */
static void narrow_first(const struct printed_table *table, size_t *widths, size_t columns, bool ascii)
{
  const size_t total = total_width(table, widths);
  size_t least = word_width(table->columns[0].title, ascii);
  for (size_t r = 0; r < table->n_rows; r++) {
    const char *cell = render_cell(&table->rows[r], 0);
    const size_t width = table->rows[r].kind == PRINTED_ROW ? strspn(cell, " ") + GAP + word_width(cell, ascii) : 0;
    least = width > least ? width : least;
  }
  least = least < FIRST_LEAST ? FIRST_LEAST : least;
  if (total > columns && widths[0] > least)
    widths[0] = widths[0] - least < total - columns ? least : widths[0] - (total - columns);
}

/* The titles, broken between words where they are wider than their columns; the last lines stand on one line. */
static void append_titles(struct text *out, const struct printed_table *table, const size_t *widths, bool ascii)
{
  const size_t n = table->n_columns;
  size_t *lines = memory_new(n, sizeof *lines), most = 0;
  const char **rest = memory_new(n, sizeof *rest);
  for (size_t c = 0; c < n; c++) {
    rest[c] = table->columns[c].title;
    for (const char *at = rest[c]; *at; at += strspn(at, " ")) {
      at += line_end(at, widths[c], ascii);
      lines[c]++;
    }
    most = lines[c] > most ? lines[c] : most;
  }
  for (size_t line = most; line > 0; line--) {
    struct printed_row row = {.kind = PRINTED_ROW, .cells = memory_new(n, sizeof *row.cells)};
    for (size_t c = 0; c < n; c++) {
      const size_t end = lines[c] == line ? line_end(rest[c], widths[c], ascii) : 0;
      row.cells[c] = memory_copy_bytes(rest[c], end);
      rest[c] += end;
      rest[c] += strspn(rest[c], " ");
      lines[c] -= lines[c] == line;
    }
    append_row(out, table, &row, widths, ascii);
    for (size_t c = 0; c < n; c++)
      free(row.cells[c]);
    free(row.cells);
  }
  free(lines);
  free(rest);
}

static void append_printed(struct text *out, const struct printed_table *table, const struct render_options *options)
{
  bool ascii = options->charset == CHARSET_ASCII;
  size_t *widths = column_widths(table, true, ascii);
  if (total_width(table, widths) > options->columns) {
    free(widths);
    widths = column_widths(table, false, ascii);
    narrow_first(table, widths, options->columns, ascii);
  }
  if (table->title) {
    ascii_append_visible(out, table->title, ascii);
    text_append_char(out, '\n');
  }
  if (render_has_titles(table)) {
    append_titles(out, table, widths, ascii);
    append_rule(out, table, widths, ascii);
  }
  for (size_t r = 0; r < table->n_rows; r++)
    append_row(out, table, &table->rows[r], widths, ascii);
  for (size_t i = 0; i < table->n_notes; i++)
    append_wrapped(out, table->notes[i], options->columns, ascii);
  free(widths);
}

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
  const size_t columns = width_of(item->as.text, ascii);
  append_wrapped(out, item->as.text, options->columns, ascii);
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
    append_printed(out, item->as.printed, options);
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
    append_wrapped(out, item->as.text, options->columns, options->charset == CHARSET_ASCII);
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
