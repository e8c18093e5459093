/* SPDX-License-Identifier: GPL-3.0-or-later */
/* I_x(a, b) = x^a y^b / (a B(a, b)) / (1 + d1 / (1 + d2 / (1 + …))),  y = 1 - x, with
 * d(2m) = m (b - m) x / ((a + 2m - 1)(a + 2m)),  d(2m + 1) = -(a + m)(a + b + m) x / ((a + 2m)(a + 2m + 1))
 * (Abramowitz & Stegun 26.5.8), by Lentz's method.  It converges fast for x below the mean a / (a + b). */
#include "stats/beta_tail.h"

#include <float.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>

enum { MAX_TERMS = 200000 };

static double away_from_zero(double x)
{
  return fabs(x) < DBL_MIN ? DBL_MIN : x;
}

static double continued_fraction(double x, double a, double b)
{
  double value = 1, numerator = 1, denominator = 0;
  for (int term = 1; term <= MAX_TERMS; term++) {
    double m = term / 2;
    double d = term % 2 ? -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
                        : m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
    denominator = 1 / away_from_zero(1 + d * denominator);
    numerator = away_from_zero(1 + d / numerator);
    double factor = numerator * denominator;
    value *= factor;
    if (fabs(factor - 1) < DBL_EPSILON)
      break;
  }
  return value;
}

/* log x, given also y = 1 - x. */
static double log_part(double x, double y)
{
  return y < 0.5 ? log1p(-y) : log(x);
}

static double incomplete_beta(double x, double y, double a, double b)
{
  if (x <= 0)
    return 0;
  if (y <= 0)
    return 1;
  double front = exp(a * log_part(x, y) + b * log_part(y, x) - gsl_sf_lnbeta(a, b));
  if (x < (a + 1) / (a + b + 2))
    return fmin(front / (a * continued_fraction(x, a, b)), 1);
  return fmax(1 - front / (b * continued_fraction(y, b, a)), 0);
}

double f_upper(double f, double df1, double df2)
{
  if (isnan(f) || !(df1 > 0) || !(df2 > 0) || isinf(df1) || isinf(df2))
    return (double)NAN;
  if (f <= 0)
    return 1;
  if (isinf(f))
    return 0;
  double odds = f * df1 / df2; /* x = 1 / (1 + odds) */
  return incomplete_beta(1 / (1 + odds), isinf(odds) ? 1 : odds / (1 + odds), df2 / 2, df1 / 2);
}

double student_two_sided(double t, double df)
{
  return f_upper(t * t, 1, df);
}
