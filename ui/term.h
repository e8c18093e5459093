/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The terminal.  term.c alone includes curses; it owns the tty from term_open() to term_close(), and gives it back on every
 * way out: quit, signals (INT TERM HUP QUIT ABRT SEGV BUS FPE), suspend, exit().
 *
 * Curses only draws.  Bytes are read and decoded by kaplan itself, so that prompt and panes share one reader and the time
 * that an Escape waits is known.  There is one terminal at a time. */
#ifndef KAPLAN_UI_TERM_H
#define KAPLAN_UI_TERM_H

#include <stdbool.h>

#include "base/error.h"
#include "ui/frame.h"
#include "ui/key.h"

enum term_color { COLOR_WHEN_AUTO, COLOR_WHEN_ALWAYS, COLOR_WHEN_NEVER };

struct term_options {
  enum term_color color; /* --color; before NO_COLOR, before terminfo */
  bool ascii;            /* --ascii */
  bool mouse;
};

struct term;

/* Opens the terminal (/dev/tty where standard input is not one).  Unknown TERM falls back (xterm-256color, xterm, vt100,
 * dumb) and says so in term_notice().  A terminal without cursor addressing gets changed lines printed one after the other.
 * Fails where there is no terminal at all.  The locale's character type is set before (setlocale(LC_CTYPE, "")). */
enum status term_open(const struct term_options *options, struct term **term, struct error *error);
void term_close(struct term *term);

/* The character set that this terminal shows: ASCII under --ascii or where the locale is not UTF-8. */
enum charset term_charset(const struct term *term);
const char *term_notice(const struct term *term); /* or NULL */

/* The size of the window. */
void term_size(const struct term *term, size_t *rows, size_t *columns);

/* Sends what differs from the last frame, in one write. */
void term_draw(struct term *term, const struct frame *frame);

/* Repaints everything next time (Ctrl-L, resume). */
void term_redraw(struct term *term);

/* The descriptor to poll for keys; and the one that becomes readable when a signal came (SIGWINCH, SIGTERM, SIGHUP, SIGINT,
 * SIGTSTP, SIGCONT). */
int term_input(const struct term *term);
int term_signals(const struct term *term);

/* After how many milliseconds term_key() or term_event() will have something to say without any descriptor being readable
 * (an Escape that stays alone, the end of a series of resizes); -1: not before one is. */
int term_timeout(const struct term *term);

/* The next key that is there, KEYS_NONE where none is.  Resizes are coalesced into one KEYS_RESIZE; Escape is told from the
 * start of a sequence within 50 ms ($ESCDELAY). */
struct key term_key(struct term *term);

/* Only what signals say, for the prompt: KEYS_RESIZE, KEYS_HANGUP, KEYS_CTRL_C (SIGINT) or KEYS_NONE. */
struct key term_event(struct term *term);

/* The signal that asks the program to end (SIGTERM; SIGHUP, also for a terminal that is gone), 0 while none has come. */
int term_end_signal(const struct term *term);

/* Raw bytes for the prompt: what was typed since, unparsed; 0 where nothing is there.  What the prompt has no use for goes
 * back with term_unread_bytes(). */
size_t term_read_bytes(struct term *term, char *bytes, size_t size);
void term_unread_bytes(struct term *term, const char *bytes, size_t length);

/* How long an Escape waits for what may follow it, in milliseconds. */
int term_escape_delay(const struct term *term);

void term_suspend(struct term *term);               /* Ctrl-Z: gives the terminal back, stops, comes back */
void term_set_mouse(struct term *term, bool on);
void term_show_plain(struct term *term, const char *text); /* Ctrl-O: leaves the full screen, prints, waits for a key */

#endif
