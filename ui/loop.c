/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/loop.h"

#include <locale.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ui/explorer.h"
#include "ui/job.h"
#include "ui/prompt.h"
#include "ui/worker.h"

enum { EXIT_FIRST_COMMAND = 1, EXIT_NO_TERMINAL = 2, LOAD_PATIENCE = 80, PROGRESS_PERIOD = 250, CURVES_PATIENCE = 20, MODEL_PATIENCE = 8 };
enum { FIRST_PATIENCE = 15 }; /* times as long before the first frame, which is the largest */
enum { SHORT_PATIENCE = 5 };  /* where the last results took longer than any patience: the key alone is answered */

struct loop {
  struct session *session;
  struct term *term;
  struct prompt *prompt;
  struct explorer_workers workers;
  struct explorer *explorer;
  struct frame frame;
  bool prompting, dirty, quit, has_drawn;
  int64_t asked_at; /* when the results that are under way were asked for, in milliseconds; 0: none are, or some came */
  int64_t latency;  /* how long the last took to come */
  unsigned long n_awaited; /* explorer_n_asked() when results were waited for last */
  bool noticed; /* the terminal's notice, if any, was on the screen until a key came */
};

static void size_frame(struct loop *loop)
{
  size_t rows, columns;
  term_size(loop->term, &rows, &columns);
  if (rows == loop->frame.canvas.rows && columns == loop->frame.canvas.columns)
    return;
  frame_clear(&loop->frame);
  frame_init(&loop->frame, rows, columns);
}

static void draw_notice(struct loop *loop)
{
  struct canvas *canvas = &loop->frame.canvas;
  struct area area = {.row = canvas->rows - 1, .rows = 1, .columns = canvas->columns};
  canvas_fill(canvas, area, ' ', STYLE_TEXT);
  canvas_text(canvas, area, term_notice(loop->term), STYLE_WARNING, term_charset(loop->term));
}

static void draw(struct loop *loop)
{
  size_frame(loop);
  canvas_erase(&loop->frame.canvas);
  explorer_draw(loop->explorer, &loop->frame);
  if (!loop->noticed)
    draw_notice(loop);
  term_draw(loop->term, &loop->frame);
  loop->dirty = false;
}

static void show_prompt(struct loop *loop)
{
  const struct prompt *prompt = loop->prompt;
  explorer_prompt_changed(loop->explorer, prompt_prefix(prompt), prompt_text(prompt), prompt_point(prompt),
                          prompt_matches(prompt));
}

static void obey(struct loop *loop, enum explorer_wish wish)
{
  loop->dirty = true;
  switch (wish) {
  case WISH_NONE:
    break;
  case WISH_PROMPT:
    prompt_begin(loop->prompt, explorer_prompt_prefix(loop->explorer), explorer_prompt_text(loop->explorer));
    prompt_set_point(loop->prompt, explorer_prompt_point(loop->explorer));
    loop->prompting = true;
    show_prompt(loop);
    break;
  case WISH_QUIT:
    loop->quit = true;
    break;
  case WISH_SUSPEND:
    term_suspend(loop->term);
    break;
  case WISH_REPAINT:
    term_redraw(loop->term);
    break;
  case WISH_PLAIN: {
    char *text = explorer_plain_text(loop->explorer, loop->frame.canvas.columns);
    term_show_plain(loop->term, text ? text : "");
    free(text);
    break;
  }
  case WISH_MOUSE:
    term_set_mouse(loop->term, explorer_mouse(loop->explorer));
    break;
  }
  loop->quit |= session_quit_requested(loop->session);
}

static void answer_prompt(struct loop *loop, enum prompt_result result)
{
  if (result == PROMPT_EDITING) {
    show_prompt(loop);
    loop->dirty = true;
    return;
  }
  loop->prompting = false;
  const char *text = result == PROMPT_ACCEPTED ? prompt_text(loop->prompt) : NULL;
  obey(loop, explorer_prompt_done(loop->explorer, text));
}

/* Ctrl-Z and Ctrl-L mean the same in a prompt as outside, when they are typed and not pasted. */
static bool is_for_screen(struct loop *loop, char byte)
{
  if (byte == KEYS_CTRL_Z)
    term_suspend(loop->term);
  else if (byte == KEYS_CTRL_L)
    term_redraw(loop->term);
  else
    return false;
  loop->dirty = true;
  return true;
}

/* Gives the prompt what was typed; true where there was something. */
static bool feed_prompt(struct loop *loop)
{
  char bytes[1024];
  struct key event = term_event(loop->term);
  if (event.code == KEYS_RESIZE)
    loop->dirty = true;
  if (event.code == KEYS_CTRL_C)
    bytes[0] = KEYS_CTRL_C;
  size_t n = event.code == KEYS_CTRL_C ? 1 : term_read_bytes(loop->term, bytes, sizeof bytes);
  if (n == 0)
    return event.code == KEYS_RESIZE;
  if (n == 1 && is_for_screen(loop, bytes[0]))
    return true;
  size_t used;
  enum prompt_result result = prompt_feed(loop->prompt, bytes, n, &used);
  term_unread_bytes(loop->term, bytes + used, n - used);
  answer_prompt(loop, result);
  return true;
}

/* Gives the explorer one key; true where there was one. */
static bool feed_explorer(struct loop *loop)
{
  struct key key = term_key(loop->term);
  if (key.code == KEYS_NONE || key.code == KEYS_HANGUP)
    return false;
  if (key.code == KEYS_RESIZE) {
    loop->dirty = true;
    return true;
  }
  loop->noticed = true;
  if (key.code != KEYS_PASTE)
    obey(loop, explorer_key(loop->explorer, &key));
  return true;
}

static bool is_computing(const struct loop *loop)
{
  return worker_progress(loop->workers.curves) >= 0 || worker_progress(loop->workers.views) >= 0 ||
         worker_progress(loop->workers.beside) >= 0;
}

static int64_t milliseconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static bool take_results(struct loop *loop)
{
  struct screen_results *results = worker_take(loop->workers.curves);
  if (!results)
    results = worker_take(loop->workers.views);
  if (!results)
    results = worker_take(loop->workers.beside);
  if (!results)
    return false;
  if (loop->asked_at)
    loop->latency = milliseconds() - loop->asked_at;
  loop->asked_at = 0;
  explorer_results(loop->explorer, results);
  loop->dirty = true;
  return true;
}

static bool take_errands(struct loop *loop)
{
  if (!explorer_take_errands(loop->explorer))
    return false;
  loop->dirty = true;
  return true;
}

static bool take_job(struct loop *loop)
{
  enum explorer_wish wish;
  if (!explorer_take_job(loop->explorer, &wish))
    return false;
  obey(loop, wish);
  return true;
}

/* But the histograms, which come when all else is there. */
static bool has_errand(const struct loop *loop)
{
  bool any = false;
  for (int kind = 0; kind < ERRAND_HISTOGRAMS; kind++)
    any |= errands_is_busy(loop->workers.errands, (enum errand_kind)kind);
  return any;
}

static int shorter(int a, int b)
{
  return a < 0 ? b : b < 0 || a < b ? a : b;
}

/* What a frame waits for. */
static bool is_awaited(const struct loop *loop)
{
  return explorer_job_descriptor(loop->explorer) >= 0 || has_errand(loop) || is_computing(loop);
}

/* Waits until something is done, and takes it; false where nothing was by `until`. */
static bool await_one(struct loop *loop, int64_t until)
{
  struct pollfd polled[] = {{.fd = worker_descriptor(loop->workers.curves), .events = POLLIN},
                            {.fd = worker_descriptor(loop->workers.views), .events = POLLIN},
                            {.fd = worker_descriptor(loop->workers.beside), .events = POLLIN},
                            {.fd = errands_descriptor(loop->workers.errands), .events = POLLIN},
                            {.fd = explorer_job_descriptor(loop->explorer), .events = POLLIN}};
  const int64_t left = until - milliseconds();
  return left > 0 && poll(polled, sizeof polled / sizeof *polled, (int)left) > 0;
}

/* Most results come in a few milliseconds: waiting for them that long makes one frame of two, which a slow line feels.  Once for
 * what was asked: the keys that come while it is computed are answered at once, and so is what comes late. */
static void await_result(struct loop *loop)
{
  const unsigned long n_asked = explorer_n_asked(loop->explorer);
  const int patience = loop->has_drawn ? 1 : FIRST_PATIENCE;
  const bool is_slow = loop->has_drawn && loop->latency > CURVES_PATIENCE;
  if (n_asked == loop->n_awaited)
    return;
  loop->n_awaited = n_asked;
  loop->asked_at = milliseconds();
  int64_t until = loop->asked_at + (is_slow ? SHORT_PATIENCE : CURVES_PATIENCE * patience);
  while (is_awaited(loop) && await_one(loop, until)) {
    take_errands(loop);
    take_job(loop);
    if (take_results(loop)) /* the curves; then the model */
      until = milliseconds() + MODEL_PATIENCE * patience;
    while (take_results(loop)) /* both may have come */
      ;
  }
}

/* Sleeps until something happens: for ever, unless a key is unfinished or progress is to be shown. */
static void wait_for_event(struct loop *loop)
{
  struct pollfd polled[] = {
      {.fd = term_input(loop->term), .events = POLLIN},
      {.fd = term_signals(loop->term), .events = POLLIN},
      {.fd = worker_descriptor(loop->workers.curves), .events = POLLIN},
      {.fd = worker_descriptor(loop->workers.views), .events = POLLIN},
      {.fd = worker_descriptor(loop->workers.beside), .events = POLLIN},
      {.fd = errands_descriptor(loop->workers.errands), .events = POLLIN},
      {.fd = explorer_job_descriptor(loop->explorer), .events = POLLIN}, /* -1: none, which poll() passes over */
  };
  int key_timeout = term_timeout(loop->term);
  int prompt_timeout = loop->prompting ? prompt_patience(loop->prompt, term_escape_delay(loop->term)) : -1;
  bool busy = is_computing(loop) || explorer_job_descriptor(loop->explorer) >= 0;
  int timeout = shorter(shorter(key_timeout, prompt_timeout), busy ? PROGRESS_PERIOD : -1);
  int n = poll(polled, sizeof polled / sizeof *polled, timeout);
  if (n != 0)
    return;
  loop->dirty |= busy;
  if (prompt_timeout >= 0 && timeout == prompt_timeout)
    answer_prompt(loop, prompt_escape(loop->prompt));
}

static void run(struct loop *loop)
{
  loop->dirty = true;
  while (!loop->quit && !term_end_signal(loop->term)) {
    bool something = loop->prompting ? feed_prompt(loop) : feed_explorer(loop);
    something |= take_results(loop);
    something |= take_errands(loop);
    something |= take_job(loop);
    if (something || loop->quit || term_end_signal(loop->term))
      continue; /* draw once for all that was typed ahead */
    if (loop->dirty) {
      await_result(loop);
      draw(loop);
      loop->n_awaited = explorer_n_asked(loop->explorer); /* what drawing itself asked for is not waited for */
      loop->has_drawn = true;
    }
    wait_for_event(loop);
  }
}

/* Readline asks the explorer, which is there only after the terminal is. */
static char **complete(const char *line, size_t start, size_t end, void *data)
{
  struct loop *loop = data;
  return explorer_complete(line, start, end, loop->explorer);
}

static void free_workers(struct explorer_workers *workers)
{
  worker_free(workers->curves);
  worker_free(workers->views);
  worker_free(workers->beside);
  errands_free(workers->errands);
}

static void close_loop(struct loop *loop)
{
  term_close(loop->term); /* first: the user's shell is back while the rest is put away */
  explorer_free(loop->explorer);
  free_workers(&loop->workers);
  prompt_free(loop->prompt);
  frame_clear(&loop->frame);
}

/* Starts the first command and waits a moment for it: most files are read before the screen opens.  The outcome is the
 * session's then; else *job goes on. */
static enum status run_first(struct session *session, const char *line, struct job **job, struct error *error)
{
  struct job_outcome outcome;
  struct session *fork = session_fork(session);
  session_set_secure(fork, false); /* the one file that secure mode opens */
  session_journal(session, line);
  *job = job_start(fork, line);
  if (!*job)
    return error_set(error, "no thread can be started");
  struct pollfd polled = {.fd = job_descriptor(*job), .events = POLLIN};
  if (poll(&polled, 1, LOAD_PATIENCE) <= 0 || !job_finish(*job, &outcome))
    return STATUS_OK;
  *job = NULL;
  const enum status status = outcome.status;
  session_adopt(session, outcome.fork, true);
  session_mark_saved(session);
  if (status) {
    *error = outcome.error;
    outcome.error = (struct error)ERROR_INIT;
  }
  job_outcome_clear(&outcome);
  return status;
}

int explorer_loop(struct session *session, const struct loop_options *options, struct error *error)
{
  struct loop loop = {.session = session, .noticed = true};
  struct job *first = NULL;
  setlocale(LC_CTYPE, "");
  if (options->first_command && run_first(session, options->first_command, &first, error))
    return EXIT_FIRST_COMMAND;
  loop.workers = (struct explorer_workers){worker_new(), worker_new(), worker_new(), errands_new()};
  if (!loop.workers.curves || !loop.workers.views || !loop.workers.beside || !loop.workers.errands) {
    free_workers(&loop.workers);
    job_free(first);
    error_set(error, "no thread can be started for the computations");
    return EXIT_NO_TERMINAL;
  }
  loop.prompt = prompt_new(&(struct prompt_options){complete, &loop, options->history_file});
  if (term_open(&options->term, &loop.term, error)) {
    free_workers(&loop.workers);
    prompt_free(loop.prompt);
    job_free(first);
    return EXIT_NO_TERMINAL;
  }
  loop.noticed = term_notice(loop.term) == NULL;
  loop.explorer = explorer_new(session, &loop.workers, term_charset(loop.term));
  if (options->notice)
    explorer_notice(loop.explorer, options->notice);
  if (options->sessions && options->sessions->n)
    explorer_offer_sessions(loop.explorer, options->sessions);
  if (first)
    explorer_watch_job(loop.explorer, first);
  const bool told = options->first_command && !first && explorer_tell_reading(loop.explorer, options->notice);
  if (!told && !options->notice && options->history_file && access(options->history_file, F_OK) != 0)
    explorer_greet(loop.explorer); /* nothing was ever typed here */
  if (options->tutorial)
    explorer_tour(loop.explorer);
  run(&loop);
  int end_signal = term_end_signal(loop.term);
  close_loop(&loop);
  return end_signal ? 128 + end_signal : 0;
}
