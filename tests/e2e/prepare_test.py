"""Preparing hosts: one as the distribution leaves it, without an engine and behind a firewall, becomes a host of a cluster in
one run, and is itself again afterwards."""
import json
import os
import unittest

from cluster import Cluster, docker, listens, wait_for

c = Cluster("prepare")
HERE = os.path.dirname(os.path.abspath(__file__))
PREPARE = """
prepare:
  docker: apply
  firewall: {mode: apply, how: open, ports: [4000/udp]}
  sysctls: {mode: apply, values: {net.ipv4.ip_nonlocal_bind: 1}}
  hosts_file: apply
  hostname: check
"""
# A host that lets in ssh and what it asked for.
RULES = ["-P INPUT ACCEPT", "-F INPUT", "-A INPUT -i lo -j ACCEPT",
         "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
         "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT", "-P INPUT DROP"]


def bare_host():
    """A host like master1's, of an image without an engine; `sandbox down` removes it by its label."""
    image = "clusterctl/bare:1"
    docker("build", "-q", "--network", "host", "-t", image, "--build-arg", "BASE=clusterctl/node:1",
           os.path.join(HERE, "bare"))
    like = json.loads(docker("inspect", c.node("master1")))[0]
    (network, at), = like["NetworkSettings"]["Networks"].items()
    address = at["IPAddress"].rsplit(".", 1)[0] + ".200"
    args = ["run", "-d", "--name", c.node("master1").replace("master1", "bare"), "--hostname", "bare",
            "--network", network, "--ip", address, "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE",
            "--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined",
            "--cgroupns", "private", "--volume", "/var/lib/docker"]
    for name, value in like["Config"]["Labels"].items():
        if name.startswith("clusterctl.sandbox"):
            args += ["--label", f"{name}={value}"]
    for setting in like["Config"]["Env"]:
        if setting.split("=")[0] in ("AUTHORIZED_KEY", "REGISTRIES", "RESOLVER"):
            args += ["--env", setting]
    docker(*args, image)
    return address


def on(command):
    return c.on("bare", "sh", "-c", command)


class Prepare(unittest.TestCase):
    """The tests run in the order of their names and build on each other."""

    def test_01_without_an_engine_up_says_so_and_changes_nothing(self):
        c.address = bare_host()
        lines = c.text().splitlines()
        c.plain = "\n".join(line if "name: master1" not in line else f"  - {{name: bare, address: {c.address}}}"
                            for line in lines) + "\n"
        c.write(c.plain)
        wait_for("the bare host's sshd", lambda: listens(c.address, 22))
        for rule in RULES:
            on("iptables " + rule)
        c.rules = on("iptables -S INPUT")
        on("for i in $(seq 3000); do echo 127.0.0.1 blocked$i.example.org; done >>/etc/hosts")  # a block list of 90 KB
        c.hosts = on("cat /etc/hosts")
        self.assertIn("has no Docker engine that answers", c.run("plan", expect=3).out)
        r = c.run("up", "-y", expect=3)
        self.assertIn("prepare: {docker: apply}", r.err)
        self.assertIn("nothing was changed", r.err)

    def test_02_check_tells_and_changes_nothing(self):
        c.write(c.plain + PREPARE.replace("apply", "check"))
        out = c.run("plan", expect=3).out
        self.assertIn("Docker is not installed", out)
        self.assertIn("keeps out 2181/tcp, 2888/tcp, 3888/tcp, 4000/udp", out)
        self.assertIn("net.ipv4.ip_nonlocal_bind is 0, not 1", out)
        c.run("up", "-y", expect=3)
        self.assertEqual(on("iptables -S INPUT"), c.rules)

    def test_03_the_plan_shows_every_command(self):
        c.write(c.plain + PREPARE)
        r = c.run("plan")
        self.assertIn("apt-get -q -y install docker.io", r.out)
        self.assertIn("iptables -I INPUT -p tcp --dport 2181", r.out)
        self.assertLess(r.out.index("prepare docker"), r.out.index("zookeeper"))
        plan = c.run("plan", "-o", "json").json()
        self.assertEqual(plan["steps"][0]["action"], "prepare")
        self.assertEqual(on("iptables -S INPUT"), c.rules)

    def test_04_one_run_from_a_bare_host_to_a_healthy_cluster(self):
        self.assertFalse(listens(c.address, 2181))
        c.run("up", "-y")
        c.wait_until_healthy()
        self.assertTrue(on("docker version"))
        self.assertTrue(listens(c.address, 2181))
        self.assertEqual(on("cat /proc/sys/net/ipv4/ip_nonlocal_bind").strip(), "1")
        self.assertEqual(on("getent ahostsv4 bare").split()[0], c.address)
        self.assertEqual(set(c.hosts.splitlines()) - set(on("cat /etc/hosts").splitlines()), set())

    def test_05_again_there_is_nothing_to_do(self):
        before = c.ids("bare")
        self.assertIn("nothing to do", c.run("plan").out)
        c.run("up", "-y")
        self.assertEqual(c.ids("bare"), before)

    def test_06_a_rule_that_somebody_took_away_comes_back(self):
        before = c.ids("bare")
        on("iptables -D INPUT -p tcp --dport 2181 -m comment --comment clusterctl-"
           f"{c.status()['cluster']} -j ACCEPT")
        self.assertFalse(listens(c.address, 2181))
        c.run("up", "-y")
        self.assertTrue(listens(c.address, 2181))
        self.assertEqual(c.ids("bare"), before)

    def test_07_an_engine_that_does_not_answer(self):
        on("service docker stop")
        wait_for("the engine to be gone", lambda: "gone" in on("pidof dockerd || echo gone"))
        self.assertIn("does not run", c.run("down", "-y", expect=3).err)
        self.assertIn("Docker does not run: start it", c.run("plan").out)
        c.run("up", "-y")
        c.wait_until_healthy()

    def test_08_down_puts_back_what_can_be_put_back(self):
        name = c.status()["cluster"]
        c.run("down", "--purge-data", "--confirm", name)
        self.assertEqual(on("iptables -S INPUT"), c.rules)
        self.assertEqual(on("cat /etc/hosts"), c.hosts)
        self.assertEqual(on("cat /proc/sys/net/ipv4/ip_nonlocal_bind").strip(), "0")
        # The lock goes with the connection that held it: a moment after the program has ended.
        wait_for("nothing to be left", lambda: not on("ls -d /var/lib/clusterctl /etc/sysctl.d/*clusterctl* 2>/dev/null || true"),
                 10)
        self.assertTrue(on("docker version"), "Docker stays")

    def test_09_what_fails_is_told_and_the_next_run_goes_on(self):
        on("mv /usr/sbin/iptables /usr/sbin/iptables.real; cat >/usr/sbin/iptables <<'END'\n"
           "#!/bin/bash\n"
           "if [ \"$1\" = -I ]; then echo no such luck >&2; exit 3; fi\n"
           "exec -a iptables /usr/sbin/iptables.real \"$@\"\n"
           "END\nchmod +x /usr/sbin/iptables")
        r = c.run("up", "-y", expect=[1, 6])
        self.assertIn("no such luck", r.err)
        on("mv /usr/sbin/iptables.real /usr/sbin/iptables")
        c.run("up", "-y")
        c.wait_until_healthy()
        c.run("down", "--purge-data", "--confirm", c.status()["cluster"])
        self.assertEqual(on("iptables -S INPUT"), c.rules)


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    c.call("sandbox", "up", "--dir", c.dir, "--masters", "1", "--slaves", "0", "--only", "zookeeper")
    c.run_tests()
