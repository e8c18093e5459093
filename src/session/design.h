/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The design matrix of a formula: R's treatment contrasts.
 *
 * A factor gives a column for each level but its reference; an interaction gives the products (a factor whose margin is not
 * in the model keeps all its levels, as R's model.matrix()).  Levels without a row in the analysis are left out. */
#ifndef KAPLAN_SESSION_DESIGN_H
#define KAPLAN_SESSION_DESIGN_H

#include "base/bitmap.h"
#include "base/error.h"
#include "lang/formula.h"
#include "session/state.h"

/* The formula's variables computed for every row of the cohort. */
struct model_frame {
  struct column **variables; /* one a variable of the formula: factors where the model wants them */
  struct column **strata;
  size_t n_variables, n_strata;
  struct bitmap complete; /* rows without a missing value in any */
};

/* Computes them; fails where an expression or a reference level does not fit.  The caller clears *frame. */
enum status model_frame_build(const struct formula *formula, const struct cohort *cohort, struct model_frame *frame,
                              struct error *error);
void model_frame_clear(struct model_frame *frame);

struct design_column {
  size_t term;  /* of the formula */
  char *level;  /* "NR", "yes:G2"; NULL for a numeric term */
  char *label;  /* for people */
  char **levels; /* of each variable of the term: the level that the column marks; NULL for a number */
  size_t n_levels;
  double n, n_events; /* patients of the analysis on which it is not 0 (a frequency counts as many); by cox_analyse() */
};

/* A term's reference row for printing; several for interactions of factors are not listed. */
struct design_term {
  char *reference; /* the reference level's name, or NULL */
  size_t first, n_columns;
};

struct design {
  size_t n_rows, n_columns;
  double *x; /* row-major */
  struct design_column *columns;
  struct design_term *terms; /* one a term of the formula */
  size_t n_terms;
  char **warnings; /* levels left out, references replaced, constant terms */
  size_t n_warnings, warnings_capacity;
};

/* The matrix for the n rows (of the cohort) listed. */
enum status design_build(const struct formula *formula, const struct model_frame *frame, const uint32_t *rows, size_t n,
                         struct design *design, struct error *error);
void design_clear(struct design *design);

/* The covariates of one row of another frame of the same formula (other patients), coded as `design` is, into
 * covariates[n_columns].  Fails where a factor has a level there that the design does not know. */
enum status design_row(const struct design *design, const struct formula *formula, const struct model_frame *frame,
                       size_t row, double *covariates, struct error *error);

#endif
