/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A script as its commands: logical lines, each with the number of its first line. */
#ifndef KAPLAN_LANG_SCRIPT_H
#define KAPLAN_LANG_SCRIPT_H

#include <stddef.h>

#include "base/error.h"

struct script_line {
  char *text;    /* one command, lines that ended in \ joined by a blank */
  size_t number; /* 1-based */
};

struct script {
  struct script_line *lines; /* empty ones left out */
  size_t n_lines, capacity;
};

#define SCRIPT_INIT {.lines = NULL}

/* Splits the text of a script.  LF and CRLF end a line; a BOM is skipped.  Fails on a NUL byte, naming the line. */
enum status script_read(struct script *script, const char *bytes, size_t length, struct error *error);
void script_clear(struct script *script);

#endif
