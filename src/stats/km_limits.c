/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/km_limits.h"

#include <math.h>

/* The probability with the logit x, without the cancellation of 1 - 1 / (1 + exp(x)). */
static double inverse_logit(double x)
{
  return 1 / (1 + exp(-x));
}

static double square(double x)
{
  return x * x;
}

/* By the delta method: the error of g(S) is |g'(S)| S log_error.
 *   plain    S                    S
 *   log      log S                1
 *   log-log  log(-log S)          1 / log S
 *   logit    log(S / (1 - S))     1 / (1 - S)
 *   arcsin   asin(sqrt S)         sqrt(S / (1 - S)) / 2          each times log_error */
struct survival_limits survival_limits(enum confidence_type type, double estimate, double log_error, double z)
{
  struct survival_limits limits = {NAN, NAN};
  bool inner = estimate > 0 && estimate < 1;
  if (!(estimate > 0) || (!inner && type != CONF_LOG && type != CONF_PLAIN))
    return limits;
  double half = z * log_error, middle;
  switch (type) {
  case CONF_PLAIN:
    limits.low = fmax(estimate - half * estimate, 0);
    limits.high = fmin(estimate + half * estimate, 1);
    break;
  case CONF_LOG:
    limits.low = estimate * exp(-half);
    limits.high = fmin(estimate * exp(half), 1);
    break;
  case CONF_LOG_LOG: /* log S < 0: S^exp(+) is the lower limit */
    half /= -log(estimate);
    limits.low = pow(estimate, exp(half));
    limits.high = pow(estimate, exp(-half));
    break;
  case CONF_LOGIT:
    half /= 1 - estimate;
    middle = log(estimate / (1 - estimate));
    limits.low = inverse_logit(middle - half);
    limits.high = inverse_logit(middle + half);
    break;
  case CONF_ARCSIN: /* the angle stays within 0 and a right angle */
    half *= sqrt(estimate / (1 - estimate)) / 2;
    middle = asin(sqrt(estimate));
    limits.low = square(sin(fmax(middle - half, 0)));
    limits.high = square(sin(fmin(middle + half, M_PI_2)));
    break;
  }
  return limits;
}
