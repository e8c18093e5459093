/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What went wrong, where, and how to mend it.
 *
 * Every function of kaplan that can fail returns an `enum status` and takes a `struct error *` as its last
 * argument.  The error is untouched on success; on failure it says in one line what is wrong, names the place
 * (a file's line and column, or a range of bytes of the command that was typed) and gives a hint.  Life cycle:
 * `struct error error = ERROR_INIT;` … `error_clear(&error);`.  Texts are UTF-8 and may quote data: whoever
 * prints them sends them through utf8_append_visible() first. */
#ifndef KAPLAN_BASE_ERROR_H
#define KAPLAN_BASE_ERROR_H

#include <stdbool.h>
#include <stddef.h>

enum status { STATUS_OK = 0, STATUS_ERROR, STATUS_CANCELLED };

struct error {
  char *what;          /* what is wrong; NULL while there is no error */
  char *hint;          /* how to mend it, or NULL */
  char *file;          /* the file it is about, or NULL */
  size_t line, column; /* 1-based place in that file; 0 = not known */
  size_t start, length; /* bytes of the typed command it is about */
  bool exists;         /* a file that was to be written is there already: the user may be asked */
  bool has_range;      /* whether start and length say something */
};

#define ERROR_INIT {.what = NULL}


/* Sets what is wrong, forgetting what was there; returns STATUS_ERROR so that a caller can `return error_set(…)`. */
enum status error_set(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the hint: how to mend it.  Returns STATUS_ERROR. */
enum status error_hint(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds the place in a file (line and column 1-based, 0 = not known).  Returns STATUS_ERROR. */
enum status error_in_file(struct error *error, const char *file, size_t line, size_t column);

/* Adds the place in the typed command: `length` bytes from byte `start`.  Returns STATUS_ERROR. */
enum status error_in_command(struct error *error, size_t start, size_t length);

/* Releases the texts and leaves an error that can be used again. */
void error_clear(struct error *error);

#endif
