/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keys: one table that feeds the keys themselves, the key bar and the help. */
#ifndef KAPLAN_UI_KEYMAP_H
#define KAPLAN_UI_KEYMAP_H

#include "ui/explorer_internal.h"

/* Where a binding holds: bits. */
enum key_context {
  IN_VARIABLES = 1,
  IN_CURVES = 2,
  IN_MODEL = 4,
  IN_DATA = 8,
  IN_LOG = 16,
  IN_TABLE1 = 32,
  IN_FOREST = 64,
  IN_NOMOGRAM = 128,
  IN_FLOW = 256,
  IN_WHY = 512,
  IN_CUTS = 1024,
  IN_CARD = 2048,
  IN_FREQUENCY = 4096,
  IN_SETTINGS = 8192,
  IN_RESTORE = 16384,
  EVERYWHERE = 32767
};

struct binding {
  uint32_t keys[5]; /* key codes, 0 = none */
  const char *shown; /* "Space", "b", "?" */
  unsigned contexts;
  const char *name; /* in the key bar; NULL: only in the help */
  const char *help;
  enum explorer_wish (*act)(struct explorer *explorer, uint32_t key);
};

extern const struct binding keymap[]; /* closed with an entry without act */

/* The context of the pane that has the focus. */
unsigned keymap_context(const struct explorer *explorer);

/* The binding of a key where the focus is, or NULL. */
const struct binding *keymap_find(const struct explorer *explorer, uint32_t key);

/* The keys as text, those that hold in a context first; the caller frees it. */
char *keymap_help(unsigned context);

/* All keys by the places where they hold: a heading "In: …" or "Everywhere", then two blanks, the key, and what it does; what
 * `kaplan --keys` prints.  The caller frees it. */
char *keymap_list(void);

/* Why a key does nothing in a context: where it does something; NULL where nowhere.  The caller frees it. */
char *keymap_elsewhere(unsigned context, uint32_t key);

#endif
