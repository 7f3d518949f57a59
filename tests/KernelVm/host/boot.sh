#!/usr/bin/env bash
# boot.sh TARGET SCRIPT [FILE...]: boots a kernel, runs SCRIPT in it as root on an overlay of this machine's file system, returns its status.
# The guest sees FILE... and what it writes to keep in /vmout; nothing else it writes reaches this machine.
# In SCRIPT: $TARGET, $MODULES (folder with folders of built modules), $REPOSITORY. KEEP=folder keeps /vmout. GUEST_SECONDS limits it (300).
# A kernel oops, warning, lockdep or sanitizer report in the guest's log makes the run fail, whatever the script said.
source "$(dirname "$0")/common.sh"
source "$(dirname "$0")/boot-uml.sh"
source "$(dirname "$0")/boot-qemu.sh"
target=$1 script=$2
shift 2
known_target "$target"
limit=${GUEST_SECONDS:-300}
memory=${GUEST_MEGABYTES:-2048}

# Name servers of processes' sockets must be short: a run's folder is directly below the temporary folder.
run=$(mktemp -d /tmp/kernelvm.XXXXXX)
trap 'rm -rf "$run"' EXIT
mkdir "$run/vmout"
cp "$script" "$run/vmout/script"
[ $# -eq 0 ] || cp -r "$@" "$run/vmout/"
cp "$harness/guest/enter.sh" "$run/vmout/enter.sh"
# Programs of the guest: the links of kmod.
mkdir -p "$cache/programs"
for name in insmod rmmod modprobe lsmod depmod; do ln -sf "$(command -v kmod)" "$cache/programs/$name"; done
cat >"$run/environment" <<END
export PATH=$cache/programs:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8
export TARGET=$target MODULES=$out REPOSITORY=$repository HARNESS=$harness CACHE=$cache GUEST_ARGS="${GUEST_ARGS:-}"
END
cp "$run/environment" "$run/vmout/environment"

case $target in
    uml | debug) boot_uml ;;
    *) boot_qemu ;;
esac

status=$(cat "$run/vmout/status" 2>/dev/null || echo 255)
[ "$status" != 255 ] || echo "the guest did not end by itself within $limit s"
bad='BUG:|WARNING:|Oops|KASAN|UBSAN|possible recursive locking|possible circular locking|inconsistent lock state|suspicious RCU usage|general protection|Kernel panic|unregister_netdevice: waiting|refcount_t:|scheduling while atomic|non-static key|ODEBUG|blocked for more than'
if [ ! -f "$run/vmout/dmesg" ]; then
    echo "the guest left no kernel log"
    status=254
elif grep -aE "$bad" "$run/vmout/dmesg"; then
    grep -aE -A25 -m1 "$bad" "$run/vmout/dmesg"
    echo "the kernel complained (see above)"
    status=253
fi
[ -z "${KEEP:-}" ] || { mkdir -p "$KEEP"; cp -r "$run/vmout/." "$KEEP/"; }
exit "$status"
