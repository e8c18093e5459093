/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pane.h"

#include "ui/keymap.h"
#include "ui/pane_why.h"

static void model_draw(struct explorer *explorer, struct frame *frame, struct area area)
{
  pane_model_draw(explorer, frame, area, true);
}

static const struct pane panes[] = {
    [VIEW_CURVES] = {"1 Curves", IN_CURVES, pane_curves_draw, pane_curves_move, pane_curves_sideways, NULL, NULL, NULL},
    [VIEW_MODEL] = {"2 Cox", IN_MODEL, model_draw, pane_model_move, NULL, NULL, NULL, NULL},
    [VIEW_TABLE1] = {"3 Table 1", IN_TABLE1, pane_text_draw, pane_text_move, pane_text_sideways, NULL, NULL, NULL},
    [VIEW_FOREST] = {"4 Forest", IN_FOREST, pane_forest_draw, pane_forest_move, pane_text_sideways, NULL, NULL, NULL},
    [VIEW_NOMOGRAM] = {"5 Nomogram", IN_NOMOGRAM, pane_nomogram_draw, pane_nomogram_move, pane_nomogram_sideways, NULL, NULL,
                       NULL},
    [VIEW_FLOW] = {"6 Flow", IN_FLOW, pane_flow_draw, pane_flow_move, pane_flow_sideways, NULL, NULL, NULL},
    [VIEW_DATA] = {"7 Data", IN_DATA, pane_data_draw, pane_data_move, pane_data_sideways, pane_data_search, NULL,
                   pane_data_search_live},
    [VIEW_LOG] = {"8 Log", IN_LOG, pane_log_draw, pane_log_move, NULL, pane_log_search, pane_log_enter, pane_log_search_live},
    [VIEW_CARD] = {NULL, IN_CARD, pane_card_draw, pane_card_move, pane_card_sideways, pane_card_search, pane_card_enter,
                   pane_card_search_live},
    [VIEW_FREQUENCY] = {NULL, IN_FREQUENCY, pane_frequency_draw, pane_frequency_move, NULL, pane_frequency_search, NULL,
                        pane_frequency_search_live},
    [VIEW_SETTINGS] = {NULL, IN_SETTINGS, pane_settings_draw, pane_settings_move, pane_settings_sideways, pane_settings_search,
                       NULL, pane_settings_search_live},
    [VIEW_RESTORE] = {NULL, IN_RESTORE, pane_restore_draw, pane_restore_move, NULL, NULL, NULL, NULL},
    [VIEW_RESIDUALS] = {NULL, IN_MODEL, pane_residuals_draw, NULL, pane_residuals_sideways, NULL, NULL, NULL},
    [VIEW_WHY] = {NULL, IN_WHY, pane_why_draw, pane_why_move, pane_why_sideways, NULL, NULL, NULL},
};

const struct pane *pane_of(enum view view)
{
  return &panes[view];
}

void pane_open(struct explorer *explorer, enum view view)
{
  if (!explorer->view_beneath) {
    explorer->view_beneath = explorer->wishes.view;
    explorer->focus_beneath = explorer->wishes.focus;
  }
  explorer->wishes.view = view;
  explorer->wishes.focus = FOCUS_MAIN;
  if (panes[view].enter)
    panes[view].enter(explorer);
}

bool pane_close(struct explorer *explorer)
{
  if (!explorer->view_beneath)
    return false;
  explorer->wishes.view = explorer->view_beneath;
  explorer->wishes.focus = explorer->focus_beneath;
  explorer->view_beneath = VIEW_NONE;
  return true;
}

size_t pane_height(const struct explorer *explorer, size_t taken)
{
  const size_t rows = explorer->layout.main.rows;
  return rows > taken ? rows - taken : 1;
}
