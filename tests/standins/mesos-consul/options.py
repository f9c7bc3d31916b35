"""The command line of mesos-consul: flags only, and nothing but flags."""
import os
import sys

import goflags
import log

KINDS = {
    "help": "bool", "version": "bool", "log-level": "text", "refresh": "text", "zk": "text", "group-separator": "text",
    "mesos-ip-order": "text", "healthcheck": "bool", "healthcheck-ip": "text", "healthcheck-port": "text",
    "whitelist": "list", "blacklist": "list", "fw-whitelist": "list", "fw-blacklist": "list", "task-tag": "list",
    "service-name": "text", "service-tags": "text", "service-id-prefix": "text", "consul": "bool", "consul-port": "text",
    "consul-auth": "text", "consul-ssl": "bool", "consul-ssl-verify": "bool", "consul-ssl-cert": "text",
    "consul-ssl-cacert": "text", "consul-token": "text", "consul-timeout": "number", "heartbeats-before-remove": "number",
}
SINCE_0_5 = {"dry-run": "bool", "service-port-label": "text"}
DEFAULTS = {"log-level": "WARN", "refresh": "1m", "zk": "zk://127.0.0.1:2181/mesos", "mesos-ip-order": "netinfo,mesos,host",
            "healthcheck-port": "24476", "service-name": "mesos", "service-id-prefix": "mesos-consul", "consul-port": "8500",
            "consul-ssl-verify": True, "consul-timeout": 0, "heartbeats-before-remove": 1}
SOURCES = ("netinfo", "host", "docker", "mesos")


def usage(kinds):
    return "Usage: mesos-consul [options]\n\nOptions:\n\n" + "".join("  --%s\n" % name for name in kinds)


def load(arguments, version):
    """The flags; what is wrong is said with the usage, as a fatal log line, and ends with 1."""
    newer = version.since("0.5")
    kinds = dict(KINDS, **(SINCE_0_5 if newer else {}))
    flags = goflags.Flags(kinds, dict(DEFAULTS, **{"healthcheck-ip": "" if newer else "127.0.0.1"}), 2)
    try:
        flags.parse(arguments)
        flags.values["refresh"] = goflags.seconds(flags["refresh"])
    except goflags.Bad as error:
        sys.stdout.write(usage(kinds))
        sys.stdout.flush()
        log.fatal(str(error))
    if flags.rest:
        log.fatal("extra argument(s): [%s]" % " ".join('"%s"' % word for word in flags.rest))
    if flags["version"] or flags["help"]:
        print("mesos-consul v0.4.0" if flags["version"] else usage(kinds), flush=True)
        os._exit(0)
    if not log.set_level(flags["log-level"]):
        log.warn("Invalid log level '%s'. Setting to WARN" % flags["log-level"])
    for pattern in flags["task-tag"]:
        if pattern.count(":") != 1:
            log.fatal("task-tag pattern invalid, must include 1 colon separator")
    return flags


def check_sources(flags):
    """Only after ZooKeeper has named the masters, as in the real one."""
    for source in flags["mesos-ip-order"].split(","):
        if source not in SOURCES:
            log.fatal("Invalid IP Search Order: '%s'" % source)
