# Runs in the guest: loads the module and runs the parts of the test that /vmout/settings names. Results are lines "ok ..." and "not ok ..."
# on the console and in /vmout/tap; the status is 0 when there is none of the second kind.
source /vmout/settings
programs=$MODULES/guest
module=$MODULES/module-$TARGET/rtpcluster.ko
inject=$MODULES/inject-$TARGET/rtpinject.ko
tap=/vmout/tap
: >$tap

result() { echo "$1" | tee -a $tap; }
# part NAME COMMAND...: a part that is one result
part() { local name=$1; shift; if "$@"; then result "ok $name"; else result "not ok $name"; fi; }

# In the debug kernel once: KASAN there takes a module that comes again for the one that is gone.
once=$([ "$TARGET" != debug ] || echo 1)
load() { [ -n "$once" ] && [ -d /sys/module/rtpcluster ] || insmod "$module" "$@"; }
unload() { [ -n "$once" ] || rmmod rtpcluster; }

cases() {
    # Emulated kernels would take long for every length on every path.
    load "selftest=$([ "$TARGET" = uml ] || [ "$TARGET" = debug ] && echo 1 || echo 0)" || { result "not ok the module loads"; return; }
    result "ok the module loads"
    "$programs/cases-run" ${ONLY:+"$ONLY"} 2>&1 | sed 's/^Bail out!/not ok/' | tee -a $tap
    [ "${PIPESTATUS[0]}" -lt 2 ] || result "not ok the cases did not run to their end"
    [ -n "$once" ] || part "the module can be removed" rmmod rtpcluster
}

# Memory that only grows, in kilobytes, and how much it may: KASAN holds freed memory back for a while.
growth=$([ -n "$once" ] && echo 131072 || echo 4096)
kernel_memory() { sync; echo 3 >/proc/sys/vm/drop_caches; awk '/^(SUnreclaim|KernelStack|Percpu):/ { total += $2 } END { print total }' /proc/meminfo; }

dummies() {
    ip link add din type dummy && ip link add dout type dummy
    ip addr add 10.1.0.254/24 dev din && ip addr add 10.2.0.254/24 dev dout
    ip link set din up && ip link set dout up
    ip neigh replace 10.2.0.1 lladdr 02:00:00:00:00:01 dev dout nud permanent
}

inject() { insmod "$inject" "$@" 2>/dev/null; dmesg | sed -n 's/.* result .* injected //p' | tail -1; }

# Random packets at targets of several kinds; afterwards everything still works and no memory is gone.
packets() {
    local scenario round before after share
    load || return 1
    share=$((PACKETS / 4))
    before=0
    for round in 1 2; do
        for scenario in "50 3 plain plain" "50 2 cm plain" "50 2 plain gcm" "50 2 gcm cm"; do
            "$programs/install-ours" $scenario || return 1
            # the first round is there to fill caches, which would look like a leak
            [ "$round" = 1 ] && { inject label=fuzz fuzz=20000 flows=50 seed=7 >/dev/null; continue; }
            [ "$(inject label=fuzz fuzz=$share flows=50 seed=$RANDOM)" = "$share" ] || { echo "# not all packets were injected"; return 1; }
        done
        [ "$round" = 1 ] && before=$(kernel_memory)
    done
    after=$(kernel_memory)
    echo "# kernel memory before $before KB, after $after KB"
    unload || return 1
    [ $((after - before)) -lt "$growth" ]
}

messages() {
    local status before after
    load || return 1
    "$programs/fuzz-netlink" 2000 1 >/dev/null
    before=$(kernel_memory)
    "$programs/fuzz-netlink" "$MESSAGES" $RANDOM
    status=$?
    after=$(kernel_memory)
    echo "# kernel memory before $before KB, after $after KB"
    unload || return 1
    [ $status -eq 0 ] && [ $((after - before)) -lt "$growth" ]
}

# Loads and removes the module while packets arrive.
churn() {
    local round
    for round in $(seq "$ROUNDS"); do
        load || { echo "# round $round: insmod"; return 1; }
        "$programs/install-ours" 2 2 cm cm || { echo "# round $round: install"; return 1; }
        rmmod rtpcluster || { echo "# round $round: rmmod"; return 1; }
    done
}

# What nobody points to any more, after everything was deleted and the module is gone.
leaks() {
    local round
    mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
    rmmod rtpcluster || return 1
    for round in 1 2; do
        sleep 6
        echo scan >/sys/kernel/debug/kmemleak || return 1
    done
    ! grep -A30 '^unreferenced' /sys/kernel/debug/kmemleak | grep -B30 -A30 'rtpcluster\|rc_'
}

traffic() { while :; do insmod "$inject" label=traffic window=50 windows=1 flows=2 2>/dev/null; done; }

for module_name in veth dummy bridge ipv6 8021q ip_tables iptable_filter iptable_raw xt_mark xt_udp xt_tcpudp; do modprobe $module_name 2>/dev/null; done
for name in $PARTS; do
    case $name in
        cases) cases ;;
        packets) dummies; part "$PACKETS random packets: no complaint, no leak" packets ;;
        messages) part "$MESSAGES random messages: each refused with an errno and a text or taken, no leak" messages ;;
        leaks) part "nothing is left when the module is gone" leaks ;;
        churn)
            ip link show din >/dev/null 2>&1 || dummies
            traffic & pid=$!
            part "loaded and removed $ROUNDS times under traffic" churn
            kill $pid
            wait $pid 2>/dev/null
            ;;
    esac
done
! grep -q '^not ok ' $tap
