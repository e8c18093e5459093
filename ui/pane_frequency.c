/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often each value of a column occurs among those on view: counts, percent of the known, bars; missing last. */
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "data/date.h"
#include "ui/explorer_internal.h"
#include "ui/list_search.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { HEAD_ROWS = 2, MOST_VALUE = 28, MOST_BAR = 40, NUMBERS = 19 };

static void append_value(struct text *text, const struct column *column, const struct frequency_line *line)
{
  if (!line)
    text_append(text, "missing");
  else if (column->kind == COLUMN_FACTOR)
    text_append(text, *column->levels[line->code - 1].name ? column_level_display_name(column, line->code) : "\"\"");
  else if (column->kind == COLUMN_DATE)
    date_append(text, line->value);
  else
    number_append_short(text, line->value);
}

static const struct frequency_line *line_of(const struct frequency *frequency, size_t i)
{
  return i < frequency->n_lines ? &frequency->lines[i] : NULL;
}

/* The lines that are shown decide how wide the values stand. */
static size_t value_width(const struct frequency *frequency, size_t height)
{
  size_t width = 7;
  for (size_t i = 0; i < height && frequency->list.top + i < frequency_rows(frequency); i++) {
    struct text value = TEXT_INIT;
    append_value(&value, frequency->column, line_of(frequency, frequency->list.top + i));
    const size_t needed = utf8_string_width(text_string(&value));
    width = needed > width ? needed : width;
    text_clear(&value);
  }
  return width < MOST_VALUE ? width : MOST_VALUE;
}

static void draw_line(struct explorer *explorer, struct frame *frame, struct area area, size_t i, size_t width)
{
  const struct frequency *frequency = &explorer->frequency;
  const struct frequency_line *line = line_of(frequency, i);
  const enum charset charset = explorer_charset(explorer);
  const size_t count = line ? line->count : frequency->n_missing;
  struct text value = TEXT_INIT, fitted = TEXT_INIT;
  append_value(&value, frequency->column, line);
  utf8_append_fitted(&fitted, text_string(&value), width, frequency->column->kind == COLUMN_NUMBER && line,
                     charset == CHARSET_ASCII);
  text_append_format(&fitted, " %8zu ", count);
  if (line)
    text_append_format(&fitted, "%5.1f %%  ", 100.0 * (double)count / (double)frequency->n_present);
  else
    text_append_repeated(&fitted, ' ', 9);
  const size_t room = area.columns > width + NUMBERS + 2 ? area.columns - width - NUMBERS - 2 : 0;
  const size_t longest = room < MOST_BAR ? room : MOST_BAR;
  const size_t filled = frequency->most ? (count * longest + frequency->most - 1) / frequency->most : 0;
  for (size_t k = 0; k < filled; k++)
    text_append(&fitted, charset == CHARSET_ASCII ? "#" : "█");
  paint_text(&frame->canvas, area_after(area, 2), text_string(&fitted), line ? STYLE_TEXT : STYLE_DIM, charset);
  text_clear(&value);
  text_clear(&fitted);
  if (i != frequency->list.cursor)
    return;
  canvas_put(&frame->canvas, area.row, area.column, '>', STYLE_TITLE);
  if (explorer->wishes.focus != FOCUS_MAIN)
    return;
  canvas_add_attributes(&frame->canvas, area, ATTRIBUTE_REVERSE);
  frame->cursor_row = area.row;
  frame->cursor_column = area.column;
}

/* The column that is counted, in the cohort as it is now; the endpoint's own columns by the sheet. */
static void follow(struct explorer *explorer)
{
  struct frequency *frequency = &explorer->frequency;
  const struct state *state = session_state(explorer->session);
  if (!frequency->column || !state->cohort)
    return;
  sheet_follow(&explorer->sheet, state);
  const struct column *column = cohort_find_column(state->cohort, frequency->column->name);
  for (size_t i = 0; i < explorer->sheet.n_columns && !column; i++)
    if (strcmp(explorer->sheet.columns[i].column->name, frequency->column->name) == 0)
      column = explorer->sheet.columns[i].column;
  if (column)
    frequency_count(frequency, column, state->on_view);
  else
    frequency_clear(frequency);
}

void pane_frequency_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct frequency *frequency = &explorer->frequency;
  const enum charset charset = explorer_charset(explorer);
  const bool focused = explorer->wishes.focus == FOCUS_MAIN;
  struct text title = TEXT_INIT;
  follow(explorer);
  paint_blank(&frame->canvas, area);
  if (frequency->column)
    text_append_format(&title, "%s: %zu value%s, n %zu, %zu missing; by %s", column_display_name(frequency->column),
                       frequency->n_lines, frequency->n_lines == 1 ? "" : "s", frequency->n_present, frequency->n_missing,
                       frequency->by_level ? "value" : "count");
  else
    text_append(&title, "the column is gone; q goes back");
  paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), focused, charset);
  text_clear(&title);
  if (!frequency->column)
    return;
  const size_t height = area.rows > HEAD_ROWS ? area.rows - HEAD_ROWS : 0;
  list_follow(&frequency->list, frequency_rows(frequency), height);
  const size_t width = value_width(frequency, height);
  struct text head = TEXT_INIT;
  text_append_format(&head, "%-*s %8s %7s", (int)width, "value", "n", "%");
  paint_text(&frame->canvas, area_after(area_line(area, 1), 2), text_string(&head), STYLE_TITLE, charset);
  text_clear(&head);
  for (size_t i = 0; i < height && frequency->list.top + i < frequency_rows(frequency); i++)
    draw_line(explorer, frame, area_line(area, i + HEAD_ROWS), frequency->list.top + i, width);
  if (!frequency_rows(frequency))
    paint_text(&frame->canvas, area_line(area, HEAD_ROWS), "  0 patients on view", STYLE_DIM, charset);
}

void pane_frequency_move(struct explorer *explorer, enum motion motion)
{
  list_move(&explorer->frequency.list, motion, frequency_rows(&explorer->frequency), pane_height(explorer, HEAD_ROWS));
}

static bool line_matches(const struct explorer *explorer, size_t line, const char *needle)
{
  struct text value = TEXT_INIT;
  append_value(&value, explorer->frequency.column, line_of(&explorer->frequency, line));
  const bool matches = strcasestr(text_string(&value), needle) != NULL;
  text_clear(&value);
  return matches;
}

static struct list_search frequency_search(struct explorer *explorer)
{
  follow(explorer);
  return (struct list_search){&explorer->frequency.list, frequency_rows(&explorer->frequency), line_matches};
}

void pane_frequency_search(struct explorer *explorer, int step)
{
  const struct list_search search = frequency_search(explorer);
  list_search(explorer, &search, step);
}

void pane_frequency_search_live(struct explorer *explorer, const char *needle)
{
  const struct list_search search = frequency_search(explorer);
  list_search_live(explorer, &search, needle);
}
