/* SPDX-License-Identifier: GPL-3.0-or-later */
/* heading, note: words of the author's own between the results. */
#include <string.h>

#include "base/memory.h"
#include "verbs/arguments.h"
#include "verbs/entries.h"

/* The one text that the command takes, borrowed from its words; NULL after the error was set. */
static const char *the_text(const struct command *command, const struct command_word *words, size_t n_words,
                            const char *example, struct error *error)
{
  if (n_words == 1 && words[0].text[strspn(words[0].text, " ")])
    return words[0].text;
  error_set(error, "%s takes a text in quotes", command->syntax->name);
  error_hint(error, "%s", example);
  return NULL;
}

static enum status run_heading(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  const char *text = the_text(command, words, n_words, "heading \"Table 2. Univariable analysis\"", error);
  const struct command_option *option = command_find_option(command, "level");
  const double level = arguments_number(command, "level", 1);
  if (text && level != 0 && level != 1 && level != 2 && level != 3) {
    error_set(error, "level= takes 0, 1, 2 or 3");
    error_in_command(error, option->start, option->length);
    text = NULL;
  }
  if (text)
    report_add_heading(context->report, (unsigned)level, text);
  command_words_free(words, n_words);
  return text ? STATUS_OK : STATUS_ERROR;
}

static enum status run_note(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  const size_t n_words = command_words(command, &words);
  const char *text = the_text(command, words, n_words, "note \"Simulated patients, matched to the study.\"", error);
  if (text)
    report_add_note(context->report, text);
  command_words_free(words, n_words);
  return text ? STATUS_OK : STATUS_ERROR;
}

static const struct option_syntax heading_options[] = {
    {"level", OPTION_NUMBER, NULL, "1 a section (default), 2 a part of it, 3 a part of that; 0 the title of the whole document"},
    {.name = NULL},
};

static const char *const heading_examples[] = {"heading \"Table 2. Univariable analysis\"",
                                               "heading \"Sensitivity\", level=2", NULL};
static const char *const note_examples[] = {"note \"Patients without a date of death are censored at the last visit.\"", NULL};

const struct verb verb_heading = {
    .syntax = {"heading", ARGUMENTS_WORDS, false, heading_options},
    .usage = "heading \"TEXT\" [, level=0|1|2|3]",
    .summary = "a heading over the results that follow",
    .details = "Printed as it is; a section, with its line in the contents, of the document that report writes.",
    .examples = heading_examples,
    .run = run_heading,
};

const struct verb verb_note = {
    .syntax = {"note", ARGUMENTS_WORDS, false, NULL},
    .usage = "note \"TEXT\"",
    .summary = "a paragraph of your own between the results",
    .details = "Printed as it is; a paragraph of the document that report writes.",
    .examples = note_examples,
    .run = run_note,
};
