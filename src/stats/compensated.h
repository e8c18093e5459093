/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sums and products over millions of terms that keep the digits which rounding would lose. */
#ifndef KAPLAN_STATS_COMPENSATED_H
#define KAPLAN_STATS_COMPENSATED_H

#include <math.h>

/* A difference of sums of weights under this part of them is what rounding left of nothing. */
#define COMPENSATED_NEGLIGIBLE 1e-12

/* A sum and what rounding took from it; {0, 0} is the empty sum.  Its worth is sum + lost. */
struct compensated_sum {
  double sum, lost;
};

/* Neumaier's summation: the larger of the two tells which digits of the smaller were lost. */
static inline void compensated_add(struct compensated_sum *total, double term)
{
  double sum = total->sum + term;
  if (fabs(total->sum) >= fabs(term))
    total->lost += (total->sum - sum) + term;
  else
    total->lost += (term - sum) + total->sum;
  total->sum = sum;
}

/* Adds one sum to another. */
static inline void compensated_join(struct compensated_sum *total, const struct compensated_sum *part)
{
  compensated_add(total, part->sum);
  total->lost += part->lost;
}

static inline double compensated_value(const struct compensated_sum *total)
{
  return total->sum + total->lost;
}

/* A product and what rounding took from it; {1, 0} is the empty product.  Its worth is product + lost. */
struct compensated_product {
  double product, lost;
};

/* Multiplies by the quotient a / b of exact a and b: factor = fl(a / b) is off by remainder = (a - factor b) / b, the
 * new product by what fma() finds, and the old loss is scaled along. */
static inline void compensated_multiply(struct compensated_product *total, double a, double b)
{
  double factor = a / b, remainder = fma(-factor, b, a) / b;
  double product = total->product * factor;
  double rounding = fma(total->product, factor, -product);
  total->lost = total->lost * factor + rounding + total->product * remainder;
  total->product = product;
}

static inline double compensated_product_value(const struct compensated_product *total)
{
  return total->product + total->lost;
}

#endif
