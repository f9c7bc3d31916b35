"""Marathon's news: every listener of /v2/events gets each event as server-sent text, every callback as a POST of its JSON."""
import datetime
import json
import queue
import threading
import urllib.parse

import log
import web


def now():
    return datetime.datetime.utcnow().strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


class Listener:
    """The endless body of one answer."""

    def __init__(self, events):
        self.events, self.queue = events, queue.Queue()

    def lines(self, peer_is_there):
        try:
            while peer_is_there():
                try:
                    yield self.queue.get(timeout=0.3)
                except queue.Empty:
                    pass
        finally:
            with self.events.lock:
                self.events.listeners.discard(self)


class Events:
    def __init__(self):
        self.lock, self.listeners = threading.Lock(), set()
        self.callbacks, self.posts = set(), queue.Queue()

    def start_callbacks(self, urls):
        self.callbacks = set(urls)
        threading.Thread(target=self.post, daemon=True).start()

    def post(self):
        """One after the other; a callback that does not answer misses the event and stays."""
        while True:
            url, data = self.posts.get()
            parts = urllib.parse.urlsplit(url)
            try:
                web.call(parts.netloc, "POST", urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, "")), data,
                         {"Content-Type": "application/json"}, 10)
            except OSError as error:
                log.warn("Failed to post an event to %s: %s" % (url, error))

    def attach(self, address):
        listener = Listener(self)
        with self.lock:
            self.listeners.add(listener)
        listener.queue.put(self.text("event_stream_attached", {"remoteAddress": address}))
        return listener

    def send(self, kind, value):
        with self.lock:
            for listener in self.listeners:
                listener.queue.put(self.text(kind, value))
            for url in self.callbacks:
                self.posts.put((url, self.data(kind, value).encode()))

    @staticmethod
    def data(kind, value):
        return json.dumps(dict(value, eventType=kind, timestamp=now()), separators=(",", ":"))

    def text(self, kind, value):
        return ("event: %s\ndata: %s\n\n" % (kind, self.data(kind, value))).encode()
