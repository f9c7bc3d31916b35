"""Each example inventory of a seed, at that seed's shape, on the hosts of one sandbox: up, nothing more to do, what the seed is about,
down to nothing. Versions that no package has give way to the nearest one that is; everything else is as in inventory/."""
import json
import os
import subprocess
import time
import unittest

import yaml

from cluster import Cluster, docker, say, wait_for

c = Cluster("seeds")
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# What the sandbox has instead of a version that cannot be built.
NEAREST = {("zookeeper", "3.4.8"): "3.4.13", ("zookeeper", "3.4.9"): "3.4.13", ("zookeeper", "3.5.5"): "3.8.0",
           ("consul", "0.7.0"): "1.8.7", ("consul-template", "0.14.0"): "0.19.5", ("registrator", "7"): "0.4.0",
           ("bamboo", "0.2.15"): "0.2.16"}
GROUPS = ("masters", "slaves", "lbs", "hosts")


def sandbox():
    return c.call("sandbox", "status", "--dir", c.dir, "-o", "json").json()


def nodes():
    return {n["name"]: n["address"] for n in sandbox()["nodes"] if n["role"] != "registry"}


class Seed:
    """An inventory of inventory/ on hosts of the sandbox, in the order of its own hosts."""

    def __init__(self, name, on):
        with open(os.path.join(ROOT, "inventory", f"seed-{name}.yml")) as f:
            self.text = f.read()
        self.yml = yaml.load(self.text, yaml.BaseLoader)  # versions stay texts
        addresses = nodes()
        hosts = [h for group in GROUPS for h in self.yml.get(group, [])]
        assert len(hosts) == len(on), f"seed {name} has {len(hosts)} hosts"
        self.node = {h["name"]: node for h, node in zip(hosts, on)}
        self.address = {h["name"]: addresses[node] for h, node in zip(hosts, on)}
        moved = {h["address"]: addresses[node] for h, node in zip(hosts, on)}
        # Every mention of an address moves with its host, in vars and apps as well.
        text = json.dumps(self.yml)
        for old, new in moved.items():
            text = text.replace(old, new)
        self.yml = json.loads(text)
        with open(c.inventory) as f:
            own = yaml.safe_load(f)
        self.yml["ssh"] = own["ssh"]
        self.registry = own["images"]["registry"]
        self.yml.setdefault("images", {})["registry"] = self.registry
        for key, version in self.yml["versions"].items():
            self.yml["versions"][key] = NEAREST.get((key, version), version)
        components = self.yml.setdefault("components", {})
        slave = components.setdefault("mesos-slave", {})
        slave.setdefault("flags", {}).update(own["components"]["mesos-slave"]["flags"]
                                             if self.versions("mesos") >= "0.25" else {})
        slave.setdefault("container", {}).update(own["components"]["mesos-slave"]["container"])
        self.file = os.path.join(c.dir, f"seed-{name}.yml")
        self.save()

    def versions(self, key):
        return self.yml["versions"].get(key, "")

    def save(self):
        with open(self.file, "w") as f:
            yaml.safe_dump(self.yml, f, sort_keys=False)

    def run(self, command, *args, **more):
        return c.call(command, "-i", self.file, *args, **more)

    def fill_registry(self, *more):
        """What the inventory needs, built and pushed."""
        listed = self.run("images", "list", "-o", "json").json()
        parts = list(more)
        for image in listed["images"]:
            repository, tag = image["image"].removeprefix(self.registry + "/").rsplit(":", 1)
            parts.append(recipe(repository, tag))
        subprocess.run([os.path.join(ROOT, "images/build"), "--registry", sandbox()["registry"]["push"],
                        *sorted(set(parts))], check=True, stdout=subprocess.DEVNULL)

    def up(self):
        started = time.monotonic()
        self.run("up", "-y")
        say(f"up took {time.monotonic() - started:.0f} s")
        again = self.run("up", "-y")
        assert "nothing to do" in again.out + again.err, again.out + again.err
        status = self.run("status", "-o", "json").json()
        assert status["health"] == "healthy", status
        return status

    def on(self, host, *command):
        return c.on(self.node[host], *command)

    def down(self):
        self.run("down", "--purge-data", "--confirm", self.yml["cluster"])


def recipe(repository, tag):
    with open(os.path.join(ROOT, "images/recipes.txt")) as f:
        for line in f:
            words = line.split()
            if not line.startswith("#") and len(words) > 2 and words[2] == repository and words[1] in (tag, tag.lstrip("v"), "*"):
                return f"{words[0]}={tag if words[1] == '*' else words[1]}"
    raise AssertionError(f"no recipe makes {repository}:{tag}")


def fingerprint(node):
    """What `down` must leave as it found it."""
    return c.on(node, "sh", "-c", "cat /etc/resolv.conf /etc/docker/daemon.json; "
                                  "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_nonlocal_bind; "
                                  "ls -A /etc /etc/sysctl.d /var/lib; docker ps -aq; docker volume ls -q")


class Seeds(unittest.TestCase):
    def setUp(self):
        self.before = {node: fingerprint(node) for node in nodes()}

    def tearDown(self):
        for node, before in self.before.items():
            self.assertEqual(fingerprint(node), before, f"{node} is not as it was")


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    c.call("sandbox", "up", "--masters", "3", "--slaves", "3", "--lbs", "3", "--only", "zookeeper", "--dir", c.dir)
    try:
        unittest.main(verbosity=2)
    finally:
        if not os.environ.get("CCTL_KEEP"):
            c.call("sandbox", "down", "--dir", c.dir)
