/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

_Noreturn static void out_of_memory(void)
{
  static const char message[] = "kaplan: out of memory\n";
  ssize_t written = write(STDERR_FILENO, message, sizeof message - 1);
  (void)written; /* nothing is left to do about it */
  abort();
}

void *memory_new(size_t n, size_t size)
{
  void *block = calloc(n ? n : 1, size ? size : 1);
  if (!block)
    out_of_memory();
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
