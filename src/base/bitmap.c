/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bitmap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static size_t word_count(size_t n)
{
  return (n + 63) / 64;
}

void bitmap_init(struct bitmap *bitmap, size_t n, bool all)
{
  bitmap->n = n;
  bitmap->words = memory_new(word_count(n), sizeof *bitmap->words);
  if (!all)
    return;
  memset(bitmap->words, 0xFF, word_count(n) * sizeof *bitmap->words);
  if (n % 64)
    bitmap->words[n / 64] = (UINT64_C(1) << (n % 64)) - 1;
}

void bitmap_copy(struct bitmap *bitmap, const struct bitmap *source)
{
  bitmap->n = source->n;
  bitmap->words = memory_copy(source->words, word_count(source->n), sizeof *bitmap->words);
}

void bitmap_clear(struct bitmap *bitmap)
{
  free(bitmap->words);
  *bitmap = (struct bitmap)BITMAP_INIT;
}

void bitmap_intersect(struct bitmap *bitmap, const struct bitmap *other)
{
  assert(bitmap->n == other->n);
  for (size_t i = 0; i < word_count(bitmap->n); i++)
    bitmap->words[i] &= other->words[i];
}

void bitmap_subtract(struct bitmap *bitmap, const struct bitmap *other)
{
  assert(bitmap->n == other->n);
  for (size_t i = 0; i < word_count(bitmap->n); i++)
    bitmap->words[i] &= ~other->words[i];
}

size_t bitmap_count(const struct bitmap *bitmap)
{
  size_t count = 0;
  for (size_t i = 0; i < word_count(bitmap->n); i++)
    count += (size_t)__builtin_popcountll(bitmap->words[i]);
  return count;
}

size_t bitmap_count_both(const struct bitmap *a, const struct bitmap *b)
{
  assert(a->n == b->n);
  size_t count = 0;
  for (size_t i = 0; i < word_count(a->n); i++)
    count += (size_t)__builtin_popcountll(a->words[i] & b->words[i]);
  return count;
}
