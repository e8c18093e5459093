/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A printed table as aligned text.  One that is too wide gives way step by step: titles are broken between words, the first
 * column gives up to its longest word; where the table may stack, names are broken behind an underscore, columns stand closer,
 * and at last numbers are broken before what stands beside them, the widest first: 0.29 over (0.09–0.95). */
#include "report/render_text_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "report/ascii.h"
#include "report/render_parts.h"

enum { GAP = 2, FIRST_LEAST = 16, FIRST_LEAST_STACKED = 12 };

/* Where strings are broken: between words, behind underscores too, or before a parenthesis or ± alone. */
enum breaks { BREAK_WORDS, BREAK_NAMES, BREAK_NUMBERS };

/* How a table is laid out. */
struct fitting {
  const struct printed_table *table;
  size_t *widths; /* of each column */
  size_t columns; /* there are */
  size_t gap;     /* between two columns */
  bool ascii, may_close_up;
  enum breaks names; /* how the first column is broken */
};

/* The visible form of a cell; the caller frees it. */
static char *visible(const char *string, bool ascii)
{
  struct text text = TEXT_INIT;
  ascii_append_visible(&text, string, ascii);
  return text_take(&text);
}

size_t render_text_width(const char *string, bool ascii)
{
  char *shown = visible(string, ascii);
  size_t width = utf8_string_width(shown);
  free(shown);
  return width;
}

/* ---- breaking ---- */

static bool may_break(const char *string, size_t at, enum breaks breaks)
{
  if (breaks == BREAK_NUMBERS)
    return string[at] == ' ' && (string[at + 1] == '(' || string[at + 1] == '[' || strncmp(string + at + 1, "±", strlen("±")) == 0);
  return string[at] == ' ' || (breaks == BREAK_NAMES && at && string[at - 1] == '_');
}

/* The end of the first piece that may stand on a line by itself. */
static size_t piece_end(const char *string, enum breaks breaks)
{
  size_t end = 0;
  while (string[end] && !may_break(string, end, breaks))
    end++;
  return end;
}

static size_t width_of_bytes(const char *string, size_t length, bool ascii)
{
  char *copy = memory_copy_bytes(string, length);
  const size_t width = render_text_width(copy, ascii);
  free(copy);
  return width;
}

/* The end of the first line when a string is broken at `width`: as many pieces as fit, one at least. */
static size_t line_end(const char *string, size_t width, enum breaks breaks, bool ascii)
{
  size_t end = piece_end(string, breaks);
  while (string[end]) {
    const size_t blanks = strspn(string + end, " ");
    const size_t next = end + blanks + piece_end(string + end + blanks, breaks);
    if (width_of_bytes(string, next, ascii) > width)
      break;
    end = next;
  }
  return end;
}

/* The width of the widest piece. */
static size_t piece_width(const char *string, enum breaks breaks, bool ascii)
{
  size_t widest = 0;
  for (const char *at = string; *at; at += strspn(at, " ")) {
    const size_t end = piece_end(at, breaks);
    const size_t width = width_of_bytes(at, end, ascii);
    widest = width > widest ? width : widest;
    at += end;
  }
  return widest;
}

/* The string's lines at `width`, the rest indented as its beginning and two more (first column only); the caller frees them. */
struct lines {
  char **lines;
  size_t n, capacity;
};

static struct lines break_cell(const struct fitting *fitting, size_t column, const char *string, enum breaks breaks)
{
  const size_t width = fitting->widths[column], indent = column ? 0 : strspn(string, " ");
  struct lines lines = {.lines = NULL};
  const char *rest = string + indent;
  while (*rest) {
    const size_t blanks = indent + (lines.n && !column ? GAP : 0);
    const size_t end = render_text_width(string, fitting->ascii) <= width
                           ? strlen(rest)
                           : line_end(rest, width > blanks ? width - blanks : 1, breaks, fitting->ascii);
    struct text line = TEXT_INIT;
    text_append_repeated(&line, ' ', blanks);
    text_append_bytes(&line, rest, end);
    MEMORY_APPEND(lines.lines, lines.n, lines.capacity, text_take(&line));
    rest += end;
    rest += strspn(rest, " ");
  }
  return lines;
}

static void lines_clear(struct lines *lines)
{
  for (size_t i = 0; i < lines->n; i++)
    free(lines->lines[i]);
  free(lines->lines);
}

/* ---- widths ---- */

/* Headings stand over all columns, so they widen none.  Titles are taken whole, or by their longest word. */
static void measure(struct fitting *fitting, bool whole_titles)
{
  const struct printed_table *table = fitting->table;
  for (size_t c = 0; c < table->n_columns; c++) {
    const char *title = table->columns[c].title;
    size_t widest =
        whole_titles ? render_text_width(title, fitting->ascii) : piece_width(title, BREAK_WORDS, fitting->ascii);
    for (size_t r = 0; r < table->n_rows; r++) {
      if (table->rows[r].kind != PRINTED_ROW)
        continue;
      const size_t width = render_text_width(render_cell(&table->rows[r], c), fitting->ascii);
      widest = width > widest ? width : widest;
    }
    fitting->widths[c] = widest;
  }
}

static size_t total_width(const struct fitting *fitting)
{
  size_t total = 0;
  for (size_t c = 0; c < fitting->table->n_columns; c++)
    total += fitting->widths[c] + (c ? fitting->gap : 0);
  return total;
}

/* Takes from the first column what the table is too wide, down to its widest piece or a few letters. */
static void narrow_first(struct fitting *fitting)
{
  const struct printed_table *table = fitting->table;
  const size_t total = total_width(fitting), width = fitting->widths[0];
  size_t least = piece_width(table->columns[0].title, BREAK_WORDS, fitting->ascii);
  for (size_t r = 0; r < table->n_rows; r++) {
    const char *cell = render_cell(&table->rows[r], 0);
    const size_t needed = table->rows[r].kind == PRINTED_ROW
                              ? strspn(cell, " ") + GAP + piece_width(cell, fitting->names, fitting->ascii)
                              : 0;
    least = needed > least ? needed : least;
  }
  const size_t floor = fitting->names == BREAK_NAMES ? FIRST_LEAST_STACKED : FIRST_LEAST;
  least = least < floor ? floor : least;
  if (total > fitting->columns && width > least)
    fitting->widths[0] = width - least < total - fitting->columns ? least : width - (total - fitting->columns);
}

/* What a column needs when its cells are broken between words. */
static size_t broken_width(const struct fitting *fitting, size_t column)
{
  const struct printed_table *table = fitting->table;
  size_t widest = piece_width(table->columns[column].title, BREAK_WORDS, fitting->ascii);
  for (size_t r = 0; r < table->n_rows; r++) {
    const size_t width =
        table->rows[r].kind == PRINTED_ROW ? piece_width(render_cell(&table->rows[r], column), BREAK_NUMBERS, fitting->ascii) : 0;
    widest = width > widest ? width : widest;
  }
  return widest;
}

/* Breaks the cells of numbers' columns where it helps most, until the table fits or no more can be done. */
static void break_cells(struct fitting *fitting)
{
  while (total_width(fitting) > fitting->columns) {
    size_t best = 0, saved = 0;
    for (size_t c = 1; c < fitting->table->n_columns; c++) {
      const size_t width = broken_width(fitting, c);
      if (fitting->widths[c] > width && fitting->widths[c] - width > saved) {
        best = c;
        saved = fitting->widths[c] - width;
      }
    }
    if (!best)
      return;
    fitting->widths[best] -= saved;
  }
}

static void fit(struct fitting *fitting)
{
  measure(fitting, true);
  if (total_width(fitting) <= fitting->columns)
    return;
  measure(fitting, false);
  narrow_first(fitting);
  if (fitting->may_close_up && total_width(fitting) > fitting->columns && !fitting->table->may_stack) {
    fitting->gap = 1; /* if that helps */
    fitting->gap = total_width(fitting) > fitting->columns ? GAP : 1;
  }
  if (total_width(fitting) <= fitting->columns || !fitting->table->may_stack)
    return;
  const size_t whole = fitting->widths[0];
  fitting->names = BREAK_NAMES;
  narrow_first(fitting);
  if (total_width(fitting) > fitting->columns)
    fitting->gap = 1; /* closer together rather than on more lines */
  if (total_width(fitting) > fitting->columns) {
    fitting->gap = GAP;
    break_cells(fitting);
    fitting->gap = total_width(fitting) > fitting->columns ? 1 : GAP;
  }
  const size_t total = total_width(fitting), left = fitting->columns > total ? fitting->columns - total : 0;
  fitting->widths[0] = whole - fitting->widths[0] < left ? whole : fitting->widths[0] + left;
}

/* ---- lines ---- */

static void trim_right(struct text *out)
{
  size_t length = out->length;
  while (length && out->bytes[length - 1] == ' ')
    length--;
  text_truncate(out, length);
}

static void append_cell(struct text *out, const char *string, size_t width, enum alignment alignment, bool ascii)
{
  char *shown = visible(string, ascii);
  size_t needed = utf8_string_width(shown), blanks = width > needed ? width - needed : 0;
  if (alignment == ALIGN_RIGHT)
    text_append_repeated(out, ' ', blanks);
  text_append(out, shown);
  if (alignment == ALIGN_LEFT)
    text_append_repeated(out, ' ', blanks);
  free(shown);
}

static void append_rule(struct text *out, const struct fitting *fitting)
{
  for (size_t i = 0; i < total_width(fitting); i++)
    text_append(out, fitting->ascii ? "-" : "─");
  text_append_char(out, '\n');
}

/* Cells over one another: column c's lines begin at starts[c]. */
static void append_block(struct text *out, const struct fitting *fitting, const struct lines *cells, const size_t *starts,
                         size_t n_lines)
{
  for (size_t line = 0; line < n_lines; line++) {
    for (size_t c = 0; c < fitting->table->n_columns; c++) {
      const bool has_line = line >= starts[c] && line - starts[c] < cells[c].n;
      text_append_repeated(out, ' ', c ? fitting->gap : 0);
      append_cell(out, has_line ? cells[c].lines[line - starts[c]] : "", fitting->widths[c],
                  fitting->table->columns[c].alignment, fitting->ascii);
    }
    trim_right(out);
    text_append_char(out, '\n');
  }
}

/* The titles, broken between words where they are wider than their columns; the last lines stand on one line. */
static void append_titles(struct text *out, const struct fitting *fitting)
{
  const size_t n = fitting->table->n_columns;
  struct lines *cells = memory_new(n, sizeof *cells);
  size_t *starts = memory_new(n, sizeof *starts), most = 0;
  for (size_t c = 0; c < n; c++) {
    cells[c] = break_cell(fitting, c, fitting->table->columns[c].title, BREAK_WORDS);
    most = cells[c].n > most ? cells[c].n : most;
  }
  for (size_t c = 0; c < n; c++)
    starts[c] = most - cells[c].n;
  append_block(out, fitting, cells, starts, most);
  for (size_t c = 0; c < n; c++)
    lines_clear(&cells[c]);
  free(starts);
  free(cells);
}

/* A row; the numbers end beside the last line of a name that is broken, and begin together. */
static void append_row(struct text *out, const struct fitting *fitting, const struct printed_row *row)
{
  const size_t n = fitting->table->n_columns;
  if (row->kind == PRINTED_RULE) {
    append_rule(out, fitting);
    return;
  }
  if (row->kind == PRINTED_HEADING) {
    append_cell(out, render_cell(row, 0), 0, ALIGN_LEFT, fitting->ascii);
    trim_right(out);
    text_append_char(out, '\n');
    return;
  }
  struct lines *cells = memory_new(n, sizeof *cells);
  size_t *starts = memory_new(n, sizeof *starts), most = 1;
  for (size_t c = 0; c < n; c++) {
    cells[c] = break_cell(fitting, c, render_cell(row, c), c ? BREAK_NUMBERS : fitting->names);
    most = c && cells[c].n > most ? cells[c].n : most;
  }
  const size_t total = n && cells[0].n > most ? cells[0].n : most;
  for (size_t c = 1; c < n; c++)
    starts[c] = total - most;
  append_block(out, fitting, cells, starts, total);
  for (size_t c = 0; c < n; c++)
    lines_clear(&cells[c]);
  free(starts);
  free(cells);
}

void render_text_wrapped(struct text *out, const char *note, size_t columns, bool ascii)
{
  char *shown = visible(note, ascii);
  size_t used = 0;
  for (const char *word = shown; *word;) {
    size_t length = strcspn(word, " ");
    char *copy = memory_copy_bytes(word, length);
    size_t width = utf8_string_width(copy);
    if (used && used + 1 + width > columns) {
      text_append_char(out, '\n');
      used = 0;
    } else if (used) {
      text_append_char(out, ' ');
      used++;
    }
    text_append(out, copy);
    used += width;
    free(copy);
    word += length;
    word += strspn(word, " ");
  }
  text_append_char(out, '\n');
  free(shown);
}

void render_text_table(struct text *out, const struct printed_table *table, size_t columns, bool ascii, bool may_close_up)
{
  struct fitting fitting = {.table = table, .columns = columns, .gap = GAP, .ascii = ascii, .may_close_up = may_close_up};
  fitting.widths = memory_new(table->n_columns, sizeof *fitting.widths);
  fit(&fitting);
  if (table->title) {
    ascii_append_visible(out, table->title, ascii);
    text_append_char(out, '\n');
  }
  if (render_has_titles(table)) {
    append_titles(out, &fitting);
    append_rule(out, &fitting);
  }
  for (size_t r = 0; r < table->n_rows; r++)
    append_row(out, &fitting, &table->rows[r]);
  for (size_t i = 0; i < table->n_notes; i++)
    render_text_wrapped(out, table->notes[i], columns, ascii);
  free(fitting.widths);
}

size_t render_text_columns(const struct printed_table *table, size_t columns, bool ascii, size_t *starts)
{
  struct fitting fitting = {.table = table, .columns = columns, .gap = GAP, .ascii = ascii};
  size_t at = 0;
  fitting.widths = memory_new(table->n_columns, sizeof *fitting.widths);
  fit(&fitting);
  for (size_t c = 0; c < table->n_columns; c++) {
    starts[c] = at;
    at += fitting.widths[c] + fitting.gap;
  }
  const size_t total = total_width(&fitting);
  free(fitting.widths);
  return total;
}
