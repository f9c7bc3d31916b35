"""One Marathon: joins the election, leads or stands by, and ends with the exit codes of the real one."""
import os
import signal
import socket
import sys
import threading
import time

import log
import proxy
import web
import zoo
from api import Api
from election import Election
from events import Events
from framework import Framework
from options import Options
from pace import hurried
from scheduler import Scheduler
from store import Store


START = 4  # seconds that a JVM takes before it speaks to anybody


class Marathon:
    def __init__(self, version, options):
        self.version, self.options = version, options
        if options["hostname"] is None:
            options.values["hostname"] = socket.gethostname()
        self.own = "%s:%s" % (options["hostname"], options["http_port"])
        self.leading, self.api, self.server = False, None, None
        self.events = Events()

    def run(self):
        log.info("Starting Marathon %s with %s" % (self.version.text, " ".join(sys.argv[1:])))
        time.sleep(hurried(START))
        self.session = zoo.Session(self.options["zk"], int(self.options["zk_session_timeout"]) / 1000,
                                   lambda: None, on_suspended=self.zookeeper_lost)
        self.session.start()
        end = time.monotonic() + 12
        while not self.session.connected:
            if time.monotonic() > end:
                log.leave(100, "Failed to connect to ZK. Marathon will exit now.")
            time.sleep(0.05)
        self.election = Election(self.session, self.version, self.own)
        self.election.join()
        self.election.start(self.leader_changed)
        while True:
            signal.pause()

    def leader_changed(self, leader):
        if leader == self.own:
            self.lead()
        elif self.leading:
            log.leave(103, "Lost leadership; crashing")
        else:
            log.info("Leader defeated. New leader: %s" % (leader or "-"))
            if leader and self.server is None:
                self.listen()

    def lead(self):
        """First the framework, then the port."""
        log.info("Leader won: " + self.own)
        store = Store(self.session, self.version)
        self.scheduler = Scheduler(self.version, self.options, store, self.events)
        self.framework = Framework(self.version, self.options, store, self.scheduler.registered, self.scheduler.update)
        if self.framework.id is None and self.scheduler.tasks and self.version.since("1.7"):
            log.leave(108, "Refusing to create a new Framework ID while there are existing instances.")
        if self.options["event_subscriber"] == "http_callback":
            self.store = store
            self.events.start_callbacks(store.subscribers() + list(filter(None, (self.options["http_endpoints"] or "").split(","))))
        self.framework.start()
        self.scheduler.start(self.framework)
        end = time.monotonic() + 3
        while not self.framework.registered and time.monotonic() < end:
            time.sleep(0.05)
        self.leading, self.api = True, Api(self)
        if self.server is None:
            self.listen()

    def listen(self):
        address, port = self.options["http_address"] or "0.0.0.0", int(self.options["http_port"])
        try:
            self.server = web.Server(address, port, self.answer, log.error).start()
        except OSError as error:
            log.error("java.net.BindException: %s" % os.strerror(error.errno))
            self.election.abdicate()
            log.leave(111, "Failed to start all services. MarathonHttpService [FAILED]")
        log.info("All services up and running. (port %d)" % port)

    def answer(self, request):
        if self.leading:
            return self.api.answer(request)
        return proxy.forward(request, lambda: self.election.leader if self.election.leader != self.own else None,
                             self.own, self.version)

    def zookeeper_lost(self):
        log.info("State change: SUSPENDED")
        log.leave(101, "Connection SUSPENDED; assuming leader is unknown")

    def abdicate_soon(self):
        def leave():
            time.sleep(0.3)
            self.election.abdicate()
            log.leave(103, "Lost leadership; crashing")
        threading.Thread(target=leave, daemon=True).start()

    def terminate(self):
        log.info("Shutting down services")
        if self.session.connected:
            self.election.abdicate()
        os._exit(143)


def main(version):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    options = Options(os.path.join(os.path.dirname(os.path.abspath(__file__)), "options.tsv"), version)
    options.load(sys.argv[1:], os.environ)
    marathon = Marathon(version, options)
    # on a thread: a signal handler must not wait for the threads that talk to ZooKeeper
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=marathon.terminate).start())
    marathon.run()
