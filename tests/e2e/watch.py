"""A client that asks an address again and again and remembers every answer."""
import http.client
import threading
import time

from cluster import wait_for


def ask(address, timeout=1):
    """What the address answers: the body of a 200, "status N", or nothing when there is no answer."""
    connection = http.client.HTTPConnection(address, 80, timeout=timeout)
    try:
        connection.request("GET", "/")
        answer = connection.getresponse()
        body = answer.read().decode().strip()
        return body if answer.status == 200 else f"status {answer.status}"
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()


class Watch(threading.Thread):
    """Answers that start with one of `good` are good; `took` is the longest time without one, `wrong` what came in its place."""

    def __init__(self, address, good):
        super().__init__(daemon=True)
        self.address, self.good, self.seen, self.stopping = address, tuple(good), [], threading.Event()
        self.start()

    def run(self):
        while not self.stopping.is_set():
            self.seen.append((time.monotonic(), ask(self.address)))
            self.stopping.wait(0.02)

    def __enter__(self):
        wait_for("a first answer", lambda: self.seen)
        return self

    def __exit__(self, *_):
        self.stopping.set()
        self.join()

    def is_good(self, body):
        return body is not None and body.startswith(self.good)

    def mark(self):
        """The moment after which good answers are waited for."""
        self.marked = time.monotonic()

    def good_again(self, seconds=30):
        """Waits until something went wrong after the mark and then 20 answers in a row are good."""
        def steady():
            after = [body for at, body in self.seen if at > self.marked]
            return len(after) > 20 and all(map(self.is_good, after[-20:])) and not all(map(self.is_good, after))
        wait_for(f"good answers from {self.address}", steady, seconds)

    def bad(self):
        return [(at, body) for at, body in self.seen if not self.is_good(body)]

    def took(self):
        good = [at for at, body in self.seen if self.is_good(body)]
        return max((later - at for at, later in zip(good, good[1:])), default=float("inf"))

    def wrong(self):
        return {body for at, body in self.bad() if body is not None}
