"""A sandbox on a machine that others use, too, in a network with others: nobody but who made it (and root) reaches its hosts or its registry."""
import contextlib
import json
import os
import socket
import subprocess
import sys
import unittest

from cluster import Cluster, docker

c = Cluster("alone")
NOBODY = 65534
OUR_END = "203.0.113.1"
CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), timeout=5)"


def reaches(place, user):
    host, port = place
    return subprocess.run([sys.executable, "-c", CONNECT, host, str(port)], user=user, cwd="/", capture_output=True).returncode == 0


def rules():
    return "".join(subprocess.run(["iptables", "-w", "-t", table, "-S"], capture_output=True, text=True, check=True).stdout
                   for table in ("filter", "mangle"))


def chains():
    return [line for line in rules().splitlines() if chain() in line]


@contextlib.contextmanager
def neighbour():
    """Another machine of our network, which takes us for the way to every sandbox; the words that run something there."""
    with subprocess.Popen(["unshare", "--net", "sh", "-c", "echo up; exec sleep 600"], stdout=subprocess.PIPE) as machine:
        try:
            machine.stdout.readline()
            there = ["nsenter", "--net", "--target", str(machine.pid)]
            for words in (["ip", "link", "add", "alone0", "type", "veth", "peer", "name", "eth0", "netns", str(machine.pid)],
                          ["ip", "address", "add", OUR_END + "/30", "dev", "alone0"], ["ip", "link", "set", "alone0", "up"],
                          [*there, "ip", "address", "add", "203.0.113.2/30", "dev", "eth0"], [*there, "ip", "link", "set", "eth0", "up"],
                          [*there, "ip", "route", "add", "198.18.0.0/16", "via", OUR_END]):
                subprocess.run(words, check=True)
            yield there
        finally:
            machine.kill()  # its cable goes with it


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

    def test_3_other_machines_do_not_reach_it(self):
        with neighbour() as there, socket.create_server((OUR_END, 0)) as open_to_it:
            def reached(place):
                return subprocess.run([*there, sys.executable, "-c", CONNECT, place[0], str(place[1])], capture_output=True).returncode == 0

            self.assertTrue(reached(open_to_it.getsockname()), "it does not reach us at all")
            for what, place in self.places().items():
                if place[0] != "127.0.0.1":
                    with self.subTest(what):
                        self.assertFalse(reached(place))
        image = docker("exec", c.node("master1"), "docker", "ps", "--format", "{{.Image}}").split()[0]
        docker("exec", c.node("master1"), "docker", "pull", image)

    def test_4_nothing_is_open_to_the_network(self):
        listed = docker("ps", "--filter", f"label=clusterctl.sandbox={chain().split('-')[1]}", "--format", "{{.Ports}}")
        self.assertNotIn("0.0.0.0", listed)
        self.assertNotIn("[::]", listed)

    def test_5_a_second_up_changes_no_rule_and_down_leaves_none(self):
        before = chains()
        self.assertTrue(before)
        c.call("sandbox", "up", "--dir", c.dir, "--only", "zookeeper")
        self.assertEqual(sorted(chains()), sorted(before))
        mine = chain()
        c.call("sandbox", "down", "--dir", c.dir)
        self.assertNotIn(mine, rules())
        self.assertEqual(docker("network", "ls", "-q", "--filter", "label=clusterctl.sandbox=" + mine.split("-")[1]), "")


if __name__ == "__main__":
    c.run_tests()
