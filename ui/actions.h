/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What keys do.  Each is the `act` of a row of the keymap and gets the key that was pressed. */
#ifndef KAPLAN_UI_ACTIONS_H
#define KAPLAN_UI_ACTIONS_H

#include "ui/explorer_internal.h"

/* actions_cohort.c: variables, levels, filter, model: each becomes a command line. */
enum explorer_wish act_toggle_level(struct explorer *explorer, uint32_t key);
enum explorer_wish act_only_level(struct explorer *explorer, uint32_t key);
enum explorer_wish act_all_levels(struct explorer *explorer, uint32_t key);
enum explorer_wish act_group(struct explorer *explorer, uint32_t key);
enum explorer_wish act_model(struct explorer *explorer, uint32_t key);
enum explorer_wish act_reference(struct explorer *explorer, uint32_t key);
enum explorer_wish act_cut(struct explorer *explorer, uint32_t key);
enum explorer_wish act_edit_filter(struct explorer *explorer, uint32_t key);

/* actions_data.c: the sheet, the card, the frequency table. */
enum explorer_wish act_frequencies(struct explorer *explorer, uint32_t key);
enum explorer_wish act_describe(struct explorer *explorer, uint32_t key);
enum explorer_wish act_card(struct explorer *explorer, uint32_t key);
enum explorer_wish act_leave_card(struct explorer *explorer, uint32_t key);
enum explorer_wish act_sort(struct explorer *explorer, uint32_t key);
enum explorer_wish act_tag(struct explorer *explorer, uint32_t key);
enum explorer_wish act_filter_tagged(struct explorer *explorer, uint32_t key);
enum explorer_wish act_end_columns(struct explorer *explorer, uint32_t key);
enum explorer_wish act_go_to_column(struct explorer *explorer, uint32_t key);
enum explorer_wish act_hide_column(struct explorer *explorer, uint32_t key);
enum explorer_wish act_show_columns(struct explorer *explorer, uint32_t key);
enum explorer_wish act_only_value(struct explorer *explorer, uint32_t key);
enum explorer_wish act_order_values(struct explorer *explorer, uint32_t key);

/* The prompt of act_go_to_column() begins with this; goes to the column that was typed. */
#define COLUMN_PROMPT "column "
void data_go_to_column(struct explorer *explorer, const char *typed);

/* actions_curves.c: the look of the curves. */
enum explorer_wish act_cursor(struct explorer *explorer, uint32_t key);
enum explorer_wish act_band(struct explorer *explorer, uint32_t key);
enum explorer_wish act_risk_table(struct explorer *explorer, uint32_t key);
enum explorer_wish act_median_lines(struct explorer *explorer, uint32_t key);
enum explorer_wish act_residuals(struct explorer *explorer, uint32_t key);
enum explorer_wish act_offer_line(struct explorer *explorer, uint32_t key);
enum explorer_wish act_charset(struct explorer *explorer, uint32_t key);
enum explorer_wish act_function(struct explorer *explorer, uint32_t key);
enum explorer_wish act_zoom_time(struct explorer *explorer, uint32_t key);
enum explorer_wish act_fit(struct explorer *explorer, uint32_t key);
enum explorer_wish act_zoom_values(struct explorer *explorer, uint32_t key);
enum explorer_wish act_panels(struct explorer *explorer, uint32_t key);
enum explorer_wish act_pairs(struct explorer *explorer, uint32_t key);

/* actions_view.c: moving, panes, views. */
enum explorer_wish act_split(struct explorer *explorer, uint32_t key);
enum explorer_wish act_next_pane(struct explorer *explorer, uint32_t key);
enum explorer_wish act_view(struct explorer *explorer, uint32_t key);
enum explorer_wish act_why(struct explorer *explorer, uint32_t key);
enum explorer_wish act_why_turn(struct explorer *explorer, uint32_t key);
enum explorer_wish act_zoom(struct explorer *explorer, uint32_t key);
enum explorer_wish act_move(struct explorer *explorer, uint32_t key);
enum explorer_wish act_sideways(struct explorer *explorer, uint32_t key);
enum explorer_wish act_page(struct explorer *explorer, uint32_t key);
enum explorer_wish act_half_page(struct explorer *explorer, uint32_t key);
enum explorer_wish act_ends(struct explorer *explorer, uint32_t key);
enum explorer_wish act_table(struct explorer *explorer, uint32_t key);

/* pane_forest.c, pane_flow.c: what the cursor is on. */
enum explorer_wish act_subgroup(struct explorer *explorer, uint32_t key);
enum explorer_wish act_box(struct explorer *explorer, uint32_t key);

/* pane_log.c */
enum explorer_wish act_log_why(struct explorer *explorer, uint32_t key);

/* pane_restore.c */
enum explorer_wish act_restore(struct explorer *explorer, uint32_t key);

/* pane_settings.c */
enum explorer_wish act_settings(struct explorer *explorer, uint32_t key);
enum explorer_wish act_change_setting(struct explorer *explorer, uint32_t key);

/* pane_nomogram.c: the patient on the nomogram. */
enum explorer_wish act_big_step(struct explorer *explorer, uint32_t key);
enum explorer_wish act_predict(struct explorer *explorer, uint32_t key);
enum explorer_wish act_typical(struct explorer *explorer, uint32_t key);
enum explorer_wish act_nomogram_table(struct explorer *explorer, uint32_t key);

/* actions_session.c: prompt, undo, files, leaving. */
enum explorer_wish act_prompt(struct explorer *explorer, uint32_t key);
enum explorer_wish act_run_again(struct explorer *explorer, uint32_t key);
enum explorer_wish act_edit_again(struct explorer *explorer, uint32_t key);
enum explorer_wish act_undo(struct explorer *explorer, uint32_t key);
enum explorer_wish act_redo(struct explorer *explorer, uint32_t key);
enum explorer_wish act_search(struct explorer *explorer, uint32_t key);
enum explorer_wish act_search_next(struct explorer *explorer, uint32_t key);
enum explorer_wish act_export(struct explorer *explorer, uint32_t key);
enum explorer_wish act_report(struct explorer *explorer, uint32_t key);
enum explorer_wish act_save(struct explorer *explorer, uint32_t key);
enum explorer_wish act_reload(struct explorer *explorer, uint32_t key);
enum explorer_wish act_pause(struct explorer *explorer, uint32_t key);
enum explorer_wish act_plain(struct explorer *explorer, uint32_t key);
enum explorer_wish act_repaint(struct explorer *explorer, uint32_t key);
enum explorer_wish act_suspend(struct explorer *explorer, uint32_t key);
enum explorer_wish act_mouse(struct explorer *explorer, uint32_t key);
enum explorer_wish act_tour_back(struct explorer *explorer, uint32_t key);
enum explorer_wish act_help(struct explorer *explorer, uint32_t key);
enum explorer_wish act_back(struct explorer *explorer, uint32_t key);
enum explorer_wish act_quit(struct explorer *explorer, uint32_t key);
enum explorer_wish act_interrupt(struct explorer *explorer, uint32_t key);
enum explorer_wish act_escape(struct explorer *explorer, uint32_t key);

#endif
