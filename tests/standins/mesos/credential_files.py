"""Flags that name a file of credentials: the path is used as it is, whatever lies there is read as they are."""
import json
import os

import glog


def read(path):
    """[(principal, secret)], or a text that says what is wrong."""
    try:
        with open(path) as file:
            text = file.read()
    except OSError as error:
        return "Failed to read credentials file '%s': %s" % (path, os.strerror(error.errno))
    try:
        found = json.loads(text)
        found = found.get("credentials", [found])
        return [(one["principal"], one.get("secret", "")) for one in found]
    except (ValueError, AttributeError, KeyError, TypeError):
        pass
    pairs = []
    for number, line in enumerate(text.splitlines(), 1):
        words = line.split()
        if len(words) not in (0, 2):
            return "Invalid credential format at line %d: %s" % (number, line)
        pairs += [tuple(words)] if words else []
    return pairs


def check(flags, name, one=False):
    if not flags[name]:
        return
    found = read(flags[name][7:] if flags[name].startswith("file://") else flags[name])
    if isinstance(found, str):
        glog.leave("main.cpp:810", "%s (see --%s flag)" % (found, name))
    if not found:
        glog.leave("main.cpp:812", "%s (see --%s flag)" % (
            "Empty credential file" if one else "Credentials file must contain at least one credential", name))
