/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Searching the patients on view: a few milliseconds at once, the rest beside the keys. */
#include <stdlib.h>

#include "base/memory.h"
#include "ui/explorer_internal.h"
#include "ui/pane.h"

enum { PATIENCE = 150, QUICK = 5 }; /* milliseconds: where there is no thread, and before it is asked */

/* A search that goes on. */
struct search {
  struct sheet sheet; /* as it was when it began */
  char *needle;
  int step;
  size_t row, column; /* where the cursor was left: moved since, it stays where it is */
  struct sheet_found found;
  bool is_done;
};

static void append_count(struct text *text, const struct sheet_found *found)
{
  const char *more = found->complete ? "" : " or more";
  if (found->number)
    text_append_format(text, "%zu of %zu%s found", found->number, found->count, more);
  else
    text_append_format(text, "found; %zu%s in all", found->count, more);
}

/* Says which of how many is found; the words also stand over the prompt. */
static void tell(struct explorer *explorer, const char *needle, const struct sheet_found *found, bool goes_on)
{
  struct text words = TEXT_INIT;
  if (goes_on && !found->found)
    text_append(&words, "searching …");
  else if (goes_on)
    text_append(&words, "found; counting …");
  else if (found->found)
    append_count(&words, found);
  else if (!found->complete)
    text_append(&words, "not found among the rows that there was time for; :filter looks through all");
  else if (*needle)
    text_append(&words, explorer->sheet.n_hidden ? "not found in the columns that are shown" : "not found");
  explorer_say(explorer, found->found || goes_on ? STYLE_TEXT : STYLE_WARNING, "/%s: %s", needle, text_string(&words));
  if (explorer->prompting)
    state_set_string(&explorer->preview, text_string(&words));
  text_clear(&words);
}

static void do_search(void *data, struct task *task)
{
  struct search *search = data;
  search->found = sheet_search(&search->sheet, search->needle, search->step, -1, task);
  search->is_done = !task_is_cancelled(task);
}

static void release_search(void *data)
{
  struct search *search = data;
  sheet_clear(&search->sheet);
  free(search->needle);
  free(search);
}

void sheet_search_take(struct explorer *explorer, struct errand *errand)
{
  struct search *search = errand->data;
  struct sheet *sheet = &explorer->sheet;
  const bool same_sheet = search->is_done && sheet->state == search->sheet.state && sheet->order == search->sheet.order;
  if (same_sheet && sheet->list.cursor == search->row && sheet->column == search->column) {
    if (search->found.found) {
      sheet->list.cursor = search->found.row;
      sheet->column = search->found.column;
    }
    tell(explorer, search->needle, &search->found, false);
  }
  release_search(search);
}

/* The whole search from where the cursor was, which the quick one may have moved. */
static void go_on(struct explorer *explorer, const struct sheet *from, const char *needle, int step)
{
  struct search *search = memory_new(1, sizeof *search);
  sheet_snapshot(from, &search->sheet);
  search->needle = memory_copy_string(needle);
  search->step = step;
  search->row = explorer->sheet.list.cursor;
  search->column = explorer->sheet.column;
  explorer_errand(explorer, ERRAND_SEARCH, &(struct errand){search, do_search, release_search});
}

/* Goes to what is found in a moment; where not all was looked through by then, the search goes on. */
static void search(struct explorer *explorer, const char *needle, int step)
{
  struct sheet *sheet = &explorer->sheet;
  const struct sheet from = *sheet; /* shares all with it, the cursor excepted */
  const struct sheet_found found = sheet_search(sheet, needle, step, explorer->errands ? QUICK : PATIENCE, NULL);
  const bool goes_on = !found.complete && explorer->errands;
  if (found.found) {
    sheet->list.cursor = found.row;
    sheet->column = found.column;
  }
  tell(explorer, needle, &found, goes_on);
  if (goes_on)
    go_on(explorer, &from, needle, step);
  else
    explorer_forget_errand(explorer, ERRAND_SEARCH);
}

void pane_data_search(struct explorer *explorer, int step)
{
  if (!explorer->search)
    return;
  pane_data_sheet(explorer);
  search(explorer, explorer->search, step);
}

void pane_data_search_live(struct explorer *explorer, const char *needle)
{
  struct sheet *sheet = pane_data_sheet(explorer);
  if (!explorer->searching) {
    explorer->searching = true;
    explorer->search_row = sheet->list.cursor;
    explorer->search_column = sheet->column;
  }
  sheet->list.cursor = explorer->search_row;
  sheet->column = explorer->search_column;
  if (needle && *needle)
    search(explorer, needle, 0);
}
