"""The scheduler driver: finds the leading Mesos master as the libmesos of this Marathon would, and stays registered.

It ends the process as the real one does: 103 when the master it was registered with no longer leads, or when
none has been heard for 75 s; 110 when the framework was removed.
"""
import os
import threading
import time

import log
import masters
import web
import zoo
from version import Version

# The libmesos in each line of images; it decides which masters can be found.
LIBMESOS = (("0.8", "0.22.1"), ("0.11", "0.23.0"), ("0.13", "0.24.1"), ("0.14", "0.26.0"), ("1.0", "0.28.0"),
            ("1.3", "1.0.0"), ("1.4", "1.1.0"), ("1.5", "1.3.0"), ("1.6", "1.5.0"), ("1.7", "1.7.1"), ("1.8", "1.8.0"),
            ("1.9", "1.9.0"), ("1.10", "1.10.0"), ("1.11", "1.11.0"))
SILENCE = 75  # five heartbeats of 15 s


class LibMesos(Version):
    def __init__(self, marathon):
        self.text = [libmesos for first, libmesos in LIBMESOS if marathon.since(first)][-1:] or ["0.21.1"]
        self.text = self.text[0]
        self.parts = tuple(int(part) for part in self.text.split("."))


class Framework:
    def __init__(self, version, options, store, on_registered, on_update):
        self.version, self.options, self.store = version, options, store
        self.on_registered, self.on_update = on_registered, on_update
        self.libmesos = LibMesos(version)
        self.id, self.leader, self.registered, self.ui_url = store.framework_id(), None, False, None
        self.heard = time.monotonic()
        self.pid = "scheduler-%s@%s:%s" % (os.urandom(8).hex(), os.environ.get("LIBPROCESS_IP", options["hostname"]),
                                           os.environ.get("LIBPROCESS_PORT", "0"))

    def start(self):
        self.session = zoo.Session(self.options["master"], 10, self.disconnected)
        self.session.start()
        for loop in (self.follow, self.stay_subscribed, self.watch_silence):
            threading.Thread(target=loop, daemon=True).start()

    def follow(self):
        while True:
            try:
                leader = masters.leader(self.session, self.libmesos)
                if (leader or {}).get("id") != (self.leader or {}).get("id"):
                    if self.registered:
                        self.disconnected()
                    self.leader = leader
            except masters.Silent:
                pass
            except masters.UnknownLabel as error:
                log.warn("E group.cpp: Failed to detect a master: %s (libmesos %s)" % (error, self.libmesos.text))
                time.sleep(2)
            time.sleep(0.2)

    def disconnected(self):
        if self.registered:
            log.warn("Disconnected")
            log.info("Lost leadership")
            log.leave(103, "Lost leadership; crashing")

    def watch_silence(self):
        while True:
            time.sleep(1)
            if time.monotonic() - self.heard > SILENCE and self.version.since("1.1.7"):
                log.warn("Too many subsequent heartbeats missed; inferring disconnected from mesos master")
                log.leave(103)

    def stay_subscribed(self):
        while True:
            if self.leader:
                self.subscribe(self.leader)
            time.sleep(0.3)

    def subscribe(self, leader):
        body = {"id": self.id, "name": self.options["framework_name"], "user": self.options["mesos_user"], "pid": self.pid,
                "hostname": self.options["hostname"], "checkpoint": bool(self.options["checkpoint"]),
                "failover_timeout": float(self.options["failover_timeout"]),
                "webui_url": "http://%s:%s" % (self.options["hostname"], self.options["http_port"])}
        try:
            stream = web.Stream(masters.address(leader), "/standin/subscribe", body)
        except OSError:
            return
        if stream.status == 200:
            for message in stream:
                self.heard = time.monotonic()
                self.take(message, leader)
        stream.close()

    def take(self, message, leader):
        if "subscribed" in message:
            if self.id != message["subscribed"]["id"]:
                self.id = message["subscribed"]["id"]
                self.store.save_framework_id(self.id)
            log.info("Registered as %s to master '%s'" % (self.id, leader["id"]))
            self.registered, self.ui_url = True, "http://%s:%d/" % (leader["hostname"], leader["port"])
            self.on_registered(message["subscribed"]["tasks"])
        elif "update" in message:
            self.on_update(message["update"])
        elif "error" in message:
            log.warn("Error: " + message["error"])
            log.leave(110 if "removed" in message["error"] else 103)

    def ask(self, what, body=None):
        """One private request to the master. None when it refuses or does not answer."""
        if not self.registered or not self.leader:
            return None
        try:
            status, _, data = web.call(masters.address(self.leader), "POST" if body else "GET", "/standin/" + what, body)
        except OSError:
            return None
        if status != 200:
            return None
        self.heard = time.monotonic()
        return web.json.loads(data)
