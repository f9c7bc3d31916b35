"""The isolators of the Mesos containerizer: an unknown one is the agent's end, unless a module may bring it."""
import os

import glog

TABLE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "isolators.tsv")


def known(version):
    with open(TABLE) as file:
        rows = [line.split() for line in file if not line.startswith("#")]
    return {name for name, ranges in rows if version.within(ranges)}


def check(flags, version):
    if "mesos" not in flags["containerizers"].split(",") or flags["modules"] or flags["modules_dir"]:
        return
    names = flags["isolation"].split(",")
    if version.since("0.23"):
        names = [name for name in names if name]
    old = {"process", "cgroups"} if version.since("1.6") or len(names) == 1 else set()
    for name in names:
        if name not in known(version) | old:
            glog.leave("main.cpp:610", "Failed to create a containerizer: Could not create MesosContainerizer: "
                       + in_words(name, version))


def in_words(name, version):
    if version.before("0.28"):
        return "Unknown or unsupported isolator: " + name
    if version.before("1.6"):
        return "%s create isolator '%s': Unknown or unsupported isolator" % (
            "Could not" if version.before("1.0") else "Failed to", name)
    return "Unknown or unsupported isolator '%s'" % name
