/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/key_lines.h"

#include <stdlib.h>
#include <string.h>

#include "lang/facet.h"
#include "lang/formula.h"
#include "lang/token.h"

bool key_line_levels(struct text *text, const struct state *state, const struct column *column, const bool *included)
{
  struct expr *filter = NULL;
  struct error error = ERROR_INIT;
  if (state->filter && expr_parse_string(state->filter, &filter, &error))
    filter = NULL;
  error_clear(&error);
  char *condition = facet_write(filter, column, included);
  expr_free(filter);
  if (!condition)
    return false;
  text_append_format(text, "filter %s", *condition ? condition : "off");
  free(condition);
  return true;
}

/* Whether the condition is one of those that the filter joins with &. */
static bool is_conjunct(const struct expr *filter, const char *condition)
{
  if (filter->kind == EXPR_BINARY && filter->text[0] == '&')
    return is_conjunct(filter->operands[0], condition) || is_conjunct(filter->operands[1], condition);
  struct text text = TEXT_INIT;
  expr_append(&text, filter);
  const bool same = strcmp(text_string(&text), condition) == 0;
  text_clear(&text);
  return same;
}

static bool is_in_filter(const struct state *state, const char *condition)
{
  struct expr *filter = NULL;
  struct error error = ERROR_INIT;
  bool is_in = false;
  if (state->filter && !expr_parse_string(state->filter, &filter, &error)) {
    is_in = strcmp(state->filter, condition) == 0 || is_conjunct(filter, condition);
    expr_free(filter);
  }
  error_clear(&error);
  return is_in;
}

bool key_line_narrow(struct text *text, const struct state *state, const char *condition)
{
  if (is_in_filter(state, condition))
    return false;
  text_append(text, "filter ");
  if (state->filter)
    text_append_format(text, "(%s) & (%s)", state->filter, condition);
  else
    text_append(text, condition);
  return true;
}

void key_line_append_panels(struct text *text, const struct state *state)
{
  if (!state->panels)
    return;
  text_append(text, ", panels=");
  token_append_name(text, state->panels);
}

void key_line_group(struct text *text, const struct state *state, const struct column *column)
{
  const bool alone = state->n_groups == 1 && strcmp(state->groups[0], column->name) == 0;
  text_append(text, alone ? "km" : "km ");
  if (!alone)
    token_append_name(text, column->name);
  key_line_append_panels(text, state);
}

/* The options that the current model was fitted with, as they are typed. */
static void append_model_options(struct text *line, const struct state *state)
{
  const struct model_settings *settings = &state->model_settings;
  struct text options = TEXT_INIT;
  if (settings->has_ties)
    text_append_format(&options, " ties=%s", ties_name(settings->ties));
  if (settings->robust)
    text_append(&options, " robust");
  if (settings->firth)
    text_append(&options, " firth");
  if (settings->weights) {
    text_append(&options, settings->weight_kind == WEIGHT_FREQUENCY ? " freq=" : " weights=");
    token_append_name(&options, settings->weights);
  }
  if (settings->cluster) {
    text_append(&options, " cluster=");
    token_append_name(&options, settings->cluster);
  }
  if (options.length)
    text_append_format(line, ",%s", text_string(&options));
  text_clear(&options);
}

/* cox with a formula's text (taken over); "" takes the model away. */
static void append_model(struct text *text, const struct state *state, char *formula)
{
  text_append_format(text, "cox %s", *formula ? formula : "off");
  if (*formula)
    append_model_options(text, state);
  free(formula);
}

static struct formula current_formula(const struct state *state)
{
  struct formula formula = FORMULA_INIT;
  struct error error = ERROR_INIT;
  if (state->model && formula_parse_string(state->model, &formula, &error))
    formula = (struct formula)FORMULA_INIT;
  error_clear(&error);
  return formula;
}

void key_line_model(struct text *text, const struct state *state, const struct column *column)
{
  struct formula formula = current_formula(state);
  append_model(text, state, formula_toggled(&formula, column->name));
  formula_clear(&formula);
}

void key_line_reference(struct text *text, const struct state *state, const struct column *column, uint32_t code)
{
  struct formula formula = current_formula(state);
  append_model(text, state, formula_with_reference(&formula, column->name, column->levels[code - 1].name));
  formula_clear(&formula);
}
