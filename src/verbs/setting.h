/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `set` sets, for completion and for the screen that lists it. */
#ifndef KAPLAN_VERBS_SETTING_H
#define KAPLAN_VERBS_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "session/settings.h"

/* A setting in words, all of them constants. */
struct setting_words {
  const char *name;
  const char *values; /* what it takes, in words: "on, off"; "off, or two times: 0,60" */
  const char *help;
  bool is_choice;     /* `values` are all the words it takes; otherwise it takes numbers or words of one's own */
};

/* The i-th setting; false behind the last. */
bool setting_at(size_t i, struct setting_words *words);

/* The value of the i-th setting as `set` takes it; nothing where none was given (unit). */
void setting_append_value(size_t i, const struct settings *settings, struct text *text);

/* The same in words, as `set` alone lists it. */
void setting_append_words(size_t i, const struct settings *settings, struct text *text);

/* The word of a choice that is `step` (1, -1) from the one that is set, and round; false where it is no choice. */
bool setting_append_next(size_t i, const struct settings *settings, int step, struct text *text);

#endif
