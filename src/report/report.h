/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All that one command found: data tables, their printed form, plots, notes and warnings.
 *
 * A verb fills it; a renderer turns it into text, JSON, TSV, CSV, Markdown or LaTeX; the explorer shows its parts. */
#ifndef KAPLAN_REPORT_REPORT_H
#define KAPLAN_REPORT_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "report/calibration_plot.h"
#include "report/canvas.h"
#include "report/flow_plot.h"
#include "report/forest_plot.h"
#include "report/nomogram_plot.h"
#include "report/plot.h"
#include "report/printed.h"
#include "report/table.h"

/* What a reader sees, in order. */
struct report_item {
  enum report_item_kind {
    ITEM_PRINTED,
    ITEM_PLOT,
    ITEM_FOREST,
    ITEM_FLOW,
    ITEM_NOMOGRAM,
    ITEM_CALIBRATION,
    ITEM_TEXT,
    ITEM_HEADING, /* words that head what follows */
    ITEM_NOTE     /* a paragraph of prose */
  } kind;
  unsigned level; /* of a heading: 0 the title of the whole, 1 a section, 2 and 3 parts of one */
  union {
    struct printed_table *printed;
    struct plot *plot;
    struct forest_plot *forest;
    struct flow_plot *flow;
    struct nomogram_plot *nomogram;
    struct calibration_plot *calibration;
    char *text; /* ITEM_TEXT: lines, shown as they are; of a heading and a note: their words */
  } as;
};

/* What a screen goes on from without computing anew; opaque here, known by who clears it. */
struct report_sequel {
  void *data;
  void (*clear)(void *data);
};

struct report {
  bool for_people; /* set by the caller: only items are read, so tables with a row for every time need not be made */
  bool without_plots; /* set by the caller, too: nobody will draw curves, so they need not be copied */
  char *command;
  bool has_cohort;
  size_t n, used, dropped; /* rows on view, used by the analysis, left out by it for missing values */
  struct table **tables;
  size_t n_tables, tables_capacity;
  struct report_item *items;
  size_t n_items, items_capacity;
  char **warnings;
  size_t n_warnings, warnings_capacity;
  struct report_sequel sequel;
};

#define REPORT_INIT {.command = NULL}

/* Releases all that the report holds and leaves an empty one. */
void report_clear(struct report *report);

/* The command as typed (copied); rows on view and rows used. */
void report_set_command(struct report *report, const char *command);
void report_set_cohort(struct report *report, size_t n, size_t used);

/* Take over what they are given.  A forest plot without rows, or a calibration plot without points, is no figure: it is left
 * out. */
void report_add_table(struct report *report, struct table *table);
void report_add_printed(struct report *report, struct printed_table *table);
void report_add_plot(struct report *report, struct plot *plot);
void report_add_forest(struct report *report, struct forest_plot *plot);
void report_add_flow(struct report *report, struct flow_plot *plot);
void report_add_item(struct report *report, struct report_item item);
void report_add_calibration(struct report *report, struct calibration_plot *plot);
void report_add_nomogram(struct report *report, struct nomogram_plot *plot);

/* Copy: a heading of level 0 to 3, a paragraph. */
void report_add_heading(struct report *report, unsigned level, const char *words);
void report_add_note(struct report *report, const char *words);

/* Copies: a line or lines for people; a warning. */
void report_add_text(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));
void report_warn(struct report *report, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Leaves `data` with the report, which clears it with `clear`; what was there before is cleared. */
void report_set_sequel(struct report *report, void *data, void (*clear)(void *data));

/* Takes the data away, where it is cleared with `clear`, that is of that kind: the caller's then.  Else NULL. */
void *report_take_sequel(struct report *report, void (*clear)(void *data));

/* The data table with that id, borrowed, or NULL. */
const struct table *report_find_table(const struct report *report, const char *id);

/* Whether an item is a figure: curves, a forest plot, a flow chart, a nomogram, a calibration plot. */
bool report_item_is_figure(const struct report_item *item);

/* The first figure, borrowed, or NULL; the first item of a kind, borrowed, or NULL. */
const struct report_item *report_find_figure(const struct report *report);
const struct report_item *report_find_item(const struct report *report, enum report_item_kind kind);

#endif
