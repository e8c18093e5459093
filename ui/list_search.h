/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the lines of a view that is a list: live while it is typed, and n and N. */
#ifndef KAPLAN_UI_LIST_SEARCH_H
#define KAPLAN_UI_LIST_SEARCH_H

#include "ui/explorer_internal.h"

struct list_search {
  struct list *list;
  size_t n; /* lines */
  bool (*matches)(const struct explorer *explorer, size_t line, const char *needle);
};

/* Moves the cursor to the first line that holds what / looked for: behind the cursor (step 1), before it (-1), going
 * round; and says which of how many it is. */
void list_search(struct explorer *explorer, const struct list_search *search, int step);

/* Says what a search found; the words also stand over the prompt. */
struct list_search_result {
  bool is_found;
  size_t number, count; /* which of how many */
};
void list_search_tell(struct explorer *explorer, const char *needle, const struct list_search_result *result);

/* As struct pane's search_live. */
void list_search_live(struct explorer *explorer, const struct list_search *search, const char *needle);

#endif
