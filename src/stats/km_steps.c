/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "stats/km_steps.h"

#include <math.h>

#include "base/memory.h"
#include "stats/compensated.h"

struct km_step *km_steps(const struct km_curve *curve, double until, size_t *n_steps, double *censored_after)
{
  struct compensated_sum greenwood = {0, 0};
  struct km_step *steps = NULL;
  size_t n = 0, capacity = 0;
  double censored = 0, estimate = 1;
  for (size_t j = 0; j < curve->n_times && curve->time[j] <= until; j++) {
    const double at_risk = curve->n_risk[j], d = curve->n_event[j], left = at_risk - d;
    if (d > 0 && estimate > 0) {
      const double term = left > 0 ? d / (at_risk * left) : (double)INFINITY;
      if (left > 0)
        compensated_add(&greenwood, term);
      const struct km_step step = {.time = curve->time[j],
                                   .n_risk = at_risk,
                                   .n_event = d,
                                   .n_censor = censored,
                                   .factor = left > 0 ? left / at_risk : 0,
                                   .estimate = curve->estimate[j],
                                   .greenwood_term = term,
                                   .greenwood = left > 0 ? compensated_value(&greenwood) : (double)INFINITY,
                                   .std_error = curve->std_error[j],
                                   .conf_low = curve->conf_low[j],
                                   .conf_high = curve->conf_high[j]};
      MEMORY_APPEND(steps, n, capacity, step);
      estimate = curve->estimate[j];
      censored = 0;
    }
    censored += curve->n_censor[j];
  }
  *n_steps = n;
  *censored_after = censored;
  return steps;
}
