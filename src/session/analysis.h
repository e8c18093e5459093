/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole analyses of a state, for verbs and screen alike: gather, fit, keep what both print.
 *
 * They read a state and nothing else, so a worker thread may run them on a retained state. */
#ifndef KAPLAN_SESSION_ANALYSIS_H
#define KAPLAN_SESSION_ANALYSIS_H

#include "base/task.h"
#include "session/design.h"
#include "session/gather.h"
#include "stats/cox.h"
#include "stats/cox_firth.h"
#include "stats/km.h"
#include "stats/logrank.h"

/* Kaplan–Meier curves of the groups with medians, means and follow-up. */
struct km_analysis {
  struct gathered gathered;
  struct km_curve *curves;
  struct km_summary {
    struct km_quantile median, q25, q75;
    struct km_mean mean;
    double tau;
    double followup_median;
  } *summaries;
  struct km_curve *overall; /* of all groups together, where there are more than are drawn over one another; else NULL */
  enum confidence_type conf;
  double level;
};

struct km_request {
  struct gather_request rows;
  enum confidence_type conf;
  double tau; /* NaN: by the settings' mean_limit */
};

/* Gathers, fits and summarises; the caller clears *analysis. */
enum status km_analyse(const struct state *state, const struct km_request *request, struct task *task,
                       struct km_analysis *analysis, struct error *error);
void km_analysis_clear(struct km_analysis *analysis);

/* Median, quartiles and mean of one of the curves of `data`, as the settings have them; the mean up to summary->tau, which
 * is set first, by the settings' mean_limit where it is NaN.  followup_median is not touched. */
void km_summarise(const struct settings *settings, const struct survival_data *data, const struct km_curve *curve,
                  struct km_summary *summary);

/* One log-rank test of the groups of an analysis's rows. */
enum status logrank_analyse(const struct gathered *gathered, const struct logrank_options *options, struct task *task,
                            struct logrank_result *result, struct error *error);

/* A Cox model. */
struct cox_request {
  const struct formula *formula;
  struct cox_options options;
  const char *weights; /* column of case or frequency weights, or NULL */
  const char *cluster; /* column, or NULL */
  const struct bitmap *condition;
  bool firth; /* penalised likelihood, with profile limits */
};

struct cox_analysis {
  atomic_uint references; /* of a shared one, which nobody changes; 0: it is its owner's, who clears it */
  struct formula formula; /* owned copy by text */
  struct gathered gathered;
  struct design design;
  struct cox_model model; /* penalised where that was asked: coefficients, likelihoods and what follows from them */
  struct cox_firth firth; /* then its limits and p-values; else n_columns is 0 and beta NULL */
  struct cox_options options;
  uint32_t *clusters;  /* of each row, where options.cluster points; or NULL */
  size_t n_incomplete; /* rows on view left out for missing values */
  char **warnings;     /* separation, not converged, aliased, few events: each names its term */
  size_t n_warnings, warnings_capacity;
};

/* Computes the formula's variables, gathers the complete rows and builds the design, but does not fit: the model is
 * empty.  The caller clears *analysis. */
enum status cox_prepare(const struct state *state, const struct cox_request *request, struct cox_analysis *analysis,
                        struct error *error);

/* The same, and fits; the caller clears *analysis. */
enum status cox_analyse(const struct state *state, const struct cox_request *request, struct task *task,
                        struct cox_analysis *analysis, struct error *error);
void cox_analysis_clear(struct cox_analysis *analysis);

/* Says in the analysis's warnings what its model's coefficients have become (infinite, aliased), how few events there are,
 * and that it did not converge: cox_analyse() has done so. */
void cox_analysis_warn(struct cox_analysis *analysis);

/* One more, one fewer holder of a shared analysis; the last release clears and frees it.  NULL is let through by release. */
const struct cox_analysis *cox_analysis_retain(const struct cox_analysis *analysis);
void cox_analysis_release(const struct cox_analysis *analysis);

/* The state's current model (state->model with its options) on the rows on view, fitted anew only where it is not the one that
 * was fitted last (kept_model.h).  STATUS_ERROR with a hint where there is no model.  The caller releases *analysis. */
enum status cox_analyse_current(const struct state *state, struct task *task, const struct cox_analysis **analysis,
                                struct error *error);

#endif
