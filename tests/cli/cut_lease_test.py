"""Two runs over one cluster, and a cable that is pulled: the first knows that it is no longer alone before the second can begin."""
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from hostile_host import Engine, listening, reply

BINARY = os.environ["CCTL_BIN"]
LOCK = "/var/lib/clusterctl/c/lock"
# Both hosts are this machine, in a file system of the test's own.
SKIPPED = [word for check in ("disk.persistent", "ip.unique", "hostname.unique") for word in ("--skip-check", check)]
PULLED = reply(b'{"status":"Status: Downloaded newer image"}\n')


def sh(line):
    subprocess.run(line, shell=True, check=True)


def wait_for(what, seconds, why):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            raise AssertionError(f"in {seconds} s not: {why()}")
        time.sleep(0.05)


class Holding(Engine):
    """An engine whose pulls end when they are told to."""

    def __init__(self, path, containers):
        self.go_on = threading.Event()
        super().__init__(path, {"/images/create": self.pull, "/containers/json": json.dumps(containers).encode()})

    def pull(self, connection, over):
        self.go_on.wait()
        connection.sendall(PULLED)

    def changed(self):
        return [line for line in self.asked if not line.startswith("GET")]


class Cut(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.dir = self.work.name
        for key in "user", "host":
            sh(f"ssh-keygen -q -t ed25519 -N '' -f {self.dir}/{key}")
        os.rename(f"{self.dir}/user.pub", f"{self.dir}/authorized")
        # The first run's machine: one way to each host, so that one alone can be cut.
        self.away = subprocess.Popen(["unshare", "--net", "sleep", "infinity"])
        self.there = f"nsenter --net=/proc/{self.away.pid}/ns/net"
        own = os.readlink("/proc/self/ns/net")
        wait_for(lambda: os.readlink(f"/proc/{self.away.pid}/ns/net") != own, 10, lambda: "another network")
        for n in 2, 3:
            sh(f"ip link add a{n} type veth peer name b{n} netns {self.away.pid} && ip address add 10.78.{n}.1/24 dev a{n} && ip link set a{n} up")
            sh(f"{self.there} sh -c 'ip address add 10.78.{n}.2/24 dev b{n} && ip link set b{n} up && ip route add 10.77.0.{n} via 10.78.{n}.1'")
        with listening("10.77.0.2") as free:
            self.port = free.getsockname()[1]
        with open(f"{self.dir}/sshd_config", "w") as out:
            out.write(f"ListenAddress 10.77.0.2:{self.port}\nListenAddress 10.77.0.3:{self.port}\nHostKey {self.dir}/host\nUsePAM no\n"
                      f"AuthorizedKeysFile {self.dir}/authorized\nStrictModes no\nPermitRootLogin yes\nPidFile none\n")
        os.makedirs("/run/sshd", exist_ok=True)
        self.sshd = subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", f"{self.dir}/sshd_config", "-E", f"{self.dir}/sshd.log"],
                                     stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def tearDown(self):
        # A session whose connection is cut would wait for hours.
        for child in subprocess.run(["pgrep", "-P", str(self.sshd.pid)], capture_output=True, text=True).stdout.split():
            os.kill(int(child), signal.SIGTERM)
        for process in self.sshd, self.away:
            process.terminate()
            process.wait()
        self.work.cleanup()

    def up(self, name, *before, containers=()):
        """A run of `up`, with engines of its own, so that it is known who asked for what."""
        engines = [Holding(f"{self.dir}/{name}{n}.sock", containers) for n in (2, 3)]
        hosts = [f"[{{name: h{n}, address: 10.77.0.{n}, ssh: {{docker_host: 'unix://{self.dir}/{name}{n}.sock'}}}}]" for n in (2, 3)]
        with open(f"{self.dir}/{name}.yml", "w") as out:
            out.write(f"cluster: c\nversions: {{consul: 1.8.7}}\nmasters: {hosts[0]}\nslaves: {hosts[1]}\n"
                      f"ssh: {{user: root, port: {self.port}, key: {self.dir}/user, config: none, known_hosts: {self.dir}/known, "
                      "host_key: accept-new, agent: false}\n")
        env = {k: v for k, v in os.environ.items() if not k.startswith("CLUSTERCTL_") and k != "SSH_AUTH_SOCK"}
        env.update(HOME=self.dir, XDG_STATE_HOME=f"{self.dir}/{name}.state", NO_COLOR="1")
        log = open(f"{self.dir}/{name}.log", "w")
        process = subprocess.Popen([*before, BINARY, "up", f"{self.dir}/{name}.yml", "-y", *SKIPPED], env=env, cwd=self.dir, stdin=subprocess.DEVNULL,
                                   stdout=log, stderr=log)
        log.close()
        self.addCleanup(lambda: (process.kill(), process.wait()))
        return process, engines

    def said(self, name):
        with open(f"{self.dir}/{name}.log") as log:
            return log.read()

    def test_forged_labels(self):
        """Who may start containers labels one of his own as ours: it holds nothing up, is not touched, and is told once."""
        labels = {"clusterctl.cluster": "c", "clusterctl.component": "consul", "clusterctl.version": "9", "clusterctl.spec": "0" * 64}
        forged = [{"Id": number * 64, "Names": [f"/{name}"], "Image": "i", "ImageID": "sha256:1", "State": "running", "Status": "Up 2 hours",
                   "Labels": labels} for number, name in (("e", "mine"), ("f", "cctl-c-consul.copy"))]
        run, (master, slave) = self.up("forged", containers=forged)
        wait_for(lambda: master.changed() and slave.changed(), 60, lambda: "images were asked for\n" + self.said("forged"))
        run.send_signal(signal.SIGTERM)
        for engine in master, slave:
            engine.go_on.set()
        run.wait(60)
        for line in master.asked + slave.asked:
            self.assertNotRegex(line, "eeee|ffff|mine|copy")
        for host in "h2", "h3":
            told = f"the containers mine, cctl-c-consul.copy of {host} have the labels of c and not the name of any"
            self.assertEqual(self.said("forged").count(told), 1, self.said("forged"))

    def is_free(self):
        # Who gives it back takes the file away, where nothing else was written.
        return not os.path.exists(LOCK) or subprocess.run(["flock", "-n", LOCK, "true"], stderr=subprocess.DEVNULL).returncode == 0

    def test_two(self):
        first, (master, slave) = self.up("one", *self.there.split())
        wait_for(lambda: slave.changed() and master.changed(), 60, lambda: "the first asked for images\n" + self.said("one"))
        self.assertFalse(self.is_free())
        second, _ = self.up("two")
        self.assertEqual(second.wait(60), 5, self.said("two"))
        self.assertIn(f"pid {first.pid}, up", self.said("two"))

        # From here on it is the lease alone that holds the first back.
        master.go_on.set()
        wait_for(lambda: "ok  h2" in self.said("one"), 60, lambda: "one image is there\n" + self.said("one"))
        before = master.changed() + slave.changed()
        sh("ip link set a2 down")
        # The way to the other host is open, and what the first waits for there comes in the moment in which the lease is free.
        wait_for(self.is_free, 60, lambda: "the lease is free again")
        slave.go_on.set()
        code = first.wait(120)
        self.assertIn("the lease was lost", self.said("one"))
        self.assertEqual(code, 1, self.said("one"))
        self.assertEqual(master.changed() + slave.changed(), before)

        second, engines = self.up("two")
        wait_for(lambda: all(e.changed() for e in engines), 60, lambda: "the second has the lease\n" + self.said("two"))
        self.assertFalse(self.is_free())
        second.send_signal(signal.SIGTERM)
        for engine in engines:
            engine.go_on.set()
        second.wait(60)


if __name__ == "__main__":
    # In a network of its own: hosts are no hosts on 127.0.0.0/8, and what is cut is nobody else's. What is kept on hosts is, too.
    if "CCTL_INSIDE" not in os.environ:
        os.environ["CCTL_INSIDE"] = "1"
        os.execvp("unshare", ["unshare", "--net", "--mount", "sh", "-c", "mount -t tmpfs none /var/lib && ip link set lo up && "
                              'ip address add 10.77.0.2/32 dev lo && ip address add 10.77.0.3/32 dev lo && exec "$0" "$@"', sys.executable, *sys.argv])
    unittest.main(verbosity=2)
