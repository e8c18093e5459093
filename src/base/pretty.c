/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/pretty.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#include "base/memory.h"

/* R's defaults: how strongly larger units are favoured, and that of 5; how far a tiny range is widened. */
static const double high_bias = 1.5, five_bias = 0.5 + 1.5 * 1.5, shrink = 0.75, rounding = 1e-10;

/* The width that a step should have, before it is made round. */
static double wanted_step(double low, double high, double n, double least)
{
  const double range = high - low, size = fmax(fabs(low), fabs(high));
  const double limit = 1 + (five_bias >= 1.5 * high_bias + 0.5 ? 1 / (1 + high_bias) : 1.5 / (1 + five_bias));
  const bool is_small = size == 0 || range < size * limit * fmax(1, n) * DBL_EPSILON * 3;
  double step = is_small ? (size == 0 ? 1 : size) : range;
  if (is_small) {
    if (step > 10)
      step = 9 + step / 10;
    step *= shrink;
    if (least > 1)
      step /= least;
  } else if (n > 1) {
    step /= n;
  }
  return fmax(step, 20 * DBL_MIN);
}

/* 1, 2, 5 or 10 times a power of ten near the wanted step. */
static double round_step(double wanted)
{
  const double base = pow(10, floor(log10(wanted)));
  double step = base;
  if (2 * base - wanted < high_bias * (wanted - step)) {
    step = 2 * base;
    if (5 * base - wanted < five_bias * (wanted - step)) {
      step = 5 * base;
      if (10 * base - wanted < high_bias * (wanted - step))
        step = 10 * base;
    }
  }
  return step;
}

double *pretty_values(double low, double high, size_t n, size_t *count)
{
  const double least = floor((double)n / 3);
  const double step = round_step(wanted_step(low, high, (double)n, least));
  double first = floor(low / step + rounding), last = ceil(high / step - rounding);
  while (first * step > low + rounding * step)
    first--;
  while (last * step < high - rounding * step)
    last++;
  const double missing = floor(0.5 + least - (last - first));
  if (missing > 0) { /* too few: on both sides, the odd one towards 0 */
    const double half = floor(missing / 2), odd = missing - 2 * half;
    last += first >= 0 ? half : half + odd;
    first -= first >= 0 ? half + odd : half;
  }
  *count = (size_t)(last - first) + 1;
  double *values = memory_new(*count, sizeof *values);
  for (size_t i = 0; i < *count; i++)
    values[i] = (first + (double)i) * step;
  return values;
}
