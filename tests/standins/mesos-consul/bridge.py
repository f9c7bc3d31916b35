"""mesos-consul: asks the leading master for its state again and again, and writes it to the Consul agent of each host."""
import json
import os
import re
import signal
import socket
import sys
import time
import urllib.request

import log
import masters
import options
import tasks
import web
import zoo
from registry import Registry


def address_of(host):
    """As the resolver knows it; a name that nobody knows stays a name."""
    try:
        return socket.gethostbyname(host)
    except OSError:
        return host


class Bridge:
    def __init__(self, version, flags):
        self.flags, self.newer = flags, version.since("0.5")
        self.registry, self.masters = Registry(flags, self.newer), []
        self.tag_suffixes = [tag for tag in flags["service-tags"].split(",") if tag]
        self.name = tasks.clean(flags["service-name"], flags["group-separator"])

    def wait_for_masters(self):
        """The first leader; two minutes without one are the end."""
        try:
            self.session = zoo.Session(self.flags["zk"], 10, lambda: None)
        except ValueError as error:
            log.fatal(str(error))
        self.session.start()
        end = time.monotonic() + 120
        while not self.look():
            if time.monotonic() > end:
                log.fatal("Timed out waiting for initial ZK detection.")
            time.sleep(0.2)
        log.info("Done waiting for initial leader information from Zookeeper.")

    def look(self):
        try:
            self.masters = masters.all_of(self.session)
        except masters.Silent:
            pass
        return self.masters

    def state(self):
        """The leader's state, or None. From 1.8 on there is no /master/state.json, which goes by unsaid."""
        if not self.masters:
            log.warn("No master in zookeeper")
            return None
        leader = self.masters[0]
        log.info("Zookeeper leader: %s:%d" % (leader["ip"], leader["port"]))
        log.info("reloading from master  " + leader["ip"])
        value = self.load(leader["ip"], leader["port"])
        told = re.match(r".*@(.*):", (value or {}).get("leader", ""))
        if told and address_of(told[1]) != leader["ip"]:
            log.warn("master changed to  " + told[1])
            value = self.load(address_of(told[1]), leader["port"])
        return value if told else None

    @staticmethod
    def load(ip, port):
        try:
            with urllib.request.urlopen("http://%s:%d/master/state.json" % (ip, port), timeout=10) as answer:
                return json.load(answer)
        except (OSError, ValueError):
            return None

    def refresh(self):
        self.look()
        state = self.state()
        if state is None:
            return
        self.registry.load(self.masters[0]["ip"])
        agents = self.hosts(state)
        for framework in state["frameworks"]:
            if self.allowed("fw-", framework["name"]):
                for task in framework["tasks"]:
                    if task["slave_id"] in agents and task["state"] == "TASK_RUNNING":
                        self.task(task, agents[task["slave_id"]])
        self.registry.deregister()

    def task(self, task, agent):
        name = tasks.name_of(task, self.flags["group-separator"])
        if self.allowed("", name):
            for service in tasks.services(task, name, agent, self.flags, self.newer):
                self.registry.register(agent, service)

    def hosts(self, state):
        """Every master and agent is the service mesos, at the Consul agent on its own address."""
        agents, prefix = {}, "%s:%s" % (self.flags["service-id-prefix"], self.name)
        for slave in state["slaves"]:
            ip, _, port = slave["pid"].partition("@")[2].partition(":")
            agents[slave["id"]] = address_of(ip)
            self.host(agents[slave["id"]], int(port), "%s:%s:%s" % (prefix, slave["id"], slave["hostname"]),
                      ["agent", "follower"], "slave(1)")
        for number, master in enumerate(self.masters):
            self.host(master["ip"], master["port"], "%s:%s:%d" % (prefix, master["ip"], master["port"]),
                      ["master"] if number else ["leader", "master"], "master")
        return agents

    def host(self, ip, port, id, tags, path):
        if self.tag_suffixes:
            tags = ["%s.%s" % (tag, suffix) for suffix in self.tag_suffixes for tag in tags]
        check = {"HTTP": "http://%s:%d/%s/health" % (ip, port, path), "Interval": "10s"}
        self.registry.register_host(ip, {"ID": id, "Name": self.name, "Port": port, "Address": ip, "Tags": tags, "Check": check})

    def allowed(self, kind, name):
        white, black = self.flags[kind + "whitelist"], self.flags[kind + "blacklist"]
        if white and not re.search("|".join(white), name):
            log.debug("Not on whitelist")
            return False
        return not (black and re.search("|".join(black), name))

    def serve_health(self):
        web.Server(self.flags["healthcheck-ip"], int(self.flags["healthcheck-port"]),
                   lambda request: web.as_text(200, "OK\n") if request.path == "/health" else web.as_text(404, "404 page not found\n"),
                   log.warn).start()

    def run(self):
        if self.flags["healthcheck"]:
            self.serve_health()
        log.info("Using zookeeper:  " + self.flags["zk"])
        self.wait_for_masters()
        options.check_sources(self.flags)
        while True:
            began = time.monotonic()
            self.refresh()
            time.sleep(max(0.0, self.flags["refresh"] - (time.monotonic() - began)))


def main(version):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    Bridge(version, options.load(sys.argv[1:], version)).run()
