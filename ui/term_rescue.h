/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives the terminal back where the program cannot: crashes, assertions, exit() from anywhere.
 *
 * All that is needed is laid down beforehand, so that a signal handler only calls write() and tcsetattr().  While the full
 * screen is up, standard error (where it is a terminal) is caught in memory and printed afterwards. */
#ifndef KAPLAN_UI_TERM_RESCUE_H
#define KAPLAN_UI_TERM_RESCUE_H

#include <stddef.h>
#include <termios.h>

/* Lays down the bytes that leave the full screen and the modes to go back to, and catches crash signals. */
void rescue_prepare(int tty, const char *bytes, size_t length, const struct termios *modes);

/* From now on, or no longer, the terminal is in the program's hands. */
void rescue_arm(void);
void rescue_disarm(void);

/* Gives the terminal back if it is armed.  Safe in a signal handler. */
void rescue_run(void);

/* Uncatches the crash signals. */
void rescue_end(void);

#endif
