/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/explorer.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "ui/actions.h"
#include "ui/explorer_internal.h"
#include "ui/keymap.h"
#include "ui/overlay.h"
#include "ui/paint.h"
#include "ui/pane.h"
#include "ui/split.h"
#include "ui/pane_why.h"

/* ---- messages ---- */

static char *formatted(const char *format, va_list arguments)
{
  struct text text = TEXT_INIT;
  text_append_vformat(&text, format, arguments);
  return text_take(&text);
}

void explorer_say(struct explorer *explorer, enum canvas_style style, const char *format, ...)
{
  va_list arguments;
  va_start(arguments, format);
  char *message = formatted(format, arguments);
  va_end(arguments);
  free(explorer->message);
  explorer->message = message;
  explorer->message_style = style;
}

enum charset explorer_charset(const struct explorer *explorer)
{
  return explorer->terminal_charset == CHARSET_ASCII ? CHARSET_ASCII
                                                     : session_state(explorer->session)->settings.charset;
}

/* ---- results ---- */

bool explorer_view_is_stale(const struct explorer *explorer)
{
  return explorer->view_line && (!explorer->view_results || explorer->view_results->number < explorer->view_wanted);
}

bool explorer_is_stale(const struct explorer *explorer)
{
  if (view_is_text(explorer->wishes.view))
    return explorer_view_is_stale(explorer);
  return !explorer->results || explorer->results->number < explorer->wanted;
}

static int64_t milliseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

enum { LATE_AFTER = 200 };

bool explorer_is_late(const struct explorer *explorer)
{
  return explorer->worker && explorer_is_stale(explorer) && milliseconds() - explorer->posted_at > LATE_AFTER;
}

bool explorer_computes_long(const struct explorer *explorer)
{
  return explorer_progress(explorer) >= 0 && milliseconds() - explorer->posted_at > LATE_AFTER;
}

/* Where the cursor of a view's new command begins: at the top, but in the view that w was pressed in, where it was. */
static struct list first_place(struct explorer *explorer, const char *line)
{
  const bool is_back = explorer->why_line && strcmp(line, explorer->why_line) == 0;
  if (is_back)
    state_set_string(&explorer->why_line, NULL);
  return is_back ? explorer->why_list : (struct list){.cursor = 0};
}

/* Whether two lines begin with the same verb. */
static bool same_verb(const char *a, const char *b)
{
  const size_t length = strcspn(a, " ,");
  return strcspn(b, " ,") == length && strncmp(a, b, length) == 0;
}

/* Posts the view's command where it, the state or the width is another than at the last post. */
static void refresh_view(struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  const char *why;
  char *line = view_command(explorer, explorer->wishes.view, &why);
  const size_t columns = explorer->layout.main.columns ? explorer->layout.main.columns : 80;
  const bool same = line && explorer->view_line && strcmp(line, explorer->view_line) == 0 &&
                    explorer->view_state == state && explorer->view_columns == columns;
  if (!line || same) {
    free(line);
    return;
  }
  const struct view_wish wish = {.line = line, .columns = columns, .charset = explorer_charset(explorer)};
  if (!explorer->view_line || strcmp(line, explorer->view_line) != 0)
    explorer->view_list = first_place(explorer, line);
  if (explorer->view_line && !same_verb(line, explorer->view_line)) { /* what another view has must not stand under its name */
    explorer_discard(explorer, explorer->view_results);
    explorer->view_results = NULL;
  }
  state_release(explorer->view_state);
  explorer->view_state = state_retain(state);
  explorer->view_columns = columns;
  free(explorer->view_line);
  explorer->view_line = memory_copy_string(line);
  explorer->posted_at = milliseconds();
  explorer->n_asked++;
  if (explorer->view_worker)
    explorer->view_wanted = worker_post_view(explorer->view_worker, state, &wish);
  else
    explorer_results(explorer, screen_results_view(state, &wish, ++explorer->view_wanted));
  free(line);
}

/* Posts the state for its curves and model where they are not those posted last. */
static void refresh_curves(struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  /* Not asked again while the first results are still under way: that would begin them anew at every frame. */
  const bool again = explorer->stopped && explorer->posted != state; /* any change computes again */
  if (explorer->posted && !again && state_gives_same_results(explorer->posted, state))
    return;
  explorer->stopped = false;
  state_release(explorer->posted);
  explorer->posted = state_retain(state);
  explorer->posted_at = milliseconds();
  explorer->n_asked++;
  if (explorer->worker)
    explorer->wanted = worker_post(explorer->worker, state);
  else
    explorer_results(explorer, screen_results_compute(state, ++explorer->wanted));
}

void explorer_refresh(struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  variables_follow(&explorer->variables, state);
  list_follow(&explorer->variable_list, explorer->variables.n_lines, explorer->layout.variables.rows);
  if (!explorer->paused) {
    refresh_view(explorer);
    split_refresh(explorer, refresh_view);
    if (!view_is_text(explorer->wishes.view) || (explorer->split.view && !view_is_text(explorer->split.view)))
      refresh_curves(explorer);
  }
  explorer_ask_counts(explorer); /* behind the curves, which are wanted more */
}

const struct report *explorer_view_report(const struct explorer *explorer)
{
  return explorer->view_results && !explorer_view_is_stale(explorer) ? explorer->view_results->view_report : NULL;
}

double explorer_progress(const struct explorer *explorer)
{
  if (!explorer->worker)
    return -1;
  return fmax(worker_progress(explorer->worker),
              fmax(worker_progress(explorer->view_worker), worker_progress(explorer->split.worker)));
}

bool explorer_cancel(struct explorer *explorer)
{
  if (explorer_progress(explorer) < 0)
    return false;
  worker_cancel(explorer->worker);
  worker_cancel(explorer->view_worker);
  worker_cancel(explorer->split.worker);
  explorer->stopped = true;
  return true;
}

/* ---- life ---- */

void explorer_begin(struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  if (!state->n_groups)
    return;
  variables_fold(&explorer->variables, state->groups[0], true);
  for (size_t i = 0; i < explorer->variables.n_lines; i++)
    if (strcmp(state->cohort->columns[explorer->variables.lines[i].column]->name, state->groups[0]) == 0) {
      explorer->variable_list.cursor = i;
      break;
    }
  explorer->wishes.focus = FOCUS_MAIN;
}

struct explorer *explorer_new(struct session *session, const struct explorer_workers *workers, enum charset charset)
{
  struct explorer *explorer = memory_new(1, sizeof *explorer);
  const struct state *state = session_state(session);
  explorer->session = session;
  explorer->replayed = state_retain(state);
  explorer->n_replayed = session_log_count(session);
  if (workers) {
    explorer->worker = workers->curves;
    explorer->view_worker = workers->views;
    explorer->split.worker = workers->beside;
    explorer->errands = workers->errands;
  }
  explorer->terminal_charset = charset;
  explorer->cursor = explorer->cursor_told = NAN;
  explorer->wishes = (struct layout_wishes){.view = VIEW_CURVES, .focus = FOCUS_VARIABLES, .message_rows = 1};
  explorer_refresh(explorer);
  explorer_begin(explorer);
  explorer_say(explorer, STYLE_DIM, "%s", state->cohort ? "? help   : command   Tab next pane   q quit"
                                                        : "type :load \"FILE.csv\"   (? help, q quit; kaplan --tutorial is a guided tour)");
  return explorer;
}

void explorer_notice(struct explorer *explorer, const char *notice)
{
  explorer_say(explorer, STYLE_WARNING, "%s", notice);
}

bool explorer_tell_reading(struct explorer *explorer, const char *notice)
{
  const size_t n = session_log_count(explorer->session);
  const struct log_entry *entry = n ? session_log_entry(explorer->session, n - 1) : NULL;
  if (!entry || entry->failed || !entry->message)
    return false;
  const size_t length = strcspn(entry->message, "\n"), count = entry->details ? explorer_count_lines(entry->details) + 1 : 1;
  struct text text = TEXT_INIT;
  if (count > 1)
    text_append_format(&text, "%zu warnings while reading (8 shows them): ", count);
  else
    text_append(&text, "while reading: ");
  text_append_bytes(&text, entry->message, length);
  if (notice)
    text_append_format(&text, "; %s", notice);
  explorer_notice(explorer, text_string(&text));
  text_clear(&text);
  return true;
}

void explorer_free(struct explorer *explorer)
{
  if (!explorer)
    return;
  variables_clear(&explorer->variables);
  sheet_clear(&explorer->sheet);
  frequency_view_clear(&explorer->frequency);
  cut_points_clear(&explorer->cuts);
  next_value_clear(&explorer->cut_end);
  state_release(explorer->posted);
  screen_results_free(explorer->results);
  screen_results_free(explorer->view_results);
  state_release(explorer->view_state);
  state_release(explorer->replayed);
  free(explorer->view_line);
  pane_nomogram_free(explorer->nomogram_patient);
  free(explorer->nomogram_variable);
  why_targets_clear(&explorer->why);
  left_journals_clear(&explorer->restoring.offered);
  left_journal_release(&explorer->restoring.taken, false);
  for (size_t i = 0; i < sizeof explorer->typed_views / sizeof *explorer->typed_views; i++)
    free(explorer->typed_views[i]);
  free(explorer->message);
  free(explorer->overlay);
  free(explorer->overlay_title);
  free(explorer->overlay_prose);
  free(explorer->search);
  free(explorer->prompt_prefix);
  free(explorer->prompt_start);
  free(explorer->prompt_line);
  free(explorer->preview);
  free(explorer->question);
  free(explorer->failed_line);
  free(explorer->failed_why);
  free(explorer->why_line);
  free(explorer->typed_line);
  explorer_drop_jobs(explorer);
  split_clear(explorer);
  free(explorer);
}

void explorer_greet(struct explorer *explorer)
{
  if (session_state(explorer->session)->cohort || explorer->job)
    explorer_say(explorer, STYLE_TEXT, "new here?  ? shows the keys, : takes commands; kaplan --tutorial is a tour");
}

void explorer_tour(struct explorer *explorer)
{
  tutorial_start(explorer);
}

bool explorer_mouse(const struct explorer *explorer)
{
  return explorer->mouse;
}

bool explorer_at_variable(struct explorer *explorer, const struct column **column, uint32_t *code)
{
  if (explorer->variable_list.cursor >= explorer->variables.n_lines)
    return false;
  const struct variable_line *line = &explorer->variables.lines[explorer->variable_list.cursor];
  *column = explorer->variables.state->cohort->columns[line->column];
  *code = line->code;
  return true;
}

/* ---- the frame ---- */

static void draw_panes(struct explorer *explorer, struct frame *frame)
{
  const struct layout *layout = &explorer->layout;
  frame->cursor_row = layout->main.row;
  frame->cursor_column = layout->main.column;
  if (layout->main.rows)
    pane_of(explorer->wishes.view)->draw(explorer, frame, layout->main);
  split_draw(explorer, frame);
  if (layout->summary.rows)
    pane_summary_draw(explorer, frame, layout->summary);
  if (layout->cuts.rows)
    pane_cuts_draw(explorer, frame, layout->cuts);
  if (layout->model.rows)
    pane_model_draw(explorer, frame, layout->model, false);
  if (layout->variables.rows) {
    paint_blank(&frame->canvas, layout->variables);
    pane_variables_draw(explorer, frame, layout->variables);
    explorer_ask_counts(explorer);
  }
}

/* What lies between the bar and the message line. */
static struct area area_between(const struct layout *layout, const struct frame *frame)
{
  size_t top = layout->bar.rows;
  size_t below = layout->message.rows + layout->keys.rows + layout->rows_beneath;
  if (frame->canvas.rows <= top + below)
    return (struct area){.rows = frame->canvas.rows, .columns = frame->canvas.columns};
  return (struct area){.row = top, .rows = frame->canvas.rows - top - below, .columns = frame->canvas.columns};
}

void explorer_draw(struct explorer *explorer, struct frame *frame)
{
  explorer->wishes.prompting = explorer->prompting;
  explorer->rows = frame->canvas.rows;
  explorer->columns = frame->canvas.columns;
  explorer->wishes.message_rows = 1;
  if (!explorer->prompting && explorer->message && explorer->message_style == STYLE_WARNING)
    explorer->wishes.message_rows = paint_wrapped_rows(explorer->message, frame->canvas.columns);
  explorer->wishes.model_rows = explorer->split.view == VIEW_MODEL ? 0 : pane_model_rows(explorer);
  explorer->wishes.cut_rows = pane_cuts_rows(explorer);
  explorer->wishes.summary_rows = pane_summary_rows(explorer);
  tutorial_follow(explorer);
  const size_t tour = tutorial_rows(explorer, frame->canvas.rows);
  explorer->layout = layout_of(frame->canvas.rows - tour, frame->canvas.columns, &explorer->wishes);
  explorer->layout.rows_beneath = tour;
  explorer_refresh(explorer);
  frame->cursor_shown = false;
  draw_panes(explorer, frame);
  bar_draw(explorer, frame);
  if (explorer->overlay)
    overlay_draw(explorer, frame, area_between(&explorer->layout, frame));
  bar_draw_message(explorer, frame);
  tutorial_draw(explorer, frame, tour);
}

enum { PLAIN_CURVES = 32, PLAIN_ROWS = 120, PLAIN_COLUMNS = 79 }; /* curves fill their rows, lists end with their text */

/* The view alone: what a command printed in full, else the view drawn over the whole width. */
char *explorer_plain_text(struct explorer *explorer, size_t columns)
{
  struct frame frame;
  struct text text = TEXT_INIT;
  const struct layout_wishes wishes = explorer->wishes;
  if (explorer->overlay)
    return memory_copy_string(explorer->overlay_prose ? explorer->overlay_prose : explorer->overlay);
  if (view_is_text(wishes.view) && explorer->view_results && !explorer_view_is_stale(explorer))
    return memory_copy_string(explorer->view_results->view_text);
  explorer->wishes.zoomed = true;
  explorer->wishes.focus = wishes.focus == FOCUS_VARIABLES ? FOCUS_MAIN : wishes.focus;
  frame_init(&frame, wishes.view == VIEW_CURVES ? PLAIN_CURVES : PLAIN_ROWS, columns > PLAIN_COLUMNS ? columns : PLAIN_COLUMNS);
  explorer_draw(explorer, &frame);
  explorer->wishes = wishes;
  const struct area shown = explorer->layout.model.rows ? explorer->layout.model : explorer->layout.main;
  size_t last = 0;
  for (size_t row = 0; row < shown.rows; row++) {
    canvas_append_row(&frame.canvas, shown.row + row, &text);
    last = text.length && text.bytes[text.length - 1] != '\n' ? text.length + 1 : last;
    text_append_char(&text, '\n');
  }
  text_truncate(&text, last);
  frame_clear(&frame);
  return text_take(&text);
}

void explorer_keep_screen(struct explorer *explorer)
{
  struct frame frame;
  struct text text = TEXT_INIT;
  frame_init(&frame, explorer->rows ? explorer->rows : 24, explorer->columns ? explorer->columns : 80);
  explorer_draw(explorer, &frame);
  canvas_append(&frame.canvas, &text);
  frame_clear(&frame);
  session_set_screen(explorer->session, text_string(&text));
  text_clear(&text);
}

/* ---- keys ---- */

/* Where the mouse pressed: the pane gets the focus, a line of the variables the cursor; a second press on it acts. */
enum { WHEEL_LINES = 3 };

/* A title brings its view; the wheel moves what the view shows; a press elsewhere gives it the focus. */
static enum explorer_wish mouse_outside_variables(struct explorer *explorer, const struct key *key)
{
  const struct area tabs = explorer->layout.tabs;
  const bool is_wheel = key->mouse == MOUSE_WHEEL_UP || key->mouse == MOUSE_WHEEL_DOWN;
  if (!is_wheel && tabs.rows && key->row == tabs.row) {
    const enum view view = bar_view_at(explorer, key->column);
    return view ? act_view(explorer, '0' + (uint32_t)view) : WISH_NONE;
  }
  explorer->wishes.focus = FOCUS_MAIN;
  const struct pane *pane = pane_of(explorer->wishes.view);
  for (int i = 0; is_wheel && pane->move && i < WHEEL_LINES; i++)
    pane->move(explorer, key->mouse == MOUSE_WHEEL_UP ? MOTION_UP : MOTION_DOWN);
  return WISH_NONE;
}

static enum explorer_wish mouse_key(struct explorer *explorer, const struct key *key)
{
  const struct area area = explorer->layout.variables;
  bool inside = key->row > area.row && key->row < area.row + area.rows && key->column >= area.column &&
                key->column < area.column + area.columns;
  if (!inside)
    return mouse_outside_variables(explorer, key);
  size_t line = explorer->variable_list.top + key->row - area.row - 1;
  if (key->mouse == MOUSE_WHEEL_UP || key->mouse == MOUSE_WHEEL_DOWN) {
    list_move(&explorer->variable_list, key->mouse == MOUSE_WHEEL_UP ? MOTION_UP : MOTION_DOWN,
              explorer->variables.n_lines, area.rows);
    return WISH_NONE;
  }
  if (line >= explorer->variables.n_lines)
    return WISH_NONE;
  bool again = explorer->wishes.focus == FOCUS_VARIABLES && explorer->variable_list.cursor == line;
  explorer->wishes.focus = FOCUS_VARIABLES;
  explorer->variable_list.cursor = line;
  const struct binding *binding = again ? keymap_find(explorer, ' ') : NULL;
  return binding ? binding->act(explorer, ' ') : WISH_NONE;
}

/* Why a key does nothing here, and where it does something. */
static void say_disabled(struct explorer *explorer, uint32_t key)
{
  char *reason = keymap_elsewhere(keymap_context(explorer), key);
  if (key == KEYS_ESCAPE)
    state_set_string(&explorer->message, NULL);
  else
    explorer_say(explorer, STYLE_DIM, "%s", reason ? reason : "that key does nothing; ? shows the keys");
  free(reason);
}

enum explorer_wish explorer_key(struct explorer *explorer, const struct key *key)
{
  if (key->code == KEYS_MOUSE)
    return mouse_key(explorer, key);
  if (explorer->overlay && key->code != KEYS_CTRL_C && key->code != KEYS_CTRL_Z && key->code != KEYS_CTRL_L) {
    enum explorer_wish wish;
    if (!overlay_key(explorer, key->code, &wish))
      return wish;
  }
  state_set_string(&explorer->typed_line, NULL);
  const bool asked = explorer->quit_asked;
  explorer->quit_asked = false;
  const struct binding *binding = keymap_find(explorer, key->code);
  if (!binding) {
    say_disabled(explorer, key->code);
    return WISH_NONE;
  }
  explorer->quit_asked = asked && (key->code == 'q' || key->code == 'Q' || key->code == KEYS_F10 || key->code == ':');
  explorer->interrupted = explorer->interrupted && key->code == KEYS_CTRL_C;
  return binding->act(explorer, key->code);
}
