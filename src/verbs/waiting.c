/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "verbs/waiting.h"

#include <time.h>

#include "base/text.h"
#include "base/utf8.h"
#include "report/canvas.h"

enum { MILLISECOND = 1000000, PATIENCE = 100 * MILLISECOND, COLUMNS = 78 };

/* Over what stood there; step 0 wipes it. */
static void say(const struct waiting *waiting, size_t step)
{
  struct text words = TEXT_INIT, visible = TEXT_INIT;
  if (step)
    text_append_format(&words, "step %zu of %zu (Ctrl-C ends it): %s", step, waiting->n, waiting->name);
  utf8_append_visible(&visible, text_string(&words));
  const size_t bytes = canvas_line_length(text_string(&visible), COLUMNS);
  fprintf(waiting->terminal, "\r%.*s", (int)bytes, text_string(&visible));
  for (size_t width = utf8_string_width(text_string(&visible)); width < COLUMNS; width++)
    fputc(' ', waiting->terminal);
  fputc('\r', waiting->terminal);
  fflush(waiting->terminal);
  text_clear(&words);
  text_clear(&visible);
}

/* Tells, a tenth of a second after one another, which step is on. */
static void *tell(void *data)
{
  struct waiting *waiting = data;
  size_t said = 0;
  pthread_mutex_lock(&waiting->lock);
  while (!waiting->is_done) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += PATIENCE;
    until.tv_sec += until.tv_nsec / (1000 * MILLISECOND);
    until.tv_nsec %= 1000 * MILLISECOND;
    if (pthread_cond_timedwait(&waiting->done, &waiting->lock, &until) && !waiting->is_done && waiting->step != said)
      say(waiting, said = waiting->step);
  }
  pthread_mutex_unlock(&waiting->lock);
  if (said)
    say(waiting, 0);
  return NULL;
}

void waiting_begin(struct waiting *waiting, FILE *terminal, const char *name, size_t n)
{
  *waiting = (struct waiting){.terminal = terminal, .name = name, .n = n};
  if (!terminal)
    return;
  pthread_mutex_init(&waiting->lock, NULL);
  pthread_cond_init(&waiting->done, NULL);
  waiting->is_running = pthread_create(&waiting->thread, NULL, tell, waiting) == 0;
}

void waiting_step(struct waiting *waiting, size_t step)
{
  if (!waiting->is_running)
    return;
  pthread_mutex_lock(&waiting->lock);
  waiting->step = step;
  pthread_mutex_unlock(&waiting->lock);
}

void waiting_end(struct waiting *waiting)
{
  if (waiting->is_running) {
    pthread_mutex_lock(&waiting->lock);
    waiting->is_done = true;
    pthread_cond_signal(&waiting->done);
    pthread_mutex_unlock(&waiting->lock);
    pthread_join(waiting->thread, NULL);
  }
  if (waiting->terminal) {
    pthread_mutex_destroy(&waiting->lock);
    pthread_cond_destroy(&waiting->done);
  }
}
