/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/csv_records.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "data/csv_chunk.h"

enum {
  CHUNK_BYTES = 1 << 18,         /* what is read of them stays near the processor */
  CHUNK_BYTES_A_COLUMN = 1 << 11 /* at least: a part of a column is worth its while from a few hundred rows on */
};

#define ALL_READ 0.9 /* of the whole work; the rest is making columns */

/* How far the work is, in passes over the text: how many there will be is known when a column fails.  What is told
 * never goes back. */
struct progress {
  double begin, told_at_begin; /* since how many passes are known */
  double told;
  bool is_second_needed;
};

/* One pass over all chunks. */
struct pass {
  struct csv_records *records;
  bool is_first;
  bool *is_wanted; /* of each column: whether this pass reads it */
  size_t chunk_bytes, n_chunks;
  struct csv_chunk *chunks;
  size_t *n_quotes; /* of each chunk; NULL: not counted */
  struct error *error;

  pthread_mutex_t lock;       /* for `is_read` of the chunks and what follows */
  struct csv_desk *desks;     /* that nobody sits at */
  struct column_notes *known; /* of each column, from the chunks that were accepted; the texts are borrowed */
  bool is_accepting;          /* one thread puts chunks together: what follows is its own */
  size_t next;                /* the chunk to be accepted next */
  const char *at;             /* where its records begin */
  size_t line;                /* of `at`, less one */
  size_t n_rows;
  struct progress progress;
  enum status status;

  atomic_bool is_odd;     /* quotes do not come in pairs: a guess is turned round */
  atomic_bool is_stopped; /* by an error */
};

static void ragged_join(struct csv_ragged *ragged, const struct csv_ragged *part, size_t lines_before)
{
  if (!ragged->n && part->n)
    *ragged = (struct csv_ragged){0, part->line + lines_before, part->n_fields};
  ragged->n += part->n;
}

/* Where the text's i-th cut is. */
static const char *cut_at(const struct pass *pass, size_t i)
{
  const struct csv_scan *body = &pass->records->body;
  return i >= pass->n_chunks ? body->end : body->at + i * pass->chunk_bytes;
}

/* ---- where a chunk's first record begins ---- */

static void count_quotes(void *context, size_t i)
{
  const struct pass *pass = context;
  const char *begin = cut_at(pass, i), *end = cut_at(pass, i + 1);
  pass->n_quotes[i] = byte_count(begin, (size_t)(end - begin), '"');
  file_bytes_release(pass->records->file, begin, end);
}

/* Counts the quotes before each cut, if there are any at the beginning of the text: an odd number means that one is
 * open. */
static void look_for_quotes(struct pass *pass)
{
  if (pass->n_chunks < 2 || !memchr(cut_at(pass, 0), '"', (size_t)(cut_at(pass, 1) - cut_at(pass, 0))))
    return;
  pass->n_quotes = memory_new(pass->n_chunks, sizeof *pass->n_quotes);
  parallel_run(pass->n_chunks, count_quotes, pass);
  for (size_t i = 0, before = 0; i < pass->n_chunks; i++) {
    before += pass->n_quotes[i];
    pass->n_quotes[i] = before - pass->n_quotes[i];
  }
}

/* The first place between two cuts at which a record seems to begin; NULL where there is none. */
static const char *guess_begin(const struct pass *pass, size_t i, bool is_odd)
{
  const char *at = cut_at(pass, i), *const limit = cut_at(pass, i + 1), *const end = pass->records->body.end;
  bool is_quoted = ((pass->n_quotes ? pass->n_quotes[i] : 0) & 1) != is_odd;
  if (i == 0)
    return at;
  for (at--; at < limit; at++) {
    if (*at == '"' && at >= cut_at(pass, i))
      is_quoted = !is_quoted;
    else if (!is_quoted && (*at == '\n' || (*at == '\r' && (at + 1 == end || at[1] != '\n'))))
      return at + 1;
  }
  return NULL;
}

/* ---- accepting chunks in their order ---- */

/* Reads the chunk again from where the one before it ended: all columns, or those that do not fit. */
static enum status read_again(struct pass *pass, struct csv_desk *desk, struct csv_chunk *chunk, bool all,
                              struct error *error)
{
  struct csv_records *records = pass->records;
  chunk->begin = pass->at;
  for (size_t i = 0; i < records->header->n; i++) {
    const bool is_read = pass->is_wanted[i] && (all || !column_part_fits(&records->columns[i], &chunk->parts[i]));
    if (is_read)
      column_builder_start(&desk->builders[i], &desk->context, &records->columns[i].notes, true);
    else
      column_builder_skip(&desk->builders[i]);
  }
  const enum status status = csv_chunk_read(pass->records, desk, chunk, cut_at(pass, pass->next + 1), error);
  if (status == STATUS_OK)
    csv_chunk_take(pass->records, desk, chunk);
  return status;
}

static bool all_fit(const struct pass *pass, const struct csv_chunk *chunk)
{
  bool fits = true;
  for (size_t i = 0; i < pass->records->header->n && fits; i++)
    fits = !pass->is_wanted[i] || column_part_fits(&pass->records->columns[i], &chunk->parts[i]);
  return fits;
}

/* About how many rows there will be, judged by those that are there. */
static size_t expect_rows(const struct pass *pass, const struct csv_chunk *chunk)
{
  const struct csv_scan *body = &pass->records->body;
  const double seen = (double)(chunk->end - body->at), n_rows = (double)(pass->n_rows + chunk->n_rows);
  return pass->n_chunks > 1 && seen > 0 ? (size_t)(1.02 * n_rows * (double)(body->end - body->at) / seen) + 1
                                        : chunk->n_rows;
}

static void append_chunk(struct pass *pass, struct csv_chunk *chunk)
{
  struct csv_records *records = pass->records;
  const size_t n_expected = expect_rows(pass, chunk);
  chunk->lines_before = pass->line;
  for (size_t i = 0; i < records->header->n; i++)
    if (pass->is_wanted[i])
      column_part_append(&records->columns[i], &chunk->parts[i], pass->line, n_expected);
  if (pass->is_first) {
    records->n_blank += chunk->n_blank;
    ragged_join(&records->shorter, &chunk->shorter, pass->line);
    ragged_join(&records->longer, &chunk->longer, pass->line);
  }
  pass->n_rows += chunk->n_rows;
  pass->line += chunk->n_lines;
  pass->at = chunk->end;
}

/* Puts the next chunk behind those before it. */
static enum status accept(struct pass *pass, struct csv_desk *desk)
{
  struct csv_chunk *chunk = &pass->chunks[pass->next];
  enum status status = STATUS_OK;
  if (pass->at >= cut_at(pass, pass->next + 1)) { /* a record goes beyond it */
    chunk->begin = chunk->end = pass->at;
    chunk->n_rows = 0;
  } else {
    const bool is_wrong = chunk->begin != pass->at;
    if (is_wrong && chunk->begin)
      atomic_store(&pass->is_odd, !atomic_load(&pass->is_odd));
    if (is_wrong || chunk->is_broken)
      status = read_again(pass, desk, chunk, true, pass->error);
    else if (!all_fit(pass, chunk))
      status = read_again(pass, desk, chunk, false, pass->error);
    if (status == STATUS_OK)
      append_chunk(pass, chunk);
  }
  csv_chunk_free_parts(pass->records, chunk);
  return status;
}

static void tell_progress(struct pass *pass)
{
  const struct csv_records *records = pass->records;
  struct progress *progress = &pass->progress;
  const double share = (double)(pass->at - records->body.at) / (double)(records->body.end - records->body.at);
  const double done = pass->is_first ? share : 1 + share;
  bool has_failed = progress->is_second_needed;
  for (size_t i = 0; i < records->header->n && !has_failed; i++)
    has_failed = records->columns[i].notes.state == STATE_FAILED;
  if (has_failed && !progress->is_second_needed)
    *progress = (struct progress){done, progress->told, progress->told, true};
  progress->told = progress->told_at_begin + (ALL_READ - progress->told_at_begin) * (done - progress->begin) /
                                                 ((has_failed ? 2 : 1) - progress->begin);
  task_progress(records->task, progress->told);
}

/* Accepts all chunks that can be by now, unless another thread is at it, which then will.  The lock is held. */
static void accept_all_there_are(struct pass *pass, struct csv_desk *desk)
{
  const struct csv_records *records = pass->records;
  if (pass->is_accepting)
    return;
  pass->is_accepting = true;
  while (pass->status == STATUS_OK && pass->next < pass->n_chunks && pass->chunks[pass->next].is_read) {
    pthread_mutex_unlock(&pass->lock);
    pass->status = accept(pass, desk);
    tell_progress(pass);
    if (pass->status != STATUS_OK)
      atomic_store(&pass->is_stopped, true);
    pthread_mutex_lock(&pass->lock);
    for (size_t i = 0; i < records->header->n; i++)
      pass->known[i] = records->columns[i].notes;
    pass->next++;
  }
  pass->is_accepting = false;
}

/* ---- the passes ---- */

/* A desk to read a chunk at, its builders started with what is known by now. */
static struct csv_desk *take_desk(struct pass *pass)
{
  const struct csv_records *records = pass->records;
  pthread_mutex_lock(&pass->lock);
  struct csv_desk *desk = pass->desks;
  if (desk)
    pass->desks = desk->next;
  else
    desk = csv_desk_new(pass->records, &pass->is_stopped);
  desk->context.row = desk->context.capacity = 0;
  for (size_t i = 0; i < records->header->n; i++)
    if (pass->is_wanted[i])
      column_builder_start(&desk->builders[i], &desk->context, &pass->known[i], false);
    else
      column_builder_skip(&desk->builders[i]);
  pthread_mutex_unlock(&pass->lock);
  return desk;
}

static void read_chunk(void *context, size_t i)
{
  struct pass *pass = context;
  struct csv_chunk *chunk = &pass->chunks[i];
  if (task_is_cancelled(pass->records->task) || atomic_load(&pass->is_stopped))
    return;
  struct csv_desk *desk = take_desk(pass);
  if (pass->is_first)
    chunk->begin = guess_begin(pass, i, atomic_load(&pass->is_odd));
  enum status status = STATUS_OK;
  if (chunk->begin)
    status = csv_chunk_read(pass->records, desk, chunk, cut_at(pass, i + 1), NULL);
  if (chunk->begin && status == STATUS_OK)
    csv_chunk_take(pass->records, desk, chunk);
  pthread_mutex_lock(&pass->lock);
  chunk->is_broken = status == STATUS_ERROR;
  chunk->is_read = status != STATUS_CANCELLED;
  accept_all_there_are(pass, desk);
  desk->next = pass->desks;
  pass->desks = desk;
  pthread_mutex_unlock(&pass->lock);
  file_bytes_release(pass->records->file, cut_at(pass, i), cut_at(pass, i + 1));
}

static enum status run(struct pass *pass)
{
  const size_t n_columns = pass->records->header->n;
  pass->next = 0;
  pass->n_rows = 0;
  pass->at = pass->records->body.at;
  pass->line = pass->records->body.line - 1;
  for (size_t i = 0; i < pass->n_chunks; i++)
    pass->chunks[i].is_read = false;
  pass->known = memory_new(n_columns, sizeof *pass->known);
  for (size_t i = 0; i < n_columns; i++)
    pass->known[i] = pass->records->columns[i].notes;
  pthread_mutex_init(&pass->lock, NULL);
  parallel_run(pass->n_chunks, read_chunk, pass);
  pthread_mutex_destroy(&pass->lock);
  for (size_t i = 0; i < pass->n_chunks; i++)
    csv_chunk_free_parts(pass->records, &pass->chunks[i]);
  for (struct csv_desk *desk = pass->desks, *next; desk; desk = next) {
    next = desk->next;
    csv_desk_free(desk, n_columns);
  }
  pass->desks = NULL;
  free(pass->known);
  return task_is_cancelled(pass->records->task) ? STATUS_CANCELLED : pass->status;
}

/* Reads the columns again, as factors, that could not be what their first fields promised. */
static enum status read_failed_columns(struct pass *pass)
{
  struct csv_records *records = pass->records;
  bool any = false;
  pass->is_first = false;
  for (size_t i = 0; i < records->header->n; i++) {
    pass->is_wanted[i] = records->columns[i].notes.state == STATE_FAILED;
    any |= pass->is_wanted[i];
    if (pass->is_wanted[i])
      column_part_restart(&records->columns[i]);
  }
  return any ? run(pass) : STATUS_OK;
}

/* All columns have all rows, unless somebody wrote to the file between the passes. */
static enum status check_rows(const struct csv_records *records, struct error *error)
{
  size_t i = 0;
  while (i < records->header->n && records->columns[i].n_rows == records->n_rows)
    i++;
  if (i == records->header->n)
    return STATUS_OK;
  error_set(error, "the file changed while it was read");
  error_hint(error, "load it again when nothing writes to it any more");
  return error_in_file(error, records->text->path, 0, 0);
}

enum status csv_records_read(struct csv_records *records, struct error *error)
{
  const struct csv_scan *body = &records->body;
  const size_t length = (size_t)(body->end - body->at), n_columns = records->header->n;
  struct pass pass = {.records = records, .is_first = true, .error = error, .status = STATUS_OK};
  const size_t least = n_columns * CHUNK_BYTES_A_COLUMN;
  pass.chunk_bytes = records->chunk_bytes ? records->chunk_bytes : least > CHUNK_BYTES ? least : CHUNK_BYTES;
  pass.n_chunks = (length + pass.chunk_bytes - 1) / pass.chunk_bytes;
  pass.chunks = memory_new(pass.n_chunks, sizeof *pass.chunks);
  pass.is_wanted = memory_new(n_columns, sizeof *pass.is_wanted);
  memset(pass.is_wanted, true, n_columns * sizeof *pass.is_wanted);
  look_for_quotes(&pass);
  enum status status = run(&pass);
  records->n_rows = pass.n_rows;
  if (status == STATUS_OK)
    status = read_failed_columns(&pass);
  if (status == STATUS_OK)
    status = check_rows(records, error);
  free(pass.n_quotes);
  free(pass.is_wanted);
  free(pass.chunks);
  return status;
}
