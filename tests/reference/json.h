/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small JSON reader for the tests, written apart from kaplan's own writer so that neither can hide the other's
 * faults. */
#ifndef KAPLAN_TESTS_JSON_H
#define KAPLAN_TESTS_JSON_H

#include <stdbool.h>
#include <stddef.h>

enum json_kind { JSON_NULL, JSON_BOOL, JSON_NUMBER, JSON_STRING, JSON_ARRAY, JSON_OBJECT };

/* A value; an object's members lie in `items` with their names in `names`. */
struct json {
  enum json_kind kind;
  bool truth;
  double number;
  char *string;
  struct json *items;
  char **names;
  size_t n_items;
};

/* Reads one value that fills the whole text; NULL where it is no valid JSON (RFC 8259). The caller frees it. */
struct json *json_parse(const char *text);
void json_free(struct json *value);

/* The member of that name, NULL where the value is no object or has none. */
const struct json *json_member(const struct json *object, const char *name);

#endif
