#!/usr/bin/env bash
# test.sh [TARGET...]: builds the module for each kernel (default: uml 6.1 6.12; also: debug), boots it and runs every case there.
# Ends with "N passed, N failed"; a complaint of the kernel, a build that fails and a guest that does not end count as failures.
# PARTS="cases packets messages churn node" says what is run, ONLY=text which cases, MODULE_SOURCE where the module's source is. "node" is a whole node
# with the module (node.sh), once, in User Mode Linux; it needs bin/rtpcluster.
source "$(dirname "$0")/common.sh"
targets=${*:-$all_targets}
passed=0
failed=0

# Messages and packets of the fuzzers by target: the emulated kernels are some forty times slower.
volume() {
    case $1 in
        uml) echo "MESSAGES=${MESSAGES:-1000000} PACKETS=${PACKETS:-10000000} ROUNDS=${ROUNDS:-1000}" ;;
        debug) echo "MESSAGES=${MESSAGES:-100000} PACKETS=${PACKETS:-1000000}" ;;
        *) echo "MESSAGES=5000 PACKETS=100000 ROUNDS=10" ;;
    esac
}

# The debug kernel's module is loaded once and watched until it goes.
parts_of() { if [ "$1" = debug ]; then echo "cases packets messages leaks"; else echo "cases packets messages churn"; fi; }

count() { passed=$((passed + $(grep -c '^ok ' "$1" || true))); failed=$((failed + $(grep -c '^not ok ' "$1" || true))); }

one() {
    local target=$1 kept=$out/test-$1 status=0 seconds=550
    [ "$target" != uml ] || seconds=1800 # the full volume
    rm -rf "$kept"
    mkdir -p "$kept"
    {
        "$harness/host/fetch.sh" "$target" &&
            make -s -C "$harness/guest" "OUT=$out/guest" &&
            "$harness/host/build.sh" "$target" "$repository/kernel/bench" inject &&
            "$harness/host/build.sh" "$target" "${MODULE_SOURCE:-$repository/kernel}" module
    } || { echo "not ok $target: the module or its tests cannot be built"; failed=$((failed + 1)); return; }
    printf '%s PARTS="%s" ONLY="%s"\n' "$(volume "$target")" "${PARTS:-$(parts_of "$target")}" "${ONLY:-}" >"$kept/settings"
    KEEP=$kept GUEST_SECONDS=${GUEST_SECONDS:-$seconds} "$harness/host/boot.sh" "$target" "$harness/guest/test.sh" "$kept/settings" || status=$?
    [ -f "$kept/tap" ] || : >"$kept/tap"
    count "$kept/tap"
    if [ "$status" -ne 0 ] && ! grep -q '^not ok ' "$kept/tap"; then
        echo "not ok $target: the guest ended with status $status"
        failed=$((failed + 1))
    elif [ "$status" -ge 253 ]; then
        failed=$((failed + 1))
    fi
    say "$target: $(grep -c '^ok ' "$kept/tap" || true) passed, $(grep -c '^not ok ' "$kept/tap" || true) failed"
}

# A whole node with the module: xunit's summary says how many.
node() {
    local log=$out/node.log status=0 total bad
    "$harness/node.sh" >"$log" 2>&1 || status=$?
    grep -E '\[FAIL\]|\[OUTPUT\]' "$log" || true
    total=$(sed -nE 's/.* Total: ([0-9]+), .*/\1/p' "$log" | tail -n 1)
    bad=$(sed -nE 's/.* Errors: ([0-9]+), Failed: ([0-9]+), Skipped: ([0-9]+).*/\1+\2+\3/p' "$log" | tail -n 1)
    bad=$((${bad:-0}))
    [ -n "$total" ] || { bad=1; tail -n 40 "$log"; echo "not ok node: the tests did not run to their end"; }
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || { bad=1; grep -aA25 'kernel complained' "$log" || true; echo "not ok node: the guest ended with status $status"; }
    [ "$bad" -eq 0 ] || sed -n '/\[FAIL\]/,$p' "$log"
    passed=$((passed + (${total:-0} > bad ? ${total:-0} - bad : 0)))
    failed=$((failed + bad))
    say "whole node: ${total:-0} run, $bad failed"
}

# The module's pure files in userspace, under sanitizers: a line "N passed, N failed" per program.
units() {
    local log=$out/unit.log line
    mkdir -p "$out"
    make -s -C "$repository/kernel" unit </dev/null >"$log" 2>&1 || { cat "$log"; failed=$((failed + 1)); }
    while read -r line; do
        passed=$((passed + ${line%% passed*}))
    done < <(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$log")
    say "unit tests: $(tail -n 1 "$log")"
}

[ -n "${ONLY:-}${PARTS:-}" ] || units
parts=${PARTS:-cases packets messages churn node}
for target in $targets; do
    known_target "$target"
    [ "$parts" = node ] || one "$target"
done
[[ " $targets " != *" uml "* || " $parts " != *" node "* || -n "${ONLY:-}" ]] || node
# Instructions per packet must not have grown.
if [ -z "${ONLY:-}${PARTS:-}" ] && [[ " $targets " == *" 6.1 "* ]]; then
    "$harness/host/bench.sh" gate 2>&1 | tee "$out/gate" || true
    grep -qE '^(not )?ok ' "$out/gate" || { echo "not ok the instructions per packet were not counted"; failed=$((failed + 1)); }
    count "$out/gate"
fi
[ $((passed + failed)) -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
