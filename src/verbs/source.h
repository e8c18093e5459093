/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a script, one after the other: for `source`, and for who does something else with each. */
#ifndef KAPLAN_VERBS_SOURCE_H
#define KAPLAN_VERBS_SOURCE_H

#include "session/session.h"

/* What is done with a line; number and n tell how far the script is: line `number` of n, from 0. */
typedef enum status source_line(void *data, const char *line, size_t number, size_t n, struct error *error);

/* Finds the script as the session finds files, and gives each of its lines to `run` in turn, with the script's folder as the one
 * where files are looked for first.  Ends where the session was asked to quit.  Fails in secure mode, where scripts source one
 * another without end, where the file cannot be read, and with the first line that fails: the error says FILE:LINE. */
enum status source_file(struct session *session, const char *name, source_line *run, void *data, struct error *error);

/* The script that a line `source "FILE"` names, the caller's to free; NULL of any other line. */
char *source_name(const char *line);

#endif
