/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "data/name_match.h"
#include "verbs/entries.h"
#include "verbs/verb.h"

const struct verb *const verbs[] = {
    &verb_load, &verb_endpoint, &verb_use,    &verb_derive,  &verb_levels, &verb_needs, &verb_label,
    &verb_keep, &verb_drop,     &verb_filter, &verb_branch, &verb_flow,    &verb_list, &verb_describe, &verb_table1, &verb_table2, &verb_km, &verb_mark, &verb_marks, &verb_logrank,
    &verb_cox,  &verb_zph, &verb_residuals, &verb_why, &verb_screen, &verb_stepwise, &verb_forest, &verb_rmst, &verb_cif, &verb_gray, &verb_finegray, &verb_lifetable, &verb_model, &verb_nomogram, &verb_predict, &verb_score, &verb_adjusted, &verb_validate, &verb_calibrate, &verb_pool, &verb_propensity, &verb_cutpoint, &verb_by, &verb_set,      &verb_undo,   &verb_redo,    &verb_history, &verb_save,
    &verb_source, &verb_export, &verb_heading, &verb_note, &verb_report, &verb_help,   &verb_quit,    NULL,
};

const struct verb *verb_find(const char *name, size_t length)
{
  for (size_t i = 0; verbs[i]; i++)
    if (strlen(verbs[i]->syntax.name) == length && memcmp(verbs[i]->syntax.name, name, length) == 0)
      return verbs[i];
  return NULL;
}

const struct verb *verb_suggest(const char *name)
{
  const char *names[sizeof verbs / sizeof *verbs];
  size_t n = 0;
  for (; verbs[n]; n++)
    names[n] = verbs[n]->syntax.name;
  const char *nearest = name_nearest(name, names, n);
  return nearest ? verb_find(nearest, strlen(nearest)) : NULL;
}
