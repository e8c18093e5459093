/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static enum status fail_at(const struct command *command, size_t token, struct error *error)
{
  const struct token *at = &command->tokens.tokens[token];
  return error_in_command(error, at->start, at->length);
}

/* Whether a token ends an operand, so that what follows begins something new. */
static bool ends_operand(const struct token *token)
{
  return token->kind == TOKEN_NUMBER || token->kind == TOKEN_STRING || token_is(token, ")") ||
         (token->kind == TOKEN_NAME && (token->quoted || (strcmp(token->text, "in") != 0)));
}

static int depth_change(const struct token *token)
{
  return token_is(token, "(") - token_is(token, ")");
}

/* Whether a comma is part of a word: `xlim=0,60` of a verb that has no options. */
static bool is_in_word(const struct command *command, size_t i)
{
  const struct token *next = &command->tokens.tokens[i + 1];
  return command->syntax->arguments == ARGUMENTS_WORDS && !command->syntax->options && next->kind != TOKEN_END &&
         !next->space_before && !command->tokens.tokens[i].space_before;
}

/* The token of the first top-level comma from `begin`, or of the end. */
static size_t find_comma(const struct command *command, size_t begin)
{
  int depth = 0;
  size_t i = begin;
  for (; command->tokens.tokens[i].kind != TOKEN_END; i++) {
    if (depth == 0 && token_is(&command->tokens.tokens[i], ",") && !is_in_word(command, i))
      break;
    depth += depth_change(&command->tokens.tokens[i]);
  }
  return i;
}

/* The token of the `if` that begins the condition, or `end`.  After an operator, after `=`, or first in an expression it is
 * the function. */
static size_t find_condition(const struct command *command, size_t begin, size_t end)
{
  int depth = 0;
  bool expression = command->syntax->arguments == ARGUMENTS_EXPRESSION;
  for (size_t i = begin; i < end; i++) {
    const struct token *token = &command->tokens.tokens[i];
    bool after_operand = i > begin ? ends_operand(&token[-1]) : !expression;
    if (depth == 0 && token_is_name(token, "if") && after_operand)
      return i;
    depth += depth_change(token);
  }
  return end;
}

/* ---- options ---- */

static const struct option_syntax *find_syntax(const struct command *command, const char *name)
{
  const struct option_syntax *options = command->syntax->options;
  for (; options && options->name; options++)
    if (strcmp(options->name, name) == 0)
      return options;
  return NULL;
}

static enum status unknown_option(const struct command *command, size_t token, struct error *error)
{
  struct text names = TEXT_INIT;
  const struct option_syntax *options = command->syntax->options;
  for (; options && options->name; options++)
    text_append_format(&names, "%s%s%s", names.length ? ", " : "", options->name,
                       options->kind == OPTION_FLAG ? "" : "=");
  error_set(error, "%s has no option %s", command->syntax->name, command->tokens.tokens[token].text);
  if (names.length)
    error_hint(error, "its options are %s", text_string(&names));
  else
    error_hint(error, "it has none");
  text_clear(&names);
  return fail_at(command, token, error);
}

/* Where the value that begins at token `i` ends: before the next NAME=, the next flag, or the end of the line. */
static size_t value_end(const struct command *command, size_t i)
{
  int depth = 0;
  const struct token *tokens = command->tokens.tokens;
  const size_t begin = i;
  for (; tokens[i].kind != TOKEN_END; i++) {
    const struct option_syntax *named =
        tokens[i].kind == TOKEN_NAME && !tokens[i].quoted ? find_syntax(command, tokens[i].text) : NULL;
    bool fresh = i > begin && (ends_operand(&tokens[i - 1]) || token_is(&tokens[i - 1], ","));
    if (depth == 0 && fresh && tokens[i].kind == TOKEN_NAME && token_is(&tokens[i + 1], "="))
      break;
    if (depth == 0 && fresh && named && named->kind == OPTION_FLAG)
      break;
    depth += depth_change(&tokens[i]);
  }
  if (i > begin && token_is(&tokens[i - 1], ","))
    i--; /* a comma between options */
  return i;
}

/* The bytes of the line from one token to another, decoded where it is a single string. */
static char *tokens_text(const struct command *command, size_t begin, size_t end)
{
  const struct token *tokens = command->tokens.tokens;
  if (end == begin + 1 && (tokens[begin].kind == TOKEN_STRING || tokens[begin].quoted))
    return memory_copy_string(tokens[begin].text);
  size_t start = tokens[begin].start, stop = tokens[end - 1].start + tokens[end - 1].length;
  return memory_copy_bytes(command->line + start, stop - start);
}

static void split_list(const struct command *command, struct command_option *option)
{
  int depth = 0;
  size_t start = option->begin;
  option->items = memory_new(option->end - option->begin + 1, sizeof *option->items);
  for (size_t i = option->begin; i <= option->end; i++) {
    bool comma = i < option->end && depth == 0 && token_is(&command->tokens.tokens[i], ",");
    if (i == option->end || comma) {
      if (i > start)
        option->items[option->n_items++] = tokens_text(command, start, i);
      start = i + 1;
    }
    if (i < option->end)
      depth += depth_change(&command->tokens.tokens[i]);
  }
}

/* Whether `word` stands among "a|b|c". */
static bool is_among(const char *word, const char *values)
{
  size_t length = strlen(word);
  for (const char *at = values; at; at = strchr(at, '|') ? strchr(at, '|') + 1 : NULL)
    if (strncmp(at, word, length) == 0 && (at[length] == '|' || at[length] == '\0'))
      return true;
  return false;
}

static enum status check_word(const struct command *command, const struct command_option *option, struct error *error)
{
  const struct token *tokens = command->tokens.tokens;
  for (size_t i = option->begin + 1; i < option->end; i++) {
    if (!tokens[i].space_before)
      continue;
    error_set(error, "%s= takes one word", option->syntax->name);
    error_hint(error, "put several into double quotes");
    return fail_at(command, i, error);
  }
  if (!option->syntax->values || is_among(option->value, option->syntax->values))
    return STATUS_OK;
  struct text values = TEXT_INIT;
  for (const char *at = option->syntax->values; *at; at++)
    text_append(&values, *at == '|' ? ", " : (char[]){*at, '\0'});
  error_set(error, "%s= cannot be %s", option->syntax->name, option->value);
  error_hint(error, "it takes %s", text_string(&values));
  text_clear(&values);
  const struct token *last = &tokens[option->end - 1];
  return error_in_command(error, tokens[option->begin].start, last->start + last->length - tokens[option->begin].start);
}

static enum status read_number(const struct command *command, struct command_option *option, struct error *error)
{
  const struct token *token = &command->tokens.tokens[option->begin];
  bool negative = token_is(token, "-");
  token += negative;
  if (option->end - option->begin == 1 + (size_t)negative && token->kind == TOKEN_NUMBER) {
    option->number = negative ? -token->number : token->number;
    return STATUS_OK;
  }
  error_set(error, "%s= wants a number", option->syntax->name);
  return fail_at(command, option->begin, error);
}

/* Reads a value that has its tokens by the option's kind. */
static enum status read_value(const struct command *command, struct command_option *option, struct error *error)
{
  switch (option->syntax->kind) {
  case OPTION_WORD:
    option->value = tokens_text(command, option->begin, option->end);
    return check_word(command, option, error);
  case OPTION_TEXT:
    option->value = tokens_text(command, option->begin, option->end);
    return STATUS_OK;
  case OPTION_LIST:
    split_list(command, option);
    return STATUS_OK;
  case OPTION_NUMBER:
    return read_number(command, option, error);
  case OPTION_EXPRESSION:
    return expr_parse(&command->tokens, option->begin, option->end, &option->expr, error);
  case OPTION_FLAG:
    break;
  }
  error_set(error, "%s takes no value", option->syntax->name);
  return fail_at(command, option->begin, error);
}

static struct command_option *add_option(struct command *command, const struct option_syntax *syntax)
{
  command->options = memory_resize(command->options, command->n_options + 1, sizeof *command->options);
  struct command_option *option = &command->options[command->n_options++];
  *option = (struct command_option){.syntax = syntax};
  return option;
}

/* Reads the option that begins at token *at and moves past it. */
static enum status read_option(struct command *command, size_t *at, struct error *error)
{
  const struct token *tokens = command->tokens.tokens;
  const struct token *name = &tokens[*at];
  if (name->kind != TOKEN_NAME) {
    error_set(error, name->kind == TOKEN_END ? "an option is missing after the comma" : "an option must begin with its name");
    error_hint(error, "VERB …, OPTION=VALUE");
    return fail_at(command, *at, error);
  }
  const struct option_syntax *syntax = find_syntax(command, name->text);
  if (!syntax)
    return unknown_option(command, *at, error);
  if (command_find_option(command, name->text)) {
    error_set(error, "the option %s is given twice", name->text);
    return fail_at(command, *at, error);
  }
  struct command_option *option = add_option(command, syntax);
  bool has_value = token_is(&tokens[*at + 1], "=");
  option->begin = *at + 1 + has_value;
  option->end = has_value ? value_end(command, option->begin) : option->begin;
  const struct token *last = &tokens[option->end - 1];
  option->start = name->start;
  option->length = last->start + last->length - name->start;
  *at = option->end;
  if (!has_value && syntax->kind == OPTION_FLAG)
    return STATUS_OK;
  if (option->begin == option->end) {
    error_set(error, "the option %s wants a value", name->text);
    error_hint(error, "%s=…: %s", name->text, syntax->help);
    return error_in_command(error, name->start, name->length);
  }
  return read_value(command, option, error);
}

static enum status read_options(struct command *command, size_t comma, struct error *error)
{
  const struct token *tokens = command->tokens.tokens;
  if (tokens[comma].kind == TOKEN_END)
    return STATUS_OK;
  size_t at = comma + 1;
  do {
    if (read_option(command, &at, error))
      return STATUS_ERROR;
    if (token_is(&tokens[at], ","))
      at++;
  } while (tokens[at].kind != TOKEN_END);
  return STATUS_OK;
}

/* ---- the line ---- */

static enum status read_condition(struct command *command, size_t comma, struct error *error)
{
  size_t at = find_condition(command, command->begin, comma);
  command->end = at;
  if (at == comma)
    return STATUS_OK;
  if (!command->syntax->takes_condition) {
    error_set(error, "%s takes no condition", command->syntax->name);
    error_hint(error, "filter …, or keep if …, choose patients");
    return fail_at(command, at, error);
  }
  return expr_parse(&command->tokens, at + 1, comma, &command->condition, error);
}

static enum status check_no_arguments(const struct command *command, struct error *error)
{
  if (command->syntax->arguments != ARGUMENTS_NONE || command->begin == command->end)
    return STATUS_OK;
  error_set(error, "%s takes no arguments%s", command->syntax->name,
            command->syntax->takes_condition ? ", only a condition after if" : "");
  return fail_at(command, command->begin, error);
}

enum status command_parse(const char *line, command_lookup *lookup, const void *data, struct command *command,
                          struct error *error)
{
  *command = (struct command){.line = memory_copy_string(line)};
  if (token_list_read(&command->tokens, line, error))
    return STATUS_ERROR;
  const struct token *first = command->tokens.tokens;
  if (first->kind == TOKEN_END)
    return STATUS_OK;
  if (first->kind == TOKEN_NAME && !first->quoted)
    command->syntax = lookup(first->text, strlen(first->text), data);
  if (!command->syntax) {
    error_set(error, "there is no command %s", first->text);
    return fail_at(command, 0, error);
  }
  command->begin = 1;
  size_t comma = find_comma(command, 1);
  if (read_condition(command, comma, error) || check_no_arguments(command, error))
    return STATUS_ERROR;
  return read_options(command, comma, error);
}

void command_clear(struct command *command)
{
  for (size_t i = 0; i < command->n_options; i++) {
    struct command_option *option = &command->options[i];
    free(option->value);
    for (size_t k = 0; k < option->n_items; k++)
      free(option->items[k]);
    free(option->items);
    expr_free(option->expr);
  }
  free(command->options);
  expr_free(command->condition);
  token_list_clear(&command->tokens);
  free(command->line);
  *command = (struct command){.line = NULL};
}

const struct command_option *command_find_option(const struct command *command, const char *name)
{
  for (size_t i = 0; i < command->n_options; i++)
    if (strcmp(command->options[i].syntax->name, name) == 0)
      return &command->options[i];
  return NULL;
}

enum status command_option_number(const struct command *command, const struct command_option *option, size_t i,
                                  double *number, struct error *error)
{
  struct token_list tokens;
  struct error ignored = ERROR_INIT;
  bool found = false;
  (void)command;
  if (!token_list_read(&tokens, option->items[i], &ignored)) {
    const struct token *token = tokens.tokens;
    bool negative = token_is(token, "-");
    token += negative;
    found = token->kind == TOKEN_NUMBER && token[1].kind == TOKEN_END;
    *number = negative ? -token->number : token->number;
    token_list_clear(&tokens);
  }
  error_clear(&ignored);
  if (found)
    return STATUS_OK;
  error_set(error, "%s= wants numbers, and %s is none", option->syntax->name, option->items[i]);
  error_hint(error, "%s=12,36,60", option->syntax->name);
  return error_in_command(error, option->start, option->length);
}

size_t command_words(const struct command *command, struct command_word **words)
{
  const struct token *tokens = command->tokens.tokens;
  size_t n = 0;
  *words = memory_new(command->end - command->begin + 1, sizeof **words);
  for (size_t i = command->begin; i < command->end;) {
    size_t end = i + 1;
    while (end < command->end && !tokens[end].space_before)
      end++;
    struct command_word *word = &(*words)[n++];
    word->start = tokens[i].start;
    word->length = tokens[end - 1].start + tokens[end - 1].length - tokens[i].start;
    word->is_string = end == i + 1 && tokens[i].kind == TOKEN_STRING;
    word->text = tokens_text(command, i, end);
    i = end;
  }
  return n;
}

void command_words_free(struct command_word *words, size_t n)
{
  for (size_t i = 0; i < n; i++)
    free(words[i].text);
  free(words);
}

char *command_arguments_text(const struct command *command)
{
  if (command->begin == command->end)
    return memory_copy_string("");
  const struct token *first = &command->tokens.tokens[command->begin], *last = &command->tokens.tokens[command->end - 1];
  return memory_copy_bytes(command->line + first->start, last->start + last->length - first->start);
}
