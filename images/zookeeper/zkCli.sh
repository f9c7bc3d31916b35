#!/bin/sh
# ZooKeeper's shell: zkCli.sh [-server HOST:PORT] [COMMAND...]
# shellcheck disable=SC2086  # flags are several words
exec java ${JVMFLAGS:-} ${CLIENT_JVMFLAGS:-} -cp "${ZOO_CONF_DIR:-/conf}:/opt/zookeeper/conf:/opt/zookeeper/lib/*" \
    org.apache.zookeeper.ZooKeeperMain "$@"
