# SPDX-License-Identifier: GPL-3.0-or-later
# The work of tests/bench/run in R: prints, a line each, what was done, the seconds by the clock and those of the processor.
#
# usage: Rscript compare.R REGISTRY.csv SMALLER.csv XU.csv [LARGE.csv]
suppressPackageStartupMessages(library(survival))
has <- function(name) suppressPackageStartupMessages(requireNamespace(name, quietly = TRUE))
files <- commandArgs(TRUE)

# The best of some runs.
took <- function(work, times, expression) {
  expression <- substitute(expression)
  best <- c(Inf, Inf)
  for (i in seq_len(times)) {
    gc(FALSE)
    run <- system.time(eval(expression, parent.frame()))
    best <- pmin(best, c(run[["elapsed"]], run[["user.self"]] + run[["sys.self"]]))
  }
  cat(work, sprintf("%.4f", best), "\n")
}

if (has("data.table")) {
  data.table::setDTthreads(0)
  took("read", 3, data.table::fread(files[1], showProgress = FALSE))
  if (length(files) > 3) took("read_large", 1, data.table::fread(files[4], showProgress = FALSE))
  gc(FALSE)
}
d <- read.csv(files[1], stringsAsFactors = TRUE)
covariates <- "arm + stage + sex + age + bmi + size + ki67 + marker + score"
model <- function(outcome) as.formula(paste(outcome, "~", covariates))
took("km", 3, survfit(Surv(months, death) ~ arm, d))
took("km_days", 3, survfit(Surv(days, death) ~ arm, d))
took("logrank", 3, survdiff(Surv(months, death) ~ arm, d))
took("cox", 1, fit <- coxph(model("Surv(months, death)"), d))
took("cox_days", 1, coxph(model("Surv(days, death)"), d))
took("cox_entry", 1, coxph(model("Surv(entry, months, death)"), d))
took("concordance", 1, concordance(fit))
took("zph", 1, cox.zph(fit))
rm(fit)
s <- read.csv(files[2], stringsAsFactors = TRUE)
fit <- coxph(model("Surv(months, death)"), s)
took("dfbeta", 1, residuals(fit, "dfbeta"))
if (has("rms")) {
  suppressPackageStartupMessages(library(rms))
  x <- read.csv(files[3], stringsAsFactors = TRUE)
  f <- cph(Surv(os_months, death) ~ age + sex + hm_max_diameter_mm + surgery, x, x = TRUE, y = TRUE)
  set.seed(1)
  took("bootstrap", 1, validate(f, B = 1000))
}
