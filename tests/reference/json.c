/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/reference/json.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tests/reference/tsv.h"

struct reader {
  const char *at;
  int depth;
};

enum { MAX_DEPTH = 64 };

static bool read_value(struct reader *reader, struct json *value);

static void skip_blanks(struct reader *reader)
{
  reader->at += strspn(reader->at, " \t\r\n");
}

static bool take(struct reader *reader, char c)
{
  skip_blanks(reader);
  if (*reader->at != c)
    return false;
  reader->at++;
  return true;
}

static bool read_word(struct reader *reader, const char *word)
{
  size_t length = strlen(word);
  if (strncmp(reader->at, word, length) != 0)
    return false;
  reader->at += length;
  return true;
}

/* Four hex digits. */
static bool read_unit(struct reader *reader, unsigned *unit)
{
  *unit = 0;
  for (int i = 0; i < 4; i++, reader->at++) {
    if (!isxdigit((unsigned char)*reader->at))
      return false;
    int c = tolower((unsigned char)*reader->at);
    *unit = *unit * 16 + (unsigned)(c <= '9' ? c - '0' : c - 'a' + 10);
  }
  return true;
}

static char *append_utf8(char *out, unsigned code)
{
  if (code < 0x80) {
    *out++ = (char)code;
  } else if (code < 0x800) {
    *out++ = (char)(0xc0 | code >> 6);
    *out++ = (char)(0x80 | (code & 0x3f));
  } else if (code < 0x10000) {
    *out++ = (char)(0xe0 | code >> 12);
    *out++ = (char)(0x80 | (code >> 6 & 0x3f));
    *out++ = (char)(0x80 | (code & 0x3f));
  } else {
    *out++ = (char)(0xf0 | code >> 18);
    *out++ = (char)(0x80 | (code >> 12 & 0x3f));
    *out++ = (char)(0x80 | (code >> 6 & 0x3f));
    *out++ = (char)(0x80 | (code & 0x3f));
  }
  return out;
}

/* What stands after a backslash. */
static bool read_escape(struct reader *reader, char **out)
{
  static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
  char c = *reader->at++;
  if (c == 'u') {
    unsigned unit, low;
    if (!read_unit(reader, &unit))
      return false;
    if (unit >= 0xd800 && unit < 0xdc00) {
      if (!read_word(reader, "\\u") || !read_unit(reader, &low) || low < 0xdc00 || low > 0xdfff)
        return false;
      unit = 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
    }
    *out = append_utf8(*out, unit);
    return true;
  }
  const char *found = c ? strchr(names, c) : NULL;
  if (!found)
    return false;
  *(*out)++ = values[found - names];
  return true;
}

/* The opening quote is taken already.  The result is never longer than the source. */
static char *read_string(struct reader *reader)
{
  char *string = must_have(malloc(strlen(reader->at) + 1)), *out = string;
  while (*reader->at != '"') {
    bool fine = (unsigned char)*reader->at >= 0x20;
    if (fine && *reader->at == '\\') {
      reader->at++;
      fine = read_escape(reader, &out);
    } else if (fine) {
      *out++ = *reader->at++;
    }
    if (!fine) {
      free(string);
      return NULL;
    }
  }
  reader->at++;
  *out = '\0';
  return string;
}

static bool read_number(struct reader *reader, double *number)
{
  const char *c = reader->at;
  c += *c == '-';
  if (!isdigit((unsigned char)*c) || (c[0] == '0' && isdigit((unsigned char)c[1])))
    return false;
  char *end;
  *number = strtod(reader->at, &end);
  if (strspn(reader->at, "0123456789+-.eE") != (size_t)(end - reader->at))
    return false;
  reader->at = end;
  return true;
}

/* Makes room for one more and returns it. */
static struct json *add_item(struct json *value, char *name)
{
  if ((value->n_items & (value->n_items - 1)) == 0) {
    size_t room = value->n_items ? 2 * value->n_items : 1;
    value->items = must_have(realloc(value->items, room * sizeof *value->items));
    value->names = must_have(realloc(value->names, room * sizeof *value->names));
  }
  value->names[value->n_items] = name;
  value->items[value->n_items] = (struct json){.kind = JSON_NULL};
  return &value->items[value->n_items++];
}

static bool read_items(struct reader *reader, struct json *value, char close)
{
  if (take(reader, close))
    return true;
  do {
    char *name = NULL;
    if (value->kind == JSON_OBJECT) {
      if (!take(reader, '"') || !(name = read_string(reader)))
        return false;
      if (!take(reader, ':')) {
        free(name);
        return false;
      }
    }
    if (!read_value(reader, add_item(value, name)))
      return false;
  } while (take(reader, ','));
  return take(reader, close);
}

static bool read_container(struct reader *reader, struct json *value)
{
  bool object = *reader->at++ == '{';
  value->kind = object ? JSON_OBJECT : JSON_ARRAY;
  if (++reader->depth > MAX_DEPTH)
    return false;
  bool fine = read_items(reader, value, object ? '}' : ']');
  reader->depth--;
  return fine;
}

static bool read_value(struct reader *reader, struct json *value)
{
  skip_blanks(reader);
  switch (*reader->at) {
  case '{':
  case '[':
    return read_container(reader, value);
  case '"':
    reader->at++;
    value->string = read_string(reader);
    value->kind = value->string ? JSON_STRING : JSON_NULL;
    return value->string;
  case 't':
  case 'f':
    value->kind = JSON_BOOL;
    value->truth = *reader->at == 't';
    return read_word(reader, value->truth ? "true" : "false");
  case 'n':
    return read_word(reader, "null");
  default:
    value->kind = JSON_NUMBER;
    return read_number(reader, &value->number);
  }
}

static void clear(struct json *value)
{
  for (size_t i = 0; i < value->n_items; i++) {
    free(value->names[i]);
    clear(&value->items[i]);
  }
  free(value->names);
  free(value->items);
  free(value->string);
}

struct json *json_parse(const char *text)
{
  struct reader reader = {.at = text};
  struct json *value = must_have(calloc(1, sizeof *value));
  bool fine = read_value(&reader, value);
  skip_blanks(&reader);
  if (fine && *reader.at == '\0')
    return value;
  json_free(value);
  return NULL;
}

void json_free(struct json *value)
{
  if (!value)
    return;
  clear(value);
  free(value);
}

const struct json *json_member(const struct json *object, const char *name)
{
  for (size_t i = 0; object && object->kind == JSON_OBJECT && i < object->n_items; i++)
    if (strcmp(object->names[i], name) == 0)
      return &object->items[i];
  return NULL;
}
