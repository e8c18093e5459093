/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/selection.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "stats/distribution.h"
#include "stats/quadratic.h"

/* ---- models of some terms ---- */

static size_t count_columns(const struct design *design, const bool *is_in, size_t last)
{
  size_t n = 0;
  for (size_t t = 0; t < design->n_terms; t++)
    n += is_in[t] && t != last ? design->terms[t].n_columns : 0;
  return n + (last < design->n_terms ? design->terms[last].n_columns : 0);
}

/* The columns of the terms that are in, row-major, those of the term `last` (n_terms: none) behind the others. */
static double *copy_columns(const struct design *design, const bool *is_in, size_t last)
{
  const size_t width = count_columns(design, is_in, last);
  double *x = memory_resize(NULL, design->n_rows * width + 1, sizeof *x);
  size_t at = 0;
  for (size_t k = 0; k <= design->n_terms; k++) {
    const size_t t = k < design->n_terms ? k : last;
    if (t == design->n_terms || (k < design->n_terms && (!is_in[t] || t == last)))
      continue;
    const struct design_term *term = &design->terms[t];
    for (size_t i = 0; i < design->n_rows; i++)
      memcpy(x + i * width + at, design->x + i * design->n_columns + term->first, term->n_columns * sizeof *x);
    at += term->n_columns;
  }
  return x;
}

enum status selection_fit(const struct cox_analysis *prepared, const bool *is_in, struct task *task,
                          struct cox_model *model, struct error *error)
{
  const struct design *design = &prepared->design;
  double *x = copy_columns(design, is_in, design->n_terms);
  enum status status = cox_fit(&prepared->gathered.data, x, count_columns(design, is_in, design->n_terms),
                               &prepared->options, task, model, error);
  free(x);
  return status;
}

struct score_test cox_term_wald(const struct cox_model *model, size_t first, size_t n_columns)
{
  struct score_test test = {.statistic = (double)NAN, .p_value = (double)NAN};
  size_t *columns = memory_new(n_columns, sizeof *columns), n = 0;
  for (size_t c = first; c < first + n_columns; c++)
    if (model->state[c] != COEFFICIENT_ALIASED)
      columns[n++] = c;
  double *beta = memory_new(n, sizeof *beta), *covariance = memory_new(n * n, sizeof *covariance);
  for (size_t i = 0; i < n; i++) {
    beta[i] = model->beta[columns[i]];
    for (size_t j = 0; j < n; j++)
      covariance[i * n + j] = model->covariance[columns[i] * model->n_columns + columns[j]];
  }
  test.statistic = quadratic_form_inverse(covariance, beta, n, &test.df);
  test.p_value = chi_square_upper(test.statistic, test.df);
  free(columns);
  free(beta);
  free(covariance);
  return test;
}

/* ---- the walk ---- */

struct walk {
  const struct cox_analysis *prepared;
  const struct selection_options *options;
  const bool *is_forced;
  struct task *task;
  struct error *error;
  struct selection_path *path;
  struct cox_model model; /* of the terms now in */
  bool has_model;
  size_t *order; /* the terms in, in the order they came */
  size_t n_in, n_terms;
};

static bool is_forced(const struct walk *walk, size_t term)
{
  return walk->is_forced && walk->is_forced[term];
}

static enum status refit(struct walk *walk)
{
  if (walk->has_model)
    cox_model_clear(&walk->model);
  enum status status =
      selection_fit(walk->prepared, walk->path->is_in, walk->task, &walk->model, walk->error);
  walk->has_model = !status;
  return status;
}

static double aic_of(const struct cox_model *model)
{
  return 2 * model->df - 2 * model->loglik;
}

static void put_in(struct walk *walk, size_t term)
{
  walk->path->is_in[term] = true;
  walk->order[walk->n_in++] = term;
}

static void take_out(struct walk *walk, size_t term)
{
  size_t kept = 0;
  walk->path->is_in[term] = false;
  for (size_t i = 0; i < walk->n_in; i++)
    if (walk->order[i] != term)
      walk->order[kept++] = walk->order[i];
  walk->n_in = kept;
}

/* Makes the change, fits, and notes it. */
static enum status change(struct walk *walk, bool enters, size_t term, const struct score_test *test)
{
  if (enters)
    put_in(walk, term);
  else
    take_out(walk, term);
  if (refit(walk))
    return STATUS_ERROR;
  struct selection_step step = {enters, term, test->statistic, test->df, test->p_value, aic_of(&walk->model)};
  MEMORY_APPEND(walk->path->steps, walk->path->n_steps, walk->path->capacity, step);
  return STATUS_OK;
}

/* Where a term's columns begin in the current model. */
static size_t first_column(const struct walk *walk, size_t term)
{
  size_t first = 0;
  for (size_t t = 0; t < term; t++)
    first += walk->path->is_in[t] ? walk->prepared->design.terms[t].n_columns : 0;
  return first;
}

static enum status likelihood_ratio(struct walk *walk, size_t term, struct score_test *test)
{
  struct cox_model without;
  walk->path->is_in[term] = false;
  enum status status = selection_fit(walk->prepared, walk->path->is_in, walk->task, &without, walk->error);
  walk->path->is_in[term] = true;
  if (status)
    return status;
  test->statistic = fmax(2 * (walk->model.loglik - without.loglik), 0);
  test->df = walk->model.df - without.df;
  test->p_value = chi_square_upper(test->statistic, test->df);
  cox_model_clear(&without);
  return STATUS_OK;
}

/* Removes while the greatest p is above the limit.  A term whose coefficients are all aliased goes first. */
static enum status remove_due(struct walk *walk)
{
  for (;;) {
    size_t worst = walk->n_terms;
    struct score_test worst_test = {.p_value = -1};
    for (size_t i = 0; i < walk->n_in; i++) {
      const size_t term = walk->order[i];
      struct score_test test;
      if (is_forced(walk, term))
        continue;
      if (walk->options->criterion == SELECT_LR) {
        if (likelihood_ratio(walk, term, &test))
          return STATUS_ERROR;
      } else {
        test = cox_term_wald(&walk->model, first_column(walk, term), walk->prepared->design.terms[term].n_columns);
      }
      const double p = isnan(test.p_value) ? 1 : test.p_value;
      if (p > worst_test.p_value) {
        worst = term;
        worst_test = test;
        worst_test.p_value = p;
      }
    }
    if (worst == walk->n_terms || worst_test.p_value <= walk->options->remove)
      return STATUS_OK;
    if (change(walk, false, worst, &worst_test))
      return STATUS_ERROR;
  }
}

static enum status score_of(const struct walk *walk, size_t term, struct score_test *test)
{
  const struct cox_analysis *prepared = walk->prepared;
  double *x = copy_columns(&prepared->design, walk->path->is_in, term);
  const size_t width = count_columns(&prepared->design, walk->path->is_in, term);
  enum status status = cox_score_test(&prepared->gathered.data, x, width, prepared->design.terms[term].n_columns,
                                      walk->model.beta, &prepared->options, walk->task, test);
  free(x);
  return status;
}

/* Enters the term with the smallest p under the limit; *entered tells whether there was one. */
static enum status enter_best(struct walk *walk, bool *entered)
{
  size_t best = walk->n_terms;
  struct score_test best_test = {.p_value = (double)INFINITY};
  for (size_t t = 0; t < walk->n_terms; t++) {
    struct score_test test;
    if (walk->path->is_in[t])
      continue;
    if (score_of(walk, t, &test))
      return STATUS_CANCELLED;
    if (test.p_value < best_test.p_value) {
      best = t;
      best_test = test;
    }
  }
  *entered = best < walk->n_terms && best_test.p_value < walk->options->enter;
  return *entered ? change(walk, true, best, &best_test) : STATUS_OK;
}

/* A term that left right after it entered would come again for ever. */
static bool turns_in_circles(const struct selection_path *path)
{
  const size_t n = path->n_steps;
  return n >= 2 && !path->steps[n - 1].enters && path->steps[n - 2].enters &&
         path->steps[n - 1].term == path->steps[n - 2].term;
}

static enum status walk_by_tests(struct walk *walk)
{
  if (walk->options->direction == SELECT_BACKWARD && remove_due(walk))
    return STATUS_ERROR;
  const size_t limit = 10 * walk->n_terms + 10;
  for (bool entered = true; entered;) {
    if (enter_best(walk, &entered))
      return STATUS_ERROR;
    if (!entered)
      return STATUS_OK;
    if (remove_due(walk))
      return STATUS_ERROR;
    walk->path->cycled = turns_in_circles(walk->path) || walk->path->n_steps > limit;
    if (walk->path->cycled)
      return STATUS_OK;
  }
  return STATUS_OK;
}

/* The AIC after the change of one term. */
static enum status aic_after(struct walk *walk, size_t term, double *aic)
{
  struct cox_model changed;
  walk->path->is_in[term] = !walk->path->is_in[term];
  enum status status = selection_fit(walk->prepared, walk->path->is_in, walk->task, &changed, walk->error);
  walk->path->is_in[term] = !walk->path->is_in[term];
  if (status)
    return status;
  *aic = aic_of(&changed);
  cox_model_clear(&changed);
  return STATUS_OK;
}

static enum status walk_by_aic(struct walk *walk)
{
  const struct score_test none = {(double)NAN, (double)NAN, (double)NAN};
  for (;;) {
    size_t best = walk->n_terms;
    double best_aic = aic_of(&walk->model) - 1e-9;
    for (size_t t = 0; t < walk->n_terms; t++) {
      const bool is_in = walk->path->is_in[t];
      double aic;
      if ((is_in && (walk->options->direction == SELECT_FORWARD || is_forced(walk, t))) ||
          (!is_in && walk->options->direction == SELECT_BACKWARD))
        continue;
      if (aic_after(walk, t, &aic))
        return STATUS_ERROR;
      if (aic < best_aic) {
        best = t;
        best_aic = aic;
      }
    }
    if (best == walk->n_terms)
      return STATUS_OK;
    if (change(walk, !walk->path->is_in[best], best, &none))
      return STATUS_ERROR;
  }
}

enum status selection_run(const struct cox_analysis *prepared, const struct selection_options *options,
                          const bool *forced, struct task *task, struct selection_path *path, struct error *error)
{
  const size_t n_terms = prepared->design.n_terms;
  *path = (struct selection_path){.is_in = memory_new(n_terms, sizeof *path->is_in)};
  struct walk walk = {
      .prepared = prepared,
      .options = options,
      .is_forced = forced,
      .task = task,
      .error = error,
      .path = path,
      .order = memory_new(n_terms, sizeof *walk.order),
      .n_terms = n_terms,
  };
  for (size_t t = 0; t < n_terms; t++)
    if (options->direction == SELECT_BACKWARD || is_forced(&walk, t))
      put_in(&walk, t);
  enum status status = refit(&walk);
  path->start_aic = status ? (double)NAN : aic_of(&walk.model);
  if (!status)
    status = options->criterion == SELECT_AIC ? walk_by_aic(&walk) : walk_by_tests(&walk);
  if (walk.has_model)
    cox_model_clear(&walk.model);
  free(walk.order);
  if (status) {
    selection_path_clear(path);
    return task_is_cancelled(task) ? STATUS_CANCELLED : STATUS_ERROR;
  }
  return STATUS_OK;
}

void selection_path_clear(struct selection_path *path)
{
  free(path->steps);
  free(path->is_in);
  *path = (struct selection_path){.steps = NULL};
}
