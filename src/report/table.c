/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/table.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

struct table *table_new(const char *id, const char *columns)
{
  struct table *table = memory_new(1, sizeof *table);
  size_t capacity = 0;
  table->id = memory_copy_string(id);
  for (const char *at = columns + strspn(columns, " "); *at;) {
    size_t length = strcspn(at, " ");
    MEMORY_APPEND(table->columns, table->n_columns, capacity, memory_copy_bytes(at, length));
    at += length;
    at += strspn(at, " ");
  }
  return table;
}

void table_free(struct table *table)
{
  if (!table)
    return;
  for (size_t i = 0; i < table->n_cells; i++)
    if (table->cells[i].kind == CELL_TEXT)
      free(table->cells[i].as.text);
  for (size_t i = 0; i < table->n_columns; i++)
    free(table->columns[i]);
  free(table->columns);
  free(table->cells);
  free(table->id);
  free(table);
}

static void add(struct table *table, struct cell cell)
{
  MEMORY_APPEND(table->cells, table->n_cells, table->capacity, cell);
}

void table_add_number(struct table *table, double value)
{
  add(table, isfinite(value) ? (struct cell){.kind = CELL_NUMBER, .as.number = value} : (struct cell){.kind = CELL_NA});
}

void table_add_text(struct table *table, const char *text)
{
  add(table, text ? (struct cell){.kind = CELL_TEXT, .as.text = memory_copy_string(text)} : (struct cell){.kind = CELL_NA});
}

void table_add_truth(struct table *table, bool value)
{
  add(table, (struct cell){.kind = CELL_TRUTH, .as.truth = value});
}

void table_add_missing(struct table *table)
{
  add(table, (struct cell){.kind = CELL_NA});
}

size_t table_n_rows(const struct table *table)
{
  return table->n_columns ? table->n_cells / table->n_columns : 0;
}

const struct cell *table_cell(const struct table *table, size_t row, size_t column)
{
  assert(row < table_n_rows(table) && column < table->n_columns);
  return &table->cells[row * table->n_columns + column];
}
