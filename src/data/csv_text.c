/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv_text.h"

#include <errno.h>
#include <iconv.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"
#include "base/utf8.h"

enum { CHECK_BLOCK = 1 << 20, CONVERT_BLOCK = 1 << 16 };

void csv_text_place(const struct csv_text *text, size_t offset, size_t *line, size_t *column)
{
  const char *bytes = text->bytes;
  *line = 1;
  *column = 1;
  for (size_t i = 0; i < offset && i < text->length; i++) {
    const bool is_end = bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == text->length || bytes[i + 1] != '\n'));
    if (is_end) {
      ++*line;
      *column = 1;
    } else if (((unsigned char)bytes[i] & 0xC0) != 0x80) { /* not a continuation byte */
      ++*column;
    }
  }
}

enum status csv_text_error_at(const struct csv_text *text, size_t offset, struct error *error)
{
  size_t line, column;
  csv_text_place(text, offset, &line, &column);
  return error_in_file(error, text->path, line, column);
}

static enum status fail_nul(const struct csv_text *text, struct error *error)
{
  const char *nul = memchr(text->bytes, 0, text->length);
  error_set(error, "a NUL byte stands in the file: it is not plain text");
  error_hint(error, "export the data as CSV again; if the file is UTF-16 without a byte-order mark: encoding=utf-16le");
  return csv_text_error_at(text, (size_t)(nul - text->bytes), error);
}

static enum status fail_utf8(const struct csv_text *text, struct error *error)
{
  size_t offset = 0;
  uint32_t point = 0;
  while (offset < text->length) {
    size_t used = utf8_decode(text->bytes + offset, text->length - offset, &point);
    if (point & UTF8_INVALID)
      break;
    offset += used;
  }
  error_set(error, "the byte %02X is not valid UTF-8", (unsigned)(point & 0xFF));
  error_hint(error, "say which encoding the file has: load \"%s\", encoding=latin2 (or cp1251, gb18030, shift_jis …); from the "
                    "shell: kaplan -e 'load \"%s\", encoding=latin2'", text->path, text->path);
  return csv_text_error_at(text, offset, error);
}

/* Whether the bytes look like Western European text of one byte a character: all have a character in windows-1252, and
 * those beyond ASCII stand mostly alone, never three in a row, as they do where two or more bytes make one. */
static bool looks_western(const char *bytes, size_t length)
{
  size_t n_single = 0, n_double = 0, run = 0;
  for (size_t i = 0; i <= length; i++) {
    const unsigned char byte = i < length ? (unsigned char)bytes[i] : 0;
    if (byte == 0x81 || byte == 0x8D || byte == 0x8F || byte == 0x90 || byte == 0x9D)
      return false;
    if (byte >= 0x80) {
      if (++run > 2)
        return false;
      continue;
    }
    n_single += run == 1;
    n_double += run == 2;
    run = 0;
  }
  return n_single > n_double;
}

/* The encoding that a mark at the beginning tells, or NULL; UTF-32LE begins as UTF-16LE does. */
static const char *marked_encoding(const char *bytes, size_t length)
{
  if (length >= 4 && (memcmp(bytes, "\xFF\xFE\0\0", 4) == 0 || memcmp(bytes, "\0\0\xFE\xFF", 4) == 0))
    return "UTF-32";
  if (length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0))
    return "UTF-16";
  return NULL;
}

static enum status fail_conversion(const struct text *converted, const struct csv_text *text, const char *encoding,
                                   struct error *error)
{
  const struct csv_text good = {.bytes = text_string(converted), .length = converted->length, .path = text->path};
  error_set(error, "what stands here is not valid %s", encoding);
  error_hint(error, "try another encoding=, or leave it away if the file is UTF-8");
  return csv_text_error_at(&good, good.length, error);
}

/* Converts the whole text from what `descriptor` was opened for; fails at the first character that is not valid. */
static enum status convert_with(iconv_t descriptor, struct csv_text *text, const char *encoding, struct task *task,
                                struct error *error)
{
  struct text converted = TEXT_INIT;
  char *in = (char *)text->bytes, *block = memory_new(CONVERT_BLOCK, 1);
  size_t left = text->length;
  enum status status = STATUS_OK;
  while (left && status == STATUS_OK) {
    char *out = block;
    size_t room = CONVERT_BLOCK;
    size_t result = iconv(descriptor, &in, &left, &out, &room);
    int reason = errno;
    text_append_bytes(&converted, block, (size_t)(out - block));
    if (task_is_cancelled(task))
      status = STATUS_CANCELLED;
    else if (result == (size_t)-1 && reason != E2BIG)
      status = fail_conversion(&converted, text, encoding, error);
  }
  free(block);
  if (status != STATUS_OK) {
    text_clear(&converted);
    return status;
  }
  text->length = converted.length;
  text->bytes = text->converted = text_take(&converted);
  return STATUS_OK;
}

static enum status convert(struct csv_text *text, const char *encoding, struct task *task, struct error *error)
{
  iconv_t descriptor = iconv_open("UTF-8", strcasecmp(encoding, "latin-1") == 0 ? "ISO-8859-1" : encoding);
  if (descriptor == (iconv_t)-1) {
    error_set(error, "the encoding \"%s\" is not known", encoding);
    return error_hint(error, "names that are: utf-8, latin1, cp1252, latin2, utf-16, gb18030, shift_jis, …");
  }
  enum status status = convert_with(descriptor, text, encoding, task, error);
  iconv_close(descriptor);
  return status;
}

/* What the blocks of a text hold. */
struct inspection {
  const struct csv_text *text;
  const struct file_bytes *file;
  struct task *task;
  atomic_bool has_nul, has_bad; /* bad: bytes that are not UTF-8 */
};

/* Where the characters begin that stand at or behind a block's begin: a character that began in the block before belongs to
 * that one. */
static size_t first_character(const struct csv_text *text, size_t block)
{
  const size_t at = block * CHECK_BLOCK;
  size_t skipped = 0;
  if (at >= text->length)
    return text->length;
  while (block && skipped < 3 && at + skipped < text->length && ((unsigned char)text->bytes[at + skipped] & 0xC0) == 0x80)
    skipped++;
  return at + skipped;
}

static void inspect_block(void *context, size_t block)
{
  struct inspection *inspection = context;
  const struct csv_text *text = inspection->text;
  const size_t at = block * CHECK_BLOCK, rest = text->length - at, length = rest < CHECK_BLOCK ? rest : CHECK_BLOCK;
  bool has_high, has_nul;
  if (task_is_cancelled(inspection->task))
    return;
  byte_inspect(text->bytes + at, length, &has_high, &has_nul);
  if (has_nul)
    atomic_store(&inspection->has_nul, true);
  const size_t first = first_character(text, block), next = first_character(text, block + 1);
  if ((has_high || next > at + length) && !utf8_is_valid(text->bytes + first, next - first))
    atomic_store(&inspection->has_bad, true);
  file_bytes_release(inspection->file, text->bytes + at, text->bytes + at + length);
}

/* `may_assume`: nobody said which encoding it is. */
static enum status check_text(struct csv_text *text, const struct file_bytes *file, bool may_assume, struct task *task,
                              struct error *error)
{
  struct inspection inspection = {.text = text, .file = file, .task = task};
  parallel_run((text->length + CHECK_BLOCK - 1) / CHECK_BLOCK, inspect_block, &inspection);
  const bool has_nul = atomic_load(&inspection.has_nul), has_bad = atomic_load(&inspection.has_bad);
  if (task_is_cancelled(task))
    return STATUS_CANCELLED;
  if (has_nul)
    return fail_nul(text, error);
  if (!has_bad)
    return STATUS_OK;
  if (!may_assume || !looks_western(text->bytes, text->length))
    return fail_utf8(text, error);
  text->assumed = "windows-1252";
  return convert(text, text->assumed, task, error);
}

enum status csv_text_open(struct csv_text *text, const struct file_bytes *file, const char *encoding, struct task *task,
                          struct error *error)
{
  const char *bytes = file->bytes ? file->bytes : "";
  const size_t length = file->length;
  text->bytes = bytes;
  text->length = length;
  text->converted = NULL;
  const char *marked = marked_encoding(bytes, length);
  const bool is_utf8 = !encoding || strcasecmp(encoding, "utf-8") == 0 || strcasecmp(encoding, "utf8") == 0;
  enum status status = STATUS_OK;
  text->assumed = NULL;
  if (marked || !is_utf8)
    status = convert(text, marked ? marked : encoding, task, error);
  if (status == STATUS_OK && text->length >= 3 && memcmp(text->bytes, "\xEF\xBB\xBF", 3) == 0) {
    text->bytes += 3;
    text->length -= 3;
  }
  if (status == STATUS_OK)
    status = check_text(text, file, !marked && !encoding, task, error);
  if (status != STATUS_OK)
    csv_text_clear(text);
  return status;
}

void csv_text_clear(struct csv_text *text)
{
  free(text->converted);
  text->converted = NULL;
}
