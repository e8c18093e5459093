/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One command line taken apart: VERB ARGUMENTS [if EXPR] [, OPTION[=VALUE] …].
 *
 * The parser knows the shape alone; which verbs and options there are it asks of a lookup that src/verbs provides. */
#ifndef KAPLAN_LANG_COMMAND_H
#define KAPLAN_LANG_COMMAND_H

#include "base/error.h"
#include "lang/expr.h"
#include "lang/token.h"

enum option_kind {
  OPTION_FLAG,       /* robust */
  OPTION_WORD,       /* conf=log-log: one word, number or string */
  OPTION_LIST,       /* at=12,36,60; test=logrank,fh(1,0): a comma separates, parentheses protect */
  OPTION_NUMBER,     /* tau=60 */
  OPTION_EXPRESSION, /* competing=status == 1 */
  OPTION_TEXT        /* because="…" */
};

struct option_syntax {
  const char *name; /* NULL closes a table of options */
  enum option_kind kind;
  const char *values; /* the words it takes, separated by |, or NULL: anything */
  const char *help;   /* one line */
};

enum argument_kind {
  ARGUMENTS_NONE,
  ARGUMENTS_NAMES,      /* column names separated by blanks */
  ARGUMENTS_TERMS,      /* a formula: terms joined by + */
  ARGUMENTS_EXPRESSION, /* one expression; a leading `if(` is the function */
  ARGUMENTS_DEFINITION, /* name = expression */
  ARGUMENTS_WORDS       /* words, strings, numbers: read by the verb itself */
};

struct command_syntax {
  const char *name;
  enum argument_kind arguments;
  bool takes_condition; /* whether `if EXPR` may stand */
  const struct option_syntax *options;
};

struct command_option {
  const struct option_syntax *syntax;
  size_t begin, end;    /* tokens of the value; begin == end for a flag */
  size_t start, length; /* bytes of the line: the whole option */
  char *value;          /* OPTION_WORD and OPTION_TEXT: the word or the decoded string */
  char **items;         /* OPTION_LIST: its items, decoded where one is a string */
  size_t n_items;
  double number;     /* OPTION_NUMBER */
  struct expr *expr; /* OPTION_EXPRESSION */
};

struct command {
  char *line; /* as typed, comments and all */
  struct token_list tokens;
  const struct command_syntax *syntax;
  size_t begin, end;      /* tokens of the arguments */
  struct expr *condition; /* if …, or NULL */
  struct command_option *options;
  size_t n_options;
};

typedef const struct command_syntax *command_lookup(const char *verb, size_t length, const void *data);

/* Parses one line.  An empty line or a mere comment gives a command without syntax.  Fails on an unknown verb (the lookup
 * gives NULL; the nearest is the caller's to suggest), an unknown or repeated option, a value of the wrong kind or not
 * among the option's words, each with its place in the line.  `command` is the caller's to clear, on failure too. */
enum status command_parse(const char *line, command_lookup *lookup, const void *data, struct command *command,
                          struct error *error);
void command_clear(struct command *command);

/* The option with that name as it was typed, or NULL. */
const struct command_option *command_find_option(const struct command *command, const char *name);

/* Item `i` of a list option as a number; fails with its place and "at= wants numbers". */
enum status command_option_number(const struct command *command, const struct command_option *option, size_t i,
                                  double *number, struct error *error);

/* The arguments as words: names and strings decoded, other runs of tokens without a blank between them as typed
 * (`log-log`, `60`).  The caller frees each and the array. */
struct command_word {
  char *text;
  bool is_string;
  size_t start, length;
};
size_t command_words(const struct command *command, struct command_word **words);
void command_words_free(struct command_word *words, size_t n);

/* The arguments as typed: bytes of the line from the first argument token to the last.  The caller frees it. */
char *command_arguments_text(const struct command *command);

#endif
