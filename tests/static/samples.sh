# SPDX-License-Identifier: GPL-3.0-or-later
# The samples: each paper's script runs in batch in every format, the steps of its README work as they stand (those to one's
# own data, too), and what is written of how close it comes is what the table of targets says.
. "$top_srcdir/tests/lib/tap.sh"

scratch=$(mktemp -d "$KAPLAN_TEST_TMP/samples.XXXXXX")
cp -R "$top_srcdir/samples" "$scratch/samples"
chmod -R u+w "$scratch/samples"
cd "$scratch/samples" || exit 2
PATH=$(dirname "$KAPLAN"):$PATH

# blocks README: what stands in its blocks marked `sh`.
blocks() {
  awk '/^```sh$/ { open = 1; next } /^```/ { open = 0 } open' "$1"
}

# steps PAPER: those blocks in the sample's folder, with a home of its own; kaplan prints on standard output.
steps() {
  (cd "$1" && HOME=$scratch/home-$1 && export HOME && mkdir -p "$HOME" && blocks README.md | bash -e -o pipefail -s)
}

# same_results FILE FILE: the results of the script are the same, whatever was loaded and excluded before.  What names the
# file or the unit of its time, and the spaces that follow from it, may differ.
same_results() {
  diff <(results "$1") <(results "$2") >/dev/null
}
results() {
  sed -n '/^Table 1/,$p' "$1" | sed 's/ (months)//; s/  */ /g; s/─//g; /^os = /d; /^event: /d'
}

for paper in luo2024 xu2025 xue2025 zhang2024 du2015; do
  for format in text json tsv csv md latex html; do
    name="$paper.kap prints $format"
    if ! "$KAPLAN" --format "$format" -b "$paper/$paper.kap" >"$scratch/$paper.$format" 2>"$scratch/err" </dev/null; then
      fail "$name" "$(tail -5 "$scratch/err")"
    elif [ ! -s "$scratch/$paper.$format" ]; then
      fail "$name" "nothing was printed"
    else
      pass "$name"
    fi
  done
  check_empty "$paper.kap: every line of JSON is an object" "$(grep -v '^{.*}$' "$scratch/$paper.json" | cut -c1-80)"
done

for paper in luo2024 xu2025 zhang2024 du2015; do
  name="$paper/README.md: its steps work, on one's own data, too"
  if ! steps "$paper" >"$scratch/steps" 2>"$scratch/err" </dev/null; then
    fail "$name" "$(tail -5 "$scratch/err")"
  else
    # The first half is the sample's own output, the second that of the same patients in a file of other names and codings.
    size=$(wc -c <"$scratch/$paper.text")
    head -c "$size" "$scratch/steps" >"$scratch/own"
    tail -c "+$((size + 1))" "$scratch/steps" >"$scratch/mine"
    if ! cmp -s "$scratch/own" "$scratch/$paper.text"; then
      fail "$name" "kaplan -b $paper.kap printed otherwise than in the folder above"
    elif ! same_results "$scratch/own" "$scratch/mine"; then
      fail "$name" "$(diff <(results "$scratch/own") <(results "$scratch/mine") | head -20)"
    else
      pass "$name"
    fi
  fi
  check "$paper/README.md says that it is simulated" grep -q 'There is no patient in `'"$paper"'.csv`' "$paper/README.md"
done
# From anywhere the samples are kaplan:…, and the help says where they lie.
export KAPLAN_DATA_DIR=$scratch
check 'kaplan:… is a sample, from any folder' sh -c 'cd / && kaplan -b kaplan:du2015/du2015_cohort.kap'
check 'kaplan --help says where the samples are told of' sh -c "kaplan --help | grep -qF '$scratch/samples/README.md'"

# figures PAPER: table, row, statistic, published and simulated figure of each line of FIDELITY.md, between tabs.
figures() {
  sed 's/&lt;/</g; s/&gt;/>/g' "$1/FIDELITY.md" | awk -F ' [|] ' -v OFS='\t' '
    /^## / { table = substr($0, 4); next }
    table != "" && /^[|]/ && !/^[|] (---|[|])/ { sub(/^[|] /, "", $1); print table, $1, $2, $3, $4 }'
}
for paper in luo2024 xu2025 zhang2024 du2015; do
  check_empty "$paper/FIDELITY.md has the simulated figures that the tests hold kaplan to" "$(diff \
    <(figures $paper | cut -f 1-3,5 | sort) \
    <(awk -F '\t' -v OFS='\t' -v paper=$paper '$1 == paper { print $2, $3, $4, $5 }' "$top_srcdir/tests/reference/targets.tsv" | sort) |
    head -10)"
done

# The published model of Luo 2024, typed in, gives the published points: the script up to its nomogram, and Table 4.
published() {
  (cd luo2024 && awk '{ print } /^nomogram, survival/ { exit }' luo2024.kap | kaplan --format tsv --table "$1" -b -) 2>/dev/null
}
check_empty 'the published nomogram of Luo 2024 gives every published point' "$({
  published nomogram_points | awk -F '\t' 'NR > 1 {
    printf "%s\t%d\n", $1 == "tumor_size_cm" ? "size " $3 " cm" : ($1 == "primary_resection" ? "primary resection " : $1 " ") $2, $4 + 0.5 }'
  published nomogram_survival | awk -F '\t' 'NR > 1 { printf "%d-month survival %.2f\t%d\n", $1, $2, $3 + 0.5 }'
} | awk -F '\t' 'NR == FNR { point[$1] = $2; next }
    $1 == "Table 4" && $3 != "value" { n++; if (point[$2] != $4) print $2 ": published " $4 ", here " point[$2] }
    END { if (n != 68) print n + 0 " points compared, not 68" }' - <(figures luo2024))"
check_empty 'the READMEs of the samples name no file that is not there' "$(for page in README.md */README.md; do
  grep -oE '\]\([^)#]+\)' "$page" | sed 's/^](//; s/)$//' | grep -v '^http' | while read -r file; do
    [ -e "$(dirname "$page")/$file" ] || echo "$page: $file"
  done
done)"
tap_done
