/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/proportion.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "stats/distribution.h"

void proportion_wilson(double events, double n, double level, double limits[2])
{
  const double z = normal_half_width(level), p = events / n;
  const double centre = (p + z * z / (2 * n)) / (1 + z * z / n);
  const double half_width = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n);
  limits[0] = events > 0 ? centre - half_width : 0;
  limits[1] = events < n ? centre + half_width : 1;
}

void proportion_exact(double events, double n, double level, double limits[2])
{
  const double alpha = (1 - level) / 2;
  limits[0] = events > 0 ? gsl_cdf_beta_Pinv(alpha, events, n - events + 1) : 0;
  limits[1] = events < n ? gsl_cdf_beta_Qinv(alpha, events + 1, n - events) : 1;
}

void proportion_logit(double events, double n, double *logit, double *std_error)
{
  const double added = events <= 0 || events >= n ? 0.5 : 0;
  const double with = events + added, without = n - events + added;
  *logit = log(with / without);
  *std_error = sqrt(1 / with + 1 / without);
}
