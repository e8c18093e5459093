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

static void table_grow(struct level_table *table)
{
  free(table->slots);
  table->n_slots = table->n_slots ? table->n_slots * 2 : 64;
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

uint32_t level_table_code(struct level_table *table, const char *bytes, size_t length, size_t line, bool copy)
{
  if (table->n * 2 >= table->n_slots)
    table_grow(table);
  const uint32_t hash = hash_bytes(bytes, length);
  const size_t mask = table->n_slots - 1;
  size_t slot = hash & mask;
  for (uint32_t code; (code = table->slots[slot]) != 0; slot = (slot + 1) & mask)
    if (entry_is(&table->entries[code - 1], hash, bytes, length))
      return code;
  if (copy) {
    char *own = memory_copy_bytes(bytes, length);
    MEMORY_APPEND(table->copies, table->n_copies, table->copies_capacity, own);
    bytes = own;
  }
  struct level_entry entry = {bytes, (uint32_t)length, hash, (uint32_t)line};
  MEMORY_APPEND(table->entries, table->n, table->capacity, entry);
  table->slots[slot] = (uint32_t)table->n;
  return (uint32_t)table->n;
}

void level_table_clear(struct level_table *table)
{
  for (size_t i = 0; i < table->n_copies; i++)
    free(table->copies[i]);
  free(table->copies);
  free(table->entries);
  free(table->slots);
  *table = (struct level_table)LEVEL_TABLE_INIT;
}
