#!/bin/bash
# Upstream's zkServer.sh for what a container asks of it: start-foreground and print-cmd. JVMFLAGS and SERVER_JVMFLAGS are honoured.
set -eu
home=/opt/zookeeper
conf=${ZOO_CONF_DIR:-/conf}

# A log4j.properties or other settings of the operator in /conf come first on the class path.
class_path="$conf:$home/conf:$home/lib/*"
# shellcheck disable=SC2206  # flags are several words
command=(java ${JVMFLAGS:-} ${SERVER_JVMFLAGS:-} -cp "$class_path"
    org.apache.zookeeper.server.quorum.QuorumPeerMain "$conf/zoo.cfg")

case "${1:-}" in
    # In place of this shell, so that a stop signal reaches the server.
    start-foreground) exec "${command[@]}" ;;
    print-cmd) echo "${command[*]}" ;;
    *) echo "usage: zkServer.sh start-foreground|print-cmd" >&2; exit 1 ;;
esac
