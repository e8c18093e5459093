/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The guided tour on the sample cohort: an instruction at the bottom, and the user presses the real keys.  A step is done
 * when the session or the screen shows that what it asks for has come about, by whatever keys. */
#ifndef KAPLAN_UI_TUTORIAL_H
#define KAPLAN_UI_TUTORIAL_H

#include <stdbool.h>
#include <stddef.h>

struct explorer;
struct frame;

struct tutorial {
  bool open;
  bool armed;            /* the step was seen undone, so that it can become done */
  size_t step;
  double cursor;         /* where the read-off line came up; NaN: it is off */
  size_t variable_cursor; /* where it was when the step began */
};

/* Begins the tour; says so where the cohort is not the sample's. */
void tutorial_start(struct explorer *explorer);

/* What is typed behind :tutorial: "" begins (or begins again), "back", "skip", "off"; false where it is another word. */
bool tutorial_command(struct explorer *explorer, const char *word);

/* What a step asks for; NULL behind the last. */
const char *tutorial_instruction(size_t step);

/* Looks whether the step is done, and goes on to the next. */
void tutorial_follow(struct explorer *explorer);

/* Rows at the bottom that the tour takes of a window; 0 while it is closed, and where there is no room. */
size_t tutorial_rows(const struct explorer *explorer, size_t rows);

/* Draws the instruction into the last rows of the frame. */
void tutorial_draw(struct explorer *explorer, struct frame *frame, size_t rows);

#endif
