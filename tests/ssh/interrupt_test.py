#!/usr/bin/env python3
"""Ctrl-C and SIGTERM end the program at once, whatever hangs on this machine, and it ends by itself in time."""
import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest

BINARY = os.environ["CCTL_BIN"]


class Hanging(unittest.TestCase):
    def setUp(self):
        work = tempfile.TemporaryDirectory()
        self.addCleanup(work.cleanup)
        self.dir = work.name
        self.key = self.path("key")
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", self.key], check=True)
        self.agent = socket.socket(socket.AF_UNIX)  # it takes connections, and never answers
        self.agent.bind(self.path("agent"))
        self.agent.listen()
        self.addCleanup(self.agent.close)

    def path(self, name):
        return os.path.join(self.dir, name)

    def start(self, ssh, timeout="60"):
        with open(self.path("i.yml"), "w") as out:
            out.write("cluster: c\nversions: {zookeeper: 3.8.0}\nmasters: [{name: m, address: 127.0.0.1}]\n"
                      f"ssh: {{user: root, config: none, {ssh}}}\n")
        env = {k: v for k, v in os.environ.items() if not k.startswith("CLUSTERCTL_")}
        env.update(HOME=self.dir, XDG_STATE_HOME=self.path("state"), SSH_AUTH_SOCK=self.path("agent"))
        p = subprocess.Popen([BINARY, "status", self.path("i.yml"), "--ssh-timeout", timeout], env=env, cwd=self.dir,
                             stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(p.stdout.close)
        self.addCleanup(p.kill)
        return p

    def asked(self):
        self.agent.settimeout(60)
        connection, _ = self.agent.accept()
        self.addCleanup(connection.close)

    def opened(self, fifo):
        """Returns once the program has opened the FIFO, from which nothing ever comes."""
        fd = os.open(fifo, os.O_WRONLY)
        self.addCleanup(os.close, fd)

    def check_ends(self, p, number):
        began = time.monotonic()
        p.send_signal(number)
        self.assertEqual(p.wait(timeout=30), 130, p.stdout.read())
        self.assertLess(time.monotonic() - began, 5)

    def test_an_agent(self):
        for number in signal.SIGINT, signal.SIGTERM, signal.SIGHUP:
            p = self.start(f"key: {self.key}")
            self.asked()
            self.check_ends(p, number)

    def test_a_key_and_known_hosts(self):
        for setting in "key", "known_hosts":
            fifo = self.path("fifo_" + setting)
            os.mkfifo(fifo)
            p = self.start(f"{setting}: {fifo}")
            self.opened(fifo)
            self.check_ends(p, signal.SIGTERM)

    def test_it_ends_by_itself(self):
        began = time.monotonic()
        p = self.start(f"key: {self.key}", timeout="1")
        self.asked()
        out, _ = p.communicate(timeout=60)
        self.assertEqual(p.returncode, 3, out)
        self.assertLess(time.monotonic() - began, 10)


if __name__ == "__main__":
    unittest.main()
