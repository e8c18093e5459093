/* SPDX-License-Identifier: GPL-3.0-or-later */
/* R's default random numbers: Mersenne Twister seeded as set.seed() does, and sample() with rejection, so that a bootstrap
 * with a seed draws the very patients that R draws. */
#ifndef KAPLAN_STATS_R_RANDOM_H
#define KAPLAN_STATS_R_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct r_random {
  uint32_t state[624];
  size_t at; /* the next of the 624 to be used; 624: make new ones */
};

/* As set.seed(seed). */
void r_random_init(struct r_random *random, uint32_t seed);

/* unif_rand(): in (0, 1). */
double r_random_uniform(struct r_random *random);

/* One of 0 … n - 1 (n from 1 to 2^52), as sample.int(n, 1) - 1 draws it. */
size_t r_random_index(struct r_random *random, size_t n);

#endif
