#!/usr/bin/env bash
# node.sh [TEST-FILTER...]: builds the module for User Mode Linux, boots it, and runs whole nodes with the module in it (tests/KernelVm/Node).
# bin/rtpcluster must have been built. Filters are xunit's (-class, -method). Ends with xunit's summary; fails when a test or the kernel does.
set -euo pipefail
cd "$(dirname "$0")/../.."
configuration=${CONFIGURATION:-Release}
tests=tests/KernelVm/Node/bin/$configuration/net10.0/RtpCluster.KernelNode.Tests.dll
[ -x bin/rtpcluster ] || { echo "bin/rtpcluster is missing: run make build" >&2; exit 1; }
[ -f "$tests" ] || dotnet build tests/KernelVm/Node -c "$configuration" -v q --nologo
tests/KernelVm/host/fetch.sh uml
tests/KernelVm/host/build.sh uml "${KERNEL_SOURCE:-kernel}" rtpcluster
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat >"$script" <<END
# veth and netfilter are modules here, and the module hooks into both families.
for module in veth ipv6; do modprobe \$module; done
insmod \$MODULES/rtpcluster-uml/rtpcluster.ko || exit 1
cd \$REPOSITORY
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_gcServer=0
dotnet $tests -noColor -noLogo -parallel none $*
END
KERNEL_LOG=1 tests/KernelVm/host/boot.sh uml "$script"
