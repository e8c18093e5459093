/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting the sheet by its columns. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/sort_rows.h"
#include "ui/sheet.h"

enum { MANY_ROWS = 1 << 15 }; /* more take longer than a key may */

void sheet_sort_by_keys(struct sheet *sheet, bool again)
{
  sheet->is_unsorted = sheet->n_keys && sheet->defers && sheet->n_rows > MANY_ROWS;
  if (sheet->is_unsorted)
    return;
  for (size_t i = again || !sheet->n_keys ? 0 : sheet->n_keys - 1; i < sheet->n_keys; i++)
    sort_rows(sheet_key_column(sheet, sheet->keys[i].name), sheet->keys[i].descending, sheet->rows, sheet->n_rows);
}

bool sheet_order_begin(struct sheet *sheet, struct sheet_order *order)
{
  if (!sheet->is_unsorted)
    return false;
  sheet->is_unsorted = false;
  *order = (struct sheet_order){.order = sheet->order, .on_view = row_set_retain(sheet->state->on_view), .n_keys = sheet->n_keys};
  for (size_t i = 0; i < sheet->n_keys; i++) {
    order->columns[i] = column_retain(sheet_key_column(sheet, sheet->keys[i].name));
    order->descending[i] = sheet->keys[i].descending;
  }
  return true;
}

void sheet_order_do(struct sheet_order *order, struct task *task)
{
  uint32_t *rows = sheet_rows_of(order->on_view);
  for (size_t i = 0; i < order->n_keys && !task_is_cancelled(task); i++)
    sort_rows(order->columns[i], order->descending[i], rows, order->on_view->count);
  if (task_is_cancelled(task))
    free(rows);
  else
    order->rows = rows;
}

bool sheet_order_take(struct sheet *sheet, struct sheet_order *order)
{
  if (!order->rows || sheet->order != order->order)
    return false;
  free(sheet->rows);
  sheet->rows = order->rows;
  order->rows = NULL;
  sheet->order++;
  return true;
}

void sheet_order_clear(struct sheet_order *order)
{
  row_set_release(order->on_view);
  for (size_t i = 0; i < order->n_keys; i++)
    column_release(order->columns[i]);
  free(order->rows);
}

size_t sheet_key_place(const struct sheet *sheet, const char *name, bool *descending)
{
  for (size_t i = 0; i < sheet->n_keys; i++) {
    if (strcmp(sheet->keys[i].name, name) != 0)
      continue;
    *descending = sheet->keys[i].descending;
    return sheet->n_keys - i;
  }
  return 0;
}

static void remove_key(struct sheet *sheet, size_t i)
{
  free(sheet->keys[i].name);
  memmove(sheet->keys + i, sheet->keys + i + 1, (--sheet->n_keys - i) * sizeof *sheet->keys);
}

/* The order of the file. */
static void unsort(struct sheet *sheet)
{
  while (sheet->n_keys)
    remove_key(sheet, sheet->n_keys - 1);
  sheet_list_rows(sheet);
}

bool sheet_sort(struct sheet *sheet, bool descending)
{
  const struct sheet_column *at = sheet_at_column(sheet);
  bool was;
  if (!at)
    return false;
  const size_t place = sheet_key_place(sheet, at->column->name, &was);
  if (place == 1 && was == descending) {
    unsort(sheet);
    return false;
  }
  if (place)
    remove_key(sheet, sheet->n_keys - place);
  if (sheet->n_keys == SHEET_MOST_KEYS)
    remove_key(sheet, 0);
  sheet->keys[sheet->n_keys++] = (struct sheet_key){memory_copy_string(at->column->name), descending};
  sheet->order++;
  sheet_sort_by_keys(sheet, false);
  return true;
}
