/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursive descent, one function a level of precedence. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "lang/expr.h"

enum { MAX_DEPTH = 200, MAX_OPERATORS = 2000 };

struct parser {
  const struct token *tokens;
  size_t at, end;
  int depth;
  size_t n_operators; /* bounds the depth of a long chain's tree too */
  struct error *error;
};

static const struct token *here(const struct parser *parser)
{
  return &parser->tokens[parser->at];
}

static bool at_operator(const struct parser *parser, const char *text)
{
  return parser->at < parser->end && token_is(here(parser), text);
}

static struct expr *expr_new(enum expr_kind kind, const char *text, const struct token *token)
{
  struct expr *expr = memory_new(1, sizeof *expr);
  expr->kind = kind;
  expr->text = text ? memory_copy_string(text) : NULL;
  expr->start = token->start;
  expr->length = token->length;
  return expr;
}

/* Takes over the operand; the expression reaches from its first to its last. */
static void add_operand(struct expr *expr, struct expr *operand)
{
  expr->operands = memory_resize(expr->operands, expr->n_operands + 1, sizeof *expr->operands);
  expr->operands[expr->n_operands++] = operand;
  size_t end = expr->start + expr->length, operand_end = operand->start + operand->length;
  if (operand->start < expr->start)
    expr->start = operand->start;
  expr->length = (operand_end > end ? operand_end : end) - expr->start;
}

static struct expr *failed(struct parser *parser, const char *what, const char *hint)
{
  const struct token *token = here(parser);
  if (token_is(token, "=")) {
    what = "= does not compare";
    hint = "use == to compare";
  }
  error_set(parser->error, "%s", what);
  if (hint)
    error_hint(parser->error, "%s", hint);
  error_in_command(parser->error, token->start, token->length);
  return NULL;
}

static struct expr *parse_or(struct parser *parser);

/* A comma list up to the closing parenthesis, into the operands. */
static bool parse_list(struct parser *parser, struct expr *expr)
{
  if (at_operator(parser, ")")) {
    parser->at++;
    return true;
  }
  for (;;) {
    struct expr *operand = parse_or(parser);
    if (!operand)
      return false;
    add_operand(expr, operand);
    if (at_operator(parser, ")")) {
      expr->length = here(parser)->start + 1 - expr->start;
      parser->at++;
      return true;
    }
    if (!at_operator(parser, ",")) {
      failed(parser, "a comma or a closing parenthesis is missing here", NULL);
      return false;
    }
    parser->at++;
  }
}

static struct expr *parse_name(struct parser *parser)
{
  const struct token *token = here(parser);
  bool call = parser->at + 1 < parser->end && token_is(&token[1], "(") && !token->quoted;
  if (token_is_name(token, "in") || (token_is_name(token, "if") && !call))
    return failed(parser, "an expression is missing here", "a column of that name goes into backticks");
  parser->at += call ? 2 : 1;
  if (call) {
    struct expr *expr = expr_new(EXPR_CALL, token->text, token);
    if (parse_list(parser, expr))
      return expr;
    expr_free(expr);
    return NULL;
  }
  if (token_is_name(token, "NA"))
    return expr_new(EXPR_MISSING, NULL, token);
  if (token_is_name(token, "TRUE") || token_is_name(token, "FALSE")) {
    struct expr *expr = expr_new(EXPR_BINARY, "==", token); /* 1 == 1 or 1 == 0: a truth */
    struct expr *one = expr_new(EXPR_NUMBER, NULL, token), *other = expr_new(EXPR_NUMBER, NULL, token);
    one->number = 1;
    other->number = token_is_name(token, "TRUE");
    add_operand(expr, one);
    add_operand(expr, other);
    return expr;
  }
  return expr_new(EXPR_COLUMN, token->text, token);
}

static struct expr *parse_primary(struct parser *parser)
{
  const struct token *token = here(parser);
  if (parser->at >= parser->end)
    return failed(parser, "an expression is missing here", "such as age > 60");
  if (token->kind == TOKEN_NUMBER) {
    struct expr *expr = expr_new(EXPR_NUMBER, NULL, token);
    expr->number = token->number;
    parser->at++;
    return expr;
  }
  if (token->kind == TOKEN_STRING) {
    parser->at++;
    return expr_new(EXPR_STRING, token->text, token);
  }
  if (token->kind == TOKEN_NAME)
    return parse_name(parser);
  if (!token_is(token, "("))
    return failed(parser, "an expression is missing here", "a column, a number, a \"text\" or a parenthesis");
  parser->at++;
  struct expr *expr = parse_or(parser);
  if (!expr)
    return NULL;
  if (!at_operator(parser, ")")) {
    expr_free(expr);
    return failed(parser, "a closing parenthesis is missing here", NULL);
  }
  parser->at++;
  return expr;
}

static struct expr *parse_unary(struct parser *parser);

static struct expr *parse_power(struct parser *parser)
{
  struct expr *base = parse_primary(parser);
  if (!base || !at_operator(parser, "^"))
    return base;
  struct expr *expr = expr_new(EXPR_BINARY, "^", here(parser));
  parser->at++;
  add_operand(expr, base);
  struct expr *exponent = parse_unary(parser);
  if (exponent) {
    add_operand(expr, exponent);
    return expr;
  }
  expr_free(expr);
  return NULL;
}

/* One prefix operator and what it stands before. */
static struct expr *parse_prefix(struct parser *parser, const char *operator_text, struct expr *(*operand)(struct parser *))
{
  struct expr *expr = expr_new(EXPR_UNARY, operator_text, here(parser));
  parser->at++;
  if (++parser->depth > MAX_DEPTH) {
    expr_free(expr);
    return failed(parser, "this expression is nested too deeply", "derive its parts first");
  }
  struct expr *inner = operand(parser);
  parser->depth--;
  if (!inner) {
    expr_free(expr);
    return NULL;
  }
  add_operand(expr, inner);
  return expr;
}

static struct expr *parse_unary(struct parser *parser)
{
  while (at_operator(parser, "+"))
    parser->at++;
  return at_operator(parser, "-") ? parse_prefix(parser, "-", parse_unary) : parse_power(parser);
}

/* A left-associative level: operands of `next` joined by any of the operators (NULL-ended; name[i] is written same[i]). */
static struct expr *parse_chain(struct parser *parser, const char *const *operators, struct expr *(*next)(struct parser *))
{
  struct expr *left = next(parser);
  while (left) {
    size_t i = 0;
    while (operators[i] && !at_operator(parser, operators[i]))
      i++;
    if (!operators[i])
      return left;
    if (++parser->n_operators > MAX_OPERATORS) {
      expr_free(left);
      return failed(parser, "this expression is too long", "derive its parts first");
    }
    const char *text = operators[i][0] == '&' ? "&" : operators[i][0] == '|' ? "|" : operators[i];
    struct expr *expr = expr_new(EXPR_BINARY, text, here(parser));
    parser->at++;
    add_operand(expr, left);
    struct expr *right = next(parser);
    if (!right) {
      expr_free(expr);
      return NULL;
    }
    add_operand(expr, right);
    left = expr;
  }
  return NULL;
}

static struct expr *parse_product(struct parser *parser)
{
  return parse_chain(parser, (const char *const[]){"*", "/", NULL}, parse_unary);
}

static struct expr *parse_sum(struct parser *parser)
{
  return parse_chain(parser, (const char *const[]){"+", "-", NULL}, parse_product);
}

static struct expr *parse_in(struct parser *parser, struct expr *left)
{
  struct expr *expr = expr_new(EXPR_IN, NULL, here(parser));
  parser->at++;
  add_operand(expr, left);
  if (!at_operator(parser, "(")) {
    expr_free(expr);
    return failed(parser, "a list in parentheses must follow `in`", "in (\"a\", \"b\")");
  }
  parser->at++;
  if (parse_list(parser, expr))
    return expr;
  expr_free(expr);
  return NULL;
}

static struct expr *parse_comparison(struct parser *parser)
{
  static const char *const operators[] = {"==", "!=", "<=", ">=", "<", ">"};
  struct expr *left = parse_sum(parser);
  if (!left)
    return NULL;
  if (parser->at < parser->end && token_is_name(here(parser), "in"))
    return parse_in(parser, left);
  for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
    if (!at_operator(parser, operators[i]))
      continue;
    struct expr *expr = expr_new(EXPR_BINARY, operators[i], here(parser));
    parser->at++;
    add_operand(expr, left);
    struct expr *right = parse_sum(parser);
    if (!right) {
      expr_free(expr);
      return NULL;
    }
    add_operand(expr, right);
    return expr;
  }
  return left;
}

static struct expr *parse_not(struct parser *parser)
{
  if (at_operator(parser, "!"))
    return parse_prefix(parser, "!", parse_not);
  return parse_comparison(parser);
}

static struct expr *parse_and(struct parser *parser)
{
  return parse_chain(parser, (const char *const[]){"&", "&&", NULL}, parse_not);
}

static struct expr *parse_or(struct parser *parser)
{
  if (parser->depth >= MAX_DEPTH)
    return failed(parser, "this expression is nested too deeply", "derive its parts first");
  parser->depth++;
  struct expr *expr = parse_chain(parser, (const char *const[]){"|", "||", NULL}, parse_and);
  parser->depth--;
  return expr;
}

/* What does not go on: two names side by side are most often one with a blank, which wants backticks. */
static void failed_at_end(struct parser *parser, size_t begin)
{
  const struct token *tokens = parser->tokens;
  size_t first = parser->at, last = parser->at;
  while (first > begin && tokens[first - 1].kind == TOKEN_NAME && !tokens[first - 1].quoted)
    first--;
  while (last < parser->end && (tokens[last].kind == TOKEN_NAME || tokens[last].kind == TOKEN_NUMBER) && !tokens[last].quoted)
    last++;
  if (first == parser->at || last == parser->at) {
    failed(parser, "the expression should end here", "is an operator missing, or a comma before an option?");
    return;
  }
  struct text name = TEXT_INIT;
  for (size_t i = first; i < last; i++)
    text_append_format(&name, "%s%s", i > first ? " " : "", tokens[i].text);
  error_set(parser->error, "there is no operator in %s", text_string(&name));
  error_hint(parser->error, "a name with blanks stands in backticks: `%s`", text_string(&name));
  error_in_command(parser->error, tokens[first].start, tokens[last - 1].start + tokens[last - 1].length - tokens[first].start);
  text_clear(&name);
}

enum status expr_parse(const struct token_list *tokens, size_t begin, size_t end, struct expr **expr, struct error *error)
{
  struct parser parser = {.tokens = tokens->tokens, .at = begin, .end = end, .error = error};
  *expr = parse_or(&parser);
  if (!*expr)
    return STATUS_ERROR;
  if (parser.at == end)
    return STATUS_OK;
  expr_free(*expr);
  *expr = NULL;
  failed_at_end(&parser, begin);
  return STATUS_ERROR;
}

enum status expr_parse_string(const char *string, struct expr **expr, struct error *error)
{
  struct token_list tokens;
  enum status status = token_list_read(&tokens, string, error);
  if (status)
    return status;
  status = expr_parse(&tokens, 0, tokens.count - 1, expr, error);
  token_list_clear(&tokens);
  return status;
}

void expr_free(struct expr *expr)
{
  if (!expr)
    return;
  for (size_t i = 0; i < expr->n_operands; i++)
    expr_free(expr->operands[i]);
  free(expr->operands);
  free(expr->text);
  free(expr);
}
