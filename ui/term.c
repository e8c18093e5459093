/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The full screen: the only file that includes curses, which here only draws. */
#include "ui/term.h"

#define NCURSES_NOMACROS
#define NCURSES_WIDECHAR 1
#include <curses.h>

#include <fcntl.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#include "base/memory.h"
#include "base/utf8.h"
#include "ui/term_internal.h"
#include "ui/term_rescue.h"
#include "ui/term_signals.h"

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"
#define MOUSE_ON "\033[?1000h\033[?1006h"
#define MOUSE_OFF "\033[?1006l\033[?1000l"

/* A string of the terminal's description, or NULL. */
static const char *capability(const char *name)
{
  const char *string = tigetstr(name);
  return string && string != (const char *)-1 && *string ? string : NULL;
}

/* Appends it without its padding marks $<…>. */
static void append_capability(struct text *text, const char *string)
{
  while (string && *string) {
    const char *mark = strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;
    if (mark)
      string = mark + 1;
    else
      text_append_char(text, *string++);
  }
}

/* The bytes that give the terminal back from any state, written where curses cannot be called. */
static void prepare_rescue(struct term *term)
{
  struct text text = TEXT_INIT;
  if (term->screen) {
    if (term->xterm_like)
      text_append(&text, MOUSE_OFF PASTE_OFF);
    append_capability(&text, capability("sgr0"));
    append_capability(&text, capability("op"));
    append_capability(&text, capability("cnorm"));
    if (!capability("rmcup"))
      append_capability(&text, tparm(capability("cup"), (int)term->rows - 1, 0));
    append_capability(&text, capability("rmcup"));
  }
  text_append(&text, "\r\n");
  rescue_prepare(term->tty, text_string(&text), text.length, &term->found);
  text_clear(&text);
}

static void read_keys(struct key_decoder *decoder)
{
  static const struct {
    const char *name;
    uint32_t code;
  } keys[] = {
      {"kcuu1", KEYS_UP},       {"kcud1", KEYS_DOWN},    {"kcub1", KEYS_LEFT},      {"kcuf1", KEYS_RIGHT},
      {"khome", KEYS_HOME},     {"kend", KEYS_END},      {"kpp", KEYS_PAGE_UP},     {"knp", KEYS_PAGE_DOWN},
      {"kich1", KEYS_INSERT},   {"kdch1", KEYS_DELETE},  {"kcbt", KEYS_BACK_TAB},   {"kent", KEYS_ENTER},
      {"kbs", KEYS_BACKSPACE},  {"kf1", KEYS_F1},        {"kf2", KEYS_F2},          {"kf3", KEYS_F3},
      {"kf4", KEYS_F4},         {"kf5", KEYS_F5},        {"kf6", KEYS_F6},          {"kf7", KEYS_F7},
      {"kf8", KEYS_F8},         {"kf9", KEYS_F9},        {"kf10", KEYS_F10},        {"kf11", KEYS_F11},
      {"kf12", KEYS_F12},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    const char *bytes = capability(keys[i].name);
    if (bytes)
      key_decoder_add(decoder, bytes, keys[i].code);
  }
}

/* Colours of the styles: one pair a style, on the terminal's own background.  What fails leaves it mono. */
static void choose_looks(struct term *term, enum term_color color)
{
  int colors = 0;
  if (color_is_wanted(color, getenv("NO_COLOR")) && has_colors() && start_color() == OK && use_default_colors() == OK)
    colors = COLORS;
  struct term_look looks[STYLE_COUNT];
  looks_choose(colors, background_of(getenv("COLORFGBG")), looks);
  if (term->charset == CHARSET_ASCII && colors < 8)
    looks[STYLE_DIM].dim = false; /* a plain terminal may be a slow one: dim frames would be a third of what is sent */
  for (int i = 0; i < STYLE_COUNT; i++) {
    attr_t attributes = (looks[i].bold ? A_BOLD : 0) | (looks[i].dim ? A_DIM : 0);
    short pair = (short)(i + 1);
    if (looks[i].foreground >= 0 && init_pair(pair, (short)looks[i].foreground, -1) == OK)
      attributes |= (attr_t)COLOR_PAIR(pair);
    term->attributes[i] = attributes;
  }
}

static bool can_address(void)
{
  return capability("cup") && tigetflag("gn") != 1 && tigetflag("hc") != 1;
}

/* Opens curses under $TERM or, where that is unknown, under what is likely to be near it. */
static void open_screen(struct term *term)
{
  const char *type = getenv("TERM");
  bool many_colors = type && (strncmp(type, "xterm-", 6) == 0 || strstr(type, "-256color"));
  const char *tries[] = {type, many_colors ? "xterm-256color" : "xterm", "xterm", "vt100", "ansi", "dumb"};
  for (size_t i = 0; i < sizeof tries / sizeof *tries && !term->screen; i++) {
    if (!tries[i] || !*tries[i])
      continue;
    term->screen = newterm(tries[i], term->stream, term->stream);
    if (!term->screen || i == 0)
      continue;
    struct text notice = TEXT_INIT;
    text_append(&notice, "terminal type ");
    utf8_append_visible(&notice, type && *type ? type : "(TERM is not set)");
    text_append_format(&notice, " is not known here: treated as %s", tries[i]);
    term->notice = text_take(&notice);
  }
  if (!term->screen)
    return;
  const char *mouse = capability("kmous"), *name = termname();
  term->xterm_like = mouse && strncmp(mouse, "\033[", 2) == 0 && strncmp(name, "linux", 5) != 0;
  if (!can_address()) {
    delscreen(term->screen);
    term->screen = NULL;
  }
}

/* Raw bytes, no echo, no signals from keys; Ctrl-S and Ctrl-Q still hold the line (IXON is left as it was). */
static void set_modes(struct term *term)
{
  if (term->screen) {
    cbreak();
    noecho();
    nonl();
  }
  term->program = term->found;
  term->program.c_lflag &= (tcflag_t) ~(ICANON | ECHO | ECHONL | ISIG | IEXTEN);
  term->program.c_iflag &= (tcflag_t) ~(ICRNL | INLCR | IGNCR | ISTRIP);
  term->program.c_oflag &= (tcflag_t) ~ONLCR;
  term->program.c_cc[VMIN] = 1;
  term->program.c_cc[VTIME] = 0;
  tcsetattr(term->tty, TCSADRAIN, &term->program);
  if (term->screen)
    def_prog_mode();
}

static void send_modes(const struct term *term)
{
  if (!term->xterm_like)
    return;
  term_write(term, PASTE_ON, strlen(PASTE_ON));
  if (term->mouse)
    term_write(term, MOUSE_ON, strlen(MOUSE_ON));
}

static void unsend_modes(const struct term *term)
{
  if (!term->xterm_like)
    return;
  term_write(term, PASTE_OFF, strlen(PASTE_OFF));
  if (term->mouse)
    term_write(term, MOUSE_OFF, strlen(MOUSE_OFF));
}

/* Standard input where it is a terminal, else the one that controls the process; a descriptor of its own. */
static int open_tty(void)
{
  if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO)) {
    const char *name = ttyname(STDIN_FILENO);
    int tty = name ? open(name, O_RDWR | O_NOCTTY | O_CLOEXEC) : -1;
    return tty >= 0 ? tty : fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
  }
  return open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

static int read_escape_delay(void)
{
  const char *value = getenv("ESCDELAY");
  long delay = value ? strtol(value, NULL, 10) : 0;
  return delay > 0 && delay <= 10000 ? (int)delay : 50;
}

enum status term_open(const struct term_options *options, struct term **result, struct error *error)
{
  int tty = open_tty();
  struct termios found;
  if (tty < 0 || tcgetattr(tty, &found) != 0) {
    if (tty >= 0)
      close(tty);
    error_set(error, "there is no terminal to explore in");
    return error_hint(error, "run commands with -e or a script with -b instead");
  }
  struct term *term = memory_new(1, sizeof *term);
  term->tty = tty;
  term->stream = fdopen(tty, "r+");
  term->found = found;
  term->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  term->charset = options->ascii || !term->utf8 ? CHARSET_ASCII : CHARSET_BOX;
  term->escape_delay = read_escape_delay();
  unsetenv("LINES"); /* the window's size comes from the tty: an exported one would freeze it */
  unsetenv("COLUMNS");
  key_decoder_init(&term->decoder, term->utf8);
  signals_catch(); /* before curses, which leaves signals alone that are caught */
  open_screen(term);
  if (term->screen) {
    read_keys(&term->decoder);
    choose_looks(term, options->color);
  }
  set_modes(term);
  term_measure(term);
  prepare_rescue(term);
  rescue_arm();
  send_modes(term);
  term_set_mouse(term, options->mouse);
  *result = term;
  return STATUS_OK;
}

void term_close(struct term *term)
{
  if (!term)
    return;
  term_leave(term);
  rescue_end();
  signals_release();
  if (term->screen)
    delscreen(term->screen);
  fclose(term->stream);
  key_decoder_clear(&term->decoder);
  canvas_clear(&term->shown);
  free(term->notice);
  free(term);
}

enum charset term_charset(const struct term *term)
{
  return term->charset;
}

const char *term_notice(const struct term *term)
{
  return term->notice;
}

void term_size(const struct term *term, size_t *rows, size_t *columns)
{
  *rows = term->rows;
  *columns = term->columns;
}

void term_measure(struct term *term)
{
  struct winsize size;
  bool known = ioctl(term->tty, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0;
  if (known) {
    term->rows = size.ws_row;
    term->columns = size.ws_col;
  } else if (term->rows == 0) {
    term->rows = term->screen && LINES > 0 ? (size_t)LINES : 24;
    term->columns = term->screen && COLS > 0 ? (size_t)COLS : 80;
  }
  if (term->screen && ((size_t)LINES != term->rows || (size_t)COLS != term->columns))
    resize_term((int)term->rows, (int)term->columns);
  canvas_clear(&term->shown);
  canvas_init(&term->shown, term->rows, term->columns);
  term->repaint = true;
}

void term_redraw(struct term *term)
{
  term->repaint = true;
}

/* One cell for curses.  The canvas holds printable code points only; what the locale cannot show, or shows in another
 * width, becomes a question mark. */
static void make_cell(const struct term *term, const struct canvas_cell *cell, bool wide, cchar_t *result)
{
  wchar_t glyph[4] = {(wchar_t)cell->glyph, 0};
  if (!term->utf8 && cell->glyph >= 0x80) {
    struct text shown = TEXT_INIT;
    term_append_glyph(term, cell->glyph, &shown);
    if (strcmp(text_string(&shown), "?") == 0)
      glyph[0] = L'?';
    text_clear(&shown);
  }
  if (glyph[0] < ' ' || utf8_width(cell->glyph) < 1 || wcwidth(glyph[0]) != (wide ? 2 : 1))
    glyph[0] = L'?';
  else if (term->utf8)
    for (size_t i = 0; i < 2 && cell->marks[i] && wcwidth((wchar_t)cell->marks[i]) == 0; i++)
      glyph[i + 1] = (wchar_t)cell->marks[i];
  size_t style = cell->style < STYLE_COUNT ? cell->style : STYLE_TEXT;
  attr_t attributes = (attr_t)term->attributes[style];
  if (cell->attributes & ATTRIBUTE_REVERSE)
    attributes |= A_REVERSE;
  if (cell->attributes & ATTRIBUTE_BOLD)
    attributes |= A_BOLD;
  if (cell->attributes & ATTRIBUTE_UNDERLINE)
    attributes |= A_UNDERLINE;
  setcchar(result, glyph, attributes & ~(attr_t)A_COLOR, (short)PAIR_NUMBER(attributes), NULL);
}

enum { SHORT_GAP = 4 };

static bool is_blank(const struct canvas_cell *cell)
{
  return cell->glyph == ' ' && !cell->attributes;
}

/* A cell as it is sent: a few blanks between two signs of one style have that style, so that it need not be switched twice;
 * a style shows on no blank. */
static struct canvas_cell joined(const struct term *term, const struct canvas_cell *row, size_t column)
{
  struct canvas_cell cell = row[column];
  size_t before = column, after = column;
  if (!is_blank(&cell))
    return cell;
  while (before > 0 && is_blank(&row[before]) && column - before < SHORT_GAP)
    before--;
  while (after + 1 < term->columns && is_blank(&row[after]) && after - column < SHORT_GAP)
    after++;
  if (!is_blank(&row[before]) && !is_blank(&row[after]) && row[before].style == row[after].style &&
      !row[before].attributes && !row[after].attributes && after - before <= SHORT_GAP)
    cell.style = row[before].style;
  return cell;
}

static void draw_cells(const struct term *term, const struct canvas_cell *cells, size_t row, size_t first, size_t end)
{
  cchar_t line[256];
  int n = 0;
  size_t start = first;
  for (size_t i = first; i < end; i++) {
    bool wide = i + 1 < term->columns && cells[i + 1].glyph == 0;
    if (cells[i].glyph != 0) {
      const struct canvas_cell cell = joined(term, cells, i);
      make_cell(term, &cell, wide, &line[n++]);
    }
    if (n == 256 || (i + 1 == end && n > 0)) {
      mvadd_wchnstr((int)row, (int)start, line, n);
      start = i + 1 + wide;
      n = 0;
    }
  }
}

static bool cells_equal(const struct canvas_cell *a, const struct canvas_cell *b)
{
  return a->glyph == b->glyph && a->style == b->style && a->attributes == b->attributes && a->marks[0] == b->marks[0] &&
         a->marks[1] == b->marks[1];
}

/* Draws what differs in one row, whole wide glyphs; false where nothing does. */
static bool draw_row(const struct term *term, const struct frame *frame, size_t row)
{
  const struct canvas_cell *cells = frame->canvas.cells + row * term->columns;
  const struct canvas_cell *shown = term->shown.cells + row * term->columns;
  size_t first = 0, end = term->columns;
  if (!term->repaint) {
    while (first < end && cells_equal(&cells[first], &shown[first]))
      first++;
    while (end > first && cells_equal(&cells[end - 1], &shown[end - 1]))
      end--;
  }
  if (first == end)
    return false;
  while (first > 0 && cells[first].glyph == 0)
    first--;
  draw_cells(term, cells, row, first, end);
  return true;
}

static void draw_screen(struct term *term, const struct frame *frame)
{
  bool changed = term->repaint;
  if (term->repaint) {
    erase();
    clearok(curscr, TRUE);
  }
  for (size_t row = 0; row < term->rows; row++)
    changed |= draw_row(term, frame, row);
  if (term->repaint || frame->cursor_shown != term->cursor_shown) {
    curs_set(frame->cursor_shown ? 1 : 0);
    changed = true;
  }
  changed |= frame->cursor_row != term->cursor_row || frame->cursor_column != term->cursor_column;
  if (!changed)
    return;
  move((int)frame->cursor_row, (int)frame->cursor_column);
  wnoutrefresh(stdscr);
  doupdate();
}

void term_draw(struct term *term, const struct frame *frame)
{
  const struct canvas *canvas = &frame->canvas;
  if (canvas->rows != term->rows || canvas->columns != term->columns)
    return; /* drawn for another size: the right one is on its way */
  if (term->screen)
    draw_screen(term, frame);
  else
    term_print_changes(term, frame);
  memcpy(term->shown.cells, canvas->cells, canvas->rows * canvas->columns * sizeof *canvas->cells);
  term->cursor_row = frame->cursor_row;
  term->cursor_column = frame->cursor_column;
  term->cursor_shown = frame->cursor_shown;
  term->repaint = false;
}

void term_leave(struct term *term)
{
  unsend_modes(term);
  if (term->screen && !isendwin())
    endwin();
  tcsetattr(term->tty, TCSADRAIN, &term->found);
  rescue_disarm();
}

void term_enter(struct term *term)
{
  rescue_arm();
  tcsetattr(term->tty, TCSADRAIN, &term->program);
  term_measure(term);
  send_modes(term);
}

void term_suspend(struct term *term)
{
  term_leave(term);
  signals_stop(true);
  term_take_signals(term);
  term->continued = false;
  term_enter(term);
}

void term_set_mouse(struct term *term, bool on)
{
  if (!term->xterm_like || on == term->mouse)
    return;
  term->mouse = on;
  term->decoder.mouse = on;
  if (on)
    term_write(term, MOUSE_ON, strlen(MOUSE_ON));
  else
    term_write(term, MOUSE_OFF, strlen(MOUSE_OFF));
}

void term_show_plain(struct term *term, const char *text)
{
  unsend_modes(term);
  if (term->screen)
    endwin();
  tcsetattr(term->tty, TCSADRAIN, &term->program);
  term_print_text(term, text);
  term_print_text(term, "\n[kaplan: a key goes back]");
  term_wait_key(term);
  term_enter(term);
}
