/* SPDX-License-Identifier: GPL-3.0-or-later */
/* help: made from the verb table. */
#include <string.h>

#include "base/text.h"
#include "verbs/arguments.h"
#include "verbs/conventions.h"
#include "verbs/describe.h"
#include "verbs/entries.h"
#include "verbs/hints.h"

static void list_verbs(struct report *report)
{
  struct printed_table *printed = printed_table_new("Commands");
  struct table *table = table_new("verbs", "verb usage summary");
  printed_table_add_column(printed, "", ALIGN_LEFT);
  printed_table_add_column(printed, "", ALIGN_LEFT);
  for (size_t i = 0; verbs[i]; i++) {
    table_add_text(table, verbs[i]->syntax.name);
    table_add_text(table, verbs[i]->usage);
    table_add_text(table, verbs[i]->summary);
    printed_table_begin_row(printed, PRINTED_ROW);
    printed_table_set(printed, 0, "%s", verbs[i]->syntax.name);
    printed_table_set(printed, 1, "%s", verbs[i]->summary);
  }
  printed_table_note(printed, "help VERB tells more; also help expressions, functions, columns, conventions.");
  report_add_table(report, table);
  report_add_printed(report, printed);
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

static void explain_verb(const struct verb *verb, struct report *report)
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

static enum status explain(struct verb_context *context, const struct command_word *word, struct error *error)
{
  const struct verb *verb = verb_find(word->text, strlen(word->text));
  struct text subject = TEXT_INIT;
  if (verb) {
    explain_verb(verb, context->report);
  } else if (strcmp(word->text, "expressions") == 0) {
    report_add_text(context->report, "%s", expressions_help);
  } else if (strcmp(word->text, "functions") == 0) {
    report_add_text(context->report, "%s", functions_help);
  } else if (strcmp(word->text, "conventions") == 0) {
    conventions_add(context->report);
  } else if (strcmp(word->text, "columns") == 0 && context->state->cohort) {
    describe_columns(context->state, context->report);
  } else if (strcmp(word->text, "columns") == 0) {
    error_set(error, "no data are loaded: there are no columns yet");
    error_hint(error, "load \"FILE.csv\"");
    return error_in_command(error, word->start, word->length);
  } else if (hints_append_subject(&subject, word->text)) {
    text_truncate(&subject, subject.length - 1);
    report_add_text(context->report, "%s", text_string(&subject));
    text_clear(&subject);
  } else {
    const struct verb *near = verb_suggest(word->text);
    error_set(error, "there is no help on %s", word->text);
    if (near)
      error_hint(error, "did you mean help %s?", near->syntax.name);
    else
      error_hint(error, "help lists the commands; also help expressions, functions, columns, conventions");
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

static const char *const help_examples[] = {"help", "help km", "help conventions", NULL};

const struct verb verb_help = {
    .syntax = {"help", ARGUMENTS_WORDS, false, NULL},
    .usage = "help [VERB | OPTION | expressions | functions | columns | conventions]",
    .summary = "the commands, or one of them with options and examples",
    .examples = help_examples,
    .not_replayed = true,
    .run = run_help,
};
