/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/hints.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "verbs/verb.h"

/* What goes by another name, or is done by several commands. */
static const struct {
  const char *name, *way;
} subjects[] = {
    {"competing", "endpoint …, competing=EXPR names the competing event; then cif, gray and finegray"},
    {"landmark", "endpoint …, landmark=T leaves out who has a time of T or less"},
    {"weights", "propensity makes them; km …, weights=V and cox …, weights=V robust take them"},
    {"anova", "table1 …, by=V test=anova"},
    {"wilcoxon", "table1 …, by=V test=wilcoxon of numbers; logrank …, test=wilcoxon of curves"},
    {"survfit", "km"},
    {"coxph", "cox"},
    {"meta", "pool ESTIMATE LOW HIGH, or pool EVENTS, n=V"},
    {"metan", "pool ESTIMATE LOW HIGH, or pool EVENTS, n=V"},
    {"rma", "pool ESTIMATE LOW HIGH, or pool EVENTS, n=V"},
    {"prisma", "flow, with stage= in keep and drop"},
    {"head", "list …, rows=10 shows rows"},
    {"print", "list shows rows"},
    {"hist", "help columns lists the values"},
    {"select", "filter looks at some, keep and drop choose who is in the cohort"},
    {"subset", "filter looks at some, keep and drop choose who is in the cohort"},
    {"strata", "cox age + strata(center); logrank surgery, strata=center"},
};

bool hints_append_subject(struct text *text, const char *name)
{
  const size_t before = text->length;
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++)
    if (strcmp(subjects[i].name, name) == 0)
      text_append_format(text, "%s\n", subjects[i].way);
  for (size_t i = 0; verbs[i]; i++)
    for (const struct option_syntax *option = verbs[i]->syntax.options; option && option->name; option++)
      if (strcmp(option->name, name) == 0)
        text_append_format(text, "%s%s is an option of %s: %s\n", name, option->kind == OPTION_FLAG ? "" : "=",
                           verbs[i]->syntax.name, option->help);
  return text->length > before;
}

bool hints_on_verb(const char *name, struct error *error)
{
  for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
    if (strcmp(subjects[i].name, name) != 0)
      continue;
    error_hint(error, "%s", subjects[i].way);
    return true;
  }
  for (size_t i = 0; verbs[i]; i++)
    for (const struct option_syntax *option = verbs[i]->syntax.options; option && option->name; option++) {
      if (strcmp(option->name, name) != 0)
        continue;
      error_hint(error, "%s%s is an option of %s; help %s tells more", name, option->kind == OPTION_FLAG ? "" : "=",
                 verbs[i]->syntax.name, name);
      return true;
    }
  return false;
}

void hints_on_option(const struct command *command, struct error *error)
{
  static const struct {
    const char *verb, *option, *way;
  } ways[] = {
      {"logrank", "weights", "it weighs no patients: cox VARIABLE, weights=V robust compares weighted groups (Wald)"},
      {"table1", "weights", "it weighs no patients: propensity shows the balance before and after weighing (table balance)"},
  };
  if (!command->syntax || !error->what || !error->has_range || !strstr(error->what, " has no option "))
    return;
  const char *name = strstr(error->what, " has no option ") + strlen(" has no option ");
  const bool takes_variables =
      command->syntax->arguments == ARGUMENTS_NAMES || command->syntax->arguments == ARGUMENTS_TERMS;
  if (takes_variables && command->line[error->start + error->length] != '=') {
    char *hint = memory_copy_string(error->hint ? error->hint : "");
    error_hint(error, "%s; a variable stands before the comma", hint);
    free(hint);
  }
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
    if (strcmp(ways[i].verb, command->syntax->name) == 0 && strcmp(ways[i].option, name) == 0)
      error_hint(error, "%s", ways[i].way);
}
