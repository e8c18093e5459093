/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/file_bytes.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"

enum { READ_SIZE = 1 << 20 };

static enum status fail_open(const char *path, int reason, struct error *error)
{
  if (reason == ENOENT || reason == ENOTDIR) {
    error_set(error, "there is no file \"%s\"", path);
    error_hint(error, "check the spelling; a path that does not begin with / starts from the current directory");
  } else if (reason == EACCES || reason == EPERM) {
    error_set(error, "the file \"%s\" may not be read", path);
    error_hint(error, "ask its owner for permission to read it");
  } else {
    error_set(error, "the file \"%s\" cannot be read: %s", path, strerror(reason));
    error_hint(error, "copy the file to a local disk and load the copy");
  }
  return error_in_file(error, path, 0, 0);
}

static enum status read_stream(struct file_bytes *file, int descriptor, const char *path, struct task *task,
                               struct error *error)
{
  struct text text = TEXT_INIT;
  char *block = memory_new(READ_SIZE, 1);
  ssize_t got;
  int reason = 0;
  while (!task_is_cancelled(task) && (got = read(descriptor, block, READ_SIZE)) != 0) {
    if (got > 0) {
      text_append_bytes(&text, block, (size_t)got);
    } else if (errno != EINTR) {
      reason = errno;
      break;
    }
  }
  free(block);
  if (reason || task_is_cancelled(task)) {
    text_clear(&text);
    return reason ? fail_open(path, reason, error) : STATUS_CANCELLED;
  }
  file->length = text.length;
  file->bytes = text_take(&text);
  return STATUS_OK;
}

static enum status map_file(struct file_bytes *file, int descriptor, size_t length, const char *path,
                            struct error *error)
{
  void *mapped = mmap(NULL, length, PROT_READ, MAP_PRIVATE, descriptor, 0);
  if (mapped == MAP_FAILED)
    return fail_open(path, errno, error);
  (void)madvise(mapped, length, MADV_SEQUENTIAL); /* advice: nothing depends on it */
  file->bytes = mapped;
  file->length = length;
  file->is_mapped = true;
  return STATUS_OK;
}

enum status file_bytes_open(struct file_bytes *file, const char *path, struct task *task, struct error *error)
{
  *file = (struct file_bytes){.bytes = NULL};
  if (strcmp(path, "-") == 0)
    return read_stream(file, STDIN_FILENO, "standard input", task, error);
  int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  if (descriptor < 0)
    return fail_open(path, errno, error);
  struct stat about;
  enum status status;
  if (fstat(descriptor, &about) != 0) {
    status = fail_open(path, errno, error);
  } else if (S_ISDIR(about.st_mode)) {
    error_set(error, "\"%s\" is a directory", path);
    error_hint(error, "name a file in it");
    status = error_in_file(error, path, 0, 0);
  } else if (S_ISREG(about.st_mode) && about.st_size > 0) {
    file->is_regular = true;
    status = map_file(file, descriptor, (size_t)about.st_size, path, error);
  } else { /* pipes, devices, and files such as those of /proc, whose size is not known before they are read */
    file->is_regular = S_ISREG(about.st_mode);
    status = read_stream(file, descriptor, path, task, error);
  }
  close(descriptor);
  return status;
}

void file_bytes_release(const struct file_bytes *file, const char *begin, const char *end)
{
  const long page = sysconf(_SC_PAGESIZE);
  const bool is_inside = file->is_mapped && begin >= file->bytes && end <= file->bytes + file->length;
  if (!is_inside || page <= 0)
    return;
  const size_t first = (size_t)(begin - file->bytes) / (size_t)page * (size_t)page;
  const size_t stop = (size_t)(end - file->bytes) / (size_t)page * (size_t)page;
  if (first < stop) /* advice: nothing depends on it */
    (void)madvise((void *)(file->bytes + first), stop - first, MADV_DONTNEED);
}

void file_bytes_close(struct file_bytes *file)
{
  if (file->is_mapped)
    munmap((void *)file->bytes, file->length);
  else
    free((void *)file->bytes);
  *file = (struct file_bytes){.bytes = NULL};
}
