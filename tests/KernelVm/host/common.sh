# Folders and words shared by the scripts of this harness. Sourced, never run.
# KMOD_CACHE: downloads, kept between runs (default: the user's cache folder). KMOD_OUT: builds of this checkout (default: var/kernel).
set -euo pipefail

harness=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
repository=$(cd "$harness/../.." && pwd)
cache=${KMOD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/rtpcluster-kernel}
out=${KMOD_OUT:-$repository/var/kernel}
uml_series=6.1
all_targets="uml 6.1 6.12"
mkdir -p "$cache" "$out"

say() { printf '[%4ds] %s\n' "$SECONDS" "$*"; }
die() { echo "kernel harness: $*" >&2; exit 1; }

# Where the kernel tree of a target is, against which a module is built.
kernel_tree() {
    case $1 in
        uml) echo "$cache/uml-source/linux-source-$uml_series" ;;
        *) echo "$cache/$1"/usr/src/linux-headers-*-cloud-amd64 ;;
    esac
}

# The version a target's modules are for.
kernel_release() {
    case $1 in
        uml) ls "$cache/uml/usr/lib/uml/modules" ;;
        *) ls "$cache/$1/lib/modules" ;;
    esac
}

known_target() { [[ " $all_targets " == *" $1 "* ]] || die "unknown target '$1': one of $all_targets"; }
