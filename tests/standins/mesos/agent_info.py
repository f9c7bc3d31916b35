"""What an agent remembers of itself in <work_dir>/meta/slaves, and what it may not change."""
import json
import os

import resources


class Checkpoint:
    def __init__(self, work_dir):
        self.root = os.path.join(work_dir, "meta", "slaves")
        self.latest = os.path.join(self.root, "latest")

    def directory(self, id):
        return os.path.join(self.root, id)

    def load(self):
        """(id, info) of the last registration, (None, None) for a new agent."""
        try:
            id = os.path.basename(os.readlink(self.latest))
            with open(os.path.join(self.directory(id), "slave.info")) as file:
                return id, json.load(file)
        except OSError:
            return None, None

    def save(self, id, info):
        """At the first registration only: what an additive change adds later is not written down."""
        os.makedirs(self.directory(id), exist_ok=True)
        with open(os.path.join(self.directory(id), "slave.info"), "w") as file:
            json.dump(info, file)
        if os.path.lexists(self.latest):
            os.unlink(self.latest)
        os.symlink(self.directory(id), self.latest)

    def drop(self):
        if os.path.lexists(self.latest):
            os.unlink(self.latest)


def difference(old, new, policy, word):
    """What forbids to go on under the old id, None if nothing does."""
    fields = ("hostname", "port", "attributes", "resources")
    if all(old[name] == new[name] for name in fields):
        return None
    if policy == "additive":
        reason = not_additive(old, new)
        return reason and "Configuration change not permitted under 'additive' policy: " + reason
    rule = "-" * 60
    return "\n".join(["Incompatible %s info detected." % word, rule, "Old %s info:" % word, show(old), rule,
                      "New %s info:" % word, show(new), rule])


def advice(version, word, latest):
    """What comes after the reason, in more lines than it."""
    if version.before("1.5"):
        return ("To remedy this do as follows:\nStep 1: rm -f %s\n        This ensures %s doesn't recover old live executors.\n"
                "Step 2: Restart the %s." % (latest, word, word))
    return ("If recovery failed due to a change in configuration and you want to\nkeep the current agent id, you might want to "
            "change the\n`--reconfiguration_policy` flag to a more permissive value.\n\nTo restart this agent with a new agent id "
            "instead, do as follows:\nrm -f %s\nThis ensures that the agent does not recover old live executors.\n\nIf you use "
            "the Docker containerizer and think that the Docker\ndaemon state is broken, you can try to clear it. But be careful:"
            "\nthese commands will erase all containers and images from this host,\nnot just those started by Mesos!\n"
            "docker kill $(docker ps -q)\ndocker rm $(docker ps -a -q)\ndocker rmi $(docker images -q)\n\n"
            "Finally, restart the agent." % latest)


def not_additive(old, new):
    for name in ("hostname", "port"):
        if old[name] != new[name]:
            return "%s changed from %s to %s" % (name.capitalize(), old[name], new[name])
    for name, value in old["resources"].items():
        now = new["resources"].get(name)
        if isinstance(value, float) and (now is None or now < value):
            return "Value of scalar resource '%s' decreased from %g to %g" % (name, value, now or 0)
        if isinstance(value, str) and now != value:
            return "Value of range resource '%s' changed from %s to %s" % (name, value, now)
    for name, value in old["attributes"].items():
        if new["attributes"].get(name) != value:
            return "Value of text attribute '%s' changed from %s to %s" % (name, value, new["attributes"].get(name))
    return None


def show(info):
    return "hostname: \"%s\" port: %d resources: %s attributes: %s" % (
        info["hostname"], info["port"], resources.text(info["resources"]), resources.text(info["attributes"]))
