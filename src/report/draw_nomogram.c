/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A nomogram in characters. */
#include <math.h>
#include <stdlib.h>

#include "base/label.h"
#include "base/memory.h"
#include "base/utf8.h"
#include "report/nomogram_plot.h"

enum { LEAST_SCALE = 12, LEAST_LABEL = 6, MOST_LABEL = 30, READING_INDENT = 2, BESIDE = 2 }; /* columns; BESIDE: left and right of the room */

/* One scale and where its parts go. */
struct strip {
  const struct nomogram_plot *plot;
  const struct nomogram_scale *scale;
  const struct nomogram_drawing *drawing;
  struct canvas *canvas;
  struct area area;
  size_t label_columns, left, room; /* the scale's first column, and its columns; room 0: too narrow for a scale */
  struct nomogram_label *labels;
  bool any_above;
};

static size_t wanted_label_columns(const struct nomogram_plot *plot)
{
  size_t width = LEAST_LABEL;
  for (size_t i = 0; i < plot->n_scales; i++) {
    const struct nomogram_scale *scale = &plot->scales[i];
    const size_t label = utf8_string_width(scale->label);
    const size_t reading = scale->reading ? READING_INDENT + utf8_string_width(scale->reading) : 0;
    width = label > width ? label : width;
    width = reading > width ? reading : width;
  }
  return width < MOST_LABEL ? width : MOST_LABEL;
}

static void divide(struct strip *strip, size_t columns)
{
  const size_t wanted =
      strip->drawing->label_columns ? strip->drawing->label_columns : wanted_label_columns(strip->plot);
  const size_t most = columns * 2 / 5;
  strip->label_columns = wanted < most ? wanted : most;
  strip->left = strip->label_columns + BESIDE;
  strip->room = columns > strip->left + 1 ? columns - strip->left - 1 : 0;
  if (strip->room < LEAST_SCALE) {
    strip->room = 0;
    strip->label_columns = columns;
  }
}

static void place(struct strip *strip)
{
  const struct nomogram_scale *scale = strip->scale;
  const struct nomogram_room room = {
      .room = (double)strip->room - 1, .before = 1, .gap = 1, .two_rows = strip->drawing->two_rows, .cells = true};
  double *widths = memory_new(scale->n_ticks, sizeof *widths);
  for (size_t i = 0; i < scale->n_ticks; i++)
    widths[i] = scale->ticks[i].label ? (double)utf8_string_width(scale->ticks[i].label) : 0;
  strip->labels = memory_new(scale->n_ticks, sizeof *strip->labels);
  strip->any_above = scale->kind != SCALE_CHOICE && strip->room &&
                     nomogram_place_labels(strip->plot, scale, &room, widths, strip->labels);
  free(widths);
}

static struct strip strip_of(const struct nomogram_plot *plot, size_t scale, const struct nomogram_drawing *drawing,
                             size_t columns)
{
  struct strip strip = {.plot = plot, .scale = &plot->scales[scale], .drawing = drawing};
  divide(&strip, columns);
  place(&strip);
  return strip;
}

size_t draw_nomogram_scale_rows(const struct nomogram_plot *plot, size_t scale, const struct nomogram_drawing *drawing,
                                size_t columns)
{
  struct strip strip = strip_of(plot, scale, drawing, columns);
  free(strip.labels);
  return strip.any_above ? 3 : 2;
}

/* ---- the parts ---- */

static struct area cells(const struct strip *strip, size_t row, size_t column, size_t columns)
{
  const struct area area = strip->area;
  const bool inside = row < area.rows && column < area.columns;
  if (!inside)
    return (struct area){.rows = 0};
  return (struct area){area.row + row, area.column + column, 1,
                       columns < area.columns - column ? columns : area.columns - column};
}

static void put(const struct strip *strip, size_t row, size_t column, uint32_t glyph, enum canvas_style style)
{
  const struct area cell = cells(strip, row, column, 1);
  if (cell.rows)
    canvas_put(strip->canvas, cell.row, cell.column, glyph, style);
}

static void write(const struct strip *strip, struct area area, const char *text, enum canvas_style style)
{
  canvas_text(strip->canvas, area, text, style, strip->drawing->charset);
}

static size_t column_of(const struct strip *strip, double at)
{
  return strip->left + (size_t)round(nomogram_scale_place(strip->plot, strip->scale, at) * ((double)strip->room - 1));
}

static void draw_line(const struct strip *strip, size_t row)
{
  const bool ascii = strip->drawing->charset == CHARSET_ASCII;
  const struct nomogram_scale *scale = strip->scale;
  size_t first = SIZE_MAX, last = 0;
  for (size_t i = 0; i < scale->n_ticks; i++) {
    const size_t column = column_of(strip, scale->ticks[i].at);
    first = column < first ? column : first;
    last = column > last ? column : last;
  }
  for (size_t column = first; scale->n_ticks && column <= last; column++)
    put(strip, row, column, ascii ? '-' : 0x2500, STYLE_DIM);
  for (size_t i = 0; i < scale->n_ticks; i++) {
    if (!scale->ticks[i].label)
      continue;
    const size_t column = column_of(strip, scale->ticks[i].at);
    const uint32_t tick = strip->labels[i].is_above ? 0x2534 : 0x252C;
    put(strip, row, column, ascii ? '+' : first == last ? tick : column == first ? 0x251C : column == last ? 0x2524 : tick,
        STYLE_TEXT);
  }
  if (isnan(scale->marker))
    return;
  put(strip, row, column_of(strip, scale->marker), ascii ? 'v' : 0x25BC, STYLE_KEY);
  const struct area cell = cells(strip, row, column_of(strip, scale->marker), 1);
  if (cell.rows)
    canvas_add_attributes(strip->canvas, cell, scale->selected ? ATTRIBUTE_BOLD | ATTRIBUTE_REVERSE : ATTRIBUTE_BOLD);
}

static void draw_labels(const struct strip *strip, size_t row)
{
  const size_t n = strip->scale->n_ticks;
  const char **names = memory_new(n, sizeof *names);
  for (size_t i = 0; i < n; i++)
    names[i] = strip->scale->ticks[i].label;
  for (size_t i = 0; i < n; i++) {
    struct text shown = TEXT_INIT;
    const struct nomogram_label *label = &strip->labels[i];
    if (!label->is_shown)
      continue;
    const size_t column = (size_t)((double)strip->left + label->start);
    label_append_cut(&shown, names, n, i, (size_t)label->width, strip->drawing->charset == CHARSET_ASCII);
    write(strip, cells(strip, label->is_above ? row - 1 : row + 1, column, (size_t)label->width), text_string(&shown),
          STYLE_TEXT);
    text_clear(&shown);
  }
  free(names);
}

/* "[male]  female": from a level on with which the chosen one is in sight. */
static void draw_choice(const struct strip *strip, size_t row)
{
  const struct nomogram_scale *scale = strip->scale;
  size_t first = scale->chosen < scale->n_ticks ? scale->chosen : 0, width = 0;
  for (size_t i = first + 1; i-- > 0 && scale->n_ticks;) {
    width += utf8_string_width(scale->ticks[i].label) + 3;
    if (width > strip->room)
      break;
    first = i;
  }
  for (size_t i = first, column = strip->left - 1; i < scale->n_ticks && column < strip->left + strip->room; i++) {
    struct text text = TEXT_INIT;
    text_append_format(&text, i == scale->chosen ? "[%s]" : " %s ", scale->ticks[i].label);
    const size_t room = strip->left + strip->room - column;
    write(strip, cells(strip, row, column, room), text_string(&text), i == scale->chosen ? STYLE_KEY : STYLE_TEXT);
    column += utf8_string_width(text_string(&text)) + 1;
    text_clear(&text);
  }
}

/* "  60: 40.1": what is cut is what the patient has, not the amount. */
static void draw_reading(const struct strip *strip, size_t row)
{
  const struct nomogram_scale *scale = strip->scale;
  size_t column = READING_INDENT, amount = scale->amount ? utf8_string_width(scale->amount) : 0;
  if (scale->reading && column + amount + 2 < strip->label_columns) {
    const size_t room = strip->label_columns - column - (amount ? amount + 2 : 0);
    const struct area area = cells(strip, row, column, room);
    if (area.rows)
      column += canvas_text(strip->canvas, area, scale->reading, STYLE_KEY, strip->drawing->charset);
    if (amount) {
      put(strip, row, column, ':', STYLE_KEY);
      column += 2;
    }
  }
  if (amount && column < strip->label_columns)
    write(strip, cells(strip, row, column, strip->label_columns - column), scale->amount, STYLE_KEY);
}

void draw_nomogram_scale(const struct nomogram_plot *plot, size_t scale, const struct nomogram_drawing *drawing,
                         struct canvas *canvas, struct area area)
{
  struct strip strip = strip_of(plot, scale, drawing, area.columns);
  strip.canvas = canvas;
  strip.area = area;
  const size_t row = strip.any_above;
  const struct nomogram_scale *drawn = strip.scale;
  struct area name = cells(&strip, row, drawn->selected, strip.label_columns - drawn->selected);
  if (drawn->selected) { /* not by its looks alone */
    put(&strip, row, 0, '>', STYLE_TITLE);
    canvas_add_attributes(canvas, cells(&strip, row, 0, strip.label_columns), ATTRIBUTE_REVERSE);
  }
  write(&strip, name, drawn->label, drawn->selected ? STYLE_TITLE : STYLE_TEXT);
  canvas_add_attributes(canvas, name, drawn->selected ? ATTRIBUTE_REVERSE : 0);
  draw_reading(&strip, row + 1);
  if (strip.room && drawn->kind == SCALE_CHOICE) {
    draw_choice(&strip, row);
  } else if (strip.room) {
    draw_line(&strip, row);
    draw_labels(&strip, row);
  }
  free(strip.labels);
}

/* ---- the whole plot ---- */

static bool is_lower(const struct nomogram_plot *plot, size_t scale)
{
  return plot->scales[scale].kind >= SCALE_TOTAL && plot->scales[scale].kind <= SCALE_MEDIAN;
}

/* Whether the lower scales begin with this one. */
static bool has_blank_before(const struct nomogram_plot *plot, size_t scale)
{
  return scale && is_lower(plot, scale) && !is_lower(plot, scale - 1);
}

size_t draw_nomogram_rows(const struct nomogram_plot *plot, const struct nomogram_drawing *drawing, size_t columns)
{
  size_t rows = plot->title != NULL;
  for (size_t i = 0; i < plot->n_scales; i++)
    rows += has_blank_before(plot, i) + draw_nomogram_scale_rows(plot, i, drawing, columns);
  return rows;
}

void draw_nomogram(const struct nomogram_plot *plot, const struct nomogram_drawing *drawing, struct canvas *canvas,
                   struct area area)
{
  size_t row = 0;
  if (plot->title && area.rows)
    canvas_text(canvas, (struct area){area.row, area.column, 1, area.columns}, plot->title, STYLE_TITLE, drawing->charset);
  row += plot->title != NULL;
  for (size_t i = 0; i < plot->n_scales && row < area.rows; i++) {
    row += has_blank_before(plot, i);
    const size_t left = row < area.rows ? area.rows - row : 0;
    draw_nomogram_scale(plot, i, drawing, canvas, (struct area){area.row + row, area.column, left, area.columns});
    row += draw_nomogram_scale_rows(plot, i, drawing, area.columns);
  }
}
