# Folders and words shared by the scripts of this harness. Sourced, never run.
# KMOD_CACHE: downloads, kept between runs (default: the user's cache folder). KMOD_OUT: builds of this checkout (default: var/kernel).
set -euo pipefail

harness=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repository=$(cd "$harness/../.." && pwd)
cache=${KMOD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/rtpcluster-kernel}
out=${KMOD_OUT:-$repository/var/kernel}
uml_series=6.1
debug_series=6.12
all_targets="uml 6.1 6.12"
# What can be asked for beside them: "debug" is User Mode Linux with KASAN, lockdep and kmemleak, which takes long to build.
known_targets="$all_targets debug"
mkdir -p "$cache" "$out"

say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
die() { echo "kernel harness: $*" >&2; exit 1; }

# Where the kernel tree of a target is, against which a module is built.
kernel_tree() {
    case $1 in
        uml) echo "$cache/uml-source/linux-source-$uml_series" ;;
        debug) echo "$cache/debug-source/linux-source-$debug_series" ;;
        *) echo "$cache/$1"/usr/src/linux-headers-*-cloud-amd64 ;;
    esac
}

# The version a target's modules are for.
kernel_release() {
    case $1 in
        uml) ls "$cache/uml/usr/lib/uml/modules" ;;
        debug) cat "$(kernel_tree debug)/include/config/kernel.release" ;;
        *) ls "$cache/$1/lib/modules" ;;
    esac
}

known_target() { [[ " $known_targets " == *" $1 "* ]] || die "unknown target '$1': one of $known_targets"; }
