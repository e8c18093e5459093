/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing string of bytes, always ended with a NUL once something was appended.
 * Life cycle: `struct text text = TEXT_INIT;` … text_clear(), or text_take() to keep the bytes. */
#ifndef KAPLAN_BASE_TEXT_H
#define KAPLAN_BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

struct text {
  char *bytes; /* NULL while empty */
  size_t length, capacity;
};

#define TEXT_INIT {.bytes = NULL}

/* Append a string, bytes, one character, or one character `count` times; as printf() does. */
void text_append(struct text *text, const char *string);
void text_append_bytes(struct text *text, const char *bytes, size_t length);
void text_append_char(struct text *text, char c);
void text_append_repeated(struct text *text, char c, size_t count);
void text_append_format(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_append_vformat(struct text *text, const char *format, va_list arguments);

/* Shortens the text to its first `length` bytes. */
void text_truncate(struct text *text, size_t length);

/* The bytes, never NULL; borrowed until the text changes. */
const char *text_string(const struct text *text);

/* The bytes, the caller's to free, never NULL; the text is empty afterwards. */
char *text_take(struct text *text);

void text_clear(struct text *text);

#endif
