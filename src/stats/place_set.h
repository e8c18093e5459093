/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of places 0 … n - 1 that says how many of its members are below a place.
 *
 * A bit a place, and two levels of running counts that are kept whole: a member added raises all counts behind it, a few
 * vectors' worth; a question reads one number of each level and the bits of one block.  The set of a million places takes
 * 130 KB and stays in the cache, where a tree of sums would not. */
#ifndef KAPLAN_STATS_PLACE_SET_H
#define KAPLAN_STATS_PLACE_SET_H

#include <stddef.h>
#include <stdint.h>

#include "base/vector.h"

enum {
  PLACE_WORD = 64,
  PLACE_BLOCK_WORDS = 4, /* a block: so many words */
  PLACE_GROUP_BLOCKS = 64, /* a group: so many blocks */
  PLACE_BLOCK = PLACE_WORD * PLACE_BLOCK_WORDS,
  PLACE_GROUP = PLACE_BLOCK * PLACE_GROUP_BLOCKS
};

struct place_set {
  size_t n_groups;
  uint64_t *word;
  uint16_t *in_group; /* of each block: members of its group before it */
  uint32_t *before;   /* of each group: members before it */
  size_t count;       /* members */
  uint16_t ramp[2 * PLACE_GROUP_BLOCKS]; /* zeros, then ones: what a member adds to the blocks of its group */
};

/* An empty set; release with place_set_clear(). */
void place_set_init(struct place_set *set, size_t n);
void place_set_clear(struct place_set *set);

/* Empties the set, for n places (no more than at first). */
void place_set_reset(struct place_set *set, size_t n);

/* Puts in a place that is not there (change 1), or takes one out that is (-1). */
VECTOR_PART void place_set_change(struct place_set *set, size_t place, int change)
{
  const size_t group = place / PLACE_GROUP, block = place / PLACE_BLOCK % PLACE_GROUP_BLOCKS;
  uint16_t *restrict in_group = &set->in_group[group * PLACE_GROUP_BLOCKS];
  const uint16_t *restrict ramp = &set->ramp[PLACE_GROUP_BLOCKS - 1 - block], sign = (uint16_t)change;
  set->word[place / PLACE_WORD] ^= (uint64_t)1 << place % PLACE_WORD;
  for (size_t k = 0; k < PLACE_GROUP_BLOCKS; k++)
    in_group[k] = (uint16_t)(in_group[k] + (uint16_t)(ramp[k] * sign));
  for (size_t k = group + 1; k < set->n_groups; k++)
    set->before[k] += (uint32_t)change;
  set->count += (size_t)change;
}

/* The members below a place, 0 to n. */
VECTOR_PART size_t place_set_below(const struct place_set *set, size_t place)
{
  const size_t block = place / PLACE_BLOCK, last = place / PLACE_WORD;
  size_t below = set->before[place / PLACE_GROUP] + set->in_group[block];
  for (size_t k = block * PLACE_BLOCK_WORDS; k < last; k++)
    below += (size_t)__builtin_popcountll(set->word[k]);
  return below + (size_t)__builtin_popcountll(set->word[last] & (((uint64_t)1 << place % PLACE_WORD) - 1));
}

#endif
