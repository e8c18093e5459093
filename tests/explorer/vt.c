/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "vt.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#undef columns
#undef lines

/* 1. Which sequences the terminfo entry has.  Of parameters only those of modes (h and l) count: "\e[?1049h" and "\e[H" are
 * kept as "[?1049h" and "[H". */

static void add_known(struct vt *vt, const char *shape)
{
  for (size_t i = 0; i < vt->n_known; i++)
    if (strcmp(vt->known[i], shape) == 0)
      return;
  if (vt->n_known < sizeof vt->known / sizeof *vt->known)
    vt->known[vt->n_known++] = strdup(shape);
}

static bool is_known(const struct vt *vt, const char *shape)
{
  for (size_t i = 0; i < vt->n_known; i++)
    if (strcmp(vt->known[i], shape) == 0)
      return true;
  return false;
}

/* The shape of a control sequence's body ("?1;2h", without Escape and bracket) for one of its parameters. */
static void shape_of(const char *body, size_t length, const char *parameter, size_t n, char shape[64])
{
  char final = body[length - 1];
  bool private = length > 1 && strchr("?<=>", body[0]);
  if (final != 'h' && final != 'l')
    n = 0;
  snprintf(shape, 64, "[%.*s%.*s%c", private ? 1 : 0, body, (int)n, parameter, final);
}

static void each_shape(struct vt *vt, const char *body, size_t length, bool (*visit)(struct vt *vt, const char *shape))
{
  char shape[64];
  size_t at = strchr("?<=>", body[0]) && length > 1;
  do {
    size_t n = strspn(body + at, "0123456789");
    if (n > length - 1 - at)
      n = length - 1 - at;
    shape_of(body, length, body + at, n, shape);
    if (!visit(vt, shape))
      return;
    at += n + 1;
  } while (at < length - 1);
}

static bool learn_shape(struct vt *vt, const char *shape)
{
  add_known(vt, shape);
  return true;
}

/* A capability with its % expressions and padding taken out: what remains has the right shape. */
static void strip_expressions(const char *from, char *to, size_t size)
{
  size_t n = 0;
  while (*from && n + 1 < size) {
    if (strncmp(from, "$<", 2) == 0 && strchr(from, '>')) {
      from = strchr(from, '>') + 1;
    } else if (*from != '%') {
      to[n++] = *from++;
    } else if (from[1] == '%') {
      to[n++] = '%';
      from += 2;
    } else if (from[1] == '{') {
      from = strchr(from, '}') + 1;
    } else if (from[1] == '\'') {
      from += 4;
    } else if (from[1] == 'p' || from[1] == 'P' || from[1] == 'g') {
      from += 3;
    } else {
      from++; /* an operator such as %- is one sign; a format's own - and + stand behind a colon */
      from += strspn(from, *from == ':' ? ":-+# 0123456789." : "# 0123456789.");
      from += *from != 0;
    }
  }
  to[n] = '\0';
}

static void learn(struct vt *vt, const char *capability)
{
  char bytes[1024];
  strip_expressions(capability, bytes, sizeof bytes);
  for (const char *at = bytes; *at; at++) {
    if (*at == 14 || *at == 15) {
      add_known(vt, *at == 14 ? "^N" : "^O");
    } else if (*at == '\033' && at[1] == '[') {
      size_t length = strcspn(at + 2, "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~") + 1;
      if (at[1 + length])
        each_shape(vt, at + 2, length, learn_shape);
    } else if (*at == '\033' && at[1]) {
      char shape[3] = {at[1], strchr("()*+#", at[1]) ? at[2] : '\0', '\0'};
      add_known(vt, shape);
    }
  }
}

bool vt_init(struct vt *vt, const char *type, size_t rows, size_t columns)
{
  memset(vt, 0, sizeof *vt);
  int result;
  if (setupterm(type, 1, &result) != OK)
    return false;
  for (size_t i = 0; strnames[i]; i++) {
    const char *capability = tigetstr(strnames[i]);
    if (capability && capability != (const char *)-1)
      learn(vt, capability);
  }
  const char *mouse = tigetstr("kmous");
  vt->xterm_like = mouse && mouse != (const char *)-1 && strncmp(type, "linux", 5) != 0;
  del_curterm(cur_term);
  vt->pen = (struct vt_cell){.glyph = L' ', .foreground = -1};
  for (size_t i = 0; i < VT_ROWS; i++)
    for (size_t j = 0; j < VT_COLUMNS; j++)
      vt->cells[i][j] = vt->pen;
  vt_resize(vt, rows, columns);
  return true;
}

void vt_clear(struct vt *vt)
{
  for (size_t i = 0; i < vt->n_known; i++)
    free(vt->known[i]);
  vt->n_known = 0;
}

void vt_resize(struct vt *vt, size_t rows, size_t columns)
{
  vt->rows = vt->bottom = rows < VT_ROWS ? rows : VT_ROWS;
  vt->columns = columns < VT_COLUMNS ? columns : VT_COLUMNS;
  vt->top = 0;
  if (vt->row >= vt->rows)
    vt->row = vt->rows - 1;
  if (vt->column >= vt->columns)
    vt->column = vt->columns - 1;
  vt->wrap_pending = false;
}

static void complain(struct vt *vt, const char *bytes, size_t length)
{
  if (vt->n_unknown++)
    return;
  size_t n = 0;
  for (size_t i = 0; i < length && n + 8 < sizeof vt->unknown; i++) {
    unsigned char byte = (unsigned char)bytes[i];
    n += (size_t)snprintf(vt->unknown + n, sizeof vt->unknown - n, byte < 32 || byte > 126 ? "\\x%02x" : "%c", byte);
  }
}

/* 2. The grid */

static struct vt_cell blank(const struct vt *vt)
{
  (void)vt;
  return (struct vt_cell){.glyph = L' ', .foreground = -1};
}

static void erase_cells(struct vt *vt, size_t row, size_t first, size_t end)
{
  for (size_t i = first; i < end && i < vt->columns; i++)
    vt->cells[row][i] = blank(vt);
}

static void erase_rows(struct vt *vt, size_t first, size_t end)
{
  for (size_t row = first; row < end && row < vt->rows; row++)
    erase_cells(vt, row, 0, vt->columns);
}

/* Moves the rows first … end - 1 up by n (down where negative), blanks coming in. */
static void scroll_rows(struct vt *vt, size_t first, size_t end, int n)
{
  for (; n > 0; n--) {
    memmove(vt->cells[first], vt->cells[first + 1], (end - first - 1) * sizeof vt->cells[0]);
    erase_rows(vt, end - 1, end);
  }
  for (; n < 0; n++) {
    memmove(vt->cells[first + 1], vt->cells[first], (end - first - 1) * sizeof vt->cells[0]);
    erase_rows(vt, first, first + 1);
  }
}

static void line_feed(struct vt *vt)
{
  if (vt->row + 1 == vt->bottom)
    scroll_rows(vt, vt->top, vt->bottom, 1);
  else if (vt->row + 1 < vt->rows)
    vt->row++;
}

static void put(struct vt *vt, wchar_t glyph)
{
  int width = wcwidth(glyph);
  if (width <= 0)
    return;
  if (vt->wrap_pending) {
    vt->column = 0;
    line_feed(vt);
    vt->wrap_pending = false;
  }
  vt->cells[vt->row][vt->column] = vt->pen;
  vt->cells[vt->row][vt->column].glyph = glyph;
  if (width == 2 && vt->column + 1 < vt->columns)
    vt->cells[vt->row][vt->column + 1] = (struct vt_cell){.glyph = 0, .foreground = -1};
  vt->column += (size_t)width;
  if (vt->column >= vt->columns) {
    vt->column = vt->columns - 1;
    vt->wrap_pending = true;
  }
  vt->last = glyph;
}

/* 3. Sequences */

static size_t limit(long value, size_t end)
{
  return value < 0 ? 0 : (size_t)value >= end ? end - 1 : (size_t)value;
}

static void set_pen(struct vt *vt, const int *values, size_t n)
{
  for (size_t i = 0; i < n; i++) {
    int value = values[i];
    if (value == 0)
      vt->pen = blank(vt);
    else if (value == 1)
      vt->pen.bold = true;
    else if (value == 2)
      vt->pen.dim = true;
    else if (value == 22)
      vt->pen.bold = vt->pen.dim = false;
    else if (value == 4 || value == 24)
      vt->pen.underline = value == 4;
    else if (value == 7 || value == 27)
      vt->pen.reverse = value == 7;
    else if (value >= 30 && value <= 37)
      vt->pen.foreground = value - 30;
    else if (value == 39)
      vt->pen.foreground = -1;
    else if ((value == 38 || value == 48) && i + 2 < n && values[i + 1] == 5) {
      if (value == 38)
        vt->pen.foreground = values[i + 2];
      i += 2;
    }
  }
}

static void set_mode(struct vt *vt, bool private, int mode, bool on)
{
  if (!private)
    return;
  if (mode == 1049 || mode == 47)
    vt->alternate = on;
  else if (mode == 25)
    vt->cursor_hidden = !on;
  else if (mode == 2004)
    vt->paste = on;
  else if (mode == 1000)
    vt->mouse = on;
  else if (mode == 1)
    vt->keypad = on;
}

static void insert_blanks(struct vt *vt, size_t n)
{
  struct vt_cell *cells = vt->cells[vt->row];
  n = n > vt->columns - vt->column ? vt->columns - vt->column : n;
  memmove(cells + vt->column + n, cells + vt->column, (vt->columns - vt->column - n) * sizeof *cells);
  erase_cells(vt, vt->row, vt->column, vt->column + n);
}

static void delete_cells(struct vt *vt, size_t n)
{
  struct vt_cell *cells = vt->cells[vt->row];
  n = n > vt->columns - vt->column ? vt->columns - vt->column : n;
  memmove(cells + vt->column, cells + vt->column + n, (vt->columns - vt->column - n) * sizeof *cells);
  erase_cells(vt, vt->row, vt->columns - n, vt->columns);
}

static void erase_by(struct vt *vt, char final, int which)
{
  size_t from = which == 0 ? vt->column : 0, to = which == 1 ? vt->column + 1 : vt->columns;
  erase_cells(vt, vt->row, from, to);
  if (final == 'K')
    return;
  if (which != 1)
    erase_rows(vt, vt->row + 1, vt->rows);
  if (which != 0)
    erase_rows(vt, 0, vt->row);
}

static void act_control(struct vt *vt, char final, bool private, const int *values, size_t n)
{
  int first = n > 0 ? values[0] : 0, count = first > 0 ? first : 1;
  long row = (long)vt->row, column = (long)vt->column;
  if (!strchr("mbhl", final))
    vt->wrap_pending = false;
  switch (final) {
  case 'A':
    vt->row = limit(row - count, vt->rows);
    break;
  case 'B':
    vt->row = limit(row + count, vt->rows);
    break;
  case 'C':
    vt->column = limit(column + count, vt->columns);
    break;
  case 'D':
    vt->column = limit(column - count, vt->columns);
    break;
  case 'G':
  case '`':
    vt->column = limit(count - 1, vt->columns);
    break;
  case 'd':
    vt->row = limit(count - 1, vt->rows);
    break;
  case 'H':
  case 'f':
    vt->row = limit(count - 1, vt->rows);
    vt->column = limit(n > 1 && values[1] > 0 ? values[1] - 1 : 0, vt->columns);
    break;
  case 'I':
    vt->column = limit((column / 8 + count) * 8, vt->columns);
    break;
  case 'Z':
    vt->column = limit(((column + 7) / 8 - count) * 8, vt->columns);
    break;
  case 'J':
  case 'K':
    erase_by(vt, final, first);
    break;
  case 'L':
  case 'M':
    if (vt->row >= vt->top && vt->row < vt->bottom)
      scroll_rows(vt, vt->row, vt->bottom, (int)limit(count, vt->bottom - vt->row + 1) * (final == 'M' ? 1 : -1));
    break;
  case 'S':
  case 'T':
    scroll_rows(vt, vt->top, vt->bottom, (int)limit(count, vt->bottom - vt->top + 1) * (final == 'S' ? 1 : -1));
    break;
  case '@':
    insert_blanks(vt, (size_t)count);
    break;
  case 'P':
    delete_cells(vt, (size_t)count);
    break;
  case 'X':
    erase_cells(vt, vt->row, vt->column, vt->column + (size_t)count);
    break;
  case 'b':
    for (; count > 0; count--)
      put(vt, vt->last);
    break;
  case 'm':
    if (n == 0)
      vt->pen = blank(vt);
    else
      set_pen(vt, values, n);
    break;
  case 'h':
  case 'l':
    for (size_t i = 0; i < n; i++)
      set_mode(vt, private, values[i], final == 'h');
    break;
  case 'r':
    vt->top = limit(count - 1, vt->rows);
    vt->bottom = n > 1 && values[1] > 0 && (size_t)values[1] <= vt->rows ? (size_t)values[1] : vt->rows;
    vt->row = vt->column = 0;
    break;
  default:
    break; /* known to the entry, without effect on the grid */
  }
}

static bool check_shape(struct vt *vt, const char *shape)
{
  static const char *const xterm[] = {"[?2004h", "[?2004l", "[?1000h", "[?1000l", "[?1006h", "[?1006l"};
  if (is_known(vt, shape))
    return true;
  for (size_t i = 0; vt->xterm_like && i < sizeof xterm / sizeof *xterm; i++)
    if (strcmp(shape, xterm[i]) == 0)
      return true;
  complain(vt, shape, strlen(shape));
  return false;
}

static void run_control(struct vt *vt)
{
  const char *body = vt->sequence + 2;
  size_t length = vt->n_sequence - 2, n = 0;
  each_shape(vt, body, length, check_shape);
  bool private = strchr("?<=>", body[0]) && length > 1;
  int values[16] = {0};
  for (const char *at = body + private; at < body + length - 1 && n < 16;) {
    char *rest;
    values[n++] = (int)strtol(at, &rest, 10);
    at = *rest == ';' || rest == at ? rest + 1 : rest;
  }
  act_control(vt, body[length - 1], private, values, n);
}

static void run_escape(struct vt *vt)
{
  char shape[3] = {vt->sequence[1], vt->n_sequence > 2 ? vt->sequence[2] : '\0', '\0'};
  if (!is_known(vt, shape))
    complain(vt, vt->sequence, vt->n_sequence);
  if (strcmp(shape, "M") == 0) {
    if (vt->row == vt->top)
      scroll_rows(vt, vt->top, vt->bottom, -1);
    else if (vt->row > 0)
      vt->row--;
  } else if (strcmp(shape, "D") == 0) {
    line_feed(vt);
  } else if (strcmp(shape, "c") == 0) {
    erase_rows(vt, 0, vt->rows);
    vt->row = vt->column = 0;
  }
}

/* 4. Bytes */

static void feed_sequence(struct vt *vt, char byte)
{
  vt->sequence[vt->n_sequence++] = byte;
  size_t n = vt->n_sequence;
  bool control = n >= 2 && vt->sequence[1] == '[';
  if (n == sizeof vt->sequence || (unsigned char)byte >= 0x80) {
    complain(vt, vt->sequence, n);
    vt->n_sequence = 0;
  } else if (control && n >= 3 && byte >= '@' && byte <= '~') {
    vt->sequence[n] = '\0';
    run_control(vt);
    vt->n_sequence = 0;
  } else if (!control && n >= 2 && (n >= 3 || !strchr("()*+#", byte))) {
    run_escape(vt);
    vt->n_sequence = 0;
  }
}

static void feed_character(struct vt *vt, char byte)
{
  vt->character[vt->n_character++] = byte;
  mbstate_t state = {0};
  wchar_t glyph;
  size_t used = mbrtowc(&glyph, vt->character, vt->n_character, &state);
  if (used == (size_t)-2 && vt->n_character < 6)
    return;
  if (used == (size_t)-1 || used == (size_t)-2)
    complain(vt, vt->character, vt->n_character);
  else if (glyph >= 0x80 && glyph < 0xa0)
    complain(vt, vt->character, vt->n_character);
  else
    put(vt, glyph);
  vt->n_character = 0;
}

static void feed_byte(struct vt *vt, char byte)
{
  if (vt->n_sequence > 0 || byte == '\033') {
    feed_sequence(vt, byte);
    return;
  }
  vt->wrap_pending &= byte != '\r' && byte != '\b';
  switch (byte) {
  case '\r':
    vt->column = 0;
    break;
  case '\n':
    line_feed(vt);
    break;
  case '\b':
    vt->column -= vt->column > 0;
    break;
  case '\t':
    vt->column = limit((long)(vt->column / 8 + 1) * 8, vt->columns);
    break;
  case '\a':
    break;
  case 14:
  case 15:
    if (!is_known(vt, byte == 14 ? "^N" : "^O"))
      complain(vt, &byte, 1);
    vt->line_drawing = byte == 14;
    break;
  default:
    if ((unsigned char)byte < 32 || byte == 127)
      complain(vt, &byte, 1);
    else
      feed_character(vt, byte);
  }
}

void vt_feed(struct vt *vt, const char *bytes, size_t length)
{
  for (size_t i = 0; i < length; i++)
    feed_byte(vt, bytes[i]);
}

char *vt_row(const struct vt *vt, size_t row)
{
  size_t end = vt->columns, n = 0;
  while (end > 0 && vt->cells[row][end - 1].glyph == L' ')
    end--;
  char *line = malloc(end * MB_CUR_MAX + 1);
  for (size_t i = 0; i < end; i++) {
    mbstate_t state = {0};
    wchar_t glyph = vt->cells[row][i].glyph;
    size_t used = glyph ? wcrtomb(line + n, glyph, &state) : 0;
    n += used == (size_t)-1 ? 0 : used;
  }
  line[n] = '\0';
  return line;
}

bool vt_contains(const struct vt *vt, const char *text)
{
  bool found = false;
  for (size_t row = 0; row < vt->rows && !found; row++) {
    char *line = vt_row(vt, row);
    found = strstr(line, text) != NULL;
    free(line);
  }
  return found;
}
