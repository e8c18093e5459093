/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/forest_interaction.h"

#include <math.h>
#include <stdlib.h>

#include "base/memory.h"
#include "lang/token.h"
#include "stats/distribution.h"

void forest_split_terms(const struct formula *formula, struct text *treatment, struct text *adjust)
{
  bool *is_in = memory_new(formula->n_terms + 1, sizeof *is_in);
  struct formula first = *formula;
  first.n_strata = 0;
  is_in[0] = true;
  if (formula->n_terms)
    formula_append_terms(treatment, &first, is_in);
  for (size_t t = 0; t < formula->n_terms; t++)
    is_in[t] = t > 0;
  formula_append_terms(adjust, formula, is_in);
  free(is_in);
}

void forest_model_append(const struct forest_model *model, struct text *text)
{
  text_append_format(text, "%s%s%s", model->treatment, model->adjust ? " + " : "", model->adjust ? model->adjust : "");
}

enum status forest_fit(const struct verb_context *context, const struct forest_model *model, const char *formula_text,
                       const struct bitmap *condition, struct cox_analysis *analysis, struct error *error)
{
  struct formula formula;
  if (formula_parse_string(formula_text, &formula, error))
    return STATUS_ERROR;
  const struct cox_request request = {.formula = &formula, .options = *model->options, .condition = condition};
  enum status status = cox_analyse(context->state, &request, context->task, analysis, error);
  formula_clear(&formula);
  return status;
}

static void compare(const struct cox_model *main_effects, const struct cox_model *both, struct forest_interaction *found)
{
  *found = (struct forest_interaction){.n = both->n,
                                       .n_events = both->n_events,
                                       .loglik_main = main_effects->loglik,
                                       .df_main = main_effects->df,
                                       .loglik = both->loglik,
                                       .df_both = both->df};
  found->df = found->df_both - found->df_main;
  found->statistic = fmax(2 * (found->loglik - found->loglik_main), 0);
  found->p_value = chi_square_upper(found->statistic, found->df);
  for (size_t c = 0; c < both->n_columns; c++)
    found->may_be_infinite |= both->state[c] == COEFFICIENT_INFINITE;
}

enum status forest_test_interaction(const struct verb_context *context, const struct forest_model *model, const char *variable,
                                    struct forest_interaction *found, struct error *error)
{
  struct text text = TEXT_INIT, name = TEXT_INIT;
  struct cox_analysis main_effects, interaction;
  const char *plus = model->adjust ? " + " : "", *adjust = model->adjust ? model->adjust : "";
  text_append(&name, "factor(");
  token_append_name(&name, variable);
  text_append_char(&name, ')');
  text_append_format(&text, "%s + %s%s%s", model->treatment, text_string(&name), plus, adjust);
  enum status status = forest_fit(context, model, text_string(&text), model->condition, &main_effects, error);
  if (!status) {
    text_truncate(&text, 0);
    text_append_format(&text, "%s * %s%s%s", model->treatment, text_string(&name), plus, adjust);
    status = forest_fit(context, model, text_string(&text), model->condition, &interaction, error);
    if (!status) {
      compare(&main_effects.model, &interaction.model, found);
      cox_analysis_clear(&interaction);
    }
    cox_analysis_clear(&main_effects);
  }
  text_clear(&text);
  text_clear(&name);
  return status;
}
