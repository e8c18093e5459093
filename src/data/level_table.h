/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The distinct values of a text column while it is read: a value goes in, its code comes out (1, 2, … in the order of
 * first sight).  An open-addressing hash table; from a handful of values to as many as there are rows.  The bytes of a
 * value are borrowed from the file where they stand there as they are, and copied where they were unescaped.
 * Life cycle: LEVEL_TABLE_INIT … level_table_clear(). */
#ifndef KAPLAN_DATA_LEVEL_TABLE_H
#define KAPLAN_DATA_LEVEL_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct level_entry {
  const char *bytes; /* not ended with a NUL */
  uint32_t length;
  uint32_t hash;
  uint32_t first_line; /* where the value was seen first */
  bool is_own;         /* the bytes are the table's, not borrowed */
};

struct level_table {
  struct level_entry *entries; /* of code c: entries[c - 1] */
  size_t n, capacity;
  uint32_t *slots; /* codes, 0 = free; as many as a power of two, at most half of them taken */
  size_t n_slots;
};

#define LEVEL_TABLE_INIT                                                                                               \
  {                                                                                                                    \
    .entries = NULL                                                                                                    \
  }

/* The code of the value, which is added where it is new (its bytes copied with `copy`, else borrowed). */
uint32_t level_table_code(struct level_table *table, const char *bytes, size_t length, size_t line, bool copy);

/* Adds the values of another table, which was filled from a later part of the file and is empty afterwards: its lines count
 * from `lines_before`.  map[c], for which there is room (n + 1 items), becomes the code here of the value that has the code
 * c there; map[0] is 0.  Values that are new come in the other table's order, as if they had been added here at once. */
void level_table_join(struct level_table *table, struct level_table *other, size_t lines_before, uint32_t *map);

void level_table_clear(struct level_table *table);

#endif
