/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ways out for who typed what the grammar does not know: a word that is an option's, an option that another command has. */
#ifndef KAPLAN_VERBS_HINTS_H
#define KAPLAN_VERBS_HINTS_H

#include "base/error.h"
#include "base/text.h"
#include "lang/command.h"

/* Appends a line for each command that has an option of that name ("landmark= is an option of endpoint: …"), and one for a
 * subject that goes by another name here; false where there is none. */
bool hints_append_subject(struct text *text, const char *name);

/* Sets the hint of an unknown command of that name where it is an option or a subject; false where it is neither. */
bool hints_on_verb(const char *name, struct error *error);

/* Sets the hint where a parsed command's error is about an option that it does not have and there is another way. */
void hints_on_option(const struct command *command, struct error *error);

#endif
