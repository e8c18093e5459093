/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table as a person reads it: finished texts such as `0.29 (0.09–0.95)` in aligned columns.
 *
 * Made beside the data tables, from the same results, and drawn by text, Markdown, LaTeX and the screen.  Texts are UTF-8
 * and may hold data; renderers make them safe. */
#ifndef KAPLAN_REPORT_PRINTED_H
#define KAPLAN_REPORT_PRINTED_H

#include <stdbool.h>
#include <stddef.h>

enum alignment { ALIGN_LEFT, ALIGN_RIGHT };

enum printed_row_kind {
  PRINTED_ROW,
  PRINTED_HEADING, /* a row that stands over those that follow: a variable's name over its levels */
  PRINTED_RULE     /* a line across */
};

/* What a cell's text was made of, so that it can be printed in another style. */
struct printed_value {
  enum printed_value_kind { PRINTED_TEXT, PRINTED_P, PRINTED_INTERVAL, PRINTED_LIMITS } kind;
  double estimate, low, high; /* of a p-value: estimate alone; PRINTED_LIMITS: none, the text holds them */
  int decimals;
  bool is_ratio;
};

struct printed_row {
  enum printed_row_kind kind;
  char **cells;                 /* n_columns texts; NULL = empty */
  struct printed_value *values; /* n_columns; NULL: texts alone */
};

struct printed_column {
  char *title;
  enum alignment alignment;
};

struct printed_table {
  char *title; /* or NULL */
  struct printed_column *columns;
  size_t n_columns, columns_capacity;
  struct printed_row *rows;
  size_t n_rows, rows_capacity;
  char **notes; /* lines beneath: "95 % limits: log", "ties: Efron" */
  size_t n_notes, notes_capacity;
  bool italic_p; /* where the format can: the letter of p-values is slanted */
  bool may_stack; /* where there is no room, names may be broken behind underscores, and limits stand under their number */
};

/* An empty table; title may be NULL.  The caller frees it, or gives it to a report. */
struct printed_table *printed_table_new(const char *title);
void printed_table_free(struct printed_table *table);

/* Adds a column; all of them before the first row. */
void printed_table_add_column(struct printed_table *table, const char *title, enum alignment alignment);

/* Begins a row; its cells start empty and are set by column. */
void printed_table_begin_row(struct printed_table *table, enum printed_row_kind kind);
void printed_table_set(struct printed_table *table, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The same for a p-value; an estimate with its limits ("NE" where it is not available); a ratio with its limits, with three
 * places where two would lose it. */
void printed_table_set_p(struct printed_table *table, size_t column, double p);
void printed_table_set_interval(struct printed_table *table, size_t column, double estimate, double low, double high,
                                int decimals);
void printed_table_set_ratio(struct printed_table *table, size_t column, double ratio, double low, double high);
int printed_ratio_decimals(double ratio);

/* A finished text that holds limits in the plain form: the median "32 (24.54–NR)". */
void printed_table_set_limits(struct printed_table *table, size_t column, const char *text);

/* Adds a line beneath. */
void printed_table_note(struct printed_table *table, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Texts of numbers as journals print them, appended to a `struct text`. */
struct text;

/* 0.29 (0.09–0.95); "–" alone where the estimate is not available; a limit that is infinite or unknown is "NE". */
void printed_append_interval(struct text *text, double estimate, double low, double high, int decimals, bool ascii);

/* A time with up to `decimals` places, trailing zeros dropped; "NR" (not reached) where it is not available. */
void printed_append_time(struct text *text, double time, int decimals);

/* p as in number_append_p(), after "p = " or "p " so that it reads "p = 0.045" or "p < 0.001". */
void printed_append_p_sentence(struct text *text, double p);

/* The mark of the i-th footnote, a superscript letter: a, b, c …  Borrowed. */
const char *printed_mark(size_t i);

#endif
