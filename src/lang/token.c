/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/token.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/number.h"
#include "base/text.h"
#include "base/utf8.h"

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

static bool starts_name(char c)
{
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool continues_name(char c)
{
  return starts_name(c) || is_digit(c) || c == '.';
}

/* The length of the operator at `at`, 0 where none stands there. */
static size_t operator_length(const char *at)
{
  static const char *const two[] = {"==", "!=", "<=", ">=", "&&", "||"};
  for (size_t i = 0; i < sizeof two / sizeof *two; i++)
    if (strncmp(at, two[i], 2) == 0)
      return 2;
  return strchr("+-*/^<>&|!(),:=~", *at) ? 1 : 0;
}

static size_t number_length(const char *at)
{
  size_t i = 0;
  while (is_digit(at[i]))
    i++;
  if (at[i] == '.') {
    i++;
    while (is_digit(at[i]))
      i++;
  }
  if (at[i] == 'e' || at[i] == 'E') {
    size_t digits = i + 1 + (at[i + 1] == '+' || at[i + 1] == '-');
    if (is_digit(at[digits])) {
      while (is_digit(at[digits]))
        digits++;
      i = digits;
    }
  }
  return i;
}

/* Reads what stands between two `quote` characters into the token's text. */
static enum status read_quoted(const char *line, size_t start, char quote, struct token *token, struct error *error)
{
  struct text text = TEXT_INIT;
  size_t i = start + 1;
  for (; line[i] && line[i] != quote; i++) {
    if (line[i] == '\\' && (line[i + 1] == quote || line[i + 1] == '\\'))
      i++;
    text_append_char(&text, line[i]);
  }
  token->text = text_take(&text);
  token->length = i + 1 - start;
  if (line[i])
    return STATUS_OK;
  error_set(error, quote == '"' ? "a string is not closed" : "a name in backticks is not closed");
  error_hint(error, "close it with %c", quote);
  return error_in_command(error, start, i - start);
}

static enum status read_word(const char *line, size_t start, struct token *token, struct error *error)
{
  const char *at = line + start;
  if (is_digit(*at) || (*at == '.' && is_digit(at[1]))) {
    token->kind = TOKEN_NUMBER;
    token->length = number_length(at);
    if (!number_parse(at, token->length, &token->number)) {
      error_set(error, "this number is too large");
      return error_in_command(error, start, token->length);
    }
  } else if (starts_name(*at) || *at == '.') {
    token->kind = TOKEN_NAME;
    for (token->length = 1; continues_name(at[token->length]);)
      token->length++;
  } else {
    token->kind = TOKEN_OPERATOR;
    token->length = operator_length(at);
    if (!token->length) {
      error_set(error, "%c has no meaning here", *at);
      error_hint(error, "odd names go into backticks, texts into double quotes");
      return error_in_command(error, start, 1);
    }
  }
  token->text = memory_copy_bytes(at, token->length);
  return STATUS_OK;
}

enum status token_list_read(struct token_list *list, const char *line, struct error *error)
{
  size_t i = 0;
  enum status status = STATUS_OK;
  *list = (struct token_list)TOKEN_LIST_INIT;
  while (!status) {
    size_t before = i;
    i += strspn(line + i, " \t\r\n");
    struct token token = {.kind = TOKEN_END, .start = i, .space_before = i > before};
    if (!line[i] || line[i] == '#') {
      token.text = memory_copy_string("");
      MEMORY_APPEND(list->tokens, list->count, list->capacity, token);
      return STATUS_OK;
    }
    if (line[i] == '"' || line[i] == '`') {
      token.kind = line[i] == '"' ? TOKEN_STRING : TOKEN_NAME;
      token.quoted = line[i] == '`';
      status = read_quoted(line, i, line[i], &token, error);
    } else {
      status = read_word(line, i, &token, error);
    }
    if (status)
      free(token.text);
    else
      MEMORY_APPEND(list->tokens, list->count, list->capacity, token);
    i += token.length;
  }
  token_list_clear(list);
  return status;
}

void token_list_clear(struct token_list *list)
{
  for (size_t i = 0; i < list->count; i++)
    free(list->tokens[i].text);
  free(list->tokens);
  *list = (struct token_list)TOKEN_LIST_INIT;
}
