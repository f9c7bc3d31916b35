"""Loads flags as Mesos does: MESOS_* environment and command line against the table of this version."""
import os
import re
import sys

import glog

UNITS = {"ns": 1e-9, "us": 1e-6, "ms": 1e-3, "secs": 1, "mins": 60, "hrs": 3600, "days": 86400, "weeks": 604800}


class Wrong(Exception):
    pass


def seconds(text):
    found = re.fullmatch(r"([0-9.]+)([a-z]*)", text)
    if not found:
        raise Wrong("Invalid duration '%s'" % text)
    if found.group(2) not in UNITS:
        raise Wrong("Unknown duration unit '%s'" % found.group(2))
    return float(found.group(1)) * UNITS[found.group(2)]


class Flag:
    def __init__(self, line, version):
        self.name, self.kind, ranges, alias, default = line.rstrip("\n").split("\t")
        self.known = version.within(ranges)
        self.alias = None if alias == "-" or version.before("1.0") else alias
        self.value = None if default == "-" else default.replace('""', "")
        self.loaded_as = None


class Flags:
    """flags["name"] is the text, or None; flags.seconds("name") and so on give it a meaning."""

    def __init__(self, program, table, version):
        self.program, self.version = program, version
        with open(table) as file:
            flags = [Flag(line, version) for line in file if not line.startswith("#")]
        self.flags = {flag.name: flag for flag in flags if flag.known}
        self.aliases = {flag.alias: flag for flag in self.flags.values() if flag.alias}
        self.warnings = []

    def __getitem__(self, name):
        return self.flags[name].value if name in self.flags else None

    def default(self, name, value):
        if name in self.flags and self.flags[name].value is None:
            self.flags[name].value = value

    def find(self, name):
        return self.flags.get(name) or self.aliases.get(name)

    def seconds(self, name, otherwise=None):
        return seconds(self[name]) if self[name] else otherwise

    def number(self, name, otherwise=None):
        return int(self[name]) if self[name] else otherwise

    def true(self, name):
        return self[name] in ("true", "1")

    def load_or_leave(self, arguments, environment, required=()):
        wrong = None
        try:
            self.load(arguments, environment)
            for name in required:
                if self.flags[name].loaded_as is None:
                    raise Wrong("Flag '%s' is required, but it was not provided" % name)
        except Wrong as error:
            wrong = error
        if wrong and self.version.before("1.0"):
            self.usage(wrong)
        if self.true("help"):
            self.usage(None, 0 if self.version.since("0.23") else 1)
        if self.true("version"):
            print("mesos " + self.version.text)
            sys.exit(0)
        if wrong:
            self.usage(wrong)

    def usage(self, message, status=1):
        """The mistake comes first and the long list of flags after it, as in real life: look at the head of the log."""
        lines = [str(message), ""] if message else []
        lines += ["Usage: %s [options]" % self.program, ""]
        for flag in sorted(self.flags.values(), key=lambda flag: flag.name):
            lines.append("  --%s" % ("[no-]" + flag.name if flag.kind == "bool" else flag.name + "=VALUE"))
        glog.plain("\n".join(lines), status)

    def load(self, arguments, environment):
        given = self.from_command_line(arguments)
        for key, value in environment.items():
            name = key[6:].lower()
            if not key.startswith("MESOS_") or not self.find(re.sub("^no-", "", name)):
                continue  # an unknown MESOS_* variable is ignored without a word
            if self.version.before("0.25") and any(name == known for known, _ in given):
                raise Wrong("Duplicate flag '%s' on command line" % name)
            if not any(name == known for known, _ in given):  # from 0.25 on the command line wins
                given.append((name, value))
        for name, value in sorted(given, key=lambda pair: pair[0]):
            self.set(name, value)

    def from_command_line(self, arguments):
        given = []
        for argument in arguments:
            argument = argument.strip()
            if argument == "--":
                break
            if not argument.startswith("--"):
                continue  # anything else is skipped
            name, equals, value = argument[2:].partition("=")
            name = name.lower()
            if self.version.before("1.0") and any(known in (name, re.sub("^no-", "", name)) for known, _ in given):
                raise Wrong("Duplicate flag '%s' on command line" % name)
            given.append((name, value if equals else None))
        return given

    def set(self, name, value):
        negated = name.startswith("no-")
        bare = name[3:] if negated else name
        flag = self.find(bare)
        if flag is None:
            raise Wrong("Failed to load unknown flag '%s'" % bare + (" via '%s'" % name if negated else ""))
        if flag.loaded_as is not None:
            raise Wrong("Flag '%s' is already loaded via name '%s'" % (bare, flag.loaded_as))
        if flag.kind != "bool":
            if negated:
                raise Wrong("Failed to load non-boolean flag '%s' via '%s'" % (bare, name))
            if value is None:
                raise Wrong("Failed to load non-boolean flag '%s': Missing value" % bare)
        elif not value:
            value = "false" if negated else "true"
        elif negated:
            raise Wrong("Failed to load boolean flag '%s' via '%s' with value '%s'" % (bare, name, value))
        try:
            flag.value = self.parse(flag, value)
        except Wrong as error:
            raise Wrong("Failed to load flag '%s': Failed to load value '%s': %s" % (bare, value, error))
        flag.loaded_as = bare
        if bare in self.aliases:
            self.warnings.append("Loaded deprecated flag '%s'" % bare)

    def parse(self, flag, value):
        if value.startswith("file://") and flag.kind != "path" and self.version.since("0.22"):
            try:
                with open(value[7:]) as file:
                    value = file.read()  # every byte: a trailing newline is part of the value
            except OSError as error:
                raise Wrong("Error reading file '%s': %s" % (value[7:], os.strerror(error.errno)))
        if flag.kind == "bool" and value not in ("true", "false", "1", "0"):
            raise Wrong("Expecting a boolean (e.g., true or false)")
        if flag.kind == "duration":
            seconds(value)
        if flag.kind == "number":
            return self.parse_number(value)
        return value

    def parse_number(self, value):
        """Up to 0.28.0 what follows the number was not looked at; from 0.28.1 even a newline is an error."""
        whole = re.match(r"\s*[-+]?\d+(\.\d+)?%s" % (r"\Z" if self.version.since("0.28.1") else ""), value)
        if not whole:
            raise Wrong("Failed to convert into required type")
        return whole.group(0).strip()

    def as_json(self):
        return {flag.name: flag.value for flag in sorted(self.flags.values(), key=lambda flag: flag.name)
                if flag.value is not None}
