"""The replicated log, as far as a bootstrap can see it: who may initialise it, who may read it, who is missing.

Each master holds one replica in <work_dir>/replicated_log. Its status goes EMPTY, STARTING, VOTING:
- two VOTING of a quorum: a new or wiped replica catches up from them;
- none: all of 2 * quorum - 1 replicas must be reachable before a fresh log is initialised.
The content is one JSON value, written to a quorum of replicas and read from one.
"""
import concurrent.futures
import fcntl
import json
import os
import threading
import time

import glog
import web

LOG = "000003.log"  # as LevelDB names it: without a byte until the replica has a status other than EMPTY
PRIVATE = "/standin/replica"  # between the masters of one ensemble; no real Mesos has it


class Replica:
    def __init__(self, directory, quorum, auto_initialize, members):
        """members() lists the addresses of the replicas that ZooKeeper shows, None when it does not say."""
        self.directory, self.quorum, self.auto, self.members = directory, quorum, auto_initialize, members
        self.guard = threading.Lock()
        self.status, self.position, self.value = "EMPTY", 0, {}
        self.reachable = 0
        self.pool = concurrent.futures.ThreadPoolExecutor(8)

    def open(self):
        """False when another master uses the directory."""
        os.makedirs(self.directory, exist_ok=True)
        self.lock = open(os.path.join(self.directory, "LOCK"), "w")
        try:
            fcntl.flock(self.lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        for name, content in (("CURRENT", "MANIFEST-000002\n"), ("MANIFEST-000002", "\n"), (LOG, "")):
            with open(os.path.join(self.directory, name), "a") as file:
                if file.tell() == 0:
                    file.write(content)
        with open(os.path.join(self.directory, LOG)) as file:
            text = file.read()
        if text:
            saved = json.loads(text)
            self.status, self.position, self.value = saved["status"], saved["position"], saved["value"]
        glog.info("replica.cpp:320", "Persisted replica status is %s" % self.status)
        return True

    def save(self, status, position, value):
        if status != self.status:
            glog.info("replica.cpp:320", "Persisted replica status to %s" % status)
        self.status, self.position, self.value = status, position, value
        path = os.path.join(self.directory, LOG)
        with open(path + ".new", "w") as file:
            json.dump({"status": status, "position": position, "value": value}, file)
        os.replace(path + ".new", path)

    def ask_all(self, method="GET", body=None):
        """The answers of all replicas that give one within two seconds, the own one included."""
        def ask(address):
            try:
                status, _, data = web.call(address, method, PRIVATE, body, timeout=2)
                return json.loads(data) if status == 200 else None
            except (OSError, ValueError):
                return None
        return [answer for answer in self.pool.map(ask, self.members() or []) if answer]

    def recover(self):
        """Runs until this replica votes."""
        told = None
        while self.status != "VOTING":
            answers = self.ask_all()
            counts = {}
            for answer in answers:
                counts[answer["status"]] = counts.get(answer["status"], 0) + 1
            all_of_them = 2 * self.quorum - 1
            starting, voting, empty = (counts.get(name, 0) for name in ("STARTING", "VOTING", "EMPTY"))
            with self.guard:
                if voting >= self.quorum:
                    newest = max((a for a in answers if a["status"] == "VOTING"), key=lambda a: a["position"])
                    self.save("VOTING", newest["position"], newest["value"])
                elif self.auto and self.status == "EMPTY" and starting + empty >= all_of_them:
                    self.save("STARTING", 0, {})
                elif self.auto and self.status == "STARTING" and starting + voting >= all_of_them:
                    self.save("VOTING", 0, {})
                elif told != counts:
                    told = counts
                    glog.info("recover.cpp:%d" % (111 if empty else 197),
                              "Replica is in %s status; %d of %d replicas answered and quorum is %d"
                              % (self.status, len(answers), all_of_them, self.quorum))
                    if not self.auto and not voting:
                        glog.warning("recover.cpp:220", "Replicated log has not been initialized. Did you forget to "
                                     "manually initialize the log (i.e., mesos-log initialize --path=<PATH>)?")
            time.sleep(0.3)

    def answer(self, request):
        """What the other masters ask this replica."""
        with self.guard:
            if request.method == "POST":
                body = request.json()
                if self.status != "VOTING" or body["position"] <= self.position:
                    return web.as_text(409, "no")
                self.save("VOTING", body["position"], body["value"])
            return web.as_json({"status": self.status, "position": self.position, "value": self.value})

    def fetch(self, seconds):
        """The newest content that a quorum of voting replicas knows, or None after so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            voting = [answer for answer in self.ask_all() if answer["status"] == "VOTING"]
            if self.status == "VOTING" and len(voting) >= self.quorum:
                newest = max(voting, key=lambda answer: answer["position"])
                with self.guard:
                    if newest["position"] > self.position:
                        self.save("VOTING", newest["position"], newest["value"])
                return newest["value"]
            time.sleep(0.2)
        return None

    def store(self, value, seconds):
        """True once a quorum has written it."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            position = self.position + 1
            if len(self.ask_all("POST", {"position": position, "value": value})) >= self.quorum:
                return True
            time.sleep(0.5)
        return False


class InMemory:
    """--registry=in_memory, the default command of the mesos-master image: forgets with the process."""
    status, position = "VOTING", 0

    def __init__(self):
        self.value = {}

    def recover(self):
        pass

    def fetch(self, seconds):
        return self.value

    def store(self, value, seconds):
        self.value = value
        return True
