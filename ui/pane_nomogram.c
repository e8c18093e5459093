/* SPDX-License-Identifier: GPL-3.0-or-later */
/* View 5: the nomogram as drawn scales on which a patient is moved.
 *
 * The reader comes with the view's results, made once by the worker; each key only reads another patient off it.  The
 * patient's values are kept by the names of their columns, so that they outlive a change of the model or the filter as far
 * as the new nomogram knows them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"
#include "lang/token.h"
#include "ui/actions.h"
#include "ui/paint.h"
#include "ui/pane.h"
#include "verbs/present_nomogram.h"

enum { LEAST_LABEL = 23, MOST_LABEL = 26, WIDE_LABEL = 34, WIDE = 100 }; /* columns */

enum { SCALE_ROWS = 2, LEAST_TERMS = 2 * SCALE_ROWS, WORDS_FROM = 6, WORDS_TWO_FROM = 16, MOST_WORDS = 2 };

/* What was chosen for one column, of this model or an earlier one. */
struct nomogram_choice {
  char *name;
  char *level; /* NULL: a number */
  double number;
};

struct nomogram_patient {
  struct nomogram_choice *choices;
  size_t n, capacity;
};

static void choice_clear(struct nomogram_choice *choice)
{
  free(choice->name);
  free(choice->level);
}

void pane_nomogram_free(struct nomogram_patient *patient)
{
  for (size_t i = 0; patient && i < patient->n; i++)
    choice_clear(&patient->choices[i]);
  if (patient)
    free(patient->choices);
  free(patient);
}

/* The reader of what is on view; NULL while there is none, and where the printed table is shown instead. */
static const struct nomogram_reader *reader_of(const struct explorer *explorer)
{
  const struct screen_results *results = explorer->view_results;
  const struct nomogram_reader *reader = results ? results->nomogram : NULL;
  return reader && reader->predictor.n_columns && !explorer->nomogram_as_table ? reader : NULL;
}

static bool is_factor(const struct nomogram_reader *reader, size_t column)
{
  return reader->predictor.columns[column].column->kind == COLUMN_FACTOR;
}

/* The variable that the keys move: that of the chosen name, or else the first. */
static size_t chosen_column(const struct explorer *explorer, const struct nomogram_reader *reader)
{
  for (size_t i = 0; explorer->nomogram_variable && i < reader->predictor.n_columns; i++)
    if (strcmp(reader->predictor.columns[i].column->name, explorer->nomogram_variable) == 0)
      return i;
  return 0;
}

/* ---- the patient ---- */

static struct nomogram_choice *find_choice(const struct explorer *explorer, const char *name)
{
  const struct nomogram_patient *patient = explorer->nomogram_patient;
  for (size_t i = 0; patient && i < patient->n; i++)
    if (strcmp(patient->choices[i].name, name) == 0)
      return &patient->choices[i];
  return NULL;
}

/* What was chosen where the nomogram knows it, else what is typical. */
static double value_of(const struct explorer *explorer, const struct nomogram_reader *reader, size_t column)
{
  const struct column *of = reader->predictor.columns[column].column;
  const struct nomogram_choice *choice = find_choice(explorer, of->name);
  if (!choice || (choice->level != NULL) != is_factor(reader, column))
    return reader->variables[column].typical;
  const double value = choice->level ? (double)column_find_level(of, choice->level) : choice->number;
  return nomogram_has_value(reader, column, value) ? value : reader->variables[column].typical;
}

/* The values of all columns of the predictor; the caller frees them. */
static double *patient_values(const struct explorer *explorer, const struct nomogram_reader *reader)
{
  double *values = memory_new(reader->predictor.n_columns, sizeof *values);
  for (size_t i = 0; i < reader->predictor.n_columns; i++)
    values[i] = value_of(explorer, reader, i);
  return values;
}

static void choose(struct explorer *explorer, const struct nomogram_reader *reader, size_t column, double value)
{
  const struct column *of = reader->predictor.columns[column].column;
  if (!explorer->nomogram_patient)
    explorer->nomogram_patient = memory_new(1, sizeof *explorer->nomogram_patient);
  struct nomogram_patient *patient = explorer->nomogram_patient;
  struct nomogram_choice *choice = find_choice(explorer, of->name);
  if (!choice) {
    const struct nomogram_choice new = {.name = memory_copy_string(of->name)};
    MEMORY_APPEND(patient->choices, patient->n, patient->capacity, new);
    choice = &patient->choices[patient->n - 1];
  }
  free(choice->level);
  choice->level = is_factor(reader, column) ? memory_copy_string(of->levels[(size_t)value - 1].name) : NULL;
  choice->number = value;
}

/* ---- drawing ---- */

/* The scales from row to row: points on top, the lower ones at the bottom, and between them the terms as far as they fit. */
struct parts {
  struct nomogram_plot *plot;
  struct nomogram_drawing drawing;
  struct area body;
  size_t n_upper;       /* scales of terms: 1 … n_upper; 0 is the points' */
  size_t selected;      /* the scale of the chosen variable */
  size_t first, shown;  /* terms that are drawn: from scale 1 + first on */
  size_t n_lower;       /* lower scales that are drawn, from 1 + n_upper on */
  bool blank;           /* a row before the lower ones */
};

static size_t rows_of(const struct parts *parts, size_t first, size_t n)
{
  size_t rows = 0;
  for (size_t i = first; i < first + n; i++)
    rows += draw_nomogram_scale_rows(parts->plot, i, &parts->drawing, parts->body.columns);
  return rows;
}

/* Everything, with labels above where they are wanted, if it fits; else two rows a scale, fewer lower ones, and a window on
 * the terms that has the selected one in it. */
static void divide(struct parts *parts, struct list *list)
{
  const size_t rows = parts->body.rows, lower = parts->plot->n_scales - 1 - parts->n_upper;
  parts->n_lower = lower;
  parts->shown = parts->n_upper;
  parts->first = 0;
  parts->drawing.two_rows = true;
  const size_t wanted = rows_of(parts, 0, parts->plot->n_scales);
  if (wanted <= rows) {
    parts->blank = wanted < rows;
    return;
  }
  parts->drawing.two_rows = false;
  if (SCALE_ROWS * parts->plot->n_scales <= rows)
    return;
  while (parts->n_lower > 1 && rows < SCALE_ROWS * (1 + parts->n_lower) + LEAST_TERMS)
    parts->n_lower--;
  const size_t taken = SCALE_ROWS * (1 + parts->n_lower);
  parts->shown = rows >= taken + SCALE_ROWS ? (rows - taken) / SCALE_ROWS : 1;
  if (parts->shown > parts->n_upper)
    parts->shown = parts->n_upper;
  list->cursor = parts->selected ? parts->selected - 1 : 0;
  list_follow(list, parts->n_upper, parts->shown);
  parts->first = list->top;
}

/* Where the points' own reading would stand: which terms are in sight. */
static void tell_window(struct parts *parts)
{
  struct text text = TEXT_INIT;
  if (parts->shown >= parts->n_upper)
    return;
  if (parts->shown > 1)
    text_append_format(&text, "terms %zu–%zu of %zu", parts->first + 1, parts->first + parts->shown, parts->n_upper);
  else
    text_append_format(&text, "term %zu of %zu", parts->first + 1, parts->n_upper);
  parts->plot->scales[0].reading = text_take(&text);
}

static void draw_parts(struct explorer *explorer, struct frame *frame, struct parts *parts)
{
  const bool focused = explorer->wishes.focus != FOCUS_VARIABLES;
  struct area rest = parts->body;
  divide(parts, &explorer->nomogram_list);
  tell_window(parts);
  for (size_t i = 0; i < parts->plot->n_scales && rest.rows; i++) {
    const bool is_term = i && i <= parts->n_upper, is_lower = i > parts->n_upper;
    if (is_term && (i <= parts->first || i > parts->first + parts->shown))
      continue;
    if (is_lower && i - parts->n_upper > parts->n_lower)
      break;
    const size_t blank = parts->blank && i == parts->n_upper + 1;
    const size_t rows = draw_nomogram_scale_rows(parts->plot, i, &parts->drawing, rest.columns) + blank;
    rest.row += blank;
    rest.rows -= blank < rest.rows ? blank : rest.rows;
    if (i == parts->selected && focused)
      frame->cursor_row = rest.row, frame->cursor_column = rest.column;
    draw_nomogram_scale(parts->plot, i, &parts->drawing, &frame->canvas, rest);
    rest.row += rows - blank;
    rest.rows -= rows - blank < rest.rows ? rows - blank : rest.rows;
  }
}

static size_t words_rows(size_t rows)
{
  return rows < WORDS_FROM ? 0 : rows < WORDS_TWO_FROM ? 1 : MOST_WORDS;
}

/* Columns of the names and readings: those of the names, but with room for limits, so that nothing moves with a value. */
static size_t label_columns(const struct nomogram_plot *plot, size_t columns)
{
  size_t width = LEAST_LABEL;
  const size_t most = columns < WIDE ? MOST_LABEL : WIDE_LABEL;
  for (size_t i = 0; i < plot->n_scales; i++) {
    const size_t needed = utf8_string_width(plot->scales[i].label) + 1;
    width = needed > width ? needed : width;
  }
  return width < most ? width : most;
}

/* The scales, with the patient on them; where the model has no value for these values, without, and why. */
static void draw_scales(struct explorer *explorer, struct frame *frame, struct area area,
                        const struct nomogram_reader *reader)
{
  const enum charset charset = explorer_charset(explorer);
  const size_t chosen = chosen_column(explorer, reader);
  double *values = patient_values(explorer, reader);
  struct nomogram_reading reading;
  struct error error = ERROR_INIT;
  const bool read = nomogram_read(reader, values, &reading, &error) == STATUS_OK;
  struct area words = area;
  words.rows = words_rows(area.rows);
  words.row += area.rows - words.rows;
  area.rows -= words.rows;
  struct parts parts = {.plot = present_nomogram_plot(reader, read ? &reading : NULL, values),
                        .drawing = {.charset = charset, .two_rows = true},
                        .body = area};
  for (size_t i = 0; i < parts.plot->n_scales; i++) {
    struct nomogram_scale *scale = &parts.plot->scales[i];
    const bool is_upper = scale->kind == SCALE_TERM || scale->kind == SCALE_CHOICE;
    parts.n_upper += is_upper;
    if (is_upper && scale->subject == chosen)
      parts.selected = i;
    scale->selected = parts.selected == i && i && explorer->wishes.focus != FOCUS_VARIABLES;
  }
  parts.drawing.label_columns = label_columns(parts.plot, area.columns);
  draw_parts(explorer, frame, &parts);
  char *text = read ? present_nomogram_words(reader, &reading, values, chosen)
                    : memory_copy_string(error.what ? error.what : "");
  paint_wrapped(&frame->canvas, words, text, read ? STYLE_TEXT : STYLE_WARNING, charset);
  free(text);
  nomogram_plot_free(parts.plot);
  if (read)
    nomogram_reading_clear(&reading);
  error_clear(&error);
  free(values);
}

void pane_nomogram_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct nomogram_reader *reader = reader_of(explorer);
  const char *why;
  char *line = view_command(explorer, explorer->wishes.view, &why);
  if (!reader || !line) {
    free(line);
    pane_text_draw(explorer, frame, area);
    return;
  }
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), line, explorer->wishes.focus != FOCUS_VARIABLES,
             explorer_charset(explorer));
  free(line);
  frame->cursor_row = area.row;
  struct area body = area;
  body.row++;
  body.rows = area.rows ? area.rows - 1 : 0;
  draw_scales(explorer, frame, body, reader);
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, body);
}

/* ---- keys ---- */

void pane_nomogram_move(struct explorer *explorer, enum motion motion)
{
  const struct nomogram_reader *reader = reader_of(explorer);
  if (!reader) {
    pane_text_move(explorer, motion);
    return;
  }
  struct list list = {.cursor = chosen_column(explorer, reader)};
  list_move(&list, motion, reader->predictor.n_columns, pane_height(explorer, 1) / SCALE_ROWS);
  state_set_string(&explorer->nomogram_variable, reader->predictor.columns[list.cursor].column->name);
}

static void move_value(struct explorer *explorer, long steps, bool ticks)
{
  const struct nomogram_reader *reader = reader_of(explorer);
  if (!reader)
    return;
  const size_t column = chosen_column(explorer, reader);
  choose(explorer, reader, column,
         nomogram_moved(reader, column, value_of(explorer, reader, column), steps, ticks));
}

void pane_nomogram_sideways(struct explorer *explorer, int step)
{
  if (explorer->nomogram_as_table)
    pane_text_sideways(explorer, step);
  else
    move_value(explorer, step, false);
}

enum explorer_wish act_big_step(struct explorer *explorer, uint32_t key)
{
  move_value(explorer, key == 'L' ? 1 : -1, true);
  return WISH_NONE;
}

enum explorer_wish act_predict(struct explorer *explorer, uint32_t key)
{
  (void)key;
  const struct nomogram_reader *reader = reader_of(explorer);
  if (!reader) {
    explorer_say(explorer, STYLE_DIM, explorer->nomogram_as_table ? "t brings the scales back: predict is of a patient on them"
                                                                  : "there is no nomogram to read a patient off yet");
    return WISH_NONE;
  }
  double *values = patient_values(explorer, reader);
  char *line = present_nomogram_predict(reader, values);
  explorer_run(explorer, line);
  free(line);
  free(values);
  return WISH_NONE;
}

bool pane_nomogram_axis(const struct explorer *explorer, size_t i, const char **term, struct text *value)
{
  const struct nomogram_reader *reader = reader_of(explorer);
  if (!reader)
    return false;
  const size_t n = reader->nomogram.n_axes, chosen = chosen_column(explorer, reader);
  double *values = patient_values(explorer, reader);
  const struct nomogram_axis *found = NULL;
  size_t first = 0, n_holding = 0;
  while (first < n && reader->nomogram.axes[first].along != chosen)
    first++;
  for (size_t a = 0; a < n && !found; a++) {
    const struct nomogram_axis *axis = &reader->nomogram.axes[(first + a) % n];
    if (nomogram_axis_holds(reader, axis, values) && n_holding++ == i)
      found = axis;
  }
  if (found) {
    *term = found->term;
    if (is_factor(reader, found->along))
      token_append_string(value, found->column->levels[(size_t)values[found->along] - 1].name);
    else
      number_append_short(value, values[found->along]);
  }
  free(values);
  return found != NULL;
}

enum explorer_wish act_typical(struct explorer *explorer, uint32_t key)
{
  (void)key;
  pane_nomogram_free(explorer->nomogram_patient);
  explorer->nomogram_patient = NULL;
  explorer_say(explorer, STYLE_DIM, "the typical patient: medians and commonest levels of those on view");
  return WISH_NONE;
}

enum explorer_wish act_nomogram_table(struct explorer *explorer, uint32_t key)
{
  (void)key;
  explorer->nomogram_as_table = !explorer->nomogram_as_table;
  explorer->view_list = (struct list){.cursor = 0};
  explorer->view_column = 0;
  return WISH_NONE;
}
