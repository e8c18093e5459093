/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/frequency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"

void frequency_clear(struct frequency *frequency)
{
  column_release(frequency->column);
  row_set_release(frequency->rows);
  free(frequency->lines);
  *frequency = (struct frequency){.column = NULL};
}

static void count_levels(struct frequency *frequency)
{
  const struct column *column = frequency->column;
  const struct bitmap *rows = &frequency->rows->rows;
  size_t *counts = memory_new(column->n_levels + 1, sizeof *counts), capacity = 0;
  for (size_t row = 0; row < rows->n; row++)
    if (bitmap_has(rows, row))
      counts[column_code(column, row)]++;
  for (uint32_t code = 1; code <= column->n_levels; code++) {
    const struct frequency_line line = {.code = code, .count = counts[code]};
    if (line.count)
      MEMORY_APPEND(frequency->lines, frequency->n_lines, capacity, line);
    frequency->n_present += counts[code];
  }
  frequency->n_missing = counts[0];
  free(counts);
}

static void count_numbers(struct frequency *frequency)
{
  const struct column *column = frequency->column;
  const struct bitmap *rows = &frequency->rows->rows;
  double *values = memory_new(frequency->rows->count, sizeof *values);
  size_t n = 0, capacity = 0;
  for (size_t row = 0; row < rows->n; row++)
    if (bitmap_has(rows, row) && !isnan(column_number(column, row)))
      values[n++] = column_number(column, row);
  sort_numbers(values, n);
  for (size_t i = 0; i < n; i++) {
    const struct frequency_line line = {.value = values[i], .count = 1};
    if (i && values[i] == values[i - 1])
      frequency->lines[frequency->n_lines - 1].count++;
    else
      MEMORY_APPEND(frequency->lines, frequency->n_lines, capacity, line);
  }
  frequency->n_present = n;
  frequency->n_missing = frequency->rows->count - n;
  free(values);
}

static int by_level(const void *a, const void *b)
{
  const struct frequency_line *x = a, *y = b;
  if (x->code != y->code)
    return x->code < y->code ? -1 : 1;
  return (x->value > y->value) - (x->value < y->value);
}

static int by_count(const void *a, const void *b)
{
  const struct frequency_line *x = a, *y = b;
  if (x->count != y->count)
    return x->count > y->count ? -1 : 1;
  return by_level(a, b);
}

void frequency_order(struct frequency *frequency, bool levels)
{
  frequency->by_level = levels;
  if (frequency->n_lines)
    qsort(frequency->lines, frequency->n_lines, sizeof *frequency->lines, levels ? by_level : by_count);
  frequency->list = (struct list){.cursor = 0};
}

void frequency_count(struct frequency *frequency, const struct column *column, const struct row_set *rows)
{
  if (frequency->column == column && frequency->rows == rows)
    return;
  const bool same = frequency->column && strcmp(frequency->column->name, column->name) == 0;
  const struct list list = frequency->list;
  const bool levels = frequency->by_level && same;
  const struct column *kept = column_retain(column);
  const struct row_set *kept_rows = row_set_retain(rows);
  frequency_clear(frequency);
  frequency->column = kept;
  frequency->rows = kept_rows;
  if (column->kind == COLUMN_FACTOR)
    count_levels(frequency);
  else
    count_numbers(frequency);
  for (size_t i = 0; i < frequency->n_lines; i++)
    frequency->most = frequency->lines[i].count > frequency->most ? frequency->lines[i].count : frequency->most;
  frequency->most = frequency->n_missing > frequency->most ? frequency->n_missing : frequency->most;
  frequency_order(frequency, levels);
  if (same)
    frequency->list = list;
}

size_t frequency_rows(const struct frequency *frequency)
{
  return frequency->n_lines + (frequency->n_missing > 0);
}
