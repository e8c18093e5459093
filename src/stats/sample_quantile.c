/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Quantiles and moments of one sample. */
#include <float.h>
#include <math.h>

#include "stats/compensated.h"
#include "stats/samples.h"

/* h is the place of the quantile among the values, counted from 1: type 6 (n + 1) p, type 7 1 + (n - 1) p.  As R, a
 * place within four epsilon of a whole number is that number. */
double sample_quantile(const double *sorted, size_t n, double p, int type)
{
  if (n == 0 || !(p >= 0 && p <= 1) || (type != 6 && type != 7))
    return (double)NAN;
  double h = type == 6 ? ((double)n + 1) * p : 1 + ((double)n - 1) * p;
  double below = floor(h + 4 * DBL_EPSILON), part = h - below;
  if (fabs(part) < 4 * DBL_EPSILON)
    part = 0;
  if (below < 1)
    return sorted[0];
  if (below >= (double)n)
    return sorted[n - 1];
  double low = sorted[(size_t)below - 1], high = sorted[(size_t)below];
  return part > 0 && low != high ? (1 - part) * low + part * high : low;
}

struct sample_moments sample_moments(const double *values, size_t n)
{
  struct sample_moments moments = {(double)NAN, (double)NAN, (double)NAN};
  if (n == 0)
    return moments;
  double count = (double)n, origin = values[0];
  struct compensated_sum sum = {0, 0}, squares = {0, 0}, rest = {0, 0};
  for (size_t i = 0; i < n; i++)
    compensated_add(&sum, values[i] - origin);
  double shift = compensated_value(&sum) / count;
  moments.mean = origin + shift;
  if (n == 1)
    return moments;
  for (size_t i = 0; i < n; i++) {
    double deviation = (values[i] - origin) - shift;
    compensated_add(&rest, deviation);
    compensated_add(&squares, deviation * deviation);
  }
  double remainder = compensated_value(&rest);
  double variance = (compensated_value(&squares) - remainder * remainder / count) / (count - 1);
  moments.sd = sqrt(fmax(variance, 0));
  moments.sem = moments.sd / sqrt(count);
  return moments;
}
