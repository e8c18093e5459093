/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/name_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static bool is_blank(char c)
{
  return c == ' ' || c == '\t';
}

static void append_word(struct name_list *list, const char *start, const char *end)
{
  while (start < end && is_blank(*start))
    start++;
  while (end > start && is_blank(end[-1]))
    end--;
  if (end - start >= 2 && *start == '`' && end[-1] == '`') {
    start++;
    end--;
  }
  if (start < end)
    MEMORY_APPEND(list->names, list->n, list->capacity, memory_copy_bytes(start, (size_t)(end - start)));
}

void name_list_split(struct name_list *list, const char *words)
{
  *list = (struct name_list)NAME_LIST_INIT;
  if (!words)
    return;
  bool is_quoted = false;
  const char *start = words, *at = words;
  for (; *at; at++) {
    if (*at == '`')
      is_quoted = !is_quoted;
    if (*at != ',' || is_quoted)
      continue;
    append_word(list, start, at);
    start = at + 1;
  }
  append_word(list, start, at);
}

void name_list_clear(struct name_list *list)
{
  for (size_t i = 0; i < list->n; i++)
    free(list->names[i]);
  free(list->names);
  *list = (struct name_list)NAME_LIST_INIT;
}

bool name_list_has(const struct name_list *list, const char *bytes, size_t length)
{
  for (size_t i = 0; i < list->n; i++)
    if (strlen(list->names[i]) == length && memcmp(list->names[i], bytes, length) == 0)
      return true;
  return false;
}
