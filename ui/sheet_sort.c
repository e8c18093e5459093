/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sorting the sheet by its columns. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "data/sort_rows.h"
#include "ui/sheet.h"

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
  sort_rows(at->column, descending, sheet->rows, sheet->n_rows);
  return true;
}
