/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The variables: factors with their levels, counts and bars; numbers with a small histogram. */
#include <string.h>

#include "lang/formula.h"
#include "ui/explorer_internal.h"
#include "ui/paint.h"

enum { BAR_COLUMNS = 6 };

/* What is said of a variable at the end of its line: that curves are by it, have panels of it, that it is in the model. */
struct marks {
  bool by, panels, in_model;
};

static struct marks marks_of(const struct state *state, const struct formula *formula, const struct column *column)
{
  struct marks marks = {.in_model = formula_has_variable(formula, column->name)};
  marks.panels = state->panels && strcmp(state->panels, column->name) == 0;
  for (size_t i = 0; i < state->n_groups; i++)
    marks.by |= strcmp(state->groups[i], column->name) == 0;
  return marks;
}

/* NULL: it is still counted. */
static void append_histogram(struct text *text, const size_t *bins, bool ascii)
{
  static const char *const steps[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  static const char *const letters[] = {".", ".", ":", ":", "-", "=", "#", "#"};
  size_t most = 1;
  for (size_t i = 0; i < HISTOGRAM_BINS && bins; i++)
    most = bins[i] > most ? bins[i] : most;
  for (size_t i = 0; i < HISTOGRAM_BINS; i++)
    text_append(text, bins && bins[i] ? (ascii ? letters : steps)[bins[i] * 7 / most] : " ");
}

static void draw_variable(struct explorer *explorer, struct frame *frame, struct area line, size_t at,
                          const struct formula *formula)
{
  struct variables *variables = &explorer->variables;
  const size_t index = variables->lines[at].column;
  const struct column *column = variables->state->cohort->columns[index];
  const enum charset charset = explorer_charset(explorer);
  const bool ascii = charset == CHARSET_ASCII, factor = column->kind == COLUMN_FACTOR;
  struct marks marks = marks_of(variables->state, formula, column);
  struct text end = TEXT_INIT, name = TEXT_INIT;
  if (column->kind == COLUMN_NUMBER)
    append_histogram(&end, variables_histogram(variables, index), ascii);
  if (marks.by)
    text_append(&end, " by");
  if (marks.panels)
    text_append(&end, " panels");
  if (marks.in_model)
    text_append(&end, " cox");
  const char *fold = variables_is_unfolded(variables, column->name) ? (ascii ? "- " : "▾ ") : (ascii ? "+ " : "▸ ");
  text_append_format(&name, "%s%s", factor ? fold : "  ", column->name);
  struct area rest = paint_text_right(&frame->canvas, line, text_string(&end), marks.by || marks.panels || marks.in_model ? STYLE_KEY : STYLE_DIM,
                                      charset);
  paint_text(&frame->canvas, rest, text_string(&name), STYLE_TEXT, charset);
  text_clear(&end);
  text_clear(&name);
}

static void draw_level(struct explorer *explorer, struct frame *frame, struct area line, size_t at)
{
  struct variables *variables = &explorer->variables;
  const struct variable_line *item = &variables->lines[at];
  const struct column *column = variables->state->cohort->columns[item->column];
  const enum charset charset = explorer_charset(explorer);
  const size_t *counts = variables_counts(variables, item->column);
  const size_t total = variables->state->on_view->count;
  const bool included = variables_included(variables, item->column)[item->code - 1];
  struct text end = TEXT_INIT;
  const size_t count = counts ? counts[item->code] : 0;
  size_t filled = total ? (count * BAR_COLUMNS + total / 2) / total : 0;
  if (counts)
    text_append_format(&end, " %zu ", count);
  for (size_t i = 0; i < BAR_COLUMNS; i++)
    text_append(&end, i < filled ? (charset == CHARSET_ASCII ? "#" : "█") : " ");
  struct area rest = paint_text_right(&frame->canvas, line, text_string(&end), STYLE_TEXT, charset);
  rest = paint_text(&frame->canvas, rest, included ? "  [x] " : "  [ ] ", STYLE_TEXT, charset);
  paint_text(&frame->canvas, rest, column_level_display_name(column, item->code), included ? STYLE_TEXT : STYLE_DIM, charset);
  text_clear(&end);
}

static struct formula model_formula(const struct state *state)
{
  struct formula formula = FORMULA_INIT;
  struct error error = ERROR_INIT;
  if (state->model && formula_parse_string(state->model, &formula, &error))
    formula = (struct formula)FORMULA_INIT;
  error_clear(&error);
  return formula;
}

void pane_variables_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  struct variables *variables = &explorer->variables;
  const bool focused = explorer->wishes.focus == FOCUS_VARIABLES;
  const enum charset charset = explorer_charset(explorer);
  paint_rule(&frame->canvas, area_line(area, 0), "Variables", focused, charset);
  variables_begin_frame(variables);
  if (area.rows < 2 || !variables->n_lines)
    return;
  list_follow(&explorer->variable_list, variables->n_lines, area.rows - 1);
  struct formula formula = model_formula(variables->state);
  for (size_t i = 1; i < area.rows && explorer->variable_list.top + i - 1 < variables->n_lines; i++) {
    size_t at = explorer->variable_list.top + i - 1;
    struct area line = area_line(area, i), rest = area_after(line, 1);
    if (variables->lines[at].code)
      draw_level(explorer, frame, rest, at);
    else
      draw_variable(explorer, frame, rest, at, &formula);
    if (at != explorer->variable_list.cursor)
      continue;
    canvas_put(&frame->canvas, line.row, line.column, '>', STYLE_TITLE);
    if (!focused)
      continue;
    canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
    frame->cursor_row = line.row;
    frame->cursor_column = line.column;
  }
  formula_clear(&formula);
}
