"""Resources and attributes as text ('cpus:2;mem:1024;ports:[31000-32000]') and as numbers."""
import os
import re


class Bad(Exception):
    pass


def ranges(text):
    return [tuple(int(end) for end in piece.split("-")) for piece in text.strip("[]").replace(" ", "").split(",") if piece]


def ranges_text(pieces):
    return "[" + ", ".join("%d-%d" % piece for piece in pieces) + "]"


def parse(text):
    """{'cpus': 2.0, 'ports': '[31000-32000]', ...}; Bad with the words of the real parser."""
    found = {}
    for token in filter(None, (token.strip() for token in text.split(";"))):
        pair = token.split(":")
        if len(pair) != 2:
            raise Bad("Bad value for resources, missing or extra ':' in %s" % token)
        name = re.sub(r"\(.*\)$", "", pair[0]).strip()
        value = pair[1].strip()
        if re.fullmatch(r"\[\s*\d+\s*-\s*\d+\s*(,\s*\d+\s*-\s*\d+\s*)*\]", value):
            found[name] = ranges_text(ranges(value))
        elif re.fullmatch(r"\d+(\.\d+)?", value):
            found[name] = float(value)
        elif value.startswith("{") and value.endswith("}"):
            found[name] = value
        else:
            raise Bad("Bad type for resource %s value %s type TEXT" % (name, value))
    return found


def attributes(text):
    """{'rack': 'r1'}; Bad for a pair without a colon."""
    found = {}
    for token in filter(None, (token.strip() for token in (text or "").split(";"))):
        name, colon, value = token.partition(":")
        if not colon:
            raise Bad("Invalid attribute key:value pair '%s'" % token)
        found[name.strip()] = value.strip()
    return found


def detected(given, work_dir):
    """What the machine has, for each kind that was not given: all but one GiB of memory, all but five of disk."""
    with open("/proc/meminfo") as file:
        total = int(file.readline().split()[1]) // 1024
    while not os.path.isdir(work_dir):
        work_dir = os.path.dirname(work_dir)
    disk = os.statvfs(work_dir)
    size = disk.f_blocks * disk.f_frsize // 2 ** 20
    found = {"cpus": float(os.cpu_count()), "mem": float(total - 1024 if total >= 2048 else total // 2),
             "disk": float(size - 5120 if size >= 10240 else size // 2), "ports": "[31000-32000]"}
    return dict(found, **given)


def text(values):
    return "; ".join("%s:%s" % (name, "%g" % value if isinstance(value, float) else value) for name, value in values.items())


def scalars(values):
    return {name: value for name, value in values.items() if not isinstance(value, str)}


def fits(wanted, free):
    if any(value > free.get(name, 0) + 1e-9 for name, value in scalars(wanted).items()):
        return False
    return all(any(low <= port <= high for low, high in ranges(free.get("ports", "[]")))
               for low, _ in ranges(wanted.get("ports", "[]")) for port in [low])


def minus(free, used):
    left = dict(free)
    for name, value in scalars(used).items():
        left[name] = round(left.get(name, 0.0) - value, 6)
    pieces = ranges(free.get("ports", "[]"))
    for port, _ in ranges(used.get("ports", "[]")):
        pieces = [piece for low, high in pieces for piece in (
            [(low, high)] if not low <= port <= high else
            [p for p in ((low, port - 1), (port + 1, high)) if p[0] <= p[1]])]
    if "ports" in free:
        left["ports"] = ranges_text(pieces)
    return left


def total(tasks):
    used = {"disk": 0.0, "mem": 0.0, "cpus": 0.0}
    ports = []
    for task in tasks:
        for name, value in scalars(task["resources"]).items():
            used[name] = round(used.get(name, 0.0) + value, 6)
        ports += ranges(task["resources"].get("ports", "[]"))
    return dict(used, ports=ranges_text(sorted(ports))) if ports else used
