"""Marathon's news: an event stream from each endpoint, or a callback that each endpoint is told once, at the start."""
import http.client
import json
import threading
import time

import log
import marathon_apps
import web


class Events:
    def __init__(self, settings, happened):
        self.settings, self.happened = settings, happened
        self.endpoints = settings["Marathon.Endpoint"].split(",")

    def start(self):
        if not self.settings["Marathon.UseEventStream"]:
            return self.subscribe()
        for endpoint in self.endpoints:
            threading.Thread(target=self.follow, args=(endpoint,), daemon=True).start()

    def notify(self, data):
        try:
            event = json.loads(data)
            kind, at = event.get("eventType", ""), event.get("timestamp", "")
        except (ValueError, AttributeError):
            log.say("Unable to decode JSON Marathon Event request: %s " % data)
            kind = at = ""
        log.say("%s => %s" % (kind, at))
        self.happened()

    def subscribe(self):
        """An endpoint that does not answer is the end of it: nothing is tried again."""
        callback = self.settings["Bamboo.Endpoint"] + "/api/marathon/event_callback"
        for endpoint in self.endpoints:
            try:
                _, _, body = web.call(marathon_apps.address(endpoint), "POST", "/v2/eventSubscriptions?callbackUrl=" + callback,
                                      b"", dict(marathon_apps.headers(self.settings), **{"Content-Type": "application/json"}))
            except OSError as error:
                log.say("An error occurred while accessing Marathon callback system: %s" % error)
                return
            if body.startswith(b'{"message'):
                log.say("Access to the callback system of Marathon seems to be failed, response: %s" % body.decode())

    def follow(self, endpoint):
        while True:
            time.sleep(1)
            address, path = marathon_apps.address(endpoint), "/v2/events"
            try:
                for _ in range(2):  # a standby of 1.7 and later points at the leader
                    connection = http.client.HTTPConnection(address, timeout=None)
                    connection.request("GET", path, headers=dict(marathon_apps.headers(self.settings), Accept="text/event-stream"))
                    answer = connection.getresponse()
                    if answer.status not in (302, 307):
                        break
                    address, _, path = marathon_apps.address(answer.headers["Location"]).partition("/")
                    path = "/" + path
                self.read(answer)
            except (OSError, http.client.HTTPException) as error:
                log.say("An error occurred while making a request to Marathon events system: %s" % error)

    def read(self, answer):
        for line in answer:
            text = line.decode(errors="replace")
            if text.startswith("data: "):
                self.notify(text[6:])
            elif text.strip() and not text.startswith("event: "):
                log.say("Wrong event format: %s" % text)
