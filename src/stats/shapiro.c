/* SPDX-License-Identifier: GPL-3.0-or-later */
/* W = (sum a_i x_(i))^2 / sum (x_i - mean)^2 with Royston's approximate weights, and its p-value through a normal
 * score.
 *
 * The weights are antisymmetric: of the upper half they are a_n = weight[0], a_(n-1) = weight[1], … */
#include "stats/shapiro.h"

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <math.h>
#include <stdlib.h>

#include "base/memory.h"

/* coefficient[0] + coefficient[1] x + … */
static double polynomial(const double *coefficient, size_t count, double x)
{
  double value = 0;
  while (count-- > 0)
    value = value * x + coefficient[count];
  return value;
}

#define POLYNOMIAL(coefficients, x) polynomial((coefficients), sizeof(coefficients) / sizeof *(coefficients), (x))

/* 1. the expected normal order statistics, Blom's scores m_i; 2. the outermost one or two weights from the paper's
 * polynomials; 3. the others in proportion to m so that all squares sum to 1. */
static double *weights_of(size_t n)
{
  static const double first[] = {0, 0.221157, -0.147981, -2.07119, 4.434685, -2.706056};
  static const double second[] = {0, 0.042981, -0.293762, -1.752461, 5.682633, -3.582633};
  size_t half = n / 2, outer = n > 5 ? 2 : 1;
  double *weight = memory_new(half, sizeof *weight);
  if (n == 3) {
    weight[0] = M_SQRT1_2;
    return weight;
  }
  double squares = 0, place = 1 / sqrt((double)n);
  for (size_t i = 0; i < half; i++) {
    weight[i] = -gsl_cdf_ugaussian_Pinv(((double)(i + 1) - 0.375) / ((double)n + 0.25));
    squares += 2 * weight[i] * weight[i];
  }
  double length = sqrt(squares), rest = squares, share = 1;
  for (size_t i = 0; i < outer; i++) {
    double score = weight[i];
    weight[i] = score / length + (i == 0 ? POLYNOMIAL(first, place) : POLYNOMIAL(second, place));
    rest -= 2 * score * score;
    share -= 2 * weight[i] * weight[i];
  }
  double scale = sqrt(rest / share);
  for (size_t i = outer; i < half; i++)
    weight[i] /= scale;
  return weight;
}

/* 1 - W, formed without the cancellation that W near 1 would bring.  The values are taken from the middle one and
 * divided by their range. */
static double complement_of_w(const double *sorted, size_t n)
{
  double *weight = weights_of(n);
  double middle = sorted[n / 2], range = sorted[n - 1] - sorted[0], mean = 0;
  for (size_t i = 0; i < n; i++)
    mean += (sorted[i] - middle) / range / (double)n;
  double products = 0, squares = 0, length = 0;
  for (size_t i = 0; i < n; i++) {
    double deviation = (sorted[i] - middle) / range - mean;
    double a = i < n / 2 ? -weight[i] : i >= n - n / 2 ? weight[n - 1 - i] : 0;
    products += a * deviation;
    squares += deviation * deviation;
    length += a * a;
  }
  free(weight);
  double root = sqrt(length * squares);
  return (root - products) * (root + products) / (length * squares);
}

/* P of a W as low as this: exact for n = 3, else log(1 - W) (for n <= 11 after a further transformation) is taken as
 * normal with the paper's mean and standard deviation. */
static double p_value_of(double complement, size_t n)
{
  static const double limit[] = {-2.273, 0.459};
  static const double small_mean[] = {0.5440, -0.39978, 0.025054, -6.714e-4};
  static const double small_deviation[] = {1.3822, -0.77857, 0.062767, -0.0020322};
  static const double mean[] = {-1.5861, -0.31082, -0.083751, 0.0038915};
  static const double deviation[] = {-0.4803, -0.082676, 0.0030302};
  double size = (double)n, score = log(complement);
  if (n == 3) {
    double p = 6 / M_PI * (asin(sqrt(1 - complement)) - M_PI / 3);
    return p < 8 * DBL_EPSILON ? 0 : p; /* W is at least 0.75 */
  }
  if (n <= 11) {
    double bound = POLYNOMIAL(limit, size);
    if (score >= bound)
      return 1e-99; /* R's word for "beyond what the transformation knows" */
    score = -log(bound - score);
    return gsl_cdf_ugaussian_Q((score - POLYNOMIAL(small_mean, size)) / exp(POLYNOMIAL(small_deviation, size)));
  }
  double log_size = log(size);
  return gsl_cdf_ugaussian_Q((score - POLYNOMIAL(mean, log_size)) / exp(POLYNOMIAL(deviation, log_size)));
}

struct shapiro shapiro_wilk(const double *sorted, size_t n)
{
  struct shapiro result = {(double)NAN, (double)NAN};
  if (n < SHAPIRO_MIN_N || n > SHAPIRO_MAX_N)
    return result;
  double range = sorted[n - 1] - sorted[0];
  if (!(range > 0) || isinf(range))
    return result;
  double complement = fmax(complement_of_w(sorted, n), 0);
  result.w = 1 - complement;
  result.p_value = complement > 0 ? p_value_of(complement, n) : 1;
  return result;
}
