"""Load balancers on real hosts: applications found by themselves, one address that survives what happens to its holders."""
import os
import re
import socket
import threading
import time
import unittest

from cluster import Cluster, docker, say, wait_for
from watch import Watch, ask

c = Cluster("balance")
LBS = ["lb1", "lb2"]
# A web server out of an image that the sandbox has anyway; it answers with its own name.
WEB = """cat >/tmp/web.cfg <<EOF
defaults
    mode http
    timeout client 5s
    timeout server 5s
    timeout connect 1s
frontend web
    bind :8000
    http-request return status 200 content-type text/plain string $WHO
EOF
exec haproxy -db -f /tmp/web.cfg"""


class Stranger(threading.Thread):
    """Speaks VRRP version 2 with a router id by multicast, from this machine's own address in the sandbox's network."""

    def __init__(self, router_id):
        super().__init__(daemon=True)
        self.stopping = threading.Event()
        own = socket.inet_aton(c.vip().rsplit(".", 1)[0] + ".1")
        self.words = bytes([0x21, router_id, 100, 1, 0, 1, 0, 0]) + own + bytes(8)
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
        self.socket.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, own)

    def run(self):
        while not self.stopping.wait(0.2):
            self.socket.sendto(self.words, ("224.0.0.18", 0))

    def __enter__(self):
        self.start()

    def __exit__(self, *_):
        self.stopping.set()
        self.join()
        self.socket.close()


def get():
    return ask(c.vip())


def watching(*names):
    return Watch(c.vip(), names)


def other(lb):
    return LBS[1 - LBS.index(lb)]


def run_web(host, name):
    c.on(host, "docker", "run", "-d", "--restart", "unless-stopped", "--name", name, "-p", "8000", "-e", f"WHO={name}",
         "-e", "SERVICE_NAME=web", "-e", "SERVICE_TAGS=http", "--user", "0", "--entrypoint", "sh",
         f"{c.hosts_registry()}/haproxy:2.6", "-c", WEB)


def servers(lb):
    """The servers in an LB's haproxy.cfg, by the names of their containers."""
    return set(re.findall(r"^ +server \S+:(\w+):8000 ", c.on(lb, "cat", "/etc/haproxy/haproxy.cfg"), re.M))


def answering(names):
    """Waits until both files name these and exactly these answer through the address."""
    began = time.monotonic()
    wait_for(f"{names} in haproxy.cfg", lambda: all(servers(lb) == set(names) for lb in LBS))
    wait_for(f"answers of {names}", lambda: {get() for _ in range(12)} == set(names))
    return time.monotonic() - began


class Balance(unittest.TestCase):
    """The tests run in the order of their names and build on each other."""

    def test_00_a_router_id_that_a_stranger_uses_is_refused(self):
        with Stranger(51):
            self.assertIn("speaks VRRP with router id 51", c.run("up", "-y", expect=3).err)
        self.assertEqual("".join(c.on(lb, "docker", "ps", "-aq") for lb in LBS), "")
        with Stranger(52):
            self.assertIn("1 ok", c.run("check", "--only", "vrid.unique", "-l", "lb1").out)

    def test_01_up(self):
        c.run("up", "-y")
        s = c.wait_until_healthy()
        self.assertEqual([i["host"] for i in s["instances"] if i["component"] == "keepalived" and i["leader"]], [c.holder()])

    def test_02_again_changes_nothing(self):
        before = [c.ids(lb) for lb in LBS]
        self.assertIn("nothing to do", c.run("plan").out)
        c.run("up", "-y")
        self.assertEqual(before, [c.ids(lb) for lb in LBS])

    def test_03_containers_are_found_and_answer(self):
        run_web("slave1", "web1")
        run_web("slave2", "web2")
        say(f"two containers answer through the address after {answering(['web1', 'web2']):.1f} s")
        c.wait_until_healthy()

    def test_04_to_three_and_back_without_a_wrong_answer(self):
        with watching("web1", "web2", "web3") as watch:
            run_web("slave1", "web3")
            say(f"the third answers after {answering(['web1', 'web2', 'web3']):.1f} s")
            c.on("slave1", "docker", "stop", "web3")
            say(f"it is out of every file {answering(['web1', 'web2']):.1f} s after its end")
        c.on("slave1", "docker", "rm", "web3")
        self.assertEqual(watch.wrong(), set())

    def test_05_a_killed_instance_heals(self):
        with watching("web1", "web2") as watch:
            c.on("slave1", "docker", "kill", "web1")
            say(f"out of every file after {answering(['web2']):.1f} s, {len(watch.bad())} of {len(watch.seen)} answers lost")
            c.on("slave1", "docker", "start", "web1")
            answering(["web1", "web2"])
        self.assertEqual(watch.wrong() - {"status 502", "status 503"}, set())

    def test_06_an_empty_list_leaves_the_last_good_file(self):
        c.on("slave1", "docker", "stop", "web1")
        answering(["web2"])
        before = c.on("lb1", "cat", "/etc/haproxy/haproxy.cfg")
        c.on("slave2", "docker", "stop", "web2")
        wait_for("the empty list", lambda: all("kept" in c.on(lb, "cat", "/etc/haproxy/rendered/verdict") for lb in LBS))
        self.assertEqual(before, c.on("lb1", "cat", "/etc/haproxy/haproxy.cfg"))
        for host, name in (("slave1", "web1"), ("slave2", "web2")):
            c.on(host, "docker", "start", name)
        answering(["web1", "web2"])

    def test_07_a_template_that_haproxy_refuses_is_rolled_back(self):
        text = c.text()
        c.write(text.replace("default_service: web", "balance: url_param, default_service: web"))
        with watching("web1", "web2") as watch:
            r = c.run("up", "-y", "--timeout", "15", expect=7)
        self.assertIn("refused: [ALERT]", r.err)
        self.assertIn("requires an URL parameter name", r.err)
        self.assertEqual(watch.bad(), [])
        c.write(text)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_08_an_address_outside_the_network_is_refused(self):
        text = c.text()
        c.write(text.replace(c.vip(), "203.0.113.5"))
        before = [c.ids(lb) for lb in LBS]
        self.assertIn("check vip.network", c.run("up", "-y", expect=3).err)
        self.assertEqual(before, [c.ids(lb) for lb in LBS])
        # Its gate would have told, too.
        r = c.run("up", "-y", "--timeout", "15", "--skip-check", "vip.network", expect=7)
        self.assertIn("is in no network of eth0", r.err)
        c.write(text)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_08b_a_source_that_begins_anew_is_judged_anew(self):
        # It renders the same text as before: HAProxy has judged that, and must say so again.
        with watching("web1", "web2") as watch:
            for lb in LBS:
                c.on(lb, "docker", "restart", c.container("consul-template"))
            c.wait_until_healthy(30)
        self.assertEqual(watch.bad(), [])

    def test_09_a_killed_haproxy_loses_the_address(self):
        first = c.holder()
        with watching("web1", "web2") as watch:
            watch.mark()
            c.on(first, "docker", "kill", c.container("haproxy"))
            watch.good_again()
        say(f"haproxy killed: answers again after {watch.took():.1f} s")
        self.assertEqual(watch.wrong(), set())
        self.assertEqual(c.holders(), [other(first)])
        with watching("web1", "web2") as watch:
            c.run("up", "-y")
            c.wait_until_healthy()
        # The one that returns does not take the address back.
        self.assertEqual(watch.bad(), [])
        self.assertEqual(c.holders(), [other(first)])

    def test_10_a_stopped_host_loses_the_address(self):
        first = c.holder()
        with watching("web1", "web2") as watch:
            watch.mark()
            docker("kill", c.node(first))
            watch.good_again()
        say(f"host gone: answers again after {watch.took():.1f} s")
        self.assertEqual(watch.wrong(), set())
        with watching("web1", "web2") as watch:
            docker("start", c.node(first))
            c.wait_until_healthy(90)
        self.assertEqual(watch.bad(), [])
        self.assertIn("nothing to do", c.run("plan").out)
        self.assertEqual(c.holders(), [other(first)])

    def test_11_a_rolling_change_ends_with_the_holder(self):
        last = c.holder()
        text = c.text()
        c.write(text.replace("keepalived: {vars: {", "keepalived: {container: {stop_timeout: 11}, vars: {"))
        with watching("web1", "web2") as watch:
            c.run("up", "-y")
        say(f"keepalived made anew everywhere: {watch.took():.1f} s without an answer")
        self.assertEqual(watch.wrong(), set())
        self.assertEqual(c.holders(), [other(last)])

    def test_12_a_running_one_does_not_take_up_a_stranger_s_router_id(self):
        before, text = [c.ids(lb) for lb in LBS], c.text()
        c.write(text.replace("keepalived: {container: {stop_timeout: 11}, vars: {",
                             "keepalived: {container: {stop_timeout: 11}, vars: {virtual_router_id: 77, "))
        with Stranger(77):
            self.assertIn("speaks VRRP with router id 77", c.run("up", "-y", expect=3).err)
        c.write(text)
        self.assertEqual(before, [c.ids(lb) for lb in LBS])

    def test_13_down_takes_the_address_along_from_a_killed_one_too(self):
        last = c.holder()
        c.on(last, "docker", "kill", c.container("keepalived"))
        wait_for("the address on the other", lambda: other(last) in c.holders())
        self.assertIn(last, c.holders())
        c.run("down", "--purge-data", "--confirm", c.status()["cluster"])
        self.assertEqual(c.holders(), [])
        for lb in LBS:
            left = c.on(lb, "sh", "-c", "ls -d /etc/haproxy /etc/keepalived /etc/consul-template 2>/dev/null || true")
            self.assertEqual(left.split(), [], lb)


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    say("sandbox of a master, 2 slaves and 2 load balancers")
    c.call("sandbox", "up", "--dir", c.dir, "--masters", "1", "--slaves", "2", "--lbs", "2", "--only",
           "consul,haproxy,keepalived,consul-template,registrator", "--versions",
           "haproxy=2.6,keepalived=2.0.20,consul-template=0.32.0,registrator=0.4.0")
    c.write(c.text().replace("components:\n", """components:
  consul-template: {vars: {default_service: web}}
"""))
    c.run_tests()
