/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From scores and their covariance to a chi-square. */
#ifndef KAPLAN_STATS_LOGRANK_STATISTIC_H
#define KAPLAN_STATS_LOGRANK_STATISTIC_H

#include "stats/logrank.h"

/* Sets statistic, df and p_value from expected, score and covariance (both triangles). */
void logrank_set_statistic(struct logrank_result *result);

#endif
