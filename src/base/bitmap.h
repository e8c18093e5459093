/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of rows, one bit each.  Bits past `n` are always 0.  Life cycle: bitmap_init() … bitmap_clear(). */
#ifndef KAPLAN_BASE_BITMAP_H
#define KAPLAN_BASE_BITMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bitmap {
  uint64_t *words;
  size_t n; /* rows */
};

#define BITMAP_INIT {.words = NULL}

/* A set over n rows, holding all of them or none. */
void bitmap_init(struct bitmap *bitmap, size_t n, bool all);

/* A copy of `source`. */
void bitmap_copy(struct bitmap *bitmap, const struct bitmap *source);

void bitmap_clear(struct bitmap *bitmap);

/* Keeps the rows that are in both; both have the same n. */
void bitmap_intersect(struct bitmap *bitmap, const struct bitmap *other);

/* Removes the rows that are in `other`. */
void bitmap_subtract(struct bitmap *bitmap, const struct bitmap *other);

/* How many rows are in the set, or in both sets. */
size_t bitmap_count(const struct bitmap *bitmap);
size_t bitmap_count_both(const struct bitmap *a, const struct bitmap *b);

static inline bool bitmap_has(const struct bitmap *bitmap, size_t row)
{
  return bitmap->words[row >> 6] >> (row & 63) & 1;
}

static inline void bitmap_add(struct bitmap *bitmap, size_t row)
{
  bitmap->words[row >> 6] |= UINT64_C(1) << (row & 63);
}

static inline void bitmap_remove(struct bitmap *bitmap, size_t row)
{
  bitmap->words[row >> 6] &= ~(UINT64_C(1) << (row & 63));
}

#endif
