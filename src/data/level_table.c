/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/level_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* Mixes eight bytes at a time by an odd multiplier and a shift that brings the high bits down again. */
static inline uint64_t mix(uint64_t hash, uint64_t word)
{
  hash = (hash ^ word) * UINT64_C(0x9E3779B97F4A7C15);
  return hash ^ hash >> 29;
}

static inline uint32_t hash_bytes(const char *bytes, size_t length)
{
  uint64_t hash = length, word = 0;
  while (length >= 8) {
    memcpy(&word, bytes, 8);
    hash = mix(hash, word);
    bytes += 8;
    length -= 8;
  }
  word = 0;
  for (size_t i = 0; i < length; i++)
    word = word << 8 | (unsigned char)bytes[i];
  hash = mix(mix(hash, word), hash);
  return (uint32_t)(hash >> 32);
}

/* Makes at least so many values fill no more than half of the slots. */
static void table_grow(struct level_table *table, size_t n)
{
  if (n * 2 <= table->n_slots)
    return;
  free(table->slots);
  table->n_slots = table->n_slots ? table->n_slots : 32;
  while (n * 2 > table->n_slots)
    table->n_slots *= 2;
  table->slots = memory_new(table->n_slots, sizeof *table->slots);
  const size_t mask = table->n_slots - 1;
  for (size_t i = 0; i < table->n; i++) {
    size_t slot = table->entries[i].hash & mask;
    while (table->slots[slot])
      slot = (slot + 1) & mask;
    table->slots[slot] = (uint32_t)(i + 1);
  }
}

static bool entry_is(const struct level_entry *entry, uint32_t hash, const char *bytes, size_t length)
{
  return entry->hash == hash && entry->length == length && memcmp(entry->bytes, bytes, length) == 0;
}

/* The code of the value, or 0; *slot receives the place for it. */
static inline uint32_t find(const struct level_table *table, uint32_t hash, const char *bytes, size_t length, size_t *slot)
{
  const size_t mask = table->n_slots - 1;
  *slot = hash & mask;
  for (uint32_t code; (code = table->slots[*slot]) != 0; *slot = (*slot + 1) & mask)
    if (entry_is(&table->entries[code - 1], hash, bytes, length))
      return code;
  return 0;
}

static uint32_t add(struct level_table *table, struct level_entry entry, size_t slot)
{
  MEMORY_APPEND(table->entries, table->n, table->capacity, entry);
  table->slots[slot] = (uint32_t)table->n;
  return (uint32_t)table->n;
}

uint32_t level_table_code(struct level_table *table, const char *bytes, size_t length, size_t line, bool copy)
{
  size_t slot;
  table_grow(table, table->n + 1);
  const uint32_t hash = hash_bytes(bytes, length), code = find(table, hash, bytes, length, &slot);
  if (code)
    return code;
  const char *kept = copy ? memory_copy_bytes(bytes, length) : bytes;
  return add(table, (struct level_entry){kept, (uint32_t)length, hash, (uint32_t)line, copy}, slot);
}

void level_table_join(struct level_table *table, struct level_table *other, size_t lines_before, uint32_t *map)
{
  enum { AHEAD = 8 }; /* a large table's slots are far from the processor: they are asked for before they are needed */
  table_grow(table, table->n + other->n);
  map[0] = 0;
  for (size_t i = 0; i < other->n; i++) {
    struct level_entry *entry = &other->entries[i];
    size_t slot;
    if (i + AHEAD < other->n)
      __builtin_prefetch(&table->slots[other->entries[i + AHEAD].hash & (table->n_slots - 1)]);
    map[i + 1] = find(table, entry->hash, entry->bytes, entry->length, &slot);
    if (map[i + 1])
      continue;
    entry->first_line += (uint32_t)lines_before;
    map[i + 1] = add(table, *entry, slot);
    entry->is_own = false; /* no longer the other's */
  }
  level_table_clear(other);
}

void level_table_clear(struct level_table *table)
{
  for (size_t i = 0; i < table->n; i++)
    if (table->entries[i].is_own)
      free((char *)table->entries[i].bytes);
  free(table->entries);
  free(table->slots);
  *table = (struct level_table)LEVEL_TABLE_INIT;
}
