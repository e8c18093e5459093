/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the explorer has computed beside the keys: posted to the thread, and handed to the pane it is for. */
#include "ui/explorer_internal.h"

static void take_errand(struct explorer *explorer, enum errand_kind kind, struct errand *errand)
{
  if (kind == ERRAND_PREVIEW)
    preview_take(explorer, errand);
  else if (kind == ERRAND_DESCRIPTION)
    description_take(explorer, errand);
  else
    frequency_take(explorer, errand);
}

void explorer_errand(struct explorer *explorer, enum errand_kind kind, const struct errand *errand)
{
  struct errand own = *errand;
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
