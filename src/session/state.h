/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that commands change: the cohort, who is in it, the outcome, the filter, the grouping, the model, the settings.
 *
 * A state never changes once it is the session's; a command makes a copy (cheap: columns, endpoints and row sets are
 * counted and shared), changes that, and makes it current.  So undo is a list of states, and a worker thread computes on
 * one while the next is made. */
#ifndef KAPLAN_SESSION_STATE_H
#define KAPLAN_SESSION_STATE_H

#include <stdatomic.h>
#include <stddef.h>

#include "base/bitmap.h"
#include "data/cohort.h"
#include "lang/expr.h"
#include "session/endpoint.h"
#include "session/mark.h"
#include "session/published.h"
#include "session/settings.h"

/* A counted, immutable set of rows. */
struct row_set {
  atomic_uint references;
  struct bitmap rows;
  size_t count;
};

/* Takes over the bitmap. */
struct row_set *row_set_new(struct bitmap *rows);
struct row_set *row_set_retain(const struct row_set *set);
void row_set_release(const struct row_set *set);

/* A box of the flow chart: keep or drop. */
struct flow_step {
  char *reason;  /* because=, or the condition's text */
  char *command; /* "drop if age < 18" */
  char *stage;   /* stage=: what those are called who are left then, or NULL */
  size_t kept, excluded;
};

/* How the current model is fitted: the options of its cox command. */
struct model_settings {
  bool has_ties; /* else the settings' */
  enum cox_ties ties;
  bool robust, firth;
  enum weight_kind weight_kind;
  char *weights, *cluster; /* columns, or NULL */
  char *condition;         /* the `if` of its command, or NULL */
};

/* A named subgroup: a branch of the flow chart, and a filter by name. */
struct branch {
  char *name, *condition;
};

/* How the cohort's file was read: what another program must know to read the same. */
struct loaded_file {
  char *path; /* as it was found, from the working directory; "-": standard input; NULL: nothing is loaded */
  char *encoding, *na; /* as load was told, or NULL */
  char delimiter;
};

struct kept_model;

struct state {
  atomic_uint references;
  struct cohort *cohort; /* NULL until something is loaded */
  char *source;          /* as it was loaded: "xu2025.csv" */
  struct loaded_file file;
  struct endpoint **endpoints;
  size_t n_endpoints;
  size_t endpoint;         /* index of the current one; n_endpoints where there is none */
  struct row_set *members; /* who is in the cohort after keep and drop */
  struct row_set *on_view; /* members that the filter keeps */
  char *filter;            /* its text, or NULL */
  struct flow_step *steps;
  size_t n_steps;
  char **groups; /* columns that the curves are grouped by */
  size_t n_groups;
  char *panels; /* the factor in whose levels the curves have panels, or NULL */
  struct branch *branches;
  size_t n_branches;
  char *model; /* the current model's formula, or NULL */
  struct model_settings model_settings;
  struct published *published; /* the current model where it was typed in, not fitted; then `model` is NULL */
  struct mark_set *marks;      /* published results over the curves, of all endpoints; NULL: none */
  struct settings settings;
  struct kept_model *kept; /* the model that was fitted last (kept_model.h), the same in all states of a session; NULL: none
                              is kept.  It is no part of what the state says. */
};

struct state *state_new(void);
struct state *state_copy(const struct state *state); /* with one reference, free to be changed */
struct state *state_retain(const struct state *state);
void state_release(const struct state *state);

/* Whether curves, test and model of two states are the same: they differ in how curves are drawn at the most. */
bool state_gives_same_results(const struct state *a, const struct state *b);

/* The current endpoint, or NULL. */
const struct endpoint *state_endpoint(const struct state *state);

/* Changes to a state that is not yet shared. */
void state_set_cohort(struct state *state, struct cohort *cohort); /* takes over; keeps members where n_rows is the same */
void state_set_members(struct state *state, struct bitmap *rows);  /* takes over */
void state_add_endpoint(struct state *state, struct endpoint *endpoint); /* takes over; replaces its namesake; current */
void state_set_groups(struct state *state, char *const *names, size_t n); /* copies */
void state_set_string(char **field, const char *value);                   /* copies; NULL empties */
void state_add_branch(struct state *state, const char *name, const char *condition); /* copies; replaces its namesake */

/* The members of the cohort that are in a branch, whatever the filter; the caller clears *rows.  Fails where its condition
 * does not fit the cohort any more. */
enum status state_select_branch(const struct state *state, const struct branch *branch, struct bitmap *rows,
                                struct error *error);

/* The branch with that name, or NULL. */
const struct branch *state_find_branch(const struct state *state, const char *name);

/* Takes over the marks (NULL: none); what was there is released. */
void state_set_marks(struct state *state, struct mark_set *marks);

/* Makes a formula (NULL: none), or a published model (taken over), the current model; its settings are the plain ones. */
void state_set_model(struct state *state, const char *formula);
void state_set_published(struct state *state, struct published *published);

/* Computes the filter's text anew and who is on view.  NULL or "": no filter. */
enum status state_set_filter(struct state *state, const char *filter, struct error *error);

#endif
