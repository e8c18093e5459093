/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole texts of bytes at the speed of memory. */
#ifndef KAPLAN_BASE_BYTES_H
#define KAPLAN_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>

/* How often `byte` occurs. */
size_t byte_count(const char *bytes, size_t length, char byte);

/* Whether there are bytes of 0x80 and above, and whether there are NUL bytes. */
void byte_inspect(const char *bytes, size_t length, bool *has_high, bool *has_nul);

#endif
