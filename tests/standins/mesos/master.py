"""A Mesos master: contends for leadership in ZooKeeper, recovers its registry, leads or redirects."""
import os
import signal
import sys
import threading
import time
import uuid

import glog
import master_flags
import masters
import web
import zoo
from cluster import Cluster
from flags import Flags
from master_http import Routes
from replica import InMemory, Replica


class Master:
    def __init__(self, version, flags):
        self.version, self.flags = version, flags
        bind, ip, port, hostname = master_flags.address(flags, os.environ)
        self.info = {"id": str(uuid.uuid4()), "ip": ip, "port": port, "hostname": hostname}
        self.pid = "master@%s:%d" % (ip, port)
        self.start_time, self.elected_time = time.time(), None
        self.leader, self.session, self.recovered = None, None, False
        self.fetch_seconds = flags.seconds("registry_fetch_timeout")
        self.store_seconds = flags.seconds("registry_store_timeout")
        self.cluster = self.new_cluster()
        self.replica = self.make_replica()
        self.contending = threading.Lock()
        try:
            self.server = web.Server(bind, port, Routes(self).answer, lambda text: glog.error("http.cpp:1", text))
        except OSError as error:
            glog.fatal("process.cpp:1124", "Failed to initialize: Failed to bind on %s:%d: %s"
                       % (bind, port, os.strerror(error.errno)))

    def new_cluster(self):
        return Cluster(self.info["id"], self.version, self.flags, self.store)

    def make_replica(self):
        if self.flags["registry"] == "in_memory":
            return InMemory()
        quorum = self.flags.number("quorum", 1) if self.flags["zk"] else 1
        if quorum < 1:
            glog.fatal("recover.cpp:221", "CHECK_SOME(lowestBeginPosition): is NONE")
        directory = os.path.join(self.flags["work_dir"], "replicated_log")
        replica = Replica(directory, quorum, self.flags.true("log_auto_initialize"), self.replica_addresses)
        if not replica.open():
            glog.leave("replica.cpp:774", "Failed to recover the log: IO error: lock %s/LOCK: "
                       "Resource temporarily unavailable" % directory)
        return replica

    @property
    def leading(self):
        """Elected itself: a predecessor's znode at the same address does not make a leader."""
        return self.elected_time is not None

    def run(self):
        glog.info("main.cpp:450", "Version: " + self.version.text)
        self.server.start()
        glog.info("master.cpp:500", "Master %s (%s) started on %s:%d"
                  % (self.info["id"], self.info["hostname"], self.info["ip"], self.info["port"]))
        if self.flags["zk"]:
            self.session = zoo.Session(self.flags["zk"].strip(), self.flags.seconds("zk_session_timeout"),
                                       self.lost, self.connected, self.suspended)
        threading.Thread(target=self.replica.recover, daemon=True).start()
        if self.session:
            self.session.start()
            self.follow()
        else:
            self.lead()
            while True:  # a signal that is not its end is none for what waits here
                signal.pause()

    # Election

    def connected(self, first):
        """A new session: its members are put in again, the replica's first."""
        if not first:
            return
        with self.contending:
            glog.info("group.cpp:341", "Group process (zookeeper-group) connected to ZooKeeper")
            self.session.ensure(self.session.path)
            if isinstance(self.replica, Replica):
                self.session.ensure(self.session.path + "/log_replicas")
                self.session.join(self.session.path + "/log_replicas/",
                                  ("log-replica(1)@%s:%d" % (self.info["ip"], self.info["port"])).encode())
            self.session.join(self.session.path + "/" + masters.label(self.version),
                              masters.encode(self.info, self.version))

    def suspended(self):
        glog.warning("group.cpp:451", "Lost connection to ZooKeeper, attempting to reconnect ...")

    def lost(self):
        glog.error("group.cpp:511", "ZooKeeper session expired")
        if self.leading:
            word = "candidacy as a leader" if self.version.since("1.0") else "leadership"
            glog.leave("master.cpp:2150", "Lost %s... committing suicide!" % word)
        self.leader = None

    def follow(self):
        """Looks at the members again and again: a watch would be quicker by nothing that a test can see."""
        while True:
            try:
                leader = masters.leader(self.session, self.version)
                if (leader or {}).get("id") != (self.leader or {}).get("id"):
                    self.changed(leader)
            except masters.Silent:
                pass
            except masters.UnknownLabel as error:
                glog.leave("master.cpp:1500", "Failed to detect the leading master: %s; committing suicide!" % error)
            time.sleep(0.2)

    def changed(self, leader):
        self.leader = leader
        if leader is None:
            glog.info("detector.cpp:152", "No leading master is detected")
        else:
            glog.info("detector.cpp:500", "A new leading master (UPID=%s) is detected" % leader["pid"])
        if leader and leader["id"] == self.info["id"]:
            self.lead()
        elif self.leading:
            glog.leave("master.cpp:2194", "Lost leadership... committing suicide!")

    def lead(self):
        self.leader = self.leader or dict(self.info, pid=self.pid)
        self.elected_time = time.time()
        glog.info("master.cpp:2121", "Elected as the leading master!")
        threading.Thread(target=self.recover_registry, daemon=True).start()

    # Registry

    def replica_addresses(self):
        own = "%s:%d" % (self.info["ip"], self.info["port"])
        if not self.flags["zk"]:
            return [own]
        members = self.session.members(self.session.path + "/log_replicas") if self.session.connected else None
        if members is None:
            return None
        found = {own}
        for _, name in members:
            data = self.session.read(self.session.path + "/log_replicas/" + name)
            if data:
                found.add(data.decode().partition("@")[2])
        self.replica.reachable = len(found)
        return sorted(found)

    def recover_registry(self):
        glog.info("registrar.cpp:383", "Recovering registrar")
        value = self.replica.fetch(self.fetch_seconds)
        if value is None:
            glog.fatal("master.cpp:1750", "Recovery failed: Failed to recover registrar: Failed to perform fetch within %s"
                       % self.flags["registry_fetch_timeout"])
        self.cluster.recover(value)
        self.recovered = True

    def store(self, value):
        if not self.replica.store(value, self.store_seconds):
            glog.fatal("registrar.cpp:590", "CHECK_READY(result): is FAILED: Failed to update registry: "
                       "Failed to perform store within %s" % self.flags["registry_store_timeout"])


def terminate():
    """At once: the ZooKeeper session is left to expire. It raises the signal again with the default action, which the kernel
    does not do to process 1: there it lives on."""
    glog.warning("logging.cpp:91", "RAW: Received signal SIGTERM from process 0 of user 0; exiting")
    if os.getpid() != 1:
        os._exit(143)


def main(version):
    glog.EXITS_ARE_LOGGED = version.since("1.4")
    signal.signal(signal.SIGTERM, lambda *_: terminate())
    signal.signal(signal.SIGINT, lambda *_: os._exit(130))
    directory = os.path.dirname(os.path.abspath(__file__))
    flags = Flags("mesos-master", os.path.join(directory, "flags-master.tsv"), version)
    flags.load_or_leave(sys.argv[1:], os.environ)
    for text in flags.warnings:
        glog.warning("main.cpp:185", text)
    master_flags.check(flags, version)
    Master(version, flags).run()
