/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn is what the data say: 1000 random cohorts (ties, events at time 0, nobody dies, one patient, late
 * drops, delayed entry, one to four groups) go in as a file, and every cell of the curves is held against Kaplan and
 * Meier's product worked out here from the rows, in every function and every character set; the numbers beneath against
 * counts of the rows.  The product itself is held against R's survfit (survfit_steps.R wrote survfit_steps.txt). */
#include <math.h>

#include "explorer_case.h"
#include "report/draw.h"

enum {
  CHARSETS = 3,
  COHORTS = 1000,
  SAMPLED_EVERY = 27,
  MAX_ROWS = 256,
  GROUPS = 4,
  UNIT = 8 /* times are multiples of 1/8 */
};

/* ---- cohorts; survfit_steps.R makes the same ones ---- */

struct patient {
  long group, entry, time; /* in eighths */
  bool event;
};

struct cohort_rows {
  int kind;
  long n_groups;
  size_t n;
  struct patient rows[MAX_ROWS];
};

/* Park and Miller's generator: exact in R's doubles, too. */
static long next_number(uint64_t *seed, long n)
{
  *seed = *seed * 16807 % 2147483647;
  return (long)(*seed % (uint64_t)n);
}

static long rows_of(int kind, uint64_t *seed)
{
  static const long least[] = {2, 3, 2, 1, 1, 5, 2, 1, 100, 2}, more[] = {80, 60, 60, 40, 0, 60, 80, 50, 100, 90};
  return least[kind] + (more[kind] ? next_number(seed, more[kind]) : 0);
}

static long time_of(int kind, uint64_t *seed)
{
  long early;
  switch (kind) {
  case 1:
    return UNIT * (1 + next_number(seed, 6));
  case 2:
    early = next_number(seed, 60) - 20;
    return early > 0 ? early : 0;
  case 4:
    return next_number(seed, 100);
  case 5:
    return 400 + next_number(seed, 400);
  case 7:
    return UNIT * (1 + next_number(seed, 30));
  case 8:
    return 1 + next_number(seed, 3000);
  case 9:
    return 1 + next_number(seed, 300);
  default:
    return 1 + next_number(seed, kind == 0 ? 800 : 400);
  }
}

static bool event_of(int kind, long time, uint64_t *seed)
{
  static const long percent[] = {60, 50, 50, 0, 0, 0, 60, 0, 40, 15};
  switch (kind) {
  case 3:
    return false;
  case 4:
    return next_number(seed, 2) == 1;
  case 5:
    return time >= 720;
  case 7:
    return true;
  default:
    return next_number(seed, 100) < percent[kind];
  }
}

static void make_cohort(int i, struct cohort_rows *cohort)
{
  uint64_t seed = 1 + 7919 * (uint64_t)i;
  for (int k = 0; k < 3; k++)
    next_number(&seed, 2);
  cohort->kind = i % 10;
  cohort->n_groups = 1 + i / 10 % GROUPS;
  cohort->n = (size_t)rows_of(cohort->kind, &seed);
  for (size_t k = 0; k < cohort->n; k++) {
    struct patient *row = &cohort->rows[k];
    row->group = next_number(&seed, cohort->n_groups);
    row->entry = cohort->kind == 6 ? next_number(&seed, 200) : 0;
    row->time = row->entry + time_of(cohort->kind, &seed);
    row->event = event_of(cohort->kind, row->time, &seed);
  }
}

static bool has_entry(const struct cohort_rows *cohort)
{
  return cohort->kind == 6;
}

/* ---- Kaplan and Meier, by the definition ---- */

/* One group's curve: at each distinct time of its rows. */
struct product {
  size_t n;
  long time[MAX_ROWS];
  long at_risk[MAX_ROWS], events[MAX_ROWS], censored[MAX_ROWS];
  long double survival[MAX_ROWS];
};

static int by_time(const void *a, const void *b)
{
  const long x = *(const long *)a, y = *(const long *)b;
  return (x > y) - (x < y);
}

static void make_product(const struct cohort_rows *cohort, long group, struct product *product)
{
  long double survival = 1;
  size_t n = 0;
  *product = (struct product){.n = 0};
  for (size_t i = 0; i < cohort->n; i++)
    if (cohort->rows[i].group == group)
      product->time[n++] = cohort->rows[i].time;
  qsort(product->time, n, sizeof *product->time, by_time);
  for (size_t k = 0; k < n; k++)
    if (!k || product->time[k] != product->time[product->n - 1])
      product->time[product->n++] = product->time[k];
  for (size_t k = 0; k < product->n; k++) {
    for (size_t i = 0; i < cohort->n; i++) {
      const struct patient *row = &cohort->rows[i];
      const bool entered = !has_entry(cohort) || row->entry < product->time[k];
      if (row->group != group)
        continue;
      product->at_risk[k] += entered && row->time >= product->time[k];
      product->events[k] += row->time == product->time[k] && row->event;
      product->censored[k] += row->time == product->time[k] && !row->event;
    }
    survival *= (long double)(product->at_risk[k] - product->events[k]) / (long double)product->at_risk[k];
    product->survival[k] = survival;
  }
}

static void assert_as_survfit(const struct product *product, const char *line, size_t k)
{
  long cohort, group;
  double time, at_risk, events, censored, survival;
  assert_int_equal(
      sscanf(line, "%ld %ld %lf %lf %lf %lf %lf", &cohort, &group, &time, &at_risk, &events, &censored, &survival), 7);
  assert_true(k < product->n);
  if (time * UNIT != (double)product->time[k] || at_risk != (double)product->at_risk[k] ||
      events != (double)product->events[k] || censored != (double)product->censored[k] ||
      fabs(survival - (double)product->survival[k]) > 1e-13)
    fail_msg("survfit has: %s", line);
}

static void the_product_is_survfits(void **state)
{
  (void)state;
  struct text path = TEXT_INIT;
  static struct cohort_rows cohort;
  static struct product product;
  char line[200];
  long last_cohort = -1, last_group = -1;
  size_t step = 0, steps = 0;
  text_append_format(&path, "%s/tests/unit/survfit_steps.txt", source_directory());
  FILE *file = fopen(text_string(&path), "r");
  assert_non_null(file);
  assert_non_null(fgets(line, sizeof line, file));
  while (fgets(line, sizeof line, file)) {
    const long i = strtol(line, NULL, 10), group = strtol(strchr(line, ' '), NULL, 10);
    if (i != last_cohort || group != last_group) {
      assert_int_equal(step, product.n); /* no step that survfit lacks */
      make_cohort((int)i, &cohort);
      make_product(&cohort, group, &product);
      step = 0;
    }
    last_cohort = i;
    last_group = group;
    assert_as_survfit(&product, line, step++);
    steps++;
  }
  assert_int_equal(last_cohort, (COHORTS - 1) / SAMPLED_EVERY * SAMPLED_EVERY);
  assert_true(steps > 1000);
  fclose(file);
  text_clear(&path);
}

/* ---- what each cell may and must hold ---- */

/* A picture of one cohort, in one function, size and character set. */
struct picture {
  const struct cohort_rows *cohort;
  const struct plot *plot;
  const struct product *product; /* one a series */
  struct canvas canvas;
  struct draw_options options;
  struct draw_geometry geometry;
  int i; /* of the cohort */
};

/* Rows that a curve takes in one column: surely, and where rounding or a logarithm may go either way; empty where from
 * > to. */
struct reach {
  long surely[2], perhaps[2];
  bool level, censored;
};

static long double function_of(enum plot_function function, long double s)
{
  switch (function) {
  case PLOT_EVENT:
    return 1 - s;
  case PLOT_CUMULATIVE_HAZARD:
    return -logl(s);
  case PLOT_LOG_LOG:
    return logl(-logl(s));
  default:
    return s;
  }
}

/* The row of survival s, of `rows` rows, unclipped; `nudge` is half a rounding error. */
static double row_of(const struct picture *picture, long double s, size_t rows, long double nudge)
{
  const struct plot_window *window = &picture->geometry.window;
  const long double value = function_of(window->function, s);
  return (double)floorl((window->high - value) / (window->high - window->low) * (long double)(rows - 1) + 0.5L + nudge);
}

/* The left border of a column, in times multiplied by *scale: where time is linear a whole number and exact; `nudge`
 * moves a logarithmic one. */
static double left_border(const struct picture *picture, long column, size_t columns, double nudge, double *scale)
{
  const struct plot_window *window = &picture->geometry.window;
  const bool is_log = window->function == PLOT_LOG_LOG;
  *scale = is_log ? 1 : (double)columns;
  return is_log
             ? UNIT * window->first * pow(window->last / window->first, (double)column / (double)columns) * (1 + nudge)
             : (double)column * round(window->last * UNIT);
}

/* How many of the curve's times are before the left border of a column; the last column holds its right border, too. */
static size_t passed_by(const struct picture *picture, const struct product *product, long column, size_t columns,
                        double nudge)
{
  double scale;
  const double border = left_border(picture, column, columns, nudge, &scale);
  size_t low = 0, high = product->n;
  if (column == (long)columns)
    return product->n;
  while (low < high) {
    const size_t middle = (low + high) / 2;
    if ((double)product->time[middle] * scale < border)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static long double survival_after(const struct product *product, size_t passed)
{
  return passed ? product->survival[passed - 1] : 1;
}

static bool any_censored(const struct product *product, size_t from, size_t to)
{
  for (size_t i = from; i < to; i++)
    if (product->censored[i])
      return true;
  return false;
}

static void include(double from, double to, struct reach *reach)
{
  const long low = (long)fmax(-1, fmin(fmin(from, to), 1e6)), high = (long)fmax(-1, fmin(fmax(from, to), 1e6));
  reach->surely[0] = low > reach->surely[0] ? low : reach->surely[0];
  reach->surely[1] = high < reach->surely[1] ? high : reach->surely[1];
  reach->perhaps[0] = low < reach->perhaps[0] ? low : reach->perhaps[0];
  reach->perhaps[1] = high > reach->perhaps[1] ? high : reach->perhaps[1];
}

/* From the value at the column's left border to that just before its right one. */
static struct reach reach_of(const struct picture *picture, const struct product *product, long column, size_t rows,
                             size_t columns)
{
  static const double nudges[] = {-1e-9, 1e-9};
  const bool log_log = picture->geometry.window.function == PLOT_LOG_LOG;
  struct reach reach = {{-1, 1000000}, {1000000, -1}, true, false}; /* surely everywhere, perhaps nowhere */
  for (size_t k = 0; k < 4; k += log_log ? 1 : 2) {
    const double border = nudges[k % 2];
    const size_t before = passed_by(picture, product, column, columns, border);
    const size_t after = passed_by(picture, product, column + 1, columns, border);
    if (before == product->n) {
      reach.surely[1] = -1; /* it has ended */
      continue;
    }
    double from = row_of(picture, survival_after(product, before), rows, nudges[k / 2]),
           to = row_of(picture, survival_after(product, after), rows, nudges[k / 2]);
    if (log_log && from >= (double)rows)
      from = to; /* it begins with its first event */
    include(from, to, &reach);
    reach.level = reach.level && from == to;
    reach.censored = reach.censored || any_censored(product, before, after);
  }
  return reach;
}

static bool is_in(const long range[2], long row)
{
  return row >= range[0] && row <= range[1];
}

/* The series whose glyph it is: level, fall, rise or tick; -1 for none.  Of its own, not the drawing's. */
static int series_of(uint32_t glyph, bool ascii)
{
  static const uint32_t glyphs[2][GROUPS][8] = {{{0x2500, 0x2502, 0x2510, 0x2514, 0x250C, 0x2518, 0x253C},
                                                 {0x2501, 0x2503, 0x2513, 0x2517, 0x250F, 0x251B, 0x254B},
                                                 {0x2550, 0x2551, 0x2557, 0x255A, 0x2554, 0x255D, 0x256C},
                                                 {0x254C, 0x254E, 0x256E, 0x2570, 0x256D, 0x256F, '+'}},
                                                {{'-', '|', '+'}, {'=', '!', 'x'}, {'~', ':', 'o'}, {'_', ';', '*'}}};
  for (int s = 0; s < GROUPS; s++)
    for (size_t k = 0; k < 8 && glyphs[ascii][s][k]; k++)
      if (glyphs[ascii][s][k] == glyph)
        return s;
  return -1;
}

static bool is_tick(uint32_t glyph)
{
  static const uint32_t ticks[] = {'+', 'x', 'o', '*', 0x253C, 0x254B, 0x256C};
  for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++)
    if (ticks[i] == glyph)
      return true;
  return false;
}

static void fail_at(const struct picture *picture, const char *what, size_t row, size_t column)
{
  struct text text = TEXT_INIT;
  canvas_append(&picture->canvas, &text);
  print_error("%s\n", text_string(&text));
  fail_msg("cohort %d, function %d, character set %d, row %zu, column %zu of the curves: %s", picture->i,
           (int)picture->geometry.window.function, (int)picture->options.charset, row, column, what,
           text_string(&text));
}

static bool is_curve_style(uint8_t style)
{
  return style >= STYLE_SERIES_1 && style <= STYLE_SERIES_4;
}

static const struct canvas_cell *cell_at(const struct picture *picture, size_t row, size_t column)
{
  const struct area grid = picture->geometry.grid;
  return &picture->canvas.cells[(grid.row + row) * picture->canvas.columns + grid.column + column];
}

static bool is_letter(uint32_t glyph)
{
  return glyph >= 'A' && glyph < 'A' + GROUPS;
}

static void check_cell(const struct picture *picture, const struct reach *reaches, size_t row, size_t column)
{
  const struct canvas_cell *cell = cell_at(picture, row, column);
  const bool ascii = picture->options.charset == CHARSET_ASCII;
  unsigned must = 0, may = 0;
  for (size_t s = 0; s < picture->plot->n_series; s++) {
    must |= (unsigned)is_in(reaches[s].surely, (long)row) << s;
    may |= (unsigned)is_in(reaches[s].perhaps, (long)row) << s;
  }
  if (is_curve_style(cell->style) && is_letter(cell->glyph)) /* after a curve's end, over what may be there */
    return;
  const int series = is_curve_style(cell->style) ? series_of(cell->glyph, ascii) : -1;
  if (is_curve_style(cell->style) && (series < 0 || series != cell->style - STYLE_SERIES_1))
    fail_at(picture, "the glyph is not the curve's", row, column);
  if (series >= 0 && !(may >> series & 1))
    fail_at(picture, "a curve is where it is not", row, column);
  const bool crossing = cell->style == STYLE_TEXT && cell->glyph == (ascii ? '#' : 0x2573);
  if (must && series < 0 && !(crossing && __builtin_popcount(may) > 1))
    fail_at(picture, "a curve is missing", row, column);
  if (series >= 0 && is_tick(cell->glyph) && !reaches[series].censored)
    fail_at(picture, "a tick where nobody is censored", row, column);
}

static void check_lines(const struct picture *picture)
{
  const struct area grid = picture->geometry.grid;
  for (size_t c = 0; c < grid.columns; c++) {
    struct reach reaches[GROUPS];
    for (size_t s = 0; s < picture->plot->n_series; s++)
      reaches[s] = reach_of(picture, &picture->product[s], (long)c, grid.rows, grid.columns);
    for (size_t r = 0; r < grid.rows; r++)
      check_cell(picture, reaches, r, c);
  }
}

/* ---- braille ---- */

static unsigned dot(long row, long column)
{
  static const uint8_t bits[4][2] = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};
  return bits[row % 4][column % 2];
}

/* The dots of one column of dots that are in row `row` of cells. */
static void add_dots(const struct reach *reach, size_t series, size_t row, long column, unsigned *must, unsigned *may)
{
  for (long r = (long)row * 4; r < (long)row * 4 + 4; r++) {
    const bool dotted = series == 0 || column % 2 == 0 || !reach->level;
    if (is_in(reach->surely, r) && (series == 0 || column % 2 == 0))
      *must |= dot(r, column);
    if ((is_in(reach->perhaps, r) && dotted) || (reach->censored && is_in(reach->perhaps, r + 1)))
      *may |= dot(r, column);
  }
}

static void check_braille(const struct picture *picture)
{
  const struct area grid = picture->geometry.grid;
  for (size_t c = 0; c < grid.columns; c++) {
    struct reach reaches[2][2];
    for (size_t s = 0; s < picture->plot->n_series; s++)
      for (size_t k = 0; k < 2; k++)
        reaches[s][k] = reach_of(picture, &picture->product[s], (long)(2 * c + k), 4 * grid.rows, 2 * grid.columns);
    for (size_t r = 0; r < grid.rows; r++) {
      const struct canvas_cell *cell = cell_at(picture, r, c);
      unsigned must = 0, may = 0, dots = cell->glyph >= 0x2800 && cell->glyph < 0x2900 ? cell->glyph - 0x2800 : 0;
      for (size_t s = 0; s < picture->plot->n_series; s++)
        for (size_t k = 0; k < 2; k++)
          add_dots(&reaches[s][k], s, r, (long)(2 * c + k), &must, &may);
      if (is_curve_style(cell->style) && is_letter(cell->glyph))
        continue;
      if ((must & ~dots) || (dots & ~may))
        fail_at(picture, must & ~dots ? "dots are missing" : "dots are where no curve is", r, c);
    }
  }
}

/* ---- the numbers beneath ---- */

static struct plot_counts count_rows(const struct cohort_rows *cohort, long group, double time)
{
  struct plot_counts counts = {0, 0, 0};
  for (size_t i = 0; i < cohort->n; i++) {
    const struct patient *row = &cohort->rows[i];
    const double exit = (double)row->time / UNIT, entry = (double)row->entry / UNIT;
    if (row->group != group)
      continue;
    counts.at_risk += exit >= time && (!has_entry(cohort) || entry < time || (time <= 0 && entry <= 0));
    counts.events += exit < time && row->event;
    counts.censored += exit < time && !row->event;
  }
  return counts;
}

/* Reads "at/ev/ce" or "at"; the number of entries read. */
static size_t read_numbers(const char *text, bool triple, struct plot_counts *counts, size_t capacity)
{
  size_t n = 0;
  for (int used; n < capacity; text += used, n++) {
    counts[n] = (struct plot_counts){0, 0, 0};
    if (triple ? sscanf(text, " %lf/%lf/%lf%n", &counts[n].at_risk, &counts[n].events, &counts[n].censored, &used) != 3
               : sscanf(text, " %lf%n", &counts[n].at_risk, &used) != 1)
      break;
  }
  return n;
}

static void check_numbers_of(const struct picture *picture, size_t s, const double *ticks, size_t n_ticks)
{
  const struct area grid = picture->geometry.grid;
  const long group = picture->plot->series[s].label[0] - 'a';
  struct text head = TEXT_INIT, row = TEXT_INIT;
  struct plot_counts read[64];
  canvas_append_row(&picture->canvas, grid.row + grid.rows + 2, &head);
  canvas_append_row(&picture->canvas, grid.row + grid.rows + 3 + s, &row);
  const bool triple = strstr(text_string(&head), "events") != NULL;
  const size_t n = read_numbers(text_string(&row) + 2, triple, read, 64), every = n ? (n_ticks + n - 1) / n : 1;
  if (!n || !strstr(text_string(&head), "at risk") || text_string(&row)[1] != 'A' + (int)s)
    fail_at(picture, "there are no numbers beneath", grid.rows + 3 + s, 0);
  for (size_t k = 0; k * every < n_ticks; k++) {
    const struct plot_counts counts = count_rows(picture->cohort, group, ticks[k * every]);
    if (k >= n || read[k].at_risk != counts.at_risk ||
        (triple && (read[k].events != counts.events || read[k].censored != counts.censored)))
      fail_at(picture, "the numbers beneath are not the cohort's", grid.rows + 3 + s, k);
    if (!has_entry(picture->cohort))
      assert_true(counts.at_risk + counts.events + counts.censored == picture->plot->series[s].total);
  }
  text_clear(&head);
  text_clear(&row);
}

/* In print at every tick that has room, and, of each tick, what the plot would say. */
static void check_numbers(const struct picture *picture)
{
  double ticks[64];
  const size_t n = plot_window_ticks(&picture->geometry.window, picture->geometry.grid.columns, 9,
                                     picture->plot->x_label, ticks, 64);
  for (size_t s = 0; s < picture->plot->n_series; s++) {
    for (size_t k = 0; k < n; k++) {
      const struct plot_counts told = plot_series_counts(&picture->plot->series[s], ticks[k]);
      const struct plot_counts counts = count_rows(picture->cohort, picture->plot->series[s].label[0] - 'a', ticks[k]);
      assert_true(told.at_risk == counts.at_risk && told.events == counts.events && told.censored == counts.censored);
    }
    check_numbers_of(picture, s, ticks, n);
  }
}

/* ---- cohorts, drawn ---- */

static struct session *session_of(const struct cohort_rows *cohort)
{
  struct text data = TEXT_INIT;
  text_append_format(&data, "g,entry,time,event\n");
  for (size_t i = 0; i < cohort->n; i++) {
    const struct patient *row = &cohort->rows[i];
    text_append_format(&data, "%c,%.10g,%.10g,%d\n", (char)('a' + row->group), (double)row->entry / UNIT,
                       (double)row->time / UNIT, row->event);
  }
  struct session *session = session_on(text_string(&data));
  run(session,
      has_entry(cohort) ? "endpoint os = Surv(entry, time, event == 1)" : "endpoint os = Surv(time, event == 1)");
  text_clear(&data);
  return session;
}

static void draw_and_check(struct picture *picture)
{
  static const size_t sizes[][2] = {{24, 80}, {48, 160}, {17, 57}};
  const size_t *size = sizes[picture->i % 3];
  canvas_init(&picture->canvas, size[0], size[1]);
  draw_plot(picture->plot, &picture->options, &picture->canvas, (struct area){0, 0, size[0], size[1]},
            &picture->geometry);
  if (picture->options.charset == CHARSET_BRAILLE && picture->plot->n_series <= 2)
    check_braille(picture);
  else
    check_lines(picture);
  check_numbers(picture);
  canvas_clear(&picture->canvas);
}

static void check_cohort(int i)
{
  static struct cohort_rows cohort;
  static struct product products[GROUPS];
  struct report report = REPORT_INIT;
  struct error error = ERROR_INIT;
  make_cohort(i, &cohort);
  struct session *session = session_of(&cohort);
  if (command_analyse(session_state(session), "km g", NULL, &report, &error))
    fail_msg("cohort %d: %s", i, error.what);
  struct picture picture = {.cohort = &cohort, .product = products, .i = i, .options = DRAW_OPTIONS_INIT};
  picture.plot = report_find_item(&report, ITEM_PLOT)->as.plot;
  for (size_t s = 0; s < picture.plot->n_series; s++)
    make_product(&cohort, picture.plot->series[s].label[0] - 'a', &products[s]);
  picture.options.legend = picture.options.median_lines = false;
  for (int k = 0; k < CHARSETS + PLOT_FUNCTION_COUNT - 1; k++) { /* survival in all sets, each other function in one */
    const int function = k < CHARSETS ? PLOT_SURVIVAL : k - CHARSETS + 1;
    picture.options.charset = (enum charset)(function ? (i + function) % CHARSETS : k);
    picture.options.view.function = (enum plot_function)function;
    draw_and_check(&picture);
  }
  report_clear(&report);
  session_free(session);
}

static void curves_and_numbers_are_the_cohorts(void **state)
{
  (void)state;
  for (int i = 0; i < COHORTS; i++)
    check_cohort(i);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_product_is_survfits),
      cmocka_unit_test(curves_and_numbers_are_the_cohorts),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
