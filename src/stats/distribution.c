/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/distribution.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

double chi_square_upper(double x, double df)
{
  if (isnan(x) || !(df > 0) || isinf(df))
    return NAN;
  if (x <= 0)
    return 1;
  if (isinf(x))
    return 0;
  return gsl_cdf_chisq_Q(x, df);
}

double normal_two_sided(double z)
{
  return erfc(fabs(z) * M_SQRT1_2);
}

double normal_half_width(double level)
{
  return gsl_cdf_ugaussian_Qinv((1 - level) / 2);
}
