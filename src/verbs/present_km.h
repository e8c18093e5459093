/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tables and the plot of Kaplan–Meier curves share; for present_km*.c only. */
#ifndef KAPLAN_VERBS_PRESENT_KM_H
#define KAPLAN_VERBS_PRESENT_KM_H

#include "base/text.h"
#include "session/analysis.h"

/* A time, and what stands between it and the one before it: no dash runs into a minus sign. */
void present_append_upper(struct text *text, double time, int decimals);

/* "31.4 ± 2.1": a restricted mean with its standard error; NE where there is none. */
void present_append_mean(struct text *text, const struct km_mean *mean);

/* The sentence that says how far restricted means go, under the state's settings; `tau` is the common limit, NaN where there
 * is none. */
void present_append_mean_limit(struct text *text, const struct state *state, double tau);

/* "122 (70–NR)": a time with its limits. */
void present_append_quantile(struct text *text, const struct km_quantile *quantile);

/* What the groups are of: "surgery", "surgery, sex", or "group" for the whole cohort. */
void present_append_grouping(struct text *text, const struct state *state, const struct km_analysis *analysis);

/* Unit of time: the setting, else the endpoint's; "" where there is none. */
const char *present_unit(const struct state *state);

#endif
