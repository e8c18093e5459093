/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/reference/cell.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/tsv.h"

enum { MAX_KEYS = 8, NOT_A_COLUMN = -1 };

/* A cell taken apart: one column that must hold a text, for each key. */
struct address {
  char *bytes; /* what the texts below point into */
  const char *table, *expression;
  char *selectors[MAX_KEYS];
  size_t n_selectors;
};

struct key {
  int column;
  const char *text;
};

static struct address address_read(const char *cell)
{
  struct address address = {.bytes = must_have(strdup(cell))};
  address.table = address.bytes;
  char *rest = strpbrk(address.bytes, "[."), *close = strstr(address.bytes, "].");
  if (!rest || (*rest == '[' && !close))
    return address;
  if (*rest == '.') {
    *rest = '\0';
    address.expression = rest + 1;
    return address;
  }
  *rest++ = '\0';
  *close = '\0';
  address.expression = close + 2;
  while (rest && address.n_selectors < MAX_KEYS) {
    address.selectors[address.n_selectors++] = rest;
    rest = strstr(rest, ", ");
    if (rest) {
      *rest = '\0';
      rest += strlen(", ");
    }
  }
  return address;
}

static int column_find(const struct json *columns, const char *name, size_t length)
{
  for (size_t i = 0; columns && i < columns->n_items; i++)
    if (strlen(columns->items[i].string) == length && strncmp(columns->items[i].string, name, length) == 0)
      return (int)i;
  return NOT_A_COLUMN;
}

static int column_named(const struct json *columns, const char *name)
{
  return column_find(columns, name, strlen(name));
}

/* The column that says which variable a row is of. */
static int variable_column(const struct json *columns)
{
  int column = column_named(columns, "variable");
  return column == NOT_A_COLUMN ? column_named(columns, "term") : column;
}

static bool is_number(const char *text)
{
  char *end;
  strtod(text, &end);
  return end != text && *end == '\0';
}

/* `treatment single`: the last word is the level, what is before it the term. */
static size_t add_words(const struct json *columns, char *words, struct key *keys)
{
  char *blank = strrchr(words, ' ');
  keys[0] = (struct key){variable_column(columns), words};
  if (!blank)
    return 1;
  *blank = '\0';
  for (char *c = words; *c; c++)
    if (isspace((unsigned char)*c))
      *c = '_';
  keys[1] = (struct key){column_named(columns, "level"), blank + 1};
  return 2;
}

/* What one selector asks of a row: one or two columns.  It is cut in place. */
static size_t add_selector(const struct json *columns, char *selector, struct key *keys)
{
  char *equals = strchr(selector, '=');
  if (!equals && strcmp(selector, "all") == 0) {
    keys[0] = (struct key){column_named(columns, "group"), selector};
    return 1;
  }
  if (!equals)
    return add_words(columns, selector, keys);
  int column = column_find(columns, selector, (size_t)(equals - selector));
  if (column != NOT_A_COLUMN) {
    keys[0] = (struct key){column, equals + 1};
    return 1;
  }
  *equals = '\0';
  int value = column_named(columns, "value");
  keys[0] = (struct key){variable_column(columns), selector};
  keys[1] =
      (struct key){value != NOT_A_COLUMN && is_number(equals + 1) ? value : column_named(columns, "level"), equals + 1};
  return 2;
}

static bool holds(const struct json *value, const char *text)
{
  if (value->kind == JSON_STRING)
    return strcmp(value->string, text) == 0;
  return value->kind == JSON_NUMBER && is_number(text) && fabs(value->number - strtod(text, NULL)) <= 1e-9;
}

static bool row_matches(const struct json *row, const struct key *keys, size_t n)
{
  for (size_t k = 0; k < n; k++)
    if (keys[k].column == NOT_A_COLUMN || !holds(&row->items[keys[k].column], keys[k].text))
      return false;
  return true;
}

static const struct json *row_find(const struct json *table, const struct address *address)
{
  const struct json *columns = json_member(table, "columns"), *rows = json_member(table, "rows");
  struct key keys[2 * MAX_KEYS];
  size_t n = 0;
  for (size_t i = 0; i < address->n_selectors; i++)
    n += add_selector(columns, address->selectors[i], keys + n);
  for (size_t i = 0; rows && i < rows->n_items; i++)
    if (row_matches(&rows->items[i], keys, n))
      return &rows->items[i];
  return NULL;
}

static bool column_value(const struct json *columns, const struct json *row, const char *name, double *value)
{
  int column = column_named(columns, name);
  if (column == NOT_A_COLUMN || row->items[column].kind == JSON_STRING)
    return false;
  *value = row->items[column].kind == JSON_NUMBER ? row->items[column].number : (double)NAN;
  return true;
}

/* `q3 - q1`, `sd / sqrt(n)` or a column. */
static bool evaluate(const struct json *columns, const struct json *row, const char *expression, double *value)
{
  char left[32], right[32];
  double second;
  if (sscanf(expression, "%31s - %31s", left, right) == 2) {
    if (!column_value(columns, row, left, value) || !column_value(columns, row, right, &second))
      return false;
    *value -= second;
    return true;
  }
  if (sscanf(expression, "%31s / sqrt(%31[^)])", left, right) == 2) {
    if (!column_value(columns, row, left, value) || !column_value(columns, row, right, &second))
      return false;
    *value /= sqrt(second);
    return true;
  }
  return column_value(columns, row, expression, value);
}

static bool find_value(const struct json *answer, const struct address *address, double *value)
{
  if (!address->expression)
    return false;
  if (strcmp(address->table, "table1") == 0 && address->n_selectors && strcmp(address->selectors[0], "all") == 0) {
    const struct json *n = json_member(json_member(answer, "cohort"), address->expression);
    if (n && n->kind == JSON_NUMBER)
      *value = n->number;
    return n && n->kind == JSON_NUMBER;
  }
  const struct json *table = json_member(json_member(answer, "tables"), address->table);
  const struct json *row = row_find(table, address);
  return row && evaluate(json_member(table, "columns"), row, address->expression, value);
}

bool cell_value(const struct json *answer, const char *cell, double *value, FILE *differences)
{
  struct address address = address_read(cell);
  bool found = find_value(answer, &address, value);
  free(address.bytes);
  if (!found)
    fprintf(differences, "there is no %s", cell);
  return found;
}
