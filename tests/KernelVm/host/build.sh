#!/usr/bin/env bash
# build.sh TARGET SOURCE NAME: builds the module in SOURCE for a target into $out/NAME-TARGET, from a copy, so that a checkout stays clean.
# MODULE_FLAGS is passed on to make. A compiler warning is a failure.
source "$(dirname "$0")/common.sh"
target=$1 source=$2 name=$3
known_target "$target"
folder=$out/$name-$target
tree=$(kernel_tree "$target")

case $target in
    # The package has no Module.symvers, and its modules carry no symbol versions.
    uml) options=(ARCH=um KBUILD_MODPOST_WARN=1) ;;
    # What is loaded again and again must not be watched: User Mode Linux keeps the shadow of a module that is gone.
    debug) options=(ARCH=um); [ "$name" = module ] || options+=(KASAN_SANITIZE=n) ;;
    # There is no pahole, and no vmlinux to take types from.
    *) options=(CONFIG_DEBUG_INFO_BTF_MODULES=) ;;
esac

mkdir -p "$folder"
# Unchanged files keep their times, so that only what changed is compiled again.
tar c -C "$source" --exclude='*.o' --exclude='*.ko' --exclude='*.mod*' --exclude='.*.cmd' --exclude=./unit . | tar x -C "$folder" --keep-newer-files 2>/dev/null || true
# shellcheck disable=SC2086
if ! make -s -j"$(nproc)" -C "$tree" "${options[@]}" ${MODULE_FLAGS:-} M="$folder" modules >"$folder/build.log" 2>&1 </dev/null; then
    cat "$folder/build.log"
    die "$name does not build for $target"
fi
if grep -E 'warning:' "$folder/build.log" | grep -v 'KBUILD_MODPOST\|undefined!' ; then [ -n "${ALLOW_WARNINGS:-}" ] || die "$name has warnings for $target"; fi
strip --strip-debug "$folder"/*.ko
say "$name built for $target"
