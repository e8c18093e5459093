/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A verb of the command language is a row of a const table: its syntax, its help and what runs it.
 *
 * Help, completion, the man page's synopses and the checking of options are all made from that table.  How to add one:
 * HACKING.md. */
#ifndef KAPLAN_VERBS_VERB_H
#define KAPLAN_VERBS_VERB_H

#include "base/task.h"
#include "lang/command.h"
#include "report/report.h"
#include "session/session.h"

enum verb_needs { NEEDS_NOTHING, NEEDS_COHORT, NEEDS_ENDPOINT };

/* What a verb is given and what it fills. */
struct verb_context {
  struct session *session;
  const struct state *state; /* the current one: session_state(session) */
  struct task *task;         /* may be NULL */
  struct report *report;
};

struct verb {
  struct command_syntax syntax;
  const char *usage;   /* "km [VARIABLE …] [if EXPR] [, at=T,… conf=TYPE tau=T]" */
  const char *summary; /* one line */
  const char *details; /* paragraphs of the help, or NULL */
  const char *tables;  /* ids of the data tables it gives, for --table and export …, table=; those of an option behind it */
  const char *const *examples; /* closed with NULL; each runs on the Xu sample */
  enum verb_needs needs;
  bool not_replayed; /* stays out of the journal: it writes a file, runs others, or only shows */
  bool is_analysis;  /* gives tables: what `export` writes is the last of these, run anew */
  bool changes_state; /* what it found stays in the state: on a screen, commands after it wait for it */
  bool is_long;      /* no analysis, but one that takes time: on a screen it runs as a job, too */
  bool draws;        /* gives a figure: what `export` to .svg writes, if it is the last analysis */
  enum status (*run)(struct verb_context *context, const struct command *command, struct error *error);

  /* What the command alone changes in the state, without what it computes: for a screen that computes by itself.  NULL where
   * the two cannot be told apart. */
  enum status (*apply)(struct verb_context *context, const struct command *command, struct error *error);

  /* What speaks against it before anything is computed: for a screen, which asks before it starts a job.  `run` asks it itself.
   * NULL: nothing. */
  enum status (*check)(const struct session *session, const struct command *command, struct error *error);
};

/* All verbs, in the order of the help; closed with NULL. */
extern const struct verb *const verbs[];

/* The verb with that name, or NULL. */
const struct verb *verb_find(const char *name, size_t length);

/* The verb nearest to a mistyped name, or NULL. */
const struct verb *verb_suggest(const char *name);

#endif
