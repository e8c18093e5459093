/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the explorer has computed beside the keys: posted to the thread, and handed to the pane it is for. */
#include "ui/explorer_internal.h"
#include "ui/split.h"

unsigned long explorer_n_asked(const struct explorer *explorer)
{
  return explorer->n_asked;
}

/* ---- results of the workers ---- */

void explorer_discard(struct explorer *explorer, struct screen_results *results)
{
  struct worker *worker = results && results->is_view ? explorer->view_worker : explorer->worker;
  if (worker)
    worker_discard(worker, results);
  else
    screen_results_free(results);
}

void explorer_results(struct explorer *explorer, struct screen_results *results)
{
  if (split_take(explorer, results))
    return;
  if (results->number < (results->is_view ? explorer->view_wanted : explorer->wanted)) {
    explorer_discard(explorer, results);
    return;
  }
  if (results->is_view) {
    explorer_discard(explorer, explorer->view_results);
    explorer->view_results = results;
    return;
  }
  struct screen_results *before = explorer->results;
  if (results->model_pending && before && before->has_model && !results->has_model) {
    results->model = before->model; /* the old table stands until the new one is there */
    results->has_model = true;
    before->model = NULL;
    before->has_model = false;
  }
  explorer_discard(explorer, before);
  explorer->results = results;
  if (results->model_failed)
    explorer_model_failed(explorer, results);
}

/* ---- errands ---- */

static void take_errand(struct explorer *explorer, enum errand_kind kind, struct errand *errand)
{
  static void (*const takers[ERRAND_KINDS])(struct explorer *, struct errand *) = {
      [ERRAND_LEVELS] = counts_take,
      [ERRAND_CUTS] = cuts_take,
      [ERRAND_PREVIEW] = preview_take,
      [ERRAND_SORT] = sheet_order_taken,
      [ERRAND_SEARCH] = sheet_search_take,
      [ERRAND_FREQUENCY_SEARCH] = frequency_search_take,
      [ERRAND_FREQUENCY] = frequency_take,
      [ERRAND_DESCRIPTION] = description_take,
      [ERRAND_HISTOGRAMS] = counts_take,
  };
  takers[kind](explorer, errand);
}

void explorer_errand(struct explorer *explorer, enum errand_kind kind, const struct errand *errand)
{
  struct errand own = *errand;
  explorer->n_asked++;
  if (explorer->errands) {
    errands_post(explorer->errands, kind, errand);
    return;
  }
  own.work(own.data, NULL);
  take_errand(explorer, kind, &own);
}

bool explorer_forget_errand(struct explorer *explorer, enum errand_kind kind)
{
  return explorer->errands && errands_cancel(explorer->errands, kind);
}

bool explorer_take_errands(struct explorer *explorer)
{
  bool any = false;
  for (int kind = 0; kind < ERRAND_KINDS; kind++) {
    struct errand errand;
    if (!errands_take(explorer->errands, (enum errand_kind)kind, &errand))
      continue;
    take_errand(explorer, (enum errand_kind)kind, &errand);
    any = true;
  }
  return any;
}

/* ---- counts of the variables ---- */

static void do_count(void *data, struct task *task)
{
  wanted_counts_do(data, task);
}

static void release_counts(void *data)
{
  wanted_counts_free(data);
}

void explorer_ask_counts(struct explorer *explorer)
{
  const struct screen_results *results = explorer->results; /* histograms take the cores from curves and model, and wait */
  const bool more_comes =
      explorer->worker && explorer->posted && (!results || results->number < explorer->wanted || results->model_pending);
  struct wanted_counts *levels = variables_ask(&explorer->variables, false);
  struct wanted_counts *numbers = more_comes ? NULL : variables_ask(&explorer->variables, true);
  if (levels)
    explorer_errand(explorer, ERRAND_LEVELS, &(struct errand){levels, do_count, release_counts});
  if (numbers)
    explorer_errand(explorer, ERRAND_HISTOGRAMS, &(struct errand){numbers, do_count, release_counts});
}

void counts_take(struct explorer *explorer, struct errand *errand)
{
  variables_take(&explorer->variables, errand->data);
  release_counts(errand->data);
}
