/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

static enum status failed(const char *path, const char *what, int number, struct error *error)
{
  error_set(error, "cannot %s %s: %s", what, path, strerror(number));
  if (number == ENOENT)
    return error_hint(error, "is the name right, and the directory? a name is relative to the script or to where kaplan "
                             "was started");
  if (number == EACCES || number == EPERM)
    return error_hint(error, "you have no permission there");
  return STATUS_ERROR;
}

enum status file_read(const char *path, char **bytes, size_t *length, struct error *error)
{
  int descriptor = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
  if (descriptor < 0)
    return failed(path, "open", errno, error);
  struct text text = TEXT_INIT;
  char buffer[65536];
  ssize_t got;
  while ((got = read(descriptor, buffer, sizeof buffer)) > 0 || (got < 0 && errno == EINTR))
    if (got > 0)
      text_append_bytes(&text, buffer, (size_t)got);
  int number = errno;
  if (descriptor != STDIN_FILENO)
    close(descriptor);
  if (got < 0) {
    text_clear(&text);
    return failed(path, "read", number, error);
  }
  *length = text.length;
  *bytes = text_take(&text);
  return STATUS_OK;
}

static bool write_all(int descriptor, const char *bytes, size_t length)
{
  while (length) {
    ssize_t written = write(descriptor, bytes, length);
    if (written < 0 && errno == EINTR)
      continue;
    if (written <= 0)
      return false;
    bytes += written;
    length -= (size_t)written;
  }
  return fsync(descriptor) == 0 || errno == EINVAL || errno == EROFS;
}

/* link() fails where the target exists, rename() replaces it: so "only if new" has no gap in which another may write. */
static bool move_into_place(const char *from, const char *to, bool replace)
{
  if (replace)
    return rename(from, to) == 0;
  if (link(from, to) == 0)
    return unlink(from) == 0;
  if (errno != EPERM && errno != EOPNOTSUPP && errno != ENOSYS)
    return false;
  struct stat status; /* a file system without links */
  if (lstat(to, &status) == 0) {
    errno = EEXIST;
    return false;
  }
  return rename(from, to) == 0;
}

bool file_is_same(const char *path, const char *other)
{
  struct stat one, two;
  return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

enum status file_may_be_new(const char *path, bool replace, struct error *error)
{
  struct stat existing;
  if (replace || lstat(path, &existing) != 0)
    return STATUS_OK;
  error_set(error, "%s is there already", path);
  error->exists = true;
  return error_hint(error, "give another name, or add the option replace");
}

enum status file_write(const char *path, const char *bytes, size_t length, bool replace, struct error *error)
{
  if (file_may_be_new(path, replace, error))
    return STATUS_ERROR;
  struct text beside = TEXT_INIT;
  text_append_format(&beside, "%s.XXXXXX", path);
  char *temporary = text_take(&beside);
  int descriptor = mkstemp(temporary); /* mode 0600 */
  if (descriptor < 0) {
    int number = errno;
    free(temporary);
    return failed(path, "write", number, error);
  }
  bool whole = write_all(descriptor, bytes, length);
  int number = errno;
  if (close(descriptor) != 0 && whole) {
    whole = false;
    number = errno;
  }
  if (whole && !move_into_place(temporary, path, replace)) {
    whole = false;
    number = errno;
  }
  if (!whole)
    unlink(temporary);
  free(temporary);
  return whole ? STATUS_OK : failed(path, "write", number, error);
}
