/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "data/load.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "base/text.h"
#include "data/csv.h"
#include "data/file_bytes.h"

void load_report_clear(struct load_report *report)
{
  for (size_t i = 0; i < report->n_warnings; i++)
    free(report->warnings[i]);
  free(report->warnings);
  *report = (struct load_report)LOAD_REPORT_INIT;
}

void load_report_warn(struct load_report *report, const char *format, ...)
{
  struct text text = TEXT_INIT;
  va_list arguments;
  va_start(arguments, format);
  text_append_vformat(&text, format, arguments);
  va_end(arguments);
  MEMORY_APPEND(report->warnings, report->n_warnings, report->warnings_capacity, text_take(&text));
}

/* The ending of the file's name without its point, or "". */
static const char *file_ending(const char *path)
{
  const char *slash = strrchr(path, '/');
  const char *name = slash ? slash + 1 : path;
  const char *point = strrchr(name, '.');
  return point ? point + 1 : "";
}

static bool is_delimited_ending(const char *ending)
{
  static const char *const endings[] = {"csv", "tsv", "tab", "txt"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
    if (strcasecmp(ending, endings[i]) == 0)
      return true;
  return false;
}

/* What the endings of other programs' files stand for, and how their data get here. */
struct foreign_format {
  const char *ending, *advice;
};

static const struct foreign_format foreign_formats[] = {
    {"sav", "in SPSS: File, Save As, type CSV"},
    {"zsav", "in SPSS: File, Save As, type CSV"},
    {"por", "in SPSS: File, Save As, type CSV"},
    {"dta", "in Stata: export delimited using \"file.csv\""},
    {"sas7bdat", "in SAS: proc export with dbms=csv"},
    {"xpt", "in SAS: proc export with dbms=csv"},
    {"xlsx", "in the spreadsheet: Save As, type CSV UTF-8"},
    {"xls", "in the spreadsheet: Save As, type CSV UTF-8"},
    {"ods", "in the spreadsheet: Save As, type CSV"},
    {"rds", "in R: write.csv(data, \"file.csv\", row.names = FALSE)"},
    {"rda", "in R: write.csv(data, \"file.csv\", row.names = FALSE)"},
    {"rdata", "in R: write.csv(data, \"file.csv\", row.names = FALSE)"},
    {"jmp", "in JMP: File, Save As, type CSV"},
    {"gz", "decompress it first: gunzip"},
    {"xz", "decompress it first: unxz"},
    {"bz2", "decompress it first: bunzip2"},
    {"zip", "decompress it first: unzip"},
};

static enum status fail_ending(const char *path, const char *ending, struct error *error)
{
  if (*ending)
    error_set(error, "the ending .%s is not one that can be loaded: kaplan reads .csv, .tsv, .tab and .txt", ending);
  else
    error_set(error, "the file's name has no ending: kaplan reads .csv, .tsv, .tab and .txt");
  const char *advice = "export the data as CSV; if it is delimited text already, give the name the ending .txt";
  for (size_t i = 0; i < sizeof foreign_formats / sizeof *foreign_formats; i++)
    if (strcasecmp(ending, foreign_formats[i].ending) == 0)
      advice = foreign_formats[i].advice;
  error_hint(error, "%s", advice);
  return error_in_file(error, path, 0, 0);
}

enum status cohort_load(const char *path, const struct load_options *options, struct task *task, struct cohort **cohort,
                        struct load_report *report, struct error *error)
{
  struct file_bytes file;
  enum status status = file_bytes_open(&file, path, task, error);
  if (status != STATUS_OK)
    return status;
  const char *ending = file_ending(path);
  if (file.is_regular && !is_delimited_ending(ending))
    status = fail_ending(path, ending, error);
  else
    status = csv_read(&file, path, options, task, cohort, report, error);
  file_bytes_close(&file);
  return status;
}
