/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How often values occur among the patients on view: counted at once where they are few, beside the keys where they are many. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ui/variables.h"

enum {
  ROWS_AT_ONCE = 1 << 13,   /* so many patients are counted while a frame is drawn */
  WORDS_A_CHECK = 1 << 10,  /* of the bitmap, between two looks at the task */
  BLOCK_ROWS = 4096         /* whole words */
};

void value_count_clear(struct value_count *count)
{
  column_release(count->column);
  row_set_release(count->rows);
  free(count->counts);
  *count = (struct value_count){.column = NULL};
}

static bool count_levels(const struct column *column, const struct bitmap *rows, size_t *counts, struct task *task)
{
  for (size_t word = 0; word * 64 < rows->n; word++) {
    if (word % WORDS_A_CHECK == 0 && task_is_cancelled(task))
      return false;
    for (uint64_t bits = rows->words[word]; bits; bits &= bits - 1)
      counts[column_code(column, word * 64 + (size_t)__builtin_ctzll(bits))]++;
  }
  return true;
}

/* The finite numbers of a set of rows, a block at a time. */
struct block {
  double all[BLOCK_ROWS], values[BLOCK_ROWS];
  size_t n; /* of values */
};

static void read_block(struct block *block, const struct column *column, const struct bitmap *rows, size_t first)
{
  const size_t end = first + BLOCK_ROWS < rows->n ? first + BLOCK_ROWS : rows->n;
  column_numbers(column, first, end - first, block->all);
  block->n = 0;
  for (size_t word = first / 64; word * 64 < end; word++)
    for (uint64_t bits = rows->words[word]; bits; bits &= bits - 1) {
      const double value = block->all[word * 64 + (size_t)__builtin_ctzll(bits) - first];
      block->values[block->n] = value;
      block->n += isfinite(value) != 0;
    }
}

static bool count_bins(const struct column *column, const struct bitmap *rows, size_t *bins, struct task *task)
{
  struct block *block = memory_new(1, sizeof *block);
  double low = INFINITY, high = -INFINITY;
  size_t first = 0;
  for (; first < rows->n && !task_is_cancelled(task); first += BLOCK_ROWS) {
    read_block(block, column, rows, first);
    for (size_t i = 0; i < block->n; i++) {
      low = block->values[i] < low ? block->values[i] : low;
      high = block->values[i] > high ? block->values[i] : high;
    }
  }
  for (first = 0; first < rows->n && !task_is_cancelled(task); first += BLOCK_ROWS) {
    read_block(block, column, rows, first);
    for (size_t i = 0; i < block->n; i++) {
      const size_t bin = (size_t)((high > low ? (block->values[i] - low) / (high - low) : 0) * HISTOGRAM_BINS);
      bins[bin < HISTOGRAM_BINS ? bin : HISTOGRAM_BINS - 1]++;
    }
  }
  free(block);
  return !task_is_cancelled(task);
}

void value_count_fill(struct value_count *count, const struct column *column, const struct row_set *rows, struct task *task)
{
  struct value_count counted = {.column = column_retain(column), .rows = row_set_retain(rows)};
  bool is_done;
  if (column->kind == COLUMN_FACTOR) {
    counted.counts = memory_new(column->n_levels + 1, sizeof *counted.counts);
    is_done = count_levels(column, &rows->rows, counted.counts, task);
  } else {
    is_done = count_bins(column, &rows->rows, counted.bins, task);
  }
  value_count_clear(is_done ? count : &counted);
  if (is_done)
    *count = counted;
}

/* ---- what is drawn ---- */

void variables_begin_frame(struct variables *variables)
{
  for (size_t i = 0; i < variables->n_caches; i++)
    variables->caches[i].is_drawn = false;
}

static const struct value_count *counted(struct variables *variables, size_t column)
{
  struct variable_cache *cache = &variables->caches[column];
  const struct state *state = variables->state;
  cache->is_drawn = true;
  if (cache->count.column && cache->count.rows == state->on_view)
    return &cache->count;
  if (state->cohort->n_rows <= ROWS_AT_ONCE)
    value_count_fill(&cache->count, state->cohort->columns[column], state->on_view, NULL);
  else
    cache->is_wanted = true;
  return cache->count.column ? &cache->count : NULL;
}

const size_t *variables_counts(struct variables *variables, size_t column)
{
  const struct value_count *count = counted(variables, column);
  return count ? count->counts : NULL;
}

const size_t *variables_histogram(struct variables *variables, size_t column)
{
  const struct value_count *count = counted(variables, column);
  return count ? count->bins : NULL;
}

/* ---- beside the keys ---- */

static bool is_of_kind(const struct variables *variables, size_t i, bool numbers)
{
  return variables->caches[i].is_wanted && (variables->state->cohort->columns[i]->kind != COLUMN_FACTOR) == numbers;
}

struct wanted_counts *variables_ask(struct variables *variables, bool numbers)
{
  size_t n = 0;
  bool is_new = false;
  for (size_t i = 0; i < variables->n_caches; i++)
    if (is_of_kind(variables, i, numbers)) {
      is_new |= !variables->caches[i].is_asked;
      n++;
    }
  if (!is_new || variables->state->cohort->n_rows <= ROWS_AT_ONCE)
    return NULL;
  struct wanted_counts *wanted = memory_new(1, sizeof *wanted);
  wanted->numbers = numbers;
  wanted->rows = row_set_retain(variables->state->on_view);
  wanted->counts = memory_new(n, sizeof *wanted->counts);
  wanted->columns = memory_new(n, sizeof *wanted->columns);
  for (size_t i = 0; i < variables->n_caches; i++)
    if (is_of_kind(variables, i, numbers)) {
      variables->caches[i].is_asked = true;
      wanted->columns[wanted->n++] = column_retain(variables->state->cohort->columns[i]);
    }
  return wanted;
}

void wanted_counts_do(struct wanted_counts *wanted, struct task *task)
{
  for (size_t i = 0; i < wanted->n && !task_is_cancelled(task); i++)
    value_count_fill(&wanted->counts[i], wanted->columns[i], wanted->rows, task);
}

void variables_take(struct variables *variables, struct wanted_counts *wanted)
{
  size_t next = 0;
  for (size_t k = 0; k < wanted->n && variables->state && variables->state->on_view == wanted->rows; k++) {
    size_t i = next;
    while (i < variables->n_caches && variables->state->cohort->columns[i] != wanted->columns[k])
      i++;
    if (i == variables->n_caches)
      continue; /* it was made anew or is gone: those behind it are still looked for from where it was */
    next = i + 1;
    if (!wanted->counts[k].column)
      continue;
    struct variable_cache *cache = &variables->caches[i];
    value_count_clear(&cache->count);
    cache->count = wanted->counts[k];
    wanted->counts[k] = (struct value_count){.column = NULL};
    cache->is_wanted = cache->is_asked = false;
  }
}

void wanted_counts_free(struct wanted_counts *wanted)
{
  for (size_t i = 0; i < wanted->n; i++) {
    value_count_clear(&wanted->counts[i]);
    column_release(wanted->columns[i]);
  }
  row_set_release(wanted->rows);
  free(wanted->counts);
  free(wanted->columns);
  free(wanted);
}
