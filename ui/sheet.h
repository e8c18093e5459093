/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The patients on view as a sheet: which rows in which order, which columns and how wide, which rows are tagged.
 *
 * It follows the state: rows are listed anew where the filter or the cohort has changed, and sorted again as they were;
 * a frame then only reads what it draws.  Columns are the cohort's, led by what the endpoint makes of them (entry,
 * time, event), and are known by their names, so that hiding and sorting outlive a derived column.  Sizes: a million
 * rows, ten thousand columns. */
#ifndef KAPLAN_UI_SHEET_H
#define KAPLAN_UI_SHEET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/task.h"
#include "session/state.h"
#include "ui/list.h"

enum { SHEET_MOST_KEYS = 4, SHEET_WIDEST = 24 };

struct sheet_column {
  const struct column *column; /* retained */
  bool derived;                /* of the endpoint, not of the file */
  size_t width;                /* in columns of the screen; 0: not measured yet */
};

struct sheet_key {
  char *name;
  bool descending;
};

struct sheet {
  struct state *state; /* what all this is of, or NULL */
  uint32_t *rows;      /* rows of the cohort in the order shown */
  size_t n_rows;
  struct sheet_column *columns; /* those that are not hidden */
  size_t n_columns;
  char **hidden; /* names */
  size_t n_hidden, hidden_capacity;
  struct sheet_key keys[SHEET_MOST_KEYS]; /* what it is sorted by: the last is the first looked at */
  size_t n_keys;
  struct bitmap tagged; /* over the rows of the cohort */
  struct list list;     /* the cursor's row, the first row shown */
  size_t column, first_column;
  bool defers;         /* many rows are not sorted at once, but where sheet_order_begin() is heeded */
  bool is_unsorted;    /* they are to be, and are not yet */
  unsigned long order; /* another number whenever rows or columns are put in another order */
};

/* Brings the sheet to a state, which it keeps; nothing is done where it is the same.  A cohort of other patients loses
 * the tags; columns that are gone are no longer keys. */
void sheet_follow(struct sheet *sheet, const struct state *state);
void sheet_clear(struct sheet *sheet);

/* The column under the cursor, or NULL where none is shown; the cohort's row under it (n_rows > 0). */
const struct sheet_column *sheet_at_column(const struct sheet *sheet);
size_t sheet_at_row(const struct sheet *sheet);

/* The index of the shown column of that name: the very name, else the first that begins with it, else that holds it,
 * letter case aside; n_columns where there is none. */
size_t sheet_find_column(const struct sheet *sheet, const char *name);

/* Columns of the screen for a column: its name's as far as SHEET_NAME_WIDTH, its values' as far as SHEET_WIDEST.
 * Measured once a cohort on at most a thousand rows, whoever is on view, so that it stays while one scrolls or filters.
 */
enum { SHEET_NAME_WIDTH = 14 };
size_t sheet_width(struct sheet *sheet, size_t column);

/* Moves first_column so that the cursor's column is inside `columns` of the screen, as far as it can be. */
void sheet_show_column(struct sheet *sheet, size_t columns);

/* Hides the column under the cursor; false for the last one.  Shows all again; returns how many were hidden. */
bool sheet_hide_column(struct sheet *sheet);
size_t sheet_show_all(struct sheet *sheet);

/* The text of a cell: `.` where the value is missing, `""` for an empty text, else as the file has it. */
void sheet_append_cell(const struct column *column, size_t row, struct text *text);

/* The same as it stands among others: a number that is not whole with 7 significant digits at most. */
void sheet_append_brief_cell(const struct column *column, size_t row, struct text *text);

/* Sorts by the column under the cursor, missing values last; rows that are equal keep their order, so that the key
 * before breaks ties.  The same once more takes all keys away: the order of the file.  Returns whether it is sorted
 * now. */
bool sheet_sort(struct sheet *sheet, bool descending);

/* Lists the rows on view in the order of the file, then sorts them by the keys; keys of columns that are gone are
 * dropped. */
void sheet_list_rows(struct sheet *sheet);

/* Rows that are sorted on another thread. */
struct sheet_order {
  unsigned long order;
  const struct row_set *on_view; /* retained */
  const struct column *columns[SHEET_MOST_KEYS]; /* retained */
  bool descending[SHEET_MOST_KEYS];
  size_t n_keys;
  uint32_t *rows; /* NULL: not done */
};

/* What is to be sorted, told once; false where nothing is.  sheet_order_take(): true where it is the order still wanted, and is
 * shown now. */
bool sheet_order_begin(struct sheet *sheet, struct sheet_order *order);
void sheet_order_do(struct sheet_order *order, struct task *task);
bool sheet_order_take(struct sheet *sheet, struct sheet_order *order);
void sheet_order_clear(struct sheet_order *order);

/* The rows of a set, ascending; the caller frees them. */
uint32_t *sheet_rows_of(const struct row_set *set);

/* The column that rows are sorted by: a hidden one still is; NULL where it is gone. */
const struct column *sheet_key_column(const struct sheet *sheet, const char *name);

/* Sorts by the last key (`again`: by all) at once, or notes that it is to be done. */
void sheet_sort_by_keys(struct sheet *sheet, bool again);

/* The place of a column among the keys: 1 the first looked at; 0: none. */
size_t sheet_key_place(const struct sheet *sheet, const char *name, bool *descending);

/* Tags the row under the cursor or takes its tag away; the tagged rows on view. */
void sheet_toggle_tag(struct sheet *sheet);
bool sheet_is_tagged(const struct sheet *sheet, size_t row);
size_t sheet_count_tagged(const struct sheet *sheet);

/* What a search found. */
struct sheet_found {
  bool found;
  size_t row, column; /* the cell: in the order shown, among the shown columns */
  size_t number;      /* its number among those found, from 1; 0: not known, the time was up */
  size_t count;       /* how many there are */
  bool complete;      /* false: the time was up, there may be more */
};

/* Looks for `needle` in the cells that are shown (letter case aside; missing values are no text), line by line: the
 * first at or behind the cursor's cell (step 0), behind it (1), before it (-1), going round.  Stops counting after
 * `patience` milliseconds (below 0: never), and altogether where the task is cancelled. */
struct sheet_found sheet_search(const struct sheet *sheet, const char *needle, int step, int patience, struct task *task);

/* The sheet as a search needs it, for another thread: its rows, columns and cursor; sheet_clear() it. */
void sheet_snapshot(const struct sheet *sheet, struct sheet *snapshot);

/* Whether a cell holds the needle. */
bool sheet_cell_matches(const struct column *column, size_t row, const char *needle);

#endif
