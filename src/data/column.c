/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Life cycle, labels and cells of a column; column_factor.c makes factors and their levels. */
#include "data/column.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "data/column_internal.h"
#include "data/date.h"
#include "data/number_pack.h"

struct column *column_allocate(const char *name, enum column_kind kind, struct column_values *values)
{
  struct column *column = memory_new(1, sizeof *column);
  atomic_init(&column->references, 1);
  column->kind = kind;
  column->name = memory_copy_string(name);
  column->values = values;
  return column;
}

struct column_values *column_values_allocate(size_t n_rows, unsigned char width)
{
  struct column_values *values = memory_new(1, sizeof *values);
  atomic_init(&values->references, 1);
  values->n_rows = n_rows;
  values->width = width;
  values->divisor = 1;
  return values;
}

static struct column_values *values_retain(struct column_values *values)
{
  atomic_fetch_add_explicit(&values->references, 1, memory_order_relaxed);
  return values;
}

static void values_release(struct column_values *values)
{
  if (atomic_fetch_sub_explicit(&values->references, 1, memory_order_acq_rel) > 1)
    return;
  free(values->as.items);
  free(values);
}

struct column *column_new_numbers(const char *name, enum column_kind kind, double *numbers, size_t n)
{
  assert(kind != COLUMN_FACTOR);
  struct column_values *values = column_values_allocate(n, sizeof *numbers);
  values->as.numbers = numbers;
  return column_allocate(name, kind, values);
}

struct column *column_new_packed(const char *name, enum column_kind kind, struct number_pack *pack)
{
  assert(kind != COLUMN_FACTOR);
  struct column_values *values = column_values_allocate(pack->n, pack->width);
  values->as.items = memory_resize(pack->items, pack->n, pack->width);
  values->divisor = number_pack_divisor(pack);
  *pack = (struct number_pack)NUMBER_PACK_INIT;
  return column_allocate(name, kind, values);
}

struct column *column_retain(const struct column *column)
{
  struct column *held = (struct column *)column; /* the count alone changes */
  atomic_fetch_add_explicit(&held->references, 1, memory_order_relaxed);
  return held;
}

void column_release(const struct column *column)
{
  struct column *held = (struct column *)column;
  if (!held || atomic_fetch_sub_explicit(&held->references, 1, memory_order_acq_rel) > 1)
    return;
  for (size_t i = 0; i < held->n_levels; i++) {
    free(held->levels[i].name);
    free(held->levels[i].label);
  }
  free(held->levels);
  free(held->name);
  free(held->label);
  values_release(held->values);
  free(held);
}

static char *copy_label(const char *label)
{
  return label ? memory_copy_string(label) : NULL;
}

struct level column_copy_level(const struct level *level)
{
  return (struct level){.name = memory_copy_string(level->name), .label = copy_label(level->label)};
}

/* A column of its own with everything of `column`, the values shared. */
static struct column *column_copy(const struct column *column)
{
  struct column *copy = column_allocate(column->name, column->kind, values_retain(column->values));
  copy->label = copy_label(column->label);
  copy->n_levels = column->n_levels;
  if (column->n_levels)
    copy->levels = memory_new(column->n_levels, sizeof *copy->levels);
  for (size_t i = 0; i < column->n_levels; i++)
    copy->levels[i] = column_copy_level(&column->levels[i]);
  return copy;
}

struct column *column_renamed(const struct column *column, const char *name)
{
  struct column *copy = column_copy(column);
  free(copy->name);
  copy->name = memory_copy_string(name);
  return copy;
}

struct column *column_with_label(const struct column *column, const char *label)
{
  struct column *copy = column_copy(column);
  free(copy->label);
  copy->label = copy_label(label);
  return copy;
}

struct column *column_with_level_label(const struct column *column, uint32_t code, const char *label)
{
  assert(code >= 1 && code <= column->n_levels);
  struct column *copy = column_copy(column);
  struct level *level = &copy->levels[code - 1];
  free(level->label);
  level->label = copy_label(label);
  return copy;
}

uint32_t column_find_level(const struct column *column, const char *name)
{
  for (size_t i = 0; i < column->n_levels; i++)
    if (strcmp(column->levels[i].name, name) == 0)
      return (uint32_t)(i + 1);
  return 0;
}

const char *column_display_name(const struct column *column)
{
  return column->label ? column->label : column->name;
}

const char *column_level_display_name(const struct column *column, uint32_t code)
{
  assert(code >= 1 && code <= column->n_levels);
  const struct level *level = &column->levels[code - 1];
  return level->label ? level->label : level->name;
}

void column_append_cell(const struct column *column, size_t row, struct text *text)
{
  if (column_is_missing(column, row))
    return;
  if (column->kind == COLUMN_FACTOR)
    text_append(text, column->levels[column_code(column, row) - 1].name);
  else if (column->kind == COLUMN_DATE)
    date_append(text, column_number(column, row));
  else
    number_append_short(text, column_number(column, row));
}
