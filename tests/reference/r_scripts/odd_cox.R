# Reproduces in R what kaplan showed for:
# cox 年龄 + q + arm + ref(grad,"2") + strata(early, k)
# Needs R 4.0 with the package survival.  Run: Rscript FILE.R, in the directory where kaplan ran.
# It holds letters beyond ASCII: run it in a UTF-8 locale.
suppressPackageStartupMessages({
  library(survival)
})
options(contrasts = c("contr.treatment", "contr.poly"))

# ---- functions ----

# A table as `kaplan --format tsv` prints it, so that the two can be laid side by side.
print_table <- function(id, rows) {
  rows[] <- lapply(rows, function(x) {
    if (!is.numeric(x)) return(as.character(x))
    ifelse(is.finite(x), formatC(x, digits = 15, format = "g", width = 1), NA)
  })
  cat("# ", id, "\n", sep = "")
  write.table(rows, sep = "\t", quote = FALSE, row.names = FALSE, na = "NA")
  cat("\n")
}
# The rows for which a condition is true; where it is unknown it is not.
where <- function(data, condition)
  rep_len(eval(substitute(condition), data, parent.frame()), nrow(data)) %in% TRUE
# A factor with another reference, if anybody has that level.
reference <- function(x, level) {
  x <- droplevels(as.factor(x))
  if (level %in% levels(x)) relevel(x, ref = level) else x
}
coefficients_of <- function(fit, level) {
  b <- coef(fit); se <- sqrt(diag(as.matrix(fit$var)))
  se[is.na(b)] <- NA
  z <- b / se; half <- qnorm(1 - (1 - level) / 2) * se
  data.frame(term = gsub("`", "", names(b)), estimate = b, std_error = se, statistic = z, p_value = 2 * pnorm(-abs(z)),
             hr = exp(b), conf_low = exp(b - half), conf_high = exp(b + half))
}
fit_of <- function(fit) {
  k <- sum(!is.na(coef(fit))); upper <- function(x) pchisq(x, k, lower.tail = FALSE)
  lr <- 2 * diff(fit$loglik); wald <- as.vector(fit$wald.test)
  data.frame(n = fit$n, events = fit$nevent, loglik_null = fit$loglik[1], loglik = fit$loglik[2], lr_statistic = lr,
             lr_df = k, lr_p = upper(lr), wald_statistic = wald, wald_df = k, wald_p = upper(wald),
             score_statistic = fit$score, score_df = k, score_p = upper(fit$score),
             concordance = fit$concordance[["concordance"]], concordance_se = fit$concordance[["std"]],
             aic = -2 * fit$loglik[2] + 2 * k, bic = -2 * fit$loglik[2] + log(fit$nevent) * k)
}
newton <- coxph.control(eps = 1e-10)
# What is not finite is missing.
known <- function(x) {
  x <- suppressWarnings(x)
  x[!is.finite(x)] <- NA
  x
}
# A power of, or to, a missing value is missing, 1 ^ NA and NA ^ 0 too.
power <- function(a, b) known(a ^ b + 0 * a + 0 * b)
# Whether x is one of the values; unknown where x is missing.
among <- function(x, values) ifelse(is.na(x), NA, x %in% values)
# Half to even at the given digits.
round_at <- function(x, digits) known(round(x * 10 ^ round(digits)) / 10 ^ round(digits))
# ifelse() whose parts may be constants.
either <- function(test, yes, no) {
  n <- max(length(test), length(yes), length(no))
  ifelse(rep_len(test, n), rep_len(yes, n), rep_len(no, n))
}

# ---- the file ----

file <- "odd.csv"
raw <- read.csv(file, sep = ";", quote = "\"", colClasses = "character", na.strings = character(), strip.white = TRUE,
  check.names = FALSE, encoding = "UTF-8")
stopifnot("the file is not as kaplan read it" = nrow(raw) == 200 && ncol(raw) == 11)
names(raw) <- c("年龄", "Größe", "arm", "Datum der Diagnose", "letzter", "status", "grad", "w", "w2", "cl",
  "a`b")

# The columns that follow, as kaplan understood them; raw holds all as text.
present <- function(x) replace(x, x %in% c("", "NA", ".", "unknown"), NA)
cohort <- data.frame(row.names = seq_len(nrow(raw)))
cohort[["年龄"]] <- suppressWarnings(as.numeric(sub(",", ".", present(trimws(raw[["年龄"]])), fixed = TRUE)))
cohort[["Größe"]] <- suppressWarnings(as.numeric(sub(",", ".", present(trimws(raw[["Größe"]])), fixed = TRUE)))
cohort[["arm"]] <- factor(present(raw[["arm"]]), levels = c("A", "B", "C"))
cohort[["Datum der Diagnose"]] <- as.Date(present(trimws(raw[["Datum der Diagnose"]])), format = "%Y-%m-%d")
cohort[["letzter"]] <- as.Date(present(trimws(raw[["letzter"]])), format = "%Y-%m-%d")
cohort[["status"]] <- factor(present(raw[["status"]]), levels = c("lebt", "other", "tot"))
cohort[["grad"]] <- suppressWarnings(as.numeric(sub(",", ".", present(trimws(raw[["grad"]])), fixed = TRUE)))

# ---- the cohort ----

cohort[["年 2"]] <- with(cohort, factor(either(`年龄` < 60 | is.na(`年龄`), "jung", "alt"), levels = c("alt", "jung")))
cohort[["fu"]] <- with(cohort, (as.numeric(letzter - `Datum der Diagnose`) / 30.4375))
cohort[["q"]] <- with(cohort, power(round_at(known(`年龄` / 7), 1), 2) + known(log(`Größe`, 10)) - abs(-3) + pmin(`年龄`, 50) * pmax(1, known(`Größe` / 10)))
cohort[["k"]] <- with(cohort, cut(as.numeric(`年龄`), c(-Inf, 40, 60, Inf), labels = c("<40", "40 to <60", ">=60"), right = FALSE))
cohort[["early"]] <- with(cohort, as.numeric(`Datum der Diagnose` < as.Date("2012-06-01")))
cohort[["when"]] <- with(cohort, as.Date(either(early == 1, as.numeric(`Datum der Diagnose`), as.numeric(as.Date("2015-01-01"))), origin = "1970-01-01") + 30)
cohort[["const"]] <- with(cohort, factor("one"))
cohort[["arm"]] <- factor(cohort[["arm"]], levels = c("C", "A", "B"))
cohort[["grad"]] <- factor(match(cohort[["grad"]], c(3, 2, 1)), seq_len(3), c("3", "2", "1"))
# size "odd"
cohort <- cohort[where(cohort, !(`Größe` > 95) | is.na(`Größe`)), , drop = FALSE]
cohort <- cohort[!where(cohort, arm == "B" & as.numeric(as.character(grad)) == 1), , drop = FALSE]
# The filter: letzter - `Datum der Diagnose` > 20 & k in ("<40", "40 to <60") & 年龄 >= 20 | grad in (2, 3)
view <- cohort[where(cohort, as.numeric(letzter - `Datum der Diagnose`) > 20 & among(k, c("<40", "40 to <60")) & `年龄` >= 20 | among(grad, c("2", "3"))), , drop = FALSE]
# Endpoint os = Surv(fu, status == "tot"), competing: status == "other"
view[[".time"]] <- with(view, as.numeric(fu))
view[[".event"]] <- with(view, as.numeric(status == "tot"))
view[[".competing"]] <- with(view, as.numeric(status == "other"))
view$.event <- ifelse(view$.event == 1, 1, ifelse(view$.competing == 1, 2, 0))
view <- view[is.finite(view$.time) & !is.na(view$.event), , drop = FALSE]
outcome <- function(data) with(data, Surv(.time, .event == 1))

# ---- the numbers ----

model <- view[intersect(c(".entry", ".time", ".event"), names(view))]
model[["年龄"]] <- with(view, as.numeric(`年龄`))
model[["q"]] <- with(view, as.numeric(q))
model[["arm"]] <- with(view, (arm))
model[["grad"]] <- with(view, as.factor(grad))
model[[".stratum1"]] <- with(view, as.factor(early))
model[[".stratum2"]] <- with(view, as.factor(k))
model <- droplevels(model[complete.cases(model), , drop = FALSE])
model[["grad"]] <- reference(model[["grad"]], "2")
level <- 0.95
model$.y <- outcome(model)
fit <- coxph(.y ~ `年龄` + q + arm + grad + strata(.stratum1, .stratum2), data = model, ties = "efron", control = newton)
if (length(coef(fit))) print_table("cox_terms", coefficients_of(fit, level))
print_table("cox_fit", fit_of(fit))
# The baseline: basehaz(fit, centered = FALSE)
