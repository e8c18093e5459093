/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random tables with given margins, each with its probability: column by column the cells are drawn from their
 * hypergeometric distributions given what is left, as in Patefield's AS 159 (Applied Statistics 30, 1981, 91–97). */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/fisher_internal.h"

enum { SAMPLES_BETWEEN_LOOKS = 64, LEAST_SAMPLES = 1000, MAX_CELLS = 50000000 };

/* Fewer than FISHER_SAMPLES where a table has very many cells. */
static size_t samples_for(const struct fisher_margins *margins)
{
  size_t samples = MAX_CELLS / margins->n_columns / margins->n_rows;
  return samples < LEAST_SAMPLES ? LEAST_SAMPLES : samples > FISHER_SAMPLES ? FISHER_SAMPLES : samples;
}

/* Uniform on (0, 1): Steele, Lea & Flood's SplitMix64 (OOPSLA 2014). */
static double next_uniform(uint64_t *state)
{
  uint64_t z = *state += 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  z ^= z >> 31;
  return ((double)(z >> 11) + 0.5) * 0x1p-53;
}

/* How many of `drawn` units come from the first `left` of left + others: inversion from the mode outwards, the more
 * probable neighbour next. */
static uint32_t draw_cell(const double *log_factorial, uint32_t left, uint32_t others, uint32_t drawn, uint64_t *state)
{
  uint32_t first = drawn > others ? drawn - others : 0, last = left < drawn ? left : drawn;
  if (first == last)
    return first;
  double a = left, b = others, c = drawn;
  double middle = floor((a + 1) * (c + 1) / (a + b + 2));
  uint32_t low = (uint32_t)fmin(fmax(middle, first), last), high = low;
  double at_low =
      exp(fisher_log_choose(log_factorial, left, low) + fisher_log_choose(log_factorial, others, drawn - low) -
          fisher_log_choose(log_factorial, left + others, drawn));
  double at_high = at_low, uniform = next_uniform(state) - at_low;
  while (uniform > 0 && (low > first || high < last)) {
    double x = high, y = low;
    double up = high < last ? at_high * ((a - x) * (c - x)) / ((x + 1) * (b - c + x + 1)) : -1;
    double down = low > first ? at_low * (y * (b - c + y)) / ((a - y + 1) * (c - y + 1)) : -1;
    if (up >= down) {
      high++;
      at_high = up;
      if ((uniform -= up) <= 0)
        return high;
    } else {
      low--;
      at_low = down;
      if ((uniform -= down) <= 0)
        return low;
    }
  }
  return (uint32_t)fmin(fmax(middle, first), last); /* at the mode, or past all by rounding */
}

/* The value of a random table.  `left` has room for the rows. */
static double draw_table(const struct fisher_margins *margins, uint32_t *left, uint64_t *state)
{
  double value = 0;
  uint32_t total = margins->n;
  memcpy(left, margins->row, margins->n_rows * sizeof *left);
  for (size_t j = 0; j < margins->n_columns; j++) {
    uint32_t rest = margins->column[j], others = total;
    for (size_t i = 0; i < margins->n_rows; i++) {
      others -= left[i];
      uint32_t x = draw_cell(margins->log_factorial, left[i], others, rest, state);
      left[i] -= x;
      rest -= x;
      value -= margins->log_factorial[x];
    }
    total -= margins->column[j];
  }
  return value;
}

enum status fisher_sample(const struct fisher_margins *margins, uint64_t seed, struct task *task, struct fisher *result)
{
  uint32_t *left = memory_new(margins->n_rows, sizeof *left);
  size_t samples = samples_for(margins), counted = 0, sample;
  for (sample = 0; sample < samples; sample++) {
    counted += draw_table(margins, left, &seed) <= margins->limit;
    if (sample % SAMPLES_BETWEEN_LOOKS)
      continue;
    if (task_is_cancelled(task))
      break;
    task_progress(task, (double)sample / (double)samples);
  }
  free(left);
  if (sample < samples)
    return STATUS_CANCELLED;
  double p = (double)(counted + 1) / (double)(samples + 1);
  *result = (struct fisher){.p_value = p, .std_error = sqrt(p * (1 - p) / (double)samples), .samples = samples};
  return STATUS_OK;
}
