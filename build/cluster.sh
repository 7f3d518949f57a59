#!/usr/bin/env bash
# Three nodes and a redis-server on this machine, to play with: ng on 2223, 2233, 2243; `bin/rtpcluster ctl --to=127.0.0.1:9901 cluster`.
# Ctrl-C ends them all. Kill a node with SIGKILL and watch the others take over: it is started again after five seconds.
set -euo pipefail
cd "$(dirname "$0")/.."
folder=var/cluster
command -v redis-server >/dev/null || { echo "make cluster needs redis-server: build/install.sh test" >&2; exit 1; }
mkdir -p "$folder"
chmod 700 "$folder"
[ -s "$folder/key" ] || (umask 077; od -An -tx1 -N32 /dev/urandom | tr -d ' \n' > "$folder/key")
pids=()
finish() { trap - EXIT INT TERM; kill "${pids[@]}" 2>/dev/null || true; wait; }
trap finish EXIT INT TERM
redis-server --port 17379 --bind 127.0.0.1 --dir "$folder" --save '' --appendonly yes --auto-aof-rewrite-min-size 256mb --logfile redis.log &
pids+=($!)
node() {
    local child=
    trap 'kill $child 2>/dev/null; wait; exit' TERM
    while true; do
        bin/rtpcluster --config-file=none -i "127.0.0.1$1" -n "127.0.0.1:22$((1 + $1))3" -c "127.0.0.1:990$1" --listen-http="127.0.0.1:808$1" \
            --redis=127.0.0.1:17379/0 --node-id="n$1" --cluster-listen="127.0.0.1:230$1" --cluster-key-file="$folder/key" --state-dir="$folder/n$1" \
            --keep-media 2>&1 &
        child=$!
        wait "$child" || echo "n$1 ended with $?: again in 5 s"
        sleep 5
    done | sed -u "s/^/n$1 /"
}
for i in 1 2 3; do
    node "$i" &
    pids+=($!)
done
wait
