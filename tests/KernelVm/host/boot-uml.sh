# Boots User Mode Linux: the guest's root is this machine's file system (hostfs), covered by an overlay at once. Sourced by boot.sh.
boot_uml() {
    local modules busybox kernel=$cache/uml/usr/bin/linux.uml
    modules=$cache/uml/usr/lib/uml/modules/$(kernel_release uml)
    # This one has everything built in.
    [ "$target" != debug ] || { kernel=$(kernel_tree debug)/linux; modules=$run/modules; mkdir "$modules"; }
    busybox=$(command -v busybox)
    cat >"$run/init" <<END
#!/bin/bash
source $run/environment
mount -t proc proc /proc
mount -t sysfs sys /sys
[ $target = debug ] || modprobe -d $cache/uml overlay
mount -t tmpfs upper /mnt
mkdir /mnt/upper /mnt/work /mnt/root
root=/mnt/root
mount -t overlay -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work overlay \$root || exec $busybox poweroff -f
mkdir -p \$root/vmout \$root/lib/modules/\$(uname -r)
mount -t hostfs -o $run/vmout none \$root/vmout
mount -t hostfs -o $modules none \$root/lib/modules/\$(uname -r)
mount --move /proc \$root/proc
mount --move /sys \$root/sys
mount -t devtmpfs dev \$root/dev
chroot \$root /bin/bash /vmout/enter.sh
exec $busybox poweroff -f
END
    chmod +x "$run/init"
    gcc -O2 -shared -fPIC -o "$run/xstate.so" "$harness/host/xstate.c"
    TMPDIR=/dev/shm LD_PRELOAD=$run/xstate.so timeout -k 5 "$limit" "$kernel" "mem=${memory}M" root=/dev/root rootfstype=hostfs rootflags=/ rw "init=$run/init" \
        con=null con0=fd:0,fd:1 ssl=null quiet "uml_dir=$run" umid=guest ${KERNEL_ARGS:-} </dev/null 2>&1 | sed -u 's/\r//' | grep --line-buffered -avE 'SELinux|mmapper|initialize ubd|^ *$' || true
}
