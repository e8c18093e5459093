/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of the explorer share. */
#ifndef KAPLAN_UI_EXPLORER_INTERNAL_H
#define KAPLAN_UI_EXPLORER_INTERNAL_H

#include "report/report.h"
#include "ui/cuts.h"
#include "ui/errands.h"
#include "ui/explorer.h"
#include "ui/frequency.h"
#include "ui/job.h"
#include "ui/layout.h"
#include "ui/list.h"
#include "ui/sheet.h"
#include "ui/tutorial.h"
#include "ui/variables.h"

/* The view beside the one with the focus: what of it is put by (split.h). */
struct split {
  enum view view;    /* VIEW_NONE: there is one view */
  enum view beneath;
  bool is_left;
  struct worker *worker;
  struct screen_results *results;
  struct state *state;
  char *line;
  size_t columns;
  unsigned long wanted;
  size_t first_column;
  struct list list;
};

/* Numbers that w can derive, as commands; the one that is shown, and where its steps are looked at. */
struct why_targets {
  char **lines;
  size_t n, capacity, at;
  struct list steps;
  size_t height;  /* rows of steps in the last frame */
  bool is_placed; /* the cursor was put where the number stands */
};

/* Sessions that were cut off, and the one that is being taken up. */
struct restoring {
  struct left_journals offered;
  struct list list;
  struct left_journal taken; /* path NULL: none */
  size_t n_failed;           /* of its commands */
  bool stopped;              /* by hand: what was left stays */
};

struct explorer {
  struct session *session;
  struct worker *worker, *view_worker; /* NULL: results are computed at once */
  enum charset terminal_charset;
  struct layout_wishes wishes;
  size_t rows, columns; /* of the last frame */
  struct layout layout; /* of the last frame: pages and the mouse need it */
  enum view view_beneath; /* the view that another was opened over (pane_open), or VIEW_NONE */
  enum focus focus_beneath; /* and the pane that had the focus then */
  struct split split;
  struct variables variables;
  struct list variable_list, model_list, log_list, card_list, settings_list, overlay_list;
  struct sheet sheet;  /* of the data view and the card */
  struct frequency_view frequency;
  struct next_value cut_end; /* the value above the greatest cut that is shown */
  struct cut_points cuts; /* of the number that [ and ] cut last */
  struct errands *errands; /* NULL: they are done at once */
  double cursor;       /* read-off time in the curves; NaN: off */
  double cursor_told;  /* the time whose values were said last: another message stays until the line moves */
  struct draw_geometry geometry;
  size_t first_panel;  /* the first of the curves' panels on view */
  struct screen_results *results;
  struct screen_results *view_results; /* the text of a view; NULL: none yet */
  struct state *view_state;            /* the state that its view was posted of, and the view's command and width */
  char *view_line;
  size_t view_columns;
  char *typed_views[4]; /* the last table1, forest, nomogram and flow that were typed; NULL: the view's own */
  struct state *replayed; /* what the explorer began with, and the commands of the log that led there */
  size_t n_replayed;
  size_t view_column;   /* the first column of the text that is shown */
  struct list view_list;
  size_t model_lines;  /* of the model's pane as it was drawn last */
  size_t residual_column; /* whose residuals are plotted */
  unsigned long wanted, view_wanted; /* numbers of the last posts; results with a lower one are out of date */
  bool view_as_table; /* the table of a view that can be drawn */
  struct nomogram_patient *nomogram_patient; /* values that were moved on the nomogram; NULL: none */
  char *nomogram_variable;                   /* the name of the one that is chosen there; NULL: the first */
  struct list nomogram_list;                 /* the window on its terms */
  bool nomogram_as_table;                    /* its printed points instead of its scales */
  struct why_targets why; /* pane_why.h */
  enum focus why_focus;   /* to go back to, and whether it was zoomed */
  bool why_zoomed;
  char *why_line;       /* the view's command then, or NULL; and where its cursor was */
  struct list why_list;
  struct state *posted; /* the state that was posted last */
  int64_t posted_at;    /* when, in milliseconds */
  unsigned long n_asked; /* computations that were asked for, of whatever kind */
  bool stopped;         /* by hand, what was posted: another state is posted even if its results would be the same */
  struct job *job;      /* the command that runs on a thread of its own, or NULL */
  bool job_changes;     /* what it finds stays in the state */
  char **waiting;       /* lines that wait for it */
  size_t n_waiting, waiting_capacity;
  const struct state *applied; /* the state that km or cox asked for last and the worker has not answered yet; only compared */
  struct restoring restoring;
  bool paused, mouse;
  bool quit_asked;      /* q or Q was pressed with unsaved work */
  bool interrupted;     /* Ctrl-C was pressed with nothing to stop */
  char *message;        /* the message line; NULL: empty */
  enum canvas_style message_style;
  char *overlay;        /* a text over the screen (help, a description), or NULL */
  char *overlay_title;
  char *overlay_prose;    /* the text before its lines were broken for overlay_columns; NULL: they are not to be */
  size_t overlay_columns;
  size_t overlay_column; /* the first column of it that is shown */
  size_t overlay_rows;   /* rows of it that were shown last */
  bool overlay_found;    /* overlay_list.cursor is a line that was looked for */
  char *search;         /* what / looked for */
  bool search_shown;    /* what it found is marked in the view */
  bool searching;       /* / is being typed; the cursor was here before: */
  size_t search_row, search_column;
  struct tutorial tutorial;
  /* the prompt */
  bool prompting;
  char *prompt_prefix, *prompt_start, *prompt_line;
  size_t prompt_point;
  char **matches; /* borrowed from the prompt */
  char *preview;  /* what the line would do */
  char *question; /* what the prompt was opened to ask, or NULL: shown in the place of the preview */
  char prompt_kind; /* : \\ / whatever readline shows before the line */
  size_t prompt_start_point; /* where the cursor is when it opens */
  char *failed_line;         /* the command that failed last, until one succeeds: the prompt tells what was wrong with it */
  size_t failed_start, failed_length; /* the bytes of it that the error is about; 0: none in particular */
  char *failed_why;
  char *typed_line;          /* what was typed last, until a key is pressed */
  bool typed_as_filter;      /* behind \\ */
};

/* The character set that is drawn with: the settings', as far as the terminal has it. */
enum charset explorer_charset(const struct explorer *explorer);

/* Looks at what a session begins with: grouped curves have the focus, and their variable the cursor. */
void explorer_begin(struct explorer *explorer);

/* Has something computed beside the keys, or at once where there is no thread; what is found comes to the pane it is for
 * (explorer_take_errands).  Takes over the errand's data.  explorer_forget_errand(): false where none was to be done. */
void explorer_errand(struct explorer *explorer, enum errand_kind kind, const struct errand *errand);
bool explorer_forget_errand(struct explorer *explorer, enum errand_kind kind);

/* Has the variables' levels counted among those on view, and their histograms once the curves are there: these are wanted more. */
void explorer_ask_counts(struct explorer *explorer);

/* Takes over what was found: counts of variables, how many a filter would keep, a frequency table, a column in words. */
void sheet_order_taken(struct explorer *explorer, struct errand *errand);
void sheet_search_take(struct explorer *explorer, struct errand *errand);
void frequency_search_take(struct explorer *explorer, struct errand *errand);
void cuts_take(struct explorer *explorer, struct errand *errand);
void counts_take(struct explorer *explorer, struct errand *errand);
void preview_take(struct explorer *explorer, struct errand *errand);
void frequency_take(struct explorer *explorer, struct errand *errand);
void description_take(struct explorer *explorer, struct errand *errand);

/* Counts a column of the current state, unless that was done; whether what is shown is of it. */
void frequency_ask(struct explorer *explorer, const struct column *column);
bool frequency_is_of_now(const struct explorer *explorer);

/* Sets the message line. */
void explorer_say(struct explorer *explorer, enum canvas_style style, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Frees results that are no longer shown, beside the keys: they are large. */
void explorer_discard(struct explorer *explorer, struct screen_results *results);

/* Runs a line behind those that wait: what is typed, and scripts.  explorer_run() is for keys, which need not wait for an
 * analysis that leaves the state as it is. */
void explorer_run_in_turn(struct explorer *explorer, const char *line);

/* Puts a line behind those that wait, and runs what waits up to the next job: the same in two steps, for many lines. */
void explorer_queue(struct explorer *explorer, const char *line);
void explorer_run_queue(struct explorer *explorer);

/* A session that is being taken up (pane_restore.c): whether one is, and the lines of it that failed or all of it at an end. */
bool restore_is_under_way(const struct explorer *explorer);
void restore_finish(struct explorer *explorer);

/* Asks the job to stop, and forgets what waits for it; false where there is none. */
bool explorer_stop_job(struct explorer *explorer);
void explorer_drop_jobs(struct explorer *explorer);

/* "validate 43 %, 12 s left"; false where nothing runs that is worth a word. */
bool explorer_append_progress(const struct explorer *explorer, struct text *text);

/* The results say that the model cannot be fitted. */
void explorer_model_failed(struct explorer *explorer, const struct screen_results *results);

/* Ends of lines in a text. */
size_t explorer_count_lines(const char *text);

/* Gives the session the screen as it stands, for `export "….txt"`. */
void explorer_keep_screen(struct explorer *explorer);

/* The next (step 1) or the one before (-1) of what / looked for. */
void explorer_search(struct explorer *explorer, int step);

/* Shows a text over the screen; takes over `text`.  Prose has its lines broken to the window's width (prose.h), another text
 * (a table) is moved sideways. */
void explorer_show(struct explorer *explorer, const char *title, char *text);
void explorer_show_prose(struct explorer *explorer, const char *title, char *text);

/* Posts the current state to the worker (or computes) where it is not the one posted last. */
void explorer_refresh(struct explorer *explorer);

/* Whether what is shown is of an earlier state; and whether it has been so for long enough to be dimmed: a flash of grey at
 * every key would cost more bytes than the new curves. */
bool explorer_is_stale(const struct explorer *explorer);
bool explorer_is_late(const struct explorer *explorer);

/* Whether the view's command is still computed. */
bool explorer_view_is_stale(const struct explorer *explorer);

/* What the view's command found on the state that is shown, for a pane that draws it; NULL while it is computed, or where it
 * failed. */
const struct report *explorer_view_report(const struct explorer *explorer);

/* Share done of what the workers compute, 0 to 1; negative while they are idle.  Stops them; false where they are idle. */
double explorer_progress(const struct explorer *explorer);
bool explorer_cancel(struct explorer *explorer);

/* Whether the workers have computed for so long that Esc is meant for them. */
bool explorer_computes_long(const struct explorer *explorer);

/* Leaves, or asks once where work is not saved. */
enum explorer_wish explorer_leave(struct explorer *explorer);

/* Opens the prompt with a prefix and a text to begin with. */
enum explorer_wish explorer_ask(struct explorer *explorer, const char *prefix, const char *text);

/* Remembers what was wrong with a line (NULL: with none); whether the prompt holds that line. */
struct error;
void explorer_remember_failure(struct explorer *explorer, const char *line, const struct error *error);
bool explorer_prompt_has_failed(const struct explorer *explorer);

/* Whether a line was typed and no key was pressed since. */
bool explorer_was_just_typed(const struct explorer *explorer, const char *line);

/* Opens the prompt again with the line that failed, the cursor where the error is. */
enum explorer_wish explorer_mend(struct explorer *explorer);

/* The option whose value is being typed at byte `point` of a command, or NULL. */
const struct option_syntax *explorer_option_at(const struct explorer *explorer, const char *line, size_t point);

/* The text that reports of a command show, as the log and overlays print it; the caller frees it. */
struct report;
char *explorer_report_text(const struct explorer *explorer, const struct report *report);

/* The variable under the cursor and its level (0: the variable itself); false where there is none. */
bool explorer_at_variable(struct explorer *explorer, const struct column **column, uint32_t *code);

/* The numeric column that the curves are cut by ([ and ]: they are grouped by its derived NAME_cut), and where; NULL where
 * they are not.  explorer_cut_of() is the bound of a derived column's "<60" level, NaN where it has none. */
const struct column *explorer_cut_column(const struct explorer *explorer, double *cut);
double explorer_cut_of(const struct state *state, const char *name);

/* Filters to one level of a factor, whatever the filter chose of it before. */
void explorer_choose_level(struct explorer *explorer, const struct column *column, uint32_t code);

/* Whether the view is the printed result of a command, and the command it shows: the last one of its verb that was typed; or
 * that the script ran with which the explorer was opened, on the patients and with the grouping that it left; or one made of
 * the grouping and the model.  NULL where there is nothing to show yet, with the reason in *why.  The caller frees
 * it. */
bool view_is_text(enum view view);
char *view_command(const struct explorer *explorer, enum view view, const char **why);

/* The figure of that kind in what the view's command found; NULL where it has none, or the table is wanted instead. */
const struct report_item *view_figure(const struct explorer *explorer, enum report_item_kind kind);

/* Dims a figure that is out of date, and says on its rule that the next is being computed. */
void view_draw_late(const struct explorer *explorer, struct frame *frame, struct area area);

/* Remembers a command that a view will show; true where one does (*view). */
bool view_remember(struct explorer *explorer, const char *line, enum view *view);

/* Moves the window in time by a tenth of it (actions_curves.c). */
void curves_scroll(struct explorer *explorer, int step);

/* "log-rank p of pairs (Holm):  A–B 0.03  …"; NULL where there are not three or four curves.  The caller frees it. */
char *curves_pairs_text(const struct explorer *explorer);

/* Panes: each draws into an area, and moves in what it drew (pane.h). */
void pane_text_draw(struct explorer *explorer, struct frame *frame, struct area area);
size_t pane_text_rows(const struct explorer *explorer); /* lines of the printed view */
void pane_text_move(struct explorer *explorer, enum motion motion);
void pane_text_sideways(struct explorer *explorer, int step);
void pane_forest_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_forest_move(struct explorer *explorer, enum motion motion);
void pane_flow_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_flow_move(struct explorer *explorer, enum motion motion);
void pane_flow_sideways(struct explorer *explorer, int step);
void pane_nomogram_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_nomogram_move(struct explorer *explorer, enum motion motion);
void pane_nomogram_sideways(struct explorer *explorer, int step);

/* Of the axes that hold for the patient on the scales, that of the chosen variable first: the term of the i-th (borrowed), and
 * the patient's value there as a command has it, appended.  False where there are no more, or no scales are shown. */
bool pane_nomogram_axis(const struct explorer *explorer, size_t i, const char **term, struct text *value);
void pane_nomogram_free(struct nomogram_patient *patient);
void pane_variables_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_curves_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_curves_move(struct explorer *explorer, enum motion motion);
void pane_curves_sideways(struct explorer *explorer, int step);
void pane_summary_draw(struct explorer *explorer, struct frame *frame, struct area area);
size_t pane_summary_rows(const struct explorer *explorer);
void pane_model_draw(struct explorer *explorer, struct frame *frame, struct area area, bool whole);
size_t pane_model_rows(const struct explorer *explorer);
void pane_model_move(struct explorer *explorer, enum motion motion);

/* The design's column of the coefficient under the model's cursor; false where there is none. */
bool pane_model_at(const struct explorer *explorer, size_t *column);
void pane_cuts_draw(struct explorer *explorer, struct frame *frame, struct area area);
size_t pane_cuts_rows(const struct explorer *explorer); /* 0 where nothing is being cut */
void pane_residuals_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_residuals_draw_of(struct explorer *explorer, struct frame *frame, struct area area, size_t column);
void pane_residuals_sideways(struct explorer *explorer, int step);
/* The sheet of the state as it is now; many rows are sorted beside the keys. */
struct sheet *pane_data_sheet(struct explorer *explorer);
void pane_data_draw(struct explorer *explorer, struct frame *frame, struct area area);
size_t pane_data_row(struct explorer *explorer); /* the cohort's, under the cursor; 0 where there is none */
void pane_data_move(struct explorer *explorer, enum motion motion);
void pane_data_sideways(struct explorer *explorer, int step);
void pane_data_search(struct explorer *explorer, int step);
void pane_data_search_live(struct explorer *explorer, const char *needle);
void pane_card_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_card_move(struct explorer *explorer, enum motion motion);
void pane_card_sideways(struct explorer *explorer, int step);
void pane_card_search(struct explorer *explorer, int step);
void pane_card_search_live(struct explorer *explorer, const char *needle);
void pane_card_enter(struct explorer *explorer);
void pane_frequency_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_frequency_move(struct explorer *explorer, enum motion motion);
void pane_frequency_search(struct explorer *explorer, int step);
void pane_frequency_search_live(struct explorer *explorer, const char *needle);
void pane_restore_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_restore_move(struct explorer *explorer, enum motion motion);
void pane_settings_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_settings_move(struct explorer *explorer, enum motion motion);
void pane_settings_sideways(struct explorer *explorer, int step); /* another value */
void pane_settings_search(struct explorer *explorer, int step);
void pane_settings_search_live(struct explorer *explorer, const char *needle);
void pane_log_draw(struct explorer *explorer, struct frame *frame, struct area area);
void pane_log_move(struct explorer *explorer, enum motion motion);
void pane_log_search(struct explorer *explorer, int step);
void pane_log_search_live(struct explorer *explorer, const char *needle);
void pane_log_enter(struct explorer *explorer);
void bar_draw(struct explorer *explorer, struct frame *frame);
/* The view whose title stands in that column of the row of titles, or VIEW_NONE. */
enum view bar_view_at(const struct explorer *explorer, size_t column);
void bar_draw_message(struct explorer *explorer, struct frame *frame);
void overlay_draw(struct explorer *explorer, struct frame *frame, struct area area);

/* Runs the filter with the levels of a column (by code - 1) chosen; none chosen is refused. */
void explorer_filter_levels(struct explorer *explorer, const struct column *column, const bool *included);

/* Runs `set NAME=VALUE`. */
void explorer_set(struct explorer *explorer, const char *name, const char *value);

/* What is to be marked as found: what is being typed behind /, or what was looked for last; NULL: nothing. */
const char *explorer_needle(const struct explorer *explorer);

/* Appends the bytes of a line from its first `skipped` columns on. */
void append_from_column(struct text *text, const char *line, size_t length, size_t skipped);

#endif
