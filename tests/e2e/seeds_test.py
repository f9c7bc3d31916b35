"""Each example inventory of a seed, at that seed's shape, on the hosts of one sandbox: up, nothing more to do, what the seed is about,
down to nothing. Versions that no package has give way to the nearest one that is; everything else is as in inventory/."""
import json
import os
import re
import subprocess
import time
import unittest
import urllib.request

import yaml

from cluster import Cluster, say, wait_for

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


def slave_in_a_node():
    """What a slave in a node needs: the sandbox's template says it, and leaves it out of a sandbox without Mesos."""
    with open(os.path.join(ROOT, "images/sandbox.yml")) as f:
        text = re.sub(r" @WITH \S+@", "", f.read())
    return yaml.safe_load(re.sub(r"@\w+@", "filled-in", text))["components"]["mesos-slave"]


class Seed:
    """An inventory of inventory/ on hosts of the sandbox, in the order of its own hosts."""

    last = None  # the one that has not been taken down

    def __init__(self, name, on):
        with open(os.path.join(ROOT, "inventory", f"seed-{name}.yml")) as f:
            self.text = f.read()
        self.yml = yaml.safe_load(self.text)
        self.yml["versions"] = yaml.load(self.text, yaml.BaseLoader)["versions"]  # 9.10 is not 9.1
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
        in_a_node = slave_in_a_node()
        slave.setdefault("flags", {}).update(in_a_node["flags"] if self.versions("mesos") >= "0.25" else {})
        slave.setdefault("container", {}).update(in_a_node["container"])
        self.file = os.path.join(c.dir, f"seed-{name}.yml")
        Seed.last = self
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
        Seed.last = None
        self.run("down", "--purge-data", "--confirm", self.yml["cluster"])


def recipe(repository, tag):
    with open(os.path.join(ROOT, "images/recipes.txt")) as f:
        for line in f:
            words = line.split()
            if not line.startswith("#") and len(words) > 2 and words[2] == repository and words[1] in (tag, tag.lstrip("v"), "*"):
                return f"{words[0]}={tag if words[1] == '*' else words[1]}"
    raise AssertionError(f"no recipe makes {repository}:{tag}")


def answers(url):
    """The body of a 200 answer, or None."""
    try:
        with urllib.request.urlopen(url, timeout=3) as answer:
            return answer.read().decode() if answer.status == 200 else None
    except OSError:
        return None


def fingerprint(node):
    """What `down` must leave as it found it."""
    return c.on(node, "sh", "-c", "cat /etc/resolv.conf /etc/docker/daemon.json; "
                                  "cat /proc/sys/net/ipv4/ip_forward /proc/sys/net/ipv4/ip_nonlocal_bind; "
                                  "ls -A /etc /etc/sysctl.d /var/lib; docker ps -aq; docker volume ls -q")


class Seeds(unittest.TestCase):
    def setUp(self):
        self.before = {node: fingerprint(node) for node in nodes()}

    def tearDown(self):
        if Seed.last:  # its test has failed; the next one needs the hosts
            return Seed.last.down()
        for node, before in self.before.items():
            # The lock goes with the connection that held it: a moment after the program has ended.
            c.on(node, "sh", "-c", "for i in $(seq 100); do [ -e /var/lib/clusterctl ] || exit 0; sleep 0.1; done; "
                                   "find /var/lib/clusterctl -ls >&2; cat /var/lib/clusterctl/*/* >&2; exit 1")
            self.assertEqual(fingerprint(node), before, f"{node} is not as it was")

    def test_000_names_for_containers(self):
        seed = Seed("000", ["master1", "slave1", "slave2"])
        seed.yml["components"]["bind"] = {"vars": {"forwarders": "127.0.0.11;"}}
        seed.save()
        seed.fill_registry()
        seed.up()
        image = seed.on("slave", "docker", "inspect", "-f", "{{.Config.Image}}",
                        f"cctl-{seed.yml['cluster']}-consul-client").strip()

        def resolve(name):  # nothing as long as nobody knows the name
            return seed.on("slave", "sh", "-c", f"docker run --rm --entrypoint getent {image} ahostsv4 {name} || true")
        self.assertIn(seed.address["vm01"], wait_for("zookeeper in DNS", lambda: resolve("zookeeper.service.consul")))
        self.assertIn(seed.address["master"], wait_for("consul in DNS", lambda: resolve("consul.service.consul")))
        self.assertIn(seed.address["vm01"], wait_for("a short name", lambda: resolve("zookeeper")))
        self.assertIn(seed.address["master"], wait_for("mesos, told by mesos-consul", lambda: resolve("mesos.service.consul")))
        seed.down()

    def test_001_three_of_each(self):
        seed = Seed("001", ["master1", "master2", "master3", "slave1", "slave2", "slave3", "lb1", "lb2", "lb3", "slave4"])
        subnet = seed.address["master101"].rsplit(".", 1)[0]
        vip = f"{subnet}.200"
        seed.yml["components"]["keepalived"]["vars"]["vip"] = f"{vip}/24"
        seed.save()
        seed.fill_registry("webapp=1")
        status = seed.up()
        self.assertEqual(len([i for i in status["instances"] if i["component"] == "keepalived" and i["leader"]]), 1)
        self.assertEqual(seed.on("slave101", "cat", "/etc/mesos-slave/containerizers"), "docker,mesos")
        self.assertEqual(seed.on("master101", "cat", "/etc/mesos-master/quorum"), "2")
        # An image of one's own: into the private registry, from there to a slave, and through the load balancers.
        own = f"{seed.address['registry']}:5000"
        seed.yml["apps"] = [{"id": "inky4", "cpus": 0.1, "mem": 32, "instances": 2, "args": [], "container": {
            "type": "DOCKER", "volumes": [], "docker": {
                "image": f"{own}/clusterctl/webapp:1", "network": "BRIDGE",
                "portMappings": [{"containerPort": 8080, "hostPort": 0, "protocol": "tcp"}]}}}]
        seed.save()
        seed.run("images", "mirror", "--to", own, "--from", sandbox()["registry"]["push"], "--insecure", own,
                 "--component", "/inky4")
        seed.run("up", "-y")
        # Bamboo's own rule for an app is its path; this one gives it everything.
        rule = urllib.request.Request(f"http://{seed.address['bamboo101']}:8000/api/services", method="POST",
                                      data=json.dumps({"id": "/inky4", "acl": "path_beg -i /"}).encode(),
                                      headers={"Content-Type": "application/json"})
        urllib.request.urlopen(rule, timeout=10).close()
        wait_for("both instances through the virtual address",
                 lambda: len({answers(f"http://{vip}/") for _ in range(6)} - {None}) == 2)
        seed.down()

    def test_002_names_for_tasks(self):
        seed = Seed("002", ["master1", "slave1", "slave2", "slave3"])
        seed.yml["components"]["mesos-dns"]["vars"] = {"resolvers": '"127.0.0.11"', "refresh": "2"}
        seed.yml["apps"][0]["container"]["docker"]["image"] = f"{seed.registry}/clusterctl/webapp:1"
        seed.save()
        seed.fill_registry("webapp=1")
        seed.up()
        for host in seed.node:
            self.assertTrue(seed.on(host, "head", "-1", "/etc/resolv.conf").strip().endswith(seed.address["slave1"]))

        def records(name):
            return {line.split()[0] for line in seed.on("slave3", "sh", "-c", f"getent ahostsv4 {name} || true").splitlines()}
        nginx = wait_for("two A records", lambda: len(records("nginx.marathon-0.7.6.mesos")) == 2 and
                         records("nginx.marathon-0.7.6.mesos"))
        self.assertTrue(nginx <= set(seed.address.values()))
        self.assertEqual(records("leader.mesos"), {seed.address["master"]})
        seed.down()

    def test_003_versions_by_tag(self):
        seed = Seed("003", ["master1", "master2", "master3", "slave1"])
        seed.fill_registry()
        status = seed.up()
        images = {i["component"]: i["image"] for i in status["instances"]}
        self.assertTrue(images["mesos-master"].endswith(":0.22.1-1.0.ubuntu1404"), images)
        self.assertTrue(images["marathon"].endswith(":v0.8.2"), images)
        seed.down()

    def consul(self, name, on, web_hosts):
        """Containers come and go by hand; Registrator, Consul Template and HAProxy follow."""
        seed = Seed(name, on)
        seed.fill_registry("webapp=1")
        seed.up()
        balancer = seed.address["n36"]
        webs = [(host, f"z00{n}") for n, host in enumerate(web_hosts, 1)]
        for host, web in webs:
            seed.on(host, "docker", "run", "-d", "-P", "--name", web, f"{seed.registry}/clusterctl/webapp:1")
        url = f"http://{balancer}/"
        wait_for("both webs behind HAProxy", lambda: len({answers(url) for _ in range(6)} - {None}) == 2)
        seed.on(webs[0][0], "docker", "rm", "-f", webs[0][1])
        wait_for("one web behind HAProxy", lambda: len({answers(url) for _ in range(6)}) == 1 and answers(url))
        seed.on(webs[1][0], "docker", "rm", "-f", webs[1][1])
        seed.down()

    def test_004_two_consuls(self):
        self.consul("004", ["slave1", "slave2"], ["n35", "n36"])

    def test_004_single(self):
        self.consul("004-single", ["slave1"], ["n36", "n36"])


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    c.call("sandbox", "up", "--masters", "3", "--slaves", "4", "--lbs", "3", "--only", "zookeeper", "--dir", c.dir)
    c.run_tests(failfast=False)
