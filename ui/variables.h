/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variables as a tree: columns, and under an unfolded factor its levels; with counts of those on view and histograms.
 *
 * Values are counted once a set of patients on view, and only of what is drawn; where there are many patients beside the
 * keys (variables_ask), and what was counted before stands until then. */
#ifndef KAPLAN_UI_VARIABLES_H
#define KAPLAN_UI_VARIABLES_H

#include <stdbool.h>

#include "base/task.h"
#include "session/state.h"

enum { HISTOGRAM_BINS = 8 };

/* One line of the tree. */
struct variable_line {
  size_t column; /* of the cohort */
  uint32_t code; /* 0: the variable; else its level */
};

/* How often the values of a column occur among some patients. */
struct value_count {
  const struct column *column; /* retained; NULL: nothing was counted */
  const struct row_set *rows;  /* retained: among whom */
  size_t *counts;              /* of a factor: by code, 0 = missing */
  size_t bins[HISTOGRAM_BINS]; /* of a number: equal parts from the least to the greatest */
};

/* Counts; what was there is released.  Once the task is cancelled it stops at some row, and *count is left as it was. */
void value_count_fill(struct value_count *count, const struct column *column, const struct row_set *rows, struct task *task);
void value_count_clear(struct value_count *count);

struct variable_cache {
  struct value_count count;
  bool *included; /* of a factor: by code - 1, what the filter lets through */
  bool is_drawn;  /* in the last frame */
  bool is_wanted; /* it was to be drawn, and was not counted among those on view now */
  bool is_asked;  /* and variables_ask() has told so */
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

/* Brings the tree to a state.  Counts of columns that stay are kept: they are right where the patients on view are the same;
 * else what was drawn last is wanted. */
void variables_follow(struct variables *variables, const struct state *state);
void variables_clear(struct variables *variables);

/* Whether a variable shows its levels; folds or unfolds it. */
bool variables_is_unfolded(const struct variables *variables, const char *name);
void variables_fold(struct variables *variables, const char *name, bool unfolded);

/* The line of a column, or of its level; n_lines where there is none. */
size_t variables_find(const struct variables *variables, size_t column, uint32_t code);

/* A frame begins: what is asked for until the next is what is drawn. */
void variables_begin_frame(struct variables *variables);

/* Counts on view of a factor's levels (by code), a number's histogram; borrowed.  Of few patients they are counted at once; of
 * many they are noted as wanted, and what was counted last is given: NULL where nothing was. */
const size_t *variables_counts(struct variables *variables, size_t column);
const size_t *variables_histogram(struct variables *variables, size_t column);

/* A factor's included levels; borrowed. */
const bool *variables_included(struct variables *variables, size_t column);

/* Columns to be counted among the patients on view, of factors or of numbers. */
struct wanted_counts {
  bool numbers;
  const struct row_set *rows; /* retained */
  struct value_count *counts; /* those done have a column */
  const struct column **columns; /* retained */
  size_t n;
};

/* What is wanted of one kind and was not asked for yet, with all of that kind that is still to come; NULL where nothing is
 * new.  The caller frees it. */
struct wanted_counts *variables_ask(struct variables *variables, bool numbers);
void wanted_counts_do(struct wanted_counts *wanted, struct task *task); /* on any thread */
void variables_take(struct variables *variables, struct wanted_counts *wanted); /* what is out of date is left */
void wanted_counts_free(struct wanted_counts *wanted);

#endif
