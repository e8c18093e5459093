/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of results as data: what JSON, TSV and CSV hold, and what tests compare.
 *
 * The id and the column names are those of the contract.  Values keep full precision; what is not reached, not estimable
 * or missing is not available.  A row is filled from left to right:
 *     table_add_text(table, "surgery=NR"); table_add_number(table, 19); … */
#ifndef KAPLAN_REPORT_TABLE_H
#define KAPLAN_REPORT_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum cell_kind { CELL_NA, CELL_NUMBER, CELL_TEXT, CELL_TRUTH };

struct cell {
  enum cell_kind kind;
  union {
    double number;
    char *text;
    bool truth;
  } as;
};

struct table {
  char *id;
  char **columns;
  size_t n_columns;
  struct cell *cells; /* row-major; a last row may be under way */
  size_t n_cells, capacity;
};

/* A table without rows; `columns` are the names separated by blanks: "group time n_risk".  The caller frees it, or gives
 * it to a report. */
struct table *table_new(const char *id, const char *columns);
void table_free(struct table *table);

/* Fill the next cell.  A number that is not finite, and a NULL text, are not available. */
void table_add_number(struct table *table, double value);
void table_add_text(struct table *table, const char *text);
void table_add_truth(struct table *table, bool value);
void table_add_missing(struct table *table);

/* Whole rows; a cell of one. */
size_t table_n_rows(const struct table *table);
const struct cell *table_cell(const struct table *table, size_t row, size_t column);

#endif
