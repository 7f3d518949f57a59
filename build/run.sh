#!/usr/bin/env bash
# Starts one node on loopback with its embedded store, and says how to talk to it.
set -euo pipefail
cd "$(dirname "$0")/.."
state=${STATE_DIR:-$PWD/var}
mkdir -p "$state"

cat <<TEXT
RtpCluster: one node on loopback. Its calls are kept in $state and survive its death.

  Kamailio      modparam("rtpengine", "rtpengine_sock", "udp:127.0.0.1:2223")
  ng by hand    exec 3<>/dev/udp/127.0.0.1/2223; echo -n '1 d7:command4:pinge' >&3; head -c 16 <&3
  ng over HTTP  curl -H 'Content-Type: application/json' -d '{"command":"ping"}' http://127.0.0.1:2225/ng-plain
  commands      bin/rtpcluster ctl list sessions all
  metrics       curl http://127.0.0.1:2225/metrics
  stop          Ctrl-C

TEXT
exec bin/rtpcluster --config-file=none --interface=127.0.0.1 --listen-ng=127.0.0.1:2223 --listen-tcp-ng=127.0.0.1:2224 \
    --listen-http=127.0.0.1:2225 --listen-cli=127.0.0.1:9900 --state-dir="$state" "$@"
