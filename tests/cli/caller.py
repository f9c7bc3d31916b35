"""Calls the program without a host and without anything that this machine remembers."""
import json
import os
import subprocess
import tempfile
import unittest

BINARY = os.environ["CCTL_BIN"]
ROOT = os.environ["CCTL_SOURCE_DIR"]
EXAMPLE = os.path.join(ROOT, "inventory", "example.yml")


class Caller(unittest.TestCase):
    def setUp(self):
        self.work = tempfile.TemporaryDirectory()
        self.addCleanup(self.work.cleanup)
        self.dir = self.work.name

    def call(self, *args, code=0, given=None, **env):
        """`given` is its standard input."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith("CLUSTERCTL_")}
        source = {"stdin": subprocess.DEVNULL} if given is None else {"input": given}
        p = subprocess.run([BINARY, *args], cwd=self.dir, capture_output=True, text=True, timeout=60, **source,
                           env=dict(clean, HOME=self.dir, XDG_STATE_HOME=self.dir + "/state", NO_COLOR="1", **env))
        self.assertEqual(p.returncode, code, f"{args}\n{p.stdout}\n{p.stderr}")
        return p

    def path(self, name, text=None):
        out = os.path.join(self.dir, name)
        if text is not None:
            with open(out, "w") as f:
                f.write(text)
        return out

    def inventories(self, **clusters):
        """One of its own for each cluster: they differ in their number of hosts."""
        for n, (name, cluster) in enumerate(clusters.items(), 1):
            hosts = ", ".join("{name: %s%d, address: 192.0.2.%d}" % (cluster, i, i) for i in range(1, 2 * n))
            self.path(name + ".yml", f"cluster: {cluster}\nversions: {{zookeeper: 3.8.0}}\nmasters: [{hosts}]\n")

    def remember(self, last, **clusters):
        os.makedirs(self.path("state/clusterctl"), exist_ok=True)
        self.path("state/clusterctl/clusters.json", json.dumps({"last": last, "clusters": clusters}))
