# SPDX-License-Identifier: GPL-3.0-or-later
# usage: Rscript compare_tables.R KAPLAN.tsv R.tsv
#
# Both hold tables as `kaplan --format tsv` prints them ("# id", a line of names, rows, a blank line).  Each table of the
# second must be in the first, and in the columns that both have (but for terms, which R names otherwise) be the same: texts
# equal, numbers to 1e-6.  The exit status is 1 where something differs.
read_tables <- function(path) {
  lines <- readLines(path, encoding = "UTF-8")
  start <- grep("^# ", lines)
  tables <- lapply(seq_along(start), function(i) {
    end <- if (i < length(start)) start[i + 1] - 1 else length(lines)
    rows <- lines[(start[i] + 1):end]
    rows <- strsplit(rows[nzchar(rows)], "\t", fixed = TRUE)
    names <- rows[[1]]
    cells <- matrix(as.character(unlist(rows[-1])), ncol = length(names), byrow = TRUE, dimnames = list(NULL, names))
    as.data.frame(cells, check.names = FALSE)
  })
  setNames(tables, sub("^# ", "", lines[start]))
}
args <- commandArgs(TRUE)
ours <- read_tables(args[1]); theirs <- read_tables(args[2])
bad <- 0
say <- function(...) { cat(..., "\n"); bad <<- bad + 1 }
if (!length(theirs)) say("R printed no table")
for (id in names(theirs)) {
  a <- ours[[id]]; b <- theirs[[id]]
  if (is.null(a)) { say("kaplan gave no table", id); next }
  if (nrow(a) != nrow(b)) { say(id, ": rows", nrow(a), "and", nrow(b)); next }
  for (column in setdiff(intersect(names(a), names(b)), c("term", "level"))) {
    x <- a[[column]]; y <- b[[column]]
    p <- suppressWarnings(as.numeric(x)); q <- suppressWarnings(as.numeric(y))
    same <- x == y | (!is.na(p) & !is.na(q) & abs(p - q) <= 1e-6 * abs(q) + 1e-9)
    for (i in which(!same)) say(id, column, "row", i, ": kaplan", x[i], "R", y[i])
  }
}
quit(status = bad > 0)
