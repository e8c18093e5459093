# Reproduces in R what kaplan showed for:
# km surgery, panels=branches
# Needs R 4.0 with the package survival.  Run: Rscript FILE.R, in the directory where kaplan ran.
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
# SPSS's quantiles: the first event at which the curve is at or under p.  The median's limits rest on the slope of the
# curve around it, f = (S(u) - S(l)) / (l - u): u the last event with S >= 0.55, l the first with S <= 0.45.
quantiles_of <- function(fit, p) {
  group <- if (is.null(fit$strata)) rep(1, length(fit$time)) else rep(seq_along(fit$strata), fit$strata)
  one <- function(g) {
    own <- group == g & fit$n.event > 0
    time <- fit$time[own]; s <- fit$surv[own]
    under <- function(p) which(s <= p + 1e-12)[1]
    if (is.na(under(p))) return(rep(NA_real_, 3))
    if (p != 0.5) return(c(time[under(p)], NA, NA))
    u <- sum(s >= 0.55 - 1e-12); l <- under(0.45); m <- under(0.5)
    f <- (c(1, s)[u + 1] - s[l]) / (time[l] - c(0, time)[u + 1])
    se <- if (isFALSE(fit$logse)) fit$std.err[own][m] else fit$std.err[own][m] * s[m]
    half <- qnorm(1 - (1 - fit$conf.int) / 2) * se / f   # SPSS prints 0 for a lower limit that would be negative
    c(time[m], max(0, time[m] - half), time[m] + half)
  }
  matrix(unlist(lapply(unique(group), one)), ncol = 3, byrow = TRUE)
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
# Weighted log-rank statistics with hypergeometric variance.  survdiff() has rho = 0 and 1 without delayed entry alone;
# where both answer they agree.  weight(S, n, P): the pooled curve just before t, the number at risk, Peto and Peto's curve.
weighted_logrank <- function(y, group, stratum, weight, scores = NULL) {
  y <- aeqSurv(y)
  stop <- y[, ncol(y) - 1]; dead <- y[, ncol(y)]
  start <- if (ncol(y) == 3) y[, 1] else rep(-Inf, length(stop))
  g <- as.integer(group); k <- nlevels(group)
  O <- E <- U <- numeric(k); V <- matrix(0, k, k)
  for (s in unique(stratum)) {
    S <- P <- 1
    for (t in sort(unique(stop[stratum == s & dead == 1]))) {
      risk <- stratum == s & start < t & stop >= t
      n <- sum(risk); nj <- tabulate(g[risk], k)
      dj <- tabulate(g[risk & stop == t & dead == 1], k); d <- sum(dj)
      P <- P * (1 - d / (n + 1))
      w <- weight(S, n, P)
      O <- O + dj; E <- E + d * nj / n; U <- U + w * (dj - d * nj / n)
      if (n > 1) V <- V + w^2 * d * (n - d) / (n - 1) * (diag(nj / n, k) - outer(nj, nj) / n^2)
      S <- S * (n - d) / n
    }
  }
  if (is.null(scores)) {
    i <- which(E > 0)[-1]; df <- length(i)
    statistic <- if (df) sum(U[i] * solve(V[i, i, drop = FALSE], U[i])) else NA
  } else {
    df <- 1; statistic <- sum(scores * U)^2 / sum(scores * (V %*% scores))
  }
  list(observed = O, expected = E, statistic = statistic, df = df, p_value = pchisq(statistic, df, lower.tail = FALSE))
}
# Numbers, medians and the log-rank test in each panel: members are lists of TRUE and FALSE by name.
panels_of <- function(data, members, ...) {
  do.call(rbind, lapply(names(members), function(l) {
    rows <- data[members[[l]], , drop = FALSE]
    if (!nrow(rows)) return(NULL)
    here <- levels(data$group) %in% rows$group
    rows$group <- droplevels(rows$group)
    rows$.y <- outcome(rows)
    median <- matrix(NA_real_, nlevels(data$group), 3)
    median[here, ] <- quantiles_of(survfit(.y ~ group, data = rows, ...), 0.5)
    test <- list(NA, NA, NA, NA, NA)
    if (sum(here) > 1) test <- weighted_logrank(rows$.y, rows$group, rep(1, nrow(rows)), function(S, n, P) 1)
    count <- function(which) as.vector(table(factor(rows$group[which], levels = levels(data$group))))
    data.frame(panel = l, group = levels(data$group), n = count(TRUE), events = count(rows$.event == 1), median = median[, 1],
      median_low = median[, 2], median_high = median[, 3], statistic = test[[3]], df = test[[4]], p_value = test[[5]])
  }))
}
# ifelse() whose parts may be constants.
either <- function(test, yes, no) {
  n <- max(length(test), length(yes), length(no))
  ifelse(rep_len(test, n), rep_len(yes, n), rep_len(no, n))
}

# ---- the file ----

file <- "../../../samples/xu2025/xu2025.csv"
raw <- read.csv(file, sep = ",", quote = "\"", colClasses = "character", na.strings = character(), strip.white = TRUE,
  check.names = FALSE, encoding = "UTF-8")
stopifnot("the file is not as kaplan read it" = nrow(raw) == 228 && ncol(raw) == 32)
names(raw) <- c("patient_id", "center", "sex", "age", "hm_timing", "hm_interval_months", "pathology_stage", "hm_distribution",
  "extrahepatic_metastasis", "primary_site", "primary_diameter_mm", "hm_max_diameter_mm", "differentiation",
  "ki67_percent", "grade", "functioning", "men1_vhl", "lymph_node_metastasis", "surgery", "pancreatic_procedure",
  "hepatic_resection", "perioperative_death", "ssa", "targeted_therapy", "chemotherapy", "tace",
  "rfa", "dx_date", "last_date", "os_months", "death", "lost_to_followup")

# The columns that follow, as kaplan understood them; raw holds all as text.
present <- function(x) replace(x, x %in% c("", "NA", "."), NA)
cohort <- data.frame(row.names = seq_len(nrow(raw)))
cohort[["sex"]] <- factor(present(raw[["sex"]]), levels = c("female", "male"))
cohort[["age"]] <- suppressWarnings(as.numeric(present(trimws(raw[["age"]]))))
cohort[["hm_timing"]] <- factor(present(raw[["hm_timing"]]), levels = c("metachronous", "synchronous"))
cohort[["pathology_stage"]] <- factor(present(raw[["pathology_stage"]]), levels = c("known", "unknown"))
cohort[["hm_distribution"]] <- factor(present(raw[["hm_distribution"]]), levels = c("bilobar", "unilobar"))
cohort[["primary_site"]] <- factor(present(raw[["primary_site"]]), levels = c("body/tail", "diffuse", "head/neck"))
cohort[["primary_diameter_mm"]] <- suppressWarnings(as.numeric(present(trimws(raw[["primary_diameter_mm"]]))))
cohort[["hm_max_diameter_mm"]] <- suppressWarnings(as.numeric(present(trimws(raw[["hm_max_diameter_mm"]]))))
cohort[["grade"]] <- factor(present(raw[["grade"]]), levels = c("G1", "G2", "G3", "NEC"))
cohort[["surgery"]] <- factor(present(raw[["surgery"]]), levels = c("HR", "NR", "PHR", "PR"))
cohort[["perioperative_death"]] <- factor(present(raw[["perioperative_death"]]), levels = c("no", "yes"))
cohort[["os_months"]] <- suppressWarnings(as.numeric(present(trimws(raw[["os_months"]]))))
cohort[["death"]] <- suppressWarnings(as.numeric(present(trimws(raw[["death"]]))))

# ---- the cohort ----

# metachronous hepatic metastasis
cohort <- cohort[!where(cohort, hm_timing == "metachronous"), , drop = FALSE]
# unknown pathological stage
cohort <- cohort[!where(cohort, pathology_stage == "unknown"), , drop = FALSE]
# hepatic resection without primary resection
cohort <- cohort[!where(cohort, surgery == "HR"), , drop = FALSE]
# perioperative death
cohort <- cohort[!where(cohort, perioperative_death == "yes"), , drop = FALSE]
cohort[["age_group"]] <- with(cohort, factor(either(age < 60, "<60", ">=60"), levels = c("<60", ">=60")))
cohort[["primary_size"]] <- with(cohort, factor(either(primary_diameter_mm <= 40, "<=40 mm", ">40 mm"), levels = c("<=40 mm", ">40 mm")))
cohort[["hm_size"]] <- with(cohort, factor(either(hm_max_diameter_mm <= 40, "<=40 mm", ">40 mm"), levels = c("<=40 mm", ">40 mm")))
cohort[["surgery"]] <- factor(cohort[["surgery"]], levels = c("NR", "PR", "PHR", "HR"))
cohort[["sex"]] <- factor(cohort[["sex"]], levels = c("male", "female"))
cohort[["age_group"]] <- factor(cohort[["age_group"]], levels = c("<60", ">=60"))
cohort[["hm_distribution"]] <- factor(cohort[["hm_distribution"]], levels = c("unilobar", "bilobar"))
cohort[["primary_site"]] <- factor(cohort[["primary_site"]], levels = c("head/neck", "body/tail", "diffuse"))
cohort[["primary_size"]] <- factor(cohort[["primary_size"]], levels = c("<=40 mm", ">40 mm"))
cohort[["hm_size"]] <- factor(cohort[["hm_size"]], levels = c("<=40 mm", ">40 mm"))
cohort[["grade"]] <- factor(cohort[["grade"]], levels = c("G1", "G2", "G3", "NEC"))
view <- cohort
# Endpoint os = Surv(os_months, death == 1)
view[[".time"]] <- with(view, as.numeric(os_months))
view[[".event"]] <- with(view, as.numeric(death == 1))
view <- view[is.finite(view$.time) & !is.na(view$.event), , drop = FALSE]
outcome <- function(data) with(data, Surv(.time, .event == 1))
attr(view[["surgery"]], "labels") <- c("NR" = "No resection", "PR" = "Resection of the primary lesion", "PHR" = "Resection of the primary and hepatic lesions")

# ---- the numbers ----

view$group <- group_of(view, c("surgery"))
shown <- view[!is.na(view$group), , drop = FALSE]
shown$.weight <- 1 + 0 * shown$.time
level <- 0.95
shown$.y <- outcome(shown)
conf <- "plain"
fit <- survfit(.y ~ group, data = shown, conf.type = conf, conf.int = level)
back <- shown$.y; back[, "status"] <- 1 - back[, "status"]   # the reverse curve: follow-up
reverse <- survfit(back ~ group, data = shown)
tau <- as.vector(tapply(shown$.time, shown$group, max))
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
members <- list(all = rep(TRUE, nrow(shown)))
members[["bt-pNET"]] <- where(shown, grade != "NEC" & primary_site == "body/tail")
members[["NEC"]] <- where(shown, grade == "NEC")
print_table("km_panels", panels_of(shown, members, conf.type = conf, conf.int = level))
