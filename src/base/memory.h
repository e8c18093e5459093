/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that is there or ends the program.
 *
 * Out of memory has one path: a line on standard error and SIGABRT, whose handler in the explorer gives the
 * terminal back (the journal is on disk already, since it is written before a command runs).  So callers never
 * test for NULL.  Blocks are released with free(). */
#ifndef KAPLAN_BASE_MEMORY_H
#define KAPLAN_BASE_MEMORY_H

#include <stddef.h>

/* Lets blocks that are freed wait for the next analysis, which wants as many of the same sizes, where the C library would give
 * them back to the system at once and have each page cleared anew.  Called once, first of all. */
void memory_keep_freed(void);

/* Lets all threads share these blocks, however large: for the explorer, whose analyses run on threads of their own and want the
 * same memory at every key.  Small models fitted on all cores at a time wait for one another then.  Called before any thread
 * is started. */
void memory_share_freed(void);

/* A zeroed block of n items of `size` bytes (one byte at least); n * size is checked for overflow. */
void *memory_new(size_t n, size_t size);

/* `block` grown or shrunk to n items of `size` bytes; new bytes are not set. */
void *memory_resize(void *block, size_t n, size_t size);

/* A copy of n items of `size` bytes. */
void *memory_copy(const void *block, size_t n, size_t size);

/* A copy of a string, or of its first `length` bytes (ended with a NUL). */
char *memory_copy_string(const char *string);
char *memory_copy_bytes(const char *string, size_t length);

/* Room for one more item at the end of a growing array: doubles `*capacity` when `count` has reached it. */
void *memory_reserve(void *block, size_t count, size_t *capacity, size_t size);

/* Appends one item to the array `items` with the fields `count` and `capacity`. */
#define MEMORY_APPEND(items, count, capacity, item)                                   \
  do {                                                                                \
    (items) = memory_reserve((items), (count), &(capacity), sizeof *(items));         \
    (items)[(count)++] = (item);                                                      \
  } while (0)

#endif
