/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What comes from the tty: bytes into keys, signals into keys. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "ui/term_internal.h"
#include "ui/term_signals.h"

/* A window that is dragged sends a resize every few milliseconds: draw when it rests, and now and then meanwhile. */
enum { RESIZE_REST = 30, RESIZE_LONGEST = 300 };

int64_t term_now(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int term_input(const struct term *term)
{
  return term->tty;
}

int term_signals(const struct term *term)
{
  (void)term;
  return signals_descriptor();
}

int term_end_signal(const struct term *term)
{
  return term->end_signal;
}

int term_escape_delay(const struct term *term)
{
  return term->escape_delay;
}

void term_take_signals(struct term *term)
{
  struct signals_seen seen = signals_take();
  if (seen.resized) {
    term->last_resize = term_now();
    if (!term->first_resize)
      term->first_resize = term->last_resize;
  }
  term->stop_asked |= seen.stop;
  term->continued |= seen.continued;
  term->interrupted |= seen.interrupt;
  if (seen.end && !term->end_signal)
    term->end_signal = seen.end;
}

/* Reads what the tty holds now.  An end of file or an error means that nobody is there any more. */
static void fill_input(struct term *term)
{
  while (term->n_input < sizeof term->input) {
    struct pollfd poll_tty = {.fd = term->tty, .events = POLLIN};
    if (poll(&poll_tty, 1, 0) <= 0)
      return;
    ssize_t n = read(term->tty, term->input + term->n_input, sizeof term->input - term->n_input);
    if (n < 0 && (errno == EINTR || errno == EAGAIN))
      return;
    if (n <= 0) {
      if (!term->end_signal)
        term->end_signal = SIGHUP;
      return;
    }
    term->n_input += (size_t)n;
    term->input_time = term_now();
  }
}

static void drop_input(struct term *term, size_t n)
{
  term->n_input -= n;
  memmove(term->input, term->input + n, term->n_input);
}

static int64_t resize_due(const struct term *term)
{
  int64_t rest = term->last_resize + RESIZE_REST, longest = term->first_resize + RESIZE_LONGEST;
  return rest < longest ? rest : longest;
}

static int64_t key_due(const struct term *term)
{
  return term->input_time + key_decoder_patience(&term->decoder, term->input, term->n_input, term->escape_delay);
}

int term_timeout(const struct term *term)
{
  int64_t due = INT64_MAX;
  if (term->first_resize)
    due = resize_due(term);
  if ((term->n_input > 0 || term->decoder.pasting) && key_due(term) < due)
    due = key_due(term);
  if (due == INT64_MAX)
    return -1;
  int64_t left = due - term_now();
  return left > 0 ? (int)left : 0;
}

struct key term_event(struct term *term)
{
  struct key key = {.code = KEYS_NONE};
  term_take_signals(term);
  if (term->end_signal) {
    key.code = KEYS_HANGUP;
  } else if (term->stop_asked) {
    term->stop_asked = false;
    term_leave(term);
    signals_stop(false);
    term_enter(term);
    key.code = KEYS_RESIZE;
  } else if (term->continued) { /* it was stopped by a signal that cannot be caught: whose modes stand is unknown */
    term->continued = false;
    term_enter(term);
    key.code = KEYS_RESIZE;
  } else if (term->first_resize && term_now() >= resize_due(term)) {
    term->first_resize = 0;
    term_measure(term);
    key.code = KEYS_RESIZE;
  } else if (term->interrupted) {
    term->interrupted = false;
    key.code = KEYS_CTRL_C;
  }
  return key;
}

struct key term_key(struct term *term)
{
  struct key key = term_event(term);
  if (key.code != KEYS_NONE)
    return key;
  fill_input(term);
  while (term->n_input > 0 || term->decoder.pasting) {
    bool late = term_now() >= key_due(term);
    size_t used = key_decoder_take(&term->decoder, term->input, term->n_input, late, &key);
    drop_input(term, used);
    if (key.code != KEYS_NONE)
      return key;
    if (used == 0)
      break;
  }
  if (term->end_signal)
    key.code = KEYS_HANGUP;
  return key;
}

size_t term_read_bytes(struct term *term, char *bytes, size_t size)
{
  fill_input(term);
  size_t n = term->n_input < size ? term->n_input : size;
  memcpy(bytes, term->input, n);
  drop_input(term, n);
  return n;
}

void term_unread_bytes(struct term *term, const char *bytes, size_t length)
{
  if (length > sizeof term->input - term->n_input)
    length = sizeof term->input - term->n_input;
  memmove(term->input + length, term->input, term->n_input);
  memcpy(term->input, bytes, length);
  term->n_input += length;
  term->input_time = term_now();
}

void term_wait_key(struct term *term)
{
  char bytes[64];
  while (!term->end_signal && term_read_bytes(term, bytes, sizeof bytes) == 0) {
    struct pollfd polled[] = {{.fd = term->tty, .events = POLLIN}, {.fd = signals_descriptor(), .events = POLLIN}};
    poll(polled, 2, -1);
    term_take_signals(term);
    if (term->interrupted || term->stop_asked)
      break;
  }
  term->interrupted = false;
}
