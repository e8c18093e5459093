/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/batch.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "lang/script.h"
#include "session/file.h"
#include "verbs/execute.h"
#include "verbs/replay.h"
#include "verbs/source.h"

/* The typed line with carets under what the error is about.  Columns, not bytes, lie before it. */
static void append_caret(struct text *text, const char *line, const struct error *error)
{
  size_t length = strlen(line), start = error->start < length ? error->start : length;
  size_t end = start + error->length < length ? start + error->length : length;
  char *before = memory_copy_bytes(line, start), *within = memory_copy_bytes(line + start, end - start);
  size_t columns = utf8_string_width(within);
  text_append(text, "    ");
  utf8_append_visible(text, line);
  text_append(text, "\n    ");
  text_append_repeated(text, ' ', utf8_string_width(before));
  text_append_repeated(text, '^', columns ? columns : 1);
  text_append_char(text, '\n');
  free(before);
  free(within);
}

/* `PLACE: what is wrong; how to mend it`. */
static void append_message(struct text *message, const char *place, const struct error *error)
{
  text_append_format(message, "%s: ", place);
  if (error->file) {
    text_append(message, error->file);
    if (error->line)
      text_append_format(message, ":%zu", error->line);
    if (error->column)
      text_append_format(message, ":%zu", error->column);
    text_append(message, ": ");
  }
  text_append(message, error->what ? error->what : "failed");
  if (error->hint)
    text_append_format(message, "; %s", error->hint);
}

void batch_print_error(FILE *errors, const char *place, const char *line, const struct error *error)
{
  struct text message = TEXT_INIT;
  append_message(&message, place, error);
  struct text visible = TEXT_INIT;
  utf8_append_visible(&visible, text_string(&message));
  text_append_char(&visible, '\n');
  if (line && error->has_range)
    append_caret(&visible, line, error);
  fputs(text_string(&visible), errors);
  text_clear(&message);
  text_clear(&visible);
}

/* A line; names of files and tables in it are data as well. */
static void print_visible(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void print_visible(FILE *out, const char *format, ...)
{
  struct text line = TEXT_INIT, visible = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&line, format, arguments);
  va_end(arguments);
  utf8_append_visible(&visible, text_string(&line));
  fprintf(out, "%s\n", text_string(&visible));
  text_clear(&line);
  text_clear(&visible);
}

static void print_warnings(const struct batch *batch, const struct report *report, const char *place)
{
  for (size_t i = 0; i < report->n_warnings; i++)
    print_visible(batch->errors, "%s: warning: %s", place, report->warnings[i]);
}

/* Whether only what people read of a report is printed. */
static bool is_for_people(const struct batch *batch)
{
  return !batch->print || (!batch->rendering.table && batch->format != FORMAT_JSON && batch->format != FORMAT_TSV &&
                           batch->format != FORMAT_CSV);
}

/* Whether no curve will be drawn. */
static bool is_without_plots(const struct batch *batch)
{
  return !batch->print || (is_for_people(batch) && batch->format == FORMAT_TEXT && !batch->rendering.plots);
}

/* Whether a report has something to print in this format. */
static bool has_output(const struct batch *batch, const struct report *report)
{
  if (!report->command)
    return false;
  if (batch->rendering.table)
    return report_find_table(report, batch->rendering.table) != NULL;
  if (batch->format == FORMAT_JSON || batch->format == FORMAT_HTML)
    return true;
  if (batch->format == FORMAT_TSV || batch->format == FORMAT_CSV)
    return report->n_tables > 0;
  return report->n_items > 0;
}

/* The report becomes a part of the document; under last_only, the only one.  That a file was written is no result. */
static void collect(struct batch *batch, struct report *report)
{
  const struct draw_options drawing = settings_drawing(&session_state(batch->session)->settings);
  if (replay_only_writes(report->command))
    return;
  if (batch->last_only)
    document_clear(&batch->document);
  document_take(&batch->document, report, &drawing);
}

static void print_report(struct batch *batch, struct report *report)
{
  if (!batch->print || !has_output(batch, report))
    return;
  if (batch->format == FORMAT_HTML) {
    collect(batch, report);
    return;
  }
  const struct settings *settings = &session_state(batch->session)->settings;
  batch->rendering.drawing = settings_drawing(settings);
  if (batch->rendering.charset != CHARSET_ASCII) /* what the terminal cannot show no setting brings back */
    batch->rendering.charset = settings->charset;
  struct text out = TEXT_INIT;
  render_report(&out, report, batch->format, &batch->rendering);
  if (batch->last_only) {
    text_clear(&batch->pending);
    batch->pending = out;
    return;
  }
  if (batch->n_printed++ && batch->format != FORMAT_JSON)
    fputc('\n', batch->out);
  fwrite(text_string(&out), 1, out.length, batch->out);
  fflush(batch->out);
  text_clear(&out);
}

/* Seconds of a clock. */
static double seconds(clockid_t clock)
{
  struct timespec now;
  clock_gettime(clock, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Whether the line is more than blanks and a comment. */
static bool is_command(const char *line)
{
  const char first = line[strspn(line, " \t")];
  return first && first != '#';
}

static enum status run_sourced(void *data, const char *line, size_t number, size_t n, struct error *error);

/* Where a line that is run stands. */
struct batch_place {
  struct batch *batch;
  const char *place;
};

enum { MANY_PATIENTS = 50000 }; /* a model of fewer is fitted twice before anybody notices, and what is wrong with it ends the script */

/* Whether the screen that follows does the line's work. */
static bool is_left_to_screen(const struct batch *batch, const char *line)
{
  const struct state *state = session_state(batch->session);
  bool shows_more;
  return batch->before_screen && state->cohort && state->cohort->n_rows >= MANY_PATIENTS &&
         command_pace(line, &shows_more) == COMMAND_APPLIED;
}

/* Runs a line, and says on a terminal how far it is: as a step of the script that is replayed, or by itself. */
static enum status execute(struct batch *batch, const char *line, struct report *report, struct error *error)
{
  if (batch->waiting)
    return command_execute(batch->session, line, &batch->waiting->task, report, error);
  struct waiting waiting;
  waiting_begin(&waiting, batch->progress, line, 0);
  const enum status status = command_execute(batch->session, line, &waiting.task, report, error);
  waiting_end(&waiting);
  return status;
}

/* Runs a line and prints what it found.  In a document each line of a script that is sourced is a part of its own. */
static enum status run(struct batch *batch, const char *line, const char *place, struct error *error)
{
  char *script = batch->format == FORMAT_HTML && batch->print ? source_name(line) : NULL;
  struct batch_place inner = {.batch = batch, .place = place};
  struct report report = {.for_people = is_for_people(batch), .without_plots = is_without_plots(batch)};
  if (script) {
    const enum status status = source_file(batch->session, script, run_sourced, &inner, error);
    free(script);
    return status;
  }
  const enum status status = is_left_to_screen(batch, line) ? command_apply(batch->session, line, error)
                                                            : execute(batch, line, &report, error);
  if (!status) {
    if (batch->format != FORMAT_JSON || !batch->print)
      print_warnings(batch, &report, place);
    print_report(batch, &report);
  }
  report_clear(&report);
  return status;
}

static enum status run_sourced(void *data, const char *line, size_t number, size_t n, struct error *error)
{
  const struct batch_place *outer = data;
  (void)number;
  (void)n;
  return run(outer->batch, line, outer->place, error);
}

/* The error is told, and ends the document where there is one. */
static void fail(struct batch *batch, const char *line, const char *place, const struct error *error)
{
  struct text message = TEXT_INIT;
  batch_print_error(batch->errors, place, line, error);
  append_message(&message, place, error);
  if (batch->format == FORMAT_HTML && batch->print)
    state_set_string(&batch->document.failure, text_string(&message));
  text_clear(&message);
  batch->failed = true;
}

enum status batch_run_line(struct batch *batch, const char *line, const char *place)
{
  struct error error = ERROR_INIT;
  const double begin = seconds(CLOCK_MONOTONIC), begin_processor = seconds(CLOCK_PROCESS_CPUTIME_ID);
  const enum status status = run(batch, line, place, &error);
  if (status)
    fail(batch, line, place, &error);
  if (batch->timing && (status || is_command(line)))
    print_visible(batch->errors, "%s: took %.4f s, processor %.4f s", place, seconds(CLOCK_MONOTONIC) - begin,
            seconds(CLOCK_PROCESS_CPUTIME_ID) - begin_processor);
  error_clear(&error);
  return status;
}

static char *directory_of(const char *path)
{
  const char *slash = strrchr(path, '/');
  if (!slash)
    return memory_copy_string(".");
  return slash == path ? memory_copy_string("/") : memory_copy_bytes(path, (size_t)(slash - path));
}

enum status batch_run_script(struct batch *batch, const char *path)
{
  char *bytes;
  size_t length;
  struct error error = ERROR_INIT;
  struct script script = SCRIPT_INIT;
  enum status status = file_read(path, &bytes, &length, &error);
  if (!status) {
    status = script_read(&script, bytes, length, &error);
    free(bytes);
  }
  if (status) {
    batch_print_error(batch->errors, "kaplan", NULL, &error);
    batch->failed = true;
  } else if (strcmp(path, "-") != 0) {
    char *directory = directory_of(path);
    session_set_directory(batch->session, directory);
    free(directory);
    if (batch->print)
      state_set_string(&batch->document.origin, strrchr(path, '/') ? strrchr(path, '/') + 1 : path);
  }
  struct waiting waiting, *const outer = batch->waiting;
  const bool is_replay = !batch->print; /* what prints would print into the word */
  waiting_begin(&waiting, is_replay ? batch->progress : NULL, path, script.n_lines);
  batch->waiting = is_replay ? &waiting : outer;
  for (size_t i = 0; i < script.n_lines && !status && !session_quit_requested(batch->session); i++) {
    struct text place = TEXT_INIT;
    waiting_step(&waiting, i + 1);
    text_append_format(&place, "%s:%zu", path, script.lines[i].number);
    status = batch_run_line(batch, script.lines[i].text, text_string(&place));
    text_clear(&place);
  }
  waiting_end(&waiting);
  batch->waiting = outer;
  script_clear(&script);
  error_clear(&error);
  return status;
}

static void say_lacking(const struct batch *batch)
{
  print_visible(batch->errors, "kaplan: no command gave a table %s; --format json shows what there is",
                batch->rendering.table);
}

/* The whole document.  Its title is the script's name, or that of the data. */
static bool finish_document(struct batch *batch)
{
  struct document *document = &batch->document;
  const char *source = session_state(batch->session)->source;
  const bool is_lacking = batch->last_only && !document->n_parts && !batch->failed;
  if (is_lacking)
    say_lacking(batch);
  if (!document->origin && source)
    document->origin = memory_copy_string(source);
  if (document->origin && !document->title)
    document->title = memory_copy_string(document->origin);
  struct text out = TEXT_INIT;
  document_render(&out, document, FORMAT_HTML, &batch->rendering);
  fwrite(text_string(&out), 1, is_lacking ? 0 : out.length, batch->out);
  text_clear(&out);
  document_clear(document);
  return !batch->failed && !is_lacking;
}

bool batch_finish(struct batch *batch)
{
  if (batch->format == FORMAT_HTML && batch->print)
    return finish_document(batch);
  document_clear(&batch->document);
  if (!batch->last_only || batch->failed) {
    text_clear(&batch->pending);
    return !batch->failed;
  }
  bool given = batch->pending.bytes != NULL;
  if (given)
    fwrite(text_string(&batch->pending), 1, batch->pending.length, batch->out);
  else
    say_lacking(batch);
  text_clear(&batch->pending);
  return given;
}
