#!/usr/bin/env bash
# test.sh [TARGET...]: builds the module for each kernel (default: uml 6.1 6.12), boots it and runs every case there.
# Ends with "N passed, N failed"; a complaint of the kernel, a build that fails and a guest that does not end count as failures.
# PARTS="cases packets messages churn" says what is run, ONLY=text which cases, MODULE_SOURCE where the module's source is.
source "$(dirname "$0")/common.sh"
targets=${*:-$all_targets}
passed=0
failed=0

# Messages and packets of the fuzzers by target: the emulated kernels are some forty times slower.
volume() { if [ "$1" = uml ]; then echo "MESSAGES=${MESSAGES:-1000000} PACKETS=${PACKETS:-10000000} ROUNDS=${ROUNDS:-1000}"; else echo "MESSAGES=5000 PACKETS=100000 ROUNDS=10"; fi; }

count() { passed=$((passed + $(grep -c '^ok ' "$1" || true))); failed=$((failed + $(grep -c '^not ok ' "$1" || true))); }

one() {
    local target=$1 kept=$out/test-$1 status=0
    rm -rf "$kept"
    mkdir -p "$kept"
    {
        "$harness/host/fetch.sh" "$target" &&
            make -s -C "$harness/guest" "OUT=$out/guest" &&
            "$harness/host/build.sh" "$target" "$repository/kernel/bench" inject &&
            "$harness/host/build.sh" "$target" "${MODULE_SOURCE:-$repository/kernel}" module
    } || { echo "not ok $target: the module or its tests cannot be built"; failed=$((failed + 1)); return; }
    printf '%s PARTS="%s" ONLY="%s"\n' "$(volume "$target")" "${PARTS:-cases packets messages churn}" "${ONLY:-}" >"$kept/settings"
    KEEP=$kept GUEST_SECONDS=${GUEST_SECONDS:-550} "$harness/host/boot.sh" "$target" "$harness/guest/test.sh" "$kept/settings" || status=$?
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
for target in $targets; do
    known_target "$target"
    one "$target"
done
# Instructions per packet must not have grown.
if [ -z "${ONLY:-}${PARTS:-}" ] && [[ " $targets " == *" 6.1 "* ]]; then
    "$harness/host/bench.sh" gate 2>&1 | tee "$out/gate" || true
    grep -qE '^(not )?ok ' "$out/gate" || { echo "not ok the instructions per packet were not counted"; failed=$((failed + 1)); }
    count "$out/gate"
fi
[ $((passed + failed)) -gt 0 ] || failed=1
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
