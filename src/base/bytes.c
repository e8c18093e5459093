/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Loops over lanes of fixed number, which compilers make vectors of. */
#include "base/bytes.h"

#include "base/vector.h"

enum { LANES = 32, MOST_STEPS = 255 }; /* a lane counts in a byte */

VECTOR_CLONES size_t byte_count(const char *bytes, size_t length, char byte)
{
  size_t count = 0, i = 0;
  while (i + LANES <= length) {
    const size_t steps = (length - i) / LANES < MOST_STEPS ? (length - i) / LANES : MOST_STEPS;
    unsigned char lanes[LANES] = {0};
    for (size_t step = 0; step < steps; step++, i += LANES)
      for (size_t lane = 0; lane < LANES; lane++)
        lanes[lane] += (unsigned char)(bytes[i + lane] == byte);
    for (size_t lane = 0; lane < LANES; lane++)
      count += lanes[lane];
  }
  for (; i < length; i++)
    count += bytes[i] == byte;
  return count;
}

VECTOR_CLONES void byte_inspect(const char *bytes, size_t length, bool *has_high, bool *has_nul)
{
  unsigned char high[LANES] = {0}, nul[LANES] = {0}, any_high = 0, any_nul = 0;
  size_t i = 0;
  for (; i + LANES <= length; i += LANES)
    for (size_t lane = 0; lane < LANES; lane++) {
      high[lane] |= (unsigned char)bytes[i + lane];
      nul[lane] |= (unsigned char)(bytes[i + lane] == 0);
    }
  for (; i < length; i++) {
    any_high |= (unsigned char)bytes[i];
    any_nul |= (unsigned char)(bytes[i] == 0);
  }
  for (size_t lane = 0; lane < LANES; lane++) {
    any_high |= high[lane];
    any_nul |= nul[lane];
  }
  *has_high = any_high >= 0x80;
  *has_nul = any_nul != 0;
}
