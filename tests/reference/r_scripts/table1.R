# Reproduces in R what kaplan showed for:
# table1 age sex grade primary_diameter_mm, by=surgery
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
describe <- function(x, name, group, percent_of_all, type) {
  if (is.factor(x)) {
    n <- table(x, group)
    all <- if (percent_of_all) as.vector(table(group)) else colSums(n)
    return(data.frame(variable = name, level = rep(rownames(n), ncol(n)), group = rep(colnames(n), each = nrow(n)),
                      n = as.vector(n), percent = as.vector(100 * sweep(n, 2, all, "/")),
                      mean = NA, sd = NA, median = NA, q1 = NA, q3 = NA, min = NA, max = NA))
  }
  do.call(rbind, lapply(levels(group), function(g) {
    v <- x[group %in% g & !is.na(x)]
    q <- if (length(v)) quantile(v, c(0.5, 0.25, 0.75), type = type, names = FALSE) else rep(NA, 3)
    data.frame(variable = name, level = NA, group = g, n = length(v), percent = NA, mean = mean(v), sd = sd(v),
               median = q[1], q1 = q[2], q3 = q[3], min = if (length(v)) min(v) else NA, max = if (length(v)) max(v) else NA)
  }))
}
# Which test fits, and its result.  `how` is a test by its name, or NA: by the rules of kaplan's table1.
compare <- function(x, name, group, how) {
  known <- !is.na(x) & !is.na(group)
  x <- x[known]; group <- droplevels(group[known])
  row <- function(test, statistic, df, p)
    data.frame(variable = name, test = test, statistic = unname(statistic), df = unname(df), p_value = unname(p))
  if (is.factor(x)) {
    n <- table(droplevels(x), group)
    if (is.na(how) || !how %in% c("chisq", "chisq-yates", "lr", "fisher"))
      how <- if (min(outer(rowSums(n), colSums(n)) / sum(n)) < 5) "fisher" else "chisq"
    if (how == "fisher") return(row(how, NA, NA, fisher.test(n, workspace = 2e7)$p.value))
    if (how == "lr") {
      g <- 2 * sum(ifelse(n > 0, n * log(n / (outer(rowSums(n), colSums(n)) / sum(n))), 0))
      df <- prod(dim(n) - 1)
      return(row(how, g, df, pchisq(g, df, lower.tail = FALSE)))
    }
    test <- suppressWarnings(chisq.test(n, correct = how == "chisq-yates"))
    return(row(how, test$statistic, test$parameter, test$p.value))
  }
  two <- nlevels(group) == 2
  if (is.na(how) || !how %in% c("t", "welch", "anova", "mann-whitney", "kruskal-wallis")) {
    normal <- all(vapply(split(x, group), function(v)
      length(v) >= 3 && length(v) <= 5000 && diff(range(v)) > 0 && shapiro.test(v)$p.value >= 0.05, NA))
    how <- if (normal) (if (two) "t" else "anova") else if (two) "mann-whitney" else "kruskal-wallis"
  }
  if (how %in% c("t", "welch") && two) {
    test <- t.test(x ~ group, var.equal = how == "t")
    return(row(how, test$statistic, test$parameter, test$p.value))
  }
  if (how %in% c("anova", "welch")) {
    test <- oneway.test(x ~ group, var.equal = how == "anova")
    return(row(how, test$statistic, test$parameter[[1]], test$p.value))
  }
  if (how == "mann-whitney") {
    test <- wilcox.test(x ~ group, exact = FALSE, correct = FALSE)
    return(row(how, test$statistic, NA, test$p.value))
  }
  test <- kruskal.test(x ~ group)
  row(how, test$statistic, test$parameter, test$p.value)
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
attr(view[["surgery"]], "labels") <- c("NR" = "No resection", "PR" = "Resection of the primary lesion", "PHR" = "Resection of the primary and hepatic lesions")

# ---- the numbers ----

names <- c("age", "sex", "grade", "primary_diameter_mm")
view$group <- group_of(view, c("surgery"))
view <- view[!is.na(view$group), , drop = FALSE]
for (name in names) view[[name]] <- if (is.factor(view[[name]])) droplevels(view[[name]]) else as.numeric(view[[name]])
print_table("table1", do.call(rbind, lapply(names, function(name)
  describe(view[[name]], name, view$group, FALSE, 7))))
how <- setNames(rep(NA_character_, length(names)), names)
print_table("table1_tests", do.call(rbind, lapply(names, function(name)
  compare(view[[name]], name, view$group, how[[name]]))))
# Not reproduced: standardised mean differences; Fisher's Monte Carlo where R's fisher.test() gives up.
