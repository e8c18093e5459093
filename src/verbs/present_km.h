/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tables and the plot of Kaplan–Meier curves share; for present_km*.c only. */
#ifndef KAPLAN_VERBS_PRESENT_KM_H
#define KAPLAN_VERBS_PRESENT_KM_H

#include "base/text.h"
#include "session/analysis.h"

/* "122 (70–NR)": a time with its limits. */
void present_append_quantile(struct text *text, const struct km_quantile *quantile);

/* What the groups are of: "surgery", "surgery, sex", or "group" for the whole cohort. */
void present_append_grouping(struct text *text, const struct state *state, const struct km_analysis *analysis);

/* Unit of time: the setting, else the endpoint's; "" where there is none. */
const char *present_unit(const struct state *state);

#endif
