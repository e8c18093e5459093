/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pane_why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "report/plot.h"
#include "report/report.h"
#include "ui/paint.h"
#include "ui/pane.h"
#include "verbs/why.h"

/* ---- opening, turning, closing ---- */

static const struct why_targets no_targets = {.lines = NULL};

static void open_on(struct explorer *explorer, struct why_targets *targets, size_t at)
{
  why_targets_clear(&explorer->why);
  explorer->why = *targets;
  explorer->why.at = at;
  explorer->why.is_placed = false;
  if (explorer->wishes.view == VIEW_WHY)
    return;
  explorer->why_focus = explorer->wishes.focus;
  explorer->why_zoomed = explorer->wishes.zoomed;
  explorer->why_list = explorer->view_list;
  state_set_string(&explorer->why_line, explorer->view_line);
  pane_open(explorer, VIEW_WHY);
}

void pane_why_open(struct explorer *explorer)
{
  struct why_targets targets;
  const char *reason = why_targets_find(explorer, &targets);
  if (!targets.n) {
    explorer_say(explorer, STYLE_DIM, "%s", explorer_is_stale(explorer) ? "its numbers are still being computed" : reason);
    return;
  }
  const bool is_table = explorer->wishes.view == VIEW_TABLE1;
  open_on(explorer, &targets, targets.at);
  explorer_say(explorer, STYLE_DIM, "%s",
               is_table ? "of the variable at the top; < > (or Tab) the others, j k walk, q goes back"
                        : "j k walk step by step, < > (or Tab) other numbers, q goes back");
}

void pane_why_show(struct explorer *explorer, const char *line)
{
  struct why_targets targets = no_targets;
  MEMORY_APPEND(targets.lines, targets.n, targets.capacity, memory_copy_string(line));
  open_on(explorer, &targets, 0);
}

void pane_why_turn(struct explorer *explorer, int step)
{
  struct why_targets *why = &explorer->why;
  if (why->n < 2) {
    explorer_say(explorer, STYLE_DIM, "there is no other number here");
    return;
  }
  why->at = (why->at + (step > 0 ? 1 : why->n - 1)) % why->n;
  why->is_placed = false;
}

bool pane_why_close(struct explorer *explorer)
{
  if (explorer->wishes.view != VIEW_WHY)
    return false;
  if (!pane_close(explorer))
    explorer->wishes.view = VIEW_CURVES;
  explorer->wishes.focus = explorer->why_focus;
  explorer->wishes.zoomed = explorer->why_zoomed;
  state_set_string(&explorer->message, NULL);
  return true;
}

/* The report of the command that is shown; NULL while it is computed, and where it failed. */
static const struct report *report_of(const struct explorer *explorer)
{
  const struct why_targets *why = &explorer->why;
  const struct screen_results *results = explorer->view_results;
  const struct report *report = results ? results->view_report : NULL;
  if (!report || !why->n || !report->command || strcmp(report->command, why->lines[why->at]) != 0)
    return NULL;
  return why_kind_of(report) < WHY_KINDS ? report : NULL;
}

void pane_why_move(struct explorer *explorer, enum motion motion)
{
  const struct report *report = report_of(explorer);
  if (report)
    list_move(&explorer->why.steps, motion, why_n_steps(report), explorer->why.height);
}

void pane_why_sideways(struct explorer *explorer, int step)
{
  pane_why_move(explorer, step > 0 ? MOTION_DOWN : MOTION_UP);
}

/* ---- the steps ---- */

/* A column of the steps that are shown. */
struct shown_column {
  const char *title, *name; /* over it; in the table why_steps */
  size_t width;
  int decimals; /* places; COUNT: as it is, up to ten digits; SHORT: four digits; TIME: six; WORD: a text */
};
enum { COUNT = -1, SHORT = -2, TIME = -3, WORD = -4 };

static const struct shown_column survival_columns[] = {
    {"time", "time", 8, TIME},        {"at risk", "n_risk", 8, COUNT}, {"events", "n_event", 6, COUNT},
    {"censored", "n_censor", 8, COUNT}, {"1 - d/n", "factor", 7, 4},     {"S", "estimate", 6, 4},
    {"Greenwood", "greenwood", 9, 5},  {"s.e.", "std_error", 6, 4},     {.title = NULL}};
static const struct shown_column median_columns[] = {
    {"time", "time", 8, TIME}, {"at risk", "n_risk", 8, COUNT}, {"events", "n_event", 6, COUNT}, {"1 - d/n", "factor", 7, 4},
    {"S", "estimate", 6, 4},    {"low", "conf_low", 6, 4},       {"high", "conf_high", 6, 4},     {.title = NULL}};
static const struct shown_column hazard_columns[] = {
    {"time", "time", 8, TIME},       {"at risk", "n_risk", 7, COUNT},     {"events", "n_event", 6, COUNT},
    {"mean", "mean", 8, SHORT},       {"observed", "observed", 8, SHORT},  {"expected", "expected", 8, SHORT},
    {"O - E", "score", 9, SHORT},     {"so far", "score_sum", 9, SHORT},   {"information", "information", 11, SHORT},
    {"sum exp(lp)", "risk_sum", 11, SHORT}, {"loglik", "loglik", 8, SHORT}, {.title = NULL}};
static const struct shown_column concordance_columns[] = {
    {"time", "time", 8, TIME},           {"events", "n_event", 6, COUNT},        {"comparable", "comparable", 10, COUNT},
    {"concordant", "concordant", 10, COUNT}, {"discordant", "discordant", 10, COUNT}, {"tied", "tied_score", 8, COUNT},
    {.title = NULL}};
static const struct shown_column pair_columns[] = {
    {"row", "row", 8, COUNT}, {"time", "time", 8, TIME}, {"event", "status", 5, COUNT},
    {"linear predictor", "linear_predictor", 16, SHORT}, {"pair", "pair", 14, WORD}, {.title = NULL}};
static const struct shown_column line_columns[] = {
    {"", "item", 16, WORD}, {"value", "value", 12, SHORT}, {"level", "level", 24, WORD}, {.title = NULL}};
static const struct shown_column cell_columns[] = {
    {"level", "level", 18, WORD}, {"group", "group", 18, WORD}, {"observed", "observed", 8, COUNT},
    {"expected", "expected", 8, SHORT}, {"O - E", "difference", 8, SHORT}, {"part", "part", 8, SHORT}, {.title = NULL}};
static const struct shown_column table_columns[] = {
    {"first cell", "first_cell", 10, COUNT}, {"probability", "probability", 11, SHORT}, {"counted", "counted", 7, COUNT},
    {"sum", "sum", 9, SHORT}, {.title = NULL}};
static const struct shown_column mean_columns[] = {
    {"group", "group", 18, WORD}, {"n", "n", 6, COUNT}, {"mean", "mean", 9, TIME}, {"SD", "sd", 9, TIME},
    {"squares", "within", 9, TIME}, {"between", "between", 9, TIME}, {"Sh-W p", "shapiro_p", 8, SHORT}, {.title = NULL}};
static const struct shown_column rank_columns[] = {
    {"group", "group", 18, WORD}, {"n", "n", 6, COUNT}, {"rank sum", "rank_sum", 9, COUNT}, {"expected", "expected", 9, COUNT},
    {"mean rank", "mean_rank", 9, TIME}, {"part", "part", 9, SHORT}, {"Sh-W p", "shapiro_p", 8, SHORT}, {.title = NULL}};
/* of a test: of all groups, then of each */
static const struct shown_column test_columns[] = {
    {"time", "time", 8, TIME}, {"n", "n_risk_all", 6, COUNT}, {"d", "n_event_all", 4, COUNT}, {.title = NULL}};
static const struct shown_column group_columns[] = {
    {"n ", "n_risk", 5, COUNT}, {"d ", "n_event", 4, COUNT}, {"E ", "expected", 6, 3}, {.title = NULL}};

static const struct shown_column *columns_of(enum why_kind kind)
{
  static const struct shown_column *const columns[] = {
      [WHY_SURVIVAL] = survival_columns, [WHY_MEDIAN] = median_columns,           [WHY_LOGRANK] = test_columns,
      [WHY_HR] = hazard_columns,         [WHY_CONCORDANCE] = concordance_columns, [WHY_PAIRS] = pair_columns,
      [WHY_POINTS] = line_columns,       [WHY_INTERACTION] = line_columns,
      [WHY_TABLE1] = line_columns,       [WHY_CELLS] = cell_columns,              [WHY_FISHER] = table_columns,
      [WHY_MEANS] = mean_columns,        [WHY_RANKS] = rank_columns,             [WHY_FLOW] = line_columns,
  };
  return columns[kind];
}

/* Steps of which some have no number of a column: nothing is amiss then. */
static bool is_without_number(enum why_kind kind)
{
  return columns_of(kind) == line_columns || kind == WHY_CELLS;
}

static void append_cell(const struct report *report, size_t step, size_t row, const struct shown_column *column,
                        struct text *text)
{
  const double value = why_number(report, step, row, column->name);
  const char *word = why_text(report, step, row, column->name);
  if (column->decimals == WORD)
    text_append(text, word ? word : "");
  else if (isnan(value))
    text_append(text, is_without_number(why_kind_of(report)) ? "" : "NE");
  else if (column->decimals == COUNT)
    text_append_format(text, "%.10g", value);
  else if (column->decimals == SHORT)
    text_append_format(text, "%.4g", value);
  else if (column->decimals == TIME)
    text_append_format(text, "%.6g", value);
  else
    text_append_format(text, "%.*f", column->decimals, value);
}

/* Columns that counts need beyond their usual ones: a million patients, or weights. */
static size_t extra_width(const struct report *report, const struct shown_column *column)
{
  enum { USUAL_DIGITS = 5 };
  const double whole = why_number(report, 0, 0, "n_risk_all");
  const double most = isnan(whole) ? why_number(report, 0, 0, "n_risk") : whole;
  if ((column->decimals < 0 && column->decimals != COUNT) || isnan(most))
    return 0;
  const size_t digits = most >= 1 ? (size_t)log10(most) + 1 + 3 * (most != floor(most)) : 1;
  return digits > USUAL_DIGITS ? digits - USUAL_DIGITS : 0;
}

/* One cell, or its title where step is SIZE_MAX; returns what is left of the line. */
static struct area draw_cell(struct explorer *explorer, struct frame *frame, struct area line, const struct report *report,
                             const struct shown_column *column, size_t step, size_t row)
{
  const enum charset charset = explorer_charset(explorer);
  const bool is_title = step == SIZE_MAX;
  struct text text = TEXT_INIT;
  struct area cell = line;
  const size_t width = column->width + extra_width(report, column);
  if (line.columns < width)
    return (struct area){.row = line.row};
  cell.columns = width;
  if (!is_title)
    append_cell(report, step, row, column, &text);
  else
    text_append(&text, column->title);
  if (is_title && column->title[0] && column->title[1] == ' ' && !column->title[2])
    text_append_char(&text, (char)('A' + row));
  if (column->decimals == WORD)
    paint_text(&frame->canvas, cell, text_string(&text), is_title ? STYLE_TITLE : STYLE_TEXT, charset);
  else
    paint_text_right(&frame->canvas, cell, text_string(&text), is_title ? STYLE_TITLE : STYLE_TEXT, charset);
  text_clear(&text);
  return area_after(line, width + 1);
}

static void draw_step(struct explorer *explorer, struct frame *frame, struct area line, const struct report *report,
                      size_t step)
{
  static const struct shown_column stratum = {"stratum", "stratum", 12, WORD};
  const enum why_kind kind = why_kind_of(report);
  line = area_after(line, 1);
  for (const struct shown_column *column = columns_of(kind); column->title && line.columns; column++)
    line = draw_cell(explorer, frame, line, report, column, step, 0);
  for (size_t g = 0; kind == WHY_LOGRANK && g < why_step_rows(report) && g < 26; g++)
    for (const struct shown_column *column = group_columns; column->title && line.columns; column++)
      line = draw_cell(explorer, frame, line, report, column, step, g);
  if (why_text(report, 0, 0, "stratum"))
    draw_cell(explorer, frame, line, report, &stratum, step, 0);
}

static void draw_steps(struct explorer *explorer, struct frame *frame, struct area area, const struct report *report)
{
  struct list *list = &explorer->why.steps;
  const size_t n = why_n_steps(report);
  if (area.rows < 2)
    return;
  explorer->why.height = area.rows - 1;
  list_follow(list, n, area.rows - 1);
  draw_step(explorer, frame, area_line(area, 0), report, SIZE_MAX);
  for (size_t row = 1; row < area.rows && list->top + row - 1 < n; row++) {
    const size_t step = list->top + row - 1;
    struct area line = area_line(area, row);
    draw_step(explorer, frame, line, report, step);
    if (step != list->cursor)
      continue;
    paint_text(&frame->canvas, line, ">", STYLE_TITLE, explorer_charset(explorer));
    canvas_add_attributes(&frame->canvas, line, ATTRIBUTE_REVERSE);
    frame->cursor_row = line.row;
    frame->cursor_column = line.column;
  }
}

/* ---- the curve ---- */

enum { MOST_POINTS = 600 }; /* of a curve: more than any window has columns */

static bool has_curve(const struct report *report)
{
  const enum why_kind kind = why_kind_of(report);
  return (kind == WHY_SURVIVAL || kind == WHY_MEDIAN || kind == WHY_LOGRANK) && why_n_steps(report) &&
         !isnan(why_number(report, 0, 0, "estimate"));
}

/* A group's curve up to the step: its points thinned where there are more than a window shows, the step's own kept. */
static void fill_series(const struct report *report, size_t last, size_t group, struct plot_series *series)
{
  const size_t stride = last / MOST_POINTS + 1;
  double **columns[] = {&series->time, &series->value, &series->n_risk, &series->n_event, &series->n_censor};
  const char *name = why_text(report, 0, group, "group");
  for (size_t c = 0; c < sizeof columns / sizeof *columns; c++)
    *columns[c] = memory_new(last / stride + 2, sizeof(double));
  for (size_t step = last % stride; step <= last; step += stride) {
    const double estimate = why_number(report, step, group, "estimate");
    if (isnan(estimate))
      break;
    series->time[series->n] = why_number(report, step, group, "time");
    series->value[series->n++] = estimate;
  }
  series->label = memory_copy_string(name ? name : "");
  series->legend = memory_copy_string("");
  series->median = NAN;
  if (why_item(report, "p") == 0.5 && series->n && series->value[series->n - 1] <= 0.5 + 1e-8)
    series->median = why_item(report, "time");
}

static void draw_curve(struct explorer *explorer, struct frame *frame, struct area area, const struct report *report)
{
  const size_t rows = why_step_rows(report), last = explorer->why.steps.cursor;
  struct draw_options options = DRAW_OPTIONS_INIT;
  struct plot *plot = plot_new(rows < 4 ? rows : 4);
  plot->x_label = memory_copy_string("");
  plot->y_label = memory_copy_string("");
  for (size_t g = 0; g < plot->n_series; g++)
    fill_series(report, last, g, &plot->series[g]);
  options.charset = explorer_charset(explorer);
  options.legend = options.risk_table = false;
  options.median_lines = why_item(report, "p") == 0.5;
  options.cursor = NAN;
  options.view.last_time = why_number(report, why_n_steps(report) - 1, 0, "time");
  draw_plot(plot, &options, &frame->canvas, area, NULL);
  plot_free(plot);
}

/* ---- the pane ---- */

/* The formula in words: as many of its lines as `area` has, and a mark where that are not all; returns those it took. */
static size_t draw_words(struct explorer *explorer, struct frame *frame, struct area area, const struct report *report)
{
  size_t row = 0;
  bool is_title = true;
  for (size_t i = 0; i < report->n_items; i++) {
    if (report->items[i].kind != ITEM_TEXT)
      continue;
    if (row == area.rows && row > 1) {
      struct area last = area_line(area, row - 1);
      paint_text_right(&frame->canvas, last, explorer->wishes.zoomed ? " … " : " … z: more", STYLE_KEY, explorer_charset(explorer));
      break;
    }
    char *words = memory_copy_string(report->items[i].as.text);
    for (char *at = words; *at; at++)
      if (*at == '\n')
        *at = ' ';
    struct area rest = area_line(area, row);
    rest.rows = area.rows - row;
    row += paint_wrapped(&frame->canvas, rest, words, is_title ? STYLE_TITLE : STYLE_TEXT, explorer_charset(explorer));
    free(words);
    is_title = false;
  }
  return row;
}

/* Where words, explanation, curve and steps stand: the curve beside the steps where there is room, else above them. */
static void draw_parts(struct explorer *explorer, struct frame *frame, struct area area, const struct report *report)
{
  enum { BESIDE = 118, TALL = 30, SMALL_CURVE = 7, STEPS = 78, FEW_ROWS = 12 };
  struct text line = TEXT_INIT;
  struct area part = area;
  const size_t explained = why_step_rows(report) > 2 && area.columns < BESIDE ? 3 : 2;
  const bool curve = has_curve(report);
  part.rows = explorer->wishes.zoomed && area.rows > FEW_ROWS ? area.rows - 6 : area.rows < FEW_ROWS ? area.rows > 1 : area.rows < TALL ? 5 : area.rows / 2;
  const size_t words = draw_words(explorer, frame, part, report);
  area.row += words;
  area.rows -= words;
  if (area.rows > explained) {
    part = area;
    part.row += area.rows - explained;
    part.rows = explained;
    area.rows -= explained;
    why_explain(report, explorer->why.steps.cursor, &line);
    paint_wrapped(&frame->canvas, part, text_string(&line), STYLE_TITLE, explorer_charset(explorer));
    text_clear(&line);
  }
  part = area;
  if (curve && area.columns >= BESIDE && area.rows > SMALL_CURVE) {
    part.column += STEPS + 1;
    part.columns -= STEPS + 1;
    part.rows = part.rows < 24 ? part.rows : 24;
    draw_curve(explorer, frame, part, report);
    area.columns = STEPS;
  } else if (curve && area.rows >= SMALL_CURVE + 4) {
    part.rows = area.rows / 2 < SMALL_CURVE ? SMALL_CURVE : area.rows / 2;
    draw_curve(explorer, frame, part, report);
    area.row += part.rows;
    area.rows -= part.rows;
  }
  draw_steps(explorer, frame, area, report);
}

static void draw_rule(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct why_targets *why = &explorer->why;
  struct text title = TEXT_INIT;
  text_append(&title, why->n ? why->lines[why->at] : "why");
  if (why->n > 1)
    text_append_format(&title, "  (%zu of %zu)", why->at + 1, why->n);
  paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), explorer->wishes.focus == FOCUS_MAIN,
             explorer_charset(explorer));
  text_clear(&title);
}

void pane_why_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  const struct report *report = report_of(explorer);
  const enum charset charset = explorer_charset(explorer);
  paint_blank(&frame->canvas, area);
  draw_rule(explorer, frame, area);
  if (area.rows < 2)
    return;
  area.row++;
  area.rows--;
  if (!report) {
    const bool waits = explorer_is_stale(explorer) || !explorer->view_results;
    paint_wrapped(&frame->canvas, area,
                  explorer->paused ? "paused: = resumes the computing"
                  : waits          ? "computing … Ctrl-C stops it"
                                   : explorer->view_results->view_text,
                  waits ? STYLE_DIM : STYLE_WARNING, charset);
    return;
  }
  if (!explorer->why.is_placed) {
    explorer->why.steps = (struct list){.cursor = why_focus(report)};
    explorer->why.is_placed = true;
  }
  list_follow(&explorer->why.steps, why_n_steps(report), area.rows);
  draw_parts(explorer, frame, area, report);
  if (explorer_is_late(explorer))
    paint_dim(&frame->canvas, area);
}
