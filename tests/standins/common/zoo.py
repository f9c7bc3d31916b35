"""ZooKeeper as the stand-ins use it: a session that knows when it is lost, and groups of sequential members.

The client is kazoo, so that the sessions, watches and ephemeral nodes are those of a real ZooKeeper.
"""
import logging
import re
import threading
import time

from kazoo.client import KazooClient
from kazoo.exceptions import KazooException, NoNodeError
from kazoo.protocol.states import KazooState
from kazoo.security import OPEN_ACL_UNSAFE

logging.getLogger("kazoo").addHandler(logging.NullHandler())
logging.getLogger("kazoo").propagate = False


def split_url(url):
    """(credentials, servers, path) of zk://[user:password@]h1:2181,h2:2181/path, or ValueError."""
    url = url.strip()
    if not url.startswith("zk://"):
        raise ValueError("Expecting 'zk://' at the beginning of the URL")
    servers, slash, path = url[5:].partition("/")
    credentials, _, servers = servers.rpartition("@")
    return credentials, servers, slash + path


class Session:
    """A session that is given up when ZooKeeper has been silent for its timeout, as the C client of Mesos does.

    on_connected(first) runs on a thread of its own after every connect; on_lost() once per lost session.
    """

    def __init__(self, url, timeout, on_lost, on_connected=lambda first: None, on_suspended=lambda: None):
        credentials, self.servers, self.path = split_url(url)
        auth = [("digest", credentials)] if credentials else None
        self.timeout, self.on_lost, self.on_connected, self.on_suspended = timeout, on_lost, on_connected, on_suspended
        retry = {"max_tries": -1, "delay": 0.1, "backoff": 2, "max_delay": 1}
        self.client = KazooClient(hosts=self.servers, timeout=timeout, connection_retry=retry, auth_data=auth)
        self.connected = False
        self.since = time.monotonic()  # of the present connection or of the present silence
        self.lost = True               # until the first connection
        self.client.add_listener(self.listen)

    def start(self):
        self.client.start_async()
        threading.Thread(target=self.guard, daemon=True).start()
        return self

    def listen(self, state):
        if state == KazooState.CONNECTED:
            fresh, self.lost = self.lost, False
            self.connected, self.since = True, time.monotonic()
            threading.Thread(target=self.on_connected, args=(fresh,), daemon=True).start()
        else:
            if self.connected:
                self.connected, self.since = False, time.monotonic()
                threading.Thread(target=self.on_suspended, daemon=True).start()
            if state == KazooState.LOST:
                self.lose()

    def lose(self):
        if not self.lost:
            self.lost = True
            threading.Thread(target=self.on_lost, daemon=True).start()

    def guard(self):
        while True:
            time.sleep(0.1)
            if not self.connected and not self.lost and time.monotonic() - self.since > self.timeout:
                self.lose()

    def members(self, path):
        """The sequential children of path, lowest first: [(sequence, name)]. None when ZooKeeper does not say."""
        try:
            names = self.client.get_children(path)
        except NoNodeError:
            return []
        except (KazooException, self.client.handler.timeout_exception):
            return None
        return sorted((int(name[-10:]), name) for name in names if re.search(r"\d{10}$", name))

    def read(self, path):
        try:
            return self.client.get(path)[0]
        except (KazooException, self.client.handler.timeout_exception):
            return None

    def ensure(self, path):
        self.client.ensure_path(path, acl=OPEN_ACL_UNSAFE)

    def join(self, prefix, data):
        """Adds an ephemeral sequential member. Returns its full path."""
        return self.client.create(prefix, data, acl=OPEN_ACL_UNSAFE, ephemeral=True, sequence=True)
