"""One web app through everything: Marathon starts it, Registrator tells Consul, BIND answers its name inside containers, Consul Template
renders it into HAProxy, and the virtual address answers, whatever happens to any of them."""
import os
import time
import unittest

from cluster import Cluster, docker, say, wait_for
from watch import Watch, ask

c = Cluster("whole")
MORE = "env: {SERVICE_NAME: web, SERVICE_TAGS: http}"
FAILOVER = {"status 502", "status 503"}  # a request in the hands of what was killed


def records():
    """What a container on a slave gets for the app's name from BIND."""
    image = c.on("slave1", "docker", "inspect", "-f", "{{.Config.Image}}", "cctl-whole-consul-client").strip()
    out = c.on("slave1", "sh", "-c", f"docker run --rm --dns {c.address('master1')} --entrypoint getent {image} "
                                     "ahostsv4 web.service.consul || true")
    return {line.split()[0] for line in out.splitlines()}


def answering(count):
    """Waits until so many instances answer, by name and through the address; returns their tasks."""
    began = time.monotonic()
    seen = wait_for(f"{count} instances through the address",
                    lambda: (lambda found: found if len(found) == count and all(b and b.startswith("web.") for b in found)
                             else None)({ask(c.vip()) for _ in range(4 * count)}))
    through = time.monotonic() - began
    wait_for(f"{count} addresses of the name", lambda: len(records()) == count)
    say(f"{count} instances: through the address after {through:.1f} s, by name after {time.monotonic() - began:.1f} s")
    return seen


class Whole(unittest.TestCase):
    """The tests run in the order of their names and build on each other."""

    def test_01_up(self):
        c.run("up", "-y")
        c.wait_until_healthy()
        self.assertIn("nothing to do", c.run("plan").out)

    def test_02_the_app_is_found(self):
        self.assertEqual(len(answering(2)), 2)

    def test_03_three_and_back(self):
        with Watch(c.vip(), ["web."]) as watch:
            c.run("app", "scale", "web", "3")
            answering(3)
            c.run("app", "scale", "web", "2")
            answering(2)
        say(f"{len(watch.bad())} of {len(watch.seen)} answers lost while scaling")
        self.assertEqual(watch.wrong() - FAILOVER, set())

    def test_04_a_killed_instance(self):
        before = answering(2)
        with Watch(c.vip(), ["web."]) as watch:
            victim = next(host for host in ("slave1", "slave2", "slave3")
                          if c.on(host, "docker", "ps", "-q", "--filter", "name=^mesos-").split())
            c.on(victim, "sh", "-c", "docker kill $(docker ps -q --filter name=^mesos- | head -1)")
            wait_for("another instance", lambda: len({ask(c.vip()) for _ in range(8)} - before - {None}) > 0)
            after = answering(2)
        say(f"{len(watch.bad())} of {len(watch.seen)} answers lost with the instance")
        self.assertNotEqual(before, after)
        self.assertEqual(watch.wrong() - FAILOVER, set())

    def test_05_a_killed_haproxy(self):
        first = c.holder()
        with Watch(c.vip(), ["web."]) as watch:
            watch.mark()
            c.on(first, "docker", "kill", c.container("haproxy"))
            watch.good_again()
        say(f"haproxy killed: answers again after {watch.took():.1f} s")
        self.assertEqual(watch.wrong() - FAILOVER, set())
        self.assertNotIn(first, c.holders())
        c.run("up", "-y")

    def test_06_a_stopped_host(self):
        first = c.holder()
        with Watch(c.vip(), ["web."]) as watch:
            watch.mark()
            docker("kill", c.node(first))
            watch.good_again()
        say(f"host gone: answers again after {watch.took():.1f} s")
        self.assertEqual(watch.wrong() - FAILOVER, set())
        docker("start", c.node(first))
        c.wait_until_healthy(120)
        answering(2)

    def test_07_down_ends_the_app_too(self):
        c.run("down", "--purge-data", "--confirm", "whole")
        for host in ("slave1", "slave2", "slave3"):
            self.assertEqual(c.on(host, "docker", "ps", "-q").split(), [], host)


if __name__ == "__main__":
    os.makedirs(os.environ["CCTL_E2E_DIR"], exist_ok=True)
    say("sandbox of a master, 3 slaves and 2 load balancers")
    c.call("sandbox", "up", "--dir", c.dir, "--masters", "1", "--slaves", "3", "--lbs", "2", "--versions",
           "haproxy=2.6,keepalived=2.0.20,consul-template=0.32.0,registrator=0.4.0")
    # Requests whose Host names no service go to the app.
    c.write(c.text().replace("components:\n", "components:\n  consul-template: {vars: {default_service: web}}\n") + "apps:\n" + c.web_app(MORE))
    c.call("sandbox", "up", "--dir", c.dir)
    c.run_tests()
