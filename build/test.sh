#!/usr/bin/env bash
# Builds and runs every test project and sums their results: `test.sh all` or `test.sh fast` (unit and architecture tests).
# Ends with the line "N passed, N failed". A project that does not run to its end counts as a failure, and so does no test at all.
set -uo pipefail
cd "$(dirname "$0")/.."
scope=${1:-all}
configuration=${CONFIGURATION:-Release}
limit=${TEST_PROJECT_SECONDS:-1500}
passed=0
failed=0
broken=()
fails=()

finish() {
    if [ $((passed + failed)) -eq 0 ]; then failed=1; echo "no test ran"; fi
    for name in "${fails[@]}"; do echo "failed: $name"; done
    for project in "${broken[@]}"; do echo "did not run to its end: $project"; done
    echo "$passed passed, $failed failed"
    [ "$failed" -eq 0 ]
    exit
}

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
if ! dotnet build RtpCluster.sln -c "$configuration" -v q --nologo </dev/null; then
    failed=1
    echo "the solution does not build"
    finish
fi

projects=$(find tests -name '*.csproj' -not -path '*/obj/*' -not -path 'tests/KernelVm/*' -exec grep -l '<IsTestProject>true' {} + | sort)
[ "$scope" = fast ] && projects=$(grep -E '^tests/(Unit|Architecture)/' <<<"$projects")

# Node binary for the tests that drive a whole node.
if [ "$scope" = all ]; then
    build/publish.sh "$configuration" </dev/null || { failed=$((failed + 1)); broken+=("bin/rtpcluster"); }
fi

output=$(mktemp)
trap 'rm -f "$output"' EXIT
for project in $projects; do
    folder=$(dirname "$project")
    name=$(sed -n 's/.*<AssemblyName>\(.*\)<\/AssemblyName>.*/\1/p' "$project")
    echo "== $name"
    chosen=()
    [ "$folder" = tests/Drills ] && chosen=(-trait Run=short) # make drill runs them all
    timeout --kill-after=10 "$limit" dotnet "$folder/bin/$configuration/net10.0/$name.dll" -noColor -noLogo "${chosen[@]}" </dev/null 2>&1 | tee "$output" | grep -vE '^ *(Discovering|Discovered|Starting|Finished):'
    status=${PIPESTATUS[0]}
    mapfile -t -O "${#fails[@]}" fails < <(sed -nE 's/^ *(.*) \[FAIL\]$/\1/p' "$output")
    # The line to read: "   RtpCluster.Unit.Ng  Total: 10, Errors: 0, Failed: 0, Skipped: 0, Not Run: 0, Time: 0.1s"
    line=$(grep -E ' Total: [0-9]+, Errors: [0-9]+, Failed: [0-9]+, Skipped: [0-9]+' "$output" | tail -n 1)
    if [ -z "$line" ]; then
        # A project without tests yet says so and ends well; anything else is a failure.
        grep -qE 'Total: 0|No tests' "$output" || { failed=$((failed + 1)); broken+=("$name"); }
        continue
    fi
    total=$(sed -E 's/.* Total: ([0-9]+).*/\1/' <<<"$line")
    errors=$(sed -E 's/.* Errors: ([0-9]+).*/\1/' <<<"$line")
    bad=$(sed -E 's/.* Failed: ([0-9]+).*/\1/' <<<"$line")
    skipped=$(sed -E 's/.* Skipped: ([0-9]+).*/\1/' <<<"$line")
    passed=$((passed + total - bad - skipped))
    failed=$((failed + bad + errors))
    if [ "$status" -ne 0 ] && [ $((bad + errors)) -eq 0 ]; then failed=$((failed + 1)); broken+=("$name"); fi
done

# The kernel module, in virtual machines: shorter than `make kernel-test`, which sends more and reloads more often.
if [ "$scope" = all ]; then
    echo "== kernel module"
    MESSAGES=${MESSAGES:-200000} ROUNDS=${ROUNDS:-100} timeout --kill-after=10 "$limit" tests/KernelVm/host/test.sh </dev/null 2>&1 | tee "$output" | grep -v '^ok '
    line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$output" | tail -n 1)
    if [ -n "$line" ]; then
        passed=$((passed + ${line%% passed*}))
        bad=${line#*, }
        failed=$((failed + ${bad%% failed*}))
    else
        failed=$((failed + 1))
        broken+=("kernel module")
    fi
fi
finish
