# SPDX-License-Identifier: GPL-3.0-or-later
# The work of tests/bench/run in R: prints, a line each, what was done, the seconds by the clock and those of the processor;
# after "=" the numbers that came out.
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

# Numbers that kaplan is to find, too.
found <- function(name, numbers) cat("=", name, sprintf("%.17g", numbers), "\n")

# Of a fit that goes on until nothing changes any more, which R's own default does not.
found_fit <- function(name, formula) {
  fit <- coxph(formula, d, control = coxph.control(eps = 1e-12, toler.chol = 1e-13))
  found(name, coef(fit))
  found(paste0(name, "_se"), sqrt(diag(fit$var)))
  found(paste0(name, "_loglik"), fit$loglik)
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
took("km", 3, km <- survfit(Surv(months, death) ~ arm, d))
at <- summary(km, c(12, 60, 120))
found("km", at$surv)
found("km_se", at$std.err)
rm(km)
took("km_days", 3, survfit(Surv(days, death) ~ arm, d))
took("logrank", 3, test <- survdiff(Surv(months, death) ~ arm, d))
found("logrank", test$chisq)
took("cox", 1, fit <- coxph(model("Surv(months, death)"), d))
took("cox_days", 1, coxph(model("Surv(days, death)"), d))
took("cox_entry", 1, coxph(model("Surv(entry, months, death)"), d))
took("concordance", 1, pairs <- concordance(fit))
found("concordance", c(pairs$concordance, sqrt(pairs$var)))
took("zph", 1, test <- cox.zph(fit))
found("zph", test$table[, "chisq"])
found_fit("cox", model("Surv(months, death)"))
found_fit("cox_entry", model("Surv(entry, months, death)"))
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
