#!/usr/bin/env bash
# Runs the drills and prints a table, a row a drill, the worst of its rounds: `drill.sh [--rounds N] [--calls N] [arguments of the test runner]`,
# for example --rounds 1 --calls 20 -method '*rolling*'. Of a round that fails the logs stay in var/drill.
# RTPCLUSTER_DRILL_BEFORE=path: nodes start as that binary, an older version's, and become this one's when they are started again.
set -uo pipefail
cd "$(dirname "$0")/.."
export RTPCLUSTER_DRILL_ROUNDS=${RTPCLUSTER_DRILL_ROUNDS:-5} RTPCLUSTER_DRILL_CALLS=${RTPCLUSTER_DRILL_CALLS:-200}
while [[ ${1:-} == --rounds || ${1:-} == --calls ]]; do
    case $1 in --rounds) RTPCLUSTER_DRILL_ROUNDS=$2 ;; --calls) RTPCLUSTER_DRILL_CALLS=$2 ;; esac
    shift 2
done
dotnet build tests/Drills -c Release -v q --nologo || exit 1
RTPCLUSTER_DRILL_TABLE=$(mktemp)
export RTPCLUSTER_DRILL_TABLE RTPCLUSTER_DRILL_LOGS=$PWD/var/drill
mkdir -p "$RTPCLUSTER_DRILL_LOGS"
trap 'rm -f "$RTPCLUSTER_DRILL_TABLE"' EXIT
printf 'drill\trounds\tcalls\tcommands failed\tpackets lost\tlongest gap\tcontrol back\tverdict\n' > "$RTPCLUSTER_DRILL_TABLE"
dotnet tests/Drills/bin/Release/net10.0/RtpCluster.Drills.dll -noColor -noLogo -showLiveOutput "$@" 2>&1 \
    | grep --line-buffered -vE '^ *(Discovering|Discovered|Starting|Finished):' | sed -un 's/^.*\[OUTPUT\] *//p; /FAIL\|Total\|Exception/p'
status=${PIPESTATUS[0]}
column -t -s $'\t' "$RTPCLUSTER_DRILL_TABLE"
exit "$status"
