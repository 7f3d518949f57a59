#!/usr/bin/env bash
# bench.sh [ns] [instructions] [gate] [baseline]: measures our module and the peer's in the same boot and prints a table of both.
#   ns            nanoseconds per packet in User Mode Linux, where code runs at the machine's own speed: the least of ROUNDS rounds of WINDOWS
#                 measurements of WINDOW packets, both modules in turn
#   instructions  instructions per packet in qemu, the same in every run
#   gate          only our module's instructions, compared with kernel/bench/baseline.txt: more than 3 % more is a failure
#   baseline      writes that file anew
# SCENARIOS=file replaces kernel/bench/scenarios.txt; SIDES="kernel peer ours" says what is measured.
source "$(dirname "$0")/common.sh"
wanted=${*:-ns instructions}
scenarios=${SCENARIOS:-$repository/kernel/bench/scenarios.txt}
baseline=$repository/kernel/bench/baseline.txt
tolerance=3
counting=6.1
staging=$(mktemp -d /tmp/kernelbench.XXXXXX)
trap 'rm -rf "$staging"' EXIT
cp "$scenarios" "$staging/scenarios"

prepare() {
    local target=$1 peer=
    "$harness/host/fetch.sh" "$target"
    if [[ $sides == *peer* ]]; then
        "$harness/host/fetch.sh" peer
        peer=$(echo "$cache"/peer/usr/src/rtpengine-*)
    fi
    make -s -C "$harness/guest" "OUT=$out/guest" "PEER=$peer"
    "$harness/host/build.sh" "$target" "$repository/kernel/bench" inject
    [[ $sides != *peer* ]] || ALLOW_WARNINGS=1 MODULE_FLAGS=RTPENGINE_VERSION=peer "$harness/host/build.sh" "$target" "$peer" peer >/dev/null
    [[ $sides != *ours* ]] || "$harness/host/build.sh" "$target" "$repository/kernel" module
}

measure() {
    local target=$1
    printf 'WINDOW=%s WINDOWS=%s ROUNDS=%s SIDES="%s"\n' "$2" "$3" "${4:-1}" "$sides" >"$staging/settings"
    prepare "$target"
    KEEP=$staging/kept "$harness/host/boot.sh" "$target" "$harness/guest/bench/bench.sh" "$staging/scenarios" "$staging/settings" >"$staging/console" 2>&1 ||
        { cat "$staging/console"; die "the measurement failed"; }
    grep -a 'copies sent\|not installed' "$staging/console" || true
    cp "$staging/kept/results" "$out/results-$target"
}

# Result lines to a table: label, ours, the peer's, ratio, ours per output against ours of one output. Of several rounds the least counts.
table() {
    awk -v unit="$2" '
        $1 == "kernel" { if (!($2 in floor) || $7 < floor[$2]) floor[$2] = $7; next }
        { label = $2; if (!(label in seen)) { seen[label] = 1; order[++count] = label }
          if (!(($1, label) in value) || (value[$1, label] ~ /[0-9]/ && $7 < value[$1, label])) value[$1, label] = $7; outputs[label] = $4; suite[label] = $5 $6; flows[label] = $3
          if ($1 == "ours" && $4 == 1 && $3 == 1) one[$5 $6] = value[$1, label] }
        function ratio(a, b) { return a ~ /[0-9]/ && b ~ /[0-9]/ && b > 0 ? sprintf("%.2f", a / b) : "–" }
        END {
            for (what in floor) printf "%s by the kernel: %s %s\n\n", what, floor[what], unit
            printf "| %s per packet | ours | peer | ours/peer | per output, of 1-to-1 |\n|---|---|---|---|---|\n", unit
            for (i = 1; i <= count; i++) { l = order[i]; o = value["ours", l]; p = value["peer", l]
                per = outputs[l] > 1 || flows[l] > 1 ? ratio(o / outputs[l], one[suite[l]]) : ""
                shown = l; gsub("_", " ", shown)
                printf "| %s | %s | %s | %s | %s |\n", shown, o == "" ? "–" : o, p == "" ? "–" : p, ratio(o, p), per }
        }' "$1"
}

# Compares with the stored instructions. On another kernel than they were counted on a little more is allowed.
gate() {
    local release limit=$tolerance
    release=$(kernel_release "$counting")
    grep -q "^# kernel $release\$" "$baseline" || { limit=10; say "the baseline was counted on another kernel: $limit % are allowed"; }
    awk -v limit="$limit" '
        NR == FNR { if ($1 !~ /^#/) stored[$1] = $2; next }
        $1 == "ours" { compared++; was = stored[$2]
            if (was == "") { printf "not ok %s has no baseline\n", $2; bad++ }
            else if ($7 !~ /[0-9]/) { printf "not ok %s was not measured\n", $2; bad++ }
            else { change = ($7 / was - 1) * 100; verdict = "ok"
                if (change > limit) { bad++; verdict = "not ok" }
                printf "%s %s: %s instructions per packet, %+.1f %% of %s\n", verdict, $2, $7, change, was } }
        END { for (label in stored) wanted++; if (compared < wanted) { printf "not ok %d of %d measured\n", compared, wanted; bad++ } exit bad > 0 }' "$baseline" "$out/results-$counting"
}

for part in $wanted; do
    sides=${SIDES:-kernel peer ours}
    case $part in
        ns) measure uml "${WINDOW:-500}" "${WINDOWS:-80}" "${ROUNDS:-5}"; table "$out/results-uml" ns ;;
        instructions) ICOUNT=1 GUEST_SECONDS=500 measure "$counting" 500 4; table "$out/results-$counting" instructions ;;
        gate) sides=ours; ICOUNT=1 GUEST_SECONDS=500 measure "$counting" 500 4; gate ;;
        baseline)
            sides=ours
            ICOUNT=1 GUEST_SECONDS=500 measure "$counting" 500 4
            { echo "# Instructions per packet in qemu, by scenario; written by: tests/KernelVm/host/bench.sh baseline"; echo "# kernel $(kernel_release "$counting")"
              awk '$1 == "ours" { print $2, $7 }' "$out/results-$counting"; } >"$baseline"
            cat "$baseline"
            ;;
        *) die "unknown part '$part'" ;;
    esac
done
