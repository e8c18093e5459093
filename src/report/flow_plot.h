/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The flow of patients as data: what was loaded, who was excluded and why, who was kept, and the branches at the end. */
#ifndef KAPLAN_REPORT_FLOW_PLOT_H
#define KAPLAN_REPORT_FLOW_PLOT_H

#include <stddef.h>

/* A keep or drop: those excluded leave to a side box, those kept go on.  Texts are owned. */
struct flow_plot_step {
  char *reason;  /* of several: lines "22 no figure" */
  size_t n_reasons;
  char *stage;   /* what those kept are called, or NULL: "kept" */
  char *command; /* as it was typed: `drop if age < 18`, or NULL */
  size_t excluded, kept;
};

/* A box at the end: a named branch, or a group of by=; its lines count its groups. */
struct flow_plot_line {
  char *label;
  size_t n;
};
struct flow_plot_branch {
  char *label;
  char *filter; /* the condition of its patients, or NULL */
  size_t n;
  struct flow_plot_line *lines;
  size_t n_lines, lines_capacity;
};

struct flow_plot {
  char *title;  /* or NULL */
  char *source; /* "xu2025.csv" */
  size_t loaded;
  struct flow_plot_step *steps;
  size_t n_steps, steps_capacity;
  struct flow_plot_branch *branches;
  size_t n_branches, branches_capacity;
  char *view;    /* the filter: a dashed box at the very end, of those now looked at; NULL: all are */
  size_t n_view;
};

/* A chart of one box; texts are copied.  The caller frees it, or gives it to a report. */
struct flow_plot *flow_plot_new(const char *source, size_t loaded);
void flow_plot_free(struct flow_plot *plot);

/* Add at the end; join a further reason to the last step, whose side box then lists them; name those whom the last step keeps.  What they return is borrowed until the next is added; `command` and `filter` may be NULL. */
void flow_plot_add_step(struct flow_plot *plot, const char *reason, const char *command, size_t excluded, size_t kept);
void flow_plot_join_step(struct flow_plot *plot, const char *reason, const char *command, size_t excluded, size_t kept);
void flow_plot_set_stage(struct flow_plot *plot, const char *stage);
struct flow_plot_branch *flow_plot_add_branch(struct flow_plot *plot, const char *label, const char *filter, size_t n);
void flow_plot_add_line(struct flow_plot_branch *branch, const char *label, size_t n);

/* Adds the box of the subgroup on view: its filter in words, which is copied, and its patients. */
void flow_plot_set_view(struct flow_plot *plot, const char *filter, size_t n);

/* The boxes in the order in which one reads them: box 0 is what was loaded, 1 the first excluded, 2 the first kept …, then
 * the branches, then the subgroup on view. */
size_t flow_plot_n_boxes(const struct flow_plot *plot);

/* What a side box says, its number apart: "Excluded: age" or a line for each reason; the caller frees it. */
char *flow_plot_side_text(const struct flow_plot_step *step, const char *excluded);

/* What those kept by a step are called. */
const char *flow_plot_kept_label(const struct flow_plot_step *step);

/* The step that a box excludes, or NULL: it is no side box.  The branch of a box, or NULL. */
const struct flow_plot_step *flow_plot_excluded(const struct flow_plot *plot, size_t box);
const struct flow_plot_branch *flow_plot_branch(const struct flow_plot *plot, size_t box);

/* Who is in the last box before the branches. */
size_t flow_plot_kept(const struct flow_plot *plot);

#endif
