/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session/design.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/parallel.h"
#include "base/text.h"

/* ---- the model frame: each variable computed for every row ---- */

/* Turns a computed variable into what the model wants: a factor where it is asked for, the wanted level first. */
static enum status adapt_variable(const struct variable *variable, struct column **column, struct error *error)
{
  if (!variable->is_factor && !variable->reference)
    return STATUS_OK;
  struct column *factor = column_as_factor(*column);
  column_release(*column);
  *column = factor;
  if (!variable->reference)
    return STATUS_OK;
  uint32_t reference = column_find_level(factor, variable->reference);
  if (!reference) {
    struct text levels = TEXT_INIT;
    for (size_t i = 0; i < factor->n_levels && i < 12; i++)
      text_append_format(&levels, "%s%s", i ? ", " : "", factor->levels[i].name);
    error_set(error, "%s has no level \"%s\"", variable->name, variable->reference);
    error_hint(error, "its levels are %s%s", text_string(&levels), factor->n_levels > 12 ? ", …" : "");
    text_clear(&levels);
    return error_in_command(error, variable->start, variable->length);
  }
  uint32_t *order = memory_resize(NULL, factor->n_levels, sizeof *order);
  order[0] = reference;
  for (uint32_t code = 1, i = 1; code <= factor->n_levels; code++)
    if (code != reference)
      order[i++] = code;
  *column = column_with_level_order(factor, order);
  column_release(factor);
  free(order);
  return STATUS_OK;
}

/* A column and the rows that have a value in it. */
struct completion {
  struct bitmap *complete;
  const struct column *column;
};

enum { WORD_BITS = 64, PART_WORDS = 1 << 10 };

/* Takes the rows of one part, a word of the bitmap at a time. */
static void mark_part(void *context, size_t part)
{
  const struct completion *completion = context;
  struct bitmap *complete = completion->complete;
  const struct column *column = completion->column;
  const bool factor = column->kind == COLUMN_FACTOR;
  for (size_t word = part * PART_WORDS; word < (part + 1) * PART_WORDS && word * WORD_BITS < complete->n; word++) {
    const size_t first = word * WORD_BITS, rest = complete->n - first, n = rest < WORD_BITS ? rest : WORD_BITS;
    uint64_t known = 0;
    double numbers[WORD_BITS];
    if (!factor)
      column_numbers(column, first, n, numbers);
    for (size_t k = 0; k < n; k++)
      known |= (uint64_t)(factor ? column_code(column, first + k) != 0 : isfinite(numbers[k])) << k;
    complete->words[word] &= known;
  }
}

/* Takes out the rows without a value; an infinite one (exp() of a large number) is none. */
static void mark_complete(struct bitmap *complete, const struct column *column)
{
  struct completion completion = {complete, column};
  const size_t part = (size_t)PART_WORDS * WORD_BITS;
  parallel_run((complete->n + part - 1) / part, mark_part, &completion);
}

enum status model_frame_build(const struct formula *formula, const struct cohort *cohort, struct model_frame *frame,
                              struct error *error)
{
  *frame = (struct model_frame){
      .variables = memory_new(formula->n_variables, sizeof *frame->variables),
      .strata = memory_new(formula->n_strata, sizeof *frame->strata),
  };
  bitmap_init(&frame->complete, cohort->n_rows, true);
  for (size_t i = 0; i < formula->n_variables; i++) {
    const struct variable *variable = &formula->variables[i];
    struct column **column = &frame->variables[i];
    if (expr_evaluate(variable->expr, cohort, variable->name, column, error)) {
      model_frame_clear(frame);
      return STATUS_ERROR;
    }
    frame->n_variables = i + 1;
    if (adapt_variable(variable, column, error)) {
      model_frame_clear(frame);
      return STATUS_ERROR;
    }
    mark_complete(&frame->complete, *column);
  }
  for (size_t i = 0; i < formula->n_strata; i++) {
    struct text name = TEXT_INIT;
    struct column *column = NULL;
    expr_append(&name, formula->strata[i]);
    enum status status = expr_evaluate(formula->strata[i], cohort, text_string(&name), &column, error);
    text_clear(&name);
    if (status) {
      model_frame_clear(frame);
      return status;
    }
    frame->strata[i] = column_as_factor(column);
    frame->n_strata = i + 1;
    column_release(column);
    mark_complete(&frame->complete, frame->strata[i]);
  }
  return STATUS_OK;
}

void model_frame_clear(struct model_frame *frame)
{
  for (size_t i = 0; i < frame->n_variables; i++)
    column_release(frame->variables[i]);
  for (size_t i = 0; i < frame->n_strata; i++)
    column_release(frame->strata[i]);
  free(frame->variables);
  free(frame->strata);
  bitmap_clear(&frame->complete);
  *frame = (struct model_frame){.variables = NULL};
}

/* ---- the coding of factors ---- */

/* A variable's levels that have rows, in order; present[0] is the reference.  A number has none. */
struct coding {
  const struct column *column;
  uint32_t *present; /* codes */
  uint32_t *index;   /* of each code: its place in `present`, from 1; 0: absent */
  size_t n_present;
};

/* A variable's part in one term: how many columns it spans there. */
struct span {
  const struct coding *coding;
  bool full; /* all levels, the reference too */
  size_t width;
};

enum { MAX_SPANS = 16, MAX_COLUMNS = 2000 };

struct builder {
  const struct formula *formula;
  struct coding *codings;
  struct design *design;
  const uint32_t *rows;
};

static void warn(struct design *design, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void warn(struct design *design, const char *format, ...)
{
  struct text text = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  MEMORY_APPEND(design->warnings, design->n_warnings, design->warnings_capacity, text_take(&text));
}

static void coding_init(struct coding *coding, const struct column *column, const uint32_t *rows, size_t n)
{
  *coding = (struct coding){.column = column};
  if (column->kind != COLUMN_FACTOR)
    return;
  coding->index = memory_new(column->n_levels + 1, sizeof *coding->index);
  coding->present = memory_new(column->n_levels, sizeof *coding->present);
  for (size_t i = 0; i < n; i++)
    coding->index[column_code(column, rows[i])] = 1;
  for (uint32_t code = 1; code <= column->n_levels; code++) {
    if (!coding->index[code])
      continue;
    coding->present[coding->n_present++] = code;
    coding->index[code] = (uint32_t)coding->n_present;
  }
}

/* Whether the formula has the term made of `term`'s variables without the one at `skip` (nothing left: the intercept). */
static bool has_margin(const struct formula *formula, const struct term *term, size_t skip)
{
  if (term->n_variables == 1)
    return true;
  for (size_t t = 0; t < formula->n_terms; t++) {
    const struct term *other = &formula->terms[t];
    if (other->n_variables != term->n_variables - 1)
      continue;
    size_t shared = 0;
    for (size_t i = 0; i < term->n_variables; i++)
      for (size_t j = 0; i != skip && j < other->n_variables; j++)
        shared += other->variables[j] == term->variables[i];
    if (shared == other->n_variables)
      return true;
  }
  return false;
}

/* The spans of a term's variables; returns the number of columns they multiply to. */
static size_t term_spans(const struct builder *builder, const struct term *term, struct span *spans)
{
  size_t columns = 1;
  for (size_t i = 0; i < term->n_variables; i++) {
    const struct coding *coding = &builder->codings[term->variables[i]];
    spans[i] = (struct span){.coding = coding, .width = 1};
    if (coding->column->kind == COLUMN_FACTOR) {
      spans[i].full = !has_margin(builder->formula, term, i);
      spans[i].width = coding->n_present - (coding->n_present && !spans[i].full);
    }
    columns *= spans[i].width;
  }
  return columns;
}

/* The level that the k-th column of a span stands for. */
static uint32_t span_code(const struct span *span, size_t k)
{
  return span->coding->present[k + !span->full];
}

static void name_column(const struct span *spans, size_t n_spans, size_t column, struct design_column *named)
{
  struct text level = TEXT_INIT, label = TEXT_INIT;
  named->levels = memory_new(n_spans, sizeof *named->levels);
  named->n_levels = n_spans;
  for (size_t i = 0; i < n_spans; i++) {
    size_t k = column % spans[i].width; /* the first variable varies fastest, as in R */
    column /= spans[i].width;
    if (spans[i].coding->column->kind != COLUMN_FACTOR)
      continue;
    uint32_t code = span_code(&spans[i], k);
    named->levels[i] = memory_copy_string(spans[i].coding->column->levels[code - 1].name);
    text_append_format(&level, "%s%s", level.length ? ":" : "", spans[i].coding->column->levels[code - 1].name);
    text_append_format(&label, "%s%s", label.length ? " : " : "",
                       column_level_display_name(spans[i].coding->column, code));
  }
  named->level = level.length ? text_take(&level) : NULL;
  named->label = label.length ? text_take(&label) : NULL;
}

/* The value of a span's k-th column in one row. */
static double span_value(const struct span *span, size_t k, uint32_t row)
{
  if (span->coding->column->kind != COLUMN_FACTOR)
    return column_number(span->coding->column, row);
  return span->coding->index[column_code(span->coding->column, row)] == k + 1 + !span->full;
}

/* A main effect in the rows [first_row, end): a number is copied, a level sets one column of its row. */
static void fill_main_effect(const struct builder *builder, const struct span *span, const struct design_term *term,
                             size_t first_row, size_t end)
{
  const struct design *design = builder->design;
  const struct column *column = span->coding->column;
  const uint32_t *rows = builder->rows;
  double *x = design->x + first_row * design->n_columns + term->first;
  if (column->kind != COLUMN_FACTOR) {
    column_numbers_of(column, rows + first_row, end - first_row, x, design->n_columns);
    return;
  }
  for (size_t i = first_row; i < end; i++, x += design->n_columns) {
    const uint32_t place = span->coding->index[column_code(column, rows[i])]; /* 1: the reference */
    for (size_t c = 0; c < term->n_columns; c++)
      x[c] = c + 2 == place;
  }
}

static void fill_term(const struct builder *builder, const struct span *spans, size_t n_spans,
                      const struct design_term *term, size_t first_row, size_t end)
{
  const struct design *design = builder->design;
  if (n_spans == 1) {
    if (term->n_columns)
      fill_main_effect(builder, spans, term, first_row, end);
    return;
  }
  for (size_t i = first_row; i < end; i++) {
    double *x = design->x + i * design->n_columns + term->first;
    for (size_t c = 0; c < term->n_columns; c++) {
      size_t rest = c;
      double product = 1;
      for (size_t s = 0; s < n_spans; s++) {
        product *= span_value(&spans[s], rest % spans[s].width, builder->rows[i]);
        rest /= spans[s].width;
      }
      x[c] = product;
    }
  }
}

enum { FILLED_ROWS = 512, PART_ROWS = 1 << 15 }; /* filled column by column while they are near; of a part for a core */

/* All terms of the part's rows, a few rows at a time. */
static void fill_part(void *context, size_t part)
{
  const struct builder *builder = context;
  const struct formula *formula = builder->formula;
  const struct design *design = builder->design;
  const size_t stop = (part + 1) * PART_ROWS < design->n_rows ? (part + 1) * PART_ROWS : design->n_rows;
  struct span spans[MAX_SPANS];
  for (size_t first = part * PART_ROWS; first < stop; first += FILLED_ROWS)
    for (size_t t = 0; t < formula->n_terms; t++) {
      term_spans(builder, &formula->terms[t], spans);
      fill_term(builder, spans, formula->terms[t].n_variables, &design->terms[t], first,
                first + FILLED_ROWS < stop ? first + FILLED_ROWS : stop);
    }
}

/* Names a term's columns and its reference, and says what is odd about it. */
static void describe_term(const struct builder *builder, size_t t, const struct span *spans, size_t count)
{
  const struct term *term = &builder->formula->terms[t];
  struct design *design = builder->design;
  struct design_term *described = &design->terms[t];
  *described = (struct design_term){.first = design->n_columns, .n_columns = count};
  for (size_t c = 0; c < count; c++) {
    struct design_column column = {.term = t};
    name_column(spans, term->n_variables, c, &column);
    design->columns[design->n_columns++] = column;
  }
  const struct coding *coding = spans[0].coding;
  if (term->n_variables != 1 || coding->column->kind != COLUMN_FACTOR || !coding->n_present)
    return;
  described->reference = memory_copy_string(coding->column->levels[coding->present[0] - 1].name);
  if (coding->n_present == 1)
    warn(design, "%s has one value here (%s) and is left out of the model", term->name, described->reference);
  else if (coding->present[0] != 1)
    warn(design, "%s: no patient has its reference level %s here; %s is the reference instead", term->name,
         coding->column->levels[0].name, described->reference);
}

static enum status too_many(const struct term *term, size_t columns, struct error *error)
{
  error_set(error, "%s would take %zu coefficients, and a model has %d at most", term->name, columns, (int)MAX_COLUMNS);
  return error_hint(error, "a factor with so many levels is no covariate: cut it, or use strata(%s)", term->name);
}

static enum status build_terms(struct builder *builder, struct error *error)
{
  const struct formula *formula = builder->formula;
  struct design *design = builder->design;
  struct span spans[MAX_SPANS];
  size_t total = 0;
  for (size_t t = 0; t < formula->n_terms; t++) {
    assert(formula->terms[t].n_variables <= MAX_SPANS);
    size_t count = term_spans(builder, &formula->terms[t], spans);
    total += count;
    if (total > MAX_COLUMNS)
      return too_many(&formula->terms[t], count, error);
  }
  design->columns = memory_new(total, sizeof *design->columns);
  for (size_t t = 0; t < formula->n_terms; t++)
    describe_term(builder, t, spans, term_spans(builder, &formula->terms[t], spans));
  design->x = memory_resize(NULL, design->n_rows * total, sizeof *design->x);
  parallel_run((design->n_rows + PART_ROWS - 1) / PART_ROWS, fill_part, builder);
  return STATUS_OK;
}

enum status design_build(const struct formula *formula, const struct model_frame *frame, const uint32_t *rows, size_t n,
                         struct design *design, struct error *error)
{
  *design = (struct design){
      .n_rows = n,
      .n_terms = formula->n_terms,
      .terms = memory_new(formula->n_terms, sizeof *design->terms),
  };
  struct builder builder = {
      .formula = formula,
      .codings = memory_new(formula->n_variables, sizeof *builder.codings),
      .design = design,
      .rows = rows,
  };
  for (size_t i = 0; i < formula->n_variables; i++)
    coding_init(&builder.codings[i], frame->variables[i], rows, n);
  enum status status = build_terms(&builder, error);
  for (size_t i = 0; i < formula->n_variables; i++) {
    free(builder.codings[i].present);
    free(builder.codings[i].index);
  }
  free(builder.codings);
  if (status)
    design_clear(design);
  return status;
}

void design_clear(struct design *design)
{
  for (size_t i = 0; design->columns && i < design->n_columns; i++) {
    for (size_t k = 0; k < design->columns[i].n_levels; k++)
      free(design->columns[i].levels[k]);
    free(design->columns[i].levels);
    free(design->columns[i].level);
    free(design->columns[i].label);
  }
  for (size_t i = 0; i < design->n_terms; i++)
    free(design->terms[i].reference);
  for (size_t i = 0; i < design->n_warnings; i++)
    free(design->warnings[i]);
  free(design->x);
  free(design->columns);
  free(design->terms);
  free(design->warnings);
  *design = (struct design){.x = NULL};
}

/* ---- other patients ---- */

/* Whether the level is the reference of the term, or that of one of its columns. */
static bool knows_level(const struct design *design, size_t t, const char *level)
{
  const struct design_term *term = &design->terms[t];
  bool known = term->reference && strcmp(term->reference, level) == 0;
  for (size_t c = term->first; c < term->first + term->n_columns && !known; c++)
    known = design->columns[c].levels[0] && strcmp(design->columns[c].levels[0], level) == 0;
  return known;
}

static enum status check_level(const struct design *design, const struct formula *formula,
                               const struct model_frame *frame, size_t t, size_t row, struct error *error)
{
  const struct term *term = &formula->terms[t];
  const struct column *column = frame->variables[term->variables[0]];
  if (term->n_variables > 1 || column->kind != COLUMN_FACTOR)
    return STATUS_OK;
  const char *level = column->levels[column_code(column, row) - 1].name;
  if (knows_level(design, t, level))
    return STATUS_OK;
  struct text levels = TEXT_INIT;
  const struct design_term *described = &design->terms[t];
  text_append(&levels, described->reference ? described->reference : "");
  for (size_t c = described->first; c < described->first + described->n_columns; c++)
    text_append_format(&levels, ", %s", design->columns[c].level);
  error_set(error, "the model does not know %s = %s", term->name, level);
  error_hint(error, "its levels are %s", text_string(&levels));
  text_clear(&levels);
  return STATUS_ERROR;
}

enum status design_row(const struct design *design, const struct formula *formula, const struct model_frame *frame,
                       size_t row, double *covariates, struct error *error)
{
  for (size_t t = 0; t < formula->n_terms; t++)
    if (check_level(design, formula, frame, t, row, error))
      return STATUS_ERROR;
  for (size_t c = 0; c < design->n_columns; c++) {
    const struct term *term = &formula->terms[design->columns[c].term];
    covariates[c] = 1;
    for (size_t i = 0; i < term->n_variables; i++) {
      const struct column *column = frame->variables[term->variables[i]];
      const char *level = design->columns[c].levels[i];
      if (level)
        covariates[c] *= strcmp(column->levels[column_code(column, row) - 1].name, level) == 0;
      else
        covariates[c] *= column_number(column, row);
    }
  }
  return STATUS_OK;
}
