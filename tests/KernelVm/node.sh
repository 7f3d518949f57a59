#!/usr/bin/env bash
# node.sh [TEST-FILTER...]: builds the module for User Mode Linux, boots it, and runs a whole node with the module in it (tests/KernelVm/Node).
# bin/rtpcluster must have been built; NO_BUILD=1: the tests too. Filters are xunit's (-class, -method). Ends with xunit's summary; fails when a test or the kernel does.
# KERNEL=debug: in the debug kernel.
source "$(dirname "$0")/host/common.sh"
target=${KERNEL:-uml}
cd "$repository"
configuration=${CONFIGURATION:-Release}
[ -x bin/rtpcluster ] || die "bin/rtpcluster is missing: run make build"
[ -n "${NO_BUILD:-}" ] || dotnet build tests/KernelVm/Node -c "$configuration" -v q --nologo </dev/null
"$harness/host/fetch.sh" "$target"
"$harness/host/build.sh" "$target" "${MODULE_SOURCE:-$repository/kernel}" module
script=$(mktemp)
trap 'rm -f "$script"' EXIT
cat >"$script" <<END
# veth and netfilter are modules here, and the module hooks into both families.
for module in veth ipv6; do modprobe \$module; done
insmod \$MODULES/module-\$TARGET/rtpcluster.ko || exit 1
cd \$REPOSITORY
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_gcServer=0 DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
dotnet tests/KernelVm/Node/bin/$configuration/net10.0/RtpCluster.KernelNode.Tests.dll -noColor -noLogo -parallel none -showLiveOutput $* || exit 1
rmmod rtpcluster
END
GUEST_SECONDS=${GUEST_SECONDS:-550} "$harness/host/boot.sh" "$target" "$script"
