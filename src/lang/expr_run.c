/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Evaluation of bound expressions, a block of rows at a time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "lang/expr_bound.h"

enum { STRETCH_ROWS = 1 << 16 }; /* whole words of a bitmap, whole blocks */

static double arithmetic(char operation, double a, double b)
{
  switch (operation) {
  case '+':
    return a + b;
  case '-':
    return a - b;
  case '*':
    return a * b;
  case '/':
    return a / b;
  default:
    return pow(a, b);
  }
}

/* A comparison is unknown where a side is missing. */
static double compared(char operation, double a, double b)
{
  return isnan(a) || isnan(b) ? (double)NAN : bound_compare(a, operation, b);
}

/* Kleene's logic: false & unknown is false, true | unknown is true. */
static double logic(char operation, double a, double b)
{
  if (operation == '&') {
    if (a == 0 || b == 0)
      return 0;
    return isnan(a) || isnan(b) ? (double)NAN : 1;
  }
  if (a == 1 || b == 1)
    return 1;
  return isnan(a) || isnan(b) ? (double)NAN : 0;
}

static void run_binary(const struct bound *bound, size_t first, size_t n, double *out)
{
  double right[BLOCK_ROWS];
  bound_numbers(bound->operands[0], first, n, out);
  bound_numbers(bound->operands[1], first, n, right);
  for (size_t i = 0; i < n; i++) {
    if (bound->kind == BOUND_LOGIC) {
      out[i] = logic(bound->operation, out[i], right[i]);
    } else if (bound->kind == BOUND_COMPARE) {
      out[i] = compared(bound->operation, out[i], right[i]);
    } else {
      const bool missing = isnan(out[i]) || isnan(right[i]); /* pow() has 1 for missing ^ 0 and 1 ^ missing */
      double value = arithmetic(bound->operation, out[i], right[i]);
      out[i] = !missing && isfinite(value) ? value : (double)NAN; /* a division by zero is missing, too */
    }
  }
}

static void run_function(const struct bound *bound, size_t first, size_t n, double *out)
{
  double *columns = memory_resize(NULL, bound->n_operands * BLOCK_ROWS, sizeof *columns);
  for (size_t k = 0; k < bound->n_operands; k++)
    bound_numbers(bound->operands[k], first, n, columns + k * BLOCK_ROWS);
  for (size_t i = 0; i < n; i++) {
    double arguments[MAX_OPERANDS];
    bool missing = false;
    for (size_t k = 0; k < bound->n_operands; k++) {
      arguments[k] = columns[k * BLOCK_ROWS + i];
      missing |= isnan(arguments[k]);
    }
    double value = missing ? (double)NAN : bound->function(arguments, bound->n_operands);
    out[i] = isfinite(value) ? value : (double)NAN;
  }
  free(columns);
}

static void run_missing(const struct bound *bound, size_t first, size_t n, double *out)
{
  if (bound->operands[0]->value == VALUE_TEXT) {
    uint32_t codes[BLOCK_ROWS];
    bound_codes(bound->operands[0], first, n, codes);
    for (size_t i = 0; i < n; i++)
      out[i] = codes[i] == 0;
    return;
  }
  bound_numbers(bound->operands[0], first, n, out);
  for (size_t i = 0; i < n; i++)
    out[i] = isnan(out[i]);
}

static void run_table(const struct bound *bound, size_t first, size_t n, double *out)
{
  uint32_t codes[BLOCK_ROWS];
  bound_codes(bound->operands[0], first, n, codes);
  for (size_t i = 0; i < n; i++)
    out[i] = bound->table[codes[i]];
}

static void run_choice(const struct bound *bound, size_t first, size_t n, double *out)
{
  double then[BLOCK_ROWS], otherwise[BLOCK_ROWS];
  bound_numbers(bound->operands[0], first, n, out);
  bound_numbers(bound->operands[1], first, n, then);
  bound_numbers(bound->operands[2], first, n, otherwise);
  for (size_t i = 0; i < n; i++)
    out[i] = isnan(out[i]) ? (double)NAN : out[i] != 0 ? then[i] : otherwise[i];
}

static void run_in(const struct bound *bound, size_t first, size_t n, double *out)
{
  bound_numbers(bound->operands[0], first, n, out);
  for (size_t i = 0; i < n; i++) {
    double value = out[i], found = 0;
    for (size_t k = 0; k < bound->n_table && !found; k++)
      found = value == bound->table[k];
    out[i] = isnan(value) ? (double)NAN : found;
  }
}

void bound_numbers(const struct bound *bound, size_t first, size_t n, double *out)
{
  switch (bound->kind) {
  case BOUND_NUMBER:
    for (size_t i = 0; i < n; i++)
      out[i] = bound->number;
    break;
  case BOUND_COLUMN:
    column_numbers(bound->column, first, n, out);
    break;
  case BOUND_ARITHMETIC:
  case BOUND_COMPARE:
  case BOUND_LOGIC:
    run_binary(bound, first, n, out);
    break;
  case BOUND_NOT:
    bound_numbers(bound->operands[0], first, n, out);
    for (size_t i = 0; i < n; i++)
      out[i] = 1 - out[i];
    break;
  case BOUND_NEGATE:
    bound_numbers(bound->operands[0], first, n, out);
    for (size_t i = 0; i < n; i++)
      out[i] = -out[i];
    break;
  case BOUND_FUNCTION:
    run_function(bound, first, n, out);
    break;
  case BOUND_MISSING:
    run_missing(bound, first, n, out);
    break;
  case BOUND_TABLE:
    run_table(bound, first, n, out);
    break;
  case BOUND_CHOICE:
    run_choice(bound, first, n, out);
    break;
  case BOUND_IN:
    run_in(bound, first, n, out);
    break;
  case BOUND_CODES:
  case BOUND_CUT: /* texts: never asked for numbers */
    break;
  }
}

static void cut_codes(const struct bound *bound, size_t first, size_t n, uint32_t *out)
{
  double values[BLOCK_ROWS];
  bound_numbers(bound->operands[0], first, n, values);
  for (size_t i = 0; i < n; i++) {
    uint32_t code = 1;
    while (code <= bound->n_table && values[i] >= bound->table[code - 1])
      code++;
    out[i] = isnan(values[i]) ? 0 : code;
  }
}

static void choice_codes(const struct bound *bound, size_t first, size_t n, uint32_t *out)
{
  double condition[BLOCK_ROWS];
  uint32_t otherwise[BLOCK_ROWS];
  bound_numbers(bound->operands[0], first, n, condition);
  bound_codes(bound->operands[1], first, n, out);
  bound_codes(bound->operands[2], first, n, otherwise);
  for (size_t i = 0; i < n; i++)
    out[i] = isnan(condition[i]) ? 0 : condition[i] != 0 ? out[i] : otherwise[i];
}

void bound_codes(const struct bound *bound, size_t first, size_t n, uint32_t *out)
{
  switch (bound->kind) {
  case BOUND_COLUMN:
    for (size_t i = 0; i < n; i++)
      out[i] = column_code(bound->column, first + i);
    break;
  case BOUND_CODES:
    if (!bound->n_operands) { /* a constant: its one level, or missing */
      for (size_t i = 0; i < n; i++)
        out[i] = bound->n_levels ? 1 : 0;
      break;
    }
    bound_codes(bound->operands[0], first, n, out);
    for (size_t i = 0; i < n; i++)
      out[i] = bound->codes[out[i]];
    break;
  case BOUND_CUT:
    cut_codes(bound, first, n, out);
    break;
  default: /* BOUND_CHOICE: the only other text */
    choice_codes(bound, first, n, out);
  }
}

enum status expr_check(const struct expr *expr, const struct cohort *cohort, enum value_kind *kind, struct error *error)
{
  struct bound *bound;
  if (bound_new(expr, cohort, &bound, error))
    return STATUS_ERROR;
  *kind = bound->value;
  bound_free(bound);
  return STATUS_OK;
}

static size_t block_at(size_t first, size_t n)
{
  return n - first < BLOCK_ROWS ? n - first : BLOCK_ROWS;
}

/* The values of all rows, a stretch at a time. */
struct evaluation {
  const struct bound *bound;
  size_t n;
  uint32_t *codes; /* of a text; else: */
  double *numbers;
};

static void evaluate_stretch(void *context, size_t part)
{
  const struct evaluation *evaluation = context;
  const size_t begin = part * STRETCH_ROWS;
  const size_t end = begin + STRETCH_ROWS < evaluation->n ? begin + STRETCH_ROWS : evaluation->n;
  for (size_t first = begin; first < end; first += BLOCK_ROWS) {
    if (evaluation->codes)
      bound_codes(evaluation->bound, first, block_at(first, end), evaluation->codes + first);
    else
      bound_numbers(evaluation->bound, first, block_at(first, end), evaluation->numbers + first);
  }
}

static void evaluate(struct evaluation *evaluation)
{
  parallel_run((evaluation->n + STRETCH_ROWS - 1) / STRETCH_ROWS, evaluate_stretch, evaluation);
}

static struct column *evaluate_text(const struct bound *bound, const struct cohort *cohort, const char *name)
{
  size_t n = cohort->n_rows;
  uint32_t *codes = memory_resize(NULL, n, sizeof *codes);
  evaluate(&(struct evaluation){.bound = bound, .n = n, .codes = codes});
  char **levels = memory_new(bound->n_levels, sizeof *levels);
  for (size_t i = 0; i < bound->n_levels; i++)
    levels[i] = memory_copy_string(bound->levels[i]);
  struct column *column = column_new_factor(name, codes, n, levels, bound->n_levels);
  free(codes);
  return column;
}

enum status expr_evaluate(const struct expr *expr, const struct cohort *cohort, const char *name, struct column **column,
                          struct error *error)
{
  struct bound *bound;
  if (bound_new(expr, cohort, &bound, error))
    return STATUS_ERROR;
  if (bound->kind == BOUND_COLUMN) { /* shares the values */
    *column = column_renamed(bound->column, name);
  } else if (bound->value == VALUE_TEXT) {
    *column = evaluate_text(bound, cohort, name);
  } else {
    size_t n = cohort->n_rows;
    double *numbers = memory_resize(NULL, n, sizeof *numbers);
    evaluate(&(struct evaluation){.bound = bound, .n = n, .numbers = numbers});
    *column = column_new_numbers(name, bound->value == VALUE_DATE ? COLUMN_DATE : COLUMN_NUMBER, numbers, n);
  }
  bound_free(bound);
  return STATUS_OK;
}

/* A condition on stretches of rows, each with words of the bitmap of its own. */
struct selection {
  const struct bound *bound;
  const struct bitmap *among;
  struct bitmap *rows;
  size_t *n_unknown; /* of each stretch */
};

/* A bit for each of at most 64 that is true, and for each that is unknown; without branches, since chance decides them. */
static uint64_t truths_word(const double *truth, size_t n, uint64_t *unknown)
{
  uint64_t is_true = 0, is_unknown = 0;
  for (size_t i = 0; i < n; i++) {
    is_true |= (uint64_t)(truth[i] == 1) << i;
    is_unknown |= (uint64_t)(truth[i] != truth[i]) << i;
  }
  *unknown = is_unknown;
  return is_true;
}

static void select_stretch(void *context, size_t part)
{
  const struct selection *selection = context;
  const size_t begin = part * STRETCH_ROWS, n_rows = selection->rows->n;
  const size_t end = begin + STRETCH_ROWS < n_rows ? begin + STRETCH_ROWS : n_rows;
  for (size_t first = begin; first < end; first += BLOCK_ROWS) {
    double truth[BLOCK_ROWS];
    const size_t n = block_at(first, end);
    bound_numbers(selection->bound, first, n, truth);
    for (size_t i = 0; i < n; i += 64) {
      uint64_t unknown;
      const size_t word = (first + i) / 64;
      selection->rows->words[word] = truths_word(truth + i, n - i < 64 ? n - i : 64, &unknown);
      if (selection->among)
        unknown &= selection->among->words[word];
      selection->n_unknown[part] += (size_t)__builtin_popcountll(unknown);
    }
  }
}

/* Adds the rows that the condition is true for; returns for how many of those among it is unknown. */
static size_t select_rows(const struct bound *bound, const struct bitmap *among, struct bitmap *rows)
{
  const size_t n_stretches = (rows->n + STRETCH_ROWS - 1) / STRETCH_ROWS;
  struct selection selection = {bound, among, rows, memory_new(n_stretches, sizeof *selection.n_unknown)};
  size_t n_unknown = 0;
  parallel_run(n_stretches, select_stretch, &selection);
  for (size_t s = 0; s < n_stretches; s++)
    n_unknown += selection.n_unknown[s];
  free(selection.n_unknown);
  return n_unknown;
}

enum status expr_select(const struct expr *expr, const struct cohort *cohort, const struct bitmap *among,
                        struct bitmap *rows, size_t *unknown, struct error *error)
{
  struct bound *bound;
  if (bound_new(expr, cohort, &bound, error))
    return STATUS_ERROR;
  if (bound->value != VALUE_TRUTH) {
    struct text text = TEXT_INIT;
    expr_append(&text, expr);
    error_set(error, "%s is no condition", text_string(&text));
    error_hint(error, bound->value == VALUE_TEXT ? "compare it with a level: %s == \"…\"" : "compare it: %s > 0",
               text_string(&text));
    text_clear(&text);
    bound_free(bound);
    return error_in_command(error, expr->start, expr->length);
  }
  bitmap_init(rows, cohort->n_rows, false);
  const size_t n_unknown = select_rows(bound, among, rows);
  if (unknown)
    *unknown = n_unknown;
  bound_free(bound);
  return STATUS_OK;
}
