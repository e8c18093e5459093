/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a command line, each with its place in it, so that an error can put a caret under it. */
#ifndef KAPLAN_LANG_TOKEN_H
#define KAPLAN_LANG_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum token_kind {
  TOKEN_NAME,     /* a name: letters, digits, dots, underscores and any non-ASCII character; or anything in backticks */
  TOKEN_NUMBER,   /* 12, 0.5, 1e-3 */
  TOKEN_STRING,   /* "…", with \" and \\ */
  TOKEN_OPERATOR, /* + - * / ^ == != < <= > >= & | ! ( ) , : = ~ ; text holds it */
  TOKEN_END
};

struct token {
  enum token_kind kind;
  size_t start, length; /* bytes of the line */
  char *text;           /* decoded: without quotes and escapes; an operator's characters */
  double number;
  bool quoted;       /* a name that stood in backticks */
  bool space_before; /* whether a blank stands before it */
};

struct token_list {
  struct token *tokens; /* closed with TOKEN_END */
  size_t count, capacity;
};

#define TOKEN_LIST_INIT {.tokens = NULL}

/* Splits `line` into tokens; a # outside quotes starts a comment.  A bare word such as `log-log`, `bt-pNET` or `xu.csv`
 * is several tokens: whoever wants the word takes the line's bytes.  Fails on an unclosed quote or backtick and on a
 * character that no token has, naming its place. */
enum status token_list_read(struct token_list *list, const char *line, struct error *error);
void token_list_clear(struct token_list *list);

/* Whether a token is that operator; that name, not in backticks. */
bool token_is(const struct token *token, const char *operator_text);
bool token_is_name(const struct token *token, const char *name);

/* Appends a name as it must be typed: in backticks where it is no plain name or is a reserved word (if, in, NA). */
struct text;
void token_append_name(struct text *text, const char *name);
/* Appends a string in double quotes, escaped. */
void token_append_string(struct text *text, const char *string);

#endif
