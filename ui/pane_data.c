/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patients on view as a sheet: a line that tells the cell under the cursor in full, the columns' names, the rows.
 */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "ui/pane.h"

enum { HEAD_ROWS = 2, RULE_ENDS = 4, BETWEEN = 2, NARROWEST_PART = 4, MOST_LEVELS_TOLD = 20 };

/* A column that is drawn. */
struct part {
  size_t column; /* among the shown ones */
  struct area area;
};

/* What is needed all over one drawing. */
struct drawing {
  struct explorer *explorer;
  struct frame *frame;
  struct sheet *sheet;
  enum charset charset;
  const char *needle; /* what is looked for, or NULL */
  size_t height;      /* rows of patients */
};

static bool is_right(const struct column *column)
{
  return column->kind == COLUMN_NUMBER;
}

/* ---- the cell in words ---- */

static void append_value(struct text *text, const struct column *column, size_t row)
{
  if (column_is_missing(column, row)) {
    text_append(text, "missing");
    return;
  }
  sheet_append_cell(column, row, text);
  const uint32_t code = column->kind == COLUMN_FACTOR ? column_code(column, row) : 0;
  if (code && column->levels[code - 1].label)
    text_append_format(text, " (%s)", column->levels[code - 1].label);
}

/* "row 12 of 163, patient row 57, surgery = PHR (Resection of …), level 3 of 3; column 20 of 37"; `brief` from 1 to 4
 * leaves out one thing more each: the column's place, the level's, the patient's row, the row. */
static void append_words(struct text *text, const struct sheet *sheet, int brief)
{
  const struct sheet_column *at = sheet_at_column(sheet);
  const size_t row = sheet_at_row(sheet);
  if (brief < 4)
    text_append_format(text, "row %zu of %zu, ", sheet->list.cursor + 1, sheet->n_rows);
  if (brief < 3)
    text_append_format(text, "patient row %zu, ", row + 1);
  text_append_format(text, "%s = ", at->column->name);
  append_value(text, at->column, row);
  if (brief < 2 && at->column->kind == COLUMN_FACTOR && !at->derived && at->column->n_levels <= MOST_LEVELS_TOLD &&
      !column_is_missing(at->column, row))
    text_append_format(text, ", level %u of %zu", (unsigned)column_code(at->column, row), at->column->n_levels);
  if (brief < 2 && at->column->label)
    text_append_format(text, "; %s", at->column->label);
  if (brief < 1)
    text_append_format(text, "; column %zu of %zu", sheet->column + 1, sheet->n_columns);
}

/* As many of the words as fit into `columns`; the cell itself at least.  The caller frees them. */
static char *cell_in_words(const struct sheet *sheet, size_t columns)
{
  struct text text = TEXT_INIT;
  append_words(&text, sheet, 0);
  for (int brief = 1; brief <= 4 && utf8_string_width(text_string(&text)) > columns; brief++) {
    text_truncate(&text, 0);
    append_words(&text, sheet, brief);
  }
  return text_take(&text);
}

/* ---- drawing ---- */

/* The columns that have room, from first_column on; the last may be cut. */
static size_t lay_out(struct sheet *sheet, struct area area, struct part *parts, size_t most)
{
  size_t n = 0;
  for (size_t column = sheet->first_column; column < sheet->n_columns && n < most; column++) {
    const size_t width = sheet_width(sheet, column);
    if (!area.columns || (n && area.columns < NARROWEST_PART && width > area.columns))
      break;
    parts[n] = (struct part){column, area};
    parts[n++].area.columns = width < area.columns ? width : area.columns;
    area = area_after(area, width + BETWEEN);
  }
  return n;
}

/* The name, underlined at the cursor; behind it, in the gap, how the column is sorted (in ASCII < and >). */
static void draw_head(const struct drawing *drawing, const struct part *part)
{
  const struct area line = area_line(part->area, 0);
  const struct sheet *sheet = drawing->sheet;
  const struct column *column = sheet->columns[part->column].column;
  const bool ascii = drawing->charset == CHARSET_ASCII;
  bool descending;
  struct text head = TEXT_INIT;
  utf8_append_fitted(&head, column->name, line.columns, is_right(column), ascii);
  paint_text(&drawing->frame->canvas, line, text_string(&head), STYLE_TITLE, drawing->charset);
  text_clear(&head);
  if (part->column == sheet->column)
    canvas_add_attributes(&drawing->frame->canvas, line, ATTRIBUTE_UNDERLINE);
  if (sheet_key_place(sheet, column->name, &descending))
    canvas_put(&drawing->frame->canvas, line.row, line.column + line.columns,
               descending ? (ascii ? '>' : 0x25BC)
               : ascii    ? '<'
                          : 0x25B2,
               STYLE_KEY);
}

static void draw_cell(const struct drawing *drawing, const struct part *part, size_t i)
{
  const struct sheet *sheet = drawing->sheet;
  const struct column *column = sheet->columns[part->column].column;
  const size_t at = sheet->list.top + i, row = sheet->rows[at];
  const struct area line = area_line(part->area, i + 1);
  const bool missing = column_is_missing(column, row);
  const bool found = drawing->needle && sheet_cell_matches(column, row, drawing->needle);
  const enum canvas_style style = missing ? STYLE_DIM : found ? STYLE_KEY : STYLE_TEXT;
  struct text cell = TEXT_INIT;
  sheet_append_brief_cell(column, row, &cell);
  if (is_right(column) && utf8_string_width(text_string(&cell)) <= line.columns)
    paint_text_right(&drawing->frame->canvas, line, text_string(&cell), style, drawing->charset);
  else
    paint_text(&drawing->frame->canvas, line, text_string(&cell), style, drawing->charset);
  text_clear(&cell);
  if (found)
    canvas_add_attributes(&drawing->frame->canvas, line, ATTRIBUTE_UNDERLINE);
  if (at == sheet->list.cursor && part->column == sheet->column && drawing->explorer->wishes.focus == FOCUS_MAIN) {
    canvas_add_attributes(&drawing->frame->canvas, line, ATTRIBUTE_REVERSE);
    drawing->frame->cursor_row = line.row;
    drawing->frame->cursor_column = line.column;
  }
}

/* The patients' rows in the file, with > at the cursor and * behind those that are tagged. */
static void draw_numbers(const struct drawing *drawing, struct area area)
{
  const struct sheet *sheet = drawing->sheet;
  for (size_t i = 0; i < drawing->height && sheet->list.top + i < sheet->n_rows; i++) {
    const size_t at = sheet->list.top + i, row = sheet->rows[at];
    struct text number = TEXT_INIT;
    text_append_format(&number, "%s%*zu%s", at == sheet->list.cursor ? ">" : " ", (int)area.columns - 4, row + 1,
                       sheet_is_tagged(sheet, row) ? "*" : "");
    paint_text(&drawing->frame->canvas, area_line(area, i + 1), text_string(&number),
               at == sheet->list.cursor ? STYLE_TITLE : STYLE_DIM, drawing->charset);
    text_clear(&number);
  }
}

static size_t digits(size_t number)
{
  size_t n = 1;
  while (number /= 10)
    n++;
  return n;
}

enum { MOST_PARTS = 512 };

static void draw_cells(const struct drawing *drawing, struct area area)
{
  struct sheet *sheet = drawing->sheet;
  struct area gutter = area;
  gutter.columns = digits(column_n_rows(sheet->columns[0].column)) + 4; /* >, *, two blanks */
  gutter.columns = gutter.columns < area.columns / 2 ? gutter.columns : 0;
  const struct area rest = area_after(area, gutter.columns);
  struct part *parts = memory_new(MOST_PARTS, sizeof *parts);
  sheet_show_column(sheet, rest.columns);
  const size_t n = lay_out(sheet, rest, parts, MOST_PARTS);
  if (gutter.columns)
    draw_numbers(drawing, gutter);
  for (size_t p = 0; p < n; p++) {
    draw_head(drawing, &parts[p]);
    for (size_t i = 0; i < drawing->height && sheet->list.top + i < sheet->n_rows; i++)
      draw_cell(drawing, &parts[p], i);
  }
  free(parts);
}

void pane_data_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct sheet *sheet = pane_data_sheet(explorer);
  const enum charset charset = explorer_charset(explorer);
  const bool focused = explorer->wishes.focus == FOCUS_MAIN;
  paint_blank(&frame->canvas, area);
  if (!sheet->n_columns || !sheet->n_rows) {
    paint_rule(&frame->canvas, area_line(area, 0), "Data", focused, charset);
    paint_text(&frame->canvas, area_line(area, 1),
               !sheet->state->cohort ? "no cohort is loaded; :load \"FILE.csv\""
               : !sheet->n_columns   ? "the file has no columns"
                                     : "0 patients on view; u takes the last step back, :filter off shows all",
               STYLE_DIM, charset);
    return;
  }
  const size_t height = area.rows > HEAD_ROWS ? area.rows - HEAD_ROWS : 0;
  list_follow(&sheet->list, sheet->n_rows, height);
  char *words = cell_in_words(sheet, area.columns > RULE_ENDS ? area.columns - RULE_ENDS : 0);
  paint_rule(&frame->canvas, area_line(area, 0), words, focused, charset);
  free(words);
  if (area.rows < 2)
    return;
  area.row++;
  area.rows--;
  draw_cells(&(struct drawing){explorer, frame, sheet, charset, explorer_needle(explorer), height}, area);
}

/* ---- the sheet ---- */

static void do_sort(void *data, struct task *task)
{
  sheet_order_do(data, task);
}

static void release_order(void *data)
{
  sheet_order_clear(data);
  free(data);
}

void sheet_order_taken(struct explorer *explorer, struct errand *errand)
{
  if (sheet_order_take(&explorer->sheet, errand->data) && explorer->wishes.view == VIEW_DATA)
    explorer_say(explorer, STYLE_TEXT, "sorted; missing last, ties as before");
  release_order(errand->data);
}

struct sheet *pane_data_sheet(struct explorer *explorer)
{
  struct sheet *sheet = &explorer->sheet;
  struct sheet_order order;
  sheet->defers = explorer->errands != NULL;
  sheet_follow(sheet, session_state(explorer->session));
  if (sheet_order_begin(sheet, &order)) {
    explorer_say(explorer, STYLE_TEXT, "sorting %zu rows …", sheet->n_rows);
    explorer_errand(explorer, ERRAND_SORT, &(struct errand){memory_copy(&order, 1, sizeof order), do_sort, release_order});
  }
  return sheet;
}

/* ---- moving ---- */

size_t pane_data_row(struct explorer *explorer)
{
  pane_data_sheet(explorer);
  return explorer->sheet.n_rows ? sheet_at_row(&explorer->sheet) : 0;
}

void pane_data_move(struct explorer *explorer, enum motion motion)
{
  struct sheet *sheet = pane_data_sheet(explorer);
  list_move(&sheet->list, motion, sheet->n_rows, pane_height(explorer, HEAD_ROWS));
}

void pane_data_sideways(struct explorer *explorer, int step)
{
  struct sheet *sheet = pane_data_sheet(explorer);
  if (step < 0 && sheet->column > 0)
    sheet->column--;
  else if (step > 0 && sheet->column + 1 < sheet->n_columns)
    sheet->column++;
}
