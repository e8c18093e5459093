/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The name that somebody meant: for "did you mean …". */
#ifndef KAPLAN_DATA_NAME_MATCH_H
#define KAPLAN_DATA_NAME_MATCH_H

#include <stddef.h>

/* The first of the n names that is nearest to `name` by insertions, deletions, substitutions and swaps of neighbours
 * (letter case aside), at most a third of the longer name's characters; NULL where none is near.  Borrowed. */
const char *name_nearest(const char *name, const char *const *names, size_t n);

#endif
