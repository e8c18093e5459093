/* SPDX-License-Identifier: GPL-3.0-or-later */
/* load: reads a cohort. */
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "data/date_format.h"
#include "data/load.h"
#include "verbs/arguments.h"
#include "verbs/describe.h"
#include "verbs/entries.h"

static enum status read_delimiter(const struct command *command, char *delimiter, struct error *error)
{
  static const struct {
    const char *word;
    char delimiter;
  } words[] = {{"tab", '\t'}, {"comma", ','}, {"semicolon", ';'}, {"bar", '|'}, {"\\t", '\t'}};
  const char *word = arguments_word(command, "delimiter");
  *delimiter = 0;
  if (!word)
    return STATUS_OK;
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    if (strcmp(word, words[i].word) == 0)
      *delimiter = words[i].delimiter;
  if (!*delimiter && strlen(word) == 1 && strchr(",;|\t", *word))
    *delimiter = *word;
  if (*delimiter)
    return STATUS_OK;
  const struct command_option *option = command_find_option(command, "delimiter");
  error_set(error, "%s is no delimiter", word);
  error_hint(error, "delimiter=comma, semicolon, tab or bar (or the character in quotes: delimiter=\";\")");
  return error_in_command(error, option->start, option->length);
}

static enum status read_date_format(const struct command *command, const char **format, struct error *error)
{
  *format = arguments_word(command, "dateformat");
  if (!*format || date_format_find(*format))
    return STATUS_OK;
  const struct command_option *option = command_find_option(command, "dateformat");
  error_set(error, "dateformat= does not know %s", *format);
  error_hint(error, "dd.mm.yyyy, dd/mm/yyyy, mm/dd/yyyy, dd-mm-yyyy, mm-dd-yyyy, yyyy/mm/dd, yyyy.mm.dd");
  return error_in_command(error, option->start, option->length);
}

/* "xu2025.csv: 228 patients, 32 variables". */
static void say_what_was_read(struct report *report, const char *name, const struct cohort *cohort,
                              const struct load_report *read)
{
  report_add_text(report, "%s: %zu row%s read, %zu kept, %zu column%s", name, read->rows_read,
                  read->rows_read == 1 ? "" : "s", read->rows_kept, cohort->n_columns, cohort->n_columns == 1 ? "" : "s");
  if (read->rows_blank)
    report_warn(report, "%zu empty line%s left out", read->rows_blank, read->rows_blank == 1 ? "" : "s");
  for (size_t i = 0; i < read->n_warnings; i++)
    report_warn(report, "%s", read->warnings[i]);
}

/* A new file begins anew: endpoints, filter and model were of the old one; settings stay. */
static struct state *state_of_cohort(const struct state *before, struct cohort *cohort, const char *name)
{
  struct state *state = state_new();
  state->settings = before->settings;
  state_set_cohort(state, cohort);
  state_set_string(&state->source, name);
  return state;
}

static enum status run_load(struct verb_context *context, const struct command *command, struct error *error)
{
  struct command_word *words;
  size_t n_words = command_words(command, &words);
  struct load_options options = {
      .encoding = arguments_word(command, "encoding"),
      .na = arguments_word(command, "na"),
      .numeric = arguments_word(command, "numeric"),
      .date = arguments_word(command, "date"),
      .factor = arguments_word(command, "factor"),
  };
  enum status status = STATUS_OK;
  if (n_words != 1) {
    error_set(error, "load takes one file");
    status = error_hint(error, "load \"FILE.csv\"");
  } else if (read_delimiter(command, &options.delimiter, error) ||
             read_date_format(command, &options.date_format, error) || arguments_refuse_when_secure(context->session, error)) {
    status = STATUS_ERROR;
  }
  if (!status) {
    struct cohort *cohort;
    struct load_report read = LOAD_REPORT_INIT;
    char *path = session_find_file(context->session, words[0].text);
    status = cohort_load(path, &options, context->task, &cohort, &read, error);
    if (!status) {
      say_what_was_read(context->report, words[0].text, cohort, &read);
      struct state *state = state_of_cohort(context->state, cohort, words[0].text);
      state->file.delimiter = read.delimiter;
      state_set_string(&state->file.path, path);
      state_set_string(&state->file.encoding, options.encoding);
      state_set_string(&state->file.na, options.na);
      describe_columns(state, context->report);
      report_set_cohort(context->report, cohort->n_rows, cohort->n_rows);
      session_propose(context->session, state);
      if (strcmp(path, words[0].text) != 0)
        arguments_keep_path(context->session, command, &words[0], path);
    }
    load_report_clear(&read);
    free(path);
  }
  command_words_free(words, n_words);
  return status;
}

static const struct option_syntax load_options[] = {
    {"delimiter", OPTION_WORD, NULL, "comma, semicolon, tab or bar; found out unless given"},
    {"encoding", OPTION_WORD, NULL, "of the file, where it is not UTF-8: latin1, cp1252, gb18030 …"},
    {"na", OPTION_TEXT, NULL, "further words for missing, separated by commas: na=\"unknown,-9\""},
    {"numeric", OPTION_TEXT, NULL, "columns to read as numbers, against the guess: numeric=\"age,size\""},
    {"date", OPTION_TEXT, NULL, "columns to read as dates"},
    {"dateformat", OPTION_TEXT, NULL, "how dates are written: dateformat=\"dd.mm.yyyy\", \"mm/dd/yyyy\", \"yyyy/mm/dd\" …"},
    {"factor", OPTION_TEXT, NULL, "columns to read as factors"},
    {.name = NULL},
};

static const char *const load_examples[] = {"load \"xu2025.csv\"", "load \"xu2025.csv\", na=\"unknown\" factor=\"center\"",
                                            NULL};

const struct verb verb_load = {
    .syntax = {"load", ARGUMENTS_WORDS, false, load_options},
    .usage = "load \"FILE\" [, delimiter=D encoding=E na=\"W,…\" numeric=\"V,…\" date=\"V,…\" dateformat=\"F\" factor=\"V,…\"]",
    .summary = "read a cohort from a file",
    .details = "Reads .csv, .tsv, .tab and .txt (RFC 4180; the delimiter is found out).  Empty fields, NA and . are missing.\n"
               "A column is numeric where every value is a number, a date where every one is YYYY-MM-DD, DD.MM.YYYY or\n"
               "of another such form (where day and month might be either, dateformat= says which), else a factor with its levels\n"
               "in code-point order.  A name with a comma stands in backticks: numeric=\"`size, cm`,age\".  A file that is not\n"
               "UTF-8 is read as windows-1252 where it looks like Western European text; encoding= says another.  What was\n"
               "read, assumed, left out or odd is said.  The file is never written to.",
    .examples = load_examples,
    .needs = NEEDS_NOTHING,
    .changes_state = true,
    .run = run_load,
};
