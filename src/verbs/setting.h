/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of what `set` sets, for completion. */
#ifndef KAPLAN_VERBS_SETTING_H
#define KAPLAN_VERBS_SETTING_H

#include <stddef.h>

/* The i-th setting's name, NULL behind the last; *values: the words it takes, "on, off", or "" where it takes others. */
const char *setting_at(size_t i, const char **values);

#endif
