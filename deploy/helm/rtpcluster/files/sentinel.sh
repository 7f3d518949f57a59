#!/bin/sh
# Starts the Sentinel beside a Redis; what it learned in an earlier life is in its file.
set -eu
file=/data/sentinel.conf
if [ ! -s "$file" ]; then
    umask 077
    cat > "$file" <<CONF
port $SENTINEL_PORT
dir /data
requirepass $REDIS_PASSWORD
sentinel sentinel-pass $REDIS_PASSWORD
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip $POD_NAME.$SERVICE
sentinel monitor rtpcluster $SERVICE-0.$SERVICE $REDIS_PORT 2
sentinel auth-pass rtpcluster $REDIS_PASSWORD
sentinel down-after-milliseconds rtpcluster 2000
sentinel failover-timeout rtpcluster 2000
CONF
fi
until redis-cli -h "$POD_NAME.$SERVICE" -p "$REDIS_PORT" -a "$REDIS_PASSWORD" --no-auth-warning ping >/dev/null 2>&1; do sleep 1; done
exec redis-server "$file" --sentinel
