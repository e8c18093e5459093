/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the samples lie that kaplan comes with. */
#ifndef KAPLAN_SESSION_SAMPLES_H
#define KAPLAN_SESSION_SAMPLES_H

/* The path of a file among the samples ("xue2025/rules/milan.kap"): under $KAPLAN_DATA_DIR/samples where that is set, beside the
 * program or its build folder, else where they are installed.  NULL where there is none; the caller frees it. */
char *samples_find(const char *name);

/* What stands before such a name in a command: "kaplan:". */
const char *samples_prefix(void);

#endif
