#!/usr/bin/env bash
# Runs the drills and prints what each saw, a line each. Arguments go to the test runner, for example -method '*rolling*'.
set -uo pipefail
cd "$(dirname "$0")/.."
dotnet build tests/Drills -c Release -v q --nologo || exit 1
dotnet tests/Drills/bin/Release/net10.0/RtpCluster.Drills.dll -noColor -noLogo -showLiveOutput "$@" 2>&1 \
    | grep -vE '^ *(Discovering|Discovered|Starting|Finished):' | sed -n 's/^.*\[OUTPUT\] *//p; /FAIL\|Total\|Assert\|Exception/p'
exit "${PIPESTATUS[0]}"
