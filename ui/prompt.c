/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The only file that includes readline.  Readline reads from a burst of bytes in memory, one whole key at a time, prints
 * into nothing, and asks nobody: no signal handler, no terminal mode, no environment. */
#include "ui/prompt.h"

#include <langinfo.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/memory.h"
#include "base/text.h"
#include "ui/history_file.h"
#include "ui/prompt_input.h"

enum { CTRL_C = 3, CTRL_G = 7, ESCAPE = 27 };
enum { N_HISTORIES = 3, HISTORY_KEPT = 1000, MATCHES_SHOWN = 1000 };

struct prompt {
  struct prompt_options options;
  FILE *nowhere; /* readline's streams */
  bool utf8;
  bool open; /* a line is being edited */
  char *prefix;
  char *accepted; /* the line after PROMPT_ACCEPTED */
  enum prompt_result result;
  struct text pending; /* an unfinished key */
  bool pasting;
  struct text paste;
  const char *burst; /* what readline may read now */
  size_t burst_length, burst_at, starved;
  char **matches;
  HISTORY_STATE histories[N_HISTORIES]; /* of : / and \ */
  size_t history;
  char **entered; /* lines for the history file */
  size_t n_entered, entered_capacity;
};

/* Readline's callbacks take no argument of ours. */
static struct prompt *the_prompt;

/* 1. What readline calls */

static int read_byte(FILE *stream)
{
  (void)stream;
  if (the_prompt->burst_at < the_prompt->burst_length)
    return (unsigned char)the_prompt->burst[the_prompt->burst_at++];
  /* A function that reads on its own and finds nothing is told to abort, not to wait. */
  return the_prompt->starved++ < 16 ? CTRL_G : EOF;
}

static int input_available(void)
{
  return the_prompt->burst_at < the_prompt->burst_length;
}

static void draw_nothing(void)
{
}

static void close_line(void)
{
  rl_callback_handler_remove();
  the_prompt->open = false;
}

static void take_line(char *line)
{
  the_prompt->result = line ? PROMPT_ACCEPTED : PROMPT_CANCELLED;
  if (line)
    the_prompt->accepted = memory_copy_string(line);
  free(line);
  close_line();
}

static void forget_matches(void)
{
  for (char **match = the_prompt->matches; match && *match; match++)
    free(*match);
  free(the_prompt->matches);
  the_prompt->matches = NULL;
}

/* matches[0] is what they have in common, matches[1 … n] are they. */
static void keep_matches(char **matches, int n, int longest)
{
  (void)longest;
  forget_matches();
  size_t kept = n < MATCHES_SHOWN ? (size_t)n : MATCHES_SHOWN;
  the_prompt->matches = memory_new(kept + 1, sizeof(char *));
  for (size_t i = 0; i < kept; i++)
    the_prompt->matches[i] = memory_copy_string(matches[i + 1]);
}

/* Bytes that all words begin with. */
static size_t common_length(char *const *words, size_t n)
{
  size_t length = strlen(words[0]);
  for (size_t i = 1; i < n; i++) {
    size_t same = 0;
    while (same < length && words[0][same] == words[i][same])
      same++;
    length = same;
  }
  while (length > 0 && ((unsigned char)words[0][length] & 0xc0) == 0x80)
    length--; /* not through a character */
  return length;
}

/* Readline wants the replacement first: the common beginning, or the text as it is where the words begin otherwise. */
static char **complete(const char *text, int start, int end)
{
  rl_attempted_completion_over = 1;
  rl_completion_append_character = ' ';
  const struct prompt_options *options = &the_prompt->options;
  char **words = options->completer ? options->completer(rl_line_buffer, (size_t)start, (size_t)end, options->data) : NULL;
  size_t n = 0;
  while (words && words[n])
    n++;
  if (n == 0) {
    free(words);
    return NULL;
  }
  char **matches = memory_new(n + 2, sizeof *matches);
  if (n == 1) {
    matches[0] = words[0];
    size_t length = strlen(words[0]);
    if (length > 0 && strchr("=(,/", words[0][length - 1])) {
      rl_completion_append_character = '\0';
      rl_completion_suppress_quote = 1; /* a folder goes on */
    }
  } else {
    size_t common = common_length(words, n);
    matches[0] = common >= strlen(text) ? memory_copy_bytes(words[0], common) : memory_copy_string(text);
    memcpy(matches + 1, words, n * sizeof *words);
  }
  free(words);
  return matches;
}

/* 2. Life */

static void add_line(const char *line)
{
  add_history(line);
}

/* What may not be said in an inputrc, set after it was read: no bell (it would go to standard error), the list of matches
 * at the first Tab, and no key that reads the file again. */
static void bind_own(void)
{
  rl_variable_bind("bell-style", "none");
  rl_variable_bind("show-all-if-ambiguous", "on");
  rl_variable_bind("enable-bracketed-paste", "off");
  Keymap maps[] = {emacs_standard_keymap, emacs_ctlx_keymap, emacs_meta_keymap, vi_movement_keymap, vi_insertion_keymap};
  for (size_t i = 0; i < sizeof maps / sizeof *maps; i++)
    rl_unbind_function_in_map(rl_re_read_init_file, maps[i]);
}

struct prompt *prompt_new(const struct prompt_options *options)
{
  struct prompt *prompt = memory_new(1, sizeof *prompt);
  prompt->options = *options;
  prompt->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  prompt->nowhere = fopen("/dev/null", "r+e");
  the_prompt = prompt;
  rl_change_environment = 0; /* first of all: LINES and COLUMNS would freeze curses */
  rl_catch_signals = 0;
  rl_catch_sigwinch = 0;
  rl_prep_term_function = NULL;
  rl_deprep_term_function = NULL;
  rl_readline_name = "kaplan";
  rl_instream = prompt->nowhere;
  rl_outstream = prompt->nowhere;
  rl_getc_function = read_byte;
  rl_input_available_hook = input_available;
  rl_redisplay_function = draw_nothing;
  rl_attempted_completion_function = complete;
  rl_completion_display_matches_hook = keep_matches;
  rl_sort_completion_matches = 0;
  rl_completer_word_break_characters = " \t\n,=()+*/^<>!&|:~";
  rl_completer_quote_characters = "\"`";
  rl_initialize();
  bind_own();
  using_history();
  stifle_history(HISTORY_KEPT);
  if (options->history_file)
    history_file_read(options->history_file, add_line);
  return prompt;
}

static void switch_history(struct prompt *prompt, size_t history)
{
  HISTORY_STATE *state = history_get_history_state();
  prompt->histories[prompt->history] = *state;
  free(state);
  prompt->history = history;
  history_set_history_state(&prompt->histories[history]);
  stifle_history(HISTORY_KEPT);
  using_history();
}

static void cancel(struct prompt *prompt)
{
  if (prompt->open) {
    rl_callback_sigcleanup();
    rl_free_line_state();
    close_line();
  }
  text_clear(&prompt->pending);
  text_clear(&prompt->paste);
  prompt->pasting = false;
  prompt->result = PROMPT_CANCELLED;
}

void prompt_free(struct prompt *prompt)
{
  if (!prompt)
    return;
  cancel(prompt);
  forget_matches();
  if (prompt->options.history_file)
    history_file_append(prompt->options.history_file, prompt->entered, prompt->n_entered, HISTORY_KEPT);
  for (size_t i = 0; i < prompt->n_entered; i++)
    free(prompt->entered[i]);
  free(prompt->entered);
  for (size_t i = 0; i < N_HISTORIES; i++) {
    switch_history(prompt, i);
    rl_clear_history();
  }
  rl_instream = rl_outstream = NULL;
  fclose(prompt->nowhere);
  free(prompt->prefix);
  free(prompt->accepted);
  free(prompt);
  the_prompt = NULL;
}

/* 3. A line */

void prompt_begin(struct prompt *prompt, const char *prefix, const char *text)
{
  cancel(prompt);
  forget_matches();
  free(prompt->prefix);
  free(prompt->accepted);
  prompt->prefix = memory_copy_string(prefix);
  prompt->accepted = NULL;
  prompt->result = PROMPT_EDITING;
  switch_history(prompt, prefix[0] == '/' ? 1 : prefix[0] == '\\' ? 2 : 0);
  prompt->open = true;
  rl_callback_handler_install(prompt->prefix, take_line);
  if (text && *text)
    rl_insert_text(text);
}

void prompt_set_point(struct prompt *prompt, size_t point)
{
  if (prompt->open)
    rl_point = point < (size_t)rl_end ? (int)point : rl_end;
}

/* Keeps an accepted line, unless it begins with a blank or repeats the last one. */
static void remember(struct prompt *prompt)
{
  const char *line = prompt->accepted;
  HIST_ENTRY *last = history_length > 0 ? history_get(history_base + history_length - 1) : NULL;
  if (line[0] == '\0' || line[0] == ' ' || strchr(line, '\n') || (last && strcmp(last->line, line) == 0))
    return;
  add_history(line);
  if (prompt->history == 0)
    MEMORY_APPEND(prompt->entered, prompt->n_entered, prompt->entered_capacity, memory_copy_string(line));
}

static void feed_readline(struct prompt *prompt, const char *bytes, size_t length)
{
  prompt->burst = bytes;
  prompt->burst_length = length;
  prompt->burst_at = prompt->starved = 0;
  while (prompt->open && prompt->burst_at < length)
    rl_callback_read_char();
  prompt->burst_length = prompt->burst_at = 0;
}

static bool is_searching(void)
{
  return RL_ISSTATE(RL_STATE_ISEARCH | RL_STATE_NSEARCH);
}

static void press_escape(struct prompt *prompt)
{
  if (is_searching())
    feed_readline(prompt, "\007", 1);
  else if (rl_editing_mode == 0)
    feed_readline(prompt, "\033", 1);
  else
    cancel(prompt);
}

static bool is_bound(const char *bytes, size_t length)
{
  int type;
  return rl_function_of_keyseq_len(bytes, length, NULL, &type) && type != ISKMAP;
}

/* A function key that the user has bound goes as it is; else the spelling that is bound by default; else nothing, so that
 * no part of an unknown sequence is inserted. */
static void press_sequence(struct prompt *prompt, const char *bytes, size_t length)
{
  const char *plain = input_plain_sequence(bytes, length);
  if (is_bound(bytes, length))
    feed_readline(prompt, bytes, length);
  else if (plain && is_bound(plain, strlen(plain)))
    feed_readline(prompt, plain, strlen(plain));
}

static void press_character(struct prompt *prompt, const char *bytes, size_t length)
{
  bool aborts = is_searching() || RL_ISSTATE(RL_STATE_MULTIKEY | RL_STATE_NUMERICARG);
  if (bytes[0] == CTRL_C || (bytes[0] == CTRL_G && !aborts))
    cancel(prompt);
  else
    feed_readline(prompt, bytes, length);
}

static void finish_paste(struct prompt *prompt)
{
  struct text line = TEXT_INIT;
  input_append_pasted(&line, text_string(&prompt->paste), prompt->paste.length, prompt->utf8);
  text_clear(&prompt->paste);
  prompt->pasting = false;
  if (is_searching())
    feed_readline(prompt, text_string(&line), line.length); /* it only lengthens what is searched */
  else
    rl_insert_text(text_string(&line));
  text_clear(&line);
}

/* Handles the first key of the bytes; returns its length, 0 where it is unfinished. */
static size_t press(struct prompt *prompt, const char *bytes, size_t length)
{
  if (prompt->pasting) {
    bool closed;
    size_t used = input_paste(bytes, length, &prompt->paste, &closed);
    if (closed)
      finish_paste(prompt);
    return used;
  }
  enum input_kind kind;
  size_t used = input_cut(bytes, length, prompt->utf8, &kind);
  if (used == 0)
    return 0;
  forget_matches();
  if (kind == INPUT_PASTE)
    prompt->pasting = true;
  else if (kind == INPUT_ESCAPE)
    press_escape(prompt);
  else if (kind == INPUT_SEQUENCE)
    press_sequence(prompt, bytes, used);
  else if (kind == INPUT_META)
    feed_readline(prompt, bytes, used);
  else
    press_character(prompt, bytes, used);
  return used;
}

enum prompt_result prompt_feed(struct prompt *prompt, const char *bytes, size_t length, size_t *used)
{
  *used = length;
  if (!prompt->open)
    return prompt->result;
  struct text input = prompt->pending;
  prompt->pending = (struct text)TEXT_INIT;
  size_t carried = input.length, at = 0;
  text_append_bytes(&input, bytes, length);
  while (prompt->open && at < input.length) {
    size_t taken = press(prompt, input.bytes + at, input.length - at);
    if (taken == 0)
      break;
    at += taken;
  }
  if (prompt->open)
    text_append_bytes(&prompt->pending, text_string(&input) + at, input.length - at);
  else
    *used = at > carried ? at - carried : 0;
  text_clear(&input);
  if (prompt->result == PROMPT_ACCEPTED)
    remember(prompt);
  return prompt->result;
}

int prompt_patience(const struct prompt *prompt, int escape_delay)
{
  if (!prompt->open)
    return -1;
  if (prompt->pasting)
    return 1000;
  if (prompt->pending.length == 0)
    return -1;
  bool escape = prompt->pending.length == 1 && prompt->pending.bytes[0] == ESCAPE;
  return escape || escape_delay > 200 ? escape_delay : 200;
}

enum prompt_result prompt_escape(struct prompt *prompt)
{
  bool escape = prompt->pending.length > 0 && prompt->pending.bytes[0] == ESCAPE;
  text_clear(&prompt->pending);
  forget_matches();
  if (!prompt->open)
    return prompt->result;
  if (prompt->pasting)
    finish_paste(prompt);
  else if (escape)
    press_escape(prompt);
  return prompt->result;
}

const char *prompt_text(const struct prompt *prompt)
{
  if (prompt->open)
    return rl_line_buffer;
  return prompt->accepted ? prompt->accepted : "";
}

size_t prompt_point(const struct prompt *prompt)
{
  return prompt->open ? (size_t)rl_point : strlen(prompt_text(prompt));
}

const char *prompt_prefix(const struct prompt *prompt)
{
  if (prompt->open && is_searching() && rl_display_prompt)
    return rl_display_prompt;
  return prompt->prefix ? prompt->prefix : "";
}

char *const *prompt_matches(const struct prompt *prompt)
{
  return prompt->matches;
}
