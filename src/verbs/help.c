/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help: made from the verb table. */
#include <string.h>

#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/conventions.h"
#include "verbs/describe.h"
#include "verbs/entries.h"
#include "verbs/help.h"
#include "verbs/hints.h"

/* The verbs by topic; one that is not named here is listed last. */
static const struct {
  const char *title, *verbs; /* their names between blanks */
} topics[] = {
    {"Data", " load endpoint use derive levels needs label "},
    {"Who is in", " keep drop filter branch flow "},
    {"Description", " describe list table1 table2 by why "},
    {"Survival", " km mark marks logrank rmst lifetable adjusted "},
    {"Cox model", " cox zph residuals forest screen stepwise cutpoint "},
    {"Competing risks", " cif gray finegray "},
    {"Prediction", " nomogram predict score validate calibrate model "},
    {"Treatments and studies", " propensity pool "},
    {"Session", " set undo redo history save source export heading note report help quit "},
    {"Other", " "},
};

enum { N_TOPICS = sizeof topics / sizeof *topics };

const char *help_topic(const struct verb *verb)
{
  struct text name = TEXT_INIT;
  size_t i = 0;
  text_append_format(&name, " %s ", verb->syntax.name);
  while (i + 1 < N_TOPICS && !strstr(topics[i].verbs, text_string(&name)))
    i++;
  text_clear(&name);
  return topics[i].title;
}

static void list_topic(const char *title, struct printed_table *printed)
{
  bool any = false;
  for (size_t i = 0; verbs[i]; i++) {
    if (strcmp(help_topic(verbs[i]), title) != 0)
      continue;
    if (!any) {
      printed_table_begin_row(printed, PRINTED_HEADING);
      printed_table_set(printed, 0, "%s", title);
    }
    any = true;
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "  %s", verbs[i]->syntax.name);
    printed_table_set(printed, 1, "%s", verbs[i]->summary);
  }
}

static struct printed_table *new_listing(const char *title)
{
  struct printed_table *printed = printed_table_new(title);
  printed_table_add_column(printed, "", ALIGN_LEFT);
  printed_table_add_column(printed, "", ALIGN_LEFT);
  return printed;
}

static void add_verb_row(struct table *table, const struct verb *verb)
{
  table_add_text(table, verb->syntax.name);
  table_add_text(table, verb->usage);
  table_add_text(table, verb->summary);
}

static void list_verbs(struct report *report)
{
  struct printed_table *printed = new_listing("Commands");
  struct table *table = table_new("verbs", "verb usage summary");
  for (size_t i = 0; verbs[i]; i++)
    add_verb_row(table, verbs[i]);
  for (size_t i = 0; i < N_TOPICS; i++)
    list_topic(topics[i].title, printed);
  printed_table_note(printed, "help VERB tells more; also help expressions, functions, columns, conventions, keys;");
  printed_table_note(printed, "help WORD looks the word up in all of them.");
  report_add_table(report, table);
  report_add_printed(report, printed);
}

/* Whether the verb's help speaks of a word. */
static bool speaks_of(const struct verb *verb, const char *word)
{
  bool found = verb != &verb_help && (strcasestr(verb->summary, word) || strcasestr(verb->usage, word) ||
                                      (verb->details && strcasestr(verb->details, word)));
  for (const struct option_syntax *option = verb->syntax.options; option && option->name && !found; option++)
    found = strcasestr(option->name, word) || strcasestr(option->help, word) ||
            (option->values && strcasestr(option->values, word));
  return found;
}

/* The verbs that speak of a word; false where none does. */
static bool list_found(const char *word, struct report *report)
{
  struct printed_table *printed = new_listing("Commands that speak of it");
  struct table *table = table_new("verbs", "verb usage summary");
  bool any = false;
  for (size_t i = 0; verbs[i]; i++) {
    if (!speaks_of(verbs[i], word))
      continue;
    any = true;
    add_verb_row(table, verbs[i]);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", verbs[i]->syntax.name);
    printed_table_set(printed, 1, "%s", verbs[i]->summary);
  }
  if (!any) {
    table_free(table);
    printed_table_free(printed);
    return false;
  }
  report_add_table(report, table);
  report_add_printed(report, printed);
  return true;
}

static void append_options(struct text *text, const struct option_syntax *options)
{
  text_append(text, "\nOptions\n");
  for (; options->name; options++) {
    struct text left = TEXT_INIT;
    text_append_format(&left, "%s%s", options->name, options->kind == OPTION_FLAG ? "" : "=");
    text_append_format(text, "  %-12s %s", text_string(&left), options->help);
    if (options->values) {
      text_append(text, " (");
      for (const char *at = options->values; *at; at++)
        text_append(text, *at == '|' ? ", " : (char[]){*at, '\0'});
      text_append(text, ")");
    }
    text_append_char(text, '\n');
    text_clear(&left);
  }
}

static void explain_verb(const struct verb *verb, const struct state *state, struct report *report)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "%s\n\n  %s\n", verb->summary, verb->usage);
  if (verb->details)
    text_append_format(&text, "\n%s\n", verb->details);
  if (verb->syntax.options)
    append_options(&text, verb->syntax.options);
  if (verb->tables)
    text_append_format(&text, "\nTables\n  %s\n", verb->tables);
  text_append(&text, "\nExamples\n");
  for (const char *const *example = verb->examples; *example; example++)
    text_append_format(&text, "  %s\n", *example);
  struct text own = TEXT_INIT;
  if (help_append_example(&own, verb, state))
    text_append_format(&text, "\nOn the cohort that is loaded\n  %s\n", text_string(&own));
  text_clear(&own);
  text_truncate(&text, text.length - 1);
  report_add_text(report, "%s", text_string(&text));
  text_clear(&text);
}

static const char expressions_help[] =
    "A command is VERB ARGUMENTS [if EXPR] [, OPTION[=VALUE] …], one a line; # starts a comment, a \\ at the end of a line\n"
    "of a script goes on.\n"
    "\n"
    "Expressions: numbers, \"strings\", names (`odd name` in backticks), + - * / ^, == != < <= > >=, & | !, in (\"a\", \"b\"),\n"
    "parentheses, functions.  Missing propagates: a comparison with a missing value is unknown, unknown & false is false,\n"
    "unknown | true is true; a filter keeps a row only where it is true.\n"
    "\n"
    "Model terms: a + b adds, a:b is an interaction, a * b is a + b + a:b; factor(x), ref(x, \"level\"), strata(x), I(…)\n"
    "and functions of columns such as log(x).";

static const char functions_help[] = "missing(x)            1 where x is missing\n"
                                     "if(c, a, b)           a where c is true, b where it is not\n"
                                     "cut(x, b1, b2 …)      classes of a number, each from its bound on\n"
                                     "log exp sqrt abs      natural logarithm and so on\n"
                                     "min max               smallest, largest of its arguments\n"
                                     "round(x, digits)      rounded\n"
                                     "date(\"YYYY-MM-DD\")    a date\n"
                                     "days months years     from one date to another; a month is 30.4375 days, a year\n"
                                     "  (from, to)          365.25";

/* What a word that is no command may mean: an option of that name, a subject that goes by another, then the commands whose
 * help speaks of it; false where nothing does. */
static bool look_up(const char *word, struct report *report)
{
  struct text subject = TEXT_INIT;
  const bool is_subject = hints_append_subject(&subject, word);
  if (is_subject) {
    text_truncate(&subject, subject.length - 1);
    report_add_text(report, "%s", text_string(&subject));
  }
  text_clear(&subject);
  return list_found(word, report) || is_subject;
}

static enum status explain(struct verb_context *context, const struct command_word *word, struct error *error)
{
  const struct verb *verb = verb_find(word->text, strlen(word->text));
  if (verb) {
    explain_verb(verb, context->state, context->report);
  } else if (strcmp(word->text, "expressions") == 0) {
    report_add_text(context->report, "%s", expressions_help);
  } else if (strcmp(word->text, "functions") == 0) {
    report_add_text(context->report, "%s", functions_help);
  } else if (strcmp(word->text, "conventions") == 0) {
    conventions_add(context->report);
  } else if (strcmp(word->text, "columns") == 0 && context->state->cohort) {
    describe_columns(context->state, context->report);
  } else if (strcmp(word->text, "keys") == 0) {
    report_add_text(context->report, "? in the explorer shows the keys of where you are; kaplan --keys prints them all");
  } else if (strcmp(word->text, "columns") == 0) {
    error_set(error, "no data are loaded: there are no columns yet");
    error_hint(error, "load \"FILE.csv\"");
    return error_in_command(error, word->start, word->length);
  } else if (!look_up(word->text, context->report)) {
    const struct verb *near = verb_suggest(word->text);
    error_set(error, "there is no help on %s", word->text);
    if (near)
      error_hint(error, "did you mean help %s?", near->syntax.name);
    else
      error_hint(error, "help lists the commands; also help expressions, functions, columns, conventions, keys");
    return error_in_command(error, word->start, word->length);
  }
  return STATUS_OK;
}

static enum status run_help(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  enum status status = STATUS_OK;
  if (n_words)
    status = explain(context, &words[0], error);
  else
    list_verbs(context->report);
  command_words_free(words, n_words);
  return status;
}

static const char *const help_examples[] = {"help", "help km", "help competing", "help conventions", NULL};

const struct verb verb_help = {
    .syntax = {"help", ARGUMENTS_WORDS, false, NULL},
    .usage = "help [VERB | OPTION | WORD | expressions | functions | columns | conventions | keys]",
    .summary = "the commands, or one of them with options and examples",
    .details = "A word that is no command is looked up in the help of all: help landmark, help competing.  Where a cohort is\n"
               "loaded, help VERB ends with an example on it.",
    .examples = help_examples,
    .not_replayed = true,
    .run = run_help,
};
