/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A whole file as bytes: mapped where it is a regular file, read into memory where it is a pipe or a device.
 * Never written to.  Life cycle: file_bytes_open() … file_bytes_close(). */
#ifndef KAPLAN_DATA_FILE_BYTES_H
#define KAPLAN_DATA_FILE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/task.h"

struct file_bytes {
  const char *bytes; /* NULL while empty */
  size_t length;
  bool is_mapped;
  bool is_regular; /* a file with a name of its own, not a pipe, a device or standard input */
};

/* Opens `path` ("-" = standard input).  Fails for what is not there, not readable, or a directory, with a hint;
 * STATUS_CANCELLED when the task says so while a pipe is read. */
enum status file_bytes_open(struct file_bytes *file, const char *path, struct task *task, struct error *error);

/* Gives back the memory of the bytes [begin, end), which may be any of the file's and can still be read: of a mapped file they
 * come from the file again.  So a file that is read from its beginning to its end takes no memory of its size. */
void file_bytes_release(const struct file_bytes *file, const char *begin, const char *end);

void file_bytes_close(struct file_bytes *file);

#endif
