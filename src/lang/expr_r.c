/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/expr_r.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"
#include "lang/expr_bind.h"

/* ---- strings and names ---- */

void r_append_string(struct text *text, const char *string)
{
  text_append_char(text, '"');
  for (size_t left = strlen(string); left;) {
    uint32_t point;
    const size_t used = utf8_decode(string, left, &point);
    if (*string == '"' || *string == '\\')
      text_append_format(text, "\\%c", *string);
    else if (point == '\n')
      text_append(text, "\\n");
    else if (point == '\t')
      text_append(text, "\\t");
    else if (point != UTF8_INVALID && utf8_width(point) < 0)
      text_append_format(text, point < 0x80 ? "\\%03o" : point < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)point);
    else
      text_append_bytes(text, string, used);
    string += used;
    left -= used;
  }
  text_append_char(text, '"');
}

static bool is_r_name(const char *name)
{
  static const char *const reserved[] = {"if", "else", "repeat", "while", "function", "for", "next", "break", "TRUE", "FALSE",
                                         "NULL", "Inf", "NaN", "NA", "NA_integer_", "NA_real_", "NA_complex_",
                                         "NA_character_", "in"};
  for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
    if (strcmp(name, reserved[i]) == 0)
      return false;
  if (!isalpha((unsigned char)*name) || (unsigned char)*name >= 0x80)
    return false;
  for (const char *at = name; *at; at++)
    if ((unsigned char)*at >= 0x80 || (!isalnum((unsigned char)*at) && *at != '_' && *at != '.'))
      return false;
  return true;
}

/* The name that the column has in R. */
static char *visible_name(const char *name)
{
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, name);
  return text_take(&visible);
}

void r_append_name(struct text *text, const char *name)
{
  char *visible = visible_name(name);
  if (is_r_name(visible)) {
    text_append(text, visible);
  } else {
    text_append_char(text, '`');
    for (const char *at = visible; *at; at++)
      text_append_format(text, *at == '`' || *at == '\\' ? "\\%c" : "%c", *at);
    text_append_char(text, '`');
  }
  free(visible);
}

void r_append_name_string(struct text *text, const char *name)
{
  char *visible = visible_name(name);
  r_append_string(text, visible);
  free(visible);
}

/* ---- helpers ---- */

void expr_r_helpers(struct text *text, unsigned helpers)
{
  static const struct {
    unsigned helper;
    const char *definition;
  } definitions[] = {
      {R_KNOWN | R_POWER, "# What is not finite is missing.\n"
                          "known <- function(x) {\n"
                          "  x <- suppressWarnings(x)\n"
                          "  x[!is.finite(x)] <- NA\n"
                          "  x\n"
                          "}\n"},
      {R_POWER, "# A power of, or to, a missing value is missing, 1 ^ NA and NA ^ 0 too.\n"
                "power <- function(a, b) known(a ^ b + 0 * a + 0 * b)\n"},
      {R_AMONG, "# Whether x is one of the values; unknown where x is missing.\n"
                "among <- function(x, values) ifelse(is.na(x), NA, x %in% values)\n"},
      {R_ROUND, "# Half to even at the given digits.\n"
                "round_at <- function(x, digits) known(round(x * 10 ^ round(digits)) / 10 ^ round(digits))\n"},
      {R_EITHER, "# ifelse() whose parts may be constants.\n"
                 "either <- function(test, yes, no) {\n"
                 "  n <- max(length(test), length(yes), length(no))\n"
                 "  ifelse(rep_len(test, n), rep_len(yes, n), rep_len(no, n))\n"
                 "}\n"},
  };
  if (helpers & R_ROUND)
    helpers |= R_KNOWN;
  for (size_t i = 0; i < sizeof definitions / sizeof *definitions; i++)
    if (helpers & definitions[i].helper)
      text_append(text, definitions[i].definition);
}

/* ---- expressions ---- */

struct writer {
  struct text *text;
  const struct cohort *cohort;
  unsigned helpers;
  struct error *error;
};

static enum status write_expr(struct writer *writer, const struct expr *expr);

static enum status kind_of(struct writer *writer, const struct expr *expr, enum value_kind *kind)
{
  return expr_check(expr, writer->cohort, kind, writer->error);
}

/* In parentheses where it binds less tightly than `least`. */
static enum status write_within(struct writer *writer, const struct expr *expr, int least)
{
  const bool parentheses = expr_precedence(expr) < least;
  if (parentheses)
    text_append_char(writer->text, '(');
  enum status status = write_expr(writer, expr);
  if (parentheses)
    text_append_char(writer->text, ')');
  return status;
}

/* FUNCTION(expr). */
static enum status write_call(struct writer *writer, const char *function, const struct expr *expr)
{
  text_append_format(writer->text, "%s(", function);
  enum status status = write_expr(writer, expr);
  text_append_char(writer->text, ')');
  return status;
}

static enum status write_arguments(struct writer *writer, const char *function, const struct expr *expr)
{
  text_append_format(writer->text, "%s(", function);
  for (size_t i = 0; i < expr->n_operands; i++) {
    if (i)
      text_append(writer->text, ", ");
    if (write_expr(writer, expr->operands[i]))
      return STATUS_ERROR;
  }
  text_append_char(writer->text, ')');
  return STATUS_OK;
}

/* A side of a comparison: texts as strings, or as the numbers that their levels are. */
static enum status write_side(struct writer *writer, const struct expr *expr, bool as_number)
{
  enum value_kind kind;
  if (kind_of(writer, expr, &kind))
    return STATUS_ERROR;
  if (kind != VALUE_TEXT || expr->kind == EXPR_STRING)
    return write_within(writer, expr, 5);
  if (as_number)
    text_append(writer->text, "as.numeric(");
  if (write_call(writer, "as.character", expr))
    return STATUS_ERROR;
  if (as_number)
    text_append_char(writer->text, ')');
  return STATUS_OK;
}

/* text OP "level", by the order of the levels where the operator asks for one. */
static enum status write_level_comparison(struct writer *writer, const struct expr *expr, const struct expr *factor,
                                          const struct expr *level)
{
  const bool ordered = expr->text[0] == '<' || expr->text[0] == '>', mirrored = level == expr->operands[0];
  for (size_t i = 0; i < 2; i++) {
    const bool is_level = (i == 0) == mirrored;
    if (i)
      text_append_format(writer->text, " %s ", expr->text);
    if (!ordered && is_level) {
      r_append_string(writer->text, level->text);
    } else if (is_level) {
      text_append(writer->text, "match(");
      r_append_string(writer->text, level->text);
      text_append(writer->text, ", ");
      if (write_call(writer, "levels", factor))
        return STATUS_ERROR;
      text_append_char(writer->text, ')');
    } else if (ordered ? write_call(writer, "as.integer", factor) : write_within(writer, factor, 5)) {
      return STATUS_ERROR;
    }
  }
  return STATUS_OK;
}

static enum status write_comparison(struct writer *writer, const struct expr *expr)
{
  const struct expr *left = expr->operands[0], *right = expr->operands[1];
  enum value_kind kinds[2];
  if (kind_of(writer, left, &kinds[0]) || kind_of(writer, right, &kinds[1]))
    return STATUS_ERROR;
  const struct expr *string = right->kind == EXPR_STRING ? right : left->kind == EXPR_STRING ? left : NULL;
  const struct expr *other = string == right ? left : right;
  const enum value_kind other_kind = string == right ? kinds[0] : kinds[1];
  if (string && other->kind != EXPR_STRING && other_kind == VALUE_TEXT)
    return write_level_comparison(writer, expr, other, string);
  for (size_t i = 0; i < 2; i++) {
    const struct expr *side = expr->operands[i];
    if (i)
      text_append_format(writer->text, " %s ", expr->text);
    if (side == string && other_kind == VALUE_DATE) {
      text_append(writer->text, "as.Date(");
      r_append_string(writer->text, string->text);
      text_append_char(writer->text, ')');
    } else if (write_side(writer, side, kinds[0] != kinds[1])) {
      return STATUS_ERROR;
    }
  }
  return STATUS_OK;
}

static enum status write_binary(struct writer *writer, const struct expr *expr)
{
  const int level = expr_precedence(expr);
  const char operation = expr->text[0];
  enum value_kind left, right;
  if (strchr("=!<>", operation))
    return write_comparison(writer, expr);
  if (operation == '^') {
    writer->helpers |= R_POWER;
    return write_arguments(writer, "power", expr);
  }
  if (kind_of(writer, expr->operands[0], &left) || kind_of(writer, expr->operands[1], &right))
    return STATUS_ERROR;
  const char *around = operation == '/' ? "known(" : operation == '-' && left == VALUE_DATE && right == VALUE_DATE ? "as.numeric(" : "";
  writer->helpers |= operation == '/' ? R_KNOWN : 0;
  text_append(writer->text, around);
  if (write_within(writer, expr->operands[0], level))
    return STATUS_ERROR;
  text_append_format(writer->text, " %s ", expr->text);
  if (write_within(writer, expr->operands[1], level + 1))
    return STATUS_ERROR;
  text_append(writer->text, *around ? ")" : "");
  return STATUS_OK;
}

static enum status write_in(struct writer *writer, const struct expr *expr)
{
  enum value_kind kind;
  if (kind_of(writer, expr->operands[0], &kind))
    return STATUS_ERROR;
  writer->helpers |= R_AMONG;
  text_append(writer->text, "among(");
  if (write_expr(writer, expr->operands[0]))
    return STATUS_ERROR;
  text_append(writer->text, kind == VALUE_DATE ? ", as.Date(c(" : ", c(");
  for (size_t i = 1; i < expr->n_operands; i++) {
    const struct expr *member = expr->operands[i];
    text_append(writer->text, i > 1 ? ", " : "");
    if (kind == VALUE_TEXT && member->kind == EXPR_NUMBER) { /* a level that looks like a number */
      text_append_char(writer->text, '"');
      number_append_short(writer->text, member->number);
      text_append_char(writer->text, '"');
    } else if (write_expr(writer, member)) {
      return STATUS_ERROR;
    }
  }
  text_append(writer->text, kind == VALUE_DATE ? ")))" : "))");
  return STATUS_OK;
}

static void write_levels(struct writer *writer, const struct bound *bound)
{
  text_append(writer->text, "c(");
  for (size_t i = 0; i < bound->n_levels; i++) {
    text_append(writer->text, i ? ", " : "");
    r_append_string(writer->text, bound->levels[i]);
  }
  text_append_char(writer->text, ')');
}

/* either(test, AS(yes), AS(no)). */
static enum status write_either(struct writer *writer, const struct expr *expr, const char *as)
{
  text_append(writer->text, "either(");
  for (size_t i = 0; i < 3; i++) {
    text_append(writer->text, i ? ", " : "");
    const bool plain = i == 0 || !*as || expr->operands[i]->kind == EXPR_STRING || expr->operands[i]->kind == EXPR_MISSING;
    if (plain ? write_expr(writer, expr->operands[i]) : write_call(writer, as, expr->operands[i]))
      return STATUS_ERROR;
  }
  text_append_char(writer->text, ')');
  return STATUS_OK;
}

static enum status write_if(struct writer *writer, const struct expr *expr, const struct bound *bound)
{
  enum status status;
  writer->helpers |= R_EITHER;
  if (bound->value == VALUE_TEXT) {
    text_append(writer->text, "factor(");
    status = write_either(writer, expr, "as.character");
    text_append(writer->text, ", levels = ");
    write_levels(writer, bound);
    text_append_char(writer->text, ')');
  } else if (bound->value == VALUE_DATE) {
    text_append(writer->text, "as.Date(");
    status = write_either(writer, expr, "as.numeric");
    text_append(writer->text, ", origin = \"1970-01-01\")");
  } else {
    status = write_either(writer, expr, "");
  }
  return status;
}

/* kaplan's classes are closed to the left, as right = FALSE makes R's. */
static enum status write_cut(struct writer *writer, const struct expr *expr, const struct bound *bound)
{
  text_append(writer->text, "cut(");
  if (write_call(writer, "as.numeric", expr->operands[0]))
    return STATUS_ERROR;
  text_append(writer->text, ", c(-Inf, ");
  for (size_t i = 1; i < expr->n_operands; i++) {
    if (write_expr(writer, expr->operands[i]))
      return STATUS_ERROR;
    text_append(writer->text, ", ");
  }
  text_append(writer->text, "Inf), labels = ");
  write_levels(writer, bound);
  text_append(writer->text, ", right = FALSE)");
  return STATUS_OK;
}

/* days(a, b), months(a, b), years(a, b). */
static enum status write_span(struct writer *writer, const struct expr *expr, const char *divisor)
{
  text_append(writer->text, "(as.numeric(");
  if (write_within(writer, expr->operands[1], 5))
    return STATUS_ERROR;
  text_append(writer->text, " - ");
  if (write_within(writer, expr->operands[0], 6))
    return STATUS_ERROR;
  text_append_format(writer->text, ")%s)", divisor);
  return STATUS_OK;
}

/* Functions that are R's own under some name; known() where the value need not be finite. */
static enum status write_function(struct writer *writer, const struct expr *expr)
{
  static const struct {
    const char *name, *r;
    bool finite;
  } functions[] = {{"log", "log", false}, {"exp", "exp", false}, {"sqrt", "sqrt", false},
                   {"abs", "abs", true},  {"min", "pmin", true}, {"max", "pmax", true}};
  if (strcmp(expr->text, "round") == 0) {
    writer->helpers |= expr->n_operands > 1 ? R_ROUND : 0;
    return write_arguments(writer, expr->n_operands > 1 ? "round_at" : "round", expr);
  }
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    if (strcmp(functions[i].name, expr->text) != 0)
      continue;
    writer->helpers |= functions[i].finite ? 0 : R_KNOWN;
    text_append(writer->text, functions[i].finite ? "" : "known(");
    enum status status = write_arguments(writer, functions[i].r, expr);
    text_append(writer->text, functions[i].finite ? "" : ")");
    return status;
  }
  error_set(writer->error, "the function %s is not known in R", expr->text);
  return STATUS_ERROR;
}

static enum status write_named_call(struct writer *writer, const struct expr *expr)
{
  struct bound *bound;
  if (strcmp(expr->text, "missing") == 0)
    return write_arguments(writer, "is.na", expr);
  if (strcmp(expr->text, "date") == 0)
    return write_arguments(writer, "as.Date", expr);
  if (strcmp(expr->text, "days") == 0)
    return write_span(writer, expr, "");
  if (strcmp(expr->text, "months") == 0)
    return write_span(writer, expr, " / 30.4375");
  if (strcmp(expr->text, "years") == 0)
    return write_span(writer, expr, " / 365.25");
  if (strcmp(expr->text, "I") == 0)
    return write_arguments(writer, "", expr);
  const bool is_if = strcmp(expr->text, "if") == 0;
  if (!is_if && strcmp(expr->text, "cut") != 0)
    return write_function(writer, expr);
  if (bound_new(expr, writer->cohort, &bound, writer->error))
    return STATUS_ERROR;
  enum status status = is_if ? write_if(writer, expr, bound) : write_cut(writer, expr, bound);
  bound_free(bound);
  return status;
}

static enum status write_expr(struct writer *writer, const struct expr *expr)
{
  switch (expr->kind) {
  case EXPR_NUMBER:
    number_append_short(writer->text, expr->number);
    return STATUS_OK;
  case EXPR_STRING:
    r_append_string(writer->text, expr->text);
    return STATUS_OK;
  case EXPR_MISSING:
    text_append(writer->text, "NA");
    return STATUS_OK;
  case EXPR_COLUMN:
    r_append_name(writer->text, expr->text);
    return STATUS_OK;
  case EXPR_CALL:
    return write_named_call(writer, expr);
  case EXPR_UNARY:
    text_append(writer->text, expr->text);
    return write_within(writer, expr->operands[0], expr->text[0] == '!' ? 8 : 7);
  case EXPR_BINARY:
    return write_binary(writer, expr);
  case EXPR_IN:
    break;
  }
  return write_in(writer, expr);
}

enum status expr_append_r(struct text *text, const struct expr *expr, const struct cohort *cohort, unsigned *helpers,
                          struct error *error)
{
  struct writer writer = {.text = text, .cohort = cohort, .error = error};
  enum status status = write_expr(&writer, expr);
  *helpers |= writer.helpers;
  return status;
}
