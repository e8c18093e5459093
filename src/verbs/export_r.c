/* SPDX-License-Identifier: GPL-3.0-or-later */
/* File, columns, cohort and endpoint in R; the analysis itself is written by export_r_views.c. */
#include "verbs/export_r.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/utf8.h"
#include "data/name_list.h"
#include "lang/expr_r.h"
#include "verbs/execute.h"

/* ---- shared ---- */

void export_r_use(struct export_r *script, const char *column)
{
  for (size_t i = 0; script->loaded && i < script->loaded->n_columns; i++)
    if (strcmp(script->loaded->columns[i]->name, column) == 0)
      script->is_used[i] = true;
}

static void use_column(const char *name, void *data)
{
  export_r_use(data, name);
}

enum status export_r_expr(struct export_r *script, const struct expr *expr, const struct cohort *cohort,
                          struct error *error)
{
  expr_each_column(expr, use_column, script);
  return expr_append_r(&script->body, expr, cohort, &script->helpers, error);
}

/* A comment of one line, whatever the text holds. */
static void append_comment(struct text *text, const char *string)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, string);
  text_append_format(text, "# %s\n", text_string(&visible));
  text_clear(&visible);
}

/* What stands between the items of a list: a comma, and a new line where the one that began at *line is long. */
static void append_comma(struct text *text, size_t *line)
{
  const bool is_long = text->length - *line > 90;
  text_append(text, is_long ? ",\n  " : ", ");
  if (is_long)
    *line = text->length;
}

/* c("a", "b"), broken into lines. */
static void append_strings(struct text *text, const struct level *levels, size_t n)
{
  size_t line = text->length;
  text_append(text, "c(");
  for (size_t i = 0; i < n; i++) {
    if (i)
      append_comma(text, &line);
    r_append_string(text, levels[i].name);
  }
  text_append_char(text, ')');
}

static void append_cohort_column(struct text *text, const char *frame, const char *name)
{
  text_append_format(text, "%s[[", frame);
  r_append_name_string(text, name);
  text_append(text, "]]");
}

/* ---- the commands that led here ---- */

static enum status parse_expression(const struct command *command, size_t begin, struct expr **expr, struct error *error)
{
  return expr_parse(&command->tokens, begin, command->end, expr, error);
}

static enum status write_derive(struct export_r *script, const struct command *command, const struct state *before,
                                struct error *error)
{
  struct expr *expr;
  enum value_kind kind;
  if (parse_expression(command, command->begin + 2, &expr, error))
    return STATUS_ERROR;
  enum status status = expr_check(expr, before->cohort, &kind, error);
  if (!status) {
    append_cohort_column(&script->body, "cohort", command->tokens.tokens[command->begin].text);
    text_append_format(&script->body, " <- with(cohort, %s", kind == VALUE_TRUTH ? "as.numeric(" : expr->kind == EXPR_STRING ? "factor(" : "");
    status = export_r_expr(script, expr, before->cohort, error);
    text_append(&script->body, kind == VALUE_TRUTH || expr->kind == EXPR_STRING ? "))\n" : ")\n");
  }
  expr_free(expr);
  return status;
}

/* The levels as they stand after the command, so that names which it left out have their place. */
static void write_levels(struct export_r *script, const char *name, const struct state *before, const struct state *after)
{
  const struct column *was = cohort_find_column(before->cohort, name), *is = cohort_find_column(after->cohort, name);
  if (!was || !is || is->kind != COLUMN_FACTOR)
    return;
  export_r_use(script, name);
  append_cohort_column(&script->body, "cohort", name);
  text_append(&script->body, " <- factor(");
  if (was->kind == COLUMN_NUMBER) { /* a number's levels are its values */
    text_append(&script->body, "match(");
    append_cohort_column(&script->body, "cohort", name);
    text_append(&script->body, ", c(");
    for (size_t i = 0; i < is->n_levels; i++)
      text_append_format(&script->body, "%s%s", i ? ", " : "", is->levels[i].name);
    text_append_format(&script->body, ")), seq_len(%zu), ", is->n_levels);
  } else {
    append_cohort_column(&script->body, was->kind == COLUMN_DATE ? "as.character(cohort" : "cohort", name);
    text_append(&script->body, was->kind == COLUMN_DATE ? "), levels = " : ", levels = ");
  }
  append_strings(&script->body, is->levels, is->n_levels);
  text_append(&script->body, ")\n");
}

static enum status write_narrowing(struct export_r *script, const struct command *command, const struct state *before,
                                   bool drop, struct error *error)
{
  const struct command_option *because = command_find_option(command, "because");
  if (because)
    append_comment(&script->body, because->value);
  text_append_format(&script->body, "cohort <- cohort[%swhere(cohort, ", drop ? "!" : "");
  enum status status = export_r_expr(script, command->condition, before->cohort, error);
  text_append(&script->body, "), , drop = FALSE]\n");
  script->parts |= R_PART_WHERE;
  return status;
}

static enum status write_step(struct export_r *script, const char *line, const struct state *before,
                              const struct state *after, struct error *error)
{
  struct command command;
  if (command_take_apart(line, &command, error)) {
    command_clear(&command);
    return STATUS_ERROR;
  }
  const char *verb = command.syntax ? command.syntax->name : "";
  enum status status = STATUS_OK;
  if (strcmp(verb, "derive") == 0) {
    status = write_derive(script, &command, before, error);
  } else if (strcmp(verb, "keep") == 0 || strcmp(verb, "drop") == 0) {
    status = write_narrowing(script, &command, before, *verb == 'd', error);
  } else if (strcmp(verb, "levels") == 0) {
    struct command_word *words;
    size_t n_words = command_words(&command, &words);
    write_levels(script, words[0].text, before, after);
    command_words_free(words, n_words);
  }
  command_clear(&command);
  return status;
}

/* ---- who is on view, and the endpoint ---- */

static enum status write_filter(struct export_r *script, struct error *error)
{
  struct expr *expr;
  const struct state *state = script->state;
  if (!state->filter) {
    text_append(&script->body, "view <- cohort\n");
    return STATUS_OK;
  }
  if (expr_parse_string(state->filter, &expr, error))
    return STATUS_ERROR;
  struct text comment = TEXT_INIT;
  text_append_format(&comment, "The filter: %s", state->filter);
  append_comment(&script->body, text_string(&comment));
  text_clear(&comment);
  text_append(&script->body, "view <- cohort[where(cohort, ");
  enum status status = export_r_expr(script, expr, state->cohort, error);
  text_append(&script->body, "), , drop = FALSE]\n");
  script->parts |= R_PART_WHERE;
  expr_free(expr);
  return status;
}

static enum status write_part(struct export_r *script, const char *name, const struct expr *expr, struct error *error)
{
  text_append_format(&script->body, "view[[\"%s\"]] <- with(view, as.numeric(", name);
  enum status status = export_r_expr(script, expr, script->state->cohort, error);
  text_append(&script->body, "))\n");
  return status;
}

static void write_landmark(struct export_r *script, const struct endpoint *endpoint, bool has_entry)
{
  struct text *body = &script->body;
  const struct landmark *landmark = &endpoint->landmark;
  if (isnan(landmark->time))
    return;
  text_append(body, "landmark <- ");
  number_append_short(body, landmark->time);
  text_append(body, "\nview <- view[view$.time - landmark > 1e-9 * max(1, abs(landmark)), , drop = FALSE]\n");
  if (has_entry)
    text_append(body, "view$.entry <- pmax(view$.entry, landmark)\n");
  else if (landmark->keep_clock)
    text_append(body, "view$.entry <- pmax(0 * view$.time, landmark)\n");
  if (!landmark->keep_clock)
    text_append(body, "view$.time <- view$.time - landmark\n");
  if (!landmark->keep_clock && has_entry)
    text_append(body, "view$.entry <- view$.entry - landmark\n");
}

/* Times and status as kaplan takes them: who has no time or status, or is never at risk, is out. */
static enum status write_outcome(struct export_r *script, const struct endpoint *endpoint, const struct expr *surv,
                                 const struct expr *competing, struct error *error)
{
  struct text *body = &script->body, comment = TEXT_INIT;
  const bool has_entry = surv->n_operands == 3;
  text_append_format(&comment, "Endpoint %s = %s%s%s", endpoint->name, endpoint->definition,
                     competing ? ", competing: " : "", competing ? endpoint->competing : "");
  append_comment(body, text_string(&comment));
  text_clear(&comment);
  if (has_entry && write_part(script, ".entry", surv->operands[0], error))
    return STATUS_ERROR;
  if (write_part(script, ".time", surv->operands[has_entry], error) ||
      write_part(script, ".event", surv->operands[has_entry + 1], error))
    return STATUS_ERROR;
  if (competing) {
    if (write_part(script, ".competing", competing, error))
      return STATUS_ERROR;
    text_append(body, "view$.event <- ifelse(view$.event == 1, 1, ifelse(view$.competing == 1, 2, 0))\n");
  }
  text_append_format(body, "view <- view[%s, , drop = FALSE]\n",
                     has_entry ? "is.finite(view$.time) & !is.na(view$.event) & is.finite(view$.entry) & (view$.entry < view$.time) %in% TRUE"
                               : "is.finite(view$.time) & !is.na(view$.event)");
  write_landmark(script, endpoint, has_entry);
  text_append(body, has_entry || (!isnan(endpoint->landmark.time) && endpoint->landmark.keep_clock)
                        ? "outcome <- function(data) with(data, Surv(.entry, .time, .event == 1))\n"
                        : "outcome <- function(data) with(data, Surv(.time, .event == 1))\n");
  return STATUS_OK;
}

static enum status write_endpoint(struct export_r *script, struct error *error)
{
  const struct endpoint *endpoint = state_endpoint(script->state);
  struct expr *surv, *competing = NULL;
  if (!endpoint)
    return STATUS_OK;
  if (expr_parse_string(endpoint->definition, &surv, error))
    return STATUS_ERROR;
  enum status status = endpoint->competing ? expr_parse_string(endpoint->competing, &competing, error) : STATUS_OK;
  if (!status)
    status = write_outcome(script, endpoint, surv, competing, error);
  expr_free(surv);
  expr_free(competing);
  return status;
}

/* Labels as attributes, where packages that print tables look for them. */
static void write_labels(struct export_r *script)
{
  const struct cohort *cohort = script->state->cohort;
  for (size_t i = 0; i < cohort->n_columns; i++) {
    const struct column *column = cohort->columns[i];
    struct text labels = TEXT_INIT;
    const struct column *loaded = script->loaded ? cohort_find_column(script->loaded, column->name) : NULL;
    bool unread = loaded != NULL;
    for (size_t k = 0; loaded && k < script->loaded->n_columns; k++)
      unread &= script->loaded->columns[k] != loaded || !script->is_used[k];
    for (size_t k = 0; k < column->n_levels; k++) {
      if (!column->levels[k].label)
        continue;
      text_append(&labels, labels.length ? ", " : "");
      r_append_string(&labels, column->levels[k].name);
      text_append(&labels, " = ");
      r_append_string(&labels, column->levels[k].label);
    }
    if (column->label && !unread) {
      append_cohort_column(&script->body, "attr(view", column->name);
      text_append(&script->body, ", \"label\") <- ");
      r_append_string(&script->body, column->label);
      text_append_char(&script->body, '\n');
    }
    if (labels.length && !unread) {
      append_cohort_column(&script->body, "attr(view", column->name);
      text_append_format(&script->body, ", \"labels\") <- c(%s)\n", text_string(&labels));
    }
    text_clear(&labels);
  }
}

/* ---- the file ---- */

/* How R is told the encoding: kaplan believes a mark at the beginning. */
static const char *encoding_argument(const struct loaded_file *file)
{
  unsigned char mark[2] = {0};
  FILE *stream = strcmp(file->path, "-") == 0 ? NULL : fopen(file->path, "rb");
  const size_t n = stream ? fread(mark, 1, 2, stream) : 0;
  if (stream)
    fclose(stream);
  if (n == 2 && ((mark[0] == 0xFF && mark[1] == 0xFE) || (mark[0] == 0xFE && mark[1] == 0xFF)))
    return "UTF-16";
  return file->encoding;
}

static void write_reading(const struct loaded_file *file, const struct cohort *loaded, struct text *out)
{
  const char *encoding = encoding_argument(file);
  text_append(out, "file <- ");
  if (strcmp(file->path, "-") == 0)
    text_append(out, "file(\"stdin\")");
  else
    r_append_string(out, file->path);
  text_append(out, "\nraw <- read.csv(file, sep = ");
  r_append_string(out, (char[]){file->delimiter, '\0'});
  text_append(out, ", quote = \"\\\"\", colClasses = \"character\", na.strings = character(), strip.white = TRUE,\n"
                   "  check.names = FALSE, ");
  text_append(out, encoding ? "fileEncoding = " : "encoding = ");
  r_append_string(out, encoding ? encoding : "UTF-8");
  text_append_format(out, ")\nstopifnot(\"the file is not as kaplan read it\" = nrow(raw) == %zu && ncol(raw) == %zu)\n",
                     loaded->n_rows, loaded->n_columns);
  text_append(out, "names(raw) <- c(");
  size_t line = out->length;
  for (size_t i = 0; i < loaded->n_columns; i++) {
    if (i)
      append_comma(out, &line);
    r_append_name_string(out, loaded->columns[i]->name);
  }
  text_append(out, ")\n");
}

/* Empty, NA and . are missing, and what na= lists. */
static void write_missing(const struct loaded_file *file, struct text *out)
{
  text_append(out, "present <- function(x) replace(x, x %in% c(\"\", \"NA\", \".\"");
  struct name_list words;
  name_list_split(&words, file->na);
  for (size_t i = 0; i < words.n; i++) {
    text_append(out, ", ");
    r_append_string(out, words.names[i]);
  }
  name_list_clear(&words);
  text_append(out, "), NA)\n");
}

enum { MOST_LISTED_LEVELS = 60 };

static void write_column(const struct column *column, char delimiter, struct text *out)
{
  struct text raw = TEXT_INIT;
  append_cohort_column(&raw, "raw", column->name);
  const char *from = text_string(&raw);
  append_cohort_column(out, "cohort", column->name);
  switch (column->kind) {
  case COLUMN_NUMBER:
    text_append_format(out, delimiter == ';' ? " <- suppressWarnings(as.numeric(sub(\",\", \".\", present(trimws(%s)), fixed = TRUE)))\n"
                                             : " <- suppressWarnings(as.numeric(present(trimws(%s))))\n", from);
    break;
  case COLUMN_DATE:
    text_append_format(out, " <- as.Date(present(trimws(%s)), format = \"%%Y-%%m-%%d\")\n", from);
    break;
  case COLUMN_FACTOR:
    text_append_format(out, " <- factor(present(%s), levels = ", from);
    if (column->n_levels <= MOST_LISTED_LEVELS)
      append_strings(out, column->levels, column->n_levels);
    else
      text_append_format(out, "sort(unique(present(%s)), method = \"radix\")", from);
    text_append(out, ")\n");
    break;
  }
  text_clear(&raw);
}

static bool is_ascii(const char *string)
{
  for (; *string; string++)
    if ((unsigned char)*string >= 0x80)
      return false;
  return true;
}

/* Head, functions, file and columns before the body, which knows by now what it needs. */
static void assemble(const struct export_r *script, const struct state *loaded, struct text *out)
{
  struct text part = TEXT_INIT;
  write_reading(&loaded->file, script->loaded, &part);
  text_append(&part, "\n# The columns that follow, as kaplan understood them; raw holds all as text.\n");
  write_missing(&loaded->file, &part);
  text_append(&part, "cohort <- data.frame(row.names = seq_len(nrow(raw)))\n");
  for (size_t i = 0; i < script->loaded->n_columns; i++)
    if (script->is_used[i])
      write_column(script->loaded->columns[i], loaded->file.delimiter, &part);
  append_comment(out, "Reproduces in R what kaplan showed for:");
  append_comment(out, script->line);
  text_append_format(out, "# Needs R 4.0 with the package survival%s.  Run: Rscript FILE.R, in the directory where kaplan ran.\n",
                     script->competing_package ? ", and cmprsk" : "");
  if (!is_ascii(text_string(&part)) || !is_ascii(text_string(&script->body)))
    text_append(out, "# It holds letters beyond ASCII: run it in a UTF-8 locale.\n");
  text_append(out, "suppressPackageStartupMessages({\n  library(survival)\n");
  if (script->competing_package)
    text_append(out, "  library(cmprsk)\n");
  text_append(out, "})\n");
  text_append(out, "options(contrasts = c(\"contr.treatment\", \"contr.poly\"))\n\n");
  text_append(out, "# ---- functions ----\n\n");
  export_r_parts(out, script->parts | R_PART_PRINT);
  expr_r_helpers(out, script->helpers);
  text_append(out, "\n# ---- the file ----\n\n");
  text_append_bytes(out, text_string(&part), part.length);
  text_append_bytes(out, text_string(&script->body), script->body.length);
  text_clear(&part);
}

/* ---- the script ---- */

static bool is_load(const char *line)
{
  line += strspn(line, " \t");
  return strncmp(line, "load", 4) == 0 && (line[4] == ' ' || line[4] == '\t' || line[4] == '"');
}

static enum status write_steps(struct export_r *script, size_t first, struct error *error)
{
  text_append(&script->body, "\n# ---- the cohort ----\n\n");
  for (size_t i = first + 1; i < session_step_count(script->session); i++)
    if (write_step(script, session_step_line(script->session, i), session_step_state(script->session, i - 1),
                   session_step_state(script->session, i), error))
      return STATUS_ERROR;
  return STATUS_OK;
}

static enum status write_body(struct export_r *script, size_t first, struct error *error)
{
  struct command command;
  if (write_steps(script, first, error) || write_filter(script, error))
    return STATUS_ERROR;
  enum status status = command_take_apart(script->line, &command, error);
  if (!status && export_r_needs_endpoint(&command))
    status = write_endpoint(script, error);
  const size_t before_view = script->body.length;
  if (!status)
    status = export_r_view(script, &command, error);
  command_clear(&command);
  char *view = memory_copy_string(text_string(&script->body) + before_view);
  text_truncate(&script->body, before_view);
  write_labels(script); /* by now it is known which columns are there */
  text_append_format(&script->body, "\n# ---- the numbers ----\n\n%s", view);
  free(view);
  return status;
}

enum status export_r_script(const struct session *session, const struct state *after, const char *line, struct text *out,
                            struct error *error)
{
  size_t first = session_step_count(session);
  while (first > 0 && !is_load(session_step_line(session, first - 1)))
    first--;
  if (!first) {
    error_set(error, "no file was loaded that R could read");
    return error_hint(error, "load \"FILE.csv\"");
  }
  const struct state *loaded = session_step_state(session, --first);
  struct export_r script = {
      .session = session,
      .state = session_state(session),
      .after = after,
      .line = line,
      .loaded = loaded->cohort,
      .is_used = memory_new(loaded->cohort->n_columns + 1, sizeof *script.is_used),
  };
  enum status status = write_body(&script, first, error);
  if (!status)
    assemble(&script, loaded, out);
  text_clear(&script.body);
  free(script.is_used);
  return status;
}
