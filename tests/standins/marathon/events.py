"""The event stream: every listener of /v2/events gets each event as server-sent text."""
import datetime
import json
import queue
import threading


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

    @staticmethod
    def text(kind, value):
        data = dict(value, eventType=kind, timestamp=now())
        return ("event: %s\ndata: %s\n\n" % (kind, json.dumps(data, separators=(",", ":")))).encode()
