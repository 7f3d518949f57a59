#!/usr/bin/env bash
# Leaves the runnable bin/rtpcluster: compiled ahead of time where the compiler for this machine can be had (faster first calls), else plain.
set -euo pipefail
cd "$(dirname "$0")/.."
configuration=${1:-Release}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
case $(uname -m) in x86_64) runtime=linux-x64 ;; aarch64) runtime=linux-arm64 ;; *) runtime= ;; esac
output=$(mktemp)
trap 'rm -f "$output"' EXIT
publish() { dotnet publish src/Server/Server.csproj -c "$configuration" -o bin -v q --nologo "$@"; }
if [ -z "$runtime" ] || ! publish -r "$runtime" --self-contained false -p:PublishReadyToRun=true >"$output" 2>&1; then
    publish
fi
