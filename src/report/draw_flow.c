/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/draw_flow.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/utf8.h"

/* Columns: a frame and a blank on both sides of a box's text; between boxes; the least that a text may have. */
enum { FRAME = 4, BETWEEN = 2, LEAST_INSIDE = 12, MAIN_ROWS = 3, LEAST_COLUMNS = 44, LIST_INDENT = 3, NEARLY = 6 };

struct flow_drawing {
  const struct flow_plot *plot;
  struct canvas *canvas;
  enum charset charset;
  struct area *areas;
};

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* ---- texts ---- */

/* What stands in a box before the branches; the caller frees it. */
static char *box_text(const struct flow_plot *plot, size_t box)
{
  const struct flow_plot_step *step = flow_plot_excluded(plot, box);
  struct text text = TEXT_INIT;
  if (step) {
    text_append_format(&text, "%zu excluded", step->excluded);
    char *side = flow_plot_side_text(step, text_string(&text));
    text_clear(&text);
    return side;
  }
  if (box == 0)
    text_append_format(&text, "%s: n = %zu", plot->source, plot->loaded);
  else
    text_append_format(&text, "%s: n = %zu", flow_plot_kept_label(&plot->steps[box / 2 - 1]), plot->steps[box / 2 - 1].kept);
  return text_take(&text);
}

static size_t box_text_width(const struct flow_plot *plot, size_t box)
{
  char *text = box_text(plot, box);
  size_t widest = 0;
  for (char *line = text; line; ) {
    char *end = strchr(line, '\n');
    if (end)
      *end = '\0';
    widest = larger(widest, utf8_string_width(line));
    line = end ? end + 1 : NULL;
  }
  free(text);
  return widest;
}

static size_t box_text_rows(const struct flow_plot *plot, size_t box, size_t columns)
{
  char *text = box_text(plot, box);
  const size_t rows = canvas_wrapped_rows(text, columns);
  free(text);
  return rows;
}

/* "n = 25: No resection": a group of a branch, or a branch in a list; the caller frees it. */
static char *line_text(const char *label, size_t n)
{
  struct text text = TEXT_INIT;
  text_append_format(&text, "n = %zu: %s", n, label);
  return text_take(&text);
}

static size_t line_rows(const char *label, size_t n, size_t columns)
{
  char *text = line_text(label, n);
  const size_t rows = canvas_wrapped_rows(text, columns);
  free(text);
  return rows;
}

/* Rows that the lines of a branch take when they are broken at `columns`. */
static size_t lines_rows(const struct flow_plot_branch *branch, size_t columns)
{
  size_t rows = 0;
  for (size_t i = 0; i < branch->n_lines; i++)
    rows += line_rows(branch->lines[i].label, branch->lines[i].n, columns);
  return rows;
}

/* The columns that a branch's texts take unbroken. */
static size_t branch_width(const struct flow_plot_branch *branch)
{
  size_t width = larger(utf8_string_width(branch->label), LEAST_INSIDE);
  for (size_t i = 0; i < branch->n_lines; i++) {
    char *text = line_text(branch->lines[i].label, branch->lines[i].n);
    width = larger(width, utf8_string_width(text));
    free(text);
  }
  return width;
}

/* ---- layout ---- */

bool draw_flow_fits(size_t columns)
{
  return columns >= LEAST_COLUMNS;
}

/* Columns of the text in each of the branches side by side; 0 where they do not fit so. */
static size_t branch_inside(const struct flow_plot *plot, size_t columns)
{
  const size_t n = plot->n_branches, share = n ? (columns + BETWEEN) / n : 0;
  size_t natural = 0;
  for (size_t i = 0; i < n; i++)
    natural = larger(natural, branch_width(&plot->branches[i]));
  if (share < FRAME + BETWEEN + LEAST_INSIDE)
    return 0;
  return smaller(natural, share - FRAME - BETWEEN);
}

/* The width of the boxes kept: their widest text, at most what leaves the side boxes half of the columns; a little more where
 * the first branch then hangs straight under them. */
static size_t main_columns(const struct flow_plot *plot, size_t columns)
{
  size_t inside = LEAST_INSIDE;
  for (size_t box = 0; box <= 2 * plot->n_steps; box += 2)
    inside = larger(inside, box_text_width(plot, box));
  const size_t most = plot->n_steps ? columns / 2 : columns, branch = branch_inside(plot, columns);
  if (branch > inside && branch <= inside + NEARLY)
    inside = branch;
  return smaller(inside + FRAME, larger(most, LEAST_INSIDE + FRAME));
}

/* Boxes down to the last one kept; returns the row after it. */
static size_t place_steps(const struct flow_plot *plot, size_t columns, struct area *areas)
{
  const size_t width = main_columns(plot, columns), side = width + 1;
  size_t row = 0, most = columns > side + FRAME ? columns - side - FRAME : 1;
  areas[0] = (struct area){0, 0, MAIN_ROWS, width};
  for (size_t i = 0; i < plot->n_steps; i++) {
    const size_t box = 2 * i + 1, inside = smaller(box_text_width(plot, box), most);
    const size_t lines = box_text_rows(plot, box, inside);
    areas[box] = (struct area){row + MAIN_ROWS - 1, side, lines + 2, inside + FRAME};
    row += MAIN_ROWS + lines;
    areas[box + 1] = (struct area){row, 0, MAIN_ROWS, width};
  }
  return row + MAIN_ROWS;
}

/* Columns of a text in the list of branches that is `columns` wide, 1 deep: of its groups. */
static size_t list_inside(size_t columns, size_t depth)
{
  const size_t indent = LIST_INDENT * (depth + 1);
  return columns > indent ? columns - indent : 1;
}

static size_t place_branches(const struct flow_plot *plot, size_t columns, size_t row, struct area *areas)
{
  const size_t first = 1 + 2 * plot->n_steps, inside = branch_inside(plot, columns);
  const size_t stem = areas[0].columns / 2;
  size_t last = row;
  for (size_t i = 0; i < plot->n_branches; i++) {
    const struct flow_plot_branch *branch = &plot->branches[i];
    if (inside) {
      const size_t lines = canvas_wrapped_rows(branch->label, inside) + 1 + lines_rows(branch, inside);
      areas[first + i] = (struct area){row + 1, i * (inside + FRAME + BETWEEN), lines + 2, inside + FRAME};
    } else {
      const size_t wide = columns - stem;
      const size_t lines = line_rows(branch->label, branch->n, list_inside(wide, 0)) + lines_rows(branch, list_inside(wide, 1));
      areas[first + i] = (struct area){last, stem, lines, wide};
    }
    last = larger(last, areas[first + i].row + areas[first + i].rows);
  }
  return last;
}

/* The box of the subgroup on view stands beneath all the others, a row apart. */
static size_t place_view(const struct flow_plot *plot, size_t columns, size_t row, struct area *areas)
{
  if (!plot->view)
    return row;
  const size_t inside = smaller(larger(utf8_string_width(plot->view), LEAST_INSIDE), columns > FRAME ? columns - FRAME : 1);
  const size_t rows = canvas_wrapped_rows(plot->view, inside) + 3;
  areas[flow_plot_n_boxes(plot) - 1] = (struct area){row + 1, 0, rows, inside + FRAME};
  return row + 1 + rows;
}

size_t draw_flow_layout(const struct flow_plot *plot, size_t columns, struct area *areas)
{
  const size_t row = place_branches(plot, columns, place_steps(plot, columns, areas), areas);
  return place_view(plot, columns, row, areas);
}

/* ---- lines ---- */

enum { UP = 1, DOWN = 2, LEFT = 4, RIGHT = 8 };

/* The glyph that joins those directions. */
static uint32_t joint(unsigned directions, enum charset charset)
{
  static const uint32_t box[16] = {' ',    0x2502, 0x2502, 0x2502, 0x2500, 0x2518, 0x2510, 0x2524,
                                   0x2500, 0x2514, 0x250C, 0x251C, 0x2500, 0x2534, 0x252C, 0x253C};
  if (charset != CHARSET_ASCII)
    return box[directions];
  return directions == (LEFT | RIGHT) ? '-' : directions == (UP | DOWN) ? '|' : '+';
}

static void put_joint(const struct flow_drawing *drawing, size_t row, size_t column, unsigned directions)
{
  canvas_put(drawing->canvas, row, column, joint(directions, drawing->charset), STYLE_DIM);
}

static void draw_frame(const struct flow_drawing *drawing, struct area area)
{
  const size_t bottom = area.row + area.rows - 1, right = area.column + area.columns - 1;
  for (size_t column = area.column + 1; column < right; column++) {
    put_joint(drawing, area.row, column, LEFT | RIGHT);
    put_joint(drawing, bottom, column, LEFT | RIGHT);
  }
  for (size_t row = area.row + 1; row < bottom; row++) {
    put_joint(drawing, row, area.column, UP | DOWN);
    put_joint(drawing, row, right, UP | DOWN);
  }
  put_joint(drawing, area.row, area.column, DOWN | RIGHT);
  put_joint(drawing, area.row, right, DOWN | LEFT);
  put_joint(drawing, bottom, area.column, UP | RIGHT);
  put_joint(drawing, bottom, right, UP | LEFT);
}

static struct area inside_of(struct area area)
{
  return (struct area){area.row + 1, area.column + FRAME / 2, area.rows - 2, area.columns - FRAME};
}

/* ---- boxes ---- */

/* A text whose number at its end stays whole: what is cut is the label. */
static void put_counted(const struct flow_drawing *drawing, struct area line, const char *label, size_t n)
{
  struct text count = TEXT_INIT;
  text_append_format(&count, ": n = %zu", n);
  const size_t width = count.length, room = line.columns > width ? line.columns - width : 0;
  const size_t used = room ? canvas_text(drawing->canvas, (struct area){line.row, line.column, 1, room}, label, STYLE_TEXT,
                                         drawing->charset)
                           : 0;
  line.column += used;
  line.columns -= used;
  canvas_text(drawing->canvas, line, text_string(&count), STYLE_TEXT, drawing->charset);
  text_clear(&count);
}

static void draw_steps(const struct flow_drawing *drawing)
{
  const struct flow_plot *plot = drawing->plot;
  const size_t stem = drawing->areas[0].columns / 2;
  draw_frame(drawing, drawing->areas[0]);
  put_counted(drawing, inside_of(drawing->areas[0]), plot->source, plot->loaded);
  for (size_t i = 0; i < plot->n_steps; i++) {
    const struct area side = drawing->areas[2 * i + 1], kept = drawing->areas[2 * i + 2];
    char *text = box_text(plot, 2 * i + 1);
    draw_frame(drawing, side);
    draw_frame(drawing, kept);
    canvas_wrapped(drawing->canvas, inside_of(side), text, STYLE_TEXT, drawing->charset);
    put_counted(drawing, inside_of(kept), flow_plot_kept_label(&plot->steps[i]), plot->steps[i].kept);
    put_joint(drawing, side.row, stem, LEFT | RIGHT | DOWN);
    for (size_t row = side.row + 1; row < kept.row; row++)
      put_joint(drawing, row, stem, UP | DOWN);
    put_joint(drawing, side.row + 1, stem, UP | DOWN | RIGHT);
    for (size_t column = stem + 1; column + 1 < side.column; column++)
      put_joint(drawing, side.row + 1, column, LEFT | RIGHT);
    canvas_put(drawing->canvas, side.row + 1, side.column - 1, drawing->charset == CHARSET_ASCII ? '>' : 0x25BA, STYLE_DIM);
    put_joint(drawing, kept.row, stem, UP | LEFT | RIGHT);
    free(text);
  }
}

/* A text with its number in front, broken between words; returns its rows. */
static size_t put_line(const struct flow_drawing *drawing, struct area area, const char *label, size_t n)
{
  char *text = line_text(label, n);
  area.rows = drawing->canvas->rows;
  const size_t rows = canvas_wrapped(drawing->canvas, area, text, STYLE_TEXT, drawing->charset);
  free(text);
  return rows;
}

static void put_lines(const struct flow_drawing *drawing, const struct flow_plot_branch *branch, struct area area)
{
  for (size_t i = 0; i < branch->n_lines; i++)
    area.row += put_line(drawing, area, branch->lines[i].label, branch->lines[i].n);
}

static void draw_branch_box(const struct flow_drawing *drawing, const struct flow_plot_branch *branch, struct area area)
{
  struct text count = TEXT_INIT;
  struct area inside = inside_of(area);
  draw_frame(drawing, area);
  inside.row += canvas_wrapped(drawing->canvas, inside, branch->label, STYLE_TEXT, drawing->charset);
  inside.rows = 1;
  text_append_format(&count, "n = %zu", branch->n);
  canvas_text(drawing->canvas, inside, text_string(&count), STYLE_TEXT, drawing->charset);
  text_clear(&count);
  inside.row++;
  put_lines(drawing, branch, inside);
}

/* The line from which the branches hang, and its joints with the boxes above and beneath. */
static void draw_rail(const struct flow_drawing *drawing, const struct area *branches)
{
  const size_t n = drawing->plot->n_branches, stem = drawing->areas[0].columns / 2, row = branches[0].row - 1;
  const size_t first = branches[0].column + branches[0].columns / 2;
  const size_t last = branches[n - 1].column + branches[n - 1].columns / 2;
  const size_t from = smaller(first, stem), to = larger(last, stem);
  for (size_t column = from; column <= to; column++) {
    unsigned directions = (column > from ? LEFT : 0u) | (column < to ? RIGHT : 0u) | (column == stem ? UP : 0u);
    for (size_t i = 0; i < n; i++)
      if (column == branches[i].column + branches[i].columns / 2) {
        directions |= DOWN;
        put_joint(drawing, row + 1, column, UP | LEFT | RIGHT);
      }
    put_joint(drawing, row, column, directions);
  }
}

/* Branches as a list on the stem. */
static void draw_list(const struct flow_drawing *drawing, const struct area *branches)
{
  const size_t n = drawing->plot->n_branches;
  for (size_t i = 0; i < n; i++) {
    const struct flow_plot_branch *branch = &drawing->plot->branches[i];
    const struct area area = branches[i];
    for (size_t row = 1; row < area.rows && i + 1 < n; row++)
      put_joint(drawing, area.row + row, area.column, UP | DOWN);
    put_joint(drawing, area.row, area.column, UP | RIGHT | (i + 1 < n ? DOWN : 0u));
    put_joint(drawing, area.row, area.column + 1, LEFT | RIGHT);
    struct area text = {area.row, area.column + LIST_INDENT, 1, list_inside(area.columns, 0)};
    text.row += put_line(drawing, text, branch->label, branch->n);
    text.column += LIST_INDENT;
    text.columns = list_inside(area.columns, 1);
    put_lines(drawing, branch, text);
  }
}

static void draw_branches(const struct flow_drawing *drawing)
{
  const struct flow_plot *plot = drawing->plot;
  const struct area *branches = drawing->areas + 1 + 2 * plot->n_steps;
  const struct area last = drawing->areas[2 * plot->n_steps];
  if (!plot->n_branches)
    return;
  put_joint(drawing, last.row + last.rows - 1, drawing->areas[0].columns / 2, LEFT | RIGHT | DOWN);
  if (!branch_inside(plot, drawing->canvas->columns)) {
    draw_list(drawing, branches);
    return;
  }
  for (size_t i = 0; i < plot->n_branches; i++)
    draw_branch_box(drawing, &plot->branches[i], branches[i]);
  draw_rail(drawing, branches);
}

/* Dashed: it is no step of the chart, but who is looked at now. */
static void draw_view(const struct flow_drawing *drawing)
{
  const struct flow_plot *plot = drawing->plot;
  if (!plot->view)
    return;
  const bool ascii = drawing->charset == CHARSET_ASCII;
  const struct area area = drawing->areas[flow_plot_n_boxes(plot) - 1];
  const size_t bottom = area.row + area.rows - 1, right = area.column + area.columns - 1;
  struct area inside = inside_of(area);
  struct text count = TEXT_INIT;
  draw_frame(drawing, area);
  for (size_t column = area.column + 1; column < right; column++) {
    canvas_put(drawing->canvas, area.row, column, ascii ? '.' : 0x2504, STYLE_DIM);
    canvas_put(drawing->canvas, bottom, column, ascii ? '.' : 0x2504, STYLE_DIM);
  }
  for (size_t row = area.row + 1; row < bottom; row++) {
    canvas_put(drawing->canvas, row, area.column, ascii ? ':' : 0x2506, STYLE_DIM);
    canvas_put(drawing->canvas, row, right, ascii ? ':' : 0x2506, STYLE_DIM);
  }
  inside.row += canvas_wrapped(drawing->canvas, inside, plot->view, STYLE_TEXT, drawing->charset);
  inside.rows = 1;
  text_append_format(&count, "n = %zu", plot->n_view);
  canvas_text(drawing->canvas, inside, text_string(&count), STYLE_TEXT, drawing->charset);
  text_clear(&count);
}

void draw_flow(const struct flow_plot *plot, enum charset charset, struct canvas *canvas)
{
  struct flow_drawing drawing = {.plot = plot, .canvas = canvas, .charset = charset};
  if (!draw_flow_fits(canvas->columns))
    return;
  drawing.areas = memory_new(flow_plot_n_boxes(plot), sizeof *drawing.areas);
  draw_flow_layout(plot, canvas->columns, drawing.areas);
  draw_steps(&drawing);
  draw_branches(&drawing);
  draw_view(&drawing);
  free(drawing.areas);
}
