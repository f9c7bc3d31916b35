"""Marathon's options: MARATHON_* environment turned into arguments, then arguments against the table of this version."""
import os
import re
import sys

import log

DEFAULTS = {"zk": "zk://localhost:2181/marathon", "http_port": "8080", "framework_name": "marathon", "mesos_role": "*",
            "failover_timeout": "604800", "zk_session_timeout": "10000", "local_port_min": "10000",
            "local_port_max": "20000", "mesos_user": "root", "checkpoint": True, "ha": True}


class Options:
    def __init__(self, table, version):
        self.kinds, self.negated = {}, {}
        with open(table) as file:
            for line in file:
                if line.startswith("#"):
                    continue
                name, kind, ranges = line.rstrip("\n").split("\t")
                if version.within(ranges):
                    self.kinds[name] = kind
                    if kind == "toggle":
                        self.negated["disable_" + name] = name
        self.values = {}
        self.version = version

    def __getitem__(self, name):
        return self.values.get(name, DEFAULTS.get(name))

    def load(self, arguments, environment):
        self.parse(self.from_environment(environment) + arguments)
        if "master" not in self.values:
            log.wrong("Required option 'master' not found")
        pattern = r"zk://([^/@]+@)?[^/@:,]+(:\d+)?(,([^/@]+@)?[^/@:,]+(:\d+)?)*/.+"
        if not re.fullmatch(pattern, self["zk"]):
            log.wrong("Bad arguments for option 'zk': '%s' - %s is not a valid zk url; it should formatted like "
                      "zk://user:pass@host1:port1,host2:port2/path, or zk://host1:port1,host2:port2/marathon"
                      % (self["zk"], self["zk"]))
        if not self["master"].startswith("zk://"):
            log.wrong("Bad arguments for option 'master': '%s' - the stand-in knows zk:// only" % self["master"])

    def from_environment(self, environment):
        """MARATHON_X=v is '--x v', an empty value a bare option. Up to 1.6 values are split at blanks."""
        arguments = []
        for key, value in sorted(environment.items()):
            if key.startswith("MARATHON_") and not key.startswith("MARATHON_APP"):
                arguments.append("--" + key[9:].lower())
                if value:
                    arguments += [value] if self.version.since("1.7") else value.split()
        return arguments

    def parse(self, arguments):
        given, rest = [], list(arguments)
        while rest:
            argument = rest.pop(0)
            if re.match("-[DJ]", argument):
                continue  # for the JVM
            if not argument.startswith("--"):
                log.wrong("Unknown option '%s'" % argument[1:] if argument.startswith("-")
                          else "Excess arguments provided: '%s'" % " ".join([argument] + rest))
            name, equals, value = argument[2:].partition("=")
            if name == "help":
                self.help()
            kind = "flag" if name in self.negated else self.kinds.get(name)
            if kind is None:
                log.wrong("Unknown option '%s'" % name)
            if kind in ("flag", "toggle"):
                value = True
            elif not equals:
                value = rest.pop(0) if rest and not rest[0].startswith("--") else None
            given.append((name, value))
        for name in dict(given):
            self.take(name, [value for known, value in given if known == name])

    def take(self, name, values):
        if len(values) > 1 or values[0] is None:
            text = " ".join(str(value) for value in values if value is not None)
            reason = "Expected exactly one connection string" if name == "master" and values[0] else \
                "you should provide exactly one argument for this option"
            log.wrong("Bad arguments for option '%s': '%s' - %s" % (name, text, reason))
        if self.kinds.get(name) == "number" and not re.fullmatch(r"-?\d+", values[0]):
            log.wrong("Bad arguments for option '%s': '%s' - bad Int value" % (name, values[0]))
        if name in self.negated:
            self.values[self.negated[name]] = False
        else:
            self.values[name] = values[0]

    def help(self):
        for name in sorted(list(self.kinds) + list(self.negated)):
            print("      --%s%s" % (name, "" if self.kinds.get(name, "flag") in ("flag", "toggle") else "  <arg>"))
        sys.stdout.flush()
        os._exit(0)
