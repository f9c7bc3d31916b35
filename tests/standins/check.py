#!/usr/bin/python3
"""Tests the stand-ins against a real ZooKeeper that it starts itself: ./check.py, or python3 -m unittest check.

Everything listens on loopback addresses. With an argument such as Masters or Masters.test_gate only those run.
"""
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
HERE = os.path.dirname(os.path.abspath(__file__))
JAR = "/usr/share/java/zookeeper.jar"
MASTER, AGENT, MARATHON = (os.path.join(HERE, path) for path in ("mesos/mesos-master", "mesos/mesos-slave", "marathon/marathon"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def until(what, seconds=15, sentence="it did not happen"):
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
        until(self.is_up, 20, "ZooKeeper did not come up")
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
        return process.wait(20)

    def ends(self, name, seconds=15):
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
                          "zk://127.0.0.1:%d/%s/marathon" % (self.zookeeper.port, self.path), "--zk_session_timeout", "2000",
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
        return int(until(agreed, 20, "no master was elected and recovered").split(":")[0].split(".")[3])

    def slaves(self, number):
        return (value(self.at(number), "/slaves") or {}).get("slaves", [])

    def registered(self, number, count=1):
        return until(lambda: [s for s in self.slaves(number) if s["active"]][count - 1:] and self.slaves(number), 15,
                     "%d agents did not register" % count)


class Flags(Case):
    """What is wrong is said in the words of the real programs, and ends with their exit codes."""

    def fails(self, version, program, arguments, status, text, **environment):
        process = self.start("x", version, program, *arguments, **environment)
        self.assertEqual(process.wait(5), status, self.log("x"))
        self.assertIn(text, self.log("x"))
        os.unlink(os.path.join(self.folder, "x.log"))

    def test_texts(self):
        work, zk = "--work_dir=" + self.folder, "--zk=" + self.mesos
        newline = os.path.join(self.folder, "quorum")
        with open(newline, "w") as file:
            file.write("2\n")
        unreadable = "Failed to load flag 'quorum': Failed to load value '%s': Failed to convert into required type"
        for version, program, arguments, text, environment in [
            ("0.28.1", MASTER, ["--nosuch=1"], "Failed to load unknown flag 'nosuch'", {}),
            ("1.11.0", MASTER, ["--no-nosuch"], "Failed to load unknown flag 'nosuch' via 'no-nosuch'", {}),
            ("1.0.1", MASTER, [], "--work_dir needed for replicated log based registry", {}),
            ("1.11.0", MASTER, [work, zk], "EXIT with status 1: Need to specify --quorum for replicated log based registry", {}),
            ("1.11.0", MASTER, [work, zk, "--quorum=two"], unreadable % "two", {}),
            ("1.11.0", MASTER, [work, zk], unreadable % ("file://" + newline), {"MESOS_QUORUM": "file://" + newline}),
            ("1.11.0", MASTER, [work, "--quorum=1", "--zk=127.0.0.1:2181"], "Expecting 'zk://' at the beginning of the URL", {}),
            ("1.11.0", MASTER, [work, "--quorum=1", "--zk=zk://127.0.0.1:1"], "Expecting a (chroot) path for ZooKeeper", {}),
            ("1.0.1", MASTER, [work, "--registry_strict"], "'--registry_strict' has been disabled", {}),
            ("0.24.1", MASTER, ["--quorum=2"], "Duplicate flag 'quorum' on command line", {"MESOS_QUORUM": "2"}),
            ("0.28.1", MASTER, ["--quorum=2", "--quorum=2"], "Duplicate flag 'quorum' on command line", {}),
            ("1.0.1", MASTER, ["--agent_ping_timeout=1secs"], "Flag 'slave_ping_timeout' is already loaded via name "
             "'agent_ping_timeout'", {"MESOS_SLAVE_PING_TIMEOUT": "20secs"}),
            ("0.28.1", MASTER, ["--agent_ping_timeout=1secs"], "Failed to load unknown flag 'agent_ping_timeout'", {}),
            ("0.23.0", MASTER, ["--advertise_ip=1.2.3.4"], "Failed to load unknown flag 'advertise_ip'", {}),
            ("0.28.1", AGENT, [], "Missing required option `--master`", {}),
            ("1.0.1", AGENT, ["--master=" + self.mesos], "Flag 'work_dir' is required, but it was not provided", {}),
            ("0.27.0", AGENT, ["--systemd_enable_support=false"], "Failed to load unknown flag 'systemd_enable_support'", {}),
            ("0.22.1", AGENT, ["--docker_mesos_image=x"], "Failed to load unknown flag 'docker_mesos_image'", {}),
            ("1.11.0", AGENT, [work, "--master=foo", "--systemd_enable_support=false"],
             "Failed to create a master detector: Failed to parse 'foo'", {}),
            ("1.11.0", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support", "--resources=cpus=1"],
             "Failed to determine agent resources: Bad value for resources, missing or extra ':' in cpus=1", {}),
            ("1.11.0", AGENT, [work, "--master=" + self.mesos, "--no-systemd_enable_support", "--resources=ports:31000-32000"],
             "Bad type for resource ports value 31000-32000 type TEXT", {}),
            ("1.11.24", MARATHON, ["--nosuch"], "[scallop] Error: Unknown option 'nosuch'", {}),
            ("1.11.24", MARATHON, [], "[scallop] Error: Required option 'master' not found", {}),
            ("1.11.24", MARATHON, ["--master", "zk://a:1/m"], "'zk://a:1/b zk://a:1/m' - Expected exactly one connection string",
             {"MARATHON_MASTER": "zk://a:1/b"}),
            ("1.11.24", MARATHON, ["--master", "zk://a:1/m", "--http_port", "abc"], "bad Int value", {}),
            ("1.5.0", MARATHON, ["--event_subscriber", "http_callback"], "Unknown option 'event_subscriber'", {}),
            ("1.1.1", MARATHON, ["--master", "zk://a:1/m"], "Unknown option 'nosuch'", {"MARATHON_NOSUCH": "1"}),
        ]:
            with self.subTest(version=version, arguments=arguments):
                self.fails(version, program, arguments, 1, text, **environment)

    def test_binding(self):
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            port = "--port=%d" % taken.getsockname()[1]
            arguments = ["--registry=in_memory", "--ip=127.0.0.1", port]
            self.fails("1.11.0", MASTER, arguments, 134, "Failed to bind on 127.0.0.1")
        self.fails("1.11.0", MASTER, ["--registry=in_memory", "--ip=192.0.2.1"], 134, "Cannot assign requested address")

    def test_accepted(self):
        """The environment is overruled from 0.25, unknown names in it are ignored, old names live on with a warning."""
        port = free_port()
        self.start("m", "1.11.0", MASTER, "--registry=in_memory", "--ip=127.0.0.1", "--port=%d" % port, "--no-quiet",
                   MESOS_PORT="1", MESOS_NOSUCH="1", MESOS_SLAVE_PING_TIMEOUT="20secs", MESOS_CLUSTER="c")
        flags = until(lambda: value("127.0.0.1:%d" % port, "/flags"))["flags"]
        self.assertEqual((flags["port"], flags["agent_ping_timeout"], flags["cluster"], flags["quiet"]),
                         (str(port), "20secs", "c", "false"))
        self.assertIn("Loaded deprecated flag 'slave_ping_timeout'", self.log("m"))
        self.assertEqual(self.kill("m", signal.SIGTERM), 143)

    def test_changed_agent(self):
        for number in (1, 2):
            self.master(number, "0.28.1")
        self.master(3, "0.28.1")
        leader = self.leader(1, 2, 3)
        self.agent(11, "0.28.1", "--attributes=rack:r1")
        id = self.registered(leader)[0]["id"]
        # The master lists it a moment before the agent has checkpointed its id: without that it starts as a new one.
        until(lambda: "given slave ID" in self.log("a11"))
        self.assertEqual(self.kill("a11", signal.SIGTERM), 143)
        self.agent(11, "0.28.1", "--attributes=rack:r2")
        self.assertEqual(self.ends("a11"), 1)
        self.assertIn("Incompatible slave info detected", self.log("a11"))
        self.agent(11, "0.28.1", "--attributes=rack:r1")
        until(lambda: "Re-registered" in self.log("a11"))
        self.assertEqual(self.registered(leader)[0]["id"], id)
        self.assertEqual(self.kill("a11", signal.SIGUSR1), 0)
        self.assertEqual(self.slaves(leader), [])
        self.agent(12, "0.22.1")
        self.assertEqual(self.ends("a12"), 1)
        self.assertIn("Failed to parse data of unknown label 'json.info'", self.log("a12"))


class Masters(Case):
    def test_gate(self):
        """A fresh log waits for all three; a recovered one is content with two."""
        health = {"Content-Type": "application/json"}
        def healthy(number):
            return request(self.at(number), "/api/v1", "POST", {"type": "GET_HEALTH"}, health)
        for number in (1, 2):
            self.master(number, "1.0.1", "--registry_fetch_timeout=8secs")
        first = until(lambda: self.redirect(1) and self.redirect(1) == self.redirect(2) and self.redirect(1))
        self.assertEqual(request(first, "/state")[0], 200)
        time.sleep(2)
        leading = int(first.split(":")[0][-1])
        self.assertEqual(healthy(leading)[::2], (503, "Master has not finished recovery"))
        self.assertEqual(self.ends("m%d" % leading), 134)
        self.assertIn("Failed to recover registrar: Failed to perform fetch within 8secs", self.log("m%d" % leading))
        self.master(leading, "1.0.1")
        self.master(3, "1.0.1")
        leader = self.leader(1, 2, 3)
        self.assertEqual(healthy(leader)[0], 200)
        follower = leader % 3 + 1
        status, headers, _ = healthy(follower)
        self.assertEqual((status, headers["Location"]), (307, "//%s/master/api/v1" % self.at(leader)))
        names = sorted(self.zk.get_children("/%s/mesos" % self.path))
        self.assertRegex(" ".join(names), r"^json.info_\d{10} json.info_\d{10} json.info_\d{10} log_replicas$")
        info = json.loads(self.zk.get("/%s/mesos/%s" % (self.path, names[0]))[0])
        self.assertEqual((info["pid"], info["version"]), ("master@" + self.at(leader), "1.0.1"))
        self.kill("m%d" % follower)
        shutil.rmtree("%s/m%d" % (self.folder, follower))
        self.master(follower, "1.0.1")  # an empty replica catches up from the other two
        until(lambda: value(self.at(follower), "/metrics/snapshot")["registrar/log/recovered"] == 1)

    def test_failover(self):
        """kill -9 of the leader: another leads, the agent keeps its id, the lost one comes back as a follower."""
        for number in (1, 2, 3):
            self.master(number)
        leader = self.leader(1, 2, 3)
        self.agent(11)
        self.agent(12)
        ids = {slave["id"] for slave in self.registered(leader, 2)}
        self.kill("a12")
        until(lambda: [s["active"] for s in self.slaves(leader)].count(False), 3, "the dead agent stayed active")
        self.kill("m%d" % leader)
        self.master(leader)  # at once: its predecessor's znode still leads
        until(lambda: self.redirect(leader) == self.at(leader))
        self.assertEqual(request(self.at(leader), "/state")[0], 307)
        others = [number for number in (1, 2, 3) if number != leader]
        until(lambda: self.redirect(others[0]) not in (None, self.at(leader)))
        new = self.leader(1, 2, 3)
        self.assertIn(new, others)
        self.registered(new)
        answer = value(self.at(new), "/slaves")
        self.assertEqual({s["id"] for s in answer["slaves"] + answer["recovered_slaves"]}, ids)
        self.assertEqual(len(answer["recovered_slaves"]), 1)
        self.assertEqual(request(self.at(leader), "/state.json")[0], 404)

    def test_old_versions(self):
        """Before 1.0 a standby answers for itself; routes and znodes come and go with the version."""
        for number in (1, 2, 3):
            self.master(number, "0.22.1")
        leader = self.leader_of_old(1, 2, 3)
        follower = leader % 3 + 1
        self.agent(11, "0.22.1")
        self.registered(leader)
        self.assertEqual(value(self.at(follower), "/state.json")["slaves"], [])
        self.assertEqual(request(self.at(leader), "/state")[0], 404)
        self.assertEqual(request(self.at(leader), "/api/v1")[0], 404)
        self.assertTrue(any(name.startswith("info_") for name in self.zk.get_children("/%s/mesos" % self.path)))

    def leader_of_old(self, *numbers):
        """A master without a leader points at itself, so that elected has to be asked."""
        def elected():
            found = [n for n in numbers if value(self.at(n), "/metrics/snapshot")["master/elected"] == 1]
            return len(found) == 1 and "registrar/state_fetch_ms" in value(self.at(found[0]), "/metrics/snapshot") and found
        return until(elected, 20, "no master was elected")[0]

    def test_in_memory(self):
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--zk_session_timeout=2secs")
        self.leader(1)
        self.agent(11)
        self.registered(1)
        self.kill("a11")
        self.kill("m1")
        self.start("m1", "1.11.0", MASTER, "--registry=in_memory", "--zk=" + self.mesos, "--ip=127.0.0.1",
                   "--hostname=127.0.0.1", "--port=%d" % self.ports["master"], "--zk_session_timeout=2secs")
        self.leader(1)
        answer = value(self.at(1), "/slaves")
        self.assertEqual(answer, {"slaves": [], "recovered_slaves": []})


class Marathons(Case):
    def api(self, number, path, method="GET", body=None):
        status, headers, text = request(self.at(number, "marathon"), path, method, body)
        try:
            return status, json.loads(text), headers
        except ValueError:
            return status, text, headers

    def up(self, count=3):
        for number in (1, 2, 3):
            self.master(number)
        for number in range(1, count + 1):
            self.marathon(number)
        self.mesos_leader = self.leader(1, 2, 3)
        return self.agreed(*range(1, count + 1))

    def agreed(self, *numbers):
        """The number of the leading Marathon, once all agree on it and it is registered."""
        def look():
            found = {self.api(number, "/v2/leader")[1]["leader"] for number in numbers}
            info = self.api(numbers[0], "/v2/info")[1]
            return len(found) == 1 and info["marathon_config"]["mesos_leader_ui_url"] and found.pop()
        return int(until(look, 25, "no Marathon led").split(":")[0][-1])

    def test_cluster(self):
        leader = self.up()
        standby = leader % 3 + 1
        status, info, headers = self.api(standby, "/v2/info")
        self.assertTrue(info["elected"])
        self.assertEqual(headers["X-Marathon-Leader"], "http://" + self.at(leader, "marathon"))
        self.assertEqual(headers["X-Marathon-Via"], "1.1 " + self.at(standby, "marathon"))
        self.assertIsNone(self.api(leader, "/ping")[2]["X-Marathon-Via"])
        self.assertEqual(self.api(standby, "/nosuch")[:2], (500, {"message": "URI not found"}))
        self.assertEqual(self.api(standby, "/v2/deployments")[1], [])

        self.agent(11)
        self.registered(self.mesos_leader)
        app = {"id": "/s", "cmd": "sleep 1000", "cpus": 0.5, "mem": 32, "instances": 2}
        self.assertEqual(self.api(standby, "/v2/apps", "POST", app)[0], 201)
        self.assertEqual(self.api(standby, "/v2/apps", "POST", app)[0], 409)
        until(lambda: self.api(standby, "/v2/deployments")[1] == [] and self.api(standby, "/v2/apps/s")[1]["app"]["tasksRunning"] == 2)
        before = self.api(standby, "/v2/apps/s")[1]["app"]["tasks"]

        # more than fits: the deployment stays open and the queue says why
        self.assertEqual(self.api(standby, "/v2/apps/s", "PUT", {"instances": 5})[0], 200)
        queue = until(lambda: [q for q in self.api(standby, "/v2/queue?embed=lastUnusedOffers")[1]["queue"] if q["lastUnusedOffers"]])
        self.assertEqual(queue[0]["lastUnusedOffers"][0]["reason"], ["InsufficientCpus"])
        self.assertEqual(self.api(standby, "/v2/apps/s", "PUT", {"instances": 2})[0], 409)
        self.assertEqual(self.api(standby, "/v2/apps/s?force=true", "PUT", {"instances": 2})[0], 200)
        until(lambda: self.api(standby, "/v2/deployments")[1] == [])

        # a killed instance comes back
        pid = [task["runs"] for task in value(self.at(11, "agent"), "/state")["frameworks"][0]["executors"][0]["tasks"]][0]
        os.kill(pid, signal.SIGKILL)
        until(lambda: "lastTaskFailure" in self.api(standby, "/v2/apps/s")[1]["app"])
        until(lambda: self.api(standby, "/v2/apps/s")[1]["app"]["tasksRunning"] == 2)

        # the framework and its tasks outlive the leader
        tasks = {task["id"] for task in self.api(standby, "/v2/apps/s")[1]["app"]["tasks"]}
        self.kill("f%d" % leader)
        self.assertIn(self.api(standby, "/ping")[0], (500, 502))
        others = [number for number in (1, 2, 3) if number != leader]
        until(lambda: self.api(others[0], "/v2/leader")[1]["leader"] != self.at(leader, "marathon"))
        new = self.agreed(*others)
        self.assertEqual(self.api(new, "/v2/info")[1]["frameworkId"], info["frameworkId"])
        until(lambda: {task["id"] for task in self.api(new, "/v2/apps/s")[1]["app"]["tasks"]} == tasks)
        frameworks = value(self.at(self.mesos_leader), "/state")["frameworks"]
        self.assertEqual([(f["id"], f["active"]) for f in frameworks], [(info["frameworkId"], True)])
        self.assertEqual(len(before), 2)
        self.assertEqual(self.api(new, "/v2/leader", "DELETE")[0], 200)
        self.assertEqual(self.ends("f%d" % new), 103)

    def test_exits(self):
        leader = self.up(2)
        other = 3 - leader
        self.assertEqual(self.kill("f%d" % other, signal.SIGTERM), 143)
        self.kill("f%d" % leader)
        self.marathon(leader)  # before its old session has expired
        self.assertEqual(self.ends("f%d" % leader), 104)
        until(lambda: not self.zk.get_children("/%s/marathon/leader-curator" % self.path))
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", self.ports["marathon"]))
            taken.listen()
            self.marathon(1)
            self.assertEqual(self.ends("f1"), 111)
        self.marathon(2)
        self.agreed(2)
        self.kill("m%d" % self.mesos_leader)
        self.assertEqual(self.ends("f2"), 103)
        self.start("f9", "1.11.24", MARATHON, "--master", self.mesos, "--zk", "zk://127.0.0.1:1/m", "--hostname", "x")
        self.assertEqual(self.ends("f9"), 100)


class Silence(Case):
    """ZooKeeper goes away: the leading master and every Marathon end, the other masters stay."""

    def test_loss(self):
        for number in (1, 2, 3):
            self.master(number)
        leader = self.leader(1, 2, 3)
        self.marathon(1)
        self.marathon(2)
        until(lambda: request(self.at(2, "marathon"), "/ping")[0] == 200)
        self.zookeeper.stop()
        self.assertEqual([self.ends("f1"), self.ends("f2")], [101, 101])
        self.assertEqual(self.ends("m%d" % leader), 1)
        self.assertIn("Lost candidacy as a leader... committing suicide!", self.log("m%d" % leader))
        for number in (1, 2, 3):
            if number != leader:
                until(lambda: request(self.at(number), "/redirect")[::2] == (503, "No leader elected"))
        self.zookeeper.start()
        self.leader(*(number for number in (1, 2, 3) if number != leader))


if __name__ == "__main__":
    unittest.main(verbosity=2)
