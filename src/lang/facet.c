/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/facet.h"

#include <string.h>

#include "lang/token.h"

static bool is_and(const struct expr *expr)
{
  return expr->kind == EXPR_BINARY && expr->text[0] == '&';
}

/* Whether the conjunct chooses levels of the column: x == "a", x != "a", x in ("a", …). */
static bool is_facet(const struct expr *expr, const struct column *column)
{
  bool comparison = expr->kind == EXPR_BINARY && (strcmp(expr->text, "==") == 0 || strcmp(expr->text, "!=") == 0);
  if (!comparison && expr->kind != EXPR_IN)
    return false;
  if (expr->operands[0]->kind != EXPR_COLUMN || strcmp(expr->operands[0]->text, column->name) != 0)
    return false;
  for (size_t i = 1; i < expr->n_operands; i++)
    if (expr->operands[i]->kind != EXPR_STRING || !column_find_level(column, expr->operands[i]->text))
      return false;
  return true;
}

/* Narrows `included` to what the conjuncts of `expr` leave. */
static void narrow(const struct expr *expr, const struct column *column, bool *included)
{
  if (is_and(expr)) {
    narrow(expr->operands[0], column, included);
    narrow(expr->operands[1], column, included);
    return;
  }
  if (!is_facet(expr, column))
    return;
  bool negative = expr->kind == EXPR_BINARY && expr->text[0] == '!';
  for (size_t code = 1; code <= column->n_levels; code++) {
    bool named = false;
    for (size_t i = 1; i < expr->n_operands; i++)
      named |= strcmp(expr->operands[i]->text, column->levels[code - 1].name) == 0;
    included[code - 1] &= named != negative;
  }
}

void facet_read(const struct expr *filter, const struct column *column, bool *included)
{
  memset(included, true, column->n_levels * sizeof *included);
  if (filter)
    narrow(filter, column, included);
}

static void append_facet(struct text *text, const struct column *column, const bool *included, size_t n_included)
{
  token_append_name(text, column->name);
  text_append(text, n_included == 1 ? " == " : " in (");
  size_t written = 0;
  for (size_t i = 0; i < column->n_levels; i++) {
    if (!included[i])
      continue;
    if (written++)
      text_append(text, ", ");
    token_append_string(text, column->levels[i].name);
  }
  if (n_included > 1)
    text_append_char(text, ')');
}

/* What is being written: the facet goes where the first conjunct of its column stood. */
struct writing {
  struct text text;
  const struct column *column;
  const bool *included;
  size_t n_included;
  bool pending; /* the facet is still to be written */
};

static void append_and(struct writing *writing)
{
  if (writing->text.length)
    text_append(&writing->text, " & ");
}

static void write_facet(struct writing *writing)
{
  if (!writing->pending)
    return;
  append_and(writing);
  append_facet(&writing->text, writing->column, writing->included, writing->n_included);
  writing->pending = false;
}

static void write_conjuncts(struct writing *writing, const struct expr *expr)
{
  if (is_and(expr)) {
    write_conjuncts(writing, expr->operands[0]);
    write_conjuncts(writing, expr->operands[1]);
    return;
  }
  if (is_facet(expr, writing->column)) {
    write_facet(writing);
    return;
  }
  append_and(writing);
  bool either = expr->kind == EXPR_BINARY && expr->text[0] == '|'; /* binds less than & */
  if (either)
    text_append_char(&writing->text, '(');
  expr_append(&writing->text, expr);
  if (either)
    text_append_char(&writing->text, ')');
}

char *facet_write(const struct expr *filter, const struct column *column, const bool *included)
{
  struct writing writing = {.text = TEXT_INIT, .column = column, .included = included};
  for (size_t i = 0; i < column->n_levels; i++)
    writing.n_included += included[i];
  if (!writing.n_included)
    return NULL;
  writing.pending = writing.n_included < column->n_levels;
  if (filter)
    write_conjuncts(&writing, filter);
  write_facet(&writing);
  return text_take(&writing.text);
}
