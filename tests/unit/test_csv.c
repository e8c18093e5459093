/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "data/csv.h"

/* What came of reading one text. */
struct reading {
  enum status status;
  struct cohort *cohort;
  struct load_report report;
  struct error error;
};

static struct reading read_bytes(const char *bytes, size_t length, const char *path, const struct load_options *options)
{
  struct reading reading = {.report = LOAD_REPORT_INIT, .error = ERROR_INIT};
  char *exact = malloc(length ? length : 1); /* of exactly this size, so that the sanitizer sees a byte too far */
  assert_non_null(exact);
  if (length)
    memcpy(exact, bytes, length);
  reading.status = csv_read(&(struct file_bytes){.bytes = exact, .length = length}, path, options, NULL, &reading.cohort, &reading.report, &reading.error);
  free(exact);
  assert_int_equal(reading.status == STATUS_OK, reading.cohort != NULL);
  assert_int_equal(reading.status == STATUS_ERROR, reading.error.what != NULL);
  return reading;
}

static struct reading read_string(const char *string)
{
  return read_bytes(string, strlen(string), "test.csv", NULL);
}

static struct reading read_with(const char *string, struct load_options options)
{
  return read_bytes(string, strlen(string), "test.csv", &options);
}

static void reading_clear(struct reading *reading)
{
  cohort_release(reading->cohort);
  load_report_clear(&reading->report);
  error_clear(&reading->error);
}

/* The cohort as text: a line a column, `name kind: cell|cell|…`. */
static char *describe(const struct cohort *cohort)
{
  static const char *const kinds[] = {"number", "date", "factor"};
  struct text text = TEXT_INIT;
  for (size_t i = 0; i < cohort->n_columns; i++) {
    const struct column *column = cohort->columns[i];
    text_append_format(&text, "%s%s %s:", i ? "\n" : "", column->name, kinds[column->kind]);
    for (size_t row = 0; row < cohort->n_rows; row++) {
      text_append_char(&text, row ? '|' : ' ');
      column_append_cell(column, row, &text);
    }
  }
  return text_take(&text);
}

static void assert_cohort(struct reading reading, size_t n_warnings, const char *expected)
{
  if (reading.error.what)
    print_error("%s\n", reading.error.what);
  assert_int_equal(reading.status, STATUS_OK);
  char *found = describe(reading.cohort);
  assert_string_equal(found, expected);
  free(found);
  assert_int_equal(reading.report.n_warnings, n_warnings);
  reading_clear(&reading);
}

static void assert_warning(struct reading reading, size_t which, const char *expected)
{
  assert_int_equal(reading.status, STATUS_OK);
  assert_true(which < reading.report.n_warnings);
  assert_string_equal(reading.report.warnings[which], expected);
  reading_clear(&reading);
}

static void assert_fails(struct reading reading, size_t line, size_t column, const char *what)
{
  assert_int_equal(reading.status, STATUS_ERROR);
  assert_non_null(strstr(reading.error.what, what));
  assert_non_null(reading.error.hint);
  assert_string_equal(reading.error.file, "test.csv");
  assert_int_equal(reading.error.line, line);
  assert_int_equal(reading.error.column, column);
  reading_clear(&reading);
}

static void kinds_are_guessed(void **state)
{
  (void)state;
  assert_cohort(read_string("age,sex,entry\n72,F,2020-02-29\n65.5,M,1999-12-31\n"), 0,
                "age number: 72|65.5\nsex factor: F|M\nentry date: 2020-02-29|1999-12-31");
  assert_cohort(read_string("a,b,c\n1e3,-.5,+7\n-0.25,1E-2,0\n"), 0,
                "a number: 1000|-0.25\nb number: -0.5|0.01\nc number: 7|0");
  assert_cohort(read_string("a,b,c\n0x10,inf,nan\n1e999,Inf,-nan\n"), 1,
                "a factor: 0x10|1e999\nb factor: inf|Inf\nc factor: nan|-nan");
  assert_cohort(read_string("a,b\n\"72\",\" 65 \"\n\"71\",\" 6\"\n"), 0, "a number: 72|71\nb number: 65|6");
  assert_cohort(read_string("d\n2021-02-28\n2021-02-29\n"), 0, "d factor: 2021-02-28|2021-02-29");
  assert_cohort(read_string("d\n7\n2021-02-28\n"), 0, "d factor: 7|2021-02-28");
}

static void numbers_keep_their_last_bit(void **state)
{
  (void)state;
  static const char *const numbers[] = {"0.1",
                                        "123456.789",
                                        "0.30000000000000004",
                                        "999999999999999",
                                        "9007199254740991",
                                        "1.7976931348623157e308",
                                        "4.35",
                                        "12345678901234.5",
                                        "0.000001",
                                        "123456789.12345678"};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    char file[64];
    snprintf(file, sizeof file, "x\n0\n%s\n-%s", numbers[i], numbers[i]);
    struct reading reading = read_string(file);
    assert_int_equal(reading.status, STATUS_OK);
    assert_int_equal(reading.cohort->columns[0]->kind, COLUMN_NUMBER);
    assert_true(column_number(reading.cohort->columns[0], 1) == strtod(numbers[i], NULL));
    assert_true(column_number(reading.cohort->columns[0], 2) == -strtod(numbers[i], NULL));
    reading_clear(&reading);
  }
}

static void line_ends_are_all_known(void **state)
{
  (void)state;
  static const char *const files[] = {"a,b\n1,x\n2,y\n",
                                      "a,b\r\n1,x\r\n2,y\r\n",
                                      "a,b\r1,x\r2,y\r",
                                      "a,b\n1,x\n2,y",
                                      "a,b\r\n1,x\n2,y\r",
                                      "\xEF\xBB\xBF"
                                      "a,b\n1,x\n2,y\n"};
  for (size_t i = 0; i < sizeof files / sizeof *files; i++)
    assert_cohort(read_string(files[i]), 0, "a number: 1|2\nb factor: x|y");
}

static void quotes_follow_rfc_4180(void **state)
{
  (void)state;
  assert_cohort(read_string("a,b\n\"x,\"\"y\"\"\",1\n\"two\nlines\",2\n"), 0,
                "a factor: x,\"y\"|two\nlines\nb number: 1|2");
  assert_cohort(read_string("a,b\n \"x\" , 1 \n  y z  ,2\n"), 0, "a factor: x|y z\nb number: 1|2");
  assert_cohort(read_string("a\n\" x \"\n"), 0, "a factor:  x ");
  assert_cohort(read_string("a,b\n5\" tall,1\n\"5\"\" tall\",2\n"), 0, "a factor: 5\" tall|5\" tall\nb number: 1|2");
  assert_cohort(read_string("\"a,\"\"b\"\"\",\"c\nd\"\n1,2\n"), 0, "a,\"b\" number: 1\nc\nd number: 2");
  assert_cohort(read_string("a\n\"\"\n\"\"\"\"\n"), 0, "a factor: |\"");
  struct reading reading = read_string("a,b\n5\" tall,1\n\"5\"\" tall\",2\n");
  assert_int_equal(reading.cohort->columns[0]->n_levels, 1); /* the same text, however it was written */
  reading_clear(&reading);
}

static void delimiters_are_sniffed(void **state)
{
  (void)state;
  static const char expected[] = "a number: 1|2\nb factor: x|y";
  assert_cohort(read_string("a;b\n1;x\n2;y\n"), 0, expected);
  assert_cohort(read_string("a\tb\n1\tx\n2\ty\n"), 0, expected);
  assert_cohort(read_string("a|b\n1|x\n2|y\n"), 0, expected);
  assert_cohort(read_string("id;size, cm;note\n1;3;x, y\n2;4;z\n"), 0,
                "id number: 1|2\nsize, cm number: 3|4\nnote factor: x, y|z");
  assert_cohort(read_string("\"a,b,c\";d\n\"1,2,3\";4\n"), 0, "a,b,c factor: 1,2,3\nd number: 4");
  assert_cohort(read_string("a b\n1\n"), 0, "a b number: 1");
  static const char tabbed[] = "a,b\tc,d\n1,2\t3,4\n";
  assert_cohort(read_bytes(tabbed, strlen(tabbed), "x.TSV", NULL), 2, "a,b factor: 1,2\nc,d factor: 3,4");
  struct reading reading = read_with("a,b;c\n1,2;3\n", (struct load_options){.delimiter = ','});
  assert_int_equal(reading.report.delimiter, ',');
  assert_int_equal(reading.cohort->n_columns, 2);
  reading_clear(&reading);
  reading = read_with("a\n", (struct load_options){.delimiter = '"'});
  assert_int_equal(reading.status, STATUS_ERROR);
  reading_clear(&reading);
}

static void missing_markers(void **state)
{
  (void)state;
  assert_cohort(read_string("a,b\nNA,x\n.,\"NA\"\n,.\n\"\",NAN\n5,na\n"), 1, "a number: ||||5\nb factor: x|||NAN|na");
  assert_cohort(read_with("a,b\n-99,unknown\n3,x\nNA,\"not done\"\n-9,-99\n",
                          (struct load_options){.na = "-99, unknown,`not done`,"}),
                0, "a number: |3||-9\nb factor: |x||");
  assert_cohort(read_string("a,b\n,1\nNA,2\n"), 1, "a number: |\nb number: 1|2");
  assert_warning(read_string("a,b\n,1\nNA,2\n"), 0, "column a: all values are missing");
}

static void late_surprises_change_the_kind(void **state)
{
  (void)state;
  struct text file = TEXT_INIT;
  text_append(&file, "id,n,d,sparse\n");
  for (int i = 0; i < 5000; i++)
    text_append_format(&file, "%d,%d,2020-01-%02d,%s\n", i, i % 7, i % 28 + 1, i < 4000 ? "" : "2001-01-01");
  text_append(&file, "5000,three,soon,2002-02-02\n5001,four,later,NA\n5002,five,never,\n5003,six,,\n5004,x y,a,\n");
  struct reading reading = read_string(text_string(&file));
  const struct cohort *cohort = reading.cohort;
  assert_int_equal(reading.status, STATUS_OK);
  assert_int_equal(reading.report.n_warnings, 1); /* more than three odd values among few different: meant as text */
  assert_string_equal(reading.report.warnings[0],
                      "line 5002, column d: 5000 of 5004 values are dates, 4 are not (\"soon\", \"later\", \"never\", …), so the "
                      "column is read as text: date=\"d\" reads these as missing");
  assert_int_equal(cohort->n_rows, 5005);
  assert_int_equal(cohort->columns[0]->kind, COLUMN_NUMBER);
  assert_int_equal(cohort->columns[1]->kind, COLUMN_FACTOR);
  assert_int_equal(cohort->columns[1]->n_levels, 12);
  assert_int_equal(cohort->columns[2]->kind, COLUMN_FACTOR);
  assert_int_equal(cohort->columns[2]->n_levels, 32);
  assert_int_equal(cohort->columns[3]->kind, COLUMN_DATE);
  for (size_t row = 0; row < 5000; row++) {
    struct text cell = TEXT_INIT;
    char expected[16];
    snprintf(expected, sizeof expected, "%zu", row % 7);
    column_append_cell(cohort->columns[1], row, &cell);
    assert_string_equal(text_string(&cell), expected);
    text_clear(&cell);
    assert_true(column_number(cohort->columns[0], row) == (double)row);
  }
  assert_true(column_is_missing(cohort->columns[2], 5003));
  reading_clear(&reading);
  text_clear(&file);
}

static void odd_values_are_pointed_out(void **state)
{
  (void)state;
  struct text file = TEXT_INIT;
  text_append(&file, "tumour size,seen\nND,?\n");
  for (int i = 0; i < 40; i++)
    text_append_format(&file, "%d.5,2020-01-%02d\n", i, i % 28 + 1);
  text_append(&file, "unk,2020-01-01\nND,2020-01-02\n");
  struct reading reading = read_string(text_string(&file));
  assert_int_equal(reading.cohort->columns[0]->kind, COLUMN_FACTOR);
  assert_int_equal(reading.report.n_warnings, 2);
  assert_string_equal(reading.report.warnings[0],
                      "line 2, column tumour size: 40 of 43 values are numbers, 3 are not (\"ND\", \"unk\"), so the column is "
                      "read as text: numeric=\"`tumour size`\" reads these as missing");
  assert_string_equal(reading.report.warnings[1],
                      "line 2, column seen: 42 of 43 values are dates, 1 is not (\"?\"), so the column is read as text: "
                      "date=\"seen\" reads this one as missing");
  reading_clear(&reading);
  reading = read_with(text_string(&file), (struct load_options){.numeric = "`tumour size`", .date = "seen"});
  assert_int_equal(reading.cohort->columns[0]->kind, COLUMN_NUMBER);
  assert_int_equal(reading.cohort->columns[1]->kind, COLUMN_DATE);
  assert_int_equal(reading.report.n_warnings, 2);
  assert_string_equal(reading.report.warnings[0],
                      "line 2, column tumour size: \"ND\" is not a number; 3 such fields are read as missing");
  assert_string_equal(reading.report.warnings[1],
                      "line 2, column seen: \"?\" is not a date; 1 such field is read as missing");
  reading_clear(&reading);
  text_clear(&file);
  assert_cohort(read_string("g\n1\n2\n3\nNEC\n"), 0, "g factor: 1|2|3|NEC"); /* one in four is no slip */
}

static void dates_are_read_as_written(void **state)
{
  (void)state;
  static const char both[] = "d\n03/04/2019\n05/06/2020\n";
  assert_cohort(read_string("d\n31.12.2019\n1.2.2020\n\n"), 1, "d date: 2019-12-31|2020-02-01");
  assert_cohort(read_string("d\n12/31/2019\n2/1/2020\nNA\n"), 1, "d date: 2019-12-31|2020-02-01|");
  assert_cohort(read_string("d\n1/2/2020\n31/12/2019\n"), 1, "d date: 2020-02-01|2019-12-31");
  assert_cohort(read_string("d\n2019/12/31\n2020/2/1\n"), 1, "d date: 2019-12-31|2020-02-01");
  assert_cohort(read_string(both), 1, "d factor: 03/04/2019|05/06/2020");
  assert_warning(read_string(both), 0, "line 2, column d: \"03/04/2019\" and all others may be dd/mm/yyyy or mm/dd/yyyy, so the "
                                       "column is read as text: dateformat=\"dd/mm/yyyy\" or dateformat=\"mm/dd/yyyy\" says "
                                       "which");
  assert_cohort(read_with(both, (struct load_options){.date_format = "DD/MM/YYYY"}), 1, "d date: 2019-04-03|2020-06-05");
  assert_cohort(read_with(both, (struct load_options){.date_format = "mm/dd/yyyy"}), 1, "d date: 2019-03-04|2020-05-06");
  assert_cohort(read_with(both, (struct load_options){.date = "d", .date_format = "mm/dd/yyyy"}), 0,
                "d date: 2019-03-04|2020-05-06");
  assert_cohort(read_with("d\n29.02.2020\n2020-03-01\n30.02.2020\n", (struct load_options){.date = "d"}), 2,
                "d date: 2020-02-29|2020-03-01|");
  assert_cohort(read_string("d\n29.02.2021\n01.03.2021\n"), 0, "d factor: 29.02.2021|01.03.2021");
  assert_cohort(read_with("d\n31.12.2019\n", (struct load_options){.factor = "d"}), 0, "d factor: 31.12.2019");
}

static void identifiers_stay_text(void **state)
{
  (void)state;
  assert_cohort(read_string("id,z,s\n007,0,10\n012,10,-07\n"), 0,
                "id factor: 007|012\nz number: 0|10\ns factor: 10|-07");
  assert_cohort(read_string("x\n0.5\n0\n00.5\n"), 0, "x factor: 0.5|0|00.5");
  assert_cohort(read_with("id\n007\n012\n", (struct load_options){.numeric = "id"}), 0, "id number: 7|12");
  assert_cohort(read_with("age,n\n72,1\n8,2\n", (struct load_options){.factor = "age"}), 0,
                "age factor: 72|8\nn number: 1|2");
  assert_cohort(read_string("id\n123456789012345678\n123456789012345679\n"), 1,
                "id factor: 123456789012345678|123456789012345679");
  assert_warning(read_string("id\n5\n123456789012345679\n"), 0,
                 "line 3, column id: \"123456789012345679\" has more digits than a number can hold, so the column is "
                 "read as text; numeric=id rounds it");
  assert_cohort(read_string("n\n1000000000000000000\n9007199254740992\n"), 0,
                "n number: 1e+18|9007199254740992"); /* these lose nothing */
}

static void decimal_commas(void **state)
{
  (void)state;
  assert_cohort(read_string("a;b\n1,5;3\n2;4\n-0,25;5\n"), 1, "a number: 1.5|2|-0.25\nb number: 3|4|5");
  assert_cohort(read_string("a;b\n1;3\n2,5;4\n"), 1, "a number: 1|2.5\nb number: 3|4");
  assert_warning(read_string("a;b\n1;3\n2,5;4\n"), 0, "line 3, column a: commas are read as decimal points (\"2,5\")");
  assert_cohort(read_string("a;b\n1.234,5;3\n2;4\n"), 0, "a factor: 1.234,5|2\nb number: 3|4");
  assert_cohort(read_string("a;b\n1,5;3\n1.234;4\n"), 1, "a factor: 1,5|1.234\nb number: 3|4");
  assert_cohort(read_string("a;b\n1.234;3\n1,5;4\n"), 1, "a factor: 1.234|1,5\nb number: 3|4");
  assert_cohort(read_string("a,b\n\"1,5\",3\n\"2,5\",4\n"), 1, "a factor: 1,5|2,5\nb number: 3|4");
  assert_cohort(read_with("a;b\n1,5;3\n2;x\n", (struct load_options){.numeric = "a,b"}), 2,
                "a number: 1.5|2\nb number: 3|");
}

static void asked_kinds_are_checked(void **state)
{
  (void)state;
  static const char file[] = "age,sex\n1,F\n";
  struct reading reading = read_with(file, (struct load_options){.numeric = "age,sxe"});
  assert_string_equal(reading.error.what, "numeric= names the column \"sxe\", which the file does not have");
  assert_string_equal(reading.error.hint, "did you mean sex?");
  reading_clear(&reading);
  assert_fails(read_with(file, (struct load_options){.date = "birthday"}), 1, 0, "date= names the column \"birthday\"");
  reading = read_with(file, (struct load_options){.numeric = "age", .factor = "age"});
  assert_non_null(strstr(reading.error.what, "twice"));
  reading_clear(&reading);
}

static void ragged_records(void **state)
{
  (void)state;
  assert_cohort(read_string("a,b,c\n1,2,3\n4\n5,6\n"), 1, "a number: 1|4|5\nb number: 2||6\nc number: 3||");
  assert_warning(read_string("a,b,c\n1,2,3\n4\n5,6\n"), 0,
                 "line 3: 1 field instead of 3; 2 such records, with the rest taken as missing");
  assert_warning(read_string("a,b\n1,2,,\n"), 0,
                 "line 2: 4 fields instead of 2; 1 such record, with nothing in the excess");
  assert_cohort(read_string("a,b\n1,2,,\n3,4, ,\"\"\n"), 1, "a number: 1|3\nb number: 2|4");
  assert_fails(read_string("a,b\n1,2\n\"é\n\",4,,5,6\n"), 4, 6, "this record has 5 fields, but the header names 2");
  assert_fails(read_string("a,b\n1,2,\"x\"\n"), 2, 5, "3 fields");
  assert_warning(read_string("a,b\n\"x\r\ny\rz\nw\",2\n3\n"), 0,
                 "line 6: 1 field instead of 2; 1 such record, with the rest taken as missing");
  /* the warnings are given once, though the column a is read twice */
  assert_cohort(read_string("a,b\n1,2,\nx\n\n"), 2, "a factor: 1|x\nb number: 2|");
}

static void blank_lines_are_counted(void **state)
{
  (void)state;
  struct reading reading = read_string("\n  \na,b\n\n1,x\n\r\n \t\ny,2\n\n");
  assert_int_equal(reading.report.rows_blank, 6);
  assert_int_equal(reading.report.rows_read, 2);
  assert_int_equal(reading.report.rows_kept, 2);
  assert_cohort(reading, 0, "a factor: 1|y\nb factor: x|2");
  assert_cohort(read_string("a\n\"\"\n\n1\n"), 0, "a number: |1"); /* quoted nothing is a record */
  assert_cohort(read_string("a\tb\n\t\n1\t2\n"), 0, "a number: |1\nb number: |2");
}

static void headers_are_made_whole(void **state)
{
  (void)state;
  assert_cohort(read_string("\"\",age,age,age_2,\n1,2,3,4,5\n"), 4,
                "column_1 number: 1\nage number: 2\nage_2 number: 3\nage_2_2 number: 4\ncolumn_5 number: 5");
  assert_warning(read_string("a,\n1,2\n"), 0, "line 1: column 2 has no name; it is called column_2");
  assert_warning(read_string("\na,b,a\n1,2,3\n"), 0, "line 2: there is more than one column a; column 3 is called a_2");
  assert_warning(read_string("1,2\n3,4\n"), 0, "line 1 is taken as the names of the columns, but holds only numbers");
  assert_cohort(read_string("a,b\n"), 1, "a number:\nb number:");
  assert_warning(read_string("a,b"), 0, "there are no rows after the header");
  assert_cohort(read_with("a,b\n", (struct load_options){.factor = "b"}), 1, "a number:\nb factor:");
  assert_fails(read_string(""), 0, 0, "empty");
  assert_fails(read_string("\n \r\n"), 0, 0, "empty");
  assert_fails(read_string("\xEF\xBB\xBF"), 0, 0, "empty");
}

static void broken_quotes_are_placed(void **state)
{
  (void)state;
  assert_fails(read_string("a,b\n1,\"x\n2,3\n"), 2, 3, "not closed");
  assert_fails(read_string("a,b\nü,\""), 2, 3, "not closed");
  assert_fails(read_string("a,\"b\n"), 1, 3, "not closed");
  assert_fails(read_string("a,b\r\n\"x\r\ny\",\"z\"w\r\n"), 3, 7, "text follows a closing quote");
  assert_fails(read_string("a,b\n1,2,\"\n"), 2, 5, "not closed");
}

static void long_fields_are_refused(void **state)
{
  (void)state;
  struct text file = TEXT_INIT;
  text_append(&file, "a,b\n1,\"");
  text_append_repeated(&file, 'x', (1 << 20) - 1);
  text_append(&file, "\"\n");
  struct reading reading = read_string(text_string(&file));
  assert_int_equal(reading.status, STATUS_OK);
  reading_clear(&reading);
  text_truncate(&file, file.length - 2);
  text_append(&file, "yy\"\n");
  assert_fails(read_string(text_string(&file)), 2, 3, "the quoted field that opens here is longer than 1 MiB");
  text_truncate(&file, 0);
  text_append(&file, "a,b\n1,");
  text_append_repeated(&file, 'x', (1 << 20) + 1);
  assert_fails(read_string(text_string(&file)), 2, 3, "the field that begins here is longer than 1 MiB");
  text_clear(&file);
}

static void encodings(void **state)
{
  (void)state;
  struct load_options latin1 = {.encoding = "latin1"};
  assert_fails(read_string("a,b\n\xC3\xA9,caf\xE9\n"), 2, 6, "the byte E9 is not valid UTF-8");
  assert_cohort(read_with("a\ncaf\xE9\n", latin1), 0, "a factor: café");
  assert_cohort(read_string("a\ncaf\xE9\n\x80 5\n"), 1, "a factor: café|€ 5");
  assert_warning(read_string("a\ncaf\xE9\n"), 0, "the file is not UTF-8 and is read as windows-1252 (Western European); if "
                                                 "letters look wrong, encoding= says which it is");
  assert_fails(read_string("a\n\xC4\xD0\xC5\xAE\n"), 2, 1, "the byte C4 is not valid UTF-8");
  assert_cohort(read_with("a\n\x80\n", (struct load_options){.encoding = "cp1252"}), 0, "a factor: €");
  assert_cohort(read_with("a\nÄ\n", (struct load_options){.encoding = "UTF-8"}), 0, "a factor: Ä");
  struct reading reading = read_with("a\n1\n", (struct load_options){.encoding = "klingon"});
  assert_string_equal(reading.error.what, "the encoding \"klingon\" is not known");
  reading_clear(&reading);
  static const char little[] = "\xFF\xFE"
                               "a\0,\0b\0\n\0\xE9\0,\0"
                               "2\0\n";
  assert_cohort(read_bytes(little, sizeof little, "test.csv", NULL), 0, "a factor: é\nb number: 2");
  static const char big[] = "\xFE\xFF\0a\0\n\0"
                            "7\0\n";
  assert_cohort(read_bytes(big, sizeof big - 1, "test.csv", NULL), 0, "a number: 7");
  assert_fails(read_bytes(little, sizeof little - 1, "test.csv", NULL), 2, 4, "not valid UTF-16");
  assert_fails(read_bytes("a,b\n1,\0\n", 8, "test.csv", NULL), 2, 3, "NUL");
  assert_fails(read_bytes("a\0", 2, "test.csv", NULL), 1, 2, "NUL");
}

static void values_are_not_interpreted(void **state)
{
  (void)state;
  struct reading reading = read_string("a\n\033[2J\n=1+1\n%s%n\n");
  assert_cohort(reading, 0, "a factor: \033[2J|=1+1|%s%n");
  assert_cohort(read_with("a,%s\n1,%n\n", (struct load_options){.numeric = "%s"}), 1, "a number: 1\n%s number: ");
}

static void cancelling_stops(void **state)
{
  (void)state;
  struct task task;
  struct load_report report = LOAD_REPORT_INIT;
  struct error error = ERROR_INIT;
  struct cohort *cohort = NULL;
  task_init(&task);
  assert_int_equal(csv_read(&(struct file_bytes){.bytes = "a\n1\n", .length = 4}, "x.csv", NULL, &task, &cohort, &report, &error), STATUS_OK);
  assert_true(atomic_load(&task.done) == 1);
  cohort_release(cohort);
  load_report_clear(&report);
  cohort = NULL;
  task_cancel(&task);
  assert_int_equal(csv_read(&(struct file_bytes){.bytes = "a\n1\n", .length = 4}, "x.csv", NULL, &task, &cohort, &report, &error), STATUS_CANCELLED);
  assert_null(cohort);
  assert_null(error.what);
  load_report_clear(&report);
}

static void many_levels_and_rows(void **state)
{
  (void)state;
  struct text file = TEXT_INIT;
  text_append(&file, "id;site\n");
  for (int i = 0; i < 70000; i++)
    text_append_format(&file, "P-%d;%s\n", (i * 7919) % 70001, i % 3 ? "pancreas" : "\"small \"\"bowel\"\"\"");
  struct reading reading = read_string(text_string(&file));
  assert_int_equal(reading.status, STATUS_OK);
  const struct column *id = reading.cohort->columns[0], *site = reading.cohort->columns[1];
  assert_int_equal(id->n_levels, 70000);
  assert_int_equal(site->n_levels, 2);
  for (size_t i = 1; i < id->n_levels; i++)
    assert_true(strcmp(id->levels[i - 1].name, id->levels[i].name) < 0);
  for (int i = 0; i < 70000; i++) {
    char expected[16];
    snprintf(expected, sizeof expected, "P-%d", (i * 7919) % 70001);
    assert_string_equal(id->levels[column_code(id, (size_t)i) - 1].name, expected);
  }
  assert_string_equal(site->levels[column_code(site, 3) - 1].name, "small \"bowel\"");
  reading_clear(&reading);
  text_clear(&file);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(kinds_are_guessed),
      cmocka_unit_test(numbers_keep_their_last_bit),
      cmocka_unit_test(line_ends_are_all_known),
      cmocka_unit_test(quotes_follow_rfc_4180),
      cmocka_unit_test(delimiters_are_sniffed),
      cmocka_unit_test(missing_markers),
      cmocka_unit_test(late_surprises_change_the_kind),
      cmocka_unit_test(odd_values_are_pointed_out),
      cmocka_unit_test(dates_are_read_as_written),
      cmocka_unit_test(identifiers_stay_text),
      cmocka_unit_test(decimal_commas),
      cmocka_unit_test(asked_kinds_are_checked),
      cmocka_unit_test(ragged_records),
      cmocka_unit_test(blank_lines_are_counted),
      cmocka_unit_test(headers_are_made_whole),
      cmocka_unit_test(broken_quotes_are_placed),
      cmocka_unit_test(long_fields_are_refused),
      cmocka_unit_test(encodings),
      cmocka_unit_test(values_are_not_interpreted),
      cmocka_unit_test(cancelling_stops),
      cmocka_unit_test(many_levels_and_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
