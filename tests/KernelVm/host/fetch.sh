#!/usr/bin/env bash
# fetch.sh TARGET...: downloads and unpacks the kernels and headers of the targets (uml, 6.1, 6.12) and the peer's module (peer), and builds the debug
# kernel (debug: some ten minutes of two processors, 3 GB).
# Nothing is installed on this machine: packages are only unpacked below the cache. Quick when everything is there.
source "$(dirname "$0")/common.sh"
source "$(dirname "$0")/packages.sh"

# User Mode Linux of the distribution, plus as much of its source as a module build needs.
fetch_uml() {
    local version tree
    download user-mode-linux
    [ -d "$cache/uml" ] || unpack "$cache/uml" user-mode-linux
    version=$(kernel_release uml)
    tree=$(kernel_tree uml)
    if [ ! -f "$tree/.ready-$version" ]; then
        rm -rf "$cache/uml-source" "$cache/uml-archive"
        download_version "linux-source-$uml_series" "$(source_version "$version")"
        mkdir -p "$cache/uml-source"
        unpack "$cache/uml-archive" "linux-source-$uml_series"
        tar xf "$cache/uml-archive/usr/src/linux-source-$uml_series.tar.xz" -C "$cache/uml-source" --strip-components=0 --wildcards \
            "linux-source-$uml_series"/{Makefile,Kbuild,Kconfig,kernel/bounds.c} '*/Kconfig*' \
            "linux-source-$uml_series"/{scripts,include,arch/um,arch/x86,tools,kernel/time,security/selinux,certs}/'*'
        zcat "$cache/uml/usr/share/doc/user-mode-linux/config.gz" >"$tree/.config"
        make -s -C "$tree" ARCH=um olddefconfig modules_prepare >"$cache/uml-prepare.log" 2>&1 </dev/null || { tail -20 "$cache/uml-prepare.log"; die "the tree of user mode linux cannot be prepared"; }
        rm -rf "$cache/uml-archive"
        touch "$tree/.ready-$version"
    fi
    mkdir -p "$cache/uml/lib/modules"
    ln -sfn "../../usr/lib/uml/modules/$version" "$cache/uml/lib/modules/$version"
}

# User Mode Linux from the distribution's source of a newer kernel, with debug.config.
fetch_debug() {
    local tree package=linux-source-$debug_series wanted
    tree=$(kernel_tree debug)
    wanted=$({ declare -f fetch_debug; cat "$harness/host/debug.config"; } | md5sum)
    [ "$(cat "$tree/.built" 2>/dev/null)" != "$wanted" ] || return 0
    if [ ! -f "$tree/Makefile" ]; then
        download "$package"
        unpack "$cache/debug-archive" "$package"
        mkdir -p "$cache/debug-source"
        tar xf "$cache/debug-archive/usr/src/$package.tar.xz" -C "$cache/debug-source"
        rm -rf "$cache/debug-archive"
    fi
    # Its own change of stacks copies a task's whole stack, the poisoned parts too, and KASAN stops it.
    grep -q SANITIZE_irq "$tree/arch/um/kernel/Makefile" || echo 'KASAN_SANITIZE_irq.o := n' >>"$tree/arch/um/kernel/Makefile"
    say "building the debug kernel"
    make -s -C "$tree" ARCH=um x86_64_defconfig </dev/null >"$cache/debug-build.log" 2>&1
    (cd "$tree" && ARCH=um scripts/kconfig/merge_config.sh -m .config "$harness/host/debug.config") </dev/null >>"$cache/debug-build.log" 2>&1
    make -s -C "$tree" ARCH=um olddefconfig </dev/null >>"$cache/debug-build.log" 2>&1
    make -s -j"$(nproc)" -C "$tree" ARCH=um linux modules </dev/null >>"$cache/debug-build.log" 2>&1 || { tail -20 "$cache/debug-build.log"; die "the debug kernel cannot be built"; }
    echo "$wanted" >"$tree/.built"
}

# Image and headers of the distribution's small x86 kernel of one series.
fetch_debian() {
    local series=$1 meta=linux-image-cloud-amd64 image release abi version kbuild package
    [ "$series" = 6.1 ] || meta=linux-image-$series-cloud-amd64
    image=$(apt-cache depends "$meta" | sed -n 's/^ *Depends: \(linux-image-[^ ]*\)$/\1/p' | head -1)
    [ -n "$image" ] || die "the package sources do not have $meta"
    release=${image#linux-image-}
    abi=${release%-cloud-amd64}
    [ ! -f "$cache/$series/.ready-$release" ] || return 0
    version=$(candidate "$image")
    kbuild=linux-kbuild-$series
    ! apt-cache show "linux-kbuild-$abi" >/dev/null 2>&1 || kbuild=linux-kbuild-$abi
    rm -rf "${cache:?}/$series"
    for package in "$image" "linux-headers-$release" "linux-headers-$abi-common" "$kbuild"; do
        download_version "$package" "$version"
        unpack "$cache/$series" "$package"
    done
    # The one line of the headers that names a place in the file system.
    sed -i "s#^include /usr/src#include $cache/$series/usr/src#" "$cache/$series/usr/src/linux-headers-$release/Makefile"
    depmod -b "$cache/$series" "$release"
    touch "$cache/$series/.ready-$release"
}

# The peer's module and daemon, for comparison only.
fetch_peer() {
    local package
    [ ! -f "$cache/peer/.ready" ] || return 0
    for package in rtpengine-kernel-dkms rtpengine-iptables; do
        download "$package"
        unpack "$cache/peer" "$package"
    done
    touch "$cache/peer/.ready"
}

# One fetch at a time fills the cache; the others wait and then find it full.
exec {lock}>"$cache.lock"
flock "$lock"
[ -n "$(candidate user-mode-linux)" ] || refresh
for target in "$@"; do
    case $target in
        uml) fetch_uml ;;
        peer) fetch_peer ;;
        debug) fetch_debug ;;
        *) known_target "$target"; fetch_debian "$target" ;;
    esac
done
