/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that kaplan reads whole (scripts, journals) and writes (exports, saved sessions). */
#ifndef KAPLAN_SESSION_FILE_H
#define KAPLAN_SESSION_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* Reads a whole file ("-" = standard input); *bytes ends with a NUL after *length bytes and is the caller's to free. */
enum status file_read(const char *path, char **bytes, size_t *length, struct error *error);

/* Whether two names are of one file that is there. */
bool file_is_same(const char *path, const char *other);

/* Whether file_write() would find the place free: for who computes long before writing. */
enum status file_may_be_new(const char *path, bool replace, struct error *error);

/* Writes a new file: beside the target first, mode 0600, then renamed, so that it is whole or not there.  An existing file
 * is replaced only with `replace`; otherwise that is an error that says so. */
enum status file_write(const char *path, const char *bytes, size_t length, bool replace, struct error *error);

#endif
