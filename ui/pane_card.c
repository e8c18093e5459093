/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One patient as a card: every column of the sheet in its order, one a line, with labels, codes and units. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/list_search.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { HEAD_ROWS = 1, MOST_NAME = 24, MOST_VALUE = 28, MOST_LEVELS_TOLD = 20, MEASURED = 1000, BETWEEN = 2 };

/* What is known beside the value: the level's label and place, the column's label, the endpoint's unit. */
static void append_notes(struct text *text, const struct state *state, const struct sheet_column *of, size_t row)
{
  const struct column *column = of->column;
  const struct endpoint *endpoint = state_endpoint(state);
  const uint32_t code = column->kind == COLUMN_FACTOR ? column_code(column, row) : 0;
  if (code && column->levels[code - 1].label)
    text_append_format(text, "%s; ", column->levels[code - 1].label);
  if (code && !of->derived && column->n_levels <= MOST_LEVELS_TOLD)
    text_append_format(text, "level %u of %zu; ", (unsigned)code, column->n_levels);
  if (column->label)
    text_append_format(text, "%s; ", column->label);
  if (of->derived && endpoint && column->kind == COLUMN_NUMBER && *endpoint->unit)
    text_append_format(text, "%s; ", endpoint->unit);
  if (of->derived && endpoint)
    text_append_format(text, "%s; ", endpoint->definition);
  if (column_is_missing(column, row))
    text_append(text, "missing; ");
  if (text->length)
    text_truncate(text, text->length - 2);
}

static size_t name_width(const struct sheet *sheet)
{
  size_t width = 4;
  for (size_t i = 0; i < sheet->n_columns && width < MOST_NAME; i++) {
    const size_t needed = utf8_string_width(sheet->columns[i].column->name);
    width = needed > width ? needed : width;
  }
  return width < MOST_NAME ? width : MOST_NAME;
}

/* As wide as this patient's widest value, so that there is room for what is known beside it. */
static size_t value_width(const struct sheet *sheet)
{
  size_t width = 4;
  for (size_t i = 0; i < sheet->n_columns && i < MEASURED && width < MOST_VALUE; i++) {
    struct text value = TEXT_INIT;
    sheet_append_cell(sheet->columns[i].column, sheet_at_row(sheet), &value);
    const size_t needed = utf8_string_width(text_string(&value));
    width = needed > width ? needed : width;
    text_clear(&value);
  }
  return width < MOST_VALUE ? width : MOST_VALUE;
}

/* How wide names and values stand. */
struct widths {
  size_t name, value;
};

static struct area painted(struct frame *frame, struct area line, size_t width, const char *text,
                           enum canvas_style style, enum charset charset)
{
  struct area part = line;
  part.columns = width < line.columns ? width : line.columns;
  paint_text(&frame->canvas, part, text, style, charset);
  return area_after(line, width + BETWEEN);
}

/* A line of the card holds the needle in the column's name or in the value. */
static bool line_matches(const struct explorer *explorer, size_t line, const char *needle)
{
  const struct sheet *sheet = &explorer->sheet;
  const struct column *column = sheet->columns[line].column;
  return strcasestr(column->name, needle) || sheet_cell_matches(column, sheet_at_row(sheet), needle);
}

static void draw_line(struct explorer *explorer, struct frame *frame, struct area line, size_t column,
                      const struct widths *widths)
{
  const struct sheet *sheet = &explorer->sheet;
  const struct sheet_column *shown = &sheet->columns[column];
  const enum charset charset = explorer_charset(explorer);
  const size_t row = sheet_at_row(sheet);
  const bool at = explorer->card_list.cursor == column;
  const char *needle = explorer_needle(explorer);
  struct text value = TEXT_INIT, notes = TEXT_INIT;
  const struct area whole = line;
  sheet_append_cell(shown->column, row, &value);
  append_notes(&notes, sheet->state, shown, row);
  line = painted(frame, line, 0, "", STYLE_TEXT, charset);
  if (at)
    canvas_put(&frame->canvas, whole.row, whole.column, '>', STYLE_TITLE);
  line = painted(frame, line, widths->name, shown->column->name, STYLE_TITLE, charset);
  if (needle && line_matches(explorer, column, needle))
    canvas_add_attributes(&frame->canvas, (struct area){whole.row, whole.column + BETWEEN, 1, widths->name},
                          ATTRIBUTE_UNDERLINE);
  const size_t needed = utf8_string_width(text_string(&value));
  line = painted(frame, line, needed > widths->value || !notes.length ? needed : widths->value, text_string(&value),
                 column_is_missing(shown->column, row) ? STYLE_DIM : STYLE_TEXT, charset);
  paint_text(&frame->canvas, line, text_string(&notes), STYLE_DIM, charset);
  if (at && explorer->wishes.focus == FOCUS_MAIN) {
    canvas_add_attributes(&frame->canvas, whole, ATTRIBUTE_REVERSE);
    frame->cursor_row = whole.row;
    frame->cursor_column = whole.column;
  }
  text_clear(&value);
  text_clear(&notes);
}

/* The line under the cursor in words, where it is wider than the card; else NULL.  The caller frees them. */
static char *words_cut(const struct explorer *explorer, const struct widths *widths, size_t columns)
{
  const struct sheet *sheet = &explorer->sheet;
  const struct sheet_column *at = &sheet->columns[explorer->card_list.cursor];
  const size_t row = sheet_at_row(sheet);
  struct text value = TEXT_INIT, notes = TEXT_INIT, words = TEXT_INIT;
  sheet_append_cell(at->column, row, &value);
  append_notes(&notes, sheet->state, at, row);
  const size_t needed = utf8_string_width(text_string(&value)), noted = utf8_string_width(text_string(&notes));
  const size_t width = needed > widths->value ? needed : widths->value;
  if (utf8_string_width(at->column->name) > widths->name ||
      widths->name + 2 * BETWEEN + (noted ? width + BETWEEN + noted : needed) > columns)
    text_append_format(&words, "%s = %s%s%s", at->column->name, text_string(&value), noted ? "; " : "",
                       text_string(&notes));
  text_clear(&value);
  text_clear(&notes);
  return words.length ? text_take(&words) : NULL;
}

/* Draws the words over the last rows of the card, under a rule; returns the rows taken. */
static size_t draw_words(struct frame *frame, struct area area, const char *words, enum charset charset)
{
  const size_t wanted = paint_wrapped_rows(words, area.columns) + 1, most = area.rows / 2;
  const size_t rows = wanted < most ? wanted : most;
  if (rows < 2)
    return 0;
  area.row += area.rows - rows;
  area.rows = rows;
  paint_rule(&frame->canvas, area_line(area, 0), "in full", false, charset);
  area.row++;
  area.rows--;
  paint_wrapped(&frame->canvas, area, words, STYLE_TEXT, charset);
  return rows;
}

void pane_card_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct sheet *sheet = &explorer->sheet;
  const enum charset charset = explorer_charset(explorer);
  const bool focused = explorer->wishes.focus == FOCUS_MAIN;
  pane_data_sheet(explorer);
  paint_blank(&frame->canvas, area);
  if (!sheet->n_rows || !sheet->n_columns) {
    paint_rule(&frame->canvas, area_line(area, 0), "Patient", focused, charset);
    paint_text(&frame->canvas, area_line(area, 1), "0 patients on view; q goes back", STYLE_DIM, charset);
    return;
  }
  list_follow(&sheet->list, sheet->n_rows, area.rows);
  struct text title = TEXT_INIT;
  text_append_format(&title, "Patient row %zu%s, row %zu of %zu on view; h l: the one before, the next; q back",
                     sheet_at_row(sheet) + 1, sheet_is_tagged(sheet, sheet_at_row(sheet)) ? " (tagged)" : "",
                     sheet->list.cursor + 1, sheet->n_rows);
  paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), focused, charset);
  text_clear(&title);
  const struct widths widths = {name_width(sheet), value_width(sheet)};
  list_follow(&explorer->card_list, sheet->n_columns, area.rows);
  char *words = words_cut(explorer, &widths, area.columns);
  const size_t taken = HEAD_ROWS + (words ? draw_words(frame, area, words, charset) : 0);
  const size_t height = area.rows > taken ? area.rows - taken : 0;
  free(words);
  list_follow(&explorer->card_list, sheet->n_columns, height);
  for (size_t i = 0; i < height && explorer->card_list.top + i < sheet->n_columns; i++)
    draw_line(explorer, frame, area_line(area, i + HEAD_ROWS), explorer->card_list.top + i, &widths);
}

void pane_card_move(struct explorer *explorer, enum motion motion)
{
  list_move(&explorer->card_list, motion, explorer->sheet.n_columns, pane_height(explorer, HEAD_ROWS));
}

void pane_card_sideways(struct explorer *explorer, int step)
{
  struct sheet *sheet = &explorer->sheet;
  list_move(&sheet->list, step > 0 ? MOTION_DOWN : MOTION_UP, sheet->n_rows, pane_height(explorer, HEAD_ROWS));
}

static struct list_search card_search(struct explorer *explorer)
{
  pane_data_sheet(explorer);
  return (struct list_search){&explorer->card_list, explorer->sheet.n_rows ? explorer->sheet.n_columns : 0,
                              line_matches};
}

void pane_card_search(struct explorer *explorer, int step)
{
  const struct list_search search = card_search(explorer);
  list_search(explorer, &search, step);
}

void pane_card_search_live(struct explorer *explorer, const char *needle)
{
  const struct list_search search = card_search(explorer);
  list_search_live(explorer, &search, needle);
}

/* The card opens at the cursor's column. */
void pane_card_enter(struct explorer *explorer)
{
  explorer->card_list = (struct list){.cursor = explorer->sheet.column};
}
