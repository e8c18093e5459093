/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/keymap.h"

#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "ui/actions.h"
#include "ui/pane.h"

const struct binding keymap[] = {
    {{' '}, "Space", IN_VARIABLES, "in/out", "include or exclude the level", act_toggle_level},
    {{KEYS_ENTER, '\n'}, "Enter", IN_VARIABLES, "only", "only this level; fold or unfold a variable", act_only_level},
    {{'a'}, "a", IN_VARIABLES, "all", "all levels of the variable", act_all_levels},
    {{'b'}, "b", IN_VARIABLES, "by", "group the curves by this variable, or by none", act_group},
    {{'c'}, "c", IN_VARIABLES, "cox", "into the Cox model, or out of it", act_model},
    {{'r'}, "r", IN_VARIABLES, "ref", "make this level the reference in the model", act_reference},
    {{'[', ']'}, "[ ]", IN_VARIABLES, "cut", "a number: move its cut point down or up, curves follow", act_cut},
    {{KEYS_ENTER, '\n'}, "Enter", IN_DATA, "card", "the whole patient as a card", act_card},
    {{'[', ']'}, "[ ]", IN_DATA, "sort", "sort by the column, up or down; once more: the order of the file", act_sort},
    {{' '}, "Space", IN_DATA, "tag", "tag the patient, or take the tag away", act_tag},
    {{'"'}, "\"", IN_DATA, NULL, "filter to the tagged patients, by a column that tells them apart", act_filter_tagged},
    {{'0', '^', '$'}, "0 $", IN_DATA, NULL, "first column (also ^), last column", act_end_columns},
    {{'C'}, "C", IN_DATA, "column", "go to a column by its name; Tab completes", act_go_to_column},
    {{'-'}, "-", IN_DATA, "hide", "hide the column", act_hide_column},
    {{'+'}, "+", IN_DATA, NULL, "show all hidden columns again", act_show_columns},
    {{KEYS_ENTER, '\n'}, "Enter", IN_CARD, "to the column", "back to the sheet, at this column", act_leave_card},
    {{'F'}, "F", IN_DATA | IN_CARD, "frequencies", "frequency table of the column", act_frequencies},
    {{'F'}, "F", IN_VARIABLES, NULL, "frequency table of the variable", act_frequencies},
    {{'I'}, "I", IN_VARIABLES | IN_DATA | IN_CARD | IN_FREQUENCY, NULL, "describe the column", act_describe},
    {{KEYS_ENTER, '\n'}, "Enter", IN_FREQUENCY, "only", "filter to this value", act_only_value},
    {{'[', ']'}, "[ ]", IN_FREQUENCY, "order", "order by value, by count", act_order_values},
    {{'x'}, "x", IN_CURVES | IN_VARIABLES, "read off", "read the curves off at a time; left and right move it",
     act_cursor},
    {{'w'}, "w", IN_CURVES | IN_VARIABLES | IN_MODEL | IN_TABLE1 | IN_FOREST | IN_NOMOGRAM | IN_FLOW | IN_DATA, "why",
     "why: how a number here came about, step by step",
     act_why},
    {{'w'}, "w", EVERYWHERE & ~(IN_CURVES | IN_VARIABLES | IN_MODEL | IN_TABLE1 | IN_FOREST | IN_NOMOGRAM | IN_FLOW | IN_DATA | IN_WHY | IN_LOG), NULL,
     "why: of numbers in the views 1 to 7", act_why},
    {{'w'}, "w", IN_LOG, NULL, "go to the view that shows what the command found, or tell what it changed", act_log_why},
    {{'<', '>', KEYS_TAB, KEYS_BACK_TAB}, "< >", IN_WHY, "number", "the number before, the next (also Tab, Shift-Tab)",
     act_why_turn},
    {{'i'}, "i", IN_CURVES | IN_VARIABLES, "limits", "confidence limits: of none, A, B … all", act_band},
    {{'t'}, "t", IN_CURVES | IN_VARIABLES, NULL, "numbers at risk on or off", act_risk_table},
    {{'m'}, "m", IN_CURVES | IN_VARIABLES, NULL, "median lines on or off", act_median_lines},
    {{KEYS_ENTER, '\n'}, "Enter", IN_NOMOGRAM, "predict", "the command that predicts this patient's survival", act_predict},
    {{'H', 'L'}, "h l H L", IN_NOMOGRAM, "value", "move the patient's value: h l by a step or level, H L by a tick; j k choose it",
     act_big_step},
    {{'r'}, "r", IN_NOMOGRAM, "typical", "the typical patient again", act_typical},
    {{'t'}, "t", IN_NOMOGRAM, "table", "the printed points, or the scales", act_nomogram_table},
    {{'v'}, "v", EVERYWHERE, NULL, "next character set: ASCII, box, braille", act_charset},
    {{KEYS_ENTER, '\n'}, "Enter", IN_MODEL, "residuals", "the coefficient's residuals against time", act_residuals},
    {{'T'}, "T", IN_MODEL | IN_VARIABLES, NULL, "table2 of the model's variables (without a model, of all), into the prompt",
     act_offer_line},
    {{'W'}, "W", IN_MODEL | IN_VARIABLES, NULL, "stepwise selection among them by Wald tests, into the prompt", act_offer_line},
    {{'V'}, "V", IN_MODEL | IN_NOMOGRAM, NULL, "validate the model by bootstrap, into the prompt", act_offer_line},
    {{'K'}, "K", IN_MODEL | IN_NOMOGRAM, NULL, "calibrate the model: predicted against observed, into the prompt", act_offer_line},
    {{KEYS_ENTER, '\n'}, "Enter", IN_FOREST, "only", "only the patients of this subgroup (u undoes)", act_subgroup},
    {{KEYS_ENTER, '\n'}, "Enter", IN_FLOW, "more", "how these were excluded; on a branch: only its patients", act_box},
    {{'t'}, "t", IN_FOREST | IN_FLOW, "table", "the figure, or its table", act_table},
    {{KEYS_ENTER, '\n'}, "Enter", IN_LOG, "again", "run the command again", act_run_again},
    {{'o'}, "o", IN_LOG, "edit", "the command into the prompt, to change it", act_edit_again},
    {{' ', KEYS_ENTER, '\n'}, "Space", IN_SETTINGS, "change", "the setting's next value, or type one (also Enter; h l: next, before)",
     act_change_setting},
    {{'e'}, "e", IN_LOG, NULL, "the results of all these commands as one document (report)", act_report},
    {{KEYS_ENTER, '\n'}, "Enter", IN_RESTORE, "take up", "take up this session", act_restore},
    {{'\\', '&', KEYS_F4}, "\\", EVERYWHERE, "filter", "edit the filter (also &, F4)", act_edit_filter},
    {{':'}, ":", EVERYWHERE, "command", "type a command; Tab completes", act_prompt},
    {{'u'}, "u", EVERYWHERE, "undo", "undo", act_undo},
    {{KEYS_CTRL_R}, "Ctrl-R", EVERYWHERE, NULL, "redo", act_redo},
    {{'/'}, "/", EVERYWHERE, NULL, "search the cells, the log, or the variables and levels", act_search},
    {{'n', 'N'}, "n N", EVERYWHERE, NULL, "next, previous found", act_search_next},
    {{KEYS_TAB, KEYS_BACK_TAB}, "Tab", EVERYWHERE & ~IN_WHY, "pane", "next pane (Shift-Tab: previous)", act_next_pane},
    {{'1', '2', '3', '4', '5'}, "1-8", EVERYWHERE, "views", "1 curves, 2 Cox model, 3 Table 1, 4 forest, 5 nomogram", act_view},
    {{'6', '7', '8', 'D'}, "6 7 8", EVERYWHERE, NULL, "6 flow chart, 7 data, 8 (or D) log", act_view},
    {{'|'}, "|", EVERYWHERE, NULL, "two views beside one another, or one again (wide windows)", act_split},
    {{'z'}, "z", EVERYWHERE, NULL, "zoom the pane", act_zoom},
    {{'j', 'k', KEYS_DOWN, KEYS_UP}, "j k arrows", EVERYWHERE, NULL, "move", act_move},
    {{'h', 'l', KEYS_LEFT, KEYS_RIGHT}, "h l arrows", EVERYWHERE, NULL, "move sideways (the read-off line, the times); fold and unfold", act_sideways},
    {{KEYS_PAGE_DOWN, KEYS_PAGE_UP, KEYS_CTRL_F, KEYS_CTRL_B}, "PgUp PgDn", EVERYWHERE, NULL, "a page (Ctrl-F, Ctrl-B)",
     act_page},
    {{KEYS_CTRL_D, KEYS_CTRL_U}, "Ctrl-D Ctrl-U", EVERYWHERE, NULL, "half a page", act_half_page},
    {{'g', 'G', KEYS_HOME, KEYS_END}, "g G", EVERYWHERE, NULL, "first, last (Home, End)", act_ends},
    {{'e'}, "e", EVERYWHERE & ~IN_LOG, NULL, "export what is on view: figure, table, patients", act_export},
    {{'s', KEYS_CTRL_S}, "s", EVERYWHERE, NULL, "save the session as a script", act_save},
    {{'S', KEYS_F2}, "S", EVERYWHERE, NULL, "settings: conventions of the numbers, the look of the curves (F2, :set)",
     act_settings},
    {{'R', KEYS_F5}, "R", EVERYWHERE, NULL, "read the file again and repeat the commands (F5)", act_reload},
    {{'='}, "=", EVERYWHERE, NULL, "pause and resume live computation", act_pause},
    {{KEYS_CTRL_O}, "Ctrl-O", EVERYWHERE, NULL, "plain text to copy", act_plain},
    {{KEYS_CTRL_L}, "Ctrl-L", EVERYWHERE, NULL, "repaint", act_repaint},
    {{KEYS_CTRL_Z}, "Ctrl-Z", EVERYWHERE, NULL, "suspend", act_suspend},
    {{KEYS_BACKSPACE}, "Backspace", EVERYWHERE, NULL, "in the guided tour (:tutorial): one step back", act_tour_back},
    {{KEYS_F12}, "F12", EVERYWHERE, NULL, "mouse on or off (:mouse)", act_mouse},
    {{'?', KEYS_F1}, "?", EVERYWHERE, "help", "this help (F1)", act_help},
    {{'q'}, "q", EVERYWHERE, "quit", "back; from the curves: quit", act_back},
    {{'+', '-'}, "+ -", IN_CURVES | IN_VARIABLES, "time", "look nearer in time (round the read-off line, else from 0), farther",
     act_zoom_time},
    {{'_'}, "_", IN_CURVES | IN_VARIABLES, NULL, "all times and values on view again", act_fit},
    {{'y'}, "y", IN_CURVES | IN_VARIABLES, NULL, "the value axis: fit to the curves on view, or all of it", act_zoom_values},
    {{'f'}, "f", IN_CURVES | IN_VARIABLES, "function", "draw survival, 1-S, cumulative hazard, log-log", act_function},
    {{'p'}, "p", IN_VARIABLES, "panels", "the curves in each level of this variable, side by side; or no more", act_panels},
    {{'p'}, "p", IN_CURVES, NULL, "the curves in each branch of the cohort, or no panels", act_panels},
    {{'P'}, "P", IN_CURVES | IN_VARIABLES, NULL, "log-rank p of each two of the curves (Holm)", act_pairs},
    {{'Q', KEYS_F10}, "Q", EVERYWHERE, NULL, "quit; asks first where work is not saved (:q)", act_quit},
    {{KEYS_CTRL_C}, "Ctrl-C", EVERYWHERE, NULL, "stop the computation; again: how to quit", act_interrupt},
    {{KEYS_ESCAPE}, "Esc", EVERYWHERE, NULL, "stop a long computation; take back a question, the read-off line, a view over another; never quits", act_escape},
    {.act = NULL},
};

unsigned keymap_context(const struct explorer *explorer)
{
  if (explorer->wishes.focus == FOCUS_VARIABLES)
    return IN_VARIABLES;
  if (explorer->wishes.view == VIEW_CURVES && explorer->wishes.focus == FOCUS_MODEL)
    return IN_MODEL | IN_CURVES; /* the model under the curves: keys of both */
  return pane_of(explorer->wishes.view)->context;
}

const struct binding *keymap_find(const struct explorer *explorer, uint32_t key)
{
  const unsigned context = keymap_context(explorer);
  for (const struct binding *binding = keymap; binding->act; binding++)
    for (size_t i = 0; i < 5 && binding->keys[i] && binding->contexts & context; i++)
      if (binding->keys[i] == key)
        return binding;
  return NULL;
}

/* ---- in words ---- */

/* What the places are called, and how one gets there. */
static const struct {
  unsigned context;
  const char *title, *way;
} places[] = {
    {IN_VARIABLES, "variables", "Tab"},        {IN_CURVES, "curves", "1"},   {IN_MODEL, "Cox model", "2"},
    {IN_CUTS, "cut points", "["},              {IN_TABLE1, "Table 1", "3"},  {IN_FOREST, "forest", "4"},
    {IN_NOMOGRAM, "nomogram", "5"},            {IN_FLOW, "flow chart", "6"}, {IN_DATA, "data", "7"},
    {IN_CARD, "patient's card", "7, Enter"},   {IN_LOG, "log", "8"},         {IN_FREQUENCY, "frequency table", "F"},
    {IN_WHY, "why", "w"},                      {IN_SETTINGS, "settings", "S"},
    {IN_RESTORE, "sessions that were cut off", "kaplan --restore"},
};

enum { N_PLACES = sizeof places / sizeof *places };

/* "curves, Cox model, variables"; "all but why" where that is shorter. */
static void append_places(struct text *text, unsigned contexts)
{
  size_t n = 0;
  bool any = false;
  for (size_t i = 0; i < N_PLACES; i++)
    n += (places[i].context & contexts) != 0;
  const bool but = n > N_PLACES / 2 + 1;
  text_append(text, but ? "all but " : "");
  for (size_t i = 0; i < N_PLACES; i++) {
    if (((places[i].context & contexts) != 0) == but)
      continue;
    text_append_format(text, "%s%s", any ? ", " : "", places[i].title);
    any = true;
  }
}

static void append_binding(struct text *text, const struct binding *binding)
{
  text_append_format(text, "  %-14s %s\n", binding->shown, binding->help);
}

/* The keys that hold everywhere, or in a context and not everywhere. */
static void append_keys(struct text *text, unsigned context, bool general)
{
  for (const struct binding *binding = keymap; binding->act; binding++)
    if (binding->contexts & context && (binding->contexts == EVERYWHERE) == general)
      append_binding(text, binding);
}

/* The keys that hold in some places, but not in `context`: those of the same places together. */
static void append_groups(struct text *text, unsigned context)
{
  for (const struct binding *first = keymap; first->act; first++) {
    bool seen = first->contexts == EVERYWHERE || first->contexts & context;
    for (const struct binding *before = keymap; before < first && !seen; before++)
      seen = before->contexts == first->contexts;
    if (seen)
      continue;
    text_append(text, "\nIn: ");
    append_places(text, first->contexts);
    text_append_char(text, '\n');
    for (const struct binding *binding = first; binding->act; binding++)
      if (binding->contexts == first->contexts)
        append_binding(text, binding);
  }
}

char *keymap_help(unsigned context)
{
  struct text text = TEXT_INIT;
  text_append(&text, "Here: ");
  append_places(&text, context);
  text_append_char(&text, '\n');
  append_keys(&text, context, false);
  text_append(&text, "\nEverywhere\n");
  append_keys(&text, EVERYWHERE, true);
  append_groups(&text, context);
  text_append(&text, "\nEvery key that changes something stands for a command; the log (D) shows it, and save (s) writes\n"
                     "the session as a script of them.  :help lists the commands, :help km tells of one, :tutorial is a\n"
                     "guided tour.\n");
  return text_take(&text);
}

char *keymap_list(void)
{
  struct text text = TEXT_INIT;
  append_groups(&text, 0);
  text_append(&text, "\nEverywhere\n");
  append_keys(&text, EVERYWHERE, true);
  char *list = memory_copy_string(text_string(&text) + 1);
  text_clear(&text);
  return list;
}

char *keymap_elsewhere(unsigned context, uint32_t key)
{
  for (const struct binding *binding = keymap; binding->act; binding++) {
    bool is_key = false;
    for (size_t i = 0; i < 5 && binding->keys[i]; i++)
      is_key |= binding->keys[i] == key;
    if (!is_key || binding->contexts & context)
      continue;
    struct text text = TEXT_INIT;
    text_append_format(&text, "%s does nothing here; in ", binding->shown);
    for (size_t i = 0; i < N_PLACES; i++) {
      if (!(places[i].context & binding->contexts))
        continue;
      text_append_format(&text, "the %s (%s): ", places[i].title, places[i].way);
      break;
    }
    text_append(&text, binding->help);
    return text_take(&text);
  }
  return NULL;
}
