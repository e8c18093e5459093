/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line at the bottom of the screen.  prompt.c alone includes readline, through its callback interface: it is
 * fed bytes and asked for its text; it never touches the terminal.  Readline is one a process, so there is one prompt.
 *
 * Life cycle: prompt_new() (before term_open(): readline looks the terminal up too); for each line prompt_begin() and
 * prompt_feed() until it is accepted or cancelled; prompt_free() keeps the history. */
#ifndef KAPLAN_UI_PROMPT_H
#define KAPLAN_UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>

/* Gives the words that can complete `line` at byte `start` to `end`: a NULL-ended array (each word and the array from
 * malloc) or NULL. */
typedef char **prompt_completer(const char *line, size_t start, size_t end, void *data);

struct prompt_options {
  prompt_completer *completer;
  void *data;
  const char *history_file; /* read now, added to (0600) by prompt_free(); NULL: none */
};

enum prompt_result { PROMPT_EDITING, PROMPT_ACCEPTED, PROMPT_CANCELLED };

struct prompt;

struct prompt *prompt_new(const struct prompt_options *options);
void prompt_free(struct prompt *prompt);

/* Begins a line with a prompt character (":" "/" "\\") and an initial text.  Each prompt character has a history of its own;
 * that of ":" is the one in the file.  Lines that begin with a blank are not kept. */
void prompt_begin(struct prompt *prompt, const char *prefix, const char *text);

/* Moves the cursor to a byte of the line. */
void prompt_set_point(struct prompt *prompt, size_t point);

/* Feeds what was typed.  Escape (alone; not in vi mode), Ctrl-C and Ctrl-G cancel; while a search in the history runs,
 * Escape and Ctrl-G only end that.  A paste is inserted, its newlines as blanks; it never accepts.  *used is how many bytes
 * the line took: those after an accepted line's Enter are not the prompt's. */
enum prompt_result prompt_feed(struct prompt *prompt, const char *bytes, size_t length, size_t *used);

/* How many milliseconds to wait for the rest of an unfinished key (`escape_delay` for an Escape alone), -1 where none is
 * unfinished.  Call prompt_escape() when nothing came in that time. */
int prompt_patience(const struct prompt *prompt, int escape_delay);

/* An unfinished key stays unfinished: an Escape alone cancels (in vi mode: goes to readline). */
enum prompt_result prompt_escape(struct prompt *prompt);

/* The line as it stands (the accepted line after PROMPT_ACCEPTED), the byte at which the cursor is, and what stands before
 * the line: the prompt character, or readline's message while a search in the history runs.  Borrowed until the next feed. */
const char *prompt_text(const struct prompt *prompt);
size_t prompt_point(const struct prompt *prompt);
const char *prompt_prefix(const struct prompt *prompt);

/* The completions to show now (after Tab with more than one), NULL-ended, or NULL.  Borrowed until the next feed. */
char *const *prompt_matches(const struct prompt *prompt);

#endif
