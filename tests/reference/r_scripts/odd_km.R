# Reproduces in R what kaplan showed for:
# km arm `年 2`, at=12,24
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
# The combinations of some columns as one factor, the first varying slowest, empty ones left out.
group_of <- function(data, names) {
  if (!length(names)) return(factor(rep("all", nrow(data))))
  factors <- lapply(data[names], function(x) droplevels(as.factor(x)))
  parts <- Map(function(name, x) paste0(name, "=", x), names, factors)
  label <- do.call(paste, c(unname(parts), sep = ", "))
  label[!complete.cases(data[names])] <- NA
  factor(label, levels = unique(label[do.call(order, unname(lapply(factors, as.integer)))]), exclude = NA)
}
# The first time at which a curve has come down to p, the midpoint where it is flat at exactly p: R's median.
crossing <- function(time, curve, p) {
  tolerance <- sqrt(.Machine$double.eps)
  t <- time[!is.na(curve)]; s <- curve[!is.na(curve)]
  i <- which(s <= p + tolerance)[1]
  if (is.na(i)) return(NA_real_)
  if (abs(s[i] - p) >= tolerance) return(t[i])
  j <- which(s < p - tolerance)[1]
  if (!is.na(j)) (t[i] + t[j]) / 2 else if (!anyNA(curve)) (t[i] + max(time)) / 2 else t[i]
}
# The estimate and its limits of each group.
quantiles_of <- function(fit, p) {
  group <- if (is.null(fit$strata)) rep(1, length(fit$time)) else rep(seq_along(fit$strata), fit$strata)
  sapply(list(fit$surv, fit$lower, fit$upper), function(curve)
    vapply(unique(group), function(g) crossing(fit$time[group == g], curve[group == g], p), 0))
}
# One row a distinct time of each group.
curve_of <- function(fit, groups) {
  group <- if (is.null(fit$strata)) rep(groups, length(fit$time)) else rep(groups, fit$strata)
  data.frame(group = group, time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censor = fit$n.censor,
             estimate = fit$surv,
             std_error = ifelse(fit$surv > 0, if (isFALSE(fit$logse)) fit$std.err else fit$std.err * fit$surv, NA),
             conf_low = fit$lower, conf_high = fit$upper)
}
# Restricted means with their errors; corrected as SAS and JMP do, by sqrt(m / (m - 1)), m the events.
means_of <- function(fit, tau, corrected = FALSE) {
  groups <- if (is.null(fit$strata)) 1 else length(fit$strata)
  tau <- rep_len(tau, groups)
  do.call(rbind, lapply(seq_len(groups), function(g) {
    one <- if (groups > 1) fit[g] else fit
    m <- sum(one$n.event)
    mean <- if (tau[g] > 0) summary(one, rmean = tau[g])$table[c("rmean", "se(rmean)")] else c(0, NA)
    mean * c(1, if (!corrected) 1 else if (m > 1) sqrt(m / (m - 1)) else NA)
  }))
}
# Survival at some times; beyond a group's last time it is not estimable, unless its last value is to run on.
at_times <- function(fit, data, times, extend = FALSE) {
  groups <- levels(data$group)
  entry <- if (is.null(data$.entry)) -Inf else data$.entry
  at_risk <- function(group, time) sum(data$.weight[data$group == group & entry < time & data$.time >= time])
  s <- summary(fit, times = times, extend = TRUE)
  last <- if (is.null(fit$strata)) max(fit$time) else tapply(fit$time, rep(seq_along(fit$strata), fit$strata), max)
  rows <- data.frame(group = rep(groups, each = length(times)), time = s$time, n_risk = NA, estimate = s$surv,
                     std_error = s$std.err, conf_low = s$lower, conf_high = s$upper)
  rows$n_risk <- mapply(at_risk, rows$group, rows$time)
  beyond <- rows$time > rep(last, each = length(times))
  if (!extend) rows[beyond, c("estimate", "std_error", "conf_low", "conf_high")] <- NA
  rows
}
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

view$group <- group_of(view, c("arm", "年 2"))
shown <- view[!is.na(view$group), , drop = FALSE]
shown$.weight <- 1 + 0 * shown$.time
level <- 0.95
shown$.y <- outcome(shown)
conf <- "log"
fit <- survfit(.y ~ group, data = shown, conf.type = conf, conf.int = level)
back <- shown$.y; back[, "status"] <- 1 - back[, "status"]   # the reverse curve: follow-up
reverse <- survfit(back ~ group, data = shown)
tau <- max(fit$time)
means <- means_of(fit, tau)
median <- quantiles_of(fit, 0.5); q25 <- quantiles_of(fit, 0.75); q75 <- quantiles_of(fit, 0.25)
dim(median) <- dim(q25) <- dim(q75) <- c(nlevels(shown$group), 3)
print_table("km_summary", data.frame(group = levels(shown$group),
  n = as.vector(tapply(shown$.weight, shown$group, sum)),
  events = as.vector(tapply(shown$.weight * (shown$.event == 1), shown$group, sum)),
  median = median[, 1], median_low = median[, 2], median_high = median[, 3],
  q25 = q25[, 1], q25_low = q25[, 2], q25_high = q25[, 3],
  q75 = q75[, 1], q75_low = q75[, 2], q75_high = q75[, 3],
  rmean = means[, 1], rmean_se = means[, 2], tau = tau,
  followup_median = quantiles_of(reverse, 0.5)[seq_len(nlevels(shown$group))]))
print_table("km_curve", curve_of(fit, levels(shown$group)))
print_table("km_at", at_times(fit, shown, c(12, 24)))
