/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The prompt's history on disk: one command a line, readable by its owner only. */
#ifndef KAPLAN_UI_HISTORY_FILE_H
#define KAPLAN_UI_HISTORY_FILE_H

#include <stddef.h>

/* Calls `take` for each line, oldest first.  A file that is not there has none. */
void history_file_read(const char *file, void (*take)(const char *line));

/* Adds lines at the end in one write, so that sessions side by side do not mix theirs; makes the file 0600; when it has
 * grown to twice `keep` lines, keeps the last `keep`.  What cannot be written is let go: history is a convenience. */
void history_file_append(const char *file, char *const *lines, size_t n, size_t keep);

#endif
