# Boots the distribution's kernel in qemu without hardware help: root over virtiofs, covered by an overlay. Sourced by boot.sh.
# ICOUNT=1 makes the guest's clock count instructions (one processor): time differences in it are then instructions, the same in every run.
boot_qemu() {
    local release tree=$cache/$target processors=${GUEST_CPUS:-2} clock=() folder
    release=$(kernel_release "$target")
    [ -z "${ICOUNT:-}" ] || { processors=1; clock=(-icount shift=0,sleep=off); }
    make_initrd "$tree" "$release"
    serve_folder host / always
    serve_folder vmout "$run/vmout" none
    # -erms,-fsrm: or each byte of a string copy would count as an instruction. One thread: text patching races with several in this qemu.
    timeout -k 5 "$limit" qemu-system-x86_64 -accel tcg,thread=single "${clock[@]}" -cpu max,-erms,-fsrm -m "$memory" -smp "$processors" \
        -nodefaults -display none -serial stdio -no-reboot -nic none \
        -object "memory-backend-memfd,id=mem,size=${memory}M,share=on" -numa node,memdev=mem \
        -chardev "socket,id=host,path=$run/host.socket" -device vhost-user-fs-pci,chardev=host,tag=host \
        -chardev "socket,id=vmout,path=$run/vmout.socket" -device vhost-user-fs-pci,chardev=vmout,tag=vmout \
        -kernel "$tree/boot/vmlinuz-$release" -initrd "$run/initrd.gz" \
        -append "console=ttyS0 panic=-1 quiet mitigations=off ${KERNEL_ARGS:-}" </dev/null 2>&1 | sed -u 's/\r//' || true
    kill "${servers[@]}" 2>/dev/null || true
    wait "${servers[@]}" 2>/dev/null || true
}

servers=()
serve_folder() {
    local name=$1 folder=$2 caching=$3
    /usr/lib/qemu/virtiofsd --socket-path="$run/$name.socket" -o source="$folder" -o cache="$caching" -o sandbox=chroot --thread-pool-size=2 >/dev/null 2>&1 &
    servers+=($!)
    for _ in $(seq 100); do [ ! -S "$run/$name.socket" ] || return 0; sleep 0.05; done
    die "virtiofsd does not serve $folder"
}

# First root: the modules which the real root needs, and a script that mounts it.
make_initrd() {
    local tree=$1 release=$2 root=$run/initrd module file name
    mkdir -p "$root"/{bin,dev,proc,sys,lower,cover,new,modules}
    cp "$(command -v busybox)" "$root/bin/busybox"
    for module in virtio_pci virtiofs overlay; do "$cache/programs/modprobe" -d "$tree" -S "$release" --show-depends "$module" 2>/dev/null | awk '/^insmod/ { print $2 }'; done |
        awk '!seen[$0]++' | while read -r file; do
            name=$(basename "${file%.xz}")
            case $file in *.xz) xz -dc "$file" >"$root/modules/$name" ;; *) cp "$file" "$root/modules/" ;; esac
            echo "$name" >>"$root/modules/order"
        done
    cat >"$root/init" <<END
#!/bin/busybox sh
B=/bin/busybox
\$B mount -t proc proc /proc; \$B mount -t sysfs sys /sys; \$B mount -t devtmpfs dev /dev
while read name; do \$B insmod /modules/\$name; done </modules/order
\$B mount -t virtiofs -o ro host /lower
\$B mount -t tmpfs cover /cover; \$B mkdir /cover/upper /cover/work
\$B mount -t overlay -o lowerdir=/lower,upperdir=/cover/upper,workdir=/cover/work overlay /new || \$B poweroff -f
\$B mkdir -p /new/vmout /new/lib/modules/$release
\$B mount -t virtiofs vmout /new/vmout
\$B mount --bind /new$tree/lib/modules/$release /new/lib/modules/$release
for place in proc sys dev; do \$B mount --move /\$place /new/\$place; done
\$B chroot /new /bin/bash /vmout/enter.sh
\$B poweroff -f
END
    chmod +x "$root/init"
    (cd "$root" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1 >"$run/initrd.gz")
}
