/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/kept_model.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/text.h"

enum { WAIT_NANOSECONDS = 20 * 1000 * 1000 }; /* between two looks at whether the wait was cancelled */

/* What a fit depends on.  `text` has the formula, the options and the names of the other columns; `columns` are those that
 * it names, in the order in which it does. */
struct fit_key {
  char *text;
  struct column **columns;
  size_t n_columns;
  struct endpoint *endpoint;
  struct row_set *on_view;
  struct bitmap condition; /* without words where there is none */
};

struct kept_model {
  atomic_uint references;
  pthread_mutex_t lock; /* of all below */
  pthread_cond_t changed;
  struct fit_key key; /* of the fit, or of the one under way */
  const struct cox_analysis *analysis;
  bool is_fitting;
  unsigned long turn; /* of the fit under way: one that was dropped or overtaken finds another one here */
  size_t n_fits;
};

/* ---- keys ---- */

static void key_clear(struct fit_key *key)
{
  free(key->text);
  for (size_t i = 0; i < key->n_columns; i++)
    column_release(key->columns[i]);
  free(key->columns);
  endpoint_release(key->endpoint);
  row_set_release(key->on_view);
  bitmap_clear(&key->condition);
  *key = (struct fit_key){.text = NULL};
}

/* What walks the names. */
struct collector {
  struct fit_key *key;
  const struct cohort *cohort;
  bool all_known;
};

static void collect(const char *name, void *data)
{
  struct collector *collector = data;
  struct fit_key *key = collector->key;
  const struct column *column = cohort_find_column(collector->cohort, name);
  if (!column) {
    collector->all_known = false;
    return;
  }
  key->columns = memory_resize(key->columns, key->n_columns + 1, sizeof *key->columns);
  key->columns[key->n_columns++] = column_retain(column);
}

static void append_request(const struct cox_request *request, struct text *text)
{
  const struct cox_options *options = &request->options;
  formula_append(text, request->formula);
  text_append_format(text, "\n%d %d %d %d %.17g %d %.17g", (int)options->ties, (int)options->weight_kind, options->robust,
                     request->firth, options->level, options->max_iterations, options->enough);
  text_append_format(text, "\nweights %s\ncluster %s", request->weights ? request->weights : "",
                     request->cluster ? request->cluster : "");
}

/* False where a name is unknown: then there is nothing to be found. */
static bool key_init(struct fit_key *key, const struct state *state, const struct cox_request *request)
{
  *key = (struct fit_key){.text = NULL};
  if (!state->cohort || !state_endpoint(state))
    return false;
  struct text text = TEXT_INIT;
  struct collector collector = {key, state->cohort, true};
  const struct formula *formula = request->formula;
  append_request(request, &text);
  key->text = text_take(&text);
  for (size_t i = 0; i < formula->n_variables; i++)
    expr_each_column(formula->variables[i].expr, collect, &collector);
  for (size_t i = 0; i < formula->n_strata; i++)
    expr_each_column(formula->strata[i], collect, &collector);
  if (request->weights)
    collect(request->weights, &collector);
  if (request->cluster)
    collect(request->cluster, &collector);
  key->endpoint = endpoint_retain(state_endpoint(state));
  key->on_view = row_set_retain(state->on_view);
  if (request->condition)
    bitmap_copy(&key->condition, request->condition);
  if (!collector.all_known)
    key_clear(key);
  return collector.all_known;
}

static bool bitmap_equal(const struct bitmap *a, const struct bitmap *b)
{
  if (!a->words || !b->words)
    return !a->words && !b->words;
  return a->n == b->n && memcmp(a->words, b->words, (a->n + 63) / 64 * sizeof *a->words) == 0;
}

static bool key_equal(const struct fit_key *a, const struct fit_key *b)
{
  return a->text && b->text && strcmp(a->text, b->text) == 0 && a->n_columns == b->n_columns &&
         (!a->n_columns || memcmp(a->columns, b->columns, a->n_columns * sizeof(struct column *)) == 0) &&
         a->endpoint == b->endpoint &&
         (a->on_view == b->on_view ||
          (a->on_view->count == b->on_view->count && bitmap_equal(&a->on_view->rows, &b->on_view->rows))) &&
         bitmap_equal(&a->condition, &b->condition);
}

/* ---- life ---- */

struct kept_model *kept_model_new(void)
{
  struct kept_model *kept = memory_new(1, sizeof *kept);
  atomic_init(&kept->references, 1);
  pthread_mutex_init(&kept->lock, NULL);
  pthread_cond_init(&kept->changed, NULL);
  return kept;
}

struct kept_model *kept_model_retain(struct kept_model *kept)
{
  if (kept)
    atomic_fetch_add(&kept->references, 1);
  return kept;
}

void kept_model_release(struct kept_model *kept)
{
  if (!kept || atomic_fetch_sub(&kept->references, 1) != 1)
    return;
  cox_analysis_release(kept->analysis);
  key_clear(&kept->key);
  pthread_mutex_destroy(&kept->lock);
  pthread_cond_destroy(&kept->changed);
  free(kept);
}

/* Locked: takes the fit away; what is let go of is cleared by the caller when the lock is off. */
static void empty(struct kept_model *kept, struct fit_key *key, const struct cox_analysis **analysis)
{
  *key = kept->key;
  *analysis = kept->analysis;
  kept->key = (struct fit_key){.text = NULL};
  kept->analysis = NULL;
  kept->is_fitting = false;
  kept->turn++;
  pthread_cond_broadcast(&kept->changed);
}

void kept_model_drop(struct kept_model *kept)
{
  struct fit_key key;
  const struct cox_analysis *analysis;
  if (!kept)
    return;
  pthread_mutex_lock(&kept->lock);
  empty(kept, &key, &analysis);
  pthread_mutex_unlock(&kept->lock);
  key_clear(&key);
  cox_analysis_release(analysis);
}

bool kept_model_has_fit(struct kept_model *kept)
{
  pthread_mutex_lock(&kept->lock);
  const bool has = kept->analysis != NULL;
  pthread_mutex_unlock(&kept->lock);
  return has;
}

size_t kept_model_count_fits(struct kept_model *kept)
{
  pthread_mutex_lock(&kept->lock);
  const size_t n = kept->n_fits;
  pthread_mutex_unlock(&kept->lock);
  return n;
}

/* ---- finding and fitting ---- */

static void wait_a_little(struct kept_model *kept)
{
  struct timespec until;
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += WAIT_NANOSECONDS;
  until.tv_sec += until.tv_nsec / 1000000000;
  until.tv_nsec %= 1000000000;
  pthread_cond_timedwait(&kept->changed, &kept->lock, &until);
}

/* The fit that is there, or that another thread is at, with a reference; NULL where it is to be made or the wait for it was
 * cancelled. */
static const struct cox_analysis *find(struct kept_model *kept, const struct fit_key *key, struct task *task)
{
  const struct cox_analysis *found = NULL;
  pthread_mutex_lock(&kept->lock);
  while (kept->is_fitting && key_equal(&kept->key, key) && !task_is_cancelled(task))
    wait_a_little(kept);
  if (kept->analysis && key_equal(&kept->key, key))
    found = cox_analysis_retain(kept->analysis);
  pthread_mutex_unlock(&kept->lock);
  return found;
}

/* Says that this is being fitted from now on; what was kept goes first, so that there are never two.  Takes over the key. */
static unsigned long begin(struct kept_model *kept, struct fit_key *key)
{
  struct fit_key former;
  const struct cox_analysis *analysis;
  pthread_mutex_lock(&kept->lock);
  empty(kept, &former, &analysis);
  kept->key = *key;
  kept->is_fitting = true;
  kept->n_fits++;
  const unsigned long turn = kept->turn;
  pthread_mutex_unlock(&kept->lock);
  key_clear(&former);
  cox_analysis_release(analysis);
  return turn;
}

/* Keeps the fit (NULL: it came to nothing) unless it was dropped or overtaken. */
static void end(struct kept_model *kept, unsigned long turn, const struct cox_analysis *analysis)
{
  pthread_mutex_lock(&kept->lock);
  if (kept->turn == turn) {
    kept->is_fitting = false;
    kept->analysis = analysis ? cox_analysis_retain(analysis) : NULL;
    pthread_cond_broadcast(&kept->changed);
  }
  pthread_mutex_unlock(&kept->lock);
}

enum status cox_analyse_apart(const struct state *state, const struct cox_request *request, struct task *task,
                              const struct cox_analysis **analysis, struct error *error)
{
  *analysis = NULL;
  struct cox_analysis *fitted = memory_new(1, sizeof *fitted);
  enum status status = cox_analyse(state, request, task, fitted, error);
  if (status) {
    free(fitted);
    return status;
  }
  atomic_init(&fitted->references, 1);
  *analysis = fitted;
  return STATUS_OK;
}

enum status cox_analyse_shared(const struct state *state, const struct cox_request *request, struct task *task,
                               const struct cox_analysis **analysis, struct error *error)
{
  struct fit_key key;
  if (!state->kept || !key_init(&key, state, request))
    return cox_analyse_apart(state, request, task, analysis, error);
  *analysis = find(state->kept, &key, task);
  if (*analysis || task_is_cancelled(task)) {
    key_clear(&key);
    return *analysis ? STATUS_OK : STATUS_CANCELLED;
  }
  const unsigned long turn = begin(state->kept, &key);
  enum status status = cox_analyse_apart(state, request, task, analysis, error);
  end(state->kept, turn, *analysis);
  return status;
}
