/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Analyses as tables and plots: the data tables of the contract, and their printed forms, for batch and screen alike. */
#ifndef KAPLAN_VERBS_PRESENT_H
#define KAPLAN_VERBS_PRESENT_H

#include "report/plot.h"
#include "report/printed.h"
#include "report/report.h"
#include "session/analysis.h"
#include "session/panels.h"
#include "session/state.h"

/* The curves as a plot; `logrank` (NULL allowed) becomes the note "log-rank p = 0.045", `panels` (NULL allowed) its panels.
 * The curves' arrays are the analysis's, borrowed, unless plot_own() copies them; those of the panels are copied.  The caller
 * frees it. */
struct plot *present_km_plot(const struct km_analysis *analysis, const struct km_panels *panels, const struct state *state,
                             const struct logrank_result *logrank);

/* Data table km_panels, and printed: in each panel each group's n, events and median, and the panel's test. */
struct table *present_km_panels(const struct km_analysis *analysis, const struct km_panels *panels);
struct printed_table *present_km_panels_printed(const struct km_analysis *analysis, const struct km_panels *panels,
                                                const struct state *state);

/* Times at which survival is told; `extend`: also beyond a group's last time, where its last value runs on. */
struct km_times {
  double *times;
  size_t n;
  bool extend;
};

/* Data tables km_curve, km_summary and, where `times` are given, km_at. */
struct table *present_km_curve(const struct km_analysis *analysis);
struct table *present_km_summary(const struct km_analysis *analysis);
struct table *present_km_at(const struct km_analysis *analysis, const struct km_times *times);

/* Printed: group, n, events, median (limits), quartiles, mean. */
struct printed_table *present_km_printed(const struct km_analysis *analysis, const struct state *state);
struct printed_table *present_km_at_printed(const struct km_analysis *analysis, const struct state *state,
                                            const struct km_times *times);

/* Survival at the times in each later group less that in the first, as table km_difference and printed: normal limits, p by
 * the squares of both standard errors. */
void present_km_differences(const struct km_analysis *analysis, const struct km_times *times, struct report *report);

/* One coefficient with what is printed of it: Wald's p and limits, or those of Firth's profile likelihood; NaN throughout
 * where it is not estimable, or where the model has no such column. */
struct cox_estimate {
  double beta, std_error, z, p, hr, low, high;
};
struct cox_estimate present_estimate(const struct cox_analysis *analysis, size_t column);

/* More residuals of a proportionality test than that, events times coefficients, are asked for with `residuals`, not added to it. */
enum { ZPH_MOST_RESIDUALS = 1000000 };

/* Data tables cox_terms and cox_fit. */
struct table *present_cox_terms(const struct cox_analysis *analysis);
struct table *present_cox_fit(const struct cox_analysis *analysis);

/* The terms under another id: screen_multivariate. */
struct table *present_cox_terms_as(const char *id, const struct cox_analysis *analysis);

/* How a term, and its reference level (NULL: it has none), are displayed.  Borrowed. */
const char *present_term_label(const struct cox_analysis *analysis, const struct state *state, size_t term);
const char *present_reference_label(const struct cox_analysis *analysis, const struct state *state, size_t term);

/* Data table cox_baseline: each stratum's cumulative hazard and survival with numeric covariates at 0 and factors at their
 * reference. */
struct table *present_cox_baseline(const struct cox_analysis *analysis);

/* Printed: term and level, n, events, `ratio` (limits), p, without notes: for models of other kinds, too. */
struct printed_table *present_cox_estimates(const char *title, const char *ratio, const struct cox_analysis *analysis,
                                            const struct state *state);

/* Printed: term and level, n, events, hazard ratio (limits), p; the fit beneath as notes. */
struct printed_table *present_cox_printed(const struct cox_analysis *analysis, const struct state *state);

#endif
