"""Bamboo: follows Marathon and ZooKeeper, keeps HAProxy up to date, and answers on its own port."""
import os
import signal
import socket
import sys
import threading

import goflags
import log
import settings
import web
from events import Events
from haproxy import HAProxy
from services import Refused, Services

KINDS = {"config": "text", "log": "text", "bind": "text"}
USAGE = '''Usage of bamboo:
  -bind string
    \tBind HTTP server to a specific port (default ":8000")
  -config string
    \tFull path of the configuration JSON file (default "config/development.json")
  -log string
    \tLog path to a file. Default logs to stdout'''


class Bamboo:
    def __init__(self, version, found, bind):
        self.settings, self.bind = found, bind
        self.services = Services(found, version, self.rules_changed)
        self.haproxy = HAProxy(found, version, self.services)
        self.events = Events(found, self.haproxy.ask)

    def rules_changed(self):
        log.say("Domain mapping: Stated changed")
        self.haproxy.ask()

    def run(self):
        self.haproxy.start()
        self.events.notify('{"eventType": "bamboo_startup", "timestamp": ""}')
        # First the port, then the subscription: here a callback may come at once.
        self.listen()
        self.events.start()
        threading.Event().wait()

    def listen(self):
        host, _, port = self.bind.rpartition(":")
        try:
            web.Server(host or "0.0.0.0", int(port), self.answer, log.say).start()
        except (OSError, ValueError, socket.gaierror) as error:
            log.fatal("listen tcp %s: %s" % (self.bind, error))

    def answer(self, request):
        path, method = request.path, request.method
        if (method, path) == ("GET", "/status"):
            return web.as_text(200, "OK")
        if (method, path) == ("GET", "/api/state"):
            return web.as_json(self.haproxy.data())
        if (method, path) == ("POST", "/api/marathon/event_callback"):
            self.events.notify(request.body.decode(errors="replace"))
            return web.as_text(200, "Got it!")
        try:
            return self.rule(method, path, request)
        except Refused as error:
            return web.as_text(400, "%s\n" % error)

    def rule(self, method, path, request):
        if path == "/api/services" and method in ("GET", "POST"):
            return web.as_json(self.services.all() if method == "GET" else self.services.create(request))
        if path.startswith("/api/services/") and method in ("PUT", "DELETE"):
            id = path[len("/api/services/"):]
            return web.as_json(self.services.put(request, id) if method == "PUT" else self.services.delete(id))
        return web.as_text(404, "404 page not found\n")


def main(version):
    signal.signal(signal.SIGTERM, lambda *_: os._exit(143))
    flags = goflags.Flags(KINDS, {"config": "config/development.json", "bind": ":8000"}, 1)
    try:
        flags.parse(sys.argv[1:])
    except goflags.Bad as error:
        goflags.leave("%s\n%s" % (error, USAGE), 2)
    if flags["log"]:
        log.to_file(flags["log"])
    Bamboo(version, settings.load(flags["config"], version), flags["bind"]).run()
