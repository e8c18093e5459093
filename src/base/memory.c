/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { HUGE_PAGE = 2 << 20 };
enum { KEPT_BLOCK = 32 << 20, KEPT_ALL = 256 << 20 }; /* the largest block that waits, and how much of all does */

_Noreturn static void out_of_memory(void)
{
  static const char message[] = "kaplan: out of memory\n";
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written; /* nothing is left to do about it */
  abort();
}

/* Asks for large pages under a large block: the first touch of a gigabyte is then a few hundred faults, not 262,144.  It
 * is advice, nothing depends on it. */
static void advise(void *block, size_t bytes)
{
#ifdef MADV_HUGEPAGE
  const uintptr_t start = ((uintptr_t)block + HUGE_PAGE - 1) & ~(uintptr_t)(HUGE_PAGE - 1);
  const uintptr_t end = ((uintptr_t)block + bytes) & ~(uintptr_t)(HUGE_PAGE - 1);
  if (bytes >= 2 * (size_t)HUGE_PAGE && start < end)
    (void)madvise((void *)start, end - start, MADV_HUGEPAGE);
#else
  (void)block;
  (void)bytes;
#endif
}

void memory_keep_freed(void)
{
#ifdef __GLIBC__
  (void)mallopt(M_MMAP_THRESHOLD, KEPT_BLOCK);
  (void)mallopt(M_TRIM_THRESHOLD, KEPT_ALL);
#endif
}

void memory_share_freed(void)
{
#ifdef __GLIBC__
  (void)mallopt(M_ARENA_MAX, 1); /* a further thread's arena gives back what is freed, whatever is said above */
  (void)mallopt(M_MMAP_MAX, 0);  /* a block of its own pages is given back when it is freed, whatever its size */
  (void)mallopt(M_TRIM_THRESHOLD, 2 * KEPT_ALL);
#endif
}

void *memory_new(size_t n, size_t size)
{
  void *block = calloc(n ? n : 1, size ? size : 1);
  if (!block)
    out_of_memory();
  advise(block, (n ? n : 1) * (size ? size : 1));
  return block;
}

void *memory_resize(void *block, size_t n, size_t size)
{
  if (size && n > SIZE_MAX / size)
    out_of_memory();
  size_t bytes = n * size;
  void *resized = realloc(block, bytes ? bytes : 1);
  if (!resized)
    out_of_memory();
  advise(resized, bytes);
  return resized;
}

void *memory_copy(const void *block, size_t n, size_t size)
{
  void *copy = memory_resize(NULL, n, size);
  if (n && size)
    memcpy(copy, block, n * size);
  return copy;
}

char *memory_copy_bytes(const char *string, size_t length)
{
  char *copy = memory_resize(NULL, length + 1, 1);
  memcpy(copy, string, length);
  copy[length] = '\0';
  return copy;
}

char *memory_copy_string(const char *string)
{
  return memory_copy_bytes(string, strlen(string));
}

void *memory_reserve(void *block, size_t count, size_t *capacity, size_t size)
{
  if (count < *capacity)
    return block;
  *capacity = *capacity ? *capacity * 2 : 8;
  return memory_resize(block, *capacity, size);
}
