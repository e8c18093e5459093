/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/history_file.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"

void history_file_read(const char *file, void (*take)(const char *line))
{
  FILE *stream = fopen(file, "re");
  if (!stream)
    return;
  char *line = NULL;
  size_t size = 0;
  for (ssize_t n; (n = getline(&line, &size, stream)) >= 0;) {
    if (n > 0 && line[n - 1] == '\n')
      line[--n] = '\0';
    if (n > 0 && strlen(line) == (size_t)n)
      take(line);
  }
  free(line);
  fclose(stream);
}

/* Reads a whole file; counts its lines. */
static size_t read_lines(const char *file, struct text *text)
{
  size_t count = 0;
  FILE *stream = fopen(file, "re");
  if (!stream)
    return 0;
  char block[4096];
  for (size_t n; (n = fread(block, 1, sizeof block, stream)) > 0;) {
    for (size_t i = 0; i < n; i++)
      count += block[i] == '\n';
    text_append_bytes(text, block, n);
  }
  fclose(stream);
  return count;
}

/* Puts the last `keep` of `count` lines in the file's place; mkostemp() makes its file 0600. */
static void keep_last(const char *file, const struct text *text, size_t count, size_t keep)
{
  const char *start = text->bytes;
  for (size_t skipped = 0; skipped < count - keep; skipped++)
    start = strchr(start, '\n') + 1;
  struct text name = TEXT_INIT;
  text_append_format(&name, "%s.XXXXXX", file);
  int descriptor = mkostemp(name.bytes, O_CLOEXEC);
  if (descriptor >= 0) {
    size_t length = text->length - (size_t)(start - text->bytes);
    bool written = write(descriptor, start, length) == (ssize_t)length;
    written &= close(descriptor) == 0;
    if (!written || rename(name.bytes, file) != 0)
      unlink(name.bytes);
  }
  text_clear(&name);
}

void history_file_append(const char *file, char *const *lines, size_t n, size_t keep)
{
  struct stat about;
  if (n == 0)
    return;
  mode_t mask = umask(077);
  int descriptor = open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600);
  umask(mask);
  if (descriptor < 0)
    return;
  bool regular = fstat(descriptor, &about) == 0 && S_ISREG(about.st_mode);
  struct text text = TEXT_INIT;
  for (size_t i = 0; i < n; i++)
    text_append_format(&text, "%s\n", lines[i]);
  bool written = regular && fchmod(descriptor, 0600) == 0;
  if (written)
    written = write(descriptor, text.bytes, text.length) == (ssize_t)text.length;
  close(descriptor);
  text_clear(&text);
  if (!written)
    return;
  size_t count = read_lines(file, &text);
  if (count > 2 * keep && !memchr(text.bytes, '\0', text.length))
    keep_last(file, &text, count, keep);
  text_clear(&text);
}
