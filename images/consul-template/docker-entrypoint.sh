#!/bin/sh
# As upstream's: an option as the first word means consul-template, and where the image has a configuration directory it is read.
set -e
case $1 in
    -*) set -- /bin/consul-template "$@" ;;
esac
if [ "$1" = /bin/consul-template ] && [ -d /consul-template/config ]; then
    shift
    set -- /bin/consul-template -config=/consul-template/config "$@"
fi
exec "$@"
