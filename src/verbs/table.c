/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <string.h>

#include "verbs/entries.h"
#include "verbs/verb.h"

const struct verb *const verbs[] = {
    &verb_load, &verb_endpoint, &verb_use,    &verb_derive,  &verb_levels, &verb_label,
    &verb_keep, &verb_drop,     &verb_filter, &verb_flow,    &verb_km,     &verb_logrank,
    &verb_cox,  &verb_set,      &verb_undo,   &verb_redo,    &verb_history, &verb_save,
    &verb_source, &verb_export, &verb_help,   &verb_quit,    NULL,
};

const struct verb *verb_find(const char *name, size_t length)
{
  for (size_t i = 0; verbs[i]; i++)
    if (strlen(verbs[i]->syntax.name) == length && memcmp(verbs[i]->syntax.name, name, length) == 0)
      return verbs[i];
  return NULL;
}

/* How many of the letters at the beginning of two words agree, and whether one letter was added, dropped or exchanged. */
static int likeness(const char *typed, const char *name)
{
  size_t head = 0, typed_length = strlen(typed), name_length = strlen(name);
  while (typed[head] && tolower((unsigned char)typed[head]) == name[head])
    head++;
  size_t tail = 0;
  while (tail + head < typed_length && tail + head < name_length &&
         tolower((unsigned char)typed[typed_length - 1 - tail]) == name[name_length - 1 - tail])
    tail++;
  size_t longest = typed_length > name_length ? typed_length : name_length;
  size_t wrong = longest - head - tail;
  return wrong <= 2 && head + tail >= 2 ? (int)(head + tail) : 0;
}

const struct verb *verb_suggest(const char *name)
{
  const struct verb *best = NULL;
  int best_likeness = 0;
  for (size_t i = 0; verbs[i]; i++) {
    int found = likeness(name, verbs[i]->syntax.name);
    if (found > best_likeness) {
      best_likeness = found;
      best = verbs[i];
    }
  }
  return best;
}
