/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of an option such as `factor=sex,stage`.  Life cycle: name_list_split() … name_list_clear(). */
#ifndef KAPLAN_DATA_NAME_LIST_H
#define KAPLAN_DATA_NAME_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct name_list {
  char **names;
  size_t n, capacity;
};

#define NAME_LIST_INIT                                                                                                 \
  {                                                                                                                    \
    .names = NULL                                                                                                      \
  }

/* Cuts at commas outside backticks; blanks around a word, and backticks around the whole of it, are left away; empty
 * words too.  NULL gives an empty list. */
void name_list_split(struct name_list *list, const char *words);
void name_list_clear(struct name_list *list);

/* Whether the bytes are one of the words. */
bool name_list_has(const struct name_list *list, const char *bytes, size_t length);

#endif
