"""A Mesos agent (slave): recovers its checkpoint, finds the leading master, registers and runs tasks."""
import os
import queue
import random
import signal
import socket
import sys
import threading
import time

import agent_info
import credential_files
import glog
import isolators
import masters
import resources
import web
import zoo
from agent_http import Routes
from executor import Executor
from flags import Flags
from master_flags import address


class Agent:
    def __init__(self, version, flags):
        self.version, self.flags = version, flags
        self.word = "agent" if version.since("1.0") else "slave"
        bind, ip, port, hostname = address(flags, os.environ)
        self.pid, self.start_time = "slave(1)@%s:%d" % (ip, port), time.time()
        try:
            given = resources.parse(flags["resources"] or "")
        except resources.Bad as error:
            glog.leave("slave.cpp:493", "Failed to determine %s resources: %s" % (self.word, error))
        try:
            attributes = resources.attributes(flags["attributes"])
        except resources.Bad as error:
            glog.fatal("attributes.cpp:179", str(error))
        self.info = {"hostname": hostname, "ip": ip, "port": port, "attributes": attributes, "version": version.text,
                     "resources": resources.detected(given, os.path.abspath(flags["work_dir"]))}
        self.id, self.leader, self.session, self.stream = None, None, None, None
        self.updates = queue.Queue()
        self.executor = Executor(version, flags, self.report)
        self.checkpoint = agent_info.Checkpoint(flags["work_dir"])
        try:
            self.server = web.Server(bind, port, Routes(self).answer, lambda text: glog.error("http.cpp:1", text))
        except OSError as error:
            glog.fatal("process.cpp:1124", "Failed to initialize: Failed to bind on %s:%d: %s"
                       % (bind, port, os.strerror(error.errno)))

    def run(self):
        glog.info("main.cpp:484", "Version: " + self.version.text)
        self.server.start()
        glog.info("slave.cpp:300", "Mesos %s started on %s" % (self.word, self.pid))
        glog.info("slave.cpp:620", "%s resources: %s" % (self.word.capitalize(), resources.text(self.info["resources"])))
        self.recover()
        threading.Thread(target=self.send_updates, daemon=True).start()
        threading.Thread(target=self.stay_registered, daemon=True).start()
        if self.flags["master"].strip().startswith("zk://"):
            self.session = zoo.Session(self.flags["master"].strip(), self.flags.seconds("zk_session_timeout", 10),
                                       self.lost, self.connected)
            self.session.start()
            self.follow()
        host, _, port = self.flags["master"].strip().rpartition(":")
        self.detected({"hostname": host, "ip": socket.gethostbyname(host), "port": int(port), "id": "?"})
        while True:
            signal.pause()

    def recover(self):
        """The id and the tasks of an earlier life, if this one looks the same."""
        self.id, old = self.checkpoint.load()
        if self.id is None:
            glog.info("slave.cpp:7000", "Finished recovery: no earlier %s in %s" % (self.word, self.flags["work_dir"]))
        else:
            wrong = agent_info.difference(old, self.info, self.flags["reconfiguration_policy"] or "equal", self.word)
            if wrong:
                glog.leave("slave.cpp:7500", "Failed to perform recovery: %s\n%s" % (
                    wrong, agent_info.advice(self.version, self.word, self.checkpoint.latest)))
            glog.info("slave.cpp:6800", "Recovered %s %s" % (self.word, self.id))
            self.executor.use(self.checkpoint.directory(self.id), self.id)
        self.executor.recover()

    # Finding the master

    def connected(self, first):
        if first:
            self.session.ensure(self.session.path)

    def lost(self):
        self.detected(None)

    def follow(self):
        while True:
            try:
                self.detected(masters.leader(self.session, self.version))
            except masters.Silent:
                pass
            except masters.UnknownLabel as error:
                glog.leave("slave.cpp:878", "Failed to detect a master: %s" % error)
            time.sleep(0.2)

    def detected(self, leader):
        if (leader or {}).get("id") == (self.leader or {}).get("id"):
            return
        self.leader = leader
        glog.info("slave.cpp:1180", "New master detected at master@%s" % masters.address(leader) if leader
                  else "Lost leading master")
        if self.stream:
            self.stream.close()

    def stay_registered(self):
        backoff = base = self.flags.seconds("registration_backoff_factor", 1)
        while True:
            time.sleep(random.uniform(0.05, backoff) if self.leader else 0.1)
            leader = self.leader
            if leader and self.register(leader):
                backoff = base
            elif leader:
                backoff = min(backoff * 2, 5)

    def register(self, leader):
        """Holds the link while it lasts. True if it was ever made."""
        body = {"info": self.info, "id": self.id, "tasks": self.executor.alive()}
        try:
            stream = web.Stream(masters.address(leader), "/standin/register", body)
        except OSError:
            return False
        if stream.status != 200:
            stream.close()
            return False
        self.stream = stream
        if self.leader is not leader:
            stream.close()
        was_registered = False
        for message in stream:
            if "registered" in message:
                was_registered = True
                self.registered(message["registered"]["id"], leader)
            elif "shutdown" in message:
                self.shut_down("%s asked to shut down by master@%s because '%s'" % (
                    self.word.capitalize(), masters.address(leader), message["shutdown"]))
            elif "launch" in message:
                self.executor.launch(message["launch"])
            elif "kill" in message:
                threading.Thread(target=self.executor.kill, args=(message["kill"],), daemon=True).start()
        self.stream = None
        stream.close()
        return was_registered

    def registered(self, id, leader):
        verb = "Re-registered" if self.id else "Registered"
        if self.id is None:
            self.id = id
            self.checkpoint.save(id, self.info)
            self.executor.use(self.checkpoint.directory(id), id)
        glog.info("slave.cpp:1500", "%s with master master@%s; given %s ID %s"
                  % (verb, masters.address(leader), self.word, id))

    # Tasks

    def report(self, task, state, message):
        self.updates.put({"agent_id": task["slave_id"], "framework_id": task["framework_id"], "task_id": task["id"],
                          "state": state, "message": message, "timestamp": time.time(), "statuses": task.get("statuses", [])})

    def send_updates(self):
        """One after the other, each until the framework has it."""
        while True:
            update = self.updates.get()
            while not self.send(update):
                time.sleep(1)
            if update["state"] not in ("TASK_STARTING", "TASK_RUNNING"):
                self.executor.forget({"id": update["task_id"]})

    def send(self, update):
        leader = self.leader
        if leader is None or self.stream is None:
            return False
        try:
            return web.call(masters.address(leader), "POST", "/standin/update", update)[0] == 200
        except OSError:
            return False

    # The end

    def shut_down(self, reason):
        glog.info("slave.cpp:950", reason)
        self.executor.agent_stops()
        if self.version.before("1.8"):
            self.checkpoint.drop()  # later ones keep their id
        os._exit(0)

    def unregister(self):
        leader = self.leader
        if leader and self.id:
            try:
                web.call(masters.address(leader), "POST", "/standin/unregister", {"id": self.id})
            except OSError:
                pass
        self.shut_down("Unregistering and shutting down")

    def terminate(self):
        self.executor.agent_stops()
        os._exit(143)


def check(flags, version):
    """What is wrong with the flags before the port opens."""
    credential_files.check(flags, "credential", one=True)
    if flags["master"] is None:
        text = "Missing required option `--master`" if version.since("0.23") else "Missing required option --master"
        if version.since("1.0"):
            text += " or `--master_detector`"
        glog.leave("main.cpp:473", text) if version.since("1.4") or version.before("0.23") else flags.usage(text)
    if version.since("0.27.1") and flags.true("systemd_enable_support") and not os.path.isdir("/run/systemd/system"):
        glog.leave("main.cpp:677", "Failed to initialize systemd: Failed to locate systemd runtime directory: "
                   "/run/systemd/system")
    if version.since("1.5") and flags["reconfiguration_policy"] not in ("equal", "additive"):
        glog.leave("main.cpp:480", "Unknown option for 'reconfiguration_policy' flag %s." % flags["reconfiguration_policy"])
    for name in flags["containerizers"].split(","):
        if name not in ("docker", "mesos", "composing", "external"):
            glog.leave("main.cpp:700", "Failed to create a containerizer: Unknown or unsupported containerizer: " + name)
    isolators.check(flags, version)
    master = flags["master"].strip()
    try:
        if master.startswith("zk://"):
            if zoo.split_url(master)[2] in ("", "/"):
                raise ValueError("Expecting a (chroot) path for ZooKeeper ('/' is not supported)")
        elif not master.rpartition(":")[2].isdigit():
            raise ValueError("Failed to parse '%s'" % master)
    except ValueError as error:
        glog.leave("main.cpp:800", "Failed to create a master detector: %s" % error)


def main(version, program):
    glog.EXITS_ARE_LOGGED = version.since("1.4")
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    directory = os.path.dirname(os.path.abspath(__file__))
    flags = Flags(program, os.path.join(directory, "flags-slave.tsv"), version)
    flags.load_or_leave(sys.argv[1:], os.environ, ("work_dir",) if version.since("1.0") else ())
    for text in flags.warnings:
        glog.warning("main.cpp:185", text)
    check(flags, version)
    agent = Agent(version, flags)
    signal.signal(signal.SIGTERM, lambda *_: agent.terminate())
    signal.signal(signal.SIGUSR1, lambda *_: agent.unregister())
    agent.run()
