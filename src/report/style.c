/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/style.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/number.h"

/* How many digits a p-value has over the floor. */
enum p_digits {
  DIGITS_THREE,      /* 0.045, 0.311 */
  DIGITS_TWO,        /* two from 0.01 on, three below */
  DIGITS_TWO_UNLESS, /* the same, but three where two would put it on the other side of 0.05 */
  DIGITS_SIGNIFICANT /* two significant ones, up to four places */
};

struct form {
  const char *name;
  char letter;
  bool is_italic, is_tight;    /* P=.04 rather than P = .04 */
  bool zero_in_p, zero_in_all; /* 0.04 or .04; 0.29 or .29 */
  bool mid_dot;
  enum p_digits digits;
  int floor_places;                  /* 3: nothing is printed under 0.001 */
  const char *open, *between, *close; /* of limits */
  int ratio_decimals;                /* of hazard ratios; 0: two, three where two would lose it */
};

static const struct form forms[N_NUMBER_STYLES] = {
    [NUMBERS_DEFAULT] = {"default", 'p', false, false, true, true, false,
                     DIGITS_THREE, 3, "(", "–", ")", 0},
    [NUMBERS_JAMA] = {"jama", 'P',
                    true, false, false, true, false, DIGITS_TWO_UNLESS, 3, "(", "-", ")", 0},
    [NUMBERS_NEJM] = {"nejm", 'P', true, true, true,
                    true, false, DIGITS_TWO, 3, "(", " to ", ")", 0},
    [NUMBERS_LANCET] = {"lancet", 'p', false, true, true, true, true, DIGITS_SIGNIFICANT, 4, "(", "–", ")", 0},
    [NUMBERS_BMJ] = {"bmj", 'P', false, true, true, true, false, DIGITS_TWO,
                   3, "(", " to ", ")", 0},
    [NUMBERS_APA] = {"apa", 'p', true, false, false, true, false, DIGITS_THREE, 3,
                   "[", ", ", "]", 0},
    [NUMBERS_SPSS] = {"spss", 'p', false, false, false, false, false, DIGITS_THREE, 3,
                    "(", "–", ")", 3},
};

const char *style_name(enum number_style style)
{
  return forms[style].name;
}


bool style_find(const char *name, enum number_style *style)
{
  for (size_t i = 0; i < N_NUMBER_STYLES; i++) {
    if (strcasecmp(forms[i].name, name) != 0)
      continue;
    *style = (enum number_style)i;
    return true;
  }
  return false;
}

/* ---- numbers ---- */

static bool is_digit(char c)
{
  return c >= '0' && c <= '9';
}

/* Appends a text of numbers with the style's decimal mark, and without leading zeros where it has none. */
static void append_formed(struct text *text, const struct form *form, bool zero, const char *string, size_t length)
{
  for (size_t i = 0; i < length; i++) {
    const bool stands_before = i && (is_digit(string[i - 1]) || string[i - 1] == '.');
    const bool has_point = i + 2 < length && string[i + 1] == '.' && is_digit(string[i + 2]);
    if (!zero && string[i] == '0' && has_point && !stands_before)
      continue;
    if (form->mid_dot && string[i] == '.' && i && is_digit(string[i - 1]) && i + 1 < length && is_digit(string[i + 1]))
      text_append(text, "·");
    else
      text_append_char(text, string[i]);
  }
}

static int places_of(const struct form *form, double p)
{
  const double two = floor(p * 100 + 0.5) / 100;
  switch (form->digits) {
  case DIGITS_THREE:
    return 3;
  case DIGITS_TWO_UNLESS:
    return p < 0.01 || (p < 0.05) != (two < 0.05) ? 3 : 2;
  case DIGITS_TWO:
    return p < 0.01 ? 3 : 2;
  case DIGITS_SIGNIFICANT:
    break;
  }
  return p < 0.00995 ? 4 : p < 0.0995 ? 3 : 2; /* as it is when rounded: 0.0996 is 0.10, not 0.100 */
}

void style_append_p(struct text *text, enum number_style style, double p)
{
  const struct form *form = &forms[style];
  struct text plain = TEXT_INIT;
  if (style == NUMBERS_DEFAULT || !isfinite(p)) {
    number_append_p(text, p, false);
    return;
  }
  const double floor_value = pow(10, -form->floor_places);
  if (p < floor_value) {
    text_append(&plain, style == NUMBERS_APA ? "< " : "<");
    number_append_fixed(&plain, floor_value, form->floor_places);
  } else if (p > 0.995) {
    text_append(&plain, style == NUMBERS_APA ? "> 0.99" : ">0.99");
  } else {
    number_append_fixed(&plain, p, places_of(form, p));
  }
  append_formed(text, form, form->zero_in_p, text_string(&plain), plain.length);
  text_clear(&plain);
}

/* The number behind the letter: with its own sign, or after "=". */
static void append_sentence(struct text *text, const struct form *form, const char *number)
{
  const char sign = *number == '<' || *number == '>' ? *number : '=';
  number += sign != '=';
  number += strspn(number, " ");
  text_append_char(text, form->letter);
  text_append_format(text, form->is_tight ? "%c" : " %c ", sign);
  text_append(text, number);
}

void style_append_p_sentence(struct text *text, enum number_style style, double p)
{
  struct text number = TEXT_INIT;
  style_append_p(&number, style, p);
  append_sentence(text, &forms[style], text_string(&number));
  text_clear(&number);
}

/* One side of limits in the plain form: a number, or a word for one that is not there. */
static bool is_limit(const char *bytes, size_t length)
{
  if (length == 2 && (memcmp(bytes, "NE", 2) == 0 || memcmp(bytes, "NR", 2) == 0))
    return true;
  return length && strspn(bytes, "0123456789.e+-") >= length && (is_digit(bytes[0]) || is_digit(bytes[length > 1]));
}

/* Limits in the plain form, "(0.09–0.95)" or "(-1 to 1)": where what stands between them begins, and how long it is; NULL where
 * the bracket holds something else. */
static const char *find_between(const char *open, const char *close, size_t *width)
{
  static const char *const words[] = {"–", " to "};
  for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
    const char *between = strstr(open, words[i]);
    *width = strlen(words[i]);
    if (between && between < close && is_limit(open + 1, (size_t)(between - open - 1)) &&
        is_limit(between + *width, (size_t)(close - between) - *width))
      return between;
  }
  return NULL;
}

void style_append_limits(struct text *text, enum number_style style, const char *plain)
{
  const struct form *form = &forms[style];
  const char *at = plain, *open = plain, *close;
  while ((open = strchr(open, '(')) && (close = strchr(open, ')'))) {
    size_t width;
    const char *between = find_between(open, close, &width);
    if (!between) {
      open++;
      continue;
    }
    const bool is_dash = *between != ' ';
    append_formed(text, form, form->zero_in_all, at, (size_t)(open - at));
    text_append(text, form->open);
    append_formed(text, form, form->zero_in_all, open + 1, (size_t)(between - open - 1));
    text_append(text, is_dash || form->between[0] == ',' ? form->between : " to "); /* a dash would run into a minus sign */
    append_formed(text, form, form->zero_in_all, between + width, (size_t)(close - between) - width);
    text_append(text, form->close);
    at = open = close + 1;
  }
  append_formed(text, form, form->zero_in_all, at, strlen(at));
}

/* From the plain form, so that what is infinite or lost stays as it is there. */
void style_append_interval(struct text *text, enum number_style style, const struct printed_value *value)
{
  const struct form *form = &forms[style];
  const int decimals = value->is_ratio && form->ratio_decimals ? form->ratio_decimals : value->decimals;
  struct text plain = TEXT_INIT;
  printed_append_interval(&plain, value->estimate, value->low, value->high, decimals, false);
  style_append_limits(text, style, text_string(&plain));
  text_clear(&plain);
}

/* ---- sentences ---- */

size_t style_find_letter(const char *string, size_t from)
{
  for (size_t i = from; string[i]; i++) {
    if ((string[i] != 'p' && string[i] != 'P') || (i && (isalnum((unsigned char)string[i - 1]) || (string[i - 1] & 0x80))))
      continue;
    const char *rest = string + i + 1;
    const char *sign = rest + strspn(rest, " ");
    if (!*rest)
      return i;
    if (*sign != '=' && *sign != '<' && *sign != '>')
      continue;
    const char *number = sign + 1 + strspn(sign + 1, " ");
    if (is_digit(*number) || (*number == '.' && is_digit(number[1])))
      return i;
  }
  return SIZE_MAX;
}

/* A sentence with the form of its p-values and the mark of its decimals; their digits stay.  The caller frees it. */
static char *sentence_restyled(const struct form *form, const char *string)
{
  struct text text = TEXT_INIT;
  size_t at = 0, letter;
  while ((letter = style_find_letter(string, at)) != SIZE_MAX && string[letter + 1]) {
    const char *sign = string + letter + 1 + strspn(string + letter + 1, " ");
    const char *number = sign + 1 + strspn(sign + 1, " ");
    const size_t length = strspn(number, "0123456789.");
    const size_t digits = length && number[length - 1] == '.' ? length - 1 : length; /* the sentence's own end */
    struct text formed = TEXT_INIT;
    append_formed(&text, form, true, string + at, letter - at);
    text_append(&formed, *sign == '=' ? "" : (char[]){*sign, '\0'});
    append_formed(&formed, form, form->zero_in_p, number, digits);
    append_sentence(&text, form, text_string(&formed));
    text_clear(&formed);
    at = (size_t)(number - string) + digits;
  }
  append_formed(&text, form, true, string + at, strlen(string + at));
  return text_take(&text);
}

static void restyle_sentence(const struct form *form, char **string)
{
  if (!*string)
    return;
  char *restyled = sentence_restyled(form, *string);
  free(*string);
  *string = restyled;
}

/* ---- tables ---- */

static void restyle_value(enum number_style style, const struct printed_value *value, char **cell)
{
  struct text text = TEXT_INIT;
  if (value->kind == PRINTED_P)
    style_append_p(&text, style, value->estimate);
  else if (value->kind == PRINTED_LIMITS)
    style_append_limits(&text, style, *cell);
  else
    style_append_interval(&text, style, value);
  free(*cell);
  *cell = text_take(&text);
}

/* "log-rank p" with the style's letter, over a column of p-values. */
static void restyle_title(const struct form *form, char *title)
{
  for (size_t at = 0; (at = style_find_letter(title, at)) != SIZE_MAX; at++)
    title[at] = form->letter;
}

static void restyle_column(enum number_style style, struct printed_table *table, size_t column)
{
  const struct form *form = &forms[style];
  bool is_p = false;
  for (size_t r = 0; r < table->n_rows; r++) {
    struct printed_row *row = &table->rows[r];
    char **cell = &row->cells[column];
    if (row->values && row->values[column].kind != PRINTED_TEXT) {
      is_p |= row->values[column].kind == PRINTED_P;
      restyle_value(style, &row->values[column], cell);
    } else if (*cell && form->mid_dot && table->columns[column].alignment == ALIGN_RIGHT) {
      struct text text = TEXT_INIT;
      append_formed(&text, form, true, *cell, strlen(*cell));
      free(*cell);
      *cell = text_take(&text);
    }
  }
  if (is_p)
    restyle_title(form, table->columns[column].title);
}

void style_apply_table(enum number_style style, struct printed_table *table)
{
  if (style == NUMBERS_DEFAULT)
    return;
  for (size_t c = 0; c < table->n_columns; c++)
    restyle_column(style, table, c);
  for (size_t i = 0; i < table->n_notes; i++)
    restyle_sentence(&forms[style], &table->notes[i]);
  table->italic_p = forms[style].is_italic;
}

/* How many decimals the first number of a text has. */
static int places_in(const char *numbers)
{
  const char *point = numbers ? strpbrk(numbers, ". ") : NULL;
  return point && *point == '.' ? (int)strspn(point + 1, "0123456789") : 0;
}

/* The p-value at the end of a remark, by its value. */
static void restyle_remark(enum number_style style, char **remark, double p)
{
  const size_t letter = style_find_letter(*remark, 0);
  struct text text = TEXT_INIT;
  text_append_bytes(&text, *remark, letter == SIZE_MAX ? strlen(*remark) : letter);
  if (letter != SIZE_MAX)
    style_append_p_sentence(&text, style, p);
  free(*remark);
  *remark = text_take(&text);
}

static void restyle_forest(enum number_style style, struct forest_plot *plot)
{
  for (size_t r = 0; r < plot->n_rows; r++) {
    struct forest_row *row = &plot->rows[r];
    const struct printed_value p = {.kind = PRINTED_P, .estimate = row->p_value};
    const struct printed_value interval = {.kind = PRINTED_INTERVAL,
                                           .estimate = row->estimate,
                                           .low = row->low,
                                           .high = row->high,
                                           .is_ratio = plot->is_ratio,
                                           .decimals = places_in(row->numbers)};
    if (row->numbers && isfinite(row->estimate))
      restyle_value(style, &interval, &row->numbers);
    if (row->p && !isnan(row->p_value))
      restyle_value(style, &p, &row->p);
    else
      restyle_sentence(&forms[style], &row->p);
    if (row->remark && !isnan(row->p_value))
      restyle_remark(style, &row->remark, row->p_value);
    else
      restyle_sentence(&forms[style], &row->remark);
    if (row->kind == FOREST_HEADING && row->label && strncmp(row->label, "Heterogeneity:", 14) == 0)
      restyle_sentence(&forms[style], &row->label);
  }
}

static void restyle_plot(enum number_style style, struct plot *plot)
{
  restyle_sentence(&forms[style], &plot->note);
  for (size_t i = 0; i < plot->n_panels; i++)
    restyle_sentence(&forms[style], &plot->panels[i]->note);
}

void style_apply(enum number_style style, struct report *report)
{
  if (style == NUMBERS_DEFAULT)
    return;
  for (size_t i = 0; i < report->n_items; i++) {
    struct report_item *item = &report->items[i];
    if (item->kind == ITEM_PRINTED)
      style_apply_table(style, item->as.printed);
    else if (item->kind == ITEM_FOREST)
      restyle_forest(style, item->as.forest);
    else if (item->kind == ITEM_PLOT)
      restyle_plot(style, item->as.plot);
    else if (item->kind == ITEM_TEXT)
      restyle_sentence(&forms[style], &item->as.text);
  }
}

void style_append_slanted(struct text *out, const struct printed_table *table, const char *words, const struct slant *slant)
{
  size_t at = 0, letter;
  while (table->italic_p && (letter = style_find_letter(words, at)) != SIZE_MAX) {
    char *before = memory_copy_bytes(words + at, letter - at);
    slant->append_words(out, before);
    free(before);
    text_append_format(out, "%s%c%s", slant->open, words[letter], slant->close);
    at = letter + 1;
  }
  slant->append_words(out, words + at);
}
