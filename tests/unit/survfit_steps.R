# SPDX-License-Identifier: GPL-3.0-or-later
# Kaplan-Meier steps by R's survfit of every 27th random cohort of test_fidelity.c, whose generator this repeats.
#   Rscript survfit_steps.R >survfit_steps.txt
suppressPackageStartupMessages(library(survival))

seed <- 1
draw <- function(n) {
  seed <<- (seed * 16807) %% 2147483647
  seed %% n
}

rows_of <- function(kind) switch(kind + 1, 2 + draw(80), 3 + draw(60), 2 + draw(60), 1 + draw(40), 1, 5 + draw(60),
                                 2 + draw(80), 1 + draw(50), 100 + draw(100), 2 + draw(90))

time_of <- function(kind) switch(kind + 1, 1 + draw(800), 8 * (1 + draw(6)), max(0, draw(60) - 20), 1 + draw(400),
                                 draw(100), 400 + draw(400), 1 + draw(400), 8 * (1 + draw(30)), 1 + draw(3000), 1 + draw(300))

event_of <- function(kind, time) switch(kind + 1, draw(100) < 60, draw(100) < 50, draw(100) < 50, FALSE, draw(2) == 1,
                                        time >= 720, draw(100) < 60, TRUE, draw(100) < 40, draw(100) < 15)

cohort <- function(i) {
  seed <<- 1 + 7919 * i
  for (k in 1:3) draw(2)
  kind <- i %% 10
  groups <- 1 + (i %/% 10) %% 4
  n <- rows_of(kind)
  rows <- data.frame(group = numeric(n), entry = 0, time = 0, event = FALSE)
  for (k in seq_len(n)) {
    rows$group[k] <- draw(groups)
    if (kind == 6) rows$entry[k] <- draw(200)
    rows$time[k] <- rows$entry[k] + time_of(kind)
    rows$event[k] <- event_of(kind, rows$time[k])
  }
  rows
}

cat("cohort group time n_risk n_event n_censor survival\n")
for (i in seq(0, 999, 27)) {
  rows <- cohort(i)
  rows$entry <- rows$entry / 8
  rows$time <- rows$time / 8
  for (g in sort(unique(rows$group))) {
    these <- rows[rows$group == g, ]
    fit <- if (i %% 10 == 6) survfit(Surv(entry, time, event) ~ 1, these) else survfit(Surv(time, event) ~ 1, these)
    keep <- fit$n.event + fit$n.censor > 0
    cat(sprintf("%d %d %.10g %.0f %.0f %.0f %.15g\n", i, g, fit$time, fit$n.risk, fit$n.event, fit$n.censor,
                fit$surv)[keep], sep = "")
  }
}
