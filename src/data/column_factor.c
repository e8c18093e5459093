/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Factors: codes in the narrowest width that holds them, and levels in order.  Sizes to expect: a handful of levels
 * over a million rows, or (patient identifiers) as many levels as rows. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/parallel.h"
#include "base/task.h"
#include "base/text.h"
#include "data/code_pack.h"
#include "data/column_internal.h"
#include "data/date.h"

/* Takes over the pack's codes. */
static struct column_values *values_of(struct code_pack *pack)
{
  struct column_values *values = column_values_allocate(pack->n, pack->width);
  values->as.items = memory_resize(pack->codes, pack->n, pack->width);
  *pack = (struct code_pack)CODE_PACK_INIT;
  return values;
}

/* The codes in the narrowest width; where `map` is there, the code c is stored as map[c]. */
static struct column_values *pack_codes(const uint32_t *codes, size_t n, size_t n_levels, const uint32_t *map)
{
  struct code_pack pack = code_pack_of(codes, n, n_levels, map);
  return values_of(&pack);
}

/* Builds the factor; takes over the names and frees their array. */
static struct column *assemble_factor(const char *name, struct column_values *values, char **level_names,
                                      size_t n_levels)
{
  struct column *column = column_allocate(name, COLUMN_FACTOR, values);
  column->n_levels = n_levels;
  if (n_levels)
    column->levels = memory_new(n_levels, sizeof *column->levels);
  for (size_t i = 0; i < n_levels; i++)
    column->levels[i].name = level_names[i];
  free(level_names);
  return column;
}

struct column *column_new_factor(const char *name, const uint32_t *codes, size_t n, char **level_names, size_t n_levels)
{
  return assemble_factor(name, pack_codes(codes, n, n_levels, NULL), level_names, n_levels);
}

/* A level on its way into order: its first bytes behind what all levels share decide most comparisons without a look
 * at the names, which lie all over memory. */
struct sort_entry {
  uint64_t key; /* eight bytes, the first the most significant; a name's end counts as 0 */
  const char *name;
  uint32_t code;
};

static int compare_entries(const void *a, const void *b)
{
  const struct sort_entry *x = a, *y = b;
  if (x->key != y->key)
    return x->key < y->key ? -1 : 1;
  return strcmp(x->name, y->name);
}

static bool names_are_sorted(char *const *names, size_t n)
{
  for (size_t i = 1; i < n; i++)
    if (strcmp(names[i - 1], names[i]) > 0)
      return false;
  return true;
}

/* How many bytes all names begin with. */
static size_t common_prefix_length(char *const *names, size_t n)
{
  size_t shared = strlen(names[0]);
  for (size_t i = 1; i < n && shared; i++) {
    size_t k = 0;
    while (k < shared && names[i][k] == names[0][k])
      k++;
    shared = k;
  }
  return shared;
}

static uint64_t sort_key(const char *bytes)
{
  uint64_t key = 0;
  int used = 0;
  for (; used < 8 && bytes[used]; used++)
    key = key << 8 | (unsigned char)bytes[used];
  return used ? key << (8 * (8 - used)) : 0;
}

/* Entries on their way into order: parts sorted by all cores, then merged two by two, a step after the other. */
struct sorting {
  struct sort_entry *entries, *merged;
  size_t n, run; /* sorted runs of so many entries are there */
  struct task *task;
};

enum { SORTED_PART = 1 << 14 };

static void sort_part(void *context, size_t part)
{
  const struct sorting *sorting = context;
  const size_t first = part * SORTED_PART, rest = sorting->n - first;
  if (!task_is_cancelled(sorting->task))
    qsort(sorting->entries + first, rest < SORTED_PART ? rest : SORTED_PART, sizeof *sorting->entries, compare_entries);
}

static void merge_pair(void *context, size_t pair)
{
  const struct sorting *sorting = context;
  const size_t first = 2 * pair * sorting->run, rest = sorting->n - first;
  const size_t middle = first + (rest < sorting->run ? rest : sorting->run);
  const size_t end = first + (rest < 2 * sorting->run ? rest : 2 * sorting->run);
  const struct sort_entry *left = sorting->entries + first, *const left_end = sorting->entries + middle;
  const struct sort_entry *right = left_end, *const right_end = sorting->entries + end;
  struct sort_entry *out = sorting->merged + first;
  while (left < left_end && right < right_end)
    *out++ = compare_entries(left, right) <= 0 ? *left++ : *right++;
  memcpy(out, left, (size_t)(left_end - left) * sizeof *out);
  memcpy(out + (left_end - left), right, (size_t)(right_end - right) * sizeof *out);
}

/* Sorts the entries, which it takes over, and returns them.  Once the task is cancelled they are in no order. */
static struct sort_entry *sort_entries(struct sort_entry *entries, size_t n, struct task *task)
{
  struct sorting sorting = {.entries = entries, .n = n, .run = SORTED_PART, .task = task};
  parallel_run((n + SORTED_PART - 1) / SORTED_PART, sort_part, &sorting);
  if (n > SORTED_PART)
    sorting.merged = memory_resize(NULL, n, sizeof *entries);
  for (; sorting.run < n && !task_is_cancelled(task); sorting.run *= 2) {
    parallel_run((n + 2 * sorting.run - 1) / (2 * sorting.run), merge_pair, &sorting);
    struct sort_entry *swapped = sorting.entries;
    sorting.entries = sorting.merged;
    sorting.merged = swapped;
  }
  free(sorting.merged);
  return sorting.entries;
}

/* Puts the names into code-point order and returns the map from an old code to the new one (0 to 0). */
static uint32_t *sort_names(char **names, size_t n, struct task *task)
{
  struct sort_entry *entries = memory_resize(NULL, n, sizeof *entries);
  const size_t shared = common_prefix_length(names, n);
  for (size_t i = 0; i < n; i++)
    entries[i] = (struct sort_entry){sort_key(names[i] + shared), names[i], (uint32_t)(i + 1)};
  entries = sort_entries(entries, n, task);
  uint32_t *map = memory_new(n + 1, sizeof *map);
  for (size_t i = 0; i < n; i++) {
    names[i] = (char *)entries[i].name;
    map[entries[i].code] = (uint32_t)(i + 1);
  }
  free(entries);
  return map;
}

struct column *column_new_sorted_factor(const char *name, const uint32_t *codes, size_t n, char **level_names,
                                        size_t n_levels)
{
  if (names_are_sorted(level_names, n_levels))
    return column_new_factor(name, codes, n, level_names, n_levels);
  uint32_t *map = sort_names(level_names, n_levels, NULL);
  struct column_values *values = pack_codes(codes, n, n_levels, map);
  free(map);
  return assemble_factor(name, values, level_names, n_levels);
}

struct column *column_new_packed_factor(const char *name, struct code_pack *pack, char **level_names, size_t n_levels,
                                        struct task *task)
{
  if (!names_are_sorted(level_names, n_levels)) {
    uint32_t *map = sort_names(level_names, n_levels, task);
    code_pack_map(pack, map);
    free(map);
  }
  return assemble_factor(name, values_of(pack), level_names, n_levels);
}

struct column *column_with_level_order(const struct column *column, const uint32_t *order)
{
  const size_t n_levels = column->n_levels, n = column_n_rows(column);
  uint32_t *map = memory_new(n_levels + 1, sizeof *map);
  struct level *levels = memory_new(n_levels, sizeof *levels);
  for (size_t i = 0; i < n_levels; i++) {
    assert(order[i] >= 1 && order[i] <= n_levels && map[order[i]] == 0);
    map[order[i]] = (uint32_t)(i + 1);
    levels[i] = column_copy_level(&column->levels[order[i] - 1]);
  }
  uint32_t *codes = memory_resize(NULL, n, sizeof *codes);
  for (size_t i = 0; i < n; i++)
    codes[i] = map[column_code(column, i)];
  struct column *ordered = column_allocate(column->name, COLUMN_FACTOR, pack_codes(codes, n, n_levels, NULL));
  ordered->label = column->label ? memory_copy_string(column->label) : NULL;
  ordered->levels = levels;
  ordered->n_levels = n_levels;
  free(codes);
  free(map);
  return ordered;
}

static int compare_numbers(const void *a, const void *b)
{
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* A level is a whole day, although a derived date may carry a fraction. */
static double level_value(const struct column *column, size_t row)
{
  double number = column_number(column, row);
  return column->kind == COLUMN_DATE ? floor(number) : number;
}

/* The distinct values, ascending, missing left out; *n_distinct says how many.  The caller's to free. */
static double *distinct_values(const struct column *column, size_t *n_distinct)
{
  const size_t n = column_n_rows(column);
  double *values = memory_resize(NULL, n, sizeof *values);
  size_t known = 0, distinct = 0;
  for (size_t i = 0; i < n; i++)
    if (!column_is_missing(column, i))
      values[known++] = level_value(column, i);
  qsort(values, known, sizeof *values, compare_numbers);
  for (size_t i = 0; i < known; i++)
    if (i == 0 || values[i] != values[i - 1])
      values[distinct++] = values[i];
  *n_distinct = distinct;
  return values;
}

static char *name_value(enum column_kind kind, double value)
{
  struct text text = TEXT_INIT;
  if (kind == COLUMN_DATE)
    date_append(&text, value);
  else
    number_append_short(&text, value == 0 ? 0.0 : value);
  return text_take(&text);
}

struct column *column_as_factor(const struct column *column)
{
  if (column->kind == COLUMN_FACTOR)
    return column_retain(column);
  const size_t n = column_n_rows(column);
  size_t n_levels;
  double *values = distinct_values(column, &n_levels);
  char **names = memory_resize(NULL, n_levels, sizeof *names);
  for (size_t i = 0; i < n_levels; i++)
    names[i] = name_value(column->kind, values[i]);
  uint32_t *codes = memory_new(n, sizeof *codes);
  for (size_t i = 0; i < n; i++) {
    if (column_is_missing(column, i))
      continue;
    double value = level_value(column, i);
    const double *found = bsearch(&value, values, n_levels, sizeof *values, compare_numbers);
    codes[i] = (uint32_t)(found - values + 1);
  }
  struct column *factor = column_new_factor(column->name, codes, n, names, n_levels);
  factor->label = column->label ? memory_copy_string(column->label) : NULL;
  free(codes);
  free(values);
  return factor;
}
