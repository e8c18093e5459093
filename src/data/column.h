/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One column of a cohort.
 *
 * A column is a name, a kind and its values: numbers and dates are doubles to those who read them (missing = NaN; a date
 * counts days from 1970-01-01), a factor is a code a row into a table of levels (missing = 0, the first level has code 1 and
 * is the reference).  Columns never change and are counted: what looks like a change (another label, another order of levels)
 * makes a new column that shares the values where it can.  So states, undo and worker threads share them freely;
 * the count is atomic.
 *
 * Values are reached through column_number(), column_code() and the functions for many rows only: numbers that are whole or
 * have few decimals are stored as integers of one to four bytes (number_pack.h), codes in as few bytes as their number needs. */
#ifndef KAPLAN_DATA_COLUMN_H
#define KAPLAN_DATA_COLUMN_H

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum column_kind { COLUMN_NUMBER, COLUMN_DATE, COLUMN_FACTOR };

struct level {
  char *name;
  char *label; /* how it is displayed, or NULL: as its name */
};

/* The values, shared between columns that differ in names and labels alone. */
struct column_values {
  atomic_uint references;
  size_t n_rows;
  unsigned char width; /* bytes of an item: 1, 2 or 4; 8: doubles */
  double divisor;      /* of numbers as integers: number = integer / divisor; the smallest integer is missing */
  union {
    void *items;
    double *numbers;
    int8_t *numbers8;
    int16_t *numbers16;
    int32_t *numbers32;
    uint8_t *codes8;
    uint16_t *codes16;
    uint32_t *codes32;
  } as;
};

struct column {
  atomic_uint references;
  enum column_kind kind;
  char *name;
  char *label;          /* how it is displayed, or NULL: as its name */
  struct level *levels; /* of a factor: level with code c is levels[c - 1] */
  size_t n_levels;
  struct column_values *values;
};

/* A new column of n numbers or dates, which it takes over (a block from memory.h) and keeps as doubles. */
struct column *column_new_numbers(const char *name, enum column_kind kind, double *numbers, size_t n);

/* A new column of the pack's numbers or dates; takes over what the pack holds and leaves it empty. */
struct number_pack;
struct column *column_new_packed(const char *name, enum column_kind kind, struct number_pack *pack);

/* A new factor.  Copies the n codes (0 to n_levels) in the narrowest width; takes over the level names and the array
 * that holds them, in the order given. */
struct column *column_new_factor(const char *name, const uint32_t *codes, size_t n, char **level_names, size_t n_levels);

/* As column_new_factor(), with the levels put into code-point order (byte order of UTF-8), as R's C locale would. */
struct column *column_new_sorted_factor(const char *name, const uint32_t *codes, size_t n, char **level_names,
                                        size_t n_levels);

/* As column_new_sorted_factor(), of the pack's codes, which it takes over, leaving the pack empty.  No code may be above
 * n_levels.  Once the task (NULL allowed) is cancelled, the levels may be in another order: the column is to be released. */
struct code_pack;
struct task;
struct column *column_new_packed_factor(const char *name, struct code_pack *pack, char **level_names, size_t n_levels,
                                        struct task *task);

/* One more, one fewer holder; the last release frees.  NULL is let through by release. */
struct column *column_retain(const struct column *column);
void column_release(const struct column *column);

/* Columns that differ from `column` in one thing; a NULL label takes the label away. */
struct column *column_renamed(const struct column *column, const char *name);
struct column *column_with_label(const struct column *column, const char *label);
struct column *column_with_level_label(const struct column *column, uint32_t code, const char *label);

/* The factor with its levels in another order: the new level i is the old one with the code order[i].  `order` holds
 * each code 1 … n_levels once. */
struct column *column_with_level_order(const struct column *column, const uint32_t *order);

/* The column as a factor: itself (retained) where it is one; a number's or date's distinct values, ascending, become
 * the levels, named in their shortest form (dates in ISO form). */
struct column *column_as_factor(const struct column *column);

/* The code of the level with that name, or 0. */
uint32_t column_find_level(const struct column *column, const char *name);

/* How the column, or the level with code 1 … n_levels, is displayed: label or else name.  Borrowed. */
const char *column_display_name(const struct column *column);
const char *column_level_display_name(const struct column *column, uint32_t code);

static inline size_t column_n_rows(const struct column *column)
{
  return column->values->n_rows;
}

/* The number or date of a row; NaN = missing.  Not for factors. */
static inline double column_number(const struct column *column, size_t row)
{
  const struct column_values *values = column->values;
  switch (values->width) {
  case 1:
    return values->as.numbers8[row] == INT8_MIN ? (double)NAN : values->as.numbers8[row] / values->divisor;
  case 2:
    return values->as.numbers16[row] == INT16_MIN ? (double)NAN : values->as.numbers16[row] / values->divisor;
  case 4:
    return values->as.numbers32[row] == INT32_MIN ? (double)NAN : values->as.numbers32[row] / values->divisor;
  default:
    return values->as.numbers[row];
  }
}

/* The numbers of the n rows from `first` on into numbers[0 … n - 1]: faster than one by one. */
void column_numbers(const struct column *column, size_t first, size_t n, double *numbers);

/* The number of rows[i] into numbers[i * stride], for i < n. */
void column_numbers_of(const struct column *column, const uint32_t *rows, size_t n, double *numbers, size_t stride);

/* The least and the greatest number of the rows in the set; returns how many of them have one (0: *low and *high are not
 * set).  Not for factors. */
struct bitmap;
size_t column_range(const struct column *column, const struct bitmap *rows, double *low, double *high);

/* Bytes that a row's value takes in memory. */
static inline size_t column_width(const struct column *column)
{
  return column->values->width;
}

/* The code of a factor's row; 0 = missing. */
static inline uint32_t column_code(const struct column *column, size_t row)
{
  const struct column_values *values = column->values;
  switch (values->width) {
  case 1:
    return values->as.codes8[row];
  case 2:
    return values->as.codes16[row];
  default:
    return values->as.codes32[row];
  }
}

static inline bool column_is_missing(const struct column *column, size_t row)
{
  if (column->kind == COLUMN_FACTOR)
    return column_code(column, row) == 0;
  const double number = column_number(column, row);
  return number != number;
}

/* The text of a cell as the file would show it (level name, shortest number, ISO date; "" for missing), appended. */
struct text;
void column_append_cell(const struct column *column, size_t row, struct text *text);

#endif
