/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/frequency.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/sort.h"

struct frequency *frequency_retain(struct frequency *frequency)
{
  atomic_fetch_add(&frequency->references, 1);
  return frequency;
}

void frequency_release(struct frequency *frequency)
{
  if (!frequency || atomic_fetch_sub(&frequency->references, 1) != 1)
    return;
  column_release(frequency->column);
  row_set_release(frequency->rows);
  free(frequency->lines);
  free(frequency->by_count);
  free(frequency);
}

void frequency_view_clear(struct frequency_view *view)
{
  column_release(view->column);
  row_set_release(view->rows);
  frequency_release(view->counted);
  *view = (struct frequency_view){.column = NULL};
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

/* Merges the halves of `order`, each with its most frequent line first; equal counts keep their order. */
static void merge(const struct frequency_line *lines, size_t *order, size_t *spare, size_t half, size_t n)
{
  size_t a = 0, b = half;
  memcpy(spare, order, n * sizeof *order);
  for (size_t i = 0; i < n; i++)
    order[i] = b >= n || (a < half && lines[spare[a]].count >= lines[spare[b]].count) ? spare[a++] : spare[b++];
}

static void sort_by_count(const struct frequency_line *lines, size_t *order, size_t *spare, size_t n)
{
  if (n < 2)
    return;
  sort_by_count(lines, order, spare, n / 2);
  sort_by_count(lines, order + n / 2, spare, n - n / 2);
  merge(lines, order, spare, n / 2, n);
}

static void order_by_count(struct frequency *frequency)
{
  const size_t n = frequency->n_lines;
  size_t *spare = memory_new(n, sizeof *spare);
  frequency->by_count = memory_new(n, sizeof *frequency->by_count);
  for (size_t i = 0; i < n; i++)
    frequency->by_count[i] = i;
  sort_by_count(frequency->lines, frequency->by_count, spare, n);
  free(spare);
  frequency->most = frequency->n_missing;
  if (n && frequency->lines[frequency->by_count[0]].count > frequency->most)
    frequency->most = frequency->lines[frequency->by_count[0]].count;
}

struct frequency *frequency_count(const struct column *column, const struct row_set *rows, struct task *task)
{
  struct frequency *frequency = memory_new(1, sizeof *frequency);
  atomic_init(&frequency->references, 1);
  frequency->column = column_retain(column);
  frequency->rows = row_set_retain(rows);
  if (column->kind == COLUMN_FACTOR)
    count_levels(frequency);
  else
    count_numbers(frequency);
  if (!task_is_cancelled(task))
    order_by_count(frequency);
  if (!task_is_cancelled(task))
    return frequency;
  frequency_release(frequency);
  return NULL;
}

size_t frequency_rows(const struct frequency *frequency)
{
  return frequency->n_lines + (frequency->n_missing > 0);
}

const struct frequency_line *frequency_line_at(const struct frequency *frequency, size_t i, bool by_level)
{
  if (i >= frequency->n_lines)
    return NULL;
  return &frequency->lines[by_level ? i : frequency->by_count[i]];
}
