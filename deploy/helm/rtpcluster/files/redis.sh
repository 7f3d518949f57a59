#!/bin/sh
# Starts Redis as the replica of whatever master the Sentinels know; the first pod of a new release as master.
set -eu
ask() { redis-cli -h "$1" -p "$SENTINEL_PORT" -a "$REDIS_PASSWORD" --no-auth-warning sentinel get-master-addr-by-name rtpcluster 2>/dev/null | head -n 1; }
master=
for i in 0 1 2; do
    [ -n "$master" ] || master=$(ask "$SERVICE-$i.$SERVICE" || true)
done
[ -n "$master" ] || master=$SERVICE-0.$SERVICE
self=$POD_NAME.$SERVICE
replica=
[ "$master" = "$self" ] || replica="--replicaof $master $REDIS_PORT"
# shellcheck disable=SC2086
exec redis-server --port "$REDIS_PORT" --dir /data --save "" --appendonly yes --appendfsync everysec \
    --auto-aof-rewrite-min-size 256mb --min-replicas-to-write 1 --min-replicas-max-lag 5 \
    --requirepass "$REDIS_PASSWORD" --masterauth "$REDIS_PASSWORD" --replica-announce-ip "$self" $replica
