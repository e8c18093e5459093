/* SPDX-License-Identifier: GPL-3.0-or-later */
/* `by VARIABLE …: COMMAND`: an analysis in each level of a variable. */
#ifndef KAPLAN_VERBS_BY_H
#define KAPLAN_VERBS_BY_H

#include <stdbool.h>

#include "verbs/verb.h"

/* Whether the line is of that form, and where its command begins. */
bool by_is_prefix(const char *line, size_t *command_start);

/* Runs `command`, which was parsed from the line with its prefix blanked, on those on view in each level of the prefix's
 * variables, and puts the results into the context's report: tables with a first column `by`, printed tables, plots and
 * warnings with the level before their titles.  Nothing of the session changes.  Fails as the command does, and for a
 * command that is no analysis. */
enum status by_run(struct verb_context *context, const char *line, size_t command_start, const struct verb *verb,
                   const struct command *command, struct error *error);

#endif
