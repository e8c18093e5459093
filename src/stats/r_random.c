/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Matsumoto and Nishimura (1998), Mersenne Twister; the seeding and the rejection sampling are those that R documents in
 * ?RNGkind ("Mersenne-Twister", sample.kind "Rejection"). */
#include "stats/r_random.h"

#include <math.h>

enum { N = 624, M = 397 };

void r_random_init(struct r_random *random, uint32_t seed)
{
  for (int i = 0; i < 50; i++)
    seed = 69069 * seed + 1;
  seed = 69069 * seed + 1; /* R stores the position first */
  for (size_t i = 0; i < N; i++) {
    seed = 69069 * seed + 1;
    random->state[i] = seed;
  }
  random->at = N;
}

static uint32_t twist(uint32_t upper, uint32_t lower, uint32_t other)
{
  const uint32_t y = (upper & UINT32_C(0x80000000)) | (lower & UINT32_C(0x7fffffff));
  return other ^ (y >> 1) ^ (y & 1 ? UINT32_C(0x9908b0df) : 0);
}

static void renew(struct r_random *random)
{
  uint32_t *state = random->state;
  for (size_t i = 0; i < N; i++)
    state[i] = twist(state[i], state[(i + 1) % N], state[(i + M) % N]);
  random->at = 0;
}

double r_random_uniform(struct r_random *random)
{
  if (random->at >= N)
    renew(random);
  uint32_t y = random->state[random->at++];
  y ^= y >> 11;
  y ^= (y << 7) & UINT32_C(0x9d2c5680);
  y ^= (y << 15) & UINT32_C(0xefc60000);
  y ^= y >> 18;
  const double uniform = y * 2.3283064365386963e-10;
  return fmin(fmax(uniform, 0.5 * 2.328306437080797e-10), 1 - 0.5 * 2.328306437080797e-10);
}

/* So many random bits, 16 at a time. */
static double random_bits(struct r_random *random, int bits)
{
  uint64_t value = 0;
  for (int n = 0; n <= bits; n += 16)
    value = 65536 * value + (uint64_t)floor(r_random_uniform(random) * 65536);
  if (bits < 64)
    value &= (UINT64_C(1) << bits) - 1;
  return (double)value;
}

size_t r_random_index(struct r_random *random, size_t n)
{
  const int bits = (int)ceil(log2((double)n));
  double value;
  do
    value = random_bits(random, bits);
  while (value >= (double)n);
  return (size_t)value;
}
