/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/date_format.h"

#include <strings.h>

#include "data/date.h"

const struct date_format date_formats[] = {
    {"dd.mm.yyyy", "dmy", '.'}, {"dd/mm/yyyy", "dmy", '/'}, {"mm/dd/yyyy", "mdy", '/'}, {"dd-mm-yyyy", "dmy", '-'},
    {"mm-dd-yyyy", "mdy", '-'}, {"yyyy/mm/dd", "ymd", '/'}, {"yyyy.mm.dd", "ymd", '.'}, {.name = NULL},
};

static const struct date_format iso = {"yyyy-mm-dd", "ymd", '-'};

const struct date_format *date_format_find(const char *name)
{
  for (const struct date_format *format = date_formats; format->name; format++)
    if (strcasecmp(format->name, name) == 0)
      return format;
  return strcasecmp(iso.name, name) == 0 ? &iso : NULL;
}

bool date_format_parse(const struct date_format *format, const char *bytes, size_t length, double *days)
{
  int parts[3] = {0, 0, 0}; /* day, month, year */
  size_t at = 0;
  for (size_t i = 0; i < 3; i++) {
    const size_t part = format->order[i] == 'd' ? 0 : format->order[i] == 'm' ? 1 : 2, first = at;
    for (; at < length && bytes[at] >= '0' && bytes[at] <= '9' && at - first < 4; at++)
      parts[part] = parts[part] * 10 + (bytes[at] - '0');
    if (part == 2 ? at - first != 4 : at == first || at - first > 2)
      return false;
    if (i < 2 && (at == length || bytes[at++] != format->separator))
      return false;
  }
  return at == length && date_of(parts[2], parts[1], parts[0], days);
}
