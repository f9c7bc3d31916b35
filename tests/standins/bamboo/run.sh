#!/bin/bash
# As upstream's: HAProxy with whatever file there is, then Bamboo, started again when it ends.
config=${CONFIG_PATH:-config/production.example.json}
if [ -n "$BAMBOO_DOCKER_AUTO_HOST" ]; then
    sed -i "s#http://haproxy-ip-address:8000#http://$HOST:8000#" "$config"
fi
haproxy -f /etc/haproxy/haproxy.cfg -p /var/run/haproxy.pid
trap 'kill "$child"; wait "$child"; exit 143' TERM
while :; do
    /var/bamboo/bamboo -bind="${BIND:-:8000}" -config="$config" &
    child=$!
    wait "$child"
    sleep 1
done
