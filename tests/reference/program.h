/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs kaplan for the tests: commands in, what it prints out. */
#ifndef KAPLAN_TESTS_PROGRAM_H
#define KAPLAN_TESTS_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum { MAX_COMMANDS = 64 };

/* Cuts the text in place where the separator stands.  At most MAX_COMMANDS go to `commands`; returns how many. */
size_t split_commands(char *text, const char *separator, char **commands);

/* `program --format json -e COMMAND …` in the folder (NULL: here).  What it prints is the caller's to free; what it
 * says on standard error goes to `messages`, how it ended (as waitpid has it) to `status`.  It ends after a minute at
 * most. */
char *program_output(const char *program, const char *folder, char **commands, size_t n, FILE *messages, int *status);

/* How a program ended, in words on `out`; nothing where it succeeded.  Returns whether it did. */
bool program_succeeded(int status, FILE *out);

/* The last line with anything on it; the output is cut there. */
char *last_line(char *output);

/* What was said so far, to `out`. */
void copy_messages(FILE *messages, FILE *out);

/* Every line of the text as a comment of TAP. */
void print_comment(const char *text);

#endif
