/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Help in a window that is narrower than the lines it was written in. */
#ifndef KAPLAN_UI_PROSE_H
#define KAPLAN_UI_PROSE_H

#include <stddef.h>

/* The text (lines, each ended by a newline) broken between words where a line is wider than `columns`.  The lines of a
 * paragraph that was broken by hand are joined before; what is told of a key or an option ("  at=    times …") goes on under
 * its own beginning.  Nothing is changed where every line fits.  The caller frees it. */
char *prose_wrapped(const char *text, size_t columns);

#endif
