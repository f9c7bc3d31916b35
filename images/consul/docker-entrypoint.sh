#!/bin/bash
# As the official image's: fills in the agent's directories and addresses, and drops from root to the consul user.
set -e

data=/consul/data config=/consul/config

# An option with the IPv4 address of an interface: address_of INTERFACE OPTION. Asks the kernel (SIOCGIFADDR): no ip command here.
address_of() {
    local address
    address=$(perl -MSocket -e 'socket(S, PF_INET, SOCK_DGRAM, 0); $r = pack("a16 x16", $ARGV[0]);
        ioctl(S, 0x8915, $r) or exit 1; print inet_ntoa(substr($r, 20, 4))' "$1") ||
        { echo "Could not find IP for interface '$1', exiting" >&2; exit 1; }
    echo "-$2=$address"
}

bind=() client=()
if [ -n "$CONSUL_BIND_INTERFACE" ]; then
    bind=("$(address_of "$CONSUL_BIND_INTERFACE" bind)") || exit 1
fi
if [ -n "$CONSUL_CLIENT_INTERFACE" ]; then
    client=("$(address_of "$CONSUL_CLIENT_INTERFACE" client)") || exit 1
fi

if [ -n "$CONSUL_LOCAL_CONFIG" ]; then
    echo "$CONSUL_LOCAL_CONFIG" >"$config/local.json"
fi

# An option as the first word means consul without the agent's defaults.
if [ "${1:0:1}" = - ]; then
    set -- consul "$@"
fi
if [ "$1" = agent ]; then
    shift
    set -- consul agent -data-dir="$data" -config-dir="$config" "${bind[@]}" "${client[@]}" "$@"
elif [ "$1" = version ]; then
    set -- consul "$@"
elif consul --help "$1" 2>&1 | grep -q "consul $1"; then
    set -- consul "$@"
fi

if [ "$1" = consul ] && [ -z "$CONSUL_DISABLE_PERM_MGMT" ] && [ "$(id -u)" = 0 ]; then
    for directory in "$data" "$config"; do
        if [ "$(stat -c %u "$directory")" != "$(id -u consul)" ]; then
            chown consul:consul "$directory"
        fi
    done
    # The right to open port 53 survives the drop only if the program carries it.
    if [ -n "$CONSUL_ALLOW_PRIVILEGED_PORTS" ]; then
        set -- setpriv --reuid=consul --regid=consul --init-groups --inh-caps=+net_bind_service --ambient-caps=+net_bind_service "$@"
    else
        set -- setpriv --reuid=consul --regid=consul --init-groups "$@"
    fi
fi

exec "$@"
