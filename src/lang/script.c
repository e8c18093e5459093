/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "lang/script.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

static void end_line(struct script *script, struct text *text, size_t number)
{
  const char *line = text_string(text);
  if (line[strspn(line, " \t")] == '\0') {
    text_truncate(text, 0);
    return;
  }
  struct script_line logical = {.text = text_take(text), .number = number};
  MEMORY_APPEND(script->lines, script->n_lines, script->capacity, logical);
}

enum status script_read(struct script *script, const char *bytes, size_t length, struct error *error)
{
  struct text text = TEXT_INIT;
  size_t number = 0, first = 1, i = 0;
  *script = (struct script)SCRIPT_INIT;
  if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0)
    i = 3;
  while (i < length) {
    const char *newline = memchr(bytes + i, '\n', length - i);
    size_t end = newline ? (size_t)(newline - bytes) : length, next = newline ? end + 1 : length;
    number++;
    if (!text.length)
      first = number;
    if (memchr(bytes + i, '\0', end - i)) {
      error_set(error, "line %zu of the script holds a NUL byte", number);
      text_clear(&text);
      script_clear(script);
      return error_hint(error, "is it a text file?");
    }
    if (end > i && bytes[end - 1] == '\r')
      end--;
    bool goes_on = end > i && bytes[end - 1] == '\\';
    text_append_bytes(&text, bytes + i, end - i - goes_on);
    if (goes_on)
      text_append_char(&text, ' ');
    else
      end_line(script, &text, first);
    i = next;
  }
  end_line(script, &text, first);
  text_clear(&text);
  return STATUS_OK;
}

void script_clear(struct script *script)
{
  for (size_t i = 0; i < script->n_lines; i++)
    free(script->lines[i].text);
  free(script->lines);
  *script = (struct script)SCRIPT_INIT;
}
