# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the four cohort scripts: the annealer, the loss terms, the margin sampler, the dates.
suppressPackageStartupMessages({ library(Rcpp); library(survival) })

here <- function(...) {
  f <- sub("^--file=", "", grep("^--file=", commandArgs(FALSE), value = TRUE))
  file.path(if (length(f)) dirname(normalizePath(f[1])) else getwd(), ...)
}
sourceCpp(here("kernel.cpp"))

# ---- loss terms ------------------------------------------------------------------------------
# All are dimensionless, 0 when the figure is met, and bounded in growth, so that a figure that no
# data set can meet (the papers contain some) does not drown the others.
soft <- function(x) sqrt(1 + x^2) - 1                        # quadratic near 0, linear far away
z_of_p <- function(p) qnorm(1 - pmax(p, 1e-12) / 2)
z_of_chisq <- function(x, df) z_of_p(pchisq(x, df, lower.tail = FALSE))

# A quantile is met when the curve is above 1-p just before the published time and at or below it
# at that time (`before`, `at`); "not reached" when the last height of the curve stays above.
loss_quantile <- function(before, at, level) {
  v <- pmax(0, level + 1e-6 - before) + pmax(0, at - level)
  ifelse(v > 1e-9, 0.3 + pmin(1.2, v / 0.06), 0)
}
loss_not_reached <- function(smin, level) {
  v <- pmax(0, level + 1e-6 - smin)
  ifelse(v > 1e-9, 0.3 + pmin(1.2, v / 0.06), 0)
}

# ---- simulated annealing ---------------------------------------------------------------------
anneal <- function(state, propose, loss, iters, t0, t1, label = "") {
  cur <- best <- state; lc <- lb <- loss(state)
  rate <- (t1 / t0)^(1 / iters); temp <- t0
  started <- proc.time()[[3]]
  for (k in seq_len(iters)) {
    new <- propose(cur)
    if (!is.null(new)) {
      ln <- loss(new)
      if (ln <= lc || runif(1) < exp((lc - ln) / temp)) {
        cur <- new; lc <- ln
        if (ln < lb) { best <- new; lb <- ln }
      }
    }
    temp <- temp * rate
    if (k %% max(1, iters %/% 10) == 0)
      message(sprintf("%s %9d  temp %.4f  loss %.3f  best %.3f  %4.0f s", label, k, temp, lc, lb,
                      proc.time()[[3]] - started))
  }
  attr(best, "loss") <- lb
  best
}

pick <- function(x) x[sample.int(length(x), 1L)]

# A column of level codes with given counts: counts c(level = n, ...), shuffled.
deal <- function(counts, levels = seq_along(counts)) {
  x <- rep(levels, counts); x[sample.int(length(x))]
}

# ---- dates -----------------------------------------------------------------------------------
# The last date that lies os_months (30.4375 days a month) after the first one.
date_after <- function(from, months) from + round(months * 30.4375)

# First dates, uniform over a window, such that the last date is not after the close of the study.
first_date <- function(months, open, close) {
  open <- as.Date(open); close <- as.Date(close)
  latest <- close - round(months * 30.4375)
  span <- pmax(0, as.numeric(latest - open))
  open + round(runif(length(months)) * span)
}

# The sample's own file, or in the folder given as the second argument: Rscript luo2024.R 250000 elsewhere
write_cohort <- function(d, name) {
  for (v in names(d)) if (inherits(d[[v]], "Date")) d[[v]] <- format(d[[v]])
  folder <- c(commandArgs(TRUE)[-1], here("..", sub("\\.csv$", "", name)))[1]
  write.csv(d, file.path(folder, name), row.names = FALSE, na = "", quote = TRUE)
  message("wrote ", file.path(folder, name), ": ", nrow(d), " rows")
}
