/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/samples.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

const char *samples_prefix(void)
{
  return "kaplan:";
}

/* The folder that the program is in, with / at its end; "" where it is not known.  The caller frees it. */
static char *program_folder(void)
{
  char path[4096];
  const ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);
  path[length > 0 ? length : 0] = '\0';
  char *slash = strrchr(path, '/');
  if (slash)
    slash[1] = '\0';
  return memory_copy_string(path);
}

char *samples_find(const char *name)
{
  const char *given = getenv("KAPLAN_DATA_DIR");
  char *folder = program_folder(), *found = NULL;
  const char *const places[][2] = {
      {given && *given ? given : NULL, "/samples/"}, {folder, "samples/"},          {folder, "../samples/"},
      {folder, "../share/kaplan/samples/"},          {KAPLAN_DATA_DIR, "/samples/"}, {"", "samples/"},
  };
  for (size_t i = 0; i < sizeof places / sizeof *places && !found; i++) {
    struct text path = TEXT_INIT;
    if (!places[i][0])
      continue;
    text_append_format(&path, "%s%s%s", places[i][0], places[i][1], name);
    found = realpath(text_string(&path), NULL);
    text_clear(&path);
  }
  free(folder);
  return found;
}
