"""A sandbox on a machine that others use, too: nobody but who made it (and root) reaches its hosts or its registry."""
import json
import os
import subprocess
import sys
import unittest

from cluster import Cluster, docker

c = Cluster("alone")
NOBODY = 65534
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)"


def reaches(place, user):
    host, port = place
    return subprocess.run([sys.executable, "-c", CONNECT, host, str(port)], user=user, cwd="/", capture_output=True).returncode == 0


def chains():
    rules = subprocess.run(["iptables", "-S"], capture_output=True, text=True, check=True).stdout
    return [line for line in rules.splitlines() if "CCTL-" in line and chain() in line]


def chain():
    with open(os.path.join(c.dir, "sandbox.json")) as f:
        return "CCTL-" + json.load(f)["id"]


def addresses_of(container):
    form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}"
    return docker("inspect", "-f", form, container).split()


class Alone(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        c.call("sandbox", "up", "--dir", c.dir, "--masters", "1", "--slaves", "0", "--only", "zookeeper")
        c.run("up", "-y")

    def places(self):
        published = c.registry().rsplit(":", 1)
        return {"the published registry": (published[0], int(published[1])),
                **{f"the registry at {a}": (a, 5000) for a in addresses_of(c.node("registry"))},
                "sshd of a host": (c.address("master1"), 22),
                "a component of a host": (c.address("master1"), 2181)}

    def test_1_only_we_reach_it(self):
        for what, place in self.places().items():
            with self.subTest(what):
                self.assertTrue(reaches(place, os.geteuid()), "we do not reach it")
                self.assertFalse(reaches(place, NOBODY), "anybody reaches it")

    def test_2_other_containers_do_not_reach_its_registry(self):
        image = docker("inspect", "-f", "{{.Config.Image}}", c.node("master1"))
        for address in addresses_of(c.node("registry")):
            p = subprocess.run(["docker", "run", "--rm", "--entrypoint", "bash", image.strip(), "-c",
                                f"timeout 5 bash -c '</dev/tcp/{address}/5000'"], capture_output=True)
            self.assertNotEqual(p.returncode, 0)
        self.assertEqual(subprocess.run(["docker", "exec", c.node("master1"), "bash", "-c", f"</dev/tcp/{c.hosts_registry().split(':')[0]}/5000"]).returncode, 0)

    def test_3_nothing_is_open_to_the_network(self):
        listed = docker("ps", "--filter", f"label=clusterctl.sandbox={chain().split('-')[1]}", "--format", "{{.Ports}}")
        self.assertNotIn("0.0.0.0", listed)
        self.assertNotIn("[::]", listed)

    def test_4_a_second_up_changes_no_rule_and_down_leaves_none(self):
        before = chains()
        self.assertTrue(before)
        c.call("sandbox", "up", "--dir", c.dir, "--only", "zookeeper")
        self.assertEqual(sorted(chains()), sorted(before))
        mine = chain()
        c.call("sandbox", "down", "--dir", c.dir)
        rules = subprocess.run(["iptables", "-S"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn(mine, rules)
        self.assertEqual(docker("network", "ls", "-q", "--filter", "label=clusterctl.sandbox=" + mine.split("-")[1]), "")


if __name__ == "__main__":
    c.run_tests()
