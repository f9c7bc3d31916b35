"""A host that is as it should be beside one that means harm, in a network of their own, and clusterctl run over both."""
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest

from hostile_host import Engine, listening

BINARY = os.environ["CCTL_BIN"]


def inside(*mounts):
    """In a network of its own: hosts are no hosts on 127.0.0.0/8, and nothing leaves this machine. `mounts`: empty there."""
    if "CCTL_INSIDE" in os.environ:
        return
    os.environ["CCTL_INSIDE"] = "1"
    steps = "".join(f" && ip address add 10.77.0.{n}/32 dev lo" for n in range(2, 8))
    steps += "".join(f" && mkdir -p {m} && mount -t tmpfs none {m}" for m in mounts)
    os.execvp("unshare", ["unshare", "--net", "--mount", "sh", "-c", f'ip link set lo up{steps} && exec "$0" "$@"', sys.executable, *sys.argv])


def most_memory(pid):
    """In MB, so far; what waiting for it would tell counts the program that started it, too."""
    try:
        with open(f"/proc/{pid}/status") as lines:
            return next((int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


class Ran:
    """What a run of clusterctl printed, and what it took: `memory` in MB."""

    def __init__(self, process, limit):
        streams, began = [b"", b""], time.monotonic()

        def drain(n, stream):
            streams[n] = stream.read()
        readers = [threading.Thread(target=drain, args=pair) for pair in enumerate((process.stdout, process.stderr))]
        for reader in readers:
            reader.start()
        late = threading.Timer(limit, process.kill)
        late.start()
        self.memory = 0
        while process.poll() is None:
            self.memory = max(self.memory, most_memory(process.pid))
            time.sleep(0.02)
        late.cancel()
        for reader in readers:
            reader.join()
        self.returncode = process.returncode
        process.stdout.close()
        process.stderr.close()
        self.stdout, self.stderr = streams
        self.took = time.monotonic() - began


class Lab(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.work = tempfile.TemporaryDirectory()
        cls.dir = cls.work.name
        for key in "user", "host":
            subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{cls.dir}/{key}"], check=True)
        os.rename(f"{cls.dir}/user.pub", f"{cls.dir}/authorized")
        s = listening("10.77.0.2")
        cls.port = s.getsockname()[1]
        s.close()
        listens = "".join(f"ListenAddress 10.77.0.{n}:{cls.port}\n" for n in (2, 4, 5, 6, 7))
        with open(f"{cls.dir}/sshd_config", "w") as out:
            out.write(f"{listens}HostKey {cls.dir}/host\nUsePAM no\n"
                      f"AuthorizedKeysFile {cls.dir}/authorized\nStrictModes no\nPermitRootLogin yes\nPidFile none\nMaxStartups 100\n")
        os.makedirs("/run/sshd", exist_ok=True)
        cls.sshd = subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", f"{cls.dir}/sshd_config", "-E", f"{cls.dir}/sshd.log"])
        cls.engine = Engine(f"{cls.dir}/good.sock")

    @classmethod
    def tearDownClass(cls):
        cls.engine.close()
        cls.sshd.terminate()
        cls.sshd.wait()
        cls.work.cleanup()

    def good(self):
        return "{name: good, address: 10.77.0.2, ssh: {port: %d, docker_host: 'unix://%s/good.sock'}}" % (self.port, self.dir)

    def inventory(self, name, masters, slaves, versions="consul: 1.8.7"):
        """Written, and where the memory of runs over it is."""
        own = f"{self.dir}/{name}"
        with open(f"{own}.yml", "w") as out:
            out.write(f"cluster: c\nversions: {{{versions}}}\n"
                      f"ssh: {{user: root, key: {self.dir}/user, config: none, known_hosts: {own}.known, host_key: accept-new, agent: false}}\n"
                      f"masters: [{masters}]\nslaves: [{slaves}]\n")
        return own

    def ctl(self, own, *words, words_before=1, data_mb=1500, limit=120):
        """The inventory stands behind so many of the words."""
        env = {k: v for k, v in os.environ.items() if not k.startswith("CLUSTERCTL_") and k != "SSH_AUTH_SOCK"}
        env.update(HOME=self.dir, XDG_STATE_HOME=f"{own}.state", NO_COLOR="1")
        return Ran(subprocess.Popen(["sh", "-c", f'ulimit -d {data_mb << 10}; exec "$0" "$@"', BINARY, *words[:words_before], f"{own}.yml", *words[words_before:]],
                                    env=env, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE), limit)
