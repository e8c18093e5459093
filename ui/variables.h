/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variables as a tree: columns, and under an unfolded factor its levels; with counts of those on view and histograms,
 * each computed once a state and only for what is drawn. */
#ifndef KAPLAN_UI_VARIABLES_H
#define KAPLAN_UI_VARIABLES_H

#include <stdbool.h>

#include "session/state.h"

enum { HISTOGRAM_BINS = 8 };

/* One line of the tree. */
struct variable_line {
  size_t column; /* of the cohort */
  uint32_t code; /* 0: the variable; else its level */
};

struct variable_cache {
  const struct column *column; /* whose values were counted; borrowed from the state kept below */
  size_t *counts;              /* of a factor: by code, 0 = missing */
  bool *included;              /* of a factor: by code - 1, what the filter lets through */
  size_t bins[HISTOGRAM_BINS]; /* of a number */
  bool has_bins;
};

struct variables {
  struct state *state; /* what the lines and caches are of */
  struct variable_line *lines;
  size_t n_lines;
  struct variable_cache *caches; /* one a column */
  size_t n_caches;
  char **unfolded; /* names */
  size_t n_unfolded, unfolded_capacity;
};

/* Brings the tree to a state. */
void variables_follow(struct variables *variables, const struct state *state);
void variables_clear(struct variables *variables);

/* Whether a variable shows its levels; folds or unfolds it. */
bool variables_is_unfolded(const struct variables *variables, const char *name);
void variables_fold(struct variables *variables, const char *name, bool unfolded);

/* The line of a column, or of its level; n_lines where there is none. */
size_t variables_find(const struct variables *variables, size_t column, uint32_t code);

/* Counts on view of a factor's levels (by code), its included levels, a number's histogram; borrowed. */
const size_t *variables_counts(struct variables *variables, size_t column);
const bool *variables_included(struct variables *variables, size_t column);
const size_t *variables_histogram(struct variables *variables, size_t column);

#endif
