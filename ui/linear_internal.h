/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the dialogue line by line share. */
#ifndef KAPLAN_UI_LINEAR_INTERNAL_H
#define KAPLAN_UI_LINEAR_INTERNAL_H

#include "ui/linear.h"
#include "ui/variables.h"

struct linear {
  struct session *session;
  const struct linear_options *options;
  struct variables variables; /* counts of levels */
  size_t variable;            /* the column that was chosen last, counted from 1; 0: none */
  bool quit, quit_asked;
  char *matches[100]; /* words that the last Tab listed: a number completes the line with one */
  size_t n_matches;
  char *unfinished; /* the line before the word */
};

/* Prints a line. */
void linear_print(struct linear *linear, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The session's current state. */
const struct state *linear_state(const struct linear *linear);

/* Says who is on view, by what the curves are grouped, which model. */
void linear_print_state(struct linear *linear);

/* Runs the command that a word stands for, and says it; the line is cleared. */
void linear_run_word(struct linear *linear, struct text *line);

/* linear_words.c: does what a line of the dialogue's own words says; false where it is a command.  Chooses a variable by its
 * number. */
bool linear_take_word(struct linear *linear, const char *line);
void linear_choose(struct linear *linear, size_t number);

#endif
