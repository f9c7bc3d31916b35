"""Upgrades on real hosts: leader last, no acknowledged write lost, a bad image rolled back."""
import http.client
import json
import os
import re
import subprocess
import threading
import time
import unittest

from kazoo.client import KazooClient

from cluster import Cluster, docker, say
from leaders import Leaders

c = Cluster("upgrade")


class Writer(threading.Thread):
    """Writes numbered znodes as fast as they are acknowledged, through whatever the ensemble does meanwhile."""

    def __init__(self, hosts):
        super().__init__(daemon=True)
        self.acknowledged, self.stopping = [], threading.Event()
        self.client = KazooClient(hosts=hosts, timeout=10)

    def run(self):
        self.client.start(timeout=30)
        self.client.ensure_path("/writes")
        n = 0
        while not self.stopping.is_set():
            n += 1
            try:
                self.client.create(f"/writes/{n:08d}", str(n).encode())
                self.acknowledged.append(n)
            except Exception:  # not acknowledged: nothing was promised
                time.sleep(0.05)

    def finish(self):
        self.stopping.set()
        self.join(30)
        self.client.stop()
        return self.acknowledged


class KeyWriter(threading.Thread):
    """Puts numbered keys through any Consul server that takes them; acknowledged is what was answered with "true"."""

    def __init__(self, addresses):
        super().__init__(daemon=True)
        self.addresses, self.acknowledged, self.stopping = list(addresses), [], threading.Event()

    def run(self):
        n = 0
        while not self.stopping.is_set():
            n += 1
            address = self.addresses[0]
            try:
                link = http.client.HTTPConnection(address, 8500, timeout=5)
                link.request("PUT", f"/v1/kv/writes/{n:08d}", str(n))
                if link.getresponse().read().strip() == b"true":
                    self.acknowledged.append(n)
                    continue
            except (OSError, http.client.HTTPException):
                pass
            finally:
                link.close()
            self.addresses.append(self.addresses.pop(0))  # not acknowledged: the next server

    def finish(self):
        self.stopping.set()
        self.join(30)
        return self.acknowledged


def zk_hosts():
    return ",".join(f"{address}:2181" for address in c.addresses("master"))


def push_image(name, entrypoint):
    """An image of this name in the hosts' registry, which runs something else than its component."""
    image = f"{c.registry()}/{name}"
    recipe = f"FROM zookeeper:3.9.3\nENTRYPOINT {json.dumps(entrypoint)}\nCMD []\n"
    subprocess.run(["docker", "build", "-q", "-t", image, "-"], input=recipe, text=True, check=True, stdout=subprocess.DEVNULL)
    docker("push", "-q", image)


class Upgrade(unittest.TestCase):
    def leader_was_last(self, leaders):
        """Each member was stopped once, and the last was who led then: an ensemble may elect anew between two turns."""
        stopped = leaders.stopped()
        self.assertEqual(sorted(host for _, host in stopped), sorted(leaders.hosts.values()))
        moment, last = stopped[-1]
        self.assertEqual(last, leaders.led(moment), f"stopped: {stopped}")
        for moment, host in stopped[:-1]:
            self.assertNotEqual(host, leaders.led(moment), f"stopped: {stopped}")

    def test_01_up_with_the_old_versions(self):
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_02_zookeeper_rolls_with_the_leader_last_and_loses_no_write(self):
        writer = Writer(zk_hosts())
        writer.start()
        with Leaders(c, "zookeeper") as leaders:
            c.run("upgrade", "--zookeeper", "3.8.0", "-y")
        acknowledged = writer.finish()
        self.assertEqual({i["version"] for i in c.instances("zookeeper")}, {"3.8.0"})
        self.leader_was_last(leaders)
        self.assertGreater(len(acknowledged), 100)
        client = KazooClient(hosts=zk_hosts(), timeout=10)
        client.start(timeout=30)
        there = {int(n) for n in client.get_children("/writes")}
        client.stop()
        say(f"{len(acknowledged)} writes acknowledged during the upgrade")
        self.assertEqual(set(acknowledged) - there, set())

    def test_03_the_inventory_has_the_new_version_and_its_comments(self):
        text = c.text()
        self.assertIn("3.8.0", text)
        self.assertIn("# the nodes make their keys", text)
        self.assertIn("nothing to do", c.run("plan").out)

    def test_04_mesos_masters_then_slaves_leader_last(self):
        with Leaders(c, "mesos-master") as leaders:
            c.run("upgrade", "--mesos", "1.0.1", "-y")
        s = c.wait_until_healthy()
        versions = {i["component"]: i["version"] for i in s["instances"]}
        self.assertEqual((versions["mesos-master"], versions["mesos-slave"]), ("1.0.1", "1.0.1"))
        self.leader_was_last(leaders)

    def test_041_consul_rolls_with_the_leader_last_and_loses_no_key(self):
        writer = KeyWriter(c.addresses("master"))
        writer.start()
        with Leaders(c, "consul") as leaders:
            c.run("upgrade", "--consul", "1.10.12", "-y")
        acknowledged = writer.finish()
        self.assertEqual({i["version"] for i in c.instances("consul") + c.instances("consul-client")}, {"1.10.12"})
        self.leader_was_last(leaders)
        self.assertGreater(len(acknowledged), 100)
        link = http.client.HTTPConnection(c.addresses("master")[0], 8500, timeout=30)
        link.request("GET", "/v1/kv/writes/?keys")
        there = {int(key.rsplit("/", 1)[1]) for key in json.load(link.getresponse())}
        say(f"{len(acknowledged)} keys acknowledged during the upgrade")
        self.assertEqual(set(acknowledged) - there, set())
        c.wait_until_healthy()

    def test_05_lowering_is_refused(self):
        r = c.run("upgrade", "--zookeeper", "3.4.13", "-y", expect=8)
        self.assertIn("--allow-downgrade", r.err)
        self.assertIn("3.8.0", c.text())

    def test_06_no_member_stops_while_another_does_not_serve(self):
        leader = c.leader("zookeeper")
        frozen, changed = (i["host"] for i in c.instances("zookeeper") if i["host"] != leader)
        name = c.container("zookeeper")
        c.on(frozen, "docker", "kill", "-s", "STOP", name)
        c.on(changed, "sh", "-c", "echo '# by hand' >> /etc/zookeeper/conf/zoo.cfg")
        before = c.ids(changed)
        try:
            r = c.run("up", "-y", expect=8)
            self.assertIn("would leave 1 of 3 healthy, 2 are needed", r.err)
            self.assertEqual(before, c.ids(changed))
        finally:
            c.on(frozen, "docker", "kill", "-s", "CONT", name)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_061_a_stopped_member_is_repaired_before_any_other_stops(self):
        leader = c.leader("zookeeper")
        victim = next(i["host"] for i in c.instances("zookeeper") if i["host"] != leader)
        c.on(victim, "docker", "pause", c.container("zookeeper"))
        with Leaders(c, "zookeeper") as leaders:
            c.run("upgrade", "--zookeeper", "3.9.3", "-y")
        self.assertEqual(leaders.stopped()[0][1], victim)
        self.leader_was_last(leaders)
        self.assertEqual({i["version"] for i in c.instances("zookeeper")}, {"3.9.3"})

    def test_07_an_image_that_never_gets_healthy_is_rolled_back(self):
        before = {i["host"]: i["version"] for i in c.instances("zookeeper")}
        text = c.text()
        # An image that starts and serves nothing, under a tag of its own.
        push_image("zookeeper:3.9.99", ["sleep", "infinity"])
        r = c.run("upgrade", "--zookeeper", "3.9.99", "-y", "--timeout", "20", "-o", "json", expect=7)
        self.assertIn("3.9.3", r.err)
        run = r.json()
        self.assertEqual((run["schema"], run["command"], run["exit_code"]), ("clusterctl.run/1", "upgrade", 7))
        self.assertEqual([(s["component"], s["action"], s["outcome"]) for s in run["steps"]
                          if s["action"] != "pull" and s["outcome"] != "skipped"], [("zookeeper", "recreate", "rolled back")])
        self.assertEqual([f["component"] for f in run["failures"]], ["zookeeper"])
        s = c.wait_until_healthy()
        self.assertEqual({i["host"]: i["version"] for i in s["instances"] if i["component"] == "zookeeper"}, before)
        self.assertEqual(c.text(), text)  # nothing of it stands, so the inventory says what runs
        self.assertIn("has the old versions again", r.err)
        self.assertIn("nothing to do", c.run("plan").out)

    def test_071_what_was_put_back_is_asked_at_its_old_port(self):
        text = c.text()
        push_image("mesosphere/marathon:v1.1.9", ["sleep", "infinity"])
        said = "  marathon: {ports: {http: 8090}}\n"
        moved = re.sub(r"(?m)^components:\n|\Z", lambda at: (at.group() or "components:\n") + said, text, count=1)
        c.write(moved)
        r = c.run("upgrade", "--marathon", "1.1.9", "-y", "--timeout", "20", expect=7)
        self.assertIn("the old container runs again and is ready; the roll stopped here", r.err)
        c.write(moved)  # what others know of the new port stands, and so does the version
        c.run("up", "-y")
        c.wait_until_healthy()
        c.write(text)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_08_an_image_that_crashes_is_not_waited_for(self):
        text = c.text()
        push_image("zookeeper:3.9.98", ["sh", "-c", "echo starting; echo 'error: nothing works' >&2; exit 3"])
        begun = time.monotonic()
        r = c.run("upgrade", "--zookeeper", "3.9.98", "-y", expect=7)
        self.assertLess(time.monotonic() - begun, 60)  # its gate would wait for 90 s
        self.assertIn("does not run: it crashed", r.err)
        self.assertIn("exit code 3", r.err)
        self.assertIn("| error: nothing works", r.err)
        c.wait_until_healthy()
        self.assertEqual(c.text(), text)


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    c.call("sandbox", "up", "--dir", c.dir, "--versions", "zookeeper=3.4.13,mesos=0.28.1,consul=1.8.19")
    # The versions that the upgrades go to must be in the registry as well.
    c.call("sandbox", "up", "--dir", c.dir, "--versions", "zookeeper=3.8.0,mesos=1.0.1,consul=1.10.12")
    c.call("sandbox", "up", "--dir", c.dir, "--versions", "zookeeper=3.9.3,mesos=1.0.1")
    c.call("sandbox", "up", "--dir", c.dir, "--versions", "zookeeper=3.4.13,mesos=0.28.1,consul=1.8.19")
    c.run_tests()
