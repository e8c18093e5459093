/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holds what kaplan finds in the simulated cohorts of samples/ against targets.tsv: the figures of four papers' tables,
 * computed by R when the cohorts were made, with the commands that yield each and the cell where it must stand.
 * Prints TAP, one line for each table of a paper, with the rows that differ below it.
 *
 * usage: targets PROGRAM SAMPLES [TEXT]    in the folder of targets.tsv; the commands run in SAMPLES/PAPER, or in
 * SAMPLES where all cohorts lie there; TEXT: only rows with it in their names
 *
 * A figure must be the same at its printed digits.  argued.tsv names the rows whose commands or cell are not taken as
 * they stand, what is taken for them (where empty: the row's own) and why.  Such a row, too, must give its figure then;
 * it fails once it needs no arguing any more. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/reference/cell.h"
#include "tests/reference/json.h"
#include "tests/reference/program.h"
#include "tests/reference/tsv.h"

/* Columns of targets.tsv, and of argued.tsv. */
enum { PAPER, TABLE, ROW, STATISTIC, SIMULATED, COMMANDS, CELL, N_COLUMNS };
enum { ARGUED_COMMANDS = 4, ARGUED_CELL, REASON, N_ARGUED_COLUMNS };

/* What one run of the program said: an answer, or why there is none. */
struct run {
  const char *paper, *commands;
  struct json *answer;
  char *failure;
};

struct targets {
  const char *program, *samples;
  struct tsv table, argued;
  struct run *runs;
  size_t n_runs;
};

/* Of one table of a paper. */
struct tally {
  size_t n, n_argued, n_without_cell, n_different;
};

/* What a row is held to. */
struct claim {
  const char *commands, *cell, *simulated;
};

static char *folder_of(const struct targets *targets, const char *paper)
{
  char *folder;
  struct stat found;
  if (asprintf(&folder, "%s/%s", targets->samples, paper) < 0)
    give_up("out of memory");
  if (stat(folder, &found) == 0 && S_ISDIR(found.st_mode))
    return folder;
  free(folder);
  return must_have(strdup(targets->samples));
}

static struct run run_commands(const struct targets *targets, const char *paper, const char *text)
{
  struct run run = {.paper = paper, .commands = text};
  size_t length;
  FILE *failure = must_have(open_memstream(&run.failure, &length)), *messages = must_have(tmpfile());
  char *copy = must_have(strdup(text)), *commands[MAX_COMMANDS], *folder = folder_of(targets, paper);
  int status;
  char *output =
      program_output(targets->program, folder, commands, split_commands(copy, " ; ", commands), messages, &status);
  if (program_succeeded(status, failure)) {
    run.answer = json_parse(last_line(output));
    if (!run.answer)
      fputs("the answer is no JSON", failure);
  } else {
    copy_messages(messages, failure);
  }
  fclose(messages);
  fclose(failure);
  free(output);
  free(folder);
  free(copy);
  return run;
}

/* Rows with the same commands share one run. */
static const struct run *run_find(struct targets *targets, const char *paper, const char *commands)
{
  for (size_t i = 0; i < targets->n_runs; i++)
    if (strcmp(targets->runs[i].commands, commands) == 0 && strcmp(targets->runs[i].paper, paper) == 0)
      return &targets->runs[i];
  targets->runs = must_have(realloc(targets->runs, (targets->n_runs + 1) * sizeof *targets->runs));
  targets->runs[targets->n_runs] = run_commands(targets, paper, commands);
  return &targets->runs[targets->n_runs++];
}

/* The number as the table prints it: as many digits after the point as `like` has, halves away from zero (what binary
 * fractions take from a half is given back). */
static void print_like(char *text, size_t size, double value, const char *like)
{
  const char *point = strchr(like, '.');
  int digits = point ? (int)strlen(point + 1) : 0;
  double scale = pow(10, digits), rounded = copysign(floor(fabs(value) * scale + 0.5 + 1e-9) / scale, value);
  snprintf(text, size, "%.*f", digits, rounded == 0 ? 0.0 : rounded);
}

/* The cell's value in the row's own words. */
static void print_value(char *text, size_t size, double value, const struct claim *claim)
{
  if (isnan(value))
    snprintf(text, size, "NR");
  else if (strcmp(claim->simulated, "yes") == 0 || strcmp(claim->simulated, "no") == 0)
    snprintf(text, size, "%s", value < 0.05 ? "yes" : "no");
  else if (strcmp(claim->simulated, "<0.001") == 0 && value < 0.001)
    snprintf(text, size, "<0.001");
  else if (strncmp(claim->cell, "km_at[", strlen("km_at[")) == 0)
    print_like(text, size, 100 * value, claim->simulated);
  else
    print_like(text, size, value, claim->simulated);
}

static bool claim_holds(struct targets *targets, size_t row, const struct claim *claim, FILE *differences)
{
  const struct run *run = run_find(targets, tsv_field(&targets->table, row, PAPER), claim->commands);
  if (!run->answer) {
    fputs(run->failure, differences);
    return false;
  }
  double value;
  if (!cell_value(run->answer, claim->cell, &value, differences))
    return false;
  char text[64];
  print_value(text, sizeof text, value, claim);
  if (strcmp(text, claim->simulated) == 0)
    return true;
  fprintf(differences, "%s is %s (%.9g), expected %s", claim->cell, text, value, claim->simulated);
  return false;
}

/* The row of argued.tsv for a row of targets.tsv; n_rows where there is none. */
static size_t argued_find(const struct targets *targets, size_t row)
{
  size_t found = 0;
  for (; found < targets->argued.n_rows; found++) {
    bool same = true;
    for (size_t c = PAPER; c <= STATISTIC && same; c++)
      same = strcmp(tsv_field(&targets->argued, found, c), tsv_field(&targets->table, row, c)) == 0;
    if (same)
      break;
  }
  return found;
}

static const char *or_else(const char *argued, const char *own)
{
  return *argued ? argued : own;
}

static bool check_argued(struct targets *targets, size_t row, size_t argued, const struct claim *own, FILE *differences)
{
  struct claim claim = {.commands = or_else(tsv_field(&targets->argued, argued, ARGUED_COMMANDS), own->commands),
                        .cell = or_else(tsv_field(&targets->argued, argued, ARGUED_CELL), own->cell),
                        .simulated = own->simulated};
  char *unused;
  size_t length;
  FILE *discarded = must_have(open_memstream(&unused, &length));
  bool needless = *own->cell != '(' && claim_holds(targets, row, own, discarded);
  fclose(discarded);
  free(unused);
  if (needless)
    fputs("it agrees: take it off argued.tsv", differences);
  return !needless && claim_holds(targets, row, &claim, differences);
}

static void check_row(struct targets *targets, size_t row, struct tally *tally, FILE *differences)
{
  const struct tsv *table = &targets->table;
  struct claim own = {.commands = tsv_field(table, row, COMMANDS),
                      .cell = tsv_field(table, row, CELL),
                      .simulated = tsv_field(table, row, SIMULATED)};
  size_t argued = argued_find(targets, row);
  bool is_argued = argued < targets->argued.n_rows;
  if (!is_argued && *own.cell == '(') {
    tally->n_without_cell++;
    return;
  }
  char *said;
  size_t length;
  FILE *words = must_have(open_memstream(&said, &length));
  bool holds = is_argued ? check_argued(targets, row, argued, &own, words) : claim_holds(targets, row, &own, words);
  fclose(words);
  tally->n++;
  tally->n_argued += is_argued;
  tally->n_different += !holds;
  if (!holds)
    fprintf(differences, "%s, %s: %s\n", tsv_field(table, row, ROW), tsv_field(table, row, STATISTIC), said);
  free(said);
}

static bool same_table(const struct tsv *table, size_t a, size_t b)
{
  return strcmp(tsv_field(table, a, PAPER), tsv_field(table, b, PAPER)) == 0 &&
         strcmp(tsv_field(table, a, TABLE), tsv_field(table, b, TABLE)) == 0;
}

static bool is_wanted(const struct tsv *table, size_t row, const char *text)
{
  bool wanted = !text;
  for (size_t c = PAPER; c <= STATISTIC && !wanted; c++)
    wanted = strstr(tsv_field(table, row, c), text);
  return wanted;
}

/* All rows of the table that `first` is the first of; one line of TAP. */
static bool check_table(struct targets *targets, size_t first, const char *text, size_t *number)
{
  struct tally tally = {.n = 0};
  char *differences;
  size_t length;
  FILE *words = must_have(open_memstream(&differences, &length));
  for (size_t row = first; row < targets->table.n_rows; row++)
    if (same_table(&targets->table, first, row) && is_wanted(&targets->table, row, text))
      check_row(targets, row, &tally, words);
  fclose(words);
  if (tally.n) {
    printf("%s %zu - %s, %s: %zu of %zu figures", tally.n_different ? "not ok" : "ok", ++*number,
           tsv_field(&targets->table, first, PAPER), tsv_field(&targets->table, first, TABLE),
           tally.n - tally.n_different, tally.n);
    if (tally.n_argued)
      printf(", %zu argued", tally.n_argued);
    if (tally.n_without_cell)
      printf(", %zu more have no cell", tally.n_without_cell);
    putchar('\n');
    print_comment(differences);
    fflush(stdout);
  }
  free(differences);
  return tally.n_different == 0;
}

/* Every argued row is a row of the table: a slip in a name would argue nothing. */
static bool argued_rows_exist(const struct targets *targets)
{
  bool *used = must_have(calloc(targets->argued.n_rows + 1, sizeof *used)), all = true;
  for (size_t row = 0; row < targets->table.n_rows; row++)
    used[argued_find(targets, row)] = true;
  for (size_t i = 0; i < targets->argued.n_rows; i++)
    if (!used[i]) {
      printf("# argued.tsv:%zu: there is no such row\n", i + 2);
      all = false;
    }
  free(used);
  return all;
}

static void targets_clear(struct targets *targets)
{
  for (size_t i = 0; i < targets->n_runs; i++) {
    json_free(targets->runs[i].answer);
    free(targets->runs[i].failure);
  }
  free(targets->runs);
  tsv_clear(&targets->table);
  tsv_clear(&targets->argued);
}

int main(int argc, char **argv)
{
  if (argc < 3)
    give_up("usage: targets PROGRAM SAMPLES [TEXT]");
  struct targets targets = {
      .program = argv[1], .samples = argv[2], .table = tsv_read("targets.tsv"), .argued = tsv_read("argued.tsv")};
  if (targets.table.n_columns != N_COLUMNS || targets.argued.n_columns != N_ARGUED_COLUMNS)
    give_up("targets.tsv and argued.tsv: %d and %d columns were expected", N_COLUMNS, N_ARGUED_COLUMNS);
  size_t number = 0;
  bool all_fine = argued_rows_exist(&targets);
  printf("%s %zu - argued.tsv names rows of targets.tsv\n", all_fine ? "ok" : "not ok", ++number);
  for (size_t row = 0; row < targets.table.n_rows; row++) {
    size_t first = 0;
    while (!same_table(&targets.table, first, row))
      first++;
    if (first == row)
      all_fine &= check_table(&targets, row, argc > 3 ? argv[3] : NULL, &number);
  }
  printf("1..%zu\n", number);
  targets_clear(&targets);
  return all_fine ? 0 : 1;
}
