# Runs in the guest: measures each scenario of $1 with the peer's module, then with ours, and writes the results to /vmout/results.
# Lines of the result: SIDE LABEL FLOWS OUTPUTS IN OUT VALUE, VALUE in units of the clock per packet that comes in.
# WINDOW and WINDOWS: packets per measurement and how many measurements. SIDES: which modules. ROUNDS: how often each scenario is measured, both sides
# in turn, so that another guest of the machine that is busy for some seconds disturbs neither side in all of its measurements.
source /vmout/settings
programs=$MODULES/guest
inject=$MODULES/inject-$TARGET/rtpinject.ko
ours=$MODULES/module-$TARGET/rtpcluster.ko
peer=$MODULES/peer-$TARGET/xt_RTPENGINE.ko
results=/vmout/results
: >$results

modprobe dummy
ip link add din type dummy && ip link add dout type dummy
ip addr add 10.1.0.254/24 dev din && ip addr add 10.2.0.254/24 dev dout
ip link set din up && ip link set dout up
ip neigh replace 10.2.0.1 lladdr 02:00:00:00:00:01 dev dout nud permanent
ip neigh replace 10.1.0.1 lladdr 02:00:00:00:00:02 dev din nud permanent
sysctl -qw net.ipv4.ip_forward=1 net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.din.rp_filter=0

# inject PARAMETER...: the least of the measurements
inject() {
    dmesg -C
    insmod "$inject" window="$WINDOW" "$@" 2>/dev/null
    dmesg | tee -a /vmout/log | sed -n 's/.* result .* min \([0-9.]*\) .*/\1/p' | tail -1
}

# scenario SIDE LABEL FLOWS OUTPUTS IN OUT, with the targets installed
scenario() {
    local side=$1 label=$2 options=(flows="$3") value before after windows=$WINDOWS
    # Every flow is used several times: its first packet costs more, and the least of the measurements counts.
    [ $((4 * $3 / WINDOW)) -le "$windows" ] || windows=$((4 * $3 / WINDOW))
    options+=(windows=$windows)
    shift 2
    if [ "$3" != plain ]; then
        # They are the same for every scenario with these flows and keys.
        local records=/tmp/records-$1-$3-$windows
        [ -f $records ] || "$programs/records" "$@" $((WINDOW * windows)) $records || return 1
        options+=(file=$records)
    fi
    before=$(cat /sys/class/net/dout/statistics/tx_packets)
    value=$(inject label="$label" "${options[@]}")
    after=$(cat /sys/class/net/dout/statistics/tx_packets)
    # A measurement of packets that were not forwarded measures nothing.
    if [ $((after - before)) -lt $((WINDOW * windows * $2)) ]; then
        echo "$side $label: $((after - before)) copies sent, not $((WINDOW * windows * $2))"
        value=-
    fi
    echo "$side $label $* $value" | tee -a $results
}

each() { while read -r label flows outputs in out; do [ -z "$label" ] || [ "${label#\#}" != "$label" ] || "$1" "$label" "$flows" "$outputs" "$in" "$out"; done </vmout/scenarios; }

measure_peer() {
    # The peer has room for 32 outputs.
    [ "$3" -le 32 ] || return 0
    echo 'add 0' >/proc/rtpengine/control
    coproc installer { exec "$programs/install-peer" "${@:2}"; }
    local pid=$installer_PID line
    read -r line <&"${installer[0]}"
    if [ "$line" = installed ]; then scenario peer "$@"; else echo "peer $1: not installed"; fi
    kill "$pid"; wait "$pid" 2>/dev/null
    echo 'del 0' >/proc/rtpengine/control
}

measure_ours() {
    if "$programs/install-ours" "${@:2}"; then scenario ours "$@"; else echo "ours $1: not installed"; fi
}

# What everything else is compared with in mind: packets dropped at once, and packets routed by the kernel.
floor() {
    modprobe iptable_raw
    iptables-legacy -t raw -A PREROUTING -i din -p udp -j DROP
    echo "kernel dropped 1 1 plain plain $(inject label=dropped windows=$WINDOWS)" | tee -a $results
    iptables-legacy -t raw -F
    modprobe -r iptable_raw ip_tables 2>/dev/null
    echo "kernel routed 1 1 plain plain $(inject label=routed windows=$WINDOWS daddr=10.2.0.1)" | tee -a $results
}

round_of_peer() {
    modprobe -a x_tables ipv6 nf_conntrack iptable_filter ip6_udp_tunnel 2>/dev/null
    insmod "$peer" || exit 1
    iptables-legacy -I INPUT -p udp -j RTPENGINE --id 0 || exit 1
    each measure_peer
    iptables-legacy -F INPUT
    rmmod xt_RTPENGINE
    modprobe -r iptable_filter ip_tables 2>/dev/null
}

round_of_ours() {
    modprobe ipv6
    insmod "$ours" || exit 1
    each measure_ours
    rmmod rtpcluster
}

export XTABLES_LIBDIR="$(echo $CACHE/peer/usr/lib/*/xtables):$(echo /usr/lib/*/xtables)"
for module in aesni_intel gcm ghash_generic ghash_clmulni_intel ctr ecb hmac sha1_generic; do modprobe $module 2>/dev/null; done
for round in $(seq "${ROUNDS:-1}"); do
    case " $SIDES " in *" kernel "*) floor ;; esac
    case " $SIDES " in *" peer "*) round_of_peer ;; esac
    case " $SIDES " in *" ours "*) round_of_ours ;; esac
done
