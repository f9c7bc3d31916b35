"""The sending half of web.Stream: a queue that a handler returns as its body."""
import json
import queue

BEAT = 15  # seconds between empty lines, by which the other side knows that this one lives


class Feed:
    def __init__(self, on_close):
        self.queue, self.on_close, self.closed = queue.Queue(), on_close, False

    def push(self, value):
        self.queue.put(value)

    def end(self):
        self.queue.put(None)

    def lines(self, connection_alive=lambda: True):
        """The body. It wakes often, so that a peer that closed its end is noticed at once."""
        waited = 0.0
        try:
            while True:
                try:
                    value = self.queue.get(timeout=0.2)
                except queue.Empty:
                    waited += 0.2
                    if not connection_alive():
                        return
                    if waited >= BEAT:
                        waited = 0.0
                        yield b"\n"
                    continue
                if value is None:
                    return
                yield json.dumps(value).encode() + b"\n"
        finally:
            if not self.closed:
                self.closed = True
                self.on_close(self)
