"""Who leads an ensemble, asked of the members themselves again and again, and in which order its members were stopped."""
import http.client
import socket
import threading
import time

from cluster import wait_for


def answer(address, port, path):
    link = http.client.HTTPConnection(address, port, timeout=1)
    try:
        link.request("GET", path)
        response = link.getresponse()
        return response.getheader("Location") or response.read().decode()
    finally:
        link.close()


def address_in(text):
    """The address in "198.18.130.2:8300", with quotes or as "//198.18.130.2:5050"; nothing where there is none."""
    return text.strip().strip('"').lstrip("/").partition(":")[0]


def zookeeper(address):
    with socket.create_connection((address, 2181), timeout=1) as link:
        link.sendall(b"srvr")
        return address if "Mode: leader" in link.makefile().read() else ""


def mesos_master(address):
    return address_in(answer(address, 5050, "/redirect"))


def consul(address):
    return address_in(answer(address, 8500, "/v1/status/leader"))


ASK = {"zookeeper": zookeeper, "mesos-master": mesos_master, "consul": consul}


class Leaders(threading.Thread):
    """Remembers every answer; `led` says who was the leader at a moment, as far as any member knew."""

    def __init__(self, cluster, component):
        super().__init__(daemon=True)
        self.cluster, self.component, self.stopping = cluster, component, threading.Event()
        hosts = {h["name"]: h["address"] for h in cluster.status()["hosts"]}
        self.hosts = {hosts[i["host"]]: i["host"] for i in cluster.instances(component)}
        self.seen = []

    def run(self):
        while not self.stopping.is_set():
            for address in self.hosts:
                try:
                    leader = self.hosts.get(ASK[self.component](address))
                except (OSError, http.client.HTTPException):  # it is being exchanged
                    continue
                if leader:
                    self.seen.append((time.time(), leader))
            self.stopping.wait(0.02)

    def __enter__(self):
        self.since = time.time()
        self.start()
        wait_for(f"a leader of {self.component}", lambda: self.seen)
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.join()

    def led(self, moment):
        return [leader for at, leader in self.seen if at < moment][-1]

    def stopped(self):
        """(moment, host) of every first signal to a member's container, in order, as the hosts' engines tell."""
        name, out = self.cluster.container(self.component), []
        for host in self.hosts.values():
            told = self.cluster.on(host, "docker", "events", "--since", f"{self.since:.3f}", "--until",
                                   f"{time.time():.3f}", "--filter", f"container={name}", "--filter", "event=kill",
                                   "--format", "{{.TimeNano}}").split()
            out += [(int(told[0]) / 1e9, host)] if told else []
        return sorted(out)
