/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What several verbs read from their arguments and options. */
#ifndef KAPLAN_VERBS_ARGUMENTS_H
#define KAPLAN_VERBS_ARGUMENTS_H

#include "base/bitmap.h"
#include "lang/command.h"
#include "session/gather.h"
#include "session/state.h"

/* The column with that name, borrowed; an unknown name is an error at the given place, with the nearest name. */
enum status arguments_find_column(const struct state *state, const char *name, size_t start, size_t length,
                                  const struct column **column, struct error *error);

/* The arguments as names of columns, each checked: *names is an array of *n strings, to be freed with
 * arguments_free_names(). */
enum status arguments_columns(const struct command *command, const struct state *state, char ***names, size_t *n,
                              struct error *error);
void arguments_free_names(char **names, size_t n);

/* The rows that the command's `if` keeps; *rows is NULL where it has none, else to be freed with
 * arguments_free_condition(). */
enum status arguments_condition(const struct command *command, const struct state *state, struct bitmap **rows,
                                struct error *error);
void arguments_free_condition(struct bitmap *rows);

/* All numbers of a list option; the caller frees *numbers.  Without the option: none. */
enum status arguments_numbers(const struct command *command, const char *option, double **numbers, size_t *n,
                              struct error *error);

/* The number of an option, or `otherwise` where it is not given. */
double arguments_number(const struct command *command, const char *option, double otherwise);

/* The rows with an outcome, grouped by the variables that the command names (none: one group), that its `if` keeps.
 * Fails as gather() does; the caller clears *gathered. */
enum status arguments_gather(const struct command *command, const struct state *state, struct gathered *gathered,
                             struct error *error);

/* Which terms of the formula a list option names (by the name that tables show, or the column): is_named[t], the caller's
 * to free; NULL without the option.  An unknown one is an error. */
struct formula;
enum status arguments_terms(const struct command *command, const char *option, const struct formula *formula,
                            bool **is_named, struct error *error);

/* The handling of ties: the command's ties=, or the setting. */
enum cox_ties arguments_ties(const struct command *command, const struct state *state);

/* Fails in secure mode, in which no other file is opened. */
struct session;
enum status arguments_refuse_when_secure(const struct session *session, struct error *error);

/* The step is kept with the path that was found, beside a script perhaps, in the place of the name that was typed. */
void arguments_keep_path(struct session *session, const struct command *command, const struct command_word *name,
                         const char *path);

/* Whether a flag was given; the word of an option, or NULL. */
bool arguments_flag(const struct command *command, const char *option);
const char *arguments_word(const struct command *command, const char *option);

#endif
