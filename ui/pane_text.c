/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Views that are the result of a command: Table 1, forest, nomogram, flow; and their printed form. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "lang/token.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"
#include "ui/pane.h"
#include "ui/view_lines.h"
#include "ui/wide_table.h"

enum { FIRST_TEXT_VIEW = VIEW_TABLE1 };

/* Commands that a view shows. */
static const struct {
  const char *verb;
  enum view view;
} view_verbs[] = {
    {"table1", VIEW_TABLE1}, {"forest", VIEW_FOREST}, {"nomogram", VIEW_NOMOGRAM}, {"flow", VIEW_FLOW}, {"pool", VIEW_FOREST},
};

bool view_is_text(enum view view)
{
  return (view >= VIEW_TABLE1 && view <= VIEW_FLOW) || view == VIEW_WHY;
}

/* What stands behind the verb in a line of it; NULL where it is of another. */
static const char *behind_verb(const char *line, const char *verb)
{
  const char *at = line + strspn(line, " \t");
  const size_t length = strlen(verb);
  return strncmp(at, verb, length) == 0 && (!at[length] || strchr(" \t,", at[length])) ? at + length : NULL;
}

/* The same for any verb that a view shows. */
static const char *behind_verb_of(const char *line, enum view view)
{
  const char *rest = NULL;
  for (size_t i = 0; i < sizeof view_verbs / sizeof *view_verbs && !rest; i++)
    rest = view_verbs[i].view == view ? behind_verb(line, view_verbs[i].verb) : NULL;
  return rest;
}

bool view_remember(struct explorer *explorer, const char *line, enum view *view)
{
  for (size_t i = 0; i < sizeof view_verbs / sizeof *view_verbs; i++) {
    if (!behind_verb(line, view_verbs[i].verb))
      continue;
    *view = view_verbs[i].view;
    state_set_string(&explorer->typed_views[*view - FIRST_TEXT_VIEW], line);
    return true;
  }
  return false;
}

/* ---- of a script ---- */

static bool same_groups(const struct state *a, const struct state *b)
{
  bool same = a->n_groups == b->n_groups;
  for (size_t i = 0; same && i < a->n_groups; i++)
    same = strcmp(a->groups[i], b->groups[i]) == 0;
  return same;
}

/* Whether the rest of a line of that view can be computed with the model there is: what the script drew of a model that it
 * typed in needs no times, and says so of any other. */
static bool fits_model(enum view view, const char *rest, const struct state *state)
{
  const bool names_terms = rest[strspn(rest, " \t")] && rest[strspn(rest, " \t")] != ',';
  if (view == VIEW_FOREST)
    return names_terms || state->model;
  return view != VIEW_NOMOGRAM || (state->model && strstr(rest, "at="));
}

/* The view's command in the script that the explorer was opened with, of those that were run on whom the script left on view:
 * the table1 of the most variables, else the last.  NULL where there is none, or the curves are grouped otherwise by now. */
static const char *replayed_line(const struct explorer *explorer, enum view view)
{
  const struct state *state = session_state(explorer->session), *replayed = explorer->replayed;
  const char *found = NULL;
  size_t longest = 0;
  if (!replayed->cohort || state->members != replayed->members || !same_groups(state, replayed))
    return NULL;
  for (size_t i = 0; i < explorer->n_replayed; i++) {
    const struct log_entry *entry = session_log_entry(explorer->session, i);
    const char *rest = behind_verb_of(entry->line, view);
    if (!rest || entry->failed || entry->n_on_view != replayed->on_view->count ||
        entry->n_members != replayed->members->count || !fits_model(view, rest, state))
      continue;
    if (view == VIEW_TABLE1 && strcspn(rest, ",") < longest)
      continue;
    longest = strcspn(rest, ",");
    found = entry->line;
  }
  return found;
}

char *view_command(const struct explorer *explorer, enum view view, const char **why)
{
  const struct state *state = session_state(explorer->session);
  struct text line = TEXT_INIT;
  bool made = false;
  *why = "load a cohort first: :load \"FILE.csv\"";
  if (state->cohort && state->model && (view == VIEW_MODEL || view == VIEW_RESIDUALS))
    return memory_copy_string("zph");
  double cut;
  const struct column *cut_column = view == VIEW_CURVES && state_endpoint(state) ? explorer_cut_column(explorer, &cut) : NULL;
  if (cut_column) {
    text_append(&line, "cutpoint ");
    token_append_name(&line, cut_column->name);
    return text_take(&line);
  }
  if (!state->cohort || !view_is_text(view))
    return NULL;
  if (view == VIEW_WHY)
    return explorer->why.n ? memory_copy_string(explorer->why.lines[explorer->why.at]) : NULL;
  const char *known = explorer->typed_views[view - FIRST_TEXT_VIEW];
  if (!known)
    known = replayed_line(explorer, view);
  if (known)
    return memory_copy_string(known);
  switch (view) {
  case VIEW_TABLE1:
    made = view_line_table1(state, &line);
    *why = "no variable to describe; :table1 age sex, by=arm";
    break;
  case VIEW_FOREST:
    made = state_endpoint(state) && view_line_forest(state, &line);
    *why = state_endpoint(state) ? "group the curves by a treatment (b), or put variables into the model (c)"
                                 : "of patients: :endpoint os = Surv(TIME, EVENT == 1) first\n\nof studies: :pool ESTIMATE LOW HIGH";
    break;
  case VIEW_NOMOGRAM:
    made = view_line_nomogram(state, &line);
    *why = "a nomogram is of a model: put variables into it (c), or :model \"NAME\" = …";
    break;
  default:
    view_line_flow(state, &line);
    made = true;
    break;
  }
  if (made)
    return text_take(&line);
  text_clear(&line);
  return NULL;
}

const struct report_item *view_figure(const struct explorer *explorer, enum report_item_kind kind)
{
  const struct screen_results *results = explorer->view_results;
  const char *why;
  char *line = view_command(explorer, explorer->wishes.view, &why);
  const bool has_command = line != NULL; /* else what was found last is of a model or a cohort that is gone */
  free(line);
  if (!has_command || explorer->view_as_table || !results || !results->view_report)
    return NULL;
  return report_find_item(results->view_report, kind);
}

void view_draw_late(const struct explorer *explorer, struct frame *frame, struct area area)
{
  paint_dim(&frame->canvas, area);
  paint_text_right(&frame->canvas, area_line(area, 0), " computing … Ctrl-C stops it ", STYLE_DIM,
                   explorer_charset(explorer));
}

/* ---- the pane ---- */

static const char *shown_text(const struct explorer *explorer)
{
  return explorer->view_results && explorer->view_results->view_text ? explorer->view_results->view_text : "";
}

size_t pane_text_rows(const struct explorer *explorer)
{
  size_t rows = 1;
  for (const char *at = shown_text(explorer); *at; at++)
    rows += *at == '\n';
  return rows;
}

/* On the rule above a table that is too wide: which columns are shown, and where there are more. */
static void draw_more(struct explorer *explorer, struct frame *frame, struct area line, const struct wide_table *table)
{
  const enum charset charset = explorer_charset(explorer);
  const bool ascii = charset == CHARSET_ASCII;
  const size_t first = wide_table_first(table, explorer->view_column), last = wide_table_last(table, first);
  struct text text = TEXT_INIT;
  text_append_format(&text, " %s columns %zu-%zu of %zu %s ", first > 1 ? (ascii ? "< h" : "‹ h") : "", first + 1, last + 1, table->n,
                     last + 1 < table->n ? (ascii ? "l >" : "l ›") : "");
  paint_text_right(&frame->canvas, line, text_string(&text), STYLE_KEY, charset);
  text_clear(&text);
}

void pane_text_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const enum charset charset = explorer_charset(explorer);
  const bool focused = explorer->wishes.focus != FOCUS_VARIABLES;
  const char *why, *text = shown_text(explorer);
  char *line = view_command(explorer, explorer->wishes.view, &why);
  paint_blank(&frame->canvas, area);
  paint_rule(&frame->canvas, area_line(area, 0), line ? line : "", focused, charset);
  if (!line) {
    if (area.rows > 1)
      paint_wrapped(&frame->canvas, (struct area){area.row + 1, area.column, area.rows - 1, area.columns}, why, STYLE_DIM, charset);
    return;
  }
  free(line);
  if (explorer_is_stale(explorer) && (explorer_is_late(explorer) || !*text)) {
    paint_text(&frame->canvas, area_line(area, 1), "computing … Ctrl-C stops it", STYLE_DIM, charset);
    if (!explorer_is_late(explorer))
      return;
  }
  struct wide_table table;
  const bool is_wide = wide_table_find(explorer, area.columns, &table);
  if (is_wide)
    draw_more(explorer, frame, area_line(area, 0), &table);
  for (size_t i = 0; i < explorer->view_list.top && *text; i++) {
    text += strcspn(text, "\n");
    text += *text == '\n';
  }
  for (size_t row = 1; row < area.rows && *text; row++) {
    const size_t length = strcspn(text, "\n"), at = explorer->view_list.top + row - 1;
    struct text shown = TEXT_INIT;
    if (is_wide && at >= table.first_line && at - table.first_line < table.n_lines)
      wide_table_append(&table, explorer->view_column, text, length, &shown);
    else
      append_from_column(&shown, text, length, is_wide ? 0 : explorer->view_column);
    paint_text(&frame->canvas, area_line(area, row), text_string(&shown),
               explorer_is_late(explorer) ? STYLE_DIM : *text == '!' ? STYLE_WARNING : STYLE_TEXT, charset);
    text_clear(&shown);
    text += length + (text[length] == '\n');
  }
  if (is_wide)
    wide_table_clear(&table);
}

void pane_text_move(struct explorer *explorer, enum motion motion)
{
  list_scroll(&explorer->view_list, motion, pane_text_rows(explorer), pane_height(explorer, 1));
}

enum { SIDE_STEP = 8 }; /* columns that the text moves sideways */

/* The widest line of a text. */
static size_t text_width(const char *text)
{
  size_t widest = 0;
  while (*text) {
    const size_t length = strcspn(text, "\n");
    char *line = memory_copy_bytes(text, length);
    const size_t width = utf8_string_width(line);
    widest = width > widest ? width : widest;
    free(line);
    text += length + (text[length] == '\n');
  }
  return widest;
}

/* Whether something of the text is right of the window. */
static bool is_cut(const struct explorer *explorer)
{
  return text_width(shown_text(explorer)) > explorer->view_column + explorer->layout.main.columns;
}

void pane_text_sideways(struct explorer *explorer, int step)
{
  struct wide_table table;
  if (wide_table_find(explorer, explorer->layout.main.columns, &table)) {
    explorer->view_column = wide_table_move(&table, explorer->view_column, step);
    wide_table_clear(&table);
  } else if (step > 0)
    explorer->view_column += is_cut(explorer) ? SIDE_STEP : 0;
  else
    explorer->view_column -= explorer->view_column < SIDE_STEP ? explorer->view_column : SIDE_STEP;
}
