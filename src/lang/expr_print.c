/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/number.h"
#include "lang/expr_bind.h"

int expr_precedence(const struct expr *expr)
{
  static const struct {
    const char *operators;
    int level;
  } levels[] = {{" | ", 1}, {" & ", 2}, {" == != < <= > >= ", 4}, {" + - ", 5}, {" * / ", 6}, {" ^ ", 8}};
  if (expr->kind == EXPR_IN)
    return 4;
  if (expr->kind == EXPR_UNARY)
    return expr->text[0] == '!' ? 3 : 7;
  if (expr->kind == EXPR_NUMBER && expr->number < 0)
    return 7;
  if (expr->kind != EXPR_BINARY)
    return 9;
  char padded[8] = " ";
  strncat(padded, expr->text, 4);
  strcat(padded, " ");
  for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
    if (strstr(levels[i].operators, padded))
      return levels[i].level;
  return 9;
}

static void append_within(struct text *text, const struct expr *expr, int least)
{
  bool parentheses = expr_precedence(expr) < least;
  if (parentheses)
    text_append_char(text, '(');
  expr_append(text, expr);
  if (parentheses)
    text_append_char(text, ')');
}

static void append_list(struct text *text, const struct expr *expr, size_t from)
{
  text_append_char(text, '(');
  for (size_t i = from; i < expr->n_operands; i++) {
    if (i > from)
      text_append(text, ", ");
    expr_append(text, expr->operands[i]);
  }
  text_append_char(text, ')');
}

static void append_binary(struct text *text, const struct expr *expr)
{
  int level = expr_precedence(expr);
  bool power = expr->text[0] == '^', comparison = level == 4;
  append_within(text, expr->operands[0], level + (power || comparison));
  text_append_format(text, power ? "%s" : " %s ", expr->text);
  append_within(text, expr->operands[1], power ? 7 : level + 1);
}

void expr_append(struct text *text, const struct expr *expr)
{
  switch (expr->kind) {
  case EXPR_NUMBER:
    number_append_short(text, expr->number);
    break;
  case EXPR_STRING:
    token_append_string(text, expr->text);
    break;
  case EXPR_MISSING:
    text_append(text, "NA");
    break;
  case EXPR_COLUMN:
    token_append_name(text, expr->text);
    break;
  case EXPR_CALL:
    text_append(text, expr->text);
    append_list(text, expr, 0);
    break;
  case EXPR_UNARY:
    text_append(text, expr->text);
    append_within(text, expr->operands[0], expr->text[0] == '!' ? 8 : 7); /* !(a > b), though !a > b is the same */
    break;
  case EXPR_BINARY:
    append_binary(text, expr);
    break;
  case EXPR_IN:
    append_within(text, expr->operands[0], 5);
    text_append(text, " in ");
    append_list(text, expr, 1);
    break;
  }
}

static bool is_plain_name(const char *name)
{
  static const char *const reserved[] = {"if", "in", "NA", "TRUE", "FALSE", "off"};
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (strcmp(name, reserved[i]) == 0)
      return false;
  struct token_list tokens;
  struct error error = ERROR_INIT;
  bool plain = !token_list_read(&tokens, name, &error);
  if (plain) {
    plain = tokens.count == 2 && tokens.tokens[0].kind == TOKEN_NAME && !tokens.tokens[0].quoted &&
            tokens.tokens[0].length == strlen(name);
    token_list_clear(&tokens);
  }
  error_clear(&error);
  return plain;
}

static void append_quoted(struct text *text, const char *string, char quote)
{
  text_append_char(text, quote);
  for (; *string; string++) {
    if (*string == quote || *string == '\\')
      text_append_char(text, '\\');
    text_append_char(text, *string);
  }
  text_append_char(text, quote);
}

void token_append_name(struct text *text, const char *name)
{
  if (is_plain_name(name))
    text_append(text, name);
  else
    append_quoted(text, name, '`');
}

void token_append_string(struct text *text, const char *string)
{
  append_quoted(text, string, '"');
}

bool token_is(const struct token *token, const char *operator_text)
{
  return token->kind == TOKEN_OPERATOR && strcmp(token->text, operator_text) == 0;
}

bool token_is_name(const struct token *token, const char *name)
{
  return token->kind == TOKEN_NAME && !token->quoted && strcmp(token->text, name) == 0;
}

bool expr_equal(const struct expr *a, const struct expr *b)
{
  if (a->kind != b->kind || a->n_operands != b->n_operands || (a->kind == EXPR_NUMBER && a->number != b->number))
    return false;
  if (a->text && strcmp(a->text, b->text) != 0)
    return false;
  for (size_t i = 0; i < a->n_operands; i++)
    if (!expr_equal(a->operands[i], b->operands[i]))
      return false;
  return true;
}

void expr_each_column(const struct expr *expr, void (*visit)(const char *name, void *data), void *data)
{
  if (expr->kind == EXPR_COLUMN)
    visit(expr->text, data);
  for (size_t i = 0; i < expr->n_operands; i++)
    expr_each_column(expr->operands[i], visit, data);
}
