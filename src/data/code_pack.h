/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes of levels (0 = missing) in one, two or four bytes, as many as the greatest needs.
 * A pack grows from the parts of a file in their order.  Life cycle: CODE_PACK_INIT … code_pack_clear(). */
#ifndef KAPLAN_DATA_CODE_PACK_H
#define KAPLAN_DATA_CODE_PACK_H

#include <stddef.h>
#include <stdint.h>

struct code_pack {
  void *codes; /* uint8_t, uint16_t or uint32_t */
  size_t n, capacity;
  unsigned char width; /* bytes of a code: 1, 2 or 4 */
};

#define CODE_PACK_INIT                                                                                                 \
  {                                                                                                                    \
    .width = 1                                                                                                         \
  }

/* The pack of n codes, none above `most`; with a `map`, the code c goes in as map[c], and `most` is the greatest there.
 */
struct code_pack code_pack_of(const uint32_t *codes, size_t n, size_t most, const uint32_t *map);

/* Appends a part, whose code c goes in as map[c], or n times missing.  No code is above `most` afterwards. */
void code_pack_append(struct code_pack *pack, const struct code_pack *part, const uint32_t *map, size_t most);
void code_pack_append_missing(struct code_pack *pack, size_t n);

/* Says how many codes there will be, so that the pack need not grow step by step. */
void code_pack_expect(struct code_pack *pack, size_t n);

/* Turns each code c into map[c], which the pack's width must hold. */
void code_pack_map(struct code_pack *pack, const uint32_t *map);

/* Adds the number of rows with the code c to counts[c]. */
void code_pack_count(const struct code_pack *pack, uint32_t *counts);

/* The code at a place. */
static inline uint32_t code_pack_at(const struct code_pack *pack, size_t i)
{
  switch (pack->width) {
  case 1:
    return ((const uint8_t *)pack->codes)[i];
  case 2:
    return ((const uint16_t *)pack->codes)[i];
  default:
    return ((const uint32_t *)pack->codes)[i];
  }
}

void code_pack_clear(struct code_pack *pack);

#endif
