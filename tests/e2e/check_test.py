"""clusterctl check on real hosts: nothing failed on fresh ones, then one thing spoilt at a time, each found by its name."""
import os
import unittest

from cluster import Cluster, say, wait_for

c = Cluster("check")


def found(*args, expect):
    """(verdict, name, host, text) of everything that is not in order."""
    checks = c.run("check", "-o", "json", *args, expect=expect).json()["checks"]
    return [(f["verdict"], f["name"], f["host"], f["text"]) for f in checks if f["verdict"] in ("failed", "warning")]


class Check(unittest.TestCase):
    def failed(self, name, host, *args):
        """The one failure that there is to be; its text."""
        seen = [f for f in found(*args, expect=3) if f[0] == "failed"]
        self.assertEqual([f[1:3] for f in seen], [(name, host)], seen)
        return seen[0][3]

    def test_01_fresh_hosts_fail_nothing(self):
        self.assertEqual([f for f in found(expect=0) if f[0] == "failed"], [])
        r = c.run("check", "-v")
        self.assertRegex(r.out, r"checks on 2 hosts: \d+ ok")
        self.assertIn("not yet listening", r.out)
        self.assertRegex(r.out, r"images\.pullable +\d images are there, \d can be pulled")

    def test_02_a_taken_port_is_named_with_its_holder_and_stops_up(self):
        c.on("master1", "sh", "-c", "perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new(LocalPort => 8080, Listen => 1); "
                                    "sleep' >/dev/null 2>&1 & echo $! > /tmp/listener")
        try:
            wait_for("the listener", lambda: ":1F90 " in c.on("master1", "cat", "/proc/net/tcp"))
            text = self.failed("ports.free", "master1")
            self.assertRegex(text, "port 8080, which marathon needs for http, is held by perl")
            self.assertEqual([f[0] for f in found("--skip", "ports.free", expect=0) if f[0] == "failed"], [])
            before = c.ids("master1")
            r = c.run("up", "-y", expect=3)
            self.assertIn("ports.free", r.err)
            self.assertIn("clusterctl check", r.err)
            self.assertEqual(c.ids("master1"), before)
        finally:
            c.on("master1", "sh", "-c", "kill $(cat /tmp/listener)")

    def test_03_a_daemon_json_that_does_not_parse(self):
        c.on("slave1", "sh", "-c", "cp /etc/docker/daemon.json /tmp/kept && echo '{' > /etc/docker/daemon.json")
        try:
            self.assertIn("/etc/docker/daemon.json", self.failed("docker.daemon_json", "slave1"))
        finally:
            c.on("slave1", "cp", "/tmp/kept", "/etc/docker/daemon.json")

    def test_04_two_hosts_of_one_name(self):
        c.on("slave1", "hostname", "master1")
        try:
            self.assertIn("master1, slave1", self.failed("hostname.unique", None, "--only", "hostname.unique,ip.unique"))
        finally:
            c.on("slave1", "hostname", "slave1")

    def test_05_an_image_that_is_nowhere(self):
        text = c.text()
        c.write(text.replace("\nimages: {", "\nimages: {zookeeper: \"198.18.255.1:5000/nothing:1\", "))
        self.assertNotEqual(text, c.text())
        try:
            self.assertIn("nothing:1 cannot be pulled", self.failed("images.pullable", "master1"))
        finally:
            c.write(text)

    def test_06_fix_sets_what_it_says(self):
        c.on("slave1", "sysctl", "-qw", "net.ipv4.ip_forward=0")
        self.failed("sysctl", "slave1", "--only", "sysctl")
        r = c.run("check", "--only", "sysctl", "--fix")
        self.assertIn("mended sysctl on slave1", r.err)
        self.assertEqual(c.on("slave1", "cat", "/proc/sys/net/ipv4/ip_forward").strip(), "1")
        self.assertIn("net.ipv4.ip_forward = 1", c.on("slave1", "cat", "/etc/sysctl.d/60-clusterctl-check.conf"))

    def test_061_nothing_is_mended_beside_another_run(self):
        directory = f"/var/lib/clusterctl/{c.status()['cluster']}"
        c.on("slave1", "sysctl", "-qw", "net.ipv4.ip_forward=0")
        c.on("master1", "sh", "-c", f"mkdir -p -m 0700 {directory}; cd {directory}; echo somebody > holder; "
                                    "exec 9>>lock; flock 9; sleep 600 >/dev/null 2>&1 & echo $! > /tmp/locker")
        try:
            wait_for("the lock", lambda: c.on("master1", "sh", "-c", f"flock -n {directory}/lock true || echo taken"))
            r = c.run("check", "--only", "sysctl", "--fix", expect=5)
            self.assertIn("another run is under way: somebody", r.err)
            self.assertEqual(c.on("slave1", "cat", "/proc/sys/net/ipv4/ip_forward").strip(), "0")
        finally:
            c.on("master1", "sh", "-c", f"kill $(cat /tmp/locker); rm -r {directory}")
        c.run("check", "--only", "sysctl", "--fix")

    def test_07_an_unknown_name(self):
        r = c.run("check", "--only", "port.free", expect=2)
        self.assertIn('did you mean "ports.free"?', r.err)


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    say("sandbox of 1 master and 1 slave")
    c.call("sandbox", "up", "--dir", c.dir, "--masters", "1", "--slaves", "1")
    c.run_tests()
