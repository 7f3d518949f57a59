# First program of the guest on its final root: mounts the rest, runs the script, keeps its status and the kernel's log.
source /vmout/environment
cd /
mkdir -p /dev/pts /dev/shm
mount -t devpts pts /dev/pts
mount -t tmpfs shm /dev/shm
mount -t tmpfs run /run
# Unless what the guest needs is itself there.
case " $REPOSITORY/ $CACHE/ $MODULES/" in *" /tmp/"*) ;; *) mount -t tmpfs tmp /tmp ;; esac
ip link set lo up
echo "booted $(uname -r) in $(cut -d' ' -f1 /proc/uptime) s"
bash /vmout/script $GUEST_ARGS
echo $? >/vmout/status.new
dmesg >/vmout/dmesg
mv /vmout/status.new /vmout/status
sync
