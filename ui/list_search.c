/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/list_search.h"

#include "base/text.h"

void list_search_tell(struct explorer *explorer, const char *needle, const struct list_search_result *result)
{
  struct text words = TEXT_INIT;
  if (result->is_found)
    text_append_format(&words, "%zu of %zu found", result->number, result->count);
  else
    text_append(&words, "not found here");
  explorer_say(explorer, result->is_found ? STYLE_TEXT : STYLE_WARNING, "/%s: %s", needle, text_string(&words));
  if (explorer->prompting)
    state_set_string(&explorer->preview, text_string(&words));
  text_clear(&words);
}

/* From the cursor's line on (step 0), behind it (1) or before it (-1). */
static void go(struct explorer *explorer, const struct list_search *search, const char *needle, int step)
{
  const size_t n = search->n;
  size_t found = 0, number = 0, at = n;
  const size_t start = n ? (search->list->cursor + (step < 0 ? n - 1 : (size_t)step)) % n : 0;
  for (size_t i = 0; i < n; i++)
    found += search->matches(explorer, i, needle);
  for (size_t i = 0; i < n && found && at == n; i++) {
    const size_t tried = (start + (step < 0 ? n - i : i)) % n;
    at = search->matches(explorer, tried, needle) ? tried : n;
  }
  for (size_t i = 0; at < n && i <= at; i++)
    number += search->matches(explorer, i, needle);
  search->list->cursor = at < n ? at : search->list->cursor;
  list_search_tell(explorer, needle, &(struct list_search_result){at < n, number, found});
}

void list_search(struct explorer *explorer, const struct list_search *search, int step)
{
  if (explorer->search)
    go(explorer, search, explorer->search, step);
}

void list_search_live(struct explorer *explorer, const struct list_search *search, const char *needle)
{
  if (!explorer->searching) {
    explorer->searching = true;
    explorer->search_row = search->list->cursor;
  }
  search->list->cursor = explorer->search_row;
  if (needle && *needle)
    go(explorer, search, needle, 0);
}
