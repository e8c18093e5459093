/* SPDX-License-Identifier: GPL-3.0-or-later */
/* kaplan: the command line. */
#include <getopt.h>
#include <gsl/gsl_errno.h>
#include <langinfo.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/utf8.h"
#include "lang/script.h"
#include "lang/token.h"
#include "session/journal.h"
#include "session/left_journal.h"
#include "session/samples.h"
#include "stats/blas.h"
#include "ui/keymap.h"
#include "ui/linear.h"
#include "ui/loop.h"
#include "verbs/batch.h"
#include "verbs/restore.h"

enum { EXIT_COMMAND = 1, EXIT_USAGE = 2, EXIT_SIGNALLED = 128 /* and the number of the signal */ };
enum { LEAST_COLUMNS = 40, MOST_COLUMNS = 1000 };

static const char usage_text[] =
    "kaplan - survival analysis of cohorts, in a terminal\n"
    "\n"
    "  kaplan [FILE]                 explore a data file (.csv .tsv .txt), or replay a script (.kap) into the explorer\n"
    "  kaplan -e COMMAND … [FILE]    run commands and print their results\n"
    "  kaplan -b SCRIPT.kap [FILE]   run a script and print its results; - is standard input\n"
    "\n"
    "  -e, --execute COMMAND   may repeat\n"
    "  -b, --batch SCRIPT\n"
    "      --format FORMAT     text (default), json, tsv, csv, md, latex, html\n"
    "      --table ID          print only that table of the last command that gives it\n"
    "      --plot, --no-plot   draw plots in text (default: when printing to a terminal)\n"
    "      --timing            say on standard error what each command took\n"
    "      --ascii             plain ASCII instead of box drawing\n"
    "      --color WHEN        auto (default), always, never\n"
    "      --secure            write no file, open no other file (also KAPLAN_SECURE=1)\n"
    "      --tutorial          a guided tour of the explorer on a sample cohort\n"
    "      --linear            line by line instead of a screen: for screen readers and dumb terminals\n"
    "      --restore[=WHICH]   take up a session that was cut off: of several, the number or cohort of one, or a list\n"
    "      --no-history        keep no history of the prompt, and no journal\n"
    "      --keys              print the explorer's keys\n"
    "      --help, --version\n"
    "\n"
    "Tables are as wide as the terminal; in a file or a pipe as COLUMNS says, else 80.\n"
    "Exit status: 0 every command succeeded, 1 one failed, 2 wrong usage.  kaplan -e help lists the commands.\n"
    "Samples, as FILE or SCRIPT: kaplan:luo2024/luo2024.kap, and du2015, xu2025, xue2025, zhang2024 the same way.\n";

enum { OPTION_FORMAT = 256, OPTION_TABLE, OPTION_PLOT, OPTION_NO_PLOT, OPTION_TIMING, OPTION_ASCII, OPTION_COLOR,
       OPTION_SECURE, OPTION_RESTORE, OPTION_TUTORIAL, OPTION_LINEAR, OPTION_NO_HISTORY, OPTION_KEYS, OPTION_HELP, OPTION_VERSION };

/* What the command line asked for. */
struct invocation {
  char **commands; /* of -e, borrowed from argv */
  size_t n_commands;
  const char *script, *file, *table;
  enum render_format format;
  int plot; /* 1, 0, or -1: by where the output goes */
  bool ascii, secure, restore, no_history, tutorial, linear, timing;
  const char *which; /* the session to restore, as it was named; or NULL */
  enum term_color color;
};

_Noreturn static void usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
_Noreturn static void usage_error(const char *format, ...)
{
  struct text text = TEXT_INIT, visible = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  utf8_append_visible(&visible, text_string(&text)); /* a file's name is data */
  fprintf(stderr, "kaplan: %s; kaplan --help shows how it is called\n", text_string(&visible));
  exit(EXIT_USAGE);
}

static enum term_color read_color(const char *when)
{
  if (strcmp(when, "auto") == 0)
    return COLOR_WHEN_AUTO;
  if (strcmp(when, "always") == 0)
    return COLOR_WHEN_ALWAYS;
  if (strcmp(when, "never") == 0)
    return COLOR_WHEN_NEVER;
  usage_error("--color takes auto, always or never, not %s", when);
}

static void print_help(void)
{
  char *samples = samples_find("README.md");
  fputs(usage_text, stdout);
  if (samples)
    printf("They are told of in %s\n", samples);
  free(samples);
}

static void take_option(struct invocation *invocation, int option)
{
  switch (option) {
  case 'e':
    invocation->commands[invocation->n_commands++] = optarg;
    break;
  case 'b':
    if (invocation->script)
      usage_error("one script at a time, and %s is the second", optarg);
    invocation->script = optarg;
    break;
  case OPTION_FORMAT:
    if (!render_format_find(optarg, &invocation->format))
      usage_error("there is no format %s (text, json, tsv, csv, md, latex, html)", optarg);
    break;
  case OPTION_TABLE:
    invocation->table = optarg;
    break;
  case OPTION_PLOT:
  case OPTION_NO_PLOT:
    invocation->plot = option == OPTION_PLOT;
    break;
  case OPTION_TIMING:
    invocation->timing = true;
    break;
  case OPTION_ASCII:
    invocation->ascii = true;
    break;
  case OPTION_COLOR:
    invocation->color = read_color(optarg);
    break;
  case OPTION_SECURE:
    invocation->secure = true;
    break;
  case OPTION_RESTORE:
    invocation->restore = true;
    invocation->which = optarg;
    break;
  case OPTION_LINEAR:
    invocation->linear = true;
    break;
  case OPTION_TUTORIAL:
    invocation->tutorial = true;
    break;
  case OPTION_NO_HISTORY:
    invocation->no_history = true;
    break;
  case OPTION_KEYS: {
    char *keys = keymap_list();
    fputs(keys, stdout);
    free(keys);
    exit(EXIT_SUCCESS);
  }
  case OPTION_HELP:
    print_help();
    exit(EXIT_SUCCESS);
  case OPTION_VERSION:
    puts("kaplan " KAPLAN_VERSION);
    exit(EXIT_SUCCESS);
  case 'c':
    usage_error("there is no option -c; a command is given by -e: kaplan -e 'km surgery' FILE");
  default: /* getopt has said which */
    usage_error("commands are given by -e, scripts by -b");
  }
}

static void read_command_line(struct invocation *invocation, int argc, char **argv)
{
  static const struct option options[] = {
      {"execute", required_argument, NULL, 'e'},
      {"batch", required_argument, NULL, 'b'},
      {"format", required_argument, NULL, OPTION_FORMAT},
      {"table", required_argument, NULL, OPTION_TABLE},
      {"plot", no_argument, NULL, OPTION_PLOT},
      {"no-plot", no_argument, NULL, OPTION_NO_PLOT},
      {"timing", no_argument, NULL, OPTION_TIMING},
      {"ascii", no_argument, NULL, OPTION_ASCII},
      {"color", required_argument, NULL, OPTION_COLOR},
      {"secure", no_argument, NULL, OPTION_SECURE},
      {"restore", optional_argument, NULL, OPTION_RESTORE},
      {"linear", no_argument, NULL, OPTION_LINEAR},
      {"tutorial", no_argument, NULL, OPTION_TUTORIAL},
      {"no-history", no_argument, NULL, OPTION_NO_HISTORY},
      {"keys", no_argument, NULL, OPTION_KEYS},
      {"help", no_argument, NULL, OPTION_HELP},
      {"version", no_argument, NULL, OPTION_VERSION},
      {.name = NULL},
  };
  const char *secure = getenv("KAPLAN_SECURE");
  *invocation = (struct invocation){
      .commands = memory_new((size_t)argc, sizeof *invocation->commands),
      .plot = -1,
      .secure = (secure && *secure && strcmp(secure, "0") != 0) || getuid() != geteuid() || getgid() != getegid(),
  };
  for (int option; (option = getopt_long(argc, argv, "e:b:c", options, NULL)) != -1;)
    take_option(invocation, option);
  if (optind < argc)
    invocation->file = argv[optind++];
  if (optind < argc)
    usage_error("one file at a time, and %s is the second", argv[optind]);
  if (invocation->restore && invocation->secure)
    usage_error("--restore opens the files of the session, which secure mode does not");
  if (invocation->restore && invocation->file)
    usage_error("--restore takes up a session with its file, and %s is another; --restore=%s chooses one of several",
                invocation->file, invocation->file);
  if (invocation->n_commands && invocation->script)
    usage_error("-e and -b cannot both be given (%s)", invocation->script);
  if (invocation->linear && (invocation->n_commands || invocation->script || invocation->tutorial))
    usage_error("--linear is a dialogue: it goes with neither -e, -b nor --tutorial");
  if (invocation->tutorial && (invocation->file || invocation->restore || invocation->n_commands || invocation->script))
    usage_error("--tutorial brings its own cohort, and takes neither file nor commands");
}

/* A file given as kaplan:… is one of the samples: *file becomes its path, which is returned to be freed at the end. */
static char *take_sample(const char **file)
{
  const size_t prefix = strlen(samples_prefix());
  char *path = *file && strncmp(*file, samples_prefix(), prefix) == 0 ? samples_find(*file + prefix) : NULL;
  if (path)
    *file = path;
  return path;
}

static bool is_script(const char *path)
{
  size_t length = strlen(path);
  return length > 4 && strcmp(path + length - 4, ".kap") == 0;
}

/* That of the terminal; of what is no terminal, COLUMNS, or else 80. */
static size_t output_columns(void)
{
  struct winsize size;
  const char *given = getenv("COLUMNS");
  char *end;
  const long columns = given ? strtol(given, &end, 10) : 0;
  if (given && !isatty(STDOUT_FILENO) && *given && !*end && columns >= LEAST_COLUMNS && columns <= MOST_COLUMNS)
    return (size_t)columns;
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= LEAST_COLUMNS)
    return size.ws_col;
  return 80;
}

static struct batch batch_of(const struct invocation *invocation, struct session *session)
{
  const bool utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
  return (struct batch){
      .session = session,
      .format = invocation->format,
      .rendering = {.charset = utf8 && !invocation->ascii ? CHARSET_BOX : CHARSET_ASCII,
                    .columns = output_columns(),
                    .may_close_up = isatty(STDOUT_FILENO),
                    .plots = invocation->plot < 0 ? isatty(STDOUT_FILENO) : invocation->plot,
                    .table = invocation->table},
      .last_only = invocation->table != NULL,
      .print = true,
      .timing = invocation->timing,
      .out = stdout,
      .errors = stderr,
      .progress = isatty(STDERR_FILENO) ? stderr : NULL,
  };
}

static char *load_line(const char *file)
{
  struct text line = TEXT_INIT;
  text_append(&line, "load ");
  token_append_string(&line, file);
  return text_take(&line);
}

/* Loads the file named on the command line: data through the command `load`, a script by running it. */
static enum status open_file(struct batch *batch, const char *file)
{
  if (is_script(file))
    return batch_run_script(batch, file);
  char *line = load_line(file);
  enum status status = batch_run_line(batch, line, "kaplan");
  free(line);
  return status;
}

static enum status run_commands(struct batch *batch, const struct invocation *invocation)
{
  if (invocation->script)
    return batch_run_script(batch, invocation->script);
  enum status status = STATUS_OK;
  for (size_t i = 0; i < invocation->n_commands && !status && !session_quit_requested(batch->session); i++) {
    struct text place = TEXT_INIT;
    text_append_format(&place, "-e %zu", i + 1);
    status = batch_run_line(batch, invocation->commands[i], text_string(&place));
    text_clear(&place);
  }
  return status;
}

/* Without the screen.  A data file is loaded silently: its warnings show, its table of columns does not. */
static int run_batch(const struct invocation *invocation, struct session *session)
{
  struct batch batch = batch_of(invocation, session);
  enum status status = STATUS_OK;
  if (invocation->file) {
    batch.print = false;
    status = open_file(&batch, invocation->file);
    batch.print = true;
  }
  session_set_secure(session, invocation->secure);
  if (!status)
    status = run_commands(&batch, invocation);
  bool finished = batch_finish(&batch);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    perror("kaplan: standard output");
    return EXIT_COMMAND;
  }
  return status || !finished ? EXIT_COMMAND : EXIT_SUCCESS;
}

/* Takes up the session that --restore means.  Where several are left and none is named, none is taken up: *choice has them,
 * for the user to choose. */
static enum status restore(struct batch *batch, const char *which, struct text *notice, struct left_journals *choice)
{
  struct left_journals journals;
  struct error error = ERROR_INIT;
  size_t i = 0;
  enum status status = left_journals_find(&journals, &error);
  if (!status && which)
    status = left_journals_choose(&journals, which, &i, &error);
  if (status) {
    batch_print_error(stderr, "kaplan", NULL, &error);
    error_clear(&error);
    left_journals_clear(&journals);
    return STATUS_ERROR;
  }
  if (journals.n > 1 && !which) {
    *choice = journals;
    return STATUS_OK;
  }
  struct left_journal left = left_journals_take(&journals, i);
  restore_session(batch, &left, notice);
  return STATUS_OK;
}

static void open_journal(struct session *session)
{
  struct journal *journal;
  struct error error = ERROR_INIT;
  if (journal_open(&journal, &error))
    error_clear(&error); /* a session without a journal is better than none */
  else
    session_set_journal(session, journal);
}

/* The sample cohort for the guided tour. */
static enum status open_sample(struct batch *batch)
{
  char *sample = samples_find("xu2025/xu2025_cohort.kap");
  if (!sample) {
    fputs("kaplan: the sample cohort is not found; it is installed in " KAPLAN_DATA_DIR "/samples\n", stderr);
    return STATUS_ERROR;
  }
  const enum status status = batch_run_script(batch, sample);
  free(sample);
  return status;
}

enum { LINEAR_COLUMNS = 132 }; /* a row of a table is best heard as one line; a terminal would cut it anywhere */

/* Line by line, without a screen. */
static int run_linear(const struct invocation *invocation, struct session *session)
{
  struct batch batch = batch_of(invocation, session);
  struct text notice = TEXT_INIT;
  batch.print = false;
  batch.progress = NULL; /* a line that is written over and over is no line to listen to */
  if (!invocation->no_history && !invocation->secure)
    open_journal(session);
  struct left_journals choice = LEFT_JOURNALS_INIT;
  enum status status = invocation->restore ? restore(&batch, invocation->which, &notice, &choice) : STATUS_OK;
  restore_choose(&batch, &choice, stdin, &notice);
  if (!status && !invocation->restore && session_has_journal(session))
    restore_append_offer(&notice);
  if (!status && invocation->file)
    status = open_file(&batch, invocation->file);
  if (status) {
    text_clear(&notice);
    return EXIT_COMMAND;
  }
  session_set_secure(session, invocation->secure);
  if (!invocation->restore)
    session_mark_saved(session);
  struct linear_options options = {.in = stdin, .out = stdout, .echo = !isatty(STDIN_FILENO), .rendering = batch.rendering};
  options.notice = notice.length ? text_string(&notice) : NULL;
  options.rendering.plots = invocation->plot == 1;
  if (!isatty(STDOUT_FILENO) && options.rendering.columns < LINEAR_COLUMNS)
    options.rendering.columns = LINEAR_COLUMNS;
  const int exit_status = linear_run(session, &options);
  text_clear(&notice);
  return exit_status;
}

static int run_explorer(const struct invocation *invocation, struct session *session)
{
  memory_share_freed();
  struct batch batch = batch_of(invocation, session);
  struct text notice = TEXT_INIT;
  batch.print = false;
  batch.before_screen = true;
  if (!invocation->no_history && !invocation->secure)
    open_journal(session);
  struct left_journals choice = LEFT_JOURNALS_INIT;
  if (invocation->restore && restore(&batch, invocation->which, &notice, &choice)) {
    text_clear(&notice);
    return EXIT_COMMAND;
  }
  if (!invocation->restore && session_has_journal(session))
    restore_append_offer(&notice);
  if (invocation->tutorial && open_sample(&batch)) {
    text_clear(&notice);
    return EXIT_COMMAND;
  }
  const bool has_data = invocation->file && !is_script(invocation->file);
  if (invocation->file && !has_data && open_file(&batch, invocation->file)) {
    text_clear(&notice);
    return EXIT_COMMAND;
  }
  session_set_secure(session, invocation->secure);
  if (!invocation->restore)
    session_mark_saved(session);
  char *history = invocation->no_history || invocation->secure ? NULL : journal_history_path();
  char *first = has_data ? load_line(invocation->file) : NULL;
  struct loop_options options = {
      .first_command = first,
      .term = {.color = invocation->color, .ascii = invocation->ascii},
      .history_file = history,
      .notice = notice.length ? text_string(&notice) : NULL,
      .tutorial = invocation->tutorial,
      .sessions = &choice,
  };
  struct error error = ERROR_INIT;
  int status = explorer_loop(session, &options, &error);
  if (choice.n) { /* there is no screen to choose on */
    error_clear(&error);
    printf("Sessions that were cut off, the newest first; --restore=NUMBER takes one up:\n");
    restore_print_list(stdout, &choice, batch.rendering.charset == CHARSET_ASCII);
  }
  left_journals_clear(&choice);
  free(history);
  free(first);
  text_clear(&notice);
  if (status > EXIT_SIGNALLED)
    session_leave_journal(session); /* the line was dropped, or the machine goes down */
  if (error.what)
    batch_print_error(stderr, "kaplan", NULL, &error);
  error_clear(&error);
  return status;
}

int main(int argc, char **argv)
{
  struct invocation invocation;
  memory_keep_freed();
  setlocale(LC_CTYPE, "");
  gsl_set_error_handler_off();
  blas_leave_cores();
  umask(umask(077) | 077);
  read_command_line(&invocation, argc, argv);
  char *samples[] = {take_sample(&invocation.file), take_sample(&invocation.script)};
  struct session *session = session_new();
  int status = invocation.n_commands || invocation.script ? run_batch(&invocation, session)
               : invocation.linear                           ? run_linear(&invocation, session)
                                                             : run_explorer(&invocation, session);
  session_free(session);
  free(invocation.commands);
  free(samples[0]);
  free(samples[1]);
  return status;
}
