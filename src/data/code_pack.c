/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/code_pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static unsigned char width_for(size_t most)
{
  assert(most <= UINT32_MAX - 1);
  return most <= UINT8_MAX ? 1 : most <= UINT16_MAX ? 2 : 4;
}

/* Writes `value`, which may depend on i, as the pack's codes begin … end - 1. */
#define WRITE_CODES(pack, begin, end, value)                                                                           \
  do {                                                                                                                 \
    if ((pack)->width == 1)                                                                                            \
      for (size_t i = (begin); i < (end); i++)                                                                         \
        ((uint8_t *)(pack)->codes)[i] = (uint8_t)(value);                                                              \
    else if ((pack)->width == 2)                                                                                       \
      for (size_t i = (begin); i < (end); i++)                                                                         \
        ((uint16_t *)(pack)->codes)[i] = (uint16_t)(value);                                                            \
    else                                                                                                               \
      for (size_t i = (begin); i < (end); i++)                                                                         \
        ((uint32_t *)(pack)->codes)[i] = (uint32_t)(value);                                                            \
  } while (0)

struct code_pack code_pack_of(const uint32_t *codes, size_t n, size_t most, const uint32_t *map)
{
  struct code_pack pack = {.n = n, .capacity = n, .width = width_for(most)};
  pack.codes = memory_resize(NULL, n, pack.width);
  if (map)
    WRITE_CODES(&pack, 0, n, map[codes[i]]);
  else
    WRITE_CODES(&pack, 0, n, codes[i]);
  return pack;
}

void code_pack_expect(struct code_pack *pack, size_t n)
{
  if (n <= pack->capacity)
    return;
  pack->capacity = n;
  pack->codes = memory_resize(pack->codes, n, pack->width);
}

static void make_room(struct code_pack *pack, size_t n)
{
  if (pack->n + n > pack->capacity)
    code_pack_expect(pack, pack->n + n + pack->n / 2);
}

static void widen(struct code_pack *pack, size_t most)
{
  const unsigned char width = width_for(most);
  if (width <= pack->width)
    return;
  struct code_pack wide = {.n = pack->n, .capacity = pack->capacity, .width = width};
  wide.codes = memory_resize(NULL, pack->capacity, width);
  WRITE_CODES(&wide, 0, pack->n, code_pack_at(pack, i));
  free(pack->codes);
  *pack = wide;
}

void code_pack_append(struct code_pack *pack, const struct code_pack *part, const uint32_t *map, size_t most)
{
  widen(pack, most);
  make_room(pack, part->n);
  WRITE_CODES(pack, pack->n, pack->n + part->n, map[code_pack_at(part, i - pack->n)]);
  pack->n += part->n;
}

void code_pack_append_missing(struct code_pack *pack, size_t n)
{
  make_room(pack, n);
  WRITE_CODES(pack, pack->n, pack->n + n, 0);
  pack->n += n;
}

void code_pack_map(struct code_pack *pack, const uint32_t *map)
{
  WRITE_CODES(pack, 0, pack->n, map[code_pack_at(pack, i)]);
}

void code_pack_count(const struct code_pack *pack, uint32_t *counts)
{
  for (size_t i = 0; i < pack->n; i++)
    counts[code_pack_at(pack, i)]++;
}

void code_pack_clear(struct code_pack *pack)
{
  free(pack->codes);
  *pack = (struct code_pack)CODE_PACK_INIT;
}
