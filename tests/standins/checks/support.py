"""What the tests share: a real ZooKeeper, programs started as a container would start them, and waiting for what they do.

Everything listens on loopback addresses.
"""
import functools
import http.client
import json
import logging
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from kazoo.client import KazooClient

logging.getLogger("kazoo").addHandler(logging.NullHandler())
HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
JAR = "/usr/share/java/zookeeper.jar"
MASTER, AGENT, MARATHON, MESOS_CONSUL, BAMBOO = (os.path.join(HERE, path) for path in (
    "mesos/mesos-master", "mesos/mesos-slave", "marathon/marathon", "mesos-consul/mesos-consul", "bamboo/bamboo"))


@functools.lru_cache(None)
def ports_of(pid):
    """Another hundred for each process, below those that outgoing connections get."""
    return iter(range(12000 + pid % 200 * 100, 12100 + pid % 200 * 100))


def free_port():
    for port in ports_of(os.getpid()):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("0.0.0.0", port))
                return port
            except OSError:
                pass
    raise AssertionError("no port is free")


def until(what, seconds=60, sentence="it did not happen"):
    """The first true value of what(), or a failure."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = what()
        except (OSError, ValueError, KeyError, TypeError, http.client.HTTPException):
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError("%s within %d s" % (sentence, seconds))
        time.sleep(0.1)


def request(address, path, method="GET", body=None, headers=None):
    connection = http.client.HTTPConnection(address, timeout=12)
    try:
        data = json.dumps(body) if body is not None else None
        connection.request(method, path, data, dict(headers or {}, **({"Content-Type": "application/json"} if data else {})))
        with connection.getresponse() as answer:
            return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def value(address, path):
    status, _, text = request(address, path)
    return json.loads(text) if status == 200 else None


class ZooKeeper:
    def __init__(self, folder):
        if not shutil.which("java") or not os.path.exists(JAR):
            raise AssertionError("These tests need java and %s (Debian: zookeeper)." % JAR)
        self.folder, self.port, self.process = folder, free_port(), None
        with open(folder + "/zoo.cfg", "w") as file:
            file.write("tickTime=500\ndataDir=%s/zk\nclientPort=%d\nclientPortAddress=127.0.0.1\nadmin.enableServer=false\n"
                       "maxClientCnxns=0\n4lw.commands.whitelist=ruok\n" % (folder, self.port))

    def start(self):
        command = ["java", "-Xmx64m", "-Dzookeeper.forceSync=no", "-cp", JAR,
                   "org.apache.zookeeper.server.quorum.QuorumPeerMain", self.folder + "/zoo.cfg"]
        with open(self.folder + "/zookeeper.log", "ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        until(self.is_up, sentence="ZooKeeper did not come up")
        return self

    def is_up(self):
        with socket.create_connection(("127.0.0.1", self.port), 1) as link:
            link.sendall(b"ruok")
            return link.recv(4) == b"imok"

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()


class Case(unittest.TestCase):
    """Starts programs as a container would, ends them after each test, and shows their logs if it failed."""

    @classmethod
    def setUpClass(cls):
        cls.root = tempfile.mkdtemp(prefix="standins-")
        cls.addClassCleanup(shutil.rmtree, cls.root, True)
        cls.zookeeper = ZooKeeper(cls.root).start()
        cls.addClassCleanup(cls.zookeeper.stop)

    def setUp(self):
        self.running, self.counter = {}, 0
        self.folder = tempfile.mkdtemp(dir=self.root)
        self.path = os.path.basename(self.folder)
        self.mesos = "zk://127.0.0.1:%d/%s/mesos" % (self.zookeeper.port, self.path)
        self.ports = {"master": free_port(), "agent": free_port(), "marathon": free_port()}
        self.zk = KazooClient("127.0.0.1:%d" % self.zookeeper.port)
        self.zk.start()
        self.zk.ensure_path("/" + self.path)
        self.addCleanup(self.zk.close)
        self.addCleanup(self.zk.stop)

    def tearDown(self):
        for name in list(self.running):
            self.kill(name)
        result = self._outcome.result
        if any(case.id().startswith(self.id()) for case, _ in result.failures + result.errors):
            print(self.logs(), file=sys.stderr)

    def logs(self):
        text = ""
        for name in sorted(os.listdir(self.folder)):
            if name.endswith(".log"):
                with open(os.path.join(self.folder, name)) as file:
                    text += "== %s\n%s" % (name, "".join(file.readlines()[-20:]))
        return text

    def start(self, name, version, program, *arguments, **environment):
        keep = {key: os.environ[key] for key in ("PATH", "HOME", "LANG") if key in os.environ}
        env = dict(keep, STANDIN_VERSION=version, PYTHONDONTWRITEBYTECODE="1", **environment)
        with open(os.path.join(self.folder, name + ".log"), "ab") as log:
            self.running[name] = subprocess.Popen([program] + list(arguments), env=env, stdout=log, stderr=log)
        return self.running[name]

    def kill(self, name, number=signal.SIGKILL):
        process = self.running.pop(name)
        process.send_signal(number)
        return process.wait(60)

    def ends(self, name, seconds=60):
        return self.running.pop(name).wait(seconds)

    def log(self, name):
        with open(os.path.join(self.folder, name + ".log")) as file:
            return file.read()

    # The usual programs

    def master(self, number, version="1.11.0", *more):
        return self.start("m%d" % number, version, MASTER, "--zk=" + self.mesos, "--quorum=2", "--zk_session_timeout=2secs",
                          "--work_dir=%s/m%d" % (self.folder, number), "--ip=127.0.0.%d" % number,
                          "--hostname=127.0.0.%d" % number, "--port=%d" % self.ports["master"], *more)

    def at(self, number, kind="master"):
        return "127.0.0.%d:%d" % (number, self.ports[kind])

    def agent(self, number, version="1.11.0", *more):
        systemd = ["--no-systemd_enable_support"] if version >= "0.27.1" else []
        return self.start("a%d" % number, version, AGENT, "--master=" + self.mesos, "--work_dir=%s/a%d" % (self.folder, number),
                          "--ip=127.0.0.%d" % number, "--hostname=127.0.0.%d" % number, "--port=%d" % self.ports["agent"],
                          "--resources=cpus:2;mem:512;ports:[31000-31010]", *systemd, *more)

    def marathon(self, number, version="1.11.24", *more):
        return self.start("f%d" % number, version, MARATHON, "--master", self.mesos, "--zk",
                          "zk://127.0.0.1:%d/%s/marathon" % (self.zookeeper.port, self.path), "--zk_session_timeout", "6000",
                          "--http_address", "127.0.0.%d" % number, "--hostname", "127.0.0.%d" % number,
                          "--http_port", str(self.ports["marathon"]), *more)

    def redirect(self, number):
        status, headers, _ = request(self.at(number), "/redirect")
        return headers.get("Location", "")[2:] if status == 307 else None

    def leader(self, *numbers):
        """The number of the master that all of these point at, once it is elected and recovered."""
        def agreed():
            found = {self.redirect(number) for number in numbers}
            address = found.pop()
            metrics = value(address, "/metrics/snapshot") if address and not found else {}
            return metrics.get("master/elected") == 1 and "registrar/registry_size_bytes" in metrics and address
        return int(until(agreed, sentence="no master was elected and recovered").split(":")[0].split(".")[3])

    def slaves(self, number):
        return (value(self.at(number), "/slaves") or {}).get("slaves", [])

    def registered(self, number, count=1):
        return until(lambda: [s for s in self.slaves(number) if s["active"]][count - 1:] and self.slaves(number), 60,
                     "%d agents did not register" % count)

    # One of each, for what lives on a cluster

    def small_cluster(self, mesos="0.28.1", marathon="1.1.1", *more):
        """Master and Marathon on 127.0.0.1, an agent on 127.0.0.11; returns when an app would start."""
        self.start("m1", mesos, MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--zk_session_timeout=2secs")
        self.agent(11, mesos)
        self.marathon(1, marathon, *more)
        self.leader(1)
        self.registered(1)
        until(lambda: value(self.at(1, "marathon"), "/v2/info")["marathon_config"]["mesos_leader_ui_url"])

    def deploy(self, app):
        """Creates or changes the app; returns the ports of its instances once there are as many as it wants."""
        path = "/v2/apps/" + app["id"].strip("/")
        status, _, text = request(self.at(1, "marathon"), path + "?force=true", "PUT", app)
        self.assertIn(status, (200, 201), text)

        def placed():
            found = value(self.at(1, "marathon"), path)["app"]
            return found["tasksRunning"] == found["instances"] and not found["deployments"] and [found]
        return sorted(task["ports"][0] for task in until(placed, sentence="the app did not run")[0]["tasks"])
