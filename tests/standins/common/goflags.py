"""Command lines as Go's flag package reads them (Bamboo) or as pflag does (mesos-consul)."""
import os
import re
import sys


class Bad(Exception):
    """What is wrong with the command line, in the words of the package."""


class Flags:
    """kinds: name to bool, text, number or list. dashes is 1 for Go's own package, which takes -x and --x, and 2 for pflag."""

    def __init__(self, kinds, defaults, dashes):
        self.kinds, self.dashes, self.rest = kinds, dashes, []
        self.values = {name: {"bool": False, "list": []}.get(kind, "") for name, kind in kinds.items()}
        self.values.update(defaults)

    def __getitem__(self, name):
        return self.values[name]

    def parse(self, arguments):
        left = list(arguments)
        while left:
            argument = left.pop(0)
            if argument == "--" or not argument.startswith("-") or argument == "-":
                self.rest += [argument] * (argument != "--")
                if self.dashes == 1 or argument == "--":  # pflag goes on after a word that is no flag
                    self.rest += left
                    return
                continue
            name, equals, value = argument.lstrip("-").partition("=")
            if self.dashes == 2 and not argument.startswith("--"):
                raise Bad("unknown shorthand flag: '%s' in -%s" % (argument[1], argument[1:]))
            if name not in self.kinds:
                raise Bad("unknown flag: --%s" % name if self.dashes == 2 else "flag provided but not defined: -%s" % name)
            kind = self.kinds[name]
            if not equals and kind != "bool":
                if not left:
                    raise Bad("flag needs an argument: %s%s" % ("-" * self.dashes, name))
                value = left.pop(0)
            self.take(name, kind, value if equals or kind != "bool" else "true")

    def take(self, name, kind, value):
        if kind == "list":
            self.values[name] = self.values[name] + [value]
        elif kind == "bool":
            if value.lower() not in ("true", "false", "1", "0", "t", "f"):
                raise Bad('invalid argument "%s" for %s%s: strconv.ParseBool: parsing "%s": invalid syntax'
                          % (value, "-" * self.dashes, name, value))
            self.values[name] = value.lower() in ("true", "1", "t")
        elif kind == "number":
            if not value.lstrip("-").isdigit():
                raise Bad('invalid argument "%s" for %s%s: strconv.ParseInt: parsing "%s": invalid syntax'
                          % (value, "-" * self.dashes, name, value))
            self.values[name] = int(value)
        else:
            self.values[name] = value


UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


def seconds(text):
    """A duration such as 5s or 1m30s, or Bad."""
    parts = re.findall(r"(\d+(?:\.\d+)?)(ms|[smh])", text)
    if not parts or "".join(number + unit for number, unit in parts) != text:
        raise Bad('time: invalid duration "%s"' % text)
    return sum(float(number) * UNITS[unit] for number, unit in parts)


def leave(text, code):
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
    os._exit(code)
