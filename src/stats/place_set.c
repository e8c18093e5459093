/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/place_set.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static size_t groups_of(size_t n)
{
  return n / PLACE_GROUP + 1; /* place n itself can be asked for */
}

void place_set_init(struct place_set *set, size_t n)
{
  *set = (struct place_set){.n_groups = groups_of(n)};
  set->word = memory_new(set->n_groups * PLACE_GROUP / PLACE_WORD, sizeof *set->word);
  set->in_group = memory_new(set->n_groups * PLACE_GROUP_BLOCKS, sizeof *set->in_group);
  set->before = memory_new(set->n_groups, sizeof *set->before);
  for (size_t k = PLACE_GROUP_BLOCKS; k < 2 * PLACE_GROUP_BLOCKS; k++)
    set->ramp[k] = 1;
}

void place_set_clear(struct place_set *set)
{
  free(set->word);
  free(set->in_group);
  free(set->before);
}

void place_set_reset(struct place_set *set, size_t n)
{
  set->n_groups = groups_of(n);
  set->count = 0;
  memset(set->word, 0, set->n_groups * PLACE_GROUP / PLACE_WORD * sizeof *set->word);
  memset(set->in_group, 0, set->n_groups * PLACE_GROUP_BLOCKS * sizeof *set->in_group);
  memset(set->before, 0, set->n_groups * sizeof *set->before);
}
