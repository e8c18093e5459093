/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/tutorial.h"

#include <math.h>
#include <string.h>

#include "ui/explorer_internal.h"
#include "ui/paint.h"

/* ---- what shows that a step is done ---- */

static bool is_at(const struct explorer *explorer, const char *name, bool level)
{
  const struct variables *variables = &explorer->variables;
  const size_t at = explorer->variable_list.cursor;
  return explorer->wishes.focus == FOCUS_VARIABLES && at < variables->n_lines && (!level || variables->lines[at].code) &&
         strcmp(variables->state->cohort->columns[variables->lines[at].column]->name, name) == 0;
}

static bool is_grouped_by(const struct explorer *explorer, const char *name)
{
  const struct state *state = session_state(explorer->session);
  return state->n_groups == 1 && strcmp(state->groups[0], name) == 0;
}

static bool model_has(const struct explorer *explorer, const char *text)
{
  const char *model = session_state(explorer->session)->model;
  return model && strstr(model, text);
}

static bool has_moved(const struct explorer *explorer)
{
  return explorer->wishes.focus == FOCUS_VARIABLES &&
         explorer->variable_list.cursor != explorer->tutorial.variable_cursor;
}

static bool is_at_surgery(const struct explorer *explorer)
{
  return is_at(explorer, "surgery", false);
}

static bool is_grouped(const struct explorer *explorer)
{
  return is_grouped_by(explorer, "surgery");
}

static bool is_at_level(const struct explorer *explorer)
{
  return is_at(explorer, "surgery", true);
}

static bool is_filtered(const struct explorer *explorer)
{
  return session_state(explorer->session)->filter != NULL;
}

static bool is_unfiltered(const struct explorer *explorer)
{
  return !is_filtered(explorer);
}

static bool has_limits(const struct explorer *explorer)
{
  return session_state(explorer->session)->settings.band != BAND_NONE;
}

static bool is_reading_off(const struct explorer *explorer)
{
  return !isnan(explorer->cursor) && explorer->cursor != explorer->tutorial.cursor;
}

static bool has_model(const struct explorer *explorer)
{
  return model_has(explorer, "surgery");
}

static bool has_reference(const struct explorer *explorer)
{
  return model_has(explorer, "ref(surgery");
}

static bool is_cut(const struct explorer *explorer)
{
  return is_grouped_by(explorer, "age_cut");
}

static bool shows_table1(const struct explorer *explorer)
{
  return explorer->wishes.view == VIEW_TABLE1;
}

static bool is_uncut(const struct explorer *explorer)
{
  return explorer->wishes.view == VIEW_CURVES && !is_cut(explorer);
}

static bool is_grouped_by_grade(const struct explorer *explorer)
{
  return is_grouped_by(explorer, "grade");
}

static bool shows_log(const struct explorer *explorer)
{
  return explorer->wishes.view == VIEW_LOG;
}

static bool is_saved(const struct explorer *explorer)
{
  return !session_is_unsaved(explorer->session);
}

static bool is_never(const struct explorer *explorer)
{
  (void)explorer;
  return false;
}

/* ---- the steps ---- */

static const struct {
  const char *instruction; /* two lines of 79 columns at most */
  bool (*is_done)(const struct explorer *explorer);
} steps[] = {
    {"Above: the survival of 163 patients.  The list holds their variables, > is where you are.  Press j or the down "
     "arrow a few times.",
     has_moved},
    {"A name is found faster by searching: type /surgery and press Enter.", is_at_surgery},
    {"Press b: the curves are now by surgery, with the log-rank test over them.", is_grouped},
    {"Press Enter to unfold surgery, then j to one of its levels.  The numbers and bars are those of the patients on "
     "view.",
     is_at_level},
    {"Press Enter on the level: only its patients stay.  The bar on top tells the filter in words, and all that is shown "
     "follows it.",
     is_filtered},
    {"Press a: all levels are back.  (Space takes single ones out and in.)", is_unfiltered},
    {"Press i: confidence limits around one curve; i again for the next, for all, for none.", has_limits},
    {"Press x, then l or the right arrow: the curves read off at that time, with limits and numbers at risk.  x again "
     "ends it.",
     is_reading_off},
    {"A filter can be typed: press \\, type age < 60 (how many that keeps is told above), press Enter.", is_filtered},
    {"Press u: undo.  Every change can be undone, as often as you like; Ctrl-R does it again.", is_unfiltered},
    {"A Cox model: type /surgery and Enter, then press c.  Its hazard ratios stand beneath the curves.", has_model},
    {"They are against a reference, now the first level.  Move with j to the last level of surgery and press r: it "
     "becomes the reference.",
     has_reference},
    {"Type /age and Enter, then press ] : the curves of those younger and older than a cut point; [ and ] move it, curves "
     "and p follow.",
     is_cut},
    {"Press 3 for Table 1, the baseline table of the groups.  The digits 1 to 8 are the views.", shows_table1},
    {"Press 1 for the curves, then u until the cut is undone: the curves are by surgery again.", is_uncut},
    {"Everything is a command.  Press :, type km gr and press Tab, which completes it to grade; then Enter.",
     is_grouped_by_grade},
    {"Press D: the log.  What your keys did stands there as the commands it was.", shows_log},
    {"Press s and Enter: the session is saved as a script, work.kap, that leads here again.", is_saved},
    {"That was the tour.  ? shows the keys of where you are, :help the commands.  Go on exploring (:tutorial off), or "
     "quit with Q.",
     is_never},
};

enum { N_STEPS = sizeof steps / sizeof *steps };

const char *tutorial_instruction(size_t step)
{
  return step < N_STEPS ? steps[step].instruction : NULL;
}

static void begin_step(struct explorer *explorer, size_t step, bool armed)
{
  explorer->tutorial.step = step;
  explorer->tutorial.armed = armed;
  explorer->tutorial.cursor = NAN;
  explorer->tutorial.variable_cursor = explorer->variable_list.cursor;
}

static void go_back(struct explorer *explorer)
{
  if (explorer->tutorial.step)
    begin_step(explorer, explorer->tutorial.step - 1, false);
  else
    explorer_say(explorer, STYLE_DIM, "this is the first step");
}

void tutorial_start(struct explorer *explorer)
{
  const struct state *state = session_state(explorer->session);
  static const char *const needed[] = {"surgery", "age", "grade"};
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    if (state->cohort && state_endpoint(state) && cohort_find_column(state->cohort, needed[i]))
      continue;
    explorer_say(explorer, STYLE_WARNING, "the tour is of the sample cohort: kaplan --tutorial opens it");
    return;
  }
  explorer->tutorial.open = true;
  explorer->wishes.focus = FOCUS_VARIABLES;
  begin_step(explorer, 0, true);
}

bool tutorial_command(struct explorer *explorer, const char *word)
{
  struct tutorial *tutorial = &explorer->tutorial;
  if (!*word)
    tutorial_start(explorer);
  else if (strcmp(word, "back") != 0 && strcmp(word, "skip") != 0 && strcmp(word, "off") != 0)
    return false;
  else if (!tutorial->open)
    explorer_say(explorer, STYLE_DIM, "no tour is on; :tutorial begins it");
  else if (*word == 'b')
    go_back(explorer);
  else if (*word == 'o')
    tutorial->open = false;
  else if (tutorial->step + 1 < N_STEPS)
    begin_step(explorer, tutorial->step + 1, false);
  return true;
}

void tutorial_follow(struct explorer *explorer)
{
  struct tutorial *tutorial = &explorer->tutorial;
  if (isnan(explorer->cursor) || isnan(tutorial->cursor))
    tutorial->cursor = explorer->cursor;
  while (tutorial->open) {
    const bool done = steps[tutorial->step].is_done(explorer);
    if (!done)
      tutorial->armed = true;
    if (!done || !tutorial->armed)
      return;
    begin_step(explorer, tutorial->step + 1, true);
  }
}

enum { LEAST_ROWS = 8, ROOM = 18, LINES = 3 };

size_t tutorial_rows(const struct explorer *explorer, size_t rows)
{
  return !explorer->tutorial.open || rows < LEAST_ROWS ? 0 : rows < ROOM ? 1 : LINES;
}

void tutorial_draw(struct explorer *explorer, struct frame *frame, size_t rows)
{
  const enum charset charset = explorer_charset(explorer);
  const char *instruction = steps[explorer->tutorial.step].instruction;
  struct area area = {.row = frame->canvas.rows - rows, .rows = rows, .columns = frame->canvas.columns};
  struct text title = TEXT_INIT;
  if (!rows)
    return;
  paint_blank(&frame->canvas, area);
  text_append_format(&title, "Tour, %zu of %d%s", explorer->tutorial.step + 1, N_STEPS,
                     rows > 1 ? "   Backspace: back   :tutorial skip   :tutorial off" : ": ");
  if (rows == 1) {
    struct area rest = paint_text(&frame->canvas, area, text_string(&title), STYLE_TITLE, charset);
    paint_text(&frame->canvas, rest, instruction, STYLE_TEXT, charset);
  } else {
    paint_rule(&frame->canvas, area_line(area, 0), text_string(&title), false, charset);
    area.row++;
    area.rows--;
    paint_wrapped(&frame->canvas, area, instruction, STYLE_TITLE, charset);
  }
  text_clear(&title);
}
